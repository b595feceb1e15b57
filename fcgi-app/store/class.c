/*
 * SQL of classes.
 */
#include "store/class.h"

#include "store/sets.h"

static const struct column class_row_columns[] = {
	COL(class_row, id, I64, false),           COL(class_row, branch_id, I64, false),
	COL_N(class_row, name, TEXT, 480, false), COL(class_row, primary_teacher_id, I64, true),
	COL(class_row, is_staff, I64, true),
};

static const struct column class_course_row_columns[] = {
	COL(class_course_row, id, I64, false),
	COL_N(class_course_row, code, TEXT, 160, false),
	COL_N(class_course_row, title, TEXT, 800, false),
};

static const struct column class_person_row_columns[] = {
	COL(class_person_row, id, I64, false),
	COL(class_person_row, account_id, I64, true),
	COL_N(class_person_row, name, TEXT, 1000, true),
	COL_N(class_person_row, code, TEXT, 160, true),
	COL_N(class_person_row, role, TEXT, 64, true),
};

struct class_account_row {
	int64_t person_id;
};
static const struct column class_account_row_columns[] = { COL(class_account_row, person_id, I64,
							       false) };

#define SELECT_PERSON(code)                                                                        \
	"SELECT DISTINCT p.id, a.id AS account_id,"                                                \
	" TRIM(CONCAT(p.given_name, ' ', p.family_name)) AS name, p." code " AS code, a.role"

#define CLASS_STATEMENTS(ROWS, CHANGE)                                                             \
	ROWS(CLASS_READ, "ii", class_row,                                                          \
	     "SELECT g.id, g.branch_id, g.name,"                                                   \
	     " (SELECT r.teacher_id FROM schedule r WHERE r.class_id = g.id"                       \
	     " AND r.ended_at IS NULL AND r.teacher_id IS NOT NULL ORDER BY r.id DESC LIMIT 1)"    \
	     " AS primary_teacher_id,"                                                             \
	     " (SELECT COUNT(*) FROM class_staff cs WHERE cs.class_id = g.id"                      \
	     " AND cs.person_id = ?) AS is_staff"                                                  \
	     " FROM class g WHERE g.id = ? AND g.ended_at IS NULL")                                \
	ROWS(CLASS_COURSES, "i", class_course_row,                                                 \
	     "SELECT DISTINCT k.id, k.code, k.title FROM class_section s"                          \
	     " JOIN course_section ks ON ks.section_id = s.section_id"                             \
	     " JOIN course k ON k.id = ks.course_id"                                               \
	     " WHERE s.class_id = ? AND k.ended_at IS NULL ORDER BY k.code, k.id")                 \
	ROWS(CLASS_STUDENTS, "idd", class_person_row,                                              \
	     SELECT_PERSON(                                                                        \
		     "student_code") " FROM class_section s JOIN section_member m ON "             \
				     "m.section_id = s.section_id"                                 \
				     " JOIN person p ON p.id = m.person_id LEFT JOIN account a "   \
				     "ON a.person_id = p.id"                                       \
				     " WHERE s.class_id = ? AND m.from_date <= ? AND (m.to_date "  \
				     "IS NULL OR m.to_date >= ?)"                                  \
				     " AND p.ended_at IS NULL ORDER BY p.student_code, p.id")      \
	ROWS(CLASS_STAFF, "ii", class_person_row,                                                  \
	     SELECT_PERSON(                                                                        \
		     "teacher_code") " FROM (SELECT cs.person_id FROM class_staff cs WHERE "       \
				     "cs.class_id = ?"                                             \
				     " UNION SELECT kt.person_id FROM class_section s"             \
				     " JOIN course_section ks ON ks.section_id = s.section_id"     \
				     " JOIN course_teacher kt ON kt.course_id = ks.course_id "     \
				     "WHERE s.class_id = ?) x"                                     \
				     " JOIN person p ON p.id = x.person_id LEFT JOIN account a "   \
				     "ON a.person_id = p.id"                                       \
				     " WHERE p.ended_at IS NULL ORDER BY p.teacher_code, p.id")    \
	ROWS(CLASS_PERSON_OF_ACCOUNT, "i", class_account_row,                                      \
	     "SELECT p.id AS person_id FROM account a JOIN person p ON p.id = a.person_id"         \
	     " WHERE a.id = ?")
STATEMENT_SET(class, CLASS_STATEMENTS);

#define PEOPLE_MAX 20000

enum rc class_read(struct store *s, int64_t id, int64_t person_id, struct arena *a,
		   struct class_row *ret, struct error *e)
{
	return store_row(s, &class_table[CLASS_READ], PARAMS(P_I64_OR_NULL(person_id), P_I64(id)),
			 a, ret, e);
}

enum rc class_courses(struct store *s, int64_t id, struct arena *a,
		      const struct class_course_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &class_table[CLASS_COURSES], PARAMS(P_I64(id)), PEOPLE_MAX, a,
			  ret_rows, ret_n, e);
}

enum rc class_students(struct store *s, int64_t id, int32_t day, struct arena *a,
		       const struct class_person_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &class_table[CLASS_STUDENTS],
			  PARAMS(P_I64(id), P_DAY(day), P_DAY(day)), PEOPLE_MAX, a, ret_rows, ret_n,
			  e);
}

enum rc class_staff(struct store *s, int64_t id, struct arena *a,
		    const struct class_person_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &class_table[CLASS_STAFF], PARAMS(P_I64(id), P_I64(id)), PEOPLE_MAX, a,
			  ret_rows, ret_n, e);
}

enum rc class_person_of_account(struct store *s, int64_t account_id, struct arena *a,
				int64_t *ret_person_id, struct error *e)
{
	struct class_account_row row;

	TRY(store_row(s, &class_table[CLASS_PERSON_OF_ACCOUNT], PARAMS(P_I64(account_id)), a, &row,
		      e));
	*ret_person_id = row.person_id;
	return RC_OK;
}
