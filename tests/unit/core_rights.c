/*
 * The table of rights: role × action × relation to the subject, written out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/rights.h"

#define MY_BRANCH  7
#define MY_PERSON  70
#define MY_ACCOUNT 700

/* What the viewer has to do with the thing. */
enum relation {
	STRANGER,       /* same branch */
	OTHER_BRANCH,   /* nothing at all */
	TEACHER,        /* holds the session; somebody else wrote the thing */
	STAFF,          /* staff of the class; likewise */
	AUTHOR,         /* holds the session and wrote the thing */
	STAFF_AUTHOR,   /* staff of the class and wrote it */
	AUTHOR_OUTSIDE, /* wrote it once, has nothing to do with the session now */
	RELATION__MAX
};

static struct subject subject_of(enum relation r)
{
	struct subject s = { .branch_id = MY_BRANCH, .teacher_id = 71, .owner_id = 701 };

	if (r == OTHER_BRANCH)
		s.branch_id = 8;
	if (r == TEACHER || r == AUTHOR)
		s.teacher_id = MY_PERSON;
	if (r == STAFF || r == STAFF_AUTHOR)
		s.is_class_staff = true;
	if (r == AUTHOR || r == STAFF_AUTHOR || r == AUTHOR_OUTSIDE)
		s.owner_id = MY_ACCOUNT;
	return s;
}

/* Per relation: y or -.      stranger, other branch, teacher, staff, author, staff+author, outside
 */
#define ALL_  "yyyyyyy"
#define HOME_ "y-yyyyy"
#define CLASS "--yyyy-"
#define OWN__ "----yy-"
#define NONE_ "-------"

static const struct {
	enum action action;
	const char *super, *branch, *faculty, *employee;
} table[] = {
	{ ACTION_SESSION_SEE, ALL_, HOME_, CLASS, CLASS },
	{ ACTION_SESSION_COMPLETE, ALL_, HOME_, CLASS, CLASS },
	{ ACTION_SESSION_EDIT, ALL_, HOME_, CLASS, CLASS },
	{ ACTION_SESSION_CANCEL, ALL_, HOME_, CLASS, CLASS },
	{ ACTION_SESSION_MOVE, ALL_, HOME_, CLASS, NONE_ },
	{ ACTION_SESSION_REOPEN, ALL_, HOME_, OWN__, OWN__ },
	{ ACTION_SESSION_REOPEN_LATE, ALL_, HOME_, NONE_, NONE_ },
	{ ACTION_SESSION_CHECK, ALL_, HOME_, NONE_, NONE_ },
	{ ACTION_NOTE_ADD, ALL_, HOME_, CLASS, CLASS },
	{ ACTION_NOTE_EDIT, ALL_, HOME_, OWN__, OWN__ },
	{ ACTION_NOTE_DELETE, ALL_, HOME_, OWN__, OWN__ },
	{ ACTION_FILE_ADD, ALL_, HOME_, CLASS, CLASS },
	{ ACTION_FILE_DELETE, ALL_, HOME_, OWN__, OWN__ },
	{ ACTION_FILE_DOWNLOAD, ALL_, HOME_, CLASS, CLASS },
	{ ACTION_SCHEDULE_SEE, ALL_, HOME_, CLASS, CLASS },
	{ ACTION_SCHEDULE_MANAGE, ALL_, HOME_, NONE_, NONE_ },
	{ ACTION_AUDIT_SEE, ALL_, HOME_, CLASS, CLASS },
	{ ACTION_HEALTH_VERSIONS, ALL_, ALL_, NONE_, NONE_ },
	{ ACTION_PEOPLE_MANAGE, ALL_, HOME_, NONE_, NONE_ },
	{ ACTION_ORG_MANAGE, ALL_, HOME_, NONE_, NONE_ },
	{ ACTION_BRANCH_MANAGE, ALL_, NONE_, NONE_, NONE_ },
	{ ACTION_IMPORT, ALL_, HOME_, NONE_, NONE_ },
	{ ACTION_UPLOAD_REVIEW, ALL_, HOME_, NONE_, NONE_ },
	{ ACTION_AUDIT_SEARCH, ALL_, HOME_, NONE_, NONE_ },
	{ ACTION_ATTENDANCE_SEE, ALL_, HOME_, CLASS, CLASS },
	{ ACTION_ATTENDANCE_WORK, ALL_, HOME_, CLASS, CLASS },
	{ ACTION_ATTENDANCE_REOPEN, ALL_, HOME_, CLASS, NONE_ },
	{ ACTION_POLICY_MANAGE, ALL_, HOME_, NONE_, NONE_ },
	{ ACTION_DEVICE_MANAGE, ALL_, HOME_, NONE_, NONE_ },
	{ ACTION_STATUS_MANAGE, ALL_, NONE_, NONE_, NONE_ },
	{ ACTION_SESSION_CREATE, ALL_, HOME_, NONE_, NONE_ },
	{ ACTION_REQUEST_DECIDE, ALL_, HOME_, NONE_, NONE_ },
};

static struct who who_of(enum role role)
{
	return (struct who){ .role = role,
			     .account_id = MY_ACCOUNT,
			     .person_id = MY_PERSON,
			     .branch_id = role == ROLE_SUPER_ADMIN ? COLUMN_NULL : MY_BRANCH };
}

static void check(enum role role, enum action action, const char *expected)
{
	const struct who w = who_of(role);

	for (enum relation r = 0; r < RELATION__MAX; r++) {
		const struct subject s = subject_of(r);
		struct error e;
		const bool is_allowed = rights_allow(&w, action, &s);
		if (is_allowed != (expected[r] == 'y'))
			fail_msg("%s, action %d, relation %d: %s", role_name(role), (int)action,
				 (int)r, is_allowed ? "allowed" : "refused");
		error_init(&e);
		const enum rc rc = rights_check(&w, action, &s, &e);
		const bool is_seen = rights_allow(&w, ACTION_SESSION_SEE, &s);
		assert_int_equal(rc, is_allowed ? RC_OK : is_seen ? RC_DENIED : RC_NOT_FOUND);
	}
}

static void test_table(void **state)
{
	(void)state;
	assert_int_equal(ARRAY_LEN(table), ACTION__MAX);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		check(ROLE_SUPER_ADMIN, table[i].action, table[i].super);
		check(ROLE_BRANCH_ADMIN, table[i].action, table[i].branch);
		check(ROLE_FACULTY, table[i].action, table[i].faculty);
		check(ROLE_EMPLOYEE, table[i].action, table[i].employee);
		check(ROLE_STUDENT, table[i].action, NONE_);
		check(ROLE_DEVICE, table[i].action, NONE_);
		check(ROLE_NONE, table[i].action, NONE_);
	}
}

/* Absent ids never match each other. */
static void test_absent_ids(void **state)
{
	const struct subject nothing = { .branch_id = COLUMN_NULL,
					 .teacher_id = COLUMN_NULL,
					 .owner_id = COLUMN_NULL };
	struct who w = who_of(ROLE_FACULTY);

	(void)state;
	w.person_id = COLUMN_NULL;
	assert_false(rights_allow(&w, ACTION_SESSION_SEE, &nothing));
	w = who_of(ROLE_BRANCH_ADMIN);
	w.branch_id = COLUMN_NULL;
	assert_false(rights_allow(&w, ACTION_SESSION_SEE, &nothing));
	w.branch_id = 0;
	assert_false(rights_allow(&w, ACTION_SESSION_SEE, &nothing));
}

static void test_reasons(void **state)
{
	const struct subject mine = subject_of(TEACHER);
	const struct who w = who_of(ROLE_FACULTY);
	struct error e;

	(void)state;
	error_init(&e);
	assert_int_equal(rights_check(&w, ACTION_SESSION_CHECK, &mine, &e), RC_DENIED);
	assert_int_equal(e.reason, REASON_ADMIN_ONLY);
	assert_int_equal(rights_check(&w, ACTION_NOTE_EDIT, &mine, &e), RC_DENIED);
	assert_int_equal(e.reason, REASON_DENIED);
}

/* What belongs to a branch hides from the next branch's admin, and refuses everybody else. */
static void test_branch(void **state)
{
	static const struct {
		enum role role;
		int64_t branch_id;
		enum rc rc;
	} cases[] = {
		{ ROLE_SUPER_ADMIN, MY_BRANCH, RC_OK },
		{ ROLE_SUPER_ADMIN, COLUMN_NULL, RC_OK },
		{ ROLE_BRANCH_ADMIN, MY_BRANCH, RC_OK },
		{ ROLE_BRANCH_ADMIN, 8, RC_NOT_FOUND },
		{ ROLE_BRANCH_ADMIN, COLUMN_NULL, RC_NOT_FOUND },
		{ ROLE_FACULTY, MY_BRANCH, RC_DENIED },
		{ ROLE_STUDENT, MY_BRANCH, RC_DENIED },
		{ ROLE_NONE, COLUMN_NULL, RC_DENIED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct who w = who_of(cases[i].role);
		struct error e;

		error_init(&e);
		assert_int_equal(rights_branch(&w, ACTION_PEOPLE_MANAGE, cases[i].branch_id, &e),
				 cases[i].rc);
	}
}

static void test_roles(void **state)
{
	(void)state;
	for (enum role r = ROLE_SUPER_ADMIN; r < ROLE__MAX; r++)
		assert_int_equal(role_from(str_from(role_name(r))), r);
	assert_int_equal(role_from(STR("none")), ROLE_NONE);
	assert_int_equal(role_from(STR("Faculty")), ROLE_NONE);
	assert_int_equal(role_from(STR("")), ROLE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),   cmocka_unit_test(test_absent_ids),
		cmocka_unit_test(test_reasons), cmocka_unit_test(test_branch),
		cmocka_unit_test(test_roles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
