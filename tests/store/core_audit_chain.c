/*
 * The chain over the audit log: made in the order of reading, and every way of changing
 * the past is named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/audit.h"
#include "core/audit_chain.h"
#include "core/job.h"
#include "store/session_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define HOLDER STR("0123456789abcdef0123456789abcdef")
#define OTHER  STR("fedcba9876543210fedcba9876543210")
#define KEY_1  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
#define KEY_2  "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n"

static struct school school;
static struct config config;
static struct clock now = { .is_fake = true };
static struct chain_state state;
static char key_path[] = "/tmp/muster-chain-key-XXXXXX";

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) expect_at((call), (want), &e, __LINE__)

static void write_key(const char *text)
{
	FILE *f = fopen(key_path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int set_up(void **unused)
{
	int fd;

	(void)unused;
	school_open(&school);
	fd = mkstemp(key_path);
	if (fd < 0 || close(fd) != 0)
		return 1;
	config = *school.config;
	config.server_key_file = str_from(key_path);
	school.c.config = &config;
	school.c.clock = &now;
	return 0;
}

static int tear_down(void **unused)
{
	(void)unused;
	unlink(key_path);
	school_close(&school);
	return 0;
}

/* An empty log and chain, the clock at the school's now. */
static int fresh(void **unused)
{
	(void)unused;
	school_reset(&school);
	db_fixture_exec(&school.f, "DELETE FROM audit_chain; DELETE FROM audit_log;"
				   "ALTER TABLE audit_log AUTO_INCREMENT = 1;"
				   "DELETE FROM lease; DELETE FROM job_status");
	write_key(KEY_1);
	now = (struct clock){ .is_fake = true, .now_us = SCHOOL_NOW, .mono_us = US_PER_DAY };
	memset(&state, 0, sizeof state);
	return 0;
}

/* A row of the log of that number; one second after the other. */
static void add_row(int id)
{
	char sql[512];

	snprintf(sql, sizeof sql,
		 "INSERT INTO audit_log (id, at, actor_id, request_id, action, branch_id, object,"
		 " object_id, detail) VALUES (%d, TIMESTAMPADD(SECOND, %d, '2026-11-20 11:30:00'),"
		 " NULL, '00112233445566778899aabbccddeeff', 'session.edited', 1, 'occurrence', %d,"
		 " '{\"a\":%d}')",
		 id, id % 1000, id, id);
	db_fixture_exec(&school.f, sql);
}

static void add_rows(int n)
{
	char sql[512];

	snprintf(sql, sizeof sql,
		 "INSERT INTO audit_log (at, request_id, action, object, object_id, detail)"
		 " SELECT '2026-11-20 11:59:00', '', 'note.added', 'note', seq, '{}'"
		 " FROM seq_1_to_%d",
		 n);
	db_fixture_exec(&school.f, sql);
}

static struct chain_round round_of(struct str holder, int batches)
{
	struct core *c = school_as(&school, SCHOOL_SUPER);
	struct chain_round r;
	struct error e;

	EXPECT(chain_round(c, &state, holder, batches, &r, &e), RC_OK);
	return r;
}

static void add_key(struct chain_check *check, const char *hex)
{
	uint8_t bytes[32];
	struct error e;
	unsigned v;

	for (int i = 0; i < 32; i++) {
		char digits[3] = { hex[2 * i], hex[2 * i + 1], 0 };

		v = (unsigned)strtoul(digits, NULL, 16);
		bytes[i] = (uint8_t)v;
	}
	EXPECT(chain_key_derive(bytes, &check->keys[check->n_keys++], &e), RC_OK);
}

static struct chain_report verify_with(const struct chain_check *check)
{
	struct core *c = school_as(&school, SCHOOL_SUPER);
	struct chain_report r;
	struct error e;

	EXPECT(chain_verify(c, check, &r, &e), RC_OK);
	return r;
}

static struct chain_report verify(void)
{
	struct chain_check check = { .from_seq = 1 };

	add_key(&check, KEY_1);
	return verify_with(&check);
}

static void test_rows_are_chained_in_the_order_of_reading(void **unused)
{
	struct chain_report r;

	(void)unused;
	assert_int_equal(round_of(HOLDER, 5).n, 0);
	add_row(1);
	add_row(2);
	add_row(5); /* 3 is still being written, 4 was rolled back */
	assert_int_equal(round_of(HOLDER, 5).n, 3);
	add_row(3);
	add_row(6);
	r = verify();
	assert_int_equal(r.fault, CHAIN_WHOLE);
	assert_int_equal(r.n_links, 3);
	assert_int_equal(r.tail_n, 2);
	assert_int_equal(r.tail_at, SCHOOL_NOW - 30 * 60 * US_PER_S + 3 * US_PER_S);
	assert_int_equal(round_of(HOLDER, 5).n, 2);
	assert_int_equal(round_of(HOLDER, 5).n, 0);
	r = verify();
	assert_int_equal(r.fault, CHAIN_WHOLE);
	assert_int_equal(r.head_seq, 5);
	assert_int_equal(r.tail_n, 0);
	assert_int_equal(school_number(&school, "SELECT audit_id AS n FROM audit_chain"
						" WHERE seq = 4"),
			 3);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM audit_chain"
						" WHERE seal IS NOT NULL"),
			 2);
}

static void test_an_empty_chain_is_whole(void **unused)
{
	struct chain_report r = verify();

	(void)unused;
	assert_int_equal(r.fault, CHAIN_WHOLE);
	assert_int_equal(r.head_seq, 0);
	assert_int_equal(r.tail_at, NO_TIME);
}

static void test_much_is_hashed_in_batches(void **unused)
{
	struct chain_round r;

	(void)unused;
	add_rows(2500);
	r = round_of(HOLDER, 2);
	assert_int_equal(r.n, 2000);
	assert_true(r.is_more);
	assert_int_equal(verify().tail_n, 500);
	r = round_of(HOLDER, 2);
	assert_int_equal(r.n, 500);
	assert_int_equal(verify().fault, CHAIN_WHOLE);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM audit_chain"
						" WHERE seal IS NOT NULL"),
			 3);
}

/* A row that becomes visible hours after its neighbours is still taken in. */
static void test_nothing_is_forgotten(void **unused)
{
	struct chain_round r = { 0 };

	(void)unused;
	add_row(CHAIN_SLICE + 10);
	assert_int_equal(round_of(HOLDER, 5).n, 1);
	for (int minute = 0; minute < 20; minute++) {
		now.mono_us += 60 * US_PER_S;
		round_of(HOLDER, 5);
	}
	add_row(7);
	for (int minute = 0; minute < 3 && r.n == 0; minute++) {
		now.mono_us += 60 * US_PER_S;
		r = round_of(HOLDER, 5);
	}
	assert_int_equal(r.n, 1);
	assert_int_equal(r.n_late, 1);
	assert_int_equal(verify().fault, CHAIN_WHOLE);
}

static void test_one_leader_at_a_time(void **unused)
{
	struct core *c = school_as(&school, SCHOOL_SUPER);
	struct chain_state theirs = { 0 };
	struct chain_round r;
	struct error e;

	(void)unused;
	add_row(1);
	round_of(HOLDER, 5);
	add_row(2);
	EXPECT(chain_round(c, &theirs, OTHER, 5, &r, &e), RC_BUSY);
	db_fixture_exec(&school.f, "UPDATE lease SET until_at = '2020-01-01'");
	EXPECT(chain_round(c, &theirs, OTHER, 5, &r, &e), RC_OK);
	assert_int_equal(r.n, 1);
	/* The first does not know yet that it is no longer the leader: its number is taken. */
	add_row(3);
	db_fixture_exec(&school.f,
			"INSERT INTO audit_chain SELECT seq + 1, 4, hash, hashed_at, NULL, NULL"
			" FROM audit_chain WHERE seq = 2; DELETE FROM audit_chain WHERE seq = 3");
	round_of(HOLDER, 5);
	assert_int_equal(verify().fault, CHAIN_WHOLE);
	assert_int_equal(verify().head_seq, 3);
}

/* What somebody with the rights of the tables' owner does, and what is said of it. */
static const struct change {
	const char *sql;
	enum chain_fault fault;
	int64_t seq, audit_id;
} changes[] = {
	{ "UPDATE audit_log SET detail = '{}' WHERE id = 3", CHAIN_ROW_ALTERED, 3, 3 },
	{ "UPDATE audit_log SET at = TIMESTAMPADD(MICROSECOND, 1, at) WHERE id = 1",
	  CHAIN_ROW_ALTERED, 1, 1 },
	{ "UPDATE audit_log SET actor_id = 0 WHERE id = 6", CHAIN_ROW_ALTERED, 6, 6 },
	{ "UPDATE audit_log SET action = 'session.checked' WHERE id = 2", CHAIN_ROW_ALTERED, 2, 2 },
	{ "UPDATE audit_log SET branch_id = NULL WHERE id = 2", CHAIN_ROW_ALTERED, 2, 2 },
	{ "UPDATE audit_log SET object = 'account' WHERE id = 4", CHAIN_ROW_ALTERED, 4, 4 },
	{ "UPDATE audit_log SET object_id = 9 WHERE id = 4", CHAIN_ROW_ALTERED, 4, 4 },
	{ "UPDATE audit_log SET request_id = '' WHERE id = 4", CHAIN_ROW_ALTERED, 4, 4 },
	{ "DELETE FROM audit_log WHERE id = 4", CHAIN_ROW_DELETED, 4, 4 },
	{ "DELETE FROM audit_log WHERE id = 6", CHAIN_ROW_DELETED, 6, 6 },
	{ "DELETE FROM audit_log WHERE id = 4; DELETE FROM audit_chain WHERE seq = 4",
	  CHAIN_LINK_DELETED, 4, 0 },
	{ "DELETE FROM audit_log WHERE id = 4; DELETE FROM audit_chain WHERE seq = 4;"
	  "UPDATE audit_chain SET seq = seq - 1 WHERE seq > 4 ORDER BY seq",
	  CHAIN_ROW_ALTERED, 4, 5 },
	{ "DELETE FROM audit_chain WHERE seq = 1", CHAIN_LINK_DELETED, 1, 0 },
	{ "DELETE FROM audit_chain WHERE seq = 6", CHAIN_SEAL_MISSING, 5, 5 },
	{ "INSERT INTO audit_log (id, at, request_id, action, object, object_id, detail) VALUES"
	  " (99, '2026-11-20 11:00:00', '', 'x.y', 'x', 1, '{}');"
	  "UPDATE audit_chain SET seq = seq + 1 WHERE seq > 3 ORDER BY seq DESC;"
	  "INSERT INTO audit_chain VALUES (4, 99, UNHEX(SHA2('x', 256)), '2026-11-20 12:00:00',"
	  " NULL, NULL)",
	  CHAIN_LINK_INSERTED, 4, 99 },
	{ "UPDATE audit_chain SET audit_id = 100 WHERE seq = 2;"
	  "UPDATE audit_chain SET audit_id = 2 WHERE seq = 4;"
	  "UPDATE audit_chain SET audit_id = 4 WHERE seq = 2",
	  CHAIN_REORDERED, 2, 4 },
	{ "UPDATE audit_chain SET seal = UNHEX(SHA2('x', 256)) WHERE seq = 3", CHAIN_SEAL_WRONG, 3,
	  3 },
	{ "UPDATE audit_chain SET seal = NULL, key_id = NULL WHERE seq = 6", CHAIN_SEAL_MISSING, 6,
	  6 },
	{ "UPDATE audit_chain SET key_id = 'somebody' WHERE seq = 6", CHAIN_KEY_UNKNOWN, 6, 6 },
	{ "UPDATE audit_chain SET hashed_at = '2026-11-19' WHERE seq = 5", CHAIN_ROW_ALTERED, 5,
	  5 },
	{ "UPDATE audit_chain SET hash = UNHEX(SHA2('x', 256)) WHERE seq = 5", CHAIN_ROW_ALTERED, 5,
	  5 },
};

static void six_rows(void)
{
	for (int id = 1; id <= 6; id++) {
		add_row(id);
		if (id % 3 == 0)
			round_of(HOLDER, 5);
	}
}

static void test_every_change_of_the_past_is_named(void **unused)
{
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		const struct change *w = &changes[i];
		struct chain_report r;

		fresh(unused);
		six_rows();
		assert_int_equal(verify().fault, CHAIN_WHOLE);
		db_fixture_exec(&school.f, w->sql);
		r = verify();
		if (r.fault != w->fault || r.seq != w->seq || r.audit_id != w->audit_id)
			fail_msg("%s: fault %d at %lld, row %lld", w->sql, (int)r.fault,
				 (long long)r.seq, (long long)r.audit_id);
	}
}

static void test_the_key_is_needed_to_make_it_anew(void **unused)
{
	struct chain_check check = { .from_seq = 1 };

	(void)unused;
	six_rows();
	add_key(&check, KEY_2);
	assert_int_equal(verify_with(&check).fault, CHAIN_KEY_UNKNOWN);
	/* The server's key was changed: the former one is named beside it. */
	write_key(KEY_2);
	add_row(7);
	round_of(HOLDER, 5);
	assert_int_equal(verify_with(&check).seq, 3);
	assert_int_equal(verify().fault, CHAIN_KEY_UNKNOWN);
	add_key(&check, KEY_1);
	assert_int_equal(verify_with(&check).fault, CHAIN_WHOLE);
}

static void test_a_head_noted_elsewhere(void **unused)
{
	struct chain_check check = { .from_seq = 1 };
	struct core *c = school_as(&school, SCHOOL_SUPER);
	struct chain_report head;
	struct error e;

	(void)unused;
	add_key(&check, KEY_1);
	EXPECT(chain_head(c, &check, &head, &e), RC_OK);
	assert_int_equal(head.head_seq, 0);
	six_rows();
	EXPECT(chain_head(c, &check, &head, &e), RC_OK);
	assert_int_equal(head.head_seq, 6);
	assert_int_equal(head.fault, CHAIN_WHOLE);
	check.noted_seq = head.head_seq;
	memcpy(check.noted_hash, head.head_hash, CHAIN_HASH_SIZE);
	add_row(7);
	round_of(HOLDER, 5);
	assert_int_equal(verify_with(&check).fault, CHAIN_WHOLE);
	/* Cut off behind a seal: whole in itself, but not what was noted. */
	db_fixture_exec(&school.f, "DELETE FROM audit_chain WHERE seq > 3;"
				   "DELETE FROM audit_log WHERE id > 3");
	assert_int_equal(verify().fault, CHAIN_WHOLE);
	assert_int_equal(verify_with(&check).fault, CHAIN_NOTED_MISSING);
	/* And made again with other rows, under the key. */
	for (int id = 11; id <= 13; id++)
		add_row(id);
	round_of(HOLDER, 5);
	assert_int_equal(verify().fault, CHAIN_WHOLE);
	assert_int_equal(verify_with(&check).fault, CHAIN_NOTED_WRONG);
	assert_int_equal(verify_with(&check).seq, 6);
}

static void test_from_a_number(void **unused)
{
	struct core *c = school_as(&school, SCHOOL_SUPER);
	struct chain_check check = { .from_seq = 3 };
	struct chain_report r;
	struct error e;

	(void)unused;
	add_key(&check, KEY_1);
	EXPECT(chain_verify(c, &check, &r, &e), RC_NOT_FOUND);
	six_rows();
	db_fixture_exec(&school.f, "UPDATE audit_log SET detail = '{}' WHERE id = 2");
	r = verify_with(&check);
	assert_int_equal(r.fault, CHAIN_WHOLE);
	assert_int_equal(r.n_links, 4);
	check.from_seq = 2;
	assert_int_equal(verify_with(&check).fault, CHAIN_ROW_ALTERED);
	check.from_seq = 7;
	EXPECT(chain_verify(c, &check, &r, &e), RC_NOT_FOUND);
	db_fixture_exec(&school.f, "DELETE FROM audit_chain WHERE seq = 4");
	check.from_seq = 5;
	EXPECT(chain_verify(c, &check, &r, &e), RC_NOT_FOUND);
}

static void test_rows_hashed_late_are_told(void **unused)
{
	struct chain_report r;

	(void)unused;
	add_row(1);
	now.now_us += INT64_C(2) * 3600 * US_PER_S;
	round_of(HOLDER, 5);
	r = verify();
	assert_int_equal(r.fault, CHAIN_WHOLE);
	assert_int_equal(r.n_late, 1);
}

static void test_monitors_see_lag_and_rounds(void **unused)
{
	struct core *c = school_as(&school, SCHOOL_SUPER);
	const struct job_row *rows;
	struct chain_lag lag;
	struct error e;
	size_t n;

	(void)unused;
	add_row(1);
	add_row(2);
	EXPECT(chain_lag(c, &lag, &e), RC_OK);
	assert_int_equal(lag.n, 2);
	assert_int_equal(lag.oldest_at, SCHOOL_NOW - 30 * 60 * US_PER_S + US_PER_S);
	round_of(HOLDER, 5);
	EXPECT(chain_lag(c, &lag, &e), RC_OK);
	assert_int_equal(lag.n, 0);
	assert_int_equal(lag.oldest_at, NO_TIME);
	now.mono_us += 31 * US_PER_S;
	round_of(HOLDER, 5);
	EXPECT(job_note_failed(c, CHAIN_JOB, &e), RC_OK);
	EXPECT(job_list(c, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].runs, 2);
	assert_int_equal(rows[0].done, 2);
	assert_int_equal(rows[0].failures, 1);
	assert_int_equal(rows[0].succeeded_at, SCHOOL_NOW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_rows_are_chained_in_the_order_of_reading, fresh),
		cmocka_unit_test_setup(test_an_empty_chain_is_whole, fresh),
		cmocka_unit_test_setup(test_much_is_hashed_in_batches, fresh),
		cmocka_unit_test_setup(test_nothing_is_forgotten, fresh),
		cmocka_unit_test_setup(test_one_leader_at_a_time, fresh),
		cmocka_unit_test_setup(test_every_change_of_the_past_is_named, fresh),
		cmocka_unit_test_setup(test_the_key_is_needed_to_make_it_anew, fresh),
		cmocka_unit_test_setup(test_a_head_noted_elsewhere, fresh),
		cmocka_unit_test_setup(test_from_a_number, fresh),
		cmocka_unit_test_setup(test_rows_hashed_late_are_told, fresh),
		cmocka_unit_test_setup(test_monitors_see_lag_and_rounds, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
