/*
 * From core's rows to what the pages of oversight show; internal to them.
 */
#ifndef PAGES_OVERSIGHT_VIEW_H
#define PAGES_OVERSIGHT_VIEW_H

#include "pages/page.h"
#include "view/oversight.h"

/* Words of addresses: "missing", "check", "checked", "returned", "all". */
bool oversight_state_from(struct str name, enum oversight_state *ret);
/* The list that q describes, at a place in it (id 0: its beginning). */
struct str oversight_address(struct arena *a, const struct oversight_query *q,
			     struct oversight_place place, bool backwards);
/* "1795176000000000.12"; false for anything else. */
bool oversight_place_from(struct str text, struct oversight_place *ret);
/* "12:3"; false for anything else. */
bool oversight_pick_from(struct str text, struct oversight_pick *ret);
/* Joined by blanks; p NULL without memory. */
struct str oversight_picks_text(struct arena *a, const struct oversight_pick *picks, size_t n);

/* picked: of the rows that a form named. */
enum rc oversight_view_fill(struct page *p, const struct oversight_list *list,
			    const struct oversight_pick *picked, size_t n_picked,
			    struct view_oversight *ret, struct error *e) MUST_CHECK;
/* The choices of the filters, which only a whole page shows. */
enum rc oversight_view_options(struct page *p, struct view_oversight *v,
			       struct error *e) MUST_CHECK;
enum rc oversight_view_report(struct page *p, enum oversight_act act,
			      const struct oversight_report *report,
			      struct view_oversight_report *ret, struct error *e) MUST_CHECK;
struct view_bounded oversight_bounded(int64_t n);

#endif
