/*
 * SQL of counts.  See tally.h.
 *
 * Indexes are named so that the optimizer does not look into the others each time.
 */
#include "store/tally.h"

#include "store/expected.h"
#include "store/sets.h"

struct tally_n {
	int64_t n;
};
static const struct column tally_n_columns[] = { COL(tally_n, n, I64, true) };
static const struct column tally_marks_columns[] = {
	COL(tally_marks, n_present, I64, false),
	COL(tally_marks, n_late, I64, false),
	COL(tally_marks, n_excused, I64, false),
	COL(tally_marks, n_absent, I64, false),
};
static const struct column tally_row_columns[] = {
	COL(tally_row, attendance_id, I64, false),
	{ "n_present", COLUMN_I64, offsetof(struct tally_row, n.n_present), 0, false },
	{ "n_late", COLUMN_I64, offsetof(struct tally_row, n.n_late), 0, false },
	{ "n_excused", COLUMN_I64, offsetof(struct tally_row, n.n_excused), 0, false },
	{ "n_absent", COLUMN_I64, offsetof(struct tally_row, n.n_absent), 0, false },
};

#define ON_DAY(m) m ".from_date <= ? AND (" m ".to_date IS NULL OR " m ".to_date >= ?)"
#define MARKS                                                                                      \
	"COUNT(IF(r.status = 'present', 1, NULL)) AS n_present,"                                   \
	" COUNT(IF(r.status = 'late', 1, NULL)) AS n_late,"                                        \
	" COUNT(IF(r.status = 'excused', 1, NULL)) AS n_excused,"                                  \
	" COUNT(IF(r.status = 'absent', 1, NULL)) AS n_absent"

/* clang-format off */
#define TALLY_STATEMENTS(ROWS, CHANGE)                                                             \
	ROWS(TALLY_ENROLLED, "idd", tally_n,                                                       \
	     "SELECT COUNT(DISTINCT e.person_id) AS n FROM enrolment e FORCE INDEX"                \
	     " (enrolment_course) WHERE e.course_id = ? AND e.state = 'approved' AND " ON_DAY("e"))\
	ROWS(TALLY_MEMBERS, "idd", tally_n,                                                        \
	     "SELECT COUNT(DISTINCT m.person_id) AS n FROM class_section x JOIN section_member m"  \
	     " ON m.section_id = x.section_id WHERE x.class_id = ? AND " ON_DAY("m"))              \
	ROWS(TALLY_OTHERS, "i", tally_n,                                                           \
	     "SELECT " EXPECTED_COUNT " AS n FROM attendance_session s WHERE s.id = ?")            \
	ROWS(TALLY_MARKS, "i", tally_marks,                                                        \
	     "SELECT " MARKS " FROM attendance_record r FORCE INDEX (attendance_record_person)"    \
	     " WHERE r.attendance_id = ?")                                                         \
	ROWS(TALLY_MARKS_OF, "s", tally_row,                                                       \
	     "SELECT STRAIGHT_JOIN r.attendance_id, " MARKS                                        \
	     " FROM JSON_TABLE(?, '$[*]' COLUMNS (i BIGINT PATH '$')) j JOIN attendance_record r"  \
	     " FORCE INDEX (attendance_record_person) ON r.attendance_id = j.i"                    \
	     " GROUP BY r.attendance_id")                                                          \
	ROWS(TALLY_FLAGGED, "i", tally_n,                                                          \
	     "SELECT COUNT(*) AS n FROM attendance_attempt f FORCE INDEX"                          \
	     " (attendance_attempt_open) WHERE f.attendance_id = ? AND f.decided_state = 'open'")
STATEMENT_SET(tally, TALLY_STATEMENTS);
/* clang-format on */

static enum rc expected(struct store *s, const struct tally_of *of, struct arena *a,
			struct tally_n *ret, struct error *e)
{
	if (str_eq(of->roster, STR("course")) && of->class_id == COLUMN_NULL)
		return store_row(s, &tally_table[TALLY_ENROLLED],
				 PARAMS(P_I64_OR_NULL(of->course_id), P_DAY(of->session_date),
					P_DAY(of->session_date)),
				 a, ret, e);
	if (str_eq(of->roster, STR("class")))
		return store_row(s, &tally_table[TALLY_MEMBERS],
				 PARAMS(P_I64_OR_NULL(of->class_id), P_DAY(of->session_date),
					P_DAY(of->session_date)),
				 a, ret, e);
	return store_row(s, &tally_table[TALLY_OTHERS], PARAMS(P_I64(of->attendance_id)), a, ret,
			 e);
}

enum rc tally_expected(struct store *s, const struct tally_of *of, struct arena *a, int64_t *ret,
		       struct error *e)
{
	struct tally_n found = { 0 };

	if (!str_eq(of->roster, STR("open")))
		TRY(expected(s, of, a, &found, e));
	*ret = found.n;
	return RC_OK;
}

enum rc tally_marks(struct store *s, int64_t attendance_id, struct arena *a,
		    struct tally_marks *ret, struct error *e)
{
	return store_row(s, &tally_table[TALLY_MARKS], PARAMS(P_I64(attendance_id)), a, ret, e);
}

enum rc tally_flagged(struct store *s, int64_t attendance_id, struct arena *a, int64_t *ret,
		      struct error *e)
{
	struct tally_n found;

	TRY(store_row(s, &tally_table[TALLY_FLAGGED], PARAMS(P_I64(attendance_id)), a, &found, e));
	*ret = found.n;
	return RC_OK;
}

enum rc tally_marks_of(struct store *s, struct str ids, size_t n, struct arena *a,
		       const struct tally_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &tally_table[TALLY_MARKS_OF], PARAMS(P_TEXT(ids)), n, a, ret_rows,
			  ret_n, e);
}
