/*
 * Tokens: ours are read, everything else is refused with one reason.
 */
#include "sys/jwt.h"

#include "codec/base64.h"
#include "sys/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1800000000

static struct arena arena;
static const struct secret key = { STR_INIT("0123456789abcdef0123456789abcdef") };
static const struct jwt_expected expected = { STR_INIT("http://here"), STR_INIT("muster"), NOW };

static int fresh(void **state)
{
	(void)state;
	arena_clear(&arena);
	arena_init(&arena, (size_t)1 << 20, 0);
	return 0;
}

static struct str sign(struct str claims)
{
	struct str token;
	struct error e;

	assert_int_equal(jwt_sign(key, claims, &arena, &token, &e), RC_OK);
	return token;
}

/* head.claims signed by our key, whatever the head says. */
static struct str forge(struct str head, struct str claims, bool is_signed)
{
	uint8_t mac[CRYPTO_SHA256_SIZE];
	struct error e;
	struct buf b;

	buf_init(&b, &arena, 256, JWT_MAX);
	base64url_encode(&b, head);
	buf_char(&b, '.');
	base64url_encode(&b, claims);
	assert_int_equal(crypto_hmac_sha256(key, buf_str(&b), mac, &e), RC_OK);
	buf_char(&b, '.');
	if (is_signed)
		base64url_encode(&b, str_make((const char *)mac, sizeof mac));
	return buf_str(&b);
}

static void assert_refused(struct str token)
{
	struct json_t *claims = NULL;
	struct error e;

	error_init(&e);
	assert_int_equal(jwt_read(key, token, &expected, &arena, &claims, &e), RC_NOT_SIGNED_IN);
	assert_int_equal(e.reason, REASON_TOKEN);
	assert_null(claims);
}

#define GOOD "\"iss\":\"http://here\",\"aud\":\"muster\""

static void ours_is_read(void **state)
{
	const struct str token = sign(STR("{" GOOD ",\"exp\":1800000001,\"sub\":\"7\"}"));
	struct json_t *claims;
	struct error e;
	struct str sub;

	(void)state;
	assert_int_equal(jwt_read(key, token, &expected, &arena, &claims, &e), RC_OK);
	assert_true(json_as_str(json_member(claims, "sub"), &sub));
	assert_true(str_eq(sub, STR("7")));
	/* The same bytes as any other library makes of them. */
	assert_true(str_eq(token, forge(STR("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"),
					STR("{" GOOD ",\"exp\":1800000001,\"sub\":\"7\"}"), true)));
}

/* Made by another implementation of RFC 7515 under the same key. */
static void known_signature(void **state)
{
	(void)state;
	assert_true(str_eq(sign(STR("{}")), STR("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30."
						"svo3sQiBr6VRrugrrB1OoHS7Y-c0pzdPFYhCfjX7elM")));
}

static void other_headers(void **state)
{
	static const struct str heads[] = {
		STR_INIT("{\"alg\":\"none\",\"typ\":\"JWT\"}"),
		STR_INIT("{\"alg\":\"None\"}"),
		STR_INIT("{\"alg\":\"HS512\",\"typ\":\"JWT\"}"),
		STR_INIT("{\"alg\":\"RS256\",\"typ\":\"JWT\"}"),
		STR_INIT("{\"typ\":\"JWT\",\"alg\":\"HS256\"}"),
		STR_INIT("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"../../dev/null\"}"),
		STR_INIT("{\"alg\":\"HS256\",\"alg\":\"none\"}"),
		STR_INIT("{}"),
		STR_INIT(""),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		assert_refused(forge(heads[i], STR("{" GOOD ",\"exp\":1800000001}"), true));
		assert_refused(forge(heads[i], STR("{" GOOD ",\"exp\":1800000001}"), false));
	}
}

static void other_signatures(void **state)
{
	const struct str token = sign(STR("{" GOOD ",\"exp\":1800000001}"));
	const struct secret other = secret_make(STR("another key of thirty-two bytes!"));
	struct json_t *claims = NULL;
	struct error e;
	char copy[JWT_MAX];

	(void)state;
	error_init(&e);
	assert_int_equal(jwt_read(other, token, &expected, &arena, &claims, &e), RC_NOT_SIGNED_IN);
	assert_int_equal(e.reason, REASON_TOKEN);
	assert_refused(str_sub(token, 0, token.n - 43)); /* nothing behind the dot */
	assert_refused(str_sub(token, 0, token.n - 44)); /* no dot */
	for (size_t n = 0; n < token.n; n++)
		assert_refused(str_sub(token, 0, n));
	for (size_t i = 0; i < token.n; i++) {
		memcpy(copy, token.p, token.n);
		copy[i] = copy[i] == 'A' ? 'B' : 'A';
		assert_refused(str_make(copy, token.n));
	}
	memcpy(copy, token.p, token.n);
	copy[token.n] = 'A';
	assert_refused(str_make(copy, token.n + 1));
}

static void other_claims(void **state)
{
	static const struct str claims[] = {
		STR_INIT("{" GOOD "}"),
		STR_INIT("{" GOOD ",\"exp\":1800000000}"),
		STR_INIT("{" GOOD ",\"exp\":1799999999}"),
		STR_INIT("{" GOOD ",\"exp\":\"1800000001\"}"),
		STR_INIT("{" GOOD ",\"exp\":1800000001.5}"),
		STR_INIT("{" GOOD ",\"exp\":9223372036854775808}"),
		STR_INIT("{" GOOD ",\"exp\":-1}"),
		STR_INIT("{" GOOD ",\"exp\":1800000001,\"exp\":1800000002}"),
		STR_INIT("{" GOOD ",\"exp\":1800000001,\"nbf\":1800000061}"),
		STR_INIT("{" GOOD ",\"exp\":1800000001,\"iat\":1800000061}"),
		STR_INIT("{" GOOD ",\"exp\":1800000001,\"iat\":\"now\"}"),
		STR_INIT("{\"iss\":\"http://there\",\"aud\":\"muster\",\"exp\":1800000001}"),
		STR_INIT("{\"iss\":[\"http://here\"],\"aud\":\"muster\",\"exp\":1800000001}"),
		STR_INIT("{\"iss\":\"http://here\",\"aud\":\"other\",\"exp\":1800000001}"),
		STR_INIT("{\"iss\":\"http://here\",\"exp\":1800000001}"),
		STR_INIT("[" GOOD ",\"exp\",1800000001]"),
		STR_INIT("[1]"),
		STR_INIT("1"),
		STR_INIT(""),
		STR_INIT("{" GOOD ",\"exp\":1800000001"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(claims); i++)
		assert_refused(sign(claims[i]));
}

static void clocks_may_differ_a_little(void **state)
{
	struct json_t *claims;
	struct error e;

	(void)state;
	assert_int_equal(
		jwt_read(key,
			 sign(STR("{" GOOD
				  ",\"exp\":1800000090,\"nbf\":1800000060,\"iat\":1800000060}")),
			 &expected, &arena, &claims, &e),
		RC_OK);
}

static void garbage(void **state)
{
	static const struct str tokens[] = {
		STR_INIT(""),
		STR_INIT("."),
		STR_INIT(".."),
		STR_INIT("..."),
		STR_INIT("null"),
		STR_INIT("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"),
		STR_INIT("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."),
		STR_INIT("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.."),
		STR_INIT("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...."),
		STR_INIT("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\xff\xfe.\x01"),
	};
	char *p = arena_alloc(&arena, JWT_MAX + 1);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++)
		assert_refused(tokens[i]);
	assert_non_null(p);
	memset(p, 'A', JWT_MAX + 1);
	assert_refused(str_make(p, JWT_MAX + 1));
}

static void too_long_claims(void **state)
{
	char *p = arena_alloc(&arena, JWT_MAX);
	struct str token;
	struct error e;

	(void)state;
	assert_non_null(p);
	memset(p, ' ', JWT_MAX);
	assert_int_equal(jwt_sign(key, str_make(p, JWT_MAX), &arena, &token, &e), RC_INTERNAL);
	assert_int_equal(jwt_sign(key, str_make(p, 3012), &arena, &token, &e), RC_INTERNAL);
	assert_int_equal(jwt_sign(key, str_make(p, 3000), &arena, &token, &e), RC_OK);
	assert_true(token.n <= JWT_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(ours_is_read, fresh),
		cmocka_unit_test_setup(known_signature, fresh),
		cmocka_unit_test_setup(other_headers, fresh),
		cmocka_unit_test_setup(other_signatures, fresh),
		cmocka_unit_test_setup(other_claims, fresh),
		cmocka_unit_test_setup(clocks_may_differ_a_little, fresh),
		cmocka_unit_test_setup(garbage, fresh),
		cmocka_unit_test_setup(too_long_claims, fresh),
	};
	int rc;

	arena_init(&arena, (size_t)1 << 20, 0);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	arena_clear(&arena);
	return rc;
}
