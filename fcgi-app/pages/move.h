/*
 * Moving one session, and moving it back.  For who may (core/rights).
 */
#ifndef PAGES_MOVE_H
#define PAGES_MOVE_H

#include "web/route.h"

extern const struct fields move_id_fields, move_fields, move_back_fields;

/* GET and POST /sessions/{id}/move: check=1 says what it clashes with, else it is done */
route_handler page_move;
route_handler page_move_send;
/* POST /sessions/{id}/move-back */
route_handler page_move_back;

#endif
