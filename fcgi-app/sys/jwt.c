/*
 * Signing and reading tokens: see jwt.h.
 */
#include "sys/jwt.h"

#include "codec/base64.h"
#include "sys/crypto.h"

#define LEEWAY_S 60

/* {"alg":"HS256","typ":"JWT"} and the dot behind it. */
static const struct str head = STR_INIT("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.");

enum rc jwt_sign(struct secret key, struct str claims, struct arena *a, struct str *ret,
		 struct error *e)
{
	uint8_t mac[CRYPTO_SHA256_SIZE];
	struct buf b;

	buf_init(&b, a, 512, JWT_MAX);
	buf_add(&b, head);
	base64url_encode(&b, claims);
	if (!buf_ok(&b))
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "claims of %zu bytes", claims.n);
	TRY(crypto_hmac_sha256(key, buf_str(&b), mac, e));
	buf_char(&b, '.');
	base64url_encode(&b, str_make((const char *)mac, sizeof mac));
	if (!buf_ok(&b))
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "claims of %zu bytes", claims.n);
	*ret = buf_str(&b);
	return RC_OK;
}

static enum rc refuse(struct error *e, const char *why)
{
	return ERROR(e, RC_NOT_SIGNED_IN, REASON_TOKEN, "token: %s", why);
}

/* *ret_claims: the text between the dots, once its signature is known to be ours. */
static enum rc check_signature(struct secret key, struct str token, struct str *ret_claims,
			       struct error *e)
{
	uint8_t mac[CRYPTO_SHA256_SIZE], sent[CRYPTO_SHA256_SIZE];
	size_t dot, n;

	if (token.n > JWT_MAX)
		return refuse(e, "too long");
	if (!str_starts(token, head))
		return refuse(e, "header is not ours");
	const struct str rest = str_from_pos(token, head.n);
	dot = str_find_char(rest, '.');
	if (dot == SIZE_MAX)
		return refuse(e, "no signature");
	if (!base64url_decode(str_from_pos(rest, dot + 1), sent, sizeof sent, &n) ||
	    n != sizeof sent)
		return refuse(e, "signature is malformed");
	TRY(crypto_hmac_sha256(key, str_sub(token, 0, head.n + dot), mac, e));
	if (!crypto_equal(mac, sent, sizeof mac))
		return refuse(e, "signature is not ours");
	*ret_claims = str_sub(rest, 0, dot);
	return RC_OK;
}

static enum rc decode(struct str text, struct arena *a, struct json_t **ret, struct error *e)
{
	const size_t cap = BASE64_DECODED_MAX(text.n);
	uint8_t *bytes = arena_alloc(a, cap);
	size_t n;

	if (bytes == NULL)
		return ERROR_MEMORY(e);
	if (!base64url_decode(text, bytes, cap, &n))
		return refuse(e, "claims are malformed");
	const enum rc rc = json_read(str_make((const char *)bytes, n), JWT_MAX, a, ret, e);
	if (rc == RC_NO_MEMORY)
		return rc;
	if (rc != RC_OK || json_kind(*ret) != JSON_KIND_OBJECT)
		return refuse(e, "claims are no object");
	return RC_OK;
}

static bool says(const struct json_t *claims, const char *name, struct str want)
{
	struct str s;

	return json_as_str(json_member(claims, name), &s) && str_eq(s, want);
}

/* An instant that may be missing, but must not lie ahead. */
static bool has_come(const struct json_t *claims, const char *name, int64_t now_s)
{
	const struct json_t *v = json_member(claims, name);
	int64_t at;

	if (json_kind(v) == JSON_KIND_ABSENT)
		return true;
	return json_as_i64(v, 0, INT64_MAX, &at) && at <= now_s + LEEWAY_S;
}

enum rc jwt_read(struct secret key, struct str token, const struct jwt_expected *expected,
		 struct arena *a, struct json_t **ret_claims, struct error *e)
{
	struct json_t *claims;
	struct str text;
	int64_t expires;

	TRY(check_signature(key, token, &text, e));
	TRY(decode(text, a, &claims, e));
	if (!says(claims, "iss", expected->issuer))
		return refuse(e, "another issuer");
	if (!says(claims, "aud", expected->audience))
		return refuse(e, "another audience");
	if (!json_as_i64(json_member(claims, "exp"), 0, INT64_MAX, &expires))
		return refuse(e, "no end");
	if (expires <= expected->now_s)
		return refuse(e, "expired");
	if (!has_come(claims, "nbf", expected->now_s) || !has_come(claims, "iat", expected->now_s))
		return refuse(e, "not valid yet");
	*ret_claims = claims;
	return RC_OK;
}
