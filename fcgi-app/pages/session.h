/*
 * One session: its page, and its notes.
 */
#ifndef PAGES_SESSION_H
#define PAGES_SESSION_H

#include "web/route.h"

extern const struct fields session_fields, session_note_fields, note_fields, note_id_fields,
	note_settle_fields, follow_ups_fields;

/* GET /sessions/{id} */
route_handler page_session;
/* POST /sessions/{id}/notes; with HX-Request the section of the notes. */
route_handler page_note_add;
/* GET and POST /notes/{id}: the form to change it; POST /notes/{id}/delete. */
route_handler page_note;
route_handler page_note_edit;
route_handler page_note_delete;
/* POST /notes/{id}/resolve and /notes/{id}/reopen: a follow-up is settled, or open again. */
route_handler page_note_resolve;
route_handler page_note_reopen;
/* GET /follow-ups: the open ones of all sessions one sees, by due date. */
route_handler page_follow_ups;

#endif
