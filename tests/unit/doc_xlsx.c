/*
 * doc/xlsx.h: a workbook is a whole file, also when it is long or given up half way.
 */
#include "unit/guard.h"

#include "doc/xlsx.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)64 << 20, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static struct xlsx *opened(struct str sheet)
{
	static const int widths[] = { 20, 8 };
	struct xlsx *x = NULL;
	struct error e;

	error_init(&e);
	assert_int_equal(xlsx_open(&arena, sheet, widths, 2, &x, &e), RC_OK);
	return x;
}

static struct str all_of(struct xlsx *x)
{
	bool is_last = false;
	struct error e;
	struct buf b;

	error_init(&e);
	buf_init(&b, &arena, 4096, (size_t)32 << 20);
	while (!is_last)
		assert_int_equal(xlsx_read(x, &b, 5000, &is_last, &e), RC_OK);
	return buf_str(&b);
}

static void test_rows(void **state)
{
	const struct xlsx_cell head[] = { { XLSX_TEXT, STR("Name"), 0 },
					  { XLSX_TEXT, STR("Rate"), 0 } };
	const struct xlsx_cell row[] = {
		{ XLSX_TEXT, STR("=1+1"), 0 }, { XLSX_PERCENT, { 0 }, 80 },
		{ XLSX_DAY, { 0 }, 20000 },    { XLSX_DAY, { 0 }, NO_DAY },
		{ XLSX_EMPTY, { 0 }, 0 },      { XLSX_NUMBER, { 0 }, -7 }
	};
	struct xlsx *x = opened(STR("A name: with [all] that is */ not allowed, and far too long"));
	struct error e;
	struct str file;

	(void)state;
	error_init(&e);
	assert_int_equal(xlsx_row(x, head, ARRAY_LEN(head), &e), RC_OK);
	for (int i = 0; i < 3000; i++)
		assert_int_equal(xlsx_row(x, row, ARRAY_LEN(row), &e), RC_OK);
	assert_int_equal(xlsx_finish(x, &e), RC_OK);
	file = all_of(x);
	assert_true(str_starts(file, STR("PK\003\004")));
	assert_true(file.n > 10000);
	/* The end of the central directory: nothing is cut. */
	assert_true(str_eq(str_sub(file, file.n - 22, 4), STR("PK\005\006")));
}

static void test_given_up(void **state)
{
	const struct xlsx_cell cell = { XLSX_TEXT, STR("a"), 0 };
	struct xlsx *x = opened(STR(""));
	struct error e;

	(void)state;
	error_init(&e);
	assert_int_equal(xlsx_row(x, &cell, 1, &e), RC_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_given_up, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
