/*
 * Attendance sessions and check-ins against a real database: windows, rosters, repeats,
 * codes, places, receipts, batches, two at one instant, closing and reopening.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/attendance/checkin.h"
#include "store/session_fixture.h"

#include <stdio.h>

#define MINUTE (60 * US_PER_S)

/* Students 101..140 of section 1, enrolled in course 1; 141 later, 142 in another section, 143 not
 * at all, 144 of another branch. */
static const char students[] =
	"INSERT IGNORE INTO department (id, branch_id, name) VALUES (1, 1, 'CS');"
	"INSERT IGNORE INTO batch (id, department_id, name) VALUES (1, 1, '2026');"
	"INSERT IGNORE INTO section (id, batch_id, name) VALUES (1, 1, 'A'), (2, 1, 'B');"
	"INSERT IGNORE INTO class_section (class_id, section_id) VALUES (1, 1);"
	"INSERT IGNORE INTO course_section (course_id, section_id) VALUES (1, 1);"
	"INSERT IGNORE INTO person (id, branch_id, given_name, family_name, student_code)"
	" SELECT seq, IF(seq = 144, 2, 1), 'S', seq, CONCAT('C', seq) FROM seq_101_to_144;"
	"INSERT IGNORE INTO account (id, uuid, person_id, branch_id, role, username, password_hash)"
	" SELECT seq, CONCAT('s', seq), seq, 1, 'student', CONCAT('s', seq), ''"
	" FROM seq_101_to_144;"
	"INSERT IGNORE INTO account (id, uuid, branch_id, role, username, password_hash) VALUES"
	" (200, 'd1', 1, 'device', 'dev-01', '');"
	"INSERT IGNORE INTO device (id, branch_id, account_id, code, name, key_hash) VALUES"
	" (1, 1, 200, 'DEV-01', 'Door', REPEAT('x', 32));"
	"INSERT INTO section_member (section_id, person_id, from_date)"
	" SELECT IF(seq = 142, 2, 1), seq, '2026-09-01' FROM seq_101_to_142;"
	"INSERT INTO enrolment (course_id, person_id, state, from_date)"
	" SELECT 1, seq, 'approved', IF(seq = 141, '2026-11-21', '2026-09-01')"
	" FROM seq_101_to_142;"
	"UPDATE room SET latitude_e7 = NULL";

static const char clean[] =
	"SET FOREIGN_KEY_CHECKS = 0; DELETE FROM attempt_photo; DELETE FROM attempt_evidence;"
	"DELETE FROM attendance_record; DELETE FROM attendance_attempt;"
	"DELETE FROM attendance_change; DELETE FROM attendance_guest; DELETE FROM excuse;"
	"DELETE FROM attendance_session; DELETE FROM attendance_policy; DELETE FROM outbox;"
	"DELETE FROM shared_browser; DELETE FROM branch_network; SET FOREIGN_KEY_CHECKS = 1";

static struct school s;

static int open_all(void **state)
{
	(void)state;
	school_open(&s);
	db_fixture_exec(&s.f, students);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	school_close(&s);
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	db_fixture_exec(&s.f, clean);
	school_reset(&s);
	return 0;
}

static struct who student(int64_t id)
{
	return (struct who){ .role = ROLE_STUDENT,
			     .account_id = id,
			     .person_id = id,
			     .branch_id = id == 144 ? 2 : 1,
			     .zone = STR("UTC") };
}

/* 11:30 to 13:00, now 12:00: open until 12:20, and late since 11:45. */
static int64_t open_live(struct attendance_open_in in)
{
	struct error e;
	int64_t id = 0;

	error_init(&e);
	in.occurrence_id = SCHOOL_NOW_LIVE;
	if (!in.opens_at)
		in.opens_at = in.closes_at = NO_TIME;
	if (!in.late_at)
		in.late_at = NO_TIME;
	if (!in.has_levels)
		in.has_levels = true;
	assert_int_equal(attendance_open(school_as(&s, SCHOOL_TEACHER), &in, &id, &e), RC_OK);
	return id;
}

static struct attendance got(int64_t id)
{
	struct attendance a;
	struct error e;

	error_init(&e);
	assert_int_equal(attendance_get(school_as(&s, SCHOOL_TEACHER), id, &a, &e), RC_OK);
	return a;
}

static struct checkin_in plain(int64_t session)
{
	return (struct checkin_in){ .attendance_id = session,
				    .person_id = COLUMN_NULL,
				    .device_id = COLUMN_NULL,
				    .claimed_at = NO_TIME,
				    .accuracy_m = -1,
				    .path = CHECKIN_FORM };
}

static struct checkin_result try_as(struct who who, struct checkin_in in, int64_t after_us)
{
	struct core c = *school_as(&s, SCHOOL_TEACHER);
	struct checkin_result r = { .rc = RC_INTERNAL };
	struct error e;
	enum rc rc;

	error_init(&e);
	c.who = &who;
	c.now_us = SCHOOL_NOW + after_us;
	rc = checkin_submit(&c, &in, &r, &e);
	if (rc != RC_OK && rc != r.rc)
		fprintf(stderr, "%s: %s\n", rc_name(rc), e.detail);
	assert_int_equal(rc, r.rc);
	return r;
}

static struct checkin_result check_in(int64_t person, int64_t session)
{
	return try_as(student(person), plain(session), 0);
}

#define REFUSED(result, why)                                                                       \
	do {                                                                                       \
		struct checkin_result r_ = (result);                                               \
		assert_int_equal(r_.decision, DECISION_REJECTED);                                  \
		assert_string_equal(reason_code(r_.reason), reason_code(REASON_##why));            \
	} while (0)

/* ---- sessions ---------------------------------------------------------------------------------
 */

static void opening_takes_the_policy(void **state)
{
	struct attendance_open_in in = { .occurrence_id = SCHOOL_NOW_LIVE,
					 .opens_at = NO_TIME,
					 .late_at = NO_TIME,
					 .closes_at = NO_TIME };
	struct attendance a;
	struct error e;
	int64_t id = 0, again = 0;

	(void)state;
	error_init(&e);
	db_fixture_exec(&s.f,
			"INSERT INTO attendance_policy (branch_id, late_after_s,"
			" close_after_min, place_level, radius_m) VALUES (1, 600, 30, 'flag', 55)");
	assert_int_equal(attendance_open(school_as(&s, SCHOOL_TEACHER), &in, &id, &e), RC_OK);
	a = got(id);
	assert_int_equal(a.state, ATTENDANCE_OPEN);
	assert_int_equal(a.opens_at, SCHOOL_NOW);
	assert_int_equal(a.closes_at, SCHOOL_NOW + 30 * MINUTE);
	assert_int_equal(a.late_at, SCHOOL_NOW - 20 * MINUTE);
	assert_int_equal(a.level[SIGNAL_PLACE], POLICY_FLAG);
	assert_int_equal(a.radius_m, 55);
	assert_int_equal(a.n_expected, 40);
	assert_int_equal(a.roster, ROSTER_COURSE);
	assert_true(a.may_work && a.may_close && !a.may_reopen);
	/* One tap more is no second session. */
	assert_int_equal(attendance_open(school_as(&s, SCHOOL_ADMIN), &in, &again, &e),
			 RC_CONFLICT);
	assert_int_equal(e.reason, REASON_ATTENDANCE_EXISTS);
	assert_int_equal(again, id);
	assert_int_equal(school_number(&s, "SELECT COUNT(*) AS n FROM outbox WHERE type ="
					   " 'attendance.opened'"),
			 1);
}

static void only_who_works_on_it_opens_it(void **state)
{
	struct attendance_open_in in = { .occurrence_id = SCHOOL_NOW_LIVE,
					 .opens_at = NO_TIME,
					 .late_at = NO_TIME,
					 .closes_at = NO_TIME };
	static const struct {
		enum school_person who;
		enum rc rc;
	} rows[] = { { SCHOOL_COLLEAGUE, RC_NOT_FOUND },
		     { SCHOOL_OTHER_ADMIN, RC_NOT_FOUND },
		     { SCHOOL_STUDENT, RC_DENIED } };
	struct error e;
	int64_t id;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		error_init(&e);
		assert_int_equal(attendance_open(school_as(&s, rows[i].who), &in, &id, &e),
				 rows[i].rc);
	}
	error_init(&e);
	in.occurrence_id = SCHOOL_NEXT_WEEK;
	assert_int_equal(attendance_open(school_as(&s, SCHOOL_ADMIN), &in, &id, &e), RC_INVALID);
	assert_int_equal(e.reason, REASON_NOT_YET);
	/* Over: a register to fill in, closed from the start, nobody absent by it. */
	error_init(&e);
	in.occurrence_id = SCHOOL_PAST;
	assert_int_equal(attendance_open(school_as(&s, SCHOOL_EMPLOYEE), &in, &id, &e), RC_OK);
	assert_int_equal(got(id).state, ATTENDANCE_CLOSED);
	assert_int_equal(got(id).n_absent, 0);
	REFUSED(check_in(101, id), ATTENDANCE_CLOSED);
}

static void closing_marks_only_who_has_nothing(void **state)
{
	int64_t id = open_live((struct attendance_open_in){ 0 });
	struct attendance_closed closed;
	struct error e;

	(void)state;
	error_init(&e);
	assert_int_equal(check_in(101, id).decision, DECISION_APPROVED);
	db_fixture_exec(
		&s.f, "INSERT INTO attendance_attempt (attendance_id, person_id, actor_id, nonce,"
		      " path, happened_at, learned_at, decision, signals, decided_state) SELECT id,"
		      " 102, 102, REPEAT('a', 16), 'form', opens_at, opens_at, 'flagged', '[]',"
		      " 'open' FROM attendance_session");
	assert_int_equal(attendance_close(school_as(&s, SCHOOL_TEACHER), id, "person", &closed, &e),
			 RC_OK);
	assert_int_equal(closed.n_absent, 38);
	assert_int_equal(closed.n_open, 1);
	assert_int_equal(got(id).n_absent, 38);
	assert_int_equal(got(id).n_late, 1);
	/* Again is nothing. */
	assert_int_equal(attendance_close(school_as(&s, SCHOOL_TEACHER), id, "person", &closed, &e),
			 RC_OK);
	assert_true(closed.was_closed);
	REFUSED(check_in(103, id), ATTENDANCE_CLOSED);
	assert_int_equal(school_number(&s, "SELECT COUNT(*) AS n FROM attendance_change"), 38);
	/* Reopening takes back what closing made, and nothing else. */
	assert_int_equal(attendance_reopen(school_as(&s, SCHOOL_TEACHER), id, 0, 10, STR(" "), &e),
			 RC_INVALID);
	error_init(&e);
	assert_int_equal(attendance_reopen(school_as(&s, SCHOOL_TEACHER), id, 0, 10,
					   STR("The bus was late"), &e),
			 RC_OK);
	assert_int_equal(school_number(&s, "SELECT COUNT(*) AS n FROM attendance_record"), 1);
	assert_int_equal(got(id).state, ATTENDANCE_OPEN);
	assert_int_equal(check_in(103, id).decision, DECISION_APPROVED);
}

static void the_timer_closes_what_is_over(void **state)
{
	static const struct who nobody = { .role = ROLE_NONE };
	int64_t id = open_live((struct attendance_open_in){ 0 }), n;
	struct core c = *school_as(&s, SCHOOL_TEACHER);
	struct error e;

	(void)state;
	error_init(&e);
	c.who = &nobody;
	assert_int_equal(attendance_close_due(&c, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	c.now_us = SCHOOL_NOW + 20 * MINUTE;
	assert_int_equal(attendance_close_due(&c, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(got(id).state, ATTENDANCE_CLOSED);
	assert_true(str_eq(got(id).close_reason, STR("time")));
	assert_int_equal(got(id).n_absent, 40);
	assert_int_equal(attendance_close_due(&c, &n, &e), RC_OK);
	assert_int_equal(n, 0);
}

static void pausing_and_extending(void **state)
{
	int64_t id = open_live((struct attendance_open_in){ 0 });
	struct core *c = school_as(&s, SCHOOL_TEACHER);
	struct error e;

	(void)state;
	error_init(&e);
	assert_int_equal(attendance_pause(c, id, 0, &e), RC_OK);
	REFUSED(check_in(101, id), ATTENDANCE_PAUSED);
	c = school_as(&s, SCHOOL_TEACHER);
	assert_int_equal(attendance_resume(c, id, 1, &e), RC_CONFLICT);
	assert_int_equal(attendance_resume(c, id, 0, &e), RC_OK);
	assert_int_equal(attendance_extend(c, id, 0, 5, &e), RC_OK);
	assert_int_equal(got(id).closes_at, SCHOOL_NOW + 25 * MINUTE);
	assert_int_equal(attendance_extend(school_as(&s, SCHOOL_TEACHER), id, 0, 0, &e),
			 RC_INVALID);
	assert_int_equal(try_as(student(101), plain(id), 24 * MINUTE).decision, DECISION_APPROVED);
	REFUSED(try_as(student(102), plain(id), 25 * MINUTE), ATTENDANCE_CLOSED);
}

/* ---- who, when --------------------------------------------------------------------------------
 */

static void the_roster_is_that_of_the_day(void **state)
{
	int64_t id = open_live((struct attendance_open_in){ 0 });
	struct checkin_in other = plain(id);

	(void)state;
	assert_int_equal(check_in(101, id).decision, DECISION_APPROVED);
	REFUSED(check_in(141, id), ENROLLED_LATER);
	REFUSED(check_in(142, id), WRONG_CLASS);
	REFUSED(check_in(143, id), NOT_ENROLLED);
	REFUSED(check_in(144, id), NOT_ENROLLED);
	REFUSED(check_in(101, 99999), ATTENDANCE_UNKNOWN);
	/* Somebody else's name. */
	other.person_id = 102;
	REFUSED(try_as(student(101), other, 0), DENIED);
	REFUSED(try_as(*school_as(&s, SCHOOL_COLLEAGUE)->who, other, 0), STUDENT_ONLY);
	assert_int_equal(school_number(&s, "SELECT COUNT(*) AS n FROM attendance_record"), 1);
	/* Refusals are kept; those of nobody are not. */
	assert_int_equal(
		school_number(&s, "SELECT COUNT(*) AS n FROM attendance_attempt WHERE decision ="
				  " 'rejected'"),
		5);
}

static void late_is_to_the_second(void **state)
{
	int64_t id = open_live((struct attendance_open_in){
		.opens_at = NO_TIME, .closes_at = NO_TIME, .late_at = SCHOOL_NOW + 5 * MINUTE });
	struct checkin_result in_time = try_as(student(101), plain(id), 5 * MINUTE - 1);
	struct checkin_result late = try_as(student(102), plain(id), 5 * MINUTE);

	(void)state;
	assert_int_equal(in_time.mark, MARK_PRESENT);
	assert_int_equal(late.mark, MARK_LATE);
	assert_int_equal(school_number(&s, "SELECT CAST(COALESCE(late_s, 0) AS SIGNED) AS n FROM "
					   "attendance_record WHERE person_id ="
					   " 102"),
			 35 * 60);
}

static void the_same_try_is_one_try(void **state)
{
	int64_t id = open_live((struct attendance_open_in){ 0 });
	struct checkin_in in = plain(id);
	struct checkin_result first, again, other;

	(void)state;
	in.nonce = STR("3f1c");
	first = try_as(student(101), in, 0);
	again = try_as(student(101), in, MINUTE);
	assert_int_equal(first.decision, DECISION_APPROVED);
	assert_false(first.is_repeat);
	assert_true(again.is_repeat);
	assert_int_equal(again.attempt_id, first.attempt_id);
	assert_int_equal(again.record_id, first.record_id);
	assert_int_equal(again.happened_at, first.happened_at);
	assert_int_equal(again.mark, first.mark);
	/* Another try of the same student is told, and a same nonce of another one is another. */
	REFUSED(check_in(101, id), ALREADY_IN);
	assert_int_equal(check_in(101, id).record_id, first.record_id);
	other = try_as(student(102), in, 0);
	assert_int_equal(other.decision, DECISION_APPROVED);
	assert_int_not_equal(other.attempt_id, first.attempt_id);
	/* A refusal is repeated too. */
	in.nonce = STR("no");
	REFUSED(try_as(student(143), in, 0), NOT_ENROLLED);
	db_fixture_exec(&s.f,
			"INSERT INTO enrolment (course_id, person_id, state, from_date) VALUES"
			" (1, 143, 'approved', '2026-09-01')");
	REFUSED(try_as(student(143), in, 0), NOT_ENROLLED);
	db_fixture_exec(&s.f, "DELETE FROM enrolment WHERE person_id = 143");
}

/* ---- signals -----------------------------------------------------------------------------------
 */

static int64_t open_with(enum signal_kind kind, enum policy_level level)
{
	struct attendance_open_in in = { .opens_at = NO_TIME,
					 .closes_at = NO_TIME,
					 .late_at = NO_TIME,
					 .has_levels = true,
					 .has_place = true,
					 .place = { 488566000, 23522000 },
					 .radius_m = 60 };

	in.level[kind] = level;
	return open_live(in);
}

static void codes_rotate(void **state)
{
	int64_t id = open_with(SIGNAL_CODE, POLICY_MUST);
	struct attendance a = got(id);
	struct checkin_in in = plain(id);
	char code[ROTATING_SIZE];
	struct error e;

	(void)state;
	error_init(&e);
	REFUSED(try_as(student(101), in, 0), CODE_MISSING);
	in.code = STR("AAAAAA");
	REFUSED(try_as(student(101), in, 0), CODE_WRONG);
	assert_int_equal(rotating_code(a.code_key, rotating_step(SCHOOL_NOW, 15), code, &e), RC_OK);
	in.code = str_from(code);
	assert_int_equal(try_as(student(101), in, 3 * US_PER_S).decision, DECISION_APPROVED);
	REFUSED(try_as(student(102), in, 40 * US_PER_S), CODE_OLD);
	/* Five failed tries are enough. */
	in.code = STR("AAAAAA");
	for (int i = 0; i < 4; i++)
		REFUSED(try_as(student(102), in, 0), CODE_WRONG);
	in.code = str_from(code);
	REFUSED(try_as(student(102), in, 0), TRIES_USED);
}

static void a_code_of_another_room_says_so(void **state)
{
	int64_t here = open_with(SIGNAL_CODE, POLICY_MUST), there = 0;
	struct attendance_open_in in = { .occurrence_id = SCHOOL_SOON,
					 .opens_at = NO_TIME,
					 .closes_at = NO_TIME,
					 .late_at = NO_TIME };
	struct checkin_in typed = plain(here);
	char code[ROTATING_SIZE], token[ROTATING_TOKEN_MAX];
	struct error e;

	(void)state;
	error_init(&e);
	assert_int_equal(attendance_open(school_as(&s, SCHOOL_TEACHER), &in, &there, &e), RC_OK);
	assert_int_equal(
		rotating_code(got(there).code_key, rotating_step(SCHOOL_NOW, 15), code, &e), RC_OK);
	assert_int_equal(rotating_token(got(there).code_key, there, rotating_step(SCHOOL_NOW, 15),
					token, &e),
			 RC_OK);
	typed.code = str_from(code);
	REFUSED(try_as(student(101), typed, 0), CODE_OTHER_ROOM);
	typed.code = STR("");
	typed.token = str_from(token);
	REFUSED(try_as(student(101), typed, 0), CODE_OTHER_ROOM);
	/* By the code alone it finds its session. */
	typed = plain(0);
	typed.code = str_from(code);
	assert_int_equal(try_as(student(102), typed, 0).attendance_id, there);
	typed = plain(0);
	typed.token = str_from(token);
	assert_int_equal(try_as(student(103), typed, 0).decision, DECISION_APPROVED);
}

static void places_count_with_their_accuracy(void **state)
{
	int64_t id = open_with(SIGNAL_PLACE, POLICY_MUST);
	struct checkin_in in = plain(id);
	struct checkin_result r;

	(void)state;
	/* Not shared: a person looks. */
	r = try_as(student(101), in, 0);
	assert_int_equal(r.decision, DECISION_FLAGGED);
	assert_int_equal(r.reason, REASON_PLACE_MISSING);
	assert_int_equal(r.record_id, 0);
	REFUSED(check_in(101, id), ALREADY_WAITING);
	in.has_place = true;
	in.accuracy_m = 9;
	in.place = (struct place){ 488567000, 23522000 };
	assert_int_equal(try_as(student(102), in, 0).decision, DECISION_APPROVED);
	in.place = (struct place){ 488603700, 23522000 }; /* 419 m north */
	in.accuracy_m = 35;
	r = try_as(student(103), in, 0);
	assert_int_equal(r.decision, DECISION_REJECTED);
	assert_int_equal(r.reason, REASON_PLACE_OUT);
	assert_int_equal(r.tries_left, 4);
	assert_int_equal(r.signals.n, 1);
	assert_int_equal(r.signals.v[0].n, 419);
	assert_int_equal(r.signals.v[0].limit, 60);
	assert_int_equal(r.signals.v[0].extra, 35);
	in.accuracy_m = 400;
	r = try_as(student(104), in, 0);
	assert_int_equal(r.decision, DECISION_FLAGGED);
	assert_int_equal(r.reason, REASON_PLACE_UNSURE);
	/* Coordinates live apart, sealed, with their expiry, and not in the attempt. */
	assert_int_equal(school_number(&s, "SELECT COUNT(*) AS n FROM attempt_evidence WHERE kind ="
					   " 'place' AND expires_at > '2026-12-19'"),
			 3);
	assert_int_equal(school_number(&s,
				       "SELECT COUNT(*) AS n FROM attendance_attempt WHERE signals"
				       " LIKE '%48%85%'"),
			 0);
	/* From 419 m away to the room in a second. */
	in.place = (struct place){ 488566000, 23522000 };
	in.accuracy_m = 9;
	r = try_as(student(103), in, US_PER_S);
	assert_int_equal(r.decision, DECISION_FLAGGED);
	assert_int_equal(r.reason, REASON_PLACE_SPEED);
}

static void two_hundred_behind_one_address_are_nothing(void **state)
{
	int64_t id = open_with(SIGNAL_NETWORK, POLICY_MUST);
	struct checkin_in in = plain(id);

	(void)state;
	db_fixture_exec(&s.f, "INSERT INTO branch_network (branch_id, cidr) VALUES (1,"
			      " '198.51.100.0/24')");
	in.address = STR("198.51.100.7");
	for (int64_t p = 101; p <= 139; p++)
		assert_int_equal(try_as(student(p), in, 0).decision, DECISION_APPROVED);
	in.address = STR("203.0.113.1");
	REFUSED(try_as(student(140), in, 0), NETWORK_OUT);
}

static void one_browser_for_two_is_flagged(void **state)
{
	int64_t id = open_with(SIGNAL_BROWSER, POLICY_FLAG);
	struct checkin_in in = plain(id);
	struct checkin_result r;

	(void)state;
	in.browser_hash = STR("0123456789abcdef0123456789abcdef");
	assert_int_equal(try_as(student(101), in, 0).decision, DECISION_APPROVED);
	r = try_as(student(102), in, 0);
	assert_int_equal(r.decision, DECISION_FLAGGED);
	assert_int_equal(r.reason, REASON_BROWSER_SHARED);
	db_fixture_exec(&s.f, "INSERT INTO shared_browser (browser_hash, branch_id, label) VALUES"
			      " ('0123456789abcdef0123456789abcdef', 1, 'Lab')");
	assert_int_equal(try_as(student(103), in, 0).decision, DECISION_APPROVED);
}

static void a_receipt_counts_by_its_scan_and_once(void **state)
{
	int64_t id = open_with(SIGNAL_CODE, POLICY_MUST);
	struct receipt receipt = { .id = { 7 },
				   .attendance_id = id,
				   .step = rotating_step(SCHOOL_NOW, 15),
				   .scanned_at = SCHOOL_NOW };
	struct attendance_closed closed;
	struct checkin_in in = plain(id);
	struct checkin_result r;
	struct error e;

	(void)state;
	error_init(&e);
	in.receipt = &receipt;
	assert_int_equal(attendance_close(school_as(&s, SCHOOL_TEACHER), id, "person", &closed, &e),
			 RC_OK);
	/* Closed at the very instant of the scan would be no window: it was open a second longer.
	 */
	db_fixture_exec(&s.f,
			"UPDATE attendance_session SET closes_at = closes_at + INTERVAL 1 SECOND");
	r = try_as(student(101), in, 3 * MINUTE);
	assert_int_equal(r.decision, DECISION_APPROVED);
	assert_int_equal(r.happened_at, SCHOOL_NOW);
	assert_int_equal(
		school_number(&s, "SELECT COUNT(*) AS n FROM attendance_record WHERE person_id ="
				  " 101 AND status = 'late'"),
		1);
	assert_int_equal(got(id).n_absent, 39);
	assert_int_equal(got(id).n_late, 1);
	REFUSED(try_as(student(102), in, 3 * MINUTE), RECEIPT_USED);
}

/* ---- scanners -----------------------------------------------------------------------------------
 */

static void a_scanner_marks_by_code(void **state)
{
	struct who scanner = {
		.role = ROLE_DEVICE, .account_id = 200, .person_id = COLUMN_NULL, .branch_id = 1
	};
	struct attendance_open_in open = { .occurrence_id = COLUMN_NULL,
					   .door = DOOR_003,
					   .branch_id = 1,
					   .course_id = 1,
					   .class_id = COLUMN_NULL,
					   .section_id = COLUMN_NULL,
					   .teacher_id = COLUMN_NULL,
					   .device_id = 1,
					   .roster = ROSTER_SECTION,
					   .title = STR("Databases"),
					   .session_date = NO_DAY,
					   .opens_at = NO_TIME,
					   .late_at = NO_TIME,
					   .closes_at = NO_TIME };
	struct checkin_in in = plain(0);
	struct error e;
	int64_t id, second;

	(void)state;
	error_init(&e);
	in.path = CHECKIN_DEVICE;
	in.device_id = 1;
	in.student_code = STR("C101");
	REFUSED(try_as(scanner, in, 0), ATTENDANCE_UNKNOWN);
	assert_int_equal(attendance_open(school_as(&s, SCHOOL_TEACHER), &open, &id, &e), RC_OK);
	assert_int_equal(attendance_open(school_as(&s, SCHOOL_TEACHER), &open, &second, &e),
			 RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_DEVICE_BUSY);
	assert_int_equal(got(id).teacher_id, SCHOOL_TEACHER);
	assert_int_equal(try_as(scanner, in, 0).decision, DECISION_APPROVED);
	REFUSED(try_as(scanner, in, 0), ALREADY_IN);
	in.student_code = STR("nobody");
	REFUSED(try_as(scanner, in, 0), STUDENT_UNKNOWN);
	in.student_code = STR("C102");
	in.claimed_at = SCHOOL_NOW - 10 * MINUTE;
	assert_int_equal(try_as(scanner, in, 0).reason, REASON_DEVICE_CLOCK);
	/* A student is no scanner. */
	in.student_code = STR("C103");
	REFUSED(try_as(student(101), in, 0), DENIED);
}

/* ---- several at once
 * ------------------------------------------------------------------------------ */

static void a_batch_answers_each(void **state)
{
	int64_t id = open_live((struct attendance_open_in){ 0 });
	struct core c = *school_as(&s, SCHOOL_TEACHER);
	struct who who[CHECKIN_BATCH_MAX];
	struct checkin_in in[CHECKIN_BATCH_MAX];
	const struct checkin_in *ptr[CHECKIN_BATCH_MAX];
	struct checkin_result r[CHECKIN_BATCH_MAX];
	char requests[CHECKIN_BATCH_MAX][33];
	int64_t n_before = store_n_statements(c.db);
	struct error e;

	(void)state;
	error_init(&e);
	for (int i = 0; i < CHECKIN_BATCH_MAX; i++) {
		who[i] = student(101 + i / 2 + (i == 31 ? 42 - 15 : 0));
		in[i] = plain(id);
		in[i].actor = &who[i];
		in[i].nonce = i % 4 == 1 ? in[i - 1].nonce : STR("");
		snprintf(requests[i], sizeof requests[i], "%032d", 7000 + i);
		in[i].request_id = str_from(requests[i]);
		ptr[i] = &in[i];
	}
	in[0].nonce = in[1].nonce = STR("one");
	assert_int_equal(checkin_submit_many(&c, ptr, CHECKIN_BATCH_MAX, r, &e), RC_OK);
	assert_in_range(store_n_statements(c.db) - n_before, 1, 10);
	assert_int_equal(r[0].decision, DECISION_APPROVED);
	assert_true(r[1].is_repeat);
	assert_int_equal(r[1].attempt_id, r[0].attempt_id);
	for (int i = 2; i < CHECKIN_BATCH_MAX - 1; i++) {
		assert_int_equal(r[i].reason, i % 2 ? REASON_ALREADY_IN : REASON_NONE);
		assert_int_not_equal(r[i].record_id, 0);
		if (i % 2)
			assert_int_equal(r[i].record_id, r[i - 1].record_id);
	}
	assert_int_equal(r[31].reason, REASON_NOT_ENROLLED);
	assert_int_equal(school_number(&s, "SELECT COUNT(*) AS n FROM attendance_record"), 16);
	/* Each audit row has the request of its own check-in. */
	assert_int_equal(
		school_number(&s,
			      "SELECT COUNT(*) AS n FROM audit_log l"
			      " JOIN attendance_record r ON r.attendance_id = l.object_id"
			      " AND r.attempt_id = JSON_VALUE(l.detail, '$.attempt')"
			      " WHERE l.action = 'attendance.checked_in'"
			      " AND l.actor_id = r.person_id"
			      " AND l.request_id = LPAD(7000 + 2 * (r.person_id - 101), 32, '0')"),
		16);
	assert_int_equal(school_number(&s, "SELECT COUNT(*) AS n FROM outbox WHERE type ="
					   " 'attendance.marked'"),
			 16);
}

static void a_token_without_a_session_is_nobody(void **state)
{
	int64_t id = open_live((struct attendance_open_in){ 0 });
	struct who who = student(101);
	struct checkin_in in = plain(id);

	(void)state;
	in.is_unverified = true;
	who.web_session_id = 987654321;
	REFUSED(try_as(who, in, 0), SESSION_ENDED);
	assert_int_equal(try_as(who, in, 0).rc, RC_NOT_SIGNED_IN);
	assert_int_equal(school_number(&s, "SELECT COUNT(*) AS n FROM attendance_attempt"), 0);
}

static void students_see_what_is_open_for_them(void **state)
{
	int64_t id = open_live((struct attendance_open_in){ 0 });
	struct core c = *school_as(&s, SCHOOL_TEACHER);
	struct who me = student(101), stranger = student(143);
	const struct checkin_open *rows;
	struct checkin_open one;
	struct checkin_attempt attempt;
	struct checkin_result r;
	struct error e;
	size_t n;

	(void)state;
	error_init(&e);
	c.who = &me;
	assert_int_equal(checkin_open_list(&c, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].attendance_id, id);
	assert_int_equal(rows[0].mark, MARK_NONE);
	r = check_in(101, id);
	assert_int_equal(checkin_open_get(&c, id, &one, &e), RC_OK);
	assert_int_equal(one.mark, MARK_LATE);
	assert_int_equal(checkin_attempt_get(&c, r.attempt_id, &attempt, &e), RC_OK);
	assert_int_equal(attempt.decision, DECISION_APPROVED);
	c.who = &stranger;
	assert_int_equal(checkin_open_list(&c, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	assert_int_equal(checkin_open_get(&c, id, &one, &e), RC_NOT_FOUND);
	assert_int_equal(checkin_attempt_get(&c, r.attempt_id, &attempt, &e), RC_NOT_FOUND);
	c = *school_as(&s, SCHOOL_TEACHER);
	assert_int_equal(checkin_attempt_get(&c, r.attempt_id, &attempt, &e), RC_OK);
	c = *school_as(&s, SCHOOL_COLLEAGUE);
	assert_int_equal(checkin_attempt_get(&c, r.attempt_id, &attempt, &e), RC_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup(f, fresh)
		TEST(opening_takes_the_policy),
		TEST(only_who_works_on_it_opens_it),
		TEST(closing_marks_only_who_has_nothing),
		TEST(the_timer_closes_what_is_over),
		TEST(pausing_and_extending),
		TEST(the_roster_is_that_of_the_day),
		TEST(late_is_to_the_second),
		TEST(the_same_try_is_one_try),
		TEST(codes_rotate),
		TEST(a_code_of_another_room_says_so),
		TEST(places_count_with_their_accuracy),
		TEST(two_hundred_behind_one_address_are_nothing),
		TEST(one_browser_for_two_is_flagged),
		TEST(a_receipt_counts_by_its_scan_and_once),
		TEST(a_scanner_marks_by_code),
		TEST(a_batch_answers_each),
		TEST(a_token_without_a_session_is_nobody),
		TEST(students_see_what_is_open_for_them),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
