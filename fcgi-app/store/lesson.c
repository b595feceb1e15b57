/*
 * SQL of contract 002's attendance.
 */
#include "store/lesson.h"

#include "store/sets.h"

#define NAME_BYTES  1000
#define LESSONS_MAX 1000
#define TRIED_MAX   10000

static const struct column lesson_row_columns[] = {
	COL(lesson_row, attendance_id, I64, false),
	COL(lesson_row, branch_id, I64, false),
	COL(lesson_row, teacher_id, I64, true),
	COL(lesson_row, created_by, I64, true),
	COL_N(lesson_row, uuid, TEXT, 144, false),
	COL_N(lesson_row, teacher_username, TEXT, 320, true),
	COL_N(lesson_row, teacher_name, TEXT, NAME_BYTES, true),
	COL_N(lesson_row, title, TEXT, 800, false),
	COL_N(lesson_row, mode, TEXT, 80, false),
	COL_N(lesson_row, reference_address, TEXT, 180, true),
	COL(lesson_row, opens_at, TIME, false),
	COL(lesson_row, closes_at, TIME, false),
	COL(lesson_row, closed_at, TIME, true),
	COL_N(lesson_row, state, TEXT, 64, false),
};

static const struct column lesson_course_row_columns[] = {
	COL(lesson_course_row, course_id, I64, false),
	COL(lesson_course_row, branch_id, I64, false),
	COL(lesson_course_row, is_code, I64, false),
};

static const struct column lesson_tried_row_columns[] = {
	COL(lesson_tried_row, person_id, I64, false),
	COL_N(lesson_tried_row, username, TEXT, 320, true),
	COL_N(lesson_tried_row, name, TEXT, NAME_BYTES, false),
	COL_N(lesson_tried_row, status, TEXT, 64, true),
	COL_N(lesson_tried_row, method, TEXT, 64, true),
	COL(lesson_tried_row, recorded_at, TIME, true),
	COL(lesson_tried_row, attempt_id, I64, true),
	COL(lesson_tried_row, tried_at, TIME, true),
	COL(lesson_tried_row, learned_at, TIME, true),
	COL_N(lesson_tried_row, decision, TEXT, 64, true),
	COL_N(lesson_tried_row, reason, TEXT, 160, true),
	COL_N(lesson_tried_row, decided_state, TEXT, 64, true),
	COL_N(lesson_tried_row, decided_why, TEXT, 2000, true),
	COL_N(lesson_tried_row, verifier_state, TEXT, 64, true),
	COL_N(lesson_tried_row, verifier_reason, TEXT, 800, true),
	COL(lesson_tried_row, pending_until, TIME, true),
	COL_N(lesson_tried_row, why, TEXT, 2000, true),
	COL(lesson_tried_row, changed_at, TIME, true),
	COL(lesson_tried_row, is_cleared, I64, false),
};

static const struct column lesson_person_row_columns[] = {
	COL(lesson_person_row, person_id, I64, false),
};

static const struct column lesson_verification_row_columns[] = {
	COL(lesson_verification_row, is_gone, I64, false),
};

#define NAME_OF_P "TRIM(CONCAT(p.given_name, ' ', p.family_name))"
#define SELECT_LESSON                                                                              \
	"SELECT s.id AS attendance_id, s.branch_id, s.teacher_id, s.created_by, s.uuid,"           \
	" a.username AS teacher_username, COALESCE(" NAME_OF_P ", a.username) AS teacher_name,"    \
	" s.title, s.mode, s.reference_address, s.opens_at, s.closes_at, s.closed_at, s.state"     \
	" FROM attendance_session s LEFT JOIN person p ON p.id = s.teacher_id"                     \
	" LEFT JOIN account a ON a.id = COALESCE((SELECT MIN(x.id) FROM account x"                 \
	" WHERE x.person_id = s.teacher_id), s.created_by)"                                        \
	" WHERE s.door = '002' AND s.deleted_at IS NULL"
/* Who holds it: the teacher; one without a person is who opened it. */
#define IS_OWN " AND (s.teacher_id = ? OR (s.teacher_id IS NULL AND s.created_by = ?))"

/* What was no try: the window, the roster or an earlier one refused it. */
#define NO_TRY                                                                                     \
	"('already_in', 'already_waiting', 'attendance_early', 'attendance_closed',"               \
	" 'attendance_paused', 'attendance_unknown', 'tries_used', 'not_enrolled',"                \
	" 'enrolled_later', 'wrong_class', 'student_only', 'student_unknown')"
#define IS_TRY(t) " AND (" t ".reason IS NULL OR " t ".reason NOT IN " NO_TRY ")"

/* A change that took a mark away. */
#define IS_CLEARED(h)                                                                              \
	"JSON_VALUE(" h ".old_row, '$.status') IS NOT NULL"                                        \
	" AND JSON_VALUE(" h ".new_row, '$.status') IS NULL"

#define SELECT_TRIED                                                                               \
	"SELECT p.id AS person_id, COALESCE(a.username, p.student_code) AS username,"              \
	" " NAME_OF_P " AS name, r.status, r.method, r.happened_at AS recorded_at,"                \
	" t.id AS attempt_id, t.happened_at AS tried_at, t.learned_at, t.decision, t.reason,"      \
	" t.decided_state, t.decided_why, f.verifier_state, f.verifier_reason,"                    \
	" f.pending_until, h.why,"                                                                 \
	" h.at AS changed_at, (h.id IS NOT NULL AND " IS_CLEARED(                                  \
		"h") ") AS is_cleared"                                                             \
		     " FROM (SELECT x.attendance_id, x.person_id FROM attendance_attempt x"        \
		     " WHERE x.attendance_id = ? AND x.person_id IS NOT NULL" IS_TRY(              \
			     "x") " UNION"                                                         \
				  " SELECT x.attendance_id, x.person_id FROM attendance_record x"  \
				  " WHERE x.attendance_id = ? AND x.method NOT IN ('auto', "       \
				  "'excuse')) w"                                                   \
				  " JOIN person p ON p.id = w.person_id"                           \
				  " LEFT JOIN account a ON a.id = (SELECT MIN(x.id) FROM account " \
				  "x"                                                              \
				  " WHERE x.person_id = p.id)"                                     \
				  " LEFT JOIN attendance_record r ON r.attendance_id = "           \
				  "w.attendance_id"                                                \
				  " AND r.person_id = p.id"                                        \
				  " LEFT JOIN attendance_attempt t ON t.id = (SELECT MAX(x.id) "   \
				  "FROM attendance_attempt x"                                      \
				  " WHERE x.attendance_id = w.attendance_id AND x.person_id = "    \
				  "p.id" IS_TRY(                                                   \
					  "x") ")"                                                 \
					       " LEFT JOIN attempt_photo f ON f.attempt_id = t.id" \
					       " LEFT JOIN attendance_change h ON h.id = (SELECT " \
					       "MAX(x.id) FROM attendance_change x"                \
					       " WHERE x.attendance_id = w.attendance_id AND "     \
					       "x.person_id = p.id)"

#define LESSON_STATEMENTS(ROWS, CHANGE)                                                            \
	ROWS(LESSON_GET, "s", lesson_row, SELECT_LESSON " AND s.uuid = ?")                         \
	ROWS(LESSON_RUNNING, "iit", lesson_row,                                                    \
	     SELECT_LESSON IS_OWN " AND s.state <> 'closed' AND s.closes_at > ?"                   \
				  " ORDER BY s.closes_at DESC, s.id DESC LIMIT 2")                 \
	ROWS(LESSON_PAST, "iiti", lesson_row,                                                      \
	     SELECT_LESSON IS_OWN " AND (s.state = 'closed' OR s.closes_at <= ?)"                  \
				  " ORDER BY s.opens_at DESC, s.id DESC LIMIT ?")                  \
	ROWS(LESSON_FIND, "tssi", lesson_row,                                                      \
	     SELECT_LESSON " AND s.state <> 'closed' AND s.closes_at > ?"                          \
			   " AND s.title = ? COLLATE utf8mb4_nopad_bin"                            \
			   " AND COALESCE(" NAME_OF_P                                              \
			   ", a.username) = ? COLLATE utf8mb4_nopad_bin"                           \
			   " ORDER BY s.id LIMIT ?")                                               \
	ROWS(LESSON_COURSE, "siss", lesson_course_row,                                             \
	     "SELECT k.id AS course_id, k.branch_id, (k.code = ?) AS is_code"                      \
	     " FROM course_teacher t JOIN course k ON k.id = t.course_id"                          \
	     " WHERE t.person_id = ? AND k.ended_at IS NULL AND (k.code = ? OR k.title = ?)"       \
	     " ORDER BY is_code DESC, k.id LIMIT 2")                                               \
	ROWS(LESSON_TRIED, "ii", lesson_tried_row,                                                 \
	     SELECT_TRIED " ORDER BY p.family_name, p.given_name, p.id")                           \
	ROWS(LESSON_TRIED_ONE, "iii", lesson_tried_row, SELECT_TRIED " WHERE p.id = ?")            \
	ROWS(LESSON_PERSON, "ss", lesson_person_row,                                               \
	     "SELECT p.id AS person_id FROM person p"                                              \
	     " LEFT JOIN account a ON a.person_id = p.id AND a.username = ?"                       \
	     " WHERE p.ended_at IS NULL AND (a.role = 'student' OR p.student_code_live = ?)"       \
	     " ORDER BY a.id IS NULL, p.id LIMIT 1")                                               \
	ROWS(LESSON_VERIFICATION, "s", lesson_verification_row,                                    \
	     "SELECT (s.deleted_at IS NOT NULL OR EXISTS (SELECT 1 FROM attendance_change h"       \
	     " WHERE h.attendance_id = t.attendance_id AND h.person_id = t.person_id"              \
	     " AND h.at >= t.learned_at AND " IS_CLEARED(                                          \
		     "h") ")) AS is_gone"                                                          \
			  " FROM attempt_photo f JOIN attendance_attempt t ON t.id = f.attempt_id" \
			  " JOIN attendance_session s ON s.id = t.attendance_id WHERE "            \
			  "f.verification_id = ?")
STATEMENT_SET(lesson, LESSON_STATEMENTS);

enum rc lesson_row_get(struct store *s, struct str uuid, struct arena *a, struct lesson_row *ret,
		       struct error *e)
{
	return store_row(s, &lesson_table[LESSON_GET], PARAMS(P_TEXT(uuid)), a, ret, e);
}

enum rc lesson_rows_running(struct store *s, int64_t person_id, int64_t account_id, int64_t after,
			    struct arena *a, const struct lesson_row **ret_rows, size_t *ret_n,
			    struct error *e)
{
	return store_rows(s, &lesson_table[LESSON_RUNNING],
			  PARAMS(P_I64_OR_NULL(person_id), P_I64(account_id), P_TIME(after)),
			  LESSONS_MAX, a, ret_rows, ret_n, e);
}

enum rc lesson_rows_past(struct store *s, int64_t person_id, int64_t account_id, int64_t now_at,
			 int64_t limit, struct arena *a, const struct lesson_row **ret_rows,
			 size_t *ret_n, struct error *e)
{
	return store_rows(s, &lesson_table[LESSON_PAST],
			  PARAMS(P_I64_OR_NULL(person_id), P_I64(account_id), P_TIME(now_at),
				 P_I64(limit)),
			  LESSONS_MAX, a, ret_rows, ret_n, e);
}

enum rc lesson_rows_find(struct store *s, struct str title, struct str teacher_name, int64_t after,
			 int64_t limit, struct arena *a, const struct lesson_row **ret_rows,
			 size_t *ret_n, struct error *e)
{
	return store_rows(s, &lesson_table[LESSON_FIND],
			  PARAMS(P_TIME(after), P_TEXT(title), P_TEXT(teacher_name), P_I64(limit)),
			  LESSONS_MAX, a, ret_rows, ret_n, e);
}

enum rc lesson_course_rows(struct store *s, int64_t person_id, struct str name, struct arena *a,
			   const struct lesson_course_row **ret_rows, size_t *ret_n,
			   struct error *e)
{
	return store_rows(s, &lesson_table[LESSON_COURSE],
			  PARAMS(P_TEXT(name), P_I64_OR_NULL(person_id), P_TEXT(name),
				 P_TEXT(name)),
			  2, a, ret_rows, ret_n, e);
}

enum rc lesson_tried_rows(struct store *s, int64_t attendance_id, int64_t person_id,
			  struct arena *a, const struct lesson_tried_row **ret_rows, size_t *ret_n,
			  struct error *e)
{
	if (person_id == 0)
		return store_rows(s, &lesson_table[LESSON_TRIED],
				  PARAMS(P_I64(attendance_id), P_I64(attendance_id)), TRIED_MAX, a,
				  ret_rows, ret_n, e);
	return store_rows(s, &lesson_table[LESSON_TRIED_ONE],
			  PARAMS(P_I64(attendance_id), P_I64(attendance_id), P_I64(person_id)), 1,
			  a, ret_rows, ret_n, e);
}

enum rc lesson_person(struct store *s, struct str number, struct arena *a, int64_t *ret_person_id,
		      struct error *e)
{
	struct lesson_person_row row;

	TRY(store_row(s, &lesson_table[LESSON_PERSON], PARAMS(P_TEXT(number), P_TEXT(number)), a,
		      &row, e));
	*ret_person_id = row.person_id;
	return RC_OK;
}

enum rc lesson_verification(struct store *s, struct str verification_id, struct arena *a,
			    struct lesson_verification_row *ret, struct error *e)
{
	return store_row(s, &lesson_table[LESSON_VERIFICATION], PARAMS(P_TEXT(verification_id)), a,
			 ret, e);
}
