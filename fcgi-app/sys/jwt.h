/*
 * JSON Web Tokens (RFC 7519, 7515), of one kind only: signed with HMAC-SHA-256.
 *
 * We read no tokens but our own, so the header is compared byte by byte with the
 * one we write: another algorithm, "none" or a key id never reach a decision.
 * The signature is compared in constant time before anything of the claims is read.
 * No state; nothing here knows what the claims mean.
 */
#ifndef SYS_JWT_H
#define SYS_JWT_H

#include "codec/json.h"
#include "sys/secret.h"

#define JWT_MAX 4096 /* bytes of a token: fits a header of nginx with room to spare */

/* claims: a complete JSON object.  RC_NO_MEMORY; a token over JWT_MAX is RC_INTERNAL. */
enum rc jwt_sign(struct secret key, struct str claims, struct arena *a, struct str *ret,
		 struct error *e) MUST_CHECK;

/* What a token must say.  Times in seconds since 1970. */
struct jwt_expected {
	struct str issuer, audience;
	int64_t now_s;
};

/*
 * *ret_claims: the object, which lives in the arena.  `exp` must be there and lie ahead,
 * `iss` and `aud` must be the expected texts, `nbf` and `iat`, where present, not lie
 * ahead (a minute is forgiven, for clocks of several machines).
 * RC_NOT_SIGNED_IN REASON_TOKEN for everything else, never with a part of the token in
 * the detail; RC_NO_MEMORY.
 */
enum rc jwt_read(struct secret key, struct str token, const struct jwt_expected *expected,
		 struct arena *a, struct json_t **ret_claims, struct error *e) MUST_CHECK;

#endif
