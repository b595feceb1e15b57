/*
 * SQL: what lists of sessions show of their attendance.
 */
#ifndef STORE_ATTENDANCE_BRIEF_H
#define STORE_ATTENDANCE_BRIEF_H

#include "store/store.h"

struct attendance_brief {
	int64_t occurrence_id;
	int64_t id;                            /* COLUMN_NULL: no attendance, as all up to n_late */
	struct str state;                      /* "open", "paused", "closed" */
	int64_t n_expected, n_present, n_late; /* of closed ones; else COLUMN_NULL */
	int64_t early_min; /* of the policy in force; COLUMN_NULL: the built-in one is */
};
/* json: an array of ids of occurrences, at most 500; a row each. */
enum rc attendance_brief_rows(struct store *s, struct str json, struct arena *a,
			      const struct attendance_brief **ret_rows, size_t *ret_n,
			      struct error *e) MUST_CHECK;

#endif
