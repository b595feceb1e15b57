/* The actions of api/session_completion.php (contracts 5.2). */
#ifndef API_C004_SESSION_H
#define API_C004_SESSION_H

#include "web/route.h"

/* change.c: what happens to a completion */
route_handler c004_create;
route_handler c004_update;
route_handler c004_complete;
route_handler c004_cancel;

/* extra.c: what hangs on one */
route_handler c004_add_note;
route_handler c004_delete_note;
route_handler c004_upload_attachment;
route_handler c004_delete_attachment;

#endif
