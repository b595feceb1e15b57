/*
 * SQL of the end of evidence.
 */
#include "store/evidence.h"

#include "base/buf.h"
#include "store/sets.h"

struct evidence_id {
	int64_t id;
};
static const struct column evidence_id_columns[] = { COL(evidence_id, id, I64, false) };

#define JSON_IDS "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) q"

#define EVIDENCE_STATEMENTS(ROWS, CHANGE)                                                          \
	CHANGE(EVIDENCE_SEALED, "ti",                                                              \
	       "DELETE FROM attempt_evidence WHERE expires_at <= ? LIMIT ?")                       \
	ROWS(EVIDENCE_PHOTOS, "ti", evidence_id,                                                   \
	     "SELECT attempt_id AS id FROM attempt_photo WHERE expires_at <= ?"                    \
	     " ORDER BY expires_at LIMIT ? FOR UPDATE")                                            \
	CHANGE(EVIDENCE_FILES_DELETED, "s",                                                        \
	       "UPDATE " JSON_IDS " STRAIGHT_JOIN attempt_photo v ON v.attempt_id = q.id"          \
	       " STRAIGHT_JOIN file f ON f.id = v.file_id SET f.state = 'deleted'")                \
	CHANGE(EVIDENCE_PHOTOS_GO, "s",                                                            \
	       "DELETE v FROM " JSON_IDS " STRAIGHT_JOIN attempt_photo v ON v.attempt_id = q.id")  \
	ROWS(EVIDENCE_BROWSERS, "iti", evidence_id,                                                \
	     "SELECT t.id FROM attendance_attempt t FORCE INDEX (attendance_attempt_browser)"      \
	     " LEFT JOIN attendance_session s ON s.id = t.attendance_id"                           \
	     " WHERE t.browser_hash IS NOT NULL AND t.learned_at"                                  \
	     " + INTERVAL COALESCE(s.evidence_days, ?) DAY <= ? LIMIT ?")                          \
	CHANGE(EVIDENCE_BROWSERS_GO, "s",                                                          \
	       "UPDATE " JSON_IDS " STRAIGHT_JOIN attendance_attempt t ON t.id = q.id"             \
	       " SET t.browser_hash = NULL")
STATEMENT_SET(evidence, EVIDENCE_STATEMENTS);

/* "[1,2]" */
static enum rc ids_json(const struct evidence_id *ids, size_t n, struct arena *a, struct str *ret,
			struct error *e)
{
	struct buf b;

	buf_init(&b, a, n * 12 + 16, n * 22 + 16);
	buf_char(&b, '[');
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%lld", i ? "," : "", (long long)ids[i].id);
	buf_char(&b, ']');
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

enum rc evidence_delete_sealed(struct store *s, int64_t now_us, int64_t *ret_n, struct error *e)
{
	return store_change(s, &evidence_table[EVIDENCE_SEALED],
			    PARAMS(P_TIME(now_us), P_I64(EVIDENCE_BATCH)), ret_n, NULL, e);
}

enum rc evidence_delete_photos(struct store *s, int64_t now_us, struct arena *a, int64_t *ret_n,
			       struct error *e)
{
	const struct evidence_id *ids;
	struct str json;
	size_t n;

	TRY(store_rows(s, &evidence_table[EVIDENCE_PHOTOS],
		       PARAMS(P_TIME(now_us), P_I64(EVIDENCE_BATCH)), EVIDENCE_BATCH, a, &ids, &n,
		       e));
	*ret_n = (int64_t)n;
	if (!n)
		return RC_OK;
	TRY(ids_json(ids, n, a, &json, e));
	TRY(store_change(s, &evidence_table[EVIDENCE_FILES_DELETED], PARAMS(P_TEXT(json)), NULL,
			 NULL, e));
	return store_change(s, &evidence_table[EVIDENCE_PHOTOS_GO], PARAMS(P_TEXT(json)), NULL,
			    NULL, e);
}

enum rc evidence_forget_browsers(struct store *s, int64_t now_us, int64_t no_session_days,
				 struct arena *a, int64_t *ret_n, struct error *e)
{
	const struct evidence_id *ids;
	struct str json;
	size_t n;

	TRY(store_rows(s, &evidence_table[EVIDENCE_BROWSERS],
		       PARAMS(P_I64(no_session_days), P_TIME(now_us), P_I64(EVIDENCE_BATCH)),
		       EVIDENCE_BATCH, a, &ids, &n, e));
	*ret_n = (int64_t)n;
	if (!n)
		return RC_OK;
	TRY(ids_json(ids, n, a, &json, e));
	return store_change(s, &evidence_table[EVIDENCE_BROWSERS_GO], PARAMS(P_TEXT(json)), NULL,
			    NULL, e);
}
