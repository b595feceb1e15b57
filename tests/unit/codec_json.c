/*
 * codec/json.h: what the writer makes, what the reader takes and refuses, the
 * flattening, and that what is written reads back.
 */
#include "unit/guard.h"

#include <stdio.h>

#include "codec/json.h"

#define FFFD "\xEF\xBF\xBD"

static struct arena arena;
static struct buf out;
static struct json_out json;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)8 << 20, 0);
	buf_init(&out, &arena, 16, (size_t)1 << 20);
	json_out_init(&json, &out);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static enum rc read_text(struct str text, struct json_t **ret)
{
	struct guard g = guard_make(text);
	struct error e;
	enum rc rc = json_read(g.s, 1 << 20, &arena, ret, &e);

	if (rc != RC_OK)
		assert_int_equal(e.rc, rc);
	guard_free(&g);
	return rc;
}

static void test_write_structure(void **state)
{
	(void)state;
	json_out_object(&json);
	json_out_key_i64(&json, "i", INT64_MIN);
	json_out_key_str(&json, "s", STR("x"));
	json_out_key_cz(&json, "c", "y");
	json_out_key_cz(&json, "n", NULL);
	json_out_key_bool(&json, "b", true);
	json_out_key_null(&json, "z");
	json_out_key_array(&json, "a");
	json_out_array_end(&json);
	json_out_key_array(&json, "d");
	json_out_bool(&json, false);
	json_out_object(&json);
	json_out_object_end(&json);
	json_out_array(&json);
	json_out_null(&json);
	json_out_raw(&json, STR("{\"r\":1}"));
	json_out_array_end(&json);
	json_out_i64(&json, 7);
	json_out_array_end(&json);
	json_out_key_object(&json, "o");
	json_out_key(&json, STR("k\"<"));
	json_out_str(&json, STR(""));
	json_out_object_end(&json);
	json_out_object_end(&json);
	assert_true(buf_ok(&out));
	assert_str(buf_str(&out),
		   STR("{\"i\":-9223372036854775808,\"s\":\"x\",\"c\":\"y\",\"n\":null,\"b\":true,"
		       "\"z\":null,\"a\":[],\"d\":[false,{},[null,{\"r\":1}],7],"
		       "\"o\":{\"k\\\"\\u003c\":\"\"}}"));
}

static void test_write_strings(void **state)
{
	static const struct {
		struct str in, out;
	} cases[] = {
		{ STR_INIT(""), STR_INIT("\"\"") },
		{ { NULL, 0 }, STR_INIT("\"\"") },
		{ STR_INIT("plain, and longer than a word"),
		  STR_INIT("\"plain, and longer than a word\"") },
		{ STR_INIT("\"\\/\b\f\n\r\t"), STR_INIT("\"\\\"\\\\/\\b\\f\\n\\r\\t\"") },
		{ STR_INIT("\0\x01\x1F\x7F"), STR_INIT("\"\\u0000\\u0001\\u001f\x7F\"") },
		{ STR_INIT("</script><!--&'"), STR_INIT("\"\\u003c/script>\\u003c!--&'\"") },
		{ STR_INIT("a\xE2\x80\xA8\xE2\x80\xA9z\xE2\x80\xA7\xE2\x80\xAA"),
		  STR_INIT("\"a\\u2028\\u2029z\xE2\x80\xA7\xE2\x80\xAA\"") },
		{ STR_INIT("\xC3\xA9\xF0\x9F\x98\x80"), STR_INIT("\"\xC3\xA9\xF0\x9F\x98\x80\"") },
		{ STR_INIT("\xFF"
			   "a\xE2\x80"),
		  STR_INIT("\"" FFFD "a" FFFD FFFD "\"") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].in);

		out.n = 0;
		json_out_init(&json, &out);
		json_out_str(&json, g.s);
		assert_str(buf_str(&out), cases[i].out);
		guard_free(&g);
	}
}

static void test_write_doubles(void **state)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = {
		{ 0.1, "0.1" },
		{ 1.0, "1" },
		{ -2.5, "-2.5" },
		{ 1e300, "1e+300" },
		{ 5e-324, "4.94065645841247e-324" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 100.0, "100" },
		{ 1.0 / 0.0, "null" },
		{ 0.0 / 0.0, "null" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		out.n = 0;
		json_out_init(&json, &out);
		json_out_double(&json, cases[i].v);
		assert_str(buf_str(&out), str_from(cases[i].text));
	}
}

static void test_round_trip(void **state)
{
	char all[256];
	struct json_t *tree;
	struct str text;

	(void)state;
	for (int i = 0; i < 128; i++)
		all[i] = (char)i;
	json_out_array(&json);
	json_out_str(&json, str_make(all, 128));
	json_out_str(&json, STR("\xE2\x80\xA8\xF0\x9F\x98\x80"));
	json_out_array_end(&json);
	assert_int_equal(read_text(buf_str(&out), &tree), RC_OK);
	assert_int_equal(json_items(tree), 2);
	assert_true(json_as_str(json_item(tree, 0), &text));
	assert_str(text, str_make(all, 128));
	assert_true(json_as_str(json_item(tree, 1), &text));
	assert_str(text, STR("\xE2\x80\xA8\xF0\x9F\x98\x80"));
}

static void test_read_values(void **state)
{
	struct json_t *tree;
	struct str s = STR("kept");
	int64_t i = 4711;
	bool b = false;
	double d = 0;

	(void)state;
	assert_int_equal(read_text(STR("{\"s\":\"a\\u0000b\",\"i\":-9223372036854775808,\"b\":true,"
				       "\"d\":1.5,\"n\":null,\"a\":[1,2],\"o\":{}} \n"),
				   &tree),
			 RC_OK);
	assert_true(json_as_str(json_member(tree, "s"), &s));
	assert_str(s, STR("a\0b"));
	assert_true(json_as_i64(json_member(tree, "i"), INT64_MIN, 0, &i));
	assert_true(i == INT64_MIN);
	assert_true(json_as_bool(json_member(tree, "b"), &b) && b);
	assert_true(json_as_double(json_member(tree, "d"), &d) && d == 1.5);
	assert_int_equal(json_kind(tree), JSON_KIND_OBJECT);
	assert_int_equal(json_kind(json_member(tree, "n")), JSON_KIND_NULL);
	assert_int_equal(json_kind(json_member(tree, "x")), JSON_KIND_ABSENT);
	assert_int_equal(json_kind(json_member(tree, "b")), JSON_KIND_BOOL);
	assert_int_equal(json_kind(json_member(tree, "i")), JSON_KIND_INTEGER);
	assert_int_equal(json_kind(json_member(tree, "d")), JSON_KIND_REAL);
	assert_int_equal(json_kind(json_member(tree, "s")), JSON_KIND_STRING);
	assert_int_equal(json_kind(json_member(tree, "a")), JSON_KIND_ARRAY);
	assert_int_equal(json_items(json_member(tree, "a")), 2);
	assert_int_equal(json_items(json_member(tree, "o")), 0);
	assert_null(json_item(json_member(tree, "a"), 2));
	assert_null(json_member(json_member(tree, "a"), "s"));
	assert_null(json_member(NULL, "s"));
	/* nothing is converted, and outputs stay */
	assert_false(json_as_str(json_member(tree, "i"), &s) || json_as_str(NULL, &s));
	assert_false(json_as_i64(json_member(tree, "d"), INT64_MIN, INT64_MAX, &i));
	assert_false(json_as_i64(json_member(tree, "i"), 0, 1, &i));
	assert_false(json_as_bool(json_member(tree, "i"), &b) || json_as_bool(NULL, &b));
	assert_false(json_as_double(json_member(tree, "s"), &d));
	assert_str(s, STR("a\0b"));
	assert_true(i == INT64_MIN);
}

static void test_read_refused(void **state)
{
	static const struct str cases[] = {
		STR_INIT(""),
		STR_INIT("null"),
		STR_INIT("1"),
		STR_INIT("{"),
		STR_INIT("{\"a\":1,\"a\":2}"),
		STR_INIT("{\"a\":1}x"),
		STR_INIT("{\"a\":1}{}"),
		STR_INIT("[1,]"),
		STR_INIT("{a:1}"),
		STR_INIT("['a']"),
		STR_INIT("[\"\xFF\"]"),
		STR_INIT("[\"\\ud800\"]"),
		STR_INIT("[9223372036854775808]"),
		STR_INIT("[1e999]"),
		STR_INIT("{\"a\\u0000\":1}"),
		STR_INIT("[01]"),
		STR_INIT("[NaN]"),
		STR_INIT("[\"a\nb\"]"),
		STR_INIT("[\"\\"),
		STR_INIT("[1]\0"),
		STR_INIT("[1,\0 2]"),
		STR_INIT("[1\0]"),
		STR_INIT("[\0]"),
		STR_INIT("{\0}"),
		STR_INIT("[1 \0,2]"),
		STR_INIT("[\"a\"\0]"),
		STR_INIT("\0[1]"),
	};
	struct json_t *tree = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (read_text(cases[i], &tree) != RC_INVALID)
			fail_msg("%.*s", STR_ARG(cases[i]));
	assert_null(tree);
}

static void test_read_limits(void **state)
{
	char deep[2 * JSON_DEPTH_MAX + 2];
	char *many = arena_alloc(&arena, 2 * JSON_VALUES_MAX + 8);
	struct json_t *tree;
	struct arena small;
	struct error e;

	(void)state;
	memset(deep, '[', JSON_DEPTH_MAX + 1);
	memset(deep + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
	assert_int_equal(read_text(str_make(deep, sizeof deep), &tree), RC_INVALID);
	assert_int_equal(read_text(str_make(deep + 1, sizeof deep - 2), &tree), RC_OK);
	assert_int_equal(json_read(STR("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"]"), 100, &arena,
				   &tree, &e),
			 RC_OK);

	assert_non_null(many);
	for (size_t i = 0; i < JSON_VALUES_MAX; i++)
		memcpy(many + 1 + 2 * i, "1,", 2);
	many[0] = '[';
	memcpy(many + 1 + 2 * JSON_VALUES_MAX, "1]", 2);
	assert_int_equal(read_text(str_make(many, 2 * JSON_VALUES_MAX + 3), &tree), RC_INVALID);

	assert_int_equal(json_read(STR("[1]"), 3, &arena, &tree, &e), RC_OK);
	assert_int_equal(json_read(STR("[1] "), 3, &arena, &tree, &e), RC_TOO_BIG);
	assert_int_equal(e.reason, REASON_BODY_TOO_BIG);
	arena_init(&small, 8, 0);
	assert_int_equal(json_read(STR("[1]"), 3, &small, &tree, &e), RC_NO_MEMORY);
	arena_clear(&small);
	/* secrets stay out of the detail */
	assert_int_equal(json_read(STR("{\"password\":\"hunter2\" \"x\"}"), 99, &arena, &tree, &e),
			 RC_INVALID);
	assert_null(strstr(e.detail, "hunter"));
}

static void test_pairs(void **state)
{
	static const struct pair wanted[] = {
		{ STR_INIT("s"), STR_INIT("a\0b") },
		{ STR_INIT("i"), STR_INIT("-12") },
		{ STR_INIT("b"), STR_INIT("true") },
		{ STR_INIT("f"), STR_INIT("false") },
		{ STR_INIT("d"), STR_INIT("1.5") },
		{ STR_INIT("a"), STR_INIT("x") },
		{ STR_INIT("a"), STR_INIT("2") },
		{ STR_INIT("a"), STR_INIT("{\"k\":[1]}") },
		{ STR_INIT("a"), STR_INIT("[3,\"y\"]") },
		{ STR_INIT("o"), STR_INIT("{\"p\":null}") },
	};
	struct pairs pairs = { NULL, 4711 };
	struct json_t *tree;
	struct error e;

	(void)state;
	assert_int_equal(read_text(STR("{\"s\":\"a\\u0000b\",\"i\":-12,\"b\":true,\"f\":false,"
				       "\"d\":1.5,\"n\":null,\"e\":[],"
				       "\"a\":[\"x\",2,null,{\"k\": [1]},[3, \"y\"]],"
				       "\"o\":{ \"p\": null }}"),
				   &tree),
			 RC_OK);
	assert_int_equal(json_to_pairs(tree, &arena, 3, &pairs, &e), RC_TOO_BIG);
	assert_int_equal(pairs.n, 4711);
	assert_int_equal(json_to_pairs(json_member(tree, "a"), &arena, 99, &pairs, &e), RC_INVALID);
	assert_int_equal(json_to_pairs(NULL, &arena, 99, &pairs, &e), RC_INVALID);
	assert_int_equal(json_to_pairs(tree, &arena, 99, &pairs, &e), RC_OK);
	assert_int_equal(pairs.n, ARRAY_LEN(wanted));
	for (size_t i = 0; i < pairs.n; i++) {
		assert_str(pairs.v[i].name, wanted[i].name);
		assert_str(pairs.v[i].value, wanted[i].value);
	}
	assert_int_equal(read_text(STR("{}"), &tree), RC_OK);
	assert_int_equal(json_to_pairs(tree, &arena, 0, &pairs, &e), RC_OK);
	assert_int_equal(pairs.n, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_write_structure), TEST(test_write_strings), TEST(test_write_doubles),
		TEST(test_round_trip),      TEST(test_read_values),   TEST(test_read_refused),
		TEST(test_read_limits),     TEST(test_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
