/*
 * The face verifier's answer; see webhook.h.
 *
 * The signature is over the bytes as they came, so nothing reads them before it is proved.  Texts
 * are the contract's, in its language.
 */
#include "api/c002/webhook.h"

#include "api/c002/family.h"
#include "core/attendance/lesson.h"

#define REASON_MAX 200 /* characters that are kept */

struct c002_webhook_in {
	struct str verification_id;
};
FIELDS(c002_webhook_fields, c002_webhook_in,
       FIELD(TEXT, c002_webhook_in, verification_id, PATH, .required = true));

static enum rc refuse_without_signature(struct resp *r)
{
	struct json_out o = resp_json(r);

	r->status = 422;
	json_out_object(&o);
	json_out_key_array(&o, "detail");
	json_out_object(&o);
	json_out_key_cz(&o, "type", "missing");
	json_out_key_array(&o, "loc");
	json_out_str(&o, STR("header"));
	json_out_str(&o, STR("X-Webhook-Signature"));
	json_out_array_end(&o);
	json_out_key_cz(&o, "msg", "Field required");
	json_out_key_null(&o, "input");
	json_out_object_end(&o);
	json_out_array_end(&o);
	json_out_object_end(&o);
	return RC_OK;
}

static enum rc refuse_body(struct req *q, struct resp *r, const char *what)
{
	return c002_refuse(r, 422, arena_printf(q->core.arena, "Hatalı payload formatı: %s", what));
}

static enum rc say(struct resp *r, const char *status)
{
	struct json_out o = resp_json(r);

	json_out_object(&o);
	json_out_key_cz(&o, "status", status);
	json_out_object_end(&o);
	return RC_OK;
}

struct result {
	bool passed;
	struct str reason;
};

/* NULL, or what is wrong with it. */
static const char *read_result(const struct json_t *body, struct result *ret)
{
	const struct json_t *v = json_member(body, "overall_result");
	const struct json_t *reason = json_member(v, "reason");

	if (json_kind(v) != JSON_KIND_OBJECT)
		return "overall_result";
	if (!json_as_bool(json_member(v, "verification_passed"), &ret->passed))
		return "overall_result.verification_passed";
	ret->reason = (struct str){ 0 };
	if (json_kind(reason) == JSON_KIND_ABSENT || json_kind(reason) == JSON_KIND_NULL)
		return NULL;
	if (!json_as_str(reason, &ret->reason) || !field_text_is_clean(ret->reason, true))
		return "overall_result.reason";
	ret->reason = utf8_prefix(ret->reason, REASON_MAX);
	return NULL;
}

static enum rc settle(struct req *q, struct resp *r, const struct result *result, struct error *e)
{
	struct c002_webhook_in in;
	enum lesson_verified done;

	TRY(req_read(q, &in, e));
	TRY(lesson_verified(&q->core, in.verification_id, result->passed, result->reason, &done,
			    e));
	if (done == LESSON_VERIFIED_GONE)
		return c002_refuse(r, 404, STR("Yoklama kaydı bulunamadı."));
	return say(r,
		   done == LESSON_VERIFIED ? "success" : "İşlem bulunamadı veya zaten işlenmiş.");
}

enum rc c002_webhook(struct req *q, struct resp *r, struct error *e)
{
	struct result result;
	struct json_t *body;
	const char *wrong;
	bool is_signed;
	enum rc rc;

	if (!q->webhook_signature.n)
		return refuse_without_signature(r);
	TRY(lesson_webhook_signed(&q->core, q->body, q->webhook_signature, &is_signed, e));
	if (!is_signed)
		return c002_refuse(r, 403, STR("Geçersiz webhook imzası."));
	rc = json_read(q->body, (size_t)route_body_max(q->route), q->core.arena, &body, e);
	if (rc == RC_INVALID)
		return refuse_body(q, r, "JSON");
	TRY(rc);
	wrong = read_result(body, &result);
	return wrong ? refuse_body(q, r, wrong) : settle(q, r, &result, e);
}
