/*
 * SQL of single sessions.
 */
#include "store/session_make.h"

#include "store/sets.h"

static const struct column session_make_state_columns[] = {
	COL(session_make_state, n_attendance, I64, true),
};

#define SESSION_MAKE_STATEMENTS(ROWS, CHANGE)                                                      \
	CHANGE(SESSION_MAKE_PUT, "iiiissiiss",                                                     \
	       "INSERT INTO occurrence (branch_id, course_id, class_id, teacher_id, title, room,"  \
	       " room_id, request_id, zone, session_date, start_time, end_time, starts_at,"        \
	       " ends_at) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, j.d, j.a, j.b, j.s, j.e"               \
	       " FROM JSON_TABLE(?, '$[*]' COLUMNS (d DATE PATH '$.d', a TIME PATH '$.a',"         \
	       " b TIME PATH '$.b', s DATETIME PATH '$.s', e DATETIME PATH '$.e')) j")             \
	CHANGE(SESSION_MAKE_EDIT, "iiissii",                                                       \
	       "UPDATE occurrence SET course_id = ?, class_id = ?, teacher_id = ?, title = ?,"     \
	       " room = ?, room_id = ?, version = version + 1 WHERE id = ?")                       \
	CHANGE(SESSION_MAKE_FILES, "iii",                                                          \
	       "UPDATE completion c JOIN attachment t ON t.completion_id = c.id"                   \
	       " JOIN file f ON f.id = t.file_id SET f.teacher_id = ?, f.course_id = ?"            \
	       " WHERE c.occurrence_id = ?")                                                       \
	ROWS(SESSION_MAKE_STATE, "i", session_make_state,                                          \
	     "SELECT COUNT(*) AS n_attendance FROM attendance_session WHERE occurrence_id = ?"     \
	     " AND deleted_at IS NULL")
STATEMENT_SET(session_make, SESSION_MAKE_STATEMENTS);

enum rc session_make_put(struct store *s, const struct session_made *m, struct str days,
			 int64_t *ret_id, struct error *e)
{
	return store_change(s, &session_make_table[SESSION_MAKE_PUT],
			    PARAMS(P_I64(m->branch_id), P_I64_OR_NULL(m->course_id),
				   P_I64_OR_NULL(m->class_id), P_I64_OR_NULL(m->teacher_id),
				   P_TEXT(m->title), P_TEXT(m->room), P_I64_OR_NULL(m->room_id),
				   P_I64_OR_NULL(m->request_id), P_TEXT(m->zone), P_TEXT(days)),
			    NULL, ret_id, e);
}

enum rc session_make_edit(struct store *s, int64_t id, const struct session_made *m,
			  struct error *e)
{
	TRY(store_change(s, &session_make_table[SESSION_MAKE_FILES],
			 PARAMS(P_I64_OR_NULL(m->teacher_id), P_I64_OR_NULL(m->course_id),
				P_I64(id)),
			 NULL, NULL, e));
	return store_change(s, &session_make_table[SESSION_MAKE_EDIT],
			    PARAMS(P_I64_OR_NULL(m->course_id), P_I64_OR_NULL(m->class_id),
				   P_I64_OR_NULL(m->teacher_id), P_TEXT(m->title), P_TEXT(m->room),
				   P_I64_OR_NULL(m->room_id), P_I64(id)),
			    NULL, NULL, e);
}

enum rc session_make_state(struct store *s, int64_t id, struct arena *a,
			   struct session_make_state *ret, struct error *e)
{
	return store_row(s, &session_make_table[SESSION_MAKE_STATE], PARAMS(P_I64(id)), a, ret, e);
}
