/*
 * SQL of the relay.
 *
 * Rows leave the outbox one by one along its primary key: a scan would wait for the locks of rows
 * that other transactions have not committed yet.  Few are named, which costs less to plan than the
 * join that finds many.
 */
#include "store/relay.h"

#include "store/sets.h"

struct relay_n {
	int64_t n;
};
static const struct column relay_n_columns[] = { COL(relay_n, n, I64, true) };
static const struct column relay_row_columns[] = {
	COL(relay_row, id, I64, false),
	COL(relay_row, at, TIME, false),
	COL_N(relay_row, type, TEXT, 160, false),
	COL(relay_row, branch_id, I64, false),
	COL(relay_row, attendance_id, I64, true),
	COL(relay_row, course_id, I64, true),
	COL(relay_row, person_id, I64, true),
	COL(relay_row, account_id, I64, true),
	COL(relay_row, audience, I64, false),
	COL_N(relay_row, payload, TEXT, 8000, false),
	COL_N(relay_row, public_payload, TEXT, 4000, true),
};
static const struct column relay_depth_columns[] = {
	COL(relay_depth, n, I64, true),
	COL(relay_depth, oldest_at, TIME, true),
};

#define RELAY_STATEMENTS(ROWS, CHANGE)                                                             \
	ROWS(RELAY_ROWS, "i", relay_row,                                                           \
	     "SELECT id, at, type, branch_id, attendance_id, course_id, person_id, account_id,"    \
	     " audience + 0 AS audience, payload, public AS public_payload FROM outbox"            \
	     " ORDER BY id LIMIT ?")                                                               \
	ROWS(RELAY_LAST, "", relay_n, "SELECT MAX(seq) AS n FROM event")                           \
	CHANGE(RELAY_TAKE, "iitsiiiiiisst",                                                        \
	       "INSERT INTO event (seq, outbox_id, at, type, branch_id, attendance_id,"            \
	       " course_id, person_id, account_id, audience, payload, public, relayed_at)"         \
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")                                  \
	CHANGE(RELAY_DROP_FEW, "iiiiiiii",                                                         \
	       "DELETE FROM outbox WHERE id IN (?, ?, ?, ?, ?, ?, ?, ?)")                          \
	CHANGE(RELAY_DROP, "i",                                                                    \
	       "DELETE o FROM event v STRAIGHT_JOIN outbox o FORCE INDEX (PRIMARY)"                \
	       " ON o.id = v.outbox_id WHERE v.seq > ?")                                           \
	CHANGE(RELAY_EXPIRE, "tii",                                                                \
	       "DELETE FROM event WHERE relayed_at < ? AND seq < ? ORDER BY seq LIMIT ?")          \
	ROWS(RELAY_DEPTH, "i", relay_depth,                                                        \
	     "SELECT COUNT(*) AS n, MIN(o.at) AS oldest_at"                                        \
	     " FROM (SELECT at FROM outbox ORDER BY id LIMIT ?) o")
STATEMENT_SET(relay, RELAY_STATEMENTS);

enum rc relay_rows(struct store *s, size_t limit, struct arena *a,
		   const struct relay_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &relay_table[RELAY_ROWS], PARAMS(P_I64((int64_t)limit)), limit, a,
			  ret_rows, ret_n, e);
}

enum rc relay_last(struct store *s, struct arena *a, int64_t *ret_seq, struct error *e)
{
	struct relay_n row;

	TRY(store_row(s, &relay_table[RELAY_LAST], NULL, 0, a, &row, e));
	*ret_seq = row.n == COLUMN_NULL ? 0 : row.n;
	return RC_OK;
}

enum rc relay_take(struct store *s, int64_t last_seq, const struct relay_row *rows, size_t n,
		   int64_t now_us, struct arena *a, struct error *e)
{
	enum { TAKEN = 13 };
	struct param *sets = ARENA_ARRAY(a, n * TAKEN, struct param);

	if (!sets)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		const struct relay_row *r = &rows[i];
		const struct param set[TAKEN] = {
			P_I64(last_seq + 1 + (int64_t)i),
			P_I64(r->id),
			P_TIME(r->at),
			P_TEXT(r->type),
			P_I64(r->branch_id),
			P_I64_OR_NULL(r->attendance_id),
			P_I64_OR_NULL(r->course_id),
			P_I64_OR_NULL(r->person_id),
			P_I64_OR_NULL(r->account_id),
			P_I64(r->audience),
			P_TEXT(r->payload),
			P_TEXT_OR_NULL(r->public_payload),
			P_TIME(now_us),
		};

		memcpy(&sets[i * TAKEN], set, sizeof set);
	}
	return store_change_many(s, &relay_table[RELAY_TAKE], sets, TAKEN, n, e);
}

enum rc relay_drop(struct store *s, int64_t last_seq, const struct relay_row *rows, size_t n,
		   int64_t *ret_n, struct error *e)
{
	struct param ids[8];

	if (n > ARRAY_LEN(ids))
		return store_change(s, &relay_table[RELAY_DROP], PARAMS(P_I64(last_seq)), ret_n,
				    NULL, e);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		ids[i] = P_I64(rows[i < n ? i : 0].id);
	return store_change(s, &relay_table[RELAY_DROP_FEW], ids, ARRAY_LEN(ids), ret_n, NULL, e);
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
