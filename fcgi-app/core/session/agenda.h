/*
 * The day of a student: the sessions they are expected in, with their own marks.
 *
 * Who is expected is what their enrolments and memberships of that day say, as for the
 * attendance sessions themselves (store/expected.h); that nobody opened attendance yet
 * makes no difference here.
 */
#ifndef CORE_AGENDA_H
#define CORE_AGENDA_H

#include "core/attendance/policy.h"

#define AGENDA_MAX 100

struct agenda_row {
	int64_t occurrence_id;
	int64_t attendance_id; /* COLUMN_NULL: attendance was not opened yet */
	int64_t attempt_id;    /* the viewer's last attempt there; COLUMN_NULL: none */
	struct str title, room, course_code, teacher_name;
	int32_t start_tod, end_tod;
	int64_t starts_at, ends_at;
	bool is_cancelled, is_waiting; /* waiting: an undecided attempt */
	bool may_open; /* it is its time, nobody opened attendance, and students in the room may */
	enum mark mark;
};
/* Of the viewer, who must be a student (RC_DENIED STUDENT_ONLY), by start. */
enum rc agenda_of_day(struct core *c, int32_t day, const struct agenda_row **ret_rows,
		      size_t *ret_n, struct error *e) MUST_CHECK;

#endif
