/*
 * Compiled templates: the fixtures of unit/tpl rendered with ordinary and
 * with hostile values, compared byte by byte; and the time a table takes.
 */
#include "unit/guard.h"

#include <stdio.h>
#include <time.h>

#include "unit/tpl/fixtures.h"
#include "view/tpl_blocks.h"
#include "view/tpl_messages.h"
#include "view/tpl_page.h"
#include "view/tpl_partials_item.h"
#include "view/tpl_spaces.h"
#include "view/tpl_table.h"
#include "view/tpl_values.h"

#define HOSTILE "</p><script>\"'&"

struct page {
	struct arena arena;
	struct buf out;
	struct tpl tpl;
};

static int setup(void **state)
{
	static struct page page;

	arena_init(&page.arena, 1 << 20, 1 << 20);
	*state = &page;
	return 0;
}

static int teardown(void **state)
{
	struct page *p = *state;

	arena_clear(&p->arena);
	return 0;
}

static struct tpl *begin(void **state, enum lang lang)
{
	struct page *p = *state;

	buf_init(&p->out, &p->arena, 1024, 1 << 18);
	p->tpl = (struct tpl){ .out = &p->out,
			       .arena = &p->arena,
			       .lang = lang,
			       .asset_base = STR("/static/1a\""),
			       .csrf = STR("tok\"en") };
	return &p->tpl;
}

static void expect(const struct tpl *t, const char *text)
{
	assert_true(buf_ok(t->out));
	buf_char(t->out, '\0');
	assert_string_equal(t->out->p, text);
}

static struct view_item item(const char *name, int64_t size)
{
	return (struct view_item){ str_from(name), size };
}

static void test_values(void **state)
{
	char word[] = "w<w";
	struct view_item i = item("i&i", 4404019);
	struct view_values v = { .text = STR(HOSTILE),
				 .url = STR("javascript:alert(1)"),
				 .cz = "c d/é",
				 .word = word,
				 .safe = SAFE_HTML("<b>safe</b>"),
				 .i = -1,
				 .i64 = INT64_MIN,
				 .size = SIZE_MAX,
				 .u = UINT32_MAX,
				 .u8 = 255,
				 .flag = true,
				 .day = 20776,
				 .item = &i };
	struct tpl *t = begin(state, LANG_FR);

	tpl_values(t, &v);
	expect(t,
	       "<p>&lt;/p&gt;&lt;script&gt;\"'&amp;|c d/é|w&lt;w|<b>safe</b></p>\n"
	       "<p title=\"&lt;/p&gt;&lt;script&gt;&#34;&#39;&amp;\" data-n=\"-1\" class=\"a c "
	       "d/é\">-1 "
	       "-9223372036854775808 18446744073709551615 4294967295 255</p>\n"
	       "<a href=\"#\">1</a><a href=\"#?q=%3C%2Fp%3E%3Cscript%3E%22%27%26&amp;n=-1\">2</a>"
	       "<a href=\"/s/%3C%2Fp%3E%3Cscript%3E%22%27%26/-9223372036854775808?q=c%20d%2F%C3%A9#"
	       "%3C%2Fp%3E%3Cscript%3E%22%27%26\">3</a>\n"
	       "<form action=\"/a/-1\"><input value=\"&lt;/p&gt;&lt;script&gt;&#34;&#39;&amp;\" "
	       "formaction=\"#\"><textarea>\n   &lt;/p&gt;&lt;script&gt;&#34;&#39;&amp;"
	       "</textarea></form>\n"
	       "<title>&lt;/p&gt;&lt;script&gt;&#34;&#39;&amp;</title>\n"
	       "<script type=\"application/json\">{\"text\": "
	       "\"\\u003c/p>\\u003cscript>\\\"'"
	       "&\", \"cz\": \"c d/é\", \"n\": -9223372036854775808, \"on\": true, "
	       "\"t\": \"Simple \\u003cb>\"}</script>\n"
	       "<p>i&amp;i 4,2\u00a0Mo 2026-11-19 -9\u202f223\u202f372\u202f036\u202f854\u202f775"
	       "\u202f808</p>\n");
}

static void test_blocks(void **state)
{
	const struct view_item one[] = { item("a", 1), item("b<", 2) };
	const struct view_group groups[] = { { STR("G1"), one, 2 }, { STR("G2"), NULL, 0 } };
	struct view_blocks v = { .flag = true,
				 .text = STR("a \"b\""),
				 .cz = "x",
				 .n = 3,
				 .kind = KIND_PLAIN,
				 .groups = groups,
				 .n_groups = 2,
				 .pointer = &one[0],
				 .first = { item("f", 0), item("g", 0) },
				 .n_first = 2 };
	struct tpl *t = begin(state, LANG_EN);

	tpl_blocks(t, &v);
	expect(t, "flag\ntext\ncz n pointer\nthree or four\nquoted three\n<ul>\n"
		  "<li>G1:\na/G1\n, b&lt;/G1\n</li>\n"
		  "<li class=\"second\">G2:\nnone\n</li>\n</ul>\n[f][g]\n"
		  "<input checked name=\"a\" value=\"a &#34;b&#34;\">\n"
		  "<option selected value=\"1\">\n"
		  "<a class=\"x y\" href=\"/z?n=3\">z</a>\n<a href=\"/f\">f</a>\n");
}

static void test_blocks_other_way(void **state)
{
	struct view_blocks v = { .kind = KIND_SPECIAL };
	struct tpl *t = begin(state, LANG_EN);

	tpl_blocks(t, &v);
	expect(t, "no flag\nno text\n\nspecial\n not x\n<ul>\n<li>no groups</li>\n</ul>\n\n"
		  "<input name=\"a\">\n<option  value=\"1\">\n<a class=\"x\" href=\"/z\">z</a>\n"
		  "<a href=\"/g\">f</a>\n");
}

static void test_conditions(void **state)
{
	static const struct {
		int n;
		size_t n_groups;
		const char *word;
	} cases[] = { { 4, 0, "three or four" },
		      { 5, 0, "else" },
		      { 2, 2, "same" },
		      { -1, 0, "else" },
		      { -2, 0, "below" } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct view_group groups[2] = { { .n_items = 0 } };
		struct view_blocks v = { .n = cases[i].n,
					 .groups = groups,
					 .n_groups = cases[i].n_groups };
		struct tpl *t = begin(state, LANG_EN);
		struct str line, rest;

		tpl_blocks(t, &v);
		rest = buf_str(t->out);
		for (int k = 0; k < 4; k++)
			assert_true(str_split(&rest, '\n', &line));
		assert_true(str_eq(line, str_from(cases[i].word)));
	}
}

static void test_messages(void **state)
{
	struct view_messages v = { STR("<Ann>"), STR("T{code}"), STR("C&1"), 1, 1500 };
	struct tpl *t = begin(state, LANG_EN);

	tpl_messages(t, &v);
	expect(t, "Plain Tom &amp; &#34;Jerry&#34; Date/Date\n"
		  "<p title=\"Tom &amp; &#34;Jerry&#34;\" data-x=\"By &lt;Ann&gt;\">By &lt;Ann&gt; "
		  "&lt;Ann&gt; has 1.5\u00a0kB</p>\n"
		  "<p>1 note, One note of &lt;Ann&gt;</p>\n"
		  "<p><b>T{code}</b> is done, code <i class=\"c\">C&amp;1 Plain</i>.</p>\n"
		  "<p><b>&lt;Ann&gt;</b>: 1 note</p>\n");
	v.n = 12345;
	t = begin(state, LANG_FR);
	tpl_messages(t, &v);
	expect(t, "Simple &lt;b&gt; Tom &amp; « Jerry » Jour/Datte\n"
		  "<p title=\"Tom &amp; « Jerry »\" data-x=\"De &lt;Ann&gt;\">De &lt;Ann&gt; "
		  "1,5\u00a0ko pour &lt;Ann&gt;</p>\n"
		  "<p>12\u202f345 remarques, 12\u202f345 remarques de &lt;Ann&gt;</p>\n"
		  "<p>Code <i class=\"c\">C&amp;1 Simple &lt;b&gt;</i> : <b>T{code}</b> est "
		  "faite.</p>\n"
		  "<p>12\u202f345 remarques de <b>&lt;Ann&gt;</b></p>\n");
}

static void test_plurals(void **state)
{
	static const struct {
		enum lang lang;
		int64_t n;
		const char *text;
	} cases[] = {
		{ LANG_EN, 0, "<p>0 notes, " },    { LANG_EN, 1, "<p>1 note, " },
		{ LANG_EN, 2, "<p>2 notes, " },    { LANG_FR, 0, "<p>0 remarque, " },
		{ LANG_FR, 1, "<p>1 remarque, " }, { LANG_FR, 2, "<p>2 remarques, " },
		{ LANG_EN, -1, "<p>-1 note, " },   { LANG_FR, INT64_MIN, "808 remarques, " },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct view_messages v = { .n = cases[i].n };
		struct tpl *t = begin(state, cases[i].lang);

		tpl_messages(t, &v);
		assert_true(str_find(buf_str(t->out), str_from(cases[i].text)) != SIZE_MAX);
	}
}

static void test_layout(void **state)
{
	struct view_item pointed = item("pointed", 0);
	const struct view_item items[] = { item("one", 0), item("two", 0) };
	struct view_page_fixture v = { .frame = { STR("A&B"), true },
				       .pointer = &pointed,
				       .item = item("own", 0),
				       .items = items,
				       .n_items = 2 };
	struct tpl *t = begin(state, LANG_EN);

	tpl_page(t, &v);
	expect(t, "<!doctype html>\n<title>A&amp;B</title>\n<aside>\n<p>side of "
		  "own</p>\n</aside>\n<main>\n"
		  "<b>own</b>\n<b>pointed</b>\n<b>one</b>\n<b>two</b>\n\n"
		  "<input type=\"hidden\" name=\"csrf_token\" value=\"tok&#34;en\">"
		  "<svg class=\"i\" aria-hidden=\"true\"><use "
		  "href=\"/static/1a&#34;/vendor/icons.svg#clock\"/>"
		  "</svg><svg class=\"i i-dir\" aria-hidden=\"true\">"
		  "<use href=\"/static/1a&#34;/vendor/icons.svg#arrow-left\"/></svg>"
		  "<img src=\"/static/1a&#34;/img/a.svg\" alt=\"\">\n</main>\n");
}

static void test_spaces(void **state)
{
	struct view_item v = item("N", 1);
	struct tpl *t = begin(state, LANG_EN);

	tpl_spaces(t, &v);
	expect(t, "<div>\n<p\nclass=\"a\"\ntitle=\"two\n    lines\">a  b\nc</p>\n"
		  "<pre>\n      kept N\n        so\n    </pre>\n"
		  "x y z\n<textarea>\n    kept\n    </textarea>\n</div>\n");
}

static void test_capture(void **state)
{
	struct view_item v = item("<>", 0);
	struct tpl *t = begin(state, LANG_EN);
	struct tpl_capture c;
	struct safe_html html;

	tpl_capture_begin(t, &c, 100);
	tpl_partials_item(t, &v);
	html = tpl_capture_end(t, &c);
	assert_int_equal(t->out->n, 0);
	tpl_text_html(t, html);
	expect(t, "<b>&lt;&gt;</b>\n");

	t = begin(state, LANG_EN);
	tpl_capture_begin(t, &c, 10);
	tpl_partials_item(t, &v);
	html = tpl_capture_end(t, &c);
	assert_int_equal(html.html.n, 0);
	assert_false(buf_ok(t->out));
}

/* A page over its maximum, or without memory for a filter, fails as a whole. */
static void test_limits(void **state)
{
	struct page *p = *state;
	struct view_item i = item("x", 1);
	struct view_values v = { .url = STR("/"), .item = &i };
	struct arena small;
	struct tpl *t = begin(state, LANG_EN);

	buf_init(&p->out, &p->arena, 16, 200);
	tpl_values(t, &v);
	assert_false(buf_ok(t->out));

	t = begin(state, LANG_EN);
	arena_init(&small, 0, 0);
	t->arena = &small;
	tpl_values(t, &v);
	assert_false(buf_ok(t->out));
	arena_clear(&small);
}

static struct view_table_row table_row(size_t i)
{
	return (struct view_table_row){
		.title = STR("Relational Databases: joins & indexes"),
		.course = STR("DB-220, DEV-2024-A"),
		.code = STR("DB220-1119-H7VX"),
		.author = STR("Dr Leyla Aydın"),
		.id = 1800 + (int64_t)i,
		.size = 88600000,
		.day = 20776 - (int32_t)i,
		.start_tod = 8 * 3600,
		.end_tod = 9 * 3600 + 1800,
		.n_notes = (int)i,
	};
}

static int64_t now_ns(void)
{
	struct timespec ts;

	assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts), 0);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Prints the best of many rounds; fails only when it is far off, for slow machines. */
static void test_table_time(void **state)
{
	struct page *p = *state;
	struct view_table_row rows[50];
	struct view_table v = { rows, ARRAY_LEN(rows) };
	int64_t best = INT64_MAX;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		rows[i] = table_row(i);
	for (int round = 0; round < 300; round++) {
		struct tpl *t;
		int64_t start;

		arena_reset(&p->arena);
		t = begin(state, LANG_FR);
		buf_init(&p->out, &p->arena, 65536, 1 << 18);
		start = now_ns();
		tpl_table(t, &v);
		start = now_ns() - start;
		best = start < best ? start : best;
		assert_true(buf_ok(t->out));
		n = t->out->n;
	}
	print_message("table of 50 rows, %zu bytes: %lld.%lld us\n", n, (long long)best / 1000,
		      (long long)best / 100 % 10);
	assert_true(n > 25000 && n < 60000);
	assert_true(best < 5000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_values, setup, teardown),
		cmocka_unit_test_setup_teardown(test_blocks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_blocks_other_way, setup, teardown),
		cmocka_unit_test_setup_teardown(test_conditions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_messages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_plurals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_layout, setup, teardown),
		cmocka_unit_test_setup_teardown(test_spaces, setup, teardown),
		cmocka_unit_test_setup_teardown(test_capture, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_table_time, setup, teardown),
	};

	return cmocka_run_group_tests_name("view_tpl", tests, NULL, NULL);
}
