/*
 * The browser that checks in: its long-lived cookie, and the scan receipts bound to it.
 *
 * The cookie is random and says nothing about anybody; attempts keep its digest, so that many
 * accounts on one device can be told to the teacher.  A receipt (core/attendance/rotating.h) is
 * made when a right code was shown, before or after signing in, and carries the time of the scan
 * through the steps that follow.  The server's key is read from its file each time: nothing of it
 * stays in the process.
 */
#ifndef CORE_BROWSER_H
#define CORE_BROWSER_H

#include "core/attendance/checkin.h"
#include "sys/crypto.h"

#define BROWSER_COOKIE_S (400LL * 86400) /* as long as browsers keep one */

/* A new cookie value. */
void browser_new(char ret[CRYPTO_TOKEN_SIZE]);
/* A random id for a form: the nonce of an attempt. */
void browser_nonce(char ret[CRYPTO_ID_SIZE]);
/* 32 bytes for struct checkin_in; empty for a cookie that is none of ours.  RC_NO_MEMORY. */
enum rc browser_hash(struct core *c, struct str cookie, struct str *ret_hash,
		     struct error *e) MUST_CHECK;

/* The receipt of a code that checkin_find found right just now, as text for a cookie. */
enum rc browser_receipt_new(struct core *c, struct str hash, int64_t attendance_id, int64_t step,
			    struct str *ret_text, struct error *e) MUST_CHECK;
/* RC_INVALID RECEIPT_WRONG, RECEIPT_OLD. */
enum rc browser_receipt(struct core *c, struct str hash, struct str text, struct receipt *ret,
			struct error *e) MUST_CHECK;

#endif
