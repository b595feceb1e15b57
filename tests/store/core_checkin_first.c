/*
 * A first try is not asked whether there is a mark, or a try with the same nonce, already
 * (store/checkin.h): what becomes of those who have one, alone and among others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/attendance/checkin.h"
#include "store/attendance_fixture.h"

#include <stdio.h>

static struct school school;
static int64_t session_id;

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
	school_close(&school);
	return 0;
}

static void ask_for_code(bool is_asked)
{
	db_fixture_exec(&school.f, is_asked ? "UPDATE attendance_session SET code_level = 'must'"
					    : "UPDATE attendance_session SET code_level = 'off'");
}

static int fresh(void **state)
{
	(void)state;
	pupils_reset(&school);
	school_reset(&school);
	session_id = pupils_attendance(&school);
	assert_int_not_equal(session_id, 0);
	ask_for_code(false);
	return 0;
}

static void mark(int64_t person, const char *status, const char *method)
{
	char sql[300];

	snprintf(sql, sizeof sql,
		 "INSERT INTO attendance_record (attendance_id, person_id, status, method,"
		 " happened_at, updated_at) VALUES (%lld, %lld, '%s', '%s',"
		 " '2026-11-20 11:31:00', '2026-11-20 11:31:00')",
		 (long long)session_id, (long long)person, status, method);
	db_fixture_exec(&school.f, sql);
}

/* 101 and who follows, at once. */
static void check_in_together(struct checkin_result *r, size_t n, struct str nonce)
{
	struct core c = *school_as(&school, SCHOOL_TEACHER);
	struct who who[CHECKIN_BATCH_MAX];
	struct checkin_in in[CHECKIN_BATCH_MAX];
	const struct checkin_in *ptr[CHECKIN_BATCH_MAX];
	struct error e;

	error_init(&e);
	for (size_t i = 0; i < n; i++) {
		const int64_t id = PUPIL_FIRST + (int64_t)i;

		who[i] = (struct who){
			.role = ROLE_STUDENT, .account_id = id, .person_id = id, .branch_id = 1
		};
		in[i] = (struct checkin_in){ .actor = &who[i],
					     .attendance_id = session_id,
					     .person_id = COLUMN_NULL,
					     .device_id = COLUMN_NULL,
					     .claimed_at = NO_TIME,
					     .accuracy_m = -1,
					     .path = CHECKIN_FORM,
					     .nonce = nonce };
		ptr[i] = &in[i];
	}
	assert_int_equal(checkin_submit_many(&c, ptr, n, r, &e), RC_OK);
}

static void is_refused(const struct checkin_result *r, enum reason reason)
{
	assert_int_equal(r->decision, DECISION_REJECTED);
	assert_string_equal(reason_code(r->reason), reason_code(reason));
}

#define COUNTS(from, n)                                                                            \
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM " from), n)

static void a_mark(void **state)
{
	struct checkin_result r[4];

	(void)state;
	mark(102, "present", "teacher");
	mark(103, "excused", "excuse");
	check_in_together(r, 4, STR(""));
	assert_int_equal(r[0].decision, DECISION_APPROVED);
	is_refused(&r[1], REASON_ALREADY_IN);
	assert_int_not_equal(r[1].record_id, 0);
	assert_int_equal(r[2].decision, DECISION_APPROVED);
	assert_int_equal(r[3].decision, DECISION_APPROVED);
	COUNTS("attendance_record", 4);
	COUNTS("attendance_record WHERE method = 'form' AND person_id IN (101, 103, 104)", 3);
	COUNTS("attendance_record WHERE method = 'teacher' AND attempt_id IS NULL", 1);
	COUNTS("attendance_attempt", 4);
	COUNTS("outbox WHERE type = 'attendance.marked' AND person_id <> 102", 3);
}

/* Who is in is in, whatever else is wrong. */
static void a_mark_and_a_wrong_try(void **state)
{
	struct checkin_result r[3];

	(void)state;
	ask_for_code(true);
	mark(102, "late", "teacher");
	check_in_together(r, 3, STR(""));
	is_refused(&r[0], REASON_CODE_MISSING);
	is_refused(&r[1], REASON_ALREADY_IN);
	assert_int_equal(r[1].mark, MARK_LATE);
	is_refused(&r[2], REASON_CODE_MISSING);
	COUNTS("attendance_record", 1);
}

/* The nonce of a try elsewhere gets the answer of that one. */
static void a_nonce_of_another_session(void **state)
{
	struct checkin_result r[2];

	(void)state;
	db_fixture_exec(&school.f,
			"INSERT INTO attendance_attempt (person_id, actor_id, nonce, path,"
			" happened_at, learned_at, decision, reason, signals) VALUES (101, 101,"
			" LEFT(UNHEX(SHA2('twice', 256)), 16), 'json', '2026-11-20 11:31:00',"
			" '2026-11-20 11:31:00', 'rejected', 'code_wrong', '[]')");
	check_in_together(r, 2, STR("twice"));
	is_refused(&r[0], REASON_CODE_WRONG);
	assert_true(r[0].is_repeat);
	assert_int_equal(r[1].decision, DECISION_APPROVED);
	COUNTS("attendance_attempt", 2);
	COUNTS("attendance_record", 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, fresh)
	const struct CMUnitTest tests[] = {
		TEST(a_mark),
		TEST(a_mark_and_a_wrong_try),
		TEST(a_nonce_of_another_session),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
