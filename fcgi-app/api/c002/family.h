/*
 * Errors of contract 002 (contracts 0.2, 3): `detail`, and `error` for rate limits.
 */
#ifndef API_C002_FAMILY_H
#define API_C002_FAMILY_H

#include "web/family.h"

family_render c002_error;
/* The paths it owns, for what no route takes; NULL-terminated. */
extern const char *const c002_prefixes[];

/* A refusal in the contract's own words, as a handler's answer. */
enum rc c002_refuse(struct resp *r, int status, struct str text);

#endif
