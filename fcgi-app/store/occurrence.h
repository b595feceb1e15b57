/*
 * Occurrences: one read with everything around it, the lock, and the changes.
 *
 * A change takes the occurrence's row lock first, so that two of one session follow
 * one another; completions, notes and attachments are only written under it.
 */
#ifndef STORE_OCCURRENCE_H
#define STORE_OCCURRENCE_H

#include "store/store.h"

#define OCCURRENCE_NOTES_BYTES 80000
/* Completed within this of its end is completed in time. */
#define OCCURRENCE_IN_TIME_US US_PER_DAY

/* Occurrence, its completion and the names around it.  COLUMN_NULL, NO_TIME, NO_DAY and
 * empty texts where there is none. */
struct occurrence_row {
	int64_t id, branch_id, schedule_id, course_id, class_id, teacher_id, version;
	struct str title, room, zone, state;
	int32_t session_date, start_time, end_time;
	int64_t starts_at, ends_at;
	struct str cancel_cause, cancel_reason;
	int64_t cancelled_by, cancelled_at;
	int32_t moved_from_date, moved_from_time, moved_from_end;
	struct str moved_from_room, move_reason;
	int64_t room_id; /* COLUMN_NULL: none of the list */
	struct str branch_name, course_code, course_title, class_name;
	int64_t n_members;
	struct str teacher_name, cancelled_by_name;
	/* The completion. */
	int64_t completion_id;
	struct str completion_state;
	int64_t faculty_id, employee_id;
	int32_t actual_start, actual_end;
	struct str code;
	int64_t code_generated;
	struct str notes;
	int64_t completed_by, completed_at, checked_by, checked_at;
	struct str return_reason;
	int64_t note_count, file_count, created_at;
	struct str completed_by_name, checked_by_name;
	/* Of the admin who opened it again, until it is completed; nobody else gives one. */
	struct str reopen_reason;
	int64_t reopened_by;
	struct str reopened_by_name;
	int64_t is_staff; /* the person asked about is staff of its class */
	int64_t n_trail;
};

/* person_id: whose staff membership to look up, or COLUMN_NULL.  RC_NOT_FOUND. */
enum rc occurrence_get(struct store *s, int64_t id, int64_t person_id, struct arena *a,
		       struct occurrence_row *ret, struct error *e) MUST_CHECK;
/* In a transaction: takes the row lock.  RC_NOT_FOUND. */
enum rc occurrence_lock(struct store *s, int64_t id, struct arena *a, struct error *e) MUST_CHECK;
/* Writes state, cancel_*, completion_id, reopen_* of `o`, what lists of admins look for in its
 * completion (review, late_min, in_time), and raises the version. */
enum rc occurrence_write(struct store *s, const struct occurrence_row *o,
			 struct error *e) MUST_CHECK;
/* Date, times, room and what moving keeps; raises the version.  RC_CONFLICT on
 * occurrence_schedule when its rule already has one there. */
enum rc occurrence_write_time(struct store *s, const struct occurrence_row *o,
			      struct error *e) MUST_CHECK;
/*
 * Raises the versions of all who see it: branch, teacher, staff of the class.  Before the
 * transaction writes occurrences: those take shared locks of their branch and teacher (foreign
 * keys), and two that hold them could never both go on to raise versions.
 */
enum rc occurrence_touch(struct store *s, int64_t branch_id, int64_t class_id, int64_t teacher_id,
			 struct error *e) MUST_CHECK;

struct occurrence_last_row {
	int64_t id;
	int32_t session_date, actual_start, actual_end;
	struct str code, follow_up;
};
/* The completed one of the same course and class before `before_at`; RC_NOT_FOUND. */
enum rc occurrence_last(struct store *s, int64_t course_id, int64_t class_id, int64_t before_at,
			struct arena *a, struct occurrence_last_row *ret,
			struct error *e) MUST_CHECK;

struct occurrence_trail_row {
	int64_t id, at;
	struct str action, actor_name, detail, file_name;
};
enum rc occurrence_trail(struct store *s, int64_t id, size_t limit, struct arena *a,
			 const struct occurrence_trail_row **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;

/* For the 004 door. */
struct occurrence_door_row {
	int64_t occurrence_id, schedule_id;
	int32_t session_date, start_time, end_time;
	int64_t batch_id;
	struct str batch_title;
	int64_t branch_id, completion_count;
	struct str latest_status;
	int64_t last_completed;
	struct str zone;
};
enum occurrence_seen { OCCURRENCE_SEEN_PERSON, OCCURRENCE_SEEN_BRANCH, OCCURRENCE_SEEN_ALL };
/* From from_at (included) to to_at, newest first. */
enum rc occurrence_door(struct store *s, enum occurrence_seen seen, int64_t seen_id,
			int64_t from_at, int64_t to_at, size_t limit, struct arena *a,
			const struct occurrence_door_row **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;

#endif
