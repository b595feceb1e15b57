/*
 * One session: its page, and its notes.
 */
#ifndef PAGES_SESSION_H
#define PAGES_SESSION_H

#include "web/route.h"

extern const struct fields session_fields, session_note_fields, note_fields, note_id_fields;

/* GET /sessions/{id} */
route_handler page_session;
/* POST /sessions/{id}/notes; with HX-Request the section of the notes. */
route_handler page_note_add;
/* GET and POST /notes/{id}: the form to change it; POST /notes/{id}/delete. */
route_handler page_note;
route_handler page_note_edit;
route_handler page_note_delete;

#endif
