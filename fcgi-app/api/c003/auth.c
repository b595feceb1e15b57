/*
 * Signing in at the door that 000 and 003 share (contracts 0.3, 1.1, 4.1): one sign-in, and the
 * tokens of both.
 */
#include "api/c003/c003.h"
#include "api/c003/words.h"

#define PASSWORD_MAX 1024 /* bytes */
#define TOKEN_MAX    4096

struct login_in {
	struct str email, password;
};
FIELDS(c003_login_fields, login_in, FIELD(TEXT, login_in, email, FORM, .required = true),
       FIELD(RAW, login_in, password, FORM, .required = true, .max = PASSWORD_MAX));

struct refresh_in {
	struct str refresh;
};
FIELDS(c003_refresh_fields, refresh_in,
       FIELD(RAW, refresh_in, refresh, FORM, .required = true, .max = TOKEN_MAX));

static struct c003_user user_of(const struct who *w)
{
	return (struct c003_user){ .id = w->uuid,
				   .email = w->email,
				   .first_name = w->given_name,
				   .last_name = w->family_name,
				   .teacher_code = w->teacher_code,
				   .role = c003_role(w->role) };
}

enum rc c003_login(struct req *q, struct resp *r, struct error *e)
{
	struct sign_in_in s = { .family = TOKEN_003,
				.address = q->address,
				.user_agent = q->user_agent };
	struct token first, access, refresh;
	struct c003_user user;
	struct login_in in;
	struct sign_in done;
	struct json_out o;

	TRY(req_read(q, &in, e));
	s.name = in.email;
	s.password = secret_make(in.password);
	TRY(auth_sign_in(&q->core, &s, &done, e));
	TRY(token_issue(&q->core, &done.who, TOKEN_000, TOKEN_ACCESS, &first, e));
	TRY(token_issue(&q->core, &done.who, TOKEN_003, TOKEN_ACCESS, &access, e));
	TRY(token_issue(&q->core, &done.who, TOKEN_003, TOKEN_REFRESH, &refresh, e));
	user = user_of(&done.who);
	r->cache = RESP_CACHE_NONE;
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_str(&o, "access_token", first.text);
	json_out_key_cz(&o, "token_type", "bearer");
	c003_key_time(&o, "expires_at", first.expires_at);
	json_out_key_str(&o, "refresh", refresh.text);
	json_out_key_str(&o, "access", access.text);
	json_out_key(&o, STR("user"));
	c003_write_user(&o, &user);
	json_out_object_end(&o);
	return RC_OK;
}

enum rc c003_refresh(struct req *q, struct resp *r, struct error *e)
{
	struct refresh_in in;
	struct json_out o;
	struct token t;

	TRY(req_read(q, &in, e));
	TRY(token_refresh(&q->core, in.refresh, TOKEN_003, &t, e));
	r->cache = RESP_CACHE_NONE;
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_str(&o, "access", t.text);
	json_out_object_end(&o);
	return RC_OK;
}

/* 000's words for roles. */
static const char *role_000(enum role role)
{
	if (role == ROLE_FACULTY || role == ROLE_EMPLOYEE)
		return "trainer";
	return c003_role(role);
}

/* Naive, as 000's tables have it. */
static struct str last_login(const struct who *w, char out[28])
{
	return str_sub(us_format_iso(w->signed_in_at, out), 0, 26);
}

/* The union: `id` and `role` are those of the token's contract. */
enum rc c003_me(struct req *q, struct resp *r, struct error *e)
{
	const struct who *w = &q->who;
	bool is_000 = q->token.family == TOKEN_000;
	struct json_out o = resp_json(r);
	char text[28];

	(void)e;
	r->cache = RESP_CACHE_NONE;
	json_out_object(&o);
	if (is_000)
		json_out_key_i64(&o, "id", w->account_id);
	else
		json_out_key_str(&o, "id", w->uuid);
	json_out_key_str(&o, "email", w->email);
	json_out_key_cz(&o, "role", is_000 ? role_000(w->role) : c003_role(w->role));
	json_out_key_str(&o, "last_login", last_login(w, text));
	json_out_key_str(&o, "first_name", w->given_name);
	json_out_key_str(&o, "last_name", w->family_name);
	c003_key_text(&o, "teacher_code", w->teacher_code);
	json_out_object_end(&o);
	return RC_OK;
}
