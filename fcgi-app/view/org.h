/*
 * What the institution's pages show: branches, groups, classes, courses.
 *
 * Plain data; core's rows are shown as they are where nothing has to be put into words.
 */
#ifndef VIEW_ORG_H
#define VIEW_ORG_H

#include "core/people/branch.h"
#include "core/people/group.h"
#include "core/people/roster.h"
#include "core/people/unit.h"
#include "view/page.h"
#include "view/sessions.h"

/* A select's options: partials/options, within the select, behind its own first option. */
struct view_options {
	const struct view_option *rows;
	size_t n_rows;
	bool has_more; /* the list is cut: offer a search */
};

/* What was just done, from the address: partials/org-flash. */
enum org_done {
	ORG_DONE_NONE,
	ORG_DONE_ADDED,
	ORG_DONE_SAVED,
	ORG_DONE_ENDED,
	ORG_DONE_RESTORED,
	ORG_DONE_DELETED,
	ORG_DONE_ENROLLED,
	ORG_DONE__MAX
};
struct view_org_flash {
	enum org_done kind;
	struct str name; /* of the thing; empty: not said */
	struct str undo; /* where its end is taken back; empty: nowhere */
	int64_t revision;
	int64_t n, n_there; /* enrolled now, and enrolled before */
};

/* Ending, restoring and deleting on the page of a thing: partials/org-end. */
struct view_org_end {
	struct str path; /* of the thing; "/end" and so on come behind it */
	struct str what; /* what ending means, in the page's language */
	int64_t revision;
	bool is_ended, may_delete;
};

struct view_branches {
	const struct view_page *page;
	struct view_org_flash flash;
	const struct branch_info_row *rows;
	size_t n_rows;
	bool with_ended;
};

struct view_zone {
	struct str name;
};

struct view_branch {
	const struct view_page *page;
	struct view_org_flash flash;
	struct branch_info_row b; /* id 0: a new one */
	struct str name, zone;    /* as typed */
	int64_t revision;
	struct view_errors errors;
	struct view_field_error name_error, zone_error, confirm_error;
	struct view_changed changed;
	bool needs_confirm; /* the zone was changed and sessions are to come */
	struct view_org_end end;
	const struct view_zone *zones; /* to choose from while typing */
	size_t n_zones;
};

/* ---- the tree of groups -------------------------------------------------------------------- */

struct view_tree_section {
	int64_t id;
	struct str name;
	bool is_ended;
	int64_t n_members;
};
struct view_tree_batch {
	int64_t id;
	struct str name;
	bool is_ended;
	const struct view_tree_section *sections;
	size_t n_sections;
};
struct view_tree_department {
	int64_t id;
	struct str name;
	bool is_ended;
	struct str branch_name; /* empty where only one branch is shown */
	const struct view_tree_batch *batches;
	size_t n_batches;
	int64_t n_members;
};
struct view_groups {
	const struct view_page *page;
	struct view_org_flash flash;
	const struct view_tree_department *departments;
	size_t n_departments;
	struct str q;
	struct view_options branches; /* none: there is nothing to choose */
	bool with_ended, is_filtered, has_more;
};

/* ---- people of a section or course: partials/roster, partials/roster-add ------------------- */

struct view_roster_row {
	const struct roster_row *r;
	bool is_picked;
	bool is_over, is_ahead; /* its days, compared with today */
};
struct view_found {
	int64_t id;
	struct str name, code;
	bool is_picked;
};
/* The forms under a list of people. */
enum roster_form { ROSTER_FORM_CHANGE, ROSTER_FORM_ADD, ROSTER_FORM_WHOLE };

struct view_roster {
	struct str path; /* of the group */
	bool is_course;
	const struct view_roster_row *rows;
	size_t n_rows;
	enum roster_show show;
	struct str q;
	int64_t from, to, total;
	struct str prev, next;
	struct str day; /* as typed, else today */
	struct view_options sections;
	struct view_field_error people_error, day_error, to_error;
	struct view_errors errors;
	struct str fault; /* whom it failed with; empty: nobody in particular */
	struct view_changed changed;
	/* Adding. */
	bool is_finding, has_more_found;
	enum roster_form form; /* whose the errors are */
	struct str find;
	const struct view_found *found;
	size_t n_found;
};

/* A department, batch or section: new, or with all that is around it. */
struct view_group {
	const struct view_page *page;
	struct view_org_flash flash;
	enum group_kind kind;
	struct group_row g; /* id 0: a new one */
	struct str name;    /* as typed */
	struct view_options parents;
	struct view_errors errors;
	struct view_field_error name_error, parent_error;
	struct view_changed changed;
	struct view_org_end end;
	struct view_roster roster; /* of a section */
	struct str crumb;          /* address of the tree, of this branch */
};

/* ---- classes and courses ------------------------------------------------------------------- */

struct view_units {
	const struct view_page *page;
	struct view_org_flash flash;
	bool is_course;
	const struct unit_list_row *rows;
	size_t n_rows;
	struct str q;
	int64_t ended;
	struct view_options branches, sections, people;
	bool is_filtered;
	int64_t from, to, total;
	struct str prev, next, clear;
};

struct view_unit_link {
	int64_t id;
	struct str name;
	bool is_picked;
};
struct view_unit {
	const struct view_page *page;
	struct view_org_flash flash;
	bool is_course;
	struct unit_row u;     /* id 0: a new one */
	struct str code, name; /* as typed */
	struct view_options branches;
	const struct view_unit_link *sections, *people;
	size_t n_sections, n_people;
	struct view_options more_sections, more_people;
	struct view_errors errors;
	struct view_field_error code_error, name_error, branch_error, sections_error, people_error;
	struct view_changed changed;
	struct view_org_end end;
	struct str path;           /* of the thing, or of the list for a new one */
	struct view_roster roster; /* of a course */
};

#endif
