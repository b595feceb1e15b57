/*
 * A file of a session by raw PUT: the body is the file.
 */
#ifndef API_PUT_H
#define API_PUT_H

#include "web/route.h"

extern const struct fields put_fields;

/*
 * PUT /sessions/{id}/files/{name}?description=…: 201 with Location and JSON.  Each PUT
 * is a file of its own, as each form is.
 */
route_handler api_put;
route_gate api_put_gate;
extern const struct route_doc api_put_doc;

#endif
