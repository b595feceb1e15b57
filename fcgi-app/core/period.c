/*
 * Periods as days.  Pure.
 */
#include "core/period.h"

static const char *const names[PERIOD__MAX] = {
	[PERIOD_DEFAULT] = "default", [PERIOD_TODAY] = "today",     [PERIOD_NEXT_7] = "next-7",
	[PERIOD_NEXT_14] = "next-14", [PERIOD_NEXT_30] = "next-30", [PERIOD_LAST_7] = "last-7",
	[PERIOD_LAST_30] = "last-30", [PERIOD_WEEK] = "week",       [PERIOD_MONTH] = "month",
	[PERIOD_TERM] = "term",       [PERIOD_ALL] = "all",         [PERIOD_RANGE] = "range",
};

const char *period_name(enum period p)
{
	BUG(p >= PERIOD__MAX);
	return names[p];
}

bool period_from(struct str name, enum period *ret)
{
	for (int p = 0; p < PERIOD__MAX; p++) {
		if (!str_eq(name, str_from(names[p])))
			continue;
		*ret = (enum period)p;
		return true;
	}
	return false;
}

/* From the first day of month `first` to the last of month `last`, of today's year. */
static struct period_days months(int32_t today, int first, int last)
{
	int year = day_to_ymd(today).year;

	return (struct period_days){
		day_from_ymd((struct ymd){ year, first, 1 }),
		day_from_ymd((struct ymd){ year, last, days_in_month(year, last) }),
	};
}

struct period_days period_on(enum period p, int32_t today)
{
	int32_t monday = today - (day_weekday(today) + 6) % 7;
	int month = day_to_ymd(today).month;

	switch (p) {
	case PERIOD_TODAY:
		return (struct period_days){ today, today };
	case PERIOD_NEXT_7:
		return (struct period_days){ today, today + 7 };
	case PERIOD_NEXT_14:
		return (struct period_days){ today, today + 14 };
	case PERIOD_NEXT_30:
		return (struct period_days){ today, today + 30 };
	case PERIOD_LAST_7:
		return (struct period_days){ today - 7, today };
	case PERIOD_LAST_30:
		return (struct period_days){ today - 30, today };
	case PERIOD_WEEK:
		return (struct period_days){ monday, monday + 6 };
	case PERIOD_MONTH:
		return months(today, month, month);
	case PERIOD_TERM:
		return month <= 7 ? months(today, 1, 7) : months(today, 8, 12);
	case PERIOD_DEFAULT:
	case PERIOD_ALL:
	case PERIOD_RANGE:
	case PERIOD__MAX:
		break;
	}
	return (struct period_days){ NO_DAY, NO_DAY };
}
