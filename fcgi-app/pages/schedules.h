/*
 * Schedules: list, add, change, end.  For administrators, of their branch.
 */
#ifndef PAGES_SCHEDULES_H
#define PAGES_SCHEDULES_H

#include "web/route.h"

extern const struct fields schedules_fields, schedule_id_fields, schedule_look_fields,
	schedule_new_fields, schedule_save_fields;

/* GET /admin/schedules */
route_handler page_schedules;
/* GET /admin/schedules/new, GET /admin/schedules/{id} */
route_handler page_schedule_new;
route_handler page_schedule;
/* POST /admin/schedules and /admin/schedules/{id}: add=1 shows one more time slot, check=1 says
 * what it would do, else it is done */
route_handler page_schedule_save;
/* GET and POST /admin/schedules/{id}/end */
route_handler page_schedule_ask;
route_handler page_schedule_end;

#endif
