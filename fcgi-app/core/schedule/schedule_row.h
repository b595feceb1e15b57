/*
 * Internal to core: a stored schedule as a rule, and who may manage any.
 */
#ifndef CORE_SCHEDULE_ROW_H
#define CORE_SCHEDULE_ROW_H

#include "core/schedule/schedule.h"
#include "store/schedule.h"

/* RC_INTERNAL for a rule of a kind that is not known. */
enum rc schedule_row_of(const struct schedule_stored *r, struct schedule_row *ret,
			struct error *e) MUST_CHECK;
struct slot schedule_slot_of(const struct schedule_slot_row *r);
/* RC_DENIED for students, and for those who manage nothing. */
enum rc schedule_may_manage(const struct core *c, struct error *e) MUST_CHECK;
/* schedule_create within the caller's transaction. */
enum rc schedule_create_within(struct core *c, struct store *s, const struct schedule_in *in,
			       int64_t *ret_id, struct schedule_plan *ret_plan,
			       struct error *e) MUST_CHECK;

#endif
