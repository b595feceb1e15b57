/*
 * Attendance as contract 002 knows it, against a real database: whose a lesson is, what its levels
 * ask for, what a try and a person's word are told as, and when a verifier may still answer.
 */
#include "core/attendance/lesson.h"
#include "store/school_case.h"

#include <stdio.h>

#define MINUTE     (60 * US_PER_S)
#define OF_TEACHER STR("198.51.100.7")
#define NEAR       STR("198.51.100.200") /* the same /24 */
#define FAR        STR("203.0.113.9")

static struct config config;

static int set_up(void **state)
{
	(void)state;
	school_open(&school);
	pupils_open(&school);
	config = *school.config;
	school.c.config = &config;
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	pupils_reset(&school);
	school_reset(&school);
	return 0;
}

static struct core *teacher(int64_t after)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);

	c->now_us = SCHOOL_NOW + after;
	return c;
}

static struct core *pupil(int64_t person, int64_t after)
{
	static struct who who;
	struct core *c = teacher(after);

	who = (struct who){ .role = ROLE_STUDENT,
			    .account_id = SCHOOL_STUDENT,
			    .person_id = person,
			    .branch_id = 1,
			    .zone = STR("UTC") };
	c->who = &who;
	return c;
}

static struct lesson_in wanted(struct str title, int64_t option)
{
	return (struct lesson_in){ .title = title,
				   .starts_at = SCHOOL_NOW - MINUTE,
				   .ends_at = SCHOOL_NOW + 30 * MINUTE,
				   .option = option,
				   .address = OF_TEACHER };
}

static struct lesson opened(struct str title, int64_t option)
{
	const struct lesson_in in = wanted(title, option);
	struct lesson l;
	struct error e;

	EXPECT(lesson_open(teacher(0), &in, &l, &e), RC_OK);
	return l;
}

static enum rc attend(const struct lesson *l, int64_t person, struct str address, struct error *e)
{
	struct checkin_result done;

	error_init(e);
	return lesson_attend(pupil(person, 0), l, address, (struct str){ 0 }, &done, e);
}

static struct lesson_record record(const struct lesson *l, int64_t person, int64_t after)
{
	struct lesson_record r;
	struct lesson now;
	struct error e;

	EXPECT(lesson_get(teacher(after), l->uuid, &now, &e), RC_OK);
	EXPECT(lesson_record_of(teacher(after), &now, person, &r, &e), RC_OK);
	return r;
}

static void test_a_lesson_is_its_teachers(void **state)
{
	const struct lesson_in again = wanted(STR("Other"), 1), bad = wanted(STR("Other"), 4);
	const struct lesson *rows;
	struct lesson l = opened(STR("DB-220"), 2), seen;
	bool is_there;
	struct error e;
	size_t n;

	(void)state;
	assert_true(l.is_own);
	assert_int_equal(l.option, 2);
	assert_int_equal(NUMBER("SELECT course_id AS n FROM attendance_session"), 1);
	EXPECT(lesson_open(teacher(0), &again, &seen, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_ATTENDANCE_EXISTS);
	EXPECT(lesson_open(school_as(&school, SCHOOL_COLLEAGUE), &bad, &seen, &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "security_option");
	EXPECT(lesson_get(school_as(&school, SCHOOL_COLLEAGUE), l.uuid, &seen, &e), RC_OK);
	assert_false(seen.is_own);
	EXPECT(lesson_running(school_as(&school, SCHOOL_COLLEAGUE), &seen, &is_there, &e), RC_OK);
	assert_false(is_there);
	EXPECT(lesson_running(teacher(0), &seen, &is_there, &e), RC_OK);
	assert_true(is_there && str_eq(seen.uuid, l.uuid));
	/* Over by its time; found by students until then, by the very words. */
	EXPECT(lesson_find(pupil(101, 0), STR("DB-220"), l.teacher_name, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	EXPECT(lesson_find(pupil(101, 0), STR("db-220"), l.teacher_name, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	EXPECT(lesson_running(teacher(30 * MINUTE), &seen, &is_there, &e), RC_OK);
	assert_false(is_there);
	EXPECT(lesson_past(teacher(30 * MINUTE), &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_true(rows[0].is_over);
}

static void test_a_name_of_no_course_takes_everybody(void **state)
{
	struct lesson l = opened(STR("Something else"), 1);
	struct error e;

	(void)state;
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_session"
				" WHERE course_id IS NULL AND roster = 'open'"),
			 1);
	EXPECT(attend(&l, PUPIL_ALONE, FAR, &e), RC_OK);
	assert_true(record(&l, PUPIL_ALONE, 0).is_attended);
	EXPECT(attend(&l, PUPIL_ALONE, FAR, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_ALREADY_IN);
}

static void test_the_network_is_the_teachers(void **state)
{
	struct lesson l = opened(STR("DB-220"), 2);
	struct lesson_record r;
	struct error e;

	(void)state;
	assert_false(lesson_wants_photo(&l, NEAR));
	EXPECT(attend(&l, 101, FAR, &e), RC_INVALID);
	assert_int_equal(e.reason, REASON_NETWORK_OUT);
	r = record(&l, 101, 0);
	assert_false(r.is_attended);
	assert_true(str_eq(r.fail_reason, STR("WIFI_FAILED")));
	/* A failed try may be repeated. */
	EXPECT(attend(&l, 101, NEAR, &e), RC_OK);
	r = record(&l, 101, 0);
	assert_true(r.is_attended);
	assert_int_equal(r.fail_reason.n, 0);
}

static void test_a_persons_word(void **state)
{
	struct lesson l = opened(STR("DB-220"), 1);
	const struct lesson_record *rows;
	struct lesson_record r;
	struct error e;
	size_t n;

	(void)state;
	EXPECT(attend(&l, 101, NEAR, &e), RC_OK);
	EXPECT(lesson_mark(teacher(0), &l, 101, LESSON_FAIL, STR("Left early"), &e), RC_OK);
	r = record(&l, 101, 0);
	assert_false(r.is_attended);
	assert_true(str_eq(r.fail_reason, STR("Left early")));
	EXPECT(lesson_mark(teacher(0), &l, 101, LESSON_ACCEPT, STR(""), &e), RC_OK);
	assert_true(record(&l, 101, 0).is_attended);
	EXPECT(lesson_mark(school_as(&school, SCHOOL_COLLEAGUE), &l, 101, LESSON_FAIL, STR("x"),
			   &e),
	       RC_NOT_FOUND);
	EXPECT(lesson_records(teacher(0), &l, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1); /* who did nothing is not among them */
	EXPECT(lesson_mark(teacher(0), &l, 101, LESSON_REMOVE, STR("Entered by mistake"), &e),
	       RC_OK);
	EXPECT(lesson_records(teacher(0), &l, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
}

#define VERIFICATION "0b0e7e9c-7c43-4b5c-9f6e-0123456789ab"

/* A photo of the student 101 that waits for its verifier until 12:05. */
static struct lesson with_photo(void)
{
	struct lesson l = opened(STR("DB-220"), 3);
	int64_t attempt = pupils_flagged(&school, l.attendance_id, 101);
	char sql[700];

	snprintf(sql, sizeof sql,
		 "DELETE FROM attempt_photo; DELETE FROM file;"
		 "UPDATE attendance_attempt SET signals = '[{\"s\":\"network\",\"v\":\"pass\"},"
		 "{\"s\":\"photo\",\"v\":\"pending\"}]', reason = 'photo_unchecked';"
		 "INSERT INTO file (id, sha256, size, class, mime, extension) VALUES"
		 " (REPEAT('f', 16), REPEAT('s', 32), 10, 'image', 'image/jpeg', 'jpg');"
		 "INSERT INTO attempt_photo (attempt_id, file_id, verification_id, verifier_state,"
		 " pending_until, expires_at) VALUES (%lld, REPEAT('f', 16), '" VERIFICATION "',"
		 " 'pending', '2026-11-20 12:05:00', '2027-01-01')",
		 (long long)attempt);
	db_fixture_exec(&school.f, sql);
	return l;
}

static enum lesson_verified verified(int64_t after, bool passed, const char *reason)
{
	enum lesson_verified done;
	struct error e;

	EXPECT(lesson_verified(teacher(after), STR(VERIFICATION), passed, str_from(reason), &done,
			       &e),
	       RC_OK);
	return done;
}

static void close_at(const struct lesson *l, int64_t after)
{
	struct attendance_closed done;
	struct error e;

	EXPECT(attendance_close(teacher(after), l->attendance_id, "person", &done, &e), RC_OK);
}

static void test_a_verifier_has_its_time(void **state)
{
	struct lesson l = with_photo();

	(void)state;
	config.webhook_secret_file = STR("/a/file");
	assert_true(str_eq(record(&l, 101, 0).fail_reason, STR("FACE_RECOGNITION_PENDING")));
	close_at(&l, MINUTE);
	/* Nobody is absent, and it may still answer. */
	assert_true(
		str_eq(record(&l, 101, 2 * MINUTE).fail_reason, STR("FACE_RECOGNITION_PENDING")));
	assert_true(
		str_eq(record(&l, 101, 5 * MINUTE).fail_reason, STR("FACE_VERIFICATION_TIMEOUT")));
	assert_int_equal(verified(5 * MINUTE, true, ""), LESSON_VERIFIED_UNKNOWN);
	assert_int_equal(verified(5 * MINUTE - 1, true, ""), LESSON_VERIFIED);
	assert_true(record(&l, 101, 5 * MINUTE).is_attended);
	assert_int_equal(verified(5 * MINUTE - 1, true, ""), LESSON_VERIFIED_UNKNOWN);
	config.webhook_secret_file = (struct str){ 0 };
}

static void test_without_a_verifier_the_end_is_the_end(void **state)
{
	struct lesson l = with_photo();

	(void)state;
	close_at(&l, MINUTE);
	assert_true(
		str_eq(record(&l, 101, 2 * MINUTE).fail_reason, STR("FACE_VERIFICATION_TIMEOUT")));
	assert_int_equal(
		NUMBER("SELECT COUNT(*) AS n FROM attendance_record WHERE person_id = 101"), 0);
}

static void test_what_was_deleted_is_gone(void **state)
{
	struct lesson l = with_photo();
	struct error e;

	(void)state;
	EXPECT(lesson_mark(teacher(1), &l, 101, LESSON_ACCEPT, STR(""), &e), RC_OK);
	EXPECT(lesson_mark(teacher(2), &l, 101, LESSON_REMOVE, STR("Entered by mistake"), &e),
	       RC_OK);
	assert_int_equal(verified(MINUTE, true, ""), LESSON_VERIFIED_GONE);
}

static void test_ids_as_clients_write_them(void **state)
{
	char out[LESSON_UUID_SIZE];

	(void)state;
	assert_true(lesson_uuid_clean(STR("0B0E7E9C7C434B5C9F6E0123456789AB"), out));
	assert_string_equal(out, VERIFICATION);
	assert_true(lesson_uuid_clean(STR(VERIFICATION), out));
	assert_string_equal(out, VERIFICATION);
	assert_false(lesson_uuid_clean(STR("0b0e7e9c-7c43-4b5c-9f6e-0123456789a"), out));
	assert_false(lesson_uuid_clean(STR("0b0e7e9c-7c43-4b5c-9f6e-0123456789ag"), out));
	assert_false(lesson_uuid_clean((struct str){ 0 }, out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_a_lesson_is_its_teachers, fresh),
		cmocka_unit_test_setup(test_a_name_of_no_course_takes_everybody, fresh),
		cmocka_unit_test_setup(test_the_network_is_the_teachers, fresh),
		cmocka_unit_test_setup(test_a_persons_word, fresh),
		cmocka_unit_test_setup(test_a_verifier_has_its_time, fresh),
		cmocka_unit_test_setup(test_without_a_verifier_the_end_is_the_end, fresh),
		cmocka_unit_test_setup(test_what_was_deleted_is_gone, fresh),
		cmocka_unit_test(test_ids_as_clients_write_them),
	};

	return cmocka_run_group_tests(tests, set_up, school_tear_down);
}
