/*
 * Guests of a session.  See register.h.
 */
#include "core/attendance/register_row.h"
#include "core/session/change.h"

struct job {
	struct core *c;
	int64_t attendance_id, guest_id, person_id;
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
					   .set_by = j->c->who->account_id,
					   .excuse_id = from.excuse_id };

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
