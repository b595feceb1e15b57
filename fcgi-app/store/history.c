/*
 * SQL of attendance over sessions.
 */
#include "store/history.h"

#include "store/expected.h"
#include "store/sets.h"

#define COURSES_MAX 2000 /* rows of counts: courses times statuses */

static const struct column history_stored_columns[] = {
	COL(history_stored, attendance_id, I64, false),
	COL(history_stored, occurrence_id, I64, true),
	COL(history_stored, course_id, I64, true),
	COL(history_stored, person_id, I64, false),
	COL_N(history_stored, title, TEXT, 800, false),
	COL_N(history_stored, course_code, TEXT, 160, true),
	COL_N(history_stored, course_title, TEXT, 800, true),
	COL_N(history_stored, given_name, TEXT, 480, false),
	COL_N(history_stored, family_name, TEXT, 480, false),
	COL_N(history_stored, student_code, TEXT, 160, true),
	COL_N(history_stored, zone, TEXT, 256, false),
	COL(history_stored, session_date, DAY, false),
	COL(history_stored, planned_start, TOD, true),
	COL(history_stored, opens_at, TIME, false),
	COL_N(history_stored, state, TEXT, 64, false),
	COL_N(history_stored, status, TEXT, 64, true),
	COL(history_stored, late_s, I64, true),
	COL(history_stored, happened_at, TIME, true),
	COL_N(history_stored, method, TEXT, 64, true),
	COL_N(history_stored, remark, TEXT, 1200, true),
};
static const struct column history_count_columns[] = {
	COL(history_count, course_id, I64, true),
	COL_N(history_count, course_code, TEXT, 160, true),
	COL_N(history_count, course_title, TEXT, 800, true),
	COL_N(history_count, status, TEXT, 64, true),
	COL(history_count, n, I64, true),
	COL(history_count, aim_percent, I64, true),
	COL(history_count, branch_aim_percent, I64, true),
};

/* clang-format off */
/* Sessions of one person, given five times: with a record, or expected on that day. */
#define OF_PERSON                                                                                  \
	"(SELECT r.attendance_id, r.person_id FROM attendance_record r WHERE r.person_id = ?"      \
	" UNION SELECT s.id, e.person_id FROM enrolment e JOIN attendance_session s"               \
	" ON s.course_id = e.course_id AND s.roster = 'course' AND " EXPECTED_ON_DAY("e")          \
	" WHERE e.person_id = ? AND e.state = 'approved'"                                          \
	" AND (s.class_id IS NULL OR " EXPECTED_IN_CLASS("e.person_id") ")"                        \
	" UNION SELECT s.id, m.person_id FROM section_member m JOIN attendance_session s"          \
	" ON s.section_id = m.section_id AND s.roster = 'section' AND " EXPECTED_ON_DAY("m")       \
	" WHERE m.person_id = ?"                                                                   \
	" UNION SELECT s.id, m.person_id FROM section_member m JOIN course_section x"              \
	" ON x.section_id = m.section_id JOIN attendance_session s ON s.course_id = x.course_id"   \
	" AND s.section_id IS NULL AND s.roster = 'section' AND " EXPECTED_ON_DAY("m")             \
	" WHERE m.person_id = ?"                                                                   \
	" UNION SELECT s.id, m.person_id FROM section_member m JOIN class_section x"               \
	" ON x.section_id = m.section_id JOIN attendance_session s ON s.class_id = x.class_id"     \
	" AND s.roster = 'class' AND " EXPECTED_ON_DAY("m") " WHERE m.person_id = ?) w"
/* Those of a course, given five times. */
#define OF_COURSE                                                                                  \
	"(SELECT r.attendance_id, r.person_id FROM attendance_session s JOIN attendance_record r"  \
	" ON r.attendance_id = s.id WHERE s.course_id = ?"                                         \
	" UNION SELECT s.id, e.person_id FROM attendance_session s JOIN enrolment e"               \
	" ON e.course_id = s.course_id AND e.state = 'approved' AND " EXPECTED_ON_DAY("e")         \
	" WHERE s.course_id = ? AND s.roster = 'course'"                                           \
	" AND (s.class_id IS NULL OR " EXPECTED_IN_CLASS("e.person_id") ")"                        \
	" UNION SELECT s.id, m.person_id FROM attendance_session s JOIN section_member m"          \
	" ON m.section_id = s.section_id AND " EXPECTED_ON_DAY("m")                                \
	" WHERE s.course_id = ? AND s.roster = 'section'"                                          \
	" UNION SELECT s.id, m.person_id FROM attendance_session s JOIN course_section x"          \
	" ON x.course_id = s.course_id AND s.section_id IS NULL JOIN section_member m"             \
	" ON m.section_id = x.section_id AND " EXPECTED_ON_DAY("m")                                \
	" WHERE s.course_id = ? AND s.roster = 'section'"                                          \
	" UNION SELECT s.id, m.person_id FROM attendance_session s JOIN class_section x"           \
	" ON x.class_id = s.class_id JOIN section_member m ON m.section_id = x.section_id"         \
	" AND " EXPECTED_ON_DAY("m") " WHERE s.course_id = ? AND s.roster = 'class') w"
#define JOINS                                                                                      \
	" JOIN attendance_session s ON s.id = w.attendance_id AND s.deleted_at IS NULL"            \
	" LEFT JOIN course k ON k.id = s.course_id"                                                \
	" LEFT JOIN attendance_record r ON r.attendance_id = s.id AND r.person_id = w.person_id"
#define WHERE_SEEN                                                                                 \
	" WHERE ? IN (0, s.branch_id) AND (? = 0 OR s.teacher_id = ? OR EXISTS"                    \
	" (SELECT 1 FROM class_staff v WHERE v.class_id = s.class_id AND v.person_id = ?))"
#define HISTORY(source)                                                                            \
	"SELECT s.id AS attendance_id, s.occurrence_id, s.course_id, p.id AS person_id, s.title,"  \
	" k.code AS course_code, k.title AS course_title, p.given_name, p.family_name,"            \
	" p.student_code, s.zone, s.session_date, o.start_time AS planned_start, s.opens_at,"      \
	" s.state, r.status, r.late_s, r.happened_at, r.method, r.remark FROM " source JOINS       \
	" JOIN person p ON p.id = w.person_id LEFT JOIN occurrence o ON o.id = s.occurrence_id"    \
	WHERE_SEEN " AND ? IN (0, s.course_id) AND s.session_date >= ? AND s.session_date <= ?"    \
	" ORDER BY s.session_date DESC, s.opens_at DESC, s.id DESC, p.family_name, p.given_name,"  \
	" p.id LIMIT ?"
#define AIM(course)                                                                                \
	"(SELECT a.aim_percent FROM attendance_policy a WHERE a.branch_id = s.branch_id"           \
	" AND a.scope_course IN (" course ", 0) ORDER BY a.scope_course DESC LIMIT 1)"

#define HISTORY_STATEMENTS(ROWS, CHANGE)                                                           \
	ROWS(HISTORY_PERSON, "iiiiiiiiiiddi", history_stored, HISTORY(OF_PERSON))                  \
	ROWS(HISTORY_COURSE, "iiiiiiiiiiddi", history_stored, HISTORY(OF_COURSE))                  \
	ROWS(HISTORY_COUNTS, "iiiiiiiiii", history_count,                                          \
	     "SELECT s.course_id, MAX(k.code) AS course_code, MAX(k.title) AS course_title,"       \
	     " r.status, COUNT(*) AS n, MAX(" AIM("COALESCE(s.course_id, 0)") ") AS aim_percent,"  \
	     " MAX(" AIM("0") ") AS branch_aim_percent FROM " OF_PERSON JOINS WHERE_SEEN           \
	     " AND s.state = 'closed' GROUP BY s.course_id, r.status"                              \
	     " ORDER BY course_code, s.course_id, r.status LIMIT ?")
STATEMENT_SET(history, HISTORY_STATEMENTS);
/* clang-format on */

/* Before and after every session. */
#define FIRST_DAY day_from_ymd((struct ymd){ 1000, 1, 1 })
#define LAST_DAY  day_from_ymd((struct ymd){ 9999, 12, 31 })

#define FIVE_TIMES(id) P_I64(id), P_I64(id), P_I64(id), P_I64(id), P_I64(id)
#define SEEN(f)                                                                                    \
	P_I64((f)->seen_branch_id), P_I64((f)->seen_person_id), P_I64((f)->seen_person_id),        \
		P_I64((f)->seen_person_id)

enum rc history_rows(struct store *s, const struct history_filter *f, struct arena *a,
		     const struct history_stored **ret_rows, size_t *ret_n, struct error *e)
{
	int64_t of = f->person_id ? f->person_id : f->course_id;

	return store_rows(s, &history_table[f->person_id ? HISTORY_PERSON : HISTORY_COURSE],
			  PARAMS(FIVE_TIMES(of), SEEN(f), P_I64(f->course_id),
				 P_DAY(f->from_day == NO_DAY ? FIRST_DAY : f->from_day),
				 P_DAY(f->to_day == NO_DAY ? LAST_DAY : f->to_day),
				 P_I64((int64_t)f->limit)),
			  f->limit, a, ret_rows, ret_n, e);
}

enum rc history_counts(struct store *s, const struct history_filter *f, struct arena *a,
		       const struct history_count **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &history_table[HISTORY_COUNTS],
			  PARAMS(FIVE_TIMES(f->person_id), SEEN(f), P_I64(COURSES_MAX)),
			  COURSES_MAX, a, ret_rows, ret_n, e);
}
