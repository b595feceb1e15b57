/*
 * SQL of uploads in pieces.
 */
#include "store/resumable.h"

#include "store/sets.h"

static const struct column resumable_row_columns[] = {
	COL_N(resumable_row, id, TEXT, 256, true),
	COL(resumable_row, account_id, I64, false),
	COL(resumable_row, occurrence_id, I64, false),
	COL(resumable_row, size, I64, false),
	COL_N(resumable_row, name, TEXT, 1020, false),
	COL_N(resumable_row, description, TEXT, 2000, false),
	COL_N(resumable_row, metadata, TEXT, 16384, false),
	COL_N(resumable_row, state, TEXT, 64, false),
	COL(resumable_row, attachment_id, I64, true),
	COL(resumable_row, expires_at, TIME, false),
};

struct resumable_number {
	int64_t n;
};
static const struct column resumable_number_columns[] = { COL(resumable_number, n, I64, false) };

#define SELECT_UPLOAD                                                                              \
	"SELECT LOWER(HEX(id)) AS id, account_id, occurrence_id, size, name, description,"         \
	" metadata, state, attachment_id, expires_at FROM upload"

#define RESUMABLE_STATEMENTS(ROWS, CHANGE)                                                         \
	ROWS(RESUMABLE_ACCOUNT, "i", resumable_number,                                             \
	     "SELECT id AS n FROM account WHERE id = ? FOR UPDATE")                                \
	ROWS(RESUMABLE_COUNT, "it", resumable_number,                                              \
	     "SELECT COUNT(*) AS n FROM upload"                                                    \
	     " WHERE account_id = ? AND state = 'open' AND expires_at > ?")                        \
	CHANGE(RESUMABLE_INSERT, "siiissstt",                                                      \
	       "INSERT INTO upload (id, account_id, occurrence_id, size, name, description,"       \
	       " metadata, created_at, expires_at) VALUES (UNHEX(?), ?, ?, ?, ?, ?, ?, ?, ?)")     \
	ROWS(RESUMABLE_READ, "si", resumable_row,                                                  \
	     SELECT_UPLOAD " WHERE id = UNHEX(?) AND account_id = ?")                              \
	ROWS(RESUMABLE_LOCK, "si", resumable_row,                                                  \
	     SELECT_UPLOAD " WHERE id = UNHEX(?) AND account_id = ? FOR UPDATE")                   \
	ROWS(RESUMABLE_ROWS, "iit", resumable_row,                                                 \
	     SELECT_UPLOAD " WHERE account_id = ? AND state = 'open' AND occurrence_id = ?"        \
			   " AND expires_at > ? ORDER BY created_at, id LIMIT 1000")               \
	CHANGE(RESUMABLE_DONE, "is",                                                               \
	       "UPDATE upload SET state = 'done', attachment_id = ? WHERE id = UNHEX(?)")          \
	CHANGE(RESUMABLE_ENDED, "s",                                                               \
	       "UPDATE upload SET state = 'ended' WHERE id = UNHEX(?) AND state <> 'ended'")
STATEMENT_SET(resumable, RESUMABLE_STATEMENTS);

static enum rc number(struct store *s, int statement, const struct param *params, size_t n_params,
		      struct arena *a, int64_t *ret, struct error *e)
{
	struct resumable_number row;

	TRY(store_row(s, &resumable_table[statement], params, n_params, a, &row, e));
	*ret = row.n;
	return RC_OK;
}

enum rc resumable_insert(struct store *s, const struct resumable_new *n, int64_t max,
			 struct arena *a, struct error *e)
{
	int64_t n_open;

	TRY(number(s, RESUMABLE_ACCOUNT, PARAMS(P_I64(n->account_id)), a, &n_open, e));
	TRY(number(s, RESUMABLE_COUNT, PARAMS(P_I64(n->account_id), P_TIME(n->now_at)), a, &n_open,
		   e));
	if (n_open >= max) {
		(void)ERROR(e, RC_BUSY, REASON_UPLOADS_OPEN, "account %lld",
			    (long long)n->account_id);
		e->arg = n_open;
		return RC_BUSY;
	}
	return store_change(s, &resumable_table[RESUMABLE_INSERT],
			    PARAMS(P_TEXT(n->id), P_I64(n->account_id), P_I64(n->occurrence_id),
				   P_I64(n->size), P_TEXT(n->name), P_TEXT(n->description),
				   P_TEXT(n->metadata), P_TIME(n->now_at), P_TIME(n->expires_at)),
			    NULL, NULL, e);
}

enum rc resumable_read(struct store *s, struct str id, int64_t account_id, struct arena *a,
		       struct resumable_row *ret, struct error *e)
{
	return store_row(s, &resumable_table[RESUMABLE_READ], PARAMS(P_TEXT(id), P_I64(account_id)),
			 a, ret, e);
}

enum rc resumable_lock(struct store *s, struct str id, int64_t account_id, struct arena *a,
		       struct resumable_row *ret, struct error *e)
{
	return store_row(s, &resumable_table[RESUMABLE_LOCK], PARAMS(P_TEXT(id), P_I64(account_id)),
			 a, ret, e);
}

enum rc resumable_rows(struct store *s, int64_t account_id, int64_t occurrence_id, int64_t now_at,
		       struct arena *a, const struct resumable_row **ret_rows, size_t *ret_n,
		       struct error *e)
{
	return store_rows(s, &resumable_table[RESUMABLE_ROWS],
			  PARAMS(P_I64(account_id), P_I64(occurrence_id), P_TIME(now_at)),
			  RESUMABLE_LIST_MAX, a, ret_rows, ret_n, e);
}

enum rc resumable_done(struct store *s, struct str id, int64_t attachment_id, struct error *e)
{
	return store_change(s, &resumable_table[RESUMABLE_DONE],
			    PARAMS(P_I64(attachment_id), P_TEXT(id)), NULL, NULL, e);
}

enum rc resumable_ended(struct store *s, struct str id, int64_t *ret_n, struct error *e)
{
	return store_change(s, &resumable_table[RESUMABLE_ENDED], PARAMS(P_TEXT(id)), ret_n, NULL,
			    e);
}
