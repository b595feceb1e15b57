/*
 * Views of oversight: the overview, the completions of all teachers, a code held against a
 * session, and the forms that give a reason.
 */
#ifndef VIEW_OVERSIGHT_H
#define VIEW_OVERSIGHT_H

#include "core/session/oversight.h"
#include "core/upload/review.h"
#include "view/org.h"
#include "view/requests.h"

/* A number counted up to a bound: "12", or "500+". */
struct view_bounded {
	int64_t n;
	bool is_more;
};

struct view_oversight_row {
	const struct oversight_item *i;
	struct view_session_row s; /* its delay and state */
	enum delay over;
	int64_t over_min;
	struct str pick; /* "12:3", what a form sends of it */
	bool is_picked;
	int32_t checked_day;
};

struct view_oversight_tab {
	struct str name, href;
	bool is_current, has_count;
	struct view_bounded count;
};

struct view_refusal {
	int64_t id;
	struct str title, text;
	int32_t day;
};

/* What was just done with how many; n 0: nothing. */
struct view_oversight_report {
	enum oversight_act act;
	int64_t n;
	struct str undo; /* hidden value: picks of what was signed off; empty: no undo */
	const struct view_refusal *refused;
	size_t n_refused;
};

struct view_oversight {
	const struct view_page *page;
	const struct oversight_list *list;
	struct view_today today;
	struct view_oversight_tab tabs[OVERSIGHT__STATES];
	size_t n_tabs;
	struct str tab_name;
	struct view_options branches, teachers, courses, groups;
	const struct view_choice *periods, *lates;
	size_t n_periods, n_lates;
	bool is_filtered, can_pick, can_check, can_remind;
	bool shows_branch;
	struct str self;              /* this page with its filters: where its forms go */
	struct str clear, prev, next; /* empty: none */
	struct str by_date;           /* the other order */
	struct str order_name;        /* "asc"; empty: the default */
	const struct view_oversight_row *rows;
	size_t n_rows;
	int64_t window;
	struct view_oversight_report report;
	struct view_errors errors;
	struct str reason; /* as typed */
	struct view_field_error reason_error;
};

struct view_teacher_row {
	const struct oversight_teacher *t;
	int64_t done; /* hundredths of a percent of those held */
	struct str label, href, missing_href;
};

struct view_waiting_file {
	const struct review_row *f;
	struct str href;
	int32_t day, tod;
};

struct view_overview {
	const struct view_page *page;
	const struct oversight_overview *o;
	int64_t week;
	bool is_all; /* of the whole institution */
	struct view_bounded missing, to_check, returned, waiting;
	const struct view_waiting_file *files;
	size_t n_files;
	const struct view_teacher_row *teachers;
	size_t n_teachers;
	struct view_requests requests; /* those that wait, the first few */
};

struct view_code_match {
	const struct view_page *page;
	const struct session_detail *d;
	struct view_today date;
	struct str code; /* as typed */
	bool has_verdict;
	enum oversight_verdict verdict;
	struct view_field_error code_error;
};

enum reason_act { REASON_ACT_RETURN, REASON_ACT_REOPEN };

struct view_reason {
	const struct view_page *page;
	const struct session_detail *d;
	enum reason_act act;
	struct view_today date;
	struct view_errors errors;
	struct view_changed changed;
	int64_t version;
	struct str reason, next;
	struct view_field_error reason_error;
};

#endif
