/*
 * Selects of admin pages, filled from core/people/org.h.
 */
#ifndef PAGES_CHOOSE_H
#define PAGES_CHOOSE_H

#include "core/people/org.h"
#include "pages/page.h"
#include "view/org.h"

/*
 * q->with_id is the chosen one.  Names read "DEMO102 Databases", "Leyla Aydın (DT01)", and begin
 * with the branch where the list holds several.  Errors as org_options.
 */
enum rc page_choose(struct page *p, const struct org_query *q, struct view_options *ret,
		    struct error *e) MUST_CHECK;
/* The branches for a filter or a form; none where the viewer has but one to choose. */
enum rc page_choose_branch(struct page *p, int64_t chosen, struct view_options *ret,
			   struct error *e) MUST_CHECK;

#endif
