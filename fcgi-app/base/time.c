/*
 * Calendar arithmetic on days and microseconds.  No clock, no zone, no libc.
 *
 * The day count works on years that begin in March, so that the leap day is
 * the last of its year; 400 years are one cycle of 146,097 days.
 */
#include "base/time.h"

#define DAY_MIN       (-354285) /* 1000-01-01 */
#define DAY_MAX       2932896   /* 9999-12-31 */
#define DAYS_OF_CYCLE 146097
#define EPOCH_SHIFT   719468 /* days from 0000-03-01 to 1970-01-01 */

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	BUG(month < 1 || month > 12);
	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool ymd_valid(struct ymd d)
{
	return d.year >= 1000 && d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
	       d.day <= days_in_month(d.year, d.month);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t floor_mod(int64_t a, int64_t b)
{
	return a % b + (a % b < 0 ? b : 0);
}

int32_t day_from_ymd(struct ymd d)
{
	BUG(!ymd_valid(d));

	int year = d.year - (d.month <= 2);
	int month = (d.month + 9) % 12; /* March is 0 */
	int of_cycle = year % 400;
	int of_year = (153 * month + 2) / 5 + d.day - 1;

	return year / 400 * DAYS_OF_CYCLE + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 +
	       of_year - EPOCH_SHIFT;
}

struct ymd day_to_ymd(int32_t day)
{
	int64_t shifted = (int64_t)day + EPOCH_SHIFT;
	int64_t cycle = floor_div(shifted, DAYS_OF_CYCLE);
	int of_cycle = (int)(shifted - cycle * DAYS_OF_CYCLE);
	int year = (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / 146096) / 365;
	int of_year = of_cycle - (365 * year + year / 4 - year / 100);
	int month = (5 * of_year + 2) / 153;
	struct ymd d;

	d.day = of_year - (153 * month + 2) / 5 + 1;
	d.month = month < 10 ? month + 3 : month - 9;
	d.year = (int)(cycle * 400) + year + (d.month <= 2);
	return d;
}

int day_weekday(int32_t day)
{
	return (int)floor_mod((int64_t)day + 4, 7); /* 1970-01-01 was a Thursday */
}

int day_iso_week(int32_t day, int *ret_year)
{
	/* A week belongs to the year of its Thursday. */
	int64_t thursday = (int64_t)day - floor_mod((int64_t)day + 3, 7) + 3;
	struct ymd d;
	int of_year;

	if (thursday > INT32_MAX)
		thursday -= DAYS_OF_CYCLE; /* the same calendar; only the week is of use */
	d = day_to_ymd((int32_t)thursday);
	of_year = d.day - 1;
	for (int month = 1; month < d.month; month++)
		of_year += days_in_month(d.year, month);
	*ret_year = d.year;
	return of_year / 7 + 1;
}

int32_t us_day(int64_t us)
{
	return (int32_t)floor_div(us, US_PER_DAY);
}

int64_t us_in_day(int64_t us)
{
	return floor_mod(us, US_PER_DAY);
}

/* n digits at `from`, or -1. */
static int digits_at(struct str s, size_t from, size_t n)
{
	int v = 0;

	for (size_t i = from; i < from + n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v;
}

bool day_parse(struct str s, int32_t *ret_day)
{
	struct ymd d;

	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
		return false;
	d = (struct ymd){ digits_at(s, 0, 4), digits_at(s, 5, 2), digits_at(s, 8, 2) };
	if (!ymd_valid(d))
		return false;
	*ret_day = day_from_ymd(d);
	return true;
}

bool tod_parse(struct str s, int32_t *ret_tod)
{
	int hour, minute, second = 0;

	if ((s.n != 5 && s.n != 8) || s.p[2] != ':' || (s.n == 8 && s.p[5] != ':'))
		return false;
	hour = digits_at(s, 0, 2);
	minute = digits_at(s, 3, 2);
	if (s.n == 8)
		second = digits_at(s, 6, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
		return false;
	*ret_tod = (hour * 60 + minute) * 60 + second;
	return true;
}

/* v with exactly n digits. */
static void put_digits(char *p, int n, int64_t v)
{
	while (n-- > 0) {
		p[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

static bool day_in_range(int32_t day)
{
	return day >= DAY_MIN && day <= DAY_MAX;
}

/* Ten characters without NUL. */
static void put_day(char *p, int32_t day)
{
	struct ymd d = { 0, 0, 0 };

	if (day_in_range(day))
		d = day_to_ymd(day);
	put_digits(p, 4, d.year);
	p[4] = '-';
	put_digits(p + 5, 2, d.month);
	p[7] = '-';
	put_digits(p + 8, 2, d.day);
}

/* Eight characters without NUL. */
static void put_tod(char *p, int32_t tod)
{
	if (tod < 0 || tod >= 86400)
		tod = 0;
	put_digits(p, 2, tod / 3600);
	p[2] = ':';
	put_digits(p + 3, 2, tod / 60 % 60);
	p[5] = ':';
	put_digits(p + 6, 2, tod % 60);
}

struct str day_format(int32_t day, char out[11])
{
	put_day(out, day);
	out[10] = '\0';
	return str_make(out, 10);
}

struct str tod_format(int32_t tod, char out[9])
{
	put_tod(out, tod);
	out[8] = '\0';
	return str_make(out, 8);
}

struct str tod_format_hm(int32_t tod, char out[6])
{
	char full[8];

	put_tod(full, tod);
	memcpy(out, full, 5);
	out[5] = '\0';
	return str_make(out, 5);
}

struct str us_format_iso(int64_t us, char out[28])
{
	int64_t in_day = day_in_range(us_day(us)) ? us_in_day(us) : 0;

	put_day(out, us_day(us));
	out[10] = 'T';
	put_tod(out + 11, (int32_t)(in_day / US_PER_S));
	out[19] = '.';
	put_digits(out + 20, 6, in_day % US_PER_S);
	out[26] = 'Z';
	out[27] = '\0';
	return str_make(out, 27);
}

struct str us_format_http(int64_t us, char out[30])
{
	static const char weekdays[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct ymd d;

	if (!day_in_range(us_day(us)))
		us = 0;
	d = day_to_ymd(us_day(us));
	memcpy(out, weekdays + 3 * day_weekday(us_day(us)), 3);
	memcpy(out + 3, ", ", 2);
	put_digits(out + 5, 2, d.day);
	out[7] = ' ';
	memcpy(out + 8, months + 3 * (d.month - 1), 3);
	out[11] = ' ';
	put_digits(out + 12, 4, d.year);
	out[16] = ' ';
	put_tod(out + 17, (int32_t)(us_in_day(us) / US_PER_S));
	memcpy(out + 25, " GMT", 5);
	return str_make(out, 29);
}
