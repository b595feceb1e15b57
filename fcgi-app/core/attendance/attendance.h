/*
 * Attendance sessions: the window in which an occurrence can be checked in to.
 *
 * Opened on an occurrence or on its own, by who holds it or an admin; extended, paused,
 * closed, reopened.  An open session whose time has come is closed by whoever looks
 * first (muster-jobs does, every second): closing marks absent who is expected and has
 * neither a record nor an undecided attempt.  One transaction each, under the session's row
 * lock, with audit and outbox rows.
 *
 * Rights: who sees the session's occurrence may see and work on it (core/rights,
 * ACTION_ATTENDANCE_*); one without an occurrence belongs to its teacher and the branch's
 * admins.  Students see it through core/attendance/checkin.h only.  Errors all share: RC_NOT_FOUND,
 * RC_DENIED, RC_CONFLICT with CHANGED, ATTENDANCE_CLOSED, ATTENDANCE_OPEN.
 */
#ifndef CORE_ATTENDANCE_H
#define CORE_ATTENDANCE_H

#include "core/attendance/policy.h"

enum attendance_state {
	ATTENDANCE_EARLY, /* open, but not yet its time */
	ATTENDANCE_OPEN,
	ATTENDANCE_PAUSED,
	ATTENDANCE_OVER, /* its time is over, and it is about to be closed */
	ATTENDANCE_CLOSED,
	ATTENDANCE_STATE__MAX
};
const char *attendance_state_name(enum attendance_state s); /* "early", "open", … */

enum roster_kind { ROSTER_COURSE, ROSTER_SECTION, ROSTER_CLASS, ROSTER_OPEN, ROSTER_KIND__MAX };
enum attendance_door { DOOR_OWN, DOOR_000, DOOR_002, DOOR_003, DOOR__MAX };
const char *roster_name(enum roster_kind r);              /* "course", …, as stored */
const char *attendance_door_name(enum attendance_door d); /* "own", "000", …, as stored */

/* A session with the names around it; COLUMN_NULL and empty texts where there is none. */
struct attendance {
	int64_t id, version;
	struct str uuid;
	int64_t branch_id, occurrence_id, course_id, class_id, section_id, teacher_id, device_id;
	int64_t teacher_account_id; /* first account of the teacher; 000's trainer_id */
	enum roster_kind roster;
	enum attendance_door door;
	struct str mode; /* that contract's word */
	struct str title, room, zone;
	int32_t session_date;
	int32_t start_tod,
		end_tod;   /* of the occurrence, else of opens_at and closes_at in `zone` */
	int64_t starts_at; /* likewise, instant; what late is counted from */
	struct str course_code, course_title, class_name, section_name, teacher_name, device_code;
	enum attendance_state state;          /* at c->now_us */
	int64_t opens_at, late_at, closes_at; /* instants; late_at NO_TIME: never */
	enum policy_level level[SIGNAL__MAX]; /* CODE, PLACE, NETWORK, PHOTO, BROWSER */
	bool has_place;
	struct place place;
	int64_t radius_m;
	struct str reference_address; /* 002 */
	struct str code_key;          /* ROTATING_KEY_BYTES; never shown */
	int64_t code_period_s, max_tries, evidence_days, lock_days;
	bool names_on_screen;
	struct str close_reason, reopen_reason;
	int64_t created_by, created_at, updated_at, closed_by, closed_at;
	struct str created_by_name;
	bool is_deleted;
	/* Now, or as of closing: who is expected and what they have. */
	int64_t n_expected, n_present, n_late, n_excused, n_absent, n_flagged;
	/* What the viewer may do now. */
	bool may_work, may_close, may_reopen;
};

/* Of the viewer's rights, for who needs no counts: those of an open session (n_...) are
 * COLUMN_NULL.  One statement. */
enum rc attendance_see(struct core *c, int64_t id, struct attendance *ret,
		       struct error *e) MUST_CHECK;
/* Its n_expected, when that is missing. */
enum rc attendance_expect(struct core *c, struct attendance *s, struct error *e) MUST_CHECK;
/* The same with all counts.  By id, by occurrence (RC_NOT_FOUND when none was opened), by uuid
 * (002). */
enum rc attendance_get(struct core *c, int64_t id, struct attendance *ret,
		       struct error *e) MUST_CHECK;
enum rc attendance_of_occurrence(struct core *c, int64_t occurrence_id, struct attendance *ret,
				 struct error *e) MUST_CHECK;
enum rc attendance_of_uuid(struct core *c, struct str uuid, struct attendance *ret,
			   struct error *e) MUST_CHECK;

/* ---- opening -------------------------------------------------------------------------------- */

/* What an occurrence's session would be: for the form.  Zero-initialise, then set what differs. */
struct attendance_open_in {
	int64_t occurrence_id; /* of which, or COLUMN_NULL: on its own, from what follows */
	/* On its own: */
	enum attendance_door door;
	struct str mode;
	int64_t branch_id; /* COLUMN_NULL: the viewer's */
	int64_t course_id, class_id, section_id, teacher_id, device_id; /* COLUMN_NULL: none */
	enum roster_kind roster;
	struct str title, room;
	int32_t session_date; /* NO_DAY: that of opens_at */
	/* NO_TIME: by the policy.  A start before now is now, but for 002's, which stays. */
	int64_t opens_at, late_at, closes_at;
	bool never_late;
	/*
	 * Of an occurrence: now, however early or late it is.  Outside its time the planned times
	 * say nothing: it is open for two hours (001).
	 */
	bool at_any_time;
	/* Differing from the policy. */
	bool has_levels;
	enum policy_level level[SIGNAL__MAX];
	bool has_place;
	struct place place;
	int64_t radius_m;             /* 0: by the policy */
	int64_t code_period_s;        /* 0: by the policy */
	struct str reference_address; /* 002 */
};
/*
 * Opens it; *ret_id also when RC_CONFLICT ATTENDANCE_EXISTS (the occurrence has one already).
 * Excused students of core/attendance/register.h's excuses get their records at once.  RC_INVALID
 * NOT_YET: more than early_min before the start (admins too; not 000 with its own window);
 * ALREADY_CANCELLED.  Fields "opens_at", "closes_at" (END_BEFORE_START, TOO_LARGE: over 24 h),
 * "title" (REQUIRED, TOO_LONG), "device_id" (DEVICE_BUSY: it has an open session, DEVICE_BLOCKED),
 * "course_id", "section_id", "teacher_id" (NOT_A_CHOICE), "latitude", "longitude", "radius_m",
 * "code_period_s".
 */
enum rc attendance_open(struct core *c, const struct attendance_open_in *in, int64_t *ret_id,
			struct error *e) MUST_CHECK;
/* A student in the room starts it: only within the planned time, where the policy says auto_open
 * and the room's place is known, with a place judged in.  RC_DENIED AUTO_OPEN_OFF, RC_INVALID
 * AUTO_OPEN_PLACE, NOT_ENROLLED. */
enum rc attendance_auto_open(struct core *c, int64_t occurrence_id, struct place place,
			     double accuracy_m, int64_t *ret_id, struct error *e) MUST_CHECK;

/* ---- while it runs -------------------------------------------------------------------------- */

/* version 0: do not compare.  minutes 1..240. */
enum rc attendance_extend(struct core *c, int64_t id, int64_t version, int64_t minutes,
			  struct error *e) MUST_CHECK;
enum rc attendance_pause(struct core *c, int64_t id, int64_t version, struct error *e) MUST_CHECK;
enum rc attendance_resume(struct core *c, int64_t id, int64_t version, struct error *e) MUST_CHECK;
/* Changes what stands in `in` with has_levels, has_place, opens_at, late_at, closes_at, mode: 000's
 * PATCH and the console's settings. */
enum rc attendance_change(struct core *c, int64_t id, int64_t version,
			  const struct attendance_open_in *in, struct error *e) MUST_CHECK;

struct attendance_closed {
	int64_t n_absent; /* marked by this closing */
	int64_t n_open;   /* undecided attempts that stay */
	bool was_closed;  /* it was, and nothing happened */
};
/* Idempotent.  reason: "person", or "confirmed" (000). */
enum rc attendance_close(struct core *c, int64_t id, const char *reason,
			 struct attendance_closed *ret, struct error *e) MUST_CHECK;
/* Opens a closed one again for `minutes`; takes back the absences that closing made.  reason
 * 1..500, field "reason". */
enum rc attendance_reopen(struct core *c, int64_t id, int64_t version, int64_t minutes,
			  struct str reason, struct error *e) MUST_CHECK;
/* 002: hides it.  reason as above. */
enum rc attendance_delete(struct core *c, int64_t id, struct str reason,
			  struct error *e) MUST_CHECK;
/* Closes up to 100 whose time is over, as the system.  *ret_n: closed.  For muster-jobs. */
enum rc attendance_close_due(struct core *c, int64_t *ret_n, struct error *e) MUST_CHECK;

/* ---- lists ---------------------------------------------------------------------------------- */

enum attendance_show {
	ATTENDANCE_SHOW_RUNNING, /* not closed */
	ATTENDANCE_SHOW_CLOSED,
	ATTENDANCE_SHOW_ALL,
};
/* Zero-initialised: the viewer's running ones. */
struct attendance_query {
	enum attendance_show show;
	enum attendance_door door; /* with has_door */
	bool has_door;
	bool own_only;     /* 002, 003: only those the viewer holds, even for admins */
	int64_t course_id; /* 0: all */
	int64_t before_id; /* 0: from the newest */
	bool with_deleted;
	size_t limit; /* 1..500; 0: 100 */
};
/* Newest first.  Rows as attendance_get's (counts included).  One statement. */
enum rc attendance_list(struct core *c, const struct attendance_query *q,
			const struct attendance **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;

#endif
