/*
 * Clashes on a real database: what counts, what does not, and series against series.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/schedule/clash.h"
#include "core/schedule/schedule.h"
#include "store/session_fixture.h"

#define DAY(y, m, d) day_from_ymd((struct ymd){ (y), (m), (d) })
#define HM(h, m)     (((h)*60 + (m)) * 60)

static struct school school;

static int set_up(void **state)
{
	(void)state;
	school_open(&school);
	db_fixture_exec(
		&school.f,
		"INSERT INTO department (id, branch_id, name) VALUES (1, 1, 'D');"
		"INSERT INTO batch (id, department_id, name) VALUES (1, 1, 'B');"
		"INSERT INTO section (id, batch_id, name) VALUES (1, 1, 'A'), (2, 1, 'B');"
		"INSERT INTO class (id, branch_id, name, n_members) VALUES (3, 1, 'Both', 60),"
		" (4, 1, 'Other', 30);"
		"INSERT INTO class_section (class_id, section_id) VALUES (1, 1), (3, 1), (3, 2), "
		"(4, 2);"
		"INSERT INTO room (id, branch_id, name, capacity) VALUES (1, 1, 'A112', 30),"
		" (2, 1, 'B204', 10)");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	school_close(&school);
	return 0;
}

/* One session that is there: Friday 27 November 9:00 to 10:30 of class 1, teacher 1, in room 1. */
static int fresh(void **state)
{
	(void)state;
	school_reset(&school);
	db_fixture_exec(&school.f, "UPDATE occurrence SET room_id = 1 WHERE id = 6");
	return 0;
}

static const struct {
	int32_t start, end;
	int64_t class_id, teacher_id, room_id;
	unsigned kinds; /* 0: no clash */
} cases[] = {
	{ HM(9, 0), HM(10, 30), 1, 1, 1, CLASH_ROOM | CLASH_TEACHER | CLASH_GROUP },
	{ HM(10, 29), HM(12, 0), 4, 2, 1, CLASH_ROOM },
	{ HM(8, 0), HM(9, 1), 4, 1, 2, CLASH_TEACHER },
	{ HM(9, 30), HM(9, 45), 3, 2, COLUMN_NULL, CLASH_GROUP },
	{ HM(10, 30), HM(12, 0), 1, 1, 1, 0 },
	{ HM(7, 0), HM(9, 0), 1, 1, 1, 0 },
	{ HM(9, 0), HM(10, 30), 4, 2, 2, 0 },
	{ HM(9, 0), HM(10, 30), 4, COLUMN_NULL, COLUMN_NULL, 0 },
};

static struct clash_list find(struct core *c, size_t i, int32_t day)
{
	struct clash_span span = { us_from_day_tod(day, cases[i].start),
				   us_from_day_tod(day, cases[i].end), cases[i].start, cases[i].end,
				   cases[i].room_id };
	struct clash_query q = { .class_id = cases[i].class_id,
				 .teacher_id = cases[i].teacher_id,
				 .schedule_id = COLUMN_NULL,
				 .occurrence_id = COLUMN_NULL,
				 .zone = STR_INIT("UTC"),
				 .spans = &span,
				 .n_spans = 1 };
	struct clash_list list;
	struct error e;

	error_init(&e);
	if (clash_find(c, c->db, &q, &list, &e) != RC_OK)
		fail_msg("%s", e.detail);
	return list;
}

static void test_what_clashes(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct clash_list list = find(c, i, DAY(2026, 11, 27));

		if (list.kinds != cases[i].kinds || list.n != (cases[i].kinds ? 1 : 0))
			fail_msg("row %zu: kinds %u, n %lld", i, list.kinds, (long long)list.n);
		if (list.n) {
			assert_int_equal(list.rows[0].occurrence_id, SCHOOL_NEXT_WEEK);
			assert_true(str_eq(list.rows[0].title, STR("Plans")));
			assert_true(str_eq(list.rows[0].teacher_name, STR("Leyla Aydın")));
			assert_int_equal(list.rows[0].kinds, cases[i].kinds);
		}
		assert_int_equal(find(c, i, DAY(2026, 11, 28)).n, 0);
	}
	db_fixture_exec(&school.f, "UPDATE occurrence SET state = 'cancelled' WHERE id = 6");
	assert_int_equal(find(c, 0, DAY(2026, 11, 27)).n, 0);
}

static struct schedule_in in_room(int64_t class_id, int64_t teacher_id, int64_t room_id)
{
	return (struct schedule_in){ .class_id = class_id,
				     .teacher_id = teacher_id,
				     .room_id = room_id,
				     .rule = { RECURRENCE_WEEKLY, DAY(2027, 1, 1), DAY(2027, 3, 31),
					       1U << 1, 0 },
				     .start_tod = HM(9, 0),
				     .end_tod = HM(10, 0),
				     .stops_at_warnings = true };
}

static void test_series_clash_with_series(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct schedule_in first = in_room(1, 1, 1), second = in_room(4, 2, 1);
	struct slot more = { 1U << 3, HM(9, 0), HM(10, 0), 1 };
	struct schedule_effect effect;
	struct schedule_plan plan;
	struct error e;
	int64_t id;

	(void)state;
	error_init(&e);
	assert_int_equal(schedule_create(c, &first, &id, &effect, &e), RC_OK);
	assert_int_equal(effect.n_inserted, 13);
	assert_int_equal(schedule_create(c, &second, &id, &effect, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CLASHES);
	error_init(&e);
	assert_int_equal(schedule_check(c, 0, &second, &plan, &e), RC_OK);
	assert_int_equal(plan.clashes.n, 13);
	/* Another room on Mondays, the same on Wednesdays: nothing meets. */
	second.room_id = 0;
	second.more = &more;
	second.n_more = 1;
	assert_int_equal(schedule_check(c, 0, &second, &plan, &e), RC_OK);
	assert_int_equal(plan.clashes.n, 0);
	/* A schedule does not clash with itself. */
	first.title = STR("Changed");
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM schedule"), 1);
	id = school_number(&school, "SELECT MIN(id) AS n FROM schedule");
	assert_int_equal(schedule_update(c, id, &first, &effect, &e), RC_OK);
	assert_int_equal(effect.n_updated, 13);
	/* 30 students in a room of 10. */
	first.room_id = 2;
	assert_int_equal(schedule_update(c, id, &first, &effect, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CLASHES);
	error_init(&e);
	first.stops_at_warnings = false;
	assert_int_equal(schedule_update(c, id, &first, &effect, &e), RC_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_what_clashes, fresh),
		cmocka_unit_test_setup(test_series_clash_with_series, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
