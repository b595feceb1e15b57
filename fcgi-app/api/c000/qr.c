/*
 * QR check-in of contract 000 (contracts.md 1.5); see door.h.
 */
#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c000/render.h"
#include "api/fastapi.h"
#include "doc/png.h"

#define TOKEN_MAX 500
#define SCALE     8 /* pixels of a module */

enum rc c000_qr_generate(struct req *q, struct resp *r, struct error *e)
{
	struct arena *a = q->core.arena;
	struct c000_session_in in;
	struct smart_qr qr;
	struct str png, base = q->core.config->base_url;

	TRY(req_read(q, &in, e));
	TRY(smart_qr_make(&q->core, in.session_id, &qr, e));
	resp_header(r, "X-QR-Token", arena_str(a, str_from(qr.text)));
	r->cache = RESP_CACHE_NONE;
	if (q->wants_json && str_find(q->accept, STR("image/")) == SIZE_MAX) {
		struct json_out o = resp_json(r);

		json_out_object(&o);
		json_out_key_cz(&o, "token", qr.text);
		json_out_key_i64(&o, "session_id", qr.occurrence_id);
		c000_key_time(&o, "expires_at", qr.expires_at);
		json_out_object_end(&o);
		return RC_OK;
	}
	TRY(png_qr(a, arena_printf(a, "%.*s/student/qr-checkin?token=%s", STR_ARG(base), qr.text),
		   SCALE, &png, e));
	r->type = STR("image/png");
	resp_header(r, "Content-Disposition",
		    arena_printf(a, "inline; filename=qr_session_%lld.png",
				 (long long)qr.occurrence_id));
	buf_add(&r->body, png);
	return RC_OK;
}

struct c000_qr_in {
	struct str token, gps_lat, gps_lng;
};
FIELDS(c000_qr_checkin_fields, c000_qr_in,
       FIELD(RAW, c000_qr_in, token, FORM, .required = true, .max = TOKEN_MAX),
       FIELD(RAW, c000_qr_in, gps_lat, FORM), FIELD(RAW, c000_qr_in, gps_lng, FORM));
FIELDS(c000_qr_verify_fields, c000_qr_in,
       FIELD(RAW, c000_qr_in, token, PATH, .required = true, .max = TOKEN_MAX));

static enum rc read_checkin(struct req *q, struct c000_qr_in *in, struct smart_try *ret,
			    struct error *e)
{
	enum rc rc = req_read(q, in, e);

	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	if (in->gps_lat.n && !place_parse_degrees(in->gps_lat, 90, &ret->place.latitude_e7))
		rc = ERROR_FIELD(e, "gps_lat", REASON_NOT_A_PLACE, 0);
	if (in->gps_lng.n && !place_parse_degrees(in->gps_lng, 180, &ret->place.longitude_e7))
		rc = ERROR_FIELD(e, "gps_lng", REASON_NOT_A_PLACE, 0);
	ret->has_place = in->gps_lat.n && in->gps_lng.n;
	ret->address = q->address;
	return rc;
}

static enum rc refuse_checkin(struct req *q, struct resp *r, const struct error *e)
{
	if (e->rc == RC_INTERNAL || e->rc == RC_NO_MEMORY || e->rc == RC_DEPENDENCY ||
	    e->rc == RC_TIMEOUT || e->rc == RC_NOT_SIGNED_IN ||
	    (e->rc == RC_BUSY && e->reason != REASON_TRIES_USED))
		return e->rc;
	if (e->reason == REASON_ALREADY_IN || e->reason == REASON_ALREADY_WAITING)
		return c000_refuse(r, 400, STR("Already checked in for this session"));
	if (e->reason == REASON_NOT_ENROLLED || e->reason == REASON_WRONG_CLASS ||
	    e->reason == REASON_ENROLLED_LATER)
		return c000_refuse(r, 403,
				   STR("You are not in the correct class for this session"));
	return c000_refuse(r, 400, fastapi_text(q, e));
}

enum rc c000_qr_checkin(struct req *q, struct resp *r, struct error *e)
{
	struct checkin_result done = { 0 };
	struct smart_try try = { 0 };
	struct c000_qr_in in;
	struct smart_qr qr;
	struct json_out o;
	enum rc rc;

	TRY(read_checkin(q, &in, &try, e));
	if (q->who.person_id == COLUMN_NULL)
		return c000_refuse(r, 400, STR(C000_NO_PROFILE));
	rc = smart_qr_read(&q->core, in.token, &qr, e);
	if (rc == RC_INVALID)
		return c000_refuse(r, 400, STR("Invalid or expired QR code"));
	TRY(rc);
	try.qr_token = str_from(qr.rotating);
	if (smart_checkin_submit(&q->core, qr.attendance_id, &try, &done, e) != RC_OK)
		return refuse_checkin(q, r, e);
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_bool(&o, "success", true);
	json_out_key_i64(&o, "attendance_id", done.record_id ? done.record_id : done.attempt_id);
	json_out_key_i64(&o, "session_id", qr.occurrence_id);
	c000_key_time(&o, "checked_in_at", done.happened_at);
	json_out_object_end(&o);
	return RC_OK;
}

enum rc c000_qr_verify(struct req *q, struct resp *r, struct error *e)
{
	struct c000_qr_in in;
	struct smart_qr qr;
	struct json_out o;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = smart_qr_read(&q->core, in.token, &qr, e);
	if (rc == RC_INVALID)
		return c000_refuse(r, 404, STR("Invalid or expired QR code"));
	TRY(rc);
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_bool(&o, "valid", true);
	json_out_key_i64(&o, "session_id", qr.occurrence_id);
	c000_key_time(&o, "expires_at", qr.expires_at);
	json_out_object_end(&o);
	return RC_OK;
}
