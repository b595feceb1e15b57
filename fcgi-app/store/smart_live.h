/*
 * The live snapshot of contract 000: a session's counts, and who came last.
 *
 * Read every few seconds by each open page of that contract's trainers, so three small statements
 * instead of the session, its register and its check-ins: MariaDB plans a statement anew each time
 * it runs, and here planning costs as much as reading.
 */
#ifndef STORE_SMART_LIVE_H
#define STORE_SMART_LIVE_H

#include "store/smart.h"

/* attendance_id COLUMN_NULL: none was opened, and what follows it is empty. */
struct smart_live_row {
	int64_t occurrence_id, branch_id, teacher_id, is_staff;
	int64_t attendance_id, of_branch_id, of_teacher_id, is_of_staff;
	struct str roster, mode;
	int64_t course_id, class_id;
	int32_t session_date;
	int64_t n_expected; /* as of closing; COLUMN_NULL while it is open: smart_live_expected */
	int64_t n_here, n_flagged, n_suspects;
};
/* is_staff, is_of_staff: of the class of the occurrence and of its attendance, for `person_id`. */
enum rc smart_live_read(struct store *s, int64_t occurrence_id, int64_t person_id, struct arena *a,
			struct smart_live_row *ret, struct error *e) MUST_CHECK;
/* How many are expected, as attendance_read counts them; asks only what its roster needs. */
enum rc smart_live_expected(struct store *s, const struct smart_live_row *r, struct arena *a,
			    int64_t *ret, struct error *e) MUST_CHECK;

#endif
