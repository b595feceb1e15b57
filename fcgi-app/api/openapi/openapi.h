/*
 * /openapi.json: every JSON endpoint, written from the route table and the field tables.
 *
 * OpenAPI 3.1.  The document is made once at start, which also proves that the table
 * says enough; it is the same for everybody.  docs/openapi.md tells how an endpoint is
 * described.
 */
#ifndef API_OPENAPI_OPENAPI_H
#define API_OPENAPI_OPENAPI_H

#include "base/arena.h"
#include "web/route.h"

/*
 * *ret: the document, in a.  RC_INTERNAL names what is wrong: a row of a JSON family without
 * doc, a doc without summary or answers, a
 * name of `only` or `required` that its field table lacks, two schemas of one name, two rows for
 * one method and path.  RC_NO_MEMORY.
 */
enum rc openapi_make(const struct route *routes, size_t n, const char *version, struct arena *a,
		     struct str *ret, struct error *e) MUST_CHECK;

/* GET /openapi.json */
route_handler api_openapi;

extern const struct route_doc openapi_doc;

#endif
