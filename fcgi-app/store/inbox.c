/*
 * SQL of one account's notifications.  See inbox.h.
 *
 * The ids of a page come out of an index (account, read, id); rows are joined to them alone.
 */
#include "store/inbox.h"

#include "store/sets.h"

static const struct column inbox_stored_columns[] = {
	COL(inbox_stored, id, I64, false),          COL_N(inbox_stored, kind, TEXT, 160, false),
	COL(inbox_stored, entity_id, I64, false),   COL_N(inbox_stored, params, TEXT, 16000, false),
	COL(inbox_stored, created_at, TIME, false), COL(inbox_stored, read_at, TIME, true),
};
static const struct column inbox_counts_columns[] = {
	COL(inbox_counts, n_all, I64, false),
	COL(inbox_counts, n_unread, I64, false),
	COL(inbox_counts, newest_id, I64, false),
};
static const struct column inbox_preference_columns[] = {
	COL_N(inbox_preference, kind, TEXT, 160, false),
	COL(inbox_preference, is_on, I64, false),
};

#define INBOX_COLUMNS "n.id, n.kind, n.entity_id, n.params, n.created_at, n.read_at"

#define INBOX_STATEMENTS(ROWS, CHANGE)                                                             \
	ROWS(INBOX_ROWS, "iissiiii", inbox_stored,                                                 \
	     "SELECT " INBOX_COLUMNS " FROM (SELECT id, read_at FROM notification"                 \
	     " WHERE account_id = ? AND (? = 0 OR read_at IS NULL) AND ('' = ? OR kind = ?)"       \
	     " ORDER BY ? = 0 AND read_at IS NOT NULL, id DESC LIMIT ? OFFSET ?) p"                \
	     " STRAIGHT_JOIN notification n ON n.id = p.id"                                        \
	     " ORDER BY ? = 0 AND p.read_at IS NOT NULL, p.id DESC")                               \
	ROWS(INBOX_COUNT, "iiss", inbox_counts,                                                    \
	     "SELECT COUNT(*) AS n_all, COUNT(*) - COUNT(read_at) AS n_unread,"                    \
	     " (SELECT COALESCE(MAX(x.id), 0) FROM notification x WHERE x.account_id = ?)"         \
	     " AS newest_id FROM notification"                                                     \
	     " WHERE account_id = ? AND ('' = ? OR kind = ?)")                                     \
	ROWS(INBOX_ONE, "ii", inbox_stored,                                                        \
	     "SELECT " INBOX_COLUMNS " FROM notification n WHERE n.id = ? AND n.account_id = ?")   \
	CHANGE(INBOX_MARK, "tii",                                                                  \
	       "UPDATE notification SET read_at = ?"                                               \
	       " WHERE id = ? AND account_id = ? AND read_at IS NULL")                             \
	CHANGE(INBOX_MARK_ALL, "tii",                                                              \
	       "UPDATE notification SET read_at = ?"                                               \
	       " WHERE account_id = ? AND read_at IS NULL AND id <= ?")                            \
	CHANGE(INBOX_REMOVE, "ii", "DELETE FROM notification WHERE id = ? AND account_id = ?")     \
	ROWS(INBOX_PREFERENCES, "i", inbox_preference,                                             \
	     "SELECT kind, is_on FROM notification_preference WHERE account_id = ?")               \
	CHANGE(INBOX_PREFERENCES_PUT, "its",                                                       \
	       "INSERT INTO notification_preference (account_id, kind, is_on, updated_at)"         \
	       " SELECT ?, j.k, j.o, ? FROM JSON_TABLE(?, '$[*]' COLUMNS (k VARCHAR(40)"           \
	       " PATH '$.k', o TINYINT PATH '$.on')) j"                                            \
	       " ON DUPLICATE KEY UPDATE is_on = VALUES(is_on), updated_at = VALUES(updated_at)")  \
	CHANGE(INBOX_EXPIRE_READ, "ti",                                                            \
	       "DELETE FROM notification WHERE read_at < ? ORDER BY read_at LIMIT ?")              \
	CHANGE(INBOX_EXPIRE_UNREAD, "ti",                                                          \
	       "DELETE FROM notification WHERE read_at IS NULL AND created_at < ?"                 \
	       " ORDER BY created_at LIMIT ?")
STATEMENT_SET(inbox, INBOX_STATEMENTS);

enum rc inbox_rows(struct store *s, const struct inbox_filter *f, size_t limit, size_t offset,
		   struct arena *a, const struct inbox_stored **ret_rows, size_t *ret_n,
		   struct error *e)
{
	return store_rows(s, &inbox_table[INBOX_ROWS],
			  PARAMS(P_I64(f->account_id), P_I64(f->is_unread), P_TEXT(f->kind),
				 P_TEXT(f->kind), P_I64(f->by_time), P_I64((int64_t)limit),
				 P_I64((int64_t)offset), P_I64(f->by_time)),
			  limit, a, ret_rows, ret_n, e);
}

enum rc inbox_count(struct store *s, const struct inbox_filter *f, struct arena *a,
		    struct inbox_counts *ret, struct error *e)
{
	return store_row(s, &inbox_table[INBOX_COUNT],
			 PARAMS(P_I64(f->account_id), P_I64(f->account_id), P_TEXT(f->kind),
				P_TEXT(f->kind)),
			 a, ret, e);
}

enum rc inbox_one(struct store *s, int64_t account_id, int64_t id, struct arena *a,
		  struct inbox_stored *ret, struct error *e)
{
	return store_row(s, &inbox_table[INBOX_ONE], PARAMS(P_I64(id), P_I64(account_id)), a, ret,
			 e);
}

enum rc inbox_mark(struct store *s, int64_t account_id, int64_t id, int64_t now_at, struct error *e)
{
	return store_change(s, &inbox_table[INBOX_MARK],
			    PARAMS(P_TIME(now_at), P_I64(id), P_I64(account_id)), NULL, NULL, e);
}

enum rc inbox_mark_all(struct store *s, int64_t account_id, int64_t up_to_id, int64_t now_at,
		       int64_t *ret_n, struct error *e)
{
	return store_change(s, &inbox_table[INBOX_MARK_ALL],
			    PARAMS(P_TIME(now_at), P_I64(account_id), P_I64(up_to_id)), ret_n, NULL,
			    e);
}

enum rc inbox_remove(struct store *s, int64_t account_id, int64_t id, int64_t *ret_n,
		     struct error *e)
{
	return store_change(s, &inbox_table[INBOX_REMOVE], PARAMS(P_I64(id), P_I64(account_id)),
			    ret_n, NULL, e);
}

enum rc inbox_preferences(struct store *s, int64_t account_id, struct arena *a,
			  const struct inbox_preference **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &inbox_table[INBOX_PREFERENCES], PARAMS(P_I64(account_id)), 1000, a,
			  ret_rows, ret_n, e);
}

enum rc inbox_preferences_put(struct store *s, int64_t account_id, struct str items, int64_t now_at,
			      struct error *e)
{
	return store_change(s, &inbox_table[INBOX_PREFERENCES_PUT],
			    PARAMS(P_I64(account_id), P_TIME(now_at), P_TEXT(items)), NULL, NULL,
			    e);
}

enum rc inbox_expire_read(struct store *s, int64_t before_at, size_t limit, int64_t *ret_n,
			  struct error *e)
{
	return store_change(s, &inbox_table[INBOX_EXPIRE_READ],
			    PARAMS(P_TIME(before_at), P_I64((int64_t)limit)), ret_n, NULL, e);
}

enum rc inbox_expire_unread(struct store *s, int64_t before_at, size_t limit, int64_t *ret_n,
			    struct error *e)
{
	return store_change(s, &inbox_table[INBOX_EXPIRE_UNREAD],
			    PARAMS(P_TIME(before_at), P_I64((int64_t)limit)), ret_n, NULL, e);
}
