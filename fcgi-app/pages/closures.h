/*
 * Closures: list, add, change, remove.  For administrators; those of the whole institution
 * for super admins.
 */
#ifndef PAGES_CLOSURES_H
#define PAGES_CLOSURES_H

#include "web/route.h"

extern const struct fields closures_fields, closure_fields, closure_new_fields, closure_save_fields;

/* GET /admin/closures, GET /admin/closures/new, GET /admin/closures/{id} */
route_handler page_closures;
route_handler page_closure_new;
route_handler page_closure;
/* POST /admin/closures and /admin/closures/{id}: check=1 says what it would do, else it is done */
route_handler page_closure_save;
/* POST /admin/closures/{id}/remove */
route_handler page_closure_remove;

#endif
