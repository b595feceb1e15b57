/*
 * Students with the section they are in, written at once, as programs do it (003).
 *
 * The section decides the branch.  Another section holds from today on: the membership until
 * now ends yesterday, or goes when it began today, so that no past day changes.
 *
 * Errors: those of core/people/people.h and core/people/membership.h, with the field "section"
 * (NOT_A_CHOICE, ENDED, OTHER_BRANCH) for theirs.
 */
#ifndef CORE_STUDENT_H
#define CORE_STUDENT_H

#include "core/core.h"

struct student_in {
	struct str student_code, given_name, family_name;
	int64_t section_id; /* change: COLUMN_NULL: as it is */
};
enum rc student_create(struct core *c, const struct student_in *in, int64_t *ret_id,
		       struct error *e) MUST_CHECK;
enum rc student_change(struct core *c, int64_t id, const struct student_in *in,
		       struct error *e) MUST_CHECK;

#endif
