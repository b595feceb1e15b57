/*
 * SQL: what lists of sessions show of their attendance.
 */
#include "store/attendance_brief.h"

#include "store/sets.h"

#define ROWS_MAX 500

static const struct column attendance_brief_columns[] = {
	COL(attendance_brief, occurrence_id, I64, true),
	COL(attendance_brief, id, I64, false),
	COL_N(attendance_brief, state, TEXT, 64, false),
	COL(attendance_brief, n_expected, I64, true),
	COL(attendance_brief, n_present, I64, true),
	COL(attendance_brief, n_late, I64, true),
};

#define ATTENDANCE_BRIEF_STATEMENTS(ROWS, CHANGE)                                                  \
	ROWS(BRIEF_ROWS, "s", attendance_brief,                                                    \
	     "SELECT s.occurrence_id, s.id, s.state, s.n_expected, s.n_present, s.n_late"          \
	     " FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j"                          \
	     " JOIN attendance_session s ON s.occurrence_id = j.id WHERE s.deleted_at IS NULL")
STATEMENT_SET(attendance_brief, ATTENDANCE_BRIEF_STATEMENTS);

enum rc attendance_brief_rows(struct store *s, struct str json, struct arena *a,
			      const struct attendance_brief **ret_rows, size_t *ret_n,
			      struct error *e)
{
	return store_rows(s, &attendance_brief_table[BRIEF_ROWS], PARAMS(P_TEXT(json)), ROWS_MAX, a,
			  ret_rows, ret_n, e);
}
