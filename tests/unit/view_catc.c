/*
 * The catalogue compiler: what it refuses in a translation, which plural
 * rules it lets into C, how it names messages; reading a .po, and its output.
 */
#include "unit/guard.h"

#include <stdio.h>
#include <stdlib.h>

#include "tools/catc.h"
#include "tools/catc_name.h"
#include "tools/tool_file.h"

/* libgettextpo keeps some bytes of each file it parses; catc runs once. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libgettextpo";
}

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 1 << 22, 1 << 16);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static struct str optional(const char *cz)
{
	return cz ? str_from(cz) : (struct str){ 0 };
}

static void test_check(void **state)
{
	static const struct {
		const char *id, *plural;       /* used by the program */
		const char *po_id, *po_plural; /* in the catalogue */
		const char *forms[2];
		const char *error; /* NULL: good */
		bool is_fuzzy;
	} cases[] = {
		{ "A {x}", NULL, "A {x}", NULL, { "B {x}" }, NULL, false },
		{ "{x} {y}", NULL, "{x} {y}", NULL, { "{y}-{x}-{y}" }, NULL, false },
		{ "A", NULL, "C", NULL, { "B" }, "missing", false },
		{ "A", NULL, "A", NULL, { "" }, "not translated", false },
		{ "A", NULL, "A", NULL, { "B" }, "fuzzy, to be looked at", true },
		{ "A {x}", NULL, "A {x}", NULL, { "B" }, "has other {names}", false },
		{ "A", NULL, "A", NULL, { "B {x}" }, "has other {names}", false },
		{ "A {x}", NULL, "A {x}", NULL, { "B {y}" }, "has other {names}", false },
		{ "A", NULL, "A", NULL, { "B {" }, "has a { or } that is no {name}", false },
		{ "A", NULL, "A", NULL, { "B }" }, "has a { or } that is no {name}", false },
		{ "A {", NULL, "A {", NULL, { "B" }, "the English text has a { or }", false },
		{ "{n} a", "{n} as", "{n} a", "{n} as", { "{n} b", "{n} bs" }, NULL, false },
		{ "One a", "{n} as", "One a", "{n} as", { "{n} b", "{n} bs" }, NULL, false },
		{ "{n} a", "{n} as", "{n} a", "{n} as", { "un b", "{n} bs" }, NULL, false },
		{ "{n} a", "{n} as", "{n} a", "{n} as", { "{n} b", "" }, "not translated", false },
		{ "{n} a", "{n} as", "{n} a", "{n} at", { "x", "y" }, "has another plural", false },
		{ "{n} a", "{n} as", "{n} a", NULL, { "{n} b" }, "has another plural", false },
		{ "{n} {x}",
		  "{n} {x}s",
		  "{n} {x}",
		  "{n} {x}s",
		  { "{n}", "{n}" },
		  "has other {names}",
		  false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct catc_entry used = { .id = str_from(cases[i].id),
					   .plural = optional(cases[i].plural),
					   .place = STR("x.html:1") };
		struct catc_entry entry = { .id = str_from(cases[i].po_id),
					    .plural = optional(cases[i].po_plural),
					    .forms = { optional(cases[i].forms[0]),
						       optional(cases[i].forms[1]) },
					    .is_fuzzy = cases[i].is_fuzzy };
		struct catc_file messages = { .v = &used, .n = 1 };
		struct catc_file po = { .path = STR("fr.po"), .v = &entry, .n = 1, .n_plurals = 2 };
		struct buf report;
		bool is_good;

		arena_reset(&arena);
		buf_init(&report, &arena, 64, 4096);
		is_good = catc_check(&messages, &po, &report);
		buf_char(&report, '\0');
		if (is_good != (cases[i].error == NULL) ||
		    (cases[i].error && !strstr(report.p, cases[i].error)))
			fail_msg("case %zu: %s", i, report.p);
		if (cases[i].error)
			assert_non_null(strstr(report.p, "used in x.html:1\n"));
	}
}

static void test_unused(void **state)
{
	struct catc_entry entries[] = {
		{ .id = STR("A"), .ctx = STR("c"), .forms = { STR("B") } }
	};
	struct catc_file po = { .path = STR("fr.po"), .v = entries, .n = 1, .n_plurals = 2 };
	struct catc_file none = { 0 };
	struct buf report;

	(void)state;
	buf_init(&report, &arena, 64, 4096);
	assert_true(catc_check(&none, &po, &report));
	catc_warn_unused(&po, &report);
	assert_str(buf_str(&report),
		   STR("fr.po: warning: no longer used: \"A\" (context \"c\")\n"));
	po.n_plurals = 0;
	assert_false(catc_check(&none, &po, &report));
}

static void test_plural_rules(void **state)
{
	static const struct {
		const char *header, *rule;
		unsigned n; /* 0: refused */
	} cases[] = {
		{ "A: b\nPlural-Forms: nplurals=2; plural=(n > 1);\nC: d\n", "(n > 1)", 2 },
		{ "Plural-Forms: nplurals=1; plural=0;", "0", 1 },
		{ "Plural-Forms:nplurals=3; plural=n==1 ? 0 : n%10>=2 && !(n%100==12) ? 1 : 2;",
		  "n==1 ? 0 : n%10>=2 && !(n%100==12) ? 1 : 2", 3 },
		{ "Plural-Forms: nplurals=9; plural=0;", NULL, 0 },
		{ "Plural-Forms: nplurals=0; plural=0;", NULL, 0 },
		{ "Plural-Forms: nplurals=x; plural=0;", NULL, 0 },
		{ "Plural-Forms: nplurals=2;", NULL, 0 },
		{ "Plural-Forms: nplurals=2; plural=;", NULL, 0 },
		{ "Plural-Forms: nplurals=2; plural=system(0);", NULL, 0 },
		{ "Plural-Forms: nplurals=2; plural=nn;", NULL, 0 },
		{ "Plural-Forms: nplurals=2; plural=n1;", NULL, 0 },
		{ "Plural-Forms: nplurals=2; plural=(n));", NULL, 0 },
		{ "Plural-Forms: nplurals=2; plural=n)(;", NULL, 0 },
		{ "Plural-Forms: nplurals=2; plural=n, n;", NULL, 0 },
		{ "Plural-Forms: nplurals=2; plural=n\"\";", NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct catc_file file = { 0 };
		bool is_good = catc_read_plural_rule(str_from(cases[i].header), &file);

		if (is_good != (cases[i].n > 0))
			fail_msg("%s", cases[i].header);
		if (is_good) {
			assert_int_equal(file.n_plurals, cases[i].n);
			assert_str(file.plural_rule, str_from(cases[i].rule));
		}
	}
}

static void test_names(void **state)
{
	static const struct {
		const char *ctx, *id, *start;
	} cases[] = {
		{ NULL, "Complete session", "msg_complete_session_" },
		{ NULL, "  A--b! ", "msg_a_b_" },
		{ NULL, "\u00e9", "msg__" },
		{ NULL, "A very long text that goes on and on and on for ever",
		  "msg_a_very_long_text" },
	};
	struct buf first, second;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		buf_init(&first, &arena, 64, 256);
		catc_message_name(&first, optional(cases[i].ctx), str_from(cases[i].id));
		assert_true(str_starts(buf_str(&first), str_from(cases[i].start)));
		for (size_t k = 0; k < first.n; k++)
			assert_true(ascii_is_alnum(first.p[k]) || first.p[k] == '_');
	}
	/* The context counts, also an empty one. */
	buf_init(&first, &arena, 64, 256);
	buf_init(&second, &arena, 64, 256);
	catc_message_name(&first, (struct str){ 0 }, STR("A"));
	catc_message_name(&second, STR(""), STR("A"));
	assert_false(str_eq(buf_str(&first), buf_str(&second)));
}

static void test_file(void **state)
{
	static const char po[] = "msgid \"\"\nmsgstr \"\"\n"
				 "\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
				 "\"Plural-Forms: nplurals=2; plural=n > 1;\\n\"\n\n"
				 "#: x.html:3\nmsgctxt \"c\"\nmsgid \"Say \\\"a\\\"\"\n"
				 "msgstr \"Dire « a »\"\n\n"
				 "#, fuzzy\nmsgid \"{n} a\"\nmsgid_plural \"{n} as\"\n"
				 "msgstr[0] \"{n} b\"\nmsgstr[1] \"{n} bs\"\n\n"
				 "#~ msgid \"old\"\n#~ msgstr \"vieux\"\n";
	char path[] = "/tmp/muster-catc-XXXXXX";
	int fd = mkstemp(path);
	struct catc_file file = { 0 };
	struct buf out;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_true(tool_file_write(&arena, str_from(path), str_from(po), false));
	assert_true(catc_read(&arena, str_from(path), &file));
	unlink(path);
	assert_int_equal(file.n, 2);
	assert_int_equal(file.n_plurals, 2);
	assert_str(file.v[0].ctx, STR("c"));
	assert_str(file.v[0].id, STR("Say \"a\""));
	assert_str(file.v[0].place, STR("x.html:3"));
	assert_null(file.v[0].plural.p);
	assert_str(file.v[1].forms[1], STR("{n} bs"));
	assert_true(file.v[1].is_fuzzy && !file.v[0].is_fuzzy);

	file.lang = STR("FR");
	catc_sort(&file);
	buf_init(&out, &arena, 4096, 1 << 16);
	catc_emit(&arena, &file, &file, 1, &out);
	assert_true(buf_ok(&out));
	assert_true(str_find(buf_str(&out), STR("STR_INIT(\"Say &#34;a&#34;\")")) != SIZE_MAX);
	assert_true(str_find(buf_str(&out), STR("catalogue_plural_FR(uint64_t n)\n{\n\treturn "
						"(size_t)(n > 1);")) != SIZE_MAX);
	assert_true(str_find(buf_str(&out), STR("catalogue_n_messages = 2;")) != SIZE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),        cmocka_unit_test(test_unused),
		cmocka_unit_test(test_plural_rules), cmocka_unit_test(test_names),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests_name("view_catc", tests, setup, teardown);
}
