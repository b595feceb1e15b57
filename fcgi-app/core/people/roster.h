/*
 * Several people of a section or course at once: added, ended, moved, approved, rejected.
 *
 * Each call is one transaction and does all or nothing; the rules of a single one are those of
 * core/people/membership.h.  A move ends the membership on the day before and begins one in the
 * other section, so that both stand in the history and no past day changes.
 *
 * Errors all share: RC_DENIED/ADMIN_ONLY, RC_NOT_FOUND (the group, or somebody who is not in it),
 * RC_CONFLICT CHANGED and OVERLAP, with `fault` saying whose.  Fields: "people" (NOBODY_CHOSEN,
 * TOO_LARGE, and what membership.h says of "person"), "day" (REQUIRED, END_BEFORE_START,
 * MOVE_TOO_EARLY), "to" (REQUIRED, NOT_A_CHOICE, ENDED).
 */
#ifndef CORE_ROSTER_H
#define CORE_ROSTER_H

#include "core/people/membership.h"
#include "store/roster.h"

#define ROSTER_MAX 500 /* people at once */

#define ROSTER_PAGE 100 /* people of one page */

enum roster_show { ROSTER_NOW, ROSTER_PENDING, ROSTER_EVER, ROSTER_SHOW__MAX };
struct roster_query {
	enum member_kind kind;
	int64_t group_id;
	enum roster_show show; /* NOW: of today in the branch, and approved; PENDING: of a course */
	struct str search;     /* in name or code; empty: all */
	int64_t page;          /* from 1; 0 is 1 */
};
/* By family name; ret_total: of all pages (0 beyond the last). */
enum rc roster_list(struct core *c, const struct roster_query *q,
		    const struct roster_row **ret_rows, size_t *ret_n, int64_t *ret_total,
		    struct error *e) MUST_CHECK;

/* Whom it failed with; id 0: with nobody in particular. */
struct roster_fault {
	int64_t person_id;
	struct str name;
};

enum roster_verb {
	ROSTER_END,     /* day: the last one */
	ROSTER_MOVE,    /* day: the first one in the other section, to_id */
	ROSTER_APPROVE, /* of a course */
	ROSTER_REJECT,  /* of a course */
	ROSTER__MAX
};
struct roster_pick {
	int64_t id, revision; /* of the membership or enrolment; 0: do not compare */
};
struct roster_in {
	enum member_kind kind;
	int64_t group_id;
	enum roster_verb verb;
	const struct roster_pick *picks;
	size_t n;
	int32_t day;
	int64_t to_id;
};
enum rc roster_change(struct core *c, const struct roster_in *in, struct roster_fault *ret_fault,
		      struct error *e) MUST_CHECK;

/* From a day on, without an end; enrolments are approved. */
enum rc roster_add(struct core *c, enum member_kind kind, int64_t group_id, const int64_t *people,
		   size_t n, int32_t from_day, struct roster_fault *ret_fault,
		   struct error *e) MUST_CHECK;
/*
 * All who are in the section on from_day into the course from then on; those enrolled in it then
 * or later already are left as they are (*ret_there).  "to" is the section.
 */
enum rc roster_add_section(struct core *c, int64_t course_id, int64_t section_id, int32_t from_day,
			   int64_t *ret_added, int64_t *ret_there, struct error *e) MUST_CHECK;

#endif
