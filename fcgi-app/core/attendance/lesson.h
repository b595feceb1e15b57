/*
 * Lessons: attendance as contract 002 knows it.
 *
 * A lesson is an attendance session of that door: it belongs to one teacher and nobody else (an
 * admin too sees only their own there), is found by its name, and its records are what students
 * tried, told in the contract's words.  Opening, closing, marking and checking in are the rules of
 * core/attendance/attendance.h, core/attendance/register.h and core/attendance/checkin.h; here is
 * only how one looks at them.
 */
#ifndef CORE_LESSON_H
#define CORE_LESSON_H

#include "core/attendance/checkin.h"

#define LESSON_UUID_SIZE  37
#define LESSON_LIST_MAX   500 /* of lesson_past: the newest */
#define LESSON_FIND_MAX   200
#define LESSON_WHY_MAX    500 /* characters of a reason */
#define LESSON_OPTION_MAX 3

struct lesson {
	int64_t attendance_id;
	struct str uuid, teacher_username, teacher_name, title, reference_address;
	int64_t option;             /* 1 nothing, 2 network, 3 network and photo */
	int64_t starts_at, ends_at; /* the end is that of closing when it was closed before */
	bool is_over, is_closed;    /* closed is over; over may be closed in a moment */
	bool is_own;                /* the viewer holds it */
};

/* uuid: as sent, in any case, with or without dashes; false when it is none. */
bool lesson_uuid_clean(struct str s, char out[LESSON_UUID_SIZE]);

/* RC_NOT_FOUND: none, or deleted.  Whoever asks: see is_own. */
enum rc lesson_get(struct core *c, struct str uuid, struct lesson *ret, struct error *e) MUST_CHECK;
/* The viewer's that is not over; *ret_found. */
enum rc lesson_running(struct core *c, struct lesson *ret, bool *ret_found,
		       struct error *e) MUST_CHECK;
/* The viewer's that are over, newest first. */
enum rc lesson_past(struct core *c, const struct lesson **ret_rows, size_t *ret_n,
		    struct error *e) MUST_CHECK;
/* Those that are not over, by the very words. */
enum rc lesson_find(struct core *c, struct str title, struct str teacher_name,
		    const struct lesson **ret_rows, size_t *ret_n, struct error *e) MUST_CHECK;

struct lesson_in {
	struct str title;
	int64_t starts_at, ends_at;
	int64_t option;
	struct str address; /* of the teacher: the network that students must share */
};
/*
 * Of the course of the viewer that has the title as its code or its title, else with an open
 * roster.  RC_CONFLICT ATTENDANCE_EXISTS: the viewer has one that is not over.  Fields
 * "lesson_name", "start_time", "end_time", "security_option" as core/attendance/attendance.h says
 * of its own.
 */
enum rc lesson_open(struct core *c, const struct lesson_in *in, struct lesson *ret,
		    struct error *e) MUST_CHECK;

/* ---- records -------------------------------------------------------------------------------- */

struct lesson_record {
	int64_t person_id;
	struct str username, name; /* username: the student code of who has no account */
	bool is_attended;
	int64_t at;
	struct str fail_reason; /* the contract's word or the teacher's; empty: none */
};
/* By family name.  Who did nothing and was marked by nobody is not among them, though closing may
 * have made them absent. */
enum rc lesson_records(struct core *c, const struct lesson *l,
		       const struct lesson_record **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;
/* RC_NOT_FOUND. */
enum rc lesson_record_of(struct core *c, const struct lesson *l, int64_t person_id,
			 struct lesson_record *ret, struct error *e) MUST_CHECK;
/* A student by school number: the username, else the student code.  RC_NOT_FOUND. */
enum rc lesson_student(struct core *c, struct str number, int64_t *ret_person_id,
		       struct error *e) MUST_CHECK;

enum lesson_mark { LESSON_ACCEPT, LESSON_FAIL, LESSON_REMOVE };
/* By a person; why at most LESSON_WHY_MAX, may be empty for ACCEPT.  Errors of register_set. */
enum rc lesson_mark(struct core *c, const struct lesson *l, int64_t person_id, enum lesson_mark m,
		    struct str why, struct error *e) MUST_CHECK;

/* ---- checking in ------------------------------------------------------------------------------
 */

/* The viewer, a student.  photo_file: 16 bytes, or empty.  As checkin_submit. */
enum rc lesson_attend(struct core *c, const struct lesson *l, struct str address,
		      struct str photo_file, struct checkin_result *ret,
		      struct error *e) MUST_CHECK;
/* Whether a photo is worth storing: it is asked for, and the network is the right one. */
bool lesson_wants_photo(const struct lesson *l, struct str address);

/* ---- a verifier's answer -----------------------------------------------------------------------
 */

/*
 * Whether `signature` is the lower-case hex HMAC-SHA256 of `body` under the secret in
 * webhook_secret_file; without that file nothing is.
 */
enum rc lesson_webhook_signed(struct core *c, struct str body, struct str signature, bool *ret,
			      struct error *e) MUST_CHECK;
enum lesson_verified {
	LESSON_VERIFIED,
	LESSON_VERIFIED_UNKNOWN, /* no such id, or answered, or too late */
	LESSON_VERIFIED_GONE,    /* the record was deleted since */
};
enum rc lesson_verified(struct core *c, struct str verification_id, bool passed, struct str reason,
			enum lesson_verified *ret, struct error *e) MUST_CHECK;

#endif
