/*
 * The relay of the outbox, against a real database: order, nothing lost and nothing twice, whoever
 * dies in between and however many run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/event/relay.h"
#include "store/attendance_fixture.h"
#include "store/event.h"
#include "store/relay.h"

#include <pthread.h>
#include <stdio.h>

static struct school school;

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) (error_init(&e), expect_at((call), (want), &e, __LINE__))

static int set_up(void **state)
{
	(void)state;
	school_open(&school);
	pupils_open(&school);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	school_close(&school);
	return 0;
}

#define ALICE       STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
#define BERT        STR("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")
#define NUMBER(sql) school_number(&school, sql)

static int fresh(void **state)
{
	(void)state;
	pupils_reset(&school);
	school_reset(&school);
	db_fixture_exec(&school.f, "DELETE FROM lease");
	return 0;
}

static void add_rows(int n)
{
	char sql[300];

	snprintf(sql, sizeof sql,
		 "INSERT INTO outbox (at, type, branch_id, attendance_id, person_id, payload)"
		 " SELECT '2026-11-20 11:59:58', 'attendance.marked', 1, 7, seq,"
		 " CONCAT('{\"n\":', seq, '}') FROM seq_1_to_%d",
		 n);
	db_fixture_exec(&school.f, sql);
}

/* The stream has no gap and no row twice, and began with 1. */
static void assert_whole(int64_t n)
{
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM event"), n);
	assert_int_equal(NUMBER("SELECT COALESCE(MAX(seq), 0) AS n FROM event"), n);
	assert_int_equal(NUMBER("SELECT COALESCE(MIN(seq), 1) AS n FROM event"), 1);
	assert_int_equal(NUMBER("SELECT COUNT(DISTINCT outbox_id) AS n FROM event"), n);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM outbox o JOIN event v"
				" ON v.outbox_id = o.id"),
			 0);
}

static struct relay_round round_of(struct core *c, int batches)
{
	struct relay_round r = { 0 };
	struct error e;

	struct relay_holder alice = { ALICE, 0 };

	EXPECT(relay_round(c, &alice, batches, &r, &e), RC_OK);
	return r;
}

static void test_what_is_in_the_outbox_becomes_the_stream(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct relay_round r;
	struct relay_lag lag;
	struct error e;

	(void)state;
	r = round_of(c, 5);
	assert_int_equal(r.n, 0);
	assert_false(r.is_more);
	add_rows(3);
	EXPECT(relay_lag(c, &lag, &e), RC_OK);
	assert_int_equal(lag.n, 3);
	assert_int_equal(lag.oldest_at, SCHOOL_NOW - 2 * US_PER_S);
	r = round_of(c, 5);
	assert_int_equal(r.n, 3);
	assert_whole(3);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM event WHERE seq = person_id AND"
				" attendance_id = 7 AND branch_id = 1 AND type ="
				" 'attendance.marked' AND payload = CONCAT('{\"n\":', seq, '}')"
				" AND at = '2026-11-20 11:59:58' AND relayed_at ="
				" '2026-11-20 12:00:00'"),
			 3);
	EXPECT(relay_lag(c, &lag, &e), RC_OK);
	assert_int_equal(lag.n, 0);
	assert_int_equal(lag.oldest_at, NO_TIME);
	add_rows(2);
	assert_int_equal(round_of(c, 5).n, 2);
	assert_whole(5);
}

static void test_every_column_goes_along(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);

	(void)state;
	db_fixture_exec(
		&school.f,
		"INSERT INTO outbox (at, type, branch_id, attendance_id, course_id, person_id,"
		" account_id, audience, payload, public) VALUES"
		" ('2026-11-20 11:59:58.123456', 'a', 1, 2, 3, 4, 5, 'staff,person', '{\"n\":1}',"
		" ''), ('2026-11-20 11:59:59', 'b', 1, NULL, NULL, NULL, NULL, '', '{}', NULL),"
		" ('2026-11-20 11:59:59', 'c', 1, NULL, NULL, NULL, NULL,"
		" 'admins,staff,members,person,account', '{}', '{\"\u00e9\":1}')");
	assert_int_equal(round_of(c, 5).n, 3);
	assert_whole(3);
	assert_int_equal(
		NUMBER("SELECT COUNT(*) AS n FROM event WHERE seq = 1 AND type = 'a' AND"
		       " at = '2026-11-20 11:59:58.123456' AND (branch_id, attendance_id,"
		       " course_id, person_id, account_id) = (1, 2, 3, 4, 5) AND audience ="
		       " 'staff,person' AND payload = '{\"n\":1}' AND public = ''"),
		1);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM event WHERE seq = 2 AND type = 'b' AND"
				" COALESCE(attendance_id, course_id, person_id, account_id, public)"
				" IS NULL AND audience = '' AND payload = '{}'"),
			 1);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM event WHERE seq = 3 AND audience ="
				" 'admins,staff,members,person,account' AND public ="
				" '{\"\u00e9\":1}'"),
			 1);
}

static void test_batches_that_end_exactly(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct relay_round r;

	(void)state;
	for (int n = 7; n <= 9; n++) { /* around those whose rows are named */
		add_rows(n);
		assert_int_equal(round_of(c, 5).n, n);
		assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM outbox"), 0);
	}
	assert_whole(24);
	add_rows(RELAY_BATCH);
	r = round_of(c, 5);
	assert_int_equal(r.n, RELAY_BATCH);
	assert_false(r.is_more);
	assert_whole(24 + RELAY_BATCH);
}

static void test_batches(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct relay_round r;

	(void)state;
	add_rows(2 * RELAY_BATCH + 1);
	r = round_of(c, 1);
	assert_int_equal(r.n, RELAY_BATCH);
	assert_true(r.is_more);
	r = round_of(c, 9);
	assert_int_equal(r.n, RELAY_BATCH + 1);
	assert_false(r.is_more);
	assert_whole(2 * RELAY_BATCH + 1);
	/* In the order of the outbox. */
	assert_int_equal(
		NUMBER("SELECT COUNT(*) AS n FROM event a JOIN event b ON b.seq = a.seq + 1"
		       " WHERE b.outbox_id < a.outbox_id"),
		0);
}

static void test_one_at_a_time(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct relay_holder bert = { BERT, 0 };
	struct relay_round r;
	struct error e;

	(void)state;
	add_rows(1);
	round_of(c, 1);
	add_rows(1);
	EXPECT(relay_round(c, &bert, 1, &r, &e), RC_BUSY);
	assert_whole(1);
	/* Who died loses the lease with time. */
	db_fixture_exec(&school.f,
			"UPDATE lease SET until_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND");
	EXPECT(relay_round(c, &bert, 1, &r, &e), RC_OK);
	assert_whole(2);
}

/* ---- dying in between --------------------------------------------------------------------------
 */

struct dying {
	struct db_fixture *f; /* its server is killed; NULL: only this transaction fails */
	int after;            /* steps */
};

static enum rc die_tx(struct store *s, void *arg, struct error *e)
{
	struct dying *d = arg;
	const struct relay_row *rows;
	struct arena a;
	int64_t last, n_dropped;
	size_t n;
	enum rc rc;

	arena_init(&a, 65536, 0);
	rc = relay_rows(s, RELAY_BATCH, &a, &rows, &n, e);
	if (rc == RC_OK)
		rc = relay_last(s, &a, &last, e);
	if (rc == RC_OK && d->after > 0)
		rc = relay_take(s, last, rows, n, SCHOOL_NOW, &a, e);
	if (rc == RC_OK && d->after > 1)
		rc = relay_drop(s, last, rows, n, &n_dropped, e);
	arena_clear(&a);
	if (rc != RC_OK)
		return rc;
	if (d->f)
		db_fixture_kill(d->f);
	return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "died");
}

static void test_a_relay_that_dies_loses_nothing(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct error e;

	(void)state;
	for (int after = 0; after <= 2; after++) {
		struct dying d = { .after = after };

		add_rows(10);
		EXPECT(store_tx(c->db, die_tx, &d, &e), RC_INTERNAL);
		assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM outbox"), 10);
		round_of(c, 5);
		assert_whole(10 * (after + 1));
	}
}

static void test_a_database_that_is_killed_loses_nothing(void **state)
{
	struct db_fixture own;
	struct error e;
	struct store *s;
	struct core c = school.c;
	struct relay_round r;

	(void)state;
	db_fixture_open_private(&own);
	db_fixture_exec(&own, "INSERT INTO branch (id, name, zone) VALUES (1, 'B', 'UTC')");
	s = db_fixture_store(&own);
	c.db = s;
	for (int after = 1; after <= 2; after++) {
		struct dying d = { .f = &own, .after = after };

		db_fixture_exec(&own, "INSERT INTO outbox (at, type, branch_id, payload) SELECT"
				      " '2026-11-20', 'attendance.marked', 1, '{}' FROM"
				      " seq_1_to_10; DELETE FROM lease");
		assert_int_not_equal(store_tx(s, die_tx, &d, &e), RC_OK);
		db_fixture_restart(&own);
		store_close(s);
		s = c.db = db_fixture_store(&own);
		EXPECT(relay_round(&c, &(struct relay_holder){ ALICE, 0 }, 5, &r, &e), RC_OK);
		assert_int_equal(r.n, 10);
	}
	EXPECT(relay_last(s, c.arena, &r.n, &e), RC_OK);
	assert_int_equal(r.n, 20);
	store_close(s);
	db_fixture_close(&own);
}

/* ---- several at once ---------------------------------------------------------------------------
 */

struct racer {
	struct core c;
	struct arena a;
	bool has_lease; /* asks for it; else two relays really run at once */
	const char *holder;
	int64_t n_torn; /* transactions that took other than they dropped */
	enum rc rc;
};

static enum rc bare_tx(struct store *s, void *arg, struct error *e)
{
	struct racer *r = arg;
	const struct relay_row *rows;
	int64_t last, n_dropped;
	size_t n;

	TRY(relay_rows(s, RELAY_BATCH, &r->a, &rows, &n, e));
	if (n == 0)
		return RC_OK;
	TRY(relay_last(s, &r->a, &last, e));
	TRY(relay_take(s, last, rows, n, SCHOOL_NOW, &r->a, e));
	TRY(relay_drop(s, last, rows, n, &n_dropped, e));
	r->n_torn += n_dropped != (int64_t)n;
	return RC_OK;
}

static void *relay_on(void *arg)
{
	struct racer *r = arg;
	struct relay_holder holder = { str_from(r->holder), 0 };
	struct relay_round round;
	struct error e;

	for (int i = 0; i < 60; i++) {
		error_init(&e);
		arena_reset(&r->a);
		r->rc = r->has_lease ? relay_round(&r->c, &holder, 1, &round, &e)
				     : store_tx(r->c.db, bare_tx, r, &e);
		if (r->rc != RC_OK && r->rc != RC_BUSY && r->rc != RC_CONFLICT)
			break;
		r->rc = RC_OK;
	}
	return NULL;
}

static void *write_on(void *arg)
{
	struct racer *r = arg;
	const struct event_row_new row = { .type = "attendance.marked",
					   .branch_id = 1,
					   .attendance_id = COLUMN_NULL,
					   .course_id = COLUMN_NULL,
					   .person_id = COLUMN_NULL,
					   .account_id = COLUMN_NULL,
					   .payload = STR_INIT("{}") };
	struct error e;

	for (int i = 0; i < 300 && r->rc == RC_OK; i++) {
		error_init(&e);
		r->rc = event_insert(r->c.db, &row, SCHOOL_NOW, &e);
	}
	return NULL;
}

static void race(bool has_lease)
{
	struct racer r[4] = { { .holder = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
			      { .holder = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" } };
	pthread_t thread[4];

	for (int i = 0; i < 4; i++) {
		r[i].has_lease = has_lease;
		school_second(&school, SCHOOL_TEACHER, &r[i].c, &r[i].a);
		assert_int_equal(
			pthread_create(&thread[i], NULL, i < 2 ? relay_on : write_on, &r[i]), 0);
	}
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(thread[i], NULL), 0);
		assert_int_equal(r[i].rc, RC_OK);
		assert_int_equal(r[i].n_torn, 0);
		store_close(r[i].c.db);
		arena_clear(&r[i].a);
	}
	db_fixture_exec(&school.f, "DELETE FROM lease");
	round_of(school_as(&school, SCHOOL_TEACHER), 5);
	assert_whole(600);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM outbox"), 0);
}

static void test_two_relays(void **state)
{
	(void)state;
	race(true);
}

static void test_two_relays_without_a_lease(void **state)
{
	(void)state;
	race(false);
}

/* A row whose transaction commits late, with an id from before. */
static enum rc late_tx(struct store *s, void *arg, struct error *e)
{
	const struct event_row_new row = { .type = "late",
					   .branch_id = 1,
					   .attendance_id = COLUMN_NULL,
					   .course_id = COLUMN_NULL,
					   .person_id = COLUMN_NULL,
					   .account_id = COLUMN_NULL,
					   .payload = STR_INIT("{}") };

	(void)arg;
	TRY(event_insert(s, &row, SCHOOL_NOW, e));
	add_rows(2);
	round_of(school_as(&school, SCHOOL_TEACHER), 1);
	assert_whole(2);
	return RC_OK;
}

static void test_a_late_commit_comes_later(void **state)
{
	struct arena a;
	struct error e;
	struct core c;

	(void)state;
	school_second(&school, SCHOOL_TEACHER, &c, &a);
	EXPECT(store_tx(c.db, late_tx, NULL, &e), RC_OK);
	round_of(school_as(&school, SCHOOL_TEACHER), 1);
	assert_whole(3);
	assert_int_equal(NUMBER("SELECT seq AS n FROM event WHERE type = 'late'"), 3);
	assert_int_equal(
		NUMBER("SELECT outbox_id < (SELECT MIN(outbox_id) FROM event WHERE seq < 3)"
		       " AS n FROM event WHERE seq = 3"),
		1);
	store_close(c.db);
	arena_clear(&a);
}

/* ---- a day of it -------------------------------------------------------------------------------
 */

static void test_old_events_go_and_numbers_stay(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct error e;
	int64_t n;

	(void)state;
	add_rows(RELAY_BATCH + 10);
	round_of(c, 5);
	c->now_us = SCHOOL_NOW + RELAY_KEEP_US;
	EXPECT(relay_forget(c, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	c->now_us++;
	EXPECT(relay_forget(c, &n, &e), RC_OK);
	assert_int_equal(n, RELAY_BATCH + 9);
	EXPECT(relay_forget(c, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	add_rows(1);
	round_of(c, 5);
	assert_int_equal(NUMBER("SELECT MAX(seq) AS n FROM event"), RELAY_BATCH + 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_what_is_in_the_outbox_becomes_the_stream, fresh),
		cmocka_unit_test_setup(test_batches, fresh),
		cmocka_unit_test_setup(test_batches_that_end_exactly, fresh),
		cmocka_unit_test_setup(test_every_column_goes_along, fresh),
		cmocka_unit_test_setup(test_one_at_a_time, fresh),
		cmocka_unit_test_setup(test_a_relay_that_dies_loses_nothing, fresh),
		cmocka_unit_test_setup(test_a_database_that_is_killed_loses_nothing, fresh),
		cmocka_unit_test_setup(test_two_relays, fresh),
		cmocka_unit_test_setup(test_two_relays_without_a_lease, fresh),
		cmocka_unit_test_setup(test_a_late_commit_comes_later, fresh),
		cmocka_unit_test_setup(test_old_events_go_and_numbers_stay, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
