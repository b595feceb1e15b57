/*
 * Errors of contract 003 (contracts 0.2, 4.1), as the Django REST framework and its
 * SimpleJWT write them.
 */
#ifndef API_C003_FAMILY_H
#define API_C003_FAMILY_H

#include "web/family.h"

family_render c003_error;
/* The paths it owns, for what no route takes; NULL-terminated. */
extern const char *const c003_prefixes[];

/* {"detail":text} with a status, as a handler's answer. */
enum rc c003_refuse(struct resp *r, int status, struct str text);

#endif
