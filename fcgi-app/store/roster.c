/*
 * SQL of the people of a section or course.
 */
#include "store/roster.h"

#include "store/sets.h"

static const struct column roster_row_columns[] = {
	COL(roster_row, id, I64, false),           COL(roster_row, person_id, I64, false),
	COL(roster_row, revision, I64, false),     COL_N(roster_row, name, TEXT, 1000, false),
	COL_N(roster_row, code, TEXT, 160, false), COL(roster_row, from_date, DAY, false),
	COL(roster_row, to_date, DAY, true),       COL_N(roster_row, state, TEXT, 64, false),
	COL(roster_row, is_ended, I64, false),     COL(roster_row, total, I64, false),
};

#define NAME "TRIM(CONCAT(p.given_name, ' ', p.family_name))"
#define CI   " COLLATE utf8mb4_unicode_520_nopad_ci"
#define SELECT(table, group, state)                                                                \
	"SELECT m.id, m.person_id, m.revision, " NAME " AS name,"                                  \
	" COALESCE(p.student_code, '') AS code, m.from_date, m.to_date, " state " AS state,"       \
	" p.ended_at IS NOT NULL AS is_ended, COUNT(*) OVER () AS total"                           \
	" FROM " table " m JOIN person p ON p.id = m.person_id WHERE m." group " = ?"              \
	" AND (? IS NULL OR m.from_date <= ? AND (m.to_date IS NULL OR m.to_date >= ?))"           \
	" AND (? = '' OR " state " = ?)"                                                           \
	" AND (? = '' OR " NAME " LIKE ? ESCAPE '!' OR p.student_code" CI " LIKE ? ESCAPE '!')"    \
	" ORDER BY p.family_name, p.given_name, m.person_id, m.from_date DESC, m.id"               \
	" LIMIT ? OFFSET ?"

#define LETTERS "idddsssssii"
#define ROSTER_STATEMENTS(ROWS, CHANGE)                                                            \
	ROWS(ROSTER_SECTION, LETTERS, roster_row, SELECT("section_member", "section_id", "''"))    \
	ROWS(ROSTER_COURSE, LETTERS, roster_row, SELECT("enrolment", "course_id", "m.state"))
STATEMENT_SET(roster, ROSTER_STATEMENTS);

enum rc roster_rows(struct store *s, const struct roster_params *p, struct arena *a,
		    const struct roster_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct param day = P_DAY(p->day), state = P_TEXT(p->state), like = P_TEXT(p->like);

	return store_rows(s,
			  &roster_table[p->kind == MEMBER_SECTION ? ROSTER_SECTION : ROSTER_COURSE],
			  PARAMS(P_I64(p->group_id), day, day, day, state, state, like, like, like,
				 P_I64(p->limit), P_I64(p->offset)),
			  (size_t)p->limit, a, ret_rows, ret_n, e);
}
