/*
 * Who is told when one change makes, moves or cancels several sessions: each person once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/request/request.h"
#include "core/schedule/closure.h"
#include "core/schedule/schedule.h"
#include "core/session/session_make.h"
#include "store/session_fixture.h"

#include <stdio.h>

#define DAY(y, m, d) day_from_ymd((struct ymd){ (y), (m), (d) })
#define MONDAY       DAY(2026, 11, 23)
#define BIT(who)     (INT64_C(1) << (who))
#define CONCERNED                                                                                  \
	(BIT(SCHOOL_TEACHER) | BIT(SCHOOL_EMPLOYEE) | BIT(SCHOOL_STAFF_TEACHER) |                  \
	 BIT(SCHOOL_STUDENT))

static struct school school;

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) expect_at((call), (want), &e, __LINE__)

static int set_up(void **state)
{
	(void)state;
	school_open(&school);
	db_fixture_exec(&school.f,
			"INSERT INTO department (id, branch_id, name) VALUES (1, 1, 'D');"
			"INSERT INTO batch (id, department_id, name) VALUES (1, 1, '2026');"
			"INSERT INTO section (id, batch_id, name) VALUES (1, 1, 'A');"
			"INSERT INTO class_section (class_id, section_id) VALUES (1, 1);"
			"INSERT INTO section_member (section_id, person_id, from_date) VALUES"
			" (1, 7, '2026-01-01');"
			"INSERT INTO enrolment (course_id, person_id, state, from_date) VALUES"
			" (1, 7, 'approved', '2026-01-01');");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	school_close(&school);
	return 0;
}

static void forget(void)
{
	db_fixture_exec(&school.f, "DELETE FROM notification; DELETE FROM outbox");
}

static int fresh(void **state)
{
	(void)state;
	forget();
	school_reset(&school);
	db_fixture_exec(&school.f, "DELETE FROM closure");
	return 0;
}

/* school_number wants texts that stay. */
static int64_t number(const char *sql)
{
	static char kept[60][500];
	size_t i = 0;

	while (i < ARRAY_LEN(kept) - 1 && kept[i][0] && strcmp(kept[i], sql) != 0)
		i++;
	snprintf(kept[i], sizeof kept[i], "%s", sql);
	return school_number(&school, kept[i]);
}

/* Those told of a kind, as a sum of powers of two: who is told twice spoils it. */
static int64_t told(const char *kind)
{
	char sql[400];

	snprintf(sql, sizeof sql,
		 "SELECT CAST(COALESCE(SUM(1 << account_id), 0) AS SIGNED) AS n FROM notification"
		 " WHERE kind = '%s'",
		 kind);
	return number(sql);
}

/* A number of what the student was told. */
static int64_t param(const char *kind, const char *member)
{
	char sql[400];

	snprintf(sql, sizeof sql,
		 "SELECT CAST(COALESCE(JSON_VALUE(params, '$.%s'), -1) AS SIGNED) AS n"
		 " FROM notification WHERE account_id = 7 AND kind = '%s'",
		 member, kind);
	return number(sql);
}

/* The sum of `n` of events, each of which has to be of one course. */
static int64_t events(const char *type)
{
	char sql[500];

	snprintf(sql, sizeof sql,
		 "SELECT CAST(COALESCE(SUM(JSON_VALUE(payload, '$.n')), 0) AS SIGNED) AS n"
		 " FROM outbox WHERE type = '%s' AND course_id = 1 AND person_id = 1"
		 " AND audience = 'admins,members,person' AND public = payload",
		 type);
	return number(sql);
}

static struct schedule_in daily(int32_t from, int32_t to)
{
	return (struct schedule_in){ .class_id = 1,
				     .course_id = 1,
				     .teacher_id = 1,
				     .rule = { RECURRENCE_DAILY, from, to, 0, 0 },
				     .start_tod = 15 * 3600,
				     .end_tod = 16 * 3600 };
}

static int64_t make(const struct schedule_in *in)
{
	struct schedule_effect effect;
	struct error e;
	int64_t id = 0;

	error_init(&e);
	EXPECT(schedule_create(school_as(&school, SCHOOL_ADMIN), in, &id, &effect, &e), RC_OK);
	return id;
}

static void change(int64_t id, const struct schedule_in *in)
{
	struct schedule_effect effect;
	struct error e;

	error_init(&e);
	EXPECT(schedule_update(school_as(&school, SCHOOL_ADMIN), id, in, &effect, &e), RC_OK);
}

static void test_a_schedule_tells_each_once(void **state)
{
	struct schedule_in in = daily(MONDAY, MONDAY + 4);

	(void)state;
	make(&in);
	assert_int_equal(told("session.created"), CONCERNED);
	assert_int_equal(param("session.created", "n"), 5);
	assert_int_equal(param("session.created", "day"), MONDAY);
	assert_int_equal(param("session.created", "last"), MONDAY + 4);
	assert_int_equal(param("session.created", "start"), -1);
	assert_int_equal(events("session.created"), 5);
	assert_int_equal(number("SELECT COUNT(*) AS n FROM outbox WHERE type = 'session.created'"),
			 1);
	assert_int_equal(number("SELECT COUNT(*) AS n FROM outbox"
				" WHERE type = 'notification.created'"),
			 4);
}

static void test_a_changed_schedule_tells_what_moved_and_what_went(void **state)
{
	struct schedule_in in = daily(MONDAY, MONDAY + 4);
	int64_t id = make(&in);

	(void)state;
	forget();
	in.title = STR("Another title");
	change(id, &in);
	assert_int_equal(number("SELECT COUNT(*) AS n FROM notification"), 0);
	in.start_tod -= 3600;
	in.rule.to_day = MONDAY + 2;
	change(id, &in);
	assert_int_equal(told("session.moved"), CONCERNED);
	assert_int_equal(param("session.moved", "n"), 3);
	assert_int_equal(told("session.cancelled"), CONCERNED);
	assert_int_equal(param("session.cancelled", "n"), 2);
	assert_int_equal(param("session.cancelled", "day"), MONDAY + 3);
	assert_int_equal(number("SELECT MAX(entity_id) AS n FROM notification"
				" WHERE kind = 'session.cancelled'"),
			 0);
	assert_int_equal(events("session.moved"), 3);
	assert_int_equal(events("session.cancelled"), 2);
}

static void test_an_ended_schedule_tells_once(void **state)
{
	/* From yesterday on: of what is over nobody is told. */
	struct schedule_in in = daily(MONDAY - 4, MONDAY);
	int64_t id = make(&in);
	struct schedule_effect effect;
	struct error e;

	(void)state;
	forget();
	error_init(&e);
	EXPECT(schedule_delete(school_as(&school, SCHOOL_ADMIN), id, &effect, &e), RC_OK);
	assert_int_equal(effect.n_removed, 5);
	assert_int_equal(told("session.cancelled"), CONCERNED);
	assert_int_equal(param("session.cancelled", "n"), 4);
	assert_int_equal(events("session.cancelled"), 4);
}

static void close_days(int32_t from, int32_t to, int64_t *ret_id)
{
	const struct closure_in in = {
		.branch_id = 1, .name = STR_INIT("Winter break"), .from_day = from, .to_day = to
	};
	struct closure_effect effect;
	struct error e;

	error_init(&e);
	EXPECT(closure_create(school_as(&school, SCHOOL_SUPER), &in, ret_id, &effect, &e), RC_OK);
}

static void test_a_closure_tells_once_and_again_when_it_goes(void **state)
{
	struct schedule_in in = daily(MONDAY, MONDAY + 2);
	struct closure_effect effect;
	struct error e;
	int64_t id = 0;

	(void)state;
	make(&in);
	forget();
	/* The three, and "Plans" of Friday. */
	close_days(MONDAY, MONDAY + 6, &id);
	assert_int_equal(told("session.cancelled"), CONCERNED);
	assert_int_equal(param("session.cancelled", "n"), 4);
	assert_int_equal(number("SELECT COUNT(*) AS n FROM notification WHERE account_id = 7"
				" AND JSON_VALUE(params, '$.title') IS NULL"
				" AND JSON_VALUE(params, '$.code') = 'closure'"
				" AND JSON_VALUE(params, '$.text') = 'Winter break'"),
			 1);
	assert_int_equal(events("session.cancelled"), 4);
	forget();
	error_init(&e);
	EXPECT(closure_remove(school_as(&school, SCHOOL_SUPER), id, &effect, &e), RC_OK);
	assert_int_equal(told("session.restored"), CONCERNED);
	assert_int_equal(param("session.restored", "n"), 4);
	assert_int_equal(told("session.created"), 0);
	assert_int_equal(events("session.moved"), 4);
}

static void test_a_closure_of_days_gone_by_tells_nobody(void **state)
{
	int64_t id = 0;

	(void)state;
	close_days(MONDAY - 5, MONDAY - 4, &id);
	assert_int_equal(number("SELECT COUNT(*) AS n FROM occurrence WHERE state = 'cancelled'"),
			 2);
	assert_int_equal(number("SELECT COUNT(*) AS n FROM notification"), 0);
	assert_int_equal(number("SELECT COUNT(*) AS n FROM outbox"), 0);
}

static void test_a_request_for_a_series_tells_who_did_not_ask(void **state)
{
	const struct request_in in = { .title = STR_INIT("Guest lecture"),
				       .kind = STR_INIT("workshop"),
				       .course_id = 1,
				       .class_id = 1,
				       .day = MONDAY,
				       .start_tod = 15 * 3600,
				       .end_tod = 16 * 3600,
				       .is_series = true,
				       .recurrence = RECURRENCE_WEEKLY,
				       .weekdays = 1 << 1,
				       .until_day = MONDAY + 14 };
	struct request_decide_in decide = { .decision = REQUEST_APPROVE };
	struct request_decided done;
	struct error e;

	(void)state;
	error_init(&e);
	EXPECT(request_send(school_as(&school, SCHOOL_TEACHER), &in, &decide.id, &e), RC_OK);
	forget();
	EXPECT(request_decide(school_as(&school, SCHOOL_ADMIN), &decide, &done, &e), RC_OK);
	assert_int_equal(told("session.created"), CONCERNED & ~BIT(SCHOOL_TEACHER));
	assert_int_equal(told("session_request.decided"), BIT(SCHOOL_TEACHER));
	assert_int_equal(param("session.created", "n"), 3);
	assert_int_equal(events("session.created"), 3);
	forget();
	decide.decision = REQUEST_REJECT;
	EXPECT(request_decide(school_as(&school, SCHOOL_ADMIN), &decide, &done, &e), RC_OK);
	assert_int_equal(told("session.cancelled"), CONCERNED & ~BIT(SCHOOL_TEACHER));
	assert_int_equal(param("session.cancelled", "n"), 3);
	assert_int_equal(events("session.cancelled"), 3);
}

static void test_another_room_of_one_session_is_told(void **state)
{
	struct session_make_in in = { .class_id = 1,
				      .course_id = 1,
				      .teacher_id = 1,
				      .title = STR_INIT("Plans"),
				      .room = STR_INIT("A112") };
	struct error e;

	(void)state;
	error_init(&e);
	EXPECT(session_edit(school_as(&school, SCHOOL_ADMIN), SCHOOL_NEXT_WEEK, &in, &e), RC_OK);
	assert_int_equal(number("SELECT COUNT(*) AS n FROM notification"), 0);
	in.room = STR("C3");
	EXPECT(session_edit(school_as(&school, SCHOOL_ADMIN), SCHOOL_NEXT_WEEK, &in, &e), RC_OK);
	assert_int_equal(told("session.moved"), CONCERNED);
	assert_int_equal(param("session.moved", "start"), 9 * 3600);
	assert_int_equal(param("session.moved", "n"), -1);
	assert_int_equal(
		number("SELECT MIN(entity_id) AS n FROM notification WHERE kind = 'session.moved'"),
		SCHOOL_NEXT_WEEK);
	forget();
	in.teacher_id = SCHOOL_COLLEAGUE;
	EXPECT(session_edit(school_as(&school, SCHOOL_ADMIN), SCHOOL_NEXT_WEEK, &in, &e), RC_OK);
	assert_int_equal(told("session.created"), BIT(SCHOOL_COLLEAGUE));
	assert_int_equal(told("session.moved"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_a_schedule_tells_each_once, fresh),
		cmocka_unit_test_setup(test_a_changed_schedule_tells_what_moved_and_what_went,
				       fresh),
		cmocka_unit_test_setup(test_an_ended_schedule_tells_once, fresh),
		cmocka_unit_test_setup(test_a_closure_tells_once_and_again_when_it_goes, fresh),
		cmocka_unit_test_setup(test_a_closure_of_days_gone_by_tells_nobody, fresh),
		cmocka_unit_test_setup(test_a_request_for_a_series_tells_who_did_not_ask, fresh),
		cmocka_unit_test_setup(test_another_room_of_one_session_is_told, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
