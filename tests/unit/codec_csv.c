/*
 * codec/csv.h: rows and their numbers, every line end and delimiter, files cut into pieces of
 * every size, what is malformed, and what is written.
 */
#include "unit/guard.h"

#include "codec/csv.h"

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

/* Rows as one text: "1:a|b 2:c|d ". */
struct seen {
	struct buf b;
	int64_t end;
	size_t stop_after; /* rows; 0: never */
	size_t n;
};

static bool see(void *arg, const struct csv_row *row)
{
	struct seen *s = arg;

	buf_i64(&s->b, row->number);
	for (size_t i = 0; i < row->n; i++) {
		buf_char(&s->b, i == 0 ? ':' : '|');
		buf_add(&s->b, row->fields[i]);
	}
	buf_char(&s->b, ' ');
	s->end = row->end;
	return ++s->n != s->stop_after;
}

/* Feeds `text` in pieces of at most `step` bytes. */
static enum rc read_all(struct str text, char delimiter, size_t step, struct seen *s,
			struct error *e)
{
	struct csv_from from = { .delimiter = delimiter, .max_rows = 5, .fn = see, .arg = s };
	struct csv_reader *r;
	bool stopped = false;
	size_t at = 0, used;

	buf_init(&s->b, &arena, 64, 65536);
	assert_int_equal(csv_open(&arena, &from, &r, e), RC_OK);
	while (at < text.n && !stopped) {
		struct guard g = guard_make(str_sub(text, at, step));
		bool is_last = at + g.s.n == text.n;

		/* A CR alone waits for what follows it. */
		if (g.s.n == 1 && g.s.p[0] == '\r' && !is_last) {
			guard_free(&g);
			g = guard_make(str_sub(text, at, 2));
			is_last = at + g.s.n == text.n;
		}
		enum rc rc = csv_feed(r, g.s, is_last, &used, &stopped, e);
		guard_free(&g);
		if (rc != RC_OK)
			return rc;
		at += used;
	}
	return stopped ? RC_OK : csv_finish(r, e);
}

static void test_rows(void **state)
{
	static const struct {
		struct str text;
		char delimiter;
		struct str rows;
	} cases[] = {
		{ STR_INIT("a,b\nc,d\n"), ',', STR_INIT("1:a|b 2:c|d ") },
		{ STR_INIT("a,b\nc,d"), ',', STR_INIT("1:a|b 2:c|d ") },
		{ STR_INIT("a;b\r\nc;d\r\n"), ';', STR_INIT("1:a|b 2:c|d ") },
		{ STR_INIT("a\tb\rc\td\r"), '\t', STR_INIT("1:a|b 2:c|d ") },
		{ STR_INIT("a,b\n\n \nc,d\n"), ',', STR_INIT("1:a|b 4:c|d ") },
		{ STR_INIT("\r\n\r\na,b\r\n"), ',', STR_INIT("3:a|b ") },
		{ STR_INIT("\"a,\"\"b\"\"\",c\n"), ',', STR_INIT("1:a,\"b\"|c ") },
		{ STR_INIT("\"a\r\n\r\nb\",c\nd,e\n"), ',', STR_INIT("1:a\r\n\r\nb|c 2:d|e ") },
		{ STR_INIT("a,,\n,\n"), ',', STR_INIT("1:a|| 2:| ") },
		{ STR_INIT("\"\"\n"), ',', STR_INIT("1: ") },
		{ STR_INIT(" a , b c \n"), ',', STR_INIT("1:a|b c ") },
		{ STR_INIT("é,日本\n"), ',', STR_INIT("1:é|日本 ") },
		{ STR_INIT(""), ',', STR_INIT("") },
		{ STR_INIT("\n\n"), ',', STR_INIT("") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t step = 1; step <= cases[i].text.n + 1; step++) {
			struct seen s = { 0 };
			struct error e;

			error_init(&e);
			assert_int_equal(read_all(cases[i].text, cases[i].delimiter, step, &s, &e),
					 RC_OK);
			assert_str(buf_str(&s.b), cases[i].rows);
		}
	}
}

static void test_malformed(void **state)
{
	static const struct {
		struct str text;
		enum reason reason;
		int64_t arg;
	} cases[] = {
		{ STR_INIT("a,b\nc,\"d\n"), REASON_IMPORT_QUOTE, 2 },
		{ STR_INIT("a,b\n\nc,\"d"), REASON_IMPORT_QUOTE, 3 },
		{ STR_INIT("a,b\"c\n"), REASON_IMPORT_QUOTE, 1 },
		{ STR_INIT("a\n\"b\"c\n"), REASON_IMPORT_QUOTE, 2 },
		{ STR_INIT("a\nb\0c\n"), REASON_IMPORT_NUL, 2 },
		{ STR_INIT("a\nb\xE9\n"), REASON_IMPORT_ENCODING, 2 },
		{ STR_INIT("a\nb\xED\xA0\x80\n"), REASON_IMPORT_ENCODING, 2 },
		{ STR_INIT("1\n2\n3\n4\n5\n6\n"), REASON_IMPORT_ROWS, 5 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t step = 1; step <= cases[i].text.n + 1; step++) {
			struct seen s = { 0 };
			struct error e;

			error_init(&e);
			assert_int_not_equal(read_all(cases[i].text, ',', step, &s, &e), RC_OK);
			assert_int_equal(e.reason, cases[i].reason);
			assert_int_equal(e.arg, cases[i].arg);
		}
	}
}

static void repeat(struct buf *b, const char *text, size_t n)
{
	buf_init(b, &arena, 1024, (size_t)1 << 20);
	for (size_t i = 0; i < n; i++)
		buf_add(b, str_from(text));
}

static void test_limits(void **state)
{
	struct seen s = { 0 };
	struct error e;
	struct buf b;

	(void)state;
	error_init(&e);
	repeat(&b, ",", CSV_COLUMNS - 1);
	assert_int_equal(read_all(buf_str(&b), ',', b.n, &s, &e), RC_OK);
	repeat(&b, ",", CSV_COLUMNS);
	assert_int_equal(read_all(buf_str(&b), ',', b.n, &s, &e), RC_INVALID);
	assert_int_equal(e.reason, REASON_IMPORT_COLUMNS);
	repeat(&b, "x", CSV_FIELD_BYTES);
	assert_int_equal(read_all(buf_str(&b), ',', b.n, &s, &e), RC_OK);
	repeat(&b, "x", CSV_FIELD_BYTES + 1);
	assert_int_equal(read_all(buf_str(&b), ',', b.n, &s, &e), RC_INVALID);
	assert_int_equal(e.reason, REASON_IMPORT_FIELD_LONG);
	/* A quote that never closes must not make anything grow. */
	repeat(&b, "\"a,b\n", 1);
	for (int i = 0; i < 20000; i++)
		BUF_LIT(&b, "a,b\n");
	assert_int_equal(read_all(buf_str(&b), ',', 4096, &s, &e), RC_INVALID);
	assert_int_equal(e.reason, REASON_IMPORT_FIELD_LONG);
	assert_int_equal(e.arg, 1);
}

/* Reading stops behind any row and goes on there as if it had not stopped. */
static void test_going_on(void **state)
{
	const struct str text = STR("h,i\r\n\"a\r\nb\",1\r\n\r\nc,2\r\nd,3");

	(void)state;
	for (size_t stop = 1; stop <= 4; stop++) {
		struct seen first = { .stop_after = stop }, rest = { 0 };
		struct csv_from from = { .delimiter = ',', .max_rows = 9, .fn = see };
		struct csv_reader *r;
		struct error e;
		bool stopped;
		size_t used;

		error_init(&e);
		assert_int_equal(read_all(text, ',', text.n, &first, &e), RC_OK);
		buf_init(&rest.b, &arena, 64, 65536);
		from.offset = first.end;
		from.number = (int64_t)(stop + (stop > 2)); /* the blank line is the third */
		from.arg = &rest;
		assert_int_equal(csv_open(&arena, &from, &r, &e), RC_OK);
		assert_int_equal(csv_feed(r, str_from_pos(text, (size_t)first.end), true, &used,
					  &stopped, &e),
				 RC_OK);
		assert_int_equal(csv_finish(r, &e), RC_OK);
		buf_add(&first.b, buf_str(&rest.b));
		assert_str(buf_str(&first.b), STR("1:h|i 2:a\r\nb|1 4:c|2 5:d|3 "));
	}
}

static void test_look(void **state)
{
	static const struct {
		struct str head;
		struct csv_start wanted;
	} cases[] = {
		{ STR_INIT("a,b\n"), { CSV_UTF8, 0, ',' } },
		{ STR_INIT("a;b;c,d\n"), { CSV_UTF8, 0, ';' } },
		{ STR_INIT("a\tb\n,,,,"), { CSV_UTF8, 0, '\t' } },
		{ STR_INIT("\"a,b,c\";d\n"), { CSV_UTF8, 0, ';' } },
		{ STR_INIT("\xEF\xBB\xBF"
			   "a;b\n"),
		  { CSV_UTF8, 3, ';' } },
		{ STR_INIT("abc"), { CSV_UTF8, 0, ',' } },
		{ STR_INIT(""), { CSV_UTF8, 0, ',' } },
		{ STR_INIT("caf\xC3"), { CSV_UTF8, 0, ',' } }, /* cut in a character */
		{ STR_INIT("caf\xE9,b\n"), { CSV_OTHER, 0, ',' } },
		{ STR_INIT("\xFF\xFE"
			   "a\0"),
		  { CSV_UTF16, 0, ',' } },
		{ STR_INIT("\xFE\xFF\0a"), { CSV_UTF16, 0, ',' } },
		{ STR_INIT("a\0,\0b\0"), { CSV_UTF16, 0, ',' } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].head);
		const struct csv_start got = csv_look(g.s);

		assert_int_equal(got.encoding, cases[i].wanted.encoding);
		assert_int_equal(got.n_mark, cases[i].wanted.n_mark);
		if (got.encoding == CSV_UTF8)
			assert_int_equal(got.delimiter, cases[i].wanted.delimiter);
		guard_free(&g);
	}
}

static void test_put(void **state)
{
	static const struct {
		struct str field, wanted;
	} cases[] = {
		{ STR_INIT(""), STR_INIT("\"\"") },
		{ STR_INIT("a\"b"), STR_INIT("\"a\"\"b\"") },
		{ STR_INIT("=1+1"), STR_INIT("\"'=1+1\"") },
		{ STR_INIT("+33 1"), STR_INIT("\"'+33 1\"") },
		{ STR_INIT("-1"), STR_INIT("\"'-1\"") },
		{ STR_INIT("@a"), STR_INIT("\"'@a\"") },
		{ STR_INIT("\t=a"), STR_INIT("\"'\t=a\"") },
		{ STR_INIT("\r=a"), STR_INIT("\"'\r=a\"") },
		{ STR_INIT("a=b"), STR_INIT("\"a=b\"") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b;

		buf_init(&b, &arena, 64, 256);
		csv_put(&b, cases[i].field);
		assert_str(buf_str(&b), cases[i].wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_malformed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_going_on, setup, teardown),
		cmocka_unit_test_setup_teardown(test_look, setup, teardown),
		cmocka_unit_test_setup_teardown(test_put, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
