/*
 * Errors of contract 000 (contracts 0.2, 1): `message` for those who follow the server,
 * `detail` for its own pages.
 */
#ifndef API_C000_FAMILY_H
#define API_C000_FAMILY_H

#include "web/family.h"

family_render c000_error;
/* The paths it owns, for what no route takes; NULL-terminated. */
extern const char *const c000_prefixes[];

/* A refusal in the contract's own words, as a handler's answer: c000_refuse(r, 400, "…"). */
enum rc c000_refuse(struct resp *r, int status, struct str text);

#endif
