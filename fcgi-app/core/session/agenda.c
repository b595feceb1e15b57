/*
 * A student's day; see agenda.h.
 */
#include "core/session/agenda.h"

#include "store/agenda.h"

static struct agenda_row row_of(const struct agenda_stored *s)
{
	return (struct agenda_row){ .occurrence_id = s->occurrence_id,
				    .attendance_id = s->attendance_id,
				    .attempt_id = s->attempt_id,
				    .title = s->title,
				    .room = s->room,
				    .course_code = s->course_code,
				    .teacher_name = s->teacher_name,
				    .start_tod = s->start_time,
				    .end_tod = s->end_time,
				    .starts_at = s->starts_at,
				    .ends_at = s->ends_at,
				    .is_cancelled = str_eq(s->state, STR("cancelled")),
				    .is_waiting = s->is_waiting != 0,
				    .mark = mark_from(s->status) };
}

/* attendance_auto_open says the last word: this is what a student is offered. */
static enum rc fill_may_open(struct core *c, const struct agenda_stored *s, struct agenda_row *row,
			     struct error *e)
{
	struct policy policy;

	if (row->attendance_id != COLUMN_NULL || !str_eq(s->state, STR("scheduled")) ||
	    c->now_us < row->starts_at || c->now_us >= row->ends_at)
		return RC_OK;
	TRY(policy_in_force(c->db, c->arena, s->branch_id, s->course_id, &policy, e));
	row->may_open = policy.auto_open;
	return RC_OK;
}

enum rc agenda_of_day(struct core *c, int32_t day, const struct agenda_row **ret_rows,
		      size_t *ret_n, struct error *e)
{
	const struct agenda_stored *stored;
	struct agenda_row *rows;
	size_t n;

	if (c->who->role != ROLE_STUDENT || c->who->person_id == COLUMN_NULL)
		return ERROR(e, RC_DENIED, REASON_STUDENT_ONLY, "role %s", role_name(c->who->role));
	TRY(agenda_rows(c->db, c->who->person_id, day, AGENDA_MAX, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n ? n : 1, struct agenda_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		rows[i] = row_of(&stored[i]);
		TRY(fill_may_open(c, &stored[i], &rows[i], e));
	}
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}
