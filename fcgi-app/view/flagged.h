/*
 * Flagged check-ins of a session with their facts in words: for the console and its stream.
 */
#ifndef VIEW_FLAGGED_H
#define VIEW_FLAGGED_H

#include "view/attendance.h"
#include "view/catalogue.h"

/* Those that wait, oldest first, in the arena of c.  Rights as core's register_flagged. */
enum rc flagged_view(struct core *c, enum lang lang, int64_t attendance_id, struct str zone,
		     const struct view_attempt **ret, size_t *ret_n, struct error *e) MUST_CHECK;

#endif
