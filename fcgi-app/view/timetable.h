/*
 * What the pages of schedules, rooms, closures and moved sessions show.
 *
 * Plain data; typed values are shown as they were sent.
 */
#ifndef VIEW_TIMETABLE_H
#define VIEW_TIMETABLE_H

#include "core/people/room.h"
#include "core/schedule/closure.h"
#include "core/schedule/schedule.h"
#include "core/session/session.h"
#include "view/org.h"

struct view_pager {
	struct str prev, next; /* addresses; empty: none */
	int64_t from, to, total;
};

/* ---- rooms ------------------------------------------------------------------------------- */

struct view_rooms {
	const struct view_page *page;
	struct view_org_flash flash;
	const struct room_stored *rows;
	size_t n_rows;
	struct str search;
	bool with_ended, is_filtered;
	int64_t branch;
	struct view_options branches;
	struct view_pager pager;
};

struct view_room {
	const struct view_page *page;
	struct view_org_flash flash;
	struct room_stored room; /* id 0: a new one */
	int64_t n_ahead;
	struct str name, capacity;
	struct view_options branches;
	int64_t revision;
	struct view_errors errors;
	struct view_field_error name_error, capacity_error, branch_error;
	struct view_changed changed;
	struct view_org_end end;
	/* Its place, as typed or stored. */
	struct str latitude, longitude, radius;
	struct view_errors place_errors;
	struct view_field_error latitude_error, longitude_error, radius_error;
};

/* ---- closures ---------------------------------------------------------------------------- */

struct view_closure_row {
	const struct closure_row *c;
};
struct view_closures {
	const struct view_page *page;
	struct view_org_flash flash;
	const struct view_closure_row *coming, *past;
	size_t n_coming, n_past;
	int64_t branch;
	struct view_options branches;
};

struct view_closure_check {
	bool is_shown;
	struct closure_effect effect;
	struct view_errors errors; /* of a check that is sent alone */
};
struct view_closure {
	const struct view_page *page;
	struct closure_stored closure; /* id 0: a new one */
	struct str name, from, to;
	bool has_branch; /* a super admin chooses */
	struct view_options branches;
	int64_t revision;
	struct view_errors errors;
	struct view_field_error name_error, from_error, to_error, branch_error;
	struct view_changed changed;
	struct view_closure_check check;
};

/* ---- schedules ----------------------------------------------------------------------------- */

struct view_schedule_row {
	const struct schedule_found *s;
	struct str when; /* "Monday, Wednesday 09:00–10:30" */
};
struct view_schedules {
	const struct view_page *page;
	struct view_org_flash flash;
	const struct view_schedule_row *rows;
	size_t n_rows;
	struct str search, state;
	bool is_filtered;
	int64_t branch;
	struct view_options branches, classes, teachers, rooms;
	const struct view_choice *states;
	size_t n_states;
	struct view_pager pager;
};

struct view_weekday {
	struct str value, name;
	bool is_chosen;
};
struct view_slot {
	int64_t number;                                        /* from 1 */
	struct str start_name, end_name, days_name, room_name; /* of its inputs, and their ids */
	struct str start, end;
	struct view_weekday days[7];
	size_t n_days;
	struct view_options rooms;
	struct view_field_error start_error, end_error, days_error, room_error;
};

struct view_clash_line {
	const struct clash *c;
	bool is_room, is_teacher, is_group;
};
struct view_clashes {
	const struct view_clash_line *rows;
	size_t n_rows;
	int64_t n, n_more;
};
struct view_plan_line {
	int32_t day, start_tod, end_tod;
	struct str step; /* "new", "kept" … */
	struct str note; /* what a clock change does to it; empty: nothing */
	bool is_kept;
};
struct view_month {
	int32_t day;
};
struct view_schedule_check {
	bool is_shown;
	const struct schedule_plan *plan;
	int64_t n_all; /* sessions there will be */
	const struct view_plan_line *lines;
	size_t n_lines;
	int64_t n_more;
	const struct schedule_closed *closed;
	size_t n_closed;
	int64_t n_closed_more;
	const struct view_month *months;
	size_t n_months;
	const struct schedule_small_room *small;
	size_t n_small;
	struct view_clashes clashes;
	bool needs_accept;
	struct view_errors errors; /* of a check that is sent alone */
};

struct view_schedule {
	const struct view_page *page;
	struct view_org_flash flash;
	int64_t id; /* 0: a new one */
	struct str heading, zone;
	struct str title, notes, start_date, end_date, day_of_month;
	bool is_inactive, has_room_text;
	struct str room_text;
	const struct view_choice *kinds;
	size_t n_kinds;
	struct view_options classes, courses, teachers;
	struct view_slot slots[SLOTS_MAX];
	size_t n_slots;
	bool may_add;
	int64_t revision, n_sessions;
	struct view_errors errors;
	struct view_field_error class_error, course_error, teacher_error, title_error, kind_error,
		day_error, from_error, to_error, notes_error;
	struct view_changed changed;
	struct view_schedule_check check;
};

struct view_schedule_end {
	const struct view_page *page;
	int64_t id;
	struct str title;
	struct schedule_plan plan;
};

/* ---- moving one session ---------------------------------------------------------------------- */

struct view_move_check {
	bool is_shown;
	struct str closure;
	int64_t room_capacity, n_members; /* capacity 0: nothing to say */
	struct str note;                  /* what a clock change does */
	struct view_clashes clashes;
	bool needs_accept;
	struct view_errors errors; /* of a check that is sent alone */
};
struct view_move {
	const struct view_page *page;
	const struct session_detail *d;
	struct view_today date;
	int64_t version;
	struct str day, start, end, room, reason;
	const struct room_stored *rooms;
	size_t n_rooms;
	struct view_errors errors;
	struct view_field_error day_error, start_error, end_error, room_error, reason_error;
	struct view_move_check check;
};

#endif
