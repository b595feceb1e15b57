/*
 * Signing in and out.
 */
#ifndef PAGES_SIGN_IN_H
#define PAGES_SIGN_IN_H

#include "web/route.h"

extern const struct fields sign_in_fields, sign_in_look_fields;

/* GET and POST /sign-in (also /login, /auth/login) */
route_handler page_sign_in;
route_handler page_sign_in_send;
/* POST /sign-in/demo: as one of the demo accounts, where there are any */
route_handler page_sign_in_demo;
/* POST /sign-out */
route_handler page_sign_out;
/* A form came, but its session has ended: sign in, and what was typed is kept. */
route_handler page_form_without_session;

#endif
