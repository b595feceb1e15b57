/*
 * Days of rules, and periods.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/period.h"
#include "core/schedule/recurrence.h"
#include "core/upload/attachment.h"

#define DAY(y, m, d) day_from_ymd((struct ymd){ (y), (m), (d) })

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 4 << 20, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static size_t count(struct recurrence_rule r, const int32_t **ret_days)
{
	struct error e;
	size_t n = 0;

	error_init(&e);
	assert_int_equal(recurrence_days(&r, &arena, ret_days, &n, &e), RC_OK);
	return n;
}

static void test_rules_make_days(void **state)
{
	const int32_t *days;

	(void)state;
	assert_int_equal(count((struct recurrence_rule){ RECURRENCE_DAILY, DAY(2026, 2, 27),
							 DAY(2026, 3, 1), 0, 0 },
			       &days),
			 3);
	/* Mondays and Wednesdays of two weeks. */
	assert_int_equal(count((struct recurrence_rule){ RECURRENCE_WEEKLY, DAY(2026, 11, 16),
							 DAY(2026, 11, 29), 1 << 1 | 1 << 3, 0 },
			       &days),
			 4);
	assert_int_equal(days[1], DAY(2026, 11, 18));
	/* The 31st: months without it are left out, 2028 is a leap year. */
	assert_int_equal(count((struct recurrence_rule){ RECURRENCE_MONTHLY, DAY(2027, 12, 1),
							 DAY(2028, 6, 30), 0, 31 },
			       &days),
			 4);
	assert_int_equal(days[3], DAY(2028, 5, 31));
	assert_int_equal(count((struct recurrence_rule){ RECURRENCE_MONTHLY, DAY(2028, 2, 1),
							 DAY(2028, 2, 29), 0, 29 },
			       &days),
			 1);
	assert_int_equal(count((struct recurrence_rule){ RECURRENCE_DAILY, 0,
							 RECURRENCE_DAYS_MAX - 1, 0, 0 },
			       &days),
			 RECURRENCE_DAYS_MAX);
}

static const struct {
	struct recurrence_rule rule;
	const char *field;
	enum reason reason;
} refused[] = {
	{ { RECURRENCE_DAILY, 10, 9, 0, 0 }, "end_date", REASON_END_BEFORE_START },
	{ { RECURRENCE_DAILY, 0, RECURRENCE_DAYS_MAX, 0, 0 }, "end_date", REASON_RANGE_TOO_LONG },
	{ { RECURRENCE_WEEKLY, 0, 9, 0, 0 }, "weekdays", REASON_NO_WEEKDAY },
	{ { RECURRENCE_WEEKLY, 0, 9, 128, 0 }, "weekdays", REASON_NO_WEEKDAY },
	{ { RECURRENCE_MONTHLY, 0, 9, 0, 0 }, "day_of_month", REASON_NOT_A_DATE },
	{ { RECURRENCE_MONTHLY, 0, 9, 0, 32 }, "day_of_month", REASON_NOT_A_DATE },
};

static void test_senseless_rules_are_refused(void **state)
{
	const int32_t *days;
	struct error e;
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		error_init(&e);
		assert_int_equal(recurrence_days(&refused[i].rule, &arena, &days, &n, &e),
				 RC_INVALID);
		assert_string_equal(e.fields[0].field, refused[i].field);
		assert_int_equal(e.fields[0].reason, refused[i].reason);
	}
}

static void test_periods(void **state)
{
	int32_t friday = DAY(2026, 11, 20);
	struct period_days d;
	enum period p;

	(void)state;
	d = period_on(PERIOD_WEEK, friday);
	assert_int_equal(d.from_day, DAY(2026, 11, 16));
	assert_int_equal(d.to_day, DAY(2026, 11, 22));
	d = period_on(PERIOD_WEEK, DAY(2026, 11, 22)); /* a Sunday ends its week */
	assert_int_equal(d.from_day, DAY(2026, 11, 16));
	d = period_on(PERIOD_MONTH, DAY(2028, 2, 10));
	assert_int_equal(d.to_day, DAY(2028, 2, 29));
	d = period_on(PERIOD_TERM, friday);
	assert_int_equal(d.from_day, DAY(2026, 8, 1));
	assert_int_equal(d.to_day, DAY(2026, 12, 31));
	d = period_on(PERIOD_TERM, DAY(2026, 7, 31));
	assert_int_equal(d.to_day, DAY(2026, 7, 31));
	d = period_on(PERIOD_NEXT_14, friday);
	assert_int_equal(d.to_day, friday + 14);
	d = period_on(PERIOD_ALL, friday);
	assert_int_equal(d.from_day, NO_DAY);
	for (int i = 0; i < PERIOD__MAX; i++) {
		assert_true(period_from(str_from(period_name((enum period)i)), &p));
		assert_int_equal(p, i);
	}
	assert_false(period_from(STR("Week"), &p));
}

static const struct {
	struct str name, want; /* want empty: refused */
} names[] = {
	{ STR_INIT("slides.pdf"), STR_INIT("slides.pdf") },
	{ STR_INIT("../../etc/passwd"), STR_INIT("passwd") },
	{ STR_INIT("C:\\Users\\me\\a b.docx"), STR_INIT("a b.docx") },
	{ STR_INIT("a\0b.pdf"), STR_INIT("ab.pdf") },
	{ STR_INIT("x\xE2\x80\xAE"
		   "fdp.exe"),
	  STR_INIT("xfdp.exe") },
	{ STR_INIT("\xF0\x9F\x93\x9A.png"), STR_INIT("\xF0\x9F\x93\x9A.png") },
	{ STR_INIT("line\nbreak.txt"), STR_INIT("linebreak.txt") },
	{ STR_INIT(".pdf"), STR_INIT("") },
	{ STR_INIT("..."), STR_INIT("") },
	{ STR_INIT("dir/"), STR_INIT("") },
	{ STR_INIT(""), STR_INIT("") },
	{ STR_INIT("\xFF.pdf"), STR_INIT("") },
};

static void test_file_names_are_cleaned(void **state)
{
	char text[400 * 4 + 4];
	struct str clean;
	struct error e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		enum rc rc;

		error_init(&e);
		rc = attachment_clean_name(&arena, names[i].name, &clean, &e);
		assert_int_equal(rc, names[i].want.n ? RC_OK : RC_INVALID);
		if (rc == RC_OK)
			assert_true(str_eq(clean, names[i].want));
		else
			assert_int_equal(e.fields[0].reason, REASON_FILE_NAME);
	}
	for (size_t i = 0; i < 400; i++)
		memcpy(text + i * 4, "\xF0\x9F\x93\x9A", 4);
	memcpy(text + 1600, ".pdf", 4);
	assert_int_equal(attachment_clean_name(&arena, str_make(text, 1604), &clean, &e), RC_OK);
	assert_int_equal(utf8_length(clean), ATTACHMENT_NAME_MAX);
	assert_true(str_ends(clean, STR(".pdf")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules_make_days),
		cmocka_unit_test(test_senseless_rules_are_refused),
		cmocka_unit_test(test_periods),
		cmocka_unit_test(test_file_names_are_cleaned),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
