/*
 * SQL of the delay after wrong passwords.
 */
#include "store/throttle.h"

#include "store/sets.h"

static const struct column throttle_row_columns[] = {
	COL(throttle_row, n_failures, I64, false),
	COL(throttle_row, until_at, TIME, false),
};

/* Assignments of ON DUPLICATE KEY UPDATE see those before them: until_at the new n_failures. */
#define THROTTLE_STATEMENTS(ROWS, CHANGE)                                                          \
	ROWS(THROTTLE_GET, "b", throttle_row,                                                      \
	     "SELECT n_failures, until_at FROM sign_in_throttle WHERE subject = ?")                \
	CHANGE(THROTTLE_FAIL, "bttttiii",                                                          \
	       "INSERT INTO sign_in_throttle (subject, n_failures, last_at, until_at) "            \
	       "VALUES (?, 1, ?, ?) ON DUPLICATE KEY UPDATE "                                      \
	       "n_failures = IF(last_at < ?, 1, n_failures + 1), last_at = VALUES(last_at), "      \
	       "until_at = ? + INTERVAL IF(n_failures < ?, 0, "                                    \
	       "LEAST(?, 1 << LEAST(n_failures - ?, 10))) SECOND")                                 \
	CHANGE(THROTTLE_CLEAR, "b", "DELETE FROM sign_in_throttle WHERE subject = ?")
STATEMENT_SET(throttle, THROTTLE_STATEMENTS);

enum rc throttle_get(struct store *s, struct str subject, struct arena *a, struct throttle_row *ret,
		     struct error *e)
{
	return store_row(s, &throttle_table[THROTTLE_GET], PARAMS(P_BYTES(subject)), a, ret, e);
}

enum rc throttle_fail(struct store *s, struct str subject, int64_t now_us, int64_t after,
		      struct error *e)
{
	const int64_t first = after <= 1 ? now_us + US_PER_S : now_us;

	return store_change(s, &throttle_table[THROTTLE_FAIL],
			    PARAMS(P_BYTES(subject), P_TIME(now_us), P_TIME(first),
				   P_TIME(now_us - THROTTLE_FORGET_US), P_TIME(now_us),
				   P_I64(after), P_I64(THROTTLE_LONGEST_S), P_I64(after)),
			    NULL, NULL, e);
}

enum rc throttle_clear(struct store *s, struct str subject, struct error *e)
{
	return store_change(s, &throttle_table[THROTTLE_CLEAR], PARAMS(P_BYTES(subject)), NULL,
			    NULL, e);
}
