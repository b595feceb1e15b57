/*
 * The JSON interface of seed 004, as its clients expect it (contracts.md 5;
 * docs/contract-004.md says where we differ).
 *
 *   api/session_completion.php  sessions, notes, attachments   session.c change.c extra.c
 *   api/schedule_batch.php      schedules                      schedule.c
 *   api/auth.php                signing in and out             auth.c
 *
 * Handlers parse and render; rights and rules are core's.  Every answer is HTTP 200
 * but for 401 (nobody signed in) and 403 (no CSRF token).
 */
#ifndef API_C004_C004_H
#define API_C004_C004_H

#include "web/family.h"
#include "web/route.h"

/* GET and POST /api/session_completion.php; a POST may carry a file of 100 MB. */
route_handler c004_session;
route_gate c004_session_gate;
/* GET and POST /api/schedule_batch.php */
route_handler c004_schedule_batch;
/* GET and POST /api/auth.php */
route_handler c004_auth;

/* doc.c: what they are, for /openapi.json. */
extern const struct route_doc c004_session_read_doc, c004_session_change_doc,
	c004_schedule_read_doc, c004_schedule_change_doc, c004_auth_doc, c004_auth_page_doc;

/* FAMILY_004: `{"success":false,…}` in the words of the action that failed. */
family_render c004_error;
/* The paths it owns, for what no route takes; NULL-terminated. */
extern const char *const c004_prefixes[];

#endif
