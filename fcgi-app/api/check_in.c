/*
 * Check-in by JSON.  Must not know: rules, batches.
 */
#include "api/check_in.h"

#include "core/attendance/checkin_queue.h"
#include "web/worker.h"

enum { CODE_MAX = 64, TOKEN_MAX = 512, NONCE_MAX = 128, ACCURACY_MAX_M = 1000000 };

struct check_in {
	int64_t session_id;
	struct str code, token, nonce;
};
FIELDS(api_check_in_fields, check_in, FIELD(ID, check_in, session_id, FORM),
       FIELD(TEXT, check_in, code, FORM, .max = CODE_MAX),
       FIELD(RAW, check_in, token, FORM, .max = TOKEN_MAX),
       FIELD(RAW, check_in, nonce, FORM, .max = NONCE_MAX));

static DOC_SCHEMA(sent, "CheckIn", "What a student's program sends: one of the first three.",
		  DOC(INT, "session_id", .optional = true, .example = "1",
		      .about = "Id of an attendance session."),
		  DOC(TEXT, "code", .optional = true, .example = "\"K7Q2MX\"",
		      .about = "As typed; also beside session_id, where the session asks for it."),
		  DOC(TEXT, "token", .optional = true, .about = "Of the QR code."),
		  DOC(TEXT, "nonce", .optional = true,
		      .about = "The same again gets the same answer. At most 128 bytes."),
		  DOC(NUMBER, "latitude", .optional = true),
		  DOC(NUMBER, "longitude", .optional = true),
		  DOC(NUMBER, "accuracy", .optional = true, .about = "Metres."));

static const char *const decisions[] = { "approved", "flagged", NULL };
static const char *const marks[] = { "present", "late", NULL };
static DOC_SCHEMA(answer, "CheckedIn", "A check-in that was taken.",
		  DOC(TEXT, "decision", .words = decisions),
		  DOC(TEXT, "reason", .nullable = true, .example = "\"place_unsure\"",
		      .about = "Why it was flagged: a person decides."),
		  DOC(TEXT, "message", .nullable = true,
		      .about = "The same in the language asked for."),
		  DOC(TEXT, "mark", .words = marks, .nullable = true,
		      .about = "Null while a flagged one waits."),
		  DOC(INT, "attempt_id"), DOC(INT, "record_id", .nullable = true),
		  DOC(INT, "session_id"), DOC(TEXT, "title", .example = "\"Software Engineering\""),
		  DOC(TEXT, "student_code"), DOC(INSTANT, "happened_at"),
		  DOC(BOOL, "is_repeat", .about = "This nonce had been answered before."));

const struct route_doc api_check_in_doc = {
	.summary = "Check in",
	.about = "Durable when it is answered. Two tries of one student at one instant make one "
		 "record.",
	.body = &sent,
	DOC_ANSWERS(DOC_SAYS(201, "Checked in, or flagged for a person.", .schema = &answer),
		    DOC_SAYS(200, "The answer this nonce had before.", .schema = &answer)),
};

/* ---- what came ---------------------------------------------------------------------------- */

static bool is_given(const struct json_t *v)
{
	return json_kind(v) != JSON_KIND_ABSENT && json_kind(v) != JSON_KIND_NULL;
}

/* Both or none; an accuracy alone says nothing. */
static enum rc read_place(const struct req *q, struct checkin_in *in, struct error *e)
{
	const struct json_t *lat = json_member(q->json, "latitude");
	const struct json_t *lon = json_member(q->json, "longitude");
	const struct json_t *accuracy = json_member(q->json, "accuracy");
	double y, x;

	in->accuracy_m = -1;
	if (!is_given(lat) && !is_given(lon))
		return RC_OK;
	if (!json_as_double(lat, &y) || !json_as_double(lon, &x) ||
	    !place_from_degrees(y, x, &in->place))
		return ERROR_FIELD(e, is_given(lat) ? "latitude" : "longitude", REASON_NOT_A_PLACE,
				   0);
	in->has_place = true;
	if (!is_given(accuracy))
		return RC_OK;
	if (!json_as_double(accuracy, &in->accuracy_m) || !(in->accuracy_m >= 0))
		return ERROR_FIELD(e, "accuracy", REASON_NOT_A_NUMBER, 0);
	if (in->accuracy_m > ACCURACY_MAX_M)
		return ERROR_FIELD(e, "accuracy", REASON_TOO_LARGE, ACCURACY_MAX_M);
	return RC_OK;
}

static enum rc read_all(struct req *q, struct checkin_in *ret, struct error *e)
{
	struct check_in in;

	if (!q->json)
		return ERROR(e, RC_INVALID, REASON_CONTENT_TYPE, "no JSON");
	TRY(req_read(q, &in, e));
	if (!in.session_id && !in.code.n && !in.token.n)
		return ERROR_FIELD(e, "session_id", REASON_REQUIRED, 0);
	*ret = (struct checkin_in){ .is_unverified = q->who_unverified,
				    .attendance_id = in.session_id,
				    .person_id = COLUMN_NULL,
				    .path = in.token.n ? CHECKIN_QR : CHECKIN_JSON,
				    .nonce = in.nonce,
				    .code = in.code,
				    .token = in.token,
				    .address = q->address,
				    .device_id = COLUMN_NULL,
				    .claimed_at = NO_TIME };
	return read_place(q, ret, e);
}

/* ---- what it says ------------------------------------------------------------------------- */

static void write(const struct req *q, struct resp *r, const struct checkin_result *result)
{
	const struct error why = { .reason = result->reason, .arg = result->arg };
	bool has_reason = result->reason != REASON_NONE;
	struct json_out o;
	char at[28];

	r->status = result->is_repeat ? 200 : 201;
	r->cache = RESP_CACHE_NONE;
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_cz(&o, "decision", decision_name(result->decision));
	json_out_key_cz(&o, "reason", has_reason ? reason_code(result->reason) : NULL);
	if (has_reason)
		json_out_key_str(&o, "message", web_error_text(q, &why));
	else
		json_out_key_null(&o, "message");
	json_out_key_cz(&o, "mark", result->record_id ? mark_name(result->mark) : NULL);
	json_out_key_i64(&o, "attempt_id", result->attempt_id);
	if (result->record_id)
		json_out_key_i64(&o, "record_id", result->record_id);
	else
		json_out_key_null(&o, "record_id");
	json_out_key_i64(&o, "session_id", result->attendance_id);
	json_out_key_str(&o, "title", result->title);
	json_out_key_str(&o, "student_code", result->student_code);
	json_out_key_str(&o, "happened_at", us_format_iso(result->happened_at, at));
	json_out_key_bool(&o, "is_repeat", result->is_repeat);
	json_out_object_end(&o);
}

/* Who may not check in here is told why: nothing is hidden from a student about themselves. */
static enum rc say_why(struct error *e)
{
	if (e->rc == RC_DENIED && e->reason != REASON_DENIED)
		e->rc = RC_INVALID;
	return e->rc;
}

enum rc api_check_in(struct req *q, struct resp *r, struct error *e)
{
	struct committer *together = q->worker->web->check_in;
	struct checkin_result result = { 0 };
	struct checkin_in in;
	enum rc rc;

	TRY(read_all(q, &in, e));
	/* A process without committers: nginx's locations are old. */
	rc = together ? checkin_queue_submit(together, &q->core, &in, &result, e)
		      : checkin_submit(&q->core, &in, &result, e);
	if (rc != RC_OK)
		return say_why(e);
	write(q, r, &result);
	return RC_OK;
}
