/*
 * Attendance of a course over a time, by student; and who is expected in a session that was not
 * opened.
 *
 * Closed sessions count.  A rate is points earned over sessions that count, by the institution's
 * set of marks (core/attendance/policy.h), rounded down; a session without a mark does not count.
 * Seen by who teaches the course and the admins of its branch.
 */
#ifndef CORE_COURSE_REPORT_H
#define CORE_COURSE_REPORT_H

#include "core/attendance/policy.h"
#include "store/course_report.h"

struct course_report_row {
	int64_t person_id;
	struct str given_name, family_name, student_code;
	int64_t n[MARK__MAX];
	int64_t percent; /* -1: nothing counted */
};
struct course_report {
	int64_t course_id, branch_id;
	struct str code, title;
	int64_t n_sessions, aim_percent;
	bool counts_excused;
	const struct course_report_row *rows; /* by family and given name */
	size_t n_rows;
};
/* Days: NO_DAY is open.  RC_NOT_FOUND; field "to": END_BEFORE_START. */
/* Everything but the rows: whether it may be seen, and what it is called. */
enum rc course_report_head(struct core *c, int64_t course_id, int32_t from_day, int32_t to_day,
			   struct course_report *ret, struct error *e) MUST_CHECK;
enum rc course_report(struct core *c, int64_t course_id, int32_t from_day, int32_t to_day,
		      struct course_report *ret, struct error *e) MUST_CHECK;

/* Of an occurrence that the viewer has got (session_get). */
enum rc expected_list(struct core *c, int64_t occurrence_id, const struct expected_row **ret_rows,
		      size_t *ret_n, struct error *e) MUST_CHECK;

#endif
