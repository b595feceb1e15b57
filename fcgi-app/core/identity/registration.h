/*
 * Registrations: people ask for a student's account themselves (001), an admin decides.
 *
 * Until then the account is disabled and its person ended: it is in no list and can do nothing,
 * whatever role was asked for.  Approving makes it a student's account that works; refusing keeps
 * it as it is, and the e-mail address taken, so that asking again is no way round.  Whoever was
 * refused may still be approved.  What is approved can be changed as any other account
 * (core/identity/person_account.h): there a student is made a teacher.
 */
#ifndef CORE_REGISTRATION_H
#define CORE_REGISTRATION_H

#include "core/core.h"
#include "store/registration.h"
#include "sys/secret.h"

#define REGISTRATIONS_WAIT_MAX 2000
#define REGISTRATIONS_SHOWN    200

struct registration_in {
	struct str name; /* "Given Family": the first word is the given name */
	struct str email;
	struct secret password;
	bool asks_teacher;  /* kept for the admin to see; gives no right */
	struct str address; /* of the client, for the rate; empty: not counted */
};
/*
 * By nobody in particular: c->who is not read.  Fields "name" (REQUIRED, TOO_LONG, NOT_TEXT),
 * "email" (REQUIRED, NOT_AN_EMAIL, TOO_LONG, EMAIL_TAKEN), "password" (as password_check).
 * RC_DENIED REGISTRATION_CLOSED by the setting, or while there is no branch; RC_BUSY
 * REGISTRATIONS_WAIT, RATE.
 */
enum rc registration_add(struct core *c, const struct registration_in *in,
			 struct error *e) MUST_CHECK;

enum registration_state {
	REGISTRATION_WAITING,
	REGISTRATION_APPROVED,
	REGISTRATION_REFUSED,
	REGISTRATION_STATE__MAX
};
const char *registration_state_name(enum registration_state s);

/* Those the viewer may decide, the oldest first, at most REGISTRATIONS_SHOWN.  RC_DENIED. */
enum rc registration_list(struct core *c, enum registration_state state,
			  const struct registration_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
/* How many wait for the viewer. */
enum rc registration_waiting(struct core *c, int64_t *ret_n, struct error *e) MUST_CHECK;
struct registration_decision {
	int64_t account_id;
	bool approve;
	int64_t branch_id; /* approved into this branch; 0: where it stands */
};
/*
 * A waiting one, or a refused one to approve it after all.  RC_NOT_FOUND (also of another branch),
 * RC_DENIED, RC_CONFLICT CHANGED when it was decided meanwhile; field "branch" (NOT_A_CHOICE).
 * *ret_person_id: whose it is.
 */
enum rc registration_decide(struct core *c, const struct registration_decision *in,
			    int64_t *ret_person_id, struct error *e) MUST_CHECK;

#endif
