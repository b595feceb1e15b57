/*
 * SQL of the lists of contract 000's admins.
 */
#include "store/smart_people.h"

#include "store/sets.h"

#define NAME_BYTES 1000

struct smart_count {
	int64_t n;
};
static const struct column smart_count_columns[] = { COL(smart_count, n, I64, true) };

static const struct column smart_person_row_columns[] = {
	COL(smart_person_row, id, I64, false),
	COL(smart_person_row, account_id, I64, true),
	COL_N(smart_person_row, given_name, TEXT, 480, false),
	COL_N(smart_person_row, family_name, TEXT, 480, false),
	COL_N(smart_person_row, email, TEXT, 1016, true),
	COL_N(smart_person_row, student_code, TEXT, 160, true),
	COL_N(smart_person_row, section_name, TEXT, 480, true),
	COL(smart_person_row, created_at, TIME, false),
	COL(smart_person_row, updated_at, TIME, true),
	COL_N(smart_person_row, class_name, TEXT, 480, true),
	COL(smart_person_row, n_present, I64, true),
	COL(smart_person_row, n_late, I64, true),
	COL(smart_person_row, n_excused, I64, true),
	COL(smart_person_row, n_absent, I64, true),
	COL(smart_person_row, late_min, I64, true),
	COL(smart_person_row, absent_hours, I64, true),
};

static const struct column smart_trainer_row_columns[] = {
	COL(smart_trainer_row, account_id, I64, false),
	COL_N(smart_trainer_row, name, TEXT, NAME_BYTES, false),
	COL_N(smart_trainer_row, email, TEXT, 1016, true),
};

static const struct column smart_confirmed_row_columns[] = {
	COL(smart_confirmed_row, id, I64, true),
	COL_N(smart_confirmed_row, title, TEXT, 800, false),
	COL_N(smart_confirmed_row, class_name, TEXT, 480, true),
	COL_N(smart_confirmed_row, teacher_name, TEXT, NAME_BYTES, true),
	COL(smart_confirmed_row, session_date, DAY, false),
	COL(smart_confirmed_row, n_all, I64, true),
	COL(smart_confirmed_row, n_present, I64, true),
	COL(smart_confirmed_row, n_absent, I64, true),
	COL(smart_confirmed_row, closed_at, TIME, true),
};

/* day, day */
#define IN_CLASS                                                                                   \
	" FROM section_member m JOIN class_section x ON x.section_id = m.section_id"               \
	" JOIN class g ON g.id = x.class_id WHERE m.person_id = p.id AND m.from_date <= ?"         \
	" AND (m.to_date IS NULL OR m.to_date >= ?) AND g.ended_at IS NULL"
/* branch, branch, id, id, search, search, class, day, day, class */
#define STUDENTS                                                                                   \
	" FROM person p LEFT JOIN account a ON a.person_id = p.id"                                 \
	" WHERE p.student_code_live IS NOT NULL AND (? = 0 OR p.branch_id = ?)"                    \
	" AND (? = 0 OR p.id = ?) AND (? = '' OR LOCATE(?, CONCAT_WS(' ', p.given_find,"           \
	" p.family_find, p.student_code_find, a.email) COLLATE utf8mb4_unicode_520_nopad_ci) > 0)" \
	" AND (? = '' OR EXISTS (SELECT 1" IN_CLASS " AND g.name = ?))"
/* branch, branch, search, search */
#define TRAINERS                                                                                   \
	" FROM account a JOIN person p ON p.id = a.person_id"                                      \
	" WHERE a.role IN ('faculty', 'employee') AND a.disabled_at IS NULL"                       \
	" AND p.ended_at IS NULL AND (? = 0 OR p.branch_id = ?)"                                   \
	" AND (? = '' OR LOCATE(?, CONCAT_WS(' ', p.given_find, p.family_find, a.username,"        \
	" a.email) COLLATE utf8mb4_unicode_520_nopad_ci) > 0)"
#define BY_NAME "p.family_name, p.given_name, p.id"
/* all, branch, person, person */
#define COUNTED                                                                                    \
	" LEFT JOIN attendance_record r ON r.person_id = p.id"                                     \
	" LEFT JOIN attendance_session s ON s.id = r.attendance_id AND s.deleted_at IS NULL"       \
	" AND s.occurrence_id IS NOT NULL AND (? = 1 OR s.branch_id = ? OR s.teacher_id = ?"       \
	" OR s.class_id IN (SELECT cs.class_id FROM class_staff cs WHERE cs.person_id = ?))"       \
	" LEFT JOIN occurrence o ON o.id = s.occurrence_id"
/* Of the marks that COUNTED joins. */
#define SUMS                                                                                       \
	"CAST(SUM(s.id IS NOT NULL AND r.status = 'present') AS SIGNED) AS n_present,"             \
	" CAST(SUM(s.id IS NOT NULL AND r.status = 'late') AS SIGNED) AS n_late,"                  \
	" CAST(SUM(s.id IS NOT NULL AND r.status = 'excused') AS SIGNED) AS n_excused,"            \
	" CAST(SUM(s.id IS NOT NULL AND r.status = 'absent') AS SIGNED) AS n_absent,"              \
	" CAST(SUM(IF(s.id IS NOT NULL AND r.status = 'late', r.late_s DIV 60, 0)) AS SIGNED)"     \
	" AS late_min, CAST(SUM(IF(s.id IS NOT NULL AND r.status = 'absent',"                      \
	" TIMESTAMPDIFF(MINUTE, o.starts_at, o.ends_at) DIV 60, 0)) AS SIGNED) AS absent_hours"
#define COLUMNS_OF_P                                                                               \
	"p.id, p.account_id, p.given_name, p.family_name, p.email, p.student_code,"                \
	" p.section_name, p.created_at, p.updated_at"

#define SMART_PEOPLE_STATEMENTS(ROWS, CHANGE)                                                      \
	ROWS(PEOPLE_STUDENTS, "ddiiiisssddsiiiiii", smart_person_row,                              \
	     "SELECT " COLUMNS_OF_P ", (SELECT g.name" IN_CLASS                                    \
	     " ORDER BY g.id LIMIT 1) AS class_name, " SUMS                                        \
	     " FROM (SELECT p.id, a.id AS account_id, p.given_name,"                               \
	     " p.family_name, a.email, p.student_code, p.created_at, p.updated_at,"                \
	     " (SELECT e.name FROM section_member m JOIN section e ON e.id = m.section_id"         \
	     " WHERE m.person_id = p.id AND m.to_date IS NULL ORDER BY e.id LIMIT 1)"              \
	     " AS section_name" STUDENTS " ORDER BY " BY_NAME " LIMIT ?, ?) p" COUNTED             \
	     " GROUP BY " COLUMNS_OF_P " ORDER BY " BY_NAME)                                       \
	ROWS(PEOPLE_N_STUDENTS, "iiiisssdds", smart_count, "SELECT COUNT(*) AS n" STUDENTS)        \
	ROWS(PEOPLE_TRAINERS, "iissii", smart_trainer_row,                                         \
	     "SELECT a.id AS account_id, TRIM(CONCAT(p.given_name, ' ', p.family_name)) AS name,"  \
	     " a.email" TRAINERS " ORDER BY " BY_NAME " LIMIT ?, ?")                               \
	ROWS(PEOPLE_N_TRAINERS, "iiss", smart_count, "SELECT COUNT(*) AS n" TRAINERS)              \
	ROWS(PEOPLE_CONFIRMED, "iii", smart_confirmed_row,                                         \
	     "SELECT s.occurrence_id AS id, s.title, g.name AS class_name,"                        \
	     " TRIM(CONCAT(t.given_name, ' ', t.family_name)) AS teacher_name, s.session_date,"    \
	     " COALESCE(s.n_present, 0) + COALESCE(s.n_late, 0) + COALESCE(s.n_excused, 0)"        \
	     " + COALESCE(s.n_absent, 0) AS n_all, COALESCE(s.n_present, 0)"                       \
	     " + COALESCE(s.n_late, 0) AS n_present, s.n_absent, s.closed_at"                      \
	     " FROM attendance_session s LEFT JOIN class g ON g.id = s.class_id"                   \
	     " LEFT JOIN person t ON t.id = s.teacher_id WHERE s.close_reason = 'confirmed'"       \
	     " AND s.state = 'closed' AND s.occurrence_id IS NOT NULL AND s.deleted_at IS NULL"    \
	     " AND (? = 0 OR s.branch_id = ?) ORDER BY s.closed_at DESC, s.id DESC LIMIT ?")
STATEMENT_SET(smart_people, SMART_PEOPLE_STATEMENTS);

#define P_STUDENTS(f)                                                                              \
	P_I64((f)->branch_id), P_I64((f)->branch_id), P_I64((f)->id), P_I64((f)->id),              \
		P_TEXT((f)->search), P_TEXT((f)->search), P_TEXT((f)->class_name),                 \
		P_DAY((f)->day), P_DAY((f)->day), P_TEXT((f)->class_name)
#define P_TRAINERS(f)                                                                              \
	P_I64((f)->branch_id), P_I64((f)->branch_id), P_TEXT((f)->search), P_TEXT((f)->search)

enum rc smart_person_rows(struct store *s, const struct smart_people_find *f, struct arena *a,
			  const struct smart_person_row **ret_rows, size_t *ret_n, struct error *e)
{
	const struct smart_scope *v = &f->scope;

	return store_rows(s, &smart_people_table[PEOPLE_STUDENTS],
			  PARAMS(P_DAY(f->day), P_DAY(f->day), P_STUDENTS(f), P_I64(f->offset),
				 P_I64(f->limit), P_I64(v->all), P_I64_OR_NULL(v->branch_id),
				 P_I64_OR_NULL(v->person_id), P_I64_OR_NULL(v->person_id)),
			  SMART_PEOPLE_MAX, a, ret_rows, ret_n, e);
}

enum rc smart_person_count(struct store *s, const struct smart_people_find *f, struct arena *a,
			   int64_t *ret, struct error *e)
{
	struct smart_count row;

	TRY(store_row(s, &smart_people_table[PEOPLE_N_STUDENTS], PARAMS(P_STUDENTS(f)), a, &row,
		      e));
	*ret = row.n;
	return RC_OK;
}

enum rc smart_trainer_rows(struct store *s, const struct smart_people_find *f, struct arena *a,
			   const struct smart_trainer_row **ret_rows, size_t *ret_n,
			   struct error *e)
{
	return store_rows(s, &smart_people_table[PEOPLE_TRAINERS],
			  PARAMS(P_TRAINERS(f), P_I64(f->offset), P_I64(f->limit)),
			  SMART_PEOPLE_MAX, a, ret_rows, ret_n, e);
}

enum rc smart_trainer_count(struct store *s, const struct smart_people_find *f, struct arena *a,
			    int64_t *ret, struct error *e)
{
	struct smart_count row;

	TRY(store_row(s, &smart_people_table[PEOPLE_N_TRAINERS], PARAMS(P_TRAINERS(f)), a, &row,
		      e));
	*ret = row.n;
	return RC_OK;
}

enum rc smart_confirmed_rows(struct store *s, int64_t branch_id, int64_t limit, struct arena *a,
			     const struct smart_confirmed_row **ret_rows, size_t *ret_n,
			     struct error *e)
{
	return store_rows(s, &smart_people_table[PEOPLE_CONFIRMED],
			  PARAMS(P_I64(branch_id), P_I64(branch_id), P_I64(limit)),
			  SMART_PEOPLE_MAX, a, ret_rows, ret_n, e);
}
