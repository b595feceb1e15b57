/*
 * Views of attendance for teachers: console, projector, reports.
 *
 * Texts and rows belong to the request's arena.  Times of day are the session's wall clock.
 */
#ifndef VIEW_ATTENDANCE_H
#define VIEW_ATTENDANCE_H

#include "core/attendance/register.h"
#include "view/attendance_form.h"
#include "view/claims.h"
#include "view/session.h"

/* One of the four marks, as the institution calls it. */
struct view_mark {
	enum mark mark;
	const char *key; /* "p", "l", "e", "a": in forms, addresses, class names */
	struct str letter, label;
	int64_t n; /* how many have it */
};

/* What somebody else set while this one was marked. */
struct view_clash {
	struct str text;     /* empty: none */
	const char *now_key; /* "n": no mark */
	struct str now_label, want_label;
	struct str want; /* "201-p-4" for the field `one` */
};

struct view_register_row {
	const struct register_row *r;
	struct str name, initials;
	int64_t number;    /* from 1 */
	enum mark chosen;  /* the checked one */
	const char *key;   /* of it; "n": none */
	struct str letter; /* of the stored mark; empty: none */
	struct str from;   /* what it was made from: "p4" */
	struct str by;     /* "QR 09:03", "you, 09:10" */
	int64_t late_min;  /* 0: none to show */
	int32_t here_tod;  /* of those who came; NO_DAY */
	bool is_hidden;    /* by the filter */
	struct view_clash clash;
};

struct view_register_filter {
	const char *word; /* in the address */
	struct str name, href;
	int64_t n;
	bool is_chosen;
};

/* One fact of an attempt. */
struct view_fact {
	const char *class; /* "ok", "warn", "bad" */
	enum signal_kind kind;
	struct str text;
};
struct view_attempt {
	const struct checkin_attempt *a;
	int32_t day, tod;
	struct str reason; /* sentence */
	const struct view_fact *facts;
	size_t n_facts;
	bool has_photo;
	int64_t attendance_id;
};

struct view_guest {
	const struct register_guest *g;
	int64_t attendance_id;
	const struct view_option *people; /* whom they may be merged with */
	size_t n_people;
	bool may_work;
};

enum attendance_flash {
	AFLASH_NONE,
	AFLASH_OPENED,
	AFLASH_EXTENDED,
	AFLASH_PAUSED,
	AFLASH_RESUMED,
	AFLASH_CLOSED,
	AFLASH_WAS_CLOSED,
	AFLASH_REOPENED,
	AFLASH_SET,
	AFLASH_MARKED,
	AFLASH_UNDONE,
	AFLASH_ACCEPTED,
	AFLASH_REJECTED,
	AFLASH_GUEST_ADDED,
	AFLASH_GUEST_GONE,
	AFLASH_MERGED,
	AFLASH__MAX
};
struct str attendance_flash_name(enum attendance_flash f);
enum attendance_flash attendance_flash_from(struct str name); /* NONE when unknown */

struct view_attendance_flash {
	enum attendance_flash kind;
	int64_t id, n, m;
	struct str act; /* that can be undone; empty: none */
};

/* Sentences with {names} that the scripts fill in. */
struct view_console_texts {
	struct str waiting, clash, clash_self, keep, set, saved, failed, changed;
	struct str rest_absent, rest_present, left, here;
};

struct view_console {
	const struct view_page *page;
	const struct attendance *s;
	const struct register_list *l;
	struct view_attendance_flash flash;
	struct view_errors errors;
	struct view_console_texts texts;
	struct str state; /* name */
	struct str code;  /* "7K4 Q2M"; empty: none now */
	int32_t opens_tod, closes_tod, closed_tod;
	int32_t closed_day;
	int64_t left_min; /* until it closes, at least 1 */
	int64_t closes_ms, now_ms;
	struct str ring; /* stroke-dasharray: share of those who are here */
	int64_t n_here, n_unmarked;
	struct view_mark marks[4];
	size_t n_marks;
	struct view_register_row *rows;
	size_t n_rows, n_shown;
	const struct view_register_filter *filters;
	size_t n_filters;
	struct str show, q, act;
	struct str why;
	struct view_field_error why_error, guest_error;
	struct str guest; /* as typed */
	bool is_locked;   /* a reason is needed */
	bool has_clash;
	const struct view_attempt *flagged;
	size_t n_flagged;
	const struct view_guest *guests;
	size_t n_guests;
	const struct view_claim *claims; /* that wait */
	size_t n_claims;
	bool is_live, is_early, is_paused, is_closed;
};

/* One student in a session: marks, remark, history. */
struct view_student_change {
	const struct register_change *c;
	int32_t day, tod;
	struct str old_label, new_label; /* empty: no mark */
};
struct view_register_student {
	const struct view_page *page;
	const struct attendance *s;
	struct view_register_row row;
	struct view_mark marks[4];
	size_t n_marks;
	enum mark chosen; /* in the form */
	struct str late, remark, why;
	int64_t version;
	bool is_locked;
	struct view_field_error late_error, remark_error, why_error, mark_error;
	struct view_errors errors;
	struct view_changed changed;
	const struct view_student_change *changes;
	size_t n_changes;
};

/* Asks before closing, or for why it is opened again. */
struct view_attendance_ask {
	const struct view_page *page;
	const struct attendance *s;
	struct view_errors errors;
	struct view_field_error reason_error, minutes_error;
	struct str reason, minutes;
	int64_t n_unmarked;
	bool is_reopen;
};

struct view_attendance_settings {
	const struct view_page *page;
	const struct attendance *s;     /* NULL: it is opened by this form */
	const struct session_detail *d; /* then of this session */
	struct str title, action, back;
	struct view_attendance_form form;
	int64_t version;
};

struct view_running {
	const struct attendance *s;
	struct str state;
	int32_t closes_tod;
	int64_t n_here;
	bool is_live;
};
struct view_attendance_list {
	const struct view_page *page;
	const struct view_running *running, *closed;
	size_t n_running, n_closed;
	int64_t n_claims; /* that wait for the viewer */
};

struct view_arrival {
	struct str name; /* "Zeynep K." */
	int32_t tod;
};
struct view_screen_texts {
	struct str here, of, tick;
};
struct view_screen {
	const struct view_page *page;
	const struct attendance *s;
	struct str state;
	int32_t opens_tod, closes_tod;
	struct view_screen_texts texts;
	struct str code, spelled; /* "7K4 Q2M", "7 K 4, Q 2 M"; empty: none now */
	struct str address;       /* where it is typed, without scheme */
	int qr_size;
	struct str qr_path;
	int64_t left_s, period_s;
	struct str tick, ring;
	int64_t n_here, n_flagged;
	bool shows_names, is_dark;
	struct str names_href, dark_href;
	const struct view_arrival *arrivals;
	size_t n_arrivals;
};

/* On paper: what was marked, or a sheet to sign. */
struct view_paper {
	const struct view_page *page;
	const struct attendance *s;     /* NULL on a sheet before it was opened */
	const struct session_detail *d; /* NULL: a session on its own */
	struct str title, room, group, teacher;
	struct str back, sheet, csv, xlsx, course; /* course empty: none */
	int32_t day, start_tod, end_tod;
	struct str zone;
	const struct view_register_row *rows;
	size_t n_rows;
	const struct register_guest *guests;
	size_t n_guests;
	struct view_mark marks[4];
	size_t n_marks;
	int64_t n_here, n_expected, n_unmarked, percent;
	int32_t now_day, now_tod;
	bool is_sheet;
	struct str verify;
};

struct view_course_row {
	struct str name, code;
	int64_t person_id;
	const struct view_mark *counts; /* how often each mark */
	size_t n_counts;
	int64_t n_unmarked;
	int64_t percent; /* -1: nothing counted */
	bool is_low;     /* below what is asked */
};
struct view_course_report {
	const struct view_page *page;
	int64_t id;
	struct str code, title;
	struct str from, to; /* as asked */
	struct view_field_error from_error, to_error;
	struct str csv, xlsx;
	struct view_mark marks[4];
	size_t n_marks;
	const struct view_course_row *rows;
	size_t n_rows;
	int64_t n_sessions, aim_percent;
	bool counts_excused;
};

#endif
