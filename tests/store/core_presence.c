/*
 * Following attendance live, against a real database: joining, leaving, lost connections, restarts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/attendance/presence.h"
#include "core/attendance/presence_cache.h"
#include "store/attendance_fixture.h"

#include <stdio.h>

#define ONE "c0000000000000000000000000000001"
#define TWO "c0000000000000000000000000000002"

static struct school school;
static int64_t session_id;

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
	db_fixture_exec(&school.f, "DELETE FROM attendance_presence");
	school_close(&school);
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	db_fixture_exec(&school.f, "DELETE FROM attendance_presence");
	pupils_reset(&school);
	school_reset(&school);
	session_id = pupils_attendance(&school);
	db_fixture_exec(&school.f, "DELETE FROM outbox");
	return 0;
}

/* Texts that stay, for school_number. */
#define TOLD(what)                                                                                 \
	school_number(&school, "SELECT COUNT(*) AS n FROM outbox WHERE type = 'attendance." what   \
			       "' AND audience = 'staff'")

/* A pupil, some seconds after the school's now. */
static struct core pupil(int64_t person_id, int64_t after_s)
{
	static struct who who[2];
	static size_t n;
	struct core c = *school_as(&school, SCHOOL_TEACHER);
	struct who *w = &who[n++ % ARRAY_LEN(who)];

	*w = (struct who){ .role = ROLE_STUDENT,
			   .account_id = person_id,
			   .person_id = person_id,
			   .branch_id = 1,
			   .zone = STR("UTC") };
	c.who = w;
	c.now_us += after_s * US_PER_S;
	return c;
}

static size_t joined(int64_t after_s, size_t *ret_online)
{
	struct core c = *school_as(&school, SCHOOL_TEACHER);
	const struct presence_row *rows;
	struct attendance s;
	struct error e;
	size_t n;

	c.now_us += after_s * US_PER_S;
	*ret_online = 0;
	EXPECT(attendance_get(&c, session_id, &s, &e), RC_OK);
	EXPECT(presence_list(&c, &s, &rows, &n, &e), RC_OK);
	for (size_t i = 0; i < n; i++)
		*ret_online += rows[i].is_online == 1;
	return n;
}

static void expect_joined(int64_t after_s, size_t want, size_t want_online, int line)
{
	size_t online, n = joined(after_s, &online);

	if (n != want || online != want_online)
		fail_msg("line %d: %zu joined, %zu online; %zu and %zu were expected", line, n,
			 online, want, want_online);
}
#define EXPECT_JOINED(after_s, want, online) expect_joined((after_s), (want), (online), __LINE__)

static void enter(int64_t person_id, int64_t after_s, const char *connection)
{
	struct core c = pupil(person_id, after_s);
	struct presence_joined j;
	struct error e;

	EXPECT(presence_join(&c, SCHOOL_NOW_LIVE, str_from(connection), &j, &e), RC_OK);
	assert_int_equal(j.attendance_id, session_id);
	assert_int_equal(j.person_id, person_id);
}

static size_t come_back(int64_t person_id, int64_t after_s, const char *connection)
{
	struct core c = pupil(person_id, after_s);
	const struct presence_joined *rows;
	struct error e;
	size_t n;

	EXPECT(presence_back(&c, str_from(connection), &rows, &n, &e), RC_OK);
	return n;
}

static void lose(int64_t person_id, int64_t after_s, const char *connection)
{
	struct core c = pupil(person_id, after_s);
	struct error e;

	EXPECT(presence_gone(&c, str_from(connection), &e), RC_OK);
}

/* ---- the cases ------------------------------------------------------------------------------ */

static void joining_marks_nobody(void **state)
{
	struct core c;
	struct error e;
	int64_t id;

	(void)state;
	enter(101, 0, ONE);
	enter(102, 1, TWO);
	enter(101, 2, ONE);
	EXPECT_JOINED(2, 2, 2);
	assert_int_equal(TOLD("joined"), 3);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM attendance_record"), 0);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM attendance_attempt"), 0);
	c = pupil(101, 3);
	EXPECT(presence_quit(&c, SCHOOL_NOW_LIVE, &id, &e), RC_OK);
	assert_int_equal(id, session_id);
	EXPECT(presence_quit(&c, SCHOOL_NOW_LIVE, &id, &e), RC_OK);
	assert_int_equal(id, 0);
	assert_int_equal(TOLD("left"), 1);
	EXPECT_JOINED(3, 1, 1);
	/* Who left of their own will is not brought back. */
	assert_int_equal(come_back(101, 4, ONE), 0);
}

static void who_may_not(void **state)
{
	struct core teacher = *school_as(&school, SCHOOL_TEACHER), c = pupil(PUPIL_ALONE, 0);
	struct presence_joined j;
	struct error e;
	int64_t id;

	(void)state;
	EXPECT(presence_join(&c, SCHOOL_NOW_LIVE, STR(ONE), &j, &e), RC_DENIED);
	assert_int_equal(e.reason, REASON_NOT_ENROLLED);
	c = pupil(PUPIL_LATER, 0);
	EXPECT(presence_join(&c, SCHOOL_NOW_LIVE, STR(ONE), &j, &e), RC_DENIED);
	c = pupil(PUPIL_PARIS, 0);
	EXPECT(presence_join(&c, SCHOOL_NOW_LIVE, STR(ONE), &j, &e), RC_DENIED);
	EXPECT(presence_join(&teacher, SCHOOL_NOW_LIVE, STR(ONE), &j, &e), RC_DENIED);
	c = pupil(101, 0);
	EXPECT(presence_join(&c, SCHOOL_SOON, STR(ONE), &j, &e), RC_CONFLICT);
	EXPECT(presence_join(&c, 999999, STR(ONE), &j, &e), RC_CONFLICT);
	EXPECT(presence_quit(&c, 999999, &id, &e), RC_NOT_FOUND);
	c = pupil(101, 24 * 3600);
	EXPECT(presence_join(&c, SCHOOL_NOW_LIVE, STR(ONE), &j, &e), RC_CONFLICT);
	EXPECT_JOINED(0, 0, 0);
	assert_int_equal(TOLD("joined"), 0);
}

static void the_newest_connection_counts(void **state)
{
	(void)state;
	enter(101, 0, ONE);
	enter(101, 1, TWO);
	EXPECT_JOINED(1, 1, 1);
	lose(101, 2, ONE); /* the older one: nobody left */
	EXPECT_JOINED(2, 1, 1);
	assert_int_equal(TOLD("left"), 0);
	lose(101, 3, TWO);
	EXPECT_JOINED(3, 1, 0);
	assert_int_equal(TOLD("left"), 1);
	lose(101, 4, TWO);
	assert_int_equal(TOLD("left"), 1);
}

static void a_lost_connection_is_no_leaving(void **state)
{
	(void)state;
	enter(101, 0, ONE);
	assert_int_equal(come_back(101, 1, TWO), 1); /* in the place of the first one */
	lose(101, 2, ONE);
	EXPECT_JOINED(2, 1, 1);
	lose(101, 10, TWO);
	EXPECT_JOINED(10, 1, 0);
	assert_int_equal(come_back(101, 60, TWO), 1);
	EXPECT_JOINED(60, 1, 1);
	lose(101, 70, TWO);
	assert_int_equal(come_back(101, 70 + 121, ONE), 0); /* too late: to be joined anew */
	EXPECT_JOINED(191, 1, 0);
}

static void leases_end_and_a_gateway_begins_anew(void **state)
{
	struct core c;
	struct error e;

	(void)state;
	enter(101, 0, ONE);
	EXPECT_JOINED(89, 1, 1);
	EXPECT_JOINED(91, 1, 0); /* the gateway died, and nobody renews */
	c = pupil(101, 60);
	EXPECT(presence_lease(&c, &e), RC_OK);
	EXPECT_JOINED(149, 1, 1);
	c = pupil(101, 100);
	EXPECT(presence_reset(&c, &e), RC_OK);
	EXPECT_JOINED(100, 1, 0);
	EXPECT(presence_lease(&c, &e), RC_OK);
	EXPECT_JOINED(100, 1, 0); /* nothing of before is held any more */
	assert_int_equal(come_back(101, 101, TWO), 1);
	EXPECT_JOINED(101, 1, 1);
}

static void a_closed_session_is_not_come_back_to(void **state)
{
	struct attendance_closed closed;
	struct error e;

	(void)state;
	enter(101, 0, ONE);
	lose(101, 1, ONE);
	EXPECT(attendance_close(school_as(&school, SCHOOL_TEACHER), session_id, "person", &closed,
				&e),
	       RC_OK);
	assert_int_equal(come_back(101, 2, TWO), 0);
}

static void what_runs_in_a_course(void **state)
{
	const struct presence_active *rows;
	struct core c = pupil(101, 1);
	struct error e;
	size_t n;

	(void)state;
	enter(101, 0, ONE);
	c = pupil(102, 1);
	EXPECT(presence_active(&c, 1, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].occurrence_id, SCHOOL_NOW_LIVE);
	assert_int_equal(rows[0].n_online, 1);
	c = pupil(PUPIL_ALONE, 1);
	EXPECT(presence_active(&c, 1, &rows, &n, &e), RC_NOT_FOUND);
	EXPECT(presence_active(&c, 999999, &rows, &n, &e), RC_NOT_FOUND);
	EXPECT(presence_active(school_as(&school, SCHOOL_COLLEAGUE), 1, &rows, &n, &e),
	       RC_NOT_FOUND);
}

static void targets(void **state)
{
	struct presence_target t;
	struct error e;

	(void)state;
	EXPECT(presence_find(school_as(&school, SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &t, &e), RC_OK);
	assert_true(t.may_work && t.is_active);
	EXPECT(presence_find(school_as(&school, SCHOOL_EMPLOYEE), SCHOOL_NOW_LIVE, &t, &e), RC_OK);
	assert_true(t.may_work);
	EXPECT(presence_find(school_as(&school, SCHOOL_COLLEAGUE), SCHOOL_NOW_LIVE, &t, &e), RC_OK);
	assert_false(t.may_work);
	EXPECT(presence_find(school_as(&school, SCHOOL_OTHER_ADMIN), SCHOOL_NOW_LIVE, &t, &e),
	       RC_OK);
	assert_false(t.may_work);
	EXPECT(presence_find(school_as(&school, SCHOOL_TEACHER), SCHOOL_SOON, &t, &e), RC_OK);
	assert_int_equal(t.attendance_id, 0);
	assert_false(t.is_active);
	EXPECT(presence_find(school_as(&school, SCHOOL_TEACHER), 999999, &t, &e), RC_NOT_FOUND);
}

/* ---- what the feed remembers ----------------------------------------------------------------- */

static struct attendance told(struct core *c, struct presence_cache *k)
{
	const int64_t ids[] = { 999999, session_id };
	struct attendance *rows;
	struct error e;
	size_t n;

	EXPECT(presence_sessions(c, k, ids, ARRAY_LEN(ids), &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].id, session_id);
	return rows[0];
}

static void what_surrounds_a_session_is_remembered_its_counts_are_not(void **state)
{
	struct presence_cache *k = presence_cache_new();
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct core later = *c;
	struct attendance first, seen;
	struct error e;

	(void)state;
	assert_non_null(k);
	first = told(c, k);
	EXPECT(attendance_get(c, session_id, &seen, &e), RC_OK);
	assert_int_equal(first.n_expected, seen.n_expected);
	assert_true(first.n_expected > 0);
	assert_int_equal(first.n_present, 0);
	db_fixture_exec(&school.f, "UPDATE attendance_session SET title = 'Another'");
	db_fixture_exec(&school.f,
			"INSERT INTO attendance_record (attendance_id, person_id, status, method,"
			" happened_at, updated_at) SELECT id, 101, 'late', 'teacher',"
			" UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM attendance_session");
	seen = told(c, k);
	assert_true(str_eq(seen.title, first.title));
	assert_int_equal(seen.n_present, 0);
	assert_int_equal(seen.n_late, 1);
	presence_forget(k, session_id + 256); /* of the same place */
	assert_true(str_eq(told(c, k).title, first.title));
	presence_forget(k, session_id);
	assert_true(str_eq(told(c, k).title, STR("Another")));
	/* By itself, after a while, and when the clock was set back. */
	db_fixture_exec(&school.f, "UPDATE attendance_session SET title = 'A third'");
	later.now_us += PRESENCE_CACHE_US - 1;
	assert_true(str_eq(told(&later, k).title, STR("Another")));
	later.now_us += 1;
	assert_true(str_eq(told(&later, k).title, STR("A third")));
	db_fixture_exec(&school.f, "UPDATE attendance_session SET title = 'A fourth'");
	assert_true(str_eq(told(c, k).title, STR("A fourth")));
	presence_cache_free(k);
}

static void sessions_of_one_place_are_told_of_together(void **state)
{
	struct presence_cache *k = presence_cache_new();
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	const int64_t ids[] = { session_id + 256, session_id };
	struct attendance *rows;
	char sql[900];
	struct error e;
	size_t n;

	(void)state;
	assert_non_null(k);
	snprintf(sql, sizeof sql,
		 "INSERT INTO attendance_session (id, uuid, branch_id, course_id, teacher_id, "
		 "roster,"
		 " title, session_date, zone, opens_at, closes_at, code_level, place_level,"
		 " network_level, photo_level, device_level, radius_m, code_key, code_period_s,"
		 " max_tries, evidence_days, lock_days, names_on_screen, created_at, updated_at)"
		 " SELECT %lld, UUID(), branch_id, course_id, teacher_id, roster, 'The other',"
		 " session_date, zone, opens_at, closes_at, code_level, place_level, network_level,"
		 " photo_level, device_level, radius_m, code_key, code_period_s, max_tries,"
		 " evidence_days, lock_days, names_on_screen, created_at, updated_at"
		 " FROM attendance_session WHERE id = %lld",
		 (long long)ids[0], (long long)session_id);
	db_fixture_exec(&school.f, sql);
	for (int i = 0; i < 2; i++) {
		EXPECT(presence_sessions(c, k, ids, 2, &rows, &n, &e), RC_OK);
		assert_int_equal(n, 2);
		assert_int_equal(rows[0].id, session_id);
		assert_int_equal(rows[1].id, session_id + 256);
		assert_false(str_eq(rows[0].title, rows[1].title));
		assert_true(str_eq(rows[1].title, STR("The other")));
		assert_int_equal(rows[0].n_expected, rows[1].n_expected);
	}
	presence_cache_free(k);
	snprintf(sql, sizeof sql, "DELETE FROM attendance_session WHERE id = %lld",
		 (long long)ids[0]);
	db_fixture_exec(&school.f, sql);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(joining_marks_nobody, fresh),
		cmocka_unit_test_setup(who_may_not, fresh),
		cmocka_unit_test_setup(the_newest_connection_counts, fresh),
		cmocka_unit_test_setup(a_lost_connection_is_no_leaving, fresh),
		cmocka_unit_test_setup(leases_end_and_a_gateway_begins_anew, fresh),
		cmocka_unit_test_setup(a_closed_session_is_not_come_back_to, fresh),
		cmocka_unit_test_setup(what_runs_in_a_course, fresh),
		cmocka_unit_test_setup(targets, fresh),
		cmocka_unit_test_setup(what_surrounds_a_session_is_remembered_its_counts_are_not,
				       fresh),
		cmocka_unit_test_setup(sessions_of_one_place_are_told_of_together, fresh),
	};

	return cmocka_run_group_tests_name("core_presence", tests, set_up, tear_down);
}
