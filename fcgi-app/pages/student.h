/*
 * A student's own pages: today, and the history of attendance.
 */
#ifndef PAGES_STUDENT_H
#define PAGES_STUDENT_H

#include "web/route.h"

extern const struct fields history_fields;

/* GET /today, /student, /student/check-in */
route_handler page_today;
/* GET /history */
route_handler page_history;

#endif
