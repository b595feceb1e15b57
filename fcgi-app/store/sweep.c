/*
 * SQL of the sweeper.
 */
#include "store/sweep.h"

#include "store/sets.h"

static const struct column sweep_file_row_columns[] = { COL_N(sweep_file_row, file_id, TEXT, 256,
							      true) };

static const struct column sweep_upload_row_columns[] = {
	COL_N(sweep_upload_row, id, TEXT, 256, true),
	COL_N(sweep_upload_row, state, TEXT, 64, false),
};

#define SWEEP_STATEMENTS(ROWS, CHANGE)                                                             \
	ROWS(SWEEP_FILE_KNOWN, "ss", sweep_file_row,                                               \
	     "SELECT LOWER(HEX(id)) AS file_id FROM file"                                          \
	     " WHERE id = UNHEX(?) AND removed_at IS NULL"                                         \
	     " UNION ALL SELECT LOWER(HEX(id)) FROM upload"                                        \
	     " WHERE id = UNHEX(?) AND state = 'open'")                                            \
	ROWS(SWEEP_UPLOAD_OPEN, "s", sweep_upload_row,                                             \
	     "SELECT LOWER(HEX(id)) AS id, state FROM upload"                                      \
	     " WHERE id = UNHEX(?) AND state = 'open'")                                            \
	ROWS(SWEEP_UPLOADS_EXPIRED, "ti", sweep_upload_row,                                        \
	     "SELECT LOWER(HEX(id)) AS id, state FROM upload WHERE expires_at < ?"                 \
	     " ORDER BY expires_at LIMIT ?")                                                       \
	CHANGE(SWEEP_UPLOAD_REMOVED, "s", "DELETE FROM upload WHERE id = UNHEX(?)")                \
	ROWS(SWEEP_FILES_DELETED, "ti", sweep_file_row,                                            \
	     "SELECT LOWER(HEX(id)) AS file_id FROM file FORCE INDEX (file_state)"                 \
	     " WHERE state = 'deleted' AND removed_at IS NULL"                                     \
	     " AND (branch_id IS NOT NULL OR created_at < ?) LIMIT ?")                             \
	CHANGE(SWEEP_FILE_REMOVED, "ts", "UPDATE file SET removed_at = ? WHERE id = UNHEX(?)")     \
	CHANGE(SWEEP_SESSIONS, "ti", "DELETE FROM web_session WHERE expires_at < ? LIMIT ?")       \
	CHANGE(SWEEP_THROTTLES, "ti", "DELETE FROM sign_in_throttle WHERE last_at < ? LIMIT ?")
STATEMENT_SET(sweep, SWEEP_STATEMENTS);

enum rc sweep_file_known(struct store *s, struct str file_id, struct arena *a, bool *ret_known,
			 struct error *e)
{
	const struct sweep_file_row *rows;
	size_t n;

	TRY(store_rows(s, &sweep_table[SWEEP_FILE_KNOWN], PARAMS(P_TEXT(file_id), P_TEXT(file_id)),
		       2, a, &rows, &n, e));
	*ret_known = n > 0;
	return RC_OK;
}

enum rc sweep_files_deleted(struct store *s, int64_t before_at, struct arena *a,
			    const struct sweep_file_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &sweep_table[SWEEP_FILES_DELETED],
			  PARAMS(P_TIME(before_at), P_I64(SWEEP_BATCH)), SWEEP_BATCH, a, ret_rows,
			  ret_n, e);
}

enum rc sweep_file_removed(struct store *s, struct str file_id, int64_t now_at, struct error *e)
{
	return store_change(s, &sweep_table[SWEEP_FILE_REMOVED],
			    PARAMS(P_TIME(now_at), P_TEXT(file_id)), NULL, NULL, e);
}

enum rc sweep_upload_open(struct store *s, struct str id, struct arena *a, bool *ret_open,
			  struct error *e)
{
	const struct sweep_upload_row *rows;
	size_t n;

	TRY(store_rows(s, &sweep_table[SWEEP_UPLOAD_OPEN], PARAMS(P_TEXT(id)), 1, a, &rows, &n, e));
	*ret_open = n > 0;
	return RC_OK;
}

enum rc sweep_uploads_expired(struct store *s, int64_t before_at, struct arena *a,
			      const struct sweep_upload_row **ret_rows, size_t *ret_n,
			      struct error *e)
{
	return store_rows(s, &sweep_table[SWEEP_UPLOADS_EXPIRED],
			  PARAMS(P_TIME(before_at), P_I64(SWEEP_BATCH)), SWEEP_BATCH, a, ret_rows,
			  ret_n, e);
}

enum rc sweep_upload_removed(struct store *s, struct str id, struct error *e)
{
	return store_change(s, &sweep_table[SWEEP_UPLOAD_REMOVED], PARAMS(P_TEXT(id)), NULL, NULL,
			    e);
}

enum rc sweep_sessions(struct store *s, int64_t before_at, int64_t *ret_n, struct error *e)
{
	return store_change(s, &sweep_table[SWEEP_SESSIONS],
			    PARAMS(P_TIME(before_at), P_I64(SWEEP_BATCH)), ret_n, NULL, e);
}

enum rc sweep_throttles(struct store *s, int64_t before_at, int64_t *ret_n, struct error *e)
{
	return store_change(s, &sweep_table[SWEEP_THROTTLES],
			    PARAMS(P_TIME(before_at), P_I64(SWEEP_BATCH)), ret_n, NULL, e);
}
