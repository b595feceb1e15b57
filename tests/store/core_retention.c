/*
 * The end of personal evidence, against a real database: what is over goes, to the microsecond, and
 * nothing else.
 */
#include "core/attendance/evidence.h"
#include "store/school_case.h"

#include <stdio.h>

static int64_t session_id;

static int fresh(void **state)
{
	(void)state;
	pupils_reset(&school);
	school_reset(&school);
	session_id = pupils_attendance(&school);
	return 0;
}

static struct evidence_expired expire(int64_t at, bool with_browsers)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct evidence_expired done;
	struct error e;

	c->now_us = at;
	EXPECT(evidence_expire(c, with_browsers, &done, &e), RC_OK);
	return done;
}

static void test_what_is_over_goes(void **state)
{
	int64_t attempt = pupils_flagged(&school, session_id, 101);
	struct evidence_expired done;
	char sql[900];

	(void)state;
	snprintf(sql, sizeof sql,
		 "INSERT INTO attempt_evidence VALUES"
		 " (%lld, 'place', 'sealed', '2026-11-20 12:00:00'),"
		 " (%lld, 'address', 'sealed', '2026-11-20 12:00:00.000001');"
		 "INSERT INTO file (id, sha256, size, class, mime, extension) VALUES"
		 " (REPEAT('f', 16), REPEAT('s', 32), 10, 'image', 'image/jpeg', 'jpg'),"
		 " (REPEAT('g', 16), REPEAT('s', 32), 10, 'image', 'image/jpeg', 'jpg');"
		 "INSERT INTO attempt_photo (attempt_id, file_id, expires_at) VALUES"
		 " (%lld, REPEAT('f', 16), '2026-11-20 12:00:00')",
		 (long long)attempt, (long long)attempt, (long long)attempt);
	db_fixture_exec(&school.f, sql);
	done = expire(SCHOOL_NOW - 1, true);
	assert_int_equal(done.n_sealed + done.n_photos + done.n_browsers, 0);
	done = expire(SCHOOL_NOW, true);
	assert_int_equal(done.n_sealed, 1);
	assert_int_equal(done.n_photos, 1);
	assert_int_equal(
		NUMBER("SELECT COUNT(*) AS n FROM attempt_evidence WHERE kind = 'address'"), 1);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attempt_photo"), 0);
	/* For the sweeper; another file stays. */
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM file WHERE state = 'deleted' AND"
				" id = REPEAT('f', 16)"),
			 1);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM file WHERE state = 'stored'"), 1);
	done = expire(SCHOOL_NOW + 1, true);
	assert_int_equal(done.n_sealed, 1);
	/* The attempt and its decision stay. */
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_attempt"), 1);
}

static void test_browsers_are_forgotten(void **state)
{
	/* Learned at 11:31:02, and kept for 30 days. */
	const int64_t over = SCHOOL_NOW - (28 * 60 + 58) * US_PER_S + 30 * US_PER_DAY;

	(void)state;
	for (int64_t p = 101; p < 104; p++)
		pupils_flagged(&school, session_id, p);
	db_fixture_exec(&school.f,
			"UPDATE attendance_attempt SET browser_hash = REPEAT('b', 32);"
			"UPDATE attendance_attempt SET attendance_id = NULL WHERE person_id = 103");
	assert_int_equal(expire(over - 1, true).n_browsers, 0);
	assert_int_equal(expire(over, false).n_browsers, 0);
	assert_int_equal(expire(over, true).n_browsers, 3);
	assert_int_equal(expire(over, true).n_browsers, 0);
	assert_int_equal(NUMBER("SELECT COUNT(browser_hash) AS n FROM attendance_attempt"), 0);
}

static void test_more_than_a_batch(void **state)
{
	(void)state;
	pupils_flagged(&school, session_id, 101);
	db_fixture_exec(&school.f,
			"INSERT INTO attendance_attempt (attendance_id, person_id, nonce, path,"
			" happened_at, learned_at, decision, signals, browser_hash) SELECT"
			" (SELECT MAX(id) FROM attendance_session), 101, RANDOM_BYTES(16), 'form',"
			" '2026-10-01', '2026-10-01', 'approved', '[]', REPEAT('b', 32) FROM"
			" seq_1_to_1203;"
			"INSERT INTO attempt_evidence SELECT id, 'place', 'x', '2026-10-31' FROM"
			" attendance_attempt WHERE browser_hash IS NOT NULL");
	struct evidence_expired done = expire(SCHOOL_NOW, true);
	assert_int_equal(done.n_sealed, 1203);
	assert_int_equal(done.n_browsers, 1203);
}

static void test_the_key_is_the_servers(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct evidence_key key, again;
	struct config other = *school.config;
	struct core else_where = *c;
	struct error e;

	(void)state;
	EXPECT(evidence_key_read(c, &key, &e), RC_OK);
	EXPECT(evidence_key_read(c, &again, &e), RC_OK);
	assert_memory_equal(key.bytes, again.bytes, sizeof key.bytes);
	other.server_key_file = STR("/nowhere/server.key");
	else_where.config = &other;
	EXPECT(evidence_key_read(&else_where, &key, &e), RC_DEPENDENCY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_what_is_over_goes, fresh),
		cmocka_unit_test_setup(test_browsers_are_forgotten, fresh),
		cmocka_unit_test_setup(test_more_than_a_batch, fresh),
		cmocka_unit_test_setup(test_the_key_is_the_servers, fresh),
	};

	return cmocka_run_group_tests(tests, school_set_up, school_tear_down);
}
