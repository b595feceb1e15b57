/*
 * What students ask of their attendance, against a real database: asking and its deadline, who
 * decides, what approving makes of the register, taking it back, twice at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/attendance/claim.h"
#include "store/attendance_fixture.h"

#include <pthread.h>
#include <stdio.h>

static struct school school;
static struct who pupil;

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want)    (error_init(&e), expect_at((call), (want), &e, __LINE__))
#define NUMBER(sql)           school_number(&school, sql)
#define DAYS_LATER(c, n)      ((c)->now_us += (n)*US_PER_DAY)
#define EXPECT_FIELD(name, r) expect_field(&e, (name), (r), __LINE__)

static void expect_field(const struct error *e, const char *name, enum reason reason, int line)
{
	if (e->n_fields != 1 || strcmp(e->fields[0].field, name) != 0 ||
	    e->fields[0].reason != reason)
		fail_msg("line %d: %s %s", line, e->n_fields ? e->fields[0].field : "no field",
			 reason_code(e->n_fields ? e->fields[0].reason : e->reason));
}

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

static int fresh(void **state)
{
	(void)state;
	pupils_reset(&school);
	school_reset(&school);
	db_fixture_exec(&school.f, "DELETE FROM outbox; DELETE FROM audit_log");
	return 0;
}

/* As a student of the class. */
static struct core *as_pupil(int64_t person_id)
{
	struct core *c = school_as(&school, SCHOOL_STUDENT);

	pupil = *c->who;
	pupil.account_id = pupil.person_id = person_id;
	c->who = &pupil;
	return c;
}

static enum rc ask(struct core *c, const int64_t *occurrences, size_t n, struct error *e)
{
	const struct claim_in in = {
		.kind = CLAIM_EXCUSE, .occurrences = occurrences, .n = n, .reason = STR("Dentist")
	};
	int64_t id;

	error_init(e);
	return claim_add(c, NULL, &in, &id, e);
}

static enum rc dispute(struct core *c, int64_t attendance_id, enum mark wants, struct error *e)
{
	const struct claim_in in = { .kind = CLAIM_CORRECTION,
				     .attendance_id = attendance_id,
				     .wants = wants,
				     .reason = STR("I was there") };
	int64_t id;

	error_init(e);
	return claim_add(c, NULL, &in, &id, e);
}

static int64_t last_item(void)
{
	return NUMBER("SELECT MAX(id) AS n FROM claim_item");
}

static enum rc decide(enum school_person who, int64_t item, enum claim_verb verb, const char *why,
		      struct error *e)
{
	const struct claim_pick pick = { .id = item };
	struct claim_done done;

	error_init(e);
	return claim_decide(school_as(&school, who), verb, &pick, 1, str_from(why), false, &done,
			    e);
}

static struct claim_row item_now(int64_t item)
{
	struct claim_row r = { 0 };
	struct error e;

	EXPECT(claim_get(school_as(&school, SCHOOL_TEACHER), item, &r, &e), RC_OK);
	return r;
}

static int64_t live_excuses(void)
{
	return NUMBER("SELECT COUNT(*) AS n FROM excuse WHERE ended_at IS NULL");
}

static int64_t opened(int64_t occurrence_id)
{
	const struct attendance_open_in in = { .occurrence_id = occurrence_id,
					       .opens_at = NO_TIME,
					       .late_at = NO_TIME,
					       .closes_at = NO_TIME };
	struct error e;
	int64_t id;

	EXPECT(attendance_open(school_as(&school, SCHOOL_TEACHER), &in, &id, &e), RC_OK);
	return id;
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

/* ---- asking -----------------------------------------------------------------------------------
 */

static void test_asking_before_and_its_limits(void **state)
{
	const int64_t two[] = { SCHOOL_NOW_LIVE, SCHOOL_NEXT_WEEK }, again[] = { SCHOOL_NOW_LIVE },
		      twice[] = { SCHOOL_NEXT_WEEK, SCHOOL_NEXT_WEEK }, unknown[] = { 999 };
	struct claim_in in = { .kind = CLAIM_EXCUSE, .occurrences = two, .n = 2 };
	struct error e;
	int64_t id;

	(void)state;
	EXPECT(claim_add(as_pupil(101), NULL, &in, &id, &e), RC_INVALID);
	EXPECT_FIELD("reason", REASON_REQUIRED);
	assert_int_equal(ask(as_pupil(101), two, 0, &e), RC_INVALID);
	EXPECT_FIELD("sessions", REASON_CLAIM_NO_SESSION);
	assert_int_equal(ask(as_pupil(101), twice, 2, &e), RC_INVALID);
	EXPECT_FIELD("sessions", REASON_REPEATED);
	assert_int_equal(ask(as_pupil(101), unknown, 1, &e), RC_INVALID);
	EXPECT_FIELD("sessions", REASON_NOT_A_CHOICE);
	assert_int_equal(ask(as_pupil(PUPIL_ALONE), two, 2, &e), RC_INVALID);
	EXPECT_FIELD("sessions", REASON_NOT_A_CHOICE);
	assert_int_equal(ask(school_as(&school, SCHOOL_TEACHER), two, 2, &e), RC_DENIED);
	assert_int_equal(ask(as_pupil(101), two, 2, &e), RC_OK);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM claim_item WHERE state = 'waiting'"), 2);
	assert_int_equal(ask(as_pupil(101), again, 1, &e), RC_INVALID);
	EXPECT_FIELD("sessions", REASON_CLAIM_WAITING);
	assert_int_equal(ask(as_pupil(102), again, 1, &e), RC_OK);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM audit_log WHERE action ="
				" 'excuse.requested' AND object = 'claim'"),
			 2);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM outbox WHERE type = 'excuse.requested'"),
			 3);
}

static void test_the_deadline(void **state)
{
	const int64_t past[] = { SCHOOL_PAST };
	struct core *c = as_pupil(101);
	struct error e;

	(void)state;
	DAYS_LATER(c, 13); /* the 14th day after it */
	assert_int_equal(ask(c, past, 1, &e), RC_OK);
	c = as_pupil(102);
	DAYS_LATER(c, 14);
	assert_int_equal(ask(c, past, 1, &e), RC_INVALID);
	EXPECT_FIELD("sessions", REASON_CLAIM_LATE);
	db_fixture_exec(&school.f,
			"INSERT INTO attendance_policy (branch_id, course_id, claim_days)"
			" VALUES (1, 1, 20)");
	assert_int_equal(ask(c, past, 1, &e), RC_OK);
	db_fixture_exec(&school.f, "UPDATE attendance_policy SET claim_days = 0");
	c = as_pupil(103);
	assert_int_equal(ask(c, past, 1, &e), RC_INVALID);
	EXPECT_FIELD("sessions", REASON_CLAIM_LATE);
}

static void test_at_most_some_asks(void **state)
{
	const int64_t next[] = { SCHOOL_NEXT_WEEK };
	struct error e;

	(void)state;
	for (int i = 0; i < CLAIM_ASKS_MAX; i++) {
		assert_int_equal(ask(as_pupil(101), next, 1, &e), RC_OK);
		EXPECT(claim_withdraw(as_pupil(101), last_item(), &e), RC_OK);
	}
	assert_int_equal(ask(as_pupil(101), next, 1, &e), RC_INVALID);
	EXPECT_FIELD("sessions", REASON_CLAIM_OFTEN);
	EXPECT(claim_withdraw(as_pupil(101), last_item(), &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CLAIM_DECIDED);
	EXPECT(claim_withdraw(as_pupil(102), last_item(), &e), RC_NOT_FOUND);
}

/* ---- deciding ---------------------------------------------------------------------------------
 */

static void test_who_decides(void **state)
{
	const int64_t next[] = { SCHOOL_NEXT_WEEK };
	struct claim_row r;
	struct error e;
	int64_t item, n;

	(void)state;
	assert_int_equal(ask(as_pupil(101), next, 1, &e), RC_OK);
	item = last_item();
	assert_int_equal(decide(SCHOOL_COLLEAGUE, item, CLAIM_APPROVE, "", &e), RC_NOT_FOUND);
	assert_int_equal(decide(SCHOOL_OTHER_ADMIN, item, CLAIM_APPROVE, "", &e), RC_NOT_FOUND);
	assert_int_equal(decide(SCHOOL_STUDENT, item, CLAIM_APPROVE, "", &e), RC_DENIED);
	EXPECT(claim_get(school_as(&school, SCHOOL_COLLEAGUE), item, &r, &e), RC_NOT_FOUND);
	EXPECT(claim_get(as_pupil(102), item, &r, &e), RC_NOT_FOUND);
	EXPECT(claim_get(as_pupil(101), item, &r, &e), RC_OK);
	EXPECT(claim_waiting(school_as(&school, SCHOOL_COLLEAGUE), 0, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	for (enum school_person who = 1; who < SCHOOL__MAX; who++) {
		bool may = who == SCHOOL_TEACHER || who == SCHOOL_EMPLOYEE || who == SCHOOL_ADMIN ||
			   who == SCHOOL_SUPER || who == SCHOOL_STAFF_TEACHER;

		if (!may)
			continue;
		EXPECT(claim_waiting(school_as(&school, who), 0, &n, &e), RC_OK);
		assert_int_equal(n, 1);
		assert_int_equal(decide(who, item, CLAIM_APPROVE, "", &e), RC_OK);
		assert_int_equal(decide(who, item, CLAIM_APPROVE, "", &e), RC_CONFLICT);
		assert_int_equal(e.reason, REASON_CLAIM_DECIDED);
		assert_int_equal(decide(who, item, CLAIM_REOPEN, "", &e), RC_OK);
	}
	assert_int_equal(decide(SCHOOL_TEACHER, item, CLAIM_REJECT, "", &e), RC_INVALID);
	EXPECT_FIELD("why", REASON_REASON_MISSING);
	assert_int_equal(decide(SCHOOL_TEACHER, item, CLAIM_REJECT, "No certificate", &e), RC_OK);
	assert_int_equal(item_now(item).state, CLAIM_IS_REJECTED);
	assert_int_equal(live_excuses(), 0);
	EXPECT(claim_withdraw(as_pupil(101), item, &e), RC_CONFLICT);
}

static void test_approved_before_is_prefilled_and_goes_again(void **state)
{
	const int64_t live[] = { SCHOOL_NOW_LIVE };
	struct register_done done;
	struct error e;
	int64_t item, session;

	(void)state;
	assert_int_equal(ask(as_pupil(101), live, 1, &e), RC_OK);
	item = last_item();
	assert_int_equal(decide(SCHOOL_TEACHER, item, CLAIM_APPROVE, "", &e), RC_OK);
	assert_int_equal(live_excuses(), 1);
	assert_int_equal(decide(SCHOOL_TEACHER, item, CLAIM_REOPEN, "", &e), RC_OK);
	assert_int_equal(live_excuses(), 0);
	assert_int_equal(decide(SCHOOL_TEACHER, item, CLAIM_APPROVE, "", &e), RC_OK);
	session = opened(SCHOOL_NOW_LIVE);
	assert_int_equal(item_now(item).mark, MARK_EXCUSED);
	/* Safe from marks in bulk. */
	EXPECT(register_rest(school_as(&school, SCHOOL_TEACHER), session, MARK_PRESENT, STR(""),
			     &done, &e),
	       RC_OK);
	assert_int_equal(item_now(item).mark, MARK_EXCUSED);
	assert_int_equal(decide(SCHOOL_TEACHER, item, CLAIM_REOPEN, "", &e), RC_OK);
	assert_int_equal(item_now(item).state, CLAIM_IS_WAITING);
	assert_int_equal(item_now(item).mark, MARK_NONE);
	assert_int_equal(live_excuses(), 0);
}

static void test_approving_afterwards_changes_the_mark_and_back(void **state)
{
	const int64_t past[] = { SCHOOL_PAST };
	struct error e;
	int64_t item, session = opened(SCHOOL_PAST);

	(void)state;
	mark(session, 101, MARK_ABSENT);
	mark(session, 102, MARK_PRESENT);
	assert_int_equal(ask(as_pupil(101), past, 1, &e), RC_OK);
	item = last_item();
	assert_int_equal(decide(SCHOOL_TEACHER, item, CLAIM_APPROVE, "Certificate seen", &e),
			 RC_OK);
	assert_int_equal(item_now(item).mark, MARK_EXCUSED);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_change WHERE person_id = 101"
				" AND why = 'Certificate seen' AND by_account = 1"
				" AND JSON_VALUE(old_row, '$.status') = 'absent'"
				" AND JSON_VALUE(new_row, '$.status') = 'excused'"),
			 1);
	assert_int_equal(decide(SCHOOL_TEACHER, item, CLAIM_REOPEN, "", &e), RC_OK);
	assert_int_equal(item_now(item).mark, MARK_ABSENT);
	assert_true(str_eq(item_now(item).s->method, STR("teacher")));
	assert_int_equal(live_excuses(), 0);
	/* Changed since: it stays decided, and the mark stays. */
	assert_int_equal(decide(SCHOOL_TEACHER, item, CLAIM_APPROVE, "", &e), RC_OK);
	mark(session, 101, MARK_LATE);
	assert_int_equal(decide(SCHOOL_TEACHER, item, CLAIM_REOPEN, "", &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CHANGED);
	assert_int_equal(item_now(item).state, CLAIM_IS_APPROVED);
	assert_int_equal(item_now(item).mark, MARK_LATE);
	/* Who came is not made excused. */
	assert_int_equal(ask(as_pupil(102), past, 1, &e), RC_OK);
	assert_int_equal(decide(SCHOOL_TEACHER, last_item(), CLAIM_APPROVE, "", &e), RC_OK);
	assert_int_equal(item_now(last_item()).mark, MARK_PRESENT);
}

static void test_undo_in_the_register_makes_it_wait_again(void **state)
{
	struct register_done done;
	struct core *c;
	struct error e;
	int64_t item, session = opened(SCHOOL_PAST);
	char act[33];

	(void)state;
	mark(session, 101, MARK_ABSENT);
	assert_int_equal(dispute(as_pupil(101), session, MARK_PRESENT, &e), RC_OK);
	item = last_item();
	assert_int_equal(decide(SCHOOL_TEACHER, item, CLAIM_APPROVE, "", &e), RC_OK);
	assert_int_equal(item_now(item).mark, MARK_PRESENT);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(register_last_act(c, session, act, &e), RC_OK);
	EXPECT(register_undo(c, session, str_from(act), &done, &e), RC_OK);
	assert_int_equal(item_now(item).mark, MARK_ABSENT);
	assert_int_equal(item_now(item).state, CLAIM_IS_WAITING);
	EXPECT(register_undo(school_as(&school, SCHOOL_TEACHER), session, str_from(done.act), &done,
			     &e),
	       RC_OK);
	assert_int_equal(item_now(item).mark, MARK_PRESENT);
	assert_int_equal(item_now(item).state, CLAIM_IS_APPROVED);
}

/* ---- corrections ------------------------------------------------------------------------------
 */

static void test_corrections(void **state)
{
	struct error e;
	int64_t session = opened(SCHOOL_PAST);

	(void)state;
	mark(session, 101, MARK_ABSENT);
	assert_int_equal(dispute(as_pupil(101), session, MARK_ABSENT, &e), RC_INVALID);
	EXPECT_FIELD("wants", REASON_CLAIM_NOTHING);
	assert_int_equal(dispute(as_pupil(101), session, MARK_NONE, &e), RC_INVALID);
	EXPECT_FIELD("wants", REASON_REQUIRED);
	assert_int_equal(dispute(as_pupil(PUPIL_ALONE), session, MARK_PRESENT, &e), RC_NOT_FOUND);
	assert_int_equal(dispute(as_pupil(PUPIL_PARIS), session, MARK_PRESENT, &e), RC_NOT_FOUND);
	assert_int_equal(dispute(as_pupil(101), session + 1000, MARK_PRESENT, &e), RC_NOT_FOUND);
	assert_int_equal(dispute(as_pupil(101), session, MARK_LATE, &e), RC_OK);
	assert_int_equal(decide(SCHOOL_EMPLOYEE, last_item(), CLAIM_APPROVE, "", &e), RC_OK);
	assert_int_equal(item_now(last_item()).mark, MARK_LATE);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM outbox WHERE type ="
				" 'correction.decided' AND person_id = 101"),
			 1);
}

static void test_the_lock_date_holds(void **state)
{
	const struct claim_pick none = { 0 };
	struct claim_pick pick;
	struct claim_done done;
	struct core *c;
	struct error e;
	int64_t session = opened(SCHOOL_PAST);

	(void)state;
	mark(session, 101, MARK_ABSENT);
	assert_int_equal(dispute(as_pupil(101), session, MARK_PRESENT, &e), RC_OK);
	pick = (struct claim_pick){ .id = last_item() };
	c = school_as(&school, SCHOOL_TEACHER);
	DAYS_LATER(c, 30);
	EXPECT(claim_decide(c, CLAIM_APPROVE, &pick, 1, STR(""), false, &done, &e), RC_INVALID);
	EXPECT_FIELD("why", REASON_REASON_MISSING);
	EXPECT(claim_decide(c, CLAIM_APPROVE, &none, 0, STR(""), false, &done, &e), RC_INVALID);
	EXPECT_FIELD("pick", REASON_NOBODY_CHOSEN);
	EXPECT(claim_decide(c, CLAIM_APPROVE, &pick, 1, STR("Seen on the list"), false, &done, &e),
	       RC_OK);
	EXPECT(claim_decide(c, CLAIM_REOPEN, &pick, 1, STR(""), false, &done, &e), RC_OK);
	assert_int_equal(item_now(pick.id).mark, MARK_ABSENT);
}

static void test_several_at_once(void **state)
{
	const int64_t two[] = { SCHOOL_NOW_LIVE, SCHOOL_NEXT_WEEK };
	struct claim_pick picks[2];
	struct claim_done done;
	struct error e;

	(void)state;
	assert_int_equal(ask(as_pupil(101), two, 2, &e), RC_OK);
	picks[1] = (struct claim_pick){ .id = last_item() };
	picks[0] = (struct claim_pick){ .id = picks[1].id - 1 };
	EXPECT(claim_withdraw(as_pupil(101), picks[0].id, &e), RC_OK);
	EXPECT(claim_decide(school_as(&school, SCHOOL_TEACHER), CLAIM_APPROVE, picks, 2, STR(""),
			    false, &done, &e),
	       RC_OK);
	assert_int_equal(done.n, 1);
	assert_int_equal(done.n_left, 1);
	assert_int_equal(done.reason, REASON_CLAIM_DECIDED);
	assert_int_equal(live_excuses(), 1);
}

struct racer {
	struct core c;
	struct arena arena;
	struct claim_pick pick;
	enum rc rc;
	enum reason reason;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct claim_done done;
	struct error e;

	error_init(&e);
	r->rc = claim_decide(&r->c, CLAIM_APPROVE, &r->pick, 1, STR(""), false, &done, &e);
	r->reason = e.reason;
	return NULL;
}

static void test_two_decide_at_one_instant(void **state)
{
	const int64_t live[] = { SCHOOL_NOW_LIVE };
	struct racer r[2];
	pthread_t t[2];
	struct error e;
	int n_ok = 0;

	(void)state;
	assert_int_equal(ask(as_pupil(101), live, 1, &e), RC_OK);
	school_second(&school, SCHOOL_TEACHER, &r[0].c, &r[0].arena);
	school_second(&school, SCHOOL_ADMIN, &r[1].c, &r[1].arena);
	for (int i = 0; i < 2; i++) {
		r[i].pick = (struct claim_pick){ .id = last_item() };
		assert_int_equal(pthread_create(&t[i], NULL, race, &r[i]), 0);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(t[i], NULL);
		n_ok += r[i].rc == RC_OK;
		if (r[i].rc != RC_OK) {
			assert_int_equal(r[i].rc, RC_CONFLICT);
			assert_int_equal(r[i].reason, REASON_CLAIM_DECIDED);
		}
		store_close(r[i].c.db);
		arena_clear(&r[i].arena);
	}
	assert_int_equal(n_ok, 1);
	assert_int_equal(live_excuses(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_asking_before_and_its_limits, fresh),
		cmocka_unit_test_setup(test_the_deadline, fresh),
		cmocka_unit_test_setup(test_at_most_some_asks, fresh),
		cmocka_unit_test_setup(test_who_decides, fresh),
		cmocka_unit_test_setup(test_approved_before_is_prefilled_and_goes_again, fresh),
		cmocka_unit_test_setup(test_approving_afterwards_changes_the_mark_and_back, fresh),
		cmocka_unit_test_setup(test_undo_in_the_register_makes_it_wait_again, fresh),
		cmocka_unit_test_setup(test_corrections, fresh),
		cmocka_unit_test_setup(test_the_lock_date_holds, fresh),
		cmocka_unit_test_setup(test_several_at_once, fresh),
		cmocka_unit_test_setup(test_two_decide_at_one_instant, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
