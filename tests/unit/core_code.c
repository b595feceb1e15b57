/*
 * Completion codes: every single wrong sign and every swap of neighbours is found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/time.h"
#include "core/session/code.h"

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
static const char *const courses[] = { "DB-220", "A", "WEB310XYZ99", "O0I1L", "", "数据" };

static struct str make(size_t i, char out[CODE_GENERATED_SIZE])
{
	uint32_t mixed = (uint32_t)i * 2654435761U;
	uint8_t random[CODE_RANDOM_SIGNS];

	for (size_t k = 0; k < CODE_RANDOM_SIGNS; k++)
		random[k] = (uint8_t)(mixed * (k * k + 1) >> (k % 4 * 8));

	return code_generate(str_from(courses[i % ARRAY_LEN(courses)]), STR("Grp 7"),
			     day_from_ymd((struct ymd){ 2026, 1, 1 }) + (int32_t)(i % 365), random,
			     out);
}

static void test_generated_codes_look_as_promised(void **state)
{
	char out[CODE_GENERATED_SIZE];
	const uint8_t random[CODE_RANDOM_SIGNS] = { 0, 30, 31, 62, 93 };
	struct str code;

	(void)state;
	code = code_generate(STR("DB-220"), STR(""), day_from_ymd((struct ymd){ 2026, 11, 9 }),
			     random, out);
	assert_int_equal(code.n, 23);
	assert_true(code_is_long(code));
	assert_true(str_starts(code, STR("DB220-1109-2Z22222222")));
	assert_true(str_starts(make(4, out), STR("GRP7-")));
	assert_true(str_starts(make(2, out), STR("WEB310XY-")));
	code = code_generate(STR(""), STR("数"), 20000, random, out);
	assert_true(str_starts(code, STR("SES-")));
}

static void test_each_wrong_sign_is_found(void **state)
{
	char out[CODE_GENERATED_SIZE], text[CODE_GENERATED_SIZE];

	(void)state;
	for (size_t i = 0; i < 2000; i++) {
		struct str code = make(i, out);

		assert_int_equal(code_check(code), CODE_RIGHT);
		for (size_t at = 0; at < code.n; at++) {
			memcpy(text, code.p, code.n);
			for (size_t k = 0; alphabet[k]; k++) {
				text[at] = alphabet[k];
				if (alphabet[k] == code.p[at])
					continue;
				if (code_check(str_make(text, code.n)) == CODE_RIGHT)
					fail_msg("%.*s passes for %.*s", (int)code.n, text,
						 STR_ARG(code));
				if (code.p[at] != '-' && alphabet[k] != '-')
					assert_int_equal(code_check(str_make(text, code.n)),
							 CODE_WRONG);
			}
		}
	}
}

static void test_each_swap_of_neighbours_is_found(void **state)
{
	char out[CODE_GENERATED_SIZE], text[CODE_GENERATED_SIZE];

	(void)state;
	for (size_t i = 0; i < 30000; i++) {
		struct str code = make(i, out);

		for (size_t at = 0; at + 1 < code.n; at++) {
			if (code.p[at] == code.p[at + 1])
				continue;
			memcpy(text, code.p, code.n);
			text[at] = code.p[at + 1];
			text[at + 1] = code.p[at];
			if (code_check(str_make(text, code.n)) == CODE_RIGHT)
				fail_msg("%.*s passes for %.*s", (int)code.n, text, STR_ARG(code));
		}
	}
}

static void test_free_text_has_no_check(void **state)
{
	static const char *const texts[] = { "",
					     "BATCH-001-DEC19",
					     "BATCH-1002-DEC25",
					     "SESSION-20251219-0930-AB3DE",
					     "DB220-1119-H7VX",
					     "Week 02 / session 004",
					     "TEST-1234-ABCDEF1",
					     "Été-2026-北京",
					     "ABCDEFGHIJ-1119-H7VX23" };
	char out[CODE_GENERATED_SIZE], lower[CODE_GENERATED_SIZE + 2];
	struct str code = make(0, out);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_int_equal(code_check(str_from(texts[i])), CODE_FREE);
	lower[0] = lower[code.n + 1] = ' ';
	for (size_t i = 0; i < code.n; i++)
		lower[i + 1] = ascii_lower(code.p[i]);
	assert_int_equal(code_check(str_make(lower, code.n + 2)), CODE_RIGHT);
}

static const struct {
	const char *code, *key;
} keys[] = { { "  db-1  x ", "DB-1 X" }, { "ABC", "ABC" }, { "été ß", "éTé ß" },
	     { "a\t\n b", "A B" },       { "   ", "" },    { "ı", "ı" } };

/* Codes made with four random signs stay right, and are told apart. */
static void test_older_codes(void **state)
{
	static const struct {
		const char *code;
		enum code_check check;
	} cases[] = { { "DB220-1109-2Z22@@", CODE_RIGHT }, { "db220-1109-2z22@@", CODE_RIGHT },
		      { "DB220-1109-2Z23@@", CODE_WRONG }, { "DB220-1109-22Z2@@", CODE_WRONG },
		      { "DB2201-109-2Z22@@", CODE_WRONG }, { "DB220-11092-Z22@@", CODE_WRONG } };
	static const char signs[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
	char right[32] = "DB220-1109-2Z22", text[32];
	int n_right = 0;

	(void)state;
	for (int i = 0; i < 31 * 31 && !n_right; i++) {
		right[15] = signs[i / 31];
		right[16] = signs[i % 31];
		n_right += code_check(str_make(right, 17)) == CODE_RIGHT;
	}
	assert_int_equal(n_right, 1);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		memcpy(text, cases[i].code, 15);
		memcpy(text + 15, right + 15, 2);
		if (code_check(str_make(text, 17)) != cases[i].check)
			fail_msg("%.17s", text);
		assert_false(code_is_long(str_make(text, 17)));
	}
}

static void test_keys_fold(void **state)
{
	char longest[CODE_MAX_CHARS * 4 + 4];
	struct arena a;
	struct str clean;
	struct error e;

	(void)state;
	arena_init(&a, 1 << 16, 0);
	error_init(&e);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		assert_true(str_eq(code_key(&a, str_from(keys[i].code)), str_from(keys[i].key)));
	for (size_t i = 0; i < sizeof longest; i += 4)
		memcpy(longest + i, "\xF0\x9F\x93\x9A", 4);
	assert_int_equal(code_clean(str_make(longest, CODE_MAX_CHARS * 4), "c", &clean, &e), RC_OK);
	assert_int_equal(code_clean(str_make(longest, sizeof longest), "c", &clean, &e),
			 RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_TOO_LONG);
	assert_int_equal(code_clean(STR("a\0b"), "c", &clean, &e), RC_INVALID);
	assert_int_equal(code_clean(STR("\xFF"), "c", &clean, &e), RC_INVALID);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generated_codes_look_as_promised),
		cmocka_unit_test(test_each_wrong_sign_is_found),
		cmocka_unit_test(test_each_swap_of_neighbours_is_found),
		cmocka_unit_test(test_free_text_has_no_check),
		cmocka_unit_test(test_older_codes),
		cmocka_unit_test(test_keys_fold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
