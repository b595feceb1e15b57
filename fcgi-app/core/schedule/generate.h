/*
 * Internal to core: the occurrences of a schedule, made to fit its rule.
 */
#ifndef CORE_GENERATE_H
#define CORE_GENERATE_H

#include "core/schedule/schedule.h"
#include "store/room.h"
#include "store/schedule.h"

/* A schedule with everything its sessions get. */
struct generate_in {
	const struct schedule_stored *r; /* id 0: not stored yet */
	struct recurrence_rule rule;
	struct slot slots[SLOTS_MAX]; /* the first is that of `r`; room_id 0: r->room_id */
	size_t n_slots;
	bool is_over;                    /* no day is wanted any more */
	bool is_refill;                  /* may come out empty, and nobody asks for warnings */
	const struct room_stored *rooms; /* of the slots */
	size_t n_rooms;
	int64_t n_members; /* of its class */
};

/*
 * What has to be done, in *ret; locks the schedule's occurrences when `locks`.  RC_INVALID of
 * slots_days, NO_OCCURRENCE, NO_SUCH_DAY and ALL_CLOSED when nothing is left of a rule.
 * At most four statements.
 */
enum rc generate_plan(struct core *c, struct store *s, const struct generate_in *in, bool locks,
		      struct schedule_plan *ret, struct error *e) MUST_CHECK;

/*
 * Does it, and tells everybody concerned, unless `is_quiet`: the caller does.  At most 16
 * statements, whatever the number of days.
 */
enum rc generate_write(struct core *c, struct store *s, const struct generate_in *in,
		       const struct schedule_plan *plan, bool is_quiet, struct error *e) MUST_CHECK;

#endif
