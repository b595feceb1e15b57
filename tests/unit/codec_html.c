/*
 * codec/html.h: tables, the property that nothing dangerous is left for any
 * input, and every code point.
 */
#include "unit/guard.h"

#include "codec/html.h"

#define FFFD "\xEF\xBF\xBD"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)64 << 20, (size_t)1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static struct str run(void (*fn)(struct buf *, struct str), struct str in)
{
	struct guard g = guard_make(in);
	struct buf b;

	buf_init(&b, &arena, 16, (size_t)1 << 20);
	fn(&b, g.s);
	assert_true(buf_ok(&b));
	guard_free(&g);
	return buf_str(&b);
}

static void test_tables(void **state)
{
	static const struct {
		struct str in, text, attr;
	} cases[] = {
		{ STR_INIT(""), STR_INIT(""), STR_INIT("") },
		{ STR_INIT("plain text of more than eight bytes"),
		  STR_INIT("plain text of more than eight bytes"),
		  STR_INIT("plain text of more than eight bytes") },
		{ STR_INIT("a<b>&\"'c"), STR_INIT("a&lt;b&gt;&amp;\"'c"),
		  STR_INIT("a&lt;b&gt;&amp;&#34;&#39;c") },
		{ STR_INIT("&amp;"), STR_INIT("&amp;amp;"), STR_INIT("&amp;amp;") },
		{ STR_INIT("Zo\xC3\xAB \xE2\x82\xAC \xF0\x9F\x98\x80 <"),
		  STR_INIT("Zo\xC3\xAB \xE2\x82\xAC \xF0\x9F\x98\x80 &lt;"),
		  STR_INIT("Zo\xC3\xAB \xE2\x82\xAC \xF0\x9F\x98\x80 &lt;") },
		{ STR_INIT("a\tb\nc\rd\fe"), STR_INIT("a\tb\nc\rd\fe"), STR_INIT("a\tb\nc\rd\fe") },
		{ STR_INIT("a\0b\x01\x08\x0B\x1F\x7Fz"), STR_INIT("abz"), STR_INIT("abz") },
		{ STR_INIT("a\xC2\x80\xC2\x9F\xC2\xA0z"), STR_INIT("a\xC2\xA0z"),
		  STR_INIT("a\xC2\xA0z") },
		{ STR_INIT("\xC3\xA9\xC2\x85\xC3\xA9"), STR_INIT("\xC3\xA9\xC3\xA9"),
		  STR_INIT("\xC3\xA9\xC3\xA9") },
		{ STR_INIT("\xFF"), STR_INIT(FFFD), STR_INIT(FFFD) },
		{ STR_INIT("a\xC3"), STR_INIT("a" FFFD), STR_INIT("a" FFFD) },
		{ STR_INIT("\xE2\x82<"), STR_INIT(FFFD FFFD "&lt;"), STR_INIT(FFFD FFFD "&lt;") },
		{ STR_INIT("\xED\xA0\x80"), STR_INIT(FFFD FFFD FFFD), STR_INIT(FFFD FFFD FFFD) },
		{ STR_INIT("\xC0\xBCscript"), STR_INIT(FFFD FFFD "script"),
		  STR_INIT(FFFD FFFD "script") },
		{ { NULL, 0 }, STR_INIT(""), STR_INIT("") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_str(run(html_text, cases[i].in), cases[i].text);
		assert_str(run(html_attr, cases[i].in), cases[i].attr);
	}
}

static void check_harmless(struct str out, bool is_attr)
{
	assert_true(utf8_valid(out));
	for (size_t at = 0; at < out.n;) {
		uint32_t c = utf8_next(out, &at);

		assert_false(c == '<' || c == '>' || (is_attr && (c == '"' || c == '\'')));
		assert_false(c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f');
		assert_false(c >= 0x7F && c <= 0x9F);
		if (c == '&') {
			struct str rest = str_from_pos(out, at);

			assert_true(str_starts(rest, STR("amp;")) || str_starts(rest, STR("lt;")) ||
				    str_starts(rest, STR("gt;")) || str_starts(rest, STR("#34;")) ||
				    str_starts(rest, STR("#39;")));
		}
	}
}

/* Every pair of bytes at every place of a word of eight. */
static void test_every_pair(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair < 65536; pair++) {
		char bytes[20];
		size_t at = pair % 17;
		struct buf text, attr;

		memset(bytes, 'x', sizeof bytes);
		bytes[at] = (char)(pair >> 8);
		bytes[at + 1] = (char)pair;
		buf_init(&text, &arena, 128, 128);
		buf_init(&attr, &arena, 128, 128);
		html_text(&text, str_make(bytes, sizeof bytes));
		html_attr(&attr, str_make(bytes, sizeof bytes));
		check_harmless(buf_str(&text), false);
		check_harmless(buf_str(&attr), true);
		arena_reset(&arena);
	}
}

static void test_long_runs(void **state)
{
	(void)state;
	for (size_t n = 0; n < 70; n++) {
		char in[80], wanted[80];
		struct guard g;
		struct buf b;

		memset(in, 'a', sizeof in);
		memset(wanted, 'a', sizeof wanted);
		in[n] = '<';
		memcpy(wanted + n, "&lt;", 4);
		g = guard_make(str_make(in, n + 1));
		buf_init(&b, &arena, 0, 1000);
		html_text(&b, g.s);
		assert_str(buf_str(&b), str_make(wanted, n + 4));
		guard_free(&g);
	}
}

static void test_full_buffer(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, &arena, 4, 4);
	html_text(&b, STR("a<"));
	assert_false(buf_ok(&b));
}

static void test_url(void **state)
{
	static const struct {
		struct str url;
		bool is_safe;
	} cases[] = {
		{ STR_INIT("/"), true },
		{ STR_INIT("/sessions/7?a=1&b=2#x"), true },
		{ STR_INIT("?page=2"), true },
		{ STR_INIT("#top"), true },
		{ STR_INIT("http://example.org"), true },
		{ STR_INIT("HTTPS://example.org/a"), true },
		{ STR_INIT("mailto:a@example.org"), true },
		{ STR_INIT(""), false },
		{ STR_INIT("//example.org"), false },
		{ STR_INIT("/\\example.org"), false },
		{ STR_INIT("/\t/example.org"), false },
		{ STR_INIT("/\n/example.org"), false },
		{ STR_INIT("javascript:alert(1)"), false },
		{ STR_INIT("JaVaScRiPt:alert(1)"), false },
		{ STR_INIT(" javascript:alert(1)"), false },
		{ STR_INIT("java\nscript:alert(1)"), false },
		{ STR_INIT("\x01javascript:alert(1)"), false },
		{ STR_INIT("data:text/html,x"), false },
		{ STR_INIT("vbscript:x"), false },
		{ STR_INIT("sessions"), false },
		{ STR_INIT("http"), false },
		{ STR_INIT("https:"), false },
		{ STR_INIT("ht\ttp://example.org"), false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].url);

		if (html_url_is_safe(g.s) != cases[i].is_safe)
			fail_msg("%.*s", STR_ARG(cases[i].url));
		guard_free(&g);
	}
	assert_str(run(html_url_attr, STR("/a?b=1&c='\"")), STR("/a?b=1&amp;c=&#39;&#34;"));
	assert_str(run(html_url_attr, STR("javascript:x")), STR("#"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),    cmocka_unit_test(test_every_pair),
		cmocka_unit_test(test_long_runs), cmocka_unit_test(test_full_buffer),
		cmocka_unit_test(test_url),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
