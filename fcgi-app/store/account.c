/*
 * SQL of accounts, people and branches as signing in and the operator's command need them.
 */
#include "store/account.h"

#include "store/sets.h"

static const struct column account_sign_in_columns[] = {
	COL(account_sign_in, id, I64, false),
	COL(account_sign_in, epoch, I64, false),
	COL_N(account_sign_in, role, TEXT, 80, false),
	COL_N(account_sign_in, password_hash, TEXT, 640, false),
	COL_N(account_sign_in, username, TEXT, 320, false),
	COL_N(account_sign_in, email, TEXT, 1016, true),
	COL(account_sign_in, is_demo, I64, false),
	COL(account_sign_in, branch_id, I64, true),
	COL(account_sign_in, disabled_at, TIME, true),
	COL(account_sign_in, is_waiting, I64, false),
};
static const struct column branch_row_columns[] = {
	COL(branch_row, id, I64, false),
	COL_N(branch_row, name, TEXT, 480, false),
	COL_N(branch_row, zone, TEXT, 256, false),
};
static const struct column account_list_row_columns[] = {
	COL(account_list_row, id, I64, false),
	COL_N(account_list_row, username, TEXT, 320, false),
	COL_N(account_list_row, email, TEXT, 1016, true),
	COL_N(account_list_row, role, TEXT, 80, false),
	COL_N(account_list_row, given_name, TEXT, 480, true),
	COL_N(account_list_row, family_name, TEXT, 480, true),
	COL_N(account_list_row, branch, TEXT, 480, true),
	COL(account_list_row, created_at, TIME, false),
	COL(account_list_row, disabled_at, TIME, true),
	COL(account_list_row, is_demo, I64, false),
};
struct account_count {
	int64_t n;
};
static const struct column account_count_columns[] = { COL(account_count, n, I64, false) };

#define SELECT_SIGN_IN                                                                             \
	"SELECT a.id, a.epoch, a.role, a.password_hash, a.username, a.email, a.is_demo, "          \
	"COALESCE(a.branch_id, p.branch_id) AS branch_id, a.disabled_at, "                         \
	"EXISTS (SELECT 1 FROM registration g WHERE g.account_id = a.id AND "                      \
	"g.state = 'waiting' AND a.disabled_at IS NOT NULL) AS is_waiting "                        \
	"FROM account a LEFT JOIN person p ON p.id = a.person_id "

#define ACCOUNT_STATEMENTS(ROWS, CHANGE)                                                           \
	ROWS(ACCOUNT_BY_NAME, "sss", account_sign_in,                                              \
	     SELECT_SIGN_IN "WHERE a.username = ? OR a.email = ? "                                 \
			    "ORDER BY a.username = ? DESC LIMIT 1")                                \
	ROWS(ACCOUNT_GET, "i", account_sign_in, SELECT_SIGN_IN "WHERE a.id = ?")                   \
	CHANGE(ACCOUNT_REHASH, "sii",                                                              \
	       "UPDATE account SET password_hash = ? WHERE id = ? AND epoch = ?")                  \
	CHANGE(ACCOUNT_PASSWORD, "sti",                                                            \
	       "UPDATE account SET password_hash = ?, password_changed_at = ?, "                   \
	       "epoch = epoch + 1 WHERE id = ?")                                                   \
	CHANGE(ACCOUNT_EPOCH, "i", "UPDATE account SET epoch = epoch + 1 WHERE id = ?")            \
	CHANGE(ACCOUNT_DISABLE, "ti",                                                              \
	       "UPDATE account SET disabled_at = COALESCE(disabled_at, ?), epoch = epoch + 1 "     \
	       "WHERE id = ?")                                                                     \
	CHANGE(ACCOUNT_PREFERENCES, "ssii",                                                        \
	       "UPDATE account SET language = ?, theme = ?, shortcuts = ? WHERE id = ?")           \
	CHANGE(ACCOUNT_INSERT, "siissssit",                                                        \
	       "INSERT INTO account (uuid, person_id, branch_id, role, username, email, "          \
	       "password_hash, is_demo, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")           \
	CHANGE(PERSON_INSERT, "isst",                                                              \
	       "INSERT INTO person (branch_id, given_name, family_name, created_at) "              \
	       "VALUES (?, ?, ?, ?)")                                                              \
	ROWS(BRANCH_LIST, "i", branch_row,                                                         \
	     "SELECT id, name, zone FROM branch WHERE ended_at IS NULL ORDER BY name, id LIMIT ?") \
	CHANGE(BRANCH_INSERT, "sst",                                                               \
	       "INSERT INTO branch (name, zone, created_at) VALUES (?, ?, ?)")                     \
	ROWS(ACCOUNT_LIST, "ii", account_list_row,                                                 \
	     "SELECT a.id, a.username, a.email, a.role, p.given_name, p.family_name, "             \
	     "b.name AS branch, a.created_at, a.disabled_at, a.is_demo "                           \
	     "FROM account a LEFT JOIN person p ON p.id = a.person_id "                            \
	     "LEFT JOIN branch b ON b.id = COALESCE(a.branch_id, p.branch_id) "                    \
	     "WHERE a.id > ? ORDER BY a.id LIMIT ?")                                               \
	ROWS(ACCOUNT_COUNT_DEMO, "", account_count,                                                \
	     "SELECT COUNT(*) AS n FROM account WHERE is_demo = 1 AND disabled_at IS NULL")
STATEMENT_SET(account, ACCOUNT_STATEMENTS);

enum rc account_get_by_name(struct store *s, struct str name, struct arena *a,
			    struct account_sign_in *ret, struct error *e)
{
	return store_row(s, &account_table[ACCOUNT_BY_NAME],
			 PARAMS(P_TEXT(name), P_TEXT(name), P_TEXT(name)), a, ret, e);
}

enum rc account_get(struct store *s, int64_t id, struct arena *a, struct account_sign_in *ret,
		    struct error *e)
{
	return store_row(s, &account_table[ACCOUNT_GET], PARAMS(P_I64(id)), a, ret, e);
}

enum rc account_rehash(struct store *s, int64_t id, int64_t epoch, struct str hash, struct error *e)
{
	return store_change(s, &account_table[ACCOUNT_REHASH],
			    PARAMS(P_TEXT(hash), P_I64(id), P_I64(epoch)), NULL, NULL, e);
}

enum rc account_update_password(struct store *s, int64_t id, struct str hash, int64_t now_us,
				struct error *e)
{
	return store_change(s, &account_table[ACCOUNT_PASSWORD],
			    PARAMS(P_TEXT(hash), P_TIME(now_us), P_I64(id)), NULL, NULL, e);
}

enum rc account_raise_epoch(struct store *s, int64_t id, struct error *e)
{
	return store_change(s, &account_table[ACCOUNT_EPOCH], PARAMS(P_I64(id)), NULL, NULL, e);
}

enum rc account_update_disabled(struct store *s, int64_t id, int64_t now_us, struct error *e)
{
	return store_change(s, &account_table[ACCOUNT_DISABLE], PARAMS(P_TIME(now_us), P_I64(id)),
			    NULL, NULL, e);
}

enum rc account_update_preferences(struct store *s, int64_t id, struct str language_or_null,
				   struct str theme, bool has_shortcuts, struct error *e)
{
	return store_change(s, &account_table[ACCOUNT_PREFERENCES],
			    PARAMS(P_TEXT_OR_NULL(language_or_null), P_TEXT(theme),
				   P_I64(has_shortcuts), P_I64(id)),
			    NULL, NULL, e);
}

enum rc account_insert(struct store *s, const struct account_new *row, int64_t *ret_id,
		       struct error *e)
{
	return store_change(s, &account_table[ACCOUNT_INSERT],
			    PARAMS(P_TEXT(row->uuid), P_I64_OR_NULL(row->person_id),
				   P_I64_OR_NULL(row->branch_id), P_TEXT(row->role),
				   P_TEXT(row->username), P_TEXT_OR_NULL(row->email),
				   P_TEXT(row->password_hash), P_I64(0), P_TIME(row->created_at)),
			    NULL, ret_id, e);
}

enum rc person_insert(struct store *s, int64_t branch_id, struct str given_name,
		      struct str family_name, int64_t now_us, int64_t *ret_id, struct error *e)
{
	return store_change(s, &account_table[PERSON_INSERT],
			    PARAMS(P_I64(branch_id), P_TEXT(given_name), P_TEXT(family_name),
				   P_TIME(now_us)),
			    NULL, ret_id, e);
}

enum rc branch_list(struct store *s, size_t max, struct arena *a,
		    const struct branch_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &account_table[BRANCH_LIST], PARAMS(P_I64((int64_t)max)), max, a,
			  ret_rows, ret_n, e);
}

enum rc branch_insert(struct store *s, struct str name, struct str zone, int64_t now_us,
		      int64_t *ret_id, struct error *e)
{
	return store_change(s, &account_table[BRANCH_INSERT],
			    PARAMS(P_TEXT(name), P_TEXT(zone), P_TIME(now_us)), NULL, ret_id, e);
}

enum rc account_select(struct store *s, int64_t after_id, size_t max, struct arena *a,
		       const struct account_list_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &account_table[ACCOUNT_LIST],
			  PARAMS(P_I64(after_id), P_I64((int64_t)max)), max, a, ret_rows, ret_n, e);
}

enum rc account_count_demo(struct store *s, struct arena *a, int64_t *ret_n, struct error *e)
{
	struct account_count row;

	TRY(store_row(s, &account_table[ACCOUNT_COUNT_DEMO], NULL, 0, a, &row, e));
	*ret_n = row.n;
	return RC_OK;
}
