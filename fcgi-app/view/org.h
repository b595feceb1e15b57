/*
 * What the institution's pages show: branches, groups, classes, courses.
 *
 * Plain data; core's rows are shown as they are where nothing has to be put into words.
 */
#ifndef VIEW_ORG_H
#define VIEW_ORG_H

#include "core/branch.h"
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
	ORG_DONE__MAX
};
struct view_org_flash {
	enum org_done kind;
	struct str name; /* of the thing; empty: not said */
	struct str undo; /* where its end is taken back; empty: nowhere */
	int64_t revision;
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

#endif
