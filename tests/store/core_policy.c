/*
 * Policies, networks, shared machines and marks, against a real database: what is in
 * force where, who may change it, and two admins at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/attendance/policy.h"
#include "store/session_fixture.h"

static struct school school;

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) (error_init(&e), expect_at((call), (want), &e, __LINE__))

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
	db_fixture_exec(&school.f, "DELETE FROM attendance_policy; DELETE FROM branch_network;"
				   "DELETE FROM shared_browser; UPDATE status_set SET label = NULL,"
				   " letter = NULL, is_counted = status <> 'excused', version = 1,"
				   " points = IF(status IN ('present', 'late'), 100, 0)");
	return 0;
}

static struct policy in_force(int64_t branch_id, int64_t course_id)
{
	struct policy p = { 0 };
	struct error e;

	EXPECT(policy_in_force(school.c.db, school.c.arena, branch_id, course_id, &p, &e), RC_OK);
	return p;
}

#define AUDITED(action)                                                                            \
	school_number(&school, "SELECT COUNT(*) AS n FROM audit_log WHERE action = '" action "'")

static void test_the_course_stands_before_the_branch(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct policy p;
	struct error e;

	(void)state;
	assert_int_equal(in_force(1, 1).code_period_s, policy_built_in.code_period_s);
	assert_int_equal(in_force(1, 1).version, 0);
	EXPECT(policy_get(c, 1, COLUMN_NULL, &p, &e), RC_OK);
	p.late_after_s = 300;
	p.place = POLICY_MUST;
	p.names_on_screen = true;
	EXPECT(policy_save(c, 1, COLUMN_NULL, &p, &e), RC_OK);
	assert_int_equal(in_force(1, 1).late_after_s, 300);
	assert_int_equal(in_force(1, 1).place, POLICY_MUST);
	assert_true(in_force(1, COLUMN_NULL).names_on_screen);
	assert_int_equal(in_force(2, COLUMN_NULL).late_after_s, 900);
	/* The course inherits, until it has its own. */
	EXPECT(policy_get(c, 1, 1, &p, &e), RC_OK);
	assert_int_equal(p.version, 0);
	assert_int_equal(p.late_after_s, 300);
	p.late_after_s = 600;
	p.auto_open = true;
	EXPECT(policy_save(c, 1, 1, &p, &e), RC_OK);
	assert_int_equal(in_force(1, 1).late_after_s, 600);
	assert_true(in_force(1, 1).auto_open);
	assert_int_equal(in_force(1, COLUMN_NULL).late_after_s, 300);
	const struct policy_course *rows;
	size_t n;
	EXPECT(policy_courses(c, 1, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_true(str_eq(rows[0].code, STR("DB-220")));
	EXPECT(policy_remove(c, 1, 1, &e), RC_OK);
	assert_int_equal(in_force(1, 1).late_after_s, 300);
	EXPECT(policy_remove(c, 1, 1, &e), RC_NOT_FOUND);
	assert_int_equal(AUDITED("policy.changed"), 2);
	assert_int_equal(AUDITED("policy.removed"), 1);
}

static bool is_same(const struct policy *a, const struct policy *b)
{
	return a->early_min == b->early_min && a->late_after_s == b->late_after_s &&
	       a->close_after_min == b->close_after_min && a->code == b->code &&
	       a->place == b->place && a->network == b->network && a->photo == b->photo &&
	       a->browser == b->browser && a->radius_m == b->radius_m &&
	       a->code_period_s == b->code_period_s && a->max_tries == b->max_tries &&
	       a->lock_days == b->lock_days && a->claim_days == b->claim_days &&
	       a->aim_percent == b->aim_percent && a->evidence_days == b->evidence_days &&
	       a->auto_open == b->auto_open && a->names_on_screen == b->names_on_screen;
}

static void test_every_field_comes_back(void **state)
{
	const struct policy want = { .early_min = 1,
				     .late_after_s = 2,
				     .close_after_min = 3,
				     .code = POLICY_OFF,
				     .place = POLICY_FLAG,
				     .network = POLICY_MUST,
				     .photo = POLICY_FLAG,
				     .browser = POLICY_OFF,
				     .radius_m = 14,
				     .code_period_s = 15,
				     .max_tries = 16,
				     .lock_days = 17,
				     .claim_days = 20,
				     .aim_percent = 18,
				     .evidence_days = 19,
				     .auto_open = true,
				     .names_on_screen = true };
	struct core *c = school_as(&school, SCHOOL_SUPER);
	struct policy p = want, other;
	struct error e;

	(void)state;
	EXPECT(policy_save(c, 1, COLUMN_NULL, &p, &e), RC_OK);
	for (int round = 1; round <= 2; round++) {
		EXPECT(policy_get(c, 1, COLUMN_NULL, &other, &e), RC_OK);
		assert_int_equal(other.version, round);
		assert_true(is_same(&other, &want));
		p.version = round;
		EXPECT(policy_save(c, 1, COLUMN_NULL, &p, &e), RC_OK);
	}
}

static void test_limits_and_versions(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct policy p = policy_built_in;
	struct error e;

	(void)state;
	p.early_min = 121;
	p.radius_m = 9;
	EXPECT(policy_save(c, 1, COLUMN_NULL, &p, &e), RC_INVALID);
	assert_int_equal(e.n_fields, 2);
	assert_string_equal(e.fields[0].field, "early_min");
	assert_int_equal(e.fields[0].reason, REASON_TOO_LARGE);
	assert_int_equal(e.fields[0].arg, 120);
	assert_int_equal(e.fields[1].reason, REASON_TOO_SMALL);
	p = policy_built_in;
	EXPECT(policy_save(c, 1, COLUMN_NULL, &p, &e), RC_OK);
	/* Made from what is not there any more. */
	EXPECT(policy_save(c, 1, COLUMN_NULL, &p, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CHANGED);
	p.version = 1;
	EXPECT(policy_save(c, 1, COLUMN_NULL, &p, &e), RC_OK);
	EXPECT(policy_save(c, 1, COLUMN_NULL, &p, &e), RC_CONFLICT);
}

static void test_only_admins_of_the_branch(void **state)
{
	static const enum school_person staff[] = { SCHOOL_TEACHER, SCHOOL_EMPLOYEE,
						    SCHOOL_STUDENT };
	struct policy p = policy_built_in;
	struct status_set marks;
	const struct network *rows;
	struct error e;
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(staff); i++) {
		struct core *c = school_as(&school, staff[i]);

		EXPECT(policy_save(c, 1, COLUMN_NULL, &p, &e), RC_DENIED);
		EXPECT(policy_get(c, 1, COLUMN_NULL, &p, &e), RC_DENIED);
		EXPECT(network_list(c, 1, &rows, &n, &e), RC_DENIED);
		EXPECT(network_add(c, 1, STR("192.0.2.0/24"), STR(""), &e), RC_DENIED);
	}
	struct core *c = school_as(&school, SCHOOL_OTHER_ADMIN);
	EXPECT(policy_save(c, 1, COLUMN_NULL, &p, &e), RC_NOT_FOUND);
	EXPECT(network_add(c, 1, STR("192.0.2.0/24"), STR(""), &e), RC_NOT_FOUND);
	/* A course of another branch is none of this one. */
	EXPECT(policy_save(c, 2, 1, &p, &e), RC_NOT_FOUND);
	EXPECT(policy_save(c, 2, 2, &p, &e), RC_OK);
	EXPECT(status_set_get(c, &marks, &e), RC_OK);
	EXPECT(status_set_save(c, &marks, &e), RC_DENIED);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM attendance_policy"), 1);
}

static void test_networks(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	const struct network *rows;
	struct error e;
	size_t n;

	(void)state;
	EXPECT(network_add(c, 1, STR(" 192.0.2.77/24 "), STR("Campus Wi-Fi"), &e), RC_OK);
	EXPECT(network_add(c, 1, STR("2001:db8::/32"), STR(""), &e), RC_OK);
	EXPECT(network_add(c, 1, STR("192.0.2.0/24"), STR(""), &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_NETWORK_TAKEN);
	EXPECT(network_add(c, 1, STR("192.0.2.0/33"), STR("a\nb"), &e), RC_INVALID);
	assert_int_equal(e.n_fields, 2);
	EXPECT(network_add(c, 1, STR(""), STR(""), &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_REQUIRED);
	EXPECT(network_list(c, 1, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 2);
	assert_true(str_eq(rows[0].cidr, STR("192.0.2.0/24")));
	assert_true(str_eq(rows[0].label, STR("Campus Wi-Fi")));
	EXPECT(network_remove(school_as(&school, SCHOOL_OTHER_ADMIN), rows[0].id, &e),
	       RC_NOT_FOUND);
	c = school_as(&school, SCHOOL_ADMIN);
	EXPECT(network_remove(c, rows[0].id, &e), RC_OK);
	EXPECT(network_remove(c, rows[0].id, &e), RC_NOT_FOUND);
	EXPECT(network_list(c, 1, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(AUDITED("policy.network_added"), 2);
	assert_int_equal(AUDITED("policy.network_removed"), 1);
}

static void test_shared_machines(void **state)
{
	const struct str hash = STR("0123456789abcdef0123456789ABCDEF");
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	const struct shared_browser *rows;
	struct error e;
	size_t n;

	(void)state;
	EXPECT(shared_browser_add(c, 1, hash, STR(" "), &e), RC_INVALID);
	EXPECT(shared_browser_add(c, 1, hash, STR("Lab 3"), &e), RC_OK);
	EXPECT(shared_browser_add(c, 1, hash, STR("Lab 3, desk 12"), &e), RC_OK);
	EXPECT(shared_browser_list(c, 1, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_true(str_eq(rows[0].label, STR("Lab 3, desk 12")));
	assert_true(str_eq(rows[0].hash, hash));
	assert_int_equal(rows[0].created_at, SCHOOL_NOW);
	/* Another branch neither takes nor removes it. */
	c = school_as(&school, SCHOOL_OTHER_ADMIN);
	EXPECT(shared_browser_add(c, 2, hash, STR("Ours"), &e), RC_NOT_FOUND);
	EXPECT(shared_browser_remove(c, hash, &e), RC_NOT_FOUND);
	c = school_as(&school, SCHOOL_ADMIN);
	EXPECT(shared_browser_remove(c, STR("short"), &e), RC_NOT_FOUND);
	EXPECT(shared_browser_remove(c, hash, &e), RC_OK);
	EXPECT(shared_browser_remove(c, hash, &e), RC_NOT_FOUND);
}

static void test_marks(void **state)
{
	struct core *c = school_as(&school, SCHOOL_SUPER);
	struct status_set set, again;
	struct error e;

	(void)state;
	for (enum mark m = MARK_NONE; m < MARK__MAX; m++)
		assert_int_equal(mark_from(str_from(mark_name(m))), m);
	assert_int_equal(mark_from(STR("Present")), MARK_NONE);
	EXPECT(status_set_get(c, &set, &e), RC_OK);
	assert_int_equal(set.v[MARK_LATE].points, 100);
	assert_false(set.v[MARK_EXCUSED].is_counted);
	assert_int_equal(set.v[MARK_PRESENT].label.n, 0);
	set.v[MARK_LATE].points = 50;
	set.v[MARK_LATE].label = STR(" Tardy ");
	set.v[MARK_LATE].letter = STR("T");
	EXPECT(status_set_save(c, &set, &e), RC_OK);
	EXPECT(status_set_get(c, &again, &e), RC_OK);
	assert_int_equal(again.v[MARK_LATE].points, 50);
	assert_true(str_eq(again.v[MARK_LATE].label, STR("Tardy")));
	assert_int_equal(again.v[MARK_LATE].version, 2);
	assert_int_equal(again.v[MARK_PRESENT].version, 1);
	EXPECT(status_set_save(c, &set, &e), RC_CONFLICT);
	again.v[MARK_ABSENT].points = 1001;
	again.v[MARK_PRESENT].letter = STR("PRESE");
	EXPECT(status_set_save(c, &again, &e), RC_INVALID);
	assert_int_equal(e.n_fields, 2);
	assert_string_equal(e.fields[0].field, "letter_present");
	assert_string_equal(e.fields[1].field, "points_absent");
	assert_int_equal(AUDITED("policy.marks_changed"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_the_course_stands_before_the_branch, fresh),
		cmocka_unit_test_setup(test_every_field_comes_back, fresh),
		cmocka_unit_test_setup(test_limits_and_versions, fresh),
		cmocka_unit_test_setup(test_only_admins_of_the_branch, fresh),
		cmocka_unit_test_setup(test_networks, fresh),
		cmocka_unit_test_setup(test_shared_machines, fresh),
		cmocka_unit_test_setup(test_marks, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
