/*
 * Errors of contract 000: see family.h.  Texts are the original's, English.
 */
#include "api/c000/family.h"

#include "api/fastapi.h"

const char *const c000_prefixes[] = {
	"/api/smart-attendance/", "/api/session-requests", "/api/qr/",
	"/api/student/",          "/api/trainer/",         "/api/notifications",
	"/api/facial/",           "/api/admin/",           NULL
};

enum rc c000_refuse(struct resp *r, int status, struct str text)
{
	struct json_out o = resp_json(r);

	r->status = status;
	json_out_object(&o);
	json_out_key_bool(&o, "success", false);
	json_out_key_cz(&o, "error", "http_error");
	json_out_key_str(&o, "message", text);
	json_out_key_i64(&o, "status_code", status);
	json_out_key_str(&o, "detail", text);
	json_out_object_end(&o);
	return RC_OK;
}

static void refuse_input(const struct req *q, struct resp *r, const struct error *e)
{
	struct json_out o = resp_json(r);

	r->status = 422;
	json_out_object(&o);
	json_out_key_bool(&o, "success", false);
	json_out_key_cz(&o, "error", "validation_error");
	json_out_key_cz(&o, "message", "Invalid request data");
	json_out_key(&o, STR("details"));
	fastapi_write_details(q, &o, e);
	json_out_key(&o, STR("detail"));
	fastapi_write_list(q, &o, e);
	json_out_object_end(&o);
}

static void fail(struct resp *r)
{
	static const char text[] = "An unexpected error occurred. Please try again later.";
	struct json_out o = resp_json(r);

	json_out_object(&o);
	json_out_key_bool(&o, "success", false);
	json_out_key_cz(&o, "error", "internal_server_error");
	json_out_key_cz(&o, "message", text);
	json_out_key_null(&o, "details");
	json_out_key_cz(&o, "detail", text);
	json_out_object_end(&o);
}

static struct str who_text(const struct req *q, const struct error *e)
{
	if (e->reason == REASON_CREDENTIALS)
		return STR("Invalid credentials");
	if (e->reason != REASON_SIGN_IN)
		return STR("Invalid or expired token");
	return q->authorization.n ? STR("Invalid authorization header")
				  : STR("Missing authorization header");
}

static struct str text_of(const struct req *q, const struct error *e)
{
	if (e->rc == RC_NOT_SIGNED_IN)
		return who_text(q, e);
	if (e->rc == RC_DENIED && e->reason != REASON_CSRF)
		return fastapi_denied(q, "Insufficient permissions");
	if (e->rc == RC_NOT_FOUND)
		return fastapi_missing(q, "Not Found");
	return e->reason == REASON_METHOD ? STR("Method Not Allowed") : fastapi_text(q, e);
}

enum rc c000_error(struct req *q, struct resp *r, const struct error *e, struct error *ret_e)
{
	(void)ret_e; /* appending sticks */
	if (r->status == 401)
		resp_header(r, "WWW-Authenticate", STR("Bearer"));
	if (r->status == 500)
		fail(r);
	else if (fastapi_is_validation(e))
		refuse_input(q, r, e);
	else
		return c000_refuse(r, r->status, text_of(q, e));
	return RC_OK;
}
