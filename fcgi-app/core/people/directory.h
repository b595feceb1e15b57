/*
 * What staff look up by program: students, users, groups, courses, enrolments.
 *
 * A super admin sees everything, all other staff what is of their branch; students and
 * devices nothing (RC_DENIED).  Rows and their order: store/directory.h.
 */
#ifndef CORE_DIRECTORY_H
#define CORE_DIRECTORY_H

#include "core/core.h"
#include "store/directory.h"

/* What the viewer is limited to, for the calls of store/directory.h. */
struct directory_scope {
	int64_t branch_id; /* 0: all; -1: nothing */
	int32_t today;     /* in the viewer's zone */
};
enum rc directory_scope(const struct core *c, struct directory_scope *ret,
			struct error *e) MUST_CHECK;

enum rc look_students(struct core *c, const struct directory_student **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;
enum rc look_student(struct core *c, int64_t id, struct directory_student *ret,
		     struct error *e) MUST_CHECK;
/* role: ROLE_NONE: all but devices. */
enum rc look_users(struct core *c, enum role role, const struct directory_user **ret_rows,
		   size_t *ret_n, struct error *e) MUST_CHECK;
/* text: the uuid, or the number of the account.  RC_NOT_FOUND also when it is neither. */
enum rc look_user(struct core *c, struct str text, struct directory_user *ret,
		  struct error *e) MUST_CHECK;
enum rc look_sections(struct core *c, const struct directory_group **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;
enum rc look_section(struct core *c, int64_t id, struct directory_group *ret,
		     struct error *e) MUST_CHECK;
enum rc look_batches(struct core *c, const struct directory_group **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;
enum rc look_batch(struct core *c, int64_t id, struct directory_group *ret,
		   struct error *e) MUST_CHECK;
/* The live department of this name in a branch that the viewer may see. */
enum rc look_department(struct core *c, int64_t branch_id, struct str name, int64_t *ret_id,
			struct error *e) MUST_CHECK;
enum rc look_courses(struct core *c, const struct directory_course **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;
enum rc look_course(struct core *c, int64_t id, struct directory_course *ret,
		    struct error *e) MUST_CHECK;
/* course_id, person_id: 0: any. */
enum rc look_enrolments(struct core *c, int64_t course_id, int64_t person_id,
			const struct directory_enrolment **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;
enum rc look_enrolment(struct core *c, int64_t id, struct directory_enrolment *ret,
		       struct error *e) MUST_CHECK;

/*
 * Attendance sessions with all that stands around them.  ids: those that the viewer may see
 * (core/attendance/attendance.h says which); newest first.
 */
struct look_sessions {
	const struct directory_session *sessions;
	size_t n_sessions;
	const struct directory_course *courses;
	size_t n_courses;
	const struct directory_user *users;
	size_t n_users;
};
enum rc look_sessions(struct core *c, const int64_t *ids, size_t n, struct look_sessions *ret,
		      struct error *e) MUST_CHECK;
/* Records of a session that the viewer may see; 0: of the whole scope, for admins. */
enum rc look_records(struct core *c, int64_t attendance_id,
		     const struct directory_record **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;
/* One of the viewer's branch, whoever may see its session. */
enum rc look_record(struct core *c, int64_t id, struct directory_record *ret,
		    struct error *e) MUST_CHECK;

/* What somebody, a student, has today in their own zone; nobody else has lessons. */
enum rc look_lessons(struct core *c, const struct who *who,
		     const struct directory_lesson **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;

#endif
