/*
 * api/auth.php (contracts 5.1): signing in as the original's own page does.
 *
 * With X-Requested-With the answer is JSON, with `status` in place of `success`; without,
 * a redirect.  The origin is checked, since nobody who signs in has a CSRF token yet.
 * A demand by GET changes nothing.
 */
#include "core/identity/auth.h"
#include "api/c004/c004.h"
#include "api/c004/door.h"

#define PASSWORD_MAX 1024 /* bytes */

struct login_in {
	struct str email, password, role;
};
FIELDS(c004_login_fields, login_in, FIELD(TEXT, login_in, email, FORM, .required = true),
       FIELD(RAW, login_in, password, FORM, .required = true, .max = PASSWORD_MAX),
       FIELD(TEXT, login_in, role, FORM));

bool c004_is_auth(const struct req *q)
{
	return q->route && q->route->handler == c004_auth;
}

static bool wants_json(const struct req *q)
{
	return q->is_ajax || q->wants_json;
}

static struct json_out begin(struct resp *r, bool status)
{
	struct json_out o = resp_json(r);

	json_out_object(&o);
	json_out_key_bool(&o, "status", status);
	return o;
}

static enum rc refuse(struct resp *r, struct str message)
{
	struct json_out o = begin(r, false);

	json_out_key_str(&o, "message", message);
	json_out_object_end(&o);
	return RC_OK;
}

/* ---- login ------------------------------------------------------------------------------ */

static enum rc login(struct req *q, struct resp *r, struct error *e)
{
	struct sign_in_in s = { .address = q->address,
				.user_agent = q->user_agent,
				.old_token = q->session_token };
	struct login_in in;
	struct sign_in done;
	struct json_out o;

	if (req_read_as(q, &c004_login_fields, &in, e) != RC_OK ||
	    (in.role.n && !auth_role_filter(in.role, &s.roles))) {
		error_init(e);
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_CREDENTIALS, "fields of a login");
	}
	s.name = in.email;
	s.password = secret_make(in.password);
	TRY(auth_sign_in(&q->core, &s, &done, e));
	resp_session_cookie(r, arena_str(q->core.arena, str_from(done.token)), done.max_age_s);
	if (!wants_json(q)) {
		resp_redirect(r, STR("/index.php"));
		return RC_OK;
	}
	o = begin(r, true);
	json_out_key_cz(&o, "redirect", "index.php");
	json_out_key_cz(&o, "csrf_token", done.who.csrf);
	json_out_object_end(&o);
	return RC_OK;
}

/* ---- logout ----------------------------------------------------------------------------- */

static enum rc logout(struct req *q, struct resp *r, struct error *e)
{
	struct json_out o;

	if (q->who.role != ROLE_NONE)
		TRY(auth_sign_out(&q->core, e));
	if (q->session_token.n)
		resp_session_cookie(r, (struct str){ "", 0 }, -1);
	if (!wants_json(q)) {
		resp_redirect(r, STR("/login"));
		return RC_OK;
	}
	o = begin(r, true);
	json_out_key_cz(&o, "redirect", "login");
	json_out_object_end(&o);
	return RC_OK;
}

/* ---- both --------------------------------------------------------------------------------- */

/* An address that was followed or typed: to the page where a person can do it. */
static enum rc by_get(struct req *q, struct resp *r)
{
	if (wants_json(q))
		return refuse(r, STR("Method not allowed"));
	resp_redirect(r, q->who.role == ROLE_NONE ? STR("/login") : STR("/account"));
	return RC_OK;
}

enum rc c004_auth(struct req *q, struct resp *r, struct error *e)
{
	struct str action = req_raw(q, "action");

	r->cache = RESP_CACHE_NONE;
	if (q->method != METHOD_POST)
		return by_get(q, r);
	if (str_eq(action, STR("login")))
		return login(q, r, e);
	if (str_eq(action, STR("logout")))
		return logout(q, r, e);
	return refuse(r, STR("Unknown action"));
}

void c004_auth_error(struct req *q, struct resp *r, const struct error *e)
{
	if (!wants_json(q) && e->rc == RC_NOT_SIGNED_IN) {
		resp_redirect(r, STR("/login"));
		return;
	}
	r->status = e->rc == RC_DENIED && e->reason == REASON_CSRF ? 403 : 200;
	if (e->rc == RC_NOT_SIGNED_IN)
		(void)refuse(r, STR("Invalid credentials"));
	else if (e->rc == RC_BUSY)
		(void)refuse(r, web_error_text(q, e));
	else if (r->status == 403)
		(void)refuse(r, STR("Invalid CSRF token"));
	else if (e->rc == RC_INVALID || e->rc == RC_TOO_BIG)
		(void)refuse(r, STR("Bad request"));
	else
		(void)refuse(r, STR("Server error"));
}
