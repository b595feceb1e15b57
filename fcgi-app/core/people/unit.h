/*
 * Classes (sections taught together, with their staff) and courses (what is taught, with its
 * teachers), as an admin makes and changes them.
 *
 * A class name and a course code are unique among what has not ended in the branch.  Both end when
 * no schedule and no session to come needs them, and are deleted only while nothing ever did.
 *
 * Errors all share: RC_DENIED/ADMIN_ONLY, RC_NOT_FOUND (also of a branch not theirs), RC_CONFLICT
 * CHANGED (the revision is another one).
 */
#ifndef CORE_UNIT_H
#define CORE_UNIT_H

#include "core/core.h"
#include "store/unit.h"

#define UNIT_CODE_MAX   40 /* code points */
#define CLASS_NAME_MAX  120
#define COURSE_NAME_MAX 200
#define UNIT_LINKS_MAX  500 /* sections, or people, of one */
#define UNIT_PAGE       50  /* rows of a page */

struct unit_query {
	enum unit_kind kind;
	int64_t branch_id, section_id, person_id; /* 0: any */
	struct str search;                        /* in code and name; empty: all */
	int64_t ended;                            /* 0: live ones, 1: ended ones, 2: both */
	int64_t page;                             /* from 1; 0 is 1 */
};
/* ret_total: of all pages (0 beyond the last). */
enum rc unit_list(struct core *c, const struct unit_query *q, const struct unit_list_row **ret_rows,
		  size_t *ret_n, int64_t *ret_total, struct error *e) MUST_CHECK;

struct unit_detail {
	struct unit_row u;
	const struct unit_link_row *links[UNIT_LINK__MAX];
	size_t n_links[UNIT_LINK__MAX];
};
enum rc unit_get(struct core *c, enum unit_kind kind, int64_t id, struct unit_detail *ret,
		 struct error *e) MUST_CHECK;

struct unit_in {
	enum unit_kind kind;
	int64_t id, revision;  /* 0 and 0: a new one */
	int64_t branch_id;     /* of a new one; 0: the viewer's own */
	struct str code, name; /* code: of a course */
	const int64_t *links[UNIT_LINK__MAX];
	size_t n_links[UNIT_LINK__MAX];
};
/* Fields: "code" (REQUIRED, TOO_LONG, NOT_TEXT, COURSE_CODE_TAKEN), "name" (the same, NAME_TAKEN),
 * "branch" (REQUIRED, NOT_A_CHOICE), "sections" and "people" (NOT_A_CHOICE, TOO_LARGE).
 * RC_CONFLICT ENDED. */
enum rc unit_save(struct core *c, const struct unit_in *in, int64_t *ret_id,
		  struct error *e) MUST_CHECK;
/* RC_CONFLICT HAS_SCHEDULES (how many), ENDED. */
enum rc unit_end(struct core *c, enum unit_kind kind, int64_t id, int64_t revision,
		 struct error *e) MUST_CHECK;
/* RC_CONFLICT NOT_ENDED, NAME_TAKEN, COURSE_CODE_TAKEN. */
enum rc unit_restore(struct core *c, enum unit_kind kind, int64_t id, int64_t revision,
		     struct error *e) MUST_CHECK;
/* RC_CONFLICT HAS_HISTORY: end it instead. */
enum rc unit_remove(struct core *c, enum unit_kind kind, int64_t id, int64_t revision,
		    struct error *e) MUST_CHECK;

#endif
