/*
 * Writing and reading the claims of tokens: see token.h.
 */
#include "core/identity/token.h"

#include "store/account.h"
#include "store/web_session.h"
#include "sys/jwt.h"

static const struct str audience = STR_INIT("muster");

/* ---- the key ---------------------------------------------------------------------------- */

enum rc token_key_load(const struct config *config, struct token_key *ret, struct error *e)
{
	uint8_t server_key[32];
	struct token_key key;

	TRY(config_server_key(config, server_key, e));
	const struct secret k = secret_make(str_make((const char *)server_key, sizeof server_key));
	const enum rc rc = crypto_hmac_sha256(k, STR("muster tokens"), key.bytes, e);
	crypto_wipe(server_key, sizeof server_key);
	TRY(rc);
	*ret = key;
	return RC_OK;
}

static struct secret key_of(const struct core *c)
{
	return secret_make(str_make((const char *)c->token_key->bytes, sizeof c->token_key->bytes));
}

/* ---- writing ------------------------------------------------------------------------------ */

static int64_t lasts_s(const struct core *c, enum token_family family, enum token_use use,
		       enum role role)
{
	const struct config *s = c->config;

	if (family == TOKEN_001)
		return (use == TOKEN_REFRESH ? s->token_001_refresh_minutes
					     : s->token_001_access_minutes) *
		       60;
	if (family == TOKEN_002)
		return role == ROLE_STUDENT ? s->token_002_student_s : s->token_002_teacher_s;
	if (family != TOKEN_003)
		return s->token_000_minutes * 60;
	return (use == TOKEN_REFRESH ? s->token_003_refresh_minutes : s->token_003_access_minutes) *
	       60;
}

const char *token_role_001(enum role role)
{
	return role == ROLE_STUDENT ? "student" : "teacher";
}

/* The contract's own claims. */
static void write_theirs(struct core *c, struct json_out *o, const struct who *who,
			 enum token_family family, enum token_use use)
{
	char jti[CRYPTO_ID_SIZE];

	if (family == TOKEN_001) {
		json_out_key_str(o, "uid", who->uuid);
		json_out_key_str(o, "name", who->name);
		json_out_key_cz(o, "role", token_role_001(who->role));
		json_out_key_str(o, "email", who->email);
		if (use == TOKEN_REFRESH)
			json_out_key_cz(o, "token_type", "refresh");
	} else if (family == TOKEN_002) {
		json_out_key_str(o, "user_school_number", who->username);
	} else if (family == TOKEN_003) {
		json_out_key_cz(o, "token_type", use == TOKEN_REFRESH ? "refresh" : "access");
		json_out_key_str(o, "jti", crypto_random_id(jti));
		json_out_key_str(o, "user_id", who->uuid);
	} else {
		json_out_key_str(o, "sub",
				 arena_printf(c->arena, "%lld", (long long)who->account_id));
	}
}

static void write_ours(struct core *c, struct json_out *o, const struct who *who,
		       enum token_family family)
{
	json_out_key_str(o, "iss", c->config->base_url);
	json_out_key_str(o, "aud", audience);
	json_out_key_cz(o, "fam", token_family_name(family));
	json_out_key_i64(o, "sid", who->web_session_id);
	json_out_key_i64(o, "acc", who->account_id);
	if (who->person_id != COLUMN_NULL)
		json_out_key_i64(o, "per", who->person_id);
	json_out_key_cz(o, "rol", role_name(who->role));
	if (who->branch_id != COLUMN_NULL)
		json_out_key_i64(o, "bra", who->branch_id);
}

enum rc token_issue(struct core *c, const struct who *who, enum token_family family,
		    enum token_use use, struct token *ret, struct error *e)
{
	struct token t = { .expires_at = 0 };
	struct json_out o;
	struct buf b;

	BUG(family == TOKEN_NONE ||
	    (use == TOKEN_REFRESH && family != TOKEN_001 && family != TOKEN_003));
	if (c->token_key == NULL)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "no key for tokens");
	/* Whole seconds, so that what is announced is what the token says. */
	const int64_t now_s = c->now_us / US_PER_S;
	const int64_t expires_s = now_s + lasts_s(c, family, use, who->role);
	buf_init(&b, c->arena, 512, JWT_MAX);
	json_out_init(&o, &b);
	json_out_object(&o);
	write_theirs(c, &o, who, family, use);
	json_out_key_i64(&o, "exp", expires_s);
	json_out_key_i64(&o, "iat", now_s);
	write_ours(c, &o, who, family);
	json_out_object_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	TRY(jwt_sign(key_of(c), buf_str(&b), c->arena, &t.text, e));
	t.expires_at = expires_s * US_PER_S;
	*ret = t;
	return RC_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

static bool read_family(const struct json_t *claims, enum token_family *ret)
{
	struct str name;

	if (!json_as_str(json_member(claims, "fam"), &name))
		return false;
	for (int f = TOKEN_NONE + 1; f < TOKEN__MAX; f++) {
		if (str_eq(name, str_from(token_family_name((enum token_family)f)))) {
			*ret = (enum token_family)f;
			return true;
		}
	}
	return false;
}

/* An id that may be missing. */
static bool read_id(const struct json_t *claims, const char *name, int64_t min, int64_t *ret)
{
	const struct json_t *v = json_member(claims, name);

	*ret = COLUMN_NULL;
	return json_kind(v) == JSON_KIND_ABSENT || json_as_i64(v, min, INT64_MAX, ret);
}

static bool read_claims(const struct json_t *claims, struct token_claims *ret)
{
	struct str role, type;

	if (!read_family(claims, &ret->family) ||
	    !json_as_i64(json_member(claims, "sid"), 1, INT64_MAX, &ret->web_session_id) ||
	    !json_as_i64(json_member(claims, "acc"), 1, INT64_MAX, &ret->account_id) ||
	    !read_id(claims, "per", 1, &ret->person_id) ||
	    !read_id(claims, "bra", 0, &ret->branch_id) ||
	    !json_as_str(json_member(claims, "rol"), &role))
		return false;
	ret->role = role_from(role);
	ret->is_refresh = json_as_str(json_member(claims, "token_type"), &type) &&
			  !str_eq(type, STR("access"));
	return ret->role != ROLE_NONE;
}

enum rc token_read(struct core *c, struct str jwt, struct token_claims *ret, struct error *e)
{
	const struct jwt_expected expected = { c->config->base_url, audience,
					       c->now_us / US_PER_S };
	struct token_claims claims = { .family = TOKEN_NONE };
	struct json_t *read;

	if (c->token_key == NULL)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_TOKEN, "no key for tokens");
	TRY(jwt_read(key_of(c), jwt, &expected, c->arena, &read, e));
	if (!read_claims(read, &claims))
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_TOKEN, "claims of another version");
	*ret = claims;
	return RC_OK;
}

void token_claims_who(const struct core *c, const struct token_claims *claims, struct who *ret)
{
	*ret = (struct who){
		.role = claims->role,
		.account_id = claims->account_id,
		.person_id = claims->person_id,
		.branch_id = claims->branch_id,
		.web_session_id = claims->web_session_id,
		.zone = c->config->default_zone,
	};
}

enum rc token_who(struct core *c, const struct token_claims *claims, struct who *ret,
		  struct error *e)
{
	if (claims->is_refresh)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_TOKEN, "a refresh token");
	return auth_session_id(c, claims->web_session_id, claims->account_id, ret, e);
}

enum rc token_refresh_who(struct core *c, struct str jwt, enum token_family family, struct who *ret,
			  struct error *e)
{
	struct token_claims claims;
	struct who who;
	int64_t newest;

	TRY(token_read(c, jwt, &claims, e));
	if (!claims.is_refresh || claims.family != family)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_TOKEN, "no refresh token of this door");
	TRY(auth_session_id(c, claims.web_session_id, claims.account_id, &who, e));
	if (family == TOKEN_001) {
		TRY(web_session_newest(c->db, claims.account_id,
				       str_from(token_family_name(family)), c->arena, &newest, e));
		if (newest != claims.web_session_id)
			return ERROR(e, RC_NOT_SIGNED_IN, REASON_TOKEN, "there is a newer one");
	}
	*ret = who;
	return RC_OK;
}

enum rc token_refresh(struct core *c, struct str jwt, enum token_family family, struct token *ret,
		      struct error *e)
{
	struct who who;

	TRY(token_refresh_who(c, jwt, family, &who, e));
	return token_issue(c, &who, family, TOKEN_ACCESS, ret, e);
}

enum rc token_has_account(struct core *c, struct str jwt, bool *ret, struct error *e)
{
	struct account_sign_in account;
	struct token_claims claims;
	struct error mine;
	enum rc rc;

	error_init(&mine);
	*ret = false;
	rc = token_read(c, jwt, &claims, &mine);
	if (rc == RC_OK)
		rc = account_get(c->db, claims.account_id, c->arena, &account, &mine);
	if (rc == RC_OK)
		*ret = account.disabled_at == NO_TIME;
	if (rc == RC_OK || rc == RC_NOT_FOUND || rc == RC_NOT_SIGNED_IN)
		return RC_OK;
	*e = mine;
	return rc;
}
