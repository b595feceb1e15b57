/*
 * Branches, groups, classes and courses: what can be chosen, rights, names, moves, zones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/org.h"
#include "store/session_fixture.h"

#include <stdio.h>

static struct school school;

static const char institution[] =
	"INSERT INTO department (id, branch_id, name) VALUES (1, 1, 'Computer Science'),"
	" (2, 2, 'Lettres'), (3, 1, 'Old');"
	"UPDATE department SET ended_at = '2026-01-01' WHERE id = 3;"
	"INSERT INTO batch (id, department_id, name) VALUES (1, 1, '2026'), (2, 2, 'L1'), (3, 3, "
	"'2020');"
	"INSERT INTO section (id, batch_id, name) VALUES (1, 1, 'A'), (2, 1, 'B_%'), (3, 2, 'P'),"
	" (4, 3, 'Z');";

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
	db_fixture_exec(&school.f, institution);
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

/* ---- choosing ----------------------------------------------------------------------------- */

static const struct choice {
	enum school_person who;
	enum org_kind kind;
	int64_t branch_id;
	const char *search;
	int64_t with_id;
	enum rc rc;
	const char *names; /* joined by '|' */
} choices[] = {
	{ SCHOOL_SUPER, ORG_BRANCH, 0, "", 0, RC_OK, "Main campus|Paris" },
	{ SCHOOL_ADMIN, ORG_BRANCH, 0, "", 0, RC_OK, "Main campus" },
	{ SCHOOL_SUPER, ORG_SECTION, 0, "", 0, RC_OK,
	  "Computer Science · 2026 · A|Computer Science · 2026 · B_%|Lettres · L1 · P" },
	{ SCHOOL_SUPER, ORG_SECTION, 2, "", 0, RC_OK, "Lettres · L1 · P" },
	{ SCHOOL_ADMIN, ORG_SECTION, 0, "", 0, RC_OK,
	  "Computer Science · 2026 · A|Computer Science · 2026 · B_%" },
	{ SCHOOL_ADMIN, ORG_SECTION, 0, "_%", 0, RC_OK, "Computer Science · 2026 · B_%" },
	{ SCHOOL_ADMIN, ORG_SECTION, 0, "none", 0, RC_OK, "" },
	/* The one chosen comes though its department has ended; that of another branch does not. */
	{ SCHOOL_ADMIN, ORG_SECTION, 0, "", 4, RC_OK,
	  "Old · 2020 · Z|Computer Science · 2026 · A|Computer Science · 2026 · B_%" },
	{ SCHOOL_ADMIN, ORG_SECTION, 0, "2026 · a", 3, RC_OK, "Computer Science · 2026 · A" },
	{ SCHOOL_ADMIN, ORG_DEPARTMENT, 0, "", 0, RC_OK, "Computer Science" },
	{ SCHOOL_ADMIN, ORG_BATCH, 0, "", 0, RC_OK, "Computer Science · 2026" },
	{ SCHOOL_ADMIN, ORG_CLASS, 0, "", 0, RC_OK, "DEV-2024-A" },
	{ SCHOOL_ADMIN, ORG_COURSE, 0, "db-2", 0, RC_OK, "Databases" },
	{ SCHOOL_ADMIN, ORG_TEACHER, 0, "LEYLA", 0, RC_OK, "Leyla Aydın" },
	{ SCHOOL_ADMIN, ORG_STAFF, 0, "BURAK", 0, RC_OK, "Burak Öztürk" },
	{ SCHOOL_ADMIN, ORG_STUDENT, 0, "", 0, RC_OK, "" },
	{ SCHOOL_ADMIN, ORG_SECTION, 2, "", 0, RC_NOT_FOUND, "" },
	{ SCHOOL_TEACHER, ORG_SECTION, 0, "", 0, RC_DENIED, "" },
	{ SCHOOL_STUDENT, ORG_BRANCH, 0, "", 0, RC_DENIED, "" },
};

static void test_choosing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		const struct choice *w = &choices[i];
		struct core *c = school_as(&school, w->who);
		struct org_query q = { .kind = w->kind,
				       .branch_id = w->branch_id,
				       .search = str_from(w->search),
				       .with_id = w->with_id };
		const struct org_option *o = NULL;
		char names[512] = "";
		int at = 0;
		size_t n = 0;
		struct error e;
		bool more = true;

		error_init(&e);
		expect_at(org_options(c, &q, &o, &n, &more, &e), w->rc, &e, (int)i);
		for (size_t k = 0; k < n; k++)
			at += snprintf(names + at, sizeof names - (size_t)at, "%s%.*s",
				       k ? "|" : "", STR_ARG(o[k].name));
		assert_string_equal(names, w->names);
		assert_true(w->rc != RC_OK || !more);
	}
}

static void test_choosing_is_bounded(void **state)
{
	struct core *c = school_as(&school, SCHOOL_SUPER);
	struct org_query q = { .kind = ORG_SECTION, .limit = 2 };
	const struct org_option *o;
	struct error e;
	bool more = false;
	size_t n;

	(void)state;
	error_init(&e);
	EXPECT(org_options(c, &q, &o, &n, &more, &e), RC_OK);
	assert_int_equal(n, 2);
	assert_true(more);
	q.limit = 3;
	EXPECT(org_options(c, &q, &o, &n, &more, &e), RC_OK);
	assert_int_equal(n, 3);
	assert_false(more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_choosing, fresh),
		cmocka_unit_test_setup(test_choosing_is_bounded, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
