/*
 * Errors as answers.  Must not know: pages, contracts.
 */
#include "web/family.h"

#include "codec/json.h"
#include "web/worker.h"

static int status_of_invalid(enum reason reason)
{
	if (reason == REASON_METHOD)
		return 405;
	if (reason == REASON_HOST)
		return 421;
	if (reason == REASON_CONTENT_TYPE)
		return 415;
	if (reason == REASON_UPLOAD_VERSION)
		return 412;
	if (reason == REASON_UPLOAD_CHECKSUM)
		return 460; /* of tus */
	if (reason == REASON_BODY_MALFORMED || reason == REASON_BODY_SHORT ||
	    reason == REASON_UPLOAD_METADATA || reason == REASON_UPLOAD_LENGTH)
		return 400;
	return 422;
}

int web_status(const struct error *e)
{
	switch (e->rc) {
	case RC_INVALID:
		return status_of_invalid(e->reason);
	case RC_DENIED:
		return 403;
	case RC_NOT_SIGNED_IN:
		return 401;
	case RC_NOT_FOUND:
		return e->reason == REASON_UPLOAD_ENDED ? 410 : 404;
	case RC_CONFLICT:
		return e->reason == REASON_UPLOAD_LOCKED ? 423 : 409;
	case RC_TOO_BIG:
		return 413;
	case RC_BUSY:
		return e->reason == REASON_RATE || e->reason == REASON_SIGN_IN_DELAY ||
				       e->reason == REASON_UPLOADS_OPEN
			       ? 429
			       : 503;
	case RC_TIMEOUT:
	case RC_DEPENDENCY:
		return 503;
	case RC_NO_SPACE:
		return 507;
	case RC_OK:
	case RC_NO_MEMORY:
	case RC_INTERNAL:
	case RC__MAX:
		break;
	}
	return 500;
}

static struct str reason_sentence_of(const struct req *q, enum reason reason, int64_t arg)
{
	struct str s = catalogue_text_n(&q->worker->arena, q->lang, reason_text(reason), arg);

	return s.p ? s : str_from(reason_text(reason));
}

struct str web_error_text(const struct req *q, const struct error *e)
{
	enum reason reason = e->reason == REASON_NONE ? REASON_UNEXPECTED : e->reason;

	return reason_sentence_of(q, reason, e->arg);
}

static void write_fields(const struct req *q, struct json_out *o, const struct error *e)
{
	json_out_key_array(o, "fields");
	for (size_t i = 0; i < e->n_fields; i++) {
		json_out_object(o);
		json_out_key_cz(o, "field", e->fields[i].field);
		json_out_key_cz(o, "reason", reason_code(e->fields[i].reason));
		json_out_key_str(o, "message",
				 reason_sentence_of(q, e->fields[i].reason, e->fields[i].arg));
		json_out_object_end(o);
	}
	json_out_array_end(o);
}

enum rc family_problem_json(struct req *q, struct resp *r, const struct error *e,
			    struct error *ret_e)
{
	enum reason reason = e->reason == REASON_NONE ? REASON_UNEXPECTED : e->reason;
	struct json_out o = resp_json(r);

	(void)ret_e; /* appending sticks */
	r->type = STR("application/problem+json; charset=utf-8");
	json_out_object(&o);
	json_out_key_cz(&o, "type", "about:blank");
	json_out_key_i64(&o, "status", r->status);
	json_out_key_cz(&o, "reason", reason_code(reason));
	json_out_key_str(&o, "title", web_error_text(q, e));
	if (e->retry_s > 0)
		json_out_key_i64(&o, "retry_after", e->retry_s);
	if (e->n_fields)
		write_fields(q, &o, e);
	if (q->core.request_id.n)
		json_out_key_str(&o, "instance", q->core.request_id);
	json_out_object_end(&o);
	return RC_OK;
}
