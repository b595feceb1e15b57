/*
 * One session: everything about it, what the viewer may do, its history.
 */
#include "core/session/session.h"

#include "core/session/change.h"
#include "core/session/session_row.h"

static const char *const state_names[SESSION_STATE__MAX] = {
	[SESSION_PLANNED] = "planned",         [SESSION_LIVE] = "live",
	[SESSION_TO_COMPLETE] = "to_complete", [SESSION_RETURNED] = "returned",
	[SESSION_COMPLETED] = "completed",     [SESSION_CHECKED] = "checked",
	[SESSION_CANCELLED] = "cancelled",
};

const char *session_state_name(enum session_state s)
{
	BUG(s >= SESSION_STATE__MAX);
	return state_names[s];
}

enum session_state session_state_of(struct str state, struct str completion_state,
				    int64_t starts_at, int64_t ends_at, int64_t now_at)
{
	if (str_eq(state, STR("cancelled")))
		return SESSION_CANCELLED;
	if (str_eq(state, STR("completed")))
		return str_eq(completion_state, STR("checked")) ? SESSION_CHECKED
								: SESSION_COMPLETED;
	if (str_eq(completion_state, STR("returned")))
		return SESSION_RETURNED;
	if (now_at < starts_at)
		return SESSION_PLANNED;
	return now_at < ends_at ? SESSION_LIVE : SESSION_TO_COMPLETE;
}

int64_t session_late_min(int32_t planned, int32_t actual)
{
	if (actual == NO_DAY)
		return COLUMN_NULL;
	return (actual - planned) / 60; /* towards zero */
}

bool session_is_open(struct str state, int64_t starts_at, int64_t now_at)
{
	return str_eq(state, STR("scheduled")) && now_at >= starts_at - SESSION_EARLY_US;
}

static int64_t or_zero(int64_t v)
{
	return v == COLUMN_NULL ? 0 : v;
}

static struct session_row row_of(const struct core *c, const struct occurrence_row *o)
{
	return (struct session_row){
		.id = o->id,
		.completion_id = o->completion_id,
		.version = o->version,
		.state = session_state_of(o->state, o->completion_state, o->starts_at, o->ends_at,
					  c->now_us),
		.title = o->title,
		.room = o->room,
		.course_id = o->course_id,
		.class_id = o->class_id,
		.course_code = o->course_code,
		.class_name = o->class_name,
		.teacher_name = o->teacher_name,
		.teacher_id = o->teacher_id,
		.day = o->session_date,
		.start_tod = o->start_time,
		.end_tod = o->end_time,
		.actual_start_tod = o->actual_start,
		.actual_end_tod = o->actual_end,
		.starts_at = o->starts_at,
		.ends_at = o->ends_at,
		.moved_from_day = o->moved_from_date,
		.n_enrolled = or_zero(o->n_members),
		.late_min = session_late_min(o->start_time, o->actual_start),
		.over_min = session_late_min(o->end_time, o->actual_end),
		.code = o->code,
		.n_notes = or_zero(o->note_count),
		.n_files = or_zero(o->file_count),
		.return_reason = o->return_reason,
		.cancel_reason = o->cancel_reason,
		.cancelled_by = o->cancelled_by_name,
		.cancelled_by_schedule = str_eq(o->cancel_cause, STR("schedule")),
		.may_complete = session_is_open(o->state, o->starts_at, c->now_us),
	};
}

static void put_may(const struct core *c, const struct occurrence_row *o, struct session_detail *d)
{
	struct subject subject = session_subject(o, COLUMN_NULL), undo;
	bool is_scheduled = str_eq(o->state, STR("scheduled"));
	bool is_cancelled = str_eq(o->state, STR("cancelled"));
	bool is_checked = d->row.state == SESSION_CHECKED;
	bool is_completed = d->row.state == SESSION_COMPLETED;
	int64_t done_at = is_cancelled ? o->cancelled_at : o->completed_at;
	int64_t done_by = is_cancelled ? o->cancelled_by : o->completed_by;
	bool may_complete = rights_allow(c->who, ACTION_SESSION_COMPLETE, &subject);
	bool is_admin = rights_allow(c->who, ACTION_SESSION_CHECK, &subject);

	undo = session_subject(o, done_by);
	d->complete_from = o->starts_at - SESSION_EARLY_US;
	d->not_yet = is_scheduled && c->now_us < d->complete_from;
	d->may_complete = is_scheduled && !d->not_yet && may_complete;
	d->may_save_draft = is_scheduled && may_complete;
	d->may_edit = is_completed && rights_allow(c->who, ACTION_SESSION_EDIT, &subject);
	d->may_cancel = is_scheduled && rights_allow(c->who, ACTION_SESSION_CANCEL, &subject);
	d->may_move = is_scheduled && rights_allow(c->who, ACTION_SESSION_MOVE, &subject);
	d->may_move_back = d->may_move && o->moved_from_date != NO_DAY;
	d->may_undo = (is_completed || is_cancelled) && done_at != NO_TIME &&
		      done_by == c->who->account_id && c->now_us - done_at <= SESSION_UNDO_US &&
		      rights_allow(c->who, ACTION_SESSION_REOPEN, &undo);
	d->may_reopen = d->may_undo || ((is_completed || is_cancelled) &&
					rights_allow(c->who, ACTION_SESSION_REOPEN_LATE, &subject));
	d->may_check = is_completed && is_admin;
	d->may_uncheck = is_checked && is_admin;
	d->may_return = (is_completed || is_checked) && is_admin;
	d->may_add_note = !is_cancelled && rights_allow(c->who, ACTION_NOTE_ADD, &subject);
	d->may_add_file = !is_cancelled && rights_allow(c->who, ACTION_FILE_ADD, &subject);
	d->row.may_complete = d->may_complete;
}

enum rc session_get(struct core *c, int64_t occurrence_id, struct session_detail *ret,
		    struct error *e)
{
	struct occurrence_row o;

	TRY(session_read(c, c->db, occurrence_id, ACTION_SESSION_SEE, &o, e));
	*ret = (struct session_detail){
		.row = row_of(c, &o),
		.branch_id = o.branch_id,
		.schedule_id = o.schedule_id,
		.branch_name = o.branch_name,
		.zone = o.zone,
		.course_title = o.course_title,
		.notes = o.notes,
		.code_generated = o.code_generated == 1,
		.completed_by = o.completed_by_name,
		.checked_by = o.checked_by_name,
		.completed_at = o.completed_at,
		.checked_at = o.checked_at,
		.cancelled_at = o.cancelled_at,
		.return_reason = o.return_reason,
		.reopen_reason = o.reopen_reason,
		.reopened_by = o.reopened_by_name,
		.faculty_id = o.faculty_id,
		.employee_id = o.employee_id,
		.created_at = o.created_at,
		.move_reason = o.move_reason,
		.moved_from_start_tod = o.moved_from_time,
		.n_trail = or_zero(o.n_trail),
	};
	put_may(c, &o, ret);
	return RC_OK;
}

enum rc session_last_time(struct core *c, const struct session_detail *s, struct session_last *ret,
			  struct error *e)
{
	struct occurrence_last_row last;
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = occurrence_last(c->db, s->row.course_id, s->row.class_id, s->row.starts_at, c->arena,
			     &last, &mine);
	if (rc == RC_NOT_FOUND) {
		*ret = (struct session_last){ .day = NO_DAY,
					      .actual_start_tod = NO_DAY,
					      .actual_end_tod = NO_DAY };
		return RC_OK;
	}
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	*ret = (struct session_last){ last.id,         last.session_date, last.actual_start,
				      last.actual_end, last.code,         last.follow_up };
	return RC_OK;
}

enum rc session_trail(struct core *c, const struct session_detail *s, size_t limit,
		      const struct session_trail_row **ret_rows, size_t *ret_n, struct error *e)
{
	const struct occurrence_trail_row *stored;
	struct session_trail_row *rows;
	size_t n;

	BUG(limit < 1 || limit > 500);
	TRY(occurrence_trail(c->db, s->row.id, limit, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct session_trail_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct session_trail_row){ stored[i].id,     stored[i].at,
						      stored[i].action, stored[i].actor_name,
						      stored[i].detail, stored[i].file_name };
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}
