/*
 * Single sessions, made and changed by hand.  Occurrences of schedules are store/schedule.h's.
 */
#ifndef STORE_SESSION_MAKE_H
#define STORE_SESSION_MAKE_H

#include "store/store.h"

struct session_made {
	int64_t branch_id, class_id, course_id, teacher_id, room_id, request_id;
	struct str title, room, zone; /* ids but the branch's may be COLUMN_NULL */
};
/*
 * days: a JSON array of {"d":"YYYY-MM-DD","a":"HH:MM:SS","b":"…" (wall clock),"s":"YYYY-MM-DD
 * HH:MM:SS","e":"…" (UTC)}.  *ret_id: the first.
 */
enum rc session_make_put(struct store *s, const struct session_made *m, struct str days,
			 int64_t *ret_id, struct error *e) MUST_CHECK;
/* Class, course, teacher, room and title of `m`; raises the version, and tells the files. */
enum rc session_make_edit(struct store *s, int64_t id, const struct session_made *m,
			  struct error *e) MUST_CHECK;

struct session_make_state {
	int64_t n_attendance; /* attendance sessions of it, 0 or 1 */
};
enum rc session_make_state(struct store *s, int64_t id, struct arena *a,
			   struct session_make_state *ret, struct error *e) MUST_CHECK;

#endif
