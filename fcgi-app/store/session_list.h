/*
 * The statements of the session lists: rows, totals and summaries in one trip.
 *
 * Three scopes see different occurrences: a person (those held, and those of classes
 * the person is staff of), a branch, everything.  A plain list without filters runs along
 * an index; any other runs the full statement, which can bring the summary too.
 * Which rows anybody may see is core's decision; here it is only a parameter.
 */
#ifndef STORE_SESSION_LIST_H
#define STORE_SESSION_LIST_H

#include "store/store.h"

enum session_list_scope {
	SESSION_LIST_OWN,    /* held by the person; without classes */
	SESSION_LIST_PERSON, /* held, or of a class the person is staff of */
	SESSION_LIST_BRANCH,
	SESSION_LIST_ALL,
	SESSION_LIST__SCOPES
};
enum session_list_tab {
	SESSION_LIST_UPCOMING,
	SESSION_LIST_COMPLETED,
	SESSION_LIST_HISTORY,
	SESSION_LIST__TABS
};
/* In the numbers of the SQL. */
enum session_list_order {
	SESSION_LIST_DATE_ASC,
	SESSION_LIST_DATE_DESC,
	SESSION_LIST_TITLE_ASC,
	SESSION_LIST_TITLE_DESC,
	SESSION_LIST_DELAY_ASC,
	SESSION_LIST_DELAY_DESC
};

struct session_list_row {
	int64_t id, completion_id, version;
	struct str state, completion_state;
	struct str title, room;
	int64_t course_id, class_id;
	struct str course_code, class_name;
	int64_t n_members;
	int64_t teacher_id;
	struct str teacher_name;
	int32_t session_date, start_time, end_time, actual_start, actual_end;
	int64_t starts_at, ends_at;
	int32_t moved_from_date;
	struct str code;
	int64_t note_count, file_count;
	struct str return_reason;
	struct str cancel_cause, cancel_reason, cancelled_by_name;
};

/* A row of the full statement.  Row 1 always comes, for its total; without any
 * occurrence there is one row with rn COLUMN_NULL. */
struct session_full_row {
	int64_t rn, total;
	int64_t n_upcoming, n_completed, n_history, n_today, n_to_complete, n_week, week_s;
	struct str courses, classes; /* "id name" joined by 0x1F */
	int64_t n_staff_classes;
	struct session_list_row base;
};

/* What both kinds need to know.  Instants in UTC. */
struct session_list_params {
	enum session_list_scope scope;
	int64_t scope_id; /* person or branch; ignored for all */
	enum session_list_tab tab;
	int64_t from_at, to_at; /* start of the occurrence: from <= it < to */
	int64_t now_at;
	int64_t course_id, class_id, teacher_id; /* 0: all */
	struct str like; /* escaped by '!', with the wildcards; empty: no search */
	enum session_list_order order;
	int64_t offset, limit;
	/* For the summary. */
	int64_t upcoming_to_at;             /* end of Upcoming's default period */
	int64_t today_from_at, today_to_at; /* the viewer's day */
	int64_t week_from_at, week_to_at;
};

/* Default order and filters of the tab along an index; scope OWN, BRANCH or ALL; uses to_at
 * (for History: now_at), offset and limit.  Completed leaves out what only other states need: room,
 * members, end, moving, cancelling. */
enum rc session_list_plain(struct store *s, const struct session_list_params *p, struct arena *a,
			   const struct session_list_row **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;
/* Any filter and order; scope PERSON, BRANCH or ALL. */
enum rc session_list_full(struct store *s, const struct session_list_params *p, bool with_summary,
			  struct arena *a, const struct session_full_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;

struct session_month_row {
	int64_t year, month, n, n_completed, n_cancelled;
};
/* Counts by month of what p's filters leave, newest first. */
enum rc session_list_months(struct store *s, const struct session_list_params *p, struct arena *a,
			    const struct session_month_row **ret_rows, size_t *ret_n,
			    struct error *e) MUST_CHECK;

#endif
