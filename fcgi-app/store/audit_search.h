/*
 * SQL of searching the audit log.  Each search goes along one index from the newest row on
 * and stops at its limit; which index, the filter decides.
 */
#ifndef STORE_AUDIT_SEARCH_H
#define STORE_AUDIT_SEARCH_H

#include "store/store.h"

/* 0, an empty text, NO_TIME: not asked for. */
struct audit_filter {
	int64_t branch_id, actor_id, object_id; /* object_id: only with object */
	struct str family, object, request_id;
	int64_t from_at, to_at; /* from_at <= at < to_at */
	int64_t first_id,
		last_id; /* what the period means in ids (audit_bounds); 0, INT64_MAX: all */
};
struct audit_hit {
	int64_t id, at, actor_id;
	struct str username, given_name, family_name; /* p NULL: there is none */
	struct str request_id, action;
	int64_t branch_id;
	struct str branch_name, object;
	int64_t object_id;
	struct str detail;
};
/* Newest first, ids below before_id, at most limit. */
enum rc audit_hits(struct store *s, const struct audit_filter *filter, int64_t before_id,
		   size_t limit, struct arena *a, const struct audit_hit **ret_rows, size_t *ret_n,
		   struct error *e) MUST_CHECK;
/* Whether there are more than `limit`. */
enum rc audit_more_than(struct store *s, const struct audit_filter *filter, int64_t limit,
			struct arena *a, bool *ret, struct error *e) MUST_CHECK;

/*
 * Sets first_id and last_id from from_at and to_at: rows of a period have neighbouring ids, but for
 * some requests' length; an hour is added at both ends.
 */
enum rc audit_bounds(struct store *s, struct audit_filter *filter, struct arena *a,
		     struct error *e) MUST_CHECK;
/* The account of a username; RC_NOT_FOUND. */
enum rc audit_actor(struct store *s, struct str username, struct arena *a, int64_t *ret_id,
		    struct error *e) MUST_CHECK;

struct audit_branch {
	int64_t id;
	struct str name;
};
#define AUDIT_BRANCHES_MAX 500
enum rc audit_branches(struct store *s, struct arena *a, const struct audit_branch **ret_rows,
		       size_t *ret_n, struct error *e) MUST_CHECK;

#endif
