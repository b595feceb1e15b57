/*
 * A database that goes away: killed and started again, connections killed at every
 * point of a transaction.  On a server of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "store/db_fixture.h"
#include "store/sets.h"
#include "sys/clock.h"

#include <stdio.h>

static struct db_fixture fixture;

struct loss_row {
	int64_t n;
};
static const struct column loss_row_columns[] = { COL(loss_row, n, I64, false) };

#define LOSS_STATEMENTS(ROWS, CHANGE)                                                              \
	ROWS(L_GET, "i", loss_row, "SELECT n FROM t WHERE id = ?")                                 \
	CHANGE(L_SET, "ii", "UPDATE t SET n = ? WHERE id = ?")                                     \
	CHANGE(L_ADD, "i", "UPDATE t SET n = n + 1 WHERE id = ?")                                  \
	ROWS(L_ME, "", loss_row, "SELECT CONNECTION_ID() AS n")
STATEMENT_SET(loss, LOSS_STATEMENTS);

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) expect_at((call), (want), &e, __LINE__)

static int set_up(void **state)
{
	db_fixture_open_private(&fixture);
	db_fixture_exec(&fixture,
			"CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL); "
			"INSERT INTO t VALUES (1, 0)");
	*state = db_fixture_store(&fixture);
	return 0;
}

static int tear_down(void **state)
{
	store_close(*state);
	db_fixture_close(&fixture);
	return 0;
}

static int64_t get(struct store *s)
{
	struct loss_row r = { -1 };
	struct error e;

	EXPECT(store_row(s, &loss_table[L_GET], PARAMS(P_I64(1)), &fixture.arena, &r, &e), RC_OK);
	return r.n;
}

/* Kills the connection of s from another one. */
static void kill_connection(struct store *s)
{
	struct loss_row r = { 0 };
	struct error e;
	char sql[60];

	EXPECT(store_row(s, &loss_table[L_ME], NULL, 0, &fixture.arena, &r, &e), RC_OK);
	snprintf(sql, sizeof sql, "KILL HARD %lld", (long long)r.n);
	db_fixture_exec(&fixture, sql);
}

static void test_idle_connection_killed(void **state)
{
	struct store *s = *state;
	struct error e;

	(void)get(s);
	kill_connection(s);
	assert_int_equal(get(s), 0);
	kill_connection(s);
	EXPECT(store_ping(s, &e), RC_OK);
	/* A change is sent again only when it cannot have arrived. */
	kill_connection(s);
	const enum rc rc =
		store_change(s, &loss_table[L_SET], PARAMS(P_I64(0), P_I64(1)), NULL, NULL, &e);
	assert_true(rc == RC_OK || (rc == RC_DEPENDENCY && e.reason == REASON_DATABASE_DOWN));
}

struct tx_arg {
	int n_runs, kill_in, kill_before_set;
	bool swallow;
};

static enum rc tx_add(struct store *s, void *arg, struct error *e)
{
	struct tx_arg *a = arg;
	struct error ignored;

	a->n_runs++;
	if (a->n_runs <= a->kill_in && a->kill_before_set)
		kill_connection(s);
	const enum rc rc = store_change(s, &loss_table[L_ADD], PARAMS(P_I64(1)), NULL, NULL,
					a->swallow ? &ignored : e);
	if (rc != RC_OK && !a->swallow)
		return rc;
	if (a->n_runs <= a->kill_in && !a->kill_before_set)
		kill_connection(s);
	return RC_OK;
}

static const struct {
	struct tx_arg arg;
	int runs;
	enum rc rc;
} transactions[] = {
	{ { .kill_in = 0 }, 1, RC_OK },
	{ { .kill_in = 1, .kill_before_set = 1 }, 2, RC_OK },
	{ { .kill_in = 2, .kill_before_set = 1 }, 3, RC_OK },
	{ { .kill_in = 3, .kill_before_set = 1 }, 3, RC_DEPENDENCY },
	{ { .kill_in = 1, .kill_before_set = 1, .swallow = true }, 2, RC_OK },
};

static void test_killed_within_a_transaction(void **state)
{
	struct store *s = *state;

	for (size_t i = 0; i < ARRAY_LEN(transactions); i++) {
		struct tx_arg a = transactions[i].arg;
		struct error e;
		const int64_t before = get(s);
		EXPECT(store_tx(s, tx_add, &a, &e), transactions[i].rc);
		assert_int_equal(a.n_runs, transactions[i].runs);
		assert_int_equal(get(s) - before, transactions[i].rc == RC_OK ? 1 : 0);
	}
}

/* Lost at the commit: either it is run again and counts once, or the outcome is said to be unknown.
 */
static void test_killed_at_commit(void **state)
{
	struct store *s = *state;
	struct tx_arg a = { .kill_in = 1 };
	struct error e;
	const int64_t before = get(s);
	const enum rc rc = store_tx(s, tx_add, &a, &e);

	if (rc == RC_OK) {
		assert_int_equal(a.n_runs, 2);
		assert_int_equal(get(s) - before, 1);
	} else {
		assert_int_equal(rc, RC_DEPENDENCY);
		assert_int_equal(a.n_runs, 1);
		assert_true(get(s) - before <= 1);
	}
}

static enum rc tx_lose_server(struct store *s, void *arg, struct error *e)
{
	struct tx_arg *a = arg;

	a->n_runs++;
	TRY(store_change(s, &loss_table[L_ADD], PARAMS(P_I64(1)), NULL, NULL, e));
	if (a->n_runs == 1)
		db_fixture_kill(&fixture);
	return store_change(s, &loss_table[L_ADD], PARAMS(P_I64(1)), NULL, NULL, e);
}

static void test_server_killed_and_started(void **state)
{
	struct store *s = *state;
	struct tx_arg a = { .n_runs = 0 };
	struct loss_row r;
	struct error e;
	const int64_t before = get(s);

	EXPECT(store_tx(s, tx_lose_server, &a, &e), RC_DEPENDENCY);
	assert_int_equal(e.reason, REASON_DATABASE_DOWN);
	assert_int_equal(a.n_runs, 1);
	/* Down: every call fails, and most without a try to connect. */
	const int64_t began = clock_mono_us();
	for (int i = 0; i < 1000; i++) {
		EXPECT(store_row(s, &loss_table[L_GET], PARAMS(P_I64(1)), &fixture.arena, &r, &e),
		       RC_DEPENDENCY);
		assert_int_equal(e.reason, REASON_DATABASE_DOWN);
	}
	assert_true(clock_mono_us() - began < 500000);
	EXPECT(store_ping(s, &e), RC_DEPENDENCY);
	/* Back: the same store works within the second between two tries. */
	db_fixture_restart(&fixture);
	enum rc rc = RC_DEPENDENCY;
	for (const int64_t end = clock_mono_us() + 3 * US_PER_S;
	     rc != RC_OK && clock_mono_us() < end;)
		rc = store_row(s, &loss_table[L_GET], PARAMS(P_I64(1)), &fixture.arena, &r, &e);
	assert_int_equal(rc, RC_OK);
	assert_int_equal(r.n, before);
	EXPECT(store_tx(s, tx_add, &(struct tx_arg){ 0 }, &e), RC_OK);
	assert_int_equal(get(s), before + 1);
	/* Restarted while the connection idled: the first use reconnects. */
	db_fixture_kill(&fixture);
	db_fixture_restart(&fixture);
	assert_int_equal(get(s), before + 1);
	db_fixture_kill(&fixture);
	db_fixture_restart(&fixture);
	a.n_runs = 1;
	EXPECT(store_tx(s, tx_lose_server, &a, &e), RC_OK);
	assert_int_equal(get(s), before + 3);
}

static void test_wrong_password_is_a_dependency(void **state)
{
	struct store_options o = db_fixture_options(&fixture);
	struct store *s;
	struct error e;

	(void)state;
	o.user = STR("nobody_like_that");
	o.password = STR("secret");
	EXPECT(store_open(&o, &s, &e), RC_OK);
	EXPECT(store_ping(s, &e), RC_DEPENDENCY);
	assert_null(strstr(e.detail, "secret"));
	store_close(s);
	o.socket = STR("/nowhere/at/all");
	EXPECT(store_open(&o, &s, &e), RC_OK);
	EXPECT(store_ping(s, &e), RC_DEPENDENCY);
	assert_int_equal(e.foreign, 2002);
	store_close(s);
	o.database = STR("a\0b");
	EXPECT(store_open(&o, &s, &e), RC_INVALID);
	store_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_idle_connection_killed),
		cmocka_unit_test(test_killed_within_a_transaction),
		cmocka_unit_test(test_killed_at_commit),
		cmocka_unit_test(test_server_killed_and_started),
		cmocka_unit_test(test_wrong_password_is_a_dependency),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
