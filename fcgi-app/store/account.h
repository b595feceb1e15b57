/*
 * SQL of accounts, with the people and branches they need.
 */
#ifndef STORE_ACCOUNT_H
#define STORE_ACCOUNT_H

#include "store/store.h"

struct account_sign_in {
	int64_t id, epoch;
	struct str role, password_hash, username, email;
	int64_t is_demo, branch_id; /* COLUMN_NULL: none */
	int64_t disabled_at;        /* NO_TIME: enabled */
	int64_t is_waiting;         /* a registration that nobody has decided */
};
/* By username or e-mail, in lower case.  A username wins over the same e-mail.  RC_NOT_FOUND. */
enum rc account_get_by_name(struct store *s, struct str name, struct arena *a,
			    struct account_sign_in *ret, struct error *e) MUST_CHECK;
enum rc account_get(struct store *s, int64_t id, struct arena *a, struct account_sign_in *ret,
		    struct error *e) MUST_CHECK;

/* A new hash of the password that held at this epoch; nothing happens when it has changed since. */
enum rc account_rehash(struct store *s, int64_t id, int64_t epoch, struct str hash,
		       struct error *e) MUST_CHECK;
/* A new password: every session ends.  *ret_n: accounts found. */
enum rc account_update_password(struct store *s, int64_t id, struct str hash, int64_t now_us,
				struct error *e) MUST_CHECK;
enum rc account_raise_epoch(struct store *s, int64_t id, struct error *e) MUST_CHECK;
enum rc account_update_disabled(struct store *s, int64_t id, int64_t now_us,
				struct error *e) MUST_CHECK;
enum rc account_update_preferences(struct store *s, int64_t id, struct str language_or_null,
				   struct str theme, bool has_shortcuts,
				   struct error *e) MUST_CHECK;

struct account_new {
	struct str uuid, role, username, email, password_hash; /* e-mail p NULL: none */
	int64_t person_id, branch_id;                          /* COLUMN_NULL: none */
	int64_t created_at;
};
/* RC_CONFLICT: keys account_username, account_email. */
enum rc account_insert(struct store *s, const struct account_new *row, int64_t *ret_id,
		       struct error *e) MUST_CHECK;
enum rc person_insert(struct store *s, int64_t branch_id, struct str given_name,
		      struct str family_name, int64_t now_us, int64_t *ret_id,
		      struct error *e) MUST_CHECK;

struct branch_row {
	int64_t id;
	struct str name, zone;
};
/* Those that have not ended, by name. */
enum rc branch_list(struct store *s, size_t max, struct arena *a,
		    const struct branch_row **ret_rows, size_t *ret_n, struct error *e) MUST_CHECK;
enum rc branch_insert(struct store *s, struct str name, struct str zone, int64_t now_us,
		      int64_t *ret_id, struct error *e) MUST_CHECK;

struct account_list_row {
	int64_t id;
	struct str username, email, role, given_name, family_name, branch;
	int64_t created_at, disabled_at, is_demo;
};
enum rc account_select(struct store *s, int64_t after_id, size_t max, struct arena *a,
		       const struct account_list_row **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;
/* Demo accounts that could sign in. */
enum rc account_count_demo(struct store *s, struct arena *a, int64_t *ret_n,
			   struct error *e) MUST_CHECK;

#endif
