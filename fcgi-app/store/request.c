/*
 * SQL of requests.
 */
#include "store/request.h"

#include "store/sets.h"

#define TITLE_BYTES 800
#define NAME_BYTES  1000
#define TEXT_BYTES  8000
#define PER_REQUEST 3 /* free rooms */

static const struct column request_stored_columns[] = {
	COL(request_stored, id, I64, false),
	COL(request_stored, branch_id, I64, false),
	COL(request_stored, account_id, I64, false),
	COL(request_stored, teacher_id, I64, true),
	COL(request_stored, course_id, I64, true),
	COL(request_stored, class_id, I64, true),
	COL(request_stored, room_id, I64, true),
	COL(request_stored, schedule_id, I64, true),
	COL(request_stored, n_days, I64, false),
	COL(request_stored, weekdays, I64, false),
	COL(request_stored, day_of_month, I64, true),
	COL(request_stored, needs_session, I64, false),
	COL(request_stored, version, I64, false),
	COL(request_stored, n_sessions, I64, true),
	COL(request_stored, session_id, I64, true),
	COL(request_stored, n_members, I64, true),
	COL(request_stored, reviewed_by, I64, true),
	COL(request_stored, reviewed_at, TIME, true),
	COL(request_stored, created_at, TIME, false),
	COL(request_stored, updated_at, TIME, false),
	COL(request_stored, session_date, DAY, false),
	COL(request_stored, until_date, DAY, true),
	COL(request_stored, start_time, TOD, false),
	COL(request_stored, end_time, TOD, false),
	COL_N(request_stored, branch_name, TEXT, 480, false),
	COL_N(request_stored, zone, TEXT, 256, false),
	COL_N(request_stored, requester_name, TEXT, NAME_BYTES, true),
	COL_N(request_stored, username, TEXT, 320, false),
	COL_N(request_stored, email, TEXT, 1016, true),
	COL_N(request_stored, class_name, TEXT, 480, false),
	COL_N(request_stored, course_code, TEXT, 160, true),
	COL_N(request_stored, course_title, TEXT, TITLE_BYTES, true),
	COL_N(request_stored, room_name, TEXT, 320, true),
	COL_N(request_stored, title, TEXT, TITLE_BYTES, false),
	COL_N(request_stored, kind, TEXT, 200, true),
	COL_N(request_stored, notes, TEXT, 65535, true),
	COL_N(request_stored, recurrence, TEXT, 64, true),
	COL_N(request_stored, state, TEXT, 64, false),
	COL_N(request_stored, response, TEXT, TEXT_BYTES, true),
	COL_N(request_stored, reviewer_name, TEXT, NAME_BYTES, true),
	COL(request_stored, total, I64, false),
};
struct request_locked {
	int64_t id;
};
static const struct column request_locked_columns[] = { COL(request_locked, id, I64, false) };
static const struct column request_count_row_columns[] = {
	COL(request_count_row, n_pending, I64, true),
	COL(request_count_row, n_question, I64, true),
	COL(request_count_row, n_approved, I64, true),
	COL(request_count_row, n_rejected, I64, true),
	COL(request_count_row, n_withdrawn, I64, true),
	COL(request_count_row, n_unmade, I64, true),
};
static const struct column request_step_row_columns[] = {
	COL(request_step_row, id, I64, false),
	COL(request_step_row, at, TIME, false),
	COL(request_step_row, account_id, I64, false),
	COL_N(request_step_row, action, TEXT, 64, false),
	COL_N(request_step_row, actor_name, TEXT, NAME_BYTES, true),
	COL_N(request_step_row, text, TEXT, TEXT_BYTES, true),
};
static const struct column request_day_row_columns[] = {
	COL(request_day_row, session_date, DAY, false),
	COL(request_day_row, starts_at, TIME, false),
	COL(request_day_row, ends_at, TIME, false),
};
static const struct column request_subject_row_columns[] = {
	COL(request_subject_row, class_id, I64, true),
	COL(request_subject_row, n_members, I64, true),
	COL(request_subject_row, course_id, I64, true),
	COL(request_subject_row, teaches, I64, true),
	COL(request_subject_row, room_id, I64, true),
	COL(request_subject_row, room_capacity, I64, true),
	COL_N(request_subject_row, zone, TEXT, 256, false),
	COL_N(request_subject_row, class_name, TEXT, 480, true),
	COL_N(request_subject_row, room_name, TEXT, 320, true),
};
static const struct column request_choice_row_columns[] = {
	COL(request_choice_row, id, I64, false),
	COL(request_choice_row, is_own, I64, true),
	COL_N(request_choice_row, name, TEXT, TITLE_BYTES, false),
	COL_N(request_choice_row, detail, TEXT, 160, true),
};
static const struct column request_clash_row_columns[] = {
	COL(request_clash_row, request_id, I64, false),
	COL(request_clash_row, kind, I64, false),
	COL(request_clash_row, occurrence_id, I64, false),
	COL(request_clash_row, session_date, DAY, false),
	COL(request_clash_row, start_time, TOD, false),
	COL(request_clash_row, end_time, TOD, false),
	COL_N(request_clash_row, title, TEXT, TITLE_BYTES, false),
	COL_N(request_clash_row, room, TEXT, 320, false),
	COL_N(request_clash_row, teacher_name, TEXT, NAME_BYTES, true),
	COL_N(request_clash_row, class_name, TEXT, 480, true),
};
static const struct column request_room_row_columns[] = {
	COL(request_room_row, request_id, I64, false),
	COL(request_room_row, id, I64, false),
	COL(request_room_row, capacity, I64, true),
	COL_N(request_room_row, name, TEXT, 320, false),
};
static const struct column request_session_row_columns[] = {
	COL(request_session_row, id, I64, false),
	COL(request_session_row, is_held, I64, true),
	COL_N(request_session_row, state, TEXT, 64, false),
	COL_N(request_session_row, title, TEXT, TITLE_BYTES, false),
	COL_N(request_session_row, room, TEXT, 320, false),
	COL(request_session_row, session_date, DAY, false),
	COL(request_session_row, start_time, TOD, false),
	COL(request_session_row, end_time, TOD, false),
};

#define NAME_OF(account, person)                                                                   \
	"COALESCE(TRIM(CONCAT(" person ".given_name, ' ', " person ".family_name)), " account      \
	".username)"
#define SELECT_REQUEST(total)                                                                      \
	"SELECT r.id, r.branch_id, r.account_id, r.teacher_id, r.course_id, r.class_id, "          \
	"r.room_id,"                                                                               \
	" r.schedule_id, r.n_days, r.weekdays, r.day_of_month, r.needs_session, r.version,"        \
	" (SELECT COUNT(*) FROM occurrence o WHERE o.request_id = r.id"                            \
	" AND o.state <> 'cancelled') AS n_sessions,"                                              \
	" (SELECT MIN(o.id) FROM occurrence o WHERE o.request_id = r.id"                           \
	" AND o.state <> 'cancelled') AS session_id,"                                              \
	" g.n_members, r.reviewed_by, r.reviewed_at, r.created_at, r.updated_at, r.session_date,"  \
	" r.until_date, r.start_time, r.end_time, b.name AS branch_name, b.zone, " NAME_OF(        \
		"a",                                                                               \
		"p") " AS requester_name, a.username, a.email, r.class_name,"                      \
		     " k.code AS course_code, k.title AS course_title, m.name AS room_name,"       \
		     " r.title, r.kind, r.notes, r.recurrence, r.state, r.response, " NAME_OF(     \
			     "v",                                                                  \
			     "w") " AS reviewer_name, " total " AS total"                          \
				  " FROM session_request r JOIN branch b ON b.id = r.branch_id"    \
				  " JOIN account a ON a.id = r.account_id LEFT JOIN person p ON "  \
				  "p.id = a.person_id"                                             \
				  " LEFT JOIN class g ON g.id = r.class_id LEFT JOIN course k ON " \
				  "k.id = r.course_id"                                             \
				  " LEFT JOIN room m ON m.id = r.room_id LEFT JOIN account v ON "  \
				  "v.id = r.reviewed_by"                                           \
				  " LEFT JOIN person w ON w.id = v.person_id WHERE r.removed_at "  \
				  "IS NULL"
/* (branch ×2, account ×2, course ×2, class ×2, state ×3, withdrawn, state, unmade, kind ×2,
 * from ×2, to ×2, text ×5) */
#define WHERE_FOUND                                                                                \
	" AND (? = 0 OR r.branch_id = ?) AND (? = 0 OR r.account_id = ?)"                          \
	" AND (? = 0 OR r.course_id = ?) AND (? = 0 OR r.class_id = ?)"                            \
	" AND (? = '' OR r.state IN (?, ?)) AND (? = 1 OR ? <> '' OR r.state <> 'withdrawn')"      \
	" AND (? = 0 OR r.needs_session = 1) AND (? = '' OR r.kind = ?)"                           \
	" AND (? IS NULL OR COALESCE(r.until_date, r.session_date) >= ?)"                          \
	" AND (? IS NULL OR r.session_date <= ?)"                                                  \
	" AND (? = '' OR LOCATE(?, r.title) > 0 OR LOCATE(?, r.class_name) > 0"                    \
	" OR LOCATE(?, CONCAT(COALESCE(k.code, ''), ' ', COALESCE(k.title, ''))) > 0"              \
	" OR LOCATE(?, CONCAT(COALESCE(p.given_name, ''), ' ', COALESCE(p.family_name, ''), ' ',"  \
	" a.username)) > 0)"
#define FOUND_PARAMS "iiiiiiiisssisissddddsssss"

#define IDS_TABLE "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j"
#define DAYS_TABLE                                                                                 \
	"JSON_TABLE(?, '$[*]' COLUMNS (d DATE PATH '$.d', s DATETIME PATH '$.s',"                  \
	" e DATETIME PATH '$.e')) j"
/* No session is longer than a day with a clock change. */
#define MEETS(begin, end)                                                                          \
	" o.starts_at < " end " AND o.starts_at > " begin                                          \
	" - INTERVAL 27 HOUR AND o.ends_at > " begin " AND o.state <> 'cancelled'"
/* (ids, now) */
#define CLASHES(kind, join)                                                                        \
	"SELECT r.id AS request_id, " kind " AS kind, o.id AS occurrence_id, o.session_date,"      \
	" o.start_time, o.end_time, o.title, o.room,"                                              \
	" TRIM(CONCAT(t.given_name, ' ', t.family_name)) AS teacher_name, g.name AS class_name"    \
	" FROM " IDS_TABLE " STRAIGHT_JOIN session_request r ON r.id = j.id"                       \
	" STRAIGHT_JOIN session_request_day d ON d.request_id = r.id AND d.ends_at > ? " join      \
	" AND " MEETS("d.starts_at", "d.ends_at") " LEFT JOIN person t ON t.id = o.teacher_id"     \
						  " LEFT JOIN class g ON g.id = o.class_id"

#define SELECT_SESSIONS                                                                            \
	"SELECT o.id, o.completion_id IS NOT NULL OR o.state = 'completed' OR EXISTS"              \
	" (SELECT 1 FROM attendance_session x WHERE x.occurrence_id = o.id AND x.deleted_at IS "   \
	"NULL) AS is_held, o.state,"                                                               \
	" o.title, o.room, o.session_date, o.start_time, o.end_time FROM occurrence o"             \
	" WHERE o.request_id = ? ORDER BY o.starts_at, o.id LIMIT ?"

#define REQUEST_STATEMENTS(ROWS, CHANGE)                                                                                                                                                                                                   \
	ROWS(REQUEST_READ, "i", request_stored, SELECT_REQUEST("1") " AND r.id = ?")                                                                                                                                                       \
	ROWS(REQUEST_LOCK, "i", request_locked,                                                                                                                                                                                            \
	     "SELECT id FROM session_request WHERE id = ? AND removed_at IS NULL FOR UPDATE")                                                                                                                                              \
	ROWS(REQUEST_FIND, FOUND_PARAMS "iiii", request_stored,                                                                                                                                                                            \
	     SELECT_REQUEST("COUNT(*) OVER ()") WHERE_FOUND                                                                                                                                                                                \
	     " ORDER BY IF(? = 1, r.session_date, NULL), IF(? = 1, r.start_time,"                                                                                                                                                          \
	     " NULL), r.id DESC LIMIT ? OFFSET ?")                                                                                                                                                                                         \
	ROWS(REQUEST_COUNTS, "iiii", request_count_row,                                                                                                                                                                                    \
	     "SELECT CAST(SUM(state = 'pending') AS SIGNED) AS n_pending,"                                                                                                                                                                 \
	     " CAST(SUM(state = 'question') AS SIGNED) AS n_question,"                                                                                                                                                                     \
	     " CAST(SUM(state = 'approved') AS SIGNED) AS n_approved,"                                                                                                                                                                     \
	     " CAST(SUM(state = 'rejected') AS SIGNED) AS n_rejected,"                                                                                                                                                                     \
	     " CAST(SUM(state = 'withdrawn') AS SIGNED) AS n_withdrawn,"                                                                                                                                                                   \
	     " CAST(SUM(needs_session) AS SIGNED) AS n_unmade FROM session_request"                                                                                                                                                        \
	     " WHERE (? = 0 OR branch_id = ?) AND (? = 0 OR account_id = ?)"                                                                                                                                                               \
	     " AND removed_at IS NULL")                                                                                                                                                                                                    \
	CHANGE(REQUEST_INSERT, "iiiiisissssdccsdiiitt",                                                                                                                                                                                    \
	       "INSERT INTO session_request (branch_id, account_id, teacher_id, course_id,"                                                                                                                                                \
	       " class_id, class_name, room_id, title, kind, notes, state, session_date,"                                                                                                                                                  \
	       " start_time, end_time, recurrence, until_date, weekdays, day_of_month, n_days,"                                                                                                                                            \
	       " created_at, updated_at)"                                                                                                                                                                                                  \
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")                                                                                                                                                  \
	CHANGE(REQUEST_PUT_DAYS, "is",                                                                                                                                                                                                     \
	       "INSERT INTO session_request_day (request_id, session_date, starts_at, ends_at)"                                                                                                                                            \
	       " SELECT ?, j.d, j.s, j.e FROM " DAYS_TABLE)                                                                                                                                                                                \
	CHANGE(REQUEST_WRITE, "ssitiiiiiti",                                                                                                                                                                                               \
	       "UPDATE session_request SET state = ?, response = ?, reviewed_by = ?,"                                                                                                                                                      \
	       " reviewed_at = ?, schedule_id = ?, needs_session = ?, class_id = ?,"                                                                                                                                                       \
	       " course_id = ?, room_id = ?, updated_at = ?, version = version + 1 WHERE id = ?")                                                                                                                                          \
	CHANGE(REQUEST_REMOVE, "ti",                                                                                                                                                                                                       \
	       "UPDATE session_request SET removed_at = ?, version = version + 1 WHERE id = ?")                                                                                                                                            \
	CHANGE(REQUEST_STEP_ADD, "itiss",                                                                                                                                                                                                  \
	       "INSERT INTO session_request_step (request_id, at, account_id, action, text)"                                                                                                                                               \
	       " VALUES (?, ?, ?, ?, ?)")                                                                                                                                                                                                  \
	ROWS(REQUEST_STEPS, "ii", request_step_row,                                                                                                                                                                                        \
	     "SELECT x.id, x.at, x.account_id, x.action, " NAME_OF(                                                                                                                                                                        \
		     "a", "p") " AS actor_name, x.text FROM session_request_step x"                                                                                                                                                        \
			       " JOIN account a ON a.id = x.account_id"                                                                                                                                                                    \
			       " LEFT JOIN person p ON p.id = a.person_id"                                                                                                                                                                 \
			       " WHERE x.request_id = ? ORDER BY x.id LIMIT ?")                                                                                                                                                            \
	ROWS(REQUEST_DAYS, "i", request_day_row,                                                                                                                                                                                           \
	     "SELECT session_date, starts_at, ends_at FROM session_request_day"                                                                                                                                                            \
	     " WHERE request_id = ? ORDER BY session_date")                                                                                                                                                                                \
	ROWS(REQUEST_SUBJECT, "isiiii", request_subject_row,                                                                                                                                                                               \
	     "SELECT g.id AS class_id, g.n_members, k.id AS course_id,"                                                                                                                                                                    \
	     " t.person_id IS NOT NULL AS teaches, m.id AS room_id, m.capacity AS room_capacity,"                                                                                                                                          \
	     " b.zone, g.name AS class_name, m.name AS room_name FROM branch b"                                                                                                                                                            \
	     " LEFT JOIN class g ON g.branch_id = b.id AND g.ended_at IS NULL"                                                                                                                                                             \
	     " AND (g.id = ? OR g.name_live = ?)"                                                                                                                                                                                          \
	     " LEFT JOIN course k ON k.branch_id = b.id AND k.ended_at IS NULL AND k.id = ?"                                                                                                                                               \
	     " LEFT JOIN course_teacher t ON t.course_id = k.id AND t.person_id = ?"                                                                                                                                                       \
	     " LEFT JOIN room m ON m.branch_id = b.id AND m.ended_at IS NULL AND m.id = ?"                                                                                                                                                 \
	     " WHERE b.id = ?")                                                                                                                                                                                                            \
	ROWS(REQUEST_CLASSES, "iiii", request_choice_row,                                                                                                                                                                                  \
	     "SELECT g.id, EXISTS (SELECT 1 FROM class_staff f WHERE f.class_id = g.id"                                                                                                                                                    \
	     " AND f.person_id = ?) OR EXISTS (SELECT 1 FROM course_teacher t"                                                                                                                                                             \
	     " JOIN course_section q ON q.course_id = t.course_id"                                                                                                                                                                         \
	     " JOIN class_section y ON y.section_id = q.section_id"                                                                                                                                                                        \
	     " WHERE t.person_id = ? AND y.class_id = g.id) AS is_own, g.name, CAST(g.n_members "                                                                                                                                          \
	     "AS CHAR) AS detail"                                                                                                                                                                                                          \
	     " FROM class g WHERE g.branch_id = ? AND g.ended_at IS NULL"                                                                                                                                                                  \
	     " ORDER BY is_own DESC, g.name, g.id LIMIT ?")                                                                                                                                                                                \
	ROWS(REQUEST_COURSES, "iii", request_choice_row,                                                                                                                                                                                   \
	     "SELECT k.id, 1 AS is_own, k.title AS name, k.code AS detail FROM course_teacher t"                                                                                                                                           \
	     " JOIN course k ON k.id = t.course_id WHERE t.person_id = ? AND k.branch_id = ?"                                                                                                                                              \
	     " AND k.ended_at IS NULL ORDER BY k.code, k.id LIMIT ?")                                                                                                                                                                      \
	ROWS(REQUEST_COURSES_OF_CLASS, "ii", request_choice_row,                                                                                                                                                                           \
	     "SELECT k.id, 1 AS is_own, k.title AS name, k.code AS detail FROM course_teacher t"                                                                                                                                           \
	     " JOIN course k ON k.id = t.course_id AND k.ended_at IS NULL"                                                                                                                                                                 \
	     " WHERE t.person_id = ? AND EXISTS (SELECT 1 FROM course_section q"                                                                                                                                                           \
	     " JOIN class_section y ON y.section_id = q.section_id"                                                                                                                                                                        \
	     " WHERE q.course_id = k.id AND y.class_id = ?) ORDER BY k.id LIMIT 2")                                                                                                                                                        \
	ROWS(REQUEST_CLASHES, "ststststi", request_clash_row,                                                                                                                                                                              \
	     CLASHES("1",                                                                                                                                                                                                                  \
		     "STRAIGHT_JOIN occurrence o ON o.room_id = r.room_id") " UNION "                                                                                                                                                      \
									    "ALL " CLASHES("2", "STRAIGHT_JOIN occurrence o ON o.teacher_id = r.teacher_id") " UNION ALL " CLASHES(                                                        \
										    "4",                                                                                                                                                   \
										    "STRAIGH"                                                                                                                                              \
										    "T_JOIN "                                                                                                                                              \
										    "occurre"                                                                                                                                              \
										    "nce o "                                                                                                                                               \
										    "ON "                                                                                                                                                  \
										    "o."                                                                                                                                                   \
										    "class_"                                                                                                                                               \
										    "id = "                                                                                                                                                \
										    "r."                                                                                                                                                   \
										    "class_"                                                                                                                                               \
										    "id") " "                                                                                                                                              \
											  "U"                                                                                                                                              \
											  "N"                                                                                                                                              \
											  "I"                                                                                                                                              \
											  "O"                                                                                                                                              \
											  "N"                                                                                                                                              \
											  " "                                                                                                                                              \
											  "A"                                                                                                                                              \
											  "L"                                                                                                                                              \
											  "L"                                                                                                                                              \
											  " " CLASHES(                                                                                                                                     \
												  "4",                                                                                                                                     \
												  "STRAIGHT_JOIN class_section y ON y.class_id = r.class_id"                                                                               \
												  " STRAIGHT_JOIN class_section z ON z.section_id = y.section_id"                                                                          \
												  " AND z.class_id <> r.class_id"                                                                                                          \
												  " STRAIGHT_JOIN occurrence o ON o.class_id = z.class_id") " ORDER BY request_id, session_date, start_time, occurrence_id, kind LIMIT ?") \
	ROWS(REQUEST_FREE_ROOMS, "si", request_room_row,                                                                                                                                                                                   \
	     "SELECT f.request_id, f.id, f.capacity, f.name FROM (SELECT r.id AS request_id,"                                                                                                                                              \
	     " m.id, m.capacity, m.name,"                                                                                                                                                                                                  \
	     " ROW_NUMBER() OVER (PARTITION BY r.id ORDER BY m.name, m.id) AS place"                                                                                                                                                       \
	     " FROM " IDS_TABLE " JOIN session_request r ON r.id = j.id"                                                                                                                                                                   \
	     " JOIN room m ON m.branch_id = r.branch_id AND m.ended_at IS NULL"                                                                                                                                                            \
	     " LEFT JOIN class g ON g.id = r.class_id WHERE r.n_days = 1 AND r.room_id IS NULL"                                                                                                                                            \
	     " AND (m.capacity IS NULL OR g.id IS NULL OR m.capacity >= g.n_members)"                                                                                                                                                      \
	     " AND NOT EXISTS (SELECT 1 FROM session_request_day d JOIN occurrence o"                                                                                                                                                      \
	     " ON o.room_id = m.id AND" MEETS(                                                                                                                                                                                             \
		     "d.starts_at", "d.ends_at") " WHERE d.request_id = r.id)) f WHERE f.place "                                                                                                                                           \
						 "<= ? ORDER BY f.request_id, f.place")                                                                                                                                                    \
	ROWS(REQUEST_ROOMS_AT, "iisi", request_room_row,                                                                                                                                                                                   \
	     "SELECT 0 AS request_id, m.id, m.capacity, m.name FROM room m WHERE m.branch_id = ?"                                                                                                                                          \
	     " AND m.ended_at IS NULL AND (m.capacity IS NULL OR m.capacity >= ?)"                                                                                                                                                         \
	     " AND NOT EXISTS (SELECT 1 FROM " DAYS_TABLE                                                                                                                                                                                  \
	     " JOIN occurrence o ON o.room_id = m.id AND" MEETS(                                                                                                                                                                           \
		     "j.s", "j.e") ")"                                                                                                                                                                                                     \
				   " ORDER BY m.name, m.id LIMIT ?")                                                                                                                                                                       \
	ROWS(REQUEST_SESSIONS, "ii", request_session_row, SELECT_SESSIONS)                                                                                                                                                                 \
	ROWS(REQUEST_SESSIONS_LOCK, "ii", request_session_row, SELECT_SESSIONS " FOR UPDATE")                                                                                                                                              \
	CHANGE(REQUEST_CLAIM_SCHEDULE, "ii",                                                                                                                                                                                               \
	       "UPDATE occurrence SET request_id = ? WHERE schedule_id = ?")                                                                                                                                                               \
	CHANGE(REQUEST_CANCEL_SESSIONS, "siti",                                                                                                                                                                                            \
	       "UPDATE occurrence o SET o.state = 'cancelled', o.cancel_cause = 'person',"                                                                                                                                                 \
	       " o.cancel_reason = ?, o.cancelled_by = ?, o.cancelled_at = ?,"                                                                                                                                                             \
	       " o.version = o.version + 1 WHERE o.request_id = ? AND o.state = 'scheduled'"                                                                                                                                               \
	       " AND o.completion_id IS NULL AND NOT EXISTS (SELECT 1 FROM attendance_session x"                                                                                                                                           \
	       " WHERE x.occurrence_id = o.id AND x.deleted_at IS NULL)")
STATEMENT_SET(request, REQUEST_STATEMENTS);

/* NULL for the empty text. */
static struct param text_or_null(struct str v)
{
	return (struct param){ .type = 's', .is_null = v.n == 0, .s = v };
}

static struct param text(struct str v)
{
	return P_TEXT(v.p ? v : STR(""));
}

enum rc request_read(struct store *s, int64_t id, struct arena *a, struct request_stored *ret,
		     struct error *e)
{
	return store_row(s, &request_table[REQUEST_READ], PARAMS(P_I64(id)), a, ret, e);
}

enum rc request_lock(struct store *s, int64_t id, struct arena *a, struct error *e)
{
	struct request_locked locked;

	return store_row(s, &request_table[REQUEST_LOCK], PARAMS(P_I64(id)), a, &locked, e);
}

enum rc request_find(struct store *s, const struct request_search *q, struct arena *a,
		     const struct request_stored **ret_rows, size_t *ret_n, struct error *e)
{
	struct param state = text(q->state), kind = text(q->kind), words = text(q->search);
	struct param branch = P_I64(q->branch_id), account = P_I64(q->account_id);
	struct param course = P_I64(q->course_id), class = P_I64(q->class_id);
	struct param from = P_DAY(q->from_day), to = P_DAY(q->to_day), by_day = P_I64(q->by_day);

	return store_rows(s, &request_table[REQUEST_FIND],
			  PARAMS(branch, branch, account, account, course, course, class, class,
				 state, state, text(q->or_state), P_I64(q->with_withdrawn), state,
				 P_I64(q->only_unmade), kind, kind, from, from, to, to, words,
				 words, words, words, words, by_day, by_day,
				 P_I64((int64_t)q->limit), P_I64(q->offset)),
			  q->limit, a, ret_rows, ret_n, e);
}

enum rc request_counts(struct store *s, int64_t branch_id, int64_t account_id, struct arena *a,
		       struct request_count_row *ret, struct error *e)
{
	return store_row(s, &request_table[REQUEST_COUNTS],
			 PARAMS(P_I64(branch_id), P_I64(branch_id), P_I64(account_id),
				P_I64(account_id)),
			 a, ret, e);
}

enum rc request_insert(struct store *s, const struct request_stored *r, int64_t now_at,
		       int64_t *ret_id, struct error *e)
{
	return store_change(s, &request_table[REQUEST_INSERT],
			    PARAMS(P_I64(r->branch_id), P_I64(r->account_id),
				   P_I64_OR_NULL(r->teacher_id), P_I64_OR_NULL(r->course_id),
				   P_I64_OR_NULL(r->class_id), P_TEXT(r->class_name),
				   P_I64_OR_NULL(r->room_id), P_TEXT(r->title),
				   text_or_null(r->kind), text_or_null(r->notes), P_TEXT(r->state),
				   P_DAY(r->session_date), P_TOD(r->start_time), P_TOD(r->end_time),
				   text_or_null(r->recurrence), P_DAY(r->until_date),
				   P_I64(r->weekdays), P_I64_OR_NULL(r->day_of_month),
				   P_I64(r->n_days), P_TIME(now_at), P_TIME(now_at)),
			    NULL, ret_id, e);
}

enum rc request_put_days(struct store *s, int64_t id, struct str days, struct error *e)
{
	return store_change(s, &request_table[REQUEST_PUT_DAYS], PARAMS(P_I64(id), P_TEXT(days)),
			    NULL, NULL, e);
}

enum rc request_write(struct store *s, const struct request_stored *r, int64_t now_at,
		      struct error *e)
{
	return store_change(s, &request_table[REQUEST_WRITE],
			    PARAMS(P_TEXT(r->state), text_or_null(r->response),
				   P_I64_OR_NULL(r->reviewed_by), P_TIME(r->reviewed_at),
				   P_I64_OR_NULL(r->schedule_id), P_I64(r->needs_session),
				   P_I64_OR_NULL(r->class_id), P_I64_OR_NULL(r->course_id),
				   P_I64_OR_NULL(r->room_id), P_TIME(now_at), P_I64(r->id)),
			    NULL, NULL, e);
}

enum rc request_remove(struct store *s, int64_t id, int64_t now_at, struct error *e)
{
	return store_change(s, &request_table[REQUEST_REMOVE], PARAMS(P_TIME(now_at), P_I64(id)),
			    NULL, NULL, e);
}

enum rc request_step_add(struct store *s, int64_t id, int64_t account_id, const char *action,
			 struct str said, int64_t now_at, struct error *e)
{
	return store_change(s, &request_table[REQUEST_STEP_ADD],
			    PARAMS(P_I64(id), P_TIME(now_at), P_I64(account_id),
				   P_TEXT(str_from(action)), text_or_null(said)),
			    NULL, NULL, e);
}

enum rc request_steps(struct store *s, int64_t id, size_t limit, struct arena *a,
		      const struct request_step_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &request_table[REQUEST_STEPS],
			  PARAMS(P_I64(id), P_I64((int64_t)limit)), limit, a, ret_rows, ret_n, e);
}

enum rc request_days(struct store *s, int64_t id, struct arena *a,
		     const struct request_day_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &request_table[REQUEST_DAYS], PARAMS(P_I64(id)), 4000, a, ret_rows,
			  ret_n, e);
}

enum rc request_subject(struct store *s, const struct request_subject_in *in, struct arena *a,
			struct request_subject_row *ret, struct error *e)
{
	/* With an id the name is not asked about: two classes would be two rows. */
	struct param name = in->class_id ? (struct param){ .type = 's', .is_null = true }
					 : text_or_null(in->class_name);

	return store_row(s, &request_table[REQUEST_SUBJECT],
			 PARAMS(P_I64(in->class_id), name, P_I64(in->course_id),
				P_I64_OR_NULL(in->person_id), P_I64(in->room_id),
				P_I64(in->branch_id)),
			 a, ret, e);
}

enum rc request_classes(struct store *s, int64_t branch_id, int64_t person_id, size_t limit,
			struct arena *a, const struct request_choice_row **ret_rows, size_t *ret_n,
			struct error *e)
{
	return store_rows(s, &request_table[REQUEST_CLASSES],
			  PARAMS(P_I64_OR_NULL(person_id), P_I64_OR_NULL(person_id),
				 P_I64(branch_id), P_I64((int64_t)limit)),
			  limit, a, ret_rows, ret_n, e);
}

enum rc request_courses(struct store *s, int64_t branch_id, int64_t person_id, size_t limit,
			struct arena *a, const struct request_choice_row **ret_rows, size_t *ret_n,
			struct error *e)
{
	return store_rows(s, &request_table[REQUEST_COURSES],
			  PARAMS(P_I64_OR_NULL(person_id), P_I64(branch_id), P_I64((int64_t)limit)),
			  limit, a, ret_rows, ret_n, e);
}

enum rc request_courses_of_class(struct store *s, int64_t class_id, int64_t person_id,
				 struct arena *a, const struct request_choice_row **ret_rows,
				 size_t *ret_n, struct error *e)
{
	return store_rows(s, &request_table[REQUEST_COURSES_OF_CLASS],
			  PARAMS(P_I64_OR_NULL(person_id), P_I64(class_id)), 2, a, ret_rows, ret_n,
			  e);
}

enum rc request_clashes(struct store *s, struct str ids, int64_t now_at, size_t limit,
			struct arena *a, const struct request_clash_row **ret_rows, size_t *ret_n,
			struct error *e)
{
	struct param list = P_TEXT(ids), now = P_TIME(now_at);

	return store_rows(s, &request_table[REQUEST_CLASHES],
			  PARAMS(list, now, list, now, list, now, list, now, P_I64((int64_t)limit)),
			  limit, a, ret_rows, ret_n, e);
}

enum rc request_free_rooms(struct store *s, struct str ids, struct arena *a,
			   const struct request_room_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &request_table[REQUEST_FREE_ROOMS],
			  PARAMS(P_TEXT(ids), P_I64(PER_REQUEST)), 1000, a, ret_rows, ret_n, e);
}

enum rc request_rooms_at(struct store *s, int64_t branch_id, int64_t n_members, struct str days,
			 size_t limit, struct arena *a, const struct request_room_row **ret_rows,
			 size_t *ret_n, struct error *e)
{
	return store_rows(s, &request_table[REQUEST_ROOMS_AT],
			  PARAMS(P_I64(branch_id), P_I64(n_members), P_TEXT(days),
				 P_I64((int64_t)limit)),
			  limit, a, ret_rows, ret_n, e);
}

enum rc request_sessions(struct store *s, int64_t id, bool locks, size_t limit, struct arena *a,
			 const struct request_session_row **ret_rows, size_t *ret_n,
			 struct error *e)
{
	return store_rows(s, &request_table[locks ? REQUEST_SESSIONS_LOCK : REQUEST_SESSIONS],
			  PARAMS(P_I64(id), P_I64((int64_t)limit)), limit, a, ret_rows, ret_n, e);
}

enum rc request_claim_schedule(struct store *s, int64_t id, int64_t schedule_id, struct error *e)
{
	return store_change(s, &request_table[REQUEST_CLAIM_SCHEDULE],
			    PARAMS(P_I64(id), P_I64(schedule_id)), NULL, NULL, e);
}

enum rc request_cancel_sessions(struct store *s, int64_t id, struct str reason, int64_t account_id,
				int64_t now_at, int64_t *ret_n, struct error *e)
{
	return store_change(s, &request_table[REQUEST_CANCEL_SESSIONS],
			    PARAMS(text_or_null(reason), P_I64(account_id), P_TIME(now_at),
				   P_I64(id)),
			    ret_n, NULL, e);
}
