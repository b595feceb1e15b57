/*
 * The days of a rule.  Pure.
 */
#include "core/schedule/recurrence.h"

static const char *const names[RECURRENCE__MAX] = { "daily", "weekly", "monthly" };

const char *recurrence_name(enum recurrence r)
{
	BUG(r >= RECURRENCE__MAX);
	return names[r];
}

bool recurrence_from(struct str name, enum recurrence *ret)
{
	for (int r = 0; r < RECURRENCE__MAX; r++) {
		if (!str_eq(name, str_from(names[r])))
			continue;
		*ret = (enum recurrence)r;
		return true;
	}
	return false;
}

static enum rc check(const struct recurrence_rule *r, struct error *e)
{
	enum rc rc = RC_OK;

	if (r->to_day < r->from_day)
		rc = ERROR_FIELD(e, "end_date", REASON_END_BEFORE_START, 0);
	else if ((int64_t)r->to_day - r->from_day >= RECURRENCE_DAYS_MAX)
		rc = ERROR_FIELD(e, "end_date", REASON_RANGE_TOO_LONG, RECURRENCE_DAYS_MAX);
	if (r->kind == RECURRENCE_WEEKLY && !(r->weekdays & 0x7F))
		rc = ERROR_FIELD(e, "weekdays", REASON_NO_WEEKDAY, 0);
	if (r->kind == RECURRENCE_MONTHLY && (r->day_of_month < 1 || r->day_of_month > 31))
		rc = ERROR_FIELD(e, "day_of_month", REASON_NOT_A_DATE, 0);
	return rc;
}

static bool has_day(const struct recurrence_rule *r, int32_t day)
{
	switch (r->kind) {
	case RECURRENCE_DAILY:
		return true;
	case RECURRENCE_WEEKLY:
		return r->weekdays >> day_weekday(day) & 1;
	case RECURRENCE_MONTHLY:
		return day_to_ymd(day).day == r->day_of_month;
	case RECURRENCE__MAX:
		break;
	}
	return false;
}

enum rc recurrence_days(const struct recurrence_rule *r, struct arena *a, const int32_t **ret_days,
			size_t *ret_n, struct error *e)
{
	int32_t *days;
	size_t n = 0;

	TRY(check(r, e));
	days = ARENA_ARRAY(a, (size_t)(r->to_day - r->from_day + 1), int32_t);
	if (!days)
		return ERROR_MEMORY(e);
	for (int32_t day = r->from_day; day <= r->to_day; day++)
		if (has_day(r, day))
			days[n++] = day;
	*ret_days = days;
	*ret_n = n;
	return RC_OK;
}
