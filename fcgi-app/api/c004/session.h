/* The actions of api/session_completion.php (contracts 5.2). */
#ifndef API_C004_SESSION_H
#define API_C004_SESSION_H

#include "web/route.h"

/* session.c */
extern const struct fields c004_get_fields, c004_by_occurrence_fields;

/* change.c: what happens to a completion */
extern const struct fields c004_change_fields;
route_handler c004_create;
route_handler c004_update;
route_handler c004_complete;
route_handler c004_cancel;

/* extra.c: what hangs on one */
extern const struct fields c004_note_fields, c004_note_id_fields, c004_upload_fields,
	c004_attachment_fields;
route_handler c004_add_note;
route_handler c004_delete_note;
route_handler c004_upload_attachment;
route_handler c004_delete_attachment;

#endif
