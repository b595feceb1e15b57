/*
 * How check-in is checked: a row per branch or course, networks, shared machines, marks.
 */
#ifndef STORE_POLICY_H
#define STORE_POLICY_H

#include "store/store.h"

struct policy_stored {
	int64_t id, branch_id, course_id; /* course_id COLUMN_NULL: of the branch */
	int64_t early_min, late_after_s, close_after_min;
	struct str code_level, place_level, network_level, photo_level, device_level;
	int64_t radius_m, code_period_s, max_tries, lock_days, claim_days, aim_percent;
	int64_t auto_open, names_on_screen, evidence_days, version;
};
/* The row of the course first, then that of the branch: 0 to 2.  course_id COLUMN_NULL: none. */
enum rc policy_rows(struct store *s, int64_t branch_id, int64_t course_id, struct arena *a,
		    const struct policy_stored **ret_rows, size_t *ret_n,
		    struct error *e) MUST_CHECK;
/* RC_NOT_FOUND without the branch, or when the course is not of it. */
enum rc policy_scope_check(struct store *s, int64_t branch_id, int64_t course_id, struct arena *a,
			   struct error *e) MUST_CHECK;
/* Neither reads id, version. */
enum rc policy_insert(struct store *s, const struct policy_stored *p, int64_t now_at,
		      int64_t *ret_id, struct error *e) MUST_CHECK;
enum rc policy_write(struct store *s, const struct policy_stored *p, int64_t now_at,
		     struct error *e) MUST_CHECK;
enum rc policy_delete(struct store *s, int64_t id, struct error *e) MUST_CHECK;

struct policy_course_stored {
	int64_t course_id;
	struct str code, title;
};
/* Courses of the branch with a row of their own, by code. */
enum rc policy_course_rows(struct store *s, int64_t branch_id, size_t limit, struct arena *a,
			   const struct policy_course_stored **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;

struct network_stored {
	int64_t id, branch_id;
	struct str cidr, label;
};
/* Of a branch, in the order they were added. */
enum rc network_rows(struct store *s, int64_t branch_id, size_t limit, struct arena *a,
		     const struct network_stored **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;
enum rc network_read(struct store *s, int64_t id, struct arena *a, struct network_stored *ret,
		     struct error *e) MUST_CHECK;
/* One that is there is RC_CONFLICT on the key branch_network_cidr. */
enum rc network_insert(struct store *s, int64_t branch_id, struct str cidr, struct str label,
		       int64_t account_id, int64_t now_at, int64_t *ret_id,
		       struct error *e) MUST_CHECK;
enum rc network_delete(struct store *s, int64_t id, struct error *e) MUST_CHECK;

struct browser_stored {
	struct str hash; /* 32 bytes */
	int64_t branch_id;
	struct str label;
	int64_t created_at;
};
/* By label. */
enum rc browser_rows(struct store *s, int64_t branch_id, size_t limit, struct arena *a,
		     const struct browser_stored **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;
/* 0 or 1 row, under its lock. */
enum rc browser_lock(struct store *s, struct str hash, struct arena *a,
		     const struct browser_stored **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;
/* Adds it, or gives it this branch and label. */
enum rc browser_put(struct store *s, struct str hash, int64_t branch_id, struct str label,
		    int64_t account_id, int64_t now_at, struct error *e) MUST_CHECK;
enum rc browser_delete(struct store *s, struct str hash, struct error *e) MUST_CHECK;

struct status_stored {
	struct str status, label, letter; /* empty: those of the catalogue */
	int64_t points, is_counted, version;
};
/* The four, in the order of their enum. */
enum rc status_rows(struct store *s, struct arena *a, const struct status_stored **ret_rows,
		    size_t *ret_n, struct error *e) MUST_CHECK;
/* The same under their locks. */
enum rc status_lock(struct store *s, struct arena *a, const struct status_stored **ret_rows,
		    size_t *ret_n, struct error *e) MUST_CHECK;
/* Empty label or letter: NULL. */
enum rc status_write(struct store *s, const struct status_stored *row, struct error *e) MUST_CHECK;

#endif
