/*
 * Single sessions, made and changed by hand.  Occurrences of schedules are store/schedule.h's.
 */
#ifndef STORE_SESSION_MAKE_H
#define STORE_SESSION_MAKE_H

#include "store/store.h"

struct session_made {
	int64_t branch_id, class_id, course_id, teacher_id, room_id, request_id;
	struct str title, room, zone; /* ids but the branch's may be COLUMN_NULL */
	struct str kind, notes;       /* empty: none */
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
	int64_t n; /* attendance sessions of it, 0 or 1 */
};
enum rc session_make_state(struct store *s, int64_t id, struct arena *a,
			   struct session_make_state *ret, struct error *e) MUST_CHECK;

/* ---- for contract 000's door ------------------------------------------------------------------
 */

struct session_door_row {
	int64_t id, account_id, course_id, room_id, has_attendance; /* account: of the teacher */
	int32_t session_date, start_time, end_time;
	struct str title, class_name, teacher_name, state;
	struct str kind, notes; /* own, or of its request */
};
struct session_door_search {
	int64_t branch_id, person_id; /* 0: all */
	struct str search;            /* in title, class, teacher; empty: all */
	size_t limit;
	int64_t offset;
};
/* Not cancelled, newest first. */
enum rc session_door_rows(struct store *s, const struct session_door_search *q, struct arena *a,
			  const struct session_door_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
enum rc session_door_count(struct store *s, const struct session_door_search *q, struct arena *a,
			   int64_t *ret, struct error *e) MUST_CHECK;
enum rc session_door_row(struct store *s, int64_t id, struct arena *a, struct session_door_row *ret,
			 struct error *e) MUST_CHECK;

struct session_door_trainer {
	int64_t person_id, branch_id;
	struct str role;
};
/* An account that may sign in; RC_NOT_FOUND. */
enum rc session_door_trainer(struct store *s, int64_t account_id, struct arena *a,
			     struct session_door_trainer *ret, struct error *e) MUST_CHECK;

#endif
