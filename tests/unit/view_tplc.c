/*
 * The template compiler: what it refuses, with the place and the words of the
 * error; what it must accept; and random templates, which it must survive.
 */
#include "unit/guard.h"

#include <stdio.h>

#include "tools/tplc.h"

#define VIEW "{{view x \"x.h\"}}\n"

static struct arena arena;

static bool has_partial(void *arg, struct str name)
{
	(void)arg;
	return str_eq(name, STR("partials/item")) || str_eq(name, STR("layouts/page"));
}

struct output {
	struct buf source, header, messages;
};

static bool compile(struct tplc *c, struct output *o, const char *name, struct str text)
{
	arena_reset(&arena);
	buf_init(&o->source, &arena, 1024, SIZE_MAX);
	buf_init(&o->header, &arena, 1024, SIZE_MAX);
	buf_init(&o->messages, &arena, 1024, SIZE_MAX);
	*c = (struct tplc){ .arena = &arena,
			    .file = STR("t.html"),
			    .name = str_from(name),
			    .text = text,
			    .has_partial = has_partial,
			    .icons = STR("clock\narrow-left\n"),
			    .filters = STR("struct str fmt_bytes(struct tpl *t, int64_t n);\n") };
	return tplc_compile(c, &o->source, &o->header, &o->messages);
}

/* ---- refused ------------------------------------------------------------------------- */

struct bad_case {
	const char *text; /* behind the view line, so line 2 is its first */
	int line, col;
	const char *error; /* its beginning */
};

static void expect_errors(const struct bad_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct output o;
		struct tplc c;
		char text[1000];

		snprintf(text, sizeof(text), VIEW "%s", cases[i].text);
		if (compile(&c, &o, "x", str_from(text)))
			fail_msg("accepted: %s", cases[i].text);
		if (strncmp(c.error, cases[i].error, strlen(cases[i].error)) != 0 ||
		    c.error_pos.line != cases[i].line || c.error_pos.col != cases[i].col)
			fail_msg("%s\n gives %d:%d: %s\n  not %d:%d: %s", cases[i].text,
				 c.error_pos.line, c.error_pos.col, c.error, cases[i].line,
				 cases[i].col, cases[i].error);
	}
}

static void test_bad_places(void **state)
{
	static const struct bad_case cases[] = {
		{ "<a b={{x}}>", 2, 6, "no value can stand in an attribute without quotes" },
		{ "<a b=1{{x}}>", 2, 7, "no value can stand in an attribute without quotes" },
		{ "<a b='{{x}}'>", 2, 7, "no value can stand in an attribute in single quotes" },
		{ "<a {{x}}>", 2, 4, "no value can stand in a tag" },
		{ "<a {{x}}=\"1\">", 2, 4, "no value can stand in a tag" },
		{ "<{{x}}>", 2, 2, "no value can stand in the name of a tag" },
		{ "<h{{x}}>", 2, 3, "no value can stand in the name of a tag" },
		{ "</h{{x}}>", 2, 4, "no value can stand in the name of a tag" },
		{ "<a b{{x}}=\"1\">", 2, 5, "no value can stand in the name of an attribute" },
		{ "<!-- {{x}} -->", 2, 6, "no value can stand in a comment" },
		{ "<!-- -- > {{x}} -->", 2, 11, "no value can stand in a comment" },
		{ "<!doctype {{x}}>", 2, 11, "no value can stand in a declaration" },
		{ "<style>a</style>", 2, 7, "a style element is not allowed" },
		{ "<script>f()</script>", 2, 9, "an inline script is not allowed" },
		{ "<svg><set to=\"{{x}}\"/>", 2, 15, "no value can stand in the attribute \"to\"" },
		{ "</p a=\">\">", 2, 6, "an end tag has a name only" },
		{ "<script type=\"application/json\"><!--</script>", 2, 34,
		  "a stray < in a script" },
		{ "<script>{{x}}</script>", 2, 9, "no value can stand in a script" },
		{ "<script type=\"module\">{{x}}</script>", 2, 23,
		  "no value can stand in a script" },
		{ "<script><</script {{x}}", 2, 19, "no value can stand in a script" },
		{ "<p onclick=\"{{x}}\">", 2, 11, "an event attribute is not allowed" },
		{ "<p ONCLICK=\"f()\">", 2, 11, "an event attribute is not allowed" },
		{ "<p onclick>", 2, 11, "an event attribute is not allowed" },
		{ "<p hx-on:click=\"f()\">", 2, 15, "an event attribute is not allowed" },
		{ "<p style=\"{{x}}\">", 2, 9, "a style attribute is not allowed" },
		{ "<p{{#if a}} style{{/if}}>", 2, 18, "a style attribute is not allowed" },
		{ "<iframe srcdoc=\"{{x}}\">", 2, 17,
		  "no value can stand in the attribute \"srcdoc\"" },
		{ "<img srcset=\"{{x}} 2x\">", 2, 14, "no value can stand in the attribute" },
		{ "<script type=\"{{x}}\">", 2, 15,
		  "no value can stand in the attribute \"type\"" },
		{ "<p hx-vals=\"{{x}}\">", 2, 13,
		  "no value can stand in the attribute \"hx-vals\"" },
		{ "<p hx-trigger=\"{{x}}\">", 2, 16, "no value can stand in the attribute" },
		{ "<meta http-equiv=\"refresh\" content=\"{{x}}\">", 2, 37,
		  "no value can stand in the attribute \"content\"" },
		{ "<meta content=\"{{x}}\" http-equiv=\"refresh\">", 2, 33,
		  "http-equiv must be the first attribute" },
		{ "<script type=\"application/json\">\"{{x}}\"</script>", 2, 34,
		  "a value of a JSON block brings its own quotes" },
		{ "<script type=\"application/json\">\"\\\"{{x}}</script>", 2, 36,
		  "a value of a JSON block brings its own quotes" },
		{ "<script type=\"application/json\">\"<!--\"</script>", 2, 34, "write \\u003c" },
		{ "a < b", 2, 4, "write &lt; for < in text" },
		{ "<p a=\"1\"b=\"2\">", 2, 9, "a blank is missing before the attribute" },
		{ "<p{{#if a}}b{{/if}}>", 2, 12, "a blank is missing before the attribute" },
		{ "<p{{#if a}} b{{/if}}c>", 2, 21, "a blank is missing before the attribute" },
		{ "<p \"a\">", 2, 4, "an attribute's name cannot begin like this" },
		{ "<p a\"=\"1\">", 2, 5, "a quote or < in the name" },
		{ "<p a=>", 2, 6, "the value of the attribute is missing" },
		{ "<p a=b\"c>", 2, 7, "this character needs an attribute in double quotes" },
		{ "<p_q>", 2, 3, "a tag's name has letters" },
	};

	(void)state;
	expect_errors(cases, ARRAY_LEN(cases));
}

static void test_bad_urls(void **state)
{
	static const struct bad_case cases[] = {
		{ "<a href=\"javascript:f()\">", 2, 20, "this URL is not allowed" },
		{ "<a href=\"JavaScript:f()\">", 2, 20, "this URL is not allowed" },
		{ "<a href=javascript:f()>", 2, 19, "this URL is not allowed" },
		{ "<a href=' javascript:f()'>", 2, 10, "this URL is not allowed" },
		{ "<a href=\"data:text/html,{{x}}\">", 2, 14, "this URL is not allowed" },
		{ "<a href=\"java{{x}}\">", 2, 14, "a value cannot continue the first word" },
		{ "<a href=\"{{x}}:y\">", 2, 15, "this URL is not allowed" },
		{ "<a href=\"{{x}}script:y\">", 2, 15, "this URL is not allowed" },
		{ "<a href=\"{{x}}{{y}}\">", 2, 15, "two values at the start of a URL" },
		{ "<a href=\"/{{x}}\">", 2, 11, "a value cannot be the first segment" },
		{ "<a href=\"//{{x}}/\">", 2, 12, "no value can stand in the host" },
		{ "<a href=\"/\\{{x}}/\">", 2, 12, "no value can stand in the host" },
		{ "<a href=\"https://{{x}}/\">", 2, 18, "no value can stand in the host" },
		{ "<a href=\"https://a.b{{x}}/\">", 2, 21, "no value can stand in the host" },
		{ "<a href=\"{{#if a}}/b/{{/if}}{{x}}\">", 2, 29, "the start of this URL differs" },
		{ "<a href=\"{{#if a}}java{{/if}}script:f()\">", 2, 30, "this URL is not allowed" },
		{ "<a href=\"{{#each a as b}}{{b}}{{/each}}\">", 2, 10, "the body of this #each" },
		{ "<a href=\"{{t \"x\"}}\">", 2, 10, "a text cannot stand in a URL" },
		{ "<a href=\"/a/{{asset \"b\"}}\">", 2, 13, "an asset stands at the start" },
	};

	(void)state;
	expect_errors(cases, ARRAY_LEN(cases));
}

static void test_bad_blocks(void **state)
{
	static const struct bad_case cases[] = {
		{ "{{#if a}}", 2, 1, "{{/if}} is missing" },
		{ "a\n {{#each a as b}}", 3, 2, "{{/each}} is missing" },
		{ "{{#if a}}\n{{/each}}", 3, 1, "{{/each}} where {{/if}} of line 2 is due" },
		{ "{{/if}}", 2, 1, "{{/if}} without its beginning" },
		{ "{{else}}", 2, 1, "{{else}} without its beginning" },
		{ "{{#if a}}{{else}}{{else}}{{/if}}", 2, 18, "{{else}} where {{/if}}" },
		{ "{{#if a}}{{else}}{{elif b}}{{/if}}", 2, 18, "{{elif b}} where {{/if}}" },
		{ "{{#t \"a\"}}", 2, 1, "{{/t}} is missing" },
		{ "{{#if a}}<p {{/if}}>", 2, 1,
		  "the branches of this #if end at different places" },
		{ "{{#if a}}<p class=\"{{else}}<p id=\"{{/if}}x\">", 2, 1,
		  "the branches of this #if" },
		{ "<p class=\"{{#if a}}\"{{/if}}>", 2, 11, "the branches of this #if" },
		{ "{{#if a}}<script>{{/if}}</script>", 2, 18, "no block can stand in a script" },
		{ "{{#if a}}<textarea>{{/if}}</textarea>", 2, 1, "the branches of this #if" },
		{ "{{#if a}}<pre>{{/if}}</pre>", 2, 1, "the branches of this #if" },
		{ "{{#each a as b}}<p {{/each}}>", 2, 1,
		  "the body of this #each begins in text and" },
		{ "<p {{#each a as b}}c{{/each}}>", 2, 4, "the body of this #each" },
		{ "{{#each a as b}}{{else}}<p {{/each}}>", 2, 1,
		  "the {{else}} of this #each ends" },
		{ "<{{#if a}}b{{/if}}>", 2, 2, "no block can stand in the name of a tag" },
		{ "<a b={{#if a}}1{{/if}}>", 2, 6, "no block can stand in an attribute without" },
		{ "<!--{{#if a}}1{{/if}}-->", 2, 5, "no block can stand in a comment" },
		{ "<p", 1, 1, "the template ends in the name of a tag" },
		{ "<p a=\"", 1, 1, "the template ends in the value of an attribute" },
		{ "<textarea>", 1, 1, "the template ends in a textarea" },
		{ "<pre>", 1, 1, "the template ends in a pre element" },
		{ "{{#each a}}{{/each}}", 2, 1, "write {{#each rows as row}}" },
		{ "{{#each a as}}{{/each}}", 2, 1, "write {{#each rows as row}}" },
		{ "{{#each a as v}}{{/each}}", 2, 1, "\"v\" cannot be a loop variable" },
		{ "{{#each a as b}}{{#each b.c as b}}{{/each}}{{/each}}", 2, 17,
		  "\"b\" is already a loop variable" },
		{ "{{#each v as b}}{{/each}}", 2, 1, "#each needs a field" },
		{ "{{#what a}}{{/what}}", 2, 1, "unknown block \"#what\"" },
		{ "<p {{> partials/item}}>", 2, 4, "a partial stands in text only, not in a tag" },
		{ "{{> partials/none}}", 2, 1, "there is no template \"partials/none\"" },
		{ "{{> }}", 2, 1, "the name of a template is missing" },
		{ "{{> ../x}}", 2, 1, "the name of a template is missing" },
		{ "{{#if a}}{{#layout layouts/page b}}{{/layout}}{{/if}}", 2, 10,
		  "{{#layout}} cannot stand in another block" },
		{ "{{#slot a}}{{/slot}}", 2, 1, "{{#slot}} stands directly" },
		{ "{{#if a}}{{#slot a}}{{/slot}}{{/if}}", 2, 10, "{{#slot}} stands directly" },
		{ "{{#layout layouts/page b}}{{#slot a}}{{/slot}}{{#slot a}}{{/slot}}{{/layout}}",
		  2, 47, "a second slot \"a\"" },
		{ "{{#layout layouts/page b}}<p {{/layout}}", 2, 1, "the template ends in a tag" },
	};

	(void)state;
	expect_errors(cases, ARRAY_LEN(cases));
}

static void test_bad_tags(void **state)
{
	static const struct bad_case cases[] = {
		{ "{{", 2, 1, "{{ without }}" },
		{ "a {{\"}}", 2, 3, "{{ without }}" },
		{ "{{! a", 2, 1, "{{ without }}" },
		{ "{{}}", 2, 1, "an empty tag" },
		{ "{{ }}", 2, 1, "an empty tag" },
		{ "{{a b}}", 2, 1, "unexpected \"b\"" },
		{ "{{a.}}", 2, 1, "a field is missing" },
		{ "{{a..b}}", 2, 1, "a field is missing" },
		{ "{{1}}", 2, 1, "a field is missing" },
		{ "{{a;b}}", 2, 1, "unexpected \";b\"" },
		{ "{{a[1]}}", 2, 1, "unexpected \"[1]\"" },
		{ "{{f(a)}}", 2, 1, "unexpected \"(a)\"" },
		{ "{{a | none}}", 2, 1, "unknown filter \"none\"" },
		{ "{{a | byte}}", 2, 1, "unknown filter \"byte\"" },
		{ "{{a | }}", 2, 1, "unknown filter \"\"" },
		{ "{{icon \"none\"}}", 2, 1, "unknown icon \"none\"" },
		{ "{{icon \"\"}}", 2, 1, "unknown icon \"\"" },
		{ "{{icon \"clock\" left}}", 2, 1, "write {{icon \"name\"}}" },
		{ "<p a=\"{{icon \"clock\"}}\">", 2, 7, "an icon stands in text only" },
		{ "<p a=\"{{csrf}}\">", 2, 7, "{{csrf}} stands in text only" },
		{ "{{asset \"../x\" }}", 2, 1, "an asset stands at the start" },
		{ "<img src=\"{{asset \"/x\"}}\">", 2, 11, "an asset's name is relative" },
		{ "<img src=\"{{asset \"a b\"}}\">", 2, 11, "an asset's name has letters" },
		{ "{{view x \"x.h\"}}", 2, 1, "{{view}} stands once" },
		{ "{{#if}}{{/if}}", 2, 1, "a field is missing" },
		{ "{{#if a ==}}{{/if}}", 2, 1, "a field is missing" },
		{ "{{#if a < \"b\"}}{{/if}}", 2, 1, "texts compare with == and != only" },
		{ "{{#if (a}}{{/if}}", 2, 1, "a ) is missing" },
		{ "{{#if a == 010}}{{/if}}", 2, 1, "a number with a leading zero" },
		{ "{{#if a == -}}{{/if}}", 2, 1, "a number is missing" },
		{ "{{#if a = b}}{{/if}}", 2, 1, "unexpected \"= b\"" },
		{ "{{#if a == \"\\x\"}}{{/if}}", 2, 1, "a \"text\" with a bad \\" },
	};

	(void)state;
	expect_errors(cases, ARRAY_LEN(cases));
}

static void test_bad_messages(void **state)
{
	static const struct bad_case cases[] = {
		{ "{{t \"\"}}", 2, 1, "the text is empty" },
		{ "{{t x}}", 2, 1, "a \"text\" is missing" },
		{ "{{t \"{n}\"}}", 2, 1, "{n} has no value" },
		{ "{{t \"a\" n=n}}", 2, 1, "the text has no {n}" },
		{ "{{t \"{n}\" n}}", 2, 1, "write name=value" },
		{ "{{t \"{n}\" n=n n=m}}", 2, 1, "a second \"n\"" },
		{ "{{t \"{n\" n=n}}", 2, 1, "a { or } of the text" },
		{ "{{t \"a}\"}}", 2, 1, "a { or } of the text" },
		{ "{{t \"{N}\"}}", 2, 1, "a { or } of the text" },
		{ "{{t \"a\" ctx=b}}", 2, 1, "a \"text\" is missing" },
		{ "{{tn n \"{n} a\"}}", 2, 1, "a \"text\" is missing" },
		{ "{{tn n \"{n} a\" \"{n} b {m}\"}}", 2, 1, "{m} has no value" },
		{ "{{tn n \"{n} a\" \"{n} b\" n=n}}", 2, 1, "{n} is the count" },
		{ "{{t \"a\"}}{{tn n \"a\" \"b\"}}", 2, 10,
		  "line 2 uses this text with another plural" },
		{ "{{#t \"{a}\"}}x{{:a}}{{/t}}", 2, 13, "{{:name}} is due behind the text" },
		{ "{{#t \"{a}\"}}{{:a}}<b {{/t}}", 2, 13,
		  "this part of the message ends in a tag" },
		{ "{{#t \"{a}\"}}{{:a}}{{:a}}{{/t}}", 2, 19, "a second \"a\"" },
		{ "{{#t \"{a}\"}}{{:b}}{{/t}}", 2, 1, "{a} has no value" },
		{ "{{#t \"{a}\" a=a}}{{:a}}{{/t}}", 2, 17, "a second \"a\"" },
		{ "<p a=\"{{#t \"{a}\"}}{{:a}}x{{/t}}\">", 2, 7, "a {{#t}} stands in text only" },
		{ "<script type=\"application/json\">{{t \"{a}\" a=a}}</script>", 2, 33,
		  "a text with {names} cannot stand in a JSON block" },
	};

	(void)state;
	expect_errors(cases, ARRAY_LEN(cases));
}

static void test_bad_beginnings(void **state)
{
	static const char *const texts[] = { "",      "x",        "<p>{{view x \"x.h\"}}",
					     "{{a}}", "{{view}}", "\n{{view x \"x.h\"}}" };
	struct output o;
	struct tplc c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		assert_false(compile(&c, &o, "x", str_from(texts[i])));
		assert_string_equal(c.error,
				    "a template begins with {{view name \"view/header.h\"}}");
	}
	assert_false(compile(&c, &o, "x", STR("{{view x}}")));
	assert_string_equal(c.error, "a \"text\" is missing");
	assert_false(compile(&c, &o, "x", STR("{{view x \"a\\\\\"}}")));
	assert_string_equal(c.error, "a header's name has letters, digits and -_./ only");
	assert_false(compile(&c, &o, "x", STR(VIEW "\xff")));
	assert_string_equal(c.error, "the template is not UTF-8");
	assert_false(compile(&c, &o, "x", STR(VIEW "a\0b")));
	assert_string_equal(c.error, "the template contains a zero byte");
}

static void test_depth(void **state)
{
	static const struct {
		const char *open, *close;
	} cases[] = { { "{{#if a}}", "{{/if}}" }, { "{{elif a}}", "" }, { "!", "" }, { "(", ")" } };
	struct output o;
	struct tplc c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool is_condition = i > 1;
		struct arena own;
		struct buf text;

		arena_init(&own, 1 << 20, 0);
		buf_init(&text, &own, 1024, SIZE_MAX);
		buf_add(&text, is_condition ? STR(VIEW "{{#if ") : STR(VIEW "{{#if a}}"));
		for (int k = 0; k < 10000; k++)
			buf_add(&text, str_from(cases[i].open));
		if (is_condition)
			BUF_LIT(&text, "a");
		for (int k = 0; k < 10000; k++)
			buf_add(&text, str_from(cases[i].close));
		buf_add(&text, is_condition ? STR("}}{{/if}}") : STR("{{/if}}"));
		assert_true(buf_ok(&text));
		assert_false(compile(&c, &o, "x", buf_str(&text)));
		assert_non_null(strstr(c.error, is_condition ? "nested too deeply"
							     : "too many blocks within blocks"));
		arena_clear(&own);
	}
}

/* ---- accepted ---------------------------------------------------------------------------- */

static void test_good(void **state)
{
	static const struct {
		const char *text, *code; /* which the C must contain */
	} cases[] = {
		{ "<p a=\"{{x}}\">", "TPL_ATTR(t, v->x);" },
		{ "<p>{{v.x->y.z}}", "TPL_TEXT(t, v->x->y.z);" },
		{ "{{t}}", "TPL_TEXT(t, v->t);" },
		{ "{{icon.x}}{{view}}", "TPL_TEXT(t, v->view);" },
		{ "{{csrf | bytes}}", "fmt_bytes(t, v->csrf)" },
		{ "<a href=\"{{x}}\">", "TPL_URL(t, v->x);" },
		{ "<a HREF=\"/a/{{x}}\">", "TPL_PART(t, v->x);" },
		{ "<a href=\"#{{x}}\">", "TPL_PART(t, v->x);" },
		{ "<a href=\"?a={{x}}\">", "TPL_PART(t, v->x);" },
		{ "<a href=\"a/{{x}}\">", "TPL_PART(t, v->x);" },
		{ "<a href=\"https://a.b/{{x}}\">", "TPL_PART(t, v->x);" },
		{ "<a href=\"mailto:{{x}}\">", "TPL_PART(t, v->x);" },
		{ "<a href=\"{{asset \"a\"}}?{{x}}\">", "TPL_PART(t, v->x);" },
		{ "<p data-live=\"/a/{{x}}\">", "TPL_PART(t, v->x);" },
		{ "<p hx-get=\"{{x}}\">", "TPL_URL(t, v->x);" },
		{ "<title>{{x}}</title>", "TPL_ATTR(t, v->x);" },
		{ "<script type=\"application/json\">[{{x}}]</script>{{y}}", "TPL_JSON(t, v->x);" },
		{ "<script type=\"application/json\">[{{x}}]</script>{{y}}", "TPL_TEXT(t, v->y);" },
		{ "<script src=\"/a\"> </script >{{y}}", "TPL_TEXT(t, v->y);" },
		{ "<textarea><</textarea>{{y}}", "TPL_TEXT(t, v->y);" },
		{ "<title>a</titlex></title\n>{{y}}", "TPL_TEXT(t, v->y);" },
		{ "<!-- a > b --->{{y}}", "TPL_TEXT(t, v->y);" },
		{ "<!doctype html>{{y}}", "TPL_TEXT(t, v->y);" },
		{ "<br/><input disabled value=x>{{y}}", "TPL_TEXT(t, v->y);" },
		{ "<meta name=\"a\" content=\"{{x}}\">", "TPL_ATTR(t, v->x);" },
		{ "<a href=\"{{#if a}}/b{{/if}}\">{{y}}", "TPL_TEXT(t, v->y);" },
		{ "<a href=\"{{#if a}}/b{{/if}}?x={{x}}\">", "TPL_PART(t, v->x);" },
		{ "{{#if a}}<p>{{else}}<div class=\"x\">{{/if}}{{y}}", "TPL_TEXT(t, v->y);" },
		{ "<p {{#each a as b}}c {{/each}}>{{y}}", "TPL_TEXT(t, v->y);" },
		{ "{{#each a->b as c}}{{c_index}}{{c}}{{/each}}", "c_index < (size_t)(v->a->n_b)" },
		{ "{{#each a as b}}{{#each b.c as d}}{{/each}}{{/each}}", "(size_t)(b->n_c)" },
		{ "{{#if a == B_C && !(d || e)}}{{/if}}",
		  "if ((int64_t)(v->a) == (int64_t)(B_C) && !(tpl_true_bool((TPL_TRUE(v->d)) || "
		  "(TPL_TRUE(v->e)))))" },
		{ "{{#if a == \"\\\\\\\"\"}}{{/if}}", "str_eq(TPL_STR(v->a), STR(\"\\\\\\\"\"))" },
		{ "{{> partials/item}}", "tpl_partials_item(t, v);" },
		{ "{{> partials/item a.b}}",
		  "tpl_partials_item(t, TPL_ARG_partials_item(v->a.b));" },
		{ "a\n\n{{x}}", "#line 4 \"t.html\"\n\tTPL_TEXT(t, v->x);" },
		{ "?\?/\\\"\x01é", "TPL_LITERAL(t, \"?\?/\\\\\\\"\\001é\");" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct output o;
		struct tplc c;
		char text[1000];

		snprintf(text, sizeof(text), VIEW "%s", cases[i].text);
		if (!compile(&c, &o, "x", str_from(text)))
			fail_msg("%s\n gives %s", cases[i].text, c.error);
		if (str_find(buf_str(&o.source), str_from(cases[i].code)) == SIZE_MAX)
			fail_msg("%s\n gives %.*s", cases[i].text, STR_ARG(buf_str(&o.source)));
	}
}

static void test_header_and_messages(void **state)
{
	struct output o;
	struct tplc c;

	(void)state;
	assert_true(
		compile(&c, &o, "a-b/c", STR(VIEW "{{t \"A \\\"b\\\"\"}}\n{{t \"A \\\"b\\\"\"}}")));
	assert_true(str_find(buf_str(&o.header), STR("void tpl_a_b_c(struct tpl *t, const struct "
						     "view_x *v);")) != SIZE_MAX);
	assert_true(str_ends(buf_str(&o.messages),
			     STR("\n#: t.html:2\nmsgid \"A \\\"b\\\"\"\nmsgstr \"\"\n")));
	assert_true(compile(&c, &o, "x", STR(VIEW "{{tn n \"{n} a\" \"{n} b\" ctx=\"c\"}}")));
	assert_true(str_ends(
		buf_str(&o.messages),
		STR("\n#: t.html:2\nmsgctxt \"c\"\nmsgid \"{n} a\"\nmsgid_plural \"{n} b\"\n"
		    "msgstr[0] \"\"\nmsgstr[1] \"\"\n")));
	assert_true(compile(&c, &o, "layouts/l", STR(VIEW "{{slot a}}{{body}}")));
	assert_true(str_find(buf_str(&o.header),
			     STR("\tvoid (*a)(struct tpl *t, const void *data);\n"
				 "\tvoid (*body)(struct tpl *t, const void *data);\n")) !=
		    SIZE_MAX);
}

/* ---- random ------------------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *state)
{
	*state = *state * UINT32_C(1664525) + UINT32_C(1013904223);
	return *state >> 8;
}

static const char *const pieces[] = {
	"{{",
	"}}",
	"{{x}}",
	"{{#if a}}",
	"{{else}}",
	"{{elif b == 1}}",
	"{{/if}}",
	"{{#each a as b}}",
	"{{/each}}",
	"{{b.c}}",
	"{{t \"m\"}}",
	"{{t \"{n}\" n=x}}",
	"{{tn x \"{n} a\" \"{n} b\"}}",
	"{{#t \"{y}\"}}",
	"{{:y}}",
	"{{/t}}",
	"{{> partials/item x}}",
	"{{#layout layouts/page p}}",
	"{{#slot s}}",
	"{{/slot}}",
	"{{/layout}}",
	"{{csrf}}",
	"{{icon \"clock\"}}",
	"{{asset \"a\"}}",
	"<p",
	">",
	" ",
	"\n",
	"class=\"",
	"href=\"",
	"\"",
	"'",
	"=",
	"/",
	"<script",
	"<textarea>",
	"</textarea>",
	"</script>",
	" type=\"application/json\"",
	"<!--",
	"-->",
	"text",
	"\\",
	"{",
	"é",
	"<pre>",
	"</pre>",
	"javascript:",
	"https://",
	"?",
	"#",
	"{{! x }}",
	"{{slot a}}",
	"{{body}}",
};

static void random_template(uint32_t *seed, struct buf *text)
{
	uint32_t n = next_random(seed) % 60;

	if (next_random(seed) % 8 != 0)
		BUF_LIT(text, VIEW);
	for (uint32_t i = 0; i < n; i++) {
		if (next_random(seed) % 16 == 0)
			buf_char(text, (char)next_random(seed));
		else
			buf_add(text, str_from(pieces[next_random(seed) % ARRAY_LEN(pieces)]));
	}
}

/* Nothing of what comes out is looked at: no crash, no byte read too far, an error or none. */
static void test_random(void **state)
{
	uint32_t seed = 20261120;
	int n_good = 0;
	struct arena own;

	(void)state;
	arena_init(&own, 1 << 20, 1 << 16);
	for (int round = 0; round < 20000; round++) {
		struct buf text;
		struct guard g;
		struct output o;
		struct tplc c;
		bool is_good;

		arena_reset(&own);
		buf_init(&text, &own, 1024, SIZE_MAX);
		random_template(&seed, &text);
		g = guard_make(buf_str(&text));
		is_good = compile(&c, &o, round % 3 ? "x" : "layouts/x", g.s);
		assert_true(is_good == !c.failed);
		assert_true(is_good || (c.error[0] != '\0' && c.error_pos.line >= 1));
		n_good += is_good;
		guard_free(&g);
	}
	arena_clear(&own);
	assert_true(n_good > 100 && n_good < 19000);
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)64 << 20, 1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_places),
		cmocka_unit_test(test_bad_urls),
		cmocka_unit_test(test_bad_blocks),
		cmocka_unit_test(test_bad_tags),
		cmocka_unit_test(test_bad_messages),
		cmocka_unit_test(test_bad_beginnings),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_header_and_messages),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("view_tplc", tests, setup, teardown);
}
