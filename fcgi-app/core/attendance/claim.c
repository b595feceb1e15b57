/*
 * Asking: which sessions, until when, and taking the claim with its file.  See claim.h.
 */
#include "core/attendance/claim.h"

#include "base/num.h"
#include "core/attendance/claim_row.h"
#include "core/attendance/evidence.h"
#include "core/attendance/register_row.h"
#include "core/attendance/smart.h"
#include "core/audit.h"
#include "core/session/change.h"
#include "core/upload/upload.h"
#include "core/wall.h"

#define SESSIONS_LISTED 200
#define HOUR_S          3600

/* ---- who and what --------------------------------------------------------------------------- */

static enum rc need_student(const struct core *c, struct error *e)
{
	if (c->who->role == ROLE_STUDENT && c->who->person_id != COLUMN_NULL)
		return RC_OK;
	return ERROR(e, RC_DENIED, REASON_STUDENT_ONLY, "role %s", role_name(c->who->role));
}

static int64_t or_built_in(int64_t days, int64_t built_in)
{
	return days == COLUMN_NULL ? built_in : days;
}

static enum reason why_not(const struct core *c, const struct claim_session *s,
			   enum claim_kind kind, int64_t *ret_arg)
{
	const struct claim_target *t = s->t;

	*ret_arg = 0;
	if (t->is_expected != 1 || str_eq(t->state, STR("cancelled")))
		return REASON_NOT_A_CHOICE;
	if (core_wall(c, t->zone, c->now_us).day > s->last_day)
		return REASON_CLAIM_LATE;
	if (kind == CLAIM_CORRECTION && c->now_us < t->starts_at && t->attendance_id == COLUMN_NULL)
		return REASON_NOT_YET;
	if (t->is_waiting == 1)
		return REASON_CLAIM_WAITING;
	if (kind == CLAIM_EXCUSE && s->mark == MARK_EXCUSED)
		return REASON_CLAIM_NOTHING;
	if (t->n_asked >= CLAIM_ASKS_MAX) {
		*ret_arg = t->n_asked;
		return REASON_CLAIM_OFTEN;
	}
	return REASON_NONE;
}

static struct claim_session session_from(const struct core *c, const struct claim_target *t,
					 enum claim_kind kind)
{
	struct claim_session s = { .t = t, .mark = mark_from(t->status) };

	s.last_day =
		t->session_date + (int32_t)or_built_in(t->claim_days, policy_built_in.claim_days);
	s.why = why_not(c, &s, kind, &s.why_arg);
	s.may_ask = s.why == REASON_NONE;
	return s;
}

/* ---- lists ---------------------------------------------------------------------------------- */

static enum rc read_sessions(struct core *c, struct store *s, const int64_t *ids, size_t n,
			     enum claim_kind kind, const struct claim_session **ret_rows,
			     size_t *ret_n, struct error *e)
{
	const struct claim_target *targets;
	struct claim_session *rows;
	struct str json;

	*ret_rows = NULL;
	*ret_n = 0;
	if (n == 0)
		return RC_OK;
	TRY(register_ids(ids, n, c->arena, &json, e));
	TRY(claim_targets(s, json, n, c->who->person_id, str_from(claim_kind_name(kind)), c->arena,
			  &targets, ret_n, e));
	rows = ARENA_ARRAY(c->arena, *ret_n, struct claim_session);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < *ret_n; i++)
		rows[i] = session_from(c, &targets[i], kind);
	*ret_rows = rows;
	return RC_OK;
}

enum rc claim_sessions(struct core *c, int32_t from_day, int32_t to_day,
		       const struct claim_session **ret_rows, size_t *ret_n, struct error *e)
{
	const struct smart_listed_row *expected;
	int64_t *ids;
	size_t n;

	TRY(need_student(c, e));
	TRY(smart_expected(c, from_day, to_day, true, SESSIONS_LISTED, &expected, &n, e));
	ids = ARENA_ARRAY(c->arena, n, int64_t);
	if (!ids)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		ids[i] = expected[i].id;
	return read_sessions(c, c->db, ids, n, CLAIM_EXCUSE, ret_rows, ret_n, e);
}

static enum rc session_of(struct core *c, struct store *s, int64_t attendance_id,
			  enum claim_kind kind, struct claim_session *ret, struct error *e)
{
	struct claim_target *t = ARENA_ARRAY(c->arena, 1, struct claim_target);

	if (!t)
		return ERROR_MEMORY(e);
	TRY(claim_target_of(s, attendance_id, c->who->person_id, str_from(claim_kind_name(kind)),
			    c->arena, t, e));
	if (t->is_expected != 1)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "attendance %lld",
			     (long long)attendance_id);
	*ret = session_from(c, t, kind);
	return RC_OK;
}

enum rc claim_session_of(struct core *c, int64_t attendance_id, struct claim_session *ret,
			 struct error *e)
{
	TRY(need_student(c, e));
	return session_of(c, c->db, attendance_id, CLAIM_CORRECTION, ret, e);
}

/* ---- the file ------------------------------------------------------------------------------- */

struct job {
	struct core *c;
	const struct claim_in *in;
	struct str reason, file_name;
	struct file_draft draft; /* kept, sealed */
	const struct filetype *type;
	bool has_file;
	int64_t id;
};

static enum rc of_field(enum rc rc, struct error *e)
{
	const struct error failed = *e;

	if (rc != RC_INVALID && rc != RC_TOO_BIG)
		return rc;
	if (failed.n_fields)
		return rc;
	error_init(e);
	return ERROR_FIELD(e, "file",
			   failed.reason == REASON_FILE_TYPE ? REASON_CLAIM_FILE_TYPE
							     : failed.reason,
			   failed.arg);
}

/* The account's uploads per hour count these too. */
static enum rc take_rate(struct core *c, struct error *e)
{
	struct str key;
	int64_t retry_s;

	if (!c->shm)
		return RC_OK;
	key = arena_printf(c->arena, "upload:%lld", (long long)c->who->account_id);
	if (!key.p)
		return ERROR_MEMORY(e);
	if (rate_take(c->shm, key, c->config->uploads_per_account_per_hour, HOUR_S, c->now_us,
		      &retry_s))
		return RC_OK;
	(void)ERROR(e, RC_BUSY, REASON_RATE, "uploads of account %lld",
		    (long long)c->who->account_id);
	e->arg = e->retry_s = retry_s;
	return RC_BUSY;
}

/* What kind of file it is, by a copy as it came, which goes again. */
static enum rc judge(struct job *j, const struct files *files, struct error *e)
{
	const struct claim_file *f = j->in->file;
	struct file_draft draft = { 0 };
	enum rc rc;

	rc = f->fd < 0 ? files_draft_write(files, f->bytes, &draft, e)
		       : files_draft_copy(files, f->fd, f->offset, f->length, &draft, e);
	if (rc == RC_OK)
		rc = upload_judge(j->c, &draft, filetype_extension(j->file_name), &j->type, e);
	files_draft_drop(&draft);
	TRY(rc);
	if (j->type->class != FILE_CLASS_IMAGE && j->type->class != FILE_CLASS_PDF)
		return ERROR_FIELD(e, "file", REASON_CLAIM_FILE_TYPE, 0);
	return RC_OK;
}

/* A certificate is too personal to lie on the disk as it is. */
static enum rc seal(struct job *j, const struct files *files, struct error *e)
{
	struct evidence_key key;
	enum rc rc;

	TRY(evidence_key_read(j->c, &key, e));
	rc = files_draft_seal(files, key.bytes, j->in->file->bytes, j->c->arena, &j->draft, e);
	crypto_wipe(&key, sizeof key);
	return rc == RC_OK ? files_draft_keep(&j->draft, e) : rc;
}

static enum rc take_file(struct job *j, const struct files *files, struct error *e)
{
	const struct claim_file *f = j->in->file;
	int64_t length = (int64_t)f->bytes.n;
	enum rc rc;

	if (length > CLAIM_FILE_MAX)
		return ERROR_FIELD(e, "file", REASON_CLAIM_FILE_BIG, 0);
	TRY(take_rate(j->c, e));
	rc = attachment_clean_name(j->c->arena, f->name, &j->file_name, e);
	if (rc == RC_OK)
		rc = upload_look(j->c, files, length, filetype_extension(j->file_name), e);
	if (rc == RC_OK)
		rc = files_room(files, 2 * length, e);
	if (rc == RC_OK)
		rc = judge(j, files, e);
	if (rc == RC_OK)
		rc = seal(j, files, e);
	j->has_file = rc == RC_OK;
	return of_field(rc, e);
}

/* ---- asking --------------------------------------------------------------------------------- */

static enum rc check_session(const struct claim_session *s, struct error *e)
{
	return s->may_ask ? RC_OK : ERROR_FIELD(e, "sessions", s->why, s->why_arg);
}

static enum rc check_wants(const struct job *j, const struct claim_session *s, struct error *e)
{
	enum mark wants = j->in->wants;

	if (j->in->kind == CLAIM_EXCUSE)
		return RC_OK;
	if (wants == MARK_NONE || (unsigned)wants >= MARK__MAX)
		return ERROR_FIELD(e, "wants", REASON_REQUIRED, 0);
	return wants == s->mark ? ERROR_FIELD(e, "wants", REASON_CLAIM_NOTHING, 0) : RC_OK;
}

/* The sessions asked about, each of which may be; their ids. */
static enum rc pick_sessions(struct job *j, struct store *s, const struct claim_session **ret_rows,
			     size_t *ret_n, struct error *e)
{
	const struct claim_in *in = j->in;
	struct claim_session *one;

	if (in->attendance_id) {
		one = ARENA_ARRAY(j->c->arena, 1, struct claim_session);
		if (!one)
			return ERROR_MEMORY(e);
		TRY(session_of(j->c, s, in->attendance_id, in->kind, one, e));
		TRY(check_session(one, e));
		*ret_rows = one;
		*ret_n = 1;
		return check_wants(j, one, e);
	}
	TRY(read_sessions(j->c, s, in->occurrences, in->n, in->kind, ret_rows, ret_n, e));
	if (*ret_n != in->n)
		return ERROR_FIELD(e, "sessions", REASON_NOT_A_CHOICE, 0);
	for (size_t i = 0; i < *ret_n; i++)
		TRY(check_session(&(*ret_rows)[i], e));
	return RC_OK;
}

/* The file goes some days after the last day on which one may ask, or the session itself. */
static int64_t file_expiry(const struct job *j, const struct claim_session *rows, size_t n)
{
	int64_t until = j->c->now_us;

	for (size_t i = 0; i < n; i++) {
		const struct claim_target *t = rows[i].t;
		int64_t days = or_built_in(t->claim_days, policy_built_in.claim_days) +
			       or_built_in(t->evidence_days, policy_built_in.evidence_days);
		int64_t from = t->ends_at > j->c->now_us ? t->ends_at : j->c->now_us;

		if (from + days * US_PER_DAY > until)
			until = from + days * US_PER_DAY;
	}
	return until;
}

static enum rc insert_file(const struct job *j, struct store *s, uint8_t ret_id[16],
			   struct error *e)
{
	struct claim_file_new row = {
		.file_id = str_from(j->draft.id),
		.sha256 = str_make((const char *)j->draft.sha256, sizeof j->draft.sha256),
		.size = j->draft.size,
		.class = str_from(file_class_name(j->type->class)),
		.mime = str_from(j->type->mime),
		.extension = filetype_extension(j->file_name),
		.now_at = j->c->now_us,
	};
	char *lower = str_cz(j->c->arena, row.extension);

	if (!lower)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < row.extension.n; i++)
		lower[i] = ascii_lower(lower[i]);
	row.extension = str_make(lower, row.extension.n);
	if (!num_hex(row.file_id, ret_id, 16))
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "id of a draft");
	return claim_file_insert(s, &row, e);
}

static enum rc insert_items(const struct job *j, struct store *s, const struct claim_session *rows,
			    size_t n, struct error *e)
{
	enum mark wants = j->in->kind == CLAIM_EXCUSE ? MARK_EXCUSED : j->in->wants;
	int64_t *ids = ARENA_ARRAY(j->c->arena, n, int64_t);
	bool is_own = rows[0].t->occurrence_id == COLUMN_NULL;
	struct str json;
	enum rc rc;

	if (!ids)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		ids[i] = is_own ? rows[i].t->attendance_id : rows[i].t->occurrence_id;
	TRY(register_ids(ids, n, j->c->arena, &json, e));
	rc = claim_items_insert(s, j->id, str_from(mark_name(wants)), json, is_own, e);
	if (rc != RC_CONFLICT || e->foreign != 1062)
		return rc;
	error_init(e);
	return ERROR_FIELD(e, "sessions", REASON_CLAIM_WAITING, 0);
}

static enum rc audit(const struct job *j, struct store *s, int64_t branch_id, size_t n,
		     struct error *e)
{
	struct audit_entry entry = { .action = j->in->kind == CLAIM_EXCUSE ? "excuse.requested"
									   : "correction.requested",
				     .object = "claim",
				     .object_id = j->id,
				     .branch_id = branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "student", j->c->who->person_id);
	json_out_key_i64(&d.o, "sessions", (int64_t)n);
	json_out_key_bool(&d.o, "file", j->has_file);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

static enum rc add_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	const struct claim_session *rows;
	struct claim_new new = { .person_id = j->c->who->person_id,
				 .account_id = j->c->who->account_id,
				 .kind = str_from(claim_kind_name(j->in->kind)),
				 .reason = j->reason,
				 .file_expires_at = NO_TIME,
				 .now_at = j->c->now_us };
	uint8_t file_id[16];
	size_t n;

	TRY(pick_sessions(j, s, &rows, &n, e));
	new.branch_id = rows[0].t->branch_id;
	if (j->has_file) {
		TRY(insert_file(j, s, file_id, e));
		new.file_id = str_make((const char *)file_id, sizeof file_id);
		new.file_name = j->file_name;
		new.file_expires_at = file_expiry(j, rows, n);
	}
	TRY(claim_insert(s, &new, &j->id, e));
	TRY(insert_items(j, s, rows, n, e));
	TRY(claim_tell_staff(j->c, s, j->in->kind, j->id, rows, n, e));
	return audit(j, s, new.branch_id, n, e);
}

static enum rc check_input(struct job *j, struct error *e)
{
	const struct claim_in *in = j->in;
	enum rc rc = text_clean(j->c->arena, in->reason, CLAIM_REASON_MAX, "reason", &j->reason, e);

	if (rc == RC_OK && !j->reason.n)
		rc = ERROR_FIELD(e, "reason", REASON_REQUIRED, 0);
	if (!in->attendance_id && in->n == 0)
		rc = ERROR_FIELD(e, "sessions", REASON_CLAIM_NO_SESSION, 0);
	if (in->n > CLAIM_SESSIONS_MAX)
		rc = ERROR_FIELD(e, "sessions", REASON_TOO_LARGE, CLAIM_SESSIONS_MAX);
	for (size_t i = 0; i < in->n && in->n <= CLAIM_SESSIONS_MAX; i++)
		for (size_t k = 0; k < i; k++)
			if (in->occurrences[i] == in->occurrences[k])
				return ERROR_FIELD(e, "sessions", REASON_REPEATED, 0);
	return rc;
}

/* What a refusal of the row leaves is removed; what nobody knows is the sweeper's. */
static void let_go(const struct job *j, const struct files *files, enum rc rc)
{
	struct error ignored;

	if (!j->has_file || rc == RC_OK || rc == RC_DEPENDENCY)
		return;
	error_init(&ignored);
	(void)!files_delete(files, str_from(j->draft.id), &ignored);
}

enum rc claim_add(struct core *c, const struct files *files, const struct claim_in *in,
		  int64_t *ret_id, struct error *e)
{
	struct job j = { .c = c, .in = in };
	const struct claim_session *rows;
	size_t n;
	enum rc rc;

	TRY(need_student(c, e));
	TRY(check_input(&j, e));
	/* Before a byte is kept. */
	TRY(pick_sessions(&j, c->db, &rows, &n, e));
	if (in->file)
		TRY(take_file(&j, files, e));
	rc = store_tx(c->db, add_tx, &j, e);
	let_go(&j, files, rc);
	if (rc == RC_OK)
		*ret_id = j.id;
	return rc;
}
