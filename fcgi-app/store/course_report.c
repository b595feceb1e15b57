/*
 * SQL of reports about a course's attendance.
 */
#include "store/course_report.h"

#include "store/expected.h"
#include "store/sets.h"

#define ROWS_MAX 5000

static const struct column course_head_columns[] = {
	COL(course_head, id, I64, false),           COL(course_head, branch_id, I64, false),
	COL_N(course_head, code, TEXT, 160, false), COL_N(course_head, title, TEXT, 800, false),
	COL(course_head, is_teacher, I64, false),   COL(course_head, n_sessions, I64, true),
};

static const struct column course_count_row_columns[] = {
	COL(course_count_row, person_id, I64, false),
	COL_N(course_count_row, given_name, TEXT, 480, false),
	COL_N(course_count_row, family_name, TEXT, 480, false),
	COL_N(course_count_row, student_code, TEXT, 160, true),
	COL(course_count_row, n_present, I64, true),
	COL(course_count_row, n_late, I64, true),
	COL(course_count_row, n_excused, I64, true),
	COL(course_count_row, n_absent, I64, true),
	COL(course_count_row, n_unmarked, I64, true),
};

static const struct column expected_row_columns[] = {
	COL(expected_row, person_id, I64, false),
	COL_N(expected_row, given_name, TEXT, 480, false),
	COL_N(expected_row, family_name, TEXT, 480, false),
	COL_N(expected_row, student_code, TEXT, 160, true),
};

#define CLOSED_IN_TIME                                                                             \
	"s.state = 'closed' AND s.deleted_at IS NULL AND (? IS NULL OR s.session_date >= ?)"       \
	" AND (? IS NULL OR s.session_date <= ?)"
#define SUM_OF(status) "CAST(SUM(r.status <=> '" status "') AS SIGNED)"
#define ON_DAY(m)                                                                                  \
	m ".from_date <= o.session_date AND (" m ".to_date IS NULL OR " m                          \
	  ".to_date >= o.session_date)"
#define PERSON_COLUMNS "p.id AS person_id, p.given_name, p.family_name, p.student_code"
#define BY_NAME        " ORDER BY family_name, given_name, person_id"

#define COURSE_REPORT_STATEMENTS(ROWS, CHANGE)                                                     \
	ROWS(COURSE_HEAD, "iiddddi", course_head,                                                  \
	     "SELECT c.id, c.branch_id, c.code, c.title, EXISTS (SELECT 1 FROM course_teacher t"   \
	     " WHERE t.course_id = c.id AND t.person_id = ?) OR EXISTS (SELECT 1 FROM"             \
	     " attendance_session v WHERE v.course_id = c.id AND v.teacher_id = ?) AS is_teacher," \
	     " (SELECT COUNT(*) FROM attendance_session s WHERE s.course_id = c.id"                \
	     " AND " CLOSED_IN_TIME ") AS n_sessions FROM course c WHERE c.id = ?")                \
	ROWS(COURSE_COUNTS, "iiidddd", course_count_row,                                           \
	     "SELECT " PERSON_COLUMNS                                                              \
	     ", " SUM_OF("present") " AS n_present, " SUM_OF("late") " AS n_late, " SUM_OF(        \
		     "excused") " AS n_excused, " SUM_OF("absent") " AS n_absent, CAST(SUM(r.id "  \
								   "IS NULL) AS SIGNED) AS "       \
								   "n_unmarked FROM"               \
								   " (SELECT e.person_id FROM "    \
								   "enrolment e WHERE "            \
								   "e.course_id = ?"               \
								   " AND e.state = 'approved' "    \
								   "UNION SELECT q.person_id "     \
								   "FROM attendance_session w"     \
								   " JOIN attendance_record q ON " \
								   "q.attendance_id = w.id WHERE " \
								   "w.course_id = ?) x"            \
								   " JOIN person p ON p.id = "     \
								   "x.person_id JOIN "             \
								   "attendance_session s ON "      \
								   "s.course_id = ?"               \
								   " AND " CLOSED_IN_TIME          \
								   " LEFT JOIN attendance_record " \
								   "r ON r.attendance_id = s.id "  \
								   "AND r.person_id = p.id"        \
								   " WHERE r.id IS NOT NULL OR "   \
								   "(s.roster <> 'open' "          \
								   "AND " EXPECTED(                \
									   "p.id") ") GROUP BY "   \
										   "p.id, "        \
										   "p.given_name," \
										   " p.family_"    \
										   "name, "        \
										   "p.student_"    \
										   "code" BY_NAME) \
	ROWS(EXPECTED_OF, "ii", expected_row,                                                      \
	     "SELECT " PERSON_COLUMNS " FROM occurrence o JOIN enrolment e"                        \
	     " ON e.course_id = o.course_id AND e.state = 'approved' AND " ON_DAY(                 \
		     "e") " JOIN person p ON p.id = e.person_id WHERE o.id = ? AND (o.class_id "   \
			  "IS NULL"                                                                \
			  " OR EXISTS (SELECT 1 FROM class_section c JOIN section_member m"        \
			  " ON m.section_id = c.section_id WHERE c.class_id = o.class_id"          \
			  " AND m.person_id = p.id AND " ON_DAY(                                   \
				  "m") ")) UNION SELECT " PERSON_COLUMNS                           \
				       " FROM occurrence o JOIN class_section c"                   \
				       " ON c.class_id = o.class_id JOIN section_member m ON "     \
				       "m.section_id = c.section_id"                               \
				       " AND " ON_DAY("m") " JOIN person p ON p.id = m.person_id " \
							   "WHERE o.id = ?"                        \
							   " AND o.course_id IS NULL" BY_NAME)
STATEMENT_SET(course_report, COURSE_REPORT_STATEMENTS);

enum rc course_head_read(struct store *s, int64_t course_id, int64_t person_id, int32_t from_day,
			 int32_t to_day, struct arena *a, struct course_head *ret, struct error *e)
{
	return store_row(s, &course_report_table[COURSE_HEAD],
			 PARAMS(P_I64_OR_NULL(person_id), P_I64_OR_NULL(person_id), P_DAY(from_day),
				P_DAY(from_day), P_DAY(to_day), P_DAY(to_day), P_I64(course_id)),
			 a, ret, e);
}

enum rc course_counts(struct store *s, int64_t course_id, int32_t from_day, int32_t to_day,
		      struct arena *a, const struct course_count_row **ret_rows, size_t *ret_n,
		      struct error *e)
{
	return store_rows(s, &course_report_table[COURSE_COUNTS],
			  PARAMS(P_I64(course_id), P_I64(course_id), P_I64(course_id),
				 P_DAY(from_day), P_DAY(from_day), P_DAY(to_day), P_DAY(to_day)),
			  ROWS_MAX, a, ret_rows, ret_n, e);
}

enum rc expected_rows(struct store *s, int64_t occurrence_id, struct arena *a,
		      const struct expected_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &course_report_table[EXPECTED_OF],
			  PARAMS(P_I64(occurrence_id), P_I64(occurrence_id)), ROWS_MAX, a, ret_rows,
			  ret_n, e);
}
