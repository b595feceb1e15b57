/*
 * Requests: deciding them, and what that makes.  See request.h.
 */
#include "core/event/notify_sum.h"
#include "core/request/request.h"
#include "core/request/request_row.h"
#include "core/schedule/schedule_row.h"
#include "core/session/change.h"
#include "core/session/session_tell.h"

#define SESSIONS_MAX      400
#define CANCEL_REASON_MAX 500

struct decide {
	struct core *c;
	const struct request_decide_in *in;
	bool settles;
	struct str response; /* cleaned */
	struct request r;
	int64_t n_clashes;  /* overridden */
	int64_t session_id; /* the only one that was made or cancelled */
	int32_t session_day;
	int64_t ids[SESSIONS_MAX]; /* all of them */
	size_t n_ids;
	struct request_decided done;
};

static enum rc check_in(struct decide *d, struct error *e)
{
	TRY(text_clean(d->c->arena, d->in->response, REQUEST_TEXT_MAX, "response", &d->response,
		       e));
	if (!d->settles && d->in->decision == REQUEST_ASK && !d->response.n)
		return ERROR_FIELD(e, "response", REASON_REQUIRED, 0);
	return RC_OK;
}

/* The request, locked, as the admin saw it. */
static enum rc lock(struct decide *d, struct store *s, struct error *e)
{
	TRY(request_lock_for(d->c, s, d->in->id, 0, &d->r, e));
	TRY(rights_branch(d->c->who, ACTION_REQUEST_DECIDE, d->r.row.branch_id, e));
	if (d->r.state == REQUEST_WITHDRAWN)
		return ERROR(e, RC_CONFLICT, REASON_REQUEST_WITHDRAWN, "request %lld",
			     (long long)d->in->id);
	if (d->in->version && d->in->version != d->r.row.version)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "request %lld is at %lld, not %lld",
			     (long long)d->in->id, (long long)d->r.row.version,
			     (long long)d->in->version);
	return RC_OK;
}

/* ---- what is made ------------------------------------------------------------------------------
 */

/* Its days that are still to come. */
static enum rc days_ahead(struct decide *d, struct store *s, const int32_t **ret_days,
			  size_t *ret_n, struct error *e)
{
	const struct request_stored *row = &d->r.row;
	const struct request_day_row *rows;
	int32_t today, tod, *days;
	size_t n, n_days = 0;

	TRY(request_today(d->c, row->zone, &today, &tod, e));
	TRY(request_days(s, row->id, d->c->arena, &rows, &n, e));
	days = ARENA_ARRAY(d->c->arena, n + 1, int32_t);
	if (!days)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		if (rows[i].session_date > today ||
		    (rows[i].session_date == today && row->end_time > tod))
			days[n_days++] = rows[i].session_date;
	if (n_days == 0)
		return ERROR(e, RC_CONFLICT, REASON_REQUEST_PAST, "request %lld",
			     (long long)row->id);
	*ret_days = days;
	*ret_n = n_days;
	return RC_OK;
}

static bool has_day(const int32_t *days, size_t n, int32_t day)
{
	for (size_t i = 0; i < n; i++)
		if (days[i] == day)
			return true;
	return false;
}

/* Those the admin chose, in order; each must be one that was asked for and is to come. */
static enum rc choose_days(struct decide *d, const int32_t *ahead, size_t n_ahead,
			   const int32_t **ret_days, size_t *ret_n, struct error *e)
{
	const struct request_decide_in *in = d->in;
	int32_t *days = ARENA_ARRAY(d->c->arena, n_ahead + 1, int32_t);
	size_t n = 0;

	if (!days)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n_ahead; i++)
		if (has_day(in->days, in->n_days, ahead[i]))
			days[n++] = ahead[i];
	if (n == 0)
		return ERROR_FIELD(e, "days", REASON_NOTHING_CHOSEN, 0);
	*ret_days = days;
	*ret_n = n;
	return RC_OK;
}

static int64_t or_zero(int64_t id)
{
	return id == COLUMN_NULL ? 0 : id;
}

static enum rc make_singles(struct decide *d, struct store *s, const int32_t *days, size_t n,
			    struct error *e)
{
	const struct request_stored *row = &d->r.row;
	const struct session_make_in in = { .class_id = row->class_id,
					    .course_id = or_zero(row->course_id),
					    .teacher_id = or_zero(row->teacher_id),
					    .title = row->title,
					    .room_id = or_zero(row->room_id),
					    .days = days,
					    .n_days = n,
					    .start_tod = row->start_time,
					    .end_tod = row->end_time,
					    .stops_at_warnings = !d->in->overrides };
	struct session_make_plan plan;

	TRY(session_make_within(d->c, s, &in, row->id, &plan, &d->session_id, e));
	if (n > 1)
		d->session_id = 0;
	d->session_day = days[0];
	d->n_clashes = plan.clashes.n;
	d->done.n_sessions = (int64_t)n;
	return RC_OK;
}

/* core/schedule/schedule.h's names of fields as a request has them. */
static void rename_fields(struct error *e)
{
	static const char *const names[][2] = { { "batch_id", "group" },
						{ "course_id", "course" },
						{ "faculty_id", "teacher" },
						{ "start_date", "days" },
						{ "end_date", "days" } };

	for (size_t i = 0; i < e->n_fields; i++)
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (str_eq(str_from(e->fields[i].field), str_from(names[k][0])))
				e->fields[i].field = names[k][1];
}

/* The whole series as a schedule, from the first day on that is to come. */
static enum rc make_series(struct decide *d, struct store *s, int32_t first, struct error *e)
{
	struct request_stored *row = &d->r.row;
	struct schedule_in in = { .class_id = row->class_id,
				  .course_id = or_zero(row->course_id),
				  .teacher_id = or_zero(row->teacher_id),
				  .title = row->title,
				  .room_id = or_zero(row->room_id),
				  .rule = request_rule(&d->r),
				  .start_tod = row->start_time,
				  .end_tod = row->end_time,
				  .notes = row->notes,
				  .stops_at_warnings = !d->in->overrides };
	struct schedule_plan plan;
	enum rc rc;

	in.rule.from_day = first;
	rc = schedule_create_within(d->c, s, &in, &row->schedule_id, &plan, e);
	if (rc == RC_INVALID)
		rename_fields(e);
	TRY(rc);
	d->n_clashes = plan.clashes.n;
	d->done.n_sessions = plan.effect.n_inserted;
	return request_claim_schedule(s, row->id, row->schedule_id, e);
}

/* Class, course and room as they are now; a class that is not known is COLUMN_NULL. */
static enum rc find_subject(struct decide *d, struct store *s, struct error *e)
{
	struct request_stored *row = &d->r.row;
	const struct request_decide_in *in = d->in;
	struct request_subject_row subject;
	struct request_subject_in ask = {
		.branch_id = row->branch_id,
		.class_id = in->class_id ? in->class_id : or_zero(row->class_id),
		.course_id = or_zero(row->course_id),
		.room_id = in->room_id ? in->room_id : or_zero(row->room_id),
		.person_id = row->teacher_id,
		.class_name = row->class_name
	};

	TRY(request_subject(s, &ask, d->c->arena, &subject, e));
	if (in->class_id && subject.class_id == COLUMN_NULL)
		return ERROR_FIELD(e, "group", REASON_NOT_A_CHOICE, 0);
	if (in->room_id && subject.room_id == COLUMN_NULL)
		return ERROR_FIELD(e, "room", REASON_NOT_A_CHOICE, 0);
	row->class_id = subject.class_id;
	row->course_id = subject.course_id;
	row->room_id = subject.room_id;
	return RC_OK;
}

static enum rc make(struct decide *d, struct store *s, struct error *e)
{
	const int32_t *days = NULL;
	size_t n = 0;

	TRY(days_ahead(d, s, &days, &n, e));
	TRY(find_subject(d, s, e));
	d->r.row.needs_session = d->r.row.class_id == COLUMN_NULL;
	d->done.needs_session = d->r.row.needs_session != 0;
	if (d->done.needs_session)
		return RC_OK;
	if (d->in->with_days && d->r.is_series)
		TRY(choose_days(d, days, n, &days, &n, e));
	else if (d->r.is_series)
		return make_series(d, s, days[0], e);
	return make_singles(d, s, days, n, e);
}

/* ---- taking back --------------------------------------------------------------------------------
 */

static enum rc take_back(struct decide *d, struct store *s, struct error *e)
{
	struct request_stored *row = &d->r.row;
	const struct request_session_row *rows;
	int64_t n_alive = 0;
	size_t n;

	TRY(request_sessions(s, row->id, true, SESSIONS_MAX, d->c->arena, &rows, &n, e));
	for (size_t i = 0; i < n; i++) {
		if (str_eq(rows[i].state, STR("cancelled")))
			continue;
		n_alive++;
		d->done.n_left += rows[i].is_held != 0;
		d->session_id = rows[i].id;
		d->session_day = rows[i].session_date;
		if (!rows[i].is_held)
			d->ids[d->n_ids++] = rows[i].id;
	}
	if (n_alive && d->done.n_left == n_alive)
		return ERROR(e, RC_CONFLICT, REASON_REQUEST_HELD, "request %lld",
			     (long long)row->id);
	if (n_alive != 1)
		d->session_id = 0;
	TRY(occurrence_touch(s, row->branch_id, row->class_id, row->teacher_id, e));
	TRY(request_cancel_sessions(s, row->id, utf8_prefix(d->response, CANCEL_REASON_MAX),
				    d->c->who->account_id, d->c->now_us, &d->done.n_sessions, e));
	if (row->schedule_id != COLUMN_NULL)
		TRY(schedule_end(s, row->schedule_id, d->c->now_us, e));
	row->schedule_id = COLUMN_NULL;
	row->needs_session = 0;
	return RC_OK;
}

/* ---- the change
 * ----------------------------------------------------------------------------------- */

/* Those that are to come, by now. */
static enum rc find_made(struct decide *d, struct store *s, struct error *e)
{
	const struct request_session_row *rows;
	size_t n;

	TRY(request_sessions(s, d->r.row.id, true, SESSIONS_MAX, d->c->arena, &rows, &n, e));
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].state, STR("scheduled")))
			d->ids[d->n_ids++] = rows[i].id;
	return RC_OK;
}

/* Everybody concerned; who asked is told of the decision. */
static enum rc notify_concerned(struct decide *d, struct store *s, enum event_type type,
				struct error *e)
{
	const bool is_made = type == EVENT_SESSION_CREATED;
	const struct request_stored *row = &d->r.row;
	struct notify_sum n = { .kind = is_made ? NOTIFY_SESSION_CREATED : NOTIFY_SESSION_CANCELLED,
				.branch_id = row->branch_id,
				.ids = d->ids,
				.except_id = row->account_id };

	if (is_made)
		TRY(find_made(d, s, e));
	n.n_ids = d->n_ids;
	return notify_sum(d->c, s, &n, e);
}

static enum rc tell_sessions(struct decide *d, struct store *s, enum event_type type,
			     struct error *e)
{
	const struct request_stored *row = &d->r.row;
	const struct session_told told = {
		.branch_id = row->branch_id,
		.occurrence_id = d->session_id,
		.course_id = row->course_id,
		.teacher_id = row->teacher_id,
		.day = d->session_id ? d->session_day : NO_DAY,
		.n = d->done.n_sessions,
		.request_id = row->id,
	};

	if (!d->done.n_sessions)
		return RC_OK;
	TRY(session_tell(d->c, s, type, &told, e));
	return notify_concerned(d, s, type, e);
}

/* What happened to the one session of it, in its own trail. */
static enum rc write_session_trail(struct decide *d, struct store *s, const char *action,
				   struct error *e)
{
	struct audit_entry entry = { .action = action,
				     .object = "occurrence",
				     .object_id = d->session_id,
				     .branch_id = d->r.row.branch_id };
	struct audit_detail detail;

	if (!d->session_id)
		return RC_OK;
	audit_detail_begin(&detail, d->c->arena);
	json_out_key_i64(&detail.o, "request", d->r.row.id);
	TRY(audit_detail_end(&detail, &entry.detail, e));
	return audit_add(s, d->c, &entry, e);
}

static enum rc write(struct decide *d, struct store *s, enum request_state state, const char *step,
		     struct error *e)
{
	struct request_stored *row = &d->r.row;
	struct audit_detail detail;

	row->state = str_from(request_state_name(state));
	if (d->response.n || !d->settles)
		row->response = d->response;
	row->reviewed_by = d->c->who->account_id;
	row->reviewed_at = d->c->now_us;
	TRY(request_write(s, row, d->c->now_us, e));
	audit_detail_begin(&detail, d->c->arena);
	json_out_key_str(&detail.o, "from", str_from(request_state_name(d->r.state)));
	if (d->done.n_sessions)
		json_out_key_i64(&detail.o, "sessions", d->done.n_sessions);
	if (d->in->overrides && d->n_clashes)
		json_out_key_i64(&detail.o, "clashes", d->n_clashes);
	if (d->in->overrides)
		json_out_key_bool(&detail.o, "override", true);
	TRY(request_read_for(d->c, s, row->id, &d->done.r, e));
	return request_tell(d->c, s, &d->done.r, step, d->response, &detail, e);
}

static enum rc approve(struct decide *d, struct store *s, struct error *e)
{
	if (d->r.state == REQUEST_APPROVED) {
		d->done.is_unchanged = true;
		d->done.r = d->r;
		return RC_OK;
	}
	TRY(make(d, s, e));
	TRY(write_session_trail(d, s, "session.created", e));
	TRY(tell_sessions(d, s, EVENT_SESSION_CREATED, e));
	return write(d, s, REQUEST_APPROVED, "approved", e);
}

static enum rc reject(struct decide *d, struct store *s, struct error *e)
{
	if (d->r.state == REQUEST_REJECTED && !d->in->version) {
		d->done.is_unchanged = true;
		d->done.r = d->r;
		return RC_OK;
	}
	if (d->r.state == REQUEST_APPROVED) {
		TRY(take_back(d, s, e));
		TRY(write_session_trail(d, s, "session.cancelled", e));
		TRY(tell_sessions(d, s, EVENT_SESSION_CANCELLED, e));
	}
	return write(d, s, REQUEST_REJECTED, "rejected", e);
}

static enum rc ask(struct decide *d, struct store *s, struct error *e)
{
	if (d->r.state != REQUEST_PENDING && d->r.state != REQUEST_QUESTION)
		return ERROR(e, RC_CONFLICT, REASON_REQUEST_DECIDED, "request %lld",
			     (long long)d->in->id);
	return write(d, s, REQUEST_QUESTION, "asked", e);
}

static enum rc settle(struct decide *d, struct store *s, struct error *e)
{
	if (d->r.state != REQUEST_APPROVED || !d->r.row.needs_session)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "request %lld needs no session",
			     (long long)d->in->id);
	d->r.row.needs_session = 0;
	if (d->in->class_id) {
		TRY(make(d, s, e));
		TRY(write_session_trail(d, s, "session.created", e));
		TRY(tell_sessions(d, s, EVENT_SESSION_CREATED, e));
	}
	return write(d, s, REQUEST_APPROVED, "settled", e);
}

static enum rc decide_tx(struct store *s, void *arg, struct error *e)
{
	struct decide *d = arg;

	d->done = (struct request_decided){ 0 };
	d->session_id = d->n_clashes = 0;
	d->n_ids = 0;
	TRY(lock(d, s, e));
	if (d->settles)
		return settle(d, s, e);
	switch (d->in->decision) {
	case REQUEST_APPROVE:
		return approve(d, s, e);
	case REQUEST_REJECT:
		return reject(d, s, e);
	case REQUEST_ASK:
	case REQUEST_DECISION__MAX:
		break;
	}
	return ask(d, s, e);
}

static enum rc run(struct core *c, const struct request_decide_in *in, bool settles,
		   struct request_decided *ret, struct error *e)
{
	struct decide d = { .c = c, .in = in, .settles = settles };

	TRY(request_may(c, false, e));
	TRY(check_in(&d, e));
	TRY(store_tx(c->db, decide_tx, &d, e));
	*ret = d.done;
	return RC_OK;
}

enum rc request_decide(struct core *c, const struct request_decide_in *in,
		       struct request_decided *ret, struct error *e)
{
	BUG((unsigned)in->decision >= REQUEST_DECISION__MAX);
	return run(c, in, false, ret, e);
}

enum rc request_settle(struct core *c, const struct request_decide_in *in,
		       struct request_decided *ret, struct error *e)
{
	return run(c, in, true, ret, e);
}

/* ---- several
 * ---------------------------------------------------------------------------------------- */

/* What a failure of one means for the others: nothing, or the end. */
static enum rc count_failure(const struct error *failed, struct request_bulk_done *done,
			     struct error *e)
{
	bool is_changed = failed->rc == RC_NOT_FOUND || failed->reason == REASON_CHANGED ||
			  failed->reason == REASON_REQUEST_WITHDRAWN ||
			  failed->reason == REASON_REQUEST_DECIDED;

	if (failed->rc != RC_NOT_FOUND && failed->rc != RC_CONFLICT && failed->rc != RC_INVALID) {
		*e = *failed;
		return failed->rc;
	}
	if (is_changed)
		done->n_changed++;
	else
		done->n_clash++;
	return RC_OK;
}

enum rc request_decide_many(struct core *c, const struct request_pick *v, size_t n,
			    enum request_decision decision, struct str response,
			    struct request_bulk_done *ret, struct error *e)
{
	struct request_bulk_done done = { 0 };
	struct decide first = { .c = c };
	struct request_decide_in in = { .decision = decision, .response = response };

	TRY(request_may(c, false, e));
	if (n == 0)
		return ERROR_FIELD(e, "pick", REASON_NOTHING_CHOSEN, 0);
	if (n > REQUEST_BULK_MAX)
		return ERROR_FIELD(e, "pick", REASON_TOO_LARGE, REQUEST_BULK_MAX);
	first.in = &in;
	TRY(check_in(&first, e));
	for (size_t i = 0; i < n; i++) {
		struct request_decided one;
		struct error failed;

		error_init(&failed);
		in.id = v[i].id;
		in.version = v[i].version;
		if (request_decide(c, &in, &one, &failed) != RC_OK) {
			TRY(count_failure(&failed, &done, e));
			continue;
		}
		done.n_done += !one.is_unchanged;
		done.n_changed += one.is_unchanged;
		done.n_unmade += one.needs_session;
	}
	*ret = done;
	return RC_OK;
}
