/*
 * Requests for sessions: what was asked for, what was said and decided, and what clashes.
 *
 * A decision takes the request's row lock first, so that two of one request follow one
 * another.  Whose requests anybody may see is core's decision; here it is a parameter.
 */
#ifndef STORE_REQUEST_H
#define STORE_REQUEST_H

#include "store/store.h"

/* A request with the names around it.  COLUMN_NULL, NO_TIME, NO_DAY, empty: none. */
struct request_stored {
	int64_t id, branch_id, account_id, teacher_id, course_id, class_id, room_id, schedule_id;
	int64_t n_days, weekdays, day_of_month, needs_session, version;
	int64_t n_sessions, session_id; /* of its sessions that are not cancelled; the first */
	int64_t n_members;              /* of its class */
	int64_t reviewed_by, reviewed_at, created_at, updated_at;
	int32_t session_date, until_date, start_time, end_time;
	struct str branch_name, zone, requester_name, username, email;
	struct str class_name, course_code, course_title, room_name;
	struct str title, kind, notes, recurrence, state, response, reviewer_name;
	int64_t total; /* rows of all pages; of request_find only */
};

/* Not removed; RC_NOT_FOUND. */
enum rc request_read(struct store *s, int64_t id, struct arena *a, struct request_stored *ret,
		     struct error *e) MUST_CHECK;
/* In a transaction: takes the row lock.  RC_NOT_FOUND. */
enum rc request_lock(struct store *s, int64_t id, struct arena *a, struct error *e) MUST_CHECK;

struct request_search {
	int64_t branch_id, account_id, course_id, class_id; /* 0: all */
	struct str state, or_state; /* empty: all; or_state: the same again, or another */
	bool with_withdrawn;        /* where state is empty */
	bool only_unmade;           /* approved, and their session is still to be made */
	struct str kind;            /* empty: all */
	struct str search;          /* in title, class, course, requester; empty: all */
	int32_t from_day, to_day;   /* of the first day; NO_DAY: open */
	bool by_day;                /* else the newest first */
	size_t limit;
	int64_t offset;
};
enum rc request_find(struct store *s, const struct request_search *q, struct arena *a,
		     const struct request_stored **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;

struct request_count_row {
	int64_t n_pending, n_question, n_approved, n_rejected, n_withdrawn, n_unmade;
};
/* branch_id, account_id 0: all. */
enum rc request_counts(struct store *s, int64_t branch_id, int64_t account_id, struct arena *a,
		       struct request_count_row *ret, struct error *e) MUST_CHECK;

/* Uses branch_id … n_days of `r`. */
enum rc request_insert(struct store *s, const struct request_stored *r, int64_t now_at,
		       int64_t *ret_id, struct error *e) MUST_CHECK;
/* days: a JSON array of {"d":"YYYY-MM-DD","s":"YYYY-MM-DD HH:MM:SS","e":"…" (UTC)}. */
enum rc request_put_days(struct store *s, int64_t id, struct str days, struct error *e) MUST_CHECK;
/* Writes state, response, reviewed_*, schedule_id, needs_session, class_id, course_id, room_id of
 * `r`; raises the version. */
enum rc request_write(struct store *s, const struct request_stored *r, int64_t now_at,
		      struct error *e) MUST_CHECK;
enum rc request_remove(struct store *s, int64_t id, int64_t now_at, struct error *e) MUST_CHECK;

struct request_step_row {
	int64_t id, at, account_id;
	struct str action, actor_name, text;
};
/* text empty: none. */
enum rc request_step_add(struct store *s, int64_t id, int64_t account_id, const char *action,
			 struct str text, int64_t now_at, struct error *e) MUST_CHECK;
/* Oldest first, at most `limit`. */
enum rc request_steps(struct store *s, int64_t id, size_t limit, struct arena *a,
		      const struct request_step_row **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

struct request_day_row {
	int32_t session_date;
	int64_t starts_at, ends_at;
};
enum rc request_days(struct store *s, int64_t id, struct arena *a,
		     const struct request_day_row **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;

/* ---- what it would be ---------------------------------------------------------------------- */

/* Class, course and room as far as they are in use in that branch; COLUMN_NULL where not. */
struct request_subject_row {
	int64_t class_id, n_members, course_id, teaches, room_id, room_capacity;
	struct str zone, class_name, room_name;
};
struct request_subject_in {
	int64_t branch_id, class_id, course_id, room_id, person_id; /* 0: none asked for */
	struct str class_name; /* instead of class_id, where that is 0 */
};
enum rc request_subject(struct store *s, const struct request_subject_in *in, struct arena *a,
			struct request_subject_row *ret, struct error *e) MUST_CHECK;

struct request_choice_row {
	int64_t id, is_own; /* is_own: of a course the person teaches, or its staff */
	struct str name, detail;
};
/* Classes in use of a branch, the person's own first; courses that the person teaches there. */
enum rc request_classes(struct store *s, int64_t branch_id, int64_t person_id, size_t limit,
			struct arena *a, const struct request_choice_row **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;
enum rc request_courses(struct store *s, int64_t branch_id, int64_t person_id, size_t limit,
			struct arena *a, const struct request_choice_row **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;
/* Courses of the person that a class takes, at most two. */
enum rc request_courses_of_class(struct store *s, int64_t class_id, int64_t person_id,
				 struct arena *a, const struct request_choice_row **ret_rows,
				 size_t *ret_n, struct error *e) MUST_CHECK;

/* ---- clashes and free rooms ---------------------------------------------------------------- */

/* Rows of one request and session follow one another, one for each kind (core/schedule/clash.h's
 * bits). */
struct request_clash_row {
	int64_t request_id, kind, occurrence_id;
	int32_t session_date, start_time, end_time;
	struct str title, room, teacher_name, class_name;
};
/* Of a JSON list of requests, days that end after now_at; at most `limit`. */
enum rc request_clashes(struct store *s, struct str ids, int64_t now_at, size_t limit,
			struct arena *a, const struct request_clash_row **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;
struct request_room_row {
	int64_t request_id, id, capacity;
	struct str name;
};
/* At most three of each request of a JSON list that is for one day and wishes for no room. */
enum rc request_free_rooms(struct store *s, struct str ids, struct arena *a,
			   const struct request_room_row **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;
/* Rooms of a branch that are free at all of `days` (as request_put_days has them) and hold
 * n_members; request_id is 0. */
enum rc request_rooms_at(struct store *s, int64_t branch_id, int64_t n_members, struct str days,
			 size_t limit, struct arena *a, const struct request_room_row **ret_rows,
			 size_t *ret_n, struct error *e) MUST_CHECK;

/* ---- the sessions that were made ------------------------------------------------------------- */

struct request_session_row {
	int64_t id, is_held; /* held: completed, begun to be completed, or attendance was opened */
	struct str state, title, room;
	int32_t session_date, start_time, end_time;
};
/* By start; locks: in a transaction, their rows. */
enum rc request_sessions(struct store *s, int64_t id, bool locks, size_t limit, struct arena *a,
			 const struct request_session_row **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;
/* Says of the sessions of a schedule whose request they are. */
enum rc request_claim_schedule(struct store *s, int64_t id, int64_t schedule_id,
			       struct error *e) MUST_CHECK;
/* Cancels those that are scheduled and not held, by a person. */
enum rc request_cancel_sessions(struct store *s, int64_t id, struct str reason, int64_t account_id,
				int64_t now_at, int64_t *ret_n, struct error *e) MUST_CHECK;

#endif
