/*
 * SQL of the audit log.
 */
#include "store/audit.h"

#include "store/sets.h"

static const struct column audit_read_columns[] = {
	COL(audit_read, id, I64, false),
	COL(audit_read, at, TIME, false),
	COL(audit_read, actor_id, I64, true),
	COL_N(audit_read, username, TEXT, 320, true),
	COL_N(audit_read, given_name, TEXT, 480, true),
	COL_N(audit_read, family_name, TEXT, 480, true),
	COL_N(audit_read, request_id, TEXT, 128, false),
	COL_N(audit_read, action, TEXT, 160, false),
	COL(audit_read, branch_id, I64, true),
	COL_N(audit_read, object, TEXT, 80, false),
	COL(audit_read, object_id, I64, false),
	COL_N(audit_read, detail, TEXT, 8000, false),
};

#define AUDIT_STATEMENTS(ROWS, CHANGE)                                                             \
	CHANGE(AUDIT_INSERT, "tissisis",                                                           \
	       "INSERT INTO audit_log (at, actor_id, request_id, action, branch_id, object, "      \
	       "object_id, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")                               \
	ROWS(AUDIT_TRAIL, "siii", audit_read,                                                      \
	     "SELECT l.id, l.at, l.actor_id, a.username, p.given_name, p.family_name, "            \
	     "l.request_id, l.action, l.branch_id, l.object, l.object_id, l.detail "               \
	     "FROM audit_log l LEFT JOIN account a ON a.id = l.actor_id "                          \
	     "LEFT JOIN person p ON p.id = a.person_id "                                           \
	     "WHERE l.object = ? AND l.object_id = ? AND l.id < ? ORDER BY l.id DESC LIMIT ?")
STATEMENT_SET(audit, AUDIT_STATEMENTS);

#define INSERT_PARAMS 8

enum rc audit_insert(struct store *s, const struct audit_new *rows, size_t n, struct arena *a,
		     struct error *e)
{
	struct param *sets = ARENA_ARRAY(a, n * INSERT_PARAMS, struct param);

	if (!sets)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		memcpy(sets + i * INSERT_PARAMS,
		       (const struct param[INSERT_PARAMS]){
			       P_TIME(rows[i].at), P_I64_OR_NULL(rows[i].actor_id),
			       P_TEXT(rows[i].request_id), P_TEXT(rows[i].action),
			       P_I64_OR_NULL(rows[i].branch_id), P_TEXT(rows[i].object),
			       P_I64(rows[i].object_id), P_TEXT(rows[i].detail) },
		       INSERT_PARAMS * sizeof *sets);
	if (n == 1)
		return store_change(s, &audit_table[AUDIT_INSERT], sets, INSERT_PARAMS, NULL, NULL,
				    e);
	return store_change_many(s, &audit_table[AUDIT_INSERT], sets, INSERT_PARAMS, n, e);
}

enum rc audit_select(struct store *s, struct str object, int64_t object_id, int64_t before_id,
		     size_t limit, struct arena *a, const struct audit_read **ret_rows,
		     size_t *ret_n, struct error *e)
{
	return store_rows(s, &audit_table[AUDIT_TRAIL],
			  PARAMS(P_TEXT(object), P_I64(object_id), P_I64(before_id),
				 P_I64((int64_t)limit)),
			  limit, a, ret_rows, ret_n, e);
}
