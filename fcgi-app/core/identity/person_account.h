/*
 * Accounts as admins give and change them: of a person (one at most), or of a device, which is
 * nobody's and made by core/identity/device.h.  One's own preferences and the operator's command
 * are in core/identity/account.h.
 *
 * Only a super admin makes, gives away or touches the accounts of super and branch admins; a
 * branch admin everything else of the branch.  Nobody disables or demotes the own account, and
 * the last super admin who can sign in stays one.
 *
 * Errors all share: RC_NOT_FOUND, RC_DENIED (ADMIN_ONLY, SUPER_ADMIN_ONLY), RC_CONFLICT CHANGED.
 * Fields: "role" (NOT_A_CHOICE, SUPER_ADMIN_ONLY), "username", "email", "password" as
 * account_create.
 */
#ifndef CORE_PERSON_ACCOUNT_H
#define CORE_PERSON_ACCOUNT_H

#include "core/people/people.h"
#include "store/account_admin.h"
#include "sys/secret.h"

struct person_account_in {
	enum role role;
	struct str username, email; /* email empty: none */
	bool is_generated;          /* the password is made here */
	bool has_no_password;       /* cannot sign in until one is set */
	struct secret password;     /* else this one */
};

/*
 * For a person without one (RC_CONFLICT HAS_ACCOUNT, ENDED).  *ret_password: the generated one,
 * to be shown once; p NULL when it was given.
 */
enum rc person_account_create(struct core *c, int64_t person_id, const struct person_account_in *in,
			      struct str *ret_password, int64_t *ret_id,
			      struct error *e) MUST_CHECK;
/*
 * A person and the account at once, as programs make them.  Fields as person_create's and those
 * above.  *ret_id: the account.
 */
enum rc user_create(struct core *c, const struct person_in *person,
		    const struct person_account_in *in, int64_t *ret_id,
		    struct error *e) MUST_CHECK;
/* Both again; the password too, unless has_no_password. */
enum rc user_change(struct core *c, int64_t person_id, int64_t account_id,
		    const struct person_in *person, const struct person_account_in *in,
		    struct error *e) MUST_CHECK;
/* Role (of a person's account), username, e-mail.  Another role ends all sessions. */
enum rc person_account_change(struct core *c, int64_t id, int64_t revision,
			      const struct person_account_in *in, struct error *e) MUST_CHECK;
/* RC_CONFLICT ENDED: not while the person has ended. */
enum rc person_account_enable(struct core *c, int64_t id, int64_t revision,
			      struct error *e) MUST_CHECK;
/* Ends all sessions.  NOT_YOURSELF, LAST_ADMIN. */
enum rc person_account_disable(struct core *c, int64_t id, int64_t revision,
			       struct error *e) MUST_CHECK;
/* Ends all sessions; in: is_generated and password. */
enum rc person_account_set_password(struct core *c, int64_t id, int64_t revision,
				    const struct person_account_in *in, struct str *ret_password,
				    struct error *e) MUST_CHECK;

struct person_account_detail {
	struct account_admin_row row;
	bool may_change, is_self;
};
enum rc person_account_get(struct core *c, int64_t id, struct person_account_detail *ret,
			   struct error *e) MUST_CHECK;
/* May the viewer give this role? */
bool person_account_may_give(const struct core *c, enum role role);

#endif
