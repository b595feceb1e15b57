/*
 * The sessions of an admin: all of them with filters, making one, changing one.  Moving and
 * cancelling are the pages that teachers use.
 */
#ifndef PAGES_SESSIONS_ADMIN_H
#define PAGES_SESSIONS_ADMIN_H

#include "web/route.h"

extern const struct fields sessions_admin_fields, session_admin_new_fields,
	session_admin_add_fields, session_admin_id_fields, session_admin_save_fields;

/* GET /admin/sessions */
route_handler page_sessions_admin;
/* GET /admin/sessions/new, POST /admin/sessions: check=1 says what stands against it */
route_handler page_session_admin_new;
route_handler page_session_admin_add;
/* GET and POST /admin/sessions/{id} */
route_handler page_session_admin;
route_handler page_session_admin_save;

#endif
