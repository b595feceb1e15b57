/*
 * Flagged attempts: the queue, what a person decides, what a verifier answers.  See register.h.
 *
 * An accepted attempt makes the record that it would have made; a rejected one makes none, but
 * when the session is closed already its student is absent, as closing would have said.
 */
#include "core/attendance/checkin_row.h"
#include "core/attendance/register_row.h"
#include "core/event/notify.h"
#include "core/session/change.h"
#include "store/excuse.h"

#define FLAGGED_MAX    500
#define VERIFIER_WHY   200 /* code points */
#define VERIFICATION_N 36

enum rc register_flagged(struct core *c, int64_t attendance_id,
			 const struct checkin_attempt **ret_rows, size_t *ret_n, struct error *e)
{
	const struct checkin_attempt_row *stored;
	struct attendance session;
	struct checkin_attempt *rows;
	size_t n;

	TRY(attendance_see(c, attendance_id, &session, e));
	TRY(checkin_flagged_rows(c->db, attendance_id, FLAGGED_MAX, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct checkin_attempt);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		checkin_attempt_fill(&stored[i], &rows[i]);
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

/* ---- deciding ------------------------------------------------------------------------------- */

struct verdict {
	bool is_accepted;
	struct str reason, why; /* the zero view: none */
	int64_t by_account;     /* COLUMN_NULL: a verifier */
};

/*
 * What stands there is older than the attempt, since a mark settles those that wait: closing's, an
 * excuse, or a mark for which the attempt was flagged.  It gives way, unless the student is in.
 */
static bool gives_way(const struct register_state *s)
{
	return s->mark != MARK_PRESENT && s->mark != MARK_LATE;
}

static struct register_state accepted(const struct checkin_attempt_row *t,
				      const struct register_state *from, int64_t by_account)
{
	struct register_state to = *from;

	to.open_attempt_id = 0;
	if (!gives_way(from))
		return to;
	to.mark = mark_from(t->status);
	to.method = t->path;
	to.happened_at = t->happened_at;
	to.late_s = t->late_s;
	to.attempt_id = t->id;
	to.set_by = by_account;
	return to;
}

static struct register_state rejected(const struct register_act *act, const struct register_fact *f,
				      const struct register_state *from)
{
	struct register_state to = *from;

	to.open_attempt_id = 0;
	if (from->mark != MARK_NONE || f->is_expected != 1 ||
	    str_eq(act->session.roster, STR("open")) || !str_eq(act->session.state, STR("closed")))
		return to;
	to.mark = MARK_ABSENT;
	to.method = STR("auto");
	to.happened_at = act->c->now_us;
	return to;
}

static enum rc tell_student(struct register_act *act, const struct checkin_attempt_row *t,
			    bool is_accepted, struct error *e)
{
	const struct notify_new n = { .kind = NOTIFY_CHECKIN_DECIDED,
				      .branch_id = act->session.branch_id,
				      .entity_id = act->session.id,
				      .params = { .title = act->session.title,
						  .code = is_accepted ? STR("approved")
								      : STR("rejected"),
						  .has_when = true,
						  .day = act->session.session_date,
						  .start = NO_DAY,
						  .end = NO_DAY } };

	return notify_person(act->c, act->s, t->person_id, &n, e);
}

/* The session is locked, and the attempt undecided. */
static enum rc settle(struct register_act *act, const struct checkin_attempt_row *t,
		      const struct verdict *v, struct error *e)
{
	struct register_state from, to;
	struct audit_detail d;
	struct register_fact f;

	TRY(register_fact_of(act->s, act->session.id, t->person_id, act->c->arena, &f, e));
	from = register_state_of(&f);
	from.open_attempt_id = t->id;
	to = v->is_accepted ? accepted(t, &from, v->by_account) : rejected(act, &f, &from);
	TRY(register_attempt_decide(act->s, t->id,
				    v->is_accepted ? STR("approved") : STR("rejected"), v->reason,
				    v->why, v->by_account, act->c->now_us, e));
	TRY(register_put_record(act, t->person_id, &from, &to, e));
	TRY(tell_student(act, t, v->is_accepted, e));
	audit_detail_begin(&d, act->c->arena);
	json_out_key_i64(&d.o, "attempt", t->id);
	json_out_key_bool(&d.o, "accepted", v->is_accepted);
	return register_end(act, &d, e);
}

struct job {
	struct core *c;
	int64_t attempt_id, attendance_id;
	bool is_accepted;
	struct str why;
	struct str verification_id;
};

static enum rc decide_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct verdict v = { .is_accepted = j->is_accepted, .by_account = j->c->who->account_id };
	struct checkin_attempt_row t;
	struct register_act act;

	TRY(register_begin(&act, j->c, s, j->attendance_id, "attendance.decided", j->why, e));
	TRY(checkin_attempt_read(s, j->attempt_id, j->c->arena, &t, e));
	if (!str_eq(t.decided_state, STR("open")))
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_DECIDED, "attempt %lld",
			     (long long)j->attempt_id);
	v.why = act.why;
	return settle(&act, &t, &v, e);
}

enum rc register_decide(struct core *c, int64_t attempt_id, bool accept, struct str why,
			struct error *e)
{
	struct job j = { .c = c, .attempt_id = attempt_id, .is_accepted = accept };
	struct checkin_attempt_row t;

	TRY(text_clean(c->arena, why, REGISTER_WHY_MAX, "why", &j.why, e));
	TRY(checkin_attempt_read(c->db, attempt_id, c->arena, &t, e));
	if (t.attendance_id == COLUMN_NULL || t.person_id == COLUMN_NULL)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "attempt %lld is of no session",
			     (long long)attempt_id);
	j.attendance_id = t.attendance_id;
	return store_tx(c->db, decide_tx, &j, e);
}

static enum rc note_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct attendance_stored session;
	struct audit_entry entry;
	struct checkin_attempt_row t;
	struct audit_detail d;

	TRY(attendance_begin(j->c, s, j->attendance_id, 0, ACTION_ATTENDANCE_WORK, &session, e));
	TRY(checkin_attempt_read(s, j->attempt_id, j->c->arena, &t, e));
	if (t.decided_state.n && !str_eq(t.decided_state, STR("open")))
		return RC_OK;
	TRY(register_attempt_note(s, t.id, j->why, j->c->who->account_id, j->c->now_us, e));
	entry = (struct audit_entry){ .action = "attendance.noted",
				      .object = "attendance",
				      .object_id = session.id,
				      .branch_id = session.branch_id };
	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "attempt", t.id);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

enum rc register_note(struct core *c, int64_t attempt_id, struct str note, struct error *e)
{
	struct job j = { .c = c, .attempt_id = attempt_id };
	struct checkin_attempt_row t;

	TRY(text_clean(c->arena, note, REGISTER_WHY_MAX, "note", &j.why, e));
	TRY(checkin_attempt_read(c->db, attempt_id, c->arena, &t, e));
	if (t.attendance_id == COLUMN_NULL)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "attempt %lld is of no session",
			     (long long)attempt_id);
	j.attendance_id = t.attendance_id;
	return store_tx(c->db, note_tx, &j, e);
}

/* ---- the verifier --------------------------------------------------------------------------- */

static enum rc check_photo(const struct core *c, const struct verified_photo *p, struct error *e)
{
	bool is_pending = str_eq(p->verifier_state, STR("pending"));

	if (str_eq(p->verifier_state, STR("timeout")) ||
	    (is_pending && p->pending_until != NO_TIME && c->now_us >= p->pending_until))
		return ERROR(e, RC_TIMEOUT, REASON_TOO_LATE, "attempt %lld",
			     (long long)p->attempt_id);
	if (!is_pending || p->attendance_id == COLUMN_NULL)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "verification was answered");
	return RC_OK;
}

/* Would the attempt have been approved, had the photo been right at once? */
static bool passes(const struct core *c, const struct attendance_stored *session,
		   const struct checkin_attempt_row *t)
{
	struct attendance a;
	struct signals signals;
	enum reason ignored;

	attendance_fill(c, session, &a);
	signals_read(t->signals, &signals);
	for (size_t i = 0; i < signals.n; i++)
		if (signals.v[i].kind == SIGNAL_PHOTO)
			signals.v[i].verdict = SIGNAL_PASS;
	return signals_weigh(&signals, a.level, &ignored) == DECISION_APPROVED;
}

/* A person decided before, or must now: the answer is kept, and no more. */
static enum rc keep_answer(struct register_act *act, const struct checkin_attempt_row *t,
			   bool passed, struct error *e)
{
	struct audit_entry entry = { .action = act->action,
				     .object = "attendance",
				     .object_id = act->session.id,
				     .branch_id = act->session.branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, act->c->arena);
	json_out_key_i64(&d.o, "attempt", t->id);
	json_out_key_bool(&d.o, "passed", passed);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(act->s, act->c, &entry, e);
}

/*
 * Something else is doubtful; or it failed after closing, when the student cannot try again and a
 * rejection would make them absent.
 */
static bool is_for_a_person(const struct job *j, const struct attendance_stored *session,
			    const struct checkin_attempt_row *t)
{
	return j->is_accepted ? !passes(j->c, session, t) : str_eq(session->state, STR("closed"));
}

static enum rc verified_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct core *c = j->c;
	struct verdict v = { .is_accepted = j->is_accepted,
			     .why = j->why.n ? j->why : (struct str){ NULL, 0 },
			     .by_account = COLUMN_NULL };
	struct attendance_stored session;
	struct checkin_attempt_row t;
	struct register_act act;
	struct verified_photo p;

	TRY(verified_photo_read(s, j->verification_id, c->arena, &p, e));
	TRY(check_photo(c, &p, e));
	TRY(attendance_lock(s, p.attendance_id, c->arena, e));
	TRY(attendance_read(s, p.attendance_id, COLUMN_NULL, c->arena, &session, e));
	TRY(verified_photo_read(s, j->verification_id, c->arena, &p, e));
	TRY(check_photo(c, &p, e));
	TRY(checkin_attempt_read(s, p.attempt_id, c->arena, &t, e));
	TRY(verified_photo_write(s, p.attempt_id, j->is_accepted ? STR("passed") : STR("failed"),
				 j->why, e));
	register_begin_locked(&act, c, s, &session, "attendance.verified", v.why);
	if (!str_eq(t.decided_state, STR("open")) || is_for_a_person(j, &session, &t))
		return keep_answer(&act, &t, j->is_accepted, e);
	if (!j->is_accepted)
		v.reason = str_from(reason_code(REASON_PHOTO_FAILED));
	return settle(&act, &t, &v, e);
}

enum rc register_verified(struct core *c, struct str verification_id, bool passed,
			  struct str reason, struct error *e)
{
	static const struct who system = { .role = ROLE_NONE,
					   .account_id = COLUMN_NULL,
					   .person_id = COLUMN_NULL,
					   .branch_id = COLUMN_NULL };
	struct core as_system = *c;
	struct job j = { .c = &as_system,
			 .is_accepted = passed,
			 .verification_id = verification_id };

	as_system.who = &system;
	if (verification_id.n != VERIFICATION_N || !utf8_valid(verification_id))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no id of a verification");
	TRY(line_clean(reason, VERIFIER_WHY, "reason", &j.why, e));
	return store_tx(c->db, verified_tx, &j, e);
}
