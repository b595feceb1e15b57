/*
 * The time slots of a rule: which times of which days, and what instants they are.
 *
 * Pure.  A rule has one to SLOTS_MAX slots.  Weekly, each has weekdays of its own ("Mon
 * 9:00-10:30 and Wed 14:00-15:30"); daily and monthly, each stands on every day of the rule.
 * Times are wall-clock in the branch's zone.  A time that a clock change leaves out is
 * moved forward by the gap; of one that comes twice the first is taken.
 */
#ifndef CORE_SLOTS_H
#define CORE_SLOTS_H

#include "core/schedule/recurrence.h"
#include "sys/zone.h"

#define SLOTS_MAX     8
#define SLOT_DAYS_MAX 4000 /* sessions of one rule */

struct slot {
	unsigned weekdays;          /* weekly: bit 0 Sunday .. bit 6 Saturday */
	int32_t start_tod, end_tod; /* seconds after midnight; NO_DAY: not given */
	int64_t room_id;            /* 0: that of the schedule */
};

struct slot_day {
	int32_t day;
	size_t slot;
};

/*
 * Names of the fields of slot i in errors: "start_time", "end_time", "weekdays", "room" for
 * the first, "slot2_start", "slot2_end", "slot2_days", "slot2_room" for the second …
 * Constants.
 */
enum slot_field { SLOT_START, SLOT_END, SLOT_DAYS, SLOT_ROOM, SLOT_FIELD__MAX };
const char *slot_field_name(size_t i, enum slot_field f);

/*
 * RC_INVALID with the fields of each slot at fault: REQUIRED, END_BEFORE_START, NO_WEEKDAY,
 * SLOTS_OVERLAP (on the later one's start).  n 1..SLOTS_MAX.
 */
enum rc slots_check(enum recurrence kind, const struct slot *slots, size_t n,
		    struct error *e) MUST_CHECK;

/*
 * All sessions of a checked rule, by day and start.  Errors of recurrence_days, and
 * "end_date" TOO_MANY_SESSIONS.  rule->weekdays is not read: the slots have them.
 */
enum rc slots_days(const struct recurrence_rule *rule, const struct slot *slots, size_t n,
		   struct arena *a, const struct slot_day **ret, size_t *ret_n,
		   struct error *e) MUST_CHECK;

/*
 * Months within the rule's dates that lack its day (the 31st), as their first days; none
 * unless monthly.  A month counts when the day would lie between the dates if it had one.
 */
enum rc slots_missing_months(const struct recurrence_rule *rule, struct arena *a,
			     const int32_t **ret_months, size_t *ret_n, struct error *e) MUST_CHECK;

struct slot_instants {
	int64_t starts_at, ends_at; /* UTC; the end is after the start */
	enum zone_fit fit;          /* of the start, else of the end */
};
struct slot_instants slot_instants(const struct zone *z, int32_t day, int32_t start_tod,
				   int32_t end_tod);

#endif
