/*
 * base/num.h: exact numbers, outputs untouched on failure.
 */
#include "unit/guard.h"

#include "base/num.h"

static void test_i64(void **state)
{
	static const struct {
		struct str in;
		int64_t min, max, v;
		bool is_good;
	} cases[] = {
		{ STR_INIT("0"), 0, 9, 0, true },
		{ STR_INIT("-0"), 0, 9, 0, true },
		{ STR_INIT("007"), 0, 9, 7, true },
		{ STR_INIT("9223372036854775807"), INT64_MIN, INT64_MAX, INT64_MAX, true },
		{ STR_INIT("-9223372036854775808"), INT64_MIN, INT64_MAX, INT64_MIN, true },
		{ STR_INIT("9223372036854775808"), INT64_MIN, INT64_MAX, 0, false },
		{ STR_INIT("-9223372036854775809"), INT64_MIN, INT64_MAX, 0, false },
		{ STR_INIT("99999999999999999999999"), INT64_MIN, INT64_MAX, 0, false },
		{ STR_INIT("10"), 0, 9, 0, false },
		{ STR_INIT("-1"), 0, 9, 0, false },
		{ STR_INIT(""), 0, 9, 0, false },
		{ { NULL, 0 }, 0, 9, 0, false },
		{ STR_INIT("-"), INT64_MIN, 9, 0, false },
		{ STR_INIT("+1"), 0, 9, 0, false },
		{ STR_INIT(" 1"), 0, 9, 0, false },
		{ STR_INIT("1 "), 0, 9, 0, false },
		{ STR_INIT("1\0"), 0, 9, 0, false },
		{ STR_INIT("0x1"), 0, 9, 0, false },
		{ STR_INIT("1e1"), 0, 99, 0, false },
		{ STR_INIT("1.0"), 0, 99, 0, false },
		{ STR_INIT("--1"), -9, 9, 0, false },
		{ STR_INIT("\xD9\xA1"), 0, 9, 0, false }, /* an Arabic digit */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].in);
		int64_t v = 4711;

		assert_int_equal(num_i64(g.s, cases[i].min, cases[i].max, &v), cases[i].is_good);
		assert_int_equal(v, cases[i].is_good ? cases[i].v : 4711);
		guard_free(&g);
	}
}

static void test_hex(void **state)
{
	uint8_t bytes[3] = { 1, 2, 3 };

	(void)state;
	assert_true(num_hex(STR("00fFA9"), bytes, 3));
	assert_memory_equal(bytes, "\x00\xff\xa9", 3);
	assert_false(num_hex(STR("00ff0g"), bytes, 3));
	assert_false(num_hex(STR("00ff0"), bytes, 3));
	assert_false(num_hex(STR("00ff0000"), bytes, 3));
	assert_false(num_hex(STR(""), bytes, SIZE_MAX));
	assert_memory_equal(bytes, "\x00\xff\xa9", 3);
	assert_true(num_hex(str_make(NULL, 0), bytes, 0));
}

static void test_sizes(void **state)
{
	size_t v = 5;

	(void)state;
	assert_true(size_add(SIZE_MAX - 1, 1, &v));
	assert_int_equal(v, SIZE_MAX);
	assert_false(size_add(SIZE_MAX, 1, &v));
	assert_int_equal(v, SIZE_MAX);
	assert_true(size_mul(SIZE_MAX / 2, 2, &v));
	assert_int_equal(v, SIZE_MAX - 1);
	assert_false(size_mul(SIZE_MAX / 2 + 1, 2, &v));
	assert_int_equal(v, SIZE_MAX - 1);
	assert_true(size_mul(0, SIZE_MAX, &v));
	assert_int_equal(v, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_i64),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
