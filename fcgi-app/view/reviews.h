/*
 * Views of the review of uploads.
 */
#ifndef VIEW_REVIEWS_H
#define VIEW_REVIEWS_H

#include "core/upload/review.h"
#include "view/session.h"

struct view_review_row {
	const struct review_row *r;
	struct view_badge badge;
	struct str href;  /* this list with the file shown beside it */
	struct str pick;  /* "12-3": attachment and version */
	int32_t day, tod; /* uploaded, in the session's zone */
	bool is_chosen, is_picked;
};

struct view_review_tab {
	struct str name, href;
	bool is_current;
};

struct view_review_flash {
	bool is_shown;
	enum review_decision decision;
	int64_t n, n_changed;
	struct str name, undo; /* of one file that can be taken back; undo: its pick */
};

struct view_reviews {
	const struct view_page *page;
	const struct review_list *list;
	enum review_state state;
	struct str action;     /* the address of this list, for its forms */
	struct str clear;      /* this state without filters */
	struct str state_name; /* "waiting", … */
	struct str from, to;   /* ISO days as asked for */
	struct str prev, next; /* pages; empty: none */
	int64_t first, last;   /* numbers of the rows shown */
	bool is_filtered, has_branches;
	bool is_part; /* sent alone: the tabs go with it, since they carry the filters */
	const struct view_review_tab *tabs;
	size_t n_tabs;
	const struct view_choice *kinds;
	size_t n_kinds;
	const struct view_option *teachers, *courses, *branches;
	size_t n_teachers, n_courses, n_branches;
	struct view_review_row *rows;
	size_t n_rows;
	const struct view_review_row *one; /* the file shown beside; NULL: none */
	int32_t reviewed_day, reviewed_tod;
	struct str view_href, next_href, prev_href; /* of the one; its neighbours in the list */
	int64_t next_id;                            /* 0: none */
	struct str reason;                          /* as typed */
	struct view_field_error reason_error, bulk_error;
	bool is_bulk; /* what failed was the form of several files */
	struct view_review_flash flash;
	struct view_errors errors;
	struct view_changed changed;
	struct view_field_error to_error;
};

#endif
