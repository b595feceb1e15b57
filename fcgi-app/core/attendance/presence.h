/*
 * Following attendance live: students join a session that runs, and are online as long as their
 * connection lives.
 *
 * Joining marks nobody.  It is stored, so that it survives a restart of the gateway and every
 * gateway tells the same: who has joined, by which connection, until when the connection is
 * believed to live (its gateway renews that).  The newest connection of a person takes the
 * place of an older one.  A connection that was lost is no leaving: who comes back within
 * PRESENCE_BACK_US is in again.  Each coming and going is an event for the session's staff
 * (core/event/event.h).
 */
#ifndef CORE_PRESENCE_H
#define CORE_PRESENCE_H

#include "core/attendance/attendance.h"
#include "store/presence.h"

#define PRESENCE_LEASE_US (90 * US_PER_S)
#define PRESENCE_RENEW_S  30 /* how often a gateway renews its leases */
#define PRESENCE_BACK_US  (120 * US_PER_S)

/* What an occurrence is to the viewer, who may be anybody signed in: ids, and no more. */
struct presence_target {
	int64_t occurrence_id, branch_id;
	int64_t attendance_id, course_id, teacher_id; /* 0: none */
	bool is_active;                               /* can be joined now */
	bool may_work;                                /* the viewer works on its attendance */
};
/* RC_NOT_FOUND: there is no such occurrence. */
enum rc presence_find(struct core *c, int64_t occurrence_id, struct presence_target *ret,
		      struct error *e) MUST_CHECK;

struct presence_joined {
	int64_t attendance_id, occurrence_id, course_id; /* course 0: none */
	int64_t person_id;
};
/*
 * The viewer, a student, by this connection (1..40 bytes).  RC_CONFLICT ATTENDANCE_CLOSED: nothing
 * to join, also when there is no such occurrence; RC_DENIED NOT_ENROLLED, STUDENT_ONLY.
 */
enum rc presence_join(struct core *c, int64_t occurrence_id, struct str connection,
		      struct presence_joined *ret, struct error *e) MUST_CHECK;
/* By the viewer's own will.  *ret_id: the attendance session; 0: was not in it. */
enum rc presence_quit(struct core *c, int64_t occurrence_id, int64_t *ret_id,
		      struct error *e) MUST_CHECK;
/* The viewer's connection is gone. */
enum rc presence_gone(struct core *c, struct str connection, struct error *e) MUST_CHECK;
/* A new connection of the viewer, in the place of the last one: into what that is in, or was until
 * just now. */
enum rc presence_back(struct core *c, struct str connection, const struct presence_joined **ret,
		      size_t *ret_n, struct error *e) MUST_CHECK;

/* For the gateway of this machine: leases of its connections; at its start none of them is left. */
enum rc presence_lease(struct core *c, struct error *e) MUST_CHECK;
enum rc presence_reset(struct core *c, struct error *e) MUST_CHECK;

/* Of a session the viewer has got (attendance_get): who has joined and not left. */
enum rc presence_list(struct core *c, const struct attendance *s,
		      const struct presence_row **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;
/* Sessions of a course that can be joined.  RC_NOT_FOUND unless the viewer follows the course. */
enum rc presence_active(struct core *c, int64_t course_id, const struct presence_active **ret_rows,
			size_t *ret_n, struct error *e) MUST_CHECK;

/* ---- for who tells what happened (live/c001_feed.h): no right is asked -------------------------
 */

/* As presence_active, for those who are told because they follow the course. */
enum rc presence_running(struct core *c, int64_t course_id, const struct presence_active **ret_rows,
			 size_t *ret_n, struct error *e) MUST_CHECK;
/* Name of who closed it; empty: its time was over. */
enum rc presence_closer(struct core *c, const struct attendance *s, struct str *ret,
			struct error *e) MUST_CHECK;

/* Whom to look up. */
struct presence_pair {
	int64_t attendance_id, person_id;
};
/* By session and person; those that are not there are missing.  No right is asked: the caller has
 * got the sessions, or tells nobody but who may know. */
enum rc presence_look_up(struct core *c, const struct presence_pair *pairs, size_t n,
			 const struct presence_record **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;
/* Everybody in the register of a session the viewer has got, in its order. */
enum rc presence_register(struct core *c, const struct attendance *s,
			  const struct presence_record **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;

#endif
