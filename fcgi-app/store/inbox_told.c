/*
 * SQL of notifications as the gateway tells them.  See the header.
 */
#include "store/inbox_told.h"

#include "store/sets.h"

#define TOLD(name, type, max, null)                                                                \
	{                                                                                          \
#name, COLUMN_##type, offsetof(struct inbox_told_stored, row.name), max, null      \
	}

static const struct column inbox_told_stored_columns[] = {
	TOLD(id, I64, 0, false),
	TOLD(kind, TEXT, 160, false),
	TOLD(entity_id, I64, 0, false),
	TOLD(params, TEXT, 16000, false),
	TOLD(created_at, TIME, 0, false),
	TOLD(read_at, TIME, 0, true),
	COL(inbox_told_stored, account_id, I64, false),
	COL_N(inbox_told_stored, role, TEXT, 64, false),
	COL_N(inbox_told_stored, language, TEXT, 48, true),
};

#define INBOX_TOLD_STATEMENTS(ROWS, CHANGE)                                                        \
	ROWS(INBOX_TOLD_ROWS, "s", inbox_told_stored,                                              \
	     "SELECT n.id, n.kind, n.entity_id, n.params, n.created_at, n.read_at, n.account_id,"  \
	     " a.role, a.language FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) q"       \
	     " JOIN notification n ON n.id = q.id JOIN account a ON a.id = n.account_id")
STATEMENT_SET(inbox_told, INBOX_TOLD_STATEMENTS);

enum rc inbox_told_rows(struct store *s, struct str ids, size_t limit, struct arena *a,
			const struct inbox_told_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &inbox_told_table[INBOX_TOLD_ROWS], PARAMS(P_TEXT(ids)), limit, a,
			  ret_rows, ret_n, e);
}
