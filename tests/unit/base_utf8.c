/*
 * UTF-8 in base/str.h, against a slow definition of its own: a sequence is
 * well formed when encoding its code point again gives the same bytes.
 */
#include "unit/guard.h"

static size_t encode(uint32_t code, char out[4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xC0 | code >> 6);
		out[1] = (char)(0x80 | (code & 63));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xE0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 63));
		out[2] = (char)(0x80 | (code & 63));
		return 3;
	}
	out[0] = (char)(0xF0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 63));
	out[2] = (char)(0x80 | (code >> 6 & 63));
	out[3] = (char)(0x80 | (code & 63));
	return 4;
}

static void test_every_code_point(void **state)
{
	char bytes[4];

	(void)state;
	for (uint32_t code = 0; code < 0x120000; code++) {
		struct str s = str_make(bytes, encode(code, bytes));
		bool is_good = code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
		size_t at = 0;

		if (utf8_valid(s) != is_good)
			fail_msg("U+%04X", (unsigned)code);
		assert_int_equal(utf8_sequence(s, 0), is_good ? s.n : 0);
		assert_int_equal(utf8_next(s, &at), is_good ? code : 0xFFFD);
		assert_int_equal(at, is_good ? s.n : 1);
	}
}

static void test_malformed(void **state)
{
	static const struct str cases[] = {
		STR_INIT("\x80"),
		STR_INIT("\xBF"),
		STR_INIT("\xC0\x80"),
		STR_INIT("\xC1\xBF"),
		STR_INIT("\xC3"),
		STR_INIT("\xC3("),
		STR_INIT("\xE0\x9F\xBF"),
		STR_INIT("\xE2\x82"),
		STR_INIT("\xED\xA0\x80"),
		STR_INIT("\xF0\x8F\xBF\xBF"),
		STR_INIT("\xF0\x9F\x98"),
		STR_INIT("\xF4\x90\x80\x80"),
		STR_INIT("\xF5\x80\x80\x80"),
		STR_INIT("\xFF"),
		STR_INIT("abcdefgh\xC3"),
		STR_INIT("abcdefghabcdefgh\x80z"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i]);
		size_t at = 0, n = 0;

		assert_false(utf8_valid(g.s));
		for (; at < g.s.n; n++)
			utf8_next(g.s, &at);
		assert_int_equal(at, g.s.n);
		assert_true(n > 0);
		guard_free(&g);
	}
}

static void test_length_and_prefix(void **state)
{
	struct str s = STR("aé€😀z");

	(void)state;
	assert_true(utf8_valid(s));
	assert_int_equal(utf8_length(s), 5);
	assert_str(utf8_prefix(s, 0), STR(""));
	assert_str(utf8_prefix(s, 2), STR("aé"));
	assert_str(utf8_prefix(s, 4), STR("aé€😀"));
	assert_str(utf8_prefix(s, 5), s);
	assert_str(utf8_prefix(s, SIZE_MAX), s);
	assert_int_equal(utf8_length(STR("")), 0);
	assert_true(utf8_valid(str_make(NULL, 0)));
	for (size_t n = 0; n <= 5; n++) {
		assert_true(utf8_valid(utf8_prefix(s, n)));
		assert_int_equal(utf8_length(utf8_prefix(s, n)), n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_point),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_length_and_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
