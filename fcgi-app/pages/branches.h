/*
 * Branches: list, add, change, end, restore.  For administrators of the whole institution.
 */
#ifndef PAGES_BRANCHES_H
#define PAGES_BRANCHES_H

#include "web/route.h"

extern const struct fields branches_fields, branch_fields, branch_add_fields, branch_save_fields,
	branch_end_fields;

/* GET /admin/branches, GET /admin/branches/new, GET /admin/branches/{id} */
route_handler page_branches;
route_handler page_branch_new;
route_handler page_branch;
/* POST /admin/branches and /admin/branches/{id} */
route_handler page_branch_save;
/* POST /admin/branches/{id}/end and …/restore */
route_handler page_branch_end;
route_handler page_branch_restore;

#endif
