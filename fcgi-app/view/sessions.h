/*
 * Views of the session lists.  Texts and rows belong to the request's arena.
 */
#ifndef VIEW_SESSIONS_H
#define VIEW_SESSIONS_H

#include "core/attendance/attendance_brief.h"
#include "core/session/session.h"
#include "view/page.h"
#include "view/strip.h"

/* How a start or an end differs from the plan; the order matters to templates. */
enum delay {
	DELAY_UNKNOWN,
	DELAY_NONE,
	DELAY_EARLY,
	DELAY_SMALL, /* up to 5 minutes late */
	DELAY_LATE,  /* up to 15 */
	DELAY_VERY_LATE
};
/* minutes: actual minus planned, COLUMN_NULL unknown; *ret_min gets their absolute value. */
enum delay delay_of(int64_t minutes, int64_t *ret_min);

struct view_session_row {
	const struct session_row *s;
	enum delay start;
	int64_t start_min; /* >= 0 */
	bool is_due;       /* over, or now, and not completed */
	bool shows_teacher;
	const struct attendance_brief *attendance; /* NULL: not opened, or not looked for */
	bool may_attend;                           /* it makes sense to open it now */
	int64_t n_here;
};
struct view_session_row session_row_view(const struct session_row *s, bool shows_teacher);

struct view_session_day {
	int32_t day;
	bool is_today, is_tomorrow;
	const struct view_session_row *rows;
	size_t n_rows;
};

struct view_session_month {
	int32_t day; /* its first */
	int64_t n, n_completed, n_cancelled;
	const struct view_session_row *rows;
	size_t n_rows;
};

struct view_choice {
	struct str value, name;
	bool is_chosen;
};

struct view_option {
	int64_t id;
	struct str name;
	bool is_chosen;
};

struct view_column {
	struct str name, href; /* href empty: not sortable */
	bool is_number, is_sorted;
	struct str order; /* "ascending", "descending" */
};

/* What was just done; from the address, so that it needs no state. */
enum flash_kind {
	FLASH_NONE,
	FLASH_COMPLETED,
	FLASH_CANCELLED,
	FLASH_REOPENED,
	FLASH_DRAFT,
	FLASH_SAVED,
	FLASH_NOTE_ADDED,
	FLASH_NOTE_CHANGED,
	FLASH_NOTE_DELETED,
	FLASH_NOTE_RESOLVED,
	FLASH_NOTE_REOPENED,
	FLASH_FILE_DELETED,
	FLASH_UPLOAD_DISCARDED,
	FLASH_FILES_ADDED,
	FLASH_MOVED,
	FLASH_MOVED_BACK,
	FLASH_CHECKED,
	FLASH_UNCHECKED,
	FLASH_RETURNED,
	FLASH__MAX
};
/* "completed", …: the word in the address. */
struct str flash_name(enum flash_kind k);
enum flash_kind flash_from(struct str name); /* FLASH_NONE when unknown */

struct view_flash {
	enum flash_kind kind;
	int64_t id, version, n;
	struct str title, code;
	bool can_undo;
};

struct view_sessions {
	const struct view_page *page;
	const struct session_list *list;
	struct view_today today;
	bool sees_all, has_strip;
	struct view_strip strip;
	struct view_flash flash;
	int64_t n_upcoming, n_completed, n_history;
	struct str tab_name, sort_name, order_name; /* of the sort: empty for the default */
	bool is_filtered;
	struct str clear;      /* this tab without filters */
	struct str prev, next; /* empty: none */
	int64_t from, to;
	const struct view_option *courses, *groups;
	size_t n_courses, n_groups;
	const struct view_choice *periods;
	size_t n_periods;
	struct str caption;
	const struct view_column *columns;
	size_t n_columns;
	const struct view_session_row *rows;
	size_t n_rows;
	const struct view_session_day *days;
	size_t n_days;
	const struct view_session_month *months;
	size_t n_months;
};

#endif
