/*
 * What the pages of requests, of single sessions and the teacher's home page show.
 *
 * Plain data; typed values are shown as they were sent.
 */
#ifndef VIEW_REQUESTS_H
#define VIEW_REQUESTS_H

#include "core/request/request.h"
#include "view/timetable.h"

/* What was just done, from the address: partials/request-flash. */
enum request_flash {
	REQUEST_FLASH_NONE,
	REQUEST_FLASH_SENT,
	REQUEST_FLASH_WITHDRAWN,
	REQUEST_FLASH_ANSWERED,
	REQUEST_FLASH_APPROVED,
	REQUEST_FLASH_REJECTED,
	REQUEST_FLASH_ASKED,
	REQUEST_FLASH_SETTLED,
	REQUEST_FLASH__MAX
};
struct view_request_flash {
	enum request_flash kind;
	int64_t n, n_changed, n_clash, n_unmade;
};

/* A line of a list. */
struct view_request_row {
	const struct request *r;
	struct str pick;    /* "17-3": id and version */
	struct str kind;    /* "Exam"; what contract 000 sent where it is no word of the list */
	struct str repeats; /* "Every week: Monday, Wednesday"; empty: one session */
	struct str clash;   /* "Databases, 09:00–10:30 (room A112)"; empty: none, or not asked */
	int64_t n_clashes;
	struct str free; /* "B204, C3"; empty: none, or not asked */
	bool is_picked;
};

struct view_request_tab {
	struct str href, name;
	int64_t n;
	bool is_current;
};

/* The requests of a teacher, and those an admin sees. */
struct view_requests {
	const struct view_page *page;
	struct view_request_flash flash;
	struct view_errors errors;
	const struct view_request_tab *tabs;
	size_t n_tabs;
	struct view_request_row *rows;
	size_t n_rows;
	struct view_pager pager;
	bool is_filtered, can_decide, is_waiting;
	struct request_count_row counts;
	int64_t n_waiting;
	/* Filters of admins. */
	struct str search, from, to, tab;
	int64_t branch;
	struct view_options branches, courses, classes;
	const struct view_choice *kinds;
	size_t n_kinds;
	struct view_field_error to_error;
	struct str self, clear; /* this list with its filters: where its form goes */
	struct str response;    /* of the bulk form, as typed */
	struct view_field_error response_error;
};

struct view_request_step {
	const struct request_step_row *s;
	int32_t day, tod;
	struct str what; /* "Question", "Approved" … */
};
struct view_request_day {
	int32_t day;
	struct str value; /* of its input */
	bool is_past, is_chosen;
};

/* What clashes and what is free, before it is sent or made: partials/request-check. */
struct view_request_check {
	bool is_shown;
	const struct session_make_plan *plan;
	int64_t n_days, n_closed;
	bool is_series, knows_class;
	struct view_clashes clashes;
	struct str note; /* what a clock change does */
	struct str free; /* names of free rooms */
	bool needs_accept, is_for_admin;
	struct view_errors errors; /* of a check that is sent alone */
};

/* One request: its page for who asked and for who decides. */
struct view_request {
	const struct view_page *page;
	const struct request_detail *d;
	struct view_request_row row;
	struct view_request_flash flash;
	const struct view_request_step *steps;
	size_t n_steps;
	const struct view_request_day *days;
	size_t n_days;
	bool is_admin, waits;
	/* Deciding. */
	struct str response;
	struct view_options rooms, classes;
	bool needs_accept, with_days;
	struct view_errors errors;
	struct view_field_error response_error, room_error, group_error, days_error, text_error;
	struct view_changed changed;
	struct str text; /* of the answer, as typed */
};

/* The form of a new one. */
struct view_request_form {
	const struct view_page *page;
	struct str title, kind, date, start, end, notes, until, day_of_month;
	const struct view_choice *kinds, *repeats;
	size_t n_kinds, n_repeats;
	struct view_options courses, classes, rooms;
	struct view_weekday weekdays[7];
	size_t n_weekdays;
	struct str today;
	struct view_errors errors;
	struct view_field_error title_error, kind_error, course_error, group_error, room_error,
		date_error, start_error, end_error, notes_error, until_error, weekdays_error,
		day_error;
	struct view_request_check check;
	struct view_request_row *rows; /* earlier ones */
	size_t n_rows;
	struct request_count_row counts;
	int64_t n_waiting;
};

/* ---- the sessions of an admin --------------------------------------------------------------- */

struct view_session_line {
	const struct session_row *s;
	struct view_session_row row;
	bool may_change;
};
struct view_session_admin {
	const struct view_page *page;
	struct view_org_flash flash;
	const struct view_request_tab *tabs;
	size_t n_tabs;
	const struct view_session_line *rows;
	size_t n_rows;
	struct str search, tab;
	const struct view_choice *periods;
	size_t n_periods;
	struct view_options courses, classes, teachers;
	struct view_pager pager;
	bool is_filtered;
};
struct view_session_form {
	const struct view_page *page;
	struct view_org_flash flash;
	int64_t id; /* 0: a new one */
	const struct session_detail *d;
	bool needs_accept;
	struct str title, date, start, end, room;
	int64_t revision;
	struct view_options courses, classes, teachers, rooms;
	struct view_errors errors;
	struct view_field_error title_error, course_error, group_error, teacher_error, room_error,
		date_error, start_error, end_error;
	struct view_request_check check;
};

/* ---- the teacher's home page ---------------------------------------------------------------- */

struct view_trainer {
	const struct view_page *page;
	struct view_today today;
	struct view_strip strip;
	bool has_strip;
	const struct view_session_row *now, *rest, *missing; /* running, later today, to complete */
	size_t n_now, n_rest, n_missing;
	int64_t n_to_complete, n_week, week_minutes;
	const struct view_session_row *next; /* the next one after today; NULL */
	struct view_request_row *rows;       /* requests that wait or were just decided */
	size_t n_rows;
	int64_t n_waiting;
};

#endif
