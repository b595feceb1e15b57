/*
 * Oversight: what was held, what is missing, what waits for an admin, across all teachers.
 *
 * Only who signs sessions off (ACTION_SESSION_CHECK) gets anything here: a branch admin that
 * branch, a super admin all; everybody else RC_DENIED.  Lists are read along the order
 * of time from a place in it, and counts stop at a bound, so that nothing here takes longer the
 * more there is.
 */
#ifndef CORE_OVERSIGHT_H
#define CORE_OVERSIGHT_H

#include "core/core.h"
#include "core/period.h"
#include "core/session/session.h"
#include "store/oversight.h"

#define OVERSIGHT_PAGE      50   /* rows of a page, and the most that are acted on at once */
#define OVERSIGHT_COUNT_MAX 500  /* more is shown as "500+" */
#define OVERSIGHT_WINDOW    1000 /* sessions a search, or filters beyond one, look through at once */
#define OVERSIGHT_DAYS      30   /* of the figures by teacher */
#define OVERSIGHT_TEACHERS  50   /* rows of those */

/* A place in the order of time; id 0: its beginning. */
struct oversight_place {
	int64_t at, id;
};

/* Zero-initialised: what is missing, newest first. */
struct oversight_query {
	enum oversight_state state;
	struct str search; /* a completion code, or a part of title, code, course, group, teacher */
	int64_t branch_id, teacher_id, course_id, class_id; /* 0: all */
	enum period period;                                 /* PERIOD_DEFAULT: any time */
	int32_t from_day, to_day; /* with PERIOD_RANGE, both included; NO_DAY: open */
	int64_t late_min;         /* began at least so late; 0: any */
	bool oldest_first;
	struct oversight_place past; /* the page behind this place */
	bool backwards;              /* … or the one before it */
};

struct oversight_item {
	struct session_row row; /* room, members and moving are empty */
	struct str branch_name, zone;
	bool code_generated;
	struct str checked_by, return_reason;
	int64_t checked_at;
	bool may_check, may_uncheck, may_return, may_remind;
};

/* What the search was taken for. */
enum oversight_found {
	OVERSIGHT_FOUND_LIST,    /* a part of texts, or nothing */
	OVERSIGHT_FOUND_CODE,    /* the code of the one session that is shown, whatever its state */
	OVERSIGHT_FOUND_NO_CODE, /* a generated code that no session of the viewer has */
	OVERSIGHT_FOUND_MISTYPED, /* looks generated, and its check characters are wrong */
};

struct oversight_list {
	const struct oversight_item *items;
	size_t n_items;
	struct oversight_query query; /* as used */
	enum oversight_found found;
	bool has_next, has_prev;
	struct oversight_place next, prev; /* places to go on from */
	/* OVERSIGHT_WINDOW sessions were looked at and there are more behind `next`. */
	bool is_partial;
	struct oversight_counts counts; /* each up to OVERSIGHT_COUNT_MAX + 1 */
	int32_t today;
};

/*
 * Two statements; one more with two filters, two more with a search, when little is found.
 * RC_NOT_FOUND for a branch that is not the viewer's; another branch's teacher, course or class has
 * no sessions there. Fields "q" (NOT_TEXT), "to" (END_BEFORE_START).
 */
enum rc oversight_list_of(struct core *c, const struct oversight_query *q,
			  struct oversight_list *ret, struct error *e) MUST_CHECK;

struct oversight_teacher {
	int64_t teacher_id; /* COLUMN_NULL: nobody */
	struct str name;
	int64_t n_held, n_completed, n_missing, n_checked;
	int64_t mean_late_min; /* COLUMN_NULL: nothing completed */
};
struct oversight_overview {
	int32_t today, week_from, week_to; /* days, both included */
	struct oversight_week week;
	int64_t in_time_percent;                  /* of those held; COLUMN_NULL: none held */
	struct oversight_counts counts;           /* as above */
	const struct oversight_teacher *teachers; /* of the last OVERSIGHT_DAYS days */
	size_t n_teachers;
	bool has_more_teachers; /* than OVERSIGHT_TEACHERS */
	int32_t since;          /* first of those days */
};
/* Sums of overviews that a worker remembers, for a minute at most; not shared by threads. */
struct oversight_cache;
enum rc oversight_cache_new(struct oversight_cache **ret, struct error *e) MUST_CHECK;
void oversight_cache_free(struct oversight_cache *cache); /* or NULL */
/*
 * Three statements, one when the sums are remembered; all of the viewer's branch or, for a
 * super admin, of everything.  cache may be NULL; else the teachers live in it
 * until the next overview.
 */
enum rc oversight_overview(struct core *c, struct oversight_cache *cache,
			   struct oversight_overview *ret, struct error *e) MUST_CHECK;

/* Does the typed code say this session?  Its blanks and case do not matter. */
enum oversight_verdict {
	OVERSIGHT_MATCHES,
	OVERSIGHT_DIFFERS,
	OVERSIGHT_DIFFERS_MISTYPED, /* and its check characters are wrong */
	OVERSIGHT_NO_CODE,          /* the session has none */
	OVERSIGHT_VERDICT__MAX
};
/* Field "code": REQUIRED, NOT_TEXT, TOO_LONG.  RC_NOT_FOUND as session_get. */
enum rc oversight_verify(struct core *c, int64_t occurrence_id, struct str code,
			 enum oversight_verdict *ret, struct error *e) MUST_CHECK;

enum oversight_act {
	OVERSIGHT_CHECK,
	OVERSIGHT_UNCHECK,
	OVERSIGHT_RETURN,
	OVERSIGHT_REMIND, /* who holds what is missing, completion_remind */
	OVERSIGHT_ACT__MAX
};

/* A session and the version that was looked at. */
struct oversight_pick {
	int64_t id, version;
};
struct oversight_refusal {
	int64_t id;
	struct str title; /* empty: not to be seen, or not there */
	int32_t day;
	enum reason reason;
};
struct oversight_report {
	const struct oversight_pick *done; /* with their new versions */
	size_t n_done;
	const struct oversight_refusal *refused;
	size_t n_refused;
};
/*
 * Each pick (1..OVERSIGHT_PAGE) in a transaction of its own: what has changed since, is in
 * another state or cannot be found is refused and listed, and does not hold the others
 * up.  RC_INVALID NOTHING_CHOSEN, RC_TOO_BIG, field "reason" for RETURN (as
 * completion_return); RC_DEPENDENCY half-way leaves what was done.
 */
enum rc oversight_act(struct core *c, enum oversight_act act, const struct oversight_pick *picks,
		      size_t n_picks, struct str reason, struct oversight_report *ret,
		      struct error *e) MUST_CHECK;

#endif
