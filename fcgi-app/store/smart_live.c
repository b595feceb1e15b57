/*
 * SQL of contract 000's live snapshot.  See smart_live.h.
 */
#include "store/smart_live.h"

#include "store/sets.h"
#include "store/tally.h"

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

/* The indexes are named so that the optimizer does not look into the others each time. */
#define N_HERE                                                                                     \
	"(SELECT COUNT(*) FROM attendance_record r FORCE INDEX (attendance_record_person)"         \
	" WHERE r.attendance_id = s.id AND r.status IN ('present', 'late'))"
#define N_OPEN                                                                                     \
	"(SELECT COUNT(*) FROM attendance_attempt f FORCE INDEX (attendance_attempt_open)"         \
	" WHERE f.attendance_id = s.id AND f.decided_state = 'open'"

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
	     " WHERE o.id = ?")
STATEMENT_SET(smart_live, SMART_LIVE_STATEMENTS);

enum rc smart_live_read(struct store *s, int64_t occurrence_id, int64_t person_id, struct arena *a,
			struct smart_live_row *ret, struct error *e)
{
	return store_row(s, &smart_live_table[SMART_LIVE],
			 PARAMS(P_I64_OR_NULL(person_id), P_I64_OR_NULL(person_id),
				P_I64(occurrence_id)),
			 a, ret, e);
}

enum rc smart_live_expected(struct store *s, const struct smart_live_row *r, struct arena *a,
			    int64_t *ret, struct error *e)
{
	if (r->n_expected == COLUMN_NULL)
		return tally_expected(s,
				      &(struct tally_of){ .attendance_id = r->attendance_id,
							  .course_id = r->course_id,
							  .class_id = r->class_id,
							  .roster = r->roster,
							  .session_date = r->session_date },
				      a, ret, e);
	*ret = r->n_expected;
	return RC_OK;
}
