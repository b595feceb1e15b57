/*
 * POSIX TZ rules: see zone_rule.h.  Grammar: POSIX.1-2017 8.3 (TZ), RFC 8536 3.3.1.
 */
#include "sys/zone_rule.h"

#include "base/time.h"

#define CYCLE_S       (INT64_C(146097) * 86400)
#define CYCLE_START_S INT64_C(946684800) /* 2000-01-01 */

struct text {
	struct str s;
	size_t at;
};

static bool next_is(struct text *t, char c)
{
	if (t->at >= t->s.n || t->s.p[t->at] != c)
		return false;
	t->at++;
	return true;
}

static bool number(struct text *t, int max, int *ret_v)
{
	size_t from = t->at;
	int v = 0;

	while (t->at < t->s.n && t->at - from < 3 && ascii_is_digit(t->s.p[t->at]))
		v = v * 10 + (t->s.p[t->at++] - '0');
	if (t->at == from || v > max)
		return false;
	*ret_v = v;
	return true;
}

/* "CET" or "<+03>". */
static bool abbreviation(struct text *t, char out[ZONE_ABBREVIATION_MAX + 1])
{
	bool is_quoted = next_is(t, '<');
	size_t n = 0;

	while (t->at < t->s.n && n < ZONE_ABBREVIATION_MAX) {
		char c = t->s.p[t->at];

		if (!ascii_is_alpha(c) &&
		    !(is_quoted && (ascii_is_digit(c) || c == '+' || c == '-')))
			break;
		out[n++] = c;
		t->at++;
	}
	out[n] = '\0';
	return n >= 3 && (!is_quoted || next_is(t, '>'));
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool duration(struct text *t, int max_hours, int32_t *ret_s)
{
	bool is_negative = next_is(t, '-');
	int h, m = 0, s = 0;

	if (!is_negative)
		(void)next_is(t, '+');
	if (!number(t, max_hours, &h))
		return false;
	if (next_is(t, ':')) {
		if (!number(t, 59, &m))
			return false;
		if (next_is(t, ':') && !number(t, 59, &s))
			return false;
	}
	*ret_s = (h * 3600 + m * 60 + s) * (is_negative ? -1 : 1);
	return true;
}

static bool change(struct text *t, struct zone_change *c)
{
	if (!next_is(t, ','))
		return false;
	c->time_s = 2 * 3600;
	if (next_is(t, 'J')) {
		c->kind = ZONE_CHANGE_JULIAN;
		if (!number(t, 365, &c->day) || c->day < 1)
			return false;
	} else if (next_is(t, 'M')) {
		c->kind = ZONE_CHANGE_WEEKDAY;
		if (!number(t, 12, &c->month) || c->month < 1 || !next_is(t, '.') ||
		    !number(t, 5, &c->week) || c->week < 1 || !next_is(t, '.') ||
		    !number(t, 6, &c->day))
			return false;
	} else {
		c->kind = ZONE_CHANGE_DAY;
		if (!number(t, 365, &c->day))
			return false;
	}
	return !next_is(t, '/') || duration(t, 167, &c->time_s);
}

/* Offsets in the text count west of Greenwich. */
static bool half_offset(struct text *t, struct zone_half *h)
{
	int32_t west;

	if (!duration(t, 24, &west))
		return false;
	h->offset_s = -west;
	return true;
}

bool zone_rule_parse(struct str s, struct zone_rule *ret_rule)
{
	struct text t = { s, 0 };
	struct zone_rule r = { 0 };

	if (!abbreviation(&t, r.standard.name) || !half_offset(&t, &r.standard))
		return false;
	if (t.at < t.s.n) {
		r.has_daylight = true;
		if (!abbreviation(&t, r.daylight.name))
			return false;
		r.daylight.offset_s = r.standard.offset_s + 3600;
		if (t.at < t.s.n && t.s.p[t.at] != ',' && !half_offset(&t, &r.daylight))
			return false;
		if (!change(&t, &r.to_daylight) || !change(&t, &r.to_standard) || t.at != t.s.n)
			return false;
	}
	*ret_rule = r;
	return true;
}

static bool is_leap(int year)
{
	return days_in_month(year, 2) == 29;
}

/* Seconds since 1970 of a change in a year, in the wall time before it. */
static int64_t change_local_s(const struct zone_change *c, int year)
{
	int32_t day = day_from_ymd((struct ymd){ year, 1, 1 });

	switch (c->kind) {
	case ZONE_CHANGE_JULIAN:
		day += c->day - 1 + (is_leap(year) && c->day >= 60);
		break;
	case ZONE_CHANGE_DAY:
		day += c->day;
		break;
	case ZONE_CHANGE_WEEKDAY: {
		int last = days_in_month(year, c->month);
		int of_month;

		day = day_from_ymd((struct ymd){ year, c->month, 1 });
		of_month = (c->day - day_weekday(day) + 7) % 7 + 7 * (c->week - 1);
		day += of_month < last ? of_month : of_month - 7;
		break;
	}
	}
	return (int64_t)day * 86400 + c->time_s;
}

const struct zone_half *zone_rule_at(const struct zone_rule *r, int64_t at_s)
{
	if (!r->has_daylight)
		return &r->standard;
	/* The calendar repeats every 400 years: no year is out of range. */
	int64_t since = (at_s - CYCLE_START_S) % CYCLE_S;
	at_s = CYCLE_START_S + since + (since < 0 ? CYCLE_S : 0);
	int64_t local = at_s + r->standard.offset_s;
	int32_t day = (int32_t)(local / 86400 - (local % 86400 < 0));
	int year = day_to_ymd(day).year;
	int64_t begins = change_local_s(&r->to_daylight, year) - r->standard.offset_s;
	int64_t ends = change_local_s(&r->to_standard, year) - r->daylight.offset_s;
	bool is_daylight = begins < ends ? at_s >= begins && at_s < ends
					 : at_s >= begins || at_s < ends; /* southern summer */

	return is_daylight ? &r->daylight : &r->standard;
}
