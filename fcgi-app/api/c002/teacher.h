/*
 * Contract 002, teachers (contracts.md 3.2): opening attendance, looking, correcting.
 */
#ifndef API_C002_TEACHER_H
#define API_C002_TEACHER_H

#include "web/doc.h"
#include "web/route.h"

/* ---- attendances: teacher.c --------------------------------------------------------------------
 */

route_handler c002_create, c002_finish, c002_live, c002_historical, c002_delete;
extern const struct fields c002_create_fields, c002_delete_fields;

/* ---- records: records.c
 * -------------------------------------------------------------------------- */

route_handler c002_records, c002_live_accept, c002_live_fail;
route_handler c002_historical_add, c002_historical_accept, c002_historical_fail, c002_record_delete;
extern const struct fields c002_record_fields, c002_record_fail_fields, c002_record_add_fields,
	c002_record_delete_fields;

/* 404 of a row: of the path, of an attendance that is stored. */
#define C002_NO_LIVE_LESSON "You are not authorized to access this live attendance."
#define C002_NO_LESSON      "Attendance not found or you are not authorized to access it."
/* 403 of a row. */
#define C002_TEACHERS_ONLY "This operation is only valid for teachers."

/* For /openapi.json: doc.c. */
extern const struct route_doc c002_create_doc, c002_finish_doc, c002_live_doc, c002_historical_doc,
	c002_delete_doc, c002_records_doc, c002_live_accept_doc, c002_live_fail_doc,
	c002_historical_add_doc, c002_historical_accept_doc, c002_historical_fail_doc,
	c002_record_delete_doc;

#endif
