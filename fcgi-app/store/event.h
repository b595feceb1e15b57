/*
 * Events: a row of the outbox, and reading the ordered stream; who may follow what.
 *
 * audience: the bits of core/event/event.h, which are those of the column.
 */
#ifndef STORE_EVENT_H
#define STORE_EVENT_H

#include "store/store.h"

struct event_row_new {
	const char *type;
	int64_t branch_id;
	int64_t attendance_id, course_id, person_id, account_id; /* COLUMN_NULL: none */
	int64_t audience;
	struct str payload, public_payload; /* the zero view: none */
};
/* In the transaction of what it tells of. */
enum rc event_insert(struct store *s, const struct event_row_new *row, int64_t now_us,
		     struct error *e) MUST_CHECK;
/* One for each branch, course and teacher of the sessions `ids`, a JSON array, that are not over.
 */
struct event_sessions_new {
	const char *type;
	unsigned audience; /* less members and person where they have no course or teacher */
	struct str ids;
	bool has_ids; /* an only one is named */
};
enum rc event_insert_sessions(struct store *s, const struct event_sessions_new *n, int64_t now_us,
			      struct error *e) MUST_CHECK;

struct event_stored {
	int64_t seq, at;
	struct str type;
	int64_t branch_id, attendance_id, course_id, person_id, account_id, audience;
	struct str payload, public_payload;
};
/* At most `limit` of the stream after seq, in order. */
enum rc event_rows(struct store *s, int64_t seq, size_t limit, struct arena *a,
		   const struct event_stored **ret_rows, size_t *ret_n, struct error *e) MUST_CHECK;

struct event_span {
	int64_t first, last; /* COLUMN_NULL: there is none */
};
enum rc event_span(struct store *s, struct arena *a, struct event_span *ret,
		   struct error *e) MUST_CHECK;

/* How an account's person stands to an attendance session, or to a course. */
struct event_tie {
	int64_t branch_id, teacher_id; /* teacher: COLUMN_NULL where there is none */
	int64_t is_staff;              /* of the class; of a course: teaches it */
	int64_t is_member;             /* expected, or marked; enrolled */
};
/* person_id may be COLUMN_NULL.  RC_NOT_FOUND: no such session, or a deleted one. */
enum rc event_tie_attendance(struct store *s, int64_t id, int64_t person_id, struct arena *a,
			     struct event_tie *ret, struct error *e) MUST_CHECK;
enum rc event_tie_course(struct store *s, int64_t id, int64_t person_id, int64_t now_us,
			 struct arena *a, struct event_tie *ret, struct error *e) MUST_CHECK;

/* Attendance sessions that are open at now_us, to which the person may belong; newest first. */
struct event_open {
	int64_t id;
	struct event_tie tie;
};
enum rc event_open_rows(struct store *s, int64_t branch_id, int64_t person_id, int64_t now_us,
			size_t limit, struct arena *a, const struct event_open **ret_rows,
			size_t *ret_n, struct error *e) MUST_CHECK;
/* Courses that the person teaches or is enrolled in on the day of now_us. */
struct event_course {
	int64_t id;
};
enum rc event_course_rows(struct store *s, int64_t person_id, int64_t now_us, size_t limit,
			  struct arena *a, const struct event_course **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;

#endif
