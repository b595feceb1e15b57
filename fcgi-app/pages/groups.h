/*
 * Departments, batches and sections: the tree, one of them, and the people of a section.
 */
#ifndef PAGES_GROUPS_H
#define PAGES_GROUPS_H

#include "web/route.h"

extern const struct fields groups_fields, group_new_fields, group_add_fields, group_fields,
	group_save_fields, group_end_fields, group_people_fields, group_people_add_fields;

/* GET /admin/groups */
route_handler page_groups;
/* GET /admin/groups/new, POST /admin/groups */
route_handler page_group_new;
route_handler page_group_add;
/* GET and POST /admin/groups/{kind}/{id}; kind: departments, batches, sections */
route_handler page_group;
route_handler page_group_save;
/* POST /admin/groups/{kind}/{id}/end, …/restore, …/delete */
route_handler page_group_end;
route_handler page_group_restore;
route_handler page_group_delete;
/* POST /admin/groups/sections/{id}/people and …/add */
route_handler page_group_people;
route_handler page_group_people_add;

#endif
