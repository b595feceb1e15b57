/*
 * Searching the audit trail of everything.  A branch's admin finds the rows of that branch
 * and no others, whatever is asked for.
 */
#ifndef CORE_AUDIT_SEARCH_H
#define CORE_AUDIT_SEARCH_H

#include "core/core.h"
#include "store/audit_search.h"

#define AUDIT_EXPORT_MAX 100000 /* rows of one export */

/* 0, an empty text, NO_DAY: not asked for.  Days are the viewer's, both included. */
struct audit_query {
	struct str actor; /* username */
	struct str family, object, request_id;
	int64_t object_id; /* only with object */
	int64_t branch_id;
	int32_t from_day, to_day;
};

/*
 * Who may search, and what: makes the filter for audit_search.  RC_DENIED/ADMIN_ONLY;
 * RC_NOT_FOUND for a branch that is not the viewer's; RC_INVALID with fields "to"
 * (END_BEFORE_START), "object" (REQUIRED, with an id).  *ret_empty: nothing can match, since
 * nobody is called like that.
 */
enum rc audit_search_filter(struct core *c, const struct audit_query *query,
			    struct audit_filter *ret, bool *ret_empty, struct error *e) MUST_CHECK;
/* Newest first, ids below before_id (0: from the newest), at most limit. */
enum rc audit_search(struct core *c, const struct audit_filter *filter, int64_t before_id,
		     size_t limit, const struct audit_hit **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;
/* RC_TOO_BIG/AUDIT_TOO_MANY when more than AUDIT_EXPORT_MAX rows match. */
enum rc audit_search_size(struct core *c, const struct audit_filter *filter,
			  struct error *e) MUST_CHECK;
/* Branches the viewer may choose; none for a branch's admin. */
enum rc audit_search_branches(struct core *c, const struct audit_branch **ret_rows, size_t *ret_n,
			      struct error *e) MUST_CHECK;

#endif
