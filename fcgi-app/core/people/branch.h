/*
 * Branches: only administrators of the whole institution make, change and end them.
 *
 * A branch ends when nothing live hangs on it.  Changing its time zone keeps the wall-clock times
 * of what is still to come: 09:00 stays 09:00, at another instant; what began or was completed
 * keeps the zone it was held in.
 *
 * Errors all share: RC_DENIED/ADMIN_ONLY, RC_NOT_FOUND, RC_CONFLICT CHANGED (the revision is
 * another one).
 */
#ifndef CORE_BRANCH_H
#define CORE_BRANCH_H

#include "core/core.h"
#include "store/branch.h"

#define BRANCH_NAME_MAX 120 /* code points */
#define BRANCHES_MAX    500

/* By name; ended ones last and only with_ended. */
enum rc branch_all(struct core *c, bool with_ended, const struct branch_info_row **ret_rows,
		   size_t *ret_n, struct error *e) MUST_CHECK;
enum rc branch_get(struct core *c, int64_t id, struct branch_info_row *ret,
		   struct error *e) MUST_CHECK;

struct branch_in {
	int64_t id, revision; /* 0 and 0: a new one */
	struct str name, zone;
	bool is_confirmed; /* the change of zone and what it does was agreed to */
};
/*
 * Fields: "name" (REQUIRED, TOO_LONG, NOT_TEXT, NAME_TAKEN), "zone" (REQUIRED, ZONE_UNKNOWN),
 * "confirm" (ZONE_CONFIRM: sessions are to come, arg of them, and is_confirmed is not set).
 * ret_n_moved (may be NULL): sessions that follow the new zone.
 */
enum rc branch_save(struct core *c, const struct branch_in *in, int64_t *ret_id,
		    int64_t *ret_n_moved, struct error *e) MUST_CHECK;
/* RC_CONFLICT BRANCH_IN_USE when something live hangs on it (branch_get says what), ENDED. */
enum rc branch_end(struct core *c, int64_t id, int64_t revision, struct error *e) MUST_CHECK;
/* RC_CONFLICT NOT_ENDED, NAME_TAKEN. */
enum rc branch_restore(struct core *c, int64_t id, int64_t revision, struct error *e) MUST_CHECK;
/* How many things hang on it that have not ended. */
int64_t branch_n_live(const struct branch_info_row *b);

#endif
