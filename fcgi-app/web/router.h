/*
 * Finding the row of a request.
 *
 * An index over the route table by first segment, made once at start; constant
 * afterwards, any thread may ask.  Patterns are checked when it is made: a bad
 * table stops the program.
 */
#ifndef WEB_ROUTER_H
#define WEB_ROUTER_H

#include "web/route.h"

struct router;

/*
 * The table must outlive the router.  RC_INTERNAL names the row that is wrong: a
 * malformed pattern, nobody who may, a field from PATH that the pattern lacks, two
 * rows for the same requests (but for one of 000 and one of 003).  RC_NO_MEMORY.
 */
enum rc router_new(const struct route *routes, size_t n, struct router **ret,
		   struct error *e) MUST_CHECK;
void router_free(struct router *r); /* NULL is fine */

/*
 * target: as sent, "/a/b%20c/?x=1".  *ret_path: decoded, without a slash at the end;
 * *ret_query: behind the first '?'.  Empty, "." and ".." segments, encoded '/' and NUL, a
 * bad escape and malformed UTF-8 are RC_NOT_FOUND; RC_NO_MEMORY.
 */
enum rc router_path(struct str target, struct arena *a, struct str *ret_path, struct str *ret_query,
		    struct error *e) MUST_CHECK;

/*
 * The row for method, path and query; of one of 000 and one of 003 that of `family`.  *ret_pairs:
 * the values of the pattern's braces. RC_NOT_FOUND: no such path.  RC_INVALID REASON_METHOD: the
 * path is there, *ret_allow has its methods ("GET, HEAD, POST").
 */
enum rc router_match(const struct router *r, enum method m, struct str path,
		     const struct pairs *query, enum route_family family, struct arena *a,
		     const struct route **ret_route, struct pairs *ret_pairs, struct str *ret_allow,
		     struct error *e) MUST_CHECK;

#endif
