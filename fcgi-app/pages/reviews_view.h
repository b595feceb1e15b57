/*
 * From core's rows to what the review page shows.
 */
#ifndef PAGES_REVIEWS_VIEW_H
#define PAGES_REVIEWS_VIEW_H

#include "pages/page.h"
#include "view/reviews.h"

/* What the address asks for. */
struct review_ask {
	struct review_query query;
	int64_t file; /* attachment shown beside; 0: the first of the list */
};

/* "/admin/uploads?state=…" without a file. */
struct str reviews_address(struct arena *a, const struct review_query *q, int64_t page);
/*
 * Reads list, choices and the file, and fills everything but flash, errors and what was
 * typed.  RC_NOT_FOUND for a file or a branch that the viewer does not review.
 */
enum rc reviews_view_read(struct page *p, const struct review_ask *ask, struct view_reviews *ret,
			  struct error *e) MUST_CHECK;

#endif
