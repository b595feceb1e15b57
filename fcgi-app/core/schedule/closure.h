/*
 * Closures: days on which a branch, or the whole institution, holds no session.
 *
 * Schedules make nothing on them.  A new closure cancels what is scheduled there and
 * untouched, with cause 'closure'; what has a completion or was moved there stays.  Removing
 * or shortening one brings its sessions back, and makes those that were never made.  Branch
 * admins manage those of their branch and see those of the institution.
 */
#ifndef CORE_CLOSURE_H
#define CORE_CLOSURE_H

#include "core/core.h"
#include "store/closure.h"

#define CLOSURE_NAME_MAX     120
#define CLOSURE_DAYS_MAX     400  /* first to last, both included */
#define CLOSURE_SESSIONS_MAX 4500 /* that one change may cancel or bring back */
#define CLOSURE_LIST_MAX     200

struct closure_row {
	struct closure_stored s;
	bool may_change;
};
/* Those to come and of now by date, or past ones, newest first; at most CLOSURE_LIST_MAX. */
enum rc closure_list(struct core *c, int64_t branch_id, bool past,
		     const struct closure_row **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;
/* RC_NOT_FOUND also for what is another branch's, or the institution's for a branch admin. */
enum rc closure_get(struct core *c, int64_t id, struct closure_stored *ret,
		    struct error *e) MUST_CHECK;

/* Fields: "name" (REQUIRED, TOO_LONG, NOT_TEXT), "from" (REQUIRED), "to" (END_BEFORE_START,
 * RANGE_TOO_LONG, TOO_MANY_SESSIONS), "branch" (NOT_A_CHOICE). */
struct closure_in {
	int64_t branch_id; /* 0: the whole institution, super admins only; create only */
	struct str name;
	int32_t from_day, to_day; /* to NO_DAY: one day */
	int64_t version;          /* update: 0 for whatever it is */
};
/* What a closure does, or would do. */
struct closure_effect {
	int64_t n_cancelled, n_revived, n_made; /* made: never written out before */
	int64_t n_kept;                         /* held on its days all the same */
};
/* What creating (id 0) or updating would do; n_made is not counted. */
enum rc closure_check(struct core *c, int64_t id, const struct closure_in *in,
		      struct closure_effect *ret, struct error *e) MUST_CHECK;
enum rc closure_create(struct core *c, const struct closure_in *in, int64_t *ret_id,
		       struct closure_effect *ret, struct error *e) MUST_CHECK;
enum rc closure_update(struct core *c, int64_t id, const struct closure_in *in,
		       struct closure_effect *ret, struct error *e) MUST_CHECK;
enum rc closure_remove(struct core *c, int64_t id, struct closure_effect *ret,
		       struct error *e) MUST_CHECK;

#endif
