/*
 * The live snapshot of contract 000.  See smart.h.
 */
#include "store/smart_live.h"
#include "core/attendance/smart.h"
#include "core/rights.h"
#include "core/session/change.h"

static enum rc may_see(const struct core *c, int64_t branch_id, int64_t teacher_id,
		       int64_t is_staff, struct error *e)
{
	const struct subject subject = { .branch_id = branch_id,
					 .teacher_id = teacher_id,
					 .owner_id = COLUMN_NULL,
					 .is_class_staff = is_staff > 0 };

	return rights_check(c->who, ACTION_ATTENDANCE_SEE, &subject, e);
}

/* As smart_session_get and attendance_get: of the occurrence, and of the attendance it has. */
static enum rc check(const struct core *c, const struct smart_live_row *r, struct error *e)
{
	enum occurrence_seen seen;
	int64_t seen_id;

	TRY(may_see(c, r->branch_id, r->teacher_id, r->is_staff, e));
	if (r->attendance_id == COLUMN_NULL)
		return RC_OK;
	TRY(session_seen(c, &seen, &seen_id, e));
	return may_see(c, r->of_branch_id, r->of_teacher_id, r->is_of_staff, e);
}

enum rc smart_live_get(struct core *c, int64_t occurrence_id, size_t limit, struct smart_live *ret,
		       struct error *e)
{
	struct smart_live live = { .occurrence_id = occurrence_id };
	struct smart_live_row row;

	TRY(smart_live_read(c->db, occurrence_id, c->who->person_id, c->arena, &row, e));
	TRY(check(c, &row, e));
	*ret = live;
	if (row.attendance_id == COLUMN_NULL)
		return RC_OK;
	live.is_there = true;
	live.mode = row.mode.n ? row.mode : str_from(smart_modes[SMART_SELF_CHECKIN]);
	live.n_here = row.n_here;
	live.n_flagged = row.n_flagged;
	live.n_suspects = row.n_suspects;
	TRY(smart_live_expected(c->db, &row, c->arena, &live.n_expected, e));
	TRY(smart_latest(c, occurrence_id, row.attendance_id, limit, &live.latest, &live.n_latest,
			 e));
	*ret = live;
	return RC_OK;
}
