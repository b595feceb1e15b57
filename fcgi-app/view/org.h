/*
 * What the institution's pages show: branches, groups, classes, courses.
 *
 * Plain data; core's rows are shown as they are where nothing has to be put into words.
 */
#ifndef VIEW_ORG_H
#define VIEW_ORG_H

#include "view/page.h"
#include "view/sessions.h"

/* A select's options: partials/options, within the select, behind its own first option. */
struct view_options {
	const struct view_option *rows;
	size_t n_rows;
	bool has_more; /* the list is cut: offer a search */
};

#endif
