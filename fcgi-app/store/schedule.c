/*
 * SQL of schedules and their occurrences.
 */
#include "store/schedule.h"

#include "store/sets.h"

#define TEXT_BYTES 65535

static const struct column schedule_stored_columns[] = {
	COL(schedule_stored, id, I64, false),
	COL(schedule_stored, branch_id, I64, false),
	COL(schedule_stored, class_id, I64, false),
	COL(schedule_stored, course_id, I64, true),
	COL(schedule_stored, teacher_id, I64, true),
	COL(schedule_stored, teacher_account_id, I64, true),
	COL_N(schedule_stored, class_name, TEXT, 480, false),
	COL_N(schedule_stored, course_code, TEXT, 160, true),
	COL_N(schedule_stored, teacher_name, TEXT, 1000, true),
	COL_N(schedule_stored, branch_name, TEXT, 480, false),
	COL_N(schedule_stored, zone, TEXT, 256, false),
	COL_N(schedule_stored, title, TEXT, 800, false),
	COL_N(schedule_stored, room, TEXT, 320, false),
	COL_N(schedule_stored, recurrence, TEXT, 64, false),
	COL(schedule_stored, room_id, I64, true),
	COL(schedule_stored, start_date, DAY, false),
	COL(schedule_stored, end_date, DAY, false),
	COL(schedule_stored, weekdays, I64, false),
	COL(schedule_stored, day_of_month, I64, true),
	COL(schedule_stored, start_time, TOD, false),
	COL(schedule_stored, end_time, TOD, false),
	COL_N(schedule_stored, subject_ids, TEXT, TEXT_BYTES, true),
	COL_N(schedule_stored, student_ids, TEXT, TEXT_BYTES, true),
	COL_N(schedule_stored, notes, TEXT, OCCURRENCE_NOTES_BYTES, true),
	COL_N(schedule_stored, status, TEXT, 64, false),
	COL(schedule_stored, version, I64, false),
	COL(schedule_stored, created_at, TIME, false),
	COL(schedule_stored, n_occurrences, I64, true),
	COL(schedule_stored, is_staff, I64, true),
	COL(schedule_stored, n_members, I64, false),
};

static const struct column schedule_slot_row_columns[] = {
	COL(schedule_slot_row, schedule_id, I64, false),
	COL(schedule_slot_row, weekdays, I64, false),
	COL(schedule_slot_row, start_time, TOD, false),
	COL(schedule_slot_row, end_time, TOD, false),
	COL(schedule_slot_row, room_id, I64, true),
};
static const struct column schedule_key_columns[] = { COL(schedule_key, id, I64, false) };
static const struct column schedule_found_columns[] = {
	COL(schedule_found, id, I64, false),
	COL(schedule_found, branch_id, I64, false),
	COL_N(schedule_found, branch_name, TEXT, 480, false),
	COL_N(schedule_found, title, TEXT, 800, false),
	COL_N(schedule_found, class_name, TEXT, 480, false),
	COL_N(schedule_found, course_code, TEXT, 160, true),
	COL_N(schedule_found, teacher_name, TEXT, 1000, true),
	COL_N(schedule_found, room, TEXT, 320, false),
	COL_N(schedule_found, recurrence, TEXT, 64, false),
	COL(schedule_found, start_date, DAY, false),
	COL(schedule_found, end_date, DAY, false),
	COL(schedule_found, weekdays, I64, false),
	COL(schedule_found, day_of_month, I64, true),
	COL(schedule_found, start_time, TOD, false),
	COL(schedule_found, end_time, TOD, false),
	COL_N(schedule_found, status, TEXT, 64, false),
	COL(schedule_found, ended_at, TIME, true),
	COL(schedule_found, n_slots, I64, true),
	COL(schedule_found, total, I64, false),
};

struct schedule_locked {
	int64_t id;
};
static const struct column schedule_locked_columns[] = { COL(schedule_locked, id, I64, false) };

static const struct column schedule_subject_row_columns[] = {
	COL(schedule_subject_row, branch_id, I64, false),
	COL_N(schedule_subject_row, zone, TEXT, 256, false),
	COL_N(schedule_subject_row, class_name, TEXT, 480, false),
	COL(schedule_subject_row, n_members, I64, false),
	COL(schedule_subject_row, course_id, I64, true),
	COL(schedule_subject_row, course_branch_id, I64, true),
	COL_N(schedule_subject_row, course_title, TEXT, 800, true),
	COL(schedule_subject_row, teacher_id, I64, true),
	COL(schedule_subject_row, teacher_branch_id, I64, true),
};

static const struct column schedule_occurrence_row_columns[] = {
	COL(schedule_occurrence_row, id, I64, false),
	COL(schedule_occurrence_row, completion_id, I64, true),
	COL(schedule_occurrence_row, course_id, I64, true),
	COL(schedule_occurrence_row, class_id, I64, true),
	COL(schedule_occurrence_row, teacher_id, I64, true),
	COL_N(schedule_occurrence_row, state, TEXT, 64, false),
	COL_N(schedule_occurrence_row, cancel_cause, TEXT, 64, true),
	COL_N(schedule_occurrence_row, title, TEXT, 800, false),
	COL_N(schedule_occurrence_row, room, TEXT, 320, false),
	COL(schedule_occurrence_row, room_id, I64, true),
	COL(schedule_occurrence_row, closure_id, I64, true),
	COL(schedule_occurrence_row, session_date, DAY, false),
	COL(schedule_occurrence_row, start_time, TOD, false),
	COL(schedule_occurrence_row, end_time, TOD, false),
	COL(schedule_occurrence_row, moved_from_date, DAY, true),
	COL(schedule_occurrence_row, moved_from_time, TOD, true),
	COL(schedule_occurrence_row, starts_at, TIME, false),
	COL(schedule_occurrence_row, ends_at, TIME, false),
};

#define SELECT_SCHEDULE                                                                            \
	"SELECT r.id, r.branch_id, r.class_id, r.course_id, r.teacher_id,"                         \
	" (SELECT MIN(a.id) FROM account a WHERE a.person_id = r.teacher_id)"                      \
	" AS teacher_account_id, g.name AS class_name, k.code AS course_code,"                     \
	" TRIM(CONCAT(t.given_name, ' ', t.family_name)) AS teacher_name, b.name AS branch_name,"  \
	" b.zone, r.title, r.room, r.recurrence, r.room_id, r.start_date, r.end_date, r.weekdays," \
	" r.day_of_month, r.start_time, r.end_time, r.subject_ids, r.student_ids, r.notes,"        \
	" r.status, r.version, r.created_at,"                                                      \
	" (SELECT COUNT(*) FROM occurrence o WHERE o.schedule_id = r.id) AS n_occurrences,"        \
	" (SELECT COUNT(*) FROM class_staff cs WHERE cs.class_id = r.class_id"                     \
	" AND cs.person_id = ?) AS is_staff, g.n_members"                                          \
	" FROM schedule r JOIN branch b ON b.id = r.branch_id JOIN class g ON g.id = r.class_id"   \
	" LEFT JOIN course k ON k.id = r.course_id LEFT JOIN person t ON t.id = r.teacher_id"      \
	" WHERE r.ended_at IS NULL AND "
#define ORDER_SCHEDULE " AND (? = 0 OR r.class_id = ?) ORDER BY r.id DESC LIMIT ?"

#define DAYS_TABLE                                                                                 \
	" JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$.id', d DATE PATH '$.d',"                 \
	" a TIME PATH '$.a', b TIME PATH '$.b', s DATETIME PATH '$.s', e DATETIME PATH '$.e',"     \
	" r BIGINT PATH '$.r', n VARCHAR(80) CHARACTER SET utf8mb4 PATH '$.n')) j"
#define IDS_TABLE " JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j"

#define SELECT_OCCURRENCES                                                                         \
	"SELECT id, completion_id, course_id, class_id, teacher_id, state, cancel_cause,"          \
	" title, room, room_id, closure_id, session_date, start_time, end_time, moved_from_date,"  \
	" moved_from_time, starts_at, ends_at FROM occurrence WHERE schedule_id = ?"               \
	" ORDER BY COALESCE(moved_from_date, session_date),"                                       \
	" COALESCE(moved_from_time, start_time), id"

/* (branch ×2, class ×2, teacher ×2, room ×3, state, today, state, today, state, text ×6) */
#define WHERE_FOUND                                                                                \
	" WHERE (? = 0 OR r.branch_id = ?) AND (? = 0 OR r.class_id = ?)"                          \
	" AND (? = 0 OR r.teacher_id = ?) AND (? = 0 OR r.room_id = ? OR EXISTS"                   \
	" (SELECT 1 FROM schedule_slot l WHERE l.schedule_id = r.id AND l.room_id = ?))"           \
	" AND (? <> 0 OR (r.ended_at IS NULL AND r.end_date >= ?))"                                \
	" AND (? <> 1 OR (r.ended_at IS NULL AND r.end_date < ?))"                                 \
	" AND (? <> 2 OR r.ended_at IS NOT NULL)"                                                  \
	" AND (? = '' OR LOCATE(?, r.title) > 0 OR LOCATE(?, k.code) > 0 OR LOCATE(?, g.name) > 0" \
	" OR LOCATE(?, r.room) > 0"                                                                \
	" OR LOCATE(?, CONCAT(t.given_name, ' ', t.family_name)) > 0)"

#define SCHEDULE_STATEMENTS(ROWS, CHANGE)                                                          \
	ROWS(SCHEDULE_READ, "ii", schedule_stored, SELECT_SCHEDULE "r.id = ?")                     \
	ROWS(SCHEDULE_LOCK, "i", schedule_locked,                                                  \
	     "SELECT id FROM schedule WHERE id = ? AND ended_at IS NULL FOR UPDATE")               \
	ROWS(SCHEDULE_ROWS_PERSON, "iiiiii", schedule_stored,                                      \
	     SELECT_SCHEDULE "(r.teacher_id = ? OR r.class_id IN (SELECT cs.class_id"              \
			     " FROM class_staff cs WHERE cs.person_id = ?))" ORDER_SCHEDULE)       \
	ROWS(SCHEDULE_ROWS_BRANCH, "iiiii", schedule_stored,                                       \
	     SELECT_SCHEDULE "r.branch_id = ?" ORDER_SCHEDULE)                                     \
	ROWS(SCHEDULE_ROWS_ALL, "iiii", schedule_stored, SELECT_SCHEDULE "TRUE" ORDER_SCHEDULE)    \
	CHANGE(SCHEDULE_INSERT, "iiiisssddiiccssssiitt",                                           \
	       "INSERT INTO schedule (branch_id, class_id, course_id, teacher_id, title, room,"    \
	       " recurrence, start_date, end_date, weekdays, day_of_month, start_time, end_time,"  \
	       " subject_ids, student_ids, notes, status, room_id, created_by, created_at,"        \
	       " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, " \
	       "?)")                                                                               \
	CHANGE(SCHEDULE_WRITE,                                                                     \
	       "iiiisssddiiccssssit"                                                               \
	       "i",                                                                                \
	       "UPDATE schedule SET branch_id = ?, class_id = ?, course_id = ?, teacher_id = ?,"   \
	       " title = ?, room = ?, recurrence = ?, start_date = ?, end_date = ?, weekdays = ?," \
	       " day_of_month = ?, start_time = ?, end_time = ?, subject_ids = ?,"                 \
	       " student_ids = ?, notes = ?, status = ?, room_id = ?, updated_at = ?,"             \
	       " version = version + 1 WHERE id = ?")                                              \
	CHANGE(SCHEDULE_END, "ti", "UPDATE schedule SET ended_at = ? WHERE id = ?")                \
	ROWS(SCHEDULE_SUBJECT, "iii", schedule_subject_row,                                        \
	     "SELECT g.branch_id, b.zone, g.name AS class_name, g.n_members, k.id AS course_id,"   \
	     " k.branch_id AS course_branch_id, k.title AS course_title, t.id AS teacher_id,"      \
	     " t.branch_id AS teacher_branch_id"                                                   \
	     " FROM class g JOIN branch b ON b.id = g.branch_id"                                   \
	     " LEFT JOIN course k ON k.id = ? AND k.ended_at IS NULL"                              \
	     " LEFT JOIN person t ON t.id = ? AND t.ended_at IS NULL"                              \
	     " WHERE g.id = ? AND g.ended_at IS NULL")                                             \
	ROWS(SCHEDULE_OCCURRENCES, "i", schedule_occurrence_row, SELECT_OCCURRENCES)               \
	ROWS(SCHEDULE_OCCURRENCES_FROM, "ii", schedule_key,                                        \
	     "SELECT id FROM occurrence WHERE schedule_id = ? AND id >= ?")                        \
	ROWS(SCHEDULE_OCCURRENCES_LOCK, "i", schedule_occurrence_row,                              \
	     SELECT_OCCURRENCES " FOR UPDATE")                                                     \
	CHANGE(SCHEDULE_PUT, "iiiiisss",                                                           \
	       "INSERT INTO occurrence (branch_id, schedule_id, course_id, class_id, teacher_id,"  \
	       " title, room, room_id, session_date, start_time, end_time, zone, starts_at,"       \
	       " ends_at) SELECT ?, ?, ?, ?, ?, ?, j.n, j.r, j.d, j.a, j.b, ?, j.s, j.e"           \
	       " FROM" DAYS_TABLE)                                                                 \
	CHANGE(SCHEDULE_UPDATE, "siiis",                                                           \
	       "UPDATE occurrence o JOIN" DAYS_TABLE " ON o.id = j.id"                             \
	       " SET o.course_id = ?, o.class_id = ?, o.teacher_id = ?, o.title = ?,"              \
	       " o.room = j.n, o.room_id = j.r, o.start_time = j.a, o.end_time = j.b,"             \
	       " o.starts_at = j.s, o.ends_at = j.e,"                                              \
	       " o.state = 'scheduled', o.cancel_cause = NULL, o.cancel_reason = NULL,"            \
	       " o.closure_id = NULL, o.cancelled_at = NULL,"                                      \
	       " o.version = o.version + 1")                                                       \
	CHANGE(SCHEDULE_UPDATE_COMPLETIONS, "s",                                                   \
	       "UPDATE completion c JOIN occurrence o ON o.completion_id = c.id JOIN" DAYS_TABLE   \
	       " ON o.id = j.id SET c.state = 'pending' WHERE c.state = 'cancelled'")              \
	CHANGE(SCHEDULE_UPDATE_FILES, "sii",                                                       \
	       "UPDATE" DAYS_TABLE " JOIN completion c ON c.occurrence_id = j.id"                  \
	       " JOIN attachment t ON t.completion_id = c.id JOIN file f ON f.id = t.file_id"      \
	       " SET f.teacher_id = ?, f.course_id = ?")                                           \
	CHANGE(SCHEDULE_REMOVE, "s",                                                               \
	       "DELETE o FROM occurrence o JOIN" IDS_TABLE                                         \
	       " ON o.id = j.id WHERE (o.state = 'scheduled' OR o.cancel_cause = 'closure')"       \
	       " AND o.completion_id IS NULL")                                                     \
	CHANGE(SCHEDULE_CANCEL, "st",                                                              \
	       "UPDATE occurrence o JOIN" IDS_TABLE                                                \
	       " ON o.id = j.id SET o.state = 'cancelled', o.cancel_cause = 'schedule',"           \
	       " o.cancelled_at = ?, o.version = o.version + 1")                                   \
	CHANGE(SCHEDULE_CANCEL_COMPLETIONS, "s",                                                   \
	       "UPDATE completion c JOIN occurrence o ON o.completion_id = c.id JOIN" IDS_TABLE    \
	       " ON o.id = j.id SET c.state = 'cancelled', c.code_key = NULL, c.code = NULL")      \
	ROWS(SCHEDULE_SLOTS, "s", schedule_slot_row,                                               \
	     "SELECT l.schedule_id, l.weekdays, l.start_time, l.end_time, l.room_id "              \
	     "FROM" IDS_TABLE " JOIN schedule_slot l ON l.schedule_id = j.id"                      \
	     " ORDER BY l.schedule_id, l.position")                                                \
	CHANGE(SCHEDULE_SLOTS_CLEAR, "i", "DELETE FROM schedule_slot WHERE schedule_id = ?")       \
	CHANGE(SCHEDULE_SLOTS_PUT, "is",                                                           \
	       "INSERT INTO schedule_slot (schedule_id, position, weekdays, start_time, end_time," \
	       " room_id) SELECT ?, j.k, j.w, j.a, j.b, j.r FROM JSON_TABLE(?, '$[*]' COLUMNS"     \
	       " (k INT PATH '$.k', w INT PATH '$.w', a TIME PATH '$.a', b TIME PATH '$.b',"       \
	       " r BIGINT PATH '$.r')) j")                                                         \
	ROWS(SCHEDULE_FIND, "iiiiiiiiiididissssssii", schedule_found,                              \
	     "SELECT r.id, r.branch_id, b.name AS branch_name, r.title, g.name AS class_name,"     \
	     " k.code AS course_code, TRIM(CONCAT(t.given_name, ' ', t.family_name))"              \
	     " AS teacher_name, r.room, r.recurrence, r.start_date, r.end_date, r.weekdays,"       \
	     " r.day_of_month, r.start_time, r.end_time, r.status, r.ended_at,"                    \
	     " 1 + (SELECT COUNT(*) FROM schedule_slot l WHERE l.schedule_id = r.id) AS n_slots,"  \
	     " COUNT(*) OVER () AS total"                                                          \
	     " FROM schedule r JOIN branch b ON b.id = r.branch_id"                                \
	     " JOIN class g ON g.id = r.class_id LEFT JOIN course k ON k.id = r.course_id"         \
	     " LEFT JOIN person t ON t.id = r.teacher_id" WHERE_FOUND                              \
	     " ORDER BY r.start_date, r.start_time, r.id LIMIT ? OFFSET ?")                        \
	ROWS(SCHEDULE_KEYS, "iidd", schedule_key,                                                  \
	     "SELECT id FROM schedule WHERE (? IS NULL OR branch_id = ?) AND ended_at IS NULL"     \
	     " AND status = 'active' AND end_date >= ? AND start_date <= ? ORDER BY id")
STATEMENT_SET(schedule, SCHEDULE_STATEMENTS);

static struct param text_or_null(struct str v)
{
	return (struct param){ .type = 's', .is_null = v.n == 0, .s = v };
}

enum rc schedule_read(struct store *s, int64_t id, int64_t person_id, struct arena *a,
		      struct schedule_stored *ret, struct error *e)
{
	return store_row(s, &schedule_table[SCHEDULE_READ],
			 PARAMS(P_I64_OR_NULL(person_id), P_I64(id)), a, ret, e);
}

enum rc schedule_lock(struct store *s, int64_t id, struct arena *a, struct error *e)
{
	struct schedule_locked locked;

	return store_row(s, &schedule_table[SCHEDULE_LOCK], PARAMS(P_I64(id)), a, &locked, e);
}

enum rc schedule_rows(struct store *s, enum occurrence_seen seen, int64_t seen_id, int64_t class_id,
		      size_t limit, struct arena *a, const struct schedule_stored **ret_rows,
		      size_t *ret_n, struct error *e)
{
	struct param c = P_I64(class_id), n = P_I64((int64_t)limit);
	struct param id = P_I64_OR_NULL(seen_id);

	switch (seen) {
	case OCCURRENCE_SEEN_PERSON:
		return store_rows(s, &schedule_table[SCHEDULE_ROWS_PERSON],
				  PARAMS(id, id, id, c, c, n), limit, a, ret_rows, ret_n, e);
	case OCCURRENCE_SEEN_BRANCH:
		return store_rows(s, &schedule_table[SCHEDULE_ROWS_BRANCH],
				  PARAMS(P_I64(0), id, c, c, n), limit, a, ret_rows, ret_n, e);
	case OCCURRENCE_SEEN_ALL:
		break;
	}
	return store_rows(s, &schedule_table[SCHEDULE_ROWS_ALL], PARAMS(P_I64(0), c, c, n), limit,
			  a, ret_rows, ret_n, e);
}

#define SCHEDULE_PARAMS(r)                                                                         \
	P_I64((r)->branch_id), P_I64((r)->class_id), P_I64_OR_NULL((r)->course_id),                \
		P_I64_OR_NULL((r)->teacher_id), P_TEXT((r)->title), P_TEXT((r)->room),             \
		P_TEXT((r)->recurrence), P_DAY((r)->start_date), P_DAY((r)->end_date),             \
		P_I64((r)->weekdays), P_I64_OR_NULL((r)->day_of_month), P_TOD((r)->start_time),    \
		P_TOD((r)->end_time), text_or_null((r)->subject_ids),                              \
		text_or_null((r)->student_ids), text_or_null((r)->notes), P_TEXT((r)->status),     \
		P_I64_OR_NULL((r)->room_id)

enum rc schedule_insert(struct store *s, const struct schedule_stored *r, int64_t account_id,
			int64_t now_at, int64_t *ret_id, struct error *e)
{
	const struct param params[] = { SCHEDULE_PARAMS(r), P_I64_OR_NULL(account_id),
					P_TIME(now_at), P_TIME(now_at) };

	return store_change(s, &schedule_table[SCHEDULE_INSERT], params, ARRAY_LEN(params), NULL,
			    ret_id, e);
}

enum rc schedule_write(struct store *s, const struct schedule_stored *r, int64_t now_at,
		       struct error *e)
{
	const struct param params[] = { SCHEDULE_PARAMS(r), P_TIME(now_at), P_I64(r->id) };

	return store_change(s, &schedule_table[SCHEDULE_WRITE], params, ARRAY_LEN(params), NULL,
			    NULL, e);
}

enum rc schedule_end(struct store *s, int64_t id, int64_t now_at, struct error *e)
{
	return store_change(s, &schedule_table[SCHEDULE_END], PARAMS(P_TIME(now_at), P_I64(id)),
			    NULL, NULL, e);
}

enum rc schedule_subject(struct store *s, int64_t class_id, int64_t course_id, int64_t teacher_id,
			 struct arena *a, struct schedule_subject_row *ret, struct error *e)
{
	return store_row(s, &schedule_table[SCHEDULE_SUBJECT],
			 PARAMS(P_I64(course_id), P_I64(teacher_id), P_I64(class_id)), a, ret, e);
}

enum rc schedule_occurrences(struct store *s, int64_t id, bool locks, struct arena *a,
			     const struct schedule_occurrence_row **ret_rows, size_t *ret_n,
			     struct error *e)
{
	return store_rows(s,
			  &schedule_table[locks ? SCHEDULE_OCCURRENCES_LOCK : SCHEDULE_OCCURRENCES],
			  PARAMS(P_I64(id)), 100000, a, ret_rows, ret_n, e);
}

enum rc schedule_put_occurrences(struct store *s, const struct schedule_stored *r, struct str days,
				 int64_t *ret_first_id, struct error *e)
{
	return store_change(s, &schedule_table[SCHEDULE_PUT],
			    PARAMS(P_I64(r->branch_id), P_I64(r->id), P_I64_OR_NULL(r->course_id),
				   P_I64(r->class_id), P_I64_OR_NULL(r->teacher_id),
				   P_TEXT(r->title), P_TEXT(r->zone), P_TEXT(days)),
			    NULL, ret_first_id, e);
}

enum rc schedule_occurrences_from(struct store *s, int64_t id, int64_t first_id, struct arena *a,
				  const struct schedule_key **ret_rows, size_t *ret_n,
				  struct error *e)
{
	return store_rows(s, &schedule_table[SCHEDULE_OCCURRENCES_FROM],
			  PARAMS(P_I64(id), P_I64(first_id)), 100000, a, ret_rows, ret_n, e);
}

enum rc schedule_update_occurrences(struct store *s, const struct schedule_stored *r,
				    struct str days, struct error *e)
{
	TRY(store_change(s, &schedule_table[SCHEDULE_UPDATE_COMPLETIONS], PARAMS(P_TEXT(days)),
			 NULL, NULL, e));
	TRY(store_change(s, &schedule_table[SCHEDULE_UPDATE_FILES],
			 PARAMS(P_TEXT(days), P_I64_OR_NULL(r->teacher_id),
				P_I64_OR_NULL(r->course_id)),
			 NULL, NULL, e));
	return store_change(s, &schedule_table[SCHEDULE_UPDATE],
			    PARAMS(P_TEXT(days), P_I64_OR_NULL(r->course_id), P_I64(r->class_id),
				   P_I64_OR_NULL(r->teacher_id), P_TEXT(r->title)),
			    NULL, NULL, e);
}

enum rc schedule_remove_occurrences(struct store *s, struct str ids, struct error *e)
{
	return store_change(s, &schedule_table[SCHEDULE_REMOVE], PARAMS(P_TEXT(ids)), NULL, NULL,
			    e);
}

enum rc schedule_cancel_occurrences(struct store *s, struct str ids, int64_t now_at,
				    struct error *e)
{
	TRY(store_change(s, &schedule_table[SCHEDULE_CANCEL_COMPLETIONS], PARAMS(P_TEXT(ids)), NULL,
			 NULL, e));
	return store_change(s, &schedule_table[SCHEDULE_CANCEL],
			    PARAMS(P_TEXT(ids), P_TIME(now_at)), NULL, NULL, e);
}

enum rc schedule_slots(struct store *s, struct str ids, struct arena *a,
		       const struct schedule_slot_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &schedule_table[SCHEDULE_SLOTS], PARAMS(P_TEXT(ids)), 50000, a,
			  ret_rows, ret_n, e);
}

enum rc schedule_slots_write(struct store *s, int64_t id, struct str slots, struct error *e)
{
	TRY(store_change(s, &schedule_table[SCHEDULE_SLOTS_CLEAR], PARAMS(P_I64(id)), NULL, NULL,
			 e));
	if (!slots.n)
		return RC_OK;
	return store_change(s, &schedule_table[SCHEDULE_SLOTS_PUT],
			    PARAMS(P_I64(id), P_TEXT(slots)), NULL, NULL, e);
}

enum rc schedule_find(struct store *s, const struct schedule_search *q, struct arena *a,
		      const struct schedule_found **ret_rows, size_t *ret_n, struct error *e)
{
	struct param branch = P_I64(q->branch_id), class = P_I64(q->class_id);
	struct param teacher = P_I64(q->teacher_id), room = P_I64(q->room_id);
	struct param state = P_I64(q->state), today = P_DAY(q->today), text = P_TEXT(q->search);

	return store_rows(s, &schedule_table[SCHEDULE_FIND],
			  PARAMS(branch, branch, class, class, teacher, teacher, room, room, room,
				 state, today, state, today, state, text, text, text, text, text,
				 text, P_I64((int64_t)q->limit), P_I64(q->offset)),
			  q->limit, a, ret_rows, ret_n, e);
}

enum rc schedule_keys(struct store *s, int64_t branch_id, int32_t from, int32_t to, struct arena *a,
		      const struct schedule_key **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &schedule_table[SCHEDULE_KEYS],
			  PARAMS(P_I64_OR_NULL(branch_id), P_I64_OR_NULL(branch_id), P_DAY(from),
				 P_DAY(to)),
			  50000, a, ret_rows, ret_n, e);
}
