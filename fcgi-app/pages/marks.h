/*
 * What the four marks are called and count: the institution's status set.  For super admins.
 */
#ifndef PAGES_MARKS_H
#define PAGES_MARKS_H

#include "web/route.h"

extern const struct fields marks_fields, marks_save_fields;

/* GET and POST /admin/marks */
route_handler page_marks;
route_handler page_marks_save;

#endif
