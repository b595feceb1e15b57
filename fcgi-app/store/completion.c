/*
 * SQL of completions.
 */
#include "store/completion.h"

#include "store/sets.h"

#define NAME_BYTES 1000

struct completion_occurrence_row {
	int64_t occurrence_id;
};
static const struct column completion_occurrence_row_columns[] = { COL(completion_occurrence_row,
								       occurrence_id, I64, false) };

static const struct column completion_door_row_columns[] = {
	COL(completion_door_row, id, I64, false),
	COL(completion_door_row, occurrence_id, I64, false),
	COL(completion_door_row, schedule_id, I64, true),
	COL(completion_door_row, batch_id, I64, true),
	COL(completion_door_row, faculty_id, I64, true),
	COL(completion_door_row, employee_id, I64, true),
	COL(completion_door_row, actual_start_time, TOD, true),
	COL(completion_door_row, actual_end_time, TOD, true),
	COL_N(completion_door_row, completion_code, TEXT, 400, true),
	COL_N(completion_door_row, notes, TEXT, OCCURRENCE_NOTES_BYTES, true),
	COL_N(completion_door_row, state, TEXT, 64, false),
	COL(completion_door_row, completed_by, I64, true),
	COL(completion_door_row, completed_at, TIME, true),
	COL(completion_door_row, created_at, TIME, false),
	COL(completion_door_row, updated_at, TIME, false),
	COL_N(completion_door_row, batch_title, TEXT, 480, true),
	COL_N(completion_door_row, zone, TEXT, 256, false),
	COL(completion_door_row, session_date, DAY, false),
	COL(completion_door_row, scheduled_start, TOD, false),
	COL(completion_door_row, scheduled_end, TOD, false),
	COL(completion_door_row, attachment_count, I64, false),
	COL(completion_door_row, note_count, I64, false),
	COL_N(completion_door_row, completed_by_name, TEXT, NAME_BYTES, true),
	COL_N(completion_door_row, faculty_name, TEXT, NAME_BYTES, true),
	COL_N(completion_door_row, employee_name, TEXT, NAME_BYTES, true),
	COL(completion_door_row, version, I64, false),
};

#define NAME_OF(account)                                                                           \
	"(SELECT COALESCE(TRIM(CONCAT(np.given_name, ' ', np.family_name)), na.username)"          \
	" FROM account na LEFT JOIN person np ON np.id = na.person_id WHERE na.id = " account ")"
#define SELECT_DOOR                                                                                \
	"SELECT c.id, c.occurrence_id, o.schedule_id, o.class_id AS batch_id, c.faculty_id,"       \
	" c.employee_id, c.actual_start AS actual_start_time, c.actual_end AS actual_end_time,"    \
	" c.code AS completion_code, c.notes, c.state, c.completed_by, c.completed_at,"            \
	" c.created_at, c.updated_at, g.name AS batch_title, o.zone, o.session_date,"              \
	" o.start_time AS scheduled_start, o.end_time AS scheduled_end,"                           \
	" c.file_count AS attachment_count, c.note_count, " NAME_OF(                               \
		"c.completed_by") " AS completed_by_name, " NAME_OF("c.faculty_id") " AS "         \
										    "faculty_"     \
										    "name,"        \
										    " " NAME_OF(   \
											    "c."   \
											    "empl" \
											    "oyee" \
											    "_id") " AS employee_name, o.version"
#define JOIN_DOOR  " LEFT JOIN class g ON g.id = o.class_id"
#define ORDER_DOOR " ORDER BY o.starts_at DESC, c.id DESC LIMIT ?"

static const struct column completion_shown_row_columns[] = {
	COL_N(completion_shown_row, course_code, TEXT, 160, true),
	COL_N(completion_shown_row, course_title, TEXT, 800, true),
	COL_N(completion_shown_row, teacher_name, TEXT, 1000, true),
	COL_N(completion_shown_row, code, TEXT, 400, true),
	COL(completion_shown_row, session_date, DAY, false),
	COL(completion_shown_row, start_time, TOD, false),
	COL(completion_shown_row, end_time, TOD, false),
	COL(completion_shown_row, actual_start, TOD, true),
	COL(completion_shown_row, actual_end, TOD, true),
};

#define COMPLETION_STATEMENTS(ROWS, CHANGE)                                                        \
	CHANGE(COMPLETION_INSERT, "iiitt",                                                         \
	       "INSERT INTO completion (occurrence_id, faculty_id, employee_id, created_at,"       \
	       " updated_at) VALUES (?, ?, ?, ?, ?)")                                              \
	CHANGE(COMPLETION_WRITE, "siiccssisititsti",                                               \
	       "UPDATE completion SET state = ?, faculty_id = ?, employee_id = ?,"                 \
	       " actual_start = ?, actual_end = ?, code = ?, code_key = ?, code_generated = ?,"    \
	       " notes = ?, completed_by = ?, completed_at = ?, checked_by = ?, checked_at = ?,"   \
	       " return_reason = ?, updated_at = ? WHERE id = ?")                                  \
	ROWS(COMPLETION_OF_KEY, "s", completion_occurrence_row,                                    \
	     "SELECT occurrence_id FROM completion WHERE code_key = ?")                            \
	ROWS(COMPLETION_SHOWN, "s", completion_shown_row,                                          \
	     "SELECT k.code AS course_code, k.title AS course_title,"                              \
	     " TRIM(CONCAT(p.given_name, ' ', p.family_name)) AS teacher_name, c.code,"            \
	     " o.session_date, o.start_time, o.end_time, c.actual_start, c.actual_end"             \
	     " FROM completion c FORCE INDEX (completion_code)"                                    \
	     " JOIN occurrence o ON o.id = c.occurrence_id LEFT JOIN course k ON k.id ="           \
	     " o.course_id LEFT JOIN person p ON p.id = o.teacher_id"                              \
	     " WHERE c.code_key = ? AND c.code_generated = 1 AND o.state = 'completed'"            \
	     " AND c.state IN ('completed', 'checked')")                                           \
	CHANGE(COMPLETION_COUNT, "iii",                                                            \
	       "UPDATE completion SET note_count = note_count + ?, file_count = file_count + ?"    \
	       " WHERE id = ?")                                                                    \
	ROWS(COMPLETION_OCCURRENCE, "i", completion_occurrence_row,                                \
	     "SELECT occurrence_id FROM completion WHERE id = ?")                                  \
	ROWS(COMPLETION_DOOR_PERSON, "iiiii", completion_door_row,                                 \
	     SELECT_DOOR                                                                           \
	     " FROM (SELECT id FROM completion WHERE faculty_id = ?"                               \
	     " UNION SELECT id FROM completion WHERE employee_id = ?"                              \
	     " UNION SELECT oc.completion_id FROM occurrence oc"                                   \
	     " WHERE oc.teacher_id = ? AND oc.completion_id IS NOT NULL"                           \
	     " UNION SELECT oc.completion_id FROM class_staff cs"                                  \
	     " JOIN occurrence oc ON oc.class_id = cs.class_id"                                    \
	     " WHERE cs.person_id = ? AND oc.completion_id IS NOT NULL) v"                         \
	     " STRAIGHT_JOIN completion c ON c.id = v.id"                                          \
	     " STRAIGHT_JOIN occurrence o ON o.id = c.occurrence_id" JOIN_DOOR ORDER_DOOR)         \
	ROWS(COMPLETION_DOOR_BRANCH, "ii", completion_door_row,                                    \
	     SELECT_DOOR                                                                           \
	     " FROM occurrence o JOIN completion c ON c.occurrence_id = o.id" JOIN_DOOR            \
	     " WHERE o.branch_id = ?" ORDER_DOOR)                                                  \
	ROWS(COMPLETION_DOOR_ALL, "i", completion_door_row,                                        \
	     SELECT_DOOR                                                                           \
	     " FROM occurrence o JOIN completion c ON c.occurrence_id = o.id" JOIN_DOOR            \
		     ORDER_DOOR)                                                                   \
	ROWS(COMPLETION_DOOR_GET, "i", completion_door_row,                                        \
	     SELECT_DOOR                                                                           \
	     " FROM completion c JOIN occurrence o ON o.id = c.occurrence_id" JOIN_DOOR            \
	     " WHERE c.id = ?")                                                                    \
	ROWS(COMPLETION_DOOR_OF, "i", completion_door_row,                                         \
	     SELECT_DOOR                                                                           \
	     " FROM completion c JOIN occurrence o ON o.id = c.occurrence_id" JOIN_DOOR            \
	     " WHERE c.occurrence_id = ? ORDER BY c.state = 'cancelled', c.id DESC")
STATEMENT_SET(completion, COMPLETION_STATEMENTS);

enum rc completion_insert(struct store *s, int64_t occurrence_id, int64_t faculty_id,
			  int64_t employee_id, int64_t now_at, int64_t *ret_id, struct error *e)
{
	return store_change(s, &completion_table[COMPLETION_INSERT],
			    PARAMS(P_I64(occurrence_id), P_I64_OR_NULL(faculty_id),
				   P_I64_OR_NULL(employee_id), P_TIME(now_at), P_TIME(now_at)),
			    NULL, ret_id, e);
}

static struct param text_or_null(struct str v)
{
	return (struct param){ .type = 's', .is_null = v.n == 0, .s = v };
}

enum rc completion_write(struct store *s, const struct occurrence_row *o, struct str code_key,
			 int64_t now_at, struct error *e)
{
	int64_t generated = o->code_generated == 1 && o->code.n ? 1 : 0;

	return store_change(
		s, &completion_table[COMPLETION_WRITE],
		PARAMS(P_TEXT(o->completion_state), P_I64_OR_NULL(o->faculty_id),
		       P_I64_OR_NULL(o->employee_id), P_TOD(o->actual_start), P_TOD(o->actual_end),
		       text_or_null(o->code), text_or_null(code_key), P_I64(generated),
		       text_or_null(o->notes), P_I64_OR_NULL(o->completed_by),
		       P_TIME(o->completed_at), P_I64_OR_NULL(o->checked_by), P_TIME(o->checked_at),
		       text_or_null(o->return_reason), P_TIME(now_at), P_I64(o->completion_id)),
		NULL, NULL, e);
}

static enum rc occurrence_by(struct store *s, const struct statement *st, struct param p,
			     struct arena *a, int64_t *ret_occurrence_id, struct error *e)
{
	struct completion_occurrence_row row;

	TRY(store_row(s, st, &p, 1, a, &row, e));
	*ret_occurrence_id = row.occurrence_id;
	return RC_OK;
}

enum rc completion_of_key(struct store *s, struct str code_key, struct arena *a,
			  int64_t *ret_occurrence_id, struct error *e)
{
	return occurrence_by(s, &completion_table[COMPLETION_OF_KEY], P_TEXT(code_key), a,
			     ret_occurrence_id, e);
}

enum rc completion_shown(struct store *s, struct str code_key, struct arena *a,
			 struct completion_shown_row *ret, struct error *e)
{
	return store_row(s, &completion_table[COMPLETION_SHOWN], PARAMS(P_TEXT(code_key)), a, ret,
			 e);
}

enum rc completion_count(struct store *s, int64_t completion_id, int notes, int files,
			 struct error *e)
{
	return store_change(s, &completion_table[COMPLETION_COUNT],
			    PARAMS(P_I64(notes), P_I64(files), P_I64(completion_id)), NULL, NULL,
			    e);
}

enum rc completion_occurrence(struct store *s, int64_t completion_id, struct arena *a,
			      int64_t *ret_occurrence_id, struct error *e)
{
	return occurrence_by(s, &completion_table[COMPLETION_OCCURRENCE], P_I64(completion_id), a,
			     ret_occurrence_id, e);
}

enum rc completion_door(struct store *s, enum occurrence_seen seen, int64_t seen_id,
			int64_t account_id, size_t limit, struct arena *a,
			const struct completion_door_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct param n = P_I64((int64_t)limit);

	switch (seen) {
	case OCCURRENCE_SEEN_PERSON:
		return store_rows(s, &completion_table[COMPLETION_DOOR_PERSON],
				  PARAMS(P_I64(account_id), P_I64(account_id), P_I64(seen_id),
					 P_I64(seen_id), n),
				  limit, a, ret_rows, ret_n, e);
	case OCCURRENCE_SEEN_BRANCH:
		return store_rows(s, &completion_table[COMPLETION_DOOR_BRANCH],
				  PARAMS(P_I64(seen_id), n), limit, a, ret_rows, ret_n, e);
	case OCCURRENCE_SEEN_ALL:
		break;
	}
	return store_rows(s, &completion_table[COMPLETION_DOOR_ALL], PARAMS(n), limit, a, ret_rows,
			  ret_n, e);
}

enum rc completion_door_get(struct store *s, int64_t completion_id, struct arena *a,
			    struct completion_door_row *ret, struct error *e)
{
	return store_row(s, &completion_table[COMPLETION_DOOR_GET], PARAMS(P_I64(completion_id)), a,
			 ret, e);
}

enum rc completion_door_of(struct store *s, int64_t occurrence_id, struct arena *a,
			   const struct completion_door_row **ret_rows, size_t *ret_n,
			   struct error *e)
{
	return store_rows(s, &completion_table[COMPLETION_DOOR_OF], PARAMS(P_I64(occurrence_id)),
			  1000, a, ret_rows, ret_n, e);
}
