/*
 * How check-in is checked: policy of a branch or course, networks, shared machines, the table of
 * judgement.  For administrators, of their branch.
 */
#ifndef PAGES_POLICIES_H
#define PAGES_POLICIES_H

#include "web/route.h"

extern const struct fields policies_fields, policy_save_fields, policy_remove_fields,
	network_add_fields, network_remove_fields, machine_add_fields, machine_remove_fields;

/* GET /admin/check-in */
route_handler page_policies;
/* POST /admin/check-in, /admin/check-in/inherit */
route_handler page_policy_save;
route_handler page_policy_remove;
/* POST /admin/networks, /admin/networks/{id}/remove, /admin/machines (names the browser that sends
 * it), /admin/machines/remove */
route_handler page_network_add;
route_handler page_network_remove;
route_handler page_machine_add;
route_handler page_machine_remove;

#endif
