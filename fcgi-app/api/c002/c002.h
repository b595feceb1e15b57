/*
 * The JSON interface of seed 002 (contracts.md 3).
 *
 *   /api/v1/auth/…  signing in by username, and out: auth.c
 *
 * Handlers parse and render; rights and rules are core's.  Errors are c002/family.h's.
 */
#ifndef API_C002_C002_H
#define API_C002_C002_H

#include "api/c002/family.h"

/* login: JSON or form; token: OAuth2's form; logout ends all tokens of this account here. */
route_handler c002_login, c002_token, c002_logout;
extern const struct fields c002_login_fields;
extern const struct route_doc c002_login_doc, c002_token_doc, c002_logout_doc;

/* "Student" or "Teacher"; staff of every kind teach here. */
const char *c002_role(enum role role);

#endif
