/*
 * SQL of events.  The relay's own statements, from the outbox to the stream, are in store/relay.c.
 */
#include "store/event.h"

#include "store/expected.h"
#include "store/sets.h"

#define PAYLOAD_BYTES 8000
#define PUBLIC_BYTES  4000

static const struct column event_stored_columns[] = {
	COL(event_stored, seq, I64, false),
	COL(event_stored, at, TIME, false),
	COL_N(event_stored, type, TEXT, 160, false),
	COL(event_stored, branch_id, I64, false),
	COL(event_stored, attendance_id, I64, true),
	COL(event_stored, course_id, I64, true),
	COL(event_stored, person_id, I64, true),
	COL(event_stored, account_id, I64, true),
	COL(event_stored, audience, I64, false),
	COL_N(event_stored, payload, TEXT, PAYLOAD_BYTES, false),
	COL_N(event_stored, public_payload, TEXT, PUBLIC_BYTES, true),
};
static const struct column event_span_columns[] = {
	COL(event_span, first, I64, true),
	COL(event_span, last, I64, true),
};
static const struct column event_tie_columns[] = {
	COL(event_tie, branch_id, I64, false),
	COL(event_tie, teacher_id, I64, true),
	COL(event_tie, is_staff, I64, true),
	COL(event_tie, is_member, I64, true),
};
static const struct column event_open_columns[] = {
	COL(event_open, id, I64, false),
	{ "branch_id", COLUMN_I64, offsetof(struct event_open, tie.branch_id), 0, false },
	{ "teacher_id", COLUMN_I64, offsetof(struct event_open, tie.teacher_id), 0, true },
	{ "is_staff", COLUMN_I64, offsetof(struct event_open, tie.is_staff), 0, true },
	{ "is_member", COLUMN_I64, offsetof(struct event_open, tie.is_member), 0, true },
};
static const struct column event_course_columns[] = { COL(event_course, id, I64, false) };

/* How person p stands to attendance session s. */
#define TIE_COLUMNS                                                                                \
	"s.branch_id, s.teacher_id, EXISTS (SELECT 1 FROM class_staff k"                           \
	" WHERE k.class_id = s.class_id AND k.person_id = p.id) AS is_staff,"                      \
	" (s.branch_id = p.branch_id AND " EXPECTED(                                               \
		"p.id") ") OR EXISTS"                                                              \
			" (SELECT 1 FROM attendance_record r WHERE r.attendance_id = s.id"         \
			" AND r.person_id = p.id) AS is_member"

/* clang-format off */
/* What is said of several sessions; members that are NULL are left out. */
#define SESSIONS_PAYLOAD                                                                           \
	"JSON_MERGE_PATCH('{}', JSON_OBJECT('occurrence', IF(q.n = 1 AND ?, q.first_id, NULL),"    \
	" 'course', q.course_id, 'day', IF(q.n = 1, q.day, NULL), 'n', q.n))"

#define EVENT_STATEMENTS(ROWS, CHANGE)                                                             \
	CHANGE(EVENT_INSERT, "tsiiiiiiss",                                                         \
	       "INSERT INTO outbox (at, type, branch_id, attendance_id, course_id, person_id,"     \
	       " account_id, audience, payload, public) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")    \
	CHANGE(EVENT_INSERT_SESSIONS, "tsiiist",                                                   \
	       "INSERT INTO outbox (at, type, branch_id, course_id, person_id, audience, payload," \
	       " public) SELECT ?, ?, q.branch_id, q.course_id, q.teacher_id,"                     \
	       " ? - IF(q.course_id IS NULL, 4, 0) - IF(q.teacher_id IS NULL, 8, 0), "             \
	       SESSIONS_PAYLOAD ", IF(q.course_id IS NULL, NULL, " SESSIONS_PAYLOAD ")"            \
	       " FROM (SELECT o.branch_id, o.course_id, o.teacher_id, COUNT(*) AS n,"              \
	       " MIN(o.id) AS first_id, MIN(o.session_date) AS day"                                \
	       " FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j"                        \
	       " JOIN occurrence o ON o.id = j.id WHERE o.ends_at > ?"                             \
	       " GROUP BY o.branch_id, o.course_id, o.teacher_id) q")                              \
	ROWS(EVENT_ROWS, "ii", event_stored,                                                       \
	     "SELECT seq, at, type, branch_id, attendance_id, course_id, person_id, account_id,"   \
	     " audience + 0 AS audience, payload, public AS public_payload FROM event"             \
	     " WHERE seq > ? ORDER BY seq LIMIT ?")                                                \
	ROWS(EVENT_SPAN, "", event_span, "SELECT MIN(seq) AS first, MAX(seq) AS last FROM event")  \
	ROWS(EVENT_TIE_ATTENDANCE, "ii", event_tie,                                                \
	     "SELECT " TIE_COLUMNS " FROM attendance_session s LEFT JOIN person p ON p.id = ?"     \
	     " WHERE s.id = ? AND s.deleted_at IS NULL")                                           \
	ROWS(EVENT_TIE_COURSE, "tii", event_tie,                                                   \
	     "SELECT s.branch_id, CAST(NULL AS SIGNED) AS teacher_id, EXISTS (SELECT 1 FROM course_teacher t"      \
	     " WHERE t.course_id = s.id AND t.person_id = s.who) AS is_staff,"                     \
	     " EXISTS (SELECT 1 FROM enrolment n WHERE n.course_id = s.id"                         \
	     " AND n.person_id = s.who AND n.state = 'approved' AND " EXPECTED_ON_DAY("n") ")"     \
	     " OR EXISTS (SELECT 1 FROM course_section x JOIN section_member m"                    \
	     " ON m.section_id = x.section_id WHERE x.course_id = s.id AND m.person_id = s.who"    \
	     " AND " EXPECTED_ON_DAY("m") ") AS is_member"                                         \
	     " FROM (SELECT c.id, c.branch_id, DATE(?) AS session_date, p.id AS who FROM course c" \
	     " LEFT JOIN person p ON p.id = ? WHERE c.id = ?) s")                                  \
	ROWS(EVENT_OPEN_ROWS, "iitii", event_open,                                                  \
	     "SELECT o.* FROM (SELECT s.id, " TIE_COLUMNS " FROM attendance_session s"             \
	     " JOIN person p ON p.id = ? WHERE s.branch_id = ? AND s.state IN ('open', 'paused')"  \
	     " AND s.closes_at > ? AND s.deleted_at IS NULL) o WHERE o.teacher_id = ?"             \
	     " OR o.is_staff OR o.is_member ORDER BY o.id DESC LIMIT ?")                           \
	ROWS(EVENT_COURSE_ROWS, "itii", event_course,                                              \
	     "SELECT id FROM (SELECT t.course_id AS id FROM course_teacher t JOIN course c"        \
	     " ON c.id = t.course_id AND c.ended_at IS NULL WHERE t.person_id = ? UNION"           \
	     " SELECT n.course_id FROM (SELECT DATE(?) AS session_date) s"                         \
	     " JOIN enrolment n ON n.person_id = ?"                                                \
	     " AND n.state = 'approved' AND " EXPECTED_ON_DAY("n") ") x ORDER BY id DESC LIMIT ?")
STATEMENT_SET(event, EVENT_STATEMENTS);
/* clang-format on */

enum rc event_insert(struct store *s, const struct event_row_new *row, int64_t now_us,
		     struct error *e)
{
	store_tell(s);
	return store_change(s, &event_table[EVENT_INSERT],
			    PARAMS(P_TIME(now_us), P_TEXT(str_from(row->type)),
				   P_I64(row->branch_id), P_I64_OR_NULL(row->attendance_id),
				   P_I64_OR_NULL(row->course_id), P_I64_OR_NULL(row->person_id),
				   P_I64_OR_NULL(row->account_id), P_I64(row->audience),
				   P_TEXT(row->payload), P_TEXT_OR_NULL(row->public_payload)),
			    NULL, NULL, e);
}

enum rc event_insert_sessions(struct store *s, const struct event_sessions_new *n, int64_t now_us,
			      struct error *e)
{
	store_tell(s);
	return store_change(s, &event_table[EVENT_INSERT_SESSIONS],
			    PARAMS(P_TIME(now_us), P_TEXT(str_from(n->type)), P_I64(n->audience),
				   P_I64(n->has_ids), P_I64(n->has_ids), P_TEXT(n->ids),
				   P_TIME(now_us)),
			    NULL, NULL, e);
}

enum rc event_rows(struct store *s, int64_t seq, size_t limit, struct arena *a,
		   const struct event_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &event_table[EVENT_ROWS], PARAMS(P_I64(seq), P_I64((int64_t)limit)),
			  limit, a, ret_rows, ret_n, e);
}

enum rc event_span(struct store *s, struct arena *a, struct event_span *ret, struct error *e)
{
	return store_row(s, &event_table[EVENT_SPAN], NULL, 0, a, ret, e);
}

enum rc event_tie_attendance(struct store *s, int64_t id, int64_t person_id, struct arena *a,
			     struct event_tie *ret, struct error *e)
{
	return store_row(s, &event_table[EVENT_TIE_ATTENDANCE],
			 PARAMS(P_I64_OR_NULL(person_id), P_I64(id)), a, ret, e);
}

enum rc event_tie_course(struct store *s, int64_t id, int64_t person_id, int64_t now_us,
			 struct arena *a, struct event_tie *ret, struct error *e)
{
	return store_row(s, &event_table[EVENT_TIE_COURSE],
			 PARAMS(P_TIME(now_us), P_I64_OR_NULL(person_id), P_I64(id)), a, ret, e);
}

enum rc event_open_rows(struct store *s, int64_t branch_id, int64_t person_id, int64_t now_us,
			size_t limit, struct arena *a, const struct event_open **ret_rows,
			size_t *ret_n, struct error *e)
{
	return store_rows(s, &event_table[EVENT_OPEN_ROWS],
			  PARAMS(P_I64(person_id), P_I64(branch_id), P_TIME(now_us),
				 P_I64(person_id), P_I64((int64_t)limit)),
			  limit, a, ret_rows, ret_n, e);
}

enum rc event_course_rows(struct store *s, int64_t person_id, int64_t now_us, size_t limit,
			  struct arena *a, const struct event_course **ret_rows, size_t *ret_n,
			  struct error *e)
{
	return store_rows(s, &event_table[EVENT_COURSE_ROWS],
			  PARAMS(P_I64(person_id), P_TIME(now_us), P_I64(person_id),
				 P_I64((int64_t)limit)),
			  limit, a, ret_rows, ret_n, e);
}
