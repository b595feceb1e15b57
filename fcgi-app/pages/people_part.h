/*
 * What the pages of people share.  Only they include it.
 */
#ifndef PAGES_PEOPLE_PART_H
#define PAGES_PEOPLE_PART_H

#include "pages/page.h"
#include "view/people.h"

/* page_init with its place under "Institution"; is_below: a page below the list. */
enum rc people_page_init(struct page *p, struct req *q, struct str title, bool is_below,
			 struct error *e) MUST_CHECK;

/* "saved" in the address. */
enum people_done people_done_from(struct str name);
/* 303 to path (NULL: no memory) with "?done=…" and "#fragment" (NULL: none). */
enum rc people_redirect(struct req *q, struct resp *r, struct str path, enum people_done done,
			const char *fragment, struct error *e) MUST_CHECK;

/* "Given Family"; without both the other text. */
struct str people_name(struct arena *a, struct str given, struct str family, struct str otherwise);
struct str people_role(const struct page *p, struct str role); /* empty for empty */
struct str people_path(struct arena *a, int64_t person_id);
/* "2026-11-20"; empty for NO_DAY. */
struct str people_day(struct arena *a, int32_t day);

/* 409 when the state has changed, 422 for all else that a form shows. */
void people_status(struct resp *r, const struct error *failed);
/* The error for the form; e is clear for what comes. */
struct error people_keep(struct error *e);
/* Who changed it last and what stands there now; empty unless failed is CHANGED. */
struct view_changed people_changed(const struct error *failed, struct str who, int64_t at,
				   const struct view_changed_value *values, size_t n);

#endif
