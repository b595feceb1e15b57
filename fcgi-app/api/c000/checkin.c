/*
 * Students' check-ins of contract 000 (contracts.md 1.3, 1.4); see door.h.
 *
 * Two addresses, one decision: the class, the window, one check-in each, the place where it is
 * asked for.  A photo is kept for a person to look at, so the answer is mostly `flagged`.
 */
#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c000/render.h"
#include "api/fastapi.h"
#include "core/attendance/photo.h"
#include "web/worker.h"

#define DEVICE_MAX 200

struct c000_checkin_in {
	int64_t session_id;
	struct str latitude, longitude, device_id;
};
FIELDS(c000_self_checkin_fields, c000_checkin_in,
       FIELD(ID, c000_checkin_in, session_id, QUERY, .required = true),
       FIELD(RAW, c000_checkin_in, latitude, ANY), FIELD(RAW, c000_checkin_in, longitude, ANY),
       FIELD(TEXT, c000_checkin_in, device_id, ANY, .max = DEVICE_MAX));
FIELDS(c000_submit_fields, c000_checkin_in,
       FIELD(ID, c000_checkin_in, session_id, QUERY, .required = true),
       FIELD(RAW, c000_checkin_in, latitude, ANY), FIELD(RAW, c000_checkin_in, longitude, ANY));

/* One check-in on its way; status 0: not refused. */
struct attempt {
	struct req *q;
	struct c000_checkin_in in;
	struct smart_session session;
	struct smart_try try;
	const struct req_file *photo;
	struct checkin_result result;
	int status;
	struct str text;
};

static enum rc refuse(struct attempt *t, int status, const char *text)
{
	t->status = status;
	t->text = str_from(text);
	return RC_OK;
}

static enum rc refuse_window(struct attempt *t)
{
	t->status = 400;
	t->text = arena_printf(t->q->core.arena,
			       "Check-in window is %lld min before/after session start",
			       (long long)t->session.window_min);
	return RC_OK;
}

/* ---- reading -----------------------------------------------------------------------------------
 */

static enum rc read_place(struct attempt *t, struct error *e)
{
	struct str latitude = t->in.latitude, longitude = t->in.longitude;
	enum rc rc = RC_OK;

	if (latitude.n && !place_parse_degrees(latitude, 90, &t->try.place.latitude_e7))
		rc = ERROR_FIELD(e, "latitude", REASON_NOT_A_PLACE, 0);
	if (longitude.n && !place_parse_degrees(longitude, 180, &t->try.place.longitude_e7))
		rc = ERROR_FIELD(e, "longitude", REASON_NOT_A_PLACE, 0);
	t->try.has_place = latitude.n && longitude.n;
	return rc;
}

static enum rc read_attempt(struct attempt *t, struct error *e)
{
	struct req *q = t->q;
	enum rc rc = req_read(q, &t->in, e), other;

	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	other = read_place(t, e);
	rc = other == RC_OK ? rc : other;
	t->try.address = q->address;
	for (size_t i = 0; i < q->n_files && !t->photo; i++)
		if (str_eq(q->files[i].field, STR("photo")))
			t->photo = &q->files[i];
	if (!t->photo)
		rc = ERROR_FIELD(e, "photo", REASON_FILE_MISSING, 0);
	return rc;
}

/* ---- what is asked before a photo is kept
 * -------------------------------------------------------- */

static enum rc find_session(struct attempt *t, struct error *e)
{
	struct smart_session *s = &t->session;
	bool is_expected;
	enum rc rc = smart_session_any(&t->q->core, t->in.session_id, s, e);

	if (rc == RC_NOT_FOUND)
		return refuse(t, 404, "Session not found");
	TRY(rc);
	if (!s->is_there)
		return refuse(t, 404, "Attendance session not configured");
	TRY(smart_is_expected(&t->q->core, s, &is_expected, e));
	if (!is_expected)
		return refuse(t, 403, "You are not in the correct class for this session");
	if (s->state == ATTENDANCE_CLOSED && !str_eq(s->row.close_reason, STR("time")))
		return refuse(t, 404, "Session attendance not activated by trainer");
	if (s->state == ATTENDANCE_CLOSED || s->state == ATTENDANCE_OVER ||
	    s->state == ATTENDANCE_EARLY)
		return refuse_window(t);
	if (s->asks_place && !t->try.has_place)
		return refuse(t, 400, "Location data required for this session");
	if (s->asks_place && !s->has_place)
		return refuse(t, 500, "Classroom location not configured");
	return RC_OK;
}

static enum rc keep_photo(struct attempt *t, struct error *e)
{
	struct req *q = t->q;
	enum rc rc = photo_store(&q->core, q->worker->web->files,
				 &(struct photo_in){ .fd = q->spool.fd,
						     .offset = t->photo->offset,
						     .length = t->photo->n,
						     .bytes = req_file_bytes(q, t->photo) },
				 &t->try.photo_file, e);

	if (rc == RC_TOO_BIG)
		return refuse(t, 400, "Photo trop volumineuse (max 10MB)");
	return rc == RC_INVALID ? ERROR_FIELD(e, "photo", e->reason, e->arg) : rc;
}

/* ---- the answer of the rules
 * --------------------------------------------------------------------- */

static bool is_fault(const struct error *e)
{
	return e->rc == RC_INTERNAL || e->rc == RC_NO_MEMORY || e->rc == RC_DEPENDENCY ||
	       e->rc == RC_NO_SPACE || e->rc == RC_TIMEOUT || e->rc == RC_NOT_SIGNED_IN ||
	       (e->rc == RC_BUSY && e->reason != REASON_TRIES_USED);
}

static enum rc refuse_as(struct attempt *t, const struct error *e)
{
	switch ((int)e->reason) {
	case REASON_ALREADY_IN:
	case REASON_ALREADY_WAITING:
		return refuse(t, 400, "You already checked in for this session");
	case REASON_NOT_ENROLLED:
	case REASON_ENROLLED_LATER:
	case REASON_WRONG_CLASS:
		return refuse(t, 403, "You are not in the correct class for this session");
	case REASON_ATTENDANCE_EARLY:
	case REASON_ATTENDANCE_CLOSED:
		return refuse_window(t);
	case REASON_PHOTO_FAILED:
		return refuse(t, 401,
			      "Face verification failed. This check-in has been flagged for "
			      "review.");
	default:
		t->status = 400;
		t->text = fastapi_text(t->q, e);
		return RC_OK;
	}
}

static enum rc submit(struct attempt *t, struct error *e)
{
	struct core *c = &t->q->core;
	enum rc rc = smart_checkin_submit(c, t->session.row.attendance_id, &t->try, &t->result, e);

	if (rc == RC_OK)
		return RC_OK;
	return is_fault(e) ? rc : refuse_as(t, e);
}

static enum rc check_in(struct attempt *t, struct error *e)
{
	TRY(read_attempt(t, e));
	TRY(find_session(t, e));
	if (!t->status)
		TRY(keep_photo(t, e));
	return t->status ? RC_OK : submit(t, e);
}

/* ---- the two addresses
 * ----------------------------------------------------------------------------- */

enum rc c000_self_checkin(struct req *q, struct resp *r, struct error *e)
{
	struct attempt t = { .q = q };
	struct smart_checkin c;
	struct c000_sent sent;
	struct json_out o;

	if (q->who.person_id == COLUMN_NULL)
		return c000_refuse(r, 404, STR("Student record not found"));
	TRY(check_in(&t, e));
	if (t.status)
		return c000_refuse(r, t.status, t.text);
	TRY(smart_checkin_get(&q->core, t.result.attempt_id, &c, e));
	sent = (struct c000_sent){ t.try.has_place, t.try.place, t.in.device_id, q->address };
	o = resp_json(r);
	r->status = 201;
	c000_checkin(&o, q->core.arena, &c, &sent);
	return RC_OK;
}

/* What is not open has one name here. */
static enum rc refuse_submit(struct resp *r, const struct attempt *t)
{
	if (t->status == 404)
		return c000_refuse(r, 404, STR("Session not active or not found"));
	return c000_refuse(r, t->status, t->text);
}

enum rc c000_submit_checkin(struct req *q, struct resp *r, struct error *e)
{
	struct attempt t = { .q = q };
	struct smart_checkin c;
	struct json_out o;

	if (q->who.person_id == COLUMN_NULL)
		return c000_refuse(r, 404, STR(C000_NO_PROFILE));
	TRY(check_in(&t, e));
	if (t.status)
		return refuse_submit(r, &t);
	TRY(smart_checkin_get(&q->core, t.result.attempt_id, &c, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_cz(&o, "status", decision_name(c.decision));
	if (c.decision == DECISION_APPROVED)
		json_out_key_cz(&o, "message", "Check-in successful");
	else
		json_out_key_str(&o, "message", c000_why(q->core.arena, &c));
	json_out_key_null(&o, "face_confidence");
	json_out_key_bool(&o, "liveness_passed", false);
	json_out_key_bool(&o, "location_verified", c.place_passed);
	json_out_key_i64(&o, "checkin_id", c.id);
	json_out_object_end(&o);
	return RC_OK;
}

/* ---- what is open
 * ----------------------------------------------------------------------------------- */

enum rc c000_active_sessions(struct req *q, struct resp *r, struct error *e)
{
	const struct checkin_open *rows;
	struct json_out o;
	size_t n;

	if (q->who.person_id == COLUMN_NULL)
		return c000_refuse(r, 404, STR(C000_NO_PROFILE));
	TRY(checkin_open_list(&q->core, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		const struct checkin_open *s = &rows[i];

		if (s->occurrence_id == COLUMN_NULL || s->state == ATTENDANCE_PAUSED)
			continue;
		json_out_object(&o);
		json_out_key_i64(&o, "id", s->occurrence_id);
		json_out_key_str(&o, "title", s->title);
		json_out_key_str(&o, "class_name", s->class_name);
		c000_key_day(&o, "date", s->session_date);
		c000_key_tod(&o, "start_time", s->start_tod);
		c000_key_tod(&o, "end_time", s->end_tod);
		json_out_key_str(&o, "trainer_name", s->teacher_name);
		json_out_key_bool(&o, "is_attendance_active", true);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	return RC_OK;
}
