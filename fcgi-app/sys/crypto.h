/*
 * Random numbers, digests, constant-time compare, password hashes.
 *
 * The only place that includes OpenSSL's digest headers and argon2.  No state:
 * every function may be called by any thread.  Random bytes come from
 * getrandom(2); without it nothing is safe, so its failure is a BUG, not an
 * error.  Password memory is taken by mmap and given back by munmap at once:
 * malloc would keep 19 MiB in every worker.
 */
#ifndef SYS_CRYPTO_H
#define SYS_CRYPTO_H

#include "base/error.h"
#include "base/str.h"
#include "sys/secret.h"

#define CRYPTO_SHA256_SIZE 32
#define CRYPTO_SHA1_SIZE   20
#define CRYPTO_ID_SIZE     33  /* 32 lower-case hex digits and NUL: 128 bits */
#define CRYPTO_TOKEN_SIZE  44  /* 43 characters base64url and NUL: 256 bits */
#define CRYPTO_HASH_SIZE   128 /* an encoded password hash and NUL */

void crypto_random(void *p, size_t n);
/* Id of a file, a receipt, a session row; returns the view of `out`. */
struct str crypto_random_id(char out[CRYPTO_ID_SIZE]);
/* A bearer secret in [0-9A-Za-z_-].  Store its SHA-256, never itself. */
struct str crypto_random_token(char out[CRYPTO_TOKEN_SIZE]);
/* Uniform in 0..below-1; below >= 1. */
uint32_t crypto_random_below(uint32_t below);

/* FIPS 180-4.  RC_NO_MEMORY is the only failure. */
enum rc crypto_sha256(struct str s, uint8_t ret_digest[CRYPTO_SHA256_SIZE],
		      struct error *e) MUST_CHECK;
/* For checksums against accidents only, where a protocol names it.  RC_NO_MEMORY. */
enum rc crypto_sha1(struct str s, uint8_t ret_digest[CRYPTO_SHA1_SIZE], struct error *e) MUST_CHECK;
/* SHA-256 over `length` bytes of an open file from `offset`, in bounded memory. RC_DEPENDENCY on
 * a read error or when the file is shorter. */
enum rc crypto_sha256_file(int fd, int64_t offset, int64_t length,
			   uint8_t ret_digest[CRYPTO_SHA256_SIZE], struct error *e) MUST_CHECK;
/* RFC 2104 with SHA-256. */
enum rc crypto_hmac_sha256(struct secret key, struct str message,
			   uint8_t ret_mac[CRYPTO_SHA256_SIZE], struct error *e) MUST_CHECK;

/*
 * Sealing: AES-256-GCM with a random nonce, under a key that was derived for one purpose.  Sealed
 * are form, nonce, what it was, and tag.  context: must be the same when it is opened (an id, a
 * word); it is not kept.  Good for 2^32 seals of one key.
 */
#define CRYPTO_KEY_SIZE      32
#define CRYPTO_SEAL_OVERHEAD 29
#define CRYPTO_SEAL_MAX      ((size_t)1 << 20) /* bytes sealed at once */
/* HMAC-SHA-256 of the label (1..60 bytes): another label, another key.  RC_NO_MEMORY. */
enum rc crypto_derive(struct secret key, struct str label, uint8_t ret_key[CRYPTO_KEY_SIZE],
		      struct error *e) MUST_CHECK;
/* out: plain.n + CRYPTO_SEAL_OVERHEAD bytes.  RC_NO_MEMORY. */
enum rc crypto_seal(const uint8_t key[CRYPTO_KEY_SIZE], struct str context, struct str plain,
		    uint8_t *out, struct error *e) MUST_CHECK;
/* out: sealed.n - CRYPTO_SEAL_OVERHEAD bytes.  RC_INVALID for anything that crypto_seal did not
 * make with this key and context; RC_NO_MEMORY.  Then out holds nothing. */
enum rc crypto_open(const uint8_t key[CRYPTO_KEY_SIZE], struct str context, struct str sealed,
		    uint8_t *out, struct error *e) MUST_CHECK;

/* Time depends on n only. */
bool crypto_equal(const void *a, const void *b, size_t n);
/* The same for texts; lengths are not secret. */
bool crypto_equal_str(struct str a, struct str b);
/* Overwrites memory in a way the compiler may not leave out. */
void crypto_wipe(void *p, size_t n);

/* Cost of a password hash: argon2id (RFC 9106), one lane. */
struct password_cost {
	uint32_t memory_kib; /* 19456: 19 MiB */
	uint32_t time;       /* 2 passes */
};

struct shm;

/*
 * Encoded hash ("$argon2id$v=19$m=19456,t=2,p=1$…$…") with a new salt.
 * gate: limits hashes over all processes; NULL: no limit (tests, `muster user`).
 * password: any bytes, at most 1024, else RC_INVALID/TOO_LONG.
 * RC_BUSY/TOO_MUCH when the gate stays shut for 5 seconds, RC_NO_MEMORY.
 */
enum rc password_hash(struct password_cost cost, struct shm *gate, struct secret password,
		      char ret_encoded[CRYPTO_HASH_SIZE], struct error *e) MUST_CHECK;
/*
 * *ret_match: whether it is the password.  An `encoded` that is empty or that we
 * did not write costs the same time and does not match, so that an unknown name
 * cannot be told from a wrong password.  *ret_rehash: it matches, but was made at
 * another cost: hash it again.  Errors as password_hash; a too long password does
 * not match.
 */
enum rc password_verify(struct password_cost cost, struct shm *gate, struct str encoded,
			struct secret password, bool *ret_match, bool *ret_rehash,
			struct error *e) MUST_CHECK;

#endif
