/*
 * Which days a rule means: daily, weekly, monthly (contracts 5.4).
 *
 * Pure calendar arithmetic.  Daily: each day; weekly: days whose weekday is set; monthly:
 * that day of each month, months without it left out.
 */
#ifndef CORE_RECURRENCE_H
#define CORE_RECURRENCE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/time.h"

#define RECURRENCE_DAYS_MAX 3700 /* first to last day, both included */

enum recurrence { RECURRENCE_DAILY, RECURRENCE_WEEKLY, RECURRENCE_MONTHLY, RECURRENCE__MAX };
/* "daily", "weekly", "monthly". */
const char *recurrence_name(enum recurrence r);
bool recurrence_from(struct str name, enum recurrence *ret) MUST_CHECK;

struct recurrence_rule {
	enum recurrence kind;
	int32_t from_day, to_day; /* both included, at most RECURRENCE_DAYS_MAX apart */
	unsigned weekdays;        /* weekly: bit 0 Sunday .. bit 6 Saturday */
	int day_of_month;         /* monthly: 1..31 */
};

/*
 * The days in order.  RC_INVALID with "end_date" (END_BEFORE_START, RANGE_TOO_LONG),
 * "weekdays" (NO_WEEKDAY), "day_of_month" (NOT_A_DATE).  May be none.
 */
enum rc recurrence_days(const struct recurrence_rule *r, struct arena *a, const int32_t **ret_days,
			size_t *ret_n, struct error *e) MUST_CHECK;

#endif
