/*
 * The lists: Upcoming, Completed, History.
 */
#ifndef PAGES_SESSIONS_H
#define PAGES_SESSIONS_H

#include "web/route.h"

extern const struct fields sessions_fields;

/* GET /: the first page of the role. */
route_handler page_home;
/* GET /sessions.  With HX-Request only what stands in #results. */
route_handler page_sessions;

#endif
