/*
 * Is this request one of ours?  Host, origin, CSRF token.
 *
 * Pure functions over texts, so that a table of cases tests them.  No memory.
 */
#ifndef SYS_GUARD_H
#define SYS_GUARD_H

#include "base/error.h"
#include "base/str.h"

/*
 * The name in a Host header without port ("[::1]" without brackets), when it is
 * well formed; false otherwise.
 */
bool guard_host_name(struct str host, struct str *ret_name) MUST_CHECK;
/* Is the name (case does not count, a dot at the end neither) in the list? */
bool guard_host_allowed(struct str name, const struct str *allowed, size_t n) MUST_CHECK;

/*
 * May a request that changes something come from there?  origin, fetch_site: headers,
 * empty when absent; host: the Host header as sent.  Browsers send at least one of the two, so
 * what has neither is no browser, and the token decides.
 */
bool guard_origin_allowed(struct str origin, struct str fetch_site, struct str host) MUST_CHECK;

/* Constant-time; an empty `token` or `expected` never fits. */
bool guard_token_equal(struct str token, struct str expected) MUST_CHECK;

#endif
