/*
 * Guests, and excuses before a session.  See register.h.
 */
#include "core/change.h"
#include "core/register_row.h"
#include "store/excuse.h"

struct job {
	struct core *c;
	int64_t attendance_id, guest_id, person_id, occurrence_id;
	bool is_excused;
	struct str name, remark;
};

/* ---- guests --------------------------------------------------------------------------------- */

static enum rc add_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct attendance_stored session;
	struct audit_detail d;

	TRY(attendance_begin(j->c, s, j->attendance_id, 0, ACTION_ATTENDANCE_WORK, &session, e));
	TRY(register_guest_insert(s, j->attendance_id, j->name, j->remark, j->c->who->account_id,
				  j->c->now_us, &j->guest_id, e));
	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "guest", j->guest_id);
	return attendance_end(j->c, s, &session, "attendance.guest_added", &d, e);
}

enum rc register_guest_add(struct core *c, int64_t attendance_id, struct str name,
			   struct str remark, int64_t *ret_id, struct error *e)
{
	struct job j = { .c = c, .attendance_id = attendance_id };
	enum rc rc = line_clean(name, REGISTER_NAME_MAX, "name", &j.name, e);
	enum rc other = line_clean(remark, REGISTER_REMARK_MAX, "remark", &j.remark, e);

	if (rc == RC_OK && !j.name.n)
		rc = ERROR_FIELD(e, "name", REASON_REQUIRED, 0);
	TRY(rc);
	TRY(other);
	TRY(store_tx(c->db, add_tx, &j, e));
	*ret_id = j.guest_id;
	return RC_OK;
}

/* Under the session's lock; RC_NOT_FOUND when it was removed. */
static enum rc open_guest(struct job *j, struct store *s, struct register_guest_stored *ret,
			  struct attendance_stored *ret_session, struct error *e)
{
	TRY(register_guest_read(s, j->guest_id, j->c->arena, ret, e));
	TRY(attendance_begin(j->c, s, ret->attendance_id, 0, ACTION_ATTENDANCE_WORK, ret_session,
			     e));
	TRY(register_guest_read(s, j->guest_id, j->c->arena, ret, e));
	if (ret->removed_at != NO_TIME)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "guest %lld was removed",
			     (long long)j->guest_id);
	return RC_OK;
}

static enum rc remove_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct register_guest_stored guest;
	struct attendance_stored session;
	struct audit_detail d;

	TRY(open_guest(j, s, &guest, &session, e));
	TRY(register_guest_end(s, j->guest_id, j->c->now_us, e));
	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "guest", j->guest_id);
	return attendance_end(j->c, s, &session, "attendance.guest_removed", &d, e);
}

enum rc register_guest_remove(struct core *c, int64_t guest_id, struct error *e)
{
	struct job j = { .c = c, .guest_id = guest_id };

	return store_tx(c->db, remove_tx, &j, e);
}

/* They were there when the guest came. */
static enum rc put_present(struct job *j, struct register_act *act,
			   const struct register_guest_stored *guest, const struct register_fact *f,
			   struct error *e)
{
	const struct register_state from = register_state_of(f);
	const struct register_state to = { .mark = MARK_PRESENT,
					   .method = STR_INIT("teacher"),
					   .happened_at = guest->added_at,
					   .late_s = COLUMN_NULL,
					   .attempt_id = COLUMN_NULL,
					   .set_by = j->c->who->account_id };

	if (from.mark != MARK_NONE)
		return RC_OK;
	return register_put(act, j->person_id, &from, &to, e);
}

static enum rc merge_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct register_guest_stored guest;
	struct attendance_stored session;
	struct register_act act;
	struct register_fact f;
	struct audit_detail d;

	TRY(open_guest(j, s, &guest, &session, e));
	if (guest.person_id != COLUMN_NULL)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "guest %lld is %lld",
			     (long long)j->guest_id, (long long)guest.person_id);
	register_begin_locked(&act, j->c, s, &session, "attendance.marked", guest.name);
	TRY(register_fact_of(s, session.id, j->person_id, j->c->arena, &f, e));
	TRY(register_fits(&session, &f, e));
	TRY(register_guest_set_person(s, j->guest_id, j->person_id, j->c->now_us, e));
	TRY(put_present(j, &act, &guest, &f, e));
	TRY(register_end(&act, NULL, e));
	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "guest", j->guest_id);
	json_out_key_i64(&d.o, "student", j->person_id);
	return attendance_end(j->c, s, &session, "attendance.guest_merged", &d, e);
}

enum rc register_guest_merge(struct core *c, int64_t guest_id, int64_t person_id, struct error *e)
{
	struct job j = { .c = c, .guest_id = guest_id, .person_id = person_id };

	return store_tx(c->db, merge_tx, &j, e);
}

/* ---- excuses -------------------------------------------------------------------------------- */

static const struct register_state unmarked = { .late_s = COLUMN_NULL,
						.attempt_id = COLUMN_NULL,
						.set_by = COLUMN_NULL };

/*
 * What the excuse, or taking it back, makes of the record that is there.  A mark of the teacher
 * and a check-in stand; who waits with a flagged attempt still waits.
 */
static struct register_state excused(const struct job *j, const struct register_act *act,
				     const struct register_fact *f,
				     const struct register_state *from)
{
	bool is_closed = str_eq(act->session.state, STR("closed"));
	struct register_state to = unmarked;

	to.open_attempt_id = from->open_attempt_id;
	to.happened_at = j->c->now_us;
	if (j->is_excused && (from->mark == MARK_NONE || str_eq(from->method, STR("auto")) ||
			      str_eq(from->method, STR("excuse")))) {
		to.mark = MARK_EXCUSED;
		to.method = STR("excuse");
		to.remark = j->remark.n ? j->remark : (struct str){ NULL, 0 };
		to.set_by = j->c->who->account_id;
		return to;
	}
	if (j->is_excused || !str_eq(from->method, STR("excuse")))
		return *from;
	if (is_closed && f->is_expected == 1 && !from->open_attempt_id) {
		to.mark = MARK_ABSENT;
		to.method = STR("auto");
	}
	return to;
}

/* The session is there already. */
static enum rc apply(struct job *j, struct store *s, int64_t attendance_id, struct error *e)
{
	struct register_state from, to;
	struct register_fact f;
	struct register_act act;
	enum rc rc =
		register_begin(&act, j->c, s, attendance_id, "attendance.marked", j->remark, e);

	/* The remark of an excuse is its reason. */
	if (rc == RC_INVALID) {
		error_init(e);
		return ERROR_FIELD(e, "remark", REASON_REASON_MISSING, 0);
	}
	TRY(rc);
	TRY(register_fact_of(s, attendance_id, j->person_id, j->c->arena, &f, e));
	from = register_state_of(&f);
	to = excused(j, &act, &f, &from);
	if (from.mark == to.mark && from.mark != MARK_EXCUSED)
		return RC_OK;
	TRY(register_put(&act, j->person_id, &from, &to, e));
	return register_end(&act, NULL, e);
}

static enum rc finish(struct job *j, struct store *s, const struct occurrence_row *o,
		      struct error *e)
{
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "student", j->person_id);
	return change_close(j->c, s, o,
			    j->is_excused ? "attendance.excused" : "attendance.excuse_removed", &d,
			    e);
}

static enum rc excuse_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	bool is_expected, is_there;
	struct occurrence_row o;
	int64_t attendance_id;

	TRY(occurrence_lock(s, j->occurrence_id, j->c->arena, e));
	TRY(session_read(j->c, s, j->occurrence_id, ACTION_ATTENDANCE_WORK, &o, e));
	TRY(attendance_expects(s, j->occurrence_id, j->person_id, j->c->arena, &is_expected, e));
	TRY(excuse_is_there(s, j->occurrence_id, j->person_id, j->c->arena, &is_there, e));
	if (!is_expected && !is_there)
		return ERROR_FIELD(e, "person_id", REASON_NOT_A_CHOICE, 0);
	if (!j->is_excused && !is_there)
		return RC_OK;
	if (j->is_excused)
		TRY(excuse_put(s, j->occurrence_id, j->person_id, j->remark, j->c->who->account_id,
			       j->c->now_us, e));
	else
		TRY(excuse_delete(s, j->occurrence_id, j->person_id, e));
	TRY(excuse_attendance(s, j->occurrence_id, j->c->arena, &attendance_id, e));
	if (attendance_id)
		TRY(apply(j, s, attendance_id, e));
	return finish(j, s, &o, e);
}

enum rc register_excuse(struct core *c, int64_t occurrence_id, int64_t person_id, bool excused_now,
			struct str remark, struct error *e)
{
	struct job j = { .c = c,
			 .occurrence_id = occurrence_id,
			 .person_id = person_id,
			 .is_excused = excused_now };

	TRY(line_clean(remark, REGISTER_REMARK_MAX, "remark", &j.remark, e));
	return store_tx(c->db, excuse_tx, &j, e);
}
