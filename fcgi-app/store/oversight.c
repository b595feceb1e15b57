/*
 * SQL of the oversight of admins.
 *
 * A list takes at most a window of ids along (<whose>, state, review, starts_at, id) and
 * joins the rest to what remains.  Its four arms are the four states; an arm that is not
 * asked for has a constant that is never true and costs nothing.  The index is that
 * of the narrowest filter; the other filters apply to what the window holds, so that
 * no combination of them reads more than that.
 */
#include "store/oversight.h"

#include "store/sets.h"

#define TITLE_BYTES 800
#define NAME_BYTES  1000
#define PARAMS_MAX  100

/* ---- rows -------------------------------------------------------------------------- */

static const struct column oversight_row_columns[] = {
	COL(oversight_row, id, I64, false),
	COL(oversight_row, version, I64, false),
	COL(oversight_row, branch_id, I64, false),
	COL_N(oversight_row, state, TEXT, 64, false),
	COL_N(oversight_row, completion_state, TEXT, 64, true),
	COL_N(oversight_row, title, TEXT, TITLE_BYTES, false),
	COL_N(oversight_row, course_code, TEXT, 160, true),
	COL_N(oversight_row, class_name, TEXT, 480, true),
	COL_N(oversight_row, branch_name, TEXT, 480, false),
	COL(oversight_row, teacher_id, I64, true),
	COL_N(oversight_row, teacher_name, TEXT, NAME_BYTES, true),
	COL(oversight_row, session_date, DAY, false),
	COL(oversight_row, start_time, TOD, false),
	COL(oversight_row, end_time, TOD, false),
	COL(oversight_row, actual_start, TOD, true),
	COL(oversight_row, actual_end, TOD, true),
	COL(oversight_row, starts_at, TIME, false),
	COL(oversight_row, ends_at, TIME, false),
	COL_N(oversight_row, code, TEXT, 400, true),
	COL(oversight_row, code_generated, I64, true),
	COL(oversight_row, note_count, I64, true),
	COL(oversight_row, file_count, I64, true),
	COL(oversight_row, checked_at, TIME, true),
	COL_N(oversight_row, zone, TEXT, 256, false),
	COL_N(oversight_row, checked_by_name, TEXT, NAME_BYTES, true),
	COL_N(oversight_row, return_reason, TEXT, 2000, true),
};

static const struct column oversight_key_columns[] = {
	COL(oversight_key, starts_at, TIME, false),
	COL(oversight_key, id, I64, false),
};

static const struct column oversight_counts_columns[] = {
	COL(oversight_counts, n_missing, I64, true),
	COL(oversight_counts, n_to_check, I64, true),
	COL(oversight_counts, n_returned, I64, true),
};

static const struct column oversight_week_columns[] = {
	COL(oversight_week, n, I64, true),         COL(oversight_week, n_held, I64, true),
	COL(oversight_week, n_live, I64, true),    COL(oversight_week, n_completed, I64, true),
	COL(oversight_week, n_in_time, I64, true),
};

static const struct column oversight_teacher_row_columns[] = {
	COL(oversight_teacher_row, teacher_id, I64, true),
	COL_N(oversight_teacher_row, name, TEXT, NAME_BYTES, true),
	COL(oversight_teacher_row, n_held, I64, true),
	COL(oversight_teacher_row, n_completed, I64, true),
	COL(oversight_teacher_row, n_checked, I64, true),
	COL(oversight_teacher_row, n_returned, I64, true),
	COL(oversight_teacher_row, mean_late_min, I64, true),
};

/* ---- pieces of text ------------------------------------------------------------------- */

#define NAME_OF_PERSON(p) "TRIM(CONCAT(" p ".given_name, ' ', " p ".family_name))"
#define CHECKER_NAME                                                                               \
	"IF(c.checked_by IS NULL, NULL, (SELECT COALESCE(" NAME_OF_PERSON(                         \
		"np") ", na.username) FROM account na LEFT JOIN person np ON np.id = "             \
		      "na.person_id WHERE na.id = c.checked_by))"
#define SELECT_ROW                                                                                 \
	"SELECT o.id, o.version, o.branch_id, o.state, c.state AS completion_state, o.title,"      \
	" k.code AS course_code, g.name AS class_name, b.name AS branch_name, o.teacher_id,"       \
	" " NAME_OF_PERSON("t") " AS teacher_name, o.session_date, o.start_time, o.end_time,"      \
				" c.actual_start, c.actual_end, o.starts_at, o.ends_at, c.code, "  \
				"c.code_generated,"                                                \
				" c.note_count, c.file_count, c.checked_at, o.zone, " CHECKER_NAME \
				" AS checked_by_name,"                                             \
				" c.return_reason"
#define JOIN_ROW                                                                                   \
	" JOIN branch b ON b.id = o.branch_id LEFT JOIN completion c ON c.id = o.completion_id"    \
	" LEFT JOIN course k ON k.id = o.course_id LEFT JOIN class g ON g.id = o.class_id"         \
	" LEFT JOIN person t ON t.id = o.teacher_id"

/* (is it asked for, whose, from, to, past ×2, ended by, window): put_arm */
#define ARM(index, key, state, review, direction, beyond)                                          \
	"(SELECT o.starts_at, o.id FROM occurrence o FORCE INDEX (" index ") WHERE ? = 1 AND " key \
	" AND o.state = '" state "' AND o.review = '" review                                       \
	"' AND o.starts_at >= ? AND o.starts_at < ? AND NOT (o.starts_at = ? AND o.id " beyond     \
	" ?) AND o.ends_at <= ? ORDER BY o.starts_at " direction ", o.id " direction " LIMIT ?)"
#define LETTERS_ARM "iitttiti"
#define ARMS(index, key, direction, beyond)                                                        \
	ARM(index, key, "scheduled", "none", direction, beyond)                                    \
	" UNION ALL " ARM(index, key, "completed", "none", direction, beyond) " UNION ALL " ARM(   \
		index, key, "completed", "checked", direction,                                     \
		beyond) " UNION ALL " ARM(index, key, "scheduled", "returned", direction, beyond)
#define LETTERS_ARMS LETTERS_ARM LETTERS_ARM LETTERS_ARM LETTERS_ARM
/* (arms, window, branch ×2, teacher ×2, course ×2, class ×2, like ×2, late ×2, limit) */
#define LIST(index, key, direction, beyond)                                                        \
	SELECT_ROW " FROM (SELECT v.starts_at, v.id FROM (" ARMS(                                  \
		index, key, direction,                                                             \
		beyond) ") v ORDER BY v.starts_at " direction ", v.id " direction " LIMIT ?) w"    \
			" STRAIGHT_JOIN occurrence o ON o.id = w.id" JOIN_ROW                      \
			" WHERE (? = 0 OR o.branch_id = ?) AND (? = 0 OR o.teacher_id = ?)"        \
			" AND (? = 0 OR o.course_id = ?) AND (? = 0 OR o.class_id = ?)"            \
			" AND (? = '' OR CONCAT_WS('\\n', o.title, c.code, g.name, k.code, "       \
			"k.title, " NAME_OF_PERSON(                                                \
				"t") ") COLLATE utf8mb4_unicode_520_nopad_ci LIKE ? ESCAPE '!')"   \
				     " AND (? = 0 OR o.late_min >= ?)"                             \
				     " ORDER BY w.starts_at " direction ", w.id " direction        \
				     " LIMIT ?"
#define LETTERS_LIST LETTERS_ARMS "iiiiiiiiissiii"
/* (arms, window - 1) */
#define EDGE(index, key, direction, beyond)                                                        \
	"SELECT v.starts_at, v.id FROM (" ARMS(index, key, direction,                              \
					       beyond) ") v ORDER BY v.starts_at " direction       \
						       ", v.id " direction " LIMIT 1 OFFSET ?"
#define BOTH(ROWS, NAME, index, key)                                                               \
	ROWS(LIST_##NAME, LETTERS_LIST, oversight_row, LIST(index, key, "DESC", ">="))             \
	ROWS(LIST_##NAME##_UP, LETTERS_LIST, oversight_row, LIST(index, key, "ASC", "<="))         \
	ROWS(EDGE_##NAME, LETTERS_ARMS "i", oversight_key, EDGE(index, key, "DESC", ">="))         \
	ROWS(EDGE_##NAME##_UP, LETTERS_ARMS "i", oversight_key, EDGE(index, key, "ASC", "<="))

#define KEY_BRANCH "o.branch_id = ?"
#define KEY_ALL    "0 = ?"
/* (whose, most) */
#define SOME(index, key, cond)                                                                     \
	"(SELECT COUNT(*) FROM (SELECT 1 FROM occurrence o FORCE INDEX (" index ") WHERE " key     \
	" AND " cond " LIMIT ?) x)"
/* (whose, now ×2, most, whose, most, whose, most) */
#define COUNTS(index, key)                                                                         \
	"SELECT " SOME(                                                                            \
		index, key,                                                                        \
		"o.state = 'scheduled' AND o.review = 'none' AND o.starts_at <= ? AND "            \
		"o.ends_at <= ?") " AS n_missing, " SOME(index, key,                               \
							 "o.state = 'completed' AND o.review = "   \
							 "'none'") " AS n_to_check, " SOME(index,  \
											   key,    \
											   "o."    \
											   "state" \
											   " = "   \
											   "'sche" \
											   "duled" \
											   "' "    \
											   "AND "  \
											   "o."    \
											   "revie" \
											   "w = "  \
											   "'retu" \
											   "rned"  \
											   "'") " AS n_returned"
/* (now, now ×2, whose, from, to) */
#define WEEK(index, key)                                                                           \
	"SELECT COUNT(*) AS n, COUNT(IF(o.ends_at <= ? OR o.state = 'completed', 1, NULL)) AS "    \
	"n_held,"                                                                                  \
	" COUNT(IF(o.state = 'scheduled' AND o.starts_at <= ? AND o.ends_at > ?, 1, NULL)) AS "    \
	"n_live,"                                                                                  \
	" COUNT(IF(o.state = 'completed', 1, NULL)) AS n_completed,"                               \
	" COUNT(IF(o.state = 'completed' AND o.in_time = 1, 1, NULL)) AS n_in_time"                \
	" FROM occurrence o FORCE INDEX (" index ") WHERE " key                                    \
	" AND o.starts_at >= ? AND o.starts_at < ? AND o.state <> 'cancelled'"
/* (whose, from, to, now, limit) */
#define TEACHERS(index, key)                                                                       \
	"SELECT n.teacher_id, " NAME_OF_PERSON(                                                    \
		"t") " AS name, n.n_held, n.n_completed, n.n_checked, n.n_returned, "              \
		     "n.mean_late_min"                                                             \
		     " FROM (SELECT o.teacher_id, COUNT(*) AS n_held,"                             \
		     " COUNT(IF(o.state = 'completed', 1, NULL)) AS n_completed,"                  \
		     " COUNT(IF(o.review = 'checked', 1, NULL)) AS n_checked,"                     \
		     " COUNT(IF(o.review = 'returned', 1, NULL)) AS n_returned,"                   \
		     " CAST(ROUND(AVG(o.late_min)) AS SIGNED) AS mean_late_min"                    \
		     " FROM occurrence o FORCE INDEX (" index ") WHERE " key                       \
		     " AND o.starts_at >= ? AND o.starts_at < ? AND o.state <> 'cancelled'"        \
		     " AND (o.state = 'completed' OR o.ends_at <= ?)"                              \
		     " GROUP BY o.teacher_id) n LEFT JOIN person t ON t.id = n.teacher_id"         \
		     " ORDER BY n.n_held - n.n_completed - n.n_returned DESC, t.family_name, "     \
		     "t.given_name,"                                                               \
		     " n.teacher_id LIMIT ?"

#define OVERSIGHT_STATEMENTS(ROWS, CHANGE)                                                         \
	BOTH(ROWS, ALL, "occurrence_review", KEY_ALL)                                              \
	BOTH(ROWS, BRANCH, "occurrence_branch_review", KEY_BRANCH)                                 \
	BOTH(ROWS, CLASS, "occurrence_class_review", "o.class_id = ?")                             \
	BOTH(ROWS, COURSE, "occurrence_course", "o.course_id = ?")                                 \
	BOTH(ROWS, TEACHER, "occurrence_teacher_review", "o.teacher_id = ?")                       \
	ROWS(OVERSIGHT_GET, "i", oversight_row,                                                    \
	     SELECT_ROW " FROM occurrence o" JOIN_ROW " WHERE o.id = ?")                           \
	ROWS(COUNTS_ALL, "ittiiiii", oversight_counts, COUNTS("occurrence_review", KEY_ALL))       \
	ROWS(COUNTS_BRANCH, "ittiiiii", oversight_counts,                                          \
	     COUNTS("occurrence_branch_review", KEY_BRANCH))                                       \
	ROWS(WEEK_ALL, "tttitt", oversight_week, WEEK("occurrence_start", KEY_ALL))                \
	ROWS(WEEK_BRANCH, "tttitt", oversight_week, WEEK("occurrence_branch", KEY_BRANCH))         \
	ROWS(TEACHERS_ALL, "ittti", oversight_teacher_row, TEACHERS("occurrence_start", KEY_ALL))  \
	ROWS(TEACHERS_BRANCH, "ittti", oversight_teacher_row,                                      \
	     TEACHERS("occurrence_branch", KEY_BRANCH))
STATEMENT_SET(oversight, OVERSIGHT_STATEMENTS);

/* ---- parameters ------------------------------------------------------------------------ */

struct put {
	struct param v[PARAMS_MAX];
	size_t n;
};

static void put(struct put *q, struct param p)
{
	BUG(q->n == PARAMS_MAX);
	q->v[q->n++] = p;
}

static void put_twice(struct put *q, struct param p)
{
	put(q, p);
	put(q, p);
}

/* Statements of the narrowest filter; the other filters stay in the outer text. */
static int statement_of(const struct oversight_params *p, int64_t *ret_whose)
{
	const struct {
		int64_t id;
		int statement;
	} keys[] = { { p->teacher_id, LIST_TEACHER },
		     { p->course_id, LIST_COURSE },
		     { p->class_id, LIST_CLASS },
		     { p->branch_id, LIST_BRANCH } };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (!keys[i].id)
			continue;
		*ret_whose = keys[i].id;
		return keys[i].statement + p->ascending;
	}
	*ret_whose = 0;
	return LIST_ALL + p->ascending;
}

static void put_arm(struct put *q, const struct oversight_params *p, enum oversight_state state,
		    int64_t whose)
{
	bool has_past = p->past_id != 0;
	int64_t from_at = p->from_at, to_at = p->to_at;

	/* What is over has begun: what is still to come is not read. */
	if (state == OVERSIGHT_MISSING && to_at > p->now_at)
		to_at = p->now_at + 1;
	if (has_past && p->ascending && p->past_at > from_at)
		from_at = p->past_at;
	if (has_past && !p->ascending && p->past_at + 1 < to_at)
		to_at = p->past_at + 1;
	put(q, P_I64(p->state == OVERSIGHT_ANY || p->state == state));
	put(q, P_I64(whose));
	put(q, P_TIME(from_at));
	put(q, P_TIME(to_at));
	put(q, P_TIME(has_past ? p->past_at
			       : us_from_day_tod(day_from_ymd((struct ymd){ 1000, 1, 1 }), 0)));
	put(q, P_I64(p->past_id));
	/* Only what is neither completed nor returned has to be over. */
	put(q, P_TIME(state == OVERSIGHT_MISSING
			      ? p->now_at
			      : us_from_day_tod(day_from_ymd((struct ymd){ 9999, 12, 30 }), 0)));
	put(q, P_I64(p->window));
}

static void put_arms(struct put *q, const struct oversight_params *p, int64_t whose)
{
	put_arm(q, p, OVERSIGHT_MISSING, whose);
	put_arm(q, p, OVERSIGHT_TO_CHECK, whose);
	put_arm(q, p, OVERSIGHT_CHECKED, whose);
	put_arm(q, p, OVERSIGHT_RETURNED, whose);
}

/* ---- calls ------------------------------------------------------------------------------ */

enum rc oversight_list(struct store *s, const struct oversight_params *p, struct arena *a,
		       const struct oversight_row **ret_rows, size_t *ret_n, struct error *e)
{
	const int64_t filters[] = { p->branch_id, p->teacher_id, p->course_id, p->class_id };
	struct put q = { 0 };
	int64_t whose;
	int statement = statement_of(p, &whose);

	put_arms(&q, p, whose);
	put(&q, P_I64(p->window));
	for (size_t i = 0; i < ARRAY_LEN(filters); i++)
		put_twice(&q, P_I64(filters[i]));
	put_twice(&q, P_TEXT(p->like));
	put_twice(&q, P_I64(p->late_min));
	put(&q, P_I64(p->limit));
	return store_rows(s, &oversight_table[statement], q.v, q.n, (size_t)p->limit, a, ret_rows,
			  ret_n, e);
}

enum rc oversight_edge(struct store *s, const struct oversight_params *p, struct arena *a,
		       struct oversight_key *ret, struct error *e)
{
	struct put q = { 0 };
	int64_t whose;
	int statement = statement_of(p, &whose) + (EDGE_ALL - LIST_ALL);

	put_arms(&q, p, whose);
	put(&q, P_I64(p->window - 1));
	return store_row(s, &oversight_table[statement], q.v, q.n, a, ret, e);
}

enum rc oversight_get(struct store *s, int64_t occurrence_id, struct arena *a,
		      struct oversight_row *ret, struct error *e)
{
	return store_row(s, &oversight_table[OVERSIGHT_GET], PARAMS(P_I64(occurrence_id)), a, ret,
			 e);
}

enum rc oversight_count(struct store *s, int64_t branch_id, int64_t now_at, int64_t most,
			struct arena *a, struct oversight_counts *ret, struct error *e)
{
	struct param whose = P_I64(branch_id), limit = P_I64(most), now = P_TIME(now_at);

	return store_row(s, &oversight_table[branch_id ? COUNTS_BRANCH : COUNTS_ALL],
			 PARAMS(whose, now, now, limit, whose, limit, whose, limit), a, ret, e);
}

enum rc oversight_week(struct store *s, int64_t branch_id, int64_t from_at, int64_t to_at,
		       int64_t now_at, struct arena *a, struct oversight_week *ret, struct error *e)
{
	struct param now = P_TIME(now_at);

	return store_row(s, &oversight_table[branch_id ? WEEK_BRANCH : WEEK_ALL],
			 PARAMS(now, now, now, P_I64(branch_id), P_TIME(from_at), P_TIME(to_at)), a,
			 ret, e);
}

enum rc oversight_teachers(struct store *s, int64_t branch_id, int64_t from_at, int64_t to_at,
			   int64_t now_at, int64_t limit, struct arena *a,
			   const struct oversight_teacher_row **ret_rows, size_t *ret_n,
			   struct error *e)
{
	return store_rows(s, &oversight_table[branch_id ? TEACHERS_BRANCH : TEACHERS_ALL],
			  PARAMS(P_I64(branch_id), P_TIME(from_at), P_TIME(to_at), P_TIME(now_at),
				 P_I64(limit)),
			  (size_t)limit, a, ret_rows, ret_n, e);
}
