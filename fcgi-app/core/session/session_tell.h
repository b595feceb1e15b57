/*
 * Internal to core: the events of sessions that are made, moved and cancelled.
 *
 * Told within the transaction of the change to the admins of the branch, to who holds the session
 * and, where it is of a course, to the course's students.
 */
#ifndef CORE_SESSION_TELL_H
#define CORE_SESSION_TELL_H

#include "core/event/event.h"

struct session_told {
	int64_t branch_id;
	int64_t occurrence_id;         /* 0: several */
	int64_t course_id, teacher_id; /* COLUMN_NULL: none */
	int32_t day;                   /* of the one; NO_DAY */
	int64_t n;                     /* how many; 0: one */
	int64_t request_id;            /* they are because of; 0: none */
};
/* type: EVENT_SESSION_CREATED, _MOVED or _CANCELLED. */
enum rc session_tell(struct core *c, struct store *s, enum event_type type,
		     const struct session_told *t, struct error *e) MUST_CHECK;

#endif
