/*
 * Contract 002, students (contracts.md 3.3): finding a session, attending, asking how it went.
 */
#ifndef API_C002_STUDENT_H
#define API_C002_STUDENT_H

#include "web/doc.h"
#include "web/route.h"

route_handler c002_find, c002_attend, c002_status;
extern const struct fields c002_find_fields;

/* The photo of 10 MiB and the rest of its form. */
#define C002_ATTEND_BODY_MAX (11 * 1024 * 1024)

/* 403 of a row. */
#define C002_STUDENTS_ONLY "This operation is only valid for students."
/* 404 of the status. */
#define C002_NO_RECORD                                                                             \
	"Your attendance record for this session was not found, or the session does not exist."

/* For /openapi.json: doc.c. */
extern const struct route_doc c002_find_doc, c002_attend_doc, c002_status_doc;

#endif
