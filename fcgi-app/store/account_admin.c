/*
 * SQL of accounts for admins; see the header.
 */
#include "store/account_admin.h"

#include "store/sets.h"

static const struct column account_admin_row_columns[] = {
	COL(account_admin_row, id, I64, false),
	COL(account_admin_row, person_id, I64, true),
	COL(account_admin_row, branch_id, I64, true),
	COL_N(account_admin_row, role, TEXT, 80, false),
	COL_N(account_admin_row, username, TEXT, 320, false),
	COL_N(account_admin_row, email, TEXT, 1016, true),
	COL_N(account_admin_row, given_name, TEXT, 480, true),
	COL_N(account_admin_row, family_name, TEXT, 480, true),
	COL_N(account_admin_row, branch, TEXT, 480, true),
	COL(account_admin_row, revision, I64, false),
	COL(account_admin_row, created_at, TIME, false),
	COL(account_admin_row, disabled_at, TIME, true),
	COL(account_admin_row, password_changed_at, TIME, true),
	COL(account_admin_row, person_ended_at, TIME, true),
	COL(account_admin_row, seen_at, TIME, true),
	COL(account_admin_row, is_demo, I64, false),
	COL(account_admin_row, updated_at, TIME, true),
	COL_N(account_admin_row, updated_by, TEXT, 1000, true),
};
struct account_super_row {
	int64_t id;
};
static const struct column account_super_row_columns[] = { COL(account_super_row, id, I64, false) };
struct account_branch_row {
	int64_t id, ended_at;
};
static const struct column account_branch_row_columns[] = {
	COL(account_branch_row, id, I64, false),
	COL(account_branch_row, ended_at, TIME, true),
};

#define SELECT_ACCOUNT                                                                             \
	"SELECT a.id, a.person_id, COALESCE(p.branch_id, a.branch_id) AS branch_id, a.role,"       \
	" a.username, a.email, p.given_name, p.family_name, b.name AS branch, a.revision,"         \
	" a.created_at, a.disabled_at, a.password_changed_at, p.ended_at AS person_ended_at,"      \
	" (SELECT MAX(w.seen_at) FROM web_session w WHERE w.account_id = a.id) AS seen_at,"        \
	" a.is_demo, a.updated_at, (SELECT COALESCE(NULLIF(TRIM(CONCAT(q.given_name, ' ',"         \
	" q.family_name)), ''), u.username) FROM account u LEFT JOIN person q"                     \
	" ON q.id = u.person_id WHERE u.id = a.updated_by) AS updated_by"                          \
	" FROM account a LEFT JOIN person p ON p.id = a.person_id"                                 \
	" LEFT JOIN branch b ON b.id = COALESCE(p.branch_id, a.branch_id) WHERE a.id = ?"

#define ACCOUNT_ADMIN_STATEMENTS(ROWS, CHANGE)                                                     \
	ROWS(ACCOUNT_ADMIN_READ, "i", account_admin_row, SELECT_ACCOUNT)                           \
	CHANGE(ACCOUNT_ADMIN_TAKE, "i", "UPDATE account SET revision = revision WHERE id = ?")     \
	ROWS(ACCOUNT_ADMIN_SUPERS, "", account_super_row,                                          \
	     "SELECT a.id FROM account a LEFT JOIN person p ON p.id = a.person_id"                 \
	     " WHERE a.role = 'super_admin' AND a.disabled_at IS NULL AND p.ended_at IS NULL"      \
	     " ORDER BY a.id FOR UPDATE")                                                          \
	CHANGE(ACCOUNT_ADMIN_UPDATE, "sissitii",                                                   \
	       "UPDATE account SET role = ?, branch_id = ?, username = ?, email = ?,"              \
	       " epoch = epoch + ?, updated_at = ?, updated_by = ?, revision = revision + 1"       \
	       " WHERE id = ?")                                                                    \
	CHANGE(ACCOUNT_ADMIN_DISABLED, "ttii",                                                     \
	       "UPDATE account SET disabled_at = ?, epoch = epoch + 1, updated_at = ?,"            \
	       " updated_by = ?, revision = revision + 1 WHERE id = ?")                            \
	CHANGE(ACCOUNT_ADMIN_PASSWORD, "sttii",                                                    \
	       "UPDATE account SET password_hash = ?, password_changed_at = ?, epoch = epoch + 1," \
	       " updated_at = ?, updated_by = ?, revision = revision + 1 WHERE id = ?")            \
	ROWS(ACCOUNT_ADMIN_BRANCH, "i", account_branch_row,                                        \
	     "SELECT id, ended_at FROM branch WHERE id = ?")
STATEMENT_SET(account_admin, ACCOUNT_ADMIN_STATEMENTS);

#define SUPERS_MAX 10000

enum rc account_admin_read(struct store *s, int64_t id, struct arena *a,
			   struct account_admin_row *ret, struct error *e)
{
	return store_row(s, &account_admin_table[ACCOUNT_ADMIN_READ], PARAMS(P_I64(id)), a, ret, e);
}

/* Locks the account alone: FOR UPDATE on the whole join would lock person and branch too. */
enum rc account_admin_lock(struct store *s, int64_t id, struct arena *a,
			   struct account_admin_row *ret, struct error *e)
{
	TRY(store_change(s, &account_admin_table[ACCOUNT_ADMIN_TAKE], PARAMS(P_I64(id)), NULL, NULL,
			 e));
	return account_admin_read(s, id, a, ret, e);
}

enum rc account_admin_not_last(struct store *s, struct arena *a, int64_t id, struct error *e)
{
	const struct account_super_row *rows;
	size_t n;

	TRY(store_rows(s, &account_admin_table[ACCOUNT_ADMIN_SUPERS], NULL, 0, SUPERS_MAX, a, &rows,
		       &n, e));
	if (n == 1 && rows[0].id == id)
		return ERROR(e, RC_CONFLICT, REASON_LAST_ADMIN, "account %lld", (long long)id);
	return RC_OK;
}

enum rc account_admin_update(struct store *s, int64_t id, struct str role, int64_t branch_id,
			     struct str username, struct str email_or_null, bool ends_sessions,
			     int64_t now_us, int64_t by, struct error *e)
{
	return store_change(s, &account_admin_table[ACCOUNT_ADMIN_UPDATE],
			    PARAMS(P_TEXT(role), P_I64_OR_NULL(branch_id), P_TEXT(username),
				   P_TEXT_OR_NULL(email_or_null), P_I64(ends_sessions),
				   P_TIME(now_us), P_I64(by), P_I64(id)),
			    NULL, NULL, e);
}

enum rc account_admin_set_disabled(struct store *s, int64_t id, int64_t disabled_at, int64_t now_us,
				   int64_t by, struct error *e)
{
	return store_change(s, &account_admin_table[ACCOUNT_ADMIN_DISABLED],
			    PARAMS(P_TIME(disabled_at), P_TIME(now_us), P_I64(by), P_I64(id)), NULL,
			    NULL, e);
}

enum rc account_admin_set_password(struct store *s, int64_t id, struct str hash, int64_t now_us,
				   int64_t by, struct error *e)
{
	return store_change(s, &account_admin_table[ACCOUNT_ADMIN_PASSWORD],
			    PARAMS(P_TEXT(hash), P_TIME(now_us), P_TIME(now_us), P_I64(by),
				   P_I64(id)),
			    NULL, NULL, e);
}

enum rc account_admin_branch(struct store *s, int64_t id, struct arena *a, int64_t *ret_ended_at,
			     struct error *e)
{
	struct account_branch_row row;

	TRY(store_row(s, &account_admin_table[ACCOUNT_ADMIN_BRANCH], PARAMS(P_I64(id)), a, &row,
		      e));
	*ret_ended_at = row.ended_at;
	return RC_OK;
}
