/*
 * SQL of reports about a course's attendance, and of who is expected in a session that was not
 * opened.
 */
#ifndef STORE_COURSE_REPORT_H
#define STORE_COURSE_REPORT_H

#include "store/store.h"

struct course_head {
	int64_t id, branch_id;
	struct str code, title;
	int64_t is_teacher; /* 1: the viewer teaches it, or holds a session of it */
	int64_t n_sessions; /* closed ones in the time */
};
/* person_id: of the viewer, COLUMN_NULL: none.  Days: NO_DAY is open.  RC_NOT_FOUND. */
enum rc course_head_read(struct store *s, int64_t course_id, int64_t person_id, int32_t from_day,
			 int32_t to_day, struct arena *a, struct course_head *ret,
			 struct error *e) MUST_CHECK;

struct course_count_row {
	int64_t person_id;
	struct str given_name, family_name, student_code;
	int64_t n_present, n_late, n_excused, n_absent, n_unmarked;
};
/* Closed sessions only; by family and given name, at most 5,000. */
enum rc course_counts(struct store *s, int64_t course_id, int32_t from_day, int32_t to_day,
		      struct arena *a, const struct course_count_row **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

struct expected_row {
	int64_t person_id;
	struct str given_name, family_name, student_code;
};
/* Of an occurrence, on its day; by family and given name, at most 5,000. */
enum rc expected_rows(struct store *s, int64_t occurrence_id, struct arena *a,
		      const struct expected_row **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

#endif
