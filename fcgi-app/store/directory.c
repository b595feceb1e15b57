/*
 * SQL of what programs look up; see directory.h.
 */
#include "store/directory.h"

#include "store/sets.h"

#define LESSONS_MAX 50

static const struct column directory_student_columns[] = {
	COL(directory_student, id, I64, false),
	COL(directory_student, branch_id, I64, false),
	COL(directory_student, revision, I64, false),
	COL_N(directory_student, student_code, TEXT, 160, true),
	COL_N(directory_student, given_name, TEXT, 480, false),
	COL_N(directory_student, family_name, TEXT, 480, false),
	COL(directory_student, member_id, I64, true),
	COL(directory_student, member_from, DAY, true),
	COL(directory_student, section_id, I64, true),
	COL(directory_student, batch_id, I64, true),
	COL_N(directory_student, section_name, TEXT, 160, true),
	COL_N(directory_student, batch_name, TEXT, 480, true),
	COL_N(directory_student, department_name, TEXT, 480, true),
};
static const struct column directory_user_columns[] = {
	COL(directory_user, account_id, I64, false),
	COL(directory_user, person_id, I64, false),
	COL(directory_user, branch_id, I64, false),
	COL(directory_user, revision, I64, false),
	COL(directory_user, account_revision, I64, false),
	COL_N(directory_user, uuid, TEXT, 144, false),
	COL_N(directory_user, username, TEXT, 320, false),
	COL_N(directory_user, email, TEXT, 1016, true),
	COL_N(directory_user, role, TEXT, 80, false),
	COL_N(directory_user, given_name, TEXT, 480, false),
	COL_N(directory_user, family_name, TEXT, 480, false),
	COL_N(directory_user, student_code, TEXT, 160, true),
	COL_N(directory_user, teacher_code, TEXT, 160, true),
	COL(directory_user, disabled_at, TIME, true),
};
static const struct column directory_group_columns[] = {
	COL(directory_group, id, I64, false),
	COL(directory_group, branch_id, I64, false),
	COL(directory_group, revision, I64, false),
	COL_N(directory_group, name, TEXT, 160, false),
	COL(directory_group, batch_id, I64, false),
	COL(directory_group, department_id, I64, false),
	COL_N(directory_group, batch_name, TEXT, 480, false),
	COL_N(directory_group, department_name, TEXT, 480, false),
};
static const struct column directory_course_columns[] = {
	COL(directory_course, id, I64, false),
	COL(directory_course, branch_id, I64, false),
	COL(directory_course, revision, I64, false),
	COL_N(directory_course, code, TEXT, 160, false),
	COL_N(directory_course, title, TEXT, 800, false),
	COL(directory_course, section_ids, TEXT, false),
	COL(directory_course, teacher_ids, TEXT, false),
	COL(directory_course, account_id, I64, true),
	COL(directory_course, person_id, I64, true),
	COL_N(directory_course, uuid, TEXT, 144, true),
	COL_N(directory_course, email, TEXT, 1016, true),
	COL_N(directory_course, role, TEXT, 80, true),
	COL_N(directory_course, given_name, TEXT, 480, true),
	COL_N(directory_course, family_name, TEXT, 480, true),
	COL_N(directory_course, teacher_code, TEXT, 160, true),
};
static const struct column directory_enrolment_columns[] = {
	COL(directory_enrolment, id, I64, false),
	COL(directory_enrolment, branch_id, I64, false),
	COL(directory_enrolment, revision, I64, false),
	COL(directory_enrolment, course_id, I64, false),
	COL(directory_enrolment, person_id, I64, false),
	COL_N(directory_enrolment, code, TEXT, 160, false),
	COL_N(directory_enrolment, title, TEXT, 800, false),
	COL_N(directory_enrolment, student_code, TEXT, 160, true),
	COL_N(directory_enrolment, given_name, TEXT, 480, false),
	COL_N(directory_enrolment, family_name, TEXT, 480, false),
	COL_N(directory_enrolment, state, TEXT, 80, false),
	COL(directory_enrolment, from_date, DAY, false),
	COL(directory_enrolment, to_date, DAY, true),
};
static const struct column directory_lesson_columns[] = {
	COL_N(directory_lesson, title, TEXT, 800, false),
	COL_N(directory_lesson, given_name, TEXT, 480, true),
	COL_N(directory_lesson, family_name, TEXT, 480, true),
	COL(directory_lesson, session_date, DAY, false),
	COL(directory_lesson, start_time, TOD, false),
	COL(directory_lesson, end_time, TOD, false),
};
static const struct column directory_session_columns[] = {
	COL(directory_session, id, I64, false),
	COL(directory_session, branch_id, I64, false),
	COL(directory_session, course_id, I64, true),
	COL(directory_session, section_id, I64, true),
	COL(directory_session, created_by, I64, true),
	COL(directory_session, teacher_account_id, I64, true),
	COL(directory_session, session_date, DAY, false),
	COL(directory_session, created_at, TIME, false),
	COL(directory_session, closes_at, TIME, false),
	COL(directory_session, is_closed, I64, false),
	COL_N(directory_session, device_code, TEXT, 160, true),
	COL_N(directory_session, title, TEXT, 800, false),
};
static const struct column directory_record_columns[] = {
	COL(directory_record, id, I64, false),
	COL(directory_record, attendance_id, I64, false),
	COL(directory_record, person_id, I64, false),
	COL_N(directory_record, status, TEXT, 80, false),
	COL_N(directory_record, method, TEXT, 80, false),
	COL(directory_record, happened_at, TIME, false),
	COL_N(directory_record, student_code, TEXT, 160, true),
	COL_N(directory_record, given_name, TEXT, 480, false),
	COL_N(directory_record, family_name, TEXT, 480, false),
	COL(directory_record, section_id, I64, true),
	COL(directory_record, batch_id, I64, true),
	COL_N(directory_record, section_name, TEXT, 160, true),
	COL_N(directory_record, batch_name, TEXT, 480, true),
	COL_N(directory_record, department_name, TEXT, 480, true),
};
struct directory_id {
	int64_t id;
};
static const struct column directory_id_columns[] = { COL(directory_id, id, I64, false) };

#define STUDENTS(WHICH)                                                                            \
	"SELECT p.id, p.branch_id, p.revision, p.student_code, p.given_name, p.family_name,"       \
	" m.id AS member_id, m.from_date AS member_from, g.id AS section_id, t.id AS batch_id,"    \
	" g.name AS section_name, t.name AS batch_name, d.name AS department_name"                 \
	" FROM person p LEFT JOIN section_member m ON m.id ="                                      \
	" (SELECT n.id FROM section_member n WHERE n.person_id = p.id AND n.from_date <= ?"        \
	" AND (n.to_date IS NULL OR n.to_date >= ?) ORDER BY n.from_date DESC, n.id DESC LIMIT 1)" \
	" LEFT JOIN section g ON g.id = m.section_id LEFT JOIN batch t ON t.id = g.batch_id"       \
	" LEFT JOIN department d ON d.id = t.department_id"                                        \
	" WHERE (? = 0 OR p.branch_id = ?) AND p.ended_at IS NULL" WHICH
/* Without asking whether the person has ended. */
#define USERS_ALL(WHICH)                                                                           \
	"SELECT a.id AS account_id, p.id AS person_id, p.branch_id, p.revision,"                   \
	" a.revision AS account_revision, a.uuid, a.username, a.email, a.role, p.given_name,"      \
	" p.family_name, p.student_code, p.teacher_code, a.disabled_at"                            \
	" FROM account a JOIN person p ON p.id = a.person_id"                                      \
	" WHERE (? = 0 OR p.branch_id = ?)" WHICH
#define USERS(WHICH) USERS_ALL(" AND p.ended_at IS NULL" WHICH)
#define GROUP_NAMES                                                                                \
	" t.id AS batch_id, d.id AS department_id, t.name AS batch_name, d.name AS "               \
	"department_name"
#define SECTIONS(WHICH)                                                                            \
	"SELECT g.id, d.branch_id, g.revision, g.name," GROUP_NAMES                                \
	" FROM section g JOIN batch t ON t.id = g.batch_id JOIN department d"                      \
	" ON d.id = t.department_id WHERE (? = 0 OR d.branch_id = ?) AND g.ended_at IS NULL" WHICH
#define BATCHES(WHICH)                                                                             \
	"SELECT t.id, d.branch_id, t.revision, '' AS name," GROUP_NAMES                            \
	" FROM batch t JOIN department d ON d.id = t.department_id"                                \
	" WHERE (? = 0 OR d.branch_id = ?) AND t.ended_at IS NULL" WHICH
#define ID_LIST "(SELECT CONCAT('[', IFNULL(GROUP_CONCAT("
#define COURSES(WHICH)                                                                             \
	"SELECT c.id, c.branch_id, c.revision, c.code, c.title, " ID_LIST                          \
	"v.section_id ORDER BY v.section_id), ''), ']')"                                           \
	" FROM course_section v WHERE v.course_id = c.id) AS section_ids, " ID_LIST                \
	"v.person_id ORDER BY v.person_id), ''), ']')"                                             \
	" FROM course_teacher v WHERE v.course_id = c.id) AS teacher_ids,"                         \
	" a.id AS account_id, p.id AS person_id, a.uuid, a.email, a.role, p.given_name,"           \
	" p.family_name, p.teacher_code FROM course c LEFT JOIN person p ON p.id ="                \
	" (SELECT MIN(v.person_id) FROM course_teacher v JOIN account x"                           \
	" ON x.person_id = v.person_id WHERE v.course_id = c.id)"                                  \
	" LEFT JOIN account a ON a.person_id = p.id WHERE " WHICH
#define LIVE_COURSES "(? = 0 OR c.branch_id = ?) AND c.ended_at IS NULL"
#define OF_IDS       " IN (SELECT j.id FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j)"
#define RECORDS(WHICH)                                                                             \
	"SELECT r.id, r.attendance_id, r.person_id, r.status, r.method, r.happened_at,"            \
	" p.student_code, p.given_name, p.family_name, g.id AS section_id, t.id AS batch_id,"      \
	" g.name AS section_name, t.name AS batch_name, d.name AS department_name"                 \
	" FROM attendance_record r JOIN attendance_session s ON s.id = r.attendance_id"            \
	" AND s.deleted_at IS NULL JOIN person p ON p.id = r.person_id"                            \
	" LEFT JOIN section_member m ON m.id ="                                                    \
	" (SELECT n.id FROM section_member n WHERE n.person_id = p.id"                             \
	" AND n.from_date <= s.session_date"                                                       \
	" AND (n.to_date IS NULL OR n.to_date >= s.session_date)"                                  \
	" ORDER BY n.from_date DESC, n.id DESC LIMIT 1)"                                           \
	" LEFT JOIN section g ON g.id = m.section_id LEFT JOIN batch t ON t.id = g.batch_id"       \
	" LEFT JOIN department d ON d.id = t.department_id"                                        \
	" WHERE (? = 0 OR s.branch_id = ?)" WHICH
#define ENROLMENTS(WHICH)                                                                          \
	"SELECT e.id, c.branch_id, e.revision, e.course_id, e.person_id, c.code, c.title,"         \
	" p.student_code, p.given_name, p.family_name, e.state, e.from_date, e.to_date"            \
	" FROM enrolment e JOIN course c ON c.id = e.course_id JOIN person p"                      \
	" ON p.id = e.person_id WHERE (? = 0 OR c.branch_id = ?)" WHICH

#define DIRECTORY_STATEMENTS(ROWS, CHANGE)                                                         \
	ROWS(STUDENT_LIST, "ddiii", directory_student,                                             \
	     STUDENTS(" AND p.student_code IS NOT NULL ORDER BY p.student_code, p.id LIMIT ?"))    \
	ROWS(STUDENT_GET, "ddiii", directory_student,                                              \
	     STUDENTS(" AND p.student_code IS NOT NULL AND p.id = ?"))                             \
	ROWS(USER_LIST, "iissi", directory_user,                                                   \
	     USERS(" AND (? = '' OR a.role = ?) ORDER BY a.username LIMIT ?"))                     \
	ROWS(USER_BY_UUID, "iis", directory_user, USERS(" AND a.uuid = ?"))                        \
	ROWS(USER_BY_ID, "iii", directory_user, USERS(" AND a.id = ?"))                            \
	ROWS(SECTION_LIST, "iii", directory_group,                                                 \
	     SECTIONS(" ORDER BY d.name, t.name, g.name, g.id LIMIT ?"))                           \
	ROWS(SECTION_GET, "iii", directory_group, SECTIONS(" AND g.id = ?"))                       \
	ROWS(BATCH_LIST, "iii", directory_group,                                                   \
	     BATCHES(" ORDER BY d.name, t.name, t.id LIMIT ?"))                                    \
	ROWS(BATCH_GET, "iii", directory_group, BATCHES(" AND t.id = ?"))                          \
	ROWS(DEPARTMENT_FIND, "is", directory_id,                                                  \
	     "SELECT id FROM department WHERE branch_id = ? AND name_live = ?")                    \
	ROWS(COURSE_LIST, "iii", directory_course,                                                 \
	     COURSES(LIVE_COURSES " ORDER BY c.code, c.id LIMIT ?"))                               \
	ROWS(COURSE_GET, "iii", directory_course, COURSES(LIVE_COURSES " AND c.id = ?"))           \
	ROWS(COURSES_OF, "s", directory_course, COURSES("c.id" OF_IDS))                            \
	ROWS(USERS_OF, "iis", directory_user, USERS_ALL(" AND a.id" OF_IDS))                       \
	ROWS(SESSIONS_OF, "s", directory_session,                                                  \
	     "SELECT s.id, s.branch_id, s.course_id, s.section_id, s.created_by,"                  \
	     " (SELECT MIN(a.id) FROM account a WHERE a.person_id = s.teacher_id)"                 \
	     " AS teacher_account_id, s.session_date, s.created_at, s.closes_at,"                  \
	     " s.state = 'closed' AS is_closed, d.code AS device_code, s.title"                    \
	     " FROM attendance_session s LEFT JOIN device d ON d.id = s.device_id"                 \
	     " WHERE s.id" OF_IDS " ORDER BY s.id DESC")                                           \
	ROWS(RECORD_LIST, "iii", directory_record, RECORDS(" ORDER BY r.id DESC LIMIT ?"))         \
	ROWS(RECORD_LIST_SESSION, "iiii", directory_record,                                        \
	     RECORDS(" AND r.attendance_id = ? ORDER BY r.id DESC LIMIT ?"))                       \
	ROWS(RECORD_GET, "iii", directory_record, RECORDS(" AND r.id = ?"))                        \
	ROWS(ENROLMENT_LIST, "iiiiiii", directory_enrolment,                                       \
	     ENROLMENTS(" AND (? = 0 OR e.course_id = ?) AND (? = 0 OR e.person_id = ?)"           \
			" ORDER BY e.id LIMIT ?"))                                                 \
	ROWS(ENROLMENT_GET, "iii", directory_enrolment, ENROLMENTS(" AND e.id = ?"))               \
	ROWS(LESSONS, "idi", directory_lesson,                                                     \
	     "SELECT IFNULL(c.title, o.title) AS title, t.given_name, t.family_name,"              \
	     " o.session_date, o.start_time, o.end_time"                                           \
	     " FROM enrolment e JOIN course c ON c.id = e.course_id"                               \
	     " JOIN occurrence o ON o.course_id = c.id LEFT JOIN person t ON t.id = o.teacher_id"  \
	     " WHERE e.person_id = ? AND e.state = 'approved' AND o.session_date = ?"              \
	     " AND o.state <> 'cancelled' AND e.from_date <= o.session_date"                       \
	     " AND (e.to_date IS NULL OR e.to_date >= o.session_date)"                             \
	     " AND (o.class_id IS NULL OR EXISTS (SELECT 1 FROM class_section v"                   \
	     " JOIN section_member m ON m.section_id = v.section_id"                               \
	     " WHERE v.class_id = o.class_id AND m.person_id = e.person_id"                        \
	     " AND m.from_date <= o.session_date"                                                  \
	     " AND (m.to_date IS NULL OR m.to_date >= o.session_date)))"                           \
	     " ORDER BY o.start_time, o.id LIMIT ?")
STATEMENT_SET(directory, DIRECTORY_STATEMENTS);

#define BRANCH(id) P_I64(id), P_I64(id)
#define LIMIT      P_I64(DIRECTORY_MAX)

enum rc directory_students(struct store *s, int64_t branch_id, int32_t day, struct arena *a,
			   const struct directory_student **ret_rows, size_t *ret_n,
			   struct error *e)
{
	return store_rows(s, &directory_table[STUDENT_LIST],
			  PARAMS(P_DAY(day), P_DAY(day), BRANCH(branch_id), LIMIT), DIRECTORY_MAX,
			  a, ret_rows, ret_n, e);
}

enum rc directory_student_get(struct store *s, int64_t branch_id, int32_t day, int64_t id,
			      struct arena *a, struct directory_student *ret, struct error *e)
{
	return store_row(s, &directory_table[STUDENT_GET],
			 PARAMS(P_DAY(day), P_DAY(day), BRANCH(branch_id), P_I64(id)), a, ret, e);
}

enum rc directory_users(struct store *s, int64_t branch_id, struct str role, struct arena *a,
			const struct directory_user **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &directory_table[USER_LIST],
			  PARAMS(BRANCH(branch_id), P_TEXT(role), P_TEXT(role), LIMIT),
			  DIRECTORY_MAX, a, ret_rows, ret_n, e);
}

enum rc directory_user_get(struct store *s, int64_t branch_id, struct str uuid, int64_t account_id,
			   struct arena *a, struct directory_user *ret, struct error *e)
{
	if (uuid.n > 0)
		return store_row(s, &directory_table[USER_BY_UUID],
				 PARAMS(BRANCH(branch_id), P_TEXT(uuid)), a, ret, e);
	return store_row(s, &directory_table[USER_BY_ID],
			 PARAMS(BRANCH(branch_id), P_I64(account_id)), a, ret, e);
}

static enum rc group_list(struct store *s, int statement, int64_t branch_id, struct arena *a,
			  const struct directory_group **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &directory_table[statement], PARAMS(BRANCH(branch_id), LIMIT),
			  DIRECTORY_MAX, a, ret_rows, ret_n, e);
}

static enum rc group_one(struct store *s, int statement, int64_t branch_id, int64_t id,
			 struct arena *a, struct directory_group *ret, struct error *e)
{
	return store_row(s, &directory_table[statement], PARAMS(BRANCH(branch_id), P_I64(id)), a,
			 ret, e);
}

enum rc directory_sections(struct store *s, int64_t branch_id, struct arena *a,
			   const struct directory_group **ret_rows, size_t *ret_n, struct error *e)
{
	return group_list(s, SECTION_LIST, branch_id, a, ret_rows, ret_n, e);
}

enum rc directory_section_get(struct store *s, int64_t branch_id, int64_t id, struct arena *a,
			      struct directory_group *ret, struct error *e)
{
	return group_one(s, SECTION_GET, branch_id, id, a, ret, e);
}

enum rc directory_batches(struct store *s, int64_t branch_id, struct arena *a,
			  const struct directory_group **ret_rows, size_t *ret_n, struct error *e)
{
	return group_list(s, BATCH_LIST, branch_id, a, ret_rows, ret_n, e);
}

enum rc directory_batch_get(struct store *s, int64_t branch_id, int64_t id, struct arena *a,
			    struct directory_group *ret, struct error *e)
{
	return group_one(s, BATCH_GET, branch_id, id, a, ret, e);
}

enum rc directory_department_find(struct store *s, int64_t branch_id, struct str name,
				  struct arena *a, int64_t *ret_id, struct error *e)
{
	struct directory_id row;

	TRY(store_row(s, &directory_table[DEPARTMENT_FIND], PARAMS(P_I64(branch_id), P_TEXT(name)),
		      a, &row, e));
	*ret_id = row.id;
	return RC_OK;
}

enum rc directory_courses(struct store *s, int64_t branch_id, struct arena *a,
			  const struct directory_course **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &directory_table[COURSE_LIST], PARAMS(BRANCH(branch_id), LIMIT),
			  DIRECTORY_MAX, a, ret_rows, ret_n, e);
}

enum rc directory_course_get(struct store *s, int64_t branch_id, int64_t id, struct arena *a,
			     struct directory_course *ret, struct error *e)
{
	return store_row(s, &directory_table[COURSE_GET], PARAMS(BRANCH(branch_id), P_I64(id)), a,
			 ret, e);
}

enum rc directory_enrolments(struct store *s, int64_t branch_id, int64_t course_id,
			     int64_t person_id, struct arena *a,
			     const struct directory_enrolment **ret_rows, size_t *ret_n,
			     struct error *e)
{
	return store_rows(s, &directory_table[ENROLMENT_LIST],
			  PARAMS(BRANCH(branch_id), P_I64(course_id), P_I64(course_id),
				 P_I64(person_id), P_I64(person_id), LIMIT),
			  DIRECTORY_MAX, a, ret_rows, ret_n, e);
}

enum rc directory_enrolment_get(struct store *s, int64_t branch_id, int64_t id, struct arena *a,
				struct directory_enrolment *ret, struct error *e)
{
	return store_row(s, &directory_table[ENROLMENT_GET], PARAMS(BRANCH(branch_id), P_I64(id)),
			 a, ret, e);
}

enum rc directory_lessons(struct store *s, int64_t person_id, int32_t day, struct arena *a,
			  const struct directory_lesson **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &directory_table[LESSONS],
			  PARAMS(P_I64(person_id), P_DAY(day), P_I64(LESSONS_MAX)), LESSONS_MAX, a,
			  ret_rows, ret_n, e);
}

enum rc directory_courses_of(struct store *s, struct str ids, struct arena *a,
			     const struct directory_course **ret_rows, size_t *ret_n,
			     struct error *e)
{
	return store_rows(s, &directory_table[COURSES_OF], PARAMS(P_TEXT(ids)), DIRECTORY_MAX, a,
			  ret_rows, ret_n, e);
}

enum rc directory_users_of(struct store *s, struct str ids, struct arena *a,
			   const struct directory_user **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &directory_table[USERS_OF], PARAMS(BRANCH(0), P_TEXT(ids)),
			  DIRECTORY_MAX, a, ret_rows, ret_n, e);
}

enum rc directory_sessions_of(struct store *s, struct str ids, struct arena *a,
			      const struct directory_session **ret_rows, size_t *ret_n,
			      struct error *e)
{
	return store_rows(s, &directory_table[SESSIONS_OF], PARAMS(P_TEXT(ids)), DIRECTORY_MAX, a,
			  ret_rows, ret_n, e);
}

enum rc directory_records(struct store *s, int64_t branch_id, int64_t attendance_id,
			  struct arena *a, const struct directory_record **ret_rows, size_t *ret_n,
			  struct error *e)
{
	const struct param max = P_I64(DIRECTORY_RECORDS_MAX);

	if (attendance_id == 0)
		return store_rows(s, &directory_table[RECORD_LIST], PARAMS(BRANCH(branch_id), max),
				  DIRECTORY_RECORDS_MAX, a, ret_rows, ret_n, e);
	return store_rows(s, &directory_table[RECORD_LIST_SESSION],
			  PARAMS(BRANCH(branch_id), P_I64(attendance_id), max),
			  DIRECTORY_RECORDS_MAX, a, ret_rows, ret_n, e);
}

enum rc directory_record_get(struct store *s, int64_t branch_id, int64_t id, struct arena *a,
			     struct directory_record *ret, struct error *e)
{
	return store_row(s, &directory_table[RECORD_GET], PARAMS(BRANCH(branch_id), P_I64(id)), a,
			 ret, e);
}
