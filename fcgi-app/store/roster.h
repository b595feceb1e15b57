/*
 * The people of a section or course, page by page.
 */
#ifndef STORE_ROSTER_H
#define STORE_ROSTER_H

#include "store/membership.h"

struct roster_row {
	int64_t id, person_id, revision;
	struct str name, code; /* code: empty without one */
	int32_t from_date, to_date;
	struct str state; /* of an enrolment; else empty */
	int64_t is_ended; /* the person */
	int64_t total;    /* of all pages */
};
struct roster_params {
	enum member_kind kind;
	int64_t group_id;
	int32_t day;      /* NO_DAY: of any */
	struct str state; /* of an enrolment; empty: any */
	struct str like;  /* escaped by '!', with the wildcards; empty: no search */
	int64_t offset, limit;
};
/* By family name. */
enum rc roster_rows(struct store *s, const struct roster_params *p, struct arena *a,
		    const struct roster_row **ret_rows, size_t *ret_n, struct error *e) MUST_CHECK;

#endif
