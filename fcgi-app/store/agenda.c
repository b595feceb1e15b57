/*
 * SQL of a student's day.
 */
#include "store/agenda.h"

#include "store/sets.h"

static const struct column agenda_stored_columns[] = {
	COL(agenda_stored, occurrence_id, I64, false),
	COL(agenda_stored, branch_id, I64, false),
	COL(agenda_stored, course_id, I64, true),
	COL(agenda_stored, attendance_id, I64, true),
	COL(agenda_stored, attempt_id, I64, true),
	COL_N(agenda_stored, title, TEXT, 800, false),
	COL_N(agenda_stored, room, TEXT, 320, false),
	COL_N(agenda_stored, course_code, TEXT, 160, true),
	COL_N(agenda_stored, teacher_name, TEXT, 1000, true),
	COL(agenda_stored, start_time, TOD, false),
	COL(agenda_stored, end_time, TOD, false),
	COL(agenda_stored, starts_at, TIME, false),
	COL(agenda_stored, ends_at, TIME, false),
	COL_N(agenda_stored, state, TEXT, 64, false),
	COL_N(agenda_stored, status, TEXT, 64, true),
	COL(agenda_stored, is_waiting, I64, true),
};

#define ON_DAY(m)                                                                                  \
	m ".from_date <= o.session_date AND (" m ".to_date IS NULL OR " m                          \
	  ".to_date >= o.session_date)"
/* In the class of o, for the person given to ?. */
#define IN_CLASS                                                                                   \
	"EXISTS (SELECT 1 FROM class_section xc JOIN section_member xm"                            \
	" ON xm.section_id = xc.section_id WHERE xc.class_id = o.class_id"                         \
	" AND xm.person_id = ? AND " ON_DAY("xm") ")"

/* (person, day, person, person, day): enrolled in the course and in its class; or, where there is
 * no course, in the class. */
#define EXPECTED_IDS                                                                               \
	"SELECT o.id FROM enrolment e JOIN occurrence o ON o.course_id = e.course_id"              \
	" WHERE e.person_id = ? AND e.state = 'approved' AND o.session_date = ?"                   \
	" AND " ON_DAY("e") " AND (o.class_id IS NULL OR " IN_CLASS ")"                            \
			    " UNION SELECT o.id FROM section_member m JOIN class_section x"        \
			    " ON x.section_id = m.section_id JOIN occurrence o ON o.class_id = "   \
			    "x.class_id"                                                           \
			    " AND o.course_id IS NULL WHERE m.person_id = ? AND o.session_date = " \
			    "? AND " ON_DAY("m")

#define AGENDA_STATEMENTS(ROWS, CHANGE)                                                            \
	ROWS(AGENDA_ROWS, "iiiidiidi", agenda_stored,                                              \
	     "SELECT o.id AS occurrence_id, o.branch_id, o.course_id, s.id AS attendance_id,"      \
	     " (SELECT MAX(a.id) FROM attendance_attempt a WHERE a.attendance_id = s.id"           \
	     " AND a.person_id = ?) AS attempt_id, o.title, o.room, k.code AS course_code,"        \
	     " TRIM(CONCAT(t.given_name, ' ', t.family_name)) AS teacher_name, o.start_time,"      \
	     " o.end_time, o.starts_at, o.ends_at, o.state, r.status,"                             \
	     " EXISTS (SELECT 1 FROM attendance_attempt w WHERE w.attendance_id = s.id"            \
	     " AND w.person_id = ? AND w.decided_state = 'open') AS is_waiting"                    \
	     " FROM occurrence o LEFT JOIN course k ON k.id = o.course_id"                         \
	     " LEFT JOIN person t ON t.id = o.teacher_id"                                          \
	     " LEFT JOIN attendance_session s ON s.occurrence_id = o.id AND s.deleted_at IS NULL"  \
	     " LEFT JOIN attendance_record r ON r.attendance_id = s.id AND r.person_id = ?"        \
	     " WHERE o.id IN (" EXPECTED_IDS ")"                                                   \
	     " AND (o.state <> 'cancelled' OR o.cancel_cause = 'person')"                          \
	     " ORDER BY o.starts_at, o.id LIMIT ?")
STATEMENT_SET(agenda, AGENDA_STATEMENTS);

enum rc agenda_rows(struct store *s, int64_t person_id, int32_t day, size_t max, struct arena *a,
		    const struct agenda_stored **ret_rows, size_t *ret_n, struct error *e)
{
	struct param person = P_I64(person_id), on = P_DAY(day);

	return store_rows(s, &agenda_table[AGENDA_ROWS],
			  PARAMS(person, person, person, person, on, person, person, on,
				 P_I64((int64_t)max)),
			  max, a, ret_rows, ret_n, e);
}
