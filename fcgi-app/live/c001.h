/*
 * Inside of the door of contract 001 (contracts.md 2.2 to 2.5): attendance followed over Socket.IO.
 *
 *   c001_door.c     who connects, and the table of events
 *   c001_student.c  joining, leaving, following a course
 *   c001_teacher.c  starting, ending, looking
 *   c001_mark.c     marks, one and several
 *   c001_feed.c     what happened on any path, told to the rooms
 *   c001_in.c       payloads read; c001_out.c payloads written
 *
 * An id at this door is a decimal text: session_id is the occurrence, course_id the course,
 * student_id the person (a student's profile), but the account (a user) where somebody joins or
 * leaves.  Rights and rules are core's; texts are the contract's.  Handlers answer by effects
 * alone.
 *
 * Rooms: a<id> staff of an attendance session, j<id>.<person> a student who has joined it, k<id>
 * all of these (a room of this door alone, so that the feed tells it after that of the one),
 * c<course>, p<person>, u<account>.
 */
#ifndef LIVE_C001_H
#define LIVE_C001_H

#include "codec/json.h"
#include "core/attendance/presence.h"
#include "core/event/event.h"
#include "live/doors.h"

/* ---- in: c001_in.c --------------------------------------------------------------------------- */

struct c001_in {
	const struct json_t *object;               /* the first argument */
	int64_t session_id, student_id, course_id; /* 0: not given, or no id */
};
/* False: the payload is no object; it was answered. */
bool c001_read(struct core *c, const struct call_in *in, struct effects *fx,
	       struct c001_in *ret) MUST_CHECK;
/* A member that is an id, as a text or a number; 0: none. */
int64_t c001_id(const struct json_t *object, const char *name);

/* ---- out: c001_out.c ------------------------------------------------------------------------- */

#define C001_JSON_MAX ((size_t)6 << 20)

/* A payload in the making: an object, begun. */
struct c001_out {
	struct buf b;
	struct json_out o;
};
void c001_begin(struct c001_out *out, struct core *c);
/* Ends it; the zero view without memory. */
struct str c001_end(struct c001_out *out);
void c001_key_id(struct json_out *o, const char *key, int64_t id);        /* "17"; null for 0 */
void c001_key_time(struct json_out *o, const char *key, int64_t us);      /* …T09:30:00.123Z */
void c001_key_session_id(struct json_out *o, const struct attendance *s); /* both spellings */

/* The class session as a document. */
void c001_key_session(struct json_out *o, const char *key, const struct attendance *s);
void c001_key_statistics(struct json_out *o, const char *key, const struct attendance *s);
/* What a student has; unmarked is absent here, since the original marks everybody at the start. */
const char *c001_status(const struct presence_record *r);
void c001_key_record(struct json_out *o, const char *key, const struct presence_record *r,
		     const struct attendance *s);
/* only_unmarked: those without a record. */
void c001_key_records(struct json_out *o, const char *key, const struct presence_record *rows,
		      size_t n, const struct attendance *s, bool only_unmarked);
struct str c001_name(struct core *c, struct str given, struct str family);

/* attendanceUpdated for who may know whom it is about; with NULL for everybody else. */
struct str c001_updated(struct core *c, const struct attendance *s, const struct presence_record *r,
			struct str by_name, int64_t at);
/* activeSessionsData of a course. */
struct str c001_active(struct core *c, int64_t course_id, const struct presence_active *rows,
		       size_t n);
/* {session, attendanceRecords, statistics}; n 0: for those who may not see the others. */
void c001_key_final(struct json_out *o, const struct attendance *s,
		    const struct presence_record *rows, size_t n);

/* The sentence of a reason, in English as all texts of this contract. */
struct str c001_reason(struct core *c, enum reason reason, int64_t arg);
/* attendanceError. */
void c001_refuse(struct core *c, struct effects *fx, struct str message);
/* prefix and message together. */
void c001_refuse_with(struct core *c, struct effects *fx, const char *prefix, struct str message);

/* ---- rooms ----------------------------------------------------------------------------------- */

struct str c001_room(struct core *c, char kind, int64_t id);
/* j<attendance>.<person> */
struct str c001_own_room(struct core *c, int64_t attendance_id, int64_t person_id);
/* Effects of having joined: the rooms, and attendanceSessionJoined. */
void c001_joined(struct core *c, struct effects *fx, const struct presence_joined *j);

/* ---- events ---------------------------------------------------------------------------------- */

call_fn c001_join, c001_leave, c001_subscribe, c001_unsubscribe, c001_check_active, c001_get_active;
call_fn c001_start, c001_end_session, c001_session_data, c001_online;
call_fn c001_mark_present, c001_mark_absent, c001_mark_any, c001_bulk;

/*
 * Whose session it is: staff, that session, and theirs to work on; else it was answered, beginning
 * with prefix ("Failed to …: "), and *ret_ok is false.  denied: the contract's words for a session
 * of somebody else.
 */
enum rc c001_work(struct core *c, const struct c001_in *in, struct effects *fx, const char *prefix,
		  const char *denied, struct presence_target *ret, bool *ret_ok,
		  struct error *e) MUST_CHECK;

#endif
