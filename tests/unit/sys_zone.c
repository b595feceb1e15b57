/*
 * Zones: known instants of Europe/Paris, America/New_York, Asia/Kolkata and UTC,
 * gaps and overlaps, the footer's rules beyond the table, agreement of both
 * directions, hostile names and damaged files.
 */
#include "sys/zone.h"
#include "sys/zone_rule.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static int64_t utc(const char *day, const char *tod)
{
	int32_t d = 0, t = 0;

	assert_true(day_parse(str_from(day), &d) && tod_parse(str_from(tod), &t));
	return us_from_day_tod(d, t);
}

static struct zone *open_zone(const char *name)
{
	struct zone *z = NULL;
	struct error e;

	if (zone_open(str_from(name), &z, &e) != RC_OK)
		fail_msg("%s: %s", name, e.detail);
	return z;
}

static void known_instants(void **state)
{
	static const struct {
		const char *zone, *day, *tod, *utc_day, *utc_tod, *name;
		enum zone_fit fit;
	} cases[] = {
		{ "UTC", "2026-11-20", "09:30", "2026-11-20", "09:30", "UTC", ZONE_FIT_EXACT },
		{ "Europe/Paris", "2026-01-15", "12:00", "2026-01-15", "11:00", "CET",
		  ZONE_FIT_EXACT },
		{ "Europe/Paris", "2026-07-15", "12:00", "2026-07-15", "10:00", "CEST",
		  ZONE_FIT_EXACT },
		/* 2026-03-29 02:00 → 03:00 */
		{ "Europe/Paris", "2026-03-29", "01:59", "2026-03-29", "00:59", "CET",
		  ZONE_FIT_EXACT },
		{ "Europe/Paris", "2026-03-29", "02:00", "2026-03-29", "01:00", "CEST",
		  ZONE_FIT_GAP },
		{ "Europe/Paris", "2026-03-29", "02:30", "2026-03-29", "01:30", "CEST",
		  ZONE_FIT_GAP },
		{ "Europe/Paris", "2026-03-29", "03:00", "2026-03-29", "01:00", "CEST",
		  ZONE_FIT_EXACT },
		/* 2026-10-25 03:00 → 02:00 */
		{ "Europe/Paris", "2026-10-25", "01:59", "2026-10-24", "23:59", "CEST",
		  ZONE_FIT_EXACT },
		{ "Europe/Paris", "2026-10-25", "02:30", "2026-10-25", "00:30", "CEST",
		  ZONE_FIT_OVERLAP },
		{ "Europe/Paris", "2026-10-25", "03:00", "2026-10-25", "02:00", "CET",
		  ZONE_FIT_EXACT },
		/* Beyond any table: the rule. */
		{ "Europe/Paris", "2199-07-01", "12:00", "2199-07-01", "10:00", "CEST",
		  ZONE_FIT_EXACT },
		{ "Europe/Paris", "9999-12-31", "23:59", "9999-12-31", "22:59", "CET",
		  ZONE_FIT_EXACT },
		/* Before any: local mean time, 9 min 21 s. */
		{ "Europe/Paris", "1850-01-01", "00:09:21", "1850-01-01", "00:00", "LMT",
		  ZONE_FIT_EXACT },
		{ "Europe/Paris", "1000-01-01", "00:09:21", "1000-01-01", "00:00", "LMT",
		  ZONE_FIT_EXACT },
		{ "America/New_York", "2026-03-08", "02:15", "2026-03-08", "07:15", "EDT",
		  ZONE_FIT_GAP },
		{ "America/New_York", "2026-11-01", "01:30", "2026-11-01", "05:30", "EDT",
		  ZONE_FIT_OVERLAP },
		{ "America/New_York", "2026-11-01", "02:00", "2026-11-01", "07:00", "EST",
		  ZONE_FIT_EXACT },
		{ "America/New_York", "1999-12-31", "23:00", "2000-01-01", "04:00", "EST",
		  ZONE_FIT_EXACT },
		{ "Asia/Kolkata", "2026-06-01", "00:00", "2026-05-31", "18:30", "IST",
		  ZONE_FIT_EXACT },
		/* The south: summer over the turn of the year; half an hour of it. */
		{ "Australia/Lord_Howe", "2050-01-01", "00:00", "2049-12-31", "13:00", "+11",
		  ZONE_FIT_EXACT },
		{ "Australia/Lord_Howe", "2050-06-01", "00:00", "2050-05-31", "13:30", "+1030",
		  ZONE_FIT_EXACT },
		/* A whole day that was not. */
		{ "Pacific/Apia", "2011-12-30", "12:00", "2011-12-30", "22:00", "+14",
		  ZONE_FIT_GAP },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct zone *z = open_zone(cases[i].zone);
		int32_t day, tod;
		enum zone_fit fit;

		assert_true(day_parse(str_from(cases[i].day), &day));
		assert_true(tod_parse(str_from(cases[i].tod), &tod));
		int64_t us = zone_to_utc(z, day, tod, &fit);
		if (us != utc(cases[i].utc_day, cases[i].utc_tod) || fit != cases[i].fit)
			fail_msg("%s %s %s: %lld, fit %d", cases[i].zone, cases[i].day,
				 cases[i].tod, (long long)us, (int)fit);
		assert_true(str_eq(zone_abbreviation(z, us), str_from(cases[i].name)));
		if (fit != ZONE_FIT_GAP) {
			int32_t back_day, back_tod;

			zone_from_utc(z, us, &back_day, &back_tod);
			assert_int_equal(back_day, day);
			assert_int_equal(back_tod, tod);
		}
		zone_free(z);
	}
}

/* Every half hour of many years: there and back, with offsets that agree. */
static void both_directions_agree(void **state)
{
	static const char *const names[] = { "Europe/Paris",      "America/New_York",
					     "Asia/Kolkata",      "UTC",
					     "Africa/Casablanca", "America/Sao_Paulo",
					     "Asia/Tehran",       "Pacific/Chatham",
					     "Europe/Dublin",     "America/St_Johns" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct zone *z = open_zone(names[i]);
		int64_t end = utc("2060-01-01", "00:00");

		for (int64_t us = utc("1995-01-01", "00:00"); us < end;
		     us += INT64_C(5) * 1800 * US_PER_S) {
			int32_t day, tod;
			enum zone_fit fit;

			zone_from_utc(z, us, &day, &tod);
			assert_int_equal(us_from_day_tod(day, tod) - us,
					 (int64_t)zone_offset_s(z, us) * US_PER_S);
			int64_t back = zone_to_utc(z, day, tod, &fit);
			assert_int_not_equal(fit, ZONE_FIT_GAP);
			if (fit == ZONE_FIT_EXACT)
				assert_true(back == us);
			else
				assert_true(back <= us);
		}
		zone_free(z);
	}
}

static void parts_of_a_second_are_cut_off(void **state)
{
	struct zone *z = open_zone("UTC");
	int32_t day, tod;

	(void)state;
	zone_from_utc(z, -1, &day, &tod);
	assert_int_equal(day, -1);
	assert_int_equal(tod, 86399);
	zone_from_utc(z, 999999, &day, &tod);
	assert_int_equal(tod, 0);
	zone_free(z);
}

static void hostile_names(void **state)
{
	static const struct str names[] = {
		STR_INIT(""),
		STR_INIT("../../etc/passwd"),
		STR_INIT("Europe/../UTC"),
		STR_INIT("/etc/localtime"),
		STR_INIT("localtime"),
		STR_INIT("right/Europe/Paris"),
		STR_INIT("posix/UTC"),
		STR_INIT("Europe"),
		STR_INIT("Europe/"),
		STR_INIT("Europe//Paris"),
		STR_INIT("Europe/Paris\0x"),
		STR_INIT("Europe/Atlantis"),
		STR_INIT("europe/paris"),
		STR_INIT("UTC "),
		STR_INIT("Europe/Paris/x"),
		STR_INIT("zone.tab"),
		STR_INIT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
			 "A"),
	};
	struct zone *z = NULL;
	struct error e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (zone_open(names[i], &z, &e) != RC_INVALID)
			fail_msg("\"%.*s\" taken", STR_ARG(names[i]));
		assert_int_equal(e.reason, REASON_ZONE_UNKNOWN);
		assert_null(z);
	}
}

/* Cut anywhere or with any byte changed: an error or a zone, never a crash. */
static void damaged_files(void **state)
{
	char good[8192], bad[8192];
	struct zone *z;
	struct error e;
	int fd = open("/usr/share/zoneinfo/Europe/Paris", O_RDONLY);
	ssize_t n = read(fd, good, sizeof good);

	(void)state;
	close(fd);
	assert_true(n > 500 && (size_t)n < sizeof good);
	for (ssize_t i = 0; i < n; i++)
		assert_int_equal(zone_parse(STR("X"), str_make(good, (size_t)i), &z, &e),
				 RC_DEPENDENCY);
	for (ssize_t i = 0; i < n; i++) {
		for (int v = 0; v < 3; v++) {
			static const unsigned char values[] = { 0, 0x7f, 0xff };
			int32_t day, tod;

			memcpy(bad, good, (size_t)n);
			bad[i] = (char)values[v];
			if (zone_parse(STR("X"), str_make(bad, (size_t)n), &z, &e) != RC_OK)
				continue;
			zone_from_utc(z, utc("2026-07-01", "00:00"), &day, &tod);
			(void)zone_to_utc(z, day, tod, NULL);
			(void)zone_abbreviation(z, utc("2090-07-01", "00:00"));
			zone_free(z);
		}
	}
}

static void rules(void **state)
{
	static const struct {
		struct str text;
		bool ok;
	} cases[] = {
		{ STR_INIT("UTC0"), true },
		{ STR_INIT("<+0330>-3:30"), true },
		{ STR_INIT("CET-1CEST,M3.5.0,M10.5.0/3"), true },
		{ STR_INIT("EST5EDT4,J60/0,J300"), true },
		{ STR_INIT("XXX3EDT4,0/0,J365/23"), true },
		{ STR_INIT("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1"), true },
		{ STR_INIT("IST-1GMT0,M10.5.0,M3.5.0/1"), true },
		{ STR_INIT(""), false },
		{ STR_INIT("AB0"), false },
		{ STR_INIT("UTC"), false },
		{ STR_INIT("UTC25"), false },
		{ STR_INIT("CET-1CEST"), false },
		{ STR_INIT("CET-1CEST,M13.1.0,M1.1.0"), false },
		{ STR_INIT("CET-1CEST,M3.6.0,M1.1.0"), false },
		{ STR_INIT("CET-1CEST,M3.5.7,M1.1.0"), false },
		{ STR_INIT("CET-1CEST,J0,J1"), false },
		{ STR_INIT("CET-1CEST,M3.5.0,M10.5.0/168"), false },
		{ STR_INIT("CET-1CEST,M3.5.0,M10.5.0/3x"), false },
		{ STR_INIT("<AB"), false },
		{ STR_INIT("CET-1:"), false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct zone_rule r;

		if (zone_rule_parse(cases[i].text, &r) != cases[i].ok)
			fail_msg("%.*s", STR_ARG(cases[i].text));
	}
}

static void cache(void **state)
{
	const struct zone *a, *b, *c;
	struct zones *zs;
	struct error e;

	(void)state;
	assert_int_equal(zones_new(&zs, &e), RC_OK);
	assert_int_equal(zones_get(zs, STR("Europe/Paris"), &a, &e), RC_OK);
	assert_int_equal(zones_get(zs, STR("UTC"), &b, &e), RC_OK);
	assert_int_equal(zones_get(zs, STR("Europe/Paris"), &c, &e), RC_OK);
	assert_ptr_equal(a, c);
	assert_true(str_eq(zone_name(b), STR("UTC")));
	assert_int_equal(zones_get(zs, STR("Nowhere"), &c, &e), RC_INVALID);
	assert_ptr_equal(a, c);
	zones_free(zs);
	zones_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_instants),
		cmocka_unit_test(both_directions_agree),
		cmocka_unit_test(parts_of_a_second_are_cut_off),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(rules),
		cmocka_unit_test(cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
