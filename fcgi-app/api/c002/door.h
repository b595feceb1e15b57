/*
 * What the files of contract 002's door share.
 */
#ifndef API_C002_DOOR_H
#define API_C002_DOOR_H

#include "core/attendance/lesson.h"
#include "web/route.h"

/* The {attendance_id} of the path: field error NOT_A_UUID (422), RC_NOT_FOUND. */
enum rc c002_lesson_of(struct req *q, struct str sent, struct lesson *ret,
		       struct error *e) MUST_CHECK;
/* The same, if the viewer holds it: else RC_NOT_FOUND, so that nobody learns that it is there. */
enum rc c002_own_lesson(struct req *q, struct str sent, struct lesson *ret,
			struct error *e) MUST_CHECK;

struct c002_lesson_in {
	struct str attendance_id;
};
extern const struct fields c002_lesson_fields;

#endif
