/*
 * Checking in: one function for every path.
 *
 * A form, a QR scan, a JSON client, a scanner, a teacher who stands in, an import: each fills a
 * struct checkin_in; checkin_submit_many reads the facts of all of them in one statement
 * under shared locks of their sessions, decides each (checkin_decide is pure), and writes attempts,
 * records, outbox and audit rows in one transaction.  Refusals and failed attempts are
 * kept with their reason.  The same actor and nonce get the same answer, whatever came in
 * between; two tries for one student at one instant give one record (unique key, and
 * the transaction runs again).  Nothing is answered before the commit.
 */
#ifndef CORE_CHECKIN_H
#define CORE_CHECKIN_H

#include "core/attendance/attendance.h"
#include "core/attendance/rotating.h"

#define CHECKIN_BATCH_MAX 32

enum checkin_path {
	CHECKIN_FORM,
	CHECKIN_QR,
	CHECKIN_JSON,
	CHECKIN_DEVICE,
	CHECKIN_TEACHER,
	CHECKIN_IMPORT,
	CHECKIN_PATH__MAX
};
const char *checkin_path_name(enum checkin_path p); /* "form", …, as stored */

struct checkin_in {
	/* Who acts: of the login.  is_unverified: the token's signature was checked, but not yet
	 * whether its web session lives (the check-in pool); then the facts do. */
	const struct who *actor;
	bool is_unverified;
	struct str request_id; /* as logged, for the audit row; empty outside a request */
	int64_t attendance_id; /* 0: by code, among the sessions that are open for the student */
	int64_t person_id; /* the student; for a student their own (COLUMN_NULL: that of actor) */
	struct str student_code; /* a device's scan: instead of person_id; empty: none */
	enum checkin_path path;
	struct str nonce; /* the client's, 1..128 bytes; empty: a new one */
	/* Evidence; what is not given is empty. */
	struct str code;               /* as typed */
	struct str token;              /* of the QR code */
	const struct receipt *receipt; /* checked by receipt_read; NULL: none */
	bool has_place, place_refused; /* refused: asked and not shared */
	struct place place;
	double accuracy_m;          /* negative: not stated */
	struct str address;         /* of the client */
	struct str browser_hash;    /* 32 bytes; empty: none */
	struct str photo_file;      /* 16 bytes: id of the stored file; empty: none */
	struct str verification_id; /* 002: what a verifier calls back with; empty: none */
	int64_t device_id;          /* DEVICE: of the scanner; else COLUMN_NULL */
	int64_t claimed_at;         /* DEVICE: its clock, instant; NO_TIME: not said */
	bool skip_code;   /* 000, 002: this door has no code, whatever the session asks of pages */
	bool again;       /* replaces one that waits for the teacher: a better photo, or 000 */
	bool skip_photo;  /* 000: a QR code of its kind stands for the photo */
	bool needs_photo; /* 002: without a photo it is refused, not flagged */
};

struct checkin_result {
	enum rc rc;         /* RC_OK: approved or flagged; else RC_INVALID, RC_DENIED, RC_NOT_FOUND,
			       RC_CONFLICT,	 RC_NOT_SIGNED_IN (the token's session has ended), RC_BUSY
			       (tries	 used up) */
	enum reason reason; /* why not, or why flagged; REASON_NONE: approved */
	int64_t arg;        /* {n} of its text */
	enum decision decision;
	enum mark mark;     /* PRESENT or LATE; when it was ALREADY_IN, the record's */
	int64_t attempt_id; /* 0: nothing was kept (not signed in, malformed) */
	int64_t record_id;  /* 0: none */
	int64_t attendance_id, person_id, occurrence_id;
	int64_t happened_at;
	int64_t tries_left; /* after a rejected one */
	struct signals signals;
	struct str student_code, title; /* in the arena */
	bool is_repeat;                 /* the same nonce again: this is the first answer */
};
/*
 * Reasons: ATTENDANCE_EARLY, ATTENDANCE_CLOSED, ATTENDANCE_PAUSED, ATTENDANCE_UNKNOWN,
 * NOT_ENROLLED, ENROLLED_LATER, WRONG_CLASS, ALREADY_IN (RC_CONFLICT), ALREADY_WAITING (a flagged
 * one is undecided), TRIES_USED, CODE_WRONG, CODE_OLD, CODE_OTHER_ROOM, CODE_MISSING, CODE_USED,
 * PLACE_OUT, PLACE_UNSURE, PLACE_MISSING, NETWORK_OUT, PHOTO_MISSING, PHOTO_UNCHECKED,
 * BROWSER_SHARED, PLACE_SPEED, PLACE_REPEAT, DEVICE_CLOCK, RECEIPT_USED, STUDENT_UNKNOWN,
 * STUDENT_ONLY.
 */

/*
 * n: 1..CHECKIN_BATCH_MAX.  Fills results[i] of in[i].  RC_OK also when some are refused; another
 * rc means that nothing was stored and no result holds (database away).  One transaction; texts of
 * results live in c->arena.  c->who is not read.
 */
enum rc checkin_submit_many(struct core *c, const struct checkin_in *const *in, size_t n,
			    struct checkin_result *results, struct error *e) MUST_CHECK;
/* One, for who asks: c->who is the actor.  Refusals are an error with the reason, and *ret is
 * filled also then (ret->rc). */
enum rc checkin_submit(struct core *c, struct checkin_in *in, struct checkin_result *ret,
		       struct error *e) MUST_CHECK;

/*
 * Its steps, for who hands check-ins in together (core/attendance/checkin_queue.h).  prepare:
 * c->who is the actor, and a code that came without a session finds one (the only step that asks
 * the database, and only then).  outcome: a refusal as an error.
 */
enum rc checkin_prepare(struct core *c, struct checkin_in *in, struct error *e) MUST_CHECK;
enum rc checkin_outcome(const struct checkin_result *r, struct error *e);

/* ---- for students --------------------------------------------------------------------------- */

/* A session as a student sees it. */
struct checkin_open {
	int64_t attendance_id, occurrence_id;
	struct str uuid, title, room, course_code, course_title, class_name, teacher_name, zone;
	enum attendance_state state;
	int32_t session_date, start_tod, end_tod;
	int64_t starts_at, opens_at, late_at, closes_at;
	enum policy_level level[SIGNAL__MAX];
	int64_t radius_m, evidence_days;
	bool has_place;
	struct place place; /* of the room, for the map of the location step */
	enum mark mark;     /* the student's record */
	bool is_waiting;    /* an undecided flagged attempt */
	int64_t marked_at;  /* of the record or the attempt; NO_TIME */
	int64_t attempt_id; /* the last one; 0: none */
};
/* What the viewer, a student, can check in to now (early, open and paused ones), soonest first. */
enum rc checkin_open_list(struct core *c, const struct checkin_open **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
/* One of any state, if the viewer is expected there. */
enum rc checkin_open_get(struct core *c, int64_t attendance_id, struct checkin_open *ret,
			 struct error *e) MUST_CHECK;
/*
 * Which session and step a typed code or QR token belongs to, without an attempt: for the receipt
 * that the next steps of the form carry.  A token may come before signing in: then the viewer is
 * nobody (ROLE_NONE), and only its signature and age are judged; a code is looked for among
 * the sessions that are open for the viewer.  RC_INVALID with field "code": CODE_WRONG,
 * CODE_OLD, CODE_OTHER_ROOM.
 */
enum rc checkin_find(struct core *c, struct str code, struct str token, int64_t *ret_attendance_id,
		     int64_t *ret_step, struct error *e) MUST_CHECK;

/* An attempt as its student, or staff of its session, may see it. */
struct checkin_attempt {
	int64_t id, attendance_id, person_id;
	struct str student_name, student_code;
	int64_t happened_at, learned_at;
	enum checkin_path path;
	enum decision decision;
	enum reason reason;
	enum mark mark;
	int64_t late_s;
	struct signals signals;
	struct str decided_state; /* "", "open", "approved", "rejected", "lapsed" */
	struct str decided_by_name, decided_why;
	int64_t decided_at;
	struct str photo_file; /* 16 bytes; empty: none, or removed */
	int64_t tries_left;
};
/* RC_NOT_FOUND unless the viewer is its student or staff of its session. */
enum rc checkin_attempt_get(struct core *c, int64_t attempt_id, struct checkin_attempt *ret,
			    struct error *e) MUST_CHECK;

#endif
