/*
 * Who is told of what, against a real database.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/event/notify.h"
#include "store/session_fixture.h"

static struct school school;

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) expect_at((call), (want), &e, __LINE__)

/* Students of class 1 through section 1: person 7 and, only from December on, person 2. */
static int set_up(void **state)
{
	(void)state;
	school_open(&school);
	db_fixture_exec(&school.f,
			"INSERT INTO department (id, branch_id, name) VALUES (1, 1, 'D');"
			"INSERT INTO batch (id, department_id, name) VALUES (1, 1, '2026');"
			"INSERT INTO section (id, batch_id, name) VALUES (1, 1, 'A');"
			"INSERT INTO class_section (class_id, section_id) VALUES (1, 1);"
			"INSERT INTO section_member (section_id, person_id, from_date) VALUES"
			" (1, 7, '2026-01-01'), (1, 2, '2026-12-01');"
			"INSERT INTO enrolment (course_id, person_id, state, from_date) VALUES"
			" (1, 7, 'approved', '2026-01-01'), (1, 8, 'approved', '2026-01-01'),"
			" (1, 6, 'pending', '2026-01-01');");
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
	db_fixture_exec(&school.f, "DELETE FROM notification; DELETE FROM notification_preference;"
				   "DELETE FROM outbox");
	school_reset(&school);
	return 0;
}

/* What is told, and how; run in a transaction as callers do. */
enum telling_to { TO_ACCOUNT, TO_PERSON, TO_ADMINS, TO_STAFF, TO_STUDENTS, TO_ALL };
struct telling {
	struct core *c;
	struct notify_new n;
	enum telling_to to;
	int64_t id;
};

static enum rc tell_tx(struct store *s, void *arg, struct error *e)
{
	struct telling *t = arg;

	switch (t->to) {
	case TO_ACCOUNT:
		return notify_account(t->c, s, t->id, &t->n, e);
	case TO_PERSON:
		return notify_person(t->c, s, t->id, &t->n, e);
	case TO_ADMINS:
		return notify_admins(t->c, s, &t->n, e);
	case TO_STAFF:
		return notify_session_staff(t->c, s, t->id, &t->n, e);
	case TO_STUDENTS:
		return notify_session_students(t->c, s, t->id, &t->n, e);
	case TO_ALL:
	default:
		return notify_session_all(t->c, s, t->id, &t->n, e);
	}
}

static void tell(struct core *c, enum telling_to to, int64_t id)
{
	struct telling t = { .c = c, .to = to, .id = id };
	struct error e;

	t.n = (struct notify_new){ .kind = NOTIFY_SESSION_CANCELLED,
				   .branch_id = 1,
				   .entity_id = SCHOOL_NEXT_WEEK,
				   .params = { .title = STR("Plans") } };
	EXPECT(store_tx(c->db, tell_tx, &t, &e), RC_OK);
}

/* The accounts told, as a sum of powers of two. */
static int64_t told(void)
{
	return school_number(&school,
			     "SELECT CAST(COALESCE(SUM(1 << account_id), 0) AS SIGNED) AS n"
			     " FROM notification");
}
#define BIT(who) (INT64_C(1) << (who))

static void test_people_are_told_and_the_actor_is_not(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);

	(void)state;
	tell(c, TO_ACCOUNT, SCHOOL_TEACHER);
	tell(c, TO_PERSON, SCHOOL_STUDENT);
	tell(c, TO_PERSON, COLUMN_NULL);
	tell(c, TO_ACCOUNT, SCHOOL_ADMIN);
	assert_int_equal(told(), BIT(SCHOOL_TEACHER) | BIT(SCHOOL_STUDENT));
}

static void test_admins_of_the_branch_and_super_admins(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);

	(void)state;
	tell(c, TO_ADMINS, 0);
	assert_int_equal(told(), BIT(SCHOOL_ADMIN) | BIT(SCHOOL_SUPER));
}

static void test_a_session_tells_its_staff_and_its_students_of_the_day(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);

	(void)state;
	tell(c, TO_STAFF, SCHOOL_NEXT_WEEK);
	assert_int_equal(told(),
			 BIT(SCHOOL_TEACHER) | BIT(SCHOOL_EMPLOYEE) | BIT(SCHOOL_STAFF_TEACHER));
	fresh(NULL);
	tell(c, TO_STUDENTS, SCHOOL_NEXT_WEEK);
	assert_int_equal(told(), BIT(SCHOOL_STUDENT));
	fresh(NULL);
	tell(school_as(&school, SCHOOL_TEACHER), TO_ALL, SCHOOL_NEXT_WEEK);
	assert_int_equal(told(),
			 BIT(SCHOOL_STUDENT) | BIT(SCHOOL_EMPLOYEE) | BIT(SCHOOL_STAFF_TEACHER));
}

static void test_who_does_not_want_it_or_is_gone_is_left_out(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);

	(void)state;
	db_fixture_exec(&school.f,
			"INSERT INTO notification_preference VALUES"
			" (3, 'session.cancelled', 0, UTC_TIMESTAMP(6)),"
			" (8, 'session.moved', 0, UTC_TIMESTAMP(6)),"
			" (1, 'session.cancelled', 1, UTC_TIMESTAMP(6));"
			"UPDATE account SET disabled_at = UTC_TIMESTAMP(6) WHERE id = 8");
	tell(c, TO_STAFF, SCHOOL_NEXT_WEEK);
	db_fixture_exec(&school.f, "UPDATE account SET disabled_at = NULL");
	assert_int_equal(told(), BIT(SCHOOL_TEACHER));
}

struct many {
	struct core *c;
	struct notify_item items[4];
	size_t n;
};

static enum rc many_tx(struct store *s, void *arg, struct error *e)
{
	struct many *m = arg;

	return notify_many(m->c, s, NOTIFY_COMPLETION_MISSING, 1, m->items, m->n, e);
}

static void test_many_at_once_are_few_statements(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct many m = { .c = c, .n = 4 };
	struct error e;
	int64_t before;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		m.items[i] =
			(struct notify_item){ .entity_id = (int64_t)i + 1,
					      .account_id = i == 0 ? SCHOOL_TEACHER : COLUMN_NULL,
					      .person_id = i == 0 || i == 3 ? COLUMN_NULL
									    : SCHOOL_EMPLOYEE,
					      .params = { .title = STR("It's \"1\" <b>") } };
	before = store_n_statements(c->db);
	EXPECT(store_tx(c->db, many_tx, &m, &e), RC_OK);
	assert_in_range(store_n_statements(c->db) - before, 1, 4);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM notification"), 3);
	assert_int_equal(school_number(&school,
				       "SELECT CAST(SUM(entity_id * account_id) AS SIGNED) AS n"
				       " FROM notification"),
			 1 * SCHOOL_TEACHER + (2 + 3) * SCHOOL_EMPLOYEE);
	assert_int_equal(school_number(&school,
				       "SELECT COUNT(*) AS n FROM notification"
				       " WHERE JSON_VALUE(params, '$.title') = 'It\\'s \"1\" <b>'"),
			 3);
	m.n = 0;
	EXPECT(store_tx(c->db, many_tx, &m, &e), RC_OK);
}

static void test_params_come_back_as_they_were(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct notify_params p = { .title = STR("Réseaux"),
				   .who = STR("Şule"),
				   .code = STR("approved"),
				   .text = STR("a \"b\""),
				   .has_when = true,
				   .day = 20700,
				   .start = 0,
				   .end = NO_DAY,
				   .has_old = true,
				   .old_day = 20600,
				   .old_start = 3600,
				   .n = 7,
				   .link_id = 9 };
	struct notify_params got;
	struct error e;
	struct str json;

	(void)state;
	EXPECT(notify_params_write(c->arena, &p, &json, &e), RC_OK);
	notify_params_read(c->arena, json, &got);
	assert_true(str_eq(got.title, p.title) && str_eq(got.who, p.who));
	assert_true(str_eq(got.code, p.code) && str_eq(got.text, p.text));
	assert_true(got.has_when && got.has_old);
	assert_int_equal(got.day, 20700);
	assert_int_equal(got.start, 0);
	assert_int_equal(got.end, NO_DAY);
	assert_int_equal(got.old_day, 20600);
	assert_int_equal(got.old_start, 3600);
	assert_int_equal(got.n, 7);
	assert_int_equal(got.link_id, 9);
	notify_params_read(c->arena, STR("{\"title\":5,\"day\":\"x\"}"), &got);
	assert_true(got.title.n == 0 && !got.has_when);
	notify_params_read(c->arena, STR("broken"), &got);
	assert_true(got.title.n == 0);
}

static void test_long_texts_are_cut_and_fit_their_column(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct telling t = { .c = c, .to = TO_ACCOUNT, .id = SCHOOL_TEACHER };
	static char worst[3000];
	struct error e;

	(void)state;
	memset(worst, '<', sizeof worst);
	t.n = (struct notify_new){ .kind = NOTIFY_COMPLETION_RETURNED, .entity_id = 1 };
	t.n.params.title = t.n.params.who = t.n.params.code = t.n.params.text =
		str_make(worst, sizeof worst);
	EXPECT(store_tx(c->db, tell_tx, &t, &e), RC_OK);
	assert_int_equal(school_number(&school, "SELECT CHAR_LENGTH(JSON_VALUE(params, '$.text'))"
						" AS n FROM notification"),
			 NOTIFY_TEXT_MAX);
}

static void test_kinds_have_codes_of_their_own(void **state)
{
	enum notify_kind kind;

	(void)state;
	for (int k = 0; k < NOTIFY__MAX; k++) {
		assert_true(
			notify_kind_from(str_from(notify_rule((enum notify_kind)k)->code), &kind));
		assert_int_equal(kind, k);
	}
	assert_false(notify_kind_from(STR("session.unknown"), &kind));
	assert_true(notify_kind_is_for(NOTIFY_CHECKIN_OPENED, ROLE_STUDENT));
	assert_false(notify_kind_is_for(NOTIFY_CHECKIN_OPENED, ROLE_FACULTY));
	assert_false(notify_kind_is_for(NOTIFY_SESSION_REQUEST_CREATED, ROLE_FACULTY));
	assert_true(notify_kind_is_for(NOTIFY_SESSION_REQUEST_CREATED, ROLE_BRANCH_ADMIN));
	assert_false(notify_kind_is_for(NOTIFY_SESSION_MOVED, ROLE_DEVICE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_people_are_told_and_the_actor_is_not, fresh),
		cmocka_unit_test_setup(test_admins_of_the_branch_and_super_admins, fresh),
		cmocka_unit_test_setup(test_a_session_tells_its_staff_and_its_students_of_the_day,
				       fresh),
		cmocka_unit_test_setup(test_who_does_not_want_it_or_is_gone_is_left_out, fresh),
		cmocka_unit_test_setup(test_many_at_once_are_few_statements, fresh),
		cmocka_unit_test_setup(test_params_come_back_as_they_were, fresh),
		cmocka_unit_test_setup(test_long_texts_are_cut_and_fit_their_column, fresh),
		cmocka_unit_test_setup(test_kinds_have_codes_of_their_own, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
