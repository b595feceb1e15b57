/*
 * Registering, signing in and out at the door of 001; see c001.h.
 */
#include "api/c001/c001.h"

#include "api/c002/c002.h"
#include "core/identity/registration.h"

#define PASSWORD_MAX 1024 /* bytes */
#define TEXT_MAX     1000

/* Does the body, a JSON object, say that 001 is meant? */
static bool is_meant(struct req *q, const char *key)
{
	if (json_kind(q->json) != JSON_KIND_OBJECT || !json_member(q->json, key) ||
	    json_member(q->json, "username"))
		return false;
	q->answers_as = FAMILY_001;
	return true;
}

static enum rc say(struct resp *r, int status, struct str message)
{
	struct json_out o = resp_json(r);

	r->status = status;
	r->cache = RESP_CACHE_NONE;
	json_out_object(&o);
	json_out_key_str(&o, "message", message);
	json_out_object_end(&o);
	return RC_OK;
}

/* ---- registering ---------------------------------------------------------------------------- */

struct register_in {
	struct str name, email, password, role;
};
FIELDS(c001_register_fields, register_in,
       FIELD(TEXT, register_in, name, FORM, .required = true, .max = TEXT_MAX),
       FIELD(TEXT, register_in, email, FORM, .required = true, .max = TEXT_MAX),
       FIELD(RAW, register_in, password, FORM, .required = true, .max = PASSWORD_MAX),
       FIELD(TEXT, register_in, role, FORM, .required = true));

enum rc c001_register(struct req *q, struct resp *r, struct error *e)
{
	struct registration_in in = { .address = q->address };
	struct register_in sent;

	TRY(req_read(q, &sent, e));
	if (!str_eq(sent.role, STR("student")) && !str_eq(sent.role, STR("teacher")))
		return ERROR_FIELD(e, "role", REASON_NOT_A_CHOICE, 0);
	in.name = sent.name;
	in.email = sent.email;
	in.password = secret_make(sent.password);
	in.asks_teacher = str_eq(sent.role, STR("teacher"));
	TRY(registration_add(&q->core, &in, e));
	return say(r, 201, STR("User registered successfully"));
}

/* ---- signing in ----------------------------------------------------------------------------- */

struct login_in {
	struct str email, password;
};
FIELDS(c001_login_fields, login_in,
       FIELD(TEXT, login_in, email, FORM, .required = true, .max = TEXT_MAX),
       FIELD(RAW, login_in, password, FORM, .required = true, .max = PASSWORD_MAX));

static void write_signed_in(struct json_out *o, const struct who *w, const struct token *access,
			    const struct token *refresh)
{
	json_out_object(o);
	json_out_key_str(o, "uid", w->uuid);
	json_out_key_str(o, "name", w->name);
	json_out_key_str(o, "email", w->email);
	json_out_key_cz(o, "role", token_role_001(w->role));
	json_out_key_str(o, "accessToken", access->text);
	json_out_key_str(o, "refreshToken", refresh->text);
	json_out_object_end(o);
}

enum rc c001_login(struct req *q, struct resp *r, struct error *e)
{
	struct sign_in_in s = { .family = TOKEN_001,
				.address = q->address,
				.user_agent = q->user_agent };
	struct token access, refresh;
	struct login_in in;
	struct sign_in done;
	struct json_out o;

	if (!is_meant(q, "email"))
		return c002_login(q, r, e);
	TRY(req_read_as(q, &c001_login_fields, &in, e));
	s.name = in.email;
	s.password = secret_make(in.password);
	TRY(auth_sign_in(&q->core, &s, &done, e));
	TRY(token_issue(&q->core, &done.who, TOKEN_001, TOKEN_ACCESS, &access, e));
	TRY(token_issue(&q->core, &done.who, TOKEN_001, TOKEN_REFRESH, &refresh, e));
	r->cache = RESP_CACHE_NONE;
	o = resp_json(r);
	write_signed_in(&o, &done.who, &access, &refresh);
	return RC_OK;
}

/* ---- refresh tokens ---------------------------------------------------------------------------
 */

/* The text of what was sent; empty: none, or not a text. */
static struct str refresh_token(const struct req *q)
{
	struct str token;

	return json_as_str(json_member(q->json, "refreshToken"), &token) ? token : STR("");
}

enum rc c001_token(struct req *q, struct resp *r, struct error *e)
{
	struct json_out o;
	struct token t;
	enum rc rc;

	if (!is_meant(q, "refreshToken"))
		return c002_token(q, r, e);
	if (!refresh_token(q).n)
		return say(r, 403, STR("Refresh token is required"));
	rc = token_refresh(&q->core, refresh_token(q), TOKEN_001, &t, e);
	if (rc == RC_NOT_SIGNED_IN) {
		error_init(e);
		return say(r, 403, STR("Invalid or expired refresh token"));
	}
	TRY(rc);
	r->cache = RESP_CACHE_NONE;
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_str(&o, "accessToken", t.text);
	json_out_object_end(&o);
	return RC_OK;
}

/* The session the token is of, with its access tokens: at once. */
enum rc c001_logout(struct req *q, struct resp *r, struct error *e)
{
	struct core as = q->core;
	struct who who;
	enum rc rc;

	if (!refresh_token(q).n)
		return say(r, 400, STR("Refresh token is required"));
	rc = token_refresh_who(&q->core, refresh_token(q), TOKEN_001, &who, e);
	if (rc == RC_NOT_SIGNED_IN) {
		error_init(e);
		return say(r, 404, STR("Refresh token not found"));
	}
	TRY(rc);
	as.who = &who;
	TRY(auth_sign_out(&as, e));
	return say(r, 200, STR("Logged out successfully"));
}

enum rc c001_logout_post(struct req *q, struct resp *r, struct error *e)
{
	return is_meant(q, "refreshToken") ? c001_logout(q, r, e) : c002_logout(q, r, e);
}
