/*
 * Saying what happened in a session: complete, edit, draft, cancel.
 */
#ifndef PAGES_COMPLETE_H
#define PAGES_COMPLETE_H

#include "web/route.h"

extern const struct fields complete_fields, complete_id_fields, cancel_fields, code_fields;

/* GET and POST /sessions/{id}/complete */
route_handler page_complete;
route_handler page_complete_send;
/* GET /sessions/{id}/code?code=…: a fragment that says whether it is free */
route_handler page_code_state;
/* GET and POST /sessions/{id}/cancel */
route_handler page_cancel;
route_handler page_cancel_send;

#endif
