/*
 * SQL of accounts as admins see and change them, devices included.
 */
#ifndef STORE_ACCOUNT_ADMIN_H
#define STORE_ACCOUNT_ADMIN_H

#include "store/store.h"

struct account_admin_row {
	int64_t id, person_id; /* COLUMN_NULL: a device */
	int64_t branch_id;     /* the person's, of a device its own; COLUMN_NULL: none */
	struct str role, username, email, given_name, family_name, branch;
	int64_t revision, created_at, disabled_at, password_changed_at, person_ended_at;
	int64_t seen_at; /* last use of a browser; NO_TIME: never */
	int64_t is_demo;
	int64_t updated_at;
	struct str updated_by;
};
enum rc account_admin_read(struct store *s, int64_t id, struct arena *a,
			   struct account_admin_row *ret, struct error *e) MUST_CHECK;
/* The same under the row lock. */
enum rc account_admin_lock(struct store *s, int64_t id, struct arena *a,
			   struct account_admin_row *ret, struct error *e) MUST_CHECK;
/* Locks all super admins; RC_CONFLICT LAST_ADMIN when `id` is the only one that can sign in. */
enum rc account_admin_not_last(struct store *s, struct arena *a, int64_t id,
			       struct error *e) MUST_CHECK;

/*
 * Each raises the revision and, but for a mere change of username or e-mail, ends all sessions.
 * RC_CONFLICT: keys account_username, account_email.
 */
enum rc account_admin_update(struct store *s, int64_t id, struct str role, int64_t branch_id,
			     struct str username, struct str email_or_null, bool ends_sessions,
			     int64_t now_us, int64_t by, struct error *e) MUST_CHECK;
/* disabled_at NO_TIME: enabled. */
enum rc account_admin_set_disabled(struct store *s, int64_t id, int64_t disabled_at, int64_t now_us,
				   int64_t by, struct error *e) MUST_CHECK;
enum rc account_admin_set_password(struct store *s, int64_t id, struct str hash, int64_t now_us,
				   int64_t by, struct error *e) MUST_CHECK;

/* When a branch ended (NO_TIME: it goes on); RC_NOT_FOUND. */
enum rc account_admin_branch(struct store *s, int64_t id, struct arena *a, int64_t *ret_ended_at,
			     struct error *e) MUST_CHECK;

#endif
