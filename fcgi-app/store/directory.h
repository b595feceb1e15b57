/*
 * SQL of what programs look up: students, users, groups, courses, enrolments, each with the
 * names around it, so that a list is one statement.  Only what goes on is listed.
 *
 * branch_id everywhere: 0: all.  At most DIRECTORY_MAX rows, the first in their order.
 */
#ifndef STORE_DIRECTORY_H
#define STORE_DIRECTORY_H

#include "store/store.h"

#define DIRECTORY_MAX 10000

struct directory_student {
	int64_t id, branch_id, revision;
	struct str student_code, given_name, family_name;
	int64_t member_id; /* membership of `day`; COLUMN_NULL: in no section */
	int32_t member_from;
	int64_t section_id, batch_id;
	struct str section_name, batch_name, department_name;
};
/* By code.  day: whose section. */
enum rc directory_students(struct store *s, int64_t branch_id, int32_t day, struct arena *a,
			   const struct directory_student **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;
/* RC_NOT_FOUND. */
enum rc directory_student_get(struct store *s, int64_t branch_id, int32_t day, int64_t id,
			      struct arena *a, struct directory_student *ret,
			      struct error *e) MUST_CHECK;

struct directory_user {
	int64_t account_id, person_id, branch_id, revision,
		account_revision; /* revision: person's */
	struct str uuid, username, email, role, given_name, family_name, student_code, teacher_code;
	int64_t disabled_at;
};
/* role empty: all but devices; by username. */
enum rc directory_users(struct store *s, int64_t branch_id, struct str role, struct arena *a,
			const struct directory_user **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;
/* By uuid, or where that is empty by account_id.  RC_NOT_FOUND. */
enum rc directory_user_get(struct store *s, int64_t branch_id, struct str uuid, int64_t account_id,
			   struct arena *a, struct directory_user *ret, struct error *e) MUST_CHECK;

struct directory_group {
	int64_t id, branch_id, revision;
	struct str name; /* of a section; empty for a batch */
	int64_t batch_id, department_id;
	struct str batch_name, department_name;
};
enum rc directory_sections(struct store *s, int64_t branch_id, struct arena *a,
			   const struct directory_group **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;
enum rc directory_section_get(struct store *s, int64_t branch_id, int64_t id, struct arena *a,
			      struct directory_group *ret, struct error *e) MUST_CHECK;
enum rc directory_batches(struct store *s, int64_t branch_id, struct arena *a,
			  const struct directory_group **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
enum rc directory_batch_get(struct store *s, int64_t branch_id, int64_t id, struct arena *a,
			    struct directory_group *ret, struct error *e) MUST_CHECK;
/* Live department of this name in the branch.  RC_NOT_FOUND. */
enum rc directory_department_find(struct store *s, int64_t branch_id, struct str name,
				  struct arena *a, int64_t *ret_id, struct error *e) MUST_CHECK;

struct directory_course {
	int64_t id, branch_id, revision;
	struct str code, title;
	struct str section_ids; /* "[1,2]" */
	struct str teacher_ids; /* people, likewise */
	/* The first teacher with an account; account_id COLUMN_NULL: none. */
	int64_t account_id, person_id;
	struct str uuid, email, role, given_name, family_name, teacher_code;
};
/* By code. */
enum rc directory_courses(struct store *s, int64_t branch_id, struct arena *a,
			  const struct directory_course **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
enum rc directory_course_get(struct store *s, int64_t branch_id, int64_t id, struct arena *a,
			     struct directory_course *ret, struct error *e) MUST_CHECK;

/* Those of ids (a JSON array), in any order, ended or not: for what names them. */
enum rc directory_courses_of(struct store *s, struct str ids, struct arena *a,
			     const struct directory_course **ret_rows, size_t *ret_n,
			     struct error *e) MUST_CHECK;
enum rc directory_users_of(struct store *s, struct str ids, struct arena *a,
			   const struct directory_user **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;

/* An attendance session as contract 003 shows it. */
struct directory_session {
	int64_t id, branch_id, course_id, section_id; /* COLUMN_NULL: none */
	int64_t created_by, teacher_account_id;       /* accounts; COLUMN_NULL: none */
	int32_t session_date;
	int64_t created_at, closes_at;
	int64_t is_closed;
	struct str device_code, title;
};
/* Those of ids, newest first. */
enum rc directory_sessions_of(struct store *s, struct str ids, struct arena *a,
			      const struct directory_session **ret_rows, size_t *ret_n,
			      struct error *e) MUST_CHECK;

#define DIRECTORY_RECORDS_MAX 2000
struct directory_record {
	int64_t id, attendance_id, person_id;
	struct str status, method;
	int64_t happened_at;
	struct str student_code, given_name, family_name;
	int64_t section_id, batch_id; /* of the session's day; COLUMN_NULL: none */
	struct str section_name, batch_name, department_name;
};
/* Of one session (0: of all of the branch), newest first, at most DIRECTORY_RECORDS_MAX. */
enum rc directory_records(struct store *s, int64_t branch_id, int64_t attendance_id,
			  struct arena *a, const struct directory_record **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
enum rc directory_record_get(struct store *s, int64_t branch_id, int64_t id, struct arena *a,
			     struct directory_record *ret, struct error *e) MUST_CHECK;

struct directory_enrolment {
	int64_t id, branch_id, revision, course_id, person_id;
	struct str code, title, student_code, given_name, family_name, state;
	int32_t from_date, to_date;
};
/* Of a course, of a person (0: any), by id. */
enum rc directory_enrolments(struct store *s, int64_t branch_id, int64_t course_id,
			     int64_t person_id, struct arena *a,
			     const struct directory_enrolment **ret_rows, size_t *ret_n,
			     struct error *e) MUST_CHECK;
enum rc directory_enrolment_get(struct store *s, int64_t branch_id, int64_t id, struct arena *a,
				struct directory_enrolment *ret, struct error *e) MUST_CHECK;

/* What a student has on a day, by time. */
struct directory_lesson {
	struct str title, given_name, family_name; /* of the teacher; may be empty */
	int32_t session_date, start_time, end_time;
};
enum rc directory_lessons(struct store *s, int64_t person_id, int32_t day, struct arena *a,
			  const struct directory_lesson **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;

#endif
