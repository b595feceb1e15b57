/*
 * codec/tus.h: metadata, checksums and numbers of tus, as sent and as no client should.
 */
#include "unit/guard.h"

#include "base/buf.h"
#include "codec/tus.h"

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

/* Keys and values as "key=value;". */
static struct str flat(const struct pairs *p)
{
	struct buf b;

	buf_init(&b, &arena, 0, 65536);
	for (size_t i = 0; i < p->n; i++) {
		buf_add(&b, p->v[i].name);
		buf_char(&b, '=');
		buf_add(&b, p->v[i].value);
		buf_char(&b, ';');
	}
	assert_true(buf_ok(&b));
	return buf_str(&b);
}

static void test_metadata_as_sent(void **state)
{
	static const struct {
		struct str header, want;
	} cases[] = {
		{ STR_INIT(""), STR_INIT("") },
		{ STR_INIT("  "), STR_INIT("") },
		{ STR_INIT("filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential"),
		  STR_INIT("filename=world_domination_plan.pdf;is_confidential=;") },
		{ STR_INIT("a YQ==, b Yg=="), STR_INIT("a=a;b=b;") },
		{ STR_INIT("a ,b "), STR_INIT("a=;b=;") },
		{ STR_INIT("~!#:/ bMOpw6fCoG9u"), STR_INIT("~!#:/=l\xC3\xA9\xC3\xA7\xC2\xA0on;") },
		{ STR_INIT("zero AA=="), STR_INIT("zero=\0;") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pairs p;
		struct error e;

		assert_int_equal(tus_metadata(cases[i].header, &arena, &p, &e), RC_OK);
		assert_str(flat(&p), cases[i].want);
	}
}

static void test_metadata_refused(void **state)
{
	static const char *const cases[] = {
		",",       "a YQ==,",       ",a YQ==",        "a YQ",
		"a Y Q==", "a YQ==,a Yg==", "a YQ==,a",       "a !!!!",
		"a\tb",    "\xC3\xA9 YQ==", "a YQ==,,b Yg==", " ,",
	};
	struct pairs p = { NULL, 99 };
	struct error e;
	struct buf b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(tus_metadata(str_from(cases[i]), &arena, &p, &e), RC_INVALID);
		assert_int_equal(e.reason, REASON_UPLOAD_METADATA);
	}
	buf_init(&b, &arena, 0, 65536);
	for (int i = 0; i < TUS_METADATA_KEYS + 1; i++)
		buf_printf(&b, "%sk%d", i ? "," : "", i);
	assert_int_equal(tus_metadata(buf_str(&b), &arena, &p, &e), RC_INVALID);
	buf_init(&b, &arena, 0, 65536);
	BUF_LIT(&b, "a ");
	while (b.n <= TUS_METADATA_MAX)
		BUF_LIT(&b, "YWFh");
	assert_int_equal(tus_metadata(buf_str(&b), &arena, &p, &e), RC_INVALID);
	assert_int_equal(p.n, 99);
}

static void test_checksums(void **state)
{
	static const struct {
		struct str header;
		bool is_good;
		enum tus_algorithm algorithm;
		size_t n;
	} cases[] = {
		{ STR_INIT("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="), true, TUS_SHA1, 20 },
		{ STR_INIT("sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="), true, TUS_SHA256,
		  32 },
		{ STR_INIT("sha1 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="), false, 0, 0 },
		{ STR_INIT("sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0="), false, 0, 0 },
		{ STR_INIT("md5 1B2M2Y8AsgTpgAmY7PhCfg=="), false, 0, 0 },
		{ STR_INIT("SHA1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="), false, 0, 0 },
		{ STR_INIT("sha1  Kq5sNclPz7QV2+lfQIuc6R7oRu0="), false, 0, 0 },
		{ STR_INIT("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0"), false, 0, 0 },
		{ STR_INIT("sha1"), false, 0, 0 },
		{ STR_INIT("sha1 "), false, 0, 0 },
		{ STR_INIT(" "), false, 0, 0 },
		{ STR_INIT(""), false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct tus_checksum c = { .n = 99 };
		struct error e;
		enum rc rc = tus_checksum(cases[i].header, &c, &e);

		assert_int_equal(rc, cases[i].is_good ? RC_OK : RC_INVALID);
		assert_int_equal(c.n, cases[i].is_good ? cases[i].n : 99);
		if (cases[i].is_good)
			assert_int_equal(c.algorithm, cases[i].algorithm);
	}
}

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: refused */
	} cases[] = {
		{ "0", 0 },
		{ "104857600", 104857600 },
		{ "9223372036854775807", INT64_MAX },
		{ "", -1 },
		{ "-1", -1 },
		{ "9223372036854775808", -1 },
		{ "-0", -1 },
		{ "+1", -1 },
		{ " 1", -1 },
		{ "1 ", -1 },
		{ "0x10", -1 },
		{ "1.0", -1 },
		{ "1e3", -1 },
		{ "99999999999999999999", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t n = -1;

		assert_int_equal(tus_number(str_from(cases[i].text), &n), cases[i].want >= 0);
		assert_int_equal(n, cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_metadata_as_sent),
		cmocka_unit_test(test_metadata_refused),
		cmocka_unit_test(test_checksums),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
