/*
 * codec/url.h and pairs.h: percent-encoding in both directions, forms.
 */
#include "unit/guard.h"

#include "codec/url.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)1 << 20, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static struct str encode(void (*fn)(struct buf *, struct str), struct str in)
{
	struct buf b;

	buf_init(&b, &arena, 0, 4096);
	fn(&b, in);
	assert_true(buf_ok(&b));
	return buf_str(&b);
}

static void test_encode(void **state)
{
	static const struct {
		struct str in, segment, query;
	} cases[] = {
		{ STR_INIT(""), STR_INIT(""), STR_INIT("") },
		{ STR_INIT("aZ09-._~"), STR_INIT("aZ09-._~"), STR_INIT("aZ09-._~") },
		{ STR_INIT("a b/c"), STR_INIT("a%20b%2Fc"), STR_INIT("a%20b%2Fc") },
		{ STR_INIT("a=1&b+c"), STR_INIT("a=1&b+c"), STR_INIT("a%3D1%26b%2Bc") },
		{ STR_INIT("%?#\"<>\\"), STR_INIT("%25%3F%23%22%3C%3E%5C"),
		  STR_INIT("%25%3F%23%22%3C%3E%5C") },
		{ STR_INIT("\xC3\xA9\0\xFF"), STR_INIT("%C3%A9%00%FF"), STR_INIT("%C3%A9%00%FF") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_str(encode(url_segment, cases[i].in), cases[i].segment);
		assert_str(encode(url_query, cases[i].in), cases[i].query);
	}
}

static void test_round_trip(void **state)
{
	char all[256];
	struct str s = str_make(all, sizeof all), back;
	struct error e;

	(void)state;
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	assert_int_equal(url_decode(encode(url_segment, s), false, &arena, &back, &e), RC_OK);
	assert_str(back, s);
	assert_int_equal(url_decode(encode(url_query, s), true, &arena, &back, &e), RC_OK);
	assert_str(back, s);
}

static void test_decode(void **state)
{
	static const struct {
		struct str in, out;
		bool plus, is_good;
	} cases[] = {
		{ STR_INIT(""), STR_INIT(""), true, true },
		{ STR_INIT("abc"), STR_INIT("abc"), true, true },
		{ STR_INIT("a+b"), STR_INIT("a b"), true, true },
		{ STR_INIT("a+b"), STR_INIT("a+b"), false, true },
		{ STR_INIT("%41%c3%A9%00"), STR_INIT("A\xC3\xA9\0"), true, true },
		{ STR_INIT("%2541"), STR_INIT("%41"), true, true }, /* once */
		{ STR_INIT("%2B+"), STR_INIT("+ "), true, true },
		{ STR_INIT("%"), STR_INIT(""), true, false },
		{ STR_INIT("a%4"), STR_INIT(""), true, false },
		{ STR_INIT("%4g"), STR_INIT(""), true, false },
		{ STR_INIT("%%41"), STR_INIT(""), true, false },
		{ STR_INIT("%u0041"), STR_INIT(""), true, false },
		{ STR_INIT("% 41"), STR_INIT(""), true, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].in);
		struct str out = STR("untouched");
		struct error e;
		enum rc rc = url_decode(g.s, cases[i].plus, &arena, &out, &e);

		assert_int_equal(rc, cases[i].is_good ? RC_OK : RC_INVALID);
		assert_str(out, cases[i].is_good ? cases[i].out : STR("untouched"));
		if (!cases[i].is_good)
			assert_int_equal(e.reason, REASON_BODY_MALFORMED);
		guard_free(&g);
	}
}

static void test_form(void **state)
{
	static const struct {
		struct str body;
		size_t n;
		struct pair pairs[4];
	} cases[] = {
		{ STR_INIT(""), 0, { { STR_INIT(""), STR_INIT("") } } },
		{ { NULL, 0 }, 0, { { STR_INIT(""), STR_INIT("") } } },
		{ STR_INIT("&&"), 0, { { STR_INIT(""), STR_INIT("") } } },
		{ STR_INIT("a=1"), 1, { { STR_INIT("a"), STR_INIT("1") } } },
		{ STR_INIT("a"), 1, { { STR_INIT("a"), STR_INIT("") } } },
		{ STR_INIT("a="), 1, { { STR_INIT("a"), STR_INIT("") } } },
		{ STR_INIT("=1"), 1, { { STR_INIT(""), STR_INIT("1") } } },
		{ STR_INIT("="), 1, { { STR_INIT(""), STR_INIT("") } } },
		{ STR_INIT("a=b=c&"), 1, { { STR_INIT("a"), STR_INIT("b=c") } } },
		{ STR_INIT("a+b=c+d&a%26=%3D&a+b=%00"),
		  3,
		  { { STR_INIT("a b"), STR_INIT("c d") },
		    { STR_INIT("a&"), STR_INIT("=") },
		    { STR_INIT("a b"), STR_INIT("\0") } } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].body);
		struct pairs pairs;
		struct error e;

		assert_int_equal(form_parse(g.s, &arena, 4, &pairs, &e), RC_OK);
		assert_int_equal(pairs.n, cases[i].n);
		for (size_t k = 0; k < pairs.n; k++) {
			assert_str(pairs.v[k].name, cases[i].pairs[k].name);
			assert_str(pairs.v[k].value, cases[i].pairs[k].value);
		}
		guard_free(&g);
	}
}

static void test_form_refused(void **state)
{
	struct pairs pairs = { NULL, 4711 };
	struct arena small;
	struct error e;

	(void)state;
	assert_int_equal(form_parse(STR("a=1&b=2&&c"), &arena, 2, &pairs, &e), RC_TOO_BIG);
	assert_int_equal(e.reason, REASON_TOO_MUCH);
	assert_int_equal(form_parse(STR("a=1&b=%2"), &arena, 2, &pairs, &e), RC_INVALID);
	assert_int_equal(form_parse(STR("a%=1"), &arena, 2, &pairs, &e), RC_INVALID);
	arena_init(&small, 16, 0);
	assert_int_equal(form_parse(STR("a=1"), &small, 2, &pairs, &e), RC_NO_MEMORY);
	arena_clear(&small);
	assert_int_equal(pairs.n, 4711);
}

static void test_pairs(void **state)
{
	struct pair v[] = { { STR_INIT("a"), STR_INIT("1") },
			    { STR_INIT("ab"), STR_INIT("2") },
			    { STR_INIT("a"), STR_INIT("3") } };
	struct pairs pairs = { v, 3 }, none = { NULL, 0 };

	(void)state;
	assert_ptr_equal(pairs_find(&pairs, STR("a"), 0), &v[0]);
	assert_ptr_equal(pairs_find(&pairs, STR("a"), 1), &v[2]);
	assert_null(pairs_find(&pairs, STR("a"), 3));
	assert_null(pairs_find(&pairs, STR("A"), 0));
	assert_null(pairs_find(&none, STR(""), 0));
	assert_int_equal(pairs_count(&pairs, STR("a")), 2);
	assert_int_equal(pairs_count(&pairs, STR("b")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode),       cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_decode),       cmocka_unit_test(test_form),
		cmocka_unit_test(test_form_refused), cmocka_unit_test(test_pairs),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
