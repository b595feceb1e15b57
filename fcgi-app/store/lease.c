/*
 * Leases: taking, prolonging, giving back.  See the header.
 */
#include "store/lease.h"

#include "store/sets.h"

struct lease_left {
	int64_t seconds;
};
static const struct column lease_left_columns[] = { COL(lease_left, seconds, I64, false) };

#define LEASE_STATEMENTS(ROWS, CHANGE)                                                             \
	CHANGE(LEASE_MOVE, "siss",                                                                 \
	       "UPDATE lease SET holder = ?, until_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND "     \
	       "WHERE name = ? AND (holder = ? OR until_at < UTC_TIMESTAMP(6))")                   \
	CHANGE(LEASE_ADD, "ssi",                                                                   \
	       "INSERT INTO lease (name, holder, until_at) "                                       \
	       "VALUES (?, ?, UTC_TIMESTAMP(6) + INTERVAL ? SECOND)")                              \
	ROWS(LEASE_LEFT, "s", lease_left,                                                          \
	     "SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), until_at) AS seconds "                \
	     "FROM lease WHERE name = ?")                                                          \
	CHANGE(LEASE_END, "ss", "DELETE FROM lease WHERE name = ? AND holder = ?")
STATEMENT_SET(lease, LEASE_STATEMENTS);

enum rc lease_take(struct store *s, struct str name, struct str holder, int64_t seconds,
		   struct arena *a, struct error *e)
{
	struct lease_left left = { 0 };
	struct error failure;
	int64_t n;

	TRY(store_change(s, &lease_table[LEASE_MOVE],
			 PARAMS(P_TEXT(holder), P_I64(seconds), P_TEXT(name), P_TEXT(holder)), &n,
			 NULL, e));
	if (n > 0)
		return RC_OK;
	enum rc rc = store_change(s, &lease_table[LEASE_ADD],
				  PARAMS(P_TEXT(name), P_TEXT(holder), P_I64(seconds)), NULL, NULL,
				  &failure);
	if (rc == RC_OK || !store_is_duplicate(&failure, "PRIMARY")) {
		if (rc != RC_OK)
			*e = failure;
		return rc;
	}
	rc = store_row(s, &lease_table[LEASE_LEFT], PARAMS(P_TEXT(name)), a, &left, &failure);
	if (rc != RC_OK && rc != RC_NOT_FOUND) {
		*e = failure;
		return rc;
	}
	rc = ERROR(e, RC_BUSY, REASON_TOO_MUCH, "lease %.*s is held by another", STR_ARG(name));
	e->retry_s = left.seconds > 0 ? left.seconds : 1;
	return rc;
}

enum rc lease_end(struct store *s, struct str name, struct str holder, struct error *e)
{
	return store_change(s, &lease_table[LEASE_END], PARAMS(P_TEXT(name), P_TEXT(holder)), NULL,
			    NULL, e);
}
