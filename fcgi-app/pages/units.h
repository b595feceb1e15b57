/*
 * Classes and courses: lists, one of them, and the students of a course.  The same handlers serve
 * both; the route says which.
 */
#ifndef PAGES_UNITS_H
#define PAGES_UNITS_H

#include "web/route.h"

extern const struct fields units_fields, unit_add_fields, unit_fields, unit_save_fields,
	unit_end_fields, unit_people_fields, unit_people_add_fields;

/* Each below /admin/classes and /admin/courses: GET the list, GET …/new, POST the list */
route_handler page_units;
route_handler page_unit_new;
route_handler page_unit_add;
/* GET and POST …/{id} */
route_handler page_unit;
route_handler page_unit_save;
/* POST …/{id}/end, …/restore, …/delete */
route_handler page_unit_end;
route_handler page_unit_restore;
route_handler page_unit_delete;
/* POST /admin/courses/{id}/people, …/add, …/section */
route_handler page_course_people;
route_handler page_course_people_add;
route_handler page_course_section;

#endif
