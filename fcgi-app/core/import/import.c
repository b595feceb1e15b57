/*
 * Imports: taking a file, its columns, and what people decide about it.  The work itself
 * is in import_step.c.
 */
#include "core/import/import.h"

#include "core/attendance/register_row.h"
#include "core/import/import_file.h"
#include "core/session/change.h"
#include "core/wall.h"
#include "store/import_attendance.h"
#include "sys/files_import.h"

#define FILE_NAME_CHARS 200
#define MAPPING_MAX     4096

static const char *const states[IMPORT_STATE__MAX] = { "uploaded", "mapped", "checked",
						       "running",  "done",   "failed",
						       "undoing",  "undone", "dropped" };

/* ---- reading --------------------------------------------------------------------------------- */

/* What is under way goes over the rows once or twice. */
static int64_t done_of(const struct import_info *i)
{
	const struct import_stored *s = &i->s;
	int64_t n = 0;

	if (i->state == IMPORT_MAPPED && str_eq(s->phase, STR("read")))
		n = (s->read_row - s->header_row) / 2;
	else if (i->state == IMPORT_MAPPED)
		n = s->n_rows / 2 + (s->position - s->header_row) / 2;
	else if (i->state == IMPORT_RUNNING)
		n = s->position - s->header_row;
	else if (i->state == IMPORT_UNDOING)
		n = s->last_row - s->position;
	return n < 0 ? 0 : n > s->n_rows ? s->n_rows : n;
}

static enum rc info_from(const struct core *c, const struct import_stored *s,
			 struct import_info *ret, struct error *e)
{
	struct import_info i = { .s = *s, .state = IMPORT_STATE__MAX };
	struct str header = s->header, mapping = s->mapping, name, field;

	for (enum import_state at = 0; at < IMPORT_STATE__MAX; at++)
		if (str_eq(s->state, str_from(states[at])))
			i.state = at;
	if (i.state == IMPORT_STATE__MAX || !import_kind_from(s->kind, &i.kind))
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "import %lld", (long long)s->id);
	while (i.n_columns < IMPORT_COLUMNS && str_split(&header, '\n', &name)) {
		if (!str_split(&mapping, ',', &field) ||
		    !import_field_from(i.kind, field, &i.fields[i.n_columns]))
			return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "columns of import %lld",
				     (long long)s->id);
		i.columns[i.n_columns++] = name;
	}
	i.may_undo = (i.state == IMPORT_DONE ||
		      (i.state == IMPORT_FAILED && s->n_created + s->n_updated > 0)) &&
		     s->finished_at > c->now_us - IMPORT_KEEP_US;
	i.is_stalled = (i.state == IMPORT_MAPPED || i.state == IMPORT_RUNNING ||
			i.state == IMPORT_UNDOING) &&
		       s->changed_at < c->now_us - IMPORT_STALLED_US;
	i.n_done = done_of(&i);
	*ret = i;
	return RC_OK;
}

enum rc import_get(struct core *c, int64_t id, struct import_info *ret, struct error *e)
{
	struct import_stored s;

	if (rights_scope(c->who->role, ACTION_IMPORT) == SCOPE_NONE)
		return rights_branch(c->who, ACTION_IMPORT, COLUMN_NULL, e);
	TRY(import_read(c->db, id, c->arena, &s, e));
	TRY(rights_branch(c->who, ACTION_IMPORT, s.branch_id, e));
	return info_from(c, &s, ret, e);
}

enum rc import_list(struct core *c, int64_t offset, size_t max, const struct import_info **ret_rows,
		    size_t *ret_n, struct error *e)
{
	const enum scope scope = rights_scope(c->who->role, ACTION_IMPORT);
	const struct import_stored *read;
	struct import_info *rows;
	size_t n;

	if (scope == SCOPE_NONE)
		return rights_branch(c->who, ACTION_IMPORT, COLUMN_NULL, e);
	TRY(import_select(c->db, scope == SCOPE_ALL ? 0 : c->who->branch_id, offset, max, c->arena,
			  &read, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct import_info);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		TRY(info_from(c, &read[i], &rows[i], e));
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

static enum reason reason_of(struct str code)
{
	for (enum reason r = REASON_NONE; r < REASON__MAX; r++)
		if (str_eq(code, str_from(reason_code(r))))
			return r;
	return REASON_UNEXPECTED;
}

enum rc import_problems(struct core *c, int64_t id, int64_t offset, size_t max,
			const struct import_problem **ret_rows, size_t *ret_n, int64_t *ret_total,
			struct error *e)
{
	const struct import_error_row *read;
	struct import_problem *rows;
	size_t n;

	TRY(import_errors_select(c->db, id, offset, max, c->arena, &read, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct import_problem);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct import_problem){ .row = read[i].row_no,
						   .field = read[i].field,
						   .reason = reason_of(read[i].reason),
						   .arg = read[i].arg,
						   .value = read[i].value };
	if (ret_total)
		TRY(import_errors_count(c->db, id, c->arena, ret_total, e));
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

enum rc import_kept(struct core *c, int64_t id, int64_t offset, size_t max,
		    const struct import_kept_row **ret_rows, size_t *ret_n, struct error *e)
{
	return import_kept_select(c->db, id, offset, max, c->arena, ret_rows, ret_n, e);
}

/* ---- taking a file --------------------------------------------------------------------------- */

static enum rc pick_branch(struct core *c, const struct import_upload *in,
			   struct import_place_row *ret, struct error *e)
{
	int64_t id = in->branch_id;

	if (id == 0 && in->branch_name.n == 0) {
		if (c->who->role != ROLE_BRANCH_ADMIN)
			return ERROR_FIELD(e, "branch", REASON_REQUIRED, 0);
		id = c->who->branch_id;
	}
	enum rc rc = import_branch(c->db, id, in->branch_name, c->arena, ret, e);
	if (rc == RC_OK)
		rc = rights_branch(c->who, ACTION_IMPORT, ret->id, e);
	if (rc != RC_NOT_FOUND)
		return rc;
	error_init(e);
	return ERROR_FIELD(e, "branch", REASON_NOT_A_CHOICE, 0);
}

/* What people see of the name: the last part of a path, one line, valid, cut. */
static struct str clean_name(struct arena *a, struct str name)
{
	size_t slash = str_rfind_char(name, '/'), back = str_rfind_char(name, '\\');
	struct buf b;

	if (slash != SIZE_MAX)
		name = str_from_pos(name, slash + 1);
	else if (back != SIZE_MAX)
		name = str_from_pos(name, back + 1);
	if (!utf8_valid(name) || str_trim(name).n == 0)
		name = STR("import.csv");
	name = utf8_prefix(str_trim(name), FILE_NAME_CHARS);
	buf_init(&b, a, name.n + 1, name.n + 1);
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] >= ' ' && name.p[i] != 0x7F)
			buf_char(&b, name.p[i]);
	return b.n > 0 ? buf_str(&b) : STR("import.csv");
}

struct add_arg {
	struct core *c;
	struct import_stored row;
	int64_t id;
};

static enum rc audit(struct core *c, struct store *db, const struct import_stored *s,
		     const char *action, struct error *e)
{
	struct audit_entry entry = {
		.action = action, .object = "import", .object_id = s->id, .branch_id = s->branch_id
	};
	struct audit_detail d;

	audit_detail_begin(&d, c->arena);
	json_out_key_str(&d.o, "kind", s->kind);
	json_out_key_i64(&d.o, "rows", s->n_rows);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(db, c, &entry, e);
}

static enum rc add_tx(struct store *db, void *arg, struct error *e)
{
	struct add_arg *a = arg;

	TRY(import_insert(db, &a->row, &a->id, e));
	a->row.id = a->id;
	return audit(a->c, db, &a->row, "import.uploaded", e);
}

static enum rc bring(const struct files *files, const struct import_upload *in,
		     struct file_draft *draft, struct error *e)
{
	const int64_t n = in->fd < 0 ? (int64_t)in->bytes.n : in->length;

	if (n == 0)
		return ERROR_FIELD(e, "file", REASON_FILE_EMPTY, 0);
	if (n > IMPORT_BYTES_MAX)
		return ERROR_FIELD(e, "file", REASON_IMPORT_SIZE, 0);
	TRY(files_room(files, n, e));
	if (in->fd < 0)
		return files_draft_write(files, in->bytes, draft, e);
	return files_draft_copy(files, in->fd, in->offset, in->length, draft, e);
}

static enum rc add(struct core *c, const struct files *files, const struct import_upload *in,
		   const struct import_place_row *branch, struct file_draft *draft, int64_t *ret_id,
		   struct error *e)
{
	struct add_arg arg = { .c = c };
	struct import_shape shape;
	struct error ignored;

	TRY(import_file_look(c->arena, draft->fd, in->kind, &shape, e));
	TRY(files_import_keep(draft, e));
	arg.row = (struct import_stored){
		.branch_id = branch->id,
		.kind = str_from(import_kind_name(in->kind)),
		.file_name = clean_name(c->arena, in->file_name),
		.file_id = str_from(draft->id),
		.file_bytes = draft->size,
		.delimiter = shape.delimiter == ';'    ? STR("semicolon")
			     : shape.delimiter == '\t' ? STR("tab")
						       : STR("comma"),
		.first_byte = shape.first_byte,
		.header_row = shape.header_row,
		.header = shape.header,
		.mapping = shape.guess,
		.n_rows = shape.n_rows,
		.last_row = shape.last_row,
		.today = core_wall(c, branch->zone, c->now_us).day,
		.created_by = c->who->account_id,
		.created_at = c->now_us,
	};
	const enum rc rc = store_tx(c->db, add_tx, &arg, e);
	if (rc == RC_OK) {
		*ret_id = arg.id;
		return RC_OK;
	}
	error_init(&ignored);
	if (rc != RC_DEPENDENCY)
		(void)!files_import_remove(files, str_from(draft->id), &ignored);
	return rc;
}

enum rc import_add(struct core *c, const struct files *files, const struct import_upload *in,
		   int64_t *ret_id, struct error *e)
{
	struct import_place_row branch;
	struct file_draft draft = { 0 };

	if (rights_scope(c->who->role, ACTION_IMPORT) == SCOPE_NONE)
		return rights_branch(c->who, ACTION_IMPORT, COLUMN_NULL, e);
	TRY(pick_branch(c, in, &branch, e));
	TRY(bring(files, in, &draft, e));
	const enum rc rc = add(c, files, in, &branch, &draft, ret_id, e);
	files_draft_drop(&draft);
	return rc;
}

/* ---- decisions ------------------------------------------------------------------------------- */

enum deciding { MAP, COLUMNS, CONFIRM, UNDO, DROP };
struct decide_arg {
	struct core *c;
	int64_t id, version;
	enum deciding what;
	const enum import_field *fields;
	size_t n_fields;
	bool ignored_ok;
	struct str why; /* the zero view: none */
};

static bool has(const struct decide_arg *a, enum import_field f)
{
	for (size_t i = 0; i < a->n_fields; i++)
		if (a->fields[i] == f)
			return true;
	return false;
}

/* Which session, and what. */
static enum rc check_mark_columns(const bool *is_taken, struct error *e)
{
	if (!is_taken[IMPORT_SESSION] &&
	    (!is_taken[IMPORT_DATE] || (!is_taken[IMPORT_COURSE] && !is_taken[IMPORT_CLASS])))
		return ERROR_FIELD(e, "column", REASON_IMPORT_NO_SESSION, 0);
	if (!is_taken[IMPORT_STATUS])
		return ERROR_FIELD(e, "column", REASON_IMPORT_NO_STATUS, 0);
	return RC_OK;
}

static enum rc check_columns(const struct decide_arg *a, const struct import_info *i,
			     struct error *e)
{
	bool is_taken[IMPORT_FIELD__MAX] = { false };

	if (a->n_fields != i->n_columns)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "%zu columns", a->n_fields);
	for (size_t at = 0; at < a->n_fields; at++) {
		enum import_field f = a->fields[at];

		if (!import_field_of(i->kind, f))
			return ERROR_FIELD(e, "column", REASON_NOT_A_CHOICE, 0);
		if (f != IMPORT_IGNORE && is_taken[f])
			return ERROR_FIELD(e, "column", REASON_IMPORT_FIELD_TWICE, 0);
		is_taken[f] = true;
	}
	if (!is_taken[IMPORT_STUDENT_CODE] && !is_taken[IMPORT_TEACHER_CODE] &&
	    !is_taken[IMPORT_USERNAME] && !is_taken[IMPORT_EMAIL])
		return ERROR_FIELD(e, "column", REASON_IMPORT_NO_WHO, 0);
	if (i->kind == IMPORT_ENROLMENTS && !is_taken[IMPORT_COURSE])
		return ERROR_FIELD(e, "column", REASON_IMPORT_NO_COURSE, 0);
	if (i->kind == IMPORT_ATTENDANCE)
		TRY(check_mark_columns(is_taken, e));
	if (has(a, IMPORT_IGNORE) && !a->ignored_ok)
		return ERROR_FIELD(e, "ignored", REASON_IMPORT_IGNORED, 0);
	return RC_OK;
}

static enum rc map(const struct decide_arg *a, struct store *db, const struct import_info *i,
		   struct error *e)
{
	struct core *c = a->c;
	struct buf b;

	TRY(check_columns(a, i, e));
	buf_init(&b, c->arena, 256, MAPPING_MAX);
	for (size_t at = 0; at < a->n_fields; at++) {
		if (at > 0)
			buf_char(&b, ',');
		buf_add(&b, str_from(import_field_name(i->kind, a->fields[at])));
	}
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	return import_update_mapping(db, i->s.id, buf_str(&b),
				     core_wall(c, i->s.zone, c->now_us).day, c->now_us, e);
}

/* The states in which each may be decided. */
static bool may_decide(enum deciding what, const struct import_info *i)
{
	const unsigned at = 1U << i->state;

	switch (what) {
	case MAP:
		return (at & 1U << IMPORT_UPLOADED) != 0;
	case COLUMNS:
		return (at & (1U << IMPORT_CHECKED | 1U << IMPORT_MAPPED)) != 0;
	case CONFIRM:
		return i->state == IMPORT_CHECKED && i->s.n_created + i->s.n_updated > 0;
	case UNDO:
		return i->may_undo;
	case DROP:
		return (at &
			(1U << IMPORT_UPLOADED | 1U << IMPORT_MAPPED | 1U << IMPORT_CHECKED)) != 0;
	}
	return false;
}

static enum rc need_branch(struct core *c, struct store *db, int64_t branch_id, struct error *e)
{
	struct import_place_row branch;
	const enum rc rc = import_branch(db, branch_id, STR(""), c->arena, &branch, e);

	if (rc != RC_NOT_FOUND)
		return rc;
	error_init(e);
	return ERROR(e, RC_CONFLICT, REASON_ENDED, "branch %lld", (long long)branch_id);
}

/* Is there a reason for what comes after the lock date? */
static enum rc need_why(const struct decide_arg *a, struct store *db, const struct import_info *i,
			struct error *e)
{
	const struct core *c = a->c;
	int64_t n = i->s.n_locked;

	if (i->kind != IMPORT_ATTENDANCE || a->why.n || (a->what == UNDO && i->s.why.n))
		return RC_OK;
	if (a->what == UNDO)
		TRY(import_attendance_locked(db, i->s.id, core_wall(c, i->s.zone, c->now_us).day,
					     c->arena, &n, e));
	return n ? ERROR_FIELD(e, "why", REASON_REASON_MISSING, 0) : RC_OK;
}

static enum rc decide_tx(struct store *db, void *arg, struct error *e)
{
	const struct decide_arg *a = arg;
	struct core *c = a->c;
	const int64_t account = c->who->account_id;
	struct import_stored s;
	struct import_info i;

	TRY(import_lock(db, a->id, c->arena, &s, e));
	TRY(rights_branch(c->who, ACTION_IMPORT, s.branch_id, e));
	TRY(info_from(c, &s, &i, e));
	if ((a->version != 0 && a->version != s.version) || !may_decide(a->what, &i))
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "import %lld is %.*s, version %lld",
			     (long long)s.id, STR_ARG(s.state), (long long)s.version);
	switch (a->what) {
	case MAP:
		TRY(map(a, db, &i, e));
		return audit(c, db, &s, "import.mapped", e);
	case COLUMNS:
		return import_update_state(db, s.id, STR("uploaded"), s.first_byte, c->now_us, e);
	case CONFIRM:
		TRY(need_branch(c, db, s.branch_id, e));
		TRY(need_why(a, db, &i, e));
		TRY(import_update_run(db, s.id, account, a->why, c->now_us, e));
		return audit(c, db, &s, "import.confirmed", e);
	case UNDO:
		TRY(need_why(a, db, &i, e));
		TRY(import_update_undo(db, s.id, account, s.last_row + 1, a->why, c->now_us, e));
		return audit(c, db, &s, "import.undo", e);
	case DROP:
		break;
	}
	TRY(import_update_state(db, s.id, STR("dropped"), 0, c->now_us, e));
	return audit(c, db, &s, "import.dropped", e);
}

static enum rc decide(struct core *c, const struct decide_arg *a, struct error *e)
{
	struct decide_arg arg = *a;

	if (rights_scope(c->who->role, ACTION_IMPORT) == SCOPE_NONE)
		return rights_branch(c->who, ACTION_IMPORT, COLUMN_NULL, e);
	return store_tx(c->db, decide_tx, &arg, e);
}

/* What an earlier dry run left goes first, in pieces and outside of the decision. */
static enum rc forget_rows(struct core *c, int64_t id, struct error *e)
{
	int64_t n;

	do {
		TRY(import_rows_delete(c->db, id, IMPORT_BATCH, &n, e));
	} while (n == IMPORT_BATCH);
	return RC_OK;
}

enum rc import_map(struct core *c, int64_t id, int64_t version, const enum import_field *fields,
		   size_t n, bool ignored_ok, struct error *e)
{
	struct import_info i;

	TRY(import_get(c, id, &i, e));
	if (i.state == IMPORT_UPLOADED)
		TRY(forget_rows(c, id, e));
	return decide(c,
		      &(struct decide_arg){ .c = c,
					    .id = id,
					    .version = version,
					    .what = MAP,
					    .fields = fields,
					    .n_fields = n,
					    .ignored_ok = ignored_ok },
		      e);
}

enum rc import_back_to_columns(struct core *c, int64_t id, int64_t version, struct error *e)
{
	return decide(c,
		      &(struct decide_arg){ .c = c, .id = id, .version = version, .what = COLUMNS },
		      e);
}

static enum rc decide_why(struct core *c, int64_t id, int64_t version, enum deciding what,
			  struct str why, struct error *e)
{
	struct decide_arg a = { .c = c, .id = id, .version = version, .what = what };

	TRY(text_clean(c->arena, why, REGISTER_WHY_MAX, "why", &a.why, e));
	if (!a.why.n)
		a.why = (struct str){ NULL, 0 };
	return decide(c, &a, e);
}

enum rc import_confirm(struct core *c, int64_t id, int64_t version, struct str why, struct error *e)
{
	return decide_why(c, id, version, CONFIRM, why, e);
}

enum rc import_undo(struct core *c, int64_t id, int64_t version, struct str why, struct error *e)
{
	return decide_why(c, id, version, UNDO, why, e);
}

enum rc import_drop(struct core *c, int64_t id, int64_t version, struct error *e)
{
	return decide(c, &(struct decide_arg){ .c = c, .id = id, .version = version, .what = DROP },
		      e);
}
