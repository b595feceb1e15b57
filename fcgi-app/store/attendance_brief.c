/*
 * SQL: what lists of sessions show of their attendance.
 */
#include "store/attendance_brief.h"

#include "store/sets.h"

#define ROWS_MAX 500

static const struct column attendance_brief_columns[] = {
	COL(attendance_brief, occurrence_id, I64, false),
	COL(attendance_brief, id, I64, true),
	COL_N(attendance_brief, state, TEXT, 64, true),
	COL(attendance_brief, n_expected, I64, true),
	COL(attendance_brief, n_present, I64, true),
	COL(attendance_brief, n_late, I64, true),
	COL(attendance_brief, early_min, I64, true),
};

#define ATTENDANCE_BRIEF_STATEMENTS(ROWS, CHANGE)                                                  \
	ROWS(BRIEF_ROWS, "s", attendance_brief,                                                    \
	     "SELECT o.id AS occurrence_id, s.id, s.state, s.n_expected, s.n_present, s.n_late,"   \
	     " COALESCE(k.early_min, b.early_min) AS early_min"                                    \
	     " FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j"                          \
	     " STRAIGHT_JOIN occurrence o ON o.id = j.id"                                          \
	     " LEFT JOIN attendance_session s ON s.occurrence_id = o.id AND s.deleted_at IS NULL"  \
	     " LEFT JOIN attendance_policy k ON k.branch_id = o.branch_id"                         \
	     " AND k.scope_course = o.course_id LEFT JOIN attendance_policy b"                     \
	     " ON b.branch_id = o.branch_id AND b.scope_course = 0")
STATEMENT_SET(attendance_brief, ATTENDANCE_BRIEF_STATEMENTS);

enum rc attendance_brief_rows(struct store *s, struct str json, struct arena *a,
			      const struct attendance_brief **ret_rows, size_t *ret_n,
			      struct error *e)
{
	return store_rows(s, &attendance_brief_table[BRIEF_ROWS], PARAMS(P_TEXT(json)), ROWS_MAX, a,
			  ret_rows, ret_n, e);
}
