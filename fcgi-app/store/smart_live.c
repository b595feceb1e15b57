/*
 * SQL of contract 000's live snapshot.  See smart_live.h.
 */
#include "store/smart_live.h"

#include "store/expected.h"
#include "store/sets.h"

static const struct column smart_live_row_columns[] = {
	COL(smart_live_row, occurrence_id, I64, false),
	COL(smart_live_row, branch_id, I64, false),
	COL(smart_live_row, teacher_id, I64, true),
	COL(smart_live_row, is_staff, I64, false),
	COL(smart_live_row, attendance_id, I64, true),
	COL(smart_live_row, of_branch_id, I64, true),
	COL(smart_live_row, of_teacher_id, I64, true),
	COL(smart_live_row, is_of_staff, I64, false),
	COL_N(smart_live_row, roster, TEXT, 64, true),
	COL_N(smart_live_row, mode, TEXT, 80, true),
	COL(smart_live_row, course_id, I64, true),
	COL(smart_live_row, class_id, I64, true),
	COL(smart_live_row, session_date, DAY, true),
	COL(smart_live_row, n_expected, I64, true),
	COL(smart_live_row, n_here, I64, true),
	COL(smart_live_row, n_flagged, I64, true),
	COL(smart_live_row, n_suspects, I64, true),
};

struct smart_live_count {
	int64_t n;
};
static const struct column smart_live_count_columns[] = { COL(smart_live_count, n, I64, true) };

/* The indexes are named so that the optimizer does not look into the others each time. */
#define N_HERE                                                                                     \
	"(SELECT COUNT(*) FROM attendance_record r FORCE INDEX (attendance_record_person)"         \
	" WHERE r.attendance_id = s.id AND r.status IN ('present', 'late'))"
#define N_OPEN                                                                                     \
	"(SELECT COUNT(*) FROM attendance_attempt f FORCE INDEX (attendance_attempt_open)"         \
	" WHERE f.attendance_id = s.id AND f.decided_state = 'open'"
#define ON_DAY(m) m ".from_date <= ? AND (" m ".to_date IS NULL OR " m ".to_date >= ?)"

#define SMART_LIVE_STATEMENTS(ROWS, CHANGE)                                                        \
	ROWS(SMART_LIVE, "iii", smart_live_row,                                                    \
	     "SELECT o.id AS occurrence_id, o.branch_id, o.teacher_id,"                            \
	     " oc.person_id IS NOT NULL AS is_staff, s.id AS attendance_id,"                       \
	     " s.branch_id AS of_branch_id, s.teacher_id AS of_teacher_id,"                        \
	     " sc.person_id IS NOT NULL AS is_of_staff, s.roster, s.mode, s.course_id,"            \
	     " s.class_id, s.session_date, s.n_expected, COALESCE(s.n_present + s.n_late, " N_HERE \
	     ") AS n_here, " N_OPEN ") AS n_flagged, " N_OPEN                                      \
	     " AND f.decided_at IS NULL AND f.person_id IS NOT NULL AND f.reason IN ('place_out'," \
	     " 'place_speed', 'place_repeat', 'photo_failed', 'browser_shared', 'already_in'))"    \
	     " AS n_suspects FROM occurrence o LEFT JOIN attendance_session s"                     \
	     " ON s.occurrence_id = o.id AND s.deleted_at IS NULL"                                 \
	     " LEFT JOIN class_staff oc ON oc.class_id = o.class_id AND oc.person_id = ?"          \
	     " LEFT JOIN class_staff sc ON sc.class_id = s.class_id AND sc.person_id = ?"          \
	     " WHERE o.id = ?")                                                                    \
	ROWS(SMART_LIVE_ENROLLED, "idd", smart_live_count,                                         \
	     "SELECT COUNT(DISTINCT e.person_id) AS n FROM enrolment e FORCE INDEX"                \
	     " (enrolment_course) WHERE e.course_id = ? AND e.state = 'approved' AND " ON_DAY(     \
		     "e"))                                                                         \
	ROWS(SMART_LIVE_MEMBERS, "idd", smart_live_count,                                          \
	     "SELECT COUNT(DISTINCT m.person_id) AS n FROM class_section x JOIN section_member m"  \
	     " ON m.section_id = x.section_id WHERE x.class_id = ? AND " ON_DAY("m"))              \
	ROWS(SMART_LIVE_OTHERS, "i", smart_live_count,                                             \
	     "SELECT " EXPECTED_COUNT " AS n FROM attendance_session s WHERE s.id = ?")
STATEMENT_SET(smart_live, SMART_LIVE_STATEMENTS);

enum rc smart_live_read(struct store *s, int64_t occurrence_id, int64_t person_id, struct arena *a,
			struct smart_live_row *ret, struct error *e)
{
	return store_row(s, &smart_live_table[SMART_LIVE],
			 PARAMS(P_I64_OR_NULL(person_id), P_I64_OR_NULL(person_id),
				P_I64(occurrence_id)),
			 a, ret, e);
}

static enum rc expected(struct store *s, const struct smart_live_row *r, struct arena *a,
			struct smart_live_count *ret, struct error *e)
{
	bool is_course = str_eq(r->roster, STR("course"));

	if (is_course && r->class_id == COLUMN_NULL)
		return store_row(s, &smart_live_table[SMART_LIVE_ENROLLED],
				 PARAMS(P_I64_OR_NULL(r->course_id), P_DAY(r->session_date),
					P_DAY(r->session_date)),
				 a, ret, e);
	if (str_eq(r->roster, STR("class")))
		return store_row(s, &smart_live_table[SMART_LIVE_MEMBERS],
				 PARAMS(P_I64_OR_NULL(r->class_id), P_DAY(r->session_date),
					P_DAY(r->session_date)),
				 a, ret, e);
	return store_row(s, &smart_live_table[SMART_LIVE_OTHERS], PARAMS(P_I64(r->attendance_id)),
			 a, ret, e);
}

enum rc smart_live_expected(struct store *s, const struct smart_live_row *r, struct arena *a,
			    int64_t *ret, struct error *e)
{
	struct smart_live_count found = { r->n_expected };

	if (r->n_expected == COLUMN_NULL)
		TRY(expected(s, r, a, &found, e));
	*ret = found.n;
	return RC_OK;
}
