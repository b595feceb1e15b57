/*
 * What can be chosen: branches, groups, courses and people, for the selects of admin pages.
 *
 * Whose branch may be looked at is core's decision; here it is only a parameter.
 */
#ifndef STORE_ORG_H
#define STORE_ORG_H

#include "store/store.h"

enum org_kind {
	ORG_BRANCH,
	ORG_DEPARTMENT,
	ORG_BATCH,
	ORG_SECTION,
	ORG_CLASS,
	ORG_COURSE,
	ORG_TEACHER, /* people with an account of faculty */
	ORG_STAFF,   /* people with an account of faculty, employee or admin */
	ORG_STUDENT, /* people with a student code */
	ORG__MAX
};

struct org_option_row {
	int64_t id, branch_id;
	struct str name;   /* "Computer Science · 2026 · A", "Leyla Aydın" */
	struct str detail; /* the code of a course, teacher or student; else empty */
	struct str branch_name;
	int64_t is_ended;
};

struct org_options_params {
	enum org_kind kind;
	int64_t branch_id; /* 0: all */
	struct str like;   /* escaped by '!', with the wildcards; empty: no search */
	int64_t with_id;   /* comes too and first, whatever the rest says; 0: none */
	int64_t limit;
};
/* What has not ended, by branch and name. */
enum rc org_option_rows(struct store *s, const struct org_options_params *p, struct arena *a,
			const struct org_option_row **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;

#endif
