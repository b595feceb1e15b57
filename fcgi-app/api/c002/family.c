/*
 * Errors of contract 002: see family.h.  Texts are the original's.
 */
#include "api/c002/family.h"

#include "api/fastapi.h"
#include "web/worker.h"

const char *const c002_prefixes[] = { "/api/v1/", NULL };

enum rc c002_refuse(struct resp *r, int status, struct str text)
{
	struct json_out o = resp_json(r);

	r->status = status;
	json_out_object(&o);
	json_out_key_str(&o, "detail", text);
	json_out_object_end(&o);
	return RC_OK;
}

static void refuse_input(const struct req *q, struct resp *r, const struct error *e)
{
	struct json_out o = resp_json(r);

	r->status = 422;
	json_out_object(&o);
	json_out_key(&o, STR("detail"));
	fastapi_write_list(q, &o, e);
	json_out_object_end(&o);
}

/* slowapi's words; a wait after wrong passwords says how long. */
static void refuse_rate(const struct req *q, struct resp *r, const struct error *e)
{
	const int64_t own = q->route ? q->route->rate : 0;
	const int64_t all = q->core.config->requests_per_account_per_minute;
	struct str text = fastapi_text(q, e);
	struct json_out o = resp_json(r);

	if (e->reason == REASON_RATE)
		text = arena_printf(&q->worker->arena, "Rate limit exceeded: %lld per 1 minute",
				    (long long)(own > 0 ? own : all));
	json_out_object(&o);
	json_out_key_str(&o, "error", text);
	json_out_object_end(&o);
}

static struct str text_of(const struct req *q, const struct error *e)
{
	if (e->rc == RC_NOT_SIGNED_IN)
		return e->reason == REASON_CREDENTIALS ? STR("Invalid username or password.")
						       : STR("Could not validate credentials");
	if (e->rc == RC_DENIED && e->reason != REASON_CSRF)
		return fastapi_denied(q, "You are not authorized for this operation.");
	if (e->rc == RC_NOT_FOUND)
		return fastapi_missing(q, "Not Found");
	return e->reason == REASON_METHOD ? STR("Method Not Allowed") : fastapi_text(q, e);
}

enum rc c002_error(struct req *q, struct resp *r, const struct error *e, struct error *ret_e)
{
	(void)ret_e; /* appending sticks */
	if (r->status == 401)
		resp_header(r, "WWW-Authenticate", STR("Bearer"));
	if (r->status == 429) {
		refuse_rate(q, r, e);
		return RC_OK;
	}
	if (fastapi_is_validation(e)) {
		refuse_input(q, r, e);
		return RC_OK;
	}
	return c002_refuse(r, r->status, text_of(q, e));
}
