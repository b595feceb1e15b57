/*
 * Notes on a session.
 */
#include "core/session/note.h"

#include "core/session/change.h"
#include "core/wall.h"
#include "store/note.h"

static const char *const type_names[NOTE_TYPE__MAX] = { "general", "followup", "issue",
							"achievement" };

const char *note_type_name(enum note_type t)
{
	BUG(t >= NOTE_TYPE__MAX);
	return type_names[t];
}

bool note_type_from(struct str name, enum note_type *ret)
{
	for (int t = 0; t < NOTE_TYPE__MAX; t++) {
		if (!str_eq(name, str_from(type_names[t])))
			continue;
		*ret = (enum note_type)t;
		return true;
	}
	return false;
}

/* ---- reading ----------------------------------------------------------------------------- */

static bool is_late(const struct core *c, struct str zone, int32_t due_on)
{
	return due_on != NO_DAY && due_on < core_wall(c, zone, c->now_us).day;
}

static struct note_row row_of(const struct core *c, const struct occurrence_row *o,
			      const struct note_stored *n)
{
	struct subject subject = session_subject(o, n->author_id);
	struct note_row row = {
		.id = n->id,
		.completion_id = n->completion_id,
		.occurrence_id = n->occurrence_id,
		.author_id = n->author_id,
		.text = n->text,
		.author_name = n->author_name,
		.author_email = n->author_email,
		.created_at = n->created_at,
		.updated_at = n->updated_at,
		.version = n->version,
		.due_day = n->due_on,
		.resolved_at = n->resolved_at,
		.resolver_name = n->resolver_name,
		.n_edits = n->n_edits,
		.deleted_at = n->deleted_at,
		.deleter_name = n->deleter_name,
	};
	bool is_there = n->deleted_at == NO_TIME;

	BUG(!note_type_from(n->type, &row.type));
	row.may_edit = is_there && !change_is_locked(o) &&
		       rights_allow(c->who, ACTION_NOTE_EDIT, &subject);
	row.may_resolve = is_there && row.type == NOTE_FOLLOWUP &&
			  rights_allow(c->who, ACTION_NOTE_ADD, &subject);
	row.is_overdue = row.type == NOTE_FOLLOWUP && is_there && n->resolved_at == NO_TIME &&
			 is_late(c, o->zone, n->due_on);
	return row;
}

static enum rc rows_of(struct core *c, const struct occurrence_row *o,
		       const struct note_stored *stored, size_t n, struct note_row **ret,
		       struct error *e)
{
	struct note_row *rows = ARENA_ARRAY(c->arena, n, struct note_row);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = row_of(c, o, &stored[i]);
	*ret = rows;
	return RC_OK;
}

/* Earlier texts of one note out of those of the session. */
static size_t history_of(const struct note_revision_row *v, size_t n, int64_t note_id,
			 struct note_version *out)
{
	size_t n_out = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i].note_id != note_id)
			continue;
		out[n_out] = (struct note_version){ .text = v[i].text,
						    .editor_name = v[i].editor_name,
						    .due_day = v[i].due_on,
						    .edited_at = v[i].edited_at };
		BUG(!note_type_from(v[i].type, &out[n_out].type));
		n_out++;
	}
	return n_out;
}

/* One statement for all notes of a session, and none where nothing was ever edited. */
static enum rc put_history(struct core *c, int64_t occurrence_id, struct note_row *rows, size_t n,
			   struct error *e)
{
	const struct note_revision_row *stored;
	struct note_version *out;
	int64_t n_edits = 0;
	size_t n_stored;

	for (size_t i = 0; i < n; i++)
		n_edits += rows[i].n_edits;
	if (!n_edits)
		return RC_OK;
	TRY(note_revisions(c->db, occurrence_id, c->arena, &stored, &n_stored, e));
	out = ARENA_ARRAY(c->arena, n_stored, struct note_version);
	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		rows[i].history = out;
		rows[i].n_history = history_of(stored, n_stored, rows[i].id, out);
		out += rows[i].n_history;
	}
	return RC_OK;
}

enum rc note_list(struct core *c, int64_t occurrence_id, const struct note_row **ret_rows,
		  size_t *ret_n, struct error *e)
{
	const struct note_stored *stored;
	struct occurrence_row o;
	struct note_row *rows;
	size_t n;

	TRY(session_read(c, c->db, occurrence_id, ACTION_SESSION_SEE, &o, e));
	TRY(note_rows(c->db, occurrence_id, c->arena, &stored, &n, e));
	TRY(rows_of(c, &o, stored, n, &rows, e));
	TRY(put_history(c, occurrence_id, rows, n, e));
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

enum rc note_list_deleted(struct core *c, int64_t occurrence_id, const struct note_row **ret_rows,
			  size_t *ret_n, struct error *e)
{
	const struct note_stored *stored;
	struct occurrence_row o;
	struct note_row *rows;
	size_t n;

	TRY(session_read(c, c->db, occurrence_id, ACTION_SESSION_SEE, &o, e));
	TRY(rights_branch(c->who, ACTION_AUDIT_SEARCH, o.branch_id, e));
	TRY(note_rows_deleted(c->db, occurrence_id, c->arena, &stored, &n, e));
	TRY(rows_of(c, &o, stored, n, &rows, e));
	TRY(put_history(c, occurrence_id, rows, n, e));
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

enum rc note_list_of_completion(struct core *c, int64_t completion_id,
				const struct note_row **ret_rows, size_t *ret_n, struct error *e)
{
	const struct note_stored *stored;
	struct occurrence_row o;
	struct note_row *rows;
	int64_t occurrence_id;
	size_t n, n_kept = 0;

	TRY(completion_occurrence(c->db, completion_id, c->arena, &occurrence_id, e));
	TRY(session_read(c, c->db, occurrence_id, ACTION_SESSION_SEE, &o, e));
	TRY(note_rows(c->db, occurrence_id, c->arena, &stored, &n, e));
	TRY(rows_of(c, &o, stored, n, &rows, e));
	for (size_t i = 0; i < n; i++)
		if (rows[i].completion_id == completion_id)
			rows[n_kept++] = rows[i];
	*ret_rows = rows;
	*ret_n = n_kept;
	return RC_OK;
}

enum rc note_get(struct core *c, int64_t note_id, struct note_row *ret, struct error *e)
{
	struct occurrence_row o;
	struct note_stored n;

	TRY(note_read(c->db, note_id, c->arena, &n, e));
	TRY(session_read(c, c->db, n.occurrence_id, ACTION_SESSION_SEE, &o, e));
	*ret = row_of(c, &o, &n);
	return RC_OK;
}

/* ---- open follow-ups ---------------------------------------------------------------------- */

enum rc note_list_open(struct core *c, int64_t page, const struct note_open **ret_rows,
		       size_t *ret_n, bool *ret_is_more, struct error *e)
{
	static const enum note_seen seen_of[] = { [OCCURRENCE_SEEN_PERSON] = NOTE_SEEN_PERSON,
						  [OCCURRENCE_SEEN_BRANCH] = NOTE_SEEN_BRANCH,
						  [OCCURRENCE_SEEN_ALL] = NOTE_SEEN_ALL };
	size_t offset = (size_t)(page < 1 ? 0 : page - 1) * NOTE_OPEN_PAGE, n = 0;
	const struct note_open_row *stored = NULL;
	enum occurrence_seen seen;
	struct note_open *rows;
	int64_t seen_id;

	TRY(session_seen(c, &seen, &seen_id, e));
	if (page <= NOTE_OPEN_MAX / NOTE_OPEN_PAGE)
		TRY(note_open(c->db, seen_of[seen], seen_id, NOTE_OPEN_PAGE + 1, offset, c->arena,
			      &stored, &n, e));
	*ret_is_more = n > NOTE_OPEN_PAGE && offset + n <= NOTE_OPEN_MAX;
	if (n > NOTE_OPEN_PAGE)
		n = NOTE_OPEN_PAGE;
	rows = ARENA_ARRAY(c->arena, n, struct note_open);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct note_open){
			stored[i].id,           stored[i].occurrence_id,
			stored[i].version,      stored[i].text,
			stored[i].author_name,  stored[i].created_at,
			stored[i].due_on,       is_late(c, stored[i].zone, stored[i].due_on),
			stored[i].title,        stored[i].course_code,
			stored[i].teacher_name, stored[i].zone,
			stored[i].session_date
		};
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

/* ---- changing ----------------------------------------------------------------------------- */

struct job {
	struct core *c;
	int64_t occurrence_id, note_id, version;
	struct str type, text; /* empty: not changed */
	int32_t due_day;
	bool is_resolved;
	int64_t result;
};

/* What a form gave, cleaned; every fault is told. */
static enum rc check_in(struct core *c, const struct note_in *in, struct job *j, struct error *e)
{
	enum rc rc = text_clean(c->arena, in->text, NOTE_TEXT_MAX, "text", &j->text, e);

	if (rc == RC_OK && !j->text.n)
		rc = ERROR_FIELD(e, "text", REASON_EMPTY_NOTE, 0);
	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	if (in->type != NOTE_FOLLOWUP && in->due_day != NO_DAY)
		rc = ERROR_FIELD(e, "due", REASON_DUE_KIND, 0);
	j->type = str_from(note_type_name(in->type));
	j->due_day = in->due_day;
	j->version = in->version;
	return rc;
}

static enum rc check_due(const struct job *j, const struct occurrence_row *o, struct error *e)
{
	if (j->due_day != NO_DAY && j->due_day < o->session_date)
		return ERROR_FIELD(e, "due", REASON_DUE_EARLY, 0);
	return RC_OK;
}

static enum rc finish(struct job *j, struct store *s, const struct occurrence_row *o,
		      const char *action, int64_t note_id, struct error *e)
{
	struct audit_detail d;

	TRY(occurrence_write(s, o, e));
	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "note", note_id);
	if (j->type.n)
		json_out_key_str(&d.o, "type", j->type);
	return change_close(j->c, s, o, action, &d, e);
}

static enum rc add_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_NOTE_ADD, &o, e));
	if (str_eq(o.state, STR("cancelled")))
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_CANCELLED, "occurrence %lld",
			     (long long)o.id);
	TRY(check_due(j, &o, e));
	TRY(change_completion(j->c, s, &o, e));
	TRY(note_insert(s,
			&(struct note_new){ .completion_id = o.completion_id,
					    .branch_id = o.branch_id,
					    .author_id = j->c->who->account_id,
					    .type = j->type,
					    .text = j->text,
					    .due_on = j->due_day,
					    .now_at = j->c->now_us },
			&j->result, e));
	TRY(completion_count(s, o.completion_id, 1, 0, e));
	return finish(j, s, &o, "note.added", j->result, e);
}

/* The note again under the lock. */
static enum rc open_note(struct job *j, struct store *s, enum action action,
			 struct occurrence_row *ret_o, struct note_stored *ret_n, struct error *e)
{
	TRY(change_open(j->c, s, j->occurrence_id, action, ret_o, e));
	TRY(note_read(s, j->note_id, j->c->arena, ret_n, e));
	if (j->version && j->version != ret_n->version)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "note %lld is at %lld, not %lld",
			     (long long)ret_n->id, (long long)ret_n->version,
			     (long long)j->version);
	return RC_OK;
}

static enum rc edit_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;
	struct note_stored n;
	bool is_due_same;

	TRY(open_note(j, s, ACTION_SESSION_SEE, &o, &n, e));
	TRY(change_owned(j->c, &o, ACTION_NOTE_EDIT, n.author_id, e));
	is_due_same = n.due_on == j->due_day;
	if (!is_due_same)
		TRY(check_due(j, &o, e));
	if (is_due_same && str_eq(n.type, j->type) && str_eq(n.text, j->text))
		return RC_OK;
	TRY(note_rewrite(s, &n, j->type, j->text, j->due_day, j->c->who->account_id, j->c->now_us,
			 e));
	return finish(j, s, &o, "note.edited", n.id, e);
}

static enum rc delete_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;
	struct note_stored n;
	int64_t n_ended;

	TRY(open_note(j, s, ACTION_SESSION_SEE, &o, &n, e));
	TRY(change_owned(j->c, &o, ACTION_NOTE_DELETE, n.author_id, e));
	TRY(note_end(s, n.id, j->c->who->account_id, j->c->now_us, &n_ended, e));
	TRY(completion_count(s, n.completion_id, -(int)n_ended, 0, e));
	return finish(j, s, &o, "note.deleted", n.id, e);
}

static enum rc resolve_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;
	struct note_stored n;

	TRY(open_note(j, s, ACTION_NOTE_ADD, &o, &n, e));
	if (!str_eq(n.type, STR("followup")))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "note %lld is no follow-up",
			     (long long)n.id);
	if ((n.resolved_at != NO_TIME) == j->is_resolved)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "note %lld is so already",
			     (long long)n.id);
	TRY(note_settle(s, n.id, j->c->who->account_id, j->is_resolved ? j->c->now_us : NO_TIME,
			e));
	return finish(j, s, &o, j->is_resolved ? "note.resolved" : "note.reopened", n.id, e);
}

enum rc note_add(struct core *c, int64_t occurrence_id, const struct note_in *in, int64_t *ret_id,
		 struct error *e)
{
	struct job j = { .c = c, .occurrence_id = occurrence_id };

	TRY(check_in(c, in, &j, e));
	TRY(store_tx(c->db, add_tx, &j, e));
	*ret_id = j.result;
	return RC_OK;
}

/* Which occurrence a note hangs on never changes, so it is read before the lock. */
static enum rc locate(struct job *j, struct error *e)
{
	struct note_stored n;

	TRY(note_read(j->c->db, j->note_id, j->c->arena, &n, e));
	j->occurrence_id = n.occurrence_id;
	return RC_OK;
}

enum rc note_edit(struct core *c, int64_t note_id, const struct note_in *in, struct error *e)
{
	struct job j = { .c = c, .note_id = note_id };

	TRY(check_in(c, in, &j, e));
	TRY(locate(&j, e));
	return store_tx(c->db, edit_tx, &j, e);
}

enum rc note_delete(struct core *c, int64_t note_id, struct error *e)
{
	struct job j = { .c = c, .note_id = note_id };

	TRY(locate(&j, e));
	return store_tx(c->db, delete_tx, &j, e);
}

enum rc note_resolve(struct core *c, int64_t note_id, int64_t version, bool is_resolved,
		     struct error *e)
{
	struct job j = {
		.c = c, .note_id = note_id, .version = version, .is_resolved = is_resolved
	};

	TRY(locate(&j, e));
	return store_tx(c->db, resolve_tx, &j, e);
}
