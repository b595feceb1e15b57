/*
 * Events: what happened, told to those who may know it.
 *
 * Who may see an event is decided here, once, when it is written, and stands in its row: the one
 * table of event.c gives each type its audiences, of which those remain that the event has an id
 * for.  Nobody decides it again: the stream's readers turn the row into rooms (event_rooms),
 * and a connection gets what is told to the rooms that it was let into (event_may_join).
 *
 *   audience  who                                                         room       gets
 *   admins    super admins; admins of the branch                          b*, b<id>  payload
 *   staff     who may see the attendance session: its teachers, admins    a<id>      payload
 *   members   students (and staff) of the attendance session, of the      m<id>,     public
 *             course when it is given                                     c<id>
 *   person    one person about herself                                    p<id>      payload
 *   account   one account                                                 u<id>      payload
 *   anybody   that there was such an event, and no more                   *          nothing
 *
 * Payloads are JSON objects of ids, codes and numbers; `public` says nothing about other students.
 */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "core/core.h"

/* EVENT(NAME, "name"): docs/events.md has the payload of each. */
#define EVENT_TYPES(EVENT)                                                                         \
	EVENT(ATTENDANCE_OPENED, "attendance.opened")                                              \
	EVENT(ATTENDANCE_PAUSED, "attendance.paused")                                              \
	EVENT(ATTENDANCE_RESUMED, "attendance.resumed")                                            \
	EVENT(ATTENDANCE_EXTENDED, "attendance.extended")                                          \
	EVENT(ATTENDANCE_CHANGED, "attendance.changed")                                            \
	EVENT(ATTENDANCE_CLOSED, "attendance.closed")                                              \
	EVENT(ATTENDANCE_REOPENED, "attendance.reopened")                                          \
	EVENT(ATTENDANCE_DELETED, "attendance.deleted")                                            \
	EVENT(ATTENDANCE_MARKED, "attendance.marked")                                              \
	EVENT(ATTENDANCE_FLAGGED, "attendance.flagged")                                            \
	EVENT(ATTENDANCE_DECIDED, "attendance.decided")                                            \
	EVENT(ATTENDANCE_JOINED, "attendance.joined")                                              \
	EVENT(ATTENDANCE_LEFT, "attendance.left")                                                  \
	EVENT(ATTENDANCE_GUEST_ADDED, "attendance.guest_added")                                    \
	EVENT(ATTENDANCE_GUEST_REMOVED, "attendance.guest_removed")                                \
	EVENT(ATTENDANCE_GUEST_MERGED, "attendance.guest_merged")                                  \
	EVENT(REQUEST_CREATED, "session_request.created")                                          \
	EVENT(REQUEST_UPDATED, "session_request.updated")                                          \
	EVENT(SESSION_CREATED, "session.created")                                                  \
	EVENT(SESSION_MOVED, "session.moved")                                                      \
	EVENT(SESSION_CANCELLED, "session.cancelled")                                              \
	EVENT(UPLOAD_ADDED, "upload.added")                                                        \
	EVENT(UPLOAD_REVIEWED, "upload.reviewed")                                                  \
	EVENT(COMPLETION_MISSING, "completion.missing")                                            \
	EVENT(COMPLETION_RETURNED, "completion.returned")                                          \
	EVENT(EXCUSE_REQUESTED, "excuse.requested")                                                \
	EVENT(EXCUSE_DECIDED, "excuse.decided")                                                    \
	EVENT(CORRECTION_REQUESTED, "correction.requested")                                        \
	EVENT(CORRECTION_DECIDED, "correction.decided")                                            \
	EVENT(NOTIFICATION_CREATED, "notification.created")

enum event_type {
#define EVENT(NAME, name) EVENT_##NAME,
	EVENT_TYPES(EVENT)
#undef EVENT
		EVENT__MAX
};

const char *event_name(enum event_type t);
enum event_type event_from(struct str name); /* EVENT__MAX: unknown */

/* Bits, as the column has them. */
enum event_audience {
	EVENT_TO_ADMINS = 1,
	EVENT_TO_STAFF = 2,
	EVENT_TO_MEMBERS = 4,
	EVENT_TO_PERSON = 8,
	EVENT_TO_ACCOUNT = 16,
};

struct event_new {
	enum event_type type;
	int64_t branch_id;
	/* 0: none.  What is given is told: to the session's staff and members, the course's
	 * members, the person, the account, so far as the type's audience has them. */
	int64_t attendance_id, course_id, person_id, account_id;
	struct str payload;        /* a JSON object */
	struct str public_payload; /* likewise, for members; empty: they are not told */
};
/* The audience of an event; the bulk statements of check-ins and registers write it too. */
unsigned event_audience(const struct event_new *n);
/*
 * In the transaction `s` of what it tells of.  The programs that relay it are poked when that
 * commits, so nothing remains to be done then.  RC_INTERNAL for a payload over 2,000 characters.
 */
enum rc event_add(struct core *c, struct store *s, const struct event_new *n,
		  struct error *e) MUST_CHECK;

/* ---- the stream ----------------------------------------------------------------------------- */

struct event {
	int64_t seq, at;      /* place in the stream; instant of the change */
	enum event_type type; /* EVENT__MAX: of a newer program */
	struct str name;
	int64_t branch_id, attendance_id, course_id, person_id, account_id; /* 0: none */
	unsigned audience;
	struct str payload, public_payload;
};
/* At most `limit` (1 to 1,000) after seq, in order. */
enum rc event_after(struct core *c, int64_t seq, size_t limit, const struct event **ret_rows,
		    size_t *ret_n, struct error *e) MUST_CHECK;
/* The first and the last of the stream; 0, 0: empty. */
enum rc event_bounds(struct core *c, int64_t *ret_first, int64_t *ret_last,
		     struct error *e) MUST_CHECK;

/* ---- rooms ---------------------------------------------------------------------------------- */

enum event_detail { EVENT_FULL, EVENT_PUBLIC, EVENT_TYPE_ONLY };

#define EVENT_ROOM_SIZE 24
struct event_room {
	char name[EVENT_ROOM_SIZE]; /* with a NUL: "a17" */
	enum event_detail detail;
};
#define EVENT_ROOMS_MAX 8
/* The rooms of a stored event; those that are told most come first. */
size_t event_rooms(const struct event *v, struct event_room ret[EVENT_ROOMS_MAX]);
/* What is told to a room of that name. */
enum event_detail event_detail_of(struct str room);
/* What a room of that detail gets: a JSON object; "{}" for EVENT_TYPE_ONLY. */
struct str event_payload(const struct event *v, enum event_detail detail);

/* "a17"; kind: one of "abcmpu". */
void event_room_name(char kind, int64_t id, char ret[EVENT_ROOM_SIZE]);
/*
 * May c->who be told what is told to that room?  RC_OK; RC_NOT_FOUND for what is not theirs, is
 * not there or is no room.
 */
enum rc event_may_join(struct core *c, struct str room, struct error *e) MUST_CHECK;
/*
 * The rooms of c->who that need no asking for: the own ones, those of the branch for admins, of
 * the courses taught or taken, and of the attendance sessions that are open now.  At most
 * EVENT_OWN_MAX.
 */
#define EVENT_OWN_MAX 60
enum rc event_own_rooms(struct core *c, const struct event_room **ret_rooms, size_t *ret_n,
			struct error *e) MUST_CHECK;

/* ---- catching up ---------------------------------------------------------------------------- */

#define EVENT_CATCH_UP_MAX 5000 /* events that are looked through */
struct event_missed {
	const struct event *event;
	enum event_detail detail;
};
/*
 * What was told to `rooms` after seq, up to *ret_seq, the newest there is; seq 0: nothing, and the
 * newest.  RC_TOO_BIG: it is too long ago, or no number of this stream; *ret_seq is right then,
 * too.
 */
enum rc event_missed(struct core *c, int64_t seq, const struct event_room *rooms, size_t n_rooms,
		     const struct event_missed **ret_rows, size_t *ret_n, int64_t *ret_seq,
		     struct error *e) MUST_CHECK;

#endif
