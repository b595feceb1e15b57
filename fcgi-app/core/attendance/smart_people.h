/*
 * Students, trainers and confirmed sessions as contract 000 lists them.
 *
 * Staff see the students of their branch (a super admin everybody's), and count marks of sessions
 * that are theirs; a student sees only themselves.  Trainers and confirmed sessions are for admins.
 */
#ifndef CORE_SMART_PEOPLE_H
#define CORE_SMART_PEOPLE_H

#include "core/core.h"
#include "store/smart_people.h"

struct smart_people_query {
	struct str search, class_name; /* empty: all */
	int64_t page, page_size;       /* from 1; 1..SMART_PEOPLE_MAX */
};
struct smart_people_page {
	const struct smart_person_row *students;
	const struct smart_trainer_row *trainers;
	size_t n;
	int64_t total; /* of all pages */
};
/* RC_DENIED for whoever may not. */
enum rc smart_students(struct core *c, const struct smart_people_query *q,
		       struct smart_people_page *ret, struct error *e) MUST_CHECK;
/* RC_NOT_FOUND; RC_DENIED for a student who asks for another. */
enum rc smart_student(struct core *c, int64_t person_id, struct smart_person_row *ret,
		      struct error *e) MUST_CHECK;
enum rc smart_trainers(struct core *c, const struct smart_people_query *q,
		       struct smart_people_page *ret, struct error *e) MUST_CHECK;
enum rc smart_confirmed(struct core *c, int64_t limit, const struct smart_confirmed_row **ret_rows,
			size_t *ret_n, struct error *e) MUST_CHECK;

#endif
