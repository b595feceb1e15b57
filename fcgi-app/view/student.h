/*
 * Views of a student's own pages: today, and the history of attendance.
 */
#ifndef VIEW_STUDENT_H
#define VIEW_STUDENT_H

#include "core/attendance/register.h"
#include "core/session/agenda.h"
#include "view/page.h"

/* A session that can be checked in to. */
struct view_now {
	int64_t id;
	struct str title, room, teacher;
	int32_t start_tod, end_tod, opens_tod, closes_tod;
	enum attendance_state state;
	enum mark mark;
	bool is_in, is_waiting;
	struct str receipt; /* of the last attempt; empty: none */
};

/* A mark as people call it. */
struct view_mark {
	enum mark mark;
	struct str label;
};

struct view_agenda_row {
	const struct agenda_row *row;
	struct str where; /* "Room B204, Helen Marsh" */
	struct view_mark mark;
	struct str receipt;
	bool may_ask; /* to be excused */
};

/* One stroke of the strip chart; percent of the width in hundredths. */
struct view_stroke {
	enum mark mark;
	int64_t x, width;
	struct str title; /* "Databases, Thursday 19 November: present" */
};

struct view_rate_row {
	struct str title;
	int64_t percent;   /* -1: nothing counted yet */
	int64_t x, aim_x;  /* where the bar and the mark of the aim begin, percent */
	int64_t aim, next; /* after one more session present */
	bool is_below;
};

/* What one mark counts, as a sentence. */
struct view_points {
	struct str label;
	int64_t percent;
	bool is_counted;
	int64_t n; /* how many the student has */
};

struct view_rate {
	int64_t percent, aim; /* percent -1: nothing counted yet */
	int64_t n_counted;
	int64_t points; /* hundredths of a session */
	struct view_stroke *strokes;
	size_t n_strokes;
	struct str strokes_label; /* "9 present, 1 late, 1 excused, 1 absent" */
	struct view_rate_row *rows;
	size_t n_rows;
	struct view_mark keys[MARK__MAX];
	size_t n_keys;
	struct view_points marks[MARK__MAX];
	size_t n_marks;
};

struct view_today_page {
	const struct view_page *page;
	struct str given; /* name to greet */
	int32_t day;
	struct view_now *now;
	size_t n_now;
	struct view_agenda_row *rows;
	size_t n_rows;
	struct view_rate rate;
};

struct view_history_row {
	const struct history_row *row;
	struct view_mark mark;
	int64_t late_min; /* 0: not late */
	bool may_ask;     /* for a correction, so far as this list knows */
};

struct view_history {
	const struct view_page *page;
	struct view_rate rate;
	struct view_history_row *rows;
	size_t n_rows;
	int64_t course_id; /* 0: all */
	const struct history_rate *courses;
	size_t n_courses;
	int64_t total, first, last; /* of the rows shown, from 1 */
	int64_t previous, next;     /* pages; 0: none */
};

#endif
