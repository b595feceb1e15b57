/*
 * Branches: reading with what hangs on them, writing, and their sessions across a change of zone.
 */
#ifndef STORE_BRANCH_H
#define STORE_BRANCH_H

#include "store/store.h"

struct branch_info_row {
	int64_t id, revision;
	struct str name, zone;
	int64_t ended_at, updated_at;
	struct str updated_by; /* name of the account of the last change; empty: as it was made */
	int64_t n_people, n_accounts, n_departments, n_classes, n_courses, n_schedules;
	int64_t n_coming; /* sessions that are planned and begin after the time asked about */
};
/* RC_NOT_FOUND. */
enum rc branch_info_read(struct store *s, int64_t id, int64_t now_at, struct arena *a,
			 struct branch_info_row *ret, struct error *e) MUST_CHECK;
/* By name, the ended ones last. */
enum rc branch_info_rows(struct store *s, bool with_ended, int64_t now_at, size_t max,
			 struct arena *a, const struct branch_info_row **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;
/* In a transaction: takes the row lock.  RC_NOT_FOUND. */
enum rc branch_lock(struct store *s, int64_t id, struct arena *a, struct error *e) MUST_CHECK;

/* A name in use is RC_CONFLICT on the key branch_name (all three). */
enum rc branch_add(struct store *s, struct str name, struct str zone, int64_t account_id,
		   int64_t now_at, int64_t *ret_id, struct error *e) MUST_CHECK;
enum rc branch_write(struct store *s, int64_t id, struct str name, struct str zone,
		     int64_t account_id, int64_t now_at, struct error *e) MUST_CHECK;
/* ended_at NO_TIME: restores. */
enum rc branch_set_end(struct store *s, int64_t id, int64_t ended_at, int64_t account_id,
		       int64_t now_at, struct error *e) MUST_CHECK;
/* Raises the versions of all who see sessions of the branch: its row, and those of its staff. */
enum rc branch_touch_all(struct store *s, int64_t id, struct error *e) MUST_CHECK;

struct branch_coming_row {
	int64_t id;
	int32_t session_date, start_time, end_time;
};
/* What is not completed and begins after after_at, by id from after_id (excluded) on; locks them.
 */
enum rc branch_coming(struct store *s, int64_t branch_id, int64_t after_at, int64_t after_id,
		      size_t max, struct arena *a, const struct branch_coming_row **ret_rows,
		      size_t *ret_n, struct error *e) MUST_CHECK;
/* json: [{"id": 1, "s": "2026-11-20 09:00:00", "e": …}, …], instants in UTC. */
enum rc branch_rezone(struct store *s, struct str json, struct str zone,
		      struct error *e) MUST_CHECK;

#endif
