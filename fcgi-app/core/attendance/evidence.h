/*
 * Personal evidence of attempts: sealed when it is kept, gone when its time is over.
 *
 * Positions and client addresses are sealed under a key that is derived from the server's, which
 * is not in the database: who gets hold of a backup cannot read them.  Each row of attempt_evidence
 * and attempt_photo has its expiry, counted from when it was learned by evidence_days of
 * the session; evidence_expire removes what is over.
 */
#ifndef CORE_EVIDENCE_H
#define CORE_EVIDENCE_H

#include "core/attendance/signal.h"
#include "core/core.h"
#include "sys/crypto.h"

/* What seals and opens; read once for a batch, or once for a thread, and wiped at its end. */
struct evidence_key {
	uint8_t bytes[CRYPTO_KEY_SIZE];
};
/* RC_DEPENDENCY when the server's key cannot be read. */
enum rc evidence_key_read(const struct core *c, struct evidence_key *ret,
			  struct error *e) MUST_CHECK;

#define EVIDENCE_SEALED_MAX 255 /* bytes, as the column */
/* Into the arena.  accuracy_m negative: not stated.  address: at most 45 bytes. */
enum rc evidence_seal_place(const struct evidence_key *key, struct arena *a, struct place place,
			    double accuracy_m, struct str *ret_sealed, struct error *e) MUST_CHECK;
enum rc evidence_seal_address(const struct evidence_key *key, struct arena *a, struct str address,
			      struct str *ret_sealed, struct error *e) MUST_CHECK;
/* RC_INVALID for what was not sealed so; *ret_accuracy_m negative: not stated. */
enum rc evidence_open_place(const struct evidence_key *key, struct arena *a, struct str sealed,
			    struct place *ret, double *ret_accuracy_m, struct error *e) MUST_CHECK;
enum rc evidence_open_address(const struct evidence_key *key, struct arena *a, struct str sealed,
			      struct str *ret_address, struct error *e) MUST_CHECK;

struct evidence_expired {
	int64_t n_sealed;   /* positions and addresses */
	int64_t n_photos;   /* whose bytes the sweeper removes next */
	int64_t n_claims;   /* whose files the sweeper removes next */
	int64_t n_browsers; /* attempts that forgot which browser they came from */
};
/*
 * Removes what has expired at c->now_us, in small transactions: sealed rows; photos, whose files
 * become 'deleted', and likewise the files of claims; and, with_browsers, the browsers of attempts
 * older than evidence_days of their session, which is a longer walk.  May be repeated and run twice
 * at once.
 */
enum rc evidence_expire(struct core *c, bool with_browsers, struct evidence_expired *ret,
			struct error *e) MUST_CHECK;

#endif
