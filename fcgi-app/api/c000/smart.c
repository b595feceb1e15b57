/*
 * Smart attendance of contract 000 (contracts.md 1.3); see door.h.
 */
#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c000/render.h"
#include "base/num.h"
#include "web/photo_send.h"

#define RECENT   10
#define TEXT_MAX 200
#define URL_MAX  1000
#define WHY_MAX  500

FIELDS(c000_session_path_fields, c000_session_in,
       FIELD(ID, c000_session_in, session_id, PATH, .required = true));
FIELDS(c000_session_query_fields, c000_session_in,
       FIELD(ID, c000_session_in, session_id, QUERY, .required = true));

/* ---- creating, changing
 * ---------------------------------------------------------------------------- */

struct c000_create_in {
	int64_t session_id, checkin_window_minutes, allowed_radius_meters;
	int mode;
	bool location_verification_enabled;
	struct str classroom_lat, classroom_lng, teams_meeting_id, teams_meeting_url;
};
#define SETTING_FIELDS                                                                             \
	FIELD(INT, c000_create_in, checkin_window_minutes, FORM, .min = SMART_WINDOW_MIN,          \
	      .max = SMART_WINDOW_MAX, .fallback = SMART_WINDOW_DEFAULT),                          \
		FIELD(BOOL, c000_create_in, location_verification_enabled, FORM),                  \
		FIELD(RAW, c000_create_in, classroom_lat, FORM),                                   \
		FIELD(RAW, c000_create_in, classroom_lng, FORM),                                   \
		FIELD(INT, c000_create_in, allowed_radius_meters, FORM, .min = 10, .max = 1000,    \
		      .fallback = SMART_RADIUS_DEFAULT),                                           \
		FIELD(TEXT, c000_create_in, teams_meeting_id, FORM, .max = TEXT_MAX),              \
		FIELD(TEXT, c000_create_in, teams_meeting_url, FORM, .max = URL_MAX)
FIELDS(c000_create_fields, c000_create_in,
       FIELD(ID, c000_create_in, session_id, FORM, .required = true),
       FIELD(CHOICE, c000_create_in, mode, FORM, .words = smart_modes, .required = true),
       SETTING_FIELDS);
FIELDS(c000_change_fields, c000_create_in,
       FIELD(ID, c000_create_in, session_id, PATH, .required = true),
       FIELD(CHOICE, c000_create_in, mode, FORM, .words = smart_modes), SETTING_FIELDS);

static enum rc read_degrees(struct str sent, const char *field, int limit, int32_t *ret_e7,
			    struct error *e)
{
	if (!sent.n || place_parse_degrees(sent, limit, ret_e7))
		return RC_OK;
	return ERROR_FIELD(e, field, REASON_NOT_A_PLACE, 0);
}

static enum rc read_setting(struct req *q, struct c000_create_in *in, struct smart_in *ret,
			    struct error *e)
{
	enum rc rc = req_read(q, in, e), other;

	*ret = (struct smart_in){
		.has_mode = req_has(q, "mode"),
		.has_window = req_has(q, "checkin_window_minutes"),
		.has_asks_place = req_has(q, "location_verification_enabled"),
		.has_latitude = in->classroom_lat.n > 0,
		.has_longitude = in->classroom_lng.n > 0,
		.has_radius = req_has(q, "allowed_radius_meters"),
		.has_teams_id = req_has(q, "teams_meeting_id"),
		.has_teams_url = req_has(q, "teams_meeting_url"),
		.mode = (enum smart_mode)in->mode,
		.window_min = in->checkin_window_minutes,
		.radius_m = in->allowed_radius_meters,
		.asks_place = in->location_verification_enabled,
		.teams_meeting_id = in->teams_meeting_id,
		.teams_meeting_url = in->teams_meeting_url,
	};
	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	other = read_degrees(in->classroom_lat, "classroom_lat", 90, &ret->latitude_e7, e);
	rc = other == RC_OK ? rc : other;
	other = read_degrees(in->classroom_lng, "classroom_lng", 180, &ret->longitude_e7, e);
	return other == RC_OK ? rc : other;
}

enum rc c000_create(struct req *q, struct resp *r, struct error *e)
{
	struct c000_create_in in;
	struct smart_session s;
	struct smart_in wanted;
	struct json_out o;
	enum rc rc;

	TRY(read_setting(q, &in, &wanted, e));
	rc = smart_create(&q->core, in.session_id, &wanted, &s, e);
	if (rc == RC_CONFLICT && e->reason == REASON_ATTENDANCE_EXISTS)
		return c000_refuse(r, 400,
				   STR("Attendance session already exists for this session"));
	TRY(rc);
	o = resp_json(r);
	r->status = 201;
	c000_session(&o, &s);
	return RC_OK;
}

/* Students see it where they are expected. */
static enum rc find(struct req *q, int64_t session_id, struct smart_session *ret, struct error *e)
{
	bool is_expected = true;

	if (q->who.role != ROLE_STUDENT)
		TRY(smart_session_get(&q->core, session_id, ret, e));
	else
		TRY(smart_session_any(&q->core, session_id, ret, e));
	if (ret->is_there && q->who.role == ROLE_STUDENT)
		TRY(smart_is_expected(&q->core, ret, &is_expected, e));
	if (!ret->is_there || !is_expected)
		return ERROR(e, RC_NOT_FOUND, REASON_ATTENDANCE_UNKNOWN, "session %lld",
			     (long long)session_id);
	return RC_OK;
}

enum rc c000_get(struct req *q, struct resp *r, struct error *e)
{
	struct c000_session_in in;
	struct smart_session s;
	struct json_out o;

	TRY(req_read(q, &in, e));
	TRY(find(q, in.session_id, &s, e));
	o = resp_json(r);
	c000_session(&o, &s);
	return RC_OK;
}

enum rc c000_change(struct req *q, struct resp *r, struct error *e)
{
	struct c000_create_in in;
	struct smart_session s;
	struct smart_in wanted;
	struct json_out o;

	TRY(read_setting(q, &in, &wanted, e));
	TRY(smart_change(&q->core, in.session_id, &wanted, &s, e));
	o = resp_json(r);
	c000_session(&o, &s);
	return RC_OK;
}

/* ---- the live snapshot
 * ------------------------------------------------------------------------------- */

static void write_live(struct req *q, struct resp *r, const struct smart_live *l)
{
	struct json_out o = resp_json(r);

	json_out_object(&o);
	json_out_key_i64(&o, "session_id", l->occurrence_id);
	json_out_key_str(&o, "mode", l->mode);
	json_out_key_i64(&o, "total_students_expected", l->n_expected);
	json_out_key_i64(&o, "total_checked_in", l->n_here);
	json_out_key_i64(&o, "pending_verification", l->n_flagged);
	json_out_key_i64(&o, "fraud_flags_count", l->n_suspects);
	json_out_key_array(&o, "recent_checkins");
	for (size_t i = 0; i < l->n_latest; i++)
		c000_checkin(&o, q->core.arena, &l->latest[i], NULL);
	json_out_array_end(&o);
	json_out_key_array(&o, "recent_teams_joins");
	json_out_array_end(&o);
	json_out_object_end(&o);
}

enum rc c000_live(struct req *q, struct resp *r, struct error *e)
{
	struct c000_session_in in;
	struct smart_live live;

	TRY(req_read(q, &in, e));
	TRY(smart_live_get(&q->core, in.session_id, RECENT, &live, e));
	if (!live.is_there)
		return c000_refuse(r, 404, STR("Attendance session not configured"));
	write_live(q, r, &live);
	return RC_OK;
}

/* ---- deciding
 * ------------------------------------------------------------------------------------------- */

static const char *const decisions[] = { "approved", "rejected", NULL };
struct c000_review_in {
	int64_t checkin_id;
	int decision;
	struct str reason;
};
FIELDS(c000_review_fields, c000_review_in,
       FIELD(ID, c000_review_in, checkin_id, PATH, .required = true),
       FIELD(CHOICE, c000_review_in, decision, FORM, .words = decisions, .required = true),
       FIELD(LONG_TEXT, c000_review_in, reason, FORM, .max = WHY_MAX));

enum rc c000_review(struct req *q, struct resp *r, struct error *e)
{
	struct c000_review_in in;
	struct smart_checkin c;
	struct json_out o;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = register_decide(&q->core, in.checkin_id, in.decision == 0, in.reason, e);
	if (rc == RC_CONFLICT)
		return c000_refuse(r, 400, STR("This check-in was already reviewed"));
	TRY(rc);
	TRY(smart_checkin_get(&q->core, in.checkin_id, &c, e));
	o = resp_json(r);
	c000_checkin(&o, q->core.arena, &c, NULL);
	return RC_OK;
}

struct c000_checkin_in {
	int64_t checkin_id;
};
FIELDS(c000_checkin_fields, c000_checkin_in,
       FIELD(ID, c000_checkin_in, checkin_id, PATH, .required = true));

enum rc c000_photo(struct req *q, struct resp *r, struct error *e)
{
	struct checkin_attempt a;
	struct c000_checkin_in in;

	TRY(req_read(q, &in, e));
	TRY(checkin_attempt_get(&q->core, in.checkin_id, &a, e));
	return photo_send(q, r, a.photo_file, e);
}

struct c000_teams_in {
	struct str meeting_id;
};
FIELDS(c000_teams_fields, c000_teams_in, FIELD(TEXT, c000_teams_in, meeting_id, QUERY));

enum rc c000_teams_sync(struct req *q, struct resp *r, struct error *e)
{
	struct c000_teams_in in;

	TRY(req_read(q, &in, e));
	return c000_refuse(r, 501, STR("Teams sync is not implemented"));
}
