/*
 * base/str.h: comparing, finding, cutting; the ASCII rules over all bytes.
 */
#include "unit/guard.h"

#define EMPTY ((struct str){ NULL, 0 })

static void check_view(struct str part, struct str whole)
{
	assert_true(part.n <= whole.n);
	if (part.n)
		assert_true(part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void test_compare(void **state)
{
	static const struct {
		struct str a, b;
		int order;
		bool is_equal_nocase;
	} cases[] = {
		{ STR_INIT(""), STR_INIT(""), 0, true },
		{ STR_INIT("a"), STR_INIT("a"), 0, true },
		{ STR_INIT("a"), STR_INIT("A"), 1, true },
		{ STR_INIT("a"), STR_INIT("ab"), -1, false },
		{ STR_INIT("b"), STR_INIT("ab"), 1, false },
		{ STR_INIT("a\0b"), STR_INIT("a\0c"), -1, false },
		{ STR_INIT("\xFF"), STR_INIT("a"), 1, false },            /* bytes are unsigned */
		{ STR_INIT("\xC3\xA9"), STR_INIT("\xC3\x89"), 1, false }, /* ASCII letters only */
		{ { NULL, 0 }, STR_INIT(""), 0, true },
		{ { NULL, 0 }, STR_INIT("x"), -1, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str a = cases[i].a, b = cases[i].b;
		int order = str_cmp(a, b), back = str_cmp(b, a);

		assert_int_equal((order > 0) - (order < 0), cases[i].order);
		assert_int_equal((back > 0) - (back < 0), -cases[i].order);
		assert_int_equal(str_eq(a, b), cases[i].order == 0);
		assert_int_equal(str_eq_nocase(a, b), cases[i].is_equal_nocase);
	}
}

static void test_find(void **state)
{
	struct str s = STR("abcabc");

	(void)state;
	assert_int_equal(str_find_char(s, 'b'), 1);
	assert_int_equal(str_rfind_char(s, 'b'), 4);
	assert_int_equal(str_find_char(s, 'x'), SIZE_MAX);
	assert_int_equal(str_rfind_char(EMPTY, 'x'), SIZE_MAX);
	assert_int_equal(str_find_char(STR("a\0b"), '\0'), 1);
	assert_int_equal(str_find(s, STR("ca")), 2);
	assert_int_equal(str_find(s, STR("cab!")), SIZE_MAX);
	assert_int_equal(str_find(s, STR("")), 0);
	assert_int_equal(str_find(EMPTY, STR("")), 0);
	assert_int_equal(str_find(EMPTY, STR("a")), SIZE_MAX);
	assert_true(str_starts(s, STR("abc")) && str_starts(s, EMPTY) && str_starts(EMPTY, EMPTY));
	assert_false(str_starts(s, STR("abcabcd")) || str_starts(s, STR("b")));
	assert_true(str_ends(s, STR("bc")) && str_ends(s, EMPTY) && str_ends(s, s));
	assert_false(str_ends(s, STR("BC")) || str_ends(EMPTY, STR("c")));
	assert_true(str_ends_nocase(STR("Slides.PDF"), STR(".pdf")));
	assert_false(str_ends_nocase(STR("pdf"), STR(".pdf")));
}

static void test_cut(void **state)
{
	struct str s = STR("hello");

	(void)state;
	assert_str(str_sub(s, 1, 3), STR("ell"));
	assert_str(str_sub(s, 1, SIZE_MAX), STR("ello"));
	assert_str(str_sub(s, 5, 1), STR(""));
	assert_str(str_from_pos(s, 2), STR("llo"));
	assert_str(str_sub(EMPTY, 0, 9), STR(""));
	assert_str(str_from(NULL), STR(""));
	assert_str(str_from("x"), STR("x"));
	for (size_t from = 0; from <= s.n; from++)
		for (size_t n = 0; n < 8; n++)
			check_view(str_sub(s, from, n), s);
}

static void test_trim(void **state)
{
	static const struct {
		struct str in, out;
	} cases[] = {
		{ STR_INIT(""), STR_INIT("") },          { STR_INIT(" \t\r\n"), STR_INIT("") },
		{ STR_INIT(" a b\n"), STR_INIT("a b") }, { STR_INIT("a"), STR_INIT("a") },
		{ STR_INIT("\vа "), STR_INIT("\vа") }, /* no other blanks */
		{ { NULL, 0 }, STR_INIT("") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].in);

		assert_str(str_trim(g.s), cases[i].out);
		check_view(str_trim(g.s), g.s);
		guard_free(&g);
	}
}

static void test_split(void **state)
{
	static const struct {
		struct str in;
		size_t n;
		struct str parts[4];
	} cases[] = {
		{ STR_INIT("a,,b"), 3, { STR_INIT("a"), STR_INIT(""), STR_INIT("b") } },
		{ STR_INIT(""), 1, { STR_INIT("") } },
		{ STR_INIT(","), 2, { STR_INIT(""), STR_INIT("") } },
		{ STR_INIT("a,"), 2, { STR_INIT("a"), STR_INIT("") } },
		{ STR_INIT("abc"), 1, { STR_INIT("abc") } },
		{ { NULL, 0 }, 0, { STR_INIT("") } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str rest = cases[i].in, part;
		size_t n = 0;

		while (str_split(&rest, ',', &part)) {
			assert_true(n < cases[i].n);
			assert_str(part, cases[i].parts[n++]);
			check_view(part, cases[i].in);
		}
		assert_int_equal(n, cases[i].n);
		assert_null(rest.p);
	}
}

static void test_ascii(void **state)
{
	(void)state;
	for (int i = 0; i < 256; i++) {
		char c = (char)i;
		bool is_digit = i >= 48 && i <= 57;
		bool is_upper = i >= 65 && i <= 90, is_lower = i >= 97 && i <= 122;

		assert_int_equal(ascii_is_digit(c), is_digit);
		assert_int_equal(ascii_is_alpha(c), is_upper || is_lower);
		assert_int_equal(ascii_is_alnum(c), is_digit || is_upper || is_lower);
		assert_int_equal(ascii_is_hex(c),
				 is_digit || (i >= 65 && i <= 70) || (i >= 97 && i <= 102));
		assert_int_equal(ascii_lower(c), is_upper ? (char)(i + 32) : c);
		assert_int_equal(ascii_upper(c), is_lower ? (char)(i - 32) : c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compare), cmocka_unit_test(test_find),
		cmocka_unit_test(test_cut),     cmocka_unit_test(test_trim),
		cmocka_unit_test(test_split),   cmocka_unit_test(test_ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
