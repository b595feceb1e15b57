/*
 * What the pages of branches, groups, classes and courses share.  Only they include it.
 */
#ifndef PAGES_ORG_PART_H
#define PAGES_ORG_PART_H

#include "pages/choose.h"
#include "pages/page.h"
#include "view/org.h"

/* page_init with its place under "Institution".  is_below: a page below the area's first one. */
enum rc org_page_init(struct page *p, struct req *q, struct str title, enum page_area area,
		      bool is_below, struct error *e) MUST_CHECK;

/* "saved" in the address. */
enum org_done org_done_from(struct str name);
/* 303 to path, which goes on with "?done=…"; path NULL: no memory. */
enum rc org_redirect(struct resp *r, struct str path, enum org_done done, struct arena *a,
		     struct error *e) MUST_CHECK;

/* 409 when somebody else changed it, 422 for all else that a form shows; nothing for RC_OK. */
void org_set_status(struct resp *r, const struct error *failed);
/* Who changed it last, and what stands there now; empty unless failed is CHANGED. */
struct view_changed org_changed(const struct error *failed, struct str who, int64_t at,
				const struct view_changed_value *values, size_t n);
/* Keeps the first error for the form and clears e for what comes. */
struct error org_keep(struct error *e);

#endif
