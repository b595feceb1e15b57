/*
 * The institution's things to choose from, for the selects of every admin page: bounded, with a
 * search for long ones, one statement each; only what the viewer manages.
 */
#ifndef CORE_ORG_H
#define CORE_ORG_H

#include "core/core.h"
#include "store/org.h"

#define ORG_OPTIONS_MAX 500 /* of one select; longer ones are searched */
#define ORG_SEARCH_MAX  100 /* code points; longer is cut */

struct org_option {
	int64_t id, branch_id;
	struct str name;        /* "Computer Science · 2026 · A", "Leyla Aydın", "Databases" */
	struct str detail;      /* code of a course ("DEMO102"), teacher or student; may be empty */
	struct str branch_name; /* to tell them apart when several branches are shown */
	bool is_ended;          /* only of the one chosen already */
};

struct org_query {
	enum org_kind kind; /* store/org.h: ORG_BRANCH … ORG_STUDENT */
	int64_t branch_id;  /* 0: all that the viewer manages */
	struct str search;  /* in name or detail; empty: all */
	int64_t with_id; /* the one chosen now: comes first even when ended or not found; 0: none */
	size_t limit;    /* 1..ORG_OPTIONS_MAX; 0: ORG_OPTIONS_MAX */
};

/*
 * ret_more (may be NULL): there are more than the limit, so the page should offer a search.
 * RC_DENIED/ADMIN_ONLY for who manages nothing, RC_NOT_FOUND for a branch not theirs.  A with_id of
 * a branch the viewer does not manage is left out.
 */
enum rc org_options(struct core *c, const struct org_query *q, const struct org_option **ret,
		    size_t *ret_n, bool *ret_more, struct error *e) MUST_CHECK;

/* The branch the viewer is bound to, 0: none (a super admin).  RC_DENIED/ADMIN_ONLY for who manages
 * nothing. */
enum rc org_scope(const struct core *c, int64_t *ret_branch_id, struct error *e) MUST_CHECK;
/* The same narrowed to the branch asked for (0: none asked).  RC_NOT_FOUND for one not theirs. */
enum rc org_scope_of(const struct core *c, int64_t branch_id, int64_t *ret_branch_id,
		     struct error *e) MUST_CHECK;

/*
 * The branch of something new: the one asked for, else (0) the viewer's own, else the only one
 * there is.  Field "branch": REQUIRED, NOT_A_CHOICE.  RC_DENIED/ADMIN_ONLY as above.
 */
enum rc org_new_branch(struct core *c, int64_t asked_id, int64_t *ret_branch_id,
		       struct error *e) MUST_CHECK;
/* The same for a client that knows no branches (contract 003): where several would do, the oldest.
 */
enum rc org_door_branch(struct core *c, int64_t asked_id, int64_t *ret_branch_id,
			struct error *e) MUST_CHECK;

/* %text% for LIKE … ESCAPE '!', at most ORG_SEARCH_MAX code points of it; empty for empty. */
enum rc org_like(struct arena *a, struct str search, struct str *ret, struct error *e) MUST_CHECK;

#endif
