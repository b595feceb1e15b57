/*
 * SQL of imports of attendance; see the header, and import_people.c for the style.
 */
#include "store/import_attendance.h"

#include "store/expected.h"
#include "store/import_sql.h"
#include "store/sets.h"

static const struct column import_mark_columns[] = {
	COL(import_mark, row_no, I64, false),        COL(import_mark, person_id, I64, true),
	COL(import_mark, occurrence_id, I64, true),  COL(import_mark, attendance_id, I64, true),
	COL_N(import_mark, status, TEXT, 64, true),  COL_N(import_mark, remark, TEXT, 1200, true),
	COL(import_mark, late_min, I64, true),       COL(import_mark, arrival, TOD, true),
	COL(import_mark, record_version, I64, true), COL_N(import_mark, who_field, TEXT, 80, true),
	COL_N(import_mark, who, TEXT, 1016, true),   COL_N(import_mark, state, TEXT, 64, true),
	COL_N(import_mark, zone, TEXT, 256, true),   COL(import_mark, session_date, DAY, true),
	COL(import_mark, starts_at, TIME, true),     COL(import_mark, ends_at, TIME, true),
	COL(import_mark, lock_days, I64, true),      COL(import_mark, is_expected, I64, true),
	COL(import_mark, excuse_id, I64, true),
};
#define CHANGED(member, type, max, null)                                                           \
	{                                                                                          \
#member, COLUMN_##type, offsetof(struct import_mark_done, change.member), max,     \
			null                                                                       \
	}
static const struct column import_mark_done_columns[] = {
	COL(import_mark_done, row_no, I64, false),
	COL(import_mark_done, attendance_id, I64, true),
	CHANGED(id, I64, 0, false),
	CHANGED(person_id, I64, 0, false),
	CHANGED(old_row, TEXT, 8800, true),
	CHANGED(new_row, TEXT, 8800, true),
	CHANGED(at, TIME, 0, false),
	CHANGED(is_undone, I64, 0, true),
};
struct import_mark_id {
	int64_t id;
};
static const struct column import_mark_id_columns[] = { COL(import_mark_id, id, I64, false) };

/* clang-format off */
#define NO_ERROR                                                                                   \
	"NOT EXISTS (SELECT 1 FROM import_error x WHERE x.import_id = r.import_id"                 \
	" AND x.row_no = r.row_no)"
/* Sessions of the row's course or class on its day; fn: an aggregate of o. */
#define OF_DAY                                                                                     \
	" AND o.session_date = r.on_date AND o.state <> 'cancelled'"                               \
	" AND (r.start_time IS NULL OR o.start_time = r.start_time)"
#define OF_COURSE(fn)                                                                              \
	"(SELECT " fn " FROM course k JOIN occurrence o FORCE INDEX (occurrence_course_day)"       \
	" ON o.course_id = k.id WHERE k.branch_id = i.branch_id AND k.code_live = r.course" OF_DAY \
	" AND (r.class IS NULL OR EXISTS (SELECT 1 FROM class c WHERE c.id = o.class_id"           \
	" AND c.name = r.class)))"
#define OF_CLASS(fn)                                                                               \
	"(SELECT " fn " FROM class c JOIN occurrence o FORCE INDEX (occurrence_class)"             \
	" ON o.class_id = c.id AND o.starts_at >= r.on_date - INTERVAL 1 DAY"                      \
	" AND o.starts_at < r.on_date + INTERVAL 2 DAY WHERE c.branch_id = i.branch_id"            \
	" AND c.name = r.class" OF_DAY ")"
/* As JSON, by row or by id. */
#define Q_ROWS "JSON_TABLE(?, '$[*]' COLUMNS (n INT PATH '$[0]', did VARCHAR(10) PATH '$[1]',"     \
	" v BIGINT PATH '$[2]', a BIGINT PATH '$[3]')) q STRAIGHT_JOIN import_row r"               \
	" FORCE INDEX (PRIMARY) ON r.import_id = ? AND r.row_no = q.n"
#define Q_IDS "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) q STRAIGHT_JOIN "

#define MARK_FIND(CHANGE)                                                                          \
	CHANGE(MARK_PERSON, "iii", IMPORT_FIND_PERSON)                                             \
	CHANGE(MARK_CLEAR, "iii",                                                                  \
	       "UPDATE import_row r SET r.occurrence_id = NULL, r.attendance_id = NULL,"           \
	       " r.group_id = NULL, r.member_id = NULL" THESE)                                     \
	CHANGE(MARK_BY_NUMBER, "iii",                                                              \
	       "UPDATE import_row r" IMPORT " JOIN occurrence o ON o.branch_id = i.branch_id"      \
	       " AND o.id = IF(r.session REGEXP '^[0-9]{1,18}$', CAST(r.session AS SIGNED), 0)"    \
	       " SET r.occurrence_id = o.id, r.member_id = 1" THESE)                               \
	CHANGE(MARK_BY_CODE, "iii",                                                                \
	       "UPDATE import_row r" IMPORT " JOIN completion k ON k.code_key = r.session"         \
	       " JOIN occurrence o ON o.id = k.occurrence_id AND o.branch_id = i.branch_id"        \
	       " SET r.member_id = IF(r.occurrence_id IS NULL OR r.occurrence_id = o.id, 1, 2)"    \
	       THESE)                                                                              \
	CHANGE(MARK_BY_CODE_ALONE, "iii",                                                          \
	       "UPDATE import_row r" IMPORT " JOIN completion k ON k.code_key = r.session"         \
	       " JOIN occurrence o ON o.id = k.occurrence_id AND o.branch_id = i.branch_id"        \
	       " SET r.occurrence_id = o.id" THESE " AND r.occurrence_id IS NULL")                 \
	CHANGE(MARK_BY_UUID, "iii",                                                                \
	       "UPDATE import_row r" IMPORT " JOIN attendance_session s"                           \
	       " ON s.uuid = LOWER(r.session) AND s.branch_id = i.branch_id"                       \
	       " AND s.deleted_at IS NULL SET r.attendance_id = s.id,"                             \
	       " r.occurrence_id = s.occurrence_id, r.member_id = 1" THESE                         \
	       " AND LENGTH(r.session) = 36")                                                      \
	CHANGE(MARK_BY_COURSE, "iii",                                                              \
	       "UPDATE import_row r" IMPORT " SET r.member_id = " OF_COURSE("COUNT(*)") ","        \
	       " r.occurrence_id = " OF_COURSE("MIN(o.id)") THESE                                  \
	       " AND r.session IS NULL AND r.course IS NOT NULL")                                  \
	CHANGE(MARK_BY_CLASS, "iii",                                                               \
	       "UPDATE import_row r" IMPORT " SET r.member_id = " OF_CLASS("COUNT(*)") ","         \
	       " r.occurrence_id = " OF_CLASS("MIN(o.id)") THESE                                   \
	       " AND r.session IS NULL AND r.course IS NULL AND r.class IS NOT NULL")              \
	CHANGE(MARK_REGISTER, "iii",                                                               \
	       "UPDATE import_row r JOIN attendance_session s ON s.occurrence_id = r.occurrence_id"\
	       " SET r.attendance_id = s.id" THESE)                                                \
	CHANGE(MARK_GROUP, "iii",                                                                  \
	       "UPDATE import_row r SET r.group_id ="                                              \
	       " IF(r.member_id > 1, NULL, COALESCE(r.occurrence_id, -r.attendance_id))" THESE)    \
	CHANGE(MARK_STATUS, "iii",                                                                 \
	       "UPDATE import_row r SET r.status = COALESCE((SELECT MIN(t.status) FROM status_set t" \
	       " WHERE t.label = r.mark OR t.letter = r.mark), r.status)" THESE)                   \
	CHANGE(MARK_NO_PERSON, "iii", IMPORT_NO_PERSON)                                            \
	CHANGE(MARK_OTHER_USERNAME, "iii", IMPORT_OTHER_PERSON("username"))                        \
	CHANGE(MARK_OTHER_EMAIL, "iii", IMPORT_OTHER_PERSON("email"))                              \
	CHANGE(MARK_NO_SESSION, "iii",                                                             \
	       IMPORT_ERRORS("'session'", "import_session", "r.session", "0") THESE                \
	       " AND r.session IS NOT NULL AND r.occurrence_id IS NULL AND r.attendance_id IS NULL") \
	CHANGE(MARK_SESSIONS, "iii",                                                               \
	       IMPORT_ERRORS("IF(r.session IS NULL, 'start', 'session')", "import_sessions",       \
			     "COALESCE(r.session, TIME_FORMAT(r.start_time, '%H:%i'), r.on_date)", \
			     "r.member_id") THESE " AND r.member_id > 1")                          \
	CHANGE(MARK_NO_COURSE, "iii",                                                              \
	       IMPORT_ERRORS("'course'", "import_course", "r.course", "0") IMPORT THESE            \
	       " AND r.session IS NULL AND r.course IS NOT NULL AND NOT EXISTS (SELECT 1"          \
	       " FROM course k WHERE k.branch_id = i.branch_id AND k.code_live = r.course)")       \
	CHANGE(MARK_NO_CLASS, "iii",                                                               \
	       IMPORT_ERRORS("'class'", "import_class", "r.class", "0") IMPORT THESE               \
	       " AND r.session IS NULL AND r.class IS NOT NULL AND NOT EXISTS (SELECT 1"           \
	       " FROM class c WHERE c.branch_id = i.branch_id AND c.name = r.class)")              \
	CHANGE(MARK_NONE_THAT_DAY, "iii",                                                          \
	       IMPORT_ERRORS("'date'", "import_session",                                           \
			     "CONCAT_WS(' ', r.on_date, TIME_FORMAT(r.start_time, '%H:%i'))", "0") \
	       THESE " AND r.session IS NULL AND r.on_date IS NOT NULL AND r.member_id = 0 AND "   \
	       NO_ERROR)                                                                           \
	CHANGE(MARK_UNKNOWN, "iii",                                                                \
	       IMPORT_ERRORS("'status'", "import_status", "r.mark", "0") THESE                     \
	       " AND r.mark IS NOT NULL AND r.status IS NULL")                                     \
	CHANGE(MARK_NOT_LATE, "iii",                                                               \
	       IMPORT_ERRORS("'minutes_late'", "import_not_late", "r.late_min", "0") THESE         \
	       " AND r.late_min > 0 AND r.status <> 'late'")                                       \
	CHANGE(MARK_NOT_HERE, "iii",                                                               \
	       IMPORT_ERRORS("'arrival'", "import_not_here", "TIME_FORMAT(r.arrival, '%H:%i')", "0") \
	       THESE " AND r.arrival IS NOT NULL AND r.status IN ('excused', 'absent')")           \
	CHANGE(MARK_TWICE, "iii",                                                                  \
	       "INSERT IGNORE INTO import_error (import_id, row_no, field, reason, value, arg)"    \
	       " SELECT import_id, row_no, who_field, 'import_twice', LEFT(who, 200), first"       \
	       " FROM (SELECT r.import_id, r.row_no, " IMPORT_WHO_FIELD " AS who_field,"           \
	       " " IMPORT_WHO " AS who, (SELECT o.row_no FROM import_row o"                        \
	       " FORCE INDEX (import_row_person) WHERE o.import_id = r.import_id"                  \
	       " AND o.person_id = r.person_id AND o.group_id = r.group_id"                        \
	       " AND o.row_no < r.row_no ORDER BY o.row_no LIMIT 1) AS first FROM import_row r"    \
	       THESE " AND r.person_id IS NOT NULL AND r.group_id IS NOT NULL) t"                  \
	       " WHERE first IS NOT NULL")

#define IMPORT_ATTENDANCE_STATEMENTS(ROWS, CHANGE)                                                 \
	MARK_FIND(CHANGE)                                                                          \
	ROWS(MARK_ROWS, "iii", import_mark,                                                        \
	     "SELECT r.row_no, r.person_id, r.occurrence_id, r.attendance_id, r.status, r.remark," \
	     " r.late_min, r.arrival, r.record_version, " IMPORT_WHO_FIELD " AS who_field,"        \
	     " " IMPORT_WHO " AS who, s.state, s.zone, s.session_date, s.starts_at, s.ends_at,"    \
	     " (SELECT p.lock_days FROM attendance_policy p WHERE p.branch_id = s.branch_id"       \
	     " AND (p.course_id = s.course_id OR p.course_id IS NULL)"                             \
	     " ORDER BY p.course_id IS NULL LIMIT 1) AS lock_days,"                                \
	     " CASE WHEN r.attendance_id IS NOT NULL THEN 1"                                       \
	     " WHEN s.course_id IS NULL AND s.class_id IS NULL THEN (SELECT n.student_code"        \
	     " IS NOT NULL OR EXISTS (SELECT 1 FROM account ac WHERE ac.person_id = n.id"          \
	     " AND ac.role = 'student') FROM person n WHERE n.id = r.person_id)"                   \
	     " ELSE " EXPECTED_OCCURRENCE("r.person_id") " END AS is_expected,"                    \
	     " y.id AS excuse_id FROM import_row r LEFT JOIN occurrence s ON s.id = r.occurrence_id" \
	     " LEFT JOIN excuse y ON y.occurrence_id = s.id AND y.live_person = r.person_id" THESE \
	     " AND r.action <> 'wrong' AND " NO_ERROR " ORDER BY r.row_no")                        \
	CHANGE(MARK_WRONG, "iii",                                                                  \
	       "UPDATE import_row r SET r.action = 'wrong'" THESE " AND NOT " NO_ERROR)            \
	CHANGE(MARK_CHECKED, "si",                                                                 \
	       "UPDATE " Q_ROWS " SET r.action = q.did, r.record_version = q.v")                   \
	CHANGE(MARK_DONE, "sib",                                                                   \
	       "UPDATE " Q_ROWS " SET r.action = q.did, r.record_version = q.v,"                   \
	       " r.attendance_id = q.a, r.act_id = ?, r.member_did = CASE q.did"                   \
	       " WHEN 'create' THEN 'created' WHEN 'update' THEN 'updated' ELSE '' END")           \
	CHANGE(MARK_MADE, "si",                                                                    \
	       "UPDATE " Q_IDS "attendance_session s FORCE INDEX (PRIMARY) ON s.id = q.id"         \
	       " SET s.import_id = ?")                                                             \
	ROWS(MARK_UNDOABLE, "iii", import_mark_done,                                               \
	     "SELECT STRAIGHT_JOIN r.row_no, r.attendance_id, c.id, c.person_id, c.old_row,"       \
	     " c.new_row, c.at, c.undone_by IS NOT NULL AS is_undone FROM import_row r"            \
	     " JOIN attendance_change c FORCE INDEX (attendance_change_session)"                   \
	     " ON c.attendance_id = r.attendance_id AND c.person_id = r.person_id"                 \
	     " AND c.act_id = r.act_id" THESE " AND r.undone = '' AND r.member_did <> ''"          \
	     " ORDER BY r.row_no")                                                                 \
	CHANGE(MARK_UNDONE, "si", "UPDATE " Q_ROWS " SET r.undone = q.did")                        \
	ROWS(MARK_LOCKED, "id", import_mark_id,                                                    \
	     "SELECT COUNT(*) AS id FROM import_row r JOIN attendance_session s"                   \
	     " ON s.id = r.attendance_id WHERE r.import_id = ? AND r.member_did <> ''"             \
	     " AND s.state = 'closed' AND s.session_date + INTERVAL s.lock_days DAY <= ?")         \
	ROWS(MARK_UNUSED, "iiii", import_mark_id,                                                  \
	     "SELECT s.id FROM (SELECT DISTINCT r.attendance_id AS id FROM import_row r" THESE     \
	     " AND r.attendance_id IS NOT NULL) q JOIN attendance_session s ON s.id = q.id"                  \
	     " WHERE s.import_id = ? AND s.state = 'closed' AND s.version = 1"                     \
	     " AND NOT EXISTS (SELECT 1 FROM import_row x WHERE x.import_id = s.import_id"         \
	     " AND x.attendance_id = s.id AND x.member_did <> '' AND x.undone <> 'back')"          \
	     " AND NOT EXISTS (SELECT 1 FROM attendance_record v WHERE v.attendance_id = s.id"     \
	     " AND v.method <> 'excuse')"                                                          \
	     " AND NOT EXISTS (SELECT 1 FROM attendance_attempt v WHERE v.attendance_id = s.id)"   \
	     " AND NOT EXISTS (SELECT 1 FROM attendance_guest v WHERE v.attendance_id = s.id)"     \
	     " AND NOT EXISTS (SELECT 1 FROM attendance_presence v WHERE v.attendance_id = s.id)"  \
	     " AND NOT EXISTS (SELECT 1 FROM attendance_window v WHERE v.attendance_id = s.id)"    \
	     " AND (SELECT COUNT(*) FROM attendance_change v WHERE v.attendance_id = s.id) ="      \
	     " 2 * (SELECT COUNT(*) FROM import_row x WHERE x.import_id = s.import_id"             \
	     " AND x.attendance_id = s.id AND x.undone = 'back') ORDER BY s.id")                   \
	CHANGE(MARK_REMOVE_CHANGES, "s",                                                           \
	       "DELETE c FROM " Q_IDS "attendance_change c FORCE INDEX (attendance_change_session)" \
	       " ON c.attendance_id = q.id")                                                       \
	CHANGE(MARK_REMOVE_RECORDS, "s",                                                           \
	       "DELETE c FROM " Q_IDS "attendance_record c FORCE INDEX (attendance_record_person)" \
	       " ON c.attendance_id = q.id")                                                       \
	CHANGE(MARK_REMOVE, "s",                                                                   \
	       "DELETE c FROM " Q_IDS "attendance_session c FORCE INDEX (PRIMARY) ON c.id = q.id")
STATEMENT_SET(import_attendance, IMPORT_ATTENDANCE_STATEMENTS);
/* clang-format on */

#define CHANGE_ONE(NAME, ...)                                                                      \
	store_change(s, &import_attendance_table[NAME], PARAMS(__VA_ARGS__), NULL, NULL, e)

enum rc import_attendance_find(struct store *s, int64_t id, int64_t from, int64_t to,
			       struct error *e)
{
	for (int at = MARK_PERSON; at <= MARK_TWICE; at++)
		TRY(CHANGE_ONE(at, P_I64(id), P_I64(from), P_I64(to)));
	return RC_OK;
}

enum rc import_attendance_rows(struct store *s, int64_t id, int64_t from, int64_t to,
			       struct arena *a, const struct import_mark **ret_rows, size_t *ret_n,
			       struct error *e)
{
	return store_rows(s, &import_attendance_table[MARK_ROWS],
			  PARAMS(P_I64(id), P_I64(from), P_I64(to)), IMPORT_MARKS_MAX, a, ret_rows,
			  ret_n, e);
}

enum rc import_attendance_checked(struct store *s, int64_t id, int64_t from, int64_t to,
				  struct str acts, struct error *e)
{
	TRY(CHANGE_ONE(MARK_WRONG, P_I64(id), P_I64(from), P_I64(to)));
	return CHANGE_ONE(MARK_CHECKED, P_TEXT(acts), P_I64(id));
}

enum rc import_attendance_done(struct store *s, int64_t id, int64_t from, int64_t to,
			       struct str acts, struct str act, struct error *e)
{
	TRY(CHANGE_ONE(MARK_WRONG, P_I64(id), P_I64(from), P_I64(to)));
	return CHANGE_ONE(MARK_DONE, P_TEXT(acts), P_I64(id), P_BYTES(act));
}

enum rc import_attendance_made(struct store *s, int64_t id, struct str ids, struct error *e)
{
	return CHANGE_ONE(MARK_MADE, P_TEXT(ids), P_I64(id));
}

enum rc import_attendance_undoable(struct store *s, int64_t id, int64_t from, int64_t to,
				   struct arena *a, const struct import_mark_done **ret_rows,
				   size_t *ret_n, struct error *e)
{
	return store_rows(s, &import_attendance_table[MARK_UNDOABLE],
			  PARAMS(P_I64(id), P_I64(from), P_I64(to)), IMPORT_MARKS_MAX, a, ret_rows,
			  ret_n, e);
}

enum rc import_attendance_undone(struct store *s, int64_t id, struct str acts, struct error *e)
{
	return CHANGE_ONE(MARK_UNDONE, P_TEXT(acts), P_I64(id));
}

enum rc import_attendance_locked(struct store *s, int64_t id, int32_t today, struct arena *a,
				 int64_t *ret_n, struct error *e)
{
	struct import_mark_id row;

	TRY(store_row(s, &import_attendance_table[MARK_LOCKED], PARAMS(P_I64(id), P_DAY(today)), a,
		      &row, e));
	*ret_n = row.id;
	return RC_OK;
}

enum rc import_attendance_unused(struct store *s, int64_t id, int64_t from, int64_t to,
				 struct arena *a, const int64_t **ret_ids, size_t *ret_n,
				 struct error *e)
{
	_Static_assert(sizeof(struct import_mark_id) == sizeof(int64_t), "read as an array of ids");
	return store_rows(s, &import_attendance_table[MARK_UNUSED],
			  PARAMS(P_I64(id), P_I64(from), P_I64(to), P_I64(id)), IMPORT_MARKS_MAX, a,
			  ret_ids, ret_n, e);
}

enum rc import_attendance_remove(struct store *s, struct str ids, struct error *e)
{
	for (int at = MARK_REMOVE_CHANGES; at <= MARK_REMOVE; at++)
		TRY(CHANGE_ONE(at, P_TEXT(ids)));
	return RC_OK;
}
