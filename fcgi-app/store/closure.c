/*
 * SQL of closures.  Sessions are found by their start, which the indexes know, a day wider
 * than the dates on both sides, and then by their date.
 */
#include "store/closure.h"

#include "store/sets.h"

#define SPANS_MAX    5000
#define SESSIONS_MAX 50000 /* more than closures of years cancel */

static const struct column closure_stored_columns[] = {
	COL(closure_stored, id, I64, false),
	COL(closure_stored, branch_id, I64, true),
	COL(closure_stored, version, I64, false),
	COL_N(closure_stored, branch_name, TEXT, 480, true),
	COL_N(closure_stored, name, TEXT, 480, false),
	COL(closure_stored, from_date, DAY, false),
	COL(closure_stored, to_date, DAY, false),
	COL(closure_stored, n_cancelled, I64, true),
};
static const struct column closure_span_columns[] = {
	COL(closure_span, id, I64, false),
	COL_N(closure_span, name, TEXT, 480, false),
	COL(closure_span, from_date, DAY, false),
	COL(closure_span, to_date, DAY, false),
};
static const struct column closure_count_columns[] = {
	COL(closure_count, n_untouched, I64, true),
	COL(closure_count, n_kept, I64, true),
};
static const struct column closure_session_columns[] = { COL(closure_session, id, I64, false) };
struct closure_locked {
	int64_t id;
};
static const struct column closure_locked_columns[] = { COL(closure_locked, id, I64, false) };

#define SELECT_CLOSURE                                                                             \
	"SELECT c.id, c.branch_id, c.version, b.name AS branch_name, c.name, c.from_date,"         \
	" c.to_date, (SELECT COUNT(*) FROM occurrence o WHERE o.closure_id = c.id"                 \
	" AND o.cancel_cause = 'closure') AS n_cancelled"                                          \
	" FROM closure c LEFT JOIN branch b ON b.id = c.branch_id WHERE c.ended_at IS NULL"
#define OF_BRANCH " AND (? = 0 OR c.branch_id = ? OR c.branch_id IS NULL)"

/* (first day, last day, first day, last day) */
#define ON_DAYS                                                                                    \
	" o.starts_at >= ? - INTERVAL 2 DAY AND o.starts_at < ? + INTERVAL 3 DAY"                  \
	" AND o.session_date BETWEEN ? AND ?"
#define UNTOUCHED                                                                                  \
	"o.state = 'scheduled' AND o.completion_id IS NULL AND o.moved_from_date IS NULL"          \
	" AND o.closure_id IS NULL"
#define COUNTS                                                                                     \
	"SELECT CAST(SUM(" UNTOUCHED ") AS SIGNED) AS n_untouched,"                                \
	" CAST(SUM(o.state <> 'cancelled' AND NOT (" UNTOUCHED                                     \
	")) AS SIGNED) AS n_kept FROM occurrence o WHERE"
#define CANCEL                                                                                     \
	"UPDATE occurrence o SET o.state = 'cancelled', o.cancel_cause = 'closure',"               \
	" o.cancel_reason = ?, o.closure_id = ?, o.cancelled_at = ?, o.version = o.version + 1"    \
	" WHERE " UNTOUCHED " AND"
#define TOUCH_PEOPLE(where)                                                                        \
	"UPDATE person p JOIN (SELECT o.teacher_id AS id FROM occurrence o WHERE" where ON_DAYS    \
	" UNION SELECT cs.person_id FROM class_staff cs WHERE cs.class_id IN"                      \
	" (SELECT o.class_id FROM occurrence o WHERE" where ON_DAYS ")) t ON t.id = p.id"          \
	" SET p.version = p.version + 1"

#define CLOSURE_STATEMENTS(ROWS, CHANGE)                                                           \
	ROWS(CLOSURE_READ, "i", closure_stored, SELECT_CLOSURE " AND c.id = ?")                    \
	ROWS(CLOSURE_LOCK, "i", closure_locked,                                                    \
	     "SELECT id FROM closure WHERE id = ? AND ended_at IS NULL FOR UPDATE")                \
	ROWS(CLOSURE_AHEAD, "iidi", closure_stored,                                                \
	     SELECT_CLOSURE OF_BRANCH " AND c.to_date >= ? ORDER BY c.from_date, c.id LIMIT ?")    \
	ROWS(CLOSURE_PAST, "iidi", closure_stored,                                                 \
	     SELECT_CLOSURE OF_BRANCH                                                              \
	     " AND c.to_date < ? ORDER BY c.from_date DESC, c.id DESC LIMIT ?")                    \
	ROWS(CLOSURE_SPANS, "idd", closure_span,                                                   \
	     "SELECT c.id, c.name, c.from_date, c.to_date FROM closure c"                          \
	     " WHERE (c.branch_id = ? OR c.branch_id IS NULL) AND c.to_date >= ?"                  \
	     " AND c.from_date <= ? AND c.ended_at IS NULL ORDER BY c.from_date, c.id")            \
	CHANGE(CLOSURE_INSERT, "isddit",                                                           \
	       "INSERT INTO closure (branch_id, name, from_date, to_date, created_by, created_at)" \
	       " VALUES (?, ?, ?, ?, ?, ?)")                                                       \
	CHANGE(CLOSURE_WRITE, "sddi",                                                              \
	       "UPDATE closure SET name = ?, from_date = ?, to_date = ?, version = version + 1"    \
	       " WHERE id = ?")                                                                    \
	CHANGE(CLOSURE_RENAME, "si",                                                               \
	       "UPDATE occurrence SET cancel_reason = ?, version = version + 1"                    \
	       " WHERE closure_id = ? AND cancel_cause = 'closure'")                               \
	CHANGE(CLOSURE_END, "ti",                                                                  \
	       "UPDATE closure SET ended_at = ?, version = version + 1 WHERE id = ?")              \
	ROWS(CLOSURE_COUNT_BRANCH, "idddd", closure_count, COUNTS " o.branch_id = ? AND" ON_DAYS)  \
	ROWS(CLOSURE_COUNT_ALL, "dddd", closure_count, COUNTS ON_DAYS)                             \
	CHANGE(CLOSURE_TOUCH_BRANCHES, "ii",                                                       \
	       "UPDATE branch SET version = version + 1 WHERE ? = 0 OR id = ?")                    \
	CHANGE(CLOSURE_TOUCH_PEOPLE_BRANCH, "iddddidddd", TOUCH_PEOPLE(" o.branch_id = ? AND"))    \
	CHANGE(CLOSURE_TOUCH_PEOPLE_ALL, "dddddddd", TOUCH_PEOPLE(""))                             \
	CHANGE(CLOSURE_CANCEL_BRANCH, "sitidddd", CANCEL " o.branch_id = ? AND" ON_DAYS)           \
	CHANGE(CLOSURE_CANCEL_ALL, "sitdddd", CANCEL ON_DAYS)                                      \
	CHANGE(CLOSURE_HAND_ON, "iidd",                                                            \
	       "UPDATE occurrence o JOIN closure c ON c.ended_at IS NULL AND c.id <> ?"            \
	       " AND (c.branch_id = o.branch_id OR c.branch_id IS NULL)"                           \
	       " AND o.session_date BETWEEN c.from_date AND c.to_date"                             \
	       " SET o.closure_id = c.id, o.cancel_reason = c.name, o.version = o.version + 1"     \
	       " WHERE o.closure_id = ? AND o.cancel_cause = 'closure'"                            \
	       " AND NOT o.session_date BETWEEN ? AND ?")                                          \
	ROWS(CLOSURE_CANCELLED, "it", closure_session,                                             \
	     "SELECT o.id FROM occurrence o WHERE o.closure_id = ? AND o.cancel_cause = 'closure'" \
	     " AND o.cancelled_at = ?")                                                            \
	ROWS(CLOSURE_OUTSIDE, "idd", closure_session,                                              \
	     "SELECT o.id FROM occurrence o WHERE o.closure_id = ? AND o.cancel_cause = 'closure'" \
	     " AND NOT o.session_date BETWEEN ? AND ?")                                            \
	CHANGE(CLOSURE_REVIVE, "idd",                                                              \
	       "UPDATE occurrence o SET o.state = 'scheduled', o.cancel_cause = NULL,"             \
	       " o.cancel_reason = NULL, o.cancelled_at = NULL, o.closure_id = NULL,"              \
	       " o.version = o.version + 1 WHERE o.closure_id = ? AND o.cancel_cause = 'closure'"  \
	       " AND NOT o.session_date BETWEEN ? AND ?")
STATEMENT_SET(closure, CLOSURE_STATEMENTS);

enum rc closure_read(struct store *s, int64_t id, struct arena *a, struct closure_stored *ret,
		     struct error *e)
{
	return store_row(s, &closure_table[CLOSURE_READ], PARAMS(P_I64(id)), a, ret, e);
}

enum rc closure_lock(struct store *s, int64_t id, struct arena *a, struct error *e)
{
	struct closure_locked locked;

	return store_row(s, &closure_table[CLOSURE_LOCK], PARAMS(P_I64(id)), a, &locked, e);
}

enum rc closure_rows(struct store *s, int64_t branch_id, int32_t from, bool past, size_t limit,
		     struct arena *a, const struct closure_stored **ret_rows, size_t *ret_n,
		     struct error *e)
{
	return store_rows(s, &closure_table[past ? CLOSURE_PAST : CLOSURE_AHEAD],
			  PARAMS(P_I64(branch_id), P_I64(branch_id), P_DAY(from),
				 P_I64((int64_t)limit)),
			  limit, a, ret_rows, ret_n, e);
}

enum rc closure_spans(struct store *s, int64_t branch_id, int32_t from, int32_t to, struct arena *a,
		      const struct closure_span **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &closure_table[CLOSURE_SPANS],
			  PARAMS(P_I64_OR_NULL(branch_id), P_DAY(from), P_DAY(to)), SPANS_MAX, a,
			  ret_rows, ret_n, e);
}

enum rc closure_insert(struct store *s, const struct closure_stored *c, int64_t account_id,
		       int64_t now_at, int64_t *ret_id, struct error *e)
{
	return store_change(s, &closure_table[CLOSURE_INSERT],
			    PARAMS(P_I64_OR_NULL(c->branch_id), P_TEXT(c->name),
				   P_DAY(c->from_date), P_DAY(c->to_date),
				   P_I64_OR_NULL(account_id), P_TIME(now_at)),
			    NULL, ret_id, e);
}

enum rc closure_write(struct store *s, const struct closure_stored *c, struct error *e)
{
	TRY(store_change(s, &closure_table[CLOSURE_WRITE],
			 PARAMS(P_TEXT(c->name), P_DAY(c->from_date), P_DAY(c->to_date),
				P_I64(c->id)),
			 NULL, NULL, e));
	return store_change(s, &closure_table[CLOSURE_RENAME],
			    PARAMS(P_TEXT(c->name), P_I64(c->id)), NULL, NULL, e);
}

enum rc closure_end(struct store *s, int64_t id, int64_t now_at, struct error *e)
{
	return store_change(s, &closure_table[CLOSURE_END], PARAMS(P_TIME(now_at), P_I64(id)), NULL,
			    NULL, e);
}

#define DAYS_PARAMS(from, to) P_DAY(from), P_DAY(to), P_DAY(from), P_DAY(to)

enum rc closure_counts(struct store *s, int64_t branch_id, int32_t from, int32_t to,
		       struct arena *a, struct closure_count *ret, struct error *e)
{
	struct closure_count row;

	if (branch_id == COLUMN_NULL)
		TRY(store_row(s, &closure_table[CLOSURE_COUNT_ALL], PARAMS(DAYS_PARAMS(from, to)),
			      a, &row, e));
	else
		TRY(store_row(s, &closure_table[CLOSURE_COUNT_BRANCH],
			      PARAMS(P_I64(branch_id), DAYS_PARAMS(from, to)), a, &row, e));
	/* No row at all: no sum. */
	ret->n_untouched = row.n_untouched == COLUMN_NULL ? 0 : row.n_untouched;
	ret->n_kept = row.n_kept == COLUMN_NULL ? 0 : row.n_kept;
	return RC_OK;
}

enum rc closure_touch(struct store *s, int64_t branch_id, int32_t from, int32_t to, struct error *e)
{
	int64_t id = branch_id == COLUMN_NULL ? 0 : branch_id;

	TRY(store_change(s, &closure_table[CLOSURE_TOUCH_BRANCHES], PARAMS(P_I64(id), P_I64(id)),
			 NULL, NULL, e));
	if (branch_id == COLUMN_NULL)
		return store_change(s, &closure_table[CLOSURE_TOUCH_PEOPLE_ALL],
				    PARAMS(DAYS_PARAMS(from, to), DAYS_PARAMS(from, to)), NULL,
				    NULL, e);
	return store_change(s, &closure_table[CLOSURE_TOUCH_PEOPLE_BRANCH],
			    PARAMS(P_I64(id), DAYS_PARAMS(from, to), P_I64(id),
				   DAYS_PARAMS(from, to)),
			    NULL, NULL, e);
}

enum rc closure_cancel(struct store *s, const struct closure_stored *c, int64_t now_at,
		       int64_t *ret_n, struct error *e)
{
	if (c->branch_id == COLUMN_NULL)
		return store_change(s, &closure_table[CLOSURE_CANCEL_ALL],
				    PARAMS(P_TEXT(c->name), P_I64(c->id), P_TIME(now_at),
					   DAYS_PARAMS(c->from_date, c->to_date)),
				    ret_n, NULL, e);
	return store_change(s, &closure_table[CLOSURE_CANCEL_BRANCH],
			    PARAMS(P_TEXT(c->name), P_I64(c->id), P_TIME(now_at),
				   P_I64(c->branch_id), DAYS_PARAMS(c->from_date, c->to_date)),
			    ret_n, NULL, e);
}

enum rc closure_cancelled(struct store *s, int64_t id, int64_t at, struct arena *a,
			  const struct closure_session **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &closure_table[CLOSURE_CANCELLED], PARAMS(P_I64(id), P_TIME(at)),
			  SESSIONS_MAX, a, ret_rows, ret_n, e);
}

/* Days that no session has stand for "nowhere". */
static int32_t first_of(int32_t from)
{
	return from == NO_DAY ? 1 : from;
}

static int32_t last_of(int32_t from, int32_t to)
{
	return from == NO_DAY ? 0 : to;
}

enum rc closure_hand_on(struct store *s, int64_t id, int32_t from, int32_t to, struct arena *a,
			const struct closure_session **ret_rows, size_t *ret_n, struct error *e)
{
	const struct param first = P_DAY(first_of(from)), last = P_DAY(last_of(from, to));

	TRY(store_change(s, &closure_table[CLOSURE_HAND_ON],
			 PARAMS(P_I64(id), P_I64(id), first, last), NULL, NULL, e));
	return store_rows(s, &closure_table[CLOSURE_OUTSIDE], PARAMS(P_I64(id), first, last),
			  SESSIONS_MAX, a, ret_rows, ret_n, e);
}

enum rc closure_revive(struct store *s, int64_t id, int32_t from, int32_t to, int64_t *ret_n,
		       struct error *e)
{
	return store_change(s, &closure_table[CLOSURE_REVIVE],
			    PARAMS(P_I64(id), P_DAY(first_of(from)), P_DAY(last_of(from, to))),
			    ret_n, NULL, e);
}
