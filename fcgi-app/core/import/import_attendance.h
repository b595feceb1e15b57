/*
 * Internal to core: what a batch of an import of attendance does, in a transaction of the caller's
 * and under the import's lock.
 */
#ifndef CORE_IMPORT_ATTENDANCE_H
#define CORE_IMPORT_ATTENDANCE_H

#include "core/import/import.h"

/* c: the machine's; the marks are of who confirmed the import, or undoes it. */
struct import_batch {
	struct core *c;
	const struct import_stored *import;
	int64_t from, to; /* rows, both included */
};
/* The dry run. */
enum rc import_attendance_check(const struct import_batch *b, struct store *s,
				struct error *e) MUST_CHECK;
enum rc import_attendance_run(const struct import_batch *b, struct store *s,
			      struct error *e) MUST_CHECK;
enum rc import_attendance_undo(const struct import_batch *b, struct store *s,
			       struct error *e) MUST_CHECK;

#endif
