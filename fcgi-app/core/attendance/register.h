/*
 * The register: who is expected, what each has, and changing it.
 *
 * Marks are set by people who may work on the session (core/attendance/attendance.h), one by one
 * or in bulk; each act has a random id, and undoing an act restores exactly what was
 * there, unless it was changed since (that student is left and counted).  Every change
 * keeps old, new, who, when, why.  A mark carries the version it was made from: when
 * the record moved on, nothing is lost and the conflict is told.  After lock_days a
 * reason is needed (field "why": REASON_MISSING).  A mark set by a person settles an
 * undecided attempt (lapsed).  One transaction each; audit and outbox rows in it.
 */
#ifndef CORE_REGISTER_H
#define CORE_REGISTER_H

#include "core/attendance/checkin.h"

struct register_row {
	int64_t person_id;
	struct str given_name, family_name, student_code, section_name;
	bool is_expected; /* false: a walk-in, or no longer enrolled on that day */
	enum mark mark;
	int64_t record_id, version; /* 0: unmarked; the version is only to be handed back */
	struct str method;          /* provenance: "form", "device", "teacher", "auto", … */
	int64_t happened_at, updated_at, late_s;
	struct str remark, set_by_name; /* set_by_name empty: the student, or the system */
	int64_t open_attempt_id;        /* undecided flagged attempt; 0: none */
};
struct register_guest {
	int64_t id;
	struct str name, remark, merged_name;
	int64_t person_id; /* COLUMN_NULL: not merged */
};
struct register_list {
	const struct register_row *rows; /* by family and given name */
	size_t n_rows;
	const struct register_guest *guests;
	size_t n_guests;
	int64_t n[MARK__MAX]; /* by mark; MARK_NONE: unmarked */
	int64_t n_flagged;
};
/* Of a session the viewer has got (attendance_get). */
enum rc register_get(struct core *c, const struct attendance *s, struct register_list *ret,
		     struct error *e) MUST_CHECK;

struct register_mark {
	int64_t person_id;
	int64_t version; /* of the record it was made from, 0: unmarked; REGISTER_ANY: do not
			    compare */
	enum mark mark;  /* MARK_NONE clears */
	bool has_late;
	int64_t late_min; /* with LATE, 0..600; without, one made LATE while it runs is as late as
			     it is now */
	bool has_remark;
	struct str remark; /* at most 300 characters */
};
#define REGISTER_ANY          (-1)
#define REGISTER_MARK_MAX     2000
#define REGISTER_LATE_MAX_MIN 600

struct register_done {
	char act[33]; /* 32 hex digits, for undo; "" when nothing changed */
	int64_t n_changed;
	int64_t n_conflicts;        /* left alone: changed by somebody else since */
	int64_t conflict_person_id; /* the first of them */
	struct str conflict_by;     /* name of who changed it; empty: the student or the system */
	enum mark conflict_mark;    /* what they have now */
};
/*
 * Several at once; what did not change is no change, and a change of remark or minutes alone leaves
 * where the mark came from.  Students that are not expected become walk-ins if they are of the
 * branch.  Fields "person_id" (NOT_A_CHOICE, REPEATED; TOO_LARGE: more than REGISTER_MARK_MAX),
 * "late_min" (TOO_SMALL, TOO_LARGE), "remark" and "why" (TOO_LONG, NOT_TEXT).
 */
enum rc register_set(struct core *c, int64_t attendance_id, const struct register_mark *marks,
		     size_t n, struct str why, struct register_done *ret,
		     struct error *e) MUST_CHECK;
/* "The rest": every expected student without a record and without an undecided attempt. */
enum rc register_rest(struct core *c, int64_t attendance_id, enum mark mark, struct str why,
		      struct register_done *ret, struct error *e) MUST_CHECK;
/*
 * Takes an act back, and reopens the attempts that it settled.  act: 32 hex digits.  RC_NOT_FOUND;
 * RC_CONFLICT UNDONE when it was.  ret->act undoes the undoing.  Field "why": the act was made
 * before the lock date, which is over.
 */
enum rc register_undo(struct core *c, int64_t attendance_id, struct str act,
		      struct register_done *ret, struct error *e) MUST_CHECK;
/* The last act of the viewer in this session that can be undone; "" when there is none. */
enum rc register_last_act(struct core *c, int64_t attendance_id, char ret_act[33],
			  struct error *e) MUST_CHECK;

struct register_change {
	int64_t at;
	struct str by_name; /* empty: the system */
	enum mark old_mark, new_mark;
	struct str why;
	bool is_undone;
};
/* One student's history in a session, newest first: changes, at most 200. */
enum rc register_history(struct core *c, int64_t attendance_id, int64_t person_id,
			 const struct register_change **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;

/* By record id: 003's and 000's edit and delete.  RC_NOT_FOUND. */
enum rc register_of_record(struct core *c, int64_t record_id, int64_t *ret_attendance_id,
			   int64_t *ret_person_id, struct error *e) MUST_CHECK;

/* ---- flagged -------------------------------------------------------------------------------- */

/* Undecided ones of a session, oldest first, at most 500. */
enum rc register_flagged(struct core *c, int64_t attendance_id,
			 const struct checkin_attempt **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;
/*
 * Accepting writes the record with the attempt's time, unless a person marked the student
 * meanwhile; rejecting in a closed session leaves the student absent.  Undo takes either back.
 * RC_CONFLICT ALREADY_DECIDED.  Field "why": TOO_LONG (500), NOT_TEXT, REASON_MISSING after the
 * lock date.
 */
enum rc register_decide(struct core *c, int64_t attempt_id, bool accept, struct str why,
			struct error *e) MUST_CHECK;
/*
 * Somebody who may work on the session looked at it, without deciding: kept with the attempt, and
 * no more; a decision takes its place.  Nothing when it was decided.  note: may be empty; field
 * "note" (TOO_LONG 500, NOT_TEXT).
 */
enum rc register_note(struct core *c, int64_t attempt_id, struct str note,
		      struct error *e) MUST_CHECK;
/*
 * 002's verifier: passed -> approved if nothing else is doubtful (else it goes on waiting for a
 * person), not passed -> rejected, PHOTO_FAILED with its reason, or after closing left to a person;
 * as the system.  What a person decided before stands.  Closing does not end its time.
 * RC_NOT_FOUND for an unknown or answered id, RC_TIMEOUT after pending_until.  c->who is not read.
 */
enum rc register_verified(struct core *c, struct str verification_id, bool passed,
			  struct str reason, struct error *e) MUST_CHECK;

/* ---- guests, excuses ------------------------------------------------------------------------ */

/* Field "name": REQUIRED, TOO_LONG, NOT_TEXT. */
enum rc register_guest_add(struct core *c, int64_t attendance_id, struct str name,
			   struct str remark, int64_t *ret_id, struct error *e) MUST_CHECK;
enum rc register_guest_remove(struct core *c, int64_t guest_id, struct error *e) MUST_CHECK;
/* The guest was this student: makes them present unless they have a record.  RC_CONFLICT CHANGED
 * when it was somebody already; field "person_id" NOT_A_CHOICE. */
enum rc register_guest_merge(struct core *c, int64_t guest_id, int64_t person_id,
			     struct error *e) MUST_CHECK;
/*
 * Excused before the session (or takes it back); prefilled when it opens, at once when it is open.
 * Marks of a teacher and check-ins stand; absences of closing become excused, and back.  Fields
 * "person_id" (NOT_A_CHOICE: not expected), "remark" (REASON_MISSING after the lock date).
 */
enum rc register_excuse(struct core *c, int64_t occurrence_id, int64_t person_id, bool excused,
			struct str remark, struct error *e) MUST_CHECK;

/* Those in force of a session, for who works on it, by name. */
struct excuse_row;
enum rc register_excuses(struct core *c, int64_t occurrence_id, const struct excuse_row **ret_rows,
			 size_t *ret_n, struct error *e) MUST_CHECK;

/* ---- after ---------------------------------------------------------------------------------- */

/* One student's records of a course and span: own history, and exports.  Newest first. */
struct history_row {
	int64_t attendance_id, occurrence_id, course_id, person_id;
	struct str title, course_code, course_title, student_name, student_code;
	int32_t session_date, start_tod;
	enum mark mark; /* NONE: unmarked */
	bool is_closed; /* unmarked ones of open sessions are still to come */
	int64_t late_s, happened_at;
	struct str method, remark;
};
struct history_query {
	int64_t person_id;        /* 0: all (staff of the course only) */
	int64_t course_id;        /* 0: all */
	int32_t from_day, to_day; /* NO_DAY: open */
	size_t limit;             /* 1..20000 */
};
/* A student asks for themselves; staff for courses they see.  RC_DENIED. */
enum rc history_list(struct core *c, const struct history_query *q,
		     const struct history_row **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;

struct history_rate {
	int64_t course_id; /* COLUMN_NULL: all together */
	struct str course_code, course_title;
	int64_t n[MARK__MAX];
	int64_t n_counted; /* denominator, sessions */
	int64_t points;    /* numerator, hundredths of a session */
	int64_t percent;   /* rounded down; -1: nothing counted yet */
	int64_t aim_percent;
	int64_t percent_if_next; /* after one more session present */
};
/* rates[0] is all together, then each course by code.  Closed sessions only.  person 0: the viewer.
 */
enum rc history_rates(struct core *c, int64_t person_id, const struct history_rate **ret_rows,
		      size_t *ret_n, struct error *e) MUST_CHECK;

#endif
