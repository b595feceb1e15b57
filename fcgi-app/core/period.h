/*
 * Periods of the session lists: a word, and the days it means today.
 *
 * Pure calendar arithmetic on days of the viewer's zone; knows no clock and no
 * database.  Weeks begin on Monday (ISO 8601).  A term is January to July or
 * August to December, until an institution can set its own.
 */
#ifndef CORE_PERIOD_H
#define CORE_PERIOD_H

#include "base/time.h"

enum period {
	PERIOD_DEFAULT, /* next 14 days for Upcoming, everything for the other tabs */
	PERIOD_TODAY,
	PERIOD_NEXT_7, /* today and the 7 days that follow */
	PERIOD_NEXT_14,
	PERIOD_NEXT_30,
	PERIOD_LAST_7, /* the 7 days before today, and today */
	PERIOD_LAST_30,
	PERIOD_WEEK,
	PERIOD_MONTH,
	PERIOD_TERM,
	PERIOD_ALL,
	PERIOD_RANGE, /* from_day to to_day of the query */
	PERIOD__MAX
};

struct period_days {
	int32_t from_day, to_day; /* both included; NO_DAY: open on that side */
};

/* "today", "next-7", "week", "range", …: what stands in addresses. */
const char *period_name(enum period p);
/* The inverse; false for anything else. */
bool period_from(struct str name, enum period *ret) MUST_CHECK;
/* The days of p, seen on `today`.  PERIOD_DEFAULT, _ALL and _RANGE give open sides. */
struct period_days period_on(enum period p, int32_t today);

#endif
