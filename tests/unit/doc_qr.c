/*
 * doc/qr.h: size, quiet zone, what is too long.  That a camera reads it is proved in the browser.
 */
#include "unit/guard.h"

#include "doc/qr.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)4 << 20, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static void test_symbol(void **state)
{
	struct str path;
	struct error e;
	int size = 0;

	(void)state;
	error_init(&e);
	assert_int_equal(qr_path(&arena, STR("https://example.org/c/C1-A"), &size, &path, &e),
			 RC_OK);
	/* Version 2: 25 modules, and four around them on each side. */
	assert_int_equal(size, 33);
	/* The finder pattern begins behind the quiet zone. */
	assert_true(str_starts(path, STR("M4 4h7v1h-7z")));
	assert_true(str_find(path, STR("M4 5h1v1h-1zM10 5h1v1h-1z")) != SIZE_MAX);
}

static void test_lengths(void **state)
{
	char text[QR_TEXT_MAX + 1];
	struct str path;
	struct error e;
	int size = 0;

	(void)state;
	memset(text, 'a', sizeof text);
	error_init(&e);
	assert_int_equal(qr_path(&arena, str_make(text, QR_TEXT_MAX), &size, &path, &e), RC_OK);
	assert_int_equal(qr_path(&arena, str_make(text, QR_TEXT_MAX + 1), &size, &path, &e),
			 RC_TOO_BIG);
	error_init(&e);
	assert_int_equal(qr_path(&arena, (struct str){ 0 }, &size, &path, &e), RC_TOO_BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_symbol, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lengths, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
