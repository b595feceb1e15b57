/*
 * SQL of the audit log: adding and reading, nothing else.
 */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "store/store.h"

struct audit_new {
	int64_t at, actor_id; /* COLUMN_NULL: nobody */
	struct str request_id, action;
	int64_t branch_id; /* COLUMN_NULL: none */
	struct str object;
	int64_t object_id;
	struct str detail; /* JSON */
};
/* n of them, in one statement. */
enum rc audit_insert(struct store *s, const struct audit_new *rows, size_t n, struct arena *a,
		     struct error *e) MUST_CHECK;

struct audit_read {
	int64_t id, at, actor_id;
	struct str username, given_name, family_name; /* p NULL: there is none */
	struct str request_id, action;
	int64_t branch_id;
	struct str object;
	int64_t object_id;
	struct str detail;
};
/* Newest first, ids below before_id. */
enum rc audit_select(struct store *s, struct str object, int64_t object_id, int64_t before_id,
		     size_t limit, struct arena *a, const struct audit_read **ret_rows,
		     size_t *ret_n, struct error *e) MUST_CHECK;

#endif
