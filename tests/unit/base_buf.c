/*
 * base/buf.h: growth, maximum, the error that sticks, numbers as text.
 */
#include "unit/guard.h"

#include <stdio.h>

#include "base/buf.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)8 << 20, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static void check_buf(const struct buf *b)
{
	assert_non_null(b->p);
	assert_true(b->n <= b->cap && b->cap <= b->max);
}

static void test_growth(void **state)
{
	static const size_t firsts[] = { 0, 1, 10, 5000, 200000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(firsts); i++) {
		struct buf b, other;

		buf_init(&b, &arena, firsts[i], 100000);
		buf_init(&other, &arena, 10, 100); /* in the way of growing in place */
		for (int k = 0; k < 10000; k++) {
			buf_char(&b, (char)('a' + k % 26));
			buf_add(&b, STR("0123"));
			check_buf(&b);
		}
		assert_true(buf_ok(&b));
		assert_int_equal(buf_str(&b).n, 50000);
		for (size_t k = 0; k < 10000; k++) {
			assert_int_equal(b.p[5 * k], (char)('a' + k % 26));
			assert_memory_equal(b.p + 5 * k + 1, "0123", 4);
		}
	}
}

static void test_maximum(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, &arena, 4, 10);
	buf_add(&b, STR("0123456789"));
	assert_true(buf_ok(&b)); /* exactly the maximum */
	buf_add(&b, str_make(NULL, 0));
	assert_true(buf_ok(&b));
	buf_char(&b, 'x');
	assert_false(buf_ok(&b));
	assert_int_equal(b.n, 10);
	assert_false(buf_reserve(&b, 0)); /* sticks */

	buf_init(&b, &arena, 4, 10);
	assert_true(buf_reserve(&b, 10));
	assert_false(buf_reserve(&b, 11));
	buf_init(&b, &arena, 4, 10);
	buf_char(&b, 'x');
	assert_false(buf_reserve(&b, SIZE_MAX));
	buf_init(&b, &arena, 4, 10);
	buf_printf(&b, "%d", 1234567890); /* the NUL of printf does not count */
	assert_true(buf_ok(&b));
	buf_printf(&b, "%s", "");
	assert_true(buf_ok(&b));
	buf_printf(&b, "%d", 1);
	assert_false(buf_ok(&b));
}

static void test_no_memory(void **state)
{
	struct arena small;
	struct buf b;

	(void)state;
	arena_init(&small, 64, 0);
	buf_init(&b, &small, 100, 1000);
	assert_false(buf_ok(&b));
	buf_add(&b, STR("x"));
	buf_printf(&b, "%d", 1);
	buf_i64(&b, 1);
	assert_int_equal(b.n, 0);
	arena_reset(&small);
	buf_init(&b, &small, 16, 1000);
	buf_printf(&b, "%300d", 1);
	assert_false(buf_ok(&b));
	assert_true(arena_is_over(&small));
	arena_clear(&small);
}

static void test_numbers(void **state)
{
	static const int64_t values[] = { 0, 1, -1, 9, 10, -10, INT64_MAX, INT64_MIN, 1234567 };
	char wanted[64];
	struct buf b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		buf_init(&b, &arena, 0, 64);
		buf_i64(&b, values[i]);
		snprintf(wanted, sizeof wanted, "%lld", (long long)values[i]);
		assert_str(buf_str(&b), str_from(wanted));
	}
	buf_init(&b, &arena, 0, 64);
	buf_u64(&b, UINT64_MAX);
	assert_str(buf_str(&b), STR("18446744073709551615"));
	buf_init(&b, &arena, 0, 64);
	buf_digits(&b, 7, 2);
	buf_digits(&b, 0, 1);
	buf_digits(&b, 123, 2);
	buf_digits(&b, 0, 4);
	assert_str(buf_str(&b), STR("0701230000"));
	buf_init(&b, &arena, 0, 64);
	buf_hex(&b, (const uint8_t *)"\x00\x7f\xff", 3);
	buf_hex(&b, NULL, 0);
	assert_str(buf_str(&b), STR("007fff"));
}

static void test_printf(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, &arena, 0, 100000);
	buf_printf(&b, "%s=%d;", "a", 1);
	buf_printf(&b, "%255d;", 2);
	buf_printf(&b, "%256d;", 3);
	buf_printf(&b, "%5000d;", 4);
	BUF_LIT(&b, "end");
	assert_true(buf_ok(&b));
	assert_int_equal(b.n, 4 + 256 + 257 + 5001 + 3);
	assert_true(str_starts(buf_str(&b), STR("a=1; ")));
	assert_true(str_ends(buf_str(&b), STR(" 4;end")));
	check_buf(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growth),    cmocka_unit_test(test_maximum),
		cmocka_unit_test(test_no_memory), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_printf),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
