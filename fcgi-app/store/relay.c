/*
 * SQL of the relay.
 *
 * Rows leave the outbox one by one along its primary key: a scan would wait for the locks of rows
 * that other transactions have not committed yet.
 */
#include "store/relay.h"

#include "store/sets.h"

struct relay_n {
	int64_t n;
};
static const struct column relay_n_columns[] = { COL(relay_n, n, I64, true) };
static const struct column relay_depth_columns[] = {
	COL(relay_depth, n, I64, true),
	COL(relay_depth, oldest_at, TIME, true),
};

#define RELAY_STATEMENTS(ROWS, CHANGE)                                                             \
	ROWS(RELAY_WAITS, "", relay_n, "SELECT EXISTS (SELECT 1 FROM outbox LIMIT 1) AS n")        \
	ROWS(RELAY_LAST, "", relay_n, "SELECT MAX(seq) AS n FROM event")                           \
	CHANGE(RELAY_TAKE, "iti",                                                                  \
	       "INSERT INTO event (seq, outbox_id, at, type, branch_id, attendance_id,"            \
	       " course_id, person_id, account_id, audience, payload, public, relayed_at)"         \
	       " SELECT ? + ROW_NUMBER() OVER (ORDER BY o.id), o.id, o.at, o.type, o.branch_id,"   \
	       " o.attendance_id, o.course_id, o.person_id, o.account_id, o.audience, o.payload,"  \
	       " o.public, ? FROM (SELECT * FROM outbox ORDER BY id LIMIT ?) o")                   \
	CHANGE(RELAY_DROP, "i",                                                                    \
	       "DELETE o FROM event v STRAIGHT_JOIN outbox o FORCE INDEX (PRIMARY)"                \
	       " ON o.id = v.outbox_id WHERE v.seq > ?")                                           \
	CHANGE(RELAY_EXPIRE, "tii",                                                                \
	       "DELETE FROM event WHERE relayed_at < ? AND seq < ? ORDER BY seq LIMIT ?")          \
	ROWS(RELAY_DEPTH, "i", relay_depth,                                                        \
	     "SELECT COUNT(*) AS n, MIN(o.at) AS oldest_at"                                        \
	     " FROM (SELECT at FROM outbox ORDER BY id LIMIT ?) o")
STATEMENT_SET(relay, RELAY_STATEMENTS);

enum rc relay_waits(struct store *s, struct arena *a, bool *ret, struct error *e)
{
	struct relay_n row;

	TRY(store_row(s, &relay_table[RELAY_WAITS], NULL, 0, a, &row, e));
	*ret = row.n == 1;
	return RC_OK;
}

enum rc relay_last(struct store *s, struct arena *a, int64_t *ret_seq, struct error *e)
{
	struct relay_n row;

	TRY(store_row(s, &relay_table[RELAY_LAST], NULL, 0, a, &row, e));
	*ret_seq = row.n == COLUMN_NULL ? 0 : row.n;
	return RC_OK;
}

enum rc relay_take(struct store *s, int64_t last_seq, size_t limit, int64_t now_us, int64_t *ret_n,
		   struct error *e)
{
	return store_change(s, &relay_table[RELAY_TAKE],
			    PARAMS(P_I64(last_seq), P_TIME(now_us), P_I64((int64_t)limit)), ret_n,
			    NULL, e);
}

enum rc relay_drop(struct store *s, int64_t last_seq, int64_t *ret_n, struct error *e)
{
	return store_change(s, &relay_table[RELAY_DROP], PARAMS(P_I64(last_seq)), ret_n, NULL, e);
}

enum rc relay_expire(struct store *s, int64_t before_at, int64_t newest_seq, size_t limit,
		     int64_t *ret_n, struct error *e)
{
	return store_change(s, &relay_table[RELAY_EXPIRE],
			    PARAMS(P_TIME(before_at), P_I64(newest_seq), P_I64((int64_t)limit)),
			    ret_n, NULL, e);
}

enum rc relay_outbox(struct store *s, size_t limit, struct arena *a, struct relay_depth *ret,
		     struct error *e)
{
	return store_row(s, &relay_table[RELAY_DEPTH], PARAMS(P_I64((int64_t)limit)), a, ret, e);
}
