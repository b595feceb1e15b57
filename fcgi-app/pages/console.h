/*
 * The teacher's console of one attendance session.
 */
#ifndef PAGES_CONSOLE_H
#define PAGES_CONSOLE_H

#include "web/route.h"

extern const struct fields console_fields, register_save_fields, undo_fields, student_fields,
	student_save_fields, decide_fields, guest_fields, guest_change_fields, photo_fields;

/* GET /attendance/{id} */
route_handler page_console;
/* GET /attendance/{id}/live: what changed, as JSON for the page; 304 when nothing did. */
route_handler page_console_live;

/* POST /attendance/{id}/marks: the whole form, one mark (`one`), or the rest (`rest`).  With
 * Accept: application/json the answer is JSON. */
route_handler page_register_save;
/* POST /attendance/{id}/undo */
route_handler page_undo;
/* GET and POST /attendance/{id}/students/{person}: one student with remark and history. */
route_handler page_register_student;
route_handler page_register_student_save;

/* POST /attendance/{id}/attempts/{attempt}: accept or reject. */
route_handler page_decide;
/* GET /attendance/{id}/attempts/{attempt}/photo */
route_handler page_attempt_photo;
/* POST /attendance/{id}/guests, …/guests/{guest}/merge, …/remove */
route_handler page_guest_add;
route_handler page_guest_merge;
route_handler page_guest_remove;

#endif
