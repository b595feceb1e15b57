/*
 * The JSON interface of seed 003 (contracts.md 4; docs/contract-003.md says where we differ).
 *
 *   /api/auth/…                                  signing in            auth.c
 *   /api/students                                                      student.c
 *   /api/teachers /api/users /api/auth/register                        user.c
 *   /api/dep-batch /api/sections                                       group.c
 *   /api/courses /api/enrolments                                       course.c
 *   /api/devices /api/device/command                                   device.c
 *   /api/sessions /api/attendance                                      attendance.c
 *
 * Handlers parse and render; rights and rules are core's.  Errors are c003/family.h's.
 */
#ifndef API_C003_C003_H
#define API_C003_C003_H

#include "api/c003/family.h"

/* ---- signing in: the door that 000 and 003 share ------------------------------------------ */

route_handler c003_login, c003_refresh, c003_me;
extern const struct fields c003_login_fields, c003_refresh_fields;

#endif
