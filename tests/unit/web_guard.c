/*
 * sys/guard.h and what web makes of it: hosts, origins, tokens.
 */
#include "unit/guard.h"

#include "sys/guard.h"
#include "web/req.h"

static void test_host_name(void **state)
{
	static const struct {
		const char *host, *name; /* NULL: malformed */
	} cases[] = {
		{ "localhost", "localhost" },
		{ "localhost:8080", "localhost" },
		{ "muster.example.", "muster.example." },
		{ "[::1]:80", "::1" },
		{ "127.0.0.1", "127.0.0.1" },
		{ "", NULL },
		{ ":80", NULL },
		{ "a:", NULL },
		{ "a:x", NULL },
		{ "a:0", NULL },
		{ "a:65536", NULL },
		{ "a b", NULL },
		{ "a/b", NULL },
		{ "a@b", NULL },
		{ "[::1", NULL },
		{ "[]", NULL },
		{ "[::1]x", NULL },
		{ "[g]", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str name = { 0 };

		assert_int_equal(guard_host_name(str_from(cases[i].host), &name),
				 cases[i].name != NULL);
		assert_true(str_eq(name, str_from(cases[i].name)));
	}
}

static void test_host_allowed(void **state)
{
	static const struct str allowed[] = { STR_INIT("127.0.0.1"), STR_INIT("Muster.example") };

	(void)state;
	assert_true(guard_host_allowed(STR("127.0.0.1"), allowed, 2));
	assert_true(guard_host_allowed(STR("MUSTER.example"), allowed, 2));
	assert_true(guard_host_allowed(STR("muster.example."), allowed, 2));
	assert_false(guard_host_allowed(STR("muster.example.evil"), allowed, 2));
	assert_false(guard_host_allowed(STR("xmuster.example"), allowed, 2));
	assert_false(guard_host_allowed(STR("."), allowed, 2));
}

static void test_origin(void **state)
{
	static const struct {
		const char *origin, *site;
		bool is_allowed;
	} cases[] = {
		{ "", "", true },
		{ "http://here:80", "", true },
		{ "https://HERE:80", "same-origin", true },
		{ "", "same-origin", true },
		{ "", "none", true },
		{ "", "same-site", false },
		{ "", "cross-site", false },
		{ "http://here:80", "cross-site", false },
		{ "http://here", "", false },
		{ "http://here:80.evil", "", false },
		{ "http://evil", "same-origin", false },
		{ "null", "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(guard_origin_allowed(str_from(cases[i].origin),
						      str_from(cases[i].site), STR("here:80")),
				 cases[i].is_allowed);
}

static void test_token(void **state)
{
	(void)state;
	assert_true(guard_token_equal(STR("0123"), STR("0123")));
	assert_false(guard_token_equal(STR("0123"), STR("0124")));
	assert_false(guard_token_equal(STR("012"), STR("0123")));
	assert_false(guard_token_equal(STR(""), STR("")));
	assert_false(guard_token_equal(STR(""), STR("0123")));
	assert_false(guard_token_equal(STR("0123"), STR("")));
}

static void test_local_path(void **state)
{
	static const char *const bad[] = { "",      "a",    "//evil", "/\\evil",  "http://evil",
					   "/a\\b", "/a b", "/a\n",   "/\t/evil", "/\x7F" };

	(void)state;
	assert_true(str_eq(req_local_path(STR("/a?b=c#d"), STR("/")), STR("/a?b=c#d")));
	assert_true(str_eq(req_local_path(STR("/"), STR("/x")), STR("/")));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_true(str_eq(req_local_path(str_from(bad[i]), STR("/x")), STR("/x")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host_name),  cmocka_unit_test(test_host_allowed),
		cmocka_unit_test(test_origin),     cmocka_unit_test(test_token),
		cmocka_unit_test(test_local_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
