/*
 * The state machine of sessions: complete, draft, edit, cancel, reopen, check, return.
 *
 * Each entry checks what can be checked without the database, then runs one
 * transaction: lock, state, write, audit, versions.  A transaction may run again
 * after a deadlock, so it works on copies.
 */
#include "core/session/completion.h"

#include "core/event/event.h"
#include "core/event/notify_session.h"
#include "core/session/change.h"
#include "core/session/code.h"
#include "core/session/session_tell.h"
#include "store/account.h"
#include "sys/crypto.h"

#define GENERATE_TRIES 8

/* One change on its way through its transaction. */
struct job {
	struct core *c;
	const struct completion_in *in;
	struct str code, notes, reason; /* cleaned */
	bool is_draft, keep_code;
	int64_t occurrence_id, version;
	int64_t faculty_id, employee_id; /* 004's create; COLUMN_NULL: not given */
	const struct completion_update_in *update;
	struct completion_result result;
};

static bool is(struct str state, const char *word)
{
	return str_eq(state, str_from(word));
}

/* ---- checks without the database ------------------------------------------------------ */

static enum rc check_times(const struct completion_in *in, bool is_draft, struct error *e)
{
	enum rc rc = RC_OK;

	if (in->actual_start == NO_DAY && !is_draft)
		rc = ERROR_FIELD(e, "actual_start", REASON_REQUIRED, 0);
	if (in->actual_end == NO_DAY && !is_draft)
		rc = ERROR_FIELD(e, "actual_end", REASON_REQUIRED, 0);
	if (in->actual_start != NO_DAY && in->actual_end != NO_DAY &&
	    in->actual_end <= in->actual_start)
		rc = ERROR_FIELD(e, "actual_end", REASON_END_BEFORE_START, 0);
	return rc;
}

/* Every field, so that a form shows all that is wrong at once. */
static enum rc check_fields(struct job *j, struct error *e)
{
	enum rc rc = check_times(j->in, j->is_draft, e), other;

	other = code_clean(j->in->code, "completion_code", &j->code, e);
	if (other == RC_OK && code_check(j->code) == CODE_WRONG)
		other = ERROR_FIELD(e, "completion_code", REASON_CODE_CHECK, 0);
	if (other != RC_OK)
		rc = other;
	other = text_clean(j->c->arena, j->in->notes, COMPLETION_NOTES_MAX, "notes", &j->notes, e);
	return other != RC_OK ? other : rc;
}

static enum rc check_reason(struct job *j, struct str reason, struct error *e)
{
	TRY(text_clean(j->c->arena, reason, COMPLETION_REASON_MAX, "reason", &j->reason, e));
	if (!j->reason.n)
		return ERROR_FIELD(e, "reason", REASON_REASON_MISSING, 0);
	return RC_OK;
}

/* ---- states ------------------------------------------------------------------------------ */

static enum rc need_scheduled(const struct occurrence_row *o, struct error *e)
{
	if (is(o->state, "completed"))
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_COMPLETED, "occurrence %lld",
			     (long long)o->id);
	if (is(o->state, "cancelled"))
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_CANCELLED, "occurrence %lld",
			     (long long)o->id);
	return RC_OK;
}

static enum rc need_completed(const struct occurrence_row *o, bool or_checked, struct error *e)
{
	if (!is(o->state, "completed"))
		return ERROR(e, RC_CONFLICT, REASON_NOT_COMPLETED, "occurrence %lld is %.*s",
			     (long long)o->id, STR_ARG(o->state));
	if (!or_checked && is(o->completion_state, "checked"))
		return ERROR(e, RC_CONFLICT, REASON_CHECKED, "occurrence %lld", (long long)o->id);
	return RC_OK;
}

/* ---- codes ---------------------------------------------------------------------------------- */

static enum rc write_completion(struct job *j, struct store *s, const struct occurrence_row *o,
				struct error *e)
{
	struct str key = code_key(j->c->arena, o->code);

	if (!key.p)
		return ERROR_MEMORY(e);
	if (is(o->completion_state, "cancelled"))
		key.n = 0;
	return completion_write(s, o, key, j->c->now_us, e);
}

static enum rc fresh_code(struct core *c, const struct occurrence_row *o, struct str *ret_code,
			  struct error *e)
{
	char text[CODE_GENERATED_SIZE];
	uint8_t random[CODE_RANDOM_SIGNS];
	struct str code;

	crypto_random(random, sizeof random);
	code = code_generate(o->course_code, o->class_name, o->session_date, random, text);
	code = arena_str(c->arena, code);
	if (!code.p)
		return ERROR_MEMORY(e);
	*ret_code = code;
	return RC_OK;
}

/* Writes with the code of `o`, or with the first free one of a few made here when it has none. */
static enum rc write_with_code(struct job *j, struct store *s, struct occurrence_row *o,
			       bool generate, struct error *e)
{
	struct error mine;
	enum rc rc;

	for (int tries = 0;; tries++) {
		error_init(&mine);
		if (generate)
			TRY(fresh_code(j->c, o, &o->code, e));
		o->code_generated = code_check(o->code) == CODE_RIGHT;
		rc = write_completion(j, s, o, &mine);
		if (rc == RC_OK)
			return RC_OK;
		if (!store_is_duplicate(&mine, "completion_code"))
			break;
		if (!generate)
			return ERROR_FIELD(e, "completion_code", REASON_CODE_TAKEN, 0);
		if (tries == GENERATE_TRIES)
			break;
	}
	*e = mine;
	return rc;
}

/* ---- complete, draft, edit --------------------------------------------------------------- */

static void put_times(struct audit_detail *d, const struct occurrence_row *o)
{
	char start[6], end[6];

	json_out_key_i64(&d->o, "completion", o->completion_id);
	if (o->actual_start != NO_DAY)
		json_out_key_str(&d->o, "start", tod_format_hm(o->actual_start, start));
	if (o->actual_end != NO_DAY)
		json_out_key_str(&d->o, "end", tod_format_hm(o->actual_end, end));
	if (o->code.n)
		json_out_key_str(&d->o, "code", o->code);
}

static enum rc finish(struct job *j, struct store *s, const struct occurrence_row *o,
		      const char *action, struct error *e)
{
	struct audit_detail d;

	TRY(occurrence_write(s, o, e));
	audit_detail_begin(&d, j->c->arena);
	put_times(&d, o);
	TRY(change_close(j->c, s, o, action, &d, e));
	j->result = (struct completion_result){ o->completion_id, o->code, o->version + 1 };
	return RC_OK;
}

static void take_fields(const struct job *j, struct occurrence_row *o)
{
	o->actual_start = j->in->actual_start;
	o->actual_end = j->in->actual_end;
	o->notes = j->notes;
	if (j->code.n || !j->keep_code)
		o->code = j->code;
}

/* Staff of the session's branch; a super admin may name staff of any. */
static enum rc check_account(const struct job *j, struct store *s, const struct occurrence_row *o,
			     int64_t id, const char *field, struct error *e)
{
	struct account_sign_in account;
	struct error mine;
	enum rc rc;

	if (id == COLUMN_NULL)
		return RC_OK;
	error_init(&mine);
	rc = account_get(s, id, j->c->arena, &account, &mine);
	if (rc != RC_OK && rc != RC_NOT_FOUND) {
		*e = mine;
		return rc;
	}
	if (rc == RC_NOT_FOUND || !who_is_staff(&(struct who){ .role = role_from(account.role) }) ||
	    (account.branch_id != o->branch_id && j->c->who->role != ROLE_SUPER_ADMIN))
		return ERROR_FIELD(e, field, REASON_NOT_A_CHOICE, 0);
	return RC_OK;
}

/* Whose completion it is follows from who is signed in; only an admin may say otherwise. */
static enum rc take_accounts(const struct job *j, struct store *s, struct occurrence_row *o,
			     struct error *e)
{
	if (!who_is_admin(j->c->who))
		return RC_OK;
	TRY(check_account(j, s, o, j->faculty_id, "faculty_id", e));
	TRY(check_account(j, s, o, j->employee_id, "employee_id", e));
	if (j->faculty_id != COLUMN_NULL)
		o->faculty_id = j->faculty_id;
	if (j->employee_id != COLUMN_NULL)
		o->employee_id = j->employee_id;
	return RC_OK;
}

static enum rc complete_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_SESSION_COMPLETE, &o, e));
	TRY(need_scheduled(&o, e));
	TRY(change_version(&o, j->version, e));
	if (j->c->now_us < o.starts_at - SESSION_EARLY_US)
		return ERROR(e, RC_INVALID, REASON_NOT_YET, "occurrence %lld", (long long)o.id);
	TRY(change_completion(j->c, s, &o, e));
	take_fields(j, &o);
	o.completion_state = STR("completed");
	o.completed_by = j->c->who->account_id;
	o.completed_at = j->c->now_us;
	o.checked_by = COLUMN_NULL;
	o.checked_at = NO_TIME;
	o.return_reason = (struct str){ NULL, 0 };
	o.reopen_reason = (struct str){ NULL, 0 };
	o.reopened_by = COLUMN_NULL;
	TRY(write_with_code(j, s, &o, o.code.n == 0, e));
	o.state = STR("completed");
	return finish(j, s, &o, "session.completed", e);
}

static enum rc draft_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_SESSION_COMPLETE, &o, e));
	TRY(need_scheduled(&o, e));
	TRY(change_version(&o, j->version, e));
	TRY(change_completion(j->c, s, &o, e));
	TRY(take_accounts(j, s, &o, e));
	take_fields(j, &o);
	TRY(write_with_code(j, s, &o, false, e));
	return finish(j, s, &o, "session.draft", e);
}

static enum rc edit_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_SESSION_EDIT, &o, e));
	TRY(need_completed(&o, false, e));
	TRY(change_version(&o, j->version, e));
	take_fields(j, &o);
	TRY(write_with_code(j, s, &o, o.code.n == 0, e));
	return finish(j, s, &o, "session.edited", e);
}

static struct job job_of(struct core *c, int64_t occurrence_id, int64_t version)
{
	return (struct job){ .c = c,
			     .occurrence_id = occurrence_id,
			     .version = version,
			     .faculty_id = COLUMN_NULL,
			     .employee_id = COLUMN_NULL };
}

static enum rc run(struct job *j, enum rc (*tx)(struct store *, void *, struct error *),
		   struct completion_result *ret, struct error *e)
{
	TRY(store_tx(j->c->db, tx, j, e));
	*ret = j->result;
	return RC_OK;
}

/* A field error must not tell a stranger that the session exists. */
static enum rc run_fields(struct job *j, enum rc (*tx)(struct store *, void *, struct error *),
			  struct completion_result *ret, struct error *e)
{
	struct occurrence_row o;
	enum rc rc = check_fields(j, e);
	struct error other;

	if (rc == RC_OK)
		return run(j, tx, ret, e);
	error_init(&other);
	if (session_read(j->c, j->c->db, j->occurrence_id, ACTION_SESSION_SEE, &o, &other) == RC_OK)
		return rc;
	*e = other;
	return other.rc;
}

enum rc completion_complete(struct core *c, const struct completion_in *in,
			    struct completion_result *ret, struct error *e)
{
	struct job j = job_of(c, in->occurrence_id, in->version);

	j.in = in;
	return run_fields(&j, complete_tx, ret, e);
}

enum rc completion_save_draft(struct core *c, const struct completion_in *in,
			      struct completion_result *ret, struct error *e)
{
	struct job j = job_of(c, in->occurrence_id, in->version);

	j.in = in;
	j.is_draft = true;
	return run_fields(&j, draft_tx, ret, e);
}

enum rc completion_edit(struct core *c, const struct completion_in *in,
			struct completion_result *ret, struct error *e)
{
	struct job j = job_of(c, in->occurrence_id, in->version);

	j.in = in;
	j.keep_code = true;
	return run_fields(&j, edit_tx, ret, e);
}

/* ---- cancel, reopen, check, return -------------------------------------------------------- */

static enum rc cancel_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_SESSION_CANCEL, &o, e));
	TRY(need_scheduled(&o, e));
	TRY(change_version(&o, j->version, e));
	o.state = STR("cancelled");
	o.cancel_cause = STR("person");
	o.cancel_reason = j->reason;
	o.cancelled_by = j->c->who->account_id;
	o.cancelled_at = j->c->now_us;
	if (o.completion_id != COLUMN_NULL) {
		o.completion_state = STR("cancelled");
		TRY(write_completion(j, s, &o, e));
	}
	TRY(session_tell(j->c, s, EVENT_SESSION_CANCELLED,
			 &(struct session_told){ o.branch_id, o.id, o.course_id, o.teacher_id,
						 o.session_date, 0, 0 },
			 e));
	TRY(notify_session_told(j->c, s, NOTIFY_SESSION_CANCELLED, &o, j->reason, e));
	return finish(j, s, &o, "session.cancelled", e);
}

/* Who did it a moment ago, or an admin. */
static enum rc may_reopen(const struct core *c, const struct occurrence_row *o, int64_t by,
			  int64_t at, struct error *e)
{
	struct subject subject = session_subject(o, by);
	bool is_recent = at != NO_TIME && c->now_us - at <= SESSION_UNDO_US;

	if (is_recent && rights_allow(c->who, ACTION_SESSION_REOPEN, &subject))
		return RC_OK;
	return rights_check(c->who, ACTION_SESSION_REOPEN_LATE, &subject, e);
}

static enum rc reopen_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;
	bool was_cancelled;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_SESSION_SEE, &o, e));
	was_cancelled = is(o.state, "cancelled");
	if (!was_cancelled)
		TRY(need_completed(&o, false, e));
	TRY(change_version(&o, j->version, e));
	TRY(was_cancelled ? may_reopen(j->c, &o, o.cancelled_by, o.cancelled_at, e)
			  : may_reopen(j->c, &o, o.completed_by, o.completed_at, e));
	o.state = STR("scheduled");
	o.cancel_cause = o.cancel_reason = (struct str){ NULL, 0 };
	o.cancelled_by = COLUMN_NULL;
	o.cancelled_at = NO_TIME;
	o.reopen_reason = j->reason;
	o.reopened_by = j->reason.n ? j->c->who->account_id : COLUMN_NULL;
	if (o.completion_id != COLUMN_NULL) {
		o.completion_state = STR("pending");
		o.completed_by = COLUMN_NULL;
		o.completed_at = NO_TIME;
		if (was_cancelled) /* somebody may have taken it since */
			o.code = (struct str){ NULL, 0 };
		TRY(write_completion(j, s, &o, e));
	}
	if (was_cancelled)
		TRY(session_tell(j->c, s, EVENT_SESSION_MOVED,
				 &(struct session_told){ o.branch_id, o.id, o.course_id,
							 o.teacher_id, o.session_date, 0, 0 },
				 e));
	if (was_cancelled)
		TRY(notify_session_told(j->c, s, NOTIFY_SESSION_RESTORED, &o, j->reason, e));
	return finish(j, s, &o, "session.reopened", e);
}

static enum rc check_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_SESSION_CHECK, &o, e));
	TRY(need_completed(&o, false, e));
	TRY(change_version(&o, j->version, e));
	o.completion_state = STR("checked");
	o.checked_by = j->c->who->account_id;
	o.checked_at = j->c->now_us;
	TRY(write_completion(j, s, &o, e));
	return finish(j, s, &o, "session.checked", e);
}

static enum rc uncheck_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_SESSION_CHECK, &o, e));
	TRY(need_completed(&o, true, e));
	if (!change_is_locked(&o))
		return ERROR(e, RC_CONFLICT, REASON_NOT_CHECKED, "occurrence %lld",
			     (long long)o.id);
	TRY(change_version(&o, j->version, e));
	o.completion_state = STR("completed");
	o.checked_by = COLUMN_NULL;
	o.checked_at = NO_TIME;
	TRY(write_completion(j, s, &o, e));
	return finish(j, s, &o, "session.unchecked", e);
}

static enum rc tell_returned(struct core *c, struct store *s, const struct occurrence_row *o,
			     struct error *e)
{
	struct event_new event = { .type = EVENT_COMPLETION_RETURNED,
				   .branch_id = o->branch_id,
				   .person_id = o->teacher_id == COLUMN_NULL ? 0 : o->teacher_id };

	event.payload = arena_printf(c->arena, "{\"occurrence\":%lld}", (long long)o->id);
	if (!event.payload.p)
		return ERROR_MEMORY(e);
	TRY(event_add(c, s, &event, e));
	return notify_completion_returned(c, s, o, e);
}

static enum rc return_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_SESSION_CHECK, &o, e));
	TRY(need_completed(&o, true, e));
	TRY(change_version(&o, j->version, e));
	o.state = STR("scheduled");
	o.completion_state = STR("returned");
	o.return_reason = j->reason;
	o.checked_by = j->c->who->account_id;
	o.checked_at = j->c->now_us;
	TRY(write_completion(j, s, &o, e));
	TRY(tell_returned(j->c, s, &o, e));
	return finish(j, s, &o, "session.returned", e);
}

enum rc completion_cancel(struct core *c, int64_t occurrence_id, int64_t version, struct str reason,
			  struct error *e)
{
	struct job j = job_of(c, occurrence_id, version);

	TRY(check_reason(&j, reason, e));
	return store_tx(c->db, cancel_tx, &j, e);
}

enum rc completion_reopen(struct core *c, int64_t occurrence_id, int64_t version, struct error *e)
{
	struct job j = job_of(c, occurrence_id, version);

	return store_tx(c->db, reopen_tx, &j, e);
}

enum rc completion_reopen_for(struct core *c, int64_t occurrence_id, int64_t version,
			      struct str reason, struct error *e)
{
	struct job j = job_of(c, occurrence_id, version);

	TRY(check_reason(&j, reason, e));
	return store_tx(c->db, reopen_tx, &j, e);
}

enum rc completion_uncheck(struct core *c, int64_t occurrence_id, int64_t version, struct error *e)
{
	struct job j = job_of(c, occurrence_id, version);

	return store_tx(c->db, uncheck_tx, &j, e);
}

enum rc completion_check(struct core *c, int64_t occurrence_id, int64_t version, struct error *e)
{
	struct job j = job_of(c, occurrence_id, version);

	return store_tx(c->db, check_tx, &j, e);
}

enum rc completion_return(struct core *c, int64_t occurrence_id, int64_t version, struct str reason,
			  struct error *e)
{
	struct job j = job_of(c, occurrence_id, version);

	TRY(check_reason(&j, reason, e));
	return store_tx(c->db, return_tx, &j, e);
}

/* ---- codes for forms ------------------------------------------------------------------------ */

static const char *const code_state_names[CODE_STATE__MAX] = { "available", "empty", "taken",
							       "check", "invalid" };

const char *code_state_name(enum code_state s)
{
	BUG(s >= CODE_STATE__MAX);
	return code_state_names[s];
}

enum rc code_available(struct core *c, struct str code, int64_t except_occurrence,
		       enum code_state *ret_state, struct error *e)
{
	struct error mine;
	struct str clean, key;
	int64_t holder;
	enum rc rc;
	struct occurrence_row o;

	TRY(session_read(c, c->db, except_occurrence, ACTION_SESSION_SEE, &o, e));
	error_init(&mine);
	*ret_state = CODE_STATE_INVALID;
	if (code_clean(code, "completion_code", &clean, &mine) != RC_OK)
		return RC_OK;
	*ret_state = clean.n ? CODE_STATE_CHECK : CODE_STATE_EMPTY;
	if (!clean.n || code_check(clean) == CODE_WRONG)
		return RC_OK;
	key = code_key(c->arena, clean);
	if (!key.p)
		return ERROR_MEMORY(e);
	rc = completion_of_key(c->db, key, c->arena, &holder, &mine);
	if (rc != RC_OK && rc != RC_NOT_FOUND) {
		*e = mine;
		return rc;
	}
	*ret_state = rc == RC_OK && holder != except_occurrence ? CODE_STATE_TAKEN
								: CODE_STATE_AVAILABLE;
	return RC_OK;
}

enum rc code_suggest(struct core *c, int64_t occurrence_id, struct str *ret_code, struct error *e)
{
	struct occurrence_row o;
	enum code_state state;

	TRY(session_read(c, c->db, occurrence_id, ACTION_SESSION_SEE, &o, e));
	for (int tries = 0; tries < GENERATE_TRIES; tries++) {
		struct str code;

		TRY(fresh_code(c, &o, &code, e));
		TRY(code_available(c, code, occurrence_id, &state, e));
		if (state != CODE_STATE_AVAILABLE)
			continue;
		*ret_code = code;
		return RC_OK;
	}
	return ERROR(e, RC_BUSY, REASON_TOO_MUCH, "no free code for occurrence %lld",
		     (long long)occurrence_id);
}

/* ---- the 004 door ---------------------------------------------------------------------------- */

enum rc completion_create(struct core *c, const struct completion_create_in *in,
			  struct completion_result *ret, struct error *e)
{
	struct job j = job_of(c, in->in.occurrence_id, in->in.version);

	j.in = &in->in;
	j.is_draft = true;
	j.faculty_id = in->faculty_account;
	j.employee_id = in->employee_account;
	return run_fields(&j, draft_tx, ret, e);
}

enum rc completion_update(struct core *c, const struct completion_update_in *in,
			  struct completion_result *ret, struct error *e)
{
	struct completion_in all = { 0 };
	struct occurrence_row o;

	TRY(completion_occurrence(c->db, in->completion_id, c->arena, &all.occurrence_id, e));
	TRY(session_read(c, c->db, all.occurrence_id, ACTION_SESSION_SEE, &o, e));
	all.version = o.version; /* what is not given must not be overwritten by older values */
	all.actual_start = in->has_start ? in->actual_start : o.actual_start;
	all.actual_end = in->has_end ? in->actual_end : o.actual_end;
	all.code = in->has_code ? in->code : o.code;
	all.notes = in->has_notes ? in->notes : o.notes;
	if (is(o.state, "completed"))
		return completion_edit(c, &all, ret, e);
	return completion_save_draft(c, &all, ret, e);
}
