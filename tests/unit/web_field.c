/*
 * web/field.h: what fields take, what they refuse, and with which reason.
 */
#include "unit/guard.h"

#include "web/field.h"

enum kind { KIND_NONE, KIND_A, KIND_B };

static const char *const kind_words[] = { "", "a", "b", NULL };

struct sample {
	int64_t id, number;
	struct str text, lines, email, raw;
	int32_t day, tod;
	enum kind kind;
	bool flag;
	struct field_list list;
};

static FIELDS(sample_fields, sample, FIELD(ID, sample, id, PATH, .required = true),
	      FIELD(TEXT, sample, text, FORM, .required = true, .min = 2, .max = 4),
	      FIELD(LONG_TEXT, sample, lines, FORM, .max = 6), FIELD(EMAIL, sample, email, FORM),
	      FIELD(RAW, sample, raw, FORM, .max = 8),
	      FIELD(INT, sample, number, ANY, .min = -5, .max = 9, .fallback = 7),
	      FIELD(DAY, sample, day, FORM), FIELD(TOD, sample, tod, FORM),
	      FIELD(CHOICE, sample, kind, FORM, .words = kind_words, .fallback = KIND_B),
	      FIELD(BOOL, sample, flag, FORM), FIELD(LIST, sample, list, FORM));

static enum rc read_sample(struct arena *a, const struct pair *form, size_t n_form,
			   const struct pair *query, size_t n_query, struct sample *ret,
			   struct error *e)
{
	struct pair id = { STR_INIT("id"), STR_INIT("12") }, copy[8], asked[8];
	struct pairs path = { &id, 1 }, f = { copy, n_form }, q = { asked, n_query };

	memcpy(copy, form, n_form * sizeof *form);
	if (n_query)
		memcpy(asked, query, n_query * sizeof *query);
	error_init(e);
	return fields_read(&sample_fields, &(struct field_sources){ &path, &q, &f }, a, ret, e);
}

static void test_good(void **state)
{
	static const struct pair form[] = {
		{ STR_INIT("text"), STR_INIT("  \xC3\xA9t\xC3\xA9 ") },
		{ STR_INIT("lines"), STR_INIT("a\r\nb\rc\r\n  ") },
		{ STR_INIT("raw"), STR_INIT(" p\n ") },
		{ STR_INIT("day"), STR_INIT("1970-01-02") },
		{ STR_INIT("tod"), STR_INIT("00:01") },
		{ STR_INIT("kind"), STR_INIT("a") },
		{ STR_INIT("list[]"), STR_INIT("x") },
		{ STR_INIT("list"), STR_INIT("y") },
	};
	static const struct pair query[] = { { STR_INIT("number"), STR_INIT("-5") },
					     { STR_INIT("unknown"), STR_INIT("\0") } };
	struct sample in;
	struct arena a;
	struct error e;

	(void)state;
	arena_init(&a, 65536, 0);
	assert_int_equal(read_sample(&a, form, ARRAY_LEN(form), query, ARRAY_LEN(query), &in, &e),
			 RC_OK);
	assert_int_equal(in.id, 12);
	assert_true(str_eq(in.text, STR("\xC3\xA9t\xC3\xA9")));
	assert_true(str_eq(in.lines, STR("a\nb\nc")));
	assert_true(str_eq(in.raw, STR(" p\n ")));
	assert_int_equal(in.number, -5);
	assert_int_equal(in.day, 1);
	assert_int_equal(in.tod, 60);
	assert_int_equal(in.kind, KIND_A);
	assert_false(in.flag);
	assert_int_equal(in.list.n, 2);
	assert_true(str_eq(in.list.v[1], STR("y")));
	arena_clear(&a);
}

static void test_absent(void **state)
{
	static const struct pair form[] = { { STR_INIT("text"), STR_INIT("ok") },
					    { STR_INIT("day"), STR_INIT("  ") },
					    { STR_INIT("email"), STR_INIT("") } };
	struct sample in;
	struct arena a;
	struct error e;

	(void)state;
	arena_init(&a, 65536, 0);
	assert_int_equal(read_sample(&a, form, ARRAY_LEN(form), NULL, 0, &in, &e), RC_OK);
	assert_int_equal(in.number, 7);
	assert_int_equal(in.kind, KIND_B);
	assert_int_equal(in.day, NO_DAY);
	assert_int_equal(in.tod, NO_DAY);
	assert_int_equal(in.email.n, 0);
	assert_int_equal(in.list.n, 0);
	arena_clear(&a);
}

static void test_faults(void **state)
{
	static const struct {
		struct pair pair;
		enum reason reason;
		int64_t arg;
	} cases[] = {
		{ { STR_INIT("text"), STR_INIT("12345") }, REASON_TOO_LONG, 4 },
		{ { STR_INIT("text"), STR_INIT("1") }, REASON_TOO_SHORT, 2 },
		{ { STR_INIT("text"), STR_INIT("   ") }, REASON_REQUIRED, 0 },
		{ { STR_INIT("text"), STR_INIT("a\0b") }, REASON_NOT_TEXT, 0 },
		{ { STR_INIT("text"), STR_INIT("a\nb") }, REASON_NOT_TEXT, 0 },
		{ { STR_INIT("text"), STR_INIT("a\x7F") }, REASON_NOT_TEXT, 0 },
		{ { STR_INIT("text"), STR_INIT("a\xC2\x85") }, REASON_NOT_TEXT, 0 },
		{ { STR_INIT("text"), STR_INIT("a\xFF") }, REASON_NOT_TEXT, 0 },
		{ { STR_INIT("text"), STR_INIT("a\xEF\xBF\xBF") }, REASON_NOT_TEXT, 0 },
		{ { STR_INIT("lines"), STR_INIT("1234567") }, REASON_TOO_LONG, 6 },
		{ { STR_INIT("lines"), STR_INIT("a\x1B") }, REASON_NOT_TEXT, 0 },
		{ { STR_INIT("raw"), STR_INIT("a\0") }, REASON_NOT_TEXT, 0 },
		{ { STR_INIT("raw"), STR_INIT("123456789") }, REASON_TOO_LONG, 8 },
		{ { STR_INIT("email"), STR_INIT("a") }, REASON_NOT_AN_EMAIL, 0 },
		{ { STR_INIT("email"), STR_INIT("@b.c") }, REASON_NOT_AN_EMAIL, 0 },
		{ { STR_INIT("email"), STR_INIT("a@b") }, REASON_NOT_AN_EMAIL, 0 },
		{ { STR_INIT("email"), STR_INIT("a@b@c.d") }, REASON_NOT_AN_EMAIL, 0 },
		{ { STR_INIT("email"), STR_INIT("a@") }, REASON_NOT_AN_EMAIL, 0 },
		{ { STR_INIT("number"), STR_INIT("x") }, REASON_NOT_A_NUMBER, 0 },
		{ { STR_INIT("number"), STR_INIT("10") }, REASON_TOO_LARGE, 9 },
		{ { STR_INIT("number"), STR_INIT("-6") }, REASON_TOO_SMALL, -5 },
		{ { STR_INIT("number"), STR_INIT("9223372036854775808") }, REASON_NOT_A_NUMBER, 0 },
		{ { STR_INIT("day"), STR_INIT("2026-02-29") }, REASON_NOT_A_DATE, 0 },
		{ { STR_INIT("tod"), STR_INIT("24:00") }, REASON_NOT_A_TIME, 0 },
		{ { STR_INIT("kind"), STR_INIT("c") }, REASON_NOT_A_CHOICE, 0 },
		{ { STR_INIT("flag"), STR_INIT("maybe") }, REASON_NOT_A_CHOICE, 0 },
		{ { STR_INIT("list"), STR_INIT("a\x01") }, REASON_NOT_TEXT, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pair form[2] = { cases[i].pair, { STR_INIT("text"), STR_INIT("good") } };
		size_t n = str_eq(cases[i].pair.name, STR("text")) ? 1 : 2;
		struct sample in;
		struct arena a;
		struct error e;

		arena_init(&a, 65536, 0);
		assert_int_equal(read_sample(&a, form, n, NULL, 0, &in, &e), RC_INVALID);
		assert_int_equal(e.reason, REASON_FIELDS);
		assert_int_equal(e.n_fields, 1);
		assert_true(str_eq(str_from(e.fields[0].field), cases[i].pair.name));
		assert_int_equal(e.fields[0].reason, cases[i].reason);
		assert_int_equal(e.fields[0].arg, cases[i].arg);
		arena_clear(&a);
	}
}

static void test_all_faults_are_told(void **state)
{
	static const struct pair form[] = { { STR_INIT("day"), STR_INIT("x") },
					    { STR_INIT("kind"), STR_INIT("a") },
					    { STR_INIT("kind"), STR_INIT("b") } };
	struct sample in;
	struct arena a;
	struct error e;

	(void)state;
	arena_init(&a, 65536, 0);
	assert_int_equal(read_sample(&a, form, ARRAY_LEN(form), NULL, 0, &in, &e), RC_INVALID);
	assert_int_equal(e.n_fields, 3);
	assert_int_equal(e.fields[0].reason, REASON_REQUIRED);
	assert_int_equal(e.fields[1].reason, REASON_NOT_A_DATE);
	assert_int_equal(e.fields[2].reason, REASON_REPEATED);
	assert_int_equal(in.id, 12);
	arena_clear(&a);
}

static void test_path(void **state)
{
	static const char *const bad[] = { "0", "-1", "x", "1x", "9223372036854775808" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct pair id = { STR_INIT("id"), str_from(bad[i]) };
		struct pairs path = { &id, 1 }, none = { 0 };
		struct sample in;
		struct arena a;
		struct error e;

		arena_init(&a, 65536, 0);
		error_init(&e);
		assert_int_equal(fields_read(&sample_fields,
					     &(struct field_sources){ &path, &none, &none }, &a,
					     &in, &e),
				 RC_NOT_FOUND);
		arena_clear(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),   cmocka_unit_test(test_absent),
		cmocka_unit_test(test_faults), cmocka_unit_test(test_all_faults_are_told),
		cmocka_unit_test(test_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
