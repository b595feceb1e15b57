/*
 * SQL of registrations: accounts that people asked for themselves.
 */
#ifndef STORE_REGISTRATION_H
#define STORE_REGISTRATION_H

#include "store/store.h"

enum rc registration_insert(struct store *s, int64_t account_id, struct str asked_role,
			    int64_t now_us, struct error *e) MUST_CHECK;
/* A new account that cannot sign in. */
enum rc registration_disable(struct store *s, int64_t account_id, int64_t now_us,
			     struct error *e) MUST_CHECK;
/* from, to: "waiting", …  *ret_n: 0 when it was not in that state. */
enum rc registration_move(struct store *s, int64_t account_id, struct str from, struct str to,
			  int64_t now_us, int64_t by, int64_t *ret_n, struct error *e) MUST_CHECK;
/* With the account of a person who is removed for good. */
enum rc registration_delete(struct store *s, int64_t person_id, struct error *e) MUST_CHECK;

struct registration_row {
	int64_t account_id, person_id, branch_id;
	struct str given_name, family_name, email, username, branch, asked_role, state;
	int64_t created_at, decided_at; /* decided_at NO_TIME: it waits */
	struct str decided_by;          /* name; empty: nobody yet */
};
/* RC_NOT_FOUND. */
enum rc registration_read(struct store *s, int64_t account_id, struct arena *a,
			  struct registration_row *ret, struct error *e) MUST_CHECK;
/* Of a branch (0: all) in a state, the oldest first; those that an admin enabled otherwise do not
 * wait. */
enum rc registration_rows(struct store *s, int64_t branch_id, struct str state, size_t max,
			  struct arena *a, const struct registration_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
/* Of a branch (0: all) that wait. */
enum rc registration_count(struct store *s, int64_t branch_id, struct arena *a, int64_t *ret_n,
			   struct error *e) MUST_CHECK;
/* Where the registered go: the branch that has been there longest.  RC_NOT_FOUND. */
enum rc registration_branch(struct store *s, struct arena *a, int64_t *ret_id,
			    struct error *e) MUST_CHECK;

#endif
