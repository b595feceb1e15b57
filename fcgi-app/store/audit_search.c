/*
 * SQL of searching the audit log.
 *
 * A statement per index: the driving columns come first, as equalities the index begins
 * with, so that rows come by id and the search stops early; then all filters again, each
 * of which may be off.
 */
#include "store/audit_search.h"

#include "store/sets.h"

static const struct column audit_hit_columns[] = {
	COL(audit_hit, id, I64, false),
	COL(audit_hit, at, TIME, false),
	COL(audit_hit, actor_id, I64, true),
	COL_N(audit_hit, username, TEXT, 320, true),
	COL_N(audit_hit, given_name, TEXT, 480, true),
	COL_N(audit_hit, family_name, TEXT, 480, true),
	COL_N(audit_hit, request_id, TEXT, 128, false),
	COL_N(audit_hit, action, TEXT, 160, false),
	COL(audit_hit, branch_id, I64, true),
	COL_N(audit_hit, branch_name, TEXT, 480, true),
	COL_N(audit_hit, object, TEXT, 80, false),
	COL(audit_hit, object_id, I64, false),
	COL_N(audit_hit, detail, TEXT, 8000, false),
};
struct number {
	int64_t n;
};
static const struct column number_columns[] = { COL(number, n, I64, true) };
struct bounds {
	int64_t first_id, last_id;
};
static const struct column bounds_columns[] = { COL(bounds, first_id, I64, true),
						COL(bounds, last_id, I64, true) };
static const struct column audit_branch_columns[] = { COL(audit_branch, id, I64, false),
						      COL_N(audit_branch, name, TEXT, 480, false) };

#define HIT                                                                                        \
	"l.id, l.at, l.actor_id, a.username, p.given_name, p.family_name, l.request_id, l.action," \
	" l.branch_id, b.name AS branch_name, l.object, l.object_id, l.detail"
#define JOINS                                                                                      \
	" LEFT JOIN account a ON a.id = l.actor_id LEFT JOIN person p ON p.id = a.person_id"       \
	" LEFT JOIN branch b ON b.id = l.branch_id"
/* (before, first, last, from, to, branch ×2, actor ×2, family ×2, object ×2, id ×2, request ×2) */
#define FILTERS                                                                                    \
	"l.id < ? AND l.id >= ? AND l.id <= ? AND l.at >= ? AND l.at < ?"                          \
	" AND (? = 0 OR l.branch_id = ?) AND (? = 0 OR l.actor_id = ?)"                            \
	" AND (? = '' OR l.family = ?) AND (? = '' OR l.object = ?)"                               \
	" AND (? = 0 OR l.object_id = ?) AND (? = '' OR l.request_id = ?)"
#define FILTERS_LETTERS "iiittiiiissssiiss"
#define FROM(index)     " FROM audit_log l FORCE INDEX (" index ")"
#define SEARCH(ROWS, NAME, index, letters, drive)                                                  \
	ROWS(HITS_##NAME, letters FILTERS_LETTERS "i", audit_hit,                                  \
	     "SELECT " HIT FROM(index) JOINS " WHERE " drive FILTERS                               \
					     " ORDER BY l.id DESC LIMIT ?")                        \
	ROWS(MORE_##NAME, letters FILTERS_LETTERS "i", number,                                     \
	     "SELECT l.id AS n" FROM(index) " WHERE " drive FILTERS                                \
					    " ORDER BY l.id DESC LIMIT 1 OFFSET ?")

#define AUDIT_SEARCH_STATEMENTS(ROWS, CHANGE)                                                      \
	SEARCH(ROWS, ALL, "PRIMARY", "", "")                                                       \
	SEARCH(ROWS, BRANCH, "audit_log_branch", "i", "l.branch_id = ? AND ")                      \
	SEARCH(ROWS, FAMILY, "audit_log_family", "s", "l.family = ? AND ")                         \
	SEARCH(ROWS, BRANCH_FAMILY, "audit_log_branch_family", "is",                               \
	       "l.branch_id = ? AND l.family = ? AND ")                                            \
	SEARCH(ROWS, ACTOR, "audit_log_actor", "i", "l.actor_id = ? AND ")                         \
	SEARCH(ROWS, ACTOR_FAMILY, "audit_log_actor_family", "is",                                 \
	       "l.actor_id = ? AND l.family = ? AND ")                                             \
	SEARCH(ROWS, ACTOR_KIND, "audit_log_actor_kind", "is",                                     \
	       "l.actor_id = ? AND l.object = ? AND ")                                             \
	SEARCH(ROWS, KIND, "audit_log_kind", "s", "l.object = ? AND ")                             \
	SEARCH(ROWS, OBJECT, "audit_log_object", "si", "l.object = ? AND l.object_id = ? AND ")    \
	SEARCH(ROWS, REQUEST, "audit_log_request", "s", "l.request_id = ? AND ")                   \
	ROWS(AUDIT_BOUNDS, "tt", bounds,                                                           \
	     "SELECT (SELECT id FROM audit_log FORCE INDEX (audit_log_at) WHERE at >= ?"           \
	     " ORDER BY at, id LIMIT 1) AS first_id,"                                              \
	     " (SELECT id FROM audit_log FORCE INDEX (audit_log_at) WHERE at < ?"                  \
	     " ORDER BY at DESC, id DESC LIMIT 1) AS last_id")                                     \
	ROWS(AUDIT_ACTOR, "s", number, "SELECT id AS n FROM account WHERE username = ?")           \
	ROWS(AUDIT_BRANCHES, "i", audit_branch,                                                    \
	     "SELECT id, name FROM branch ORDER BY name, id LIMIT ?")
STATEMENT_SET(audit_search, AUDIT_SEARCH_STATEMENTS);

#define PARAMS_MAX 24
#define SLACK_US   (3600 * US_PER_S)

struct put {
	struct param v[PARAMS_MAX];
	size_t n;
};

static void put(struct put *q, struct param p)
{
	BUG(q->n == PARAMS_MAX);
	q->v[q->n++] = p;
}

/* The statement for a filter, and its driving parameters. */
static int choose(struct put *q, const struct audit_filter *f)
{
	if (f->request_id.n) {
		put(q, P_TEXT(f->request_id));
		return HITS_REQUEST;
	}
	if (f->object.n && f->object_id) {
		put(q, P_TEXT(f->object));
		put(q, P_I64(f->object_id));
		return HITS_OBJECT;
	}
	if (f->actor_id) {
		put(q, P_I64(f->actor_id));
		if (!f->family.n && !f->object.n)
			return HITS_ACTOR;
		put(q, P_TEXT(f->family.n ? f->family : f->object));
		return f->family.n ? HITS_ACTOR_FAMILY : HITS_ACTOR_KIND;
	}
	if (f->branch_id && (f->family.n || !f->object.n)) {
		put(q, P_I64(f->branch_id));
		if (!f->family.n)
			return HITS_BRANCH;
		put(q, P_TEXT(f->family));
		return HITS_BRANCH_FAMILY;
	}
	if (f->family.n || f->object.n) {
		put(q, P_TEXT(f->family.n ? f->family : f->object));
		return f->family.n ? HITS_FAMILY : HITS_KIND;
	}
	return HITS_ALL;
}

static void put_filters(struct put *q, const struct audit_filter *f, int64_t before_id)
{
	/* The earliest and the latest instant a DATETIME holds. */
	const int64_t earliest = us_from_day_tod(day_from_ymd((struct ymd){ 1000, 1, 1 }), 0);
	const int64_t latest = us_from_day_tod(day_from_ymd((struct ymd){ 9999, 12, 31 }), 0);

	put(q, P_I64(before_id));
	put(q, P_I64(f->first_id));
	put(q, P_I64(f->last_id));
	put(q, P_TIME(f->from_at == NO_TIME ? earliest : f->from_at));
	put(q, P_TIME(f->to_at == NO_TIME ? latest : f->to_at));
	for (int i = 0; i < 2; i++)
		put(q, P_I64(f->branch_id));
	for (int i = 0; i < 2; i++)
		put(q, P_I64(f->actor_id));
	for (int i = 0; i < 2; i++)
		put(q, P_TEXT(f->family));
	for (int i = 0; i < 2; i++)
		put(q, P_TEXT(f->object));
	for (int i = 0; i < 2; i++)
		put(q, P_I64(f->object_id));
	for (int i = 0; i < 2; i++)
		put(q, P_TEXT(f->request_id));
}

enum rc audit_hits(struct store *s, const struct audit_filter *filter, int64_t before_id,
		   size_t limit, struct arena *a, const struct audit_hit **ret_rows, size_t *ret_n,
		   struct error *e)
{
	struct put q = { .n = 0 };
	int statement = choose(&q, filter);

	put_filters(&q, filter, before_id);
	put(&q, P_I64((int64_t)limit));
	return store_rows(s, &audit_search_table[statement], q.v, q.n, limit, a, ret_rows, ret_n,
			  e);
}

enum rc audit_more_than(struct store *s, const struct audit_filter *filter, int64_t limit,
			struct arena *a, bool *ret, struct error *e)
{
	struct put q = { .n = 0 };
	/* Beside each search stands the one that looks how many there are. */
	int statement = choose(&q, filter) + 1;
	const struct number *rows;
	size_t n;

	put_filters(&q, filter, INT64_MAX);
	put(&q, P_I64(limit));
	TRY(store_rows(s, &audit_search_table[statement], q.v, q.n, 1, a, &rows, &n, e));
	*ret = n > 0;
	return RC_OK;
}

enum rc audit_bounds(struct store *s, struct audit_filter *filter, struct arena *a, struct error *e)
{
	struct bounds bounds;
	int64_t from = filter->from_at, to = filter->to_at;

	filter->first_id = 0;
	filter->last_id = INT64_MAX;
	if (from == NO_TIME && to == NO_TIME)
		return RC_OK;
	/* Without a side: an instant that no row comes before, or after. */
	from = from == NO_TIME ? 0 : from - SLACK_US;
	to = to == NO_TIME ? us_from_day_tod(day_from_ymd((struct ymd){ 9999, 12, 31 }), 0)
			   : to + SLACK_US;
	TRY(store_row(s, &audit_search_table[AUDIT_BOUNDS], PARAMS(P_TIME(from), P_TIME(to)), a,
		      &bounds, e));
	filter->first_id = bounds.first_id == COLUMN_NULL ? INT64_MAX : bounds.first_id;
	filter->last_id = bounds.last_id == COLUMN_NULL ? 0 : bounds.last_id;
	return RC_OK;
}

enum rc audit_actor(struct store *s, struct str username, struct arena *a, int64_t *ret_id,
		    struct error *e)
{
	struct number number;

	TRY(store_row(s, &audit_search_table[AUDIT_ACTOR], PARAMS(P_TEXT(username)), a, &number,
		      e));
	*ret_id = number.n;
	return RC_OK;
}

enum rc audit_branches(struct store *s, struct arena *a, const struct audit_branch **ret_rows,
		       size_t *ret_n, struct error *e)
{
	return store_rows(s, &audit_search_table[AUDIT_BRANCHES], PARAMS(P_I64(AUDIT_BRANCHES_MAX)),
			  AUDIT_BRANCHES_MAX, a, ret_rows, ret_n, e);
}
