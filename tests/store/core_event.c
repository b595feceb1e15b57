/*
 * Events, against a real database: each type × each reader, through the outbox and the relay; the
 * rooms and who may join them; what the writers of attendance write.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/event/event.h"
#include "core/event/relay.h"
#include "store/attendance_fixture.h"
#include "store/event.h"

#include <stdio.h>

static struct school school;

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want)  (error_init(&e), expect_at((call), (want), &e, __LINE__))
#define NUMBER(sql)         school_number(&school, sql)
#define ALICE               STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
#define BRANCH_1_COURSE     1
#define PAYLOAD_OF_STUDENT  STR_INIT("{\"student\":101}")
#define PAYLOAD_FOR_MEMBERS STR_INIT("{\"moved\":1}")

/* ---- readers -------------------------------------------------------------------------------- */

/* pupil: one of the students; else of the school. */
struct reader {
	const char *name;
	enum school_person person;
	int64_t pupil, branch;
};
/* In the order of the columns of the table below. */
static const struct reader readers[] = {
	{ "nobody", 0, 0, 0 },
	{ "the teacher", SCHOOL_TEACHER, 0, 0 },
	{ "a colleague", SCHOOL_COLLEAGUE, 0, 0 },
	{ "staff of the class", SCHOOL_EMPLOYEE, 0, 0 },
	{ "the admin", SCHOOL_ADMIN, 0, 0 },
	{ "the admin of another branch", SCHOOL_OTHER_ADMIN, 0, 0 },
	{ "a super admin", SCHOOL_SUPER, 0, 0 },
	{ "the student", 0, PUPIL_FIRST, 1 },
	{ "a student of the course", 0, PUPIL_FIRST + 1, 1 },
	{ "a student of no group", 0, PUPIL_ALONE, 1 },
	{ "a student of another branch", 0, PUPIL_PARIS, 2 },
};
#define READERS ARRAY_LEN(readers)

static struct who pupil_who;
static const struct who nobody = { .person_id = COLUMN_NULL, .branch_id = COLUMN_NULL };

static struct core *as(const struct reader *r)
{
	struct core *c = school_as(&school, r->person ? r->person : SCHOOL_STUDENT);

	pupil_who = (struct who){ .role = ROLE_STUDENT,
				  .account_id = r->pupil,
				  .person_id = r->pupil,
				  .branch_id = r->branch };
	if (r->pupil)
		c->who = &pupil_who;
	else if (!r->person)
		c->who = &nobody;
	return c;
}

/* ---- fixture -------------------------------------------------------------------------------- */

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
	db_fixture_exec(&school.f, "DELETE FROM lease");
	return 0;
}

static void relay(void)
{
	struct relay_round r;
	struct error e;

	struct relay_holder alice = { ALICE, 0 };

	EXPECT(relay_round(school_as(&school, SCHOOL_TEACHER), &alice, 5, &r, &e), RC_OK);
}

static enum rc add_tx(struct store *s, void *arg, struct error *e)
{
	return event_add(&school.c, s, arg, e);
}

static void add(const struct event_new *n)
{
	struct event_new kept = *n;
	struct error e;

	EXPECT(store_tx(school_as(&school, SCHOOL_TEACHER)->db, add_tx, &kept, &e), RC_OK);
}

/* The newest event. */
static struct event newest(void)
{
	const struct event *rows;
	int64_t first, last;
	struct error e;
	size_t n;

	relay();
	EXPECT(event_bounds(&school.c, &first, &last, &e), RC_OK);
	EXPECT(event_after(&school.c, last - 1, 1, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	return rows[0];
}

/* ---- type × reader -------------------------------------------------------------------------- */

/* 'F': the payload; 'p': what is public; '.': that there was one. */
static char told(const struct event *v, const struct reader *r)
{
	static const char letters[] = {
		[EVENT_FULL] = 'F', [EVENT_PUBLIC] = 'p', [EVENT_TYPE_ONLY] = '.'
	};
	struct event_room rooms[EVENT_ROOMS_MAX];
	struct core *c = as(r);
	struct error e;
	size_t n = event_rooms(v, rooms);

	assert_true(n > 0 && n <= EVENT_ROOMS_MAX);
	for (size_t i = 0; i < n; i++) {
		struct str room = str_from(rooms[i].name);

		assert_int_equal(event_detail_of(room), rooms[i].detail);
		if (i > 0)
			assert_true(rooms[i].detail >= rooms[i - 1].detail);
		error_init(&e);
		if (event_may_join(c, room, &e) == RC_OK)
			return letters[rooms[i].detail];
	}
	return '-';
}

/*
 * Columns: nobody, teacher, colleague, staff of the class, admin, other admin, super; the
 * student, one of the same course, one of no group, one of another branch.  The event is of branch
 * 1, course 1, the student as person and the colleague as account.
 */
static const char *const expected[EVENT__MAX] = {
	[EVENT_ATTENDANCE_OPENED] = ".F.FF.FFp..",
	[EVENT_ATTENDANCE_PAUSED] = ".F.FF.FFp..",
	[EVENT_ATTENDANCE_RESUMED] = ".F.FF.FFp..",
	[EVENT_ATTENDANCE_EXTENDED] = ".F.FF.FFp..",
	[EVENT_ATTENDANCE_CHANGED] = ".F.FF.FFp..",
	[EVENT_ATTENDANCE_CLOSED] = ".F.FF.FFp..",
	[EVENT_ATTENDANCE_REOPENED] = ".F.FF.FFp..",
	[EVENT_ATTENDANCE_DELETED] = ".F.FF.FFp..",
	[EVENT_ATTENDANCE_MARKED] = ".F.FF.FFp..",
	[EVENT_ATTENDANCE_FLAGGED] = ".F.FF.FF...",
	[EVENT_ATTENDANCE_DECIDED] = ".F.FF.FFp..",
	[EVENT_ATTENDANCE_GUEST_ADDED] = ".F.FF.F....",
	[EVENT_ATTENDANCE_JOINED] = ".F.FF.F....",
	[EVENT_ATTENDANCE_LEFT] = ".F.FF.F....",
	[EVENT_ATTENDANCE_GUEST_REMOVED] = ".F.FF.F....",
	[EVENT_ATTENDANCE_GUEST_MERGED] = ".F.FF.F....",
	[EVENT_REQUEST_CREATED] = "..F.F.F....",
	[EVENT_REQUEST_UPDATED] = "..F.F.F....",
	[EVENT_SESSION_CREATED] = ".p.pF.FFp..",
	[EVENT_SESSION_MOVED] = ".p.pF.FFp..",
	[EVENT_SESSION_CANCELLED] = ".p.pF.FFp..",
	[EVENT_UPLOAD_ADDED] = "....F.F....",
	[EVENT_UPLOAD_REVIEWED] = "..F.F.F....",
	[EVENT_COMPLETION_MISSING] = "....F.FF...",
	[EVENT_COMPLETION_RETURNED] = "....F.FF...",
	[EVENT_EXCUSE_REQUESTED] = ".FFFF.FF...",
	[EVENT_EXCUSE_DECIDED] = ".FFFF.FF...",
	[EVENT_CORRECTION_REQUESTED] = ".FFFF.FF...",
	[EVENT_CORRECTION_DECIDED] = ".FFFF.FF...",
	[EVENT_NOTIFICATION_CREATED] = "..F........",
};

static void test_each_type_reaches_whom_it_may(void **state)
{
	(void)state;
	int64_t attendance = pupils_attendance(&school);

	for (enum event_type t = 0; t < EVENT__MAX; t++) {
		struct event v;

		add(&(struct event_new){ .type = t,
					 .branch_id = 1,
					 .attendance_id = attendance,
					 .course_id = BRANCH_1_COURSE,
					 .person_id = PUPIL_FIRST,
					 .account_id = SCHOOL_COLLEAGUE,
					 .payload = PAYLOAD_OF_STUDENT,
					 .public_payload = PAYLOAD_FOR_MEMBERS });
		v = newest();
		assert_int_equal(v.type, t);
		assert_true(str_eq(v.name, str_from(event_name(t))));
		assert_int_equal(strlen(expected[t]), READERS);
		for (size_t i = 0; i < READERS; i++)
			if (told(&v, &readers[i]) != expected[t][i])
				fail_msg("%s, %s: %c instead of %c", event_name(t), readers[i].name,
					 told(&v, &readers[i]), expected[t][i]);
	}
}

static void test_what_each_detail_says(void **state)
{
	(void)state;
	struct event v;

	add(&(struct event_new){ .type = EVENT_ATTENDANCE_MARKED,
				 .branch_id = 1,
				 .attendance_id = 7,
				 .person_id = PUPIL_FIRST,
				 .payload = PAYLOAD_OF_STUDENT,
				 .public_payload = PAYLOAD_FOR_MEMBERS });
	v = newest();
	assert_true(str_eq(event_payload(&v, EVENT_FULL), STR("{\"student\":101}")));
	assert_true(str_eq(event_payload(&v, EVENT_PUBLIC), STR("{\"moved\":1}")));
	assert_true(str_eq(event_payload(&v, EVENT_TYPE_ONLY), STR("{}")));
	/* Another student gets no byte of the first one, in whatever room. */
	for (size_t i = READERS - 3; i < READERS; i++)
		assert_int_not_equal(told(&v, &readers[i]), 'F');
}

/* Of the audiences those remain that the event has an id for. */
static void test_without_an_id_nobody_is_told(void **state)
{
	(void)state;
	struct event_room rooms[EVENT_ROOMS_MAX];
	struct event v;

	add(&(struct event_new){
		.type = EVENT_EXCUSE_REQUESTED, .branch_id = 1, .payload = STR("{}") });
	v = newest();
	assert_int_equal(v.audience, EVENT_TO_ADMINS);
	assert_int_equal(event_rooms(&v, rooms), 3);
	assert_string_equal(rooms[0].name, "b1");
	assert_string_equal(rooms[1].name, "b*");
	assert_string_equal(rooms[2].name, "*");
	add(&(struct event_new){
		.type = EVENT_NOTIFICATION_CREATED, .branch_id = 1, .payload = STR("{}") });
	v = newest();
	assert_int_equal(event_rooms(&v, rooms), 0);
	/* Members are told nothing that was not written for them. */
	add(&(struct event_new){ .type = EVENT_SESSION_MOVED,
				 .branch_id = 1,
				 .course_id = BRANCH_1_COURSE,
				 .payload = STR("{\"room\":1}") });
	v = newest();
	assert_int_equal(v.audience, EVENT_TO_ADMINS);
}

static void test_too_long_a_payload(void **state)
{
	(void)state;
	struct event_new n = { .type = EVENT_REQUEST_CREATED, .branch_id = 1 };
	char text[2002];
	struct error e;

	memset(text, 'x', sizeof text);
	n.payload = str_make(text, 2001);
	EXPECT(store_tx(school_as(&school, SCHOOL_TEACHER)->db, add_tx, &n, &e), RC_INTERNAL);
	n.payload = str_make(text, 2000);
	EXPECT(store_tx(school_as(&school, SCHOOL_TEACHER)->db, add_tx, &n, &e), RC_OK);
}

/* ---- rooms ---------------------------------------------------------------------------------- */

static void test_rooms_that_are_none(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"",   "a",    "a0",  "a-1", "a1x", "a99999999999999999999",
		"x1", "**",   "b**", "A1",  "a 1", "a999999",
		"m0", "c999", "p",   "u 4", "a1 ", "\xc3\xa9"
	};
	struct error e;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		EXPECT(event_may_join(school_as(&school, SCHOOL_SUPER), str_from(wrong[i]), &e),
		       RC_NOT_FOUND);
}

static void test_own_rooms_only(void **state)
{
	(void)state;
	struct error e;

	EXPECT(event_may_join(as(&readers[7]), STR("p101"), &e), RC_OK);
	EXPECT(event_may_join(as(&readers[7]), STR("u101"), &e), RC_OK);
	EXPECT(event_may_join(as(&readers[7]), STR("p102"), &e), RC_NOT_FOUND);
	EXPECT(event_may_join(as(&readers[7]), STR("u102"), &e), RC_NOT_FOUND);
	EXPECT(event_may_join(as(&readers[6]), STR("p101"), &e), RC_NOT_FOUND);
	EXPECT(event_may_join(as(&readers[4]), STR("b2"), &e), RC_NOT_FOUND);
	EXPECT(event_may_join(as(&readers[4]), STR("b*"), &e), RC_NOT_FOUND);
	EXPECT(event_may_join(as(&readers[0]), STR("*"), &e), RC_OK);
}

static void test_a_deleted_session_has_no_rooms(void **state)
{
	(void)state;
	int64_t id = pupils_attendance(&school);
	char staff[EVENT_ROOM_SIZE], members[EVENT_ROOM_SIZE];
	struct error e;

	event_room_name('a', id, staff);
	event_room_name('m', id, members);
	EXPECT(event_may_join(as(&readers[1]), str_from(staff), &e), RC_OK);
	EXPECT(event_may_join(as(&readers[8]), str_from(members), &e), RC_OK);
	EXPECT(event_may_join(as(&readers[8]), str_from(staff), &e), RC_NOT_FOUND);
	db_fixture_exec(&school.f, "UPDATE attendance_session SET deleted_at = UTC_TIMESTAMP(6)");
	EXPECT(event_may_join(as(&readers[1]), str_from(staff), &e), RC_NOT_FOUND);
	EXPECT(event_may_join(as(&readers[8]), str_from(members), &e), RC_NOT_FOUND);
}

/* Staff of the branch are not students, also where everybody is expected. */
static void test_an_open_roster_is_for_students(void **state)
{
	(void)state;
	int64_t id = pupils_attendance(&school);
	char members[EVENT_ROOM_SIZE];
	struct error e;

	event_room_name('m', id, members);
	EXPECT(event_may_join(as(&readers[9]), str_from(members), &e), RC_NOT_FOUND);
	db_fixture_exec(&school.f, "UPDATE attendance_session SET roster = 'open'");
	EXPECT(event_may_join(as(&readers[9]), str_from(members), &e), RC_OK);
	EXPECT(event_may_join(as(&readers[10]), str_from(members), &e), RC_NOT_FOUND);
	EXPECT(event_may_join(as(&readers[2]), str_from(members), &e), RC_NOT_FOUND);
}

/* ---- own rooms, and catching up -------------------------------------------------------------- */

/* "b1 p4 u4", in the order they come. */
static const char *own_rooms(const struct reader *r)
{
	static char text[EVENT_OWN_MAX * (EVENT_ROOM_SIZE + 1)];
	struct core *c = as(r);
	const struct event_room *rooms;
	struct error e;
	size_t n, at = 0;

	EXPECT(event_own_rooms(c, &rooms, &n, &e), RC_OK);
	text[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		/* None that they could not have asked for. */
		EXPECT(event_may_join(c, str_from(rooms[i].name), &e), RC_OK);
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", i ? " " : "",
				       rooms[i].name);
	}
	return text;
}

static void test_the_rooms_one_is_in(void **state)
{
	(void)state;
	int64_t id = pupils_attendance(&school);
	char wanted[100];

	assert_string_equal(own_rooms(&readers[0]), "");
	snprintf(wanted, sizeof wanted, "p1 u1 a%lld m%lld c1", (long long)id, (long long)id);
	assert_string_equal(own_rooms(&readers[1]), wanted);
	assert_string_equal(own_rooms(&readers[2]), "p2 u2");
	snprintf(wanted, sizeof wanted, "p3 u3 a%lld m%lld", (long long)id, (long long)id);
	assert_string_equal(own_rooms(&readers[3]), wanted);
	assert_string_equal(own_rooms(&readers[4]), "b1 p4 u4");
	assert_string_equal(own_rooms(&readers[5]), "b2 p5 u5");
	assert_string_equal(own_rooms(&readers[6]), "b* p6 u6");
	snprintf(wanted, sizeof wanted, "p101 u101 m%lld c1", (long long)id);
	assert_string_equal(own_rooms(&readers[7]), wanted);
	assert_string_equal(own_rooms(&readers[9]), "p122 u122");
	/* What is over is followed no more. */
	db_fixture_exec(&school.f, "UPDATE attendance_session SET state = 'closed'");
	assert_string_equal(own_rooms(&readers[1]), "p1 u1 c1");
}

static void add_mark(int64_t attendance, int64_t person)
{
	add(&(struct event_new){ .type = EVENT_ATTENDANCE_MARKED,
				 .branch_id = 1,
				 .attendance_id = attendance,
				 .person_id = person,
				 .payload = STR("{\"full\":1}"),
				 .public_payload = STR("{\"public\":1}") });
}

static void test_catching_up(void **state)
{
	(void)state;
	static const struct event_room rooms[] = { { "m7", EVENT_PUBLIC }, { "p101", EVENT_FULL } };
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	const struct event_missed *missed;
	int64_t newest;
	struct error e;
	size_t n;

	EXPECT(event_missed(c, 0, rooms, 2, &missed, &n, &newest, &e), RC_OK);
	assert_int_equal(n, 0);
	assert_int_equal(newest, 0);
	add_mark(7, 101);
	add_mark(7, 102);
	add_mark(8, 102);
	add_mark(8, 101);
	relay();
	EXPECT(event_missed(c, 0, rooms, 2, &missed, &n, &newest, &e), RC_OK);
	assert_int_equal(n, 0);
	assert_int_equal(newest, 4);
	/* The first is the reader's own, the second of somebody else, the third none of theirs. */
	EXPECT(event_missed(c, 1, rooms, 2, &missed, &n, &newest, &e), RC_OK);
	assert_int_equal(n, 2);
	assert_int_equal(missed[0].event->seq, 2);
	assert_int_equal(missed[0].detail, EVENT_PUBLIC);
	assert_int_equal(missed[1].event->seq, 4);
	assert_int_equal(missed[1].detail, EVENT_FULL);
	EXPECT(event_missed(c, 4, rooms, 2, &missed, &n, &newest, &e), RC_OK);
	assert_int_equal(n, 0);
	/* Of no such stream, and before its beginning. */
	EXPECT(event_missed(c, 5, rooms, 2, &missed, &n, &newest, &e), RC_TOO_BIG);
	assert_int_equal(newest, 4);
	db_fixture_exec(&school.f, "DELETE FROM event WHERE seq < 3");
	EXPECT(event_missed(c, 1, rooms, 2, &missed, &n, &newest, &e), RC_TOO_BIG);
	EXPECT(event_missed(c, 2, rooms, 2, &missed, &n, &newest, &e), RC_OK);
	assert_int_equal(n, 1);
}

/* Over several pages, none is missed; further back than that is too far. */
static void test_catching_up_with_many(void **state)
{
	(void)state;
	static const struct event_room room = { "p101", EVENT_FULL };
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	const struct event_missed *missed;
	int64_t newest;
	struct error e;
	size_t n;

	db_fixture_exec(
		&school.f,
		"INSERT INTO event (seq, outbox_id, at, type, branch_id, person_id, audience,"
		" payload, relayed_at) SELECT seq, seq, '2026-11-20', 'attendance.marked', 1,"
		" 101, 'person', '{}', '2026-11-20' FROM seq_1_to_5001");
	EXPECT(event_missed(c, 1, &room, 1, &missed, &n, &newest, &e), RC_OK);
	assert_int_equal(n, EVENT_CATCH_UP_MAX);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(missed[i].event->seq, (int64_t)i + 2);
	db_fixture_exec(&school.f, "INSERT INTO event (seq, outbox_id, at, type, branch_id,"
				   " audience, payload, relayed_at) VALUES (5002, 5002,"
				   " '2026-11-20', 'attendance.marked', 1, 'person', '{}',"
				   " '2026-11-20')");
	EXPECT(event_missed(c, 1, &room, 1, &missed, &n, &newest, &e), RC_TOO_BIG);
}

/* ---- what the writers write ----------------------------------------------------------------- */

static void test_opening_and_marking(void **state)
{
	(void)state;
	int64_t id = pupils_attendance(&school);
	const struct register_mark mark = { .person_id = PUPIL_FIRST, .mark = MARK_LATE };
	struct register_done done;
	struct event v = newest();
	struct error e;

	assert_int_equal(v.type, EVENT_ATTENDANCE_OPENED);
	assert_int_equal(v.attendance_id, id);
	assert_int_equal(v.course_id, BRANCH_1_COURSE);
	assert_int_equal(v.audience,
			 EVENT_TO_ADMINS | EVENT_TO_STAFF | EVENT_TO_MEMBERS | EVENT_TO_PERSON);
	assert_int_equal(v.person_id, SCHOOL_TEACHER);
	EXPECT(register_set(school_as(&school, SCHOOL_TEACHER), id, &mark, 1, STR(""), &done, &e),
	       RC_OK);
	v = newest();
	assert_int_equal(v.type, EVENT_ATTENDANCE_MARKED);
	assert_int_equal(v.person_id, PUPIL_FIRST);
	assert_int_equal(v.audience,
			 EVENT_TO_ADMINS | EVENT_TO_STAFF | EVENT_TO_MEMBERS | EVENT_TO_PERSON);
	assert_true(str_find(v.public_payload, STR("101")) == SIZE_MAX);
	assert_true(str_find(v.payload, STR("\"late\"")) < v.payload.n);
}

static void test_a_decision_is_one(void **state)
{
	(void)state;
	int64_t id = pupils_attendance(&school);
	int64_t attempt = pupils_flagged(&school, id, PUPIL_FIRST);
	struct event v;
	struct error e;

	EXPECT(register_decide(school_as(&school, SCHOOL_TEACHER), attempt, true, STR(""), &e),
	       RC_OK);
	v = newest();
	assert_int_equal(v.type, EVENT_ATTENDANCE_DECIDED);
	assert_int_equal(v.person_id, PUPIL_FIRST);
	assert_int_equal(told(&v, &readers[7]), 'F');
	assert_int_equal(told(&v, &readers[8]), 'p');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_each_type_reaches_whom_it_may, fresh),
		cmocka_unit_test_setup(test_what_each_detail_says, fresh),
		cmocka_unit_test_setup(test_without_an_id_nobody_is_told, fresh),
		cmocka_unit_test_setup(test_too_long_a_payload, fresh),
		cmocka_unit_test_setup(test_rooms_that_are_none, fresh),
		cmocka_unit_test_setup(test_own_rooms_only, fresh),
		cmocka_unit_test_setup(test_a_deleted_session_has_no_rooms, fresh),
		cmocka_unit_test_setup(test_an_open_roster_is_for_students, fresh),
		cmocka_unit_test_setup(test_the_rooms_one_is_in, fresh),
		cmocka_unit_test_setup(test_catching_up, fresh),
		cmocka_unit_test_setup(test_catching_up_with_many, fresh),
		cmocka_unit_test_setup(test_opening_and_marking, fresh),
		cmocka_unit_test_setup(test_a_decision_is_one, fresh),
	};

	return cmocka_run_group_tests_name("events", tests, set_up, tear_down);
}
