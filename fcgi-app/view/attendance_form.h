/*
 * Views of attendance that stand on the pages of sessions.
 */
#ifndef VIEW_ATTENDANCE_FORM_H
#define VIEW_ATTENDANCE_FORM_H

#include "core/attendance/attendance_brief.h"
#include "view/page.h"

/* How one signal is asked for. */
struct view_level {
	const char *name; /* of the field */
	struct str label, hint;
	enum policy_level level;
};
/* The fields of a session's settings: on the session's page, and while it runs. */
struct view_attendance_form {
	const struct view_level *levels;
	size_t n_levels;
	struct str late, open, latitude, longitude, radius; /* as typed */
	bool never_late, is_new;
	struct view_field_error late_error, open_error, latitude_error, longitude_error,
		radius_error;
	struct view_errors errors;
};

/* Attendance of one session, on its page. */
struct view_session_attendance {
	int64_t session_id;
	const struct attendance_brief *brief; /* NULL: not opened */
	int64_t n_here;
	bool is_running, may_open, has_roster;
	bool is_early;              /* it may be opened later */
	int32_t from_day, from_tod; /* then */
	struct view_attendance_form form;
};

#endif
