/*
 * Single sessions on a real database: made, changed, refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/session/completion.h"
#include "core/session/session_make.h"
#include "store/session_fixture.h"

#define HM(h, m) (((h)*60 + (m)) * 60)
#define MONDAY   day_from_ymd((struct ymd){ 2026, 11, 23 })

static struct school school;

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail,
			 rc == RC_INVALID && e->n_fields ? e->fields[0].field : "");
}
#define EXPECT(call, want) expect_at((call), (want), &e, __LINE__)

static int set_up(void **state)
{
	(void)state;
	school_open(&school);
	db_fixture_exec(&school.f, "INSERT INTO room (id, branch_id, name, capacity) VALUES"
				   " (1, 1, 'A112', 40), (2, 1, 'B204', 10), (3, 2, 'P1', 40);"
				   "INSERT INTO closure (branch_id, name, from_date, to_date)"
				   " VALUES (1, 'Holiday', '2026-12-24', '2026-12-26')");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	school_close(&school);
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	school_reset(&school);
	return 0;
}

static int64_t count(const char *sql)
{
	return school_number(&school, sql);
}

static void test_sessions_are_made_and_changed_directly(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int32_t day = MONDAY;
	struct session_make_in in = { .class_id = 1,
				      .course_id = 1,
				      .teacher_id = 2,
				      .room = STR_INIT("a112"),
				      .days = &day,
				      .n_days = 1,
				      .start_tod = HM(15, 0),
				      .end_tod = HM(16, 0),
				      .stops_at_warnings = true };
	struct session_make_plan plan;
	struct error e;
	int64_t id = 0, again;

	(void)state;
	error_init(&e);
	EXPECT(session_make_check(c, &in, &plan, &e), RC_OK);
	assert_false(session_make_warns(&plan));
	EXPECT(session_create(c, &in, &id, &e), RC_OK);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6 AND title ="
			       " 'Databases' AND room = 'A112' AND room_id = 1 AND teacher_id = 2"),
			 1);
	EXPECT(session_create(c, &in, &again, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CLASHES);
	in.teacher_id = 1;
	in.title = STR("Replacement");
	in.version = 1;
	error_init(&e);
	EXPECT(session_edit(c, id, &in, &e), RC_OK);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE title = 'Replacement'"
			       " AND teacher_id = 1 AND version = 2"),
			 1);
	EXPECT(session_edit(c, id, &in, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CHANGED);
	in.version = 0;
	in.class_id = 2;
	error_init(&e);
	EXPECT(session_edit(c, id, &in, &e), RC_INVALID);
	in.class_id = 0;
	error_init(&e);
	EXPECT(session_create(c, &in, &again, &e), RC_INVALID);
	in.class_id = 1;
	error_init(&e);
	EXPECT(session_create(school_as(&school, SCHOOL_TEACHER), &in, &again, &e), RC_DENIED);
	error_init(&e);
	EXPECT(session_create(school_as(&school, SCHOOL_OTHER_ADMIN), &in, &again, &e),
	       RC_NOT_FOUND);
	error_init(&e);
	EXPECT(session_edit(school_as(&school, SCHOOL_OTHER_ADMIN), id, &in, &e), RC_NOT_FOUND);
	EXPECT(completion_cancel(school_as(&school, SCHOOL_ADMIN), id, 0, STR("ill"), &e), RC_OK);
	error_init(&e);
	EXPECT(session_edit(school_as(&school, SCHOOL_ADMIN), id, &in, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_ALREADY_CANCELLED);
}

static void test_what_stands_against_it_is_said(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int32_t days[] = { MONDAY, day_from_ymd((struct ymd){ 2026, 12, 25 }) };
	struct session_make_in in = { .class_id = 1,
				      .room_id = 2,
				      .days = days,
				      .n_days = 2,
				      .start_tod = HM(15, 0),
				      .end_tod = HM(16, 0) };
	struct session_make_plan plan;
	struct error e;
	int64_t id;

	(void)state;
	error_init(&e);
	EXPECT(session_make_check(c, &in, &plan, &e), RC_OK);
	assert_true(session_make_warns(&plan));
	assert_int_equal(plan.room_capacity, 10);
	assert_int_equal(plan.n_members, 30);
	assert_true(str_eq(plan.closure, STR("Holiday")));
	assert_int_equal(plan.closed_day, days[1]);
	in.stops_at_warnings = true;
	EXPECT(session_create(c, &in, &id, &e), RC_CONFLICT);
	in.stops_at_warnings = false;
	error_init(&e);
	EXPECT(session_create(c, &in, &id, &e), RC_OK);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6 AND title ="
			       " 'DEV-2024-A' AND room = 'B204' AND teacher_id IS NULL"),
			 2);
	in.room_id = 3;
	EXPECT(session_create(c, &in, &id, &e), RC_INVALID);
	in.room_id = 0;
	in.end_tod = in.start_tod;
	error_init(&e);
	EXPECT(session_create(c, &in, &id, &e), RC_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_sessions_are_made_and_changed_directly, fresh),
		cmocka_unit_test_setup(test_what_stands_against_it_is_said, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
