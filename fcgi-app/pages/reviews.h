/*
 * The review of uploads: /admin/uploads.
 */
#ifndef PAGES_REVIEWS_H
#define PAGES_REVIEWS_H

#include "web/req.h"
#include "web/resp.h"

extern const struct fields reviews_fields;

/* The queue with one file beside it; for htmx its results alone. */
enum rc page_reviews(struct req *q, struct resp *r, struct error *e);
/* do=approve|quarantine|reopen of all `pick`, then back to the same list. */
enum rc page_reviews_decide(struct req *q, struct resp *r, struct error *e);

#endif
