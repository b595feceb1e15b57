/*
 * SQL of occurrences.  Rows live in the arena given; failures are the store's.
 */
#include "store/occurrence.h"

#include "store/sets.h"

#define TITLE_BYTES 800
#define NAME_BYTES  1000

static const struct column occurrence_row_columns[] = {
	COL(occurrence_row, id, I64, false),
	COL(occurrence_row, branch_id, I64, false),
	COL(occurrence_row, schedule_id, I64, true),
	COL(occurrence_row, course_id, I64, true),
	COL(occurrence_row, class_id, I64, true),
	COL(occurrence_row, teacher_id, I64, true),
	COL(occurrence_row, version, I64, false),
	COL_N(occurrence_row, title, TEXT, TITLE_BYTES, false),
	COL_N(occurrence_row, room, TEXT, 320, false),
	COL_N(occurrence_row, zone, TEXT, 256, false),
	COL_N(occurrence_row, state, TEXT, 64, false),
	COL(occurrence_row, session_date, DAY, false),
	COL(occurrence_row, start_time, TOD, false),
	COL(occurrence_row, end_time, TOD, false),
	COL(occurrence_row, starts_at, TIME, false),
	COL(occurrence_row, ends_at, TIME, false),
	COL_N(occurrence_row, cancel_cause, TEXT, 64, true),
	COL_N(occurrence_row, cancel_reason, TEXT, 2000, true),
	COL(occurrence_row, cancelled_by, I64, true),
	COL(occurrence_row, cancelled_at, TIME, true),
	COL(occurrence_row, moved_from_date, DAY, true),
	COL(occurrence_row, moved_from_time, TOD, true),
	COL(occurrence_row, moved_from_end, TOD, true),
	COL_N(occurrence_row, moved_from_room, TEXT, 320, true),
	COL_N(occurrence_row, move_reason, TEXT, 2000, true),
	COL(occurrence_row, room_id, I64, true),
	COL_N(occurrence_row, branch_name, TEXT, 480, false),
	COL_N(occurrence_row, course_code, TEXT, 160, true),
	COL_N(occurrence_row, course_title, TEXT, TITLE_BYTES, true),
	COL_N(occurrence_row, class_name, TEXT, 480, true),
	COL(occurrence_row, n_members, I64, true),
	COL_N(occurrence_row, teacher_name, TEXT, NAME_BYTES, true),
	COL_N(occurrence_row, cancelled_by_name, TEXT, NAME_BYTES, true),
	COL(occurrence_row, completion_id, I64, true),
	COL_N(occurrence_row, completion_state, TEXT, 64, true),
	COL(occurrence_row, faculty_id, I64, true),
	COL(occurrence_row, employee_id, I64, true),
	COL(occurrence_row, actual_start, TOD, true),
	COL(occurrence_row, actual_end, TOD, true),
	COL_N(occurrence_row, code, TEXT, 400, true),
	COL(occurrence_row, code_generated, I64, true),
	COL_N(occurrence_row, notes, TEXT, OCCURRENCE_NOTES_BYTES, true),
	COL(occurrence_row, completed_by, I64, true),
	COL(occurrence_row, completed_at, TIME, true),
	COL(occurrence_row, checked_by, I64, true),
	COL(occurrence_row, checked_at, TIME, true),
	COL_N(occurrence_row, return_reason, TEXT, 2000, true),
	COL(occurrence_row, note_count, I64, true),
	COL(occurrence_row, file_count, I64, true),
	COL(occurrence_row, created_at, TIME, true),
	COL_N(occurrence_row, completed_by_name, TEXT, NAME_BYTES, true),
	COL_N(occurrence_row, checked_by_name, TEXT, NAME_BYTES, true),
	COL_N(occurrence_row, reopen_reason, TEXT, 2000, true),
	COL(occurrence_row, reopened_by, I64, true),
	COL_N(occurrence_row, reopened_by_name, TEXT, NAME_BYTES, true),
	COL(occurrence_row, is_staff, I64, true),
	COL(occurrence_row, n_trail, I64, true),
};

struct occurrence_locked {
	int64_t id;
};
static const struct column occurrence_locked_columns[] = { COL(occurrence_locked, id, I64, false) };

static const struct column occurrence_last_row_columns[] = {
	COL(occurrence_last_row, id, I64, false),
	COL(occurrence_last_row, session_date, DAY, false),
	COL(occurrence_last_row, actual_start, TOD, true),
	COL(occurrence_last_row, actual_end, TOD, true),
	COL_N(occurrence_last_row, code, TEXT, 400, true),
	COL_N(occurrence_last_row, follow_up, TEXT, 65535, true),
};

static const struct column occurrence_trail_row_columns[] = {
	COL(occurrence_trail_row, id, I64, false),
	COL(occurrence_trail_row, at, TIME, false),
	COL_N(occurrence_trail_row, action, TEXT, 160, false),
	COL_N(occurrence_trail_row, actor_name, TEXT, NAME_BYTES, true),
	COL_N(occurrence_trail_row, detail, TEXT, 8000, false),
	COL_N(occurrence_trail_row, file_name, TEXT, 1020, true),
};

static const struct column occurrence_door_row_columns[] = {
	COL(occurrence_door_row, occurrence_id, I64, false),
	COL(occurrence_door_row, schedule_id, I64, true),
	COL(occurrence_door_row, session_date, DAY, false),
	COL(occurrence_door_row, start_time, TOD, false),
	COL(occurrence_door_row, end_time, TOD, false),
	COL(occurrence_door_row, batch_id, I64, true),
	COL_N(occurrence_door_row, batch_title, TEXT, 480, true),
	COL(occurrence_door_row, branch_id, I64, false),
	COL(occurrence_door_row, completion_count, I64, true),
	COL_N(occurrence_door_row, latest_status, TEXT, 64, true),
	COL(occurrence_door_row, last_completed, TIME, true),
	COL_N(occurrence_door_row, zone, TEXT, 256, false),
};

/* Name of the person behind an account; the user name of one without a person. */
#define NAME_OF(account)                                                                           \
	"(SELECT COALESCE(TRIM(CONCAT(np.given_name, ' ', np.family_name)), na.username)"          \
	" FROM account na LEFT JOIN person np ON np.id = na.person_id WHERE na.id = " account ")"

#define SELECT_DOOR(from)                                                                          \
	"SELECT o.id AS occurrence_id, o.schedule_id, o.session_date, o.start_time, o.end_time,"   \
	" o.class_id AS batch_id, g.name AS batch_title, o.branch_id,"                             \
	" (SELECT COUNT(*) FROM completion x WHERE x.occurrence_id = o.id) AS completion_count,"   \
	" c.state AS latest_status, c.completed_at AS last_completed, o.zone FROM " from           \
	" LEFT JOIN completion c ON c.id = o.completion_id LEFT JOIN class g ON g.id = o.class_id"
#define ORDER_DOOR " ORDER BY o.starts_at DESC, o.id DESC LIMIT ?"

#define OCCURRENCE_STATEMENTS(ROWS, CHANGE)                                                                                                                                                                         \
	ROWS(OCCURRENCE_GET, "ii", occurrence_row,                                                                                                                                                                  \
	     "SELECT o.id, o.branch_id, o.schedule_id, o.course_id, o.class_id, o.teacher_id,"                                                                                                                      \
	     " o.version, o.title, o.room, o.zone, o.state, o.session_date, o.start_time,"                                                                                                                          \
	     " o.end_time, o.starts_at, o.ends_at, o.cancel_cause, o.cancel_reason,"                                                                                                                                \
	     " o.cancelled_by, o.cancelled_at, o.moved_from_date, o.moved_from_time, "                                                                                                                              \
	     "o.moved_from_end,"                                                                                                                                                                                    \
	     " o.moved_from_room, o.move_reason, o.room_id, b.name AS branch_name,"                                                                                                                                 \
	     " k.code AS course_code, k.title AS course_title, g.name AS class_name, g.n_members,"                                                                                                                  \
	     " TRIM(CONCAT(t.given_name, ' ', t.family_name)) AS teacher_name, " NAME_OF(                                                                                                                           \
		     "o.cancelled_by") " AS cancelled_by_name,"                                                                                                                                                     \
				       " o.completion_id, c.state AS completion_state, "                                                                                                                            \
				       "c.faculty_id, c.employee_id,"                                                                                                                                               \
				       " c.actual_start, c.actual_end, c.code, c.code_generated, "                                                                                                                  \
				       "c.notes, c.completed_by,"                                                                                                                                                   \
				       " c.completed_at, c.checked_by, c.checked_at, "                                                                                                                              \
				       "c.return_reason, c.note_count,"                                                                                                                                             \
				       " c.file_count, c.created_at, " NAME_OF("c.completed_by") " AS completed_by_name, " NAME_OF("c.checked_by") " AS checked_by_name, o.reopen_reason, o.reopened_by, " NAME_OF( \
					       "o.reopened_by") " AS reopened_by_name,"                                                                                                                             \
								" (SELECT COUNT(*) FROM "                                                                                                                           \
								"class_staff cs WHERE "                                                                                                                             \
								"cs.class_id "                                                                                                                                      \
								"= o.class_id"                                                                                                                                      \
								" AND cs.person_id = ?) AS "                                                                                                                        \
								"is_staff,"                                                                                                                                         \
								" (SELECT COUNT(*) FROM "                                                                                                                           \
								"audit_log "                                                                                                                                        \
								"l WHERE l.object = 'occurrence'"                                                                                                                   \
								" AND l.object_id = o.id) AS "                                                                                                                      \
								"n_trail"                                                                                                                                           \
								" FROM occurrence o JOIN branch "                                                                                                                   \
								"b "                                                                                                                                                \
								"ON b.id = o.branch_id"                                                                                                                             \
								" LEFT JOIN completion c ON c.id "                                                                                                                  \
								"= o.completion_id"                                                                                                                                 \
								" LEFT JOIN course k ON k.id = "                                                                                                                    \
								"o.course_id LEFT JOIN class g "                                                                                                                    \
								"ON "                                                                                                                                               \
								"g.id = o.class_id"                                                                                                                                 \
								" LEFT JOIN person t ON t.id = "                                                                                                                    \
								"o.teacher_id WHERE o.id = ?")                                                                                                                      \
	ROWS(OCCURRENCE_LOCK, "i", occurrence_locked,                                                                                                                                                               \
	     "SELECT id FROM occurrence WHERE id = ? FOR UPDATE")                                                                                                                                                   \
	CHANGE(OCCURRENCE_WRITE, "sssitisiisii",                                                                                                                                                                    \
	       "UPDATE occurrence SET state = ?, cancel_cause = ?, cancel_reason = ?,"                                                                                                                              \
	       " cancelled_by = ?, cancelled_at = ?, completion_id = ?, review = ?,"                                                                                                                                \
	       " late_min = ?, in_time = ?, reopen_reason = ?, reopened_by = ?,"                                                                                                                                    \
	       " version = version + 1 WHERE id = ?")                                                                                                                                                               \
	CHANGE(OCCURRENCE_WRITE_TIME, "dccttsidccssi",                                                                                                                                                              \
	       "UPDATE occurrence SET session_date = ?, start_time = ?, end_time = ?,"                                                                                                                              \
	       " starts_at = ?, ends_at = ?, room = ?, room_id = ?, moved_from_date = ?,"                                                                                                                           \
	       " moved_from_time = ?, moved_from_end = ?, moved_from_room = ?, move_reason = ?, "                                                                                                                   \
	       "version = version + 1"                                                                                                                                                                              \
	       " WHERE id = ?")                                                                                                                                                                                     \
	CHANGE(OCCURRENCE_TOUCH_PEOPLE, "ii",                                                                                                                                                                       \
	       "UPDATE (SELECT CAST(? AS SIGNED) AS id"                                                                                                                                                             \
	       " UNION SELECT person_id FROM class_staff WHERE class_id = ?) t"                                                                                                                                     \
	       " STRAIGHT_JOIN person p ON p.id = t.id SET p.version = p.version + 1")                                                                                                                              \
	CHANGE(OCCURRENCE_TOUCH_BRANCH, "i",                                                                                                                                                                        \
	       "UPDATE branch SET version = version + 1 WHERE id = ?")                                                                                                                                              \
	ROWS(OCCURRENCE_LAST, "iit", occurrence_last_row,                                                                                                                                                           \
	     "SELECT o.id, o.session_date, c.actual_start, c.actual_end, c.code,"                                                                                                                                   \
	     " (SELECT n.text FROM note n WHERE n.completion_id = c.id AND n.type = 'followup'"                                                                                                                     \
	     " AND n.deleted_at IS NULL ORDER BY n.id DESC LIMIT 1) AS follow_up"                                                                                                                                   \
	     " FROM occurrence o JOIN completion c ON c.id = o.completion_id"                                                                                                                                       \
	     " WHERE o.course_id <=> ? AND o.class_id = ? AND o.state = 'completed'"                                                                                                                                \
	     " AND o.starts_at < ? ORDER BY o.starts_at DESC, o.id DESC LIMIT 1")                                                                                                                                   \
	ROWS(OCCURRENCE_TRAIL, "ii", occurrence_trail_row,                                                                                                                                                          \
	     "SELECT l.id, l.at, l.action, " NAME_OF(                                                                                                                                                               \
		     "l.actor_id") " AS actor_name, l.detail,"                                                                                                                                                      \
				   " IF(l.action LIKE 'file.%', (SELECT t.name FROM attachment t"                                                                                                                   \
				   " WHERE t.id = CAST(JSON_VALUE(l.detail, '$.attachment') AS "                                                                                                                    \
				   "SIGNED)), NULL)"                                                                                                                                                                \
				   " AS file_name FROM audit_log l WHERE l.object = 'occurrence' "                                                                                                                  \
				   "AND l.object_id = ?"                                                                                                                                                            \
				   " ORDER BY l.id DESC LIMIT ?")                                                                                                                                                   \
	ROWS(OCCURRENCE_DOOR_PERSON, "ittitti", occurrence_door_row,                                                                                                                                                \
	     SELECT_DOOR("(SELECT id FROM occurrence WHERE teacher_id = ? AND starts_at >= ?"                                                                                                                       \
			 " AND starts_at < ? UNION SELECT oc.id FROM class_staff cs"                                                                                                                                \
			 " JOIN occurrence oc ON oc.class_id = cs.class_id WHERE cs.person_id = ?"                                                                                                                  \
			 " AND oc.starts_at >= ? AND oc.starts_at < ?) v"                                                                                                                                           \
			 " STRAIGHT_JOIN occurrence o ON o.id = v.id") ORDER_DOOR)                                                                                                                                  \
	ROWS(OCCURRENCE_DOOR_BRANCH, "itti", occurrence_door_row,                                                                                                                                                   \
	     SELECT_DOOR("occurrence o") " WHERE o.branch_id = ? AND o.starts_at >= ?"                                                                                                                              \
					 " AND o.starts_at < ?" ORDER_DOOR)                                                                                                                                         \
	ROWS(OCCURRENCE_DOOR_ALL, "tti", occurrence_door_row,                                                                                                                                                       \
	     SELECT_DOOR("occurrence o") " WHERE o.starts_at >= ? AND o.starts_at < ?" ORDER_DOOR)
STATEMENT_SET(occurrence, OCCURRENCE_STATEMENTS);

enum rc occurrence_get(struct store *s, int64_t id, int64_t person_id, struct arena *a,
		       struct occurrence_row *ret, struct error *e)
{
	return store_row(s, &occurrence_table[OCCURRENCE_GET],
			 PARAMS(P_I64_OR_NULL(person_id), P_I64(id)), a, ret, e);
}

enum rc occurrence_lock(struct store *s, int64_t id, struct arena *a, struct error *e)
{
	struct occurrence_locked locked;

	return store_row(s, &occurrence_table[OCCURRENCE_LOCK], PARAMS(P_I64(id)), a, &locked, e);
}

/* NULL for the empty text. */
static struct param text_or_null(struct str v)
{
	return (struct param){ .type = 's', .is_null = v.n == 0, .s = v };
}

static struct str review_of(const struct occurrence_row *o)
{
	if (str_eq(o->completion_state, STR("checked")) ||
	    str_eq(o->completion_state, STR("returned")))
		return o->completion_state;
	return STR("none");
}

enum rc occurrence_write(struct store *s, const struct occurrence_row *o, struct error *e)
{
	bool is_completed = str_eq(o->state, STR("completed"));
	int64_t late_min = COLUMN_NULL, in_time = COLUMN_NULL;

	if (is_completed && o->actual_start != NO_DAY)
		late_min = (o->actual_start - o->start_time) / 60;
	if (is_completed && o->completed_at != NO_TIME)
		in_time = o->completed_at <= o->ends_at + OCCURRENCE_IN_TIME_US;
	return store_change(s, &occurrence_table[OCCURRENCE_WRITE],
			    PARAMS(P_TEXT(o->state), text_or_null(o->cancel_cause),
				   text_or_null(o->cancel_reason), P_I64_OR_NULL(o->cancelled_by),
				   P_TIME(o->cancelled_at), P_I64_OR_NULL(o->completion_id),
				   P_TEXT(review_of(o)), P_I64_OR_NULL(late_min),
				   P_I64_OR_NULL(in_time), text_or_null(o->reopen_reason),
				   P_I64_OR_NULL(o->reopened_by), P_I64(o->id)),
			    NULL, NULL, e);
}

enum rc occurrence_write_time(struct store *s, const struct occurrence_row *o, struct error *e)
{
	return store_change(s, &occurrence_table[OCCURRENCE_WRITE_TIME],
			    PARAMS(P_DAY(o->session_date), P_TOD(o->start_time), P_TOD(o->end_time),
				   P_TIME(o->starts_at), P_TIME(o->ends_at), P_TEXT(o->room),
				   P_I64_OR_NULL(o->room_id), P_DAY(o->moved_from_date),
				   P_TOD(o->moved_from_time), P_TOD(o->moved_from_end),
				   text_or_null(o->moved_from_room), text_or_null(o->move_reason),
				   P_I64(o->id)),
			    NULL, NULL, e);
}

enum rc occurrence_touch(struct store *s, int64_t branch_id, int64_t class_id, int64_t teacher_id,
			 struct error *e)
{
	TRY(store_change(s, &occurrence_table[OCCURRENCE_TOUCH_BRANCH], PARAMS(P_I64(branch_id)),
			 NULL, NULL, e));
	return store_change(s, &occurrence_table[OCCURRENCE_TOUCH_PEOPLE],
			    PARAMS(P_I64_OR_NULL(teacher_id), P_I64_OR_NULL(class_id)), NULL, NULL,
			    e);
}

enum rc occurrence_last(struct store *s, int64_t course_id, int64_t class_id, int64_t before_at,
			struct arena *a, struct occurrence_last_row *ret, struct error *e)
{
	return store_row(s, &occurrence_table[OCCURRENCE_LAST],
			 PARAMS(P_I64_OR_NULL(course_id), P_I64_OR_NULL(class_id),
				P_TIME(before_at)),
			 a, ret, e);
}

enum rc occurrence_trail(struct store *s, int64_t id, size_t limit, struct arena *a,
			 const struct occurrence_trail_row **ret_rows, size_t *ret_n,
			 struct error *e)
{
	return store_rows(s, &occurrence_table[OCCURRENCE_TRAIL],
			  PARAMS(P_I64(id), P_I64((int64_t)limit)), limit, a, ret_rows, ret_n, e);
}

enum rc occurrence_door(struct store *s, enum occurrence_seen seen, int64_t seen_id,
			int64_t from_at, int64_t to_at, size_t limit, struct arena *a,
			const struct occurrence_door_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct param n = P_I64((int64_t)limit);

	switch (seen) {
	case OCCURRENCE_SEEN_PERSON:
		return store_rows(s, &occurrence_table[OCCURRENCE_DOOR_PERSON],
				  PARAMS(P_I64(seen_id), P_TIME(from_at), P_TIME(to_at),
					 P_I64(seen_id), P_TIME(from_at), P_TIME(to_at), n),
				  limit, a, ret_rows, ret_n, e);
	case OCCURRENCE_SEEN_BRANCH:
		return store_rows(s, &occurrence_table[OCCURRENCE_DOOR_BRANCH],
				  PARAMS(P_I64(seen_id), P_TIME(from_at), P_TIME(to_at), n), limit,
				  a, ret_rows, ret_n, e);
	case OCCURRENCE_SEEN_ALL:
		break;
	}
	return store_rows(s, &occurrence_table[OCCURRENCE_DOOR_ALL],
			  PARAMS(P_TIME(from_at), P_TIME(to_at), n), limit, a, ret_rows, ret_n, e);
}
