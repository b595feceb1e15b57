/*
 * Uploads in pieces: tus 1.0 (https://tus.io/protocols/resumable-upload) under /uploads,
 * with creation, creation-with-upload, expiration, checksum and termination.
 *
 * Upload-Metadata of a creation: `filename` and `session` (number) must be there,
 * `description` may.  Everybody sees only what their own account began.  The number of the
 * attachment that a finished upload became stands in Muster-Attachment.
 */
#ifndef API_TUS_TUS_H
#define API_TUS_TUS_H

#include "web/family.h"
#include "web/route.h"

/* OPTIONS of both addresses, for anyone. */
route_handler tus_options;
/* POST /uploads; with a body its first piece. */
route_handler tus_create;
route_gate tus_create_gate;

extern const struct fields tus_fields;
/* HEAD, and GET for people: the same as JSON. */
route_handler tus_look;
/* PATCH; *_gate: 412, 415, 409, 410 and 404 before the piece is sent. */
route_handler tus_add;
route_gate tus_add_gate;
/* DELETE */
route_handler tus_end;

extern const struct route_doc tus_options_doc, tus_create_doc, tus_look_doc, tus_add_doc,
	tus_end_doc;

/* problem+json with the headers of the protocol. */
family_render tus_error;

#endif
