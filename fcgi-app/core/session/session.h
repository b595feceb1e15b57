/*
 * Sessions (occurrences with what happened in them): the lists and one session.
 *
 * Who sees what: a faculty member or employee the sessions they hold and those of
 * classes they are staff of; a branch admin those of the branch; a super admin
 * all; students and devices none (RC_DENIED).  Somebody else's id is
 * RC_NOT_FOUND.  All texts live in the arena of the core.  Days and times of
 * day are the session's own wall clock (`zone`); instants are UTC.
 */
#ifndef CORE_SESSION_H
#define CORE_SESSION_H

#include "core/core.h"
#include "core/period.h"
#include "core/schedule/clash.h"
#include "store/room.h"

#define SESSION_PAGE_MAX      200 /* rows of a page */
#define SESSION_PAGE_UPCOMING 30  /* default */
#define SESSION_PAGE_PAST     50  /* default of completed and history */
#define SESSION_SEARCH_MAX    100 /* code points; longer is cut */
/* A session may be completed from this long before its planned start. */
#define SESSION_EARLY_US (15 * 60 * US_PER_S)
/* How long "Undo" works for the person who completed or cancelled. */
#define SESSION_UNDO_US (10 * 60 * US_PER_S)

/* ---- lists ------------------------------------------------------------------------- */

enum session_tab {
	SESSION_TAB_UPCOMING,
	SESSION_TAB_COMPLETED,
	SESSION_TAB_HISTORY,
	SESSION_TAB__MAX
};
enum session_sort { SESSION_SORT_DATE, SESSION_SORT_TITLE, SESSION_SORT_DELAY, SESSION_SORT__MAX };
enum session_order {
	SESSION_ORDER_DEFAULT,
	SESSION_ORDER_ASC,
	SESSION_ORDER_DESC,
	SESSION_ORDER__MAX
};

/* What is shown as the state; derived from occurrence, completion and now. */
enum session_state {
	SESSION_PLANNED,
	SESSION_LIVE,        /* its time is now, and it is not completed */
	SESSION_TO_COMPLETE, /* its time is over, and it is not completed */
	SESSION_RETURNED,    /* an admin wants it completed again */
	SESSION_COMPLETED,
	SESSION_CHECKED, /* signed off: locked */
	SESSION_CANCELLED,
	SESSION_STATE__MAX
};
/* "planned", "live", "to_complete", …: for class names and JSON. */
const char *session_state_name(enum session_state s);

/* Zero-initialised it is the first page of Upcoming without filters. */
struct session_query {
	enum session_tab tab;
	struct str search;  /* in title, code, room, class, course; empty: no search */
	int64_t course_id;  /* 0: all */
	int64_t class_id;   /* 0: all */
	int64_t teacher_id; /* person, 0: all; ignored unless the viewer is an admin */
	enum period period;
	int32_t from_day, to_day; /* with PERIOD_RANGE, both included; NO_DAY: open */
	enum session_sort sort;
	enum session_order order; /* default: date ascending in Upcoming, newest first
				     elsewhere; title A to Z; the longest delay first */
	int64_t page;             /* from 1; 0 is 1 */
	int64_t page_size;        /* 1..SESSION_PAGE_MAX; 0: the tab's default */
};

/* A page of Completed may leave room, n_enrolled, ends_at and moved_from_day empty. */
struct session_row {
	int64_t id, completion_id; /* COLUMN_NULL: no completion yet */
	int64_t version;           /* of the occurrence, for forms */
	enum session_state state;
	struct str title, room;
	int64_t course_id, class_id;        /* COLUMN_NULL: none */
	struct str course_code, class_name; /* empty: none */
	struct str teacher_name;            /* empty: nobody */
	int64_t teacher_id;
	int32_t day, start_tod, end_tod;          /* planned */
	int32_t actual_start_tod, actual_end_tod; /* NO_DAY: not entered */
	int64_t starts_at, ends_at;
	int32_t moved_from_day;     /* NO_DAY: not moved */
	int64_t n_enrolled;         /* students of the class now; 0 without a class */
	int64_t late_min, over_min; /* actual minus planned start and end, may be negative;
				       COLUMN_NULL without actual times */
	struct str code;            /* empty: none */
	int64_t n_notes, n_files;
	struct str return_reason;               /* what the admin gave who returned it; or empty */
	struct str cancel_reason, cancelled_by; /* name of who cancelled */
	bool cancelled_by_schedule;
	bool may_complete; /* a "Complete" button makes sense now */
};

struct session_option {
	int64_t id;
	struct str name; /* course code, or class name */
};

/* What stands in the margin and the filters; the same for every page of a viewer. */
struct session_summary {
	int64_t n_tab[SESSION_TAB__MAX]; /* under each tab's default filters */
	int64_t n_today;                 /* not cancelled */
	int64_t n_to_complete;           /* over, not completed (returned ones too) */
	int64_t n_week, week_minutes;    /* this ISO week, not cancelled, planned times */
	const struct session_option *courses, *classes;
	size_t n_courses, n_classes;
	bool is_class_staff; /* sees sessions of a class besides the own ones */
};

/* History only: the months of the page's rows, newest first, under the same filters. */
struct session_month {
	int64_t year, month;
	int64_t n, n_completed, n_cancelled;
};

struct session_list {
	const struct session_row *rows;
	size_t n_rows;
	int64_t total;              /* rows of all pages */
	int64_t page, page_size;    /* as used */
	struct session_query query; /* as used: defaults filled in */
	struct period_days days;    /* of the period used */
	int32_t today;
	struct session_summary summary;
	const struct session_month *months;
	size_t n_months;
};

/*
 * Summaries a worker thread remembers, by (account, version, minute), so that a page
 * needs only its rows.  One thread; NULL is allowed wherever it is taken.  The names of
 * a list's summary may lie in the cache: they hold until the next session_list.
 */
struct session_cache;
enum rc session_cache_new(struct session_cache **ret, struct error *e) MUST_CHECK;
void session_cache_free(struct session_cache *cache);

/*
 * One statement (History: two, the second for its months).  RC_DENIED for students,
 * devices and nobody.  A page beyond the end is empty.  RC_INVALID with fields
 * "from", "to" (END_BEFORE_START), "q" (NOT_TEXT).
 */
enum rc session_list(struct core *c, const struct session_query *q, struct session_cache *cache,
		     struct session_list *ret, struct error *e) MUST_CHECK;

/* ---- one session ------------------------------------------------------------------------ */

struct session_detail {
	struct session_row row;
	int64_t branch_id, schedule_id;
	struct str branch_name, zone;
	struct str course_title; /* empty: none */
	struct str notes;        /* of the completion: what was covered */
	bool code_generated;
	struct str completed_by, checked_by; /* names; empty: not (yet) */
	int64_t completed_at, checked_at, cancelled_at;
	struct str return_reason;
	int64_t faculty_id, employee_id;       /* accounts of the completion; 004 */
	int64_t created_at;                    /* of the completion, NO_TIME without one */
	int64_t n_trail;                       /* rows of the audit trail */
	struct str move_reason;                /* with row.moved_from_day */
	int32_t moved_from_start_tod;          /* likewise; NO_DAY: not known */
	struct str reopen_reason, reopened_by; /* of the admin who opened it again; or empty */
	/* What the viewer may do now. */
	bool may_complete, may_save_draft; /* before completion */
	bool may_edit;                     /* the completed data, until checked */
	bool may_cancel, may_reopen;
	bool may_move, may_move_back; /* back: to where it was before */
	bool may_undo;                /* may_reopen by the time limit, as the person who did it */
	bool may_check, may_uncheck, may_return;
	bool may_add_note, may_add_file;
	bool not_yet;          /* completing must wait for complete_from */
	int64_t complete_from; /* instant: starts_at - SESSION_EARLY_US */
};

/* One statement.  RC_NOT_FOUND for what does not exist or the viewer may not see. */
enum rc session_get(struct core *c, int64_t occurrence_id, struct session_detail *ret,
		    struct error *e) MUST_CHECK;

/* The session of the same course and class completed last before this one. */
struct session_last {
	int64_t id; /* 0: there is none, the rest is empty */
	int32_t day, actual_start_tod, actual_end_tod;
	struct str code;
	struct str follow_up; /* latest note of that type; empty: none */
};
enum rc session_last_time(struct core *c, const struct session_detail *s, struct session_last *ret,
			  struct error *e) MUST_CHECK;

/* A line of the audit trail.  action: "session.completed", "note.added", "file.added", … */
struct session_trail_row {
	int64_t id, at;
	struct str action;
	struct str actor_name; /* empty: the system */
	struct str detail;     /* JSON object of ids, codes, times and counts */
	struct str file_name;  /* of "file.…" actions; empty otherwise */
};
/* Newest first, at most `limit` (1..500).  The session must have been got before. */
enum rc session_trail(struct core *c, const struct session_detail *s, size_t limit,
		      const struct session_trail_row **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

/*
 * Moves a scheduled session to another day, time or room, admin or who holds it.  It keeps
 * its place in its series: regeneration leaves it alone from then on, and puts no other where
 * it was.  Fields: "day", "start", "end" (REQUIRED, END_BEFORE_START; day NOT_A_CHOICE where its
 * schedule has one), "reason" (REASON_MISSING, TOO_LONG, NOT_TEXT), "room".  Conflict CHANGED on
 * another version, CLASHES (stops_at_warnings).
 */
struct session_move_in {
	int64_t occurrence_id, version;
	int32_t day, start_tod, end_tod;
	struct str room; /* the name of one of the list means it */
	struct str reason;
	bool stops_at_warnings;
};
/* What is to be said before. */
struct session_move_plan {
	struct clash_list clashes;
	struct str closure;    /* name of one on that day; empty: none */
	int64_t room_capacity; /* too few for n_members; COLUMN_NULL: nothing to say */
	int64_t n_members;
	enum zone_fit fit; /* what a clock change does to the new time, which is */
	int64_t starts_at;
};
bool session_move_warns(const struct session_move_plan *plan);
enum rc session_move_check(struct core *c, const struct session_move_in *in,
			   struct session_move_plan *ret, struct error *e) MUST_CHECK;
enum rc session_move(struct core *c, const struct session_move_in *in, struct error *e) MUST_CHECK;
/* Back to the day, time and room it had; its schedule has it again.  Conflict CHANGED when it was
 * not moved, ALREADY_…; "day" NOT_A_CHOICE when its place is taken. */
enum rc session_move_back(struct core *c, int64_t occurrence_id, int64_t version,
			  struct error *e) MUST_CHECK;
/* Names of the rooms of its branch, for choosing; at most 1,000. */
enum rc session_move_rooms(struct core *c, const struct session_detail *s,
			   const struct room_stored **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;

/* ---- the 004 door ------------------------------------------------------------------------ */

enum session_scope { SESSION_SCOPE_ALL, SESSION_SCOPE_TODAY, SESSION_SCOPE_UPCOMING };
/* contracts 5.2, "occurrence". */
struct session_occurrence {
	int64_t occurrence_id, schedule_id; /* schedule COLUMN_NULL: single */
	int32_t session_date, start_time, end_time;
	int64_t batch_id;
	struct str batch_title;
	int64_t branch_id, completion_count;
	struct str latest_status; /* inner word: pending, completed, checked, returned,
				     cancelled; empty: none */
	int64_t last_completed;   /* instant, NO_TIME */
	struct str zone;
};
/* Newest first, at most `limit` (1..5000). */
enum rc session_occurrences(struct core *c, enum session_scope scope, size_t limit,
			    const struct session_occurrence **ret_rows, size_t *ret_n,
			    struct error *e) MUST_CHECK;

#endif
