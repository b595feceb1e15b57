/*
 * Attendance of a course over a time: what its page and its files are asked with.
 */
#ifndef PAGES_COURSE_ATTENDANCE_H
#define PAGES_COURSE_ATTENDANCE_H

#include "core/attendance/register.h"

#define HISTORY_EXPORT_MAX 20000

struct course_in {
	int64_t id;
	int32_t from, to; /* NO_DAY: open */
};

#endif
