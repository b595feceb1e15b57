/*
 * codec/header.h and cookie.h.
 */
#include "unit/guard.h"

#include "codec/cookie.h"
#include "codec/header.h"

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

static void test_value_safe(void **state)
{
	(void)state;
	assert_true(header_value_safe(STR("")) && header_value_safe(STR("a\tb \xC3\xA9")));
	assert_false(header_value_safe(STR("a\r\nb")) || header_value_safe(STR("\n")) ||
		     header_value_safe(STR("a\0b")) || header_value_safe(STR("\x7F")) ||
		     header_value_safe(STR("\x1B")));
	assert_true(header_is_token(STR("X-Request_Id.~1")));
	assert_false(header_is_token(STR("")) || header_is_token(STR("a b")) ||
		     header_is_token(STR("a:")) || header_is_token(STR("\xC3\xA9")) ||
		     header_is_token(STR("a\0")));
}

static void test_disposition(void **state)
{
	static const struct {
		struct str name, out;
	} cases[] = {
		{ STR_INIT("plan.pdf"), STR_INIT("attachment; filename=\"plan.pdf\"") },
		{ STR_INIT("a b;c'.pdf"), STR_INIT("attachment; filename=\"a b;c'.pdf\"") },
		{ STR_INIT(""), STR_INIT("attachment; filename=\"download\"") },
		{ STR_INIT("r\xC3\xA9sum\xC3\xA9 \xF0\x9F\x98\x80.pdf"),
		  STR_INIT("attachment; filename=\"r_sum_ _.pdf\"; "
			   "filename*=UTF-8''r%C3%A9sum%C3%A9%20%F0%9F%98%80.pdf") },
		{ STR_INIT("a\"b%41.pdf"), STR_INIT("attachment; filename=\"a_b_41.pdf\"; "
						    "filename*=UTF-8''a%22b%2541.pdf") },
		{ STR_INIT("../e\\f\r\n\0\x7F"), STR_INIT("attachment; filename=\".._e_f____\"") },
		{ STR_INIT("a\xFF"
			   "b"),
		  STR_INIT("attachment; filename=\"a_b\"; filename*=UTF-8''a%EF%BF%BDb") },
		{ STR_INIT("a\xC2\x85"), STR_INIT("attachment; filename=\"a_\"") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].name);
		struct buf b;

		buf_init(&b, &arena, 0, 500);
		header_disposition(&b, STR("attachment"), g.s);
		assert_true(buf_ok(&b));
		assert_str(buf_str(&b), cases[i].out);
		assert_true(header_value_safe(buf_str(&b)));
		guard_free(&g);
	}
}

static void test_disposition_round_trip(void **state)
{
	struct str name = STR("Übung \"1\" %20 100% (a).pdf"), value, back;
	bool is_found;
	struct error e;
	struct buf b;

	(void)state;
	buf_init(&b, &arena, 0, 500);
	header_disposition(&b, STR("inline"), name);
	assert_int_equal(header_param(buf_str(&b), STR("filename*"), &arena, &value, &is_found, &e),
			 RC_OK);
	assert_true(is_found);
	assert_int_equal(header_ext_value(value, &arena, &back, &e), RC_OK);
	assert_str(back, name);
}

static void test_param(void **state)
{
	static const struct {
		struct str in, out;
		enum rc rc;
		bool is_found;
	} cases[] = {
		{ STR_INIT("text/html; charset=utf-8"), STR_INIT("utf-8"), RC_OK, true },
		{ STR_INIT("text/html;CHARSET=\"utf-8\""), STR_INIT("utf-8"), RC_OK, true },
		{ STR_INIT("text/html ; a=b ;; charset=x ;"), STR_INIT("x"), RC_OK, true },
		{ STR_INIT("text/html; charset=\"a\\\"b\\\\c;d\""), STR_INIT("a\"b\\c;d"), RC_OK,
		  true },
		{ STR_INIT("text/html; charset=\"\""), STR_INIT(""), RC_OK, true },
		{ STR_INIT("text/html; a=\"; charset=no\""), STR_INIT(""), RC_OK, false },
		{ STR_INIT("text/html"), STR_INIT(""), RC_OK, false },
		{ STR_INIT(""), STR_INIT(""), RC_OK, false },
		{ STR_INIT("text/html; xcharset=1"), STR_INIT(""), RC_OK, false },
		{ STR_INIT("text/html; charset=a; charset=a"), STR_INIT(""), RC_INVALID, false },
		{ STR_INIT("text/html; charset"), STR_INIT(""), RC_INVALID, false },
		{ STR_INIT("text/html; charset="), STR_INIT(""), RC_INVALID, false },
		{ STR_INIT("text/html; charset =a"), STR_INIT(""), RC_INVALID, false },
		{ STR_INIT("text/html; charset=\"a"), STR_INIT(""), RC_INVALID, false },
		{ STR_INIT("text/html; charset=\"a\"b"), STR_INIT(""), RC_INVALID, false },
		{ STR_INIT("text/html; charset=a\"b\""), STR_INIT(""), RC_INVALID, false },
		{ STR_INIT("text/html; =a"), STR_INIT(""), RC_INVALID, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].in);
		struct str out = STR("");
		bool is_found = false;
		struct error e;

		assert_int_equal(header_param(g.s, STR("charset"), &arena, &out, &is_found, &e),
				 cases[i].rc);
		assert_int_equal(is_found, cases[i].is_found);
		assert_str(out, cases[i].out);
		guard_free(&g);
	}
	assert_str(header_media_type(STR(" text/html ; a")), STR("text/html"));
	assert_str(header_media_type(STR("")), STR(""));
}

static void test_ext_value(void **state)
{
	static const struct {
		struct str in, out;
		bool is_good;
	} cases[] = {
		{ STR_INIT("UTF-8''a%20%E2%82%AC"), STR_INIT("a \xE2\x82\xAC"), true },
		{ STR_INIT("utf-8'en-GB'a"), STR_INIT("a"), true },
		{ STR_INIT("iso-8859-1''%E9%A0a"),
		  STR_INIT("\xC3\xA9\xC2\xA0"
			   "a"),
		  true },
		{ STR_INIT("UTF-8''"), STR_INIT(""), true },
		{ STR_INIT("UTF-8''%E9"), STR_INIT(""), false },
		{ STR_INIT("UTF-8''%E"), STR_INIT(""), false },
		{ STR_INIT("UTF-8'a"), STR_INIT(""), false },
		{ STR_INIT("a"), STR_INIT(""), false },
		{ STR_INIT(""), STR_INIT(""), false },
		{ STR_INIT("UTF-8''a'b"), STR_INIT(""), false },
		{ STR_INIT("koi8-r''a"), STR_INIT(""), false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].in);
		struct str out = STR("");
		struct error e;

		assert_int_equal(header_ext_value(g.s, &arena, &out, &e),
				 cases[i].is_good ? RC_OK : RC_INVALID);
		assert_str(out, cases[i].out);
		guard_free(&g);
	}
}

static void test_language(void **state)
{
	static const struct str tags[] = { STR_INIT("en"), STR_INIT("fr"), STR_INIT("pt-BR") };
	static const struct {
		const char *accept;
		size_t wanted;
	} cases[] = {
		{ "", 0 },
		{ "fr", 1 },
		{ "FR", 1 },
		{ "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", 1 },
		{ "de, fr;q=0.5", 1 },
		{ "de", 0 },
		{ "en;q=0.5, fr;q=0.6", 1 },
		{ "en;q=0.123,fr;q=0.124", 1 },
		{ "fr;q=0.5,en;q=0.5", 1 }, /* the first of equals */
		{ "fr;q=0", 0 },
		{ "*", 0 },
		{ "en;q=0, *", 1 },
		{ "en;q=0.1, *;q=0.5, fr;q=0.2", 2 },
		{ "pt", 2 },
		{ "pt-br", 2 },
		{ "pt-PT", 0 },
		{ "fr-CA-x-private", 1 },
		{ "fr;q=2", 0 },
		{ "fr;q=", 0 },
		{ "fr;q=0.1234", 0 },
		{ "fr;q=1.1", 0 },
		{ "fr;q=a", 0 },
		{ "fr;level=1", 0 },
		{ ";q=1, ,,-, fr", 1 },
		{ "french", 0 },
		{ "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w,x,y,z,a,b,c,d,e,f,fr", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(str_from(cases[i].accept));

		if (header_language(g.s, tags, ARRAY_LEN(tags)) != cases[i].wanted)
			fail_msg("%s", cases[i].accept);
		guard_free(&g);
	}
}

static void test_etag(void **state)
{
	static const struct {
		const char *header, *etag;
		bool is_match;
	} cases[] = {
		{ "\"a\"", "\"a\"", true },
		{ "W/\"a\"", "\"a\"", true },
		{ "\"a\"", "W/\"a\"", true },
		{ "*", "\"a\"", true },
		{ " \"b\" , W/\"a\" ", "\"a\"", true },
		{ "\"b\",\"a\"", "\"a\"", true },
		{ "\"x,\\\"a\"", "\"a\"", false },
		{ "\"b, \"a\"", "\"a\"", false },
		{ "\"ab\"", "\"a\"", false },
		{ "a", "\"a\"", false },
		{ "", "\"a\"", false },
		{ "\"a", "\"a\"", false },
		{ "w/\"a\"", "\"a\"", false },
		{ "\"b\" \"a\"", "\"a\"", false },
		{ "*", "a", false }, /* ours is no tag */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(str_from(cases[i].header));

		if (header_etag_match(g.s, str_from(cases[i].etag)) != cases[i].is_match)
			fail_msg("%s against %s", cases[i].header, cases[i].etag);
		guard_free(&g);
	}
}

static void test_cookie(void **state)
{
	static const struct {
		struct str header, value;
		bool is_found;
	} cases[] = {
		{ STR_INIT("sid=abc"), STR_INIT("abc"), true },
		{ STR_INIT("a=1; sid=abc; b=2"), STR_INIT("abc"), true },
		{ STR_INIT("a=1;sid=\"abc\";b=2"), STR_INIT("abc"), true },
		{ STR_INIT("  sid =  a=b  "), STR_INIT("a=b"), true },
		{ STR_INIT("sid=first; sid=second"), STR_INIT("first"), true },
		{ STR_INIT("sid="), STR_INIT(""), true },
		{ STR_INIT("sid=\""), STR_INIT("\""), true },
		{ STR_INIT("xsid=1; sidx=2; SID=3"), STR_INIT(""), false },
		{ STR_INIT("a=\"sid=1\""), STR_INIT(""), false },
		{ STR_INIT("sid"), STR_INIT(""), false },
		{ STR_INIT(";;="), STR_INIT(""), false },
		{ STR_INIT(""), STR_INIT(""), false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].header);
		struct str value = STR("");

		if (cookie_find(g.s, STR("sid"), &value) != cases[i].is_found)
			fail_msg("%.*s", STR_ARG(g.s));
		assert_str(value, cases[i].value);
		guard_free(&g);
	}
	assert_true(cookie_name_valid(STR("__Host-sid")) && cookie_value_valid(STR("a-b_c.~=/")) &&
		    cookie_value_valid(STR("")));
	assert_false(cookie_name_valid(STR("")) || cookie_name_valid(STR("a=")) ||
		     cookie_name_valid(STR("a b")) || cookie_name_valid(STR("\xC3\xA9")) ||
		     cookie_name_valid(STR("a\x7F")) || cookie_value_valid(STR("a;b")) ||
		     cookie_value_valid(STR("a b")) || cookie_value_valid(STR("a\r")) ||
		     cookie_value_valid(STR("\xC3\xA9")) || cookie_value_valid(STR("a\0")));
}

static void test_range_continues(void **state)
{
	static const struct {
		const char *range;
		bool continues;
	} cases[] = {
		{ "", false },
		{ "bytes=0-", false },
		{ "bytes=0-99", false },
		{ "bytes=-500", false },
		{ "bytes=00-", false },
		{ "bytes=1-", true },
		{ "bytes=500-999", true },
		{ "Bytes=7-", true },
		{ "bytes= 7-9", true },
		{ "bytes=7-9,0-6", false },
		{ "items=7-", false },
		{ "bytes=", false },
		{ "bytes=x-", false },
		{ "bytes=7", false },
		{ "nonsense", false },
		{ "bytes=9-7", false },
		{ "bytes=7-x", false },
		{ "bytes=99999999999999999999-", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(header_range_continues(str_from(cases[i].range)),
				 cases[i].continues);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_value_safe),
		cmocka_unit_test(test_disposition),
		cmocka_unit_test(test_disposition_round_trip),
		cmocka_unit_test(test_param),
		cmocka_unit_test(test_ext_value),
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_etag),
		cmocka_unit_test(test_range_continues),
		cmocka_unit_test(test_cookie),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
