/*
 * SQL of branches.
 */
#include "store/branch.h"

#include "store/sets.h"

static const struct column branch_info_row_columns[] = {
	COL(branch_info_row, id, I64, false),
	COL(branch_info_row, revision, I64, false),
	COL_N(branch_info_row, name, TEXT, 480, false),
	COL_N(branch_info_row, zone, TEXT, 256, false),
	COL(branch_info_row, ended_at, TIME, true),
	COL(branch_info_row, updated_at, TIME, true),
	COL_N(branch_info_row, updated_by, TEXT, 1000, true),
	COL(branch_info_row, n_people, I64, true),
	COL(branch_info_row, n_accounts, I64, true),
	COL(branch_info_row, n_departments, I64, true),
	COL(branch_info_row, n_classes, I64, true),
	COL(branch_info_row, n_courses, I64, true),
	COL(branch_info_row, n_schedules, I64, true),
	COL(branch_info_row, n_coming, I64, true),
};

struct branch_locked {
	int64_t id;
};
static const struct column branch_locked_columns[] = { COL(branch_locked, id, I64, false) };

static const struct column branch_coming_row_columns[] = {
	COL(branch_coming_row, id, I64, false),
	COL(branch_coming_row, session_date, DAY, false),
	COL(branch_coming_row, start_time, TOD, false),
	COL(branch_coming_row, end_time, TOD, false),
};

#define COUNT_LIVE(table)                                                                          \
	" (SELECT COUNT(*) FROM " table " v WHERE v.branch_id = b.id AND v.ended_at IS NULL)"
#define SELECT_INFO                                                                                                                                                          \
	"SELECT b.id, b.revision, b.name, b.zone, b.ended_at, b.updated_at,"                                                                                                 \
	" COALESCE(NULLIF(TRIM(CONCAT(p.given_name, ' ', p.family_name)), ''), a.username)"                                                                                  \
	" AS updated_by," COUNT_LIVE(                                                                                                                                        \
		"person") " AS n_people,"                                                                                                                                    \
			  " (SELECT COUNT(*) FROM account v WHERE v.branch_id = b.id AND "                                                                                   \
			  "v.disabled_at IS NULL)"                                                                                                                           \
			  " AS n_accounts," COUNT_LIVE("department") " AS "                                                                                                  \
								     "n_departments," COUNT_LIVE("class") " AS n_classes," COUNT_LIVE("course") " AS n_courses," COUNT_LIVE( \
									     "schedule") " AS "                                                                              \
											 "n_"                                                                                \
											 "schedul"                                                                           \
											 "es,"                                                                               \
											 " ("                                                                                \
											 "SELECT "                                                                           \
											 "COUNT(*"                                                                           \
											 ") FROM "                                                                           \
											 "occurre"                                                                           \
											 "nce o "                                                                            \
											 "WHERE "                                                                            \
											 "o."                                                                                \
											 "branch_"                                                                           \
											 "id = "                                                                             \
											 "b.id "                                                                             \
											 "AND "                                                                              \
											 "o."                                                                                \
											 "state "                                                                            \
											 "= "                                                                                \
											 "'schedu"                                                                           \
											 "led'"                                                                              \
											 " AND "                                                                             \
											 "o."                                                                                \
											 "starts_"                                                                           \
											 "at > "                                                                             \
											 "?) AS "                                                                            \
											 "n_"                                                                                \
											 "coming"                                                                            \
											 " FROM "                                                                            \
											 "branch "                                                                           \
											 "b LEFT "                                                                           \
											 "JOIN "                                                                             \
											 "account"                                                                           \
											 " a ON "                                                                            \
											 "a.id = "                                                                           \
											 "b."                                                                                \
											 "updated"                                                                           \
											 "_by"                                                                               \
											 " LEFT "                                                                            \
											 "JOIN "                                                                             \
											 "person "                                                                           \
											 "p ON "                                                                             \
											 "p.id = "                                                                           \
											 "a."                                                                                \
											 "person_"                                                                           \
											 "id"

#define BRANCH_STATEMENTS(ROWS, CHANGE)                                                            \
	ROWS(BRANCH_READ, "ti", branch_info_row, SELECT_INFO " WHERE b.id = ?")                    \
	ROWS(BRANCH_ROWS, "tii", branch_info_row,                                                  \
	     SELECT_INFO " WHERE b.ended_at IS NULL OR ? = 1"                                      \
			 " ORDER BY b.ended_at IS NOT NULL, b.name, b.id LIMIT ?")                 \
	ROWS(BRANCH_LOCK, "i", branch_locked, "SELECT id FROM branch WHERE id = ? FOR UPDATE")     \
	CHANGE(BRANCH_ADD, "ssitt",                                                                \
	       "INSERT INTO branch (name, zone, updated_by, updated_at, created_at)"               \
	       " VALUES (?, ?, ?, ?, ?)")                                                          \
	CHANGE(BRANCH_WRITE, "ssiti",                                                              \
	       "UPDATE branch SET name = ?, zone = ?, updated_by = ?, updated_at = ?,"             \
	       " revision = revision + 1, version = version + 1 WHERE id = ?")                     \
	CHANGE(BRANCH_SET_END, "titi",                                                             \
	       "UPDATE branch SET ended_at = ?, updated_by = ?, updated_at = ?,"                   \
	       " revision = revision + 1, version = version + 1 WHERE id = ?")                     \
	CHANGE(BRANCH_TOUCH, "i", "UPDATE branch SET version = version + 1 WHERE id = ?")          \
	CHANGE(BRANCH_TOUCH_STAFF, "i",                                                            \
	       "UPDATE person p JOIN account a ON a.person_id = p.id"                              \
	       " SET p.version = p.version + 1"                                                    \
	       " WHERE p.branch_id = ? AND a.role IN ('faculty', 'employee', 'branch_admin')")     \
	ROWS(BRANCH_COMING, "itii", branch_coming_row,                                             \
	     "SELECT id, session_date, start_time, end_time FROM occurrence"                       \
	     " WHERE branch_id = ? AND state <> 'completed' AND starts_at > ? AND id > ?"          \
	     " ORDER BY id LIMIT ? FOR UPDATE")                                                    \
	CHANGE(BRANCH_REZONE, "ss",                                                                \
	       "UPDATE occurrence o JOIN JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$.id',"     \
	       " s DATETIME PATH '$.s', e DATETIME PATH '$.e')) j ON o.id = j.id"                  \
	       " SET o.zone = ?, o.starts_at = j.s, o.ends_at = j.e, o.version = o.version + 1")
STATEMENT_SET(branch, BRANCH_STATEMENTS);

enum rc branch_info_read(struct store *s, int64_t id, int64_t now_at, struct arena *a,
			 struct branch_info_row *ret, struct error *e)
{
	return store_row(s, &branch_table[BRANCH_READ], PARAMS(P_TIME(now_at), P_I64(id)), a, ret,
			 e);
}

enum rc branch_info_rows(struct store *s, bool with_ended, int64_t now_at, size_t max,
			 struct arena *a, const struct branch_info_row **ret_rows, size_t *ret_n,
			 struct error *e)
{
	return store_rows(s, &branch_table[BRANCH_ROWS],
			  PARAMS(P_TIME(now_at), P_I64(with_ended), P_I64((int64_t)max)), max, a,
			  ret_rows, ret_n, e);
}

enum rc branch_lock(struct store *s, int64_t id, struct arena *a, struct error *e)
{
	struct branch_locked locked;

	return store_row(s, &branch_table[BRANCH_LOCK], PARAMS(P_I64(id)), a, &locked, e);
}

enum rc branch_add(struct store *s, struct str name, struct str zone, int64_t account_id,
		   int64_t now_at, int64_t *ret_id, struct error *e)
{
	return store_change(s, &branch_table[BRANCH_ADD],
			    PARAMS(P_TEXT(name), P_TEXT(zone), P_I64_OR_NULL(account_id),
				   P_TIME(now_at), P_TIME(now_at)),
			    NULL, ret_id, e);
}

enum rc branch_write(struct store *s, int64_t id, struct str name, struct str zone,
		     int64_t account_id, int64_t now_at, struct error *e)
{
	return store_change(s, &branch_table[BRANCH_WRITE],
			    PARAMS(P_TEXT(name), P_TEXT(zone), P_I64_OR_NULL(account_id),
				   P_TIME(now_at), P_I64(id)),
			    NULL, NULL, e);
}

enum rc branch_set_end(struct store *s, int64_t id, int64_t ended_at, int64_t account_id,
		       int64_t now_at, struct error *e)
{
	return store_change(s, &branch_table[BRANCH_SET_END],
			    PARAMS(P_TIME(ended_at), P_I64_OR_NULL(account_id), P_TIME(now_at),
				   P_I64(id)),
			    NULL, NULL, e);
}

enum rc branch_touch_all(struct store *s, int64_t id, struct error *e)
{
	TRY(store_change(s, &branch_table[BRANCH_TOUCH], PARAMS(P_I64(id)), NULL, NULL, e));
	return store_change(s, &branch_table[BRANCH_TOUCH_STAFF], PARAMS(P_I64(id)), NULL, NULL, e);
}

enum rc branch_coming(struct store *s, int64_t branch_id, int64_t after_at, int64_t after_id,
		      size_t max, struct arena *a, const struct branch_coming_row **ret_rows,
		      size_t *ret_n, struct error *e)
{
	return store_rows(s, &branch_table[BRANCH_COMING],
			  PARAMS(P_I64(branch_id), P_TIME(after_at), P_I64(after_id),
				 P_I64((int64_t)max)),
			  max, a, ret_rows, ret_n, e);
}

enum rc branch_rezone(struct store *s, struct str json, struct str zone, struct error *e)
{
	return store_change(s, &branch_table[BRANCH_REZONE], PARAMS(P_TEXT(json), P_TEXT(zone)),
			    NULL, NULL, e);
}
