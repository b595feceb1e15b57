/*
 * One's own account and preferences.
 */
#ifndef PAGES_ACCOUNT_H
#define PAGES_ACCOUNT_H

#include "web/route.h"

extern const struct fields account_fields, password_fields, preferences_fields,
	account_session_fields;

/* GET /account */
route_handler page_account;
/* POST /account/sessions/{id}/end: one of the own, on another device */
route_handler page_session_end;
/* POST /account/sessions/end: all of them, this one too */
route_handler page_sessions_end;
/* POST /account/password */
route_handler page_password_send;
/* POST /preferences: language, theme, single keys; also one alone, from the menu */
route_handler page_preferences_send;

#endif
