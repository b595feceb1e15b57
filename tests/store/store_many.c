/*
 * Many rows by one statement, against a real server: every type and NULL in any row, what comes
 * back of RETURNING, and what an error in the middle leaves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "store/db_fixture.h"
#include "store/sets.h"

#include <stdio.h>

static struct db_fixture fixture;

struct many_row {
	int64_t id, number;
	struct str text, bytes;
	int64_t at;
	int32_t day, tod;
};
static const struct column many_row_columns[] = {
	COL(many_row, id, I64, false),         COL(many_row, number, I64, true),
	COL_N(many_row, text, TEXT, 80, true), COL_N(many_row, bytes, BYTES, 20, true),
	COL(many_row, at, TIME, true),         COL(many_row, day, DAY, true),
	COL(many_row, tod, TOD, true),
};
struct many_id {
	int64_t id;
	struct str text;
};
static const struct column many_id_columns[] = {
	COL(many_id, id, I64, false),
	COL_N(many_id, text, TEXT, 80, true),
};

#define INSERT " INTO many (number, text, bytes, at, day, tod) VALUES (?, ?, ?, ?, ?, ?)"
#define MANY_STATEMENTS(ROWS, CHANGE)                                                              \
	CHANGE(M_ADD, "isbtdc", "INSERT" INSERT)                                                   \
	ROWS(M_ADD_IDS, "isbtdc", many_id, "INSERT" INSERT " RETURNING id, text")                  \
	ROWS(M_ADD_NEW, "isbtdc", many_id, "INSERT IGNORE" INSERT " RETURNING id, text")           \
	ROWS(M_ADD_WRONG, "isbtdc", many_id, "INSERT" INSERT " RETURNING id, number")              \
	ROWS(M_ALL, "", many_row,                                                                  \
	     "SELECT id, number, text, bytes, at, day, tod FROM many ORDER BY id")
STATEMENT_SET(many, MANY_STATEMENTS);

enum { N_PARAMS = 6, ROWS_MAX = 200 };

static int set_up(void **state)
{
	db_fixture_open(&fixture);
	db_fixture_exec(&fixture,
			"CREATE TABLE many (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,"
			" number BIGINT, text VARCHAR(20), bytes VARBINARY(20), at DATETIME(6),"
			" day DATE, tod TIME, UNIQUE KEY many_text (text))"
			" DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin");
	*state = db_fixture_store(&fixture);
	return 0;
}

static int tear_down(void **state)
{
	store_close(*state);
	db_fixture_close(&fixture);
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	db_fixture_exec(&fixture, "DELETE FROM many");
	return 0;
}

/* Set k has a NULL in the column k % 7, when that is one. */
static void fill(struct param *sets, char (*texts)[24], size_t n)
{
	for (size_t k = 0; k < n; k++) {
		snprintf(texts[k], sizeof texts[k], "%s%zu", k % 3 ? "a" : "\xC3\xA9", k);
		const struct param set[N_PARAMS] = {
			P_I64((int64_t)k - 3),
			P_TEXT(str_from(texts[k])),
			P_BYTES(str_make("\0\xFF\x00z", k % 5)),
			P_TIME((int64_t)k * 1000001),
			P_DAY((int32_t)k),
			P_TOD((int32_t)k),
		};
		memcpy(&sets[k * N_PARAMS], set, sizeof set);
		if (k % 7 < N_PARAMS)
			sets[k * N_PARAMS + k % 7].is_null = true;
	}
}

static const struct many_row *all(struct store *s, size_t want)
{
	const struct many_row *rows;
	struct error e;
	size_t n;

	error_init(&e);
	assert_int_equal(store_rows(s, &many_table[M_ALL], NULL, 0, ROWS_MAX, &fixture.arena, &rows,
				    &n, &e),
			 RC_OK);
	assert_int_equal(n, want);
	return rows;
}

static void same(const struct many_row *r, const struct param *set, size_t k)
{
	size_t null = k % 7;

	assert_true(r->number == (null == 0 ? COLUMN_NULL : set[0].i));
	assert_true(null == 1 ? r->text.p == NULL : str_eq(r->text, set[1].s));
	assert_true(null == 2 ? r->bytes.p == NULL : r->bytes.p && str_eq(r->bytes, set[2].s));
	assert_true(r->at == (null == 3 ? NO_TIME : set[3].i));
	assert_int_equal(r->day, null == 4 ? NO_DAY : (int32_t)set[4].i);
	assert_int_equal(r->tod, null == 5 ? NO_DAY : (int32_t)set[5].i);
}

static void values_come_back(void **state)
{
	static const size_t sizes[] = { 1, 2, 7, 33, ROWS_MAX };
	static struct param sets[ROWS_MAX * N_PARAMS];
	static char texts[ROWS_MAX][24];
	struct store *s = *state;

	fill(sets, texts, ROWS_MAX);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		const int64_t before = store_n_statements(s);
		const struct many_row *rows;
		struct error e;

		error_init(&e);
		assert_int_equal(store_change_many(s, &many_table[M_ADD], sets, N_PARAMS, sizes[i],
						   &e),
				 RC_OK);
		assert_int_equal(store_n_statements(s) - before, 1);
		rows = all(s, sizes[i]);
		for (size_t k = 0; k < sizes[i]; k++)
			same(&rows[k], &sets[k * N_PARAMS], k);
		db_fixture_exec(&fixture, "DELETE FROM many");
	}
	/* The same statement with one set, as any other. */
	struct error e;
	error_init(&e);
	assert_int_equal(store_change(s, &many_table[M_ADD], sets + 6 * N_PARAMS, N_PARAMS, NULL,
				      NULL, &e),
			 RC_OK);
	same(all(s, 1), &sets[6 * N_PARAMS], 6);
}

static void ids_come_back_in_order(void **state)
{
	static struct param sets[ROWS_MAX * N_PARAMS];
	static char texts[ROWS_MAX][24];
	struct store *s = *state;
	const struct many_id *ids;
	const struct many_row *rows;
	struct error e;
	size_t n;

	error_init(&e);
	fill(sets, texts, ROWS_MAX);
	assert_int_equal(store_rows_of_many(s, &many_table[M_ADD_IDS], sets, N_PARAMS, ROWS_MAX,
					    &fixture.arena, &ids, &n, &e),
			 RC_OK);
	assert_int_equal(n, ROWS_MAX);
	rows = all(s, ROWS_MAX);
	for (size_t k = 0; k < n; k++) {
		assert_int_equal(ids[k].id, rows[k].id);
		assert_true(str_eq(ids[k].text, rows[k].text));
		assert_true(k == 0 || ids[k].id > ids[k - 1].id);
	}
}

static void what_is_there_does_not_come_back(void **state)
{
	static struct param sets[ROWS_MAX * N_PARAMS];
	static char texts[ROWS_MAX][24];
	struct store *s = *state;
	const struct many_id *ids;
	struct error e;
	size_t n;

	error_init(&e);
	fill(sets, texts, 10);
	assert_int_equal(store_change(s, &many_table[M_ADD], sets + 4 * N_PARAMS, N_PARAMS, NULL,
				      NULL, &e),
			 RC_OK);
	assert_int_equal(store_rows_of_many(s, &many_table[M_ADD_NEW], sets, N_PARAMS, 10,
					    &fixture.arena, &ids, &n, &e),
			 RC_OK);
	assert_int_equal(n, 9);
	for (size_t k = 0; k < n; k++)
		assert_false(str_eq(ids[k].text, str_from(texts[4])));
	all(s, 10);
	/* All of them: nothing comes back, and the connection goes on. */
	assert_int_equal(store_rows_of_many(s, &many_table[M_ADD_NEW], sets + 2 * N_PARAMS,
					    N_PARAMS, 5, &fixture.arena, &ids, &n, &e),
			 RC_OK);
	assert_int_equal(n, 0);
	all(s, 10);
}

static void one_that_fails_undoes_all(void **state)
{
	static struct param sets[ROWS_MAX * N_PARAMS];
	static char texts[ROWS_MAX][24];
	struct store *s = *state;
	const struct many_id *ids;
	struct error e;
	size_t n;

	fill(sets, texts, 10);
	sets[8 * N_PARAMS + 1] = sets[4 * N_PARAMS + 1];
	error_init(&e);
	assert_int_equal(store_change_many(s, &many_table[M_ADD], sets, N_PARAMS, 10, &e),
			 RC_CONFLICT);
	assert_true(store_is_duplicate(&e, "many_text"));
	all(s, 0);
	error_init(&e);
	assert_int_equal(store_rows_of_many(s, &many_table[M_ADD_IDS], sets, N_PARAMS, 10,
					    &fixture.arena, &ids, &n, &e),
			 RC_CONFLICT);
	assert_true(store_is_duplicate(&e, "many_text"));
	all(s, 0);
	error_init(&e);
	assert_int_equal(store_change_many(s, &many_table[M_ADD], sets, N_PARAMS, 8, &e), RC_OK);
	all(s, 8);
}

static void wrong_columns_are_told(void **state)
{
	static struct param sets[ROWS_MAX * N_PARAMS];
	static char texts[ROWS_MAX][24];
	struct store *s = *state;
	const struct many_id *ids;
	struct error e;
	size_t n;

	fill(sets, texts, 2);
	error_init(&e);
	assert_int_equal(store_rows_of_many(s, &many_table[M_ADD_WRONG], sets, N_PARAMS, 2,
					    &fixture.arena, &ids, &n, &e),
			 RC_INTERNAL);
	assert_non_null(strstr(e.detail, "M_ADD_WRONG: column 2"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, fresh)
	const struct CMUnitTest tests[] = {
		TEST(values_come_back),
		TEST(ids_come_back_in_order),
		TEST(what_is_there_does_not_come_back),
		TEST(one_that_fails_undoes_all),
		TEST(wrong_columns_are_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
