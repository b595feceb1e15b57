/*
 * Passwords: which are taken, and changing one's own.
 */
#ifndef CORE_PASSWORD_H
#define CORE_PASSWORD_H

#include "core/core.h"
#include "sys/crypto.h"
#include "sys/secret.h"

#define PASSWORD_MAX_BYTES 1024

/*
 * May this become a password?  At least config->password_min_length characters, at most
 * PASSWORD_MAX_BYTES bytes, UTF-8, not one of the common ones, not the username or the
 * e-mail.  Field errors at `field`: REQUIRED, TOO_SHORT, TOO_LONG, NOT_TEXT, PASSWORD_COMMON.
 */
enum rc password_check(const struct config *config, struct secret password, struct str username,
		       struct str email, const char *field, struct error *e) MUST_CHECK;
/* Is it on the built-in list (case ignored), or one sign repeated, or a run of digits? */
bool password_is_common(struct secret password);

/* The cost that the settings ask for. */
struct password_cost password_cost_of(const struct config *config);

/*
 * Changes the password of c->who and ends all its other sessions.  Fields:
 * "current_password" (PASSWORD_WRONG), "new_password" (as password_check, PASSWORD_SAME),
 * "repeat_password" (PASSWORD_REPEAT).  Wrong ones count as wrong sign-ins: RC_BUSY SIGN_IN_DELAY.
 */
enum rc password_change(struct core *c, struct secret current, struct secret wanted,
			struct secret repeat, struct error *e) MUST_CHECK;

#endif
