/*
 * SQL of following attendance live; see the header.
 */
#include "store/presence.h"

#include "store/expected.h"
#include "store/sets.h"

#define NAME_BYTES 1000
#define HELD_MAX   100
#define COURSE_MAX 100

static const struct column presence_look_columns[] = {
	COL(presence_look, occurrence_id, I64, false), COL(presence_look, branch_id, I64, false),
	COL(presence_look, course_id, I64, true),      COL(presence_look, teacher_id, I64, true),
	COL(presence_look, is_staff, I64, true),       COL(presence_look, attendance_id, I64, true),
	COL_N(presence_look, state, TEXT, 64, true),   COL(presence_look, opens_at, TIME, true),
	COL(presence_look, closes_at, TIME, true),
};
static const struct column presence_held_columns[] = {
	COL(presence_held, attendance_id, I64, false), COL(presence_held, occurrence_id, I64, true),
	COL(presence_held, branch_id, I64, false),     COL(presence_held, course_id, I64, true),
	COL(presence_held, person_id, I64, false),     COL(presence_held, joined_at, TIME, false),
};
static const struct column presence_row_columns[] = {
	COL(presence_row, attendance_id, I64, false),
	COL(presence_row, person_id, I64, false),
	COL(presence_row, account_id, I64, false),
	COL(presence_row, joined_at, TIME, false),
	COL(presence_row, is_online, I64, true),
	COL_N(presence_row, given_name, TEXT, 480, false),
	COL_N(presence_row, family_name, TEXT, 480, false),
	COL_N(presence_row, student_code, TEXT, 160, true),
	COL_N(presence_row, connection, TEXT, 160, true),
};
static const struct column presence_active_columns[] = {
	COL(presence_active, attendance_id, I64, false),
	COL(presence_active, occurrence_id, I64, true),
	COL(presence_active, teacher_id, I64, true),
	COL(presence_active, started_at, TIME, false),
	COL(presence_active, n_online, I64, true),
};
static const struct column presence_record_columns[] = {
	COL(presence_record, attendance_id, I64, false),
	COL(presence_record, person_id, I64, false),
	COL(presence_record, account_id, I64, true),
	COL_N(presence_record, given_name, TEXT, 480, false),
	COL_N(presence_record, family_name, TEXT, 480, false),
	COL_N(presence_record, student_code, TEXT, 160, true),
	COL_N(presence_record, section_name, TEXT, 480, true),
	COL_N(presence_record, email, TEXT, 1016, true),
	COL(presence_record, record_id, I64, true),
	COL_N(presence_record, status, TEXT, 64, true),
	COL_N(presence_record, remark, TEXT, 1200, true),
	COL_N(presence_record, set_by_name, TEXT, NAME_BYTES, true),
	COL(presence_record, happened_at, TIME, true),
	COL(presence_record, updated_at, TIME, true),
};

struct presence_named {
	struct str name;
};
static const struct column presence_named_columns[] = { COL_N(presence_named, name, TEXT,
							      NAME_BYTES, false) };

#define IS_ONLINE(pr) "(" pr ".connection IS NOT NULL AND " pr ".online_until > ?)"
#define HELD                                                                                       \
	"SELECT pr.attendance_id, s.occurrence_id, s.branch_id, s.course_id, pr.person_id,"        \
	" pr.joined_at FROM attendance_presence pr"                                                \
	" JOIN attendance_session s ON s.id = pr.attendance_id AND s.deleted_at IS NULL"           \
	" WHERE pr.account_id = ? AND pr.left_at IS NULL AND "

/* clang-format off */
#define PRESENCE_STATEMENTS(ROWS, CHANGE)                                                          \
	ROWS(PRESENCE_LOOK, "ii", presence_look,                                                   \
	     "SELECT o.id AS occurrence_id, o.branch_id, o.course_id, o.teacher_id,"               \
	     " EXISTS (SELECT 1 FROM class_staff k WHERE k.class_id = o.class_id"                  \
	     " AND k.person_id = ?) AS is_staff, s.id AS attendance_id, s.state, s.opens_at,"      \
	     " s.closes_at FROM occurrence o LEFT JOIN attendance_session s"                       \
	     " ON s.occurrence_id = o.id AND s.deleted_at IS NULL WHERE o.id = ?")                 \
	CHANGE(PRESENCE_PUT, "iiittsst",                                                           \
	       "INSERT INTO attendance_presence (attendance_id, person_id, account_id, joined_at," \
	       " online_until, gateway, connection) VALUES (?, ?, ?, ?, ?, ?, ?)"                  \
	       " ON DUPLICATE KEY UPDATE joined_at = IF(left_at IS NULL"                           \
	       " AND connection IS NOT NULL AND online_until > ?, joined_at, VALUES(joined_at)),"  \
	       " account_id = VALUES(account_id), left_at = NULL,"                                 \
	       " online_until = VALUES(online_until), gateway = VALUES(gateway),"                  \
	       " connection = VALUES(connection)")                                                 \
	CHANGE(PRESENCE_LEAVE, "ttii",                                                             \
	       "UPDATE attendance_presence SET left_at = ?, online_until = ?, connection = NULL"   \
	       " WHERE attendance_id = ? AND person_id = ? AND left_at IS NULL")                   \
	CHANGE(PRESENCE_LOSE, "tis",                                                               \
	       "UPDATE attendance_presence SET online_until = ?, connection = NULL"                \
	       " WHERE account_id = ? AND connection = ?")                                         \
	CHANGE(PRESENCE_RENEW, "ts",                                                               \
	       "UPDATE attendance_presence SET online_until = ?"                                   \
	       " WHERE gateway = ? AND connection IS NOT NULL")                                    \
	CHANGE(PRESENCE_CLEAR, "ts",                                                               \
	       "UPDATE attendance_presence SET online_until = ?, connection = NULL"                \
	       " WHERE gateway = ? AND connection IS NOT NULL")                                    \
	ROWS(PRESENCE_HELD_BY, "isi", presence_held, HELD "pr.connection = ? LIMIT ?")             \
	ROWS(PRESENCE_LAST, "itti", presence_held,                                                 \
	     HELD "pr.online_until > ? AND s.state <> 'closed' AND s.closes_at > ? LIMIT ?")       \
	ROWS(PRESENCE_ROWS, "tii", presence_row,                                                   \
	     "SELECT pr.attendance_id, pr.person_id, pr.account_id, pr.joined_at,"                 \
	     " " IS_ONLINE("pr") " AS is_online, p.given_name, p.family_name, p.student_code,"     \
	     " pr.connection FROM attendance_presence pr JOIN person p ON p.id = pr.person_id"     \
	     " WHERE pr.attendance_id = ? AND pr.left_at IS NULL"                                  \
	     " ORDER BY pr.joined_at, pr.person_id LIMIT ?")                                       \
	ROWS(PRESENCE_COURSE, "titti", presence_active,                                            \
	     "SELECT s.id AS attendance_id, s.occurrence_id, s.teacher_id,"                        \
	     " s.created_at AS started_at, (SELECT COUNT(*) FROM attendance_presence pr"           \
	     " WHERE pr.attendance_id = s.id AND pr.left_at IS NULL AND " IS_ONLINE("pr") ")"      \
	     " AS n_online FROM attendance_session s WHERE s.course_id = ?"                        \
	     " AND s.occurrence_id IS NOT NULL AND s.state <> 'closed' AND s.deleted_at IS NULL"   \
	     " AND s.opens_at <= ? AND s.closes_at > ? ORDER BY s.id LIMIT ?")                     \
	ROWS(PRESENCE_NAME, "i", presence_named,                                                   \
	     "SELECT COALESCE(NULLIF(TRIM(CONCAT(p.given_name, ' ', p.family_name)), ''),"         \
	     " a.username) AS name FROM account a LEFT JOIN person p ON p.id = a.person_id"        \
	     " WHERE a.id = ?")                                                                    \
	ROWS(PRESENCE_RECORDS, "si", presence_record,                                              \
	     "SELECT STRAIGHT_JOIN s.id AS attendance_id, p.id AS person_id, a.id AS account_id,"  \
	     " p.given_name, p.family_name, p.student_code, (SELECT z.name FROM section_member m"  \
	     " FORCE INDEX (section_member_person) JOIN section z ON z.id = m.section_id"          \
	     " WHERE m.person_id = p.id AND " EXPECTED_ON_DAY("m") " ORDER BY m.id LIMIT 1)"       \
	     " AS section_name, a.email, r.id AS record_id, r.status, r.remark,"                   \
	     " COALESCE(NULLIF(TRIM(CONCAT(np.given_name, ' ', np.family_name)), ''),"             \
	     " na.username) AS set_by_name, r.happened_at, r.updated_at"                           \
	     " FROM JSON_TABLE(?, '$[*]' COLUMNS (a BIGINT PATH '$.a', p BIGINT PATH '$.p')) q"    \
	     " JOIN attendance_session s FORCE INDEX (PRIMARY) ON s.id = q.a"                      \
	     " JOIN person p FORCE INDEX (PRIMARY) ON p.id = q.p"                                  \
	     " LEFT JOIN account a FORCE INDEX (account_one_person) ON a.person_id = p.id"         \
	     " LEFT JOIN attendance_record r FORCE INDEX (attendance_record_person)"               \
	     " ON r.attendance_id = q.a AND r.person_id = q.p"                                     \
	     " LEFT JOIN account na FORCE INDEX (PRIMARY) ON na.id = r.set_by"                     \
	     " LEFT JOIN person np FORCE INDEX (PRIMARY) ON np.id = na.person_id"                  \
	     " ORDER BY q.a, q.p LIMIT ?")
STATEMENT_SET(presence, PRESENCE_STATEMENTS);
/* clang-format on */

enum rc presence_look_at(struct store *s, int64_t occurrence_id, int64_t person_id, struct arena *a,
			 struct presence_look *ret, struct error *e)
{
	return store_row(s, &presence_table[PRESENCE_LOOK],
			 PARAMS(P_I64_OR_NULL(person_id), P_I64(occurrence_id)), a, ret, e);
}

enum rc presence_put(struct store *s, const struct presence_new *row, struct error *e)
{
	return store_change(s, &presence_table[PRESENCE_PUT],
			    PARAMS(P_I64(row->attendance_id), P_I64(row->person_id),
				   P_I64(row->account_id), P_TIME(row->now_us),
				   P_TIME(row->online_until), P_TEXT(row->gateway),
				   P_TEXT(row->connection), P_TIME(row->now_us)),
			    NULL, NULL, e);
}

enum rc presence_leave(struct store *s, int64_t attendance_id, int64_t person_id, int64_t now_us,
		       int64_t *ret_n, struct error *e)
{
	return store_change(s, &presence_table[PRESENCE_LEAVE],
			    PARAMS(P_TIME(now_us), P_TIME(now_us), P_I64(attendance_id),
				   P_I64(person_id)),
			    ret_n, NULL, e);
}

enum rc presence_lose(struct store *s, int64_t account_id, struct str connection, int64_t now_us,
		      struct error *e)
{
	return store_change(s, &presence_table[PRESENCE_LOSE],
			    PARAMS(P_TIME(now_us), P_I64(account_id), P_TEXT(connection)), NULL,
			    NULL, e);
}

enum rc presence_renew(struct store *s, struct str gateway, int64_t online_until, struct error *e)
{
	return store_change(s, &presence_table[PRESENCE_RENEW],
			    PARAMS(P_TIME(online_until), P_TEXT(gateway)), NULL, NULL, e);
}

enum rc presence_clear(struct store *s, struct str gateway, int64_t now_us, struct error *e)
{
	return store_change(s, &presence_table[PRESENCE_CLEAR],
			    PARAMS(P_TIME(now_us), P_TEXT(gateway)), NULL, NULL, e);
}

enum rc presence_held_by(struct store *s, int64_t account_id, struct str connection,
			 struct arena *a, const struct presence_held **ret_rows, size_t *ret_n,
			 struct error *e)
{
	return store_rows(s, &presence_table[PRESENCE_HELD_BY],
			  PARAMS(P_I64(account_id), P_TEXT(connection), P_I64(HELD_MAX)), HELD_MAX,
			  a, ret_rows, ret_n, e);
}

enum rc presence_last(struct store *s, int64_t account_id, int64_t since, int64_t now_us,
		      struct arena *a, const struct presence_held **ret_rows, size_t *ret_n,
		      struct error *e)
{
	return store_rows(s, &presence_table[PRESENCE_LAST],
			  PARAMS(P_I64(account_id), P_TIME(since), P_TIME(now_us), P_I64(HELD_MAX)),
			  HELD_MAX, a, ret_rows, ret_n, e);
}

enum rc presence_rows(struct store *s, int64_t attendance_id, int64_t now_us, struct arena *a,
		      const struct presence_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &presence_table[PRESENCE_ROWS],
			  PARAMS(P_TIME(now_us), P_I64(attendance_id), P_I64(PRESENCE_RECORDS_MAX)),
			  PRESENCE_RECORDS_MAX, a, ret_rows, ret_n, e);
}

enum rc presence_course(struct store *s, int64_t course_id, int64_t now_us, struct arena *a,
			const struct presence_active **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &presence_table[PRESENCE_COURSE],
			  PARAMS(P_TIME(now_us), P_I64(course_id), P_TIME(now_us), P_TIME(now_us),
				 P_I64(COURSE_MAX)),
			  COURSE_MAX, a, ret_rows, ret_n, e);
}

enum rc presence_records(struct store *s, struct str pairs, struct arena *a,
			 const struct presence_record **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &presence_table[PRESENCE_RECORDS],
			  PARAMS(P_TEXT(pairs), P_I64(PRESENCE_RECORDS_MAX)), PRESENCE_RECORDS_MAX,
			  a, ret_rows, ret_n, e);
}

enum rc presence_name(struct store *s, int64_t account_id, struct arena *a, struct str *ret,
		      struct error *e)
{
	struct presence_named row;

	TRY(store_row(s, &presence_table[PRESENCE_NAME], PARAMS(P_I64(account_id)), a, &row, e));
	*ret = row.name;
	return RC_OK;
}
