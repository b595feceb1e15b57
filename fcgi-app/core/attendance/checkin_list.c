/*
 * What students can check in to, whose a code is, and one attempt as people may see it.
 */
#include "core/attendance/checkin.h"

#include "core/attendance/checkin_row.h"
#include "core/wall.h"

static void fill_levels(const struct checkin_open_row *r, struct checkin_open *o)
{
	o->level[SIGNAL_CODE] = policy_level_from(r->code_level);
	o->level[SIGNAL_PLACE] = policy_level_from(r->place_level);
	o->level[SIGNAL_NETWORK] = policy_level_from(r->network_level);
	o->level[SIGNAL_PHOTO] = policy_level_from(r->photo_level);
	o->level[SIGNAL_BROWSER] = policy_level_from(r->device_level);
	o->has_place = r->latitude_e7 != COLUMN_NULL && r->longitude_e7 != COLUMN_NULL;
	if (o->has_place)
		o->place = (struct place){ (int32_t)r->latitude_e7, (int32_t)r->longitude_e7 };
}

static void fill(const struct core *c, const struct checkin_open_row *r, struct checkin_open *o)
{
	bool is_waiting = r->open_attempt_id != COLUMN_NULL;

	*o = (struct checkin_open){
		.attendance_id = r->attendance_id,
		.occurrence_id = r->occurrence_id,
		.uuid = r->uuid,
		.title = r->title,
		.room = r->room,
		.course_code = r->course_code,
		.course_title = r->course_title,
		.class_name = r->class_name,
		.teacher_name = r->teacher_name,
		.zone = r->zone,
		.state = attendance_state_at(r->state, r->opens_at, r->closes_at, c->now_us),
		.session_date = r->session_date,
		.start_tod = r->planned_start != NO_DAY ? r->planned_start
							: core_wall(c, r->zone, r->opens_at).tod,
		.end_tod = r->planned_end != NO_DAY ? r->planned_end
						    : core_wall(c, r->zone, r->closes_at).tod,
		.starts_at = r->starts_at != NO_TIME ? r->starts_at : r->opens_at,
		.opens_at = r->opens_at,
		.late_at = r->late_at,
		.closes_at = r->closes_at,
		.radius_m = r->radius_m,
		.evidence_days = r->evidence_days,
		.mark = mark_from(r->mark),
		.is_waiting = is_waiting,
		.marked_at = is_waiting ? r->open_attempt_at : r->marked_at,
		.attempt_id = r->attempt_id == COLUMN_NULL ? 0 : r->attempt_id,
	};
	fill_levels(r, o);
}

enum rc checkin_open_list(struct core *c, const struct checkin_open **ret_rows, size_t *ret_n,
			  struct error *e)
{
	const struct checkin_open_row *stored;
	struct checkin_open *rows;
	size_t n;

	TRY(checkin_need_student(c, e));
	TRY(checkin_open_rows(c->db, c->who->branch_id, c->who->person_id, c->now_us, c->arena,
			      &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct checkin_open);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		fill(c, &stored[i], &rows[i]);
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

enum rc checkin_open_get(struct core *c, int64_t attendance_id, struct checkin_open *ret,
			 struct error *e)
{
	struct checkin_open_row row;

	TRY(checkin_need_student(c, e));
	TRY(checkin_open_row_get(c->db, attendance_id, c->who->person_id, c->arena, &row, e));
	fill(c, &row, ret);
	return RC_OK;
}

/* ---- one attempt ---- */

static enum reason reason_of(struct str code)
{
	for (int i = 0; code.n && i < REASON__MAX; i++)
		if (str_eq(code, str_from(reason_code((enum reason)i))))
			return (enum reason)i;
	return REASON_NONE;
}

static enum checkin_path path_of(struct str word)
{
	for (int i = 0; i < CHECKIN_PATH__MAX; i++)
		if (str_eq(word, str_from(checkin_path_name((enum checkin_path)i))))
			return (enum checkin_path)i;
	return CHECKIN_FORM;
}

static enum rc may_see(struct core *c, const struct checkin_attempt_row *row, struct error *e)
{
	struct attendance session;

	if (c->who->role == ROLE_STUDENT && row->person_id != COLUMN_NULL &&
	    row->person_id == c->who->person_id)
		return RC_OK;
	if (!who_is_staff(c->who) || row->attendance_id == COLUMN_NULL)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "attempt %lld is not theirs",
			     (long long)row->id);
	return attendance_see(c, row->attendance_id, &session, e);
}

void checkin_attempt_fill(const struct checkin_attempt_row *row, struct checkin_attempt *ret)
{
	*ret = (struct checkin_attempt){
		.id = row->id,
		.attendance_id = row->attendance_id == COLUMN_NULL ? 0 : row->attendance_id,
		.person_id = row->person_id == COLUMN_NULL ? 0 : row->person_id,
		.student_name = row->student_name,
		.student_code = row->student_code,
		.happened_at = row->happened_at,
		.learned_at = row->learned_at,
		.path = path_of(row->path),
		.decision = str_eq(row->decision, STR("approved"))  ? DECISION_APPROVED
			    : str_eq(row->decision, STR("flagged")) ? DECISION_FLAGGED
								    : DECISION_REJECTED,
		.reason = reason_of(row->reason),
		.mark = mark_from(row->status),
		.late_s = row->late_s,
		.decided_state = row->decided_state,
		.decided_by_name = row->decided_by_name,
		/* Of others it is a note (register_note), which is for staff. */
		.decided_why = str_eq(row->decided_state, STR("approved")) ||
					       str_eq(row->decided_state, STR("rejected"))
				       ? row->decided_why
				       : (struct str){ 0 },
		.decided_at = row->decided_at,
		.photo_file = row->photo_file,
		.tries_left = row->max_tries == COLUMN_NULL || row->max_tries < row->n_failed
				      ? 0
				      : row->max_tries - row->n_failed,
	};
	signals_read(row->signals, &ret->signals);
}

enum rc checkin_attempt_get(struct core *c, int64_t attempt_id, struct checkin_attempt *ret,
			    struct error *e)
{
	struct checkin_attempt_row row;

	if (c->who->role == ROLE_NONE)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_SIGN_IN, "nobody is signed in");
	TRY(checkin_attempt_read(c->db, attempt_id, c->arena, &row, e));
	TRY(may_see(c, &row, e));
	checkin_attempt_fill(&row, ret);
	return RC_OK;
}
