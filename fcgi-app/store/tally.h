/*
 * How many: the counts of one attendance session, each asked only when somebody needs it.
 *
 * A closed session has its counts in its row; these are for open ones.  Planning is what such a
 * statement costs most, so each kind of roster has its own.
 */
#ifndef STORE_TALLY_H
#define STORE_TALLY_H

#include "store/store.h"

/* What says who is expected: columns of attendance_session, COLUMN_NULL as there. */
struct tally_of {
	int64_t attendance_id, course_id, class_id;
	struct str roster;
	int32_t session_date;
};
/* Students expected on the session's day; an open roster expects nobody in advance. */
enum rc tally_expected(struct store *s, const struct tally_of *of, struct arena *a, int64_t *ret,
		       struct error *e) MUST_CHECK;

struct tally_marks {
	int64_t n_present, n_late, n_excused, n_absent;
};
enum rc tally_marks(struct store *s, int64_t attendance_id, struct arena *a,
		    struct tally_marks *ret, struct error *e) MUST_CHECK;
/* Attempts that wait for somebody to decide. */
enum rc tally_flagged(struct store *s, int64_t attendance_id, struct arena *a, int64_t *ret,
		      struct error *e) MUST_CHECK;

struct tally_row {
	int64_t attendance_id;
	struct tally_marks n;
};
/* Of several, ids being a JSON array of n different ones; those without a mark are missing. */
enum rc tally_marks_of(struct store *s, struct str ids, size_t n, struct arena *a,
		       const struct tally_row **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;

#endif
