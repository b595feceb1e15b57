/*
 * Excuses of a session: entered before it, while it runs or after; taken back.  See register.h.
 *
 * An excuse that changes a record is an act of the register, and goes and comes with it.
 */
#include "core/attendance/register_row.h"
#include "core/session/change.h"
#include "store/excuse.h"

static bool gives_way(const struct register_excusing *x, const struct register_state *from)
{
	if (from->mark == MARK_NONE || str_eq(from->method, STR("auto")) ||
	    str_eq(from->method, STR("excuse")))
		return true;
	return x->is_decided && from->mark != MARK_PRESENT;
}

/*
 * What the excuse, or taking it back, makes of the record that is there.  A mark of the teacher
 * and a check-in stand, unless it is decided about them; who waits with a flagged attempt still
 * waits.
 */
static struct register_state excused(const struct register_excusing *x,
				     const struct register_act *act, const struct register_fact *f,
				     const struct register_state *from)
{
	struct register_state to = { .late_s = COLUMN_NULL,
				     .attempt_id = COLUMN_NULL,
				     .set_by = COLUMN_NULL };

	to.open_attempt_id = from->open_attempt_id;
	to.excuse_id = x->excuse_id;
	to.happened_at = x->c->now_us;
	if (x->is_excused && gives_way(x, from)) {
		to.mark = MARK_EXCUSED;
		to.method = STR("excuse");
		to.remark = x->remark.n ? x->remark : (struct str){ NULL, 0 };
		to.set_by = x->c->who->account_id;
		return to;
	}
	if (x->is_excused || !str_eq(from->method, STR("excuse")))
		return *from;
	if (str_eq(act->session.state, STR("closed")) && f->is_expected == 1 &&
	    !from->open_attempt_id) {
		to.mark = MARK_ABSENT;
		to.method = STR("auto");
	}
	return to;
}

/* The session is there already.  old_id: the excuse that was in force. */
static enum rc apply(struct register_excusing *x, struct store *s, int64_t attendance_id,
		     int64_t old_id, struct error *e)
{
	struct register_state from, to;
	struct register_fact f;
	struct register_act act;
	struct str why = x->why.n ? x->why : x->remark;
	enum rc rc = register_begin(&act, x->c, s, attendance_id, "attendance.marked", why, e);

	/* The remark of an excuse is its reason. */
	if (rc == RC_INVALID) {
		error_init(e);
		return ERROR_FIELD(e, "remark", REASON_REASON_MISSING, 0);
	}
	TRY(rc);
	TRY(register_fact_of(s, attendance_id, x->person_id, x->c->arena, &f, e));
	from = register_state_of(&f);
	to = excused(x, &act, &f, &from);
	if (from.mark == to.mark && from.mark != MARK_EXCUSED)
		return RC_OK;
	from.excuse_id = old_id;
	to.excuse_id = x->excuse_id;
	TRY(register_put(&act, x->person_id, &from, &to, e));
	TRY(register_end(&act, NULL, e));
	x->has_act = true;
	memcpy(x->act, act.id, sizeof x->act);
	return RC_OK;
}

static enum rc finish(struct register_excusing *x, struct store *s, const struct occurrence_row *o,
		      struct error *e)
{
	struct audit_detail d;

	audit_detail_begin(&d, x->c->arena);
	json_out_key_i64(&d.o, "student", x->person_id);
	return change_close(x->c, s, o,
			    x->is_excused ? "attendance.excused" : "attendance.excuse_removed", &d,
			    e);
}

static enum rc end_one(struct register_excusing *x, struct store *s, int64_t id, struct error *e)
{
	struct str ids;

	TRY(register_ids(&id, 1, x->c->arena, &ids, e));
	return excuse_end(s, ids, x->c->who->account_id, x->c->now_us, e);
}

enum rc register_excuse_in(struct register_excusing *x, struct store *s, struct error *e)
{
	struct core *c = x->c;
	int64_t attendance_id, old_id;
	struct occurrence_row o;
	bool is_expected;

	x->excuse_id = 0;
	x->has_act = false;
	TRY(session_read(c, s, x->occurrence_id, ACTION_ATTENDANCE_WORK, &o, e));
	TRY(attendance_expects(s, x->occurrence_id, x->person_id, c->arena, &is_expected, e));
	TRY(excuse_live(s, x->occurrence_id, x->person_id, c->arena, &old_id, e));
	if (!is_expected && !old_id)
		return ERROR_FIELD(e, "person_id", REASON_NOT_A_CHOICE, 0);
	if (!x->is_excused && !old_id)
		return RC_OK;
	if (old_id)
		TRY(end_one(x, s, old_id, e));
	if (x->is_excused)
		TRY(excuse_insert(s, x->occurrence_id, x->person_id, x->remark, c->who->account_id,
				  c->now_us, &x->excuse_id, e));
	TRY(excuse_attendance(s, x->occurrence_id, c->arena, &attendance_id, e));
	if (attendance_id)
		TRY(apply(x, s, attendance_id, old_id, e));
	return finish(x, s, &o, e);
}

static enum rc excuse_tx(struct store *s, void *arg, struct error *e)
{
	struct register_excusing *x = arg;

	TRY(occurrence_lock(s, x->occurrence_id, x->c->arena, e));
	return register_excuse_in(x, s, e);
}

enum rc register_excuse(struct core *c, int64_t occurrence_id, int64_t person_id, bool excused_now,
			struct str remark, struct error *e)
{
	struct register_excusing x = { .c = c,
				       .occurrence_id = occurrence_id,
				       .person_id = person_id,
				       .is_excused = excused_now };

	TRY(line_clean(remark, REGISTER_REMARK_MAX, "remark", &x.remark, e));
	return store_tx(c->db, excuse_tx, &x, e);
}

enum rc register_excuses(struct core *c, int64_t occurrence_id, const struct excuse_row **ret_rows,
			 size_t *ret_n, struct error *e)
{
	struct occurrence_row o;

	TRY(session_read(c, c->db, occurrence_id, ACTION_ATTENDANCE_WORK, &o, e));
	return excuse_rows(c->db, occurrence_id, c->arena, ret_rows, ret_n, e);
}
