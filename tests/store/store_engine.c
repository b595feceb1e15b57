/*
 * Statements, rows and transactions against a real server: every type both ways,
 * limits, verification, errors, retries.  What needs a dying server is in store_loss.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "store/db_fixture.h"
#include "store/sets.h"

#include <stdio.h>

static struct db_fixture fixture;

struct all_row {
	int64_t id, small, big;
	struct str text, bytes;
	int64_t at;
	int32_t day, tod;
};
static const struct column all_row_columns[] = {
	COL(all_row, id, I64, false),           COL(all_row, small, I64, true),
	COL(all_row, big, I64, true),           COL_N(all_row, text, TEXT, 80, true),
	COL_N(all_row, bytes, BYTES, 20, true), COL(all_row, at, TIME, true),
	COL(all_row, day, DAY, true),           COL(all_row, tod, TOD, true),
};
struct strict_row {
	int64_t id;
	struct str text;
};
static const struct column strict_row_columns[] = {
	COL(strict_row, id, I64, false),
	COL(strict_row, text, TEXT, false),
};
struct number_row {
	int64_t n;
};
static const struct column number_row_columns[] = { COL(number_row, n, I64, false) };
struct text_row {
	struct str long_text;
};
static const struct column text_row_columns[] = { COL(text_row, long_text, TEXT, true) };
struct short_row {
	struct str long_text;
};
static const struct column short_row_columns[] = { COL_N(short_row, long_text, TEXT, 10, true) };

#define TEST_STATEMENTS(ROWS, CHANGE)                                                              \
	CHANGE(T_ADD, "iisbtdc",                                                                   \
	       "INSERT INTO t (small, big, text, bytes, at, day, tod) VALUES (?, ?, ?, ?, ?, ?, "  \
	       "?)")                                                                               \
	ROWS(T_GET, "i", all_row,                                                                  \
	     "SELECT id, small, big, text, bytes, at, day, tod FROM t WHERE id = ?")               \
	ROWS(T_ALL, "", all_row,                                                                   \
	     "SELECT id, small, big, text, bytes, at, day, tod FROM t ORDER BY id")                \
	ROWS(T_STRICT, "i", strict_row,                                                            \
	     "SELECT id, IFNULL(NULLIF(text, 'null'), NULL) AS text "                              \
	     "FROM t WHERE id = ?")                                                                \
	ROWS(T_SEQUENCE, "i", number_row,                                                          \
	     "SELECT seq AS n FROM seq_1_to_1000 WHERE seq <= ? ORDER BY seq")                     \
	ROWS(T_LONG, "i", text_row, "SELECT long_text FROM t WHERE id = ?")                        \
	ROWS(T_SHORT, "i", short_row, "SELECT long_text FROM t WHERE id = ?")                      \
	CHANGE(T_SET_LONG, "si", "UPDATE t SET long_text = ? WHERE id = ?")                        \
	CHANGE(T_SET_SMALL, "ii", "UPDATE t SET small = ? WHERE id = ?")                           \
	CHANGE(T_SET_CODE, "si", "UPDATE t SET code = ? WHERE id = ?")                             \
	CHANGE(T_ADD_TEXT, "s", "INSERT INTO t (text) VALUES (?)")                                 \
	ROWS(T_VARIABLES, "", strict_row,                                                          \
	     "SELECT @@innodb_lock_wait_timeout AS id, CONCAT_WS('|', @@sql_mode, @@time_zone, "   \
	     "@@tx_isolation, @@character_set_client, @@character_set_results, "                   \
	     "@@max_statement_time) AS text")                                                      \
	ROWS(T_SLEEP, "", number_row, "SELECT SLEEP(30) AS n")
STATEMENT_SET(test, TEST_STATEMENTS);

/* Fails with the detail, which says what went wrong. */
static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) expect_at((call), (want), &e, __LINE__)

static int set_up(void **state)
{
	struct store *s;

	db_fixture_open(&fixture);
	db_fixture_exec(
		&fixture,
		"CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, small TINYINT, "
		"big BIGINT, text VARCHAR(20), bytes VARBINARY(20), at DATETIME(6), day DATE, "
		"tod TIME, code VARCHAR(40), long_text MEDIUMTEXT, UNIQUE KEY t_code (code), "
		"UNIQUE KEY t_text_code (text, code)) DEFAULT CHARSET=utf8mb4 "
		"COLLATE=utf8mb4_nopad_bin");
	s = db_fixture_store(&fixture);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	store_close(*state);
	db_fixture_close(&fixture);
	return 0;
}

static int64_t add_text(struct store *s, struct str text)
{
	struct error e;
	int64_t id = 0;

	EXPECT(store_change(s, &test_table[T_ADD_TEXT], PARAMS(P_TEXT(text)), NULL, &id, &e),
	       RC_OK);
	return id;
}

static const struct {
	int64_t small, big;
	const char *text;
	int64_t at;
	int32_t day, tod;
} values[] = {
	{ 0, 0, "", 0, 0, 0 },
	{ -128, INT64_MIN + 1, "a", -1, -1, 86399 },
	{ 127, INT64_MAX, "\xF0\x9F\x98\x80\xF0\x9F\x98\x80", US_PER_DAY, 1, 1 },
	{ -1, -1, "\xD8\xA3\xC3\xA9 \x01'\"\\", 1795168200123456, 20777, 34200 },
	{ 1, 255, "12345678901234567890", INT64_C(253402300799999999), 2932896, 3600 },
	{ 5, 65536, "x", INT64_C(-30610224000000000), -354285, 60 },
};

static void test_values_come_back(void **state)
{
	struct store *s = *state;

	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		const struct str bytes = str_make("\0\xFF\x00z", 1 + i % 4);
		struct all_row r;
		struct error e;
		int64_t id, n;
		EXPECT(store_change(s, &test_table[T_ADD],
				    PARAMS(P_I64(values[i].small), P_I64(values[i].big),
					   P_TEXT(str_from(values[i].text)), P_BYTES(bytes),
					   P_TIME(values[i].at), P_DAY(values[i].day),
					   P_TOD(values[i].tod)),
				    &n, &id, &e),
		       RC_OK);
		assert_int_equal(n, 1);
		EXPECT(store_row(s, &test_table[T_GET], PARAMS(P_I64(id)), &fixture.arena, &r, &e),
		       RC_OK);
		assert_int_equal(r.id, id);
		assert_int_equal(r.small, values[i].small);
		assert_true(r.big == values[i].big);
		assert_true(str_eq(r.text, str_from(values[i].text)));
		assert_non_null(r.text.p);
		assert_true(str_eq(r.bytes, bytes));
		assert_true(r.at == values[i].at);
		assert_int_equal(r.day, values[i].day);
		assert_int_equal(r.tod, values[i].tod);
	}
}

static void test_null_comes_back(void **state)
{
	struct store *s = *state;
	struct all_row r;
	struct error e;
	int64_t id;

	EXPECT(store_change(s, &test_table[T_ADD],
			    PARAMS(P_I64_OR_NULL(COLUMN_NULL), P_I64_OR_NULL(COLUMN_NULL),
				   P_TEXT_OR_NULL(((struct str){ 0 })),
				   ((struct param){ .type = 'b', .is_null = true }),
				   P_TIME(NO_TIME), P_DAY(NO_DAY), P_TOD(NO_DAY)),
			    NULL, &id, &e),
	       RC_OK);
	EXPECT(store_row(s, &test_table[T_GET], PARAMS(P_I64(id)), &fixture.arena, &r, &e), RC_OK);
	assert_true(r.small == COLUMN_NULL && r.big == COLUMN_NULL && r.at == NO_TIME);
	assert_true(r.day == NO_DAY && r.tod == NO_DAY);
	assert_null(r.text.p);
	assert_null(r.bytes.p);
}

static void test_null_where_not_allowed(void **state)
{
	struct store *s = *state;
	struct strict_row r = { .id = 7 };
	struct error e;
	const int64_t id = add_text(s, STR("null"));

	EXPECT(store_row(s, &test_table[T_STRICT], PARAMS(P_I64(id)), &fixture.arena, &r, &e),
	       RC_INTERNAL);
	assert_non_null(strstr(e.detail, "T_STRICT: column text is NULL"));
	assert_int_equal(r.id, 7);
	EXPECT(store_ping(s, &e), RC_OK);
}

static void test_row_counts(void **state)
{
	struct store *s = *state;
	struct number_row *rows = NULL, one;
	struct error e;
	size_t n = 99;
	static const struct {
		int64_t ask;
		size_t max;
		enum rc rc;
	} cases[] = { { 0, 5, RC_OK },         { 5, 5, RC_OK },   { 6, 5, RC_TOO_BIG },
		      { 1000, 5, RC_TOO_BIG }, { 1, 1, RC_OK },   { 65, 1000, RC_OK },
		      { 1000, 1000, RC_OK },   { 64, 64, RC_OK }, { 65, 64, RC_TOO_BIG } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		n = 99;
		EXPECT(store_rows(s, &test_table[T_SEQUENCE], PARAMS(P_I64(cases[i].ask)),
				  cases[i].max, &fixture.arena, &rows, &n, &e),
		       cases[i].rc);
		if (cases[i].rc != RC_OK) {
			assert_int_equal(n, 99);
			assert_int_equal(e.reason, REASON_TOO_MUCH);
			continue;
		}
		assert_int_equal(n, cases[i].ask);
		for (size_t k = 0; k < n; k++)
			assert_int_equal(rows[k].n, k + 1);
	}
	EXPECT(store_row(s, &test_table[T_SEQUENCE], PARAMS(P_I64(0)), &fixture.arena, &one, &e),
	       RC_NOT_FOUND);
	EXPECT(store_row(s, &test_table[T_SEQUENCE], PARAMS(P_I64(2)), &fixture.arena, &one, &e),
	       RC_INTERNAL);
	EXPECT(store_row(s, &test_table[T_SEQUENCE], PARAMS(P_I64(500)), &fixture.arena, &one, &e),
	       RC_INTERNAL);
	EXPECT(store_row(s, &test_table[T_SEQUENCE], PARAMS(P_I64(1)), &fixture.arena, &one, &e),
	       RC_OK);
}

static void test_long_texts(void **state)
{
	static const size_t sizes[] = { 0, 250, 251, 252, 65535, 65536, 1 << 20 };
	struct store *s = *state;
	struct error e;
	const int64_t id = add_text(s, STR("long"));

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct text_row r;
		char *p = arena_alloc(&fixture.arena, sizes[i] + 1);
		assert_non_null(p);
		memset(p, 'x', sizes[i]);
		EXPECT(store_change(s, &test_table[T_SET_LONG],
				    PARAMS(P_TEXT(str_make(p, sizes[i])), P_I64(id)), NULL, NULL,
				    &e),
		       RC_OK);
		EXPECT(store_row(s, &test_table[T_LONG], PARAMS(P_I64(id)), &fixture.arena, &r, &e),
		       RC_OK);
		assert_true(str_eq(r.long_text, str_make(p, sizes[i])));
	}
	struct short_row cut;
	EXPECT(store_row(s, &test_table[T_SHORT], PARAMS(P_I64(id)), &fixture.arena, &cut, &e),
	       RC_INTERNAL);
	assert_non_null(strstr(e.detail, "longer than declared"));
	/* An arena over its budget is an error, and the connection lives on. */
	struct arena small;
	struct text_row r;
	arena_init(&small, 100000, 0);
	EXPECT(store_row(s, &test_table[T_LONG], PARAMS(P_I64(id)), &small, &r, &e), RC_NO_MEMORY);
	arena_clear(&small);
	EXPECT(store_ping(s, &e), RC_OK);
	arena_reset(&fixture.arena);
}

static void test_errors(void **state)
{
	struct store *s = *state;
	struct error e;
	const int64_t a = add_text(s, STR("a")), b = add_text(s, STR("b"));
	int64_t n = 7;

	EXPECT(store_change(s, &test_table[T_SET_CODE], PARAMS(P_TEXT(STR("secret'")), P_I64(a)),
			    NULL, NULL, &e),
	       RC_OK);
	EXPECT(store_change(s, &test_table[T_SET_CODE], PARAMS(P_TEXT(STR("secret'")), P_I64(b)),
			    &n, NULL, &e),
	       RC_CONFLICT);
	assert_int_equal(n, 7);
	assert_int_equal(e.foreign, 1062);
	assert_true(store_is_duplicate(&e, "t_code"));
	assert_false(store_is_duplicate(&e, "code"));
	assert_false(store_is_duplicate(&e, "t_text_code"));
	assert_null(strstr(e.detail, "secret"));
	/* Too long, out of range, not UTF-8: errors, never cut. */
	EXPECT(store_change(s, &test_table[T_ADD],
			    PARAMS(P_I64(1), P_I64(1), P_TEXT(STR("123456789012345678901")),
				   P_BYTES(STR("")), P_TIME(0), P_DAY(0), P_TOD(0)),
			    NULL, NULL, &e),
	       RC_INTERNAL);
	assert_int_equal(e.foreign, 1406);
	EXPECT(store_change(s, &test_table[T_SET_SMALL], PARAMS(P_I64(128), P_I64(a)), NULL, NULL,
			    &e),
	       RC_INTERNAL);
	assert_int_equal(e.foreign, 1264);
	EXPECT(store_change(s, &test_table[T_SET_CODE], PARAMS(P_TEXT(STR("\xFFpriv")), P_I64(a)),
			    NULL, NULL, &e),
	       RC_INVALID);
	assert_int_equal(e.reason, REASON_NOT_TEXT);
	assert_null(strstr(e.detail, "priv"));
	/* Rows found, not rows changed. */
	for (int i = 0; i < 2; i++) {
		EXPECT(store_change(s, &test_table[T_SET_SMALL], PARAMS(P_I64(3), P_I64(a)), &n,
				    NULL, &e),
		       RC_OK);
		assert_int_equal(n, 1);
	}
}

static void test_session_settings(void **state)
{
	struct store *s = *state;
	struct strict_row r;
	struct error e;

	EXPECT(store_row(s, &test_table[T_VARIABLES], NULL, 0, &fixture.arena, &r, &e), RC_OK);
	assert_int_equal(r.id, 3);
	assert_true(str_find(r.text, STR("STRICT_ALL_TABLES")) != SIZE_MAX);
	assert_true(str_find(r.text, STR("ONLY_FULL_GROUP_BY")) != SIZE_MAX);
	assert_true(str_ends(r.text, STR("|+00:00|READ-COMMITTED|utf8mb4|utf8mb4|10.000000")));
}

static void test_statement_timeout(void **state)
{
	struct store_options o = db_fixture_options(&fixture);
	struct store *s;
	struct number_row r;
	struct error e;

	(void)state;
	o.statement_timeout_ms = 50;
	EXPECT(store_open(&o, &s, &e), RC_OK);
	EXPECT(store_row(s, &test_table[T_SLEEP], NULL, 0, &fixture.arena, &r, &e), RC_BUSY);
	assert_int_equal(e.foreign, 1969);
	EXPECT(store_ping(s, &e), RC_OK);
	store_close(s);
}

static void test_all_statements_verify(void **state)
{
	struct error e;
	const enum rc rc = store_verify(*state, &e);

	if (rc != RC_OK)
		print_message("%s\n", e.detail);
	assert_int_equal(rc, RC_OK);
}

/* ---- wrong declarations are found ------------------------------------------------------- */

static const struct column other_name[] = { { "nope", COLUMN_I64, 0, 0, true } };
static const struct column other_type[] = { { "big", COLUMN_TEXT, 0, 0, true } };
static const struct column not_null[] = { { "big", COLUMN_I64, 0, 0, false } };
static const struct column right[] = { { "big", COLUMN_I64, 0, 0, true } };
static const struct column outside[] = { { "big", COLUMN_I64, 8, 0, true } };
static const struct column too_short[] = { { "text", COLUMN_TEXT, 0, 79, true } };
static const struct column sum_type[] = { { "n", COLUMN_I64, 0, 0, true } };
static const struct column as_bytes[] = { { "text", COLUMN_BYTES, 0, 0, true } };

#define WRONG(what, params, columns, size, sql)                                                    \
	{                                                                                          \
		what, params, columns, 1, size, sql                                                \
	}
static const struct {
	struct statement st;
	const char *says;
} wrongs[] = {
	{ WRONG("name", "", other_name, 8, "SELECT big FROM t"), "another name" },
	{ WRONG("type", "", other_type, 16, "SELECT big FROM t"), "another type" },
	{ WRONG("null", "", not_null, 8, "SELECT big FROM t"), "it has NULL" },
	{ WRONG("offset", "", outside, 8, "SELECT big FROM t"), "outside the row" },
	{ WRONG("length", "", too_short, 16, "SELECT text FROM t"), "more bytes" },
	{ WRONG("decimal", "", sum_type, 8, "SELECT SUM(big) AS n FROM t"), "decimal" },
	{ WRONG("bytes", "", as_bytes, 16, "SELECT text FROM t"), "another type" },
	{ WRONG("few", "", right, 8, "SELECT big, id FROM t"), "2 columns, its row has 1" },
	{ WRONG("params", "", right, 8, "SELECT big FROM t WHERE id = ?"), "1 parameters" },
	{ WRONG("letter", "x", right, 8, "SELECT big FROM t WHERE id = ?"), "signature is 'x'" },
	{ WRONG("syntax", "", right, 8, "SELEC big FROM t"), "1064" },
	{ WRONG("table", "", right, 8, "SELECT big FROM nothere"), "1146" },
	{ WRONG("strict", "", right, 8, "SELECT big FROM t GROUP BY small"), "1055" },
};

static void test_wrong_declarations(void **state)
{
	struct store *s = *state;

	for (size_t i = 0; i < ARRAY_LEN(wrongs); i++) {
		const struct statement *st = &wrongs[i].st;
		const struct param one = P_I64(1);
		char row[16];
		struct error e;
		EXPECT(store_row(s, st, &one, strlen(st->params), &fixture.arena, row, &e),
		       RC_INTERNAL);
		if (strstr(e.detail, wrongs[i].says) == NULL)
			fail_msg("%s: %s", st->name, e.detail);
	}
}

/* ---- transactions ----------------------------------------------------------------------- */

struct tx_arg {
	int64_t id;
	enum rc rc;
	int n_runs, fail_before;
	struct store *other;
};

static enum rc tx_set(struct store *s, void *arg, struct error *e)
{
	struct tx_arg *a = arg;

	a->n_runs++;
	TRY(store_change(s, &test_table[T_SET_SMALL], PARAMS(P_I64(9), P_I64(a->id)), NULL, NULL,
			 e));
	return a->rc == RC_OK ? RC_OK : ERROR(e, a->rc, REASON_CHECKED, "asked for");
}

static int64_t small_of(struct store *s, int64_t id)
{
	struct all_row r;
	struct error e;

	EXPECT(store_row(s, &test_table[T_GET], PARAMS(P_I64(id)), &fixture.arena, &r, &e), RC_OK);
	return r.small;
}

static void test_commit_and_roll_back(void **state)
{
	struct store *s = *state;
	struct tx_arg a = { .id = add_text(s, STR("tx")), .rc = RC_CONFLICT };
	struct error e;

	EXPECT(store_tx(s, tx_set, &a, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CHECKED);
	assert_int_equal(a.n_runs, 1);
	assert_true(small_of(s, a.id) == COLUMN_NULL);
	a.rc = RC_OK;
	const int64_t before = store_n_statements(s);
	EXPECT(store_tx(s, tx_set, &a, &e), RC_OK);
	assert_int_equal(store_n_statements(s) - before, 3);
	assert_int_equal(small_of(s, a.id), 9);
}

static enum rc tx_swallow(struct store *s, void *arg, struct error *e)
{
	struct tx_arg *a = arg;
	struct error ignored;

	a->n_runs++;
	(void)e;
	/* The other connection holds the row: 1205 after 3 s.  Swallowing it must not commit. */
	if (store_change(s, &test_table[T_SET_SMALL], PARAMS(P_I64(2), P_I64(a->id)), NULL, NULL,
			 &ignored) == RC_OK)
		return RC_OK;
	a->rc = ignored.rc;
	db_fixture_exec(&fixture, "ROLLBACK");
	return RC_OK;
}

static void test_lock_wait_runs_again(void **state)
{
	struct store *s = *state;
	char sql[100];
	struct tx_arg a = { .id = add_text(s, STR("wait")) };
	struct error e;

	snprintf(sql, sizeof sql, "START TRANSACTION; UPDATE t SET small = 1 WHERE id = %lld",
		 (long long)a.id);
	db_fixture_exec(&fixture, sql);
	EXPECT(store_tx(s, tx_swallow, &a, &e), RC_OK);
	assert_int_equal(a.rc, RC_BUSY);
	assert_int_equal(a.n_runs, 2);
	assert_int_equal(small_of(s, a.id), 2);
}

static enum rc tx_cross(struct store *s, void *arg, struct error *e)
{
	struct tx_arg *a = arg;

	/* The injected 1213: the server's own number, by SIGNAL in a trigger. */
	a->n_runs++;
	if (a->n_runs > a->fail_before)
		db_fixture_exec(&fixture, "UPDATE fault SET is_on = 0");
	return store_change(s, &test_table[T_SET_SMALL], PARAMS(P_I64(4), P_I64(a->id)), NULL, NULL,
			    e);
}

static void test_deadlock_runs_again(void **state)
{
	struct store *s = *state;
	struct error e;
	static const struct {
		int fail_before, runs;
		enum rc rc;
	} cases[] = { { 1, 2, RC_OK }, { 2, 3, RC_OK }, { 7, 8, RC_OK }, { 9, 8, RC_BUSY } };

	db_fixture_exec(
		&fixture,
		"CREATE TABLE fault (is_on INT NOT NULL PRIMARY KEY); INSERT INTO fault VALUES (0);"
		"CREATE TRIGGER t_fault BEFORE UPDATE ON t FOR EACH ROW BEGIN "
		"IF (SELECT MAX(is_on) FROM fault) = 1 THEN SIGNAL SQLSTATE '40001' "
		"SET MYSQL_ERRNO = 1213; END IF; END");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct tx_arg a = { .id = add_text(s, STR("dead")),
				    .fail_before = cases[i].fail_before };
		db_fixture_exec(&fixture, "UPDATE fault SET is_on = 1");
		EXPECT(store_tx(s, tx_cross, &a, &e), cases[i].rc);
		assert_int_equal(a.n_runs, cases[i].runs);
		db_fixture_exec(&fixture, "UPDATE fault SET is_on = 0");
		assert_true(small_of(s, a.id) == (cases[i].rc == RC_OK ? 4 : COLUMN_NULL));
	}
	assert_int_equal(e.foreign, 1213);
	db_fixture_exec(&fixture, "DROP TRIGGER t_fault; DROP TABLE fault");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_come_back),
		cmocka_unit_test(test_null_comes_back),
		cmocka_unit_test(test_null_where_not_allowed),
		cmocka_unit_test(test_row_counts),
		cmocka_unit_test(test_long_texts),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_session_settings),
		cmocka_unit_test(test_statement_timeout),
		cmocka_unit_test(test_all_statements_verify),
		cmocka_unit_test(test_wrong_declarations),
		cmocka_unit_test(test_commit_and_roll_back),
		cmocka_unit_test(test_lock_wait_runs_again),
		cmocka_unit_test(test_deadlock_runs_again),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
