/*
 * Names of roles, as stored and as the 004 contract spells them.
 */
#include "core/core.h"

static const char *const names[ROLE__MAX] = {
	[ROLE_NONE] = "none",
	[ROLE_SUPER_ADMIN] = "super_admin",
	[ROLE_BRANCH_ADMIN] = "branch_admin",
	[ROLE_FACULTY] = "faculty",
	[ROLE_EMPLOYEE] = "employee",
	[ROLE_STUDENT] = "student",
	[ROLE_DEVICE] = "device",
};

const char *role_name(enum role r)
{
	BUG((unsigned)r >= ROLE__MAX);
	return names[r];
}

enum role role_from(struct str name)
{
	for (enum role r = ROLE_SUPER_ADMIN; r < ROLE__MAX; r++) {
		if (str_eq(name, str_from(names[r])))
			return r;
	}
	return ROLE_NONE;
}
