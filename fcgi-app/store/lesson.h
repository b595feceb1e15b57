/*
 * Attendance sessions of contract 002's door, and who tried to check in to them.
 */
#ifndef STORE_LESSON_H
#define STORE_LESSON_H

#include "store/store.h"

struct lesson_row {
	int64_t attendance_id, branch_id, teacher_id, created_by;
	struct str uuid, teacher_username, teacher_name; /* of the teacher's first account */
	struct str title, mode, reference_address;
	int64_t opens_at, closes_at, closed_at;
	struct str state; /* "open", "paused", "closed" */
};
/* Deleted ones are none. */
enum rc lesson_row_get(struct store *s, struct str uuid, struct arena *a, struct lesson_row *ret,
		       struct error *e) MUST_CHECK;
/* Those whose end is after `after` and that are not closed: of one holder, soonest end last. */
enum rc lesson_rows_running(struct store *s, int64_t person_id, int64_t account_id, int64_t after,
			    struct arena *a, const struct lesson_row **ret_rows, size_t *ret_n,
			    struct error *e) MUST_CHECK;
/* Those that are over at `now`, newest first. */
enum rc lesson_rows_past(struct store *s, int64_t person_id, int64_t account_id, int64_t now_at,
			 int64_t limit, struct arena *a, const struct lesson_row **ret_rows,
			 size_t *ret_n, struct error *e) MUST_CHECK;
/* Byte for byte, whoever holds them; at most `limit`. */
enum rc lesson_rows_find(struct store *s, struct str title, struct str teacher_name, int64_t after,
			 int64_t limit, struct arena *a, const struct lesson_row **ret_rows,
			 size_t *ret_n, struct error *e) MUST_CHECK;

struct lesson_course_row {
	int64_t course_id, branch_id, is_code;
};
/* Courses of a teacher that have this code or title; at most two, by code first. */
enum rc lesson_course_rows(struct store *s, int64_t person_id, struct str name, struct arena *a,
			   const struct lesson_course_row **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;

/* A student with what happened last; NULLs where nothing did. */
struct lesson_tried_row {
	int64_t person_id;
	struct str username, name;
	struct str status, method; /* of the record; empty: none */
	int64_t recorded_at;
	int64_t attempt_id, tried_at, learned_at;
	struct str decision, reason, decided_state, decided_why, verifier_state, verifier_reason;
	int64_t pending_until;
	struct str why; /* of the last change by a person or by closing */
	int64_t changed_at, is_cleared;
};
/* person_id 0: all who tried or were marked by a person, by family name.  Tries that the session's
 * state, the roster or an earlier try refused are no tries here. */
enum rc lesson_tried_rows(struct store *s, int64_t attendance_id, int64_t person_id,
			  struct arena *a, const struct lesson_tried_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;

struct lesson_person_row {
	int64_t person_id;
};
/* A student by username, else by student code. */
enum rc lesson_person(struct store *s, struct str number, struct arena *a, int64_t *ret_person_id,
		      struct error *e) MUST_CHECK;

struct lesson_verification_row {
	int64_t is_gone; /* the session, or the student's record in it, was deleted since */
};
/* Of a photo that waits for its verifier; RC_NOT_FOUND. */
enum rc lesson_verification(struct store *s, struct str verification_id, struct arena *a,
			    struct lesson_verification_row *ret, struct error *e) MUST_CHECK;

#endif
