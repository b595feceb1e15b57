/*
 * SQL of single sessions.
 */
#include "store/session_make.h"

#include "store/sets.h"

#define TEXT_BYTES 65535

static const struct column session_make_state_columns[] = {
	COL(session_make_state, n, I64, true),
};

static const struct column session_door_row_columns[] = {
	COL(session_door_row, id, I64, false),
	COL(session_door_row, account_id, I64, true),
	COL(session_door_row, course_id, I64, true),
	COL(session_door_row, room_id, I64, true),
	COL(session_door_row, has_attendance, I64, true),
	COL(session_door_row, session_date, DAY, false),
	COL(session_door_row, start_time, TOD, false),
	COL(session_door_row, end_time, TOD, false),
	COL_N(session_door_row, title, TEXT, 800, false),
	COL_N(session_door_row, class_name, TEXT, 480, true),
	COL_N(session_door_row, teacher_name, TEXT, 1000, true),
	COL_N(session_door_row, state, TEXT, 64, false),
	COL_N(session_door_row, kind, TEXT, 200, true),
	COL_N(session_door_row, notes, TEXT, TEXT_BYTES, true),
};
static const struct column session_door_trainer_columns[] = {
	COL(session_door_trainer, person_id, I64, true),
	COL(session_door_trainer, branch_id, I64, true),
	COL_N(session_door_trainer, role, TEXT, 64, false),
};

#define SELECT_DOOR                                                                                \
	"SELECT o.id, (SELECT MIN(a.id) FROM account a WHERE a.person_id = o.teacher_id)"          \
	" AS account_id, o.course_id, o.room_id, EXISTS (SELECT 1 FROM attendance_session x"       \
	" WHERE x.occurrence_id = o.id AND x.deleted_at IS NULL) AS has_attendance,"               \
	" o.session_date, o.start_time, o.end_time, o.title, g.name AS class_name,"                \
	" TRIM(CONCAT(t.given_name, ' ', t.family_name)) AS teacher_name, o.state,"                \
	" COALESCE(o.kind, q.kind) AS kind, COALESCE(o.notes, q.notes) AS notes" FROM_DOOR
#define FROM_DOOR                                                                                  \
	" FROM occurrence o LEFT JOIN class g ON g.id = o.class_id"                                \
	" LEFT JOIN person t ON t.id = o.teacher_id"                                               \
	" LEFT JOIN session_request q ON q.id = o.request_id"
/* (branch ×2, person ×2, text ×4) */
#define WHERE_DOOR                                                                                 \
	" WHERE o.state <> 'cancelled' AND (? = 0 OR o.branch_id = ?)"                             \
	" AND (? = 0 OR o.teacher_id = ?) AND (? = '' OR LOCATE(?, o.title) > 0"                   \
	" OR LOCATE(?, g.name) > 0 OR LOCATE(?, CONCAT(t.given_name, ' ', t.family_name)) > 0)"

#define SESSION_MAKE_STATEMENTS(ROWS, CHANGE)                                                      \
	CHANGE(SESSION_MAKE_PUT, "iiiissiissss",                                                   \
	       "INSERT INTO occurrence (branch_id, course_id, class_id, teacher_id, title, room,"  \
	       " room_id, request_id, zone, kind, notes, session_date, start_time, end_time, "     \
	       "starts_at,"                                                                        \
	       " ends_at) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, ''), NULLIF(?, ''), j.d, "   \
	       "j.a, j.b, j.s, j.e"                                                                \
	       " FROM JSON_TABLE(?, '$[*]' COLUMNS (d DATE PATH '$.d', a TIME PATH '$.a',"         \
	       " b TIME PATH '$.b', s DATETIME PATH '$.s', e DATETIME PATH '$.e')) j")             \
	CHANGE(SESSION_MAKE_EDIT, "iiissii",                                                       \
	       "UPDATE occurrence SET course_id = ?, class_id = ?, teacher_id = ?, title = ?,"     \
	       " room = ?, room_id = ?, version = version + 1 WHERE id = ?")                       \
	CHANGE(SESSION_MAKE_FILES, "iii",                                                          \
	       "UPDATE completion c JOIN attachment t ON t.completion_id = c.id"                   \
	       " JOIN file f ON f.id = t.file_id SET f.teacher_id = ?, f.course_id = ?"            \
	       " WHERE c.occurrence_id = ?")                                                       \
	ROWS(SESSION_DOOR_ROWS, "iiiissssii", session_door_row,                                    \
	     SELECT_DOOR WHERE_DOOR " ORDER BY o.starts_at DESC, o.id DESC LIMIT ? OFFSET ?")      \
	ROWS(SESSION_DOOR_COUNT, "iiiissss", session_make_state,                                   \
	     "SELECT COUNT(*) AS n" FROM_DOOR WHERE_DOOR)                                          \
	ROWS(SESSION_DOOR_ROW, "i", session_door_row, SELECT_DOOR " WHERE o.id = ?")               \
	ROWS(SESSION_DOOR_TRAINER, "i", session_door_trainer,                                      \
	     "SELECT a.person_id, COALESCE(a.branch_id, p.branch_id) AS branch_id, a.role"         \
	     " FROM account a LEFT JOIN person p ON p.id = a.person_id"                            \
	     " WHERE a.id = ? AND a.disabled_at IS NULL")                                          \
	ROWS(SESSION_MAKE_STATE, "i", session_make_state,                                          \
	     "SELECT COUNT(*) AS n FROM attendance_session WHERE occurrence_id = ?"                \
	     " AND deleted_at IS NULL")
STATEMENT_SET(session_make, SESSION_MAKE_STATEMENTS);

enum rc session_make_put(struct store *s, const struct session_made *m, struct str days,
			 int64_t *ret_id, struct error *e)
{
	return store_change(s, &session_make_table[SESSION_MAKE_PUT],
			    PARAMS(P_I64(m->branch_id), P_I64_OR_NULL(m->course_id),
				   P_I64_OR_NULL(m->class_id), P_I64_OR_NULL(m->teacher_id),
				   P_TEXT(m->title), P_TEXT(m->room), P_I64_OR_NULL(m->room_id),
				   P_I64_OR_NULL(m->request_id), P_TEXT(m->zone), P_TEXT(m->kind),
				   P_TEXT(m->notes), P_TEXT(days)),
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

#define DOOR_PARAMS(q, text)                                                                       \
	P_I64((q)->branch_id), P_I64((q)->branch_id), P_I64((q)->person_id),                       \
		P_I64((q)->person_id), text, text, text, text

enum rc session_door_rows(struct store *s, const struct session_door_search *q, struct arena *a,
			  const struct session_door_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct param text = P_TEXT(q->search.p ? q->search : STR(""));

	return store_rows(s, &session_make_table[SESSION_DOOR_ROWS],
			  PARAMS(DOOR_PARAMS(q, text), P_I64((int64_t)q->limit), P_I64(q->offset)),
			  q->limit, a, ret_rows, ret_n, e);
}

enum rc session_door_count(struct store *s, const struct session_door_search *q, struct arena *a,
			   int64_t *ret, struct error *e)
{
	struct param text = P_TEXT(q->search.p ? q->search : STR(""));
	struct session_make_state row;

	TRY(store_row(s, &session_make_table[SESSION_DOOR_COUNT], PARAMS(DOOR_PARAMS(q, text)), a,
		      &row, e));
	*ret = row.n;
	return RC_OK;
}

enum rc session_door_row(struct store *s, int64_t id, struct arena *a, struct session_door_row *ret,
			 struct error *e)
{
	return store_row(s, &session_make_table[SESSION_DOOR_ROW], PARAMS(P_I64(id)), a, ret, e);
}

enum rc session_door_trainer(struct store *s, int64_t account_id, struct arena *a,
			     struct session_door_trainer *ret, struct error *e)
{
	return store_row(s, &session_make_table[SESSION_DOOR_TRAINER], PARAMS(P_I64(account_id)), a,
			 ret, e);
}
