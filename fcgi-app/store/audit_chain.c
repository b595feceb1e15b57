/*
 * SQL of the chain over the audit log.
 */
#include "store/audit_chain.h"

#include "store/sets.h"

static const struct column chain_row_columns[] = {
	COL(chain_row, id, I64, false),
	COL(chain_row, at, TIME, false),
	COL(chain_row, actor_id, I64, true),
	COL_N(chain_row, request_id, TEXT, 128, false),
	COL_N(chain_row, action, TEXT, 160, false),
	COL(chain_row, branch_id, I64, true),
	COL_N(chain_row, object, TEXT, 80, false),
	COL(chain_row, object_id, I64, false),
	COL_N(chain_row, detail, TEXT, 8000, false),
};

static const struct column chain_link_columns[] = {
	COL(chain_link, seq, I64, false),
	COL(chain_link, audit_id, I64, false),
	COL_N(chain_link, hash, BYTES, CHAIN_HASH_SIZE, false),
	COL(chain_link, hashed_at, TIME, false),
	COL_N(chain_link, seal, BYTES, CHAIN_HASH_SIZE, true),
	COL_N(chain_link, key_id, BYTES, CHAIN_KEY_ID_SIZE, true),
};

static const struct column chain_pair_columns[] = {
	COL(chain_pair, seq, I64, false),
	COL(chain_pair, audit_id, I64, false),
	COL_N(chain_pair, hash, BYTES, CHAIN_HASH_SIZE, false),
	COL(chain_pair, hashed_at, TIME, false),
	COL_N(chain_pair, seal, BYTES, CHAIN_HASH_SIZE, true),
	COL_N(chain_pair, key_id, BYTES, CHAIN_KEY_ID_SIZE, true),
	COL(chain_pair, row_id, I64, true),
	COL(chain_pair, at, TIME, true),
	COL(chain_pair, actor_id, I64, true),
	COL_N(chain_pair, request_id, TEXT, 128, true),
	COL_N(chain_pair, action, TEXT, 160, true),
	COL(chain_pair, branch_id, I64, true),
	COL_N(chain_pair, object, TEXT, 80, true),
	COL(chain_pair, object_id, I64, true),
	COL_N(chain_pair, detail, TEXT, 8000, true),
};

static const struct column chain_ends_columns[] = {
	COL(chain_ends, log_id, I64, true),
	COL(chain_ends, hashed_id, I64, true),
};

static const struct column chain_sizes_columns[] = {
	COL(chain_sizes, n_rows, I64, true),
	COL(chain_sizes, n_links, I64, true),
};

static const struct column chain_tail_columns[] = {
	COL(chain_tail, n, I64, true),
	COL(chain_tail, at, TIME, true),
};

#define LINK "seq, audit_id, hash, hashed_at, seal, key_id"
#define ROW_BUT_ID                                                                                 \
	"l.at, l.actor_id, l.request_id, l.action, l.branch_id, l.object, l.object_id, l.detail"
#define UNHASHED(columns)                                                                          \
	"SELECT " columns " FROM audit_log l FORCE INDEX (PRIMARY)"                                \
	" LEFT JOIN audit_chain c ON c.audit_id = l.id"                                            \
	" WHERE l.id > ? AND l.id <= ? AND c.seq IS NULL ORDER BY l.id LIMIT ?"

#define AUDIT_CHAIN_STATEMENTS(ROWS, CHANGE)                                                       \
	ROWS(CHAIN_UNHASHED, "iii", chain_row, UNHASHED("l.id, " ROW_BUT_ID))                      \
	ROWS(CHAIN_HEAD, "", chain_link,                                                           \
	     "SELECT " LINK " FROM audit_chain ORDER BY seq DESC LIMIT 1")                         \
	ROWS(CHAIN_GET, "i", chain_link, "SELECT " LINK " FROM audit_chain WHERE seq = ?")         \
	CHANGE(CHAIN_ADD, "ts",                                                                    \
	       "INSERT INTO audit_chain (seq, audit_id, hash, hashed_at, seal, key_id)"            \
	       " SELECT j.seq, j.audit_id, UNHEX(j.hash), ?, UNHEX(j.seal), UNHEX(j.key_id)"       \
	       " FROM JSON_TABLE(?, '$[*]' COLUMNS (seq BIGINT PATH '$[0]',"                       \
	       " audit_id BIGINT PATH '$[1]', hash CHAR(64) PATH '$[2]',"                          \
	       " seal CHAR(64) PATH '$[3]', key_id CHAR(16) PATH '$[4]')) j")                      \
	ROWS(CHAIN_PAIRS, "iii", chain_pair,                                                       \
	     "SELECT c.seq, c.audit_id, c.hash, c.hashed_at, c.seal, c.key_id,"                    \
	     " l.id AS row_id, " ROW_BUT_ID " FROM audit_chain c FORCE INDEX (PRIMARY)"            \
	     " LEFT JOIN audit_log l ON l.id = c.audit_id"                                         \
	     " WHERE c.seq > ? AND c.seq <= ? ORDER BY c.seq LIMIT ?")                             \
	ROWS(CHAIN_ENDS, "", chain_ends,                                                           \
	     "SELECT (SELECT MAX(id) FROM audit_log) AS log_id,"                                   \
	     " (SELECT MAX(audit_id) FROM audit_chain) AS hashed_id")                              \
	ROWS(CHAIN_SIZES, "iiii", chain_sizes,                                                     \
	     "SELECT (SELECT COUNT(*) FROM audit_log FORCE INDEX (PRIMARY)"                        \
	     " WHERE id > ? AND id <= ?) AS n_rows,"                                               \
	     " (SELECT COUNT(*) FROM audit_chain FORCE INDEX (audit_chain_audit)"                  \
	     " WHERE audit_id > ? AND audit_id <= ?) AS n_links")                                  \
	ROWS(CHAIN_TAIL, "iii", chain_tail,                                                        \
	     "SELECT COUNT(*) AS n, MIN(t.at) AS at FROM (" UNHASHED("l.at") ") t")
STATEMENT_SET(audit_chain, AUDIT_CHAIN_STATEMENTS);

enum rc audit_chain_unhashed(struct store *s, int64_t after_id, int64_t to_id, size_t limit,
			     struct arena *a, const struct chain_row **ret_rows, size_t *ret_n,
			     struct error *e)
{
	return store_rows(s, &audit_chain_table[CHAIN_UNHASHED],
			  PARAMS(P_I64(after_id), P_I64(to_id), P_I64((int64_t)limit)), limit, a,
			  ret_rows, ret_n, e);
}

enum rc audit_chain_head(struct store *s, struct arena *a, struct chain_link *ret, struct error *e)
{
	return store_row(s, &audit_chain_table[CHAIN_HEAD], NULL, 0, a, ret, e);
}

enum rc audit_chain_get(struct store *s, int64_t seq, struct arena *a, struct chain_link *ret,
			struct error *e)
{
	return store_row(s, &audit_chain_table[CHAIN_GET], PARAMS(P_I64(seq)), a, ret, e);
}

enum rc audit_chain_add(struct store *s, struct str links, int64_t hashed_at, struct error *e)
{
	return store_change(s, &audit_chain_table[CHAIN_ADD],
			    PARAMS(P_TIME(hashed_at), P_TEXT(links)), NULL, NULL, e);
}

enum rc audit_chain_pairs(struct store *s, int64_t after_seq, int64_t to_seq, size_t limit,
			  struct arena *a, const struct chain_pair **ret_rows, size_t *ret_n,
			  struct error *e)
{
	return store_rows(s, &audit_chain_table[CHAIN_PAIRS],
			  PARAMS(P_I64(after_seq), P_I64(to_seq), P_I64((int64_t)limit)), limit, a,
			  ret_rows, ret_n, e);
}

enum rc audit_chain_ends(struct store *s, struct arena *a, struct chain_ends *ret, struct error *e)
{
	struct chain_ends ends;

	TRY(store_row(s, &audit_chain_table[CHAIN_ENDS], NULL, 0, a, &ends, e));
	ret->log_id = ends.log_id == COLUMN_NULL ? 0 : ends.log_id;
	ret->hashed_id = ends.hashed_id == COLUMN_NULL ? 0 : ends.hashed_id;
	return RC_OK;
}

enum rc audit_chain_sizes(struct store *s, int64_t after_id, int64_t to_id, struct arena *a,
			  struct chain_sizes *ret, struct error *e)
{
	struct param after = P_I64(after_id), to = P_I64(to_id);

	return store_row(s, &audit_chain_table[CHAIN_SIZES], PARAMS(after, to, after, to), a, ret,
			 e);
}

enum rc audit_chain_tail(struct store *s, int64_t after_id, int64_t to_id, int64_t limit,
			 struct arena *a, struct chain_tail *ret, struct error *e)
{
	return store_row(s, &audit_chain_table[CHAIN_TAIL],
			 PARAMS(P_I64(after_id), P_I64(to_id), P_I64(limit)), a, ret, e);
}
