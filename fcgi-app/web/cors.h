/*
 * Pages of other origins at the doors of programs (settings: cors_origins).
 *
 * Internal to web.  Only families that take tokens are doors for them, and there a request
 * from another origin is never known by its cookie: what a page elsewhere can do, it does
 * with what it was given.  Others are neither answered nor told anything.
 */
#ifndef WEB_CORS_H
#define WEB_CORS_H

#include "web/serving.h"

/* Whether it says that it comes from a page of another origin. */
bool cors_is_foreign(const struct serving *s);
/* Whether that origin is in the list. */
bool cors_is_allowed(const struct serving *s);

/*
 * Answers what a browser asks before a request (OPTIONS with its method); false: it is none,
 * or not for an allowed origin at a door, and s->r is as it was.  f: the family of its path,
 * when no row takes the method that is asked for.
 */
bool cors_preflight(struct serving *s, const struct family *f);
/* What a browser reads on every answer of a door; nothing elsewhere. */
void cors_headers(struct serving *s, const struct family *f);

#endif
