/*
 * SQL of reminders of missing completions.
 */
#include "store/reminder.h"

#include "store/sets.h"

struct reminder_at {
	int64_t at;
};
static const struct column reminder_at_columns[] = { COL(reminder_at, at, TIME, true) };

#define REMINDER_STATEMENTS(ROWS, CHANGE)                                                          \
	ROWS(REMINDER_GET, "i", reminder_at,                                                       \
	     "SELECT MAX(reminded_at) AS at FROM completion_reminder WHERE occurrence_id = ?")     \
	CHANGE(REMINDER_PUT, "iit",                                                                \
	       "INSERT INTO completion_reminder (occurrence_id, reminded_by, reminded_at)"         \
	       " VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE reminded_by = VALUES(reminded_by),"      \
	       " reminded_at = VALUES(reminded_at)")
STATEMENT_SET(reminder, REMINDER_STATEMENTS);

enum rc reminder_get(struct store *s, int64_t occurrence_id, struct arena *a, int64_t *ret_at,
		     struct error *e)
{
	struct reminder_at row;

	TRY(store_row(s, &reminder_table[REMINDER_GET], PARAMS(P_I64(occurrence_id)), a, &row, e));
	*ret_at = row.at;
	return RC_OK;
}

enum rc reminder_put(struct store *s, int64_t occurrence_id, int64_t account_id, int64_t now_at,
		     struct error *e)
{
	return store_change(s, &reminder_table[REMINDER_PUT],
			    PARAMS(P_I64(occurrence_id), P_I64(account_id), P_TIME(now_at)), NULL,
			    NULL, e);
}
