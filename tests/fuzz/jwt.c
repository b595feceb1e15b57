/*
 * Fuzzes sys/jwt.h: bytes as a token are refused, bytes as claims under our own
 * signature are read or refused, and never read as anything but an object that has not ended.
 */
#include "sys/jwt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct secret key = { STR_INIT("0123456789abcdef0123456789abcdef") };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct jwt_expected expected = { STR_INIT("i"), STR_INIT("a"), 1000 };
	const struct str text = str_make((const char *)data, n);
	struct json_t *claims;
	struct arena arena;
	struct str token;
	struct error e;
	int64_t expires;

	arena_init(&arena, (size_t)1 << 20, 0);
	/* Nobody guesses a signature. */
	BUG(jwt_read(key, text, &expected, &arena, &claims, &e) == RC_OK);
	if (jwt_sign(key, text, &arena, &token, &e) == RC_OK) {
		BUG(token.n > JWT_MAX);
		if (jwt_read(key, token, &expected, &arena, &claims, &e) == RC_OK) {
			BUG(json_kind(claims) != JSON_KIND_OBJECT);
			BUG(!json_as_i64(json_member(claims, "exp"), 1001, INT64_MAX, &expires));
		}
	}
	arena_clear(&arena);
	return 0;
}
