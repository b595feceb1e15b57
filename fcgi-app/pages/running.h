/*
 * All attendance sessions of an admin's branches: those that run, or the closed ones.
 */
#ifndef PAGES_RUNNING_H
#define PAGES_RUNNING_H

#include "web/route.h"

extern const struct fields running_fields;

/* GET /admin/attendance */
route_handler page_running;

#endif
