/*
 * Oversight against a real database: who sees what, states, how many statements it takes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/session/completion.h"
#include "core/session/oversight.h"
#include "store/session_fixture.h"

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

static void complete(int64_t id)
{
	struct completion_in in = { .occurrence_id = id,
				    .actual_start = 9 * 3600 + 720,
				    .actual_end = 10 * 3600 + 1680 };
	struct completion_result r;
	struct error e;

	EXPECT(completion_complete(school_as(&school, SCHOOL_TEACHER), &in, &r, &e), RC_OK);
}

/* Of the session that lies behind us. */
#define FILTER(column)                                                                             \
	school_number(&school, "SELECT COALESCE(" column ", 0) AS n FROM occurrence WHERE id = 1")

static struct oversight_list list_of(enum school_person who, enum oversight_state state)
{
	struct oversight_query q = { .state = state, .from_day = NO_DAY, .to_day = NO_DAY };
	struct oversight_list list;
	struct error e;

	EXPECT(oversight_list_of(school_as(&school, who), &q, &list, &e), RC_OK);
	return list;
}

static bool holds(const struct oversight_list *list, int64_t id)
{
	for (size_t i = 0; i < list->n_items; i++)
		if (list->items[i].row.id == id)
			return true;
	return false;
}

static void test_rights(void **state)
{
	static const struct {
		enum school_person who;
		enum rc rc;
	} rows[] = { { SCHOOL_TEACHER, RC_DENIED }, { SCHOOL_EMPLOYEE, RC_DENIED },
		     { SCHOOL_STUDENT, RC_DENIED }, { SCHOOL_STAFF_TEACHER, RC_DENIED },
		     { SCHOOL_ADMIN, RC_OK },       { SCHOOL_OTHER_ADMIN, RC_OK },
		     { SCHOOL_SUPER, RC_OK } };
	struct oversight_query q = { .from_day = NO_DAY, .to_day = NO_DAY };
	struct oversight_overview overview;
	struct oversight_report report;
	struct oversight_pick pick = { SCHOOL_PAST, 1 };
	struct oversight_list list;
	struct error e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct core *c = school_as(&school, rows[i].who);

		EXPECT(oversight_list_of(c, &q, &list, &e), rows[i].rc);
		EXPECT(oversight_overview(c, NULL, &overview, &e), rows[i].rc);
		EXPECT(oversight_act(c, OVERSIGHT_CHECK, &pick, 1, STR(""), &report, &e),
		       rows[i].rc);
	}
	q.branch_id = 1;
	EXPECT(oversight_list_of(school_as(&school, SCHOOL_OTHER_ADMIN), &q, &list, &e),
	       RC_NOT_FOUND);
	list = list_of(SCHOOL_OTHER_ADMIN, OVERSIGHT_ANY);
	assert_int_equal(list.n_items, 0);
}

static void test_states(void **state)
{
	static const enum oversight_state states[] = { OVERSIGHT_MISSING, OVERSIGHT_TO_CHECK,
						       OVERSIGHT_CHECKED, OVERSIGHT_RETURNED };
	struct error e;

	(void)state;
	for (size_t step = 0; step < ARRAY_LEN(states); step++) {
		struct core *c = school_as(&school, SCHOOL_ADMIN);

		if (step == 1)
			complete(SCHOOL_PAST);
		c = school_as(&school, SCHOOL_ADMIN);
		if (step == 2)
			EXPECT(completion_check(c, SCHOOL_PAST, 0, &e), RC_OK);
		if (step == 3)
			EXPECT(completion_return(c, SCHOOL_PAST, 0, STR("Times"), &e), RC_OK);
		for (size_t i = 0; i < ARRAY_LEN(states); i++) {
			struct oversight_list list = list_of(SCHOOL_ADMIN, states[i]);

			assert_int_equal(holds(&list, SCHOOL_PAST), i == step);
			assert_false(holds(&list, SCHOOL_NEXT_WEEK));
			assert_false(holds(&list, SCHOOL_NOW_LIVE));
		}
	}
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM occurrence o JOIN"
						" completion c ON c.id = o.completion_id WHERE"
						" o.review <> IF(c.state IN ('checked',"
						" 'returned'), c.state, 'none')"),
			 0);
}

static void test_statements(void **state)
{
	struct oversight_query q = { .from_day = NO_DAY, .to_day = NO_DAY };
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct oversight_overview overview;
	struct oversight_list list;
	struct error e;
	int64_t before;

	(void)state;
	before = store_n_statements(c->db);
	EXPECT(oversight_list_of(c, &q, &list, &e), RC_OK);
	assert_int_equal(store_n_statements(c->db) - before, 2);
	q.search = STR("nowhere");
	before = store_n_statements(c->db);
	EXPECT(oversight_list_of(c, &q, &list, &e), RC_OK);
	assert_int_equal(store_n_statements(c->db) - before, 4);
	assert_false(list.is_partial);
	before = store_n_statements(c->db);
	EXPECT(oversight_overview(c, NULL, &overview, &e), RC_OK);
	assert_int_equal(store_n_statements(c->db) - before, 3);
}

/* The sums are remembered until the version changes; the counts are of now. */
static void test_remembered(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct oversight_overview first, again;
	struct oversight_cache *cache;
	struct who who = *c->who;
	struct error e;
	int64_t before;

	(void)state;
	complete(SCHOOL_PAST);
	c = school_as(&school, SCHOOL_ADMIN);
	who = *c->who;
	c->who = &who;
	EXPECT(oversight_cache_new(&cache, &e), RC_OK);
	EXPECT(oversight_overview(c, cache, &first, &e), RC_OK);
	before = store_n_statements(c->db);
	EXPECT(oversight_overview(c, cache, &again, &e), RC_OK);
	assert_int_equal(store_n_statements(c->db) - before, 1);
	assert_true(first.n_teachers > 0);
	assert_int_equal(again.n_teachers, first.n_teachers);
	assert_int_equal(again.week.n_completed, first.week.n_completed);
	assert_int_equal(again.counts.n_to_check, 1);
	assert_true(str_eq(again.teachers[0].name, STR("Leyla Aydın")));
	assert_int_equal(again.teachers[0].n_completed, 1);
	EXPECT(completion_check(c, SCHOOL_PAST, 0, &e), RC_OK);
	EXPECT(oversight_overview(c, cache, &again, &e), RC_OK);
	assert_int_equal(again.counts.n_to_check, 0);
	assert_int_equal(again.teachers[0].n_checked, 0);
	who.version++;
	EXPECT(oversight_overview(c, cache, &again, &e), RC_OK);
	assert_int_equal(again.teachers[0].n_checked, 1);
	c->now_us += 60 * US_PER_S;
	before = store_n_statements(c->db);
	EXPECT(oversight_overview(c, cache, &again, &e), RC_OK);
	assert_int_equal(store_n_statements(c->db) - before, 3);
	oversight_cache_free(cache);
}

/* Beyond one filter a window is looked through; all of them hold. */
static void test_filters(void **state)
{
	static const struct {
		int64_t teacher, course, class;
		size_t n;
	} rows[] = { { 1, 0, 0, 1 },  { 1, 1, 0, 1 },  { 1, 1, 1, 1 },
		     { 1, 99, 0, 0 }, { 0, 1, 99, 0 }, { 99, 1, 0, 0 } };
	struct oversight_list all = list_of(SCHOOL_ADMIN, OVERSIGHT_ANY);

	(void)state;
	assert_true(all.n_items > 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct core *c = school_as(&school, SCHOOL_ADMIN);
		struct oversight_query q = { .state = OVERSIGHT_ANY,
					     .from_day = NO_DAY,
					     .to_day = NO_DAY };
		struct oversight_list list;
		struct error e;

		q.teacher_id = rows[i].teacher == 1 ? FILTER("teacher_id") : rows[i].teacher;
		q.course_id = rows[i].course == 1 ? FILTER("course_id") : rows[i].course;
		q.class_id = rows[i].class == 1 ? FILTER("class_id") : rows[i].class;
		EXPECT(oversight_list_of(c, &q, &list, &e), RC_OK);
		assert_int_equal(list.n_items > 0, rows[i].n);
		assert_false(list.is_partial);
	}
}

static void test_acts(void **state)
{
	struct oversight_pick picks[] = { { SCHOOL_PAST, 1 }, { SCHOOL_PAST_2, 1 }, { 999999, 1 } };
	struct oversight_report report;
	struct core *c;
	struct error e;

	(void)state;
	error_init(&e);
	complete(SCHOOL_PAST);
	complete(SCHOOL_PAST_2);
	picks[0].version =
		school_number(&school, "SELECT version AS n FROM occurrence WHERE id = 1");
	c = school_as(&school, SCHOOL_ADMIN);
	EXPECT(oversight_act(c, OVERSIGHT_RETURN, picks, 3, STR(" "), &report, &e), RC_INVALID);
	EXPECT(oversight_act(c, OVERSIGHT_CHECK, picks, 0, STR(""), &report, &e), RC_INVALID);
	EXPECT(oversight_act(c, OVERSIGHT_CHECK, picks, 3, STR(""), &report, &e), RC_OK);
	assert_int_equal(report.n_done, 1);
	assert_int_equal(report.n_refused, 2);
	assert_int_equal(report.refused[0].reason, REASON_CHANGED);
	assert_int_equal(report.refused[1].title.n, 0);
	EXPECT(oversight_act(c, OVERSIGHT_UNCHECK, report.done, 1, STR(""), &report, &e), RC_OK);
	assert_int_equal(report.n_done, 1);
	EXPECT(completion_uncheck(c, SCHOOL_PAST, 0, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_NOT_CHECKED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_rights, fresh),
		cmocka_unit_test_setup(test_states, fresh),
		cmocka_unit_test_setup(test_statements, fresh),
		cmocka_unit_test_setup(test_remembered, fresh),
		cmocka_unit_test_setup(test_filters, fresh),
		cmocka_unit_test_setup(test_acts, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
