/*
 * Attendance over sessions: of one student, or of a course.
 */
#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include "store/store.h"

/* Which sessions; ids 0: all. */
struct history_filter {
	int64_t person_id; /* 0: all of the course */
	int64_t course_id;
	int64_t seen_branch_id;   /* of this branch alone */
	int64_t seen_person_id;   /* held by, or of a class of, this person alone */
	int32_t from_day, to_day; /* both included; NO_DAY: open */
	size_t limit;
};
struct history_stored {
	int64_t attendance_id, occurrence_id, course_id, person_id;
	struct str title, course_code, course_title, given_name, family_name, student_code, zone;
	int32_t session_date, planned_start;
	int64_t opens_at;
	struct str state, status;
	int64_t late_s, happened_at;
	struct str method, remark;
};
/* Newest first, and by name within a session.  Whoever is expected has a row, marked or not. */
enum rc history_rows(struct store *s, const struct history_filter *f, struct arena *a,
		     const struct history_stored **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;

/* Closed sessions of one student, counted by course and status; by course code. */
struct history_count {
	int64_t course_id; /* COLUMN_NULL: of no course */
	struct str course_code, course_title, status;
	int64_t n;
	int64_t aim_percent, branch_aim_percent; /* COLUMN_NULL: no policy says */
};
/* Reads person_id, seen_branch_id, seen_person_id of f. */
enum rc history_counts(struct store *s, const struct history_filter *f, struct arena *a,
		       const struct history_count **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;

#endif
