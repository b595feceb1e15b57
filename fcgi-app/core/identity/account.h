/*
 * Accounts: making, listing, disabling them (the operator's command), and one's own
 * preferences.
 *
 * The operator's functions check no right: whoever may run `muster` with the
 * database's password may do everything.  Usernames and e-mails are kept in lower case
 * (ASCII letters).
 */
#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include "core/core.h"
#include "sys/secret.h"

struct account_in {
	enum role role;
	struct str username;                /* 1..80: letters, digits, '.', '_', '-' */
	struct str email;                   /* empty: none */
	struct str given_name, family_name; /* both empty: a person without a name */
	struct str
		branch; /* name of the branch; empty: none for a super admin, else the only one */
	struct secret password;
};
/*
 * Fields "username" (REQUIRED, TOO_LONG, NOT_TEXT, USERNAME_TAKEN), "email" (NOT_AN_EMAIL,
 * TOO_LONG, EMAIL_TAKEN), "given_name", "family_name" (TOO_LONG, NOT_TEXT), "branch"
 * (NOT_A_CHOICE), "role" (NOT_A_CHOICE), "password" (as password_check).  Makes the branch "Main
 * campus" in the default zone when there is no branch at all.
 */
enum rc account_create(struct core *c, const struct account_in *in, int64_t *ret_id,
		       struct error *e) MUST_CHECK;

struct account_row {
	int64_t id;
	struct str username, email, role, given_name, family_name, branch;
	int64_t created_at, disabled_at; /* NO_TIME: enabled */
	bool is_demo;
};
/* By id, ids above after_id, at most `limit` (1..1000). */
enum rc account_list(struct core *c, int64_t after_id, size_t limit,
		     const struct account_row **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;
/* By username: cannot sign in any more, and all sessions end.  RC_NOT_FOUND. */
enum rc account_disable(struct core *c, struct str username, struct error *e) MUST_CHECK;
/* By username: sets it and ends all sessions.  Field "password"; RC_NOT_FOUND. */
enum rc account_set_password(struct core *c, struct str username, struct secret password,
			     struct error *e) MUST_CHECK;

/*
 * Preferences of c->who.  language: a tag of ours ("en"), empty: by the browser; the
 * caller has checked that we have it.
 */
struct account_preferences {
	struct str language;
	enum theme theme;
	bool has_shortcuts;
};
enum rc account_set_preferences(struct core *c, const struct account_preferences *p,
				struct error *e) MUST_CHECK;

#endif
