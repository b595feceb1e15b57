/*
 * Files of sessions: taking, sending, showing, deleting.
 */
#ifndef PAGES_FILE_H
#define PAGES_FILE_H

#include "web/route.h"

extern const struct fields files_add_fields, file_fields, file_link_fields, upload_fields;

/* Largest body of the form without script: ten whole files. */
#define FILES_BODY_MAX (10LL * 100 * 1024 * 1024 + 1024 * 1024)

/* POST /sessions/{id}/files; with HX-Request the row of the one file, or why not. */
route_handler page_files_add;
/* Before its body is read: the right, by the path alone. */
route_gate page_files_gate;
/* GET /files/{id}/{name} */
route_handler page_file;
/* GET /files/{id}/view: images, audio, video and PDF in the browser, nothing else. */
route_handler page_file_view;
/* GET /files/{id}/row: what the session's page lists of it, for the module that sent it in pieces
 */
route_handler page_file_row;
/* POST /uploads/{id}/discard */
route_handler page_upload_discard;
/* GET and POST /files/{id}/delete */
route_handler page_file_ask;
route_handler page_file_delete;
/* GET /public/uploads/sessions/{name}: "<file id>.<extension>", the links of seed 004 */
route_handler page_file_link;

#endif
