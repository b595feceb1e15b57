/*
 * Schedules and the occurrences they make, across clock changes and regeneration.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/schedule/schedule.h"
#include "core/session/completion.h"
#include "core/session/note.h"
#include "store/session_fixture.h"

#include <stdio.h>

#define DAY(y, m, d) day_from_ymd((struct ymd){ (y), (m), (d) })

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

static struct schedule_in daily(int32_t from, int32_t to)
{
	return (struct schedule_in){ .class_id = 1,
				     .course_id = 1,
				     .teacher_id = 1,
				     .room = STR_INIT("B1"),
				     .rule = { RECURRENCE_DAILY, from, to, 0, 0 },
				     .start_tod = 9 * 3600,
				     .end_tod = 10 * 3600 };
}

static int64_t create(struct core *c, const struct schedule_in *in, int64_t n_wanted)
{
	struct schedule_effect effect;
	struct error e;
	int64_t id = 0;

	error_init(&e);
	EXPECT(schedule_create(c, in, &id, &effect, &e), RC_OK);
	assert_int_equal(effect.n_inserted, n_wanted);
	return id;
}

/* Paris leaves summer time on 25 October 2026 and enters it on 28 March 2027. */
static void test_wall_times_hold_across_clock_changes(void **state)
{
	struct schedule_in in = daily(DAY(2026, 10, 24), DAY(2026, 10, 26));
	struct core *c = school_as(&school, SCHOOL_SUPER);

	(void)state;
	in.class_id = in.course_id = 2;
	in.teacher_id = 0;
	create(c, &in, 3);
	assert_int_equal(
		school_number(&school,
			      "SELECT COUNT(*) AS n FROM occurrence WHERE schedule_id IS NOT NULL"
			      " AND start_time = '09:00' AND zone = 'Europe/Paris' AND starts_at = "
			      "IF(session_date = '2026-10-24', '2026-10-24 07:00:00',"
			      " CONCAT(session_date, ' 08:00:00'))"),
		3);
	/* 02:30 does not exist on 28 March: it is moved forward. */
	in = daily(DAY(2027, 3, 28), DAY(2027, 3, 28));
	in.class_id = in.course_id = 2;
	in.teacher_id = 0;
	in.start_tod = 2 * 3600 + 1800;
	create(c, &in, 1);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM occurrence WHERE"
						" starts_at = '2027-03-28 01:30:00'"),
			 1);
}

static void test_regeneration_loses_nothing(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct schedule_in in = daily(DAY(2026, 11, 10), DAY(2026, 11, 29));
	struct completion_in done = { .actual_start = 9 * 3600, .actual_end = 10 * 3600 };
	struct completion_result r;
	struct schedule_effect effect;
	const struct session_occurrence *rows;
	struct error e;
	int64_t id = create(c, &in, 20), note;
	int64_t first = 0, second = 0, third = 0, moved = 0;
	size_t n;

	(void)state;
	error_init(&e);
	EXPECT(session_occurrences(c, SESSION_SCOPE_ALL, 100, &rows, &n, &e), RC_OK);
	for (size_t i = 0; i < n; i++) {
		if (rows[i].schedule_id != id)
			continue;
		first = rows[i].session_date == DAY(2026, 11, 10) ? rows[i].occurrence_id : first;
		second = rows[i].session_date == DAY(2026, 11, 11) ? rows[i].occurrence_id : second;
		third = rows[i].session_date == DAY(2026, 11, 12) ? rows[i].occurrence_id : third;
		moved = rows[i].session_date == DAY(2026, 11, 25) ? rows[i].occurrence_id : moved;
	}
	done.occurrence_id = first;
	EXPECT(completion_complete(c, &done, &r, &e), RC_OK);
	EXPECT(note_add(c, second,
			&(struct note_in){
				.type = NOTE_ISSUE, .text = STR("Keep me"), .due_day = NO_DAY },
			&note, &e),
	       RC_OK);
	EXPECT(completion_cancel(c, third, 0, STR("Holiday"), &e), RC_OK);
	EXPECT(session_move(c,
			    &(struct session_move_in){ .occurrence_id = moved,
						       .day = DAY(2026, 11, 26),
						       .start_tod = 15 * 3600,
						       .end_tod = 16 * 3600,
						       .room = STR_INIT("X"),
						       .reason = STR_INIT("Strike") },
			    &e),
	       RC_OK);
	/* Later, another time: three gone days, the rest follows. */
	in.rule.from_day = DAY(2026, 11, 13);
	in.start_tod = 9 * 3600 + 1800;
	EXPECT(schedule_update(c, id, &in, &effect, &e), RC_OK);
	assert_int_equal(effect.n_inserted, 0);
	assert_int_equal(effect.n_removed, 0);
	assert_int_equal(effect.n_cancelled, 1); /* the one with a note */
	assert_int_equal(effect.n_updated, 16);  /* 17 days left, one of them moved */
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM completion"
						" WHERE state = 'completed'"),
			 1);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM note"), 1);
	/* Back again: the cancelled one revives, nothing is made twice. */
	in.rule.from_day = DAY(2026, 11, 9);
	EXPECT(schedule_update(c, id, &in, &effect, &e), RC_OK);
	assert_int_equal(effect.n_inserted, 1);
	assert_int_equal(effect.n_revived, 1);
	assert_int_equal(effect.n_updated, 0);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM completion"
						" WHERE state = 'pending'"),
			 1);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM occurrence"
						" WHERE cancel_cause = 'person'"),
			 1);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM occurrence WHERE"
						" moved_from_date = '2026-11-25' AND"
						" session_date = '2026-11-26'"),
			 1);
	/* Deleted: what happened stays. */
	EXPECT(schedule_delete(c, id, &effect, &e), RC_OK);
	assert_int_equal(effect.n_removed, 17);
	assert_int_equal(effect.n_cancelled, 1);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM occurrence"
						" WHERE schedule_id IS NOT NULL"),
			 4);
	EXPECT(schedule_delete(c, id, &effect, &e), RC_NOT_FOUND);
}

static void test_the_number_of_statements_does_not_grow(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct schedule_in few = daily(DAY(2027, 1, 1), DAY(2027, 1, 2));
	struct schedule_in many = daily(DAY(2027, 2, 1), DAY(2027, 2, 1) + 3699);
	int64_t before = store_n_statements(c->db), of_few;

	(void)state;
	create(c, &few, 2);
	of_few = store_n_statements(c->db) - before;
	before = store_n_statements(c->db);
	create(c, &many, 3700);
	assert_int_equal(store_n_statements(c->db) - before, of_few);
}

static const struct {
	enum school_person who;
	enum rc create, see;
} roles[] = {
	{ SCHOOL_TEACHER, RC_DENIED, RC_OK },
	{ SCHOOL_COLLEAGUE, RC_DENIED, RC_NOT_FOUND },
	{ SCHOOL_EMPLOYEE, RC_DENIED, RC_OK },
	{ SCHOOL_ADMIN, RC_OK, RC_OK },
	{ SCHOOL_OTHER_ADMIN, RC_INVALID, RC_NOT_FOUND },
	{ SCHOOL_SUPER, RC_OK, RC_OK },
	{ SCHOOL_STUDENT, RC_DENIED, RC_DENIED },
};

static void test_who_may_schedule(void **state)
{
	struct schedule_in in = daily(DAY(2027, 1, 1), DAY(2027, 1, 2));
	struct schedule_effect effect;
	const struct schedule_row *rows;
	struct schedule_meta meta;
	struct schedule_row row;
	struct error e;
	int64_t id, made = create(school_as(&school, SCHOOL_ADMIN), &in, 2);
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		struct core *c = school_as(&school, roles[i].who);

		error_init(&e);
		EXPECT(schedule_create(c, &in, &id, &effect, &e), roles[i].create);
		EXPECT(schedule_get(c, made, &row, &e), roles[i].see);
		if (roles[i].see == RC_OK)
			EXPECT(schedule_meta(c, 1, &meta, &e), RC_OK);
		if (roles[i].create != RC_OK) {
			enum rc rc = schedule_delete(c, made, &effect, &e);

			assert_int_equal(rc, roles[i].who == SCHOOL_OTHER_ADMIN ? RC_NOT_FOUND
										: RC_DENIED);
		}
	}
	EXPECT(schedule_list(school_as(&school, SCHOOL_EMPLOYEE), 1, 100, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 3);
	assert_true(str_eq(rows[0].class_name, STR("DEV-2024-A")));
	assert_true(str_eq(rows[0].title, STR("Databases")));
	assert_int_equal(rows[0].n_occurrences, 2);
	EXPECT(schedule_list(school_as(&school, SCHOOL_COLLEAGUE), 0, 100, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
}

static void test_what_is_wrong_is_named(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct schedule_in good = daily(DAY(2027, 1, 1), DAY(2027, 1, 2)), in;
	struct schedule_effect effect;
	struct error e;
	int64_t id;

	(void)state;
#define REFUSED(change, wanted_field, wanted_reason)                                               \
	in = good;                                                                                 \
	change;                                                                                    \
	error_init(&e);                                                                            \
	EXPECT(schedule_create(c, &in, &id, &effect, &e), RC_INVALID);                             \
	assert_string_equal(e.fields[0].field, wanted_field);                                      \
	assert_int_equal(e.fields[0].reason, wanted_reason)
	REFUSED(in.class_id = 0, "batch_id", REASON_REQUIRED);
	REFUSED(in.class_id = 99, "batch_id", REASON_NOT_A_CHOICE);
	REFUSED(in.class_id = 2, "batch_id", REASON_NOT_A_CHOICE); /* another branch */
	REFUSED(in.course_id = 2, "course_id", REASON_NOT_A_CHOICE);
	REFUSED(in.teacher_id = 5, "faculty_id", REASON_NOT_A_CHOICE);
	REFUSED(in.branch_id = 2, "branch_id", REASON_NOT_A_CHOICE);
	REFUSED(in.end_tod = in.start_tod, "end_time", REASON_END_BEFORE_START);
	REFUSED(in.start_tod = NO_DAY, "start_time", REASON_REQUIRED);
	REFUSED(in.rule.to_day = NO_DAY, "end_date", REASON_REQUIRED);
	REFUSED(in.rule.to_day -= 2, "end_date", REASON_END_BEFORE_START);
	REFUSED(in.rule.to_day += RECURRENCE_DAYS_MAX, "end_date", REASON_RANGE_TOO_LONG);
	REFUSED((in.rule.kind = RECURRENCE_MONTHLY, in.rule.day_of_month = 15), "start_date",
		REASON_NO_OCCURRENCE);
#undef REFUSED
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM schedule"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_wall_times_hold_across_clock_changes, fresh),
		cmocka_unit_test_setup(test_regeneration_loses_nothing, fresh),
		cmocka_unit_test_setup(test_the_number_of_statements_does_not_grow, fresh),
		cmocka_unit_test_setup(test_who_may_schedule, fresh),
		cmocka_unit_test_setup(test_what_is_wrong_is_named, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
