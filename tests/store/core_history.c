/*
 * Attendance over sessions, against a real database: whose rows are seen, what counts, rates.
 */
#include "store/school_case.h"

static int64_t session_id;

static int fresh(void **state)
{
	(void)state;
	pupils_reset(&school);
	school_reset(&school);
	session_id = pupils_attendance(&school);
	db_fixture_exec(&school.f, "UPDATE status_set SET points = IF(status IN ('present',"
				   " 'late'), 100, 0), is_counted = status <> 'excused'");
	return 0;
}

static const struct history_query of_course = {
	.course_id = 1, .from_day = NO_DAY, .to_day = NO_DAY, .limit = 1000
};

static struct core *as_pupil(int64_t person_id, struct who *w)
{
	*w = school.who[SCHOOL_STUDENT];
	w->account_id = w->person_id = person_id;
	school_as(&school, SCHOOL_STUDENT)->who = w;
	return &school.c;
}

static void mark(int64_t attendance_id, int64_t person_id, enum mark m)
{
	const struct register_mark one = { .person_id = person_id,
					   .version = REGISTER_ANY,
					   .mark = m };
	struct register_done done;
	struct error e;

	EXPECT(register_set(school_as(&school, SCHOOL_TEACHER), attendance_id, &one, 1, STR(""),
			    &done, &e),
	       RC_OK);
}

/* A register of a session that is over, to fill in. */
static int64_t open_past(int64_t occurrence_id)
{
	const struct attendance_open_in in = { .occurrence_id = occurrence_id,
					       .opens_at = NO_TIME,
					       .late_at = NO_TIME,
					       .closes_at = NO_TIME };
	struct error e;
	int64_t id = 0;

	EXPECT(attendance_open(school_as(&school, SCHOOL_TEACHER), &in, &id, &e), RC_OK);
	return id;
}

static void test_a_student_sees_their_own(void **state)
{
	struct history_query q = {
		.person_id = 101, .from_day = NO_DAY, .to_day = NO_DAY, .limit = 100
	};
	int64_t past = open_past(SCHOOL_PAST);
	const struct history_row *rows;
	const struct history_rate *rates;
	struct error e;
	struct who w;
	size_t n;

	(void)state;
	mark(past, 101, MARK_LATE);
	struct core *c = as_pupil(101, &w);
	EXPECT(history_list(c, &q, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 2);
	/* Newest first; the open one is still to come. */
	assert_int_equal(rows[0].attendance_id, session_id);
	assert_int_equal(rows[0].mark, MARK_NONE);
	assert_false(rows[0].is_closed);
	assert_int_equal(rows[0].start_tod, (11 * 60 + 30) * 60);
	assert_int_equal(rows[1].mark, MARK_LATE);
	assert_true(rows[1].is_closed);
	assert_true(str_eq(rows[1].course_code, STR("DB-220")));
	assert_true(str_eq(rows[1].student_name, STR("Given1 Family01")));
	q.to_day = rows[1].session_date;
	EXPECT(history_list(c, &q, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	q.course_id = 2;
	EXPECT(history_list(c, &q, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	/* Not those of others, nor a whole course. */
	q.person_id = 102;
	EXPECT(history_list(c, &q, &rows, &n, &e), RC_DENIED);
	EXPECT(history_list(c, &of_course, &rows, &n, &e), RC_DENIED);
	EXPECT(history_rates(c, 102, &rates, &n, &e), RC_DENIED);
	EXPECT(history_rates(c, 0, &rates, &n, &e), RC_OK);
	assert_int_equal(n, 2);
	/* Enrolled from tomorrow: neither session is theirs. */
	q = (struct history_query){
		.person_id = PUPIL_LATER, .from_day = NO_DAY, .to_day = NO_DAY, .limit = 100
	};
	EXPECT(history_list(as_pupil(PUPIL_LATER, &w), &q, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	school.who[0] = (struct who){ .role = ROLE_NONE };
	EXPECT(history_list(school_as(&school, 0), &q, &rows, &n, &e), RC_NOT_SIGNED_IN);
}

static void test_staff_see_their_sessions(void **state)
{
	static const struct {
		enum school_person who;
		size_t n;
	} cases[] = { { SCHOOL_TEACHER, PUPILS },  { SCHOOL_STAFF_TEACHER, PUPILS },
		      { SCHOOL_EMPLOYEE, PUPILS }, { SCHOOL_ADMIN, PUPILS },
		      { SCHOOL_SUPER, PUPILS },    { SCHOOL_COLLEAGUE, 0 },
		      { SCHOOL_OTHER_ADMIN, 0 } };
	const struct history_rate *rates;
	const struct history_row *rows;
	struct history_query q = of_course;
	struct error e;
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		EXPECT(history_list(school_as(&school, cases[i].who), &of_course, &rows, &n, &e),
		       RC_OK);
		assert_int_equal(n, cases[i].n);
	}
	/* By name; a walk-in is there too, but who is enrolled from tomorrow is not. */
	mark(session_id, PUPIL_ALONE, MARK_PRESENT);
	EXPECT(history_list(school_as(&school, SCHOOL_TEACHER), &of_course, &rows, &n, &e), RC_OK);
	assert_int_equal(n, PUPILS + 1);
	assert_int_equal(rows[0].person_id, 101);
	assert_int_equal(rows[n - 1].person_id, PUPIL_ALONE);
	q.limit = 3;
	EXPECT(history_list(school_as(&school, SCHOOL_TEACHER), &q, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 3);
	q.course_id = 0;
	EXPECT(history_list(school_as(&school, SCHOOL_TEACHER), &q, &rows, &n, &e), RC_INVALID);
	EXPECT(history_rates(school_as(&school, SCHOOL_COLLEAGUE), 101, &rates, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(rates[0].percent, -1);
	db_fixture_exec(&school.f, "UPDATE attendance_session SET deleted_at = '2026-11-20'");
	EXPECT(history_list(school_as(&school, SCHOOL_TEACHER), &of_course, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
}

static void test_rates(void **state)
{
	int64_t past = open_past(SCHOOL_PAST), past_2 = open_past(SCHOOL_PAST_2);
	struct attendance_closed closed;
	const struct history_rate *r;
	struct error e;
	struct who w;
	size_t n;

	(void)state;
	/* Nothing is closed and marked yet. */
	EXPECT(history_rates(as_pupil(101, &w), 0, &r, &n, &e), RC_OK);
	assert_int_equal(n, 2);
	assert_int_equal(r[0].n[MARK_NONE], 2);
	assert_int_equal(r[0].n_counted, 0);
	assert_int_equal(r[0].percent, -1);
	assert_int_equal(r[0].percent_if_next, 100);
	assert_int_equal(r[0].aim_percent, 80);
	mark(past, 101, MARK_LATE);
	mark(past_2, 101, MARK_EXCUSED);
	EXPECT(attendance_close(school_as(&school, SCHOOL_TEACHER), session_id, "person", &closed,
				&e),
	       RC_OK);
	db_fixture_exec(&school.f,
			"INSERT INTO attendance_policy (branch_id, aim_percent) VALUES (1, 75);"
			"INSERT INTO attendance_policy (branch_id, course_id, aim_percent)"
			" VALUES (1, 1, 90);"
			"UPDATE status_set SET points = 50 WHERE status = 'late'");
	EXPECT(history_rates(as_pupil(101, &w), 0, &r, &n, &e), RC_OK);
	assert_int_equal(n, 2);
	assert_int_equal(r[0].course_id, COLUMN_NULL);
	assert_int_equal(r[1].course_id, 1);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(r[i].n[MARK_LATE], 1);
		assert_int_equal(r[i].n[MARK_EXCUSED], 1);
		assert_int_equal(r[i].n[MARK_ABSENT], 1);
		assert_int_equal(r[i].n_counted, 2);
		assert_int_equal(r[i].points, 50);
		assert_int_equal(r[i].percent, 25);
		assert_int_equal(r[i].percent_if_next, 50);
	}
	assert_int_equal(r[0].aim_percent, 75);
	assert_int_equal(r[1].aim_percent, 90);
	/* What is of no course counts in all together alone. */
	db_fixture_exec(&school.f, "UPDATE attendance_session SET course_id = NULL,"
				   " roster = 'class' WHERE occurrence_id = 1");
	EXPECT(history_rates(school_as(&school, SCHOOL_TEACHER), 101, &r, &n, &e), RC_OK);
	assert_int_equal(n, 2);
	assert_int_equal(r[0].n_counted, 2);
	assert_int_equal(r[1].n_counted, 1);
	assert_int_equal(r[1].percent, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_a_student_sees_their_own, fresh),
		cmocka_unit_test_setup(test_staff_see_their_sessions, fresh),
		cmocka_unit_test_setup(test_rates, fresh),
	};

	return cmocka_run_group_tests(tests, school_set_up, school_tear_down);
}
