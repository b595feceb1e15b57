/*
 * Rotating codes, their QR form, and scan receipts.
 *
 * A session has a key of 32 random bytes.  Time is cut into steps of its period; the
 * code of a step is six signs of HMAC-SHA-256(key, step), in an alphabet without
 * look-alikes.  The QR token says the same with the session's id and a longer
 * signature, so that a phone's camera needs no typing.  A code is good in its own step
 * and ROTATING_OVERLAP_S into the next, by the server's clock.  Pure but for the keys.
 *
 * A receipt is what a scan before signing in leaves behind: signed by the server's key,
 * bound to the browser's cookie, good for RECEIPT_S; attempts keep its id, so that it
 * works once.
 */
#ifndef CORE_ROTATING_H
#define CORE_ROTATING_H

#include "core/core.h"
#include "sys/secret.h"

#define ROTATING_KEY_BYTES 32
#define ROTATING_SIGNS     6
#define ROTATING_SIZE      (ROTATING_SIGNS + 1)
#define ROTATING_OVERLAP_S 10
/* 0-9 and A-Z without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. */
#define ROTATING_ALPHABET  "34679ACDEFGHJKMNPQRTWXY"
#define ROTATING_TOKEN_MAX 40

/* Step of an instant, and when that step ends. */
int64_t rotating_step(int64_t at_us, int64_t period_s);
int64_t rotating_step_ends(int64_t at_us, int64_t period_s);
/* key: ROTATING_KEY_BYTES.  RC_NO_MEMORY. */
enum rc rotating_code(struct str key, int64_t step, char out[ROTATING_SIZE],
		      struct error *e) MUST_CHECK;
/* "C1-…" in QR alphanumeric signs: what stands behind /c/. */
enum rc rotating_token(struct str key, int64_t attendance_id, int64_t step,
		       char out[ROTATING_TOKEN_MAX], struct error *e) MUST_CHECK;
/* As typed: blanks and dashes dropped, upper case; false unless six signs of the alphabet. */
bool rotating_code_clean(struct str typed, char out[ROTATING_SIZE]);
/* Session and step that a token claims; false for anything else.  Not yet checked. */
bool rotating_token_read(struct str token, int64_t *ret_attendance_id, int64_t *ret_step);

enum rotating_state {
	ROTATING_RIGHT,
	ROTATING_OLD,   /* right in its form and signature, but shown too long ago */
	ROTATING_WRONG, /* not of this session, or made up */
};
/* How old a code may be recognised as such (to say "too old"), in steps. */
#define ROTATING_OLD_STEPS 40
/* *ret_step: of RIGHT and OLD.  typed is clean; token: NULL or the QR form. */
enum rc rotating_check_code(struct str key, int64_t period_s, struct str code, int64_t at_us,
			    enum rotating_state *ret, int64_t *ret_step,
			    struct error *e) MUST_CHECK;
enum rc rotating_check_token(struct str key, int64_t period_s, struct str token, int64_t at_us,
			     enum rotating_state *ret, int64_t *ret_step,
			     struct error *e) MUST_CHECK;

#define RECEIPT_S        (15 * 60)
#define RECEIPT_ID_BYTES 16
#define RECEIPT_TEXT_MAX 200
struct receipt {
	uint8_t id[RECEIPT_ID_BYTES];
	int64_t attendance_id, step, scanned_at; /* instant */
};
/* Text for a cookie.  browser_hash: 32 bytes.  RC_NO_MEMORY. */
enum rc receipt_make(struct secret server_key, const struct receipt *r, struct str browser_hash,
		     char out[RECEIPT_TEXT_MAX], struct error *e) MUST_CHECK;
/* RC_INVALID RECEIPT_WRONG (not ours, or another browser's), RECEIPT_OLD. */
enum rc receipt_read(struct secret server_key, struct str text, struct str browser_hash,
		     int64_t now_us, struct receipt *ret, struct error *e) MUST_CHECK;

#endif
