/*
 * The form of a session's settings: levels, times, place.  It stands on the session's page, on a
 * page of its own before opening, and while a session runs.
 */
#ifndef PAGES_ATTENDANCE_FORM_H
#define PAGES_ATTENDANCE_FORM_H

#include "pages/attendance_part.h"

/* Filled with the policy in force for the session that is to be opened. */
enum rc attendance_form_new(struct page *p, const struct policy *policy,
			    struct view_attendance_form *ret, struct error *e) MUST_CHECK;

#endif
