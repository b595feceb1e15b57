/*
 * Sessions of contract 000.  See smart.h.
 */
#include "core/attendance/smart.h"

#include "core/rights.h"
#include "core/session/session.h"
#include "core/wall.h"

#define MINUTE_US (60 * US_PER_S)

const char *const smart_modes[] = { "self_checkin", "teams_auto", "hybrid", NULL };

/* ---- reading ----------------------------------------------------------------------------------
 */

static enum attendance_state state_of(const struct core *c, const struct smart_session_row *r)
{
	if (str_eq(r->state, STR("closed")))
		return ATTENDANCE_CLOSED;
	if (c->now_us >= r->closes_at)
		return ATTENDANCE_OVER;
	if (str_eq(r->state, STR("paused")))
		return ATTENDANCE_PAUSED;
	return c->now_us < r->opens_at ? ATTENDANCE_EARLY : ATTENDANCE_OPEN;
}

static void fill(const struct core *c, struct smart_session *s)
{
	const struct smart_session_row *r = &s->row;

	s->is_there = r->attendance_id != COLUMN_NULL;
	s->window_min = r->window_min == COLUMN_NULL ? SMART_WINDOW_DEFAULT : r->window_min;
	s->confirmed_at = NO_TIME;
	if (!s->is_there)
		return;
	s->state = state_of(c, r);
	s->is_active = s->state != ATTENDANCE_CLOSED;
	s->asks_place = !str_eq(r->place_level, STR("off"));
	s->has_place = r->latitude_e7 != COLUMN_NULL && r->longitude_e7 != COLUMN_NULL;
	if (s->has_place)
		s->place = (struct place){ (int32_t)r->latitude_e7, (int32_t)r->longitude_e7 };
	s->mode = r->mode.n ? r->mode : str_from(smart_modes[SMART_SELF_CHECKIN]);
	if (str_eq(r->close_reason, STR("confirmed")))
		s->confirmed_at = r->closed_at;
}

enum rc smart_session_any(struct core *c, int64_t occurrence_id, struct smart_session *ret,
			  struct error *e)
{
	struct smart_session s = { 0 };

	TRY(smart_session_row(c->db, occurrence_id, c->who->person_id, c->arena, &s.row, e));
	fill(c, &s);
	*ret = s;
	return RC_OK;
}

enum rc smart_session_get(struct core *c, int64_t occurrence_id, struct smart_session *ret,
			  struct error *e)
{
	struct smart_session s;
	struct subject subject;

	TRY(smart_session_any(c, occurrence_id, &s, e));
	subject = (struct subject){ .branch_id = s.row.branch_id,
				    .teacher_id = s.row.teacher_id,
				    .owner_id = COLUMN_NULL,
				    .is_class_staff = s.row.is_staff > 0 };
	TRY(rights_check(c->who, ACTION_ATTENDANCE_SEE, &subject, e));
	*ret = s;
	return RC_OK;
}

enum rc smart_is_expected(struct core *c, const struct smart_session *s, bool *ret, struct error *e)
{
	struct checkin_open open;
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = checkin_open_get(c, s->row.attendance_id, &open, &mine);
	*ret = rc == RC_OK;
	if (rc == RC_OK || rc == RC_NOT_FOUND || rc == RC_DENIED)
		return RC_OK;
	*e = mine;
	return rc;
}

/* ---- changing ---------------------------------------------------------------------------------
 */

/* Degrees and such as core/attendance/attendance.h calls them, in this contract's names. */
static void rename_fields(struct error *e)
{
	static const char *const names[][2] = { { "radius_m", "allowed_radius_meters" },
						{ "latitude", "classroom_lat" },
						{ "longitude", "classroom_lng" },
						{ "opens_at", "checkin_window_minutes" },
						{ "closes_at", "checkin_window_minutes" } };

	for (size_t i = 0; i < e->n_fields; i++)
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (str_eq(str_from(e->fields[i].field), str_from(names[k][0])))
				e->fields[i].field = names[k][1];
}

/* A photo that nobody compares yet is for a person to decide; being far from the room flags. */
static void take_levels(struct attendance_open_in *open, bool asks_place)
{
	open->has_levels = true;
	open->level[SIGNAL_PHOTO] = POLICY_MUST;
	open->level[SIGNAL_BROWSER] = POLICY_FLAG;
	open->level[SIGNAL_PLACE] = asks_place ? POLICY_FLAG : POLICY_OFF;
}

/* Both or none: one alone is a fault at the other. */
static enum rc take_place(const struct smart_in *in, const struct smart_session *old,
			  struct attendance_open_in *open, struct error *e)
{
	if (!in->has_latitude && !in->has_longitude)
		return RC_OK;
	if (!old->has_place && in->has_latitude != in->has_longitude)
		return ERROR_FIELD(e, in->has_latitude ? "classroom_lng" : "classroom_lat",
				   REASON_REQUIRED, 0);
	open->place.latitude_e7 = in->has_latitude ? in->latitude_e7 : old->place.latitude_e7;
	open->place.longitude_e7 = in->has_longitude ? in->longitude_e7 : old->place.longitude_e7;
	open->has_place = true;
	return RC_OK;
}

static enum rc put_setting(struct core *c, const struct smart_in *in,
			   const struct smart_session *old, int64_t attendance_id, struct error *e)
{
	struct smart_setting v = {
		.attendance_id = attendance_id,
		.window_min = in->has_window ? in->window_min : old->window_min,
		.teams_meeting_id =
			in->has_teams_id ? in->teams_meeting_id : old->row.teams_meeting_id,
		.teams_meeting_url =
			in->has_teams_url ? in->teams_meeting_url : old->row.teams_meeting_url,
	};

	if (!v.teams_meeting_id.n)
		v.teams_meeting_id.p = NULL;
	if (!v.teams_meeting_url.n)
		v.teams_meeting_url.p = NULL;
	return smart_setting_put(c->db, &v, e);
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static struct attendance_open_in nothing(int64_t occurrence_id)
{
	return (struct attendance_open_in){ .occurrence_id = occurrence_id,
					    .door = DOOR_000,
					    .opens_at = NO_TIME,
					    .late_at = NO_TIME,
					    .closes_at = NO_TIME };
}

static enum rc open_it(struct core *c, const struct smart_in *in, const struct smart_session *s,
		       struct error *e)
{
	struct attendance_open_in open = nothing(s->row.occurrence_id);
	int64_t minutes = in->has_window ? in->window_min : SMART_WINDOW_DEFAULT, id;
	enum rc rc;

	open.mode = str_from(smart_modes[in->mode]);
	open.radius_m = in->has_radius ? in->radius_m : SMART_RADIUS_DEFAULT;
	if (c->now_us < s->row.ends_at) {
		open.opens_at = s->row.starts_at - minutes * MINUTE_US;
		open.closes_at = later(s->row.starts_at, c->now_us) + minutes * MINUTE_US;
	}
	take_levels(&open, in->asks_place);
	TRY(take_place(in, s, &open, e));
	rc = attendance_open(c, &open, &id, e);
	if (rc != RC_OK) {
		rename_fields(e);
		return rc;
	}
	return put_setting(c, in, s, id, e);
}

enum rc smart_create(struct core *c, int64_t occurrence_id, const struct smart_in *in,
		     struct smart_session *ret, struct error *e)
{
	struct smart_session s;

	TRY(smart_session_get(c, occurrence_id, &s, e));
	if (s.is_there)
		return ERROR(e, RC_CONFLICT, REASON_ATTENDANCE_EXISTS, "occurrence %lld",
			     (long long)occurrence_id);
	TRY(open_it(c, in, &s, e));
	return smart_session_get(c, occurrence_id, ret, e);
}

static enum rc change_it(struct core *c, const struct smart_in *in, const struct smart_session *s,
			 struct error *e)
{
	struct attendance_open_in change = nothing(s->row.occurrence_id);
	bool asks_place = in->has_asks_place ? in->asks_place : s->asks_place;
	enum rc rc;

	if (in->has_mode)
		change.mode = str_from(smart_modes[in->mode]);
	if (in->has_asks_place)
		take_levels(&change, asks_place);
	if (in->has_radius)
		change.radius_m = in->radius_m;
	if (in->has_window) {
		change.opens_at = s->row.starts_at - in->window_min * MINUTE_US;
		change.closes_at = later(s->row.starts_at, c->now_us) + in->window_min * MINUTE_US;
	}
	TRY(take_place(in, s, &change, e));
	rc = attendance_change(c, s->row.attendance_id, 0, &change, e);
	if (rc != RC_OK)
		rename_fields(e);
	return rc;
}

enum rc smart_change(struct core *c, int64_t occurrence_id, const struct smart_in *in,
		     struct smart_session *ret, struct error *e)
{
	struct smart_session s;

	TRY(smart_session_get(c, occurrence_id, &s, e));
	if (!s.is_there)
		return ERROR(e, RC_NOT_FOUND, REASON_ATTENDANCE_UNKNOWN, "occurrence %lld",
			     (long long)occurrence_id);
	TRY(change_it(c, in, &s, e));
	TRY(put_setting(c, in, &s, s.row.attendance_id, e));
	return smart_session_get(c, occurrence_id, ret, e);
}

enum rc smart_activate(struct core *c, int64_t occurrence_id, struct smart_session *ret,
		       struct error *e)
{
	const struct smart_in plain = { 0 };
	struct smart_session s;

	TRY(smart_session_get(c, occurrence_id, &s, e));
	if (!s.is_there)
		TRY(open_it(c, &plain, &s, e));
	else if (s.state == ATTENDANCE_PAUSED)
		TRY(attendance_resume(c, s.row.attendance_id, 0, e));
	else if (s.state == ATTENDANCE_CLOSED || s.state == ATTENDANCE_OVER)
		TRY(attendance_reopen(c, s.row.attendance_id, 0, s.window_min, STR("contract 000"),
				      e));
	return smart_session_get(c, occurrence_id, ret, e);
}

enum rc smart_confirm(struct core *c, int64_t occurrence_id, struct smart_session *ret,
		      struct error *e)
{
	struct attendance_closed closed;
	const struct smart_in plain = { 0 };
	struct smart_session s;

	TRY(smart_session_get(c, occurrence_id, &s, e));
	if (!s.is_there) {
		TRY(open_it(c, &plain, &s, e));
		TRY(smart_session_get(c, occurrence_id, &s, e));
	}
	TRY(attendance_close(c, s.row.attendance_id, "confirmed", &closed, e));
	return smart_session_get(c, occurrence_id, ret, e);
}
