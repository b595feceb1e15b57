/*
 * base/time.h: every day of the range walked one by one, and known dates.
 */
#include "unit/guard.h"

#include "base/time.h"

/* Walks from 1000-01-01 to 9999-12-31 with a calendar of its own. */
static void test_every_day(void **state)
{
	struct ymd d = { 1000, 1, 1 };
	int32_t day = day_from_ymd(d);
	int weekday = 3; /* a Wednesday, proleptic Gregorian */

	(void)state;
	for (;; day++, weekday = (weekday + 1) % 7) {
		struct ymd back = day_to_ymd(day);
		bool is_leap = d.year % 4 == 0 && (d.year % 100 || d.year % 400 == 0);
		static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
		int length = d.month == 2 && is_leap ? 29 : lengths[d.month - 1];

		assert_int_equal(day_from_ymd(d), day);
		assert_true(back.year == d.year && back.month == d.month && back.day == d.day);
		assert_int_equal(day_weekday(day), weekday);
		if (d.day == 1)
			assert_int_equal(days_in_month(d.year, d.month), length);
		if (++d.day > length) {
			d.day = 1;
			if (++d.month > 12) {
				d.month = 1;
				if (++d.year > 9999)
					break;
			}
		}
	}
	assert_int_equal(day, 2932896);
	assert_int_equal(weekday, 5);
}

static void test_valid(void **state)
{
	static const struct {
		struct ymd d;
		bool is_valid;
	} cases[] = {
		{ { 2024, 2, 29 }, true },  { { 2026, 2, 29 }, false }, { { 1900, 2, 29 }, false },
		{ { 2000, 2, 29 }, true },  { { 999, 12, 31 }, false }, { { 10000, 1, 1 }, false },
		{ { 2026, 0, 1 }, false },  { { 2026, 13, 1 }, false }, { { 2026, 1, 0 }, false },
		{ { 2026, 4, 31 }, false }, { { 2026, 4, 30 }, true },  { { 2026, -1, 1 }, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(ymd_valid(cases[i].d), cases[i].is_valid);
}

static void test_iso_week(void **state)
{
	static const struct {
		const char *day;
		int week, year;
	} cases[] = {
		{ "2026-11-20", 47, 2026 }, { "2027-01-03", 53, 2026 }, { "2027-01-04", 1, 2027 },
		{ "2024-12-30", 1, 2025 },  { "2023-01-01", 52, 2022 }, { "2020-12-31", 53, 2020 },
		{ "2021-01-03", 53, 2020 }, { "1000-01-01", 1, 1000 },  { "9999-12-31", 52, 9999 },
		{ "1969-12-29", 1, 1970 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int32_t day = 0;
		int year;

		assert_true(day_parse(str_from(cases[i].day), &day));
		assert_int_equal(day_iso_week(day, &year), cases[i].week);
		assert_int_equal(year, cases[i].year);
	}
}

static void test_parse(void **state)
{
	static const struct {
		const char *text;
		int32_t tod; /* -1: refused */
	} times[] = {
		{ "00:00", 0 },     { "23:59:59", 86399 }, { "09:30", 34200 },
		{ "24:00", -1 },    { "09:60", -1 },       { "09:00:60", -1 },
		{ "9:30", -1 },     { "09:3", -1 },        { "09.30", -1 },
		{ "", -1 },         { " 9:30", -1 },       { "09:30:", -1 },
		{ "09:30-00", -1 }, { "-1:30", -1 },       { "09:30:0", -1 },
		{ "0a:30", -1 },    { "09:30:000", -1 },
	};
	static const char *const bad_days[] = {
		"",           "2026-02-29", "2026-1-01",  "0999-01-01", "2026/01/01", "2026-01-01 ",
		"2026-13-01", "2026-00-10", "10000-1-01", "-026-01-01", "2026-01-+1", "2026-01-0",
	};
	int32_t v;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		struct guard g = guard_make(str_from(times[i].text));

		v = -1;
		assert_int_equal(tod_parse(g.s, &v), times[i].tod >= 0);
		assert_int_equal(v, times[i].tod);
		guard_free(&g);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad_days); i++) {
		struct guard g = guard_make(str_from(bad_days[i]));

		v = 7;
		if (day_parse(g.s, &v))
			fail_msg("%s", bad_days[i]);
		assert_int_equal(v, 7);
		guard_free(&g);
	}
	assert_true(day_parse(STR("1970-01-01"), &v));
	assert_int_equal(v, 0);
}

static void test_instants(void **state)
{
	static const struct {
		int64_t us;
		int32_t day;
		int64_t in_day;
		const char *iso, *http;
	} cases[] = {
		{ 0, 0, 0, "1970-01-01T00:00:00.000000Z", "Thu, 01 Jan 1970 00:00:00 GMT" },
		{ -1, -1, US_PER_DAY - 1, "1969-12-31T23:59:59.999999Z",
		  "Wed, 31 Dec 1969 23:59:59 GMT" },
		{ INT64_C(784111777123456), 9075, INT64_C(31777123456),
		  "1994-11-06T08:49:37.123456Z", "Sun, 06 Nov 1994 08:49:37 GMT" },
		{ NO_TIME, -106751992, 71945224192, "0000-00-00T00:00:00.000000Z",
		  "Thu, 01 Jan 1970 00:00:00 GMT" },
		{ INT64_MAX, 106751991, 14454775807, "0000-00-00T00:00:00.000000Z",
		  "Thu, 01 Jan 1970 00:00:00 GMT" },
	};
	char out[30];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(us_day(cases[i].us), cases[i].day);
		assert_int_equal(us_in_day(cases[i].us), cases[i].in_day);
		assert_str(us_format_iso(cases[i].us, out), str_from(cases[i].iso));
		assert_int_equal(strlen(out), 27);
		assert_str(us_format_http(cases[i].us, out), str_from(cases[i].http));
		assert_int_equal(strlen(out), 29);
	}
	assert_int_equal(us_from_day_tod(9075, 31777), INT64_C(784111777000000));
	assert_int_equal(us_from_day_tod(-1, 86399), -US_PER_S);
}

static void test_format(void **state)
{
	char day[11], tod[9], hm[6];

	(void)state;
	assert_str(day_format(20777, day), STR("2026-11-20"));
	assert_str(day_format(NO_DAY, day), STR("0000-00-00"));
	assert_str(day_format(2932897, day), STR("0000-00-00"));
	assert_string_equal(day, "0000-00-00");
	assert_str(tod_format(34200, tod), STR("09:30:00"));
	assert_str(tod_format(86399, tod), STR("23:59:59"));
	assert_str(tod_format(86400, tod), STR("00:00:00"));
	assert_str(tod_format_hm(34259, hm), STR("09:30"));
	assert_str(tod_format_hm(NO_DAY, hm), STR("00:00"));
	assert_string_equal(hm, "00:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_day), cmocka_unit_test(test_valid),
		cmocka_unit_test(test_iso_week),  cmocka_unit_test(test_parse),
		cmocka_unit_test(test_instants),  cmocka_unit_test(test_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
