/*
 * SQL of registrations; see the header.
 */
#include "store/registration.h"

#include "store/sets.h"

static const struct column registration_row_columns[] = {
	COL(registration_row, account_id, I64, false),
	COL(registration_row, person_id, I64, false),
	COL(registration_row, branch_id, I64, false),
	COL_N(registration_row, given_name, TEXT, 480, false),
	COL_N(registration_row, family_name, TEXT, 480, false),
	COL_N(registration_row, email, TEXT, 1016, true),
	COL_N(registration_row, username, TEXT, 320, false),
	COL_N(registration_row, branch, TEXT, 480, false),
	COL_N(registration_row, asked_role, TEXT, 40, false),
	COL_N(registration_row, state, TEXT, 40, false),
	COL(registration_row, created_at, TIME, false),
	COL(registration_row, decided_at, TIME, true),
	COL_N(registration_row, decided_by, TEXT, 1000, true),
};
struct registration_number {
	int64_t n;
};
static const struct column registration_number_columns[] = { COL(registration_number, n, I64,
								 false) };

#define SELECT_REGISTRATION                                                                        \
	"SELECT g.account_id, p.id AS person_id, p.branch_id, p.given_name, p.family_name, "       \
	"a.email, a.username, b.name AS branch, g.asked_role, g.state, g.created_at, "             \
	"g.decided_at, (SELECT COALESCE(NULLIF(TRIM(CONCAT(q.given_name, ' ', "                    \
	"q.family_name)), ''), u.username) FROM account u LEFT JOIN person q "                     \
	"ON q.id = u.person_id WHERE u.id = g.decided_by) AS decided_by "                          \
	"FROM registration g JOIN account a ON a.id = g.account_id "                               \
	"JOIN person p ON p.id = a.person_id JOIN branch b ON b.id = p.branch_id "
#define REGISTRATION_STATEMENTS(ROWS, CHANGE)                                                      \
	CHANGE(REGISTRATION_INSERT, "ist",                                                         \
	       "INSERT INTO registration (account_id, asked_role, created_at) VALUES (?, ?, ?)")   \
	CHANGE(REGISTRATION_DISABLE, "ti", "UPDATE account SET disabled_at = ? WHERE id = ?")      \
	CHANGE(REGISTRATION_MOVE, "stiis",                                                         \
	       "UPDATE registration SET state = ?, decided_at = ?, decided_by = ? "                \
	       "WHERE account_id = ? AND state = ?")                                               \
	CHANGE(REGISTRATION_DELETE, "i",                                                           \
	       "DELETE g FROM registration g JOIN account a ON a.id = g.account_id "               \
	       "WHERE a.person_id = ?")                                                            \
	ROWS(REGISTRATION_READ, "i", registration_row, SELECT_REGISTRATION "WHERE a.id = ?")       \
	ROWS(REGISTRATION_ROWS, "siii", registration_row,                                          \
	     SELECT_REGISTRATION "WHERE g.state = ? AND (? = 0 OR p.branch_id = ?) "               \
				 "AND (g.state <> 'waiting' OR a.disabled_at IS NOT NULL) "        \
				 "ORDER BY g.created_at, g.account_id LIMIT ?")                    \
	ROWS(REGISTRATION_COUNT, "ii", registration_number,                                        \
	     "SELECT COUNT(*) AS n FROM registration g JOIN account a ON a.id = g.account_id "     \
	     "JOIN person p ON p.id = a.person_id "                                                \
	     "WHERE g.state = 'waiting' AND a.disabled_at IS NOT NULL "                            \
	     "AND (? = 0 OR p.branch_id = ?)")                                                     \
	ROWS(REGISTRATION_BRANCH, "", registration_number,                                         \
	     "SELECT id AS n FROM branch WHERE ended_at IS NULL ORDER BY created_at, id LIMIT 1")
STATEMENT_SET(registration, REGISTRATION_STATEMENTS);

enum rc registration_insert(struct store *s, int64_t account_id, struct str asked_role,
			    int64_t now_us, struct error *e)
{
	return store_change(s, &registration_table[REGISTRATION_INSERT],
			    PARAMS(P_I64(account_id), P_TEXT(asked_role), P_TIME(now_us)), NULL,
			    NULL, e);
}

enum rc registration_disable(struct store *s, int64_t account_id, int64_t now_us, struct error *e)
{
	return store_change(s, &registration_table[REGISTRATION_DISABLE],
			    PARAMS(P_TIME(now_us), P_I64(account_id)), NULL, NULL, e);
}

enum rc registration_move(struct store *s, int64_t account_id, struct str from, struct str to,
			  int64_t now_us, int64_t by, int64_t *ret_n, struct error *e)
{
	return store_change(s, &registration_table[REGISTRATION_MOVE],
			    PARAMS(P_TEXT(to), P_TIME(now_us), P_I64(by), P_I64(account_id),
				   P_TEXT(from)),
			    ret_n, NULL, e);
}

enum rc registration_delete(struct store *s, int64_t person_id, struct error *e)
{
	return store_change(s, &registration_table[REGISTRATION_DELETE], PARAMS(P_I64(person_id)),
			    NULL, NULL, e);
}

enum rc registration_read(struct store *s, int64_t account_id, struct arena *a,
			  struct registration_row *ret, struct error *e)
{
	return store_row(s, &registration_table[REGISTRATION_READ], PARAMS(P_I64(account_id)), a,
			 ret, e);
}

enum rc registration_rows(struct store *s, int64_t branch_id, struct str state, size_t max,
			  struct arena *a, const struct registration_row **ret_rows, size_t *ret_n,
			  struct error *e)
{
	return store_rows(s, &registration_table[REGISTRATION_ROWS],
			  PARAMS(P_TEXT(state), P_I64(branch_id), P_I64(branch_id),
				 P_I64((int64_t)max)),
			  max, a, ret_rows, ret_n, e);
}

static enum rc number(struct store *s, const struct statement *st, const struct param *params,
		      size_t n_params, struct arena *a, int64_t *ret, struct error *e)
{
	struct registration_number row;

	TRY(store_row(s, st, params, n_params, a, &row, e));
	*ret = row.n;
	return RC_OK;
}

enum rc registration_count(struct store *s, int64_t branch_id, struct arena *a, int64_t *ret_n,
			   struct error *e)
{
	return number(s, &registration_table[REGISTRATION_COUNT],
		      PARAMS(P_I64(branch_id), P_I64(branch_id)), a, ret_n, e);
}

enum rc registration_branch(struct store *s, struct arena *a, int64_t *ret_id, struct error *e)
{
	return number(s, &registration_table[REGISTRATION_BRANCH], NULL, 0, a, ret_id, e);
}
