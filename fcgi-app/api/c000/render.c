/* Rows of contract 000; see render.h. */
#include "api/c000/render.h"

#include "view/catalogue.h"

#define DEGREES 1e7

void c000_key_time(struct json_out *o, const char *key, int64_t us)
{
	char at[28];
	struct str s = us_format_iso(us, at);

	if (us == NO_TIME) {
		json_out_key_null(o, key);
		return;
	}
	s.n -= us % US_PER_S == 0 ? sizeof ".000000Z" - 1 : sizeof "Z" - 1;
	json_out_key_str(o, key, s);
}

void c000_key_day(struct json_out *o, const char *key, int32_t day)
{
	char text[11];

	json_out_key_str(o, key, day_format(day, text));
}

void c000_key_tod(struct json_out *o, const char *key, int32_t tod)
{
	char text[9];

	json_out_key_str(o, key, tod_format(tod, text));
}

void c000_key_text(struct json_out *o, const char *key, struct str v)
{
	if (v.n)
		json_out_key_str(o, key, v);
	else
		json_out_key_null(o, key);
}

void c000_key_id(struct json_out *o, const char *key, int64_t v)
{
	if (v == COLUMN_NULL)
		json_out_key_null(o, key);
	else
		json_out_key_i64(o, key, v);
}

static void key_double(struct json_out *o, const char *key, double v)
{
	json_out_key(o, str_from(key));
	json_out_double(o, v);
}

void c000_key_rate(struct json_out *o, const char *key, int64_t part, int64_t all)
{
	int64_t hundredths = all > 0 ? (part * 10000 + all / 2) / all : 0;

	key_double(o, key, (double)hundredths / 100);
}

int64_t c000_all(const struct smart_counts *n)
{
	return n->n_present + n->n_late + n->n_excused + n->n_absent;
}

const char *const c000_alert_levels[] = { "none", "warning", "critical", "failing", NULL };

/* By the rate of absence: under 15, 20 and 25 in the hundred. */
const char *c000_alert_level(const struct smart_counts *n)
{
	static const int64_t below[] = { 15, 20, 25 };
	int64_t all = c000_all(n);
	size_t level = 0;

	while (all > 0 && level < ARRAY_LEN(below) && n->n_absent * 100 >= all * below[level])
		level++;
	return c000_alert_levels[level];
}

static void key_degrees(struct json_out *o, const char *key, bool is_there, int32_t e7)
{
	if (is_there)
		key_double(o, key, (double)e7 / DEGREES);
	else
		json_out_key_null(o, key);
}

/* ---- sessions
 * ------------------------------------------------------------------------------------ */

void c000_session(struct json_out *o, const struct smart_session *s)
{
	json_out_object(o);
	json_out_key_i64(o, "id", s->row.attendance_id);
	json_out_key_i64(o, "session_id", s->row.occurrence_id);
	json_out_key_str(o, "mode", s->mode);
	json_out_key_i64(o, "checkin_window_minutes", s->window_min);
	json_out_key_bool(o, "location_verification_enabled", s->asks_place);
	key_degrees(o, "classroom_lat", s->has_place, s->place.latitude_e7);
	key_degrees(o, "classroom_lng", s->has_place, s->place.longitude_e7);
	c000_key_id(o, "allowed_radius_meters", s->row.radius_m);
	c000_key_text(o, "teams_meeting_id", s->row.teams_meeting_id);
	c000_key_text(o, "teams_meeting_url", s->row.teams_meeting_url);
	json_out_key_bool(o, "is_active", s->is_active);
	c000_key_time(o, "activated_at", s->row.opens_at);
	c000_key_time(o, "confirmed_at", s->confirmed_at);
	c000_key_time(o, "created_at", s->row.created_at);
	c000_key_time(o, "updated_at", s->row.updated_at);
	json_out_object_end(o);
}

/* ---- check-ins
 * ----------------------------------------------------------------------------------- */

struct str c000_why(struct arena *a, const struct smart_checkin *c)
{
	struct str s;

	if (c->decision == DECISION_APPROVED)
		return (struct str){ 0 };
	if (c->decision == DECISION_REJECTED && c->decided_why.n)
		return c->decided_why;
	if (c->reason == REASON_PLACE_OUT && c->distance_m >= 0)
		return arena_printf(a, "Too far from classroom (%lldm > %lldm)",
				    (long long)c->distance_m, (long long)c->allowed_m);
	s = catalogue_text_n(a, LANG_EN, reason_text(c->reason), 0);
	return s.p ? s : str_from(reason_text(c->reason));
}

void c000_key_photo(struct json_out *o, struct arena *a, const char *key, int64_t checkin_id,
		    bool has_photo)
{
	struct str path = has_photo ? arena_printf(a, "/api/smart-attendance/checkins/%lld/photo",
						   (long long)checkin_id)
				    : (struct str){ 0 };

	c000_key_text(o, key, path);
}

/* No verifier of faces is connected: nothing is said about one. */
void c000_checkin(struct json_out *o, struct arena *a, const struct smart_checkin *c,
		  const struct c000_sent *own)
{
	bool has_place = own && own->has_place;

	json_out_object(o);
	json_out_key_i64(o, "id", c->id);
	c000_key_id(o, "attendance_session_id", c->attendance_id);
	c000_key_id(o, "student_id", c->person_id);
	json_out_key_null(o, "face_confidence");
	json_out_key_bool(o, "liveness_passed", false);
	json_out_key_bool(o, "location_verified", c->place_passed);
	key_degrees(o, "checkin_lat", has_place, has_place ? own->place.latitude_e7 : 0);
	key_degrees(o, "checkin_lng", has_place, has_place ? own->place.longitude_e7 : 0);
	if (c->distance_m >= 0)
		key_double(o, "distance_from_class_meters", (double)c->distance_m);
	else
		json_out_key_null(o, "distance_from_class_meters");
	c000_key_photo(o, a, "verification_photo_path", c->id, c->has_photo);
	c000_key_text(o, "device_id", own ? own->device_id : (struct str){ 0 });
	c000_key_text(o, "ip_address", own ? own->address : (struct str){ 0 });
	json_out_key_cz(o, "status", decision_name(c->decision));
	c000_key_text(o, "rejection_reason", c000_why(a, c));
	c000_key_time(o, "created_at", c->at);
	json_out_object_end(o);
}

/* ---- marks
 * --------------------------------------------------------------------------------------- */

struct str c000_via(struct str method)
{
	static const char *const words[][2] = {
		{ "teacher", "manual" },         { "excuse", "manual" },
		{ "auto", "auto_confirmation" }, { "qr", "qr_code" },
		{ "form", "self_checkin" },      { "json", "self_checkin" },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq(method, str_from(words[i][0])))
			return str_from(words[i][1]);
	return method;
}

void c000_record(struct json_out *o, const struct smart_record_row *r)
{
	bool was_there = str_eq(r->status, STR("present")) || str_eq(r->status, STR("late"));

	json_out_key_i64(o, "id", r->id);
	c000_key_id(o, "session_id", r->occurrence_id);
	json_out_key_i64(o, "student_id", r->person_id);
	json_out_key_str(o, "status", r->status);
	json_out_key_str(o, "marked_via", c000_via(r->method));
	json_out_key_null(o, "facial_confidence");
	json_out_key_null(o, "verification_photo_path");
	c000_key_time(o, "marked_at", r->happened_at);
	c000_key_time(o, "actual_arrival_time", was_there ? r->happened_at : NO_TIME);
	json_out_key_i64(o, "late_minutes", r->late_s == COLUMN_NULL ? 0 : r->late_s / 60);
	json_out_key_null(o, "percentage");
	c000_key_text(o, "justification", r->remark);
}
