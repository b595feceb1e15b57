/*
 * What admins look at across all teachers: completions by state, figures of a week, and who
 * completed how much.
 *
 * Every list is a range of one index in order of time and stops at its limit; every number is
 * either counted up to a bound or summed over a bounded time.  So none of them takes longer
 * with more rows.  Whose rows anybody may see is core's decision; here it is a parameter.
 */
#ifndef STORE_OVERSIGHT_H
#define STORE_OVERSIGHT_H

#include "store/store.h"

enum oversight_state {
	OVERSIGHT_MISSING, /* over, and not completed */
	OVERSIGHT_TO_CHECK,
	OVERSIGHT_CHECKED,
	OVERSIGHT_RETURNED,
	OVERSIGHT_ANY, /* all of these */
	OVERSIGHT__STATES
};

/* 0: not asked for.  Instants in UTC. */
struct oversight_params {
	enum oversight_state state;
	int64_t branch_id, teacher_id, course_id, class_id;
	int64_t from_at, to_at; /* start of the session: from <= it < to */
	int64_t now_at;
	bool ascending;           /* oldest first */
	int64_t past_at, past_id; /* only what comes after this one; past_id 0: from the begin */
	int64_t window;           /* how many of the narrowest filter to look at: >= limit, and as
				     limit only when there is one filter of the four, no like, no late_min */
	struct str like;          /* escaped by '!', with the wildcards; empty: no search */
	int64_t late_min;         /* began at least so many minutes late; 0: any */
	int64_t limit;
};

struct oversight_row {
	int64_t id, version, branch_id;
	struct str state, completion_state;
	struct str title, course_code, class_name, branch_name;
	int64_t teacher_id;
	struct str teacher_name;
	int32_t session_date, start_time, end_time, actual_start, actual_end;
	int64_t starts_at, ends_at;
	struct str code;
	int64_t code_generated, note_count, file_count;
	int64_t checked_at;
	struct str zone, checked_by_name, return_reason;
};

/* In the order asked for, at most p->limit. */
enum rc oversight_list(struct store *s, const struct oversight_params *p, struct arena *a,
		       const struct oversight_row **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;
struct oversight_key {
	int64_t starts_at, id;
};
/* The last one that oversight_list looked at; RC_NOT_FOUND when it looked at all there are. */
enum rc oversight_edge(struct store *s, const struct oversight_params *p, struct arena *a,
		       struct oversight_key *ret, struct error *e) MUST_CHECK;
/* One session in the shape of the list; RC_NOT_FOUND. */
enum rc oversight_get(struct store *s, int64_t occurrence_id, struct arena *a,
		      struct oversight_row *ret, struct error *e) MUST_CHECK;

struct oversight_counts {
	int64_t n_missing, n_to_check, n_returned; /* at most `most` each */
};
/* branch_id 0: all. */
enum rc oversight_count(struct store *s, int64_t branch_id, int64_t now_at, int64_t most,
			struct arena *a, struct oversight_counts *ret, struct error *e) MUST_CHECK;

struct oversight_week {
	int64_t n;      /* not cancelled */
	int64_t n_held; /* of these, over or completed */
	int64_t n_live; /* running now, not completed */
	int64_t n_completed, n_in_time;
};
enum rc oversight_week(struct store *s, int64_t branch_id, int64_t from_at, int64_t to_at,
		       int64_t now_at, struct arena *a, struct oversight_week *ret,
		       struct error *e) MUST_CHECK;

struct oversight_teacher_row {
	int64_t teacher_id; /* COLUMN_NULL: sessions of nobody */
	struct str name;
	int64_t n_held, n_completed, n_checked, n_returned;
	int64_t mean_late_min; /* of those completed; COLUMN_NULL: none */
};
/* Most missing first, then by name. */
enum rc oversight_teachers(struct store *s, int64_t branch_id, int64_t from_at, int64_t to_at,
			   int64_t now_at, int64_t limit, struct arena *a,
			   const struct oversight_teacher_row **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;

#endif
