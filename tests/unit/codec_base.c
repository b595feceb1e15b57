/*
 * codec/base64.h and base32.h: the RFC's vectors, round trips, refusals.
 */
#include "unit/guard.h"

#include "codec/base32.h"
#include "codec/base64.h"

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

static void test_base64_vectors(void **state)
{
	static const struct {
		struct str bytes, standard, url;
	} cases[] = {
		{ STR_INIT(""), STR_INIT(""), STR_INIT("") },
		{ STR_INIT("f"), STR_INIT("Zg=="), STR_INIT("Zg") },
		{ STR_INIT("fo"), STR_INIT("Zm8="), STR_INIT("Zm8") },
		{ STR_INIT("foo"), STR_INIT("Zm9v"), STR_INIT("Zm9v") },
		{ STR_INIT("foob"), STR_INIT("Zm9vYg=="), STR_INIT("Zm9vYg") },
		{ STR_INIT("foobar"), STR_INIT("Zm9vYmFy"), STR_INIT("Zm9vYmFy") },
		{ STR_INIT("\xFB\xEF\xBE\xFF"), STR_INIT("++++/w=="), STR_INIT("----_w") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t out[16];
		size_t n = 99;
		struct buf b;

		buf_init(&b, &arena, 0, 100);
		base64_encode(&b, cases[i].bytes);
		assert_str(buf_str(&b), cases[i].standard);
		buf_init(&b, &arena, 0, 100);
		base64url_encode(&b, cases[i].bytes);
		assert_str(buf_str(&b), cases[i].url);
		assert_true(base64_decode(cases[i].standard, out, cases[i].bytes.n, &n));
		assert_str(str_make((char *)out, n), cases[i].bytes);
		assert_true(base64url_decode(cases[i].url, out, sizeof out, &n));
		assert_str(str_make((char *)out, n), cases[i].bytes);
	}
}

static void test_base64_refused(void **state)
{
	static const struct str standard[] = {
		STR_INIT("Zg"),    STR_INIT("Zg="),    STR_INIT("Zg==="),    STR_INIT("Zh=="),
		STR_INIT("Zm9="),  STR_INIT("Zg==\n"), STR_INIT("Z g="),     STR_INIT("===="),
		STR_INIT("Z==="),  STR_INIT("=Zm9"),   STR_INIT("Zg==Zg=="), STR_INIT("----"),
		STR_INIT("Zm\0v"),
	};
	static const struct str url[] = { STR_INIT("Zg=="), STR_INIT("Z"),     STR_INIT("Zh"),
					  STR_INIT("++++"), STR_INIT("Zm9v "), STR_INIT("Zm9vZ") };
	uint8_t out[64];
	size_t n = 99;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(standard); i++) {
		struct guard g = guard_make(standard[i]);

		if (base64_decode(g.s, out, sizeof out, &n))
			fail_msg("%.*s", STR_ARG(g.s));
		guard_free(&g);
	}
	for (size_t i = 0; i < ARRAY_LEN(url); i++)
		if (base64url_decode(url[i], out, sizeof out, &n))
			fail_msg("%.*s", STR_ARG(url[i]));
	assert_false(base64_decode(STR("Zm9v"), out, 2, &n)); /* no room */
	assert_int_equal(n, 99);
}

static void test_round_trips(void **state)
{
	uint8_t bytes[67], out[BASE64_DECODED_MAX(200)];
	uint32_t seed = 4711;

	(void)state;
	for (size_t n = 0; n <= sizeof bytes; n++) {
		struct str view = str_make((char *)bytes, n);
		struct buf b;
		size_t n_out;

		for (size_t i = 0; i < n; i++) {
			seed = seed * 1664525u + 1013904223u;
			bytes[i] = (uint8_t)(seed >> 24);
		}
		buf_init(&b, &arena, 0, 200);
		base64url_encode(&b, view);
		assert_true(base64url_decode(buf_str(&b), out, sizeof out, &n_out));
		assert_str(str_make((char *)out, n_out), view);
		buf_init(&b, &arena, 0, 200);
		base32_encode(&b, bytes, n);
		assert_int_equal(b.n, (n * 8 + 4) / 5);
		assert_true(base32_decode(buf_str(&b), out, n, &n_out));
		assert_str(str_make((char *)out, n_out), view);
	}
}

static void test_base32_characters(void **state)
{
	(void)state;
	for (unsigned v = 0; v < 32; v++) {
		char c = base32_digit(v);

		assert_int_equal(str_find_char(STR("ILOU"), c), SIZE_MAX);
		assert_int_equal(base32_value(c), v);
		assert_int_equal(base32_value(ascii_lower(c)), v);
	}
	assert_int_equal(
		base32_value('i') + base32_value('I') + base32_value('l') + base32_value('L'), 4);
	assert_int_equal(base32_value('o') + base32_value('O'), 0);
	for (int i = 0; i < 256; i++)
		if (!ascii_is_alnum((char)i) || ascii_lower((char)i) == 'u')
			assert_int_equal(base32_value((char)i), -1);
}

static void test_base32_decode(void **state)
{
	static const struct {
		struct str text, bytes;
		bool is_good;
	} cases[] = {
		{ STR_INIT(""), STR_INIT(""), true },
		{ STR_INIT("CSQPY"), STR_INIT("foo"), true },
		{ STR_INIT("csq-py"), STR_INIT("foo"), true },
		{ STR_INIT("04"), STR_INIT("\x01"), true },
		{ STR_INIT("o4"), STR_INIT("\x01"), true },
		{ STR_INIT("L0"), STR_INIT("\x08"), true },
		{ STR_INIT("CSQPU"), STR_INIT(""), false },
		{ STR_INIT("CSQ PY"), STR_INIT(""), false },
		{ STR_INIT("0"), STR_INIT(""), false },
		{ STR_INIT("000"), STR_INIT(""), false },
		{ STR_INIT("000000"), STR_INIT(""), false },
		{ STR_INIT("01"), STR_INIT(""), false }, /* fill bits */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].text);
		uint8_t out[8];
		size_t n = 99;

		if (base32_decode(g.s, out, sizeof out, &n) != cases[i].is_good)
			fail_msg("%.*s", STR_ARG(g.s));
		if (cases[i].is_good)
			assert_str(str_make((char *)out, n), cases[i].bytes);
		else
			assert_int_equal(n, 99);
		guard_free(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base64_vectors), cmocka_unit_test(test_base64_refused),
		cmocka_unit_test(test_round_trips),    cmocka_unit_test(test_base32_characters),
		cmocka_unit_test(test_base32_decode),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
