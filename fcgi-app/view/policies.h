/*
 * What the pages of check-in policies, networks, marks and running attendance show.
 *
 * Plain data; typed values are shown as they were sent.
 */
#ifndef VIEW_POLICIES_H
#define VIEW_POLICIES_H

#include "core/attendance/attendance.h"
#include "view/org.h"

/* A number of the form; unit and hint in the page's language. */
struct view_number {
	const char *name, *id;
	struct str label, hint, value;
	int64_t min, max;
	struct view_field_error error;
};
/* One signal: off, flags, must. */
struct view_level {
	const char *name, *id;
	struct str label, hint;
	int64_t level; /* enum policy_level */
};
/* A row of the table of judgement. */
struct view_weigh {
	struct str signal, verdict, flags,
		musts; /* flags, musts: what it leads to under each level */
};

struct view_machine {
	struct str hash; /* 64 hex digits */
	struct str label;
	int64_t created_at;
};

struct view_policies {
	const struct view_page *page;
	struct view_org_flash flash;
	struct view_options branches, courses;
	int64_t branch_id, course_id; /* course_id 0: of the branch */
	struct str course_name;
	int64_t revision;
	bool is_own; /* the scope has a row of its own */
	struct view_errors errors;
	struct view_number numbers[10];
	size_t n_numbers;
	struct view_level levels[5];
	size_t n_levels;
	bool auto_open, names_on_screen;
	const struct policy_course *overrides;
	size_t n_overrides;
	const struct network *networks;
	size_t n_networks;
	struct str cidr, label; /* as typed */
	struct view_errors network_errors;
	struct view_field_error cidr_error, label_error;
	const struct view_machine *machines;
	size_t n_machines;
	struct str machine; /* name as typed */
	struct view_errors machine_errors;
	struct view_field_error machine_error;
	const struct view_weigh *weighs;
	size_t n_weighs;
};

struct view_mark_row {
	const char *name;                 /* stored word */
	struct str word;                  /* of the catalogue */
	struct str label, letter, points; /* as typed or stored */
	bool is_counted;
	int64_t revision;
	struct view_field_error label_error, letter_error, points_error;
};
struct view_marks {
	const struct view_page *page;
	struct view_org_flash flash;
	struct view_errors errors;
	struct view_mark_row rows[4];
	size_t n_rows;
};

struct view_running {
	const struct view_page *page;
	const struct attendance *rows;
	size_t n_rows;
	bool shows_closed;
	struct str older; /* address of the next page; empty: none */
};

#endif
