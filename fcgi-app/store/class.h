/*
 * Classes: what can be chosen for one (004's batch_meta), and the person of an account.
 */
#ifndef STORE_CLASS_H
#define STORE_CLASS_H

#include "store/store.h"

struct class_row {
	int64_t id, branch_id;
	struct str name;
	int64_t primary_teacher_id; /* of its latest schedule; COLUMN_NULL: none */
	int64_t is_staff;
};
/* Not ended; RC_NOT_FOUND.  person_id: whose staff membership, or COLUMN_NULL. */
enum rc class_read(struct store *s, int64_t id, int64_t person_id, struct arena *a,
		   struct class_row *ret, struct error *e) MUST_CHECK;

struct class_course_row {
	int64_t id;
	struct str code, title;
};
enum rc class_courses(struct store *s, int64_t id, struct arena *a,
		      const struct class_course_row **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

struct class_person_row {
	int64_t id, account_id;
	struct str name, code, role;
};
/* Members of its sections on a day; staff and teachers of its courses with their role. */
enum rc class_students(struct store *s, int64_t id, int32_t day, struct arena *a,
		       const struct class_person_row **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;
enum rc class_staff(struct store *s, int64_t id, struct arena *a,
		    const struct class_person_row **ret_rows, size_t *ret_n,
		    struct error *e) MUST_CHECK;
/* RC_NOT_FOUND without a person. */
enum rc class_person_of_account(struct store *s, int64_t account_id, struct arena *a,
				int64_t *ret_person_id, struct error *e) MUST_CHECK;

#endif
