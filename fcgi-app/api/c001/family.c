/*
 * Errors of contract 001: see family.h.  Texts are the original's, English.
 */
#include "api/c001/family.h"

#include "web/worker.h"

static bool has_field(const struct error *e, enum reason reason)
{
	for (size_t i = 0; i < e->n_fields; i++)
		if (e->fields[i].reason == reason)
			return true;
	return false;
}

/* The original knows two faults of fields; any other is said by our sentence, with its field. */
static struct str text_of_fields(const struct req *q, const struct error *e)
{
	struct error one = *e;

	if (has_field(e, REASON_REQUIRED))
		return STR("Some fields are missing");
	if (has_field(e, REASON_EMAIL_TAKEN))
		return STR("User already exists");
	one.reason = e->fields[0].reason;
	one.arg = e->fields[0].arg;
	return arena_printf(&q->worker->arena, "%s: %.*s", e->fields[0].field,
			    STR_ARG(web_error_text(q, &one)));
}

static struct str text_of(const struct req *q, const struct error *e)
{
	if (e->n_fields > 0)
		return text_of_fields(q, e);
	switch (e->rc) {
	case RC_NOT_SIGNED_IN:
		return e->reason == REASON_ACCOUNT_WAITING ? web_error_text(q, e)
							   : STR("Invalid credentials");
	case RC_NOT_FOUND:
		return STR("Not found");
	case RC_NO_MEMORY:
	case RC_INTERNAL:
		return STR("Internal server error");
	case RC_OK:
	case RC_INVALID:
	case RC_DENIED:
	case RC_CONFLICT:
	case RC_TOO_BIG:
	case RC_BUSY:
	case RC_TIMEOUT:
	case RC_DEPENDENCY:
	case RC_NO_SPACE:
	case RC__MAX:
		break;
	}
	return web_error_text(q, e);
}

enum rc c001_error(struct req *q, struct resp *r, const struct error *e, struct error *ret_e)
{
	const struct str text = text_of(q, e);
	struct json_out o;

	(void)ret_e; /* appending sticks */
	if (r->status == 422)
		r->status = 400;
	if (e->reason == REASON_ACCOUNT_WAITING)
		r->status = 403; /* who it is was right: signing in again helps nobody */
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_str(&o, "message", text.p ? text : STR("Internal server error"));
	json_out_object_end(&o);
	return RC_OK;
}
