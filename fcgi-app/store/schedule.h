/*
 * Schedules and the occurrences a rule makes, written many at a time: each batch of days is
 * one JSON parameter of one statement.
 */
#ifndef STORE_SCHEDULE_H
#define STORE_SCHEDULE_H

#include "store/occurrence.h"

struct schedule_stored {
	int64_t id, branch_id, class_id, course_id, teacher_id, teacher_account_id;
	struct str class_name, course_code, teacher_name, branch_name, zone;
	struct str title, room, recurrence;
	int64_t room_id; /* COLUMN_NULL: none of the list */
	int32_t start_date, end_date;
	int64_t weekdays, day_of_month;
	int32_t start_time, end_time;
	struct str subject_ids, student_ids, notes, status;
	int64_t version, created_at, n_occurrences;
	int64_t is_staff;  /* the person asked about is staff of its class */
	int64_t n_members; /* students of its class */
};

/* Slots after the first. */
struct schedule_slot_row {
	int64_t schedule_id, weekdays;
	int32_t start_time, end_time;
	int64_t room_id; /* COLUMN_NULL: that of the schedule */
};
/* Of a JSON list of schedule ids, by schedule and position. */
enum rc schedule_slots(struct store *s, struct str ids, struct arena *a,
		       const struct schedule_slot_row **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;
/* Takes the place of those there are.  slots: a JSON array of {"k":position,"w":weekdays,
 * "a":"HH:MM:SS","b":"…","r":room or null}; empty: none. */
enum rc schedule_slots_write(struct store *s, int64_t id, struct str slots,
			     struct error *e) MUST_CHECK;

/* Not ended; RC_NOT_FOUND.  person_id: as occurrence_get. */
enum rc schedule_read(struct store *s, int64_t id, int64_t person_id, struct arena *a,
		      struct schedule_stored *ret, struct error *e) MUST_CHECK;
enum rc schedule_lock(struct store *s, int64_t id, struct arena *a, struct error *e) MUST_CHECK;
/* Newest first; class_id 0: all. */
enum rc schedule_rows(struct store *s, enum occurrence_seen seen, int64_t seen_id, int64_t class_id,
		      size_t limit, struct arena *a, const struct schedule_stored **ret_rows,
		      size_t *ret_n, struct error *e) MUST_CHECK;
/* Uses id (update only), branch_id … status of `r`. */
enum rc schedule_insert(struct store *s, const struct schedule_stored *r, int64_t account_id,
			int64_t now_at, int64_t *ret_id, struct error *e) MUST_CHECK;
enum rc schedule_write(struct store *s, const struct schedule_stored *r, int64_t now_at,
		       struct error *e) MUST_CHECK;
enum rc schedule_end(struct store *s, int64_t id, int64_t now_at, struct error *e) MUST_CHECK;

/* What a class, a course and a teacher are, for checking a rule. */
struct schedule_subject_row {
	int64_t branch_id;
	struct str zone, class_name;
	int64_t n_members; /* of the class */
	int64_t course_id, course_branch_id;
	struct str course_title;
	int64_t teacher_id, teacher_branch_id;
};
/* RC_NOT_FOUND: no such class.  course_id, teacher_id 0: none asked for. */
enum rc schedule_subject(struct store *s, int64_t class_id, int64_t course_id, int64_t teacher_id,
			 struct arena *a, struct schedule_subject_row *ret,
			 struct error *e) MUST_CHECK;

struct schedule_occurrence_row {
	int64_t id, completion_id, course_id, class_id, teacher_id;
	struct str state, cancel_cause, title, room;
	int64_t room_id, closure_id;
	int32_t session_date, start_time, end_time, moved_from_date, moved_from_time;
	int64_t starts_at, ends_at;
};
/* All of a rule, by the date and time they were made for; locks: in a transaction, their rows. */
enum rc schedule_occurrences(struct store *s, int64_t id, bool locks, struct arena *a,
			     const struct schedule_occurrence_row **ret_rows, size_t *ret_n,
			     struct error *e) MUST_CHECK;

struct schedule_key {
	int64_t id;
};
/*
 * days: a JSON array of {"d":"YYYY-MM-DD","a":"HH:MM:SS","b":"…" (wall clock),"s":"YYYY-MM-DD
 * HH:MM:SS","e":"…" (UTC),"r":room or null,"n":"its name"}, with "id" where occurrences are
 * updated; ids: a JSON array of numbers.
 */
enum rc schedule_put_occurrences(struct store *s, const struct schedule_stored *r, struct str days,
				 int64_t *ret_first_id, struct error *e) MUST_CHECK;
/* Its occurrences from that id on. */
enum rc schedule_occurrences_from(struct store *s, int64_t id, int64_t first_id, struct arena *a,
				  const struct schedule_key **ret_rows, size_t *ret_n,
				  struct error *e) MUST_CHECK;
enum rc schedule_update_occurrences(struct store *s, const struct schedule_stored *r,
				    struct str days, struct error *e) MUST_CHECK;
/* Only those without a completion that are scheduled, or cancelled by a closure. */
enum rc schedule_remove_occurrences(struct store *s, struct str ids, struct error *e) MUST_CHECK;
enum rc schedule_cancel_occurrences(struct store *s, struct str ids, int64_t now_at,
				    struct error *e) MUST_CHECK;

/* ---- lists ------------------------------------------------------------------------------- */

enum schedule_state_filter { SCHEDULE_RUNNING, SCHEDULE_OVER, SCHEDULE_ENDED, SCHEDULE_ANY };
struct schedule_search {
	int64_t branch_id, class_id, teacher_id, room_id; /* 0: all */
	enum schedule_state_filter state;
	int32_t today;     /* SCHEDULE_RUNNING: its last day is not before */
	struct str search; /* in title, course, class, teacher, room */
	size_t limit;
	int64_t offset;
};
struct schedule_found {
	int64_t id, branch_id;
	struct str branch_name, title, class_name, course_code, teacher_name, room, recurrence;
	int32_t start_date, end_date;
	int64_t weekdays, day_of_month;
	int32_t start_time, end_time;
	struct str status;
	int64_t ended_at, n_slots, total; /* total: rows of all pages */
};
/* Those that run or come first, by their first day. */
enum rc schedule_find(struct store *s, const struct schedule_search *q, struct arena *a,
		      const struct schedule_found **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;
/* Active ones that have days within from..to.  branch_id COLUMN_NULL: of all. */
enum rc schedule_keys(struct store *s, int64_t branch_id, int32_t from, int32_t to, struct arena *a,
		      const struct schedule_key **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

#endif
