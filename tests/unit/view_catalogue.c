/*
 * view/catalogue.h and view/format.h: texts by key, and values as people read
 * them, in English and French.
 */
#include "unit/guard.h"

#include "base/reason.h"
#include "view/format.h"

static struct arena arena;
static struct buf out;

static struct tpl begin(enum lang lang)
{
	arena_reset(&arena);
	buf_init(&out, &arena, 64, 1024);
	return (struct tpl){ .out = &out, .arena = &arena, .lang = lang };
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 1 << 16, 1 << 16);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static void expect(struct str s, const char *text)
{
	if (!str_eq(s, str_from(text)))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(s), text);
}

static void test_lookup(void **state)
{
	const struct catalogue_key column = NC_("column", "Date"), fruit = NC_("fruit", "Date");
	const struct catalogue_key none = NC_("none", "Date");

	(void)state;
	expect(catalogue_text(LANG_EN, "Plain"), "Plain");
	expect(catalogue_text(LANG_FR, "Plain"), "Simple <b>");
	expect(catalogue_text(LANG_FR, "not there"), "not there");
	expect(catalogue_text(LANG_FR, "Date"), "Date"); /* only with a context */
	expect(catalogue_text_ctx(LANG_FR, column), "Jour");
	expect(catalogue_text_ctx(LANG_FR, fruit), "Datte");
	expect(catalogue_text_ctx(LANG_FR, none), "Date");
	expect(catalogue_text(LANG_FR, ""), "");
}

static void test_numbers_in_texts(void **state)
{
	const char *text = reason_text(REASON_TOO_LONG);
	struct arena none;

	(void)state;
	expect(catalogue_text_n(&arena, LANG_EN, text, 100), "At most 100 characters.");
	expect(catalogue_text_n(&arena, LANG_FR, text, -5), "-5\u00a0caractères au maximum.");
	text = reason_text(REASON_RATE);
	expect(catalogue_text_n(&arena, LANG_EN, text, 1), "Too many tries. Please wait 1 second.");
	expect(catalogue_text_n(&arena, LANG_EN, text, 2),
	       "Too many tries. Please wait 2 seconds.");
	expect(catalogue_text_n(&arena, LANG_FR, "{n}{n} of {m}", 7), "77 of {m}");
	expect(catalogue_text_n(&arena, LANG_FR, "no hole", 7), "no hole");
	arena_init(&none, 0, 0);
	assert_null(catalogue_text_n(&none, LANG_FR, text, 1).p);
	arena_clear(&none);
}

static void test_sorted_and_complete(void **state)
{
	(void)state;
	assert_true(catalogue_n_messages > 60);
	for (size_t i = 0; i < catalogue_n_messages; i++) {
		const struct message *m = catalogue_messages[i];

		for (unsigned lang = 0; lang < LANG__MAX; lang++) {
			assert_true(m->n_forms[lang] >= 1);
			for (unsigned k = 0; k < m->n_forms[lang]; k++)
				assert_true(m->forms[lang][k].text.n > 0);
		}
		/* The search finds each of them. */
		assert_ptr_equal(catalogue_text_ctx(LANG_EN, m->key).p,
				 m->forms[LANG_EN][0].text.p);
	}
}

static void test_every_reason(void **state)
{
	(void)state;
	for (unsigned r = REASON_NONE + 1; r < REASON__MAX; r++) {
		const char *text = reason_text((enum reason)r);

		assert_ptr_not_equal(catalogue_text(LANG_FR, text).p, text);
	}
}

static void test_languages(void **state)
{
	enum lang lang = LANG__MAX;

	(void)state;
	expect(lang_tag(LANG_EN), "en");
	expect(lang_own_name(LANG_FR), "Français");
	expect(lang_direction(LANG_FR), "ltr");
	assert_true(lang_from_tag(STR("fr"), &lang));
	assert_int_equal(lang, LANG_FR);
	assert_false(lang_from_tag(STR("FR"), &lang));
	assert_false(lang_from_tag(STR(""), &lang));
	assert_int_equal(lang, LANG_FR);
}

static void test_plural_rules(void **state)
{
	static const struct {
		uint64_t n;
		size_t en, fr;
	} cases[] = { { 0, 1, 0 }, { 1, 0, 0 }, { 2, 1, 1 }, { 100, 1, 1 }, { UINT64_MAX, 1, 1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(catalogue_plural_EN(cases[i].n), cases[i].en);
		assert_int_equal(catalogue_plural_FR(cases[i].n), cases[i].fr);
	}
}

static void test_days(void **state)
{
	static const struct {
		const char *iso, *en[6], *fr[6];
	} cases[] = {
		{ "2026-11-19",
		  { "Thursday 19 November 2026", "Thursday 19 November", "Thu 19 Nov", "19",
		    "Thursday", "November 2026" },
		  { "jeudi 19 novembre 2026", "jeudi 19 novembre", "jeu. 19 nov.", "19", "jeudi",
		    "novembre 2026" } },
		{ "2026-05-01",
		  { "Friday 1 May 2026", "Friday 1 May", "Fri 1 May", "1", "Friday", "May 2026" },
		  { "vendredi 1er mai 2026", "vendredi 1er mai", "ven. 1er mai", "1", "vendredi",
		    "mai 2026" } },
		{ "1000-01-01",
		  { "Wednesday 1 January 1000", "Wednesday 1 January", "Wed 1 Jan", "1",
		    "Wednesday", "January 1000" },
		  { "mercredi 1er janvier 1000", "mercredi 1er janvier", "mer. 1er janv.", "1",
		    "mercredi", "janvier 1000" } },
		{ "9999-12-31",
		  { "Friday 31 December 9999", "Friday 31 December", "Fri 31 Dec", "31", "Friday",
		    "December 9999" },
		  { "vendredi 31 décembre 9999", "vendredi 31 décembre", "ven. 31 déc.", "31",
		    "vendredi", "décembre 9999" } },
	};
	static struct str (*const filters[])(
		struct tpl *, int32_t) = { fmt_day_long, fmt_day_medium, fmt_day_short,
					   fmt_day_num,  fmt_weekday,    fmt_month_year };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int32_t day;

		assert_true(day_parse(str_from(cases[i].iso), &day));
		for (size_t k = 0; k < ARRAY_LEN(filters); k++) {
			struct tpl t = begin(LANG_EN);

			expect(filters[k](&t, day), cases[i].en[k]);
			t.lang = LANG_FR;
			expect(filters[k](&t, day), cases[i].fr[k]);
			expect(filters[k](&t, NO_DAY), "");
			expect(fmt_iso_day(&t, day), cases[i].iso);
		}
	}
}

static void test_times(void **state)
{
	struct tpl t = begin(LANG_FR);

	(void)state;
	expect(fmt_tod(&t, 0), "00:00");
	expect(fmt_tod(&t, 34200), "09:30");
	expect(fmt_tod(&t, 86399), "23:59");
	expect(fmt_tod(&t, NO_DAY), "");
	expect(fmt_iso_day(&t, NO_DAY), "");
	expect(fmt_us_iso(&t, 0), "1970-01-01T00:00:00.000000Z");
	expect(fmt_us_iso(&t, NO_TIME), "");
}

struct number_case {
	int64_t n;
	const char *en, *fr;
};

static void expect_numbers(struct str (*filter)(struct tpl *, int64_t),
			   const struct number_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct tpl t = begin(LANG_EN);

		expect(filter(&t, cases[i].n), cases[i].en);
		t.lang = LANG_FR;
		expect(filter(&t, cases[i].n), cases[i].fr);
		assert_true(buf_ok(t.out));
	}
}

static void test_bytes(void **state)
{
	static const struct number_case cases[] = {
		{ 0, "0\u00a0B", "0\u00a0o" },
		{ -1, "0\u00a0B", "0\u00a0o" },
		{ 999, "999\u00a0B", "999\u00a0o" },
		{ 1023, "1023\u00a0B", "1023\u00a0o" },
		{ 1024, "1\u00a0kB", "1\u00a0ko" },
		{ 1075, "1\u00a0kB", "1\u00a0ko" },
		{ 1076, "1.1\u00a0kB", "1,1\u00a0ko" },
		{ 10188, "9.9\u00a0kB", "9,9\u00a0ko" },
		{ 10189, "10\u00a0kB", "10\u00a0ko" },
		{ 38400, "38\u00a0kB", "38\u00a0ko" },
		{ 1048063, "1023\u00a0kB", "1023\u00a0ko" },
		{ 1048064, "1\u00a0MB", "1\u00a0Mo" },
		{ 4404019, "4.2\u00a0MB", "4,2\u00a0Mo" },
		{ 88640000, "84.5\u00a0MB", "84,5\u00a0Mo" },
		{ 104857600, "100\u00a0MB", "100\u00a0Mo" },
		{ 1073217535, "1023\u00a0MB", "1023\u00a0Mo" },
		{ 1073217536, "1\u00a0GB", "1\u00a0Go" },
		{ INT64_MAX, "8589934592\u00a0GB", "8589934592\u00a0Go" },
	};

	(void)state;
	expect_numbers(fmt_bytes, cases, ARRAY_LEN(cases));
}

static void test_numbers(void **state)
{
	static const struct number_case numbers[] = {
		{ 0, "0", "0" },
		{ 999, "999", "999" },
		{ 1000, "1,000", "1\u202f000" },
		{ -1000007, "-1,000,007", "-1\u202f000\u202f007" },
		{ INT64_MAX, "9,223,372,036,854,775,807",
		  "9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f807" },
		{ INT64_MIN, "-9,223,372,036,854,775,808",
		  "-9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808" },
	};
	static const struct number_case hundredths[] = {
		{ 0, "0", "0" },         { 1364, "13.64", "13.64" }, { 5, "0.05", "0.05" },
		{ 10000, "100", "100" }, { -150, "-1.50", "-1.50" },
	};
	static const struct number_case lengths[] = {
		{ 0, "0\u00a0min", "0\u00a0min" },
		{ 45, "45\u00a0min", "45\u00a0min" },
		{ 120, "2\u00a0h", "2\u00a0h" },
		{ 81, "1\u00a0h 21\u00a0min", "1\u00a0h 21\u00a0min" },
		{ -5, "-5\u00a0min", "-5\u00a0min" },
		{ -61, "-1\u00a0h 1\u00a0min", "-1\u00a0h 1\u00a0min" },
	};
	static const struct number_case hours[] = {
		{ 0, "0:00", "0:00" },
		{ 1110, "18:30", "18:30" },
		{ -65, "-1:05", "-1:05" },
		{ 6005, "100:05", "100:05" },
	};

	(void)state;
	expect_numbers(fmt_number, numbers, ARRAY_LEN(numbers));
	expect_numbers(fmt_hundredths, hundredths, ARRAY_LEN(hundredths));
	expect_numbers(fmt_minutes_hm, lengths, ARRAY_LEN(lengths));
	expect_numbers(fmt_hours_colon, hours, ARRAY_LEN(hours));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_numbers_in_texts),
		cmocka_unit_test(test_sorted_and_complete),
		cmocka_unit_test(test_every_reason),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_plural_rules),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests_name("view_catalogue", tests, setup, teardown);
}
