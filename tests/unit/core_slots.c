/*
 * Time slots: which sessions they make, what overlaps, and clock changes in three zones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/schedule/slots.h"

#define DAY(y, m, d) day_from_ymd((struct ymd){ (y), (m), (d) })
#define HM(h, m)     (((h)*60 + (m)) * 60)
#define MON          (1U << 1)
#define WED          (1U << 3)
#define FRI          (1U << 5)

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 8 << 20, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static void test_slots_make_days_in_order(void **state)
{
	/* A week from Monday 16 November 2026; the later slot stands first. */
	const struct slot slots[] = { { MON | WED, HM(14, 0), HM(15, 30), 0 },
				      { MON | FRI, HM(9, 0), HM(10, 30), 7 } };
	struct recurrence_rule rule = { RECURRENCE_WEEKLY, DAY(2026, 11, 16), DAY(2026, 11, 22), 0,
					0 };
	static const struct {
		int day;
		size_t slot;
	} want[] = { { 16, 1 }, { 16, 0 }, { 18, 0 }, { 20, 1 } };
	const struct slot_day *days;
	struct error e;
	size_t n;

	(void)state;
	error_init(&e);
	assert_int_equal(slots_days(&rule, slots, 2, &arena, &days, &n, &e), RC_OK);
	assert_int_equal(n, ARRAY_LEN(want));
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(days[i].day, DAY(2026, 11, want[i].day));
		assert_int_equal(days[i].slot, want[i].slot);
	}
	rule.kind = RECURRENCE_DAILY;
	assert_int_equal(slots_days(&rule, slots, 2, &arena, &days, &n, &e), RC_OK);
	assert_int_equal(n, 14);
	/* Ten years of two a day are too many; of one they are not. */
	rule.to_day = rule.from_day + 3652;
	assert_int_equal(slots_days(&rule, slots, 1, &arena, &days, &n, &e), RC_OK);
	assert_int_equal(slots_days(&rule, slots, 2, &arena, &days, &n, &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_TOO_MANY_SESSIONS);
}

static const struct {
	enum recurrence kind;
	struct slot slots[2];
	const char *field; /* NULL: fine */
	enum reason reason;
} checks[] = {
	{ RECURRENCE_WEEKLY,
	  { { MON, HM(9, 0), HM(10, 0), 0 }, { MON, HM(10, 0), HM(11, 0), 0 } },
	  NULL,
	  0 },
	{ RECURRENCE_WEEKLY,
	  { { MON, HM(9, 0), HM(10, 0), 0 }, { WED, HM(9, 30), HM(11, 0), 0 } },
	  NULL,
	  0 },
	{ RECURRENCE_WEEKLY,
	  { { MON | WED, HM(9, 0), HM(10, 0), 0 }, { WED, HM(9, 30), HM(11, 0), 0 } },
	  "slot2_start",
	  REASON_SLOTS_OVERLAP },
	{ RECURRENCE_DAILY,
	  { { MON, HM(9, 0), HM(10, 0), 0 }, { WED, HM(9, 30), HM(11, 0), 0 } },
	  "slot2_start",
	  REASON_SLOTS_OVERLAP },
	{ RECURRENCE_MONTHLY,
	  { { 0, HM(9, 0), HM(10, 0), 0 }, { 0, HM(9, 0), HM(10, 0), 0 } },
	  "slot2_start",
	  REASON_SLOTS_OVERLAP },
	{ RECURRENCE_WEEKLY,
	  { { MON, HM(9, 0), HM(9, 0), 0 }, { WED, HM(9, 30), HM(11, 0), 0 } },
	  "end_time",
	  REASON_END_BEFORE_START },
	{ RECURRENCE_WEEKLY,
	  { { MON, HM(9, 0), HM(10, 0), 0 }, { 0, HM(9, 30), HM(11, 0), 0 } },
	  "slot2_days",
	  REASON_NO_WEEKDAY },
	{ RECURRENCE_WEEKLY,
	  { { MON, HM(9, 0), HM(10, 0), 0 }, { WED, NO_DAY, HM(11, 0), 0 } },
	  "slot2_start",
	  REASON_REQUIRED },
};

static void test_slots_are_checked(void **state)
{
	struct error e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		enum rc rc;

		error_init(&e);
		rc = slots_check(checks[i].kind, checks[i].slots, 2, &e);
		if (!checks[i].field) {
			assert_int_equal(rc, RC_OK);
			continue;
		}
		assert_int_equal(rc, RC_INVALID);
		assert_int_equal(e.n_fields, 1);
		assert_string_equal(e.fields[0].field, checks[i].field);
		assert_int_equal(e.fields[0].reason, checks[i].reason);
	}
}

static void test_months_without_the_day_are_named(void **state)
{
	struct recurrence_rule rule = { RECURRENCE_MONTHLY, DAY(2027, 1, 15), DAY(2027, 6, 15), 0,
					31 };
	const int32_t *months;
	struct error e;
	size_t n;

	(void)state;
	error_init(&e);
	assert_int_equal(slots_missing_months(&rule, &arena, &months, &n, &e), RC_OK);
	assert_int_equal(n, 2); /* February and April; June would end after the rule */
	assert_int_equal(months[0], DAY(2027, 2, 1));
	assert_int_equal(months[1], DAY(2027, 4, 1));
	rule.day_of_month = 28;
	assert_int_equal(slots_missing_months(&rule, &arena, &months, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	rule.kind = RECURRENCE_DAILY;
	assert_int_equal(slots_missing_months(&rule, &arena, &months, &n, &e), RC_OK);
	assert_int_equal(n, 0);
}

/* Of days on which the clocks change; instants as minutes after midnight UTC of that day. */
static const struct {
	const char *zone;
	int y, m, d;
	int32_t start, end;
	int64_t starts_min, ends_min;
	enum zone_fit fit;
} clocks[] = {
	/* Paris, 28 March 2027: 02:00 becomes 03:00. */
	{ "Europe/Paris", 2027, 3, 28, HM(1, 0), HM(1, 45), 0, 45, ZONE_FIT_EXACT },
	{ "Europe/Paris", 2027, 3, 28, HM(2, 30), HM(4, 0), 90, 120, ZONE_FIT_GAP },
	{ "Europe/Paris", 2027, 3, 28, HM(2, 0), HM(2, 30), 60, 90, ZONE_FIT_GAP },
	{ "Europe/Paris", 2027, 3, 28, HM(1, 30), HM(2, 30), 30, 90, ZONE_FIT_GAP },
	{ "Europe/Paris", 2027, 3, 28, HM(2, 30), HM(3, 15), 90, 135, ZONE_FIT_GAP },
	{ "Europe/Paris", 2027, 3, 28, HM(9, 0), HM(10, 30), 420, 510, ZONE_FIT_EXACT },
	/* Paris, 31 October 2027: 03:00 becomes 02:00; 02:30 comes twice. */
	{ "Europe/Paris", 2027, 10, 31, HM(2, 30), HM(3, 30), 30, 150, ZONE_FIT_OVERLAP },
	{ "Europe/Paris", 2027, 10, 31, HM(9, 0), HM(10, 0), 480, 540, ZONE_FIT_EXACT },
	/* New York, 14 March and 7 November 2027. */
	{ "America/New_York", 2027, 3, 14, HM(2, 30), HM(4, 0), 450, 480, ZONE_FIT_GAP },
	{ "America/New_York", 2027, 11, 7, HM(1, 30), HM(2, 30), 330, 450, ZONE_FIT_OVERLAP },
	/* Lord Howe changes by half an hour: 3 October 2027, 02:00 becomes 02:30. */
	{ "Australia/Lord_Howe", 2027, 10, 3, HM(2, 15), HM(3, 0), -495, -480, ZONE_FIT_GAP },
	{ "Australia/Lord_Howe", 2027, 10, 3, HM(2, 15), HM(2, 40), -495, -470, ZONE_FIT_GAP },
	/* And back on 4 April 2027: 02:00 becomes 01:30. */
	{ "Australia/Lord_Howe", 2027, 4, 4, HM(1, 45), HM(3, 0), -555, -450, ZONE_FIT_OVERLAP },
};

static void test_clock_changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(clocks); i++) {
		int32_t day = DAY(clocks[i].y, clocks[i].m, clocks[i].d);
		int64_t midnight = us_from_day_tod(day, 0);
		struct slot_instants at;
		struct zone *zone;
		struct error e;

		error_init(&e);
		assert_int_equal(zone_open(str_from(clocks[i].zone), &zone, &e), RC_OK);
		at = slot_instants(zone, day, clocks[i].start, clocks[i].end);
		if (at.starts_at - midnight != clocks[i].starts_min * 60 * US_PER_S ||
		    at.ends_at - midnight != clocks[i].ends_min * 60 * US_PER_S ||
		    at.fit != clocks[i].fit)
			fail_msg("row %zu: %lld to %lld minutes, fit %d", i,
				 (long long)((at.starts_at - midnight) / 60 / US_PER_S),
				 (long long)((at.ends_at - midnight) / 60 / US_PER_S), at.fit);
		zone_free(zone);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slots_make_days_in_order),
		cmocka_unit_test(test_slots_are_checked),
		cmocka_unit_test(test_months_without_the_day_are_named),
		cmocka_unit_test(test_clock_changes),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
