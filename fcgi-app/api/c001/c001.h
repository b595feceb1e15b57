/*
 * The sign-in of seed 001 (contracts.md 2.1), on addresses that 002 has too.
 *
 * Which contract is meant (DESIGN 10.5): the key `email` or `refreshToken` in JSON, or
 * the method DELETE, is 001; `username` or a form is 002.  Handlers of shared addresses decide,
 * say so in q->answers_as, and hand what is not theirs to c002's.  Live events: live/c001*.
 */
#ifndef API_C001_C001_H
#define API_C001_C001_H

#include "api/c001/family.h"

route_handler c001_register, c001_login, c001_token, c001_logout, c001_logout_post;
extern const struct fields c001_register_fields, c001_login_fields;
extern const struct route_doc c001_register_doc, c001_login_doc, c001_token_doc, c001_logout_doc,
	c001_logout_post_doc;

#endif
