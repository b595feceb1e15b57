/*
 * SQL of signed-in sessions.
 */
#include "store/web_session.h"

#include "store/sets.h"

static const struct column web_session_who_columns[] = {
	COL(web_session_who, id, I64, false),
	COL(web_session_who, created_at, TIME, false),
	COL(web_session_who, seen_at, TIME, false),
	COL(web_session_who, expires_at, TIME, false),
	COL(web_session_who, ends_at, TIME, false),
	COL(web_session_who, idle_s, I64, false),
	COL_N(web_session_who, csrf, BYTES, 32, false),
	COL(web_session_who, account_id, I64, false),
	COL_N(web_session_who, uuid, TEXT, 144, false),
	COL_N(web_session_who, role, TEXT, 80, false),
	COL_N(web_session_who, username, TEXT, 320, false),
	COL_N(web_session_who, email, TEXT, 1016, true),
	COL_N(web_session_who, language, TEXT, 48, true),
	COL_N(web_session_who, theme, TEXT, 40, false),
	COL(web_session_who, shortcuts, I64, false),
	COL(web_session_who, is_demo, I64, false),
	COL(web_session_who, person_id, I64, true),
	COL(web_session_who, branch_id, I64, true),
	COL_N(web_session_who, given_name, TEXT, 480, true),
	COL_N(web_session_who, family_name, TEXT, 480, true),
	COL_N(web_session_who, student_code, TEXT, 160, true),
	COL_N(web_session_who, teacher_code, TEXT, 160, true),
	COL_N(web_session_who, zone, TEXT, 256, true),
	COL(web_session_who, version, I64, true),
	COL(web_session_who, n_unread, I64, false),
};
static const struct column web_session_id_columns[] = {
	COL(web_session_id, id, I64, false),
};
static const struct column web_session_row_columns[] = {
	COL(web_session_row, id, I64, false),
	COL(web_session_row, created_at, TIME, false),
	COL(web_session_row, seen_at, TIME, false),
	COL(web_session_row, expires_at, TIME, false),
	COL_N(web_session_row, user_agent, TEXT, 800, false),
};

/*
 * The list version: faculty see what concerns themselves, employees and branch admins
 * their branch, super admins the sum over the (few) branches.
 */
#define WEB_SESSION_WHO(UNREAD, WHICH)                                                             \
	"SELECT w.id, w.created_at, w.seen_at, w.expires_at, w.ends_at, w.idle_s, w.csrf, "        \
	"a.id AS account_id, a.uuid, a.role, a.username, a.email, a.language, a.theme, "           \
	"a.shortcuts, a.is_demo, a.person_id, b.id AS branch_id, p.given_name, "                   \
	"p.family_name, p.student_code, p.teacher_code, b.zone, CASE a.role WHEN 'faculty' THEN "  \
	"p.version "                                                                               \
	"WHEN 'super_admin' THEN (SELECT CAST(SUM(v.version) AS SIGNED) FROM branch v) "           \
	"ELSE b.version END AS version, " UNREAD " AS n_unread "                                   \
	"FROM web_session w "                                                                      \
	"JOIN account a ON a.id = w.account_id AND a.epoch = w.epoch "                             \
	"LEFT JOIN person p ON p.id = a.person_id "                                                \
	"LEFT JOIN branch b ON b.id = COALESCE(a.branch_id, p.branch_id) "                         \
	"WHERE " WHICH " AND w.ended_at IS NULL AND w.expires_at > ? "                             \
	"AND w.ends_at > ? AND a.disabled_at IS NULL"
/* For the badge of pages; from an index alone.  Programs, which come with tokens, do not see it. */
#define UNREAD                                                                                     \
	"(SELECT COUNT(*) FROM notification n WHERE n.account_id = a.id AND n.read_at IS NULL)"
#define WEB_SESSION_STATEMENTS(ROWS, CHANGE)                                                       \
	ROWS(WEB_SESSION_GET, "btt", web_session_who,                                              \
	     WEB_SESSION_WHO(UNREAD, "w.token_hash = ? AND w.kind = 'cookie'"))                    \
	ROWS(WEB_SESSION_GET_ID, "iitt", web_session_who,                                          \
	     WEB_SESSION_WHO("0", "w.id = ? AND w.account_id = ? AND w.kind = 'token'"))           \
	ROWS(WEB_SESSION_GET_KNOWN, "iitt", web_session_who,                                       \
	     WEB_SESSION_WHO("0", "w.id = ? AND w.account_id = ?"))                                \
	ROWS(WEB_SESSION_ALIVE, "stt", web_session_id,                                             \
	     "SELECT w.id FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j "              \
	     "JOIN web_session w ON w.id = j.id "                                                  \
	     "JOIN account a ON a.id = w.account_id AND a.epoch = w.epoch "                        \
	     "WHERE w.ended_at IS NULL AND w.expires_at > ? AND w.ends_at > ? "                    \
	     "AND a.disabled_at IS NULL ORDER BY w.id")                                            \
	CHANGE(WEB_SESSION_INSERT, "bibttttiisss",                                                 \
	       "INSERT INTO web_session (token_hash, account_id, csrf, created_at, seen_at, "      \
	       "expires_at, ends_at, idle_s, epoch, user_agent, kind, family) "                    \
	       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")                                      \
	CHANGE(WEB_SESSION_TOUCH, "tti",                                                           \
	       "UPDATE web_session SET seen_at = ?, "                                              \
	       "expires_at = LEAST(ends_at, ? + INTERVAL idle_s SECOND) WHERE id = ?")             \
	CHANGE(WEB_SESSION_FINISH, "tii",                                                          \
	       "UPDATE web_session SET ended_at = ? "                                              \
	       "WHERE id = ? AND account_id = ? AND ended_at IS NULL")                             \
	CHANGE(WEB_SESSION_FINISH_TOKEN, "tb",                                                     \
	       "UPDATE web_session SET ended_at = ? WHERE token_hash = ? AND ended_at IS NULL")    \
	CHANGE(WEB_SESSION_FINISH_FAMILY, "tis",                                                   \
	       "UPDATE web_session SET ended_at = ? "                                              \
	       "WHERE account_id = ? AND family = ? AND ended_at IS NULL")                         \
	ROWS(WEB_SESSION_NEWEST, "is", web_session_id,                                             \
	     "SELECT id FROM web_session WHERE account_id = ? AND family = ? "                     \
	     "ORDER BY created_at DESC, id DESC LIMIT 1")                                          \
	CHANGE(WEB_SESSION_FOLLOW, "i",                                                            \
	       "UPDATE web_session w JOIN account a ON a.id = w.account_id "                       \
	       "SET w.epoch = a.epoch WHERE w.id = ?")                                             \
	ROWS(WEB_SESSION_LIST, "itti", web_session_row,                                            \
	     "SELECT w.id, w.created_at, w.seen_at, w.expires_at, w.user_agent "                   \
	     "FROM web_session w JOIN account a ON a.id = w.account_id AND a.epoch = w.epoch "     \
	     "WHERE w.account_id = ? AND w.ended_at IS NULL AND w.expires_at > ? "                 \
	     "AND w.ends_at > ? ORDER BY w.seen_at DESC, w.id DESC LIMIT ?")
STATEMENT_SET(web_session, WEB_SESSION_STATEMENTS);

enum rc web_session_insert(struct store *s, const struct web_session_new *row, int64_t *ret_id,
			   struct error *e)
{
	const bool is_cookie = row->family.n == 0;
	const struct str family = is_cookie ? (struct str){ NULL, 0 } : row->family;

	return store_change(
		s, &web_session_table[WEB_SESSION_INSERT],
		PARAMS(P_BYTES(row->token_hash), P_I64(row->account_id), P_BYTES(row->csrf),
		       P_TIME(row->created_at), P_TIME(row->created_at), P_TIME(row->expires_at),
		       P_TIME(row->ends_at), P_I64(row->idle_s), P_I64(row->epoch),
		       P_TEXT(row->user_agent), P_TEXT(is_cookie ? STR("cookie") : STR("token")),
		       P_TEXT_OR_NULL(family)),
		NULL, ret_id, e);
}

enum rc web_session_get(struct store *s, struct str token_hash, int64_t now_us, struct arena *a,
			struct web_session_who *ret, struct error *e)
{
	return store_row(s, &web_session_table[WEB_SESSION_GET],
			 PARAMS(P_BYTES(token_hash), P_TIME(now_us), P_TIME(now_us)), a, ret, e);
}

enum rc web_session_get_id(struct store *s, int64_t id, int64_t account_id, int64_t now_us,
			   struct arena *a, struct web_session_who *ret, struct error *e)
{
	return store_row(s, &web_session_table[WEB_SESSION_GET_ID],
			 PARAMS(P_I64(id), P_I64(account_id), P_TIME(now_us), P_TIME(now_us)), a,
			 ret, e);
}

enum rc web_session_get_known(struct store *s, int64_t id, int64_t account_id, int64_t now_us,
			      struct arena *a, struct web_session_who *ret, struct error *e)
{
	return store_row(s, &web_session_table[WEB_SESSION_GET_KNOWN],
			 PARAMS(P_I64(id), P_I64(account_id), P_TIME(now_us), P_TIME(now_us)), a,
			 ret, e);
}

enum rc web_session_alive(struct store *s, struct str ids, size_t max, int64_t now_us,
			  struct arena *a, const struct web_session_id **ret, size_t *ret_n,
			  struct error *e)
{
	return store_rows(s, &web_session_table[WEB_SESSION_ALIVE],
			  PARAMS(P_TEXT(ids), P_TIME(now_us), P_TIME(now_us)), max, a, ret, ret_n,
			  e);
}

enum rc web_session_touch(struct store *s, int64_t id, int64_t now_us, struct error *e)
{
	return store_change(s, &web_session_table[WEB_SESSION_TOUCH],
			    PARAMS(P_TIME(now_us), P_TIME(now_us), P_I64(id)), NULL, NULL, e);
}

enum rc web_session_finish(struct store *s, int64_t id, int64_t account_id, int64_t now_us,
			   int64_t *ret_n, struct error *e)
{
	return store_change(s, &web_session_table[WEB_SESSION_FINISH],
			    PARAMS(P_TIME(now_us), P_I64(id), P_I64(account_id)), ret_n, NULL, e);
}

enum rc web_session_finish_token(struct store *s, struct str token_hash, int64_t now_us,
				 struct error *e)
{
	return store_change(s, &web_session_table[WEB_SESSION_FINISH_TOKEN],
			    PARAMS(P_TIME(now_us), P_BYTES(token_hash)), NULL, NULL, e);
}

enum rc web_session_finish_family(struct store *s, int64_t account_id, struct str family,
				  int64_t now_us, int64_t *ret_n, struct error *e)
{
	return store_change(s, &web_session_table[WEB_SESSION_FINISH_FAMILY],
			    PARAMS(P_TIME(now_us), P_I64(account_id), P_TEXT(family)), ret_n, NULL,
			    e);
}

enum rc web_session_newest(struct store *s, int64_t account_id, struct str family, struct arena *a,
			   int64_t *ret_id, struct error *e)
{
	struct web_session_id row;

	TRY(store_row(s, &web_session_table[WEB_SESSION_NEWEST],
		      PARAMS(P_I64(account_id), P_TEXT(family)), a, &row, e));
	*ret_id = row.id;
	return RC_OK;
}

enum rc web_session_follow_epoch(struct store *s, int64_t id, struct error *e)
{
	return store_change(s, &web_session_table[WEB_SESSION_FOLLOW], PARAMS(P_I64(id)), NULL,
			    NULL, e);
}

enum rc web_session_list(struct store *s, int64_t account_id, int64_t now_us, size_t max,
			 struct arena *a, const struct web_session_row **ret_rows, size_t *ret_n,
			 struct error *e)
{
	return store_rows(s, &web_session_table[WEB_SESSION_LIST],
			  PARAMS(P_I64(account_id), P_TIME(now_us), P_TIME(now_us),
				 P_I64((int64_t)max)),
			  max, a, ret_rows, ret_n, e);
}
