/*
 * Requests for sessions on a real database: asking, deciding, what that makes, two at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/request/request.h"
#include "core/schedule/schedule.h"
#include "core/session/completion.h"
#include "store/session_fixture.h"

#include <pthread.h>

#define DAY(y, m, d) day_from_ymd((struct ymd){ (y), (m), (d) })
#define HM(h, m)     (((h)*60 + (m)) * 60)
#define MONDAY       DAY(2026, 11, 23)

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
	db_fixture_exec(
		&school.f,
		"INSERT INTO department (id, branch_id, name) VALUES (1, 1, 'D');"
		"INSERT INTO batch (id, department_id, name) VALUES (1, 1, 'B');"
		"INSERT INTO section (id, batch_id, name) VALUES (1, 1, 'A');"
		"INSERT INTO class_section (class_id, section_id) VALUES (1, 1);"
		"INSERT INTO course_section (course_id, section_id) VALUES (1, 1);"
		"INSERT INTO course (id, branch_id, code, title) VALUES (3, 1, 'NET-1', 'Nets');"
		"INSERT INTO room (id, branch_id, name, capacity) VALUES (1, 1, 'A112', 40),"
		" (2, 1, 'B204', 10), (3, 2, 'P1', 40), (4, 1, 'C3', NULL)");
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

/* Monday 23 November, 15:00 to 16:30: nothing is there. */
static struct request_in wish(void)
{
	return (struct request_in){ .title = STR_INIT("Guest lecture"),
				    .kind = STR_INIT("Workshop"),
				    .notes = STR_INIT("Needs a projector."),
				    .course_id = 1,
				    .class_id = 1,
				    .day = MONDAY,
				    .start_tod = HM(15, 0),
				    .end_tod = HM(16, 30),
				    .until_day = NO_DAY };
}

static struct request_in series(int32_t until)
{
	struct request_in in = wish();

	in.is_series = true;
	in.recurrence = RECURRENCE_WEEKLY;
	in.weekdays = 1 << 1; /* Mondays */
	in.until_day = until;
	return in;
}

static int64_t send(const struct request_in *in)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct error e;
	int64_t id = 0;

	error_init(&e);
	EXPECT(request_send(c, in, &id, &e), RC_OK);
	return id;
}

static int64_t send_one(void)
{
	struct request_in in = wish();

	return send(&in);
}

static struct request get(int64_t id)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct request r;
	struct error e;

	error_init(&e);
	EXPECT(request_get(c, id, &r, &e), RC_OK);
	return r;
}

static enum rc decide(int64_t id, enum request_decision what, const char *text,
		      struct request_decided *ret, struct error *e)
{
	const struct request_decide_in in = { .id = id,
					      .decision = what,
					      .response = str_from(text) };

	error_init(e);
	return request_decide(school_as(&school, SCHOOL_ADMIN), &in, ret, e);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static bool has_field(const struct error *e, const char *field, enum reason reason)
{
	for (size_t i = 0; i < e->n_fields; i++)
		if (str_eq(str_from(e->fields[i].field), str_from(field)) &&
		    e->fields[i].reason == reason)
			return true;
	return false;
}

/* Neither sent nor said to be right. */
static void expect_refused(const struct request_in *in, const char *field, enum reason reason,
			   int line)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct request_plan plan;
	struct error e;
	int64_t id;

	error_init(&e);
	EXPECT(request_send(c, in, &id, &e), RC_INVALID);
	if (!has_field(&e, field, reason))
		fail_msg("line %d: no %s at %s, but %s at %s", line, reason_code(reason), field,
			 e.n_fields ? reason_code(e.fields[0].reason) : "nothing",
			 e.n_fields ? e.fields[0].field : "nothing");
	error_init(&e);
	EXPECT(request_check(c, in, &plan, &e), RC_INVALID);
}

#define REFUSED(where, why, ...)                                                                   \
	do {                                                                                       \
		struct request_in in = wish();                                                     \
                                                                                                   \
		__VA_ARGS__;                                                                       \
		expect_refused(&in, where, REASON_##why, __LINE__);                                \
	} while (0)

static void test_bad_wishes_are_refused_at_their_field(void **state)
{
	static char longest[2001];

	(void)state;
	memset(longest, 'x', sizeof longest - 1);
	REFUSED("title", REQUIRED, in.title = STR(" "));
	REFUSED("title", TOO_LONG, in.title = str_make(longest, 201));
	REFUSED("title", NOT_TEXT, in.title = STR("a\nb"));
	REFUSED("kind", TOO_LONG, in.kind = str_make(longest, 51));
	REFUSED("group", REQUIRED, in.class_id = 0);
	REFUSED("group", NOT_A_CHOICE, in.class_id = 2);
	REFUSED("group", TOO_LONG, in.class_id = 0; in.class_name = str_make(longest, 101));
	REFUSED("course", NOT_YOUR_COURSE, in.course_id = 3);
	REFUSED("course", NOT_YOUR_COURSE, in.course_id = 2);
	REFUSED("room", NOT_A_CHOICE, in.room_id = 3);
	REFUSED("date", REQUIRED, in.day = NO_DAY);
	REFUSED("date", PAST, in.day = DAY(2026, 11, 19));
	REFUSED("date", TOO_FAR_AHEAD, in.day = DAY(2029, 1, 1));
	REFUSED("start", PAST, in.day = DAY(2026, 11, 20); in.start_tod = HM(12, 0));
	REFUSED("start", REQUIRED, in.start_tod = NO_DAY);
	REFUSED("end", REQUIRED, in.end_tod = NO_DAY);
	REFUSED("end", END_BEFORE_START, in.end_tod = HM(14, 30));
	REFUSED("end", END_BEFORE_START, in.end_tod = in.start_tod);
	REFUSED("until", REQUIRED, in = series(NO_DAY));
	REFUSED("until", END_BEFORE_START, in = series(DAY(2026, 11, 22)));
	REFUSED("until", RANGE_TOO_LONG, in = series(DAY(2028, 11, 23)));
	REFUSED("until", NO_OCCURRENCE, in = series(DAY(2026, 11, 27)); in.weekdays = 1 << 6);
	REFUSED("until", TOO_MANY_SESSIONS, in = series(DAY(2027, 11, 1));
		in.recurrence = RECURRENCE_DAILY);
	REFUSED("weekdays", NO_WEEKDAY, in = series(DAY(2026, 12, 7)); in.weekdays = 0);
	REFUSED("day_of_month", NOT_A_DATE, in = series(DAY(2026, 12, 7));
		in.recurrence = RECURRENCE_MONTHLY);
	REFUSED("day_of_month", NO_SUCH_DAY, in = series(DAY(2026, 11, 29));
		in.recurrence = RECURRENCE_MONTHLY; in.day_of_month = 31);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM session_request"), 0);
}

static void test_a_wish_is_kept_with_its_days_and_told(void **state)
{
	struct request_in in = series(DAY(2026, 12, 7));
	int64_t id = send(&in);
	struct request r = get(id);

	(void)state;
	assert_int_equal(r.state, REQUEST_PENDING);
	assert_true(r.is_series && r.may_decide && !r.is_own && !r.may_withdraw);
	assert_int_equal(r.row.n_days, 3);
	assert_true(str_eq(r.row.kind, STR("workshop")));
	assert_true(str_eq(r.row.class_name, STR("DEV-2024-A")));
	assert_true(str_eq(r.row.requester_name, STR("Leyla Aydın")));
	assert_true(str_eq(r.row.username, STR("leyla")));
	assert_int_equal(count("SELECT COUNT(*) AS n FROM session_request_day WHERE starts_at ="
			       " TIMESTAMP(session_date, '15:00')"),
			 3);
	assert_int_equal(
		count("SELECT COUNT(*) AS n FROM session_request_step WHERE action = 'sent'"), 1);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM audit_log WHERE action = 'request.sent'"),
			 1);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM outbox WHERE type ="
			       " 'session_request.created' AND account_id = 1 AND branch_id = 1"),
			 1);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6"), 0);
}

static void test_a_name_finds_its_class_and_course(void **state)
{
	struct request_in in = wish();
	int64_t id;

	(void)state;
	in.class_id = in.course_id = 0;
	in.finds_course = true;
	in.class_name = STR("dev-2024-a");
	id = send(&in);
	assert_int_equal(get(id).row.class_id, 1);
	assert_int_equal(get(id).row.course_id, 1);
	in.class_name = STR("No such class");
	id = send(&in);
	assert_int_equal(get(id).row.class_id, COLUMN_NULL);
	assert_int_equal(get(id).row.course_id, COLUMN_NULL);
}

static void test_clashes_and_free_rooms_are_seen_before(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct request_in in = wish();
	struct request_plan plan;
	struct error e;

	(void)state;
	error_init(&e);
	db_fixture_exec(&school.f, "UPDATE occurrence SET room_id = 1 WHERE id = 6");
	EXPECT(request_check(c, &in, &plan, &e), RC_OK);
	assert_false(session_make_warns(&plan.make));
	/* B204 is too small. */
	assert_int_equal(plan.make.n_free_rooms, 2);
	in.day = DAY(2026, 11, 27);
	in.start_tod = HM(10, 0);
	in.end_tod = HM(12, 0);
	in.room_id = 1;
	EXPECT(request_check(c, &in, &plan, &e), RC_OK);
	assert_int_equal(plan.make.clashes.n, 1);
	assert_int_equal(plan.make.clashes.kinds, CLASH_ROOM | CLASH_TEACHER | CLASH_GROUP);
	assert_int_equal(plan.make.n_free_rooms, 1);
	assert_true(str_eq(plan.make.free_rooms[0].name, STR("C3")));
	in.room_id = 2;
	EXPECT(request_check(c, &in, &plan, &e), RC_OK);
	assert_int_equal(plan.make.room_capacity, 10);
}

static void test_who_may(void **state)
{
	static const enum school_person not_askers[] = { SCHOOL_STUDENT, SCHOOL_ADMIN,
							 SCHOOL_SUPER };
	static const struct {
		enum school_person who;
		enum rc see, decide;
	} cases[] = {
		{ SCHOOL_TEACHER, RC_OK, RC_DENIED },
		{ SCHOOL_COLLEAGUE, RC_DENIED, RC_DENIED },
		{ SCHOOL_EMPLOYEE, RC_DENIED, RC_DENIED },
		{ SCHOOL_OTHER_ADMIN, RC_NOT_FOUND, RC_NOT_FOUND },
		{ SCHOOL_STUDENT, RC_DENIED, RC_DENIED },
	};
	int64_t id = send_one(), ret;
	struct request_in in = wish();
	struct request_decided done;
	struct request_list list;
	struct request_query all = {
		.tab = REQUEST_TAB_ALL, .kind = -1, .from_day = NO_DAY, .to_day = NO_DAY
	};
	struct request r;
	struct error e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(not_askers); i++) {
		error_init(&e);
		EXPECT(request_send(school_as(&school, not_askers[i]), &in, &ret, &e), RC_DENIED);
	}
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct core *c = school_as(&school, cases[i].who);

		error_init(&e);
		EXPECT(request_get(c, id, &r, &e), cases[i].see);
		error_init(&e);
		EXPECT(request_decide(c, &(struct request_decide_in){ .id = id }, &done, &e),
		       cases[i].decide);
		error_init(&e);
		EXPECT(request_delete(c, id, &e), cases[i].decide);
	}
	error_init(&e);
	EXPECT(request_withdraw(school_as(&school, SCHOOL_ADMIN), id, 0, &e), RC_DENIED);
	EXPECT(request_list(school_as(&school, SCHOOL_COLLEAGUE), &all, &list, &e), RC_OK);
	assert_int_equal(list.n_rows, 0);
	EXPECT(request_list(school_as(&school, SCHOOL_OTHER_ADMIN), &all, &list, &e), RC_OK);
	assert_int_equal(list.n_rows, 0);
	EXPECT(request_list(school_as(&school, SCHOOL_SUPER), &all, &list, &e), RC_OK);
	assert_int_equal(list.n_rows, 1);
	assert_int_equal(list.counts.n_pending, 1);
	assert_int_equal(get(id).state, REQUEST_PENDING);
}

/* ---- deciding -------------------------------------------------------------------------------- */

static void test_approving_makes_the_session(void **state)
{
	int64_t id = send_one();
	struct request_decided done;
	struct error e;

	(void)state;
	EXPECT(decide(id, REQUEST_APPROVE, "Room follows.", &done, &e), RC_OK);
	assert_int_equal(done.n_sessions, 1);
	assert_int_equal(done.r.state, REQUEST_APPROVED);
	assert_int_equal(done.r.row.n_sessions, 1);
	assert_true(str_eq(done.r.row.response, STR("Room follows.")));
	assert_int_equal(
		count("SELECT COUNT(*) AS n FROM occurrence WHERE request_id IS NOT NULL"
		      " AND title = 'Guest lecture' AND course_id = 1 AND class_id = 1"
		      " AND teacher_id = 1 AND session_date = '2026-11-23' AND start_time ="
		      " '15:00' AND starts_at = '2026-11-23 15:00' AND schedule_id IS NULL"
		      " AND state = 'scheduled'"),
		1);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM outbox WHERE type = 'session.created'"
			       " AND course_id = 1 AND person_id = 1 AND public LIKE '%\"day\"%'"),
			 1);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM outbox WHERE type ="
			       " 'session_request.updated' AND account_id = 1"),
			 1);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM audit_log WHERE action ="
			       " 'session.created' AND object = 'occurrence'"),
			 1);
	/* The teacher sees it; again is no second one. */
	EXPECT(decide(id, REQUEST_APPROVE, "Twice", &done, &e), RC_OK);
	assert_true(done.is_unchanged);
	assert_true(str_eq(get(id).row.response, STR("Room follows.")));
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6"), 1);
}

struct thread {
	pthread_t id;
	struct core c;
	struct arena arena;
	struct request_decide_in in;
	struct request_decided done;
	struct error e;
	enum rc rc;
};

static void *run_thread(void *arg)
{
	struct thread *t = arg;

	error_init(&t->e);
	t->rc = request_decide(&t->c, &t->in, &t->done, &t->e);
	return NULL;
}

static void test_two_at_once_make_one(void **state)
{
	int64_t id = send_one();
	struct thread t[2];
	size_t n_ok = 0;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		school_second(&school, i ? SCHOOL_SUPER : SCHOOL_ADMIN, &t[i].c, &t[i].arena);
		t[i].in = (struct request_decide_in){ .id = id, .version = 1 };
	}
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&t[i].id, NULL, run_thread, &t[i]), 0);
	for (size_t i = 0; i < 2; i++) {
		pthread_join(t[i].id, NULL);
		n_ok += t[i].rc == RC_OK;
		if (t[i].rc == RC_OK)
			continue;
		assert_int_equal(t[i].rc, RC_CONFLICT);
		assert_int_equal(t[i].e.reason, REASON_CHANGED);
	}
	assert_int_equal(n_ok, 1);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6"), 1);
	for (size_t i = 0; i < 2; i++) {
		store_close(t[i].c.db);
		arena_clear(&t[i].arena);
	}
}

static void test_over_a_clash_only_by_saying_so(void **state)
{
	struct core *c;
	struct request_query waiting = { .kind = -1, .from_day = NO_DAY, .to_day = NO_DAY };
	struct request_in in = wish();
	struct request_decide_in over = { .overrides = true };
	struct request_decided done;
	struct request_list list;
	struct error e;
	int64_t id;

	(void)state;
	in.day = DAY(2026, 11, 27);
	in.start_tod = HM(9, 0);
	in.end_tod = HM(10, 0);
	id = send(&in);
	c = school_as(&school, SCHOOL_ADMIN);
	error_init(&e);
	EXPECT(request_list(c, &waiting, &list, &e), RC_OK);
	assert_int_equal(list.n_rows, 1);
	assert_int_equal(list.beside[0].n_clashes, 1);
	assert_int_equal(list.beside[0].clashes[0].occurrence_id, SCHOOL_NEXT_WEEK);
	assert_int_equal(list.beside[0].clashes[0].kind, CLASH_TEACHER | CLASH_GROUP);
	assert_int_equal(list.beside[0].n_rooms, 2);
	EXPECT(decide(id, REQUEST_APPROVE, "", &done, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CLASHES);
	assert_int_equal(get(id).state, REQUEST_PENDING);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6"), 0);
	over.id = id;
	error_init(&e);
	EXPECT(request_decide(c, &over, &done, &e), RC_OK);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM audit_log WHERE action ="
			       " 'request.approved' AND detail LIKE '%\"override\":true%'"
			       " AND detail LIKE '%\"clashes\":1%'"),
			 1);
}

static void test_an_unknown_class_leaves_something_to_do(void **state)
{
	struct core *c;
	struct request_in in = wish();
	struct request_decide_in settle = { 0 };
	struct request_decided done;
	struct error e;
	int64_t id, other;

	(void)state;
	in.class_id = in.course_id = 0;
	in.class_name = STR("WEB-9");
	id = send(&in);
	other = send(&in);
	EXPECT(decide(id, REQUEST_APPROVE, "", &done, &e), RC_OK);
	assert_true(done.needs_session);
	EXPECT(decide(other, REQUEST_APPROVE, "", &done, &e), RC_OK);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6"), 0);
	assert_int_equal(get(id).row.needs_session, 1);
	c = school_as(&school, SCHOOL_ADMIN);
	settle.id = id;
	settle.class_id = 2; /* of another branch */
	error_init(&e);
	EXPECT(request_settle(c, &settle, &done, &e), RC_INVALID);
	assert_true(has_field(&e, "group", REASON_NOT_A_CHOICE));
	settle.class_id = 1;
	error_init(&e);
	EXPECT(request_settle(c, &settle, &done, &e), RC_OK);
	assert_int_equal(done.n_sessions, 1);
	assert_int_equal(get(id).row.needs_session, 0);
	assert_int_equal(get(id).row.class_id, 1);
	EXPECT(request_settle(c, &settle, &done, &e), RC_CONFLICT);
	settle = (struct request_decide_in){ .id = other };
	error_init(&e);
	EXPECT(request_settle(c, &settle, &done, &e), RC_OK);
	assert_int_equal(get(other).row.needs_session, 0);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6"), 1);
}

/* The teacher works on a session already. */
static void prepare_something(int64_t occurrence_id)
{
	const struct completion_in in = { .occurrence_id = occurrence_id,
					  .actual_start = HM(15, 0),
					  .actual_end = HM(16, 0),
					  .notes = STR_INIT("prepared") };
	struct completion_result result;
	struct error e;

	error_init(&e);
	EXPECT(completion_save_draft(school_as(&school, SCHOOL_TEACHER), &in, &result, &e), RC_OK);
}

static void test_a_series_becomes_a_schedule_and_back(void **state)
{
	struct request_in in = series(DAY(2026, 12, 14));
	struct request_decided done;
	struct error e;
	int64_t id = send(&in);

	(void)state;
	EXPECT(decide(id, REQUEST_APPROVE, "", &done, &e), RC_OK);
	assert_int_equal(done.n_sessions, 4);
	assert_int_not_equal(done.r.row.schedule_id, COLUMN_NULL);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence o JOIN session_request r"
			       " ON r.schedule_id = o.schedule_id AND o.request_id = r.id"
			       " WHERE o.title = 'Guest lecture'"),
			 4);
	/* One has something in it: it stays. */
	prepare_something(count("SELECT MIN(id) AS n FROM occurrence WHERE id > 6"));
	EXPECT(decide(id, REQUEST_REJECT, "The room burnt down.", &done, &e), RC_OK);
	assert_int_equal(done.n_sessions, 3);
	assert_int_equal(done.n_left, 1);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6 AND state ="
			       " 'cancelled' AND cancel_reason = 'The room burnt down.'"),
			 3);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM schedule WHERE ended_at IS NOT NULL"), 1);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM outbox WHERE type = 'session.cancelled'"),
			 1);
	/* Now only what is held is left. */
	EXPECT(decide(id, REQUEST_APPROVE, "", &done, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CLASHES);
}

static void test_single_days_of_a_series(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct request_in in = series(DAY(2026, 12, 14));
	const int32_t days[] = { DAY(2026, 12, 7), DAY(2026, 11, 30), DAY(2026, 12, 1) };
	struct request_decide_in some = { .with_days = true, .days = days, .n_days = 0 };
	struct request_decided done;
	struct error e;

	(void)state;
	some.id = send(&in);
	c = school_as(&school, SCHOOL_ADMIN);
	error_init(&e);
	EXPECT(request_decide(c, &some, &done, &e), RC_INVALID);
	assert_true(has_field(&e, "days", REASON_NOTHING_CHOSEN));
	some.n_days = ARRAY_LEN(days);
	error_init(&e);
	EXPECT(request_decide(c, &some, &done, &e), RC_OK);
	assert_int_equal(done.n_sessions, 2);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6 AND schedule_id"
			       " IS NULL AND session_date IN ('2026-11-30', '2026-12-07')"),
			 2);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6"), 2);
}

static void test_taking_back_cancels_unless_held(void **state)
{
	int64_t id = send_one();
	struct request_decided done;
	struct error e;

	(void)state;
	EXPECT(decide(id, REQUEST_APPROVE, "", &done, &e), RC_OK);
	EXPECT(decide(id, REQUEST_REJECT, "", &done, &e), RC_OK);
	assert_int_equal(done.n_sessions, 1);
	assert_int_equal(get(id).row.n_sessions, 0);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM audit_log WHERE action ="
			       " 'session.cancelled' AND object = 'occurrence'"),
			 1);
	EXPECT(decide(id, REQUEST_APPROVE, "", &done, &e), RC_OK);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6"), 2);
	prepare_something(count("SELECT MAX(id) AS n FROM occurrence"));
	EXPECT(decide(id, REQUEST_REJECT, "", &done, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_REQUEST_HELD);
	assert_int_equal(get(id).state, REQUEST_APPROVED);
}

static void test_asking_back_answering_withdrawing(void **state)
{
	struct core *c;
	int64_t id = send_one();
	struct request_decided done;
	struct error e;

	(void)state;
	EXPECT(decide(id, REQUEST_ASK, " ", &done, &e), RC_INVALID);
	assert_true(has_field(&e, "response", REASON_REQUIRED));
	EXPECT(decide(id, REQUEST_ASK, "How many guests?", &done, &e), RC_OK);
	assert_int_equal(get(id).state, REQUEST_QUESTION);
	c = school_as(&school, SCHOOL_COLLEAGUE);
	EXPECT(request_answer(c, id, 0, STR("mine"), &e), RC_DENIED);
	c = school_as(&school, SCHOOL_TEACHER);
	error_init(&e);
	EXPECT(request_answer(c, id, 0, STR(""), &e), RC_INVALID);
	error_init(&e);
	EXPECT(request_answer(c, id, 1, STR("Twelve."), &e), RC_CONFLICT);
	error_init(&e);
	EXPECT(request_answer(c, id, 2, STR("Twelve."), &e), RC_OK);
	assert_int_equal(get(id).state, REQUEST_PENDING);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(request_answer(c, id, 0, STR("Twelve!"), &e), RC_CONFLICT);
	error_init(&e);
	EXPECT(request_withdraw(c, id, 3, &e), RC_OK);
	EXPECT(decide(id, REQUEST_APPROVE, "", &done, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_REQUEST_WITHDRAWN);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM occurrence WHERE id > 6"), 0);
	c = school_as(&school, SCHOOL_TEACHER);
	error_init(&e);
	EXPECT(request_withdraw(c, id, 0, &e), RC_CONFLICT);
	/* A decided one is not withdrawn, nor asked back about. */
	id = send_one();
	EXPECT(decide(id, REQUEST_REJECT, "", &done, &e), RC_OK);
	EXPECT(decide(id, REQUEST_ASK, "Why?", &done, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_REQUEST_DECIDED);
	c = school_as(&school, SCHOOL_TEACHER);
	error_init(&e);
	EXPECT(request_withdraw(c, id, 0, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_REQUEST_DECIDED);
	assert_int_equal(count("SELECT COUNT(*) AS n FROM session_request_step"), 6);
}

static void test_a_day_that_is_over_is_not_approved(void **state)
{
	struct request_in in = series(DAY(2026, 12, 7));
	int64_t one = send_one(), some = send(&in);
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct request_decide_in ask = { .id = one };
	struct request_decided done;
	struct error e;

	(void)state;
	c->now_us = us_from_day_tod(MONDAY, HM(17, 0));
	error_init(&e);
	EXPECT(request_decide(c, &ask, &done, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_REQUEST_PAST);
	ask.id = some;
	error_init(&e);
	EXPECT(request_decide(c, &ask, &done, &e), RC_OK);
	assert_int_equal(done.n_sessions, 2);
}

static void test_many_with_one_response(void **state)
{
	struct core *c;
	struct request_in clashing = wish();
	struct request_bulk_done done;
	struct request_decided one;
	struct request_pick picks[4];
	struct error e;

	(void)state;
	clashing.day = DAY(2026, 11, 27);
	clashing.start_tod = HM(9, 0);
	clashing.end_tod = HM(10, 0);
	picks[0] = (struct request_pick){ send_one(), 1 };
	picks[1] = (struct request_pick){ send(&clashing), 1 };
	picks[2] = (struct request_pick){ send_one(), 1 };
	picks[3] = (struct request_pick){ 999, 1 };
	EXPECT(decide(picks[2].id, REQUEST_REJECT, "", &one, &e), RC_OK);
	c = school_as(&school, SCHOOL_ADMIN);
	EXPECT(request_decide_many(c, picks, 0, REQUEST_APPROVE, STR(""), &done, &e), RC_INVALID);
	error_init(&e);
	EXPECT(request_decide_many(c, picks, 4, REQUEST_APPROVE, STR("Fine."), &done, &e), RC_OK);
	assert_int_equal(done.n_done, 1);
	assert_int_equal(done.n_clash, 1);
	assert_int_equal(done.n_changed, 2);
	assert_int_equal(get(picks[0].id).state, REQUEST_APPROVED);
	assert_int_equal(get(picks[1].id).state, REQUEST_PENDING);
	EXPECT(request_decide_many(school_as(&school, SCHOOL_TEACHER), picks, 1, REQUEST_APPROVE,
				   STR(""), &done, &e),
	       RC_DENIED);
}

static void test_an_earlier_one_is_used_again(void **state)
{
	struct request_in in = series(DAY(2026, 12, 7)), again;
	int64_t id = send(&in);
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct error e;

	(void)state;
	error_init(&e);
	EXPECT(request_again(c, id, &again, &e), RC_OK);
	assert_true(again.is_series && str_eq(again.title, STR("Guest lecture")));
	assert_int_equal(again.day, MONDAY + 7);
	assert_int_equal(again.until_day, MONDAY + 7 + 14);
	c->now_us = us_from_day_tod(DAY(2027, 1, 20), HM(9, 0));
	EXPECT(request_again(c, id, &again, &e), RC_OK);
	assert_int_equal(again.day, DAY(2027, 1, 25));
	EXPECT(request_again(school_as(&school, SCHOOL_COLLEAGUE), id, &again, &e), RC_DENIED);
}

static void test_lists_filter(void **state)
{
	struct core *c;
	struct request_in in = wish();
	struct request_query q = {
		.tab = REQUEST_TAB_ALL, .kind = -1, .from_day = NO_DAY, .to_day = NO_DAY
	};
	struct request_decided done;
	struct request_list list;
	struct error e;
	int64_t first = send(&in), second;

	(void)state;
	in.title = STR("Exam revision");
	in.kind = STR("exam");
	in.day = DAY(2026, 11, 21);
	second = send(&in);
	EXPECT(decide(first, REQUEST_REJECT, "", &done, &e), RC_OK);
	c = school_as(&school, SCHOOL_ADMIN);
	EXPECT(request_list(c, &q, &list, &e), RC_OK);
	assert_int_equal(list.n_rows, 2);
	assert_int_equal(list.rows[0].row.id, second);
	q.kind = REQUEST_EXAM;
	EXPECT(request_list(c, &q, &list, &e), RC_OK);
	assert_int_equal(list.n_rows, 1);
	q.kind = -1;
	q.search = STR("leyla");
	q.from_day = DAY(2026, 11, 22);
	EXPECT(request_list(c, &q, &list, &e), RC_OK);
	assert_int_equal(list.n_rows, 1);
	assert_int_equal(list.rows[0].row.id, first);
	q.tab = REQUEST_TAB_WAITING;
	EXPECT(request_list(c, &q, &list, &e), RC_OK);
	assert_int_equal(list.n_rows, 0);
	assert_int_equal(list.counts.n_pending, 1);
	q.to_day = DAY(2026, 11, 1);
	EXPECT(request_list(c, &q, &list, &e), RC_INVALID);
	EXPECT(request_delete(c, second, &e), RC_OK);
	error_init(&e);
	EXPECT(request_get(c, second, &done.r, &e), RC_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_bad_wishes_are_refused_at_their_field, fresh),
		cmocka_unit_test_setup(test_a_wish_is_kept_with_its_days_and_told, fresh),
		cmocka_unit_test_setup(test_a_name_finds_its_class_and_course, fresh),
		cmocka_unit_test_setup(test_clashes_and_free_rooms_are_seen_before, fresh),
		cmocka_unit_test_setup(test_who_may, fresh),
		cmocka_unit_test_setup(test_approving_makes_the_session, fresh),
		cmocka_unit_test_setup(test_two_at_once_make_one, fresh),
		cmocka_unit_test_setup(test_over_a_clash_only_by_saying_so, fresh),
		cmocka_unit_test_setup(test_an_unknown_class_leaves_something_to_do, fresh),
		cmocka_unit_test_setup(test_a_series_becomes_a_schedule_and_back, fresh),
		cmocka_unit_test_setup(test_single_days_of_a_series, fresh),
		cmocka_unit_test_setup(test_taking_back_cancels_unless_held, fresh),
		cmocka_unit_test_setup(test_asking_back_answering_withdrawing, fresh),
		cmocka_unit_test_setup(test_a_day_that_is_over_is_not_approved, fresh),
		cmocka_unit_test_setup(test_many_with_one_response, fresh),
		cmocka_unit_test_setup(test_an_earlier_one_is_used_again, fresh),
		cmocka_unit_test_setup(test_lists_filter, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
