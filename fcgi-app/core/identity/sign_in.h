/*
 * Inside of core: what auth.c, password.c and account.c share about wrong passwords.
 */
#ifndef CORE_SIGN_IN_H
#define CORE_SIGN_IN_H

#include "core/core.h"
#include "store/account.h"

/* The key of the delay: of an account, or of a name that nobody has. */
struct throttle_subject {
	uint8_t digest[32];
	bool has_failures; /* a row is there */
};
/* RC_BUSY/SIGN_IN_DELAY while tries must wait.  account NULL: nobody has the name. */
enum rc sign_in_wait(struct core *c, const struct account_sign_in *account, struct str name,
		     struct throttle_subject *ret, struct error *e) MUST_CHECK;
/* Notes a wrong password, in a transaction of its own with its audit row. */
enum rc sign_in_failed(struct core *c, const struct account_sign_in *account,
		       const struct throttle_subject *subject, const char *action,
		       struct error *e) MUST_CHECK;
/* Forgets them, within the caller's transaction. */
enum rc sign_in_forget(struct store *db, const struct throttle_subject *subject,
		       struct error *e) MUST_CHECK;

/* ASCII letters in lower case, blanks at both ends dropped; p NULL without memory. */
struct str sign_in_fold(struct arena *a, struct str name) MUST_CHECK;

#endif
