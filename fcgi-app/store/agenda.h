/*
 * Occurrences of one day that a student is expected in.
 */
#ifndef STORE_AGENDA_H
#define STORE_AGENDA_H

#include "store/store.h"

struct agenda_stored {
	int64_t occurrence_id, branch_id, course_id, attendance_id, attempt_id;
	struct str title, room, course_code, teacher_name;
	int32_t start_time, end_time;
	int64_t starts_at, ends_at;
	struct str state, status; /* status: of the record; empty: none */
	int64_t is_waiting;
};
enum rc agenda_rows(struct store *s, int64_t person_id, int32_t day, size_t max, struct arena *a,
		    const struct agenda_stored **ret_rows, size_t *ret_n,
		    struct error *e) MUST_CHECK;

#endif
