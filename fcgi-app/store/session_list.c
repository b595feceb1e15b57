/*
 * The statements of the session lists.
 *
 * The texts are put together from macros at compile time, so that what must be equal in
 * several statements stands once.  Parameters follow the text: see the put_* functions
 * beside each macro.  Plain lists read their rows from (scope, state, starts_at) or
 * (scope, starts_at) in order and stop at the limit; the full ones number what the filters
 * leave in a derived table of ids and join the rest to one page of it.
 */
#include "store/session_list.h"

#include "store/sets.h"

#define TITLE_BYTES 800
#define NAME_BYTES  1000 /* "given family" */
#define LIST_BYTES  1048576

/* ---- rows -------------------------------------------------------------------------- */

#define BASE_COLUMN(row, pre, member, type, max, null)                                             \
	{                                                                                          \
#member, COLUMN_##type, offsetof(struct row, pre member), max, null                \
	}
/* weak: every column may be NULL, as behind a LEFT JOIN. */
#define BASE_COLUMNS(row, pre, weak)                                                               \
	BASE_COLUMN(row, pre, id, I64, 0, weak),                                                   \
		BASE_COLUMN(row, pre, completion_id, I64, 0, true),                                \
		BASE_COLUMN(row, pre, version, I64, 0, weak),                                      \
		BASE_COLUMN(row, pre, state, TEXT, 64, weak),                                      \
		BASE_COLUMN(row, pre, completion_state, TEXT, 64, true),                           \
		BASE_COLUMN(row, pre, title, TEXT, TITLE_BYTES, weak),                             \
		BASE_COLUMN(row, pre, room, TEXT, 320, weak),                                      \
		BASE_COLUMN(row, pre, course_id, I64, 0, true),                                    \
		BASE_COLUMN(row, pre, class_id, I64, 0, true),                                     \
		BASE_COLUMN(row, pre, course_code, TEXT, 160, true),                               \
		BASE_COLUMN(row, pre, class_name, TEXT, 480, true),                                \
		BASE_COLUMN(row, pre, n_members, I64, 0, true),                                    \
		BASE_COLUMN(row, pre, teacher_id, I64, 0, true),                                   \
		BASE_COLUMN(row, pre, teacher_name, TEXT, NAME_BYTES, true),                       \
		BASE_COLUMN(row, pre, session_date, DAY, 0, weak),                                 \
		BASE_COLUMN(row, pre, start_time, TOD, 0, weak),                                   \
		BASE_COLUMN(row, pre, end_time, TOD, 0, weak),                                     \
		BASE_COLUMN(row, pre, actual_start, TOD, 0, true),                                 \
		BASE_COLUMN(row, pre, actual_end, TOD, 0, true),                                   \
		BASE_COLUMN(row, pre, starts_at, TIME, 0, weak),                                   \
		BASE_COLUMN(row, pre, ends_at, TIME, 0, weak),                                     \
		BASE_COLUMN(row, pre, moved_from_date, DAY, 0, true),                              \
		BASE_COLUMN(row, pre, code, TEXT, 400, true),                                      \
		BASE_COLUMN(row, pre, note_count, I64, 0, true),                                   \
		BASE_COLUMN(row, pre, file_count, I64, 0, true),                                   \
		BASE_COLUMN(row, pre, return_reason, TEXT, 2000, true),                            \
		BASE_COLUMN(row, pre, cancel_cause, TEXT, 64, true),                               \
		BASE_COLUMN(row, pre, cancel_reason, TEXT, 2000, true),                            \
		BASE_COLUMN(row, pre, cancelled_by_name, TEXT, NAME_BYTES, true)

static const struct column session_list_row_columns[] = { BASE_COLUMNS(session_list_row, , false) };

/* What a completed session can have, so that the list most looked at reads no more. */
struct session_done_row {
	struct session_list_row base;
};
#define DONE_COLUMN(member, type, max, null)                                                       \
	BASE_COLUMN(session_done_row, base., member, type, max, null)
static const struct column session_done_row_columns[] = {
	DONE_COLUMN(id, I64, 0, false),
	DONE_COLUMN(completion_id, I64, 0, true),
	DONE_COLUMN(version, I64, 0, false),
	DONE_COLUMN(completion_state, TEXT, 64, true),
	DONE_COLUMN(title, TEXT, TITLE_BYTES, false),
	DONE_COLUMN(course_id, I64, 0, true),
	DONE_COLUMN(class_id, I64, 0, true),
	DONE_COLUMN(course_code, TEXT, 160, true),
	DONE_COLUMN(class_name, TEXT, 480, true),
	DONE_COLUMN(teacher_id, I64, 0, true),
	DONE_COLUMN(teacher_name, TEXT, NAME_BYTES, true),
	DONE_COLUMN(session_date, DAY, 0, false),
	DONE_COLUMN(start_time, TOD, 0, false),
	DONE_COLUMN(end_time, TOD, 0, false),
	DONE_COLUMN(actual_start, TOD, 0, true),
	DONE_COLUMN(actual_end, TOD, 0, true),
	DONE_COLUMN(starts_at, TIME, 0, false),
	DONE_COLUMN(code, TEXT, 400, true),
	DONE_COLUMN(note_count, I64, 0, true),
	DONE_COLUMN(file_count, I64, 0, true),
};

static const struct column session_full_row_columns[] = {
	COL(session_full_row, rn, I64, true),
	COL(session_full_row, total, I64, true),
	COL(session_full_row, n_upcoming, I64, true),
	COL(session_full_row, n_completed, I64, true),
	COL(session_full_row, n_history, I64, true),
	COL(session_full_row, n_today, I64, true),
	COL(session_full_row, n_to_complete, I64, true),
	COL(session_full_row, n_week, I64, true),
	COL(session_full_row, week_s, I64, true),
	COL_N(session_full_row, courses, TEXT, LIST_BYTES, true),
	COL_N(session_full_row, classes, TEXT, LIST_BYTES, true),
	COL(session_full_row, n_staff_classes, I64, true),
	BASE_COLUMNS(session_full_row, base., true),
};

static const struct column session_month_row_columns[] = {
	COL(session_month_row, year, I64, true),
	COL(session_month_row, month, I64, true),
	COL(session_month_row, n, I64, true),
	COL(session_month_row, n_completed, I64, true),
	COL(session_month_row, n_cancelled, I64, true),
};

/* ---- pieces of text ------------------------------------------------------------------- */

#define SELECT_BASE(teacher, canceller)                                                            \
	"o.id, o.completion_id, o.version, o.state, c.state AS completion_state, o.title, o.room," \
	" o.course_id, o.class_id, k.code AS course_code, g.name AS class_name, g.n_members,"      \
	" o.teacher_id, " teacher " AS teacher_name, o.session_date, o.start_time, o.end_time,"    \
	" c.actual_start, c.actual_end, o.starts_at, o.ends_at, o.moved_from_date, c.code,"        \
	" c.note_count, c.file_count, c.return_reason, o.cancel_cause, "                           \
	"o.cancel_reason, " canceller " AS cancelled_by_name"
#define SELECT_DONE(teacher)                                                                       \
	"o.id, o.completion_id, o.version, c.state AS completion_state, o.title, o.course_id,"     \
	" o.class_id, k.code AS course_code, g.name AS class_name, o.teacher_id, " teacher         \
	" AS teacher_name, o.session_date, o.start_time, o.end_time, c.actual_start,"              \
	" c.actual_end, o.starts_at, c.code, c.note_count, c.file_count"
#define JOIN_BASE                                                                                  \
	" LEFT JOIN completion c ON c.id = o.completion_id"                                        \
	" LEFT JOIN course k ON k.id = o.course_id"                                                \
	" LEFT JOIN class g ON g.id = o.class_id"
#define TEACHER_NAME "TRIM(CONCAT(t.given_name, ' ', t.family_name))"
#define NO_NAME      "CAST(NULL AS CHAR)"
#define JOIN_TEACHER " LEFT JOIN person t ON t.id = o.teacher_id"
#define CANCELLER_NAME                                                                             \
	"IF(o.cancelled_by IS NULL, NULL, (SELECT TRIM(CONCAT(cp.given_name, ' ', "                \
	"cp.family_name)) FROM account ca JOIN person cp ON cp.id = ca.person_id WHERE ca.id = "   \
	"o.cancelled_by))"

/* -- plain: (scope_id, bound, limit, offset) -- */
#define SCOPE_OWN_    "o.teacher_id = ?"
#define SCOPE_BRANCH_ "o.branch_id = ?"
#define SCOPE_ALL_    "0 < ?"
#define PLAIN(select, scope, index, join_teacher, state, direction)                                \
	"SELECT " select " FROM occurrence o FORCE INDEX (" index ")" JOIN_BASE join_teacher       \
	" WHERE " scope " AND " state " ORDER BY o.starts_at " direction ", o.id " direction       \
	" LIMIT ? OFFSET ?"
#define PLAIN_UPCOMING  "o.state = 'scheduled' AND o.starts_at < ?"
#define PLAIN_COMPLETED "o.state = 'completed' AND o.starts_at < ?"
#define PLAIN_HISTORY   "(o.state <> 'scheduled' OR o.starts_at <= ?)"
/* The same, the ids first: most of a far future is passed over inside the index. */
#define PLAIN_BY_ID(scope, index, teacher, join_teacher, canceller, state)                         \
	"SELECT " SELECT_BASE(                                                                     \
		teacher,                                                                           \
		canceller) " FROM (SELECT o.id FROM occurrence o"                                  \
			   " FORCE INDEX (" index ") WHERE " scope " AND " state                   \
			   " ORDER BY o.starts_at DESC, o.id DESC LIMIT ? OFFSET ?) p"             \
			   " STRAIGHT_JOIN occurrence o ON o.id = p.id" JOIN_BASE join_teacher     \
			   " ORDER BY o.starts_at DESC, o.id DESC"
#define PLAIN_SET(ROWS, SCOPE, scope, prefix, teacher, join_teacher)                               \
	ROWS(PLAIN_##SCOPE##_UPCOMING, "itii", session_list_row,                                   \
	     PLAIN(SELECT_BASE(teacher, NO_NAME), scope, prefix "state", join_teacher,             \
		   PLAIN_UPCOMING, "ASC"))                                                         \
	ROWS(PLAIN_##SCOPE##_COMPLETED, "itii", session_done_row,                                  \
	     PLAIN(SELECT_DONE(teacher), scope, prefix "state", join_teacher, PLAIN_COMPLETED,     \
		   "DESC"))                                                                        \
	ROWS(PLAIN_##SCOPE##_HISTORY, "itii", session_list_row,                                    \
	     PLAIN_BY_ID(scope, PLAIN_HISTORY_INDEX_##SCOPE, teacher, join_teacher,                \
			 CANCELLER_NAME, PLAIN_HISTORY))
#define PLAIN_HISTORY_INDEX_OWN    "occurrence_teacher"
#define PLAIN_HISTORY_INDEX_BRANCH "occurrence_branch"
#define PLAIN_HISTORY_INDEX_ALL    "occurrence_start"

/* -- what a scope sees between two instants -- */
/* (person, from, to, person, from, to) */
#define SEEN_PERSON                                                                                \
	"(SELECT id FROM occurrence WHERE teacher_id = ? AND starts_at >= ? AND starts_at < ?"     \
	" UNION SELECT oc.id FROM class_staff cs JOIN occurrence oc ON oc.class_id = cs.class_id"  \
	" WHERE cs.person_id = ? AND oc.starts_at >= ? AND oc.starts_at < ?) v"                    \
	" STRAIGHT_JOIN occurrence o ON o.id = v.id"
#define WHERE_PERSON ""
/* (branch, from, to) behind the filters' joins */
#define SEEN_WIDE    "occurrence o"
#define WHERE_BRANCH "o.branch_id = ? AND o.starts_at >= ? AND o.starts_at < ? AND "
#define WHERE_ALL    "0 < ? AND o.starts_at >= ? AND o.starts_at < ? AND "

/* (course ×2, class ×2, teacher ×2, tab, now, like ×2) */
#define FILTERS                                                                                    \
	"(? = 0 OR o.course_id = ?) AND (? = 0 OR o.class_id = ?) AND (? = 0 OR o.teacher_id = ?)" \
	" AND CASE ? WHEN 0 THEN o.state = 'scheduled' WHEN 1 THEN o.state = 'completed'"          \
	" ELSE o.state <> 'scheduled' OR o.starts_at <= ? END"                                     \
	" AND (? = '' OR CONCAT_WS('\\n', o.title, o.room, c.code, g.name, k.code, k.title)"       \
	" COLLATE utf8mb4_unicode_520_nopad_ci LIKE ? ESCAPE '!')"
#define DELAY "COALESCE(TIME_TO_SEC(c.actual_start) - TIME_TO_SEC(o.start_time)"
/* (order ×5) */
#define ORDER                                                                                      \
	"CASE ? WHEN 2 THEN o.title END, CASE ? WHEN 3 THEN o.title END DESC,"                     \
	" CASE ? WHEN 4 THEN " DELAY ", 99999) END, CASE ? WHEN 5 THEN " DELAY                     \
	", -99999) END DESC,"                                                                      \
	" CASE ? WHEN 0 THEN o.starts_at END, o.starts_at DESC, o.id DESC"

/* -- summaries -- */
#define NO_SUMMARY                                                                                 \
	"(SELECT CAST(NULL AS SIGNED) AS n_upcoming, CAST(NULL AS SIGNED) AS n_completed,"         \
	" CAST(NULL AS SIGNED) AS n_history, CAST(NULL AS SIGNED) AS n_today,"                     \
	" CAST(NULL AS SIGNED) AS n_to_complete, CAST(NULL AS SIGNED) AS n_week,"                  \
	" CAST(NULL AS SIGNED) AS week_s, CAST(NULL AS CHAR) AS courses,"                          \
	" CAST(NULL AS CHAR) AS classes, CAST(NULL AS SIGNED) AS n_staff_classes)"
#define LENGTH_S "TIME_TO_SEC(o.end_time) - TIME_TO_SEC(o.start_time)"
#define OF_TODAY "o.state <> 'cancelled' AND o.starts_at >= ? AND o.starts_at < ?"
#define OF_WEEK  OF_TODAY
/* (in14, now, today ×2, now, week ×2, week ×2, seen, person, seen, seen): one pass for the numbers
 */
#define SUMMARY_PERSON                                                                             \
	"(SELECT n.*, (SELECT GROUP_CONCAT(k.id, ' ', k.code ORDER BY k.code SEPARATOR '\037')"    \
	" FROM (SELECT DISTINCT o.course_id FROM " SEEN_PERSON                                     \
	") d STRAIGHT_JOIN course k ON k.id = d.course_id) AS courses,"                            \
	" (SELECT GROUP_CONCAT(g.id, ' ', g.name ORDER BY g.name SEPARATOR '\037')"                \
	" FROM (SELECT DISTINCT o.class_id FROM " SEEN_PERSON                                      \
	") d STRAIGHT_JOIN class g ON g.id = d.class_id) AS classes,"                              \
	" (SELECT COUNT(*) FROM class_staff cs WHERE cs.person_id = ?) AS n_staff_classes"         \
	" FROM (SELECT COUNT(IF(o.state = 'scheduled' AND o.starts_at < ?, 1, NULL)) AS "          \
	"n_upcoming,"                                                                              \
	" COUNT(IF(o.state = 'completed', 1, NULL)) AS n_completed,"                               \
	" COUNT(IF(o.state <> 'scheduled' OR o.starts_at <= ?, 1, NULL)) AS n_history,"            \
	" COUNT(IF(" OF_TODAY ", 1, NULL)) AS n_today,"                                            \
	" COUNT(IF(o.state = 'scheduled' AND o.ends_at <= ?, 1, NULL)) AS n_to_complete,"          \
	" COUNT(IF(" OF_WEEK ", 1, NULL)) AS n_week,"                                              \
	" CAST(SUM(IF(" OF_WEEK ", " LENGTH_S ", 0)) AS SIGNED) AS week_s FROM " SEEN_PERSON       \
	") n)"
/* Numbers along the indexes; (scope, in14, scope, scope, now, scope, now, scope, today ×2,
 * scope, now, scope, week ×2, scope, week ×2, scope, scope) */
#define COUNT_OF(scope, cond) "(SELECT COUNT(*) FROM occurrence o WHERE " scope " AND " cond ")"
#define SUMMARY_WIDE(scope, owner_k, owner_g)                                                                                                                                                                                                                                                                                                                                                                                                                                                 \
	"(SELECT " COUNT_OF(scope, "o.state = 'scheduled' AND o.starts_at < ?") " AS n_upcoming,"                                                                                                                                                                                                                                                                                                                                                                                             \
										" " COUNT_OF(scope, "o.state = 'completed'") " AS n_completed,"                                                                                                                                                                                                                                                                                                                                               \
															     " " COUNT_OF(                                                                                                                                                                                                                                                                                                                                                    \
																     scope, "o.starts_at <= ?") " + " COUNT_OF(scope, "o.state IN ('completed', 'cancelled') AND o.starts_at > ?") " AS n_history,"                                                                                                                                                                                                                           \
																														   " " COUNT_OF(scope, OF_TODAY) " AS n_today,"                                                                                                                                                                                               \
																																		 " " COUNT_OF(scope, "o.state = 'scheduled' AND o.starts_at < ? AND o.ends_at <= ?") " AS n_to_complete,"                                                                                                     \
																																												     " " COUNT_OF(scope, OF_WEEK) " AS n_week,"                                                                               \
																																																  " (SELECT CAST(SUM(" LENGTH_S ") AS SIGNED) FROM occurrence o WHERE " scope " AND " OF_WEEK \
																																																  ") AS week_s,"                                                                              \
																																																  " (SELECT GROUP_CONCAT(k.id, ' ', k.code ORDER BY k.code SEPARATOR '\037' LIMIT 500)"       \
																																																  " FROM course k WHERE " owner_k                                                             \
																																																  " AND k.ended_at IS NULL) AS courses,"                                                      \
																																																  " (SELECT GROUP_CONCAT(g.id, ' ', g.name ORDER BY g.name SEPARATOR '\037' LIMIT 500)"       \
																																																  " FROM class g WHERE " owner_g                                                              \
																																																  " AND g.ended_at IS NULL) AS classes,"                                                      \
																																																  " CAST(0 AS SIGNED) AS n_staff_classes)"
#define SUMMARY_BRANCH SUMMARY_WIDE(SCOPE_BRANCH_, "k.branch_id = ?", "g.branch_id = ?")
#define SUMMARY_ALL    SUMMARY_WIDE(SCOPE_ALL_, "0 < ?", "0 < ?")

/* (summary, order, seen, filters, first, last), the order of the letters below */
#define FULL(summary, seen, where)                                                                 \
	"SELECT p.rn, p.total, s.n_upcoming, s.n_completed, s.n_history, s.n_today,"               \
	" s.n_to_complete, s.n_week, s.week_s, s.courses, s.classes, "                             \
	"s.n_staff_classes, " SELECT_BASE(                                                         \
		TEACHER_NAME,                                                                      \
		CANCELLER_NAME) " FROM " summary " s LEFT JOIN"                                    \
				" (SELECT o.id, ROW_NUMBER() OVER (ORDER BY " ORDER                \
				") AS rn, COUNT(*) OVER () AS total"                               \
				" FROM " seen JOIN_BASE " WHERE " where FILTERS ") p"              \
				" ON p.rn = 1 OR p.rn > ? AND p.rn <= ?"                           \
				" LEFT JOIN occurrence o ON o.id = p.id" JOIN_BASE JOIN_TEACHER    \
				" ORDER BY p.rn"
#define MONTHS(seen, where)                                                                        \
	"SELECT YEAR(o.session_date) AS year, MONTH(o.session_date) AS month, COUNT(*) AS n,"      \
	" COUNT(IF(o.state = 'completed', 1, NULL)) AS n_completed,"                               \
	" COUNT(IF(o.state = 'cancelled', 1, NULL)) AS n_cancelled"                                \
	" FROM " seen JOIN_BASE " WHERE " where FILTERS                                            \
	" GROUP BY YEAR(o.session_date) DESC, MONTH(o.session_date) DESC"

#define LETTERS_FILTERS "iiiiiiitss"
#define LETTERS_ORDER   "iiiii"
#define LETTERS_SEEN    "ittitt"
#define LETTERS_WIDE    "itt"

#define SESSION_LIST_STATEMENTS(ROWS, CHANGE)                                                      \
	PLAIN_SET(ROWS, OWN, SCOPE_OWN_, "occurrence_teacher_", "''", "")                          \
	PLAIN_SET(ROWS, BRANCH, SCOPE_BRANCH_, "occurrence_branch_", TEACHER_NAME, JOIN_TEACHER)   \
	PLAIN_SET(ROWS, ALL, SCOPE_ALL_, "occurrence_", TEACHER_NAME, JOIN_TEACHER)                \
	ROWS(FULL_PERSON, LETTERS_ORDER LETTERS_SEEN LETTERS_FILTERS "ii", session_full_row,       \
	     FULL(NO_SUMMARY, SEEN_PERSON, WHERE_PERSON))                                          \
	ROWS(FULL_BRANCH, LETTERS_ORDER LETTERS_WIDE LETTERS_FILTERS "ii", session_full_row,       \
	     FULL(NO_SUMMARY, SEEN_WIDE, WHERE_BRANCH))                                            \
	ROWS(FULL_ALL, LETTERS_ORDER LETTERS_WIDE LETTERS_FILTERS "ii", session_full_row,          \
	     FULL(NO_SUMMARY, SEEN_WIDE, WHERE_ALL))                                               \
	ROWS(SUMMARY_FULL_PERSON,                                                                  \
	     LETTERS_SEEN LETTERS_SEEN                                                             \
	     "i"                                                                                   \
	     "ttttttttt" LETTERS_SEEN LETTERS_ORDER LETTERS_SEEN LETTERS_FILTERS "ii",             \
	     session_full_row, FULL(SUMMARY_PERSON, SEEN_PERSON, WHERE_PERSON))                    \
	ROWS(SUMMARY_FULL_BRANCH,                                                                  \
	     LETTERS_SUMMARY_WIDE LETTERS_ORDER LETTERS_WIDE LETTERS_FILTERS "ii",                 \
	     session_full_row, FULL(SUMMARY_BRANCH, SEEN_WIDE, WHERE_BRANCH))                      \
	ROWS(SUMMARY_FULL_ALL,                                                                     \
	     LETTERS_SUMMARY_WIDE LETTERS_ORDER LETTERS_WIDE LETTERS_FILTERS "ii",                 \
	     session_full_row, FULL(SUMMARY_ALL, SEEN_WIDE, WHERE_ALL))                            \
	ROWS(MONTHS_PERSON, LETTERS_SEEN LETTERS_FILTERS, session_month_row,                       \
	     MONTHS(SEEN_PERSON, WHERE_PERSON))                                                    \
	ROWS(MONTHS_BRANCH, LETTERS_WIDE LETTERS_FILTERS, session_month_row,                       \
	     MONTHS(SEEN_WIDE, WHERE_BRANCH))                                                      \
	ROWS(MONTHS_ALL, LETTERS_WIDE LETTERS_FILTERS, session_month_row,                          \
	     MONTHS(SEEN_WIDE, WHERE_ALL))
#define LETTERS_SUMMARY_WIDE                                                                       \
	"iti"                                                                                      \
	"it"                                                                                       \
	"it"                                                                                       \
	"itt"                                                                                      \
	"itt"                                                                                      \
	"itt"                                                                                      \
	"itt"                                                                                      \
	"ii"
STATEMENT_SET(session_list, SESSION_LIST_STATEMENTS);

/* ---- parameters ------------------------------------------------------------------------ */

#define PARAMS_MAX 80

struct put {
	struct param v[PARAMS_MAX];
	size_t n;
};

static void put(struct put *q, struct param p)
{
	BUG(q->n == PARAMS_MAX);
	q->v[q->n++] = p;
}

static void put_seen(struct put *q, const struct session_list_params *p, int64_t from_at,
		     int64_t to_at)
{
	for (int arm = 0; arm < (p->scope == SESSION_LIST_PERSON ? 2 : 1); arm++) {
		put(q, P_I64(p->scope_id));
		put(q, P_TIME(from_at));
		put(q, P_TIME(to_at));
	}
}

static void put_filters(struct put *q, const struct session_list_params *p)
{
	const int64_t ids[] = { p->course_id, p->class_id, p->teacher_id };

	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		put(q, P_I64(ids[i]));
		put(q, P_I64(ids[i]));
	}
	put(q, P_I64(p->tab));
	put(q, P_TIME(p->now_at));
	put(q, P_TEXT(p->like));
	put(q, P_TEXT(p->like));
}

/* The earliest and the latest instant a DATETIME holds. */
#define EARLIEST_AT (us_from_day_tod(day_from_ymd((struct ymd){ 1000, 1, 1 }), 0))
#define LATEST_AT   (us_from_day_tod(day_from_ymd((struct ymd){ 9999, 12, 31 }), 0))

static void put_summary_person(struct put *q, const struct session_list_params *p)
{
	put_seen(q, p, EARLIEST_AT, LATEST_AT);
	put_seen(q, p, EARLIEST_AT, LATEST_AT);
	put(q, P_I64(p->scope_id));
	put(q, P_TIME(p->upcoming_to_at));
	put(q, P_TIME(p->now_at));
	put(q, P_TIME(p->today_from_at));
	put(q, P_TIME(p->today_to_at));
	put(q, P_TIME(p->now_at));
	for (int i = 0; i < 2; i++) {
		put(q, P_TIME(p->week_from_at));
		put(q, P_TIME(p->week_to_at));
	}
	put_seen(q, p, EARLIEST_AT, LATEST_AT);
}

static void put_summary_wide(struct put *q, const struct session_list_params *p)
{
	const int64_t spans[][2] = { { p->today_from_at, p->today_to_at },
				     { p->now_at, p->now_at },
				     { p->week_from_at, p->week_to_at },
				     { p->week_from_at, p->week_to_at } };

	put(q, P_I64(p->scope_id));
	put(q, P_TIME(p->upcoming_to_at));
	put(q, P_I64(p->scope_id));
	for (int i = 0; i < 2; i++) {
		put(q, P_I64(p->scope_id));
		put(q, P_TIME(p->now_at));
	}
	for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
		put(q, P_I64(p->scope_id));
		put(q, P_TIME(spans[i][0]));
		put(q, P_TIME(spans[i][1]));
	}
	put(q, P_I64(p->scope_id));
	put(q, P_I64(p->scope_id));
}

/* ---- calls ------------------------------------------------------------------------------ */

/* The members that a completed session's columns leave out, as the other lists have them. */
static void fill_done(struct session_list_row *r)
{
	r->state = STR("completed");
	r->room = STR("");
	r->n_members = COLUMN_NULL;
	r->ends_at = NO_TIME;
	r->moved_from_date = NO_DAY;
}

enum rc session_list_plain(struct store *s, const struct session_list_params *p, struct arena *a,
			   const struct session_list_row **ret_rows, size_t *ret_n, struct error *e)
{
	static const int statements[SESSION_LIST__SCOPES][SESSION_LIST__TABS] = {
		[SESSION_LIST_OWN] = { PLAIN_OWN_UPCOMING, PLAIN_OWN_COMPLETED, PLAIN_OWN_HISTORY },
		[SESSION_LIST_BRANCH] = { PLAIN_BRANCH_UPCOMING, PLAIN_BRANCH_COMPLETED,
					  PLAIN_BRANCH_HISTORY },
		[SESSION_LIST_ALL] = { PLAIN_ALL_UPCOMING, PLAIN_ALL_COMPLETED, PLAIN_ALL_HISTORY },
	};
	int64_t bound = p->tab == SESSION_LIST_HISTORY ? p->now_at : p->to_at;
	struct session_list_row *rows;
	size_t n;

	BUG(p->scope == SESSION_LIST_PERSON);
	TRY(store_rows(s, &session_list_table[statements[p->scope][p->tab]],
		       PARAMS(P_I64(p->scope_id), P_TIME(bound), P_I64(p->limit), P_I64(p->offset)),
		       (size_t)p->limit, a, &rows, &n, e));
	for (size_t i = 0; p->tab == SESSION_LIST_COMPLETED && i < n; i++)
		fill_done(&rows[i]);
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

enum rc session_list_full(struct store *s, const struct session_list_params *p, bool with_summary,
			  struct arena *a, const struct session_full_row **ret_rows, size_t *ret_n,
			  struct error *e)
{
	static const int statements[SESSION_LIST__SCOPES][2] = {
		[SESSION_LIST_PERSON] = { FULL_PERSON, SUMMARY_FULL_PERSON },
		[SESSION_LIST_BRANCH] = { FULL_BRANCH, SUMMARY_FULL_BRANCH },
		[SESSION_LIST_ALL] = { FULL_ALL, SUMMARY_FULL_ALL },
	};
	struct put q = { 0 };

	BUG(p->scope == SESSION_LIST_OWN);
	if (with_summary && p->scope == SESSION_LIST_PERSON)
		put_summary_person(&q, p);
	else if (with_summary)
		put_summary_wide(&q, p);
	for (int i = 0; i < 5; i++)
		put(&q, P_I64(p->order));
	put_seen(&q, p, p->from_at, p->to_at);
	put_filters(&q, p);
	put(&q, P_I64(p->offset));
	put(&q, P_I64(p->offset + p->limit));
	return store_rows(s, &session_list_table[statements[p->scope][with_summary]], q.v, q.n,
			  (size_t)p->limit + 1, a, ret_rows, ret_n, e);
}

enum rc session_list_months(struct store *s, const struct session_list_params *p, struct arena *a,
			    const struct session_month_row **ret_rows, size_t *ret_n,
			    struct error *e)
{
	int statement = p->scope == SESSION_LIST_BRANCH ? MONTHS_BRANCH
			: p->scope == SESSION_LIST_ALL  ? MONTHS_ALL
							: MONTHS_PERSON;
	struct put q = { 0 };

	put_seen(&q, p, p->from_at, p->to_at);
	put_filters(&q, p);
	return store_rows(s, &session_list_table[statement], q.v, q.n, 1000, a, ret_rows, ret_n, e);
}
