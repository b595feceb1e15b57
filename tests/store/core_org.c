/*
 * Branches, groups, classes and courses: what can be chosen, rights, names, moves, zones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/people/branch.h"
#include "core/people/org.h"
#include "core/session/completion.h"
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

/* ---- branches ------------------------------------------------------------------------------ */

#define AT_UTC(id, at)                                                                             \
	"SELECT COUNT(*) AS n FROM occurrence WHERE id = " id " AND starts_at = '" at "'"

static void at_least(const char *sql, int64_t n)
{
	if (school_number(&school, sql) != n)
		fail_msg("%s: %lld, not %lld", sql, (long long)school_number(&school, sql),
			 (long long)n);
}

/* Across 29 March 2026, when Paris goes to summer time, and 25 October, when it leaves it. */
static const char across[] =
	"INSERT INTO occurrence (id, branch_id, title, session_date, start_time, end_time, zone,"
	" starts_at, ends_at, state) VALUES"
	" (51, 1, 'Winter', '2027-03-27', '09:00', '10:00', 'UTC', '2027-03-27 09:00:00',"
	" '2027-03-27 10:00:00', 'scheduled'),"
	" (52, 1, 'Summer', '2027-03-29', '09:00', '10:00', 'UTC', '2027-03-29 09:00:00',"
	" '2027-03-29 10:00:00', 'scheduled'),"
	" (53, 1, 'Gap', '2027-03-28', '02:30', '03:30', 'UTC', '2027-03-28 02:30:00',"
	" '2027-03-28 03:30:00', 'scheduled'),"
	" (54, 1, 'Off', '2027-07-01', '09:00', '10:00', 'UTC', '2027-07-01 09:00:00',"
	" '2027-07-01 10:00:00', 'cancelled'),"
	" (55, 2, 'Elsewhere', '2027-07-01', '09:00', '10:00', 'UTC', '2027-07-01 09:00:00',"
	" '2027-07-01 10:00:00', 'scheduled')";

static struct branch_in main_campus(const char *zone)
{
	struct branch_info_row b;
	struct error e;

	error_init(&e);
	EXPECT(branch_get(&school.c, 1, &b, &e), RC_OK);
	return (struct branch_in){ 1, b.revision, b.name, str_from(zone), false };
}

static void test_a_zone_keeps_the_clock(void **state)
{
	struct core *c = school_as(&school, SCHOOL_SUPER);
	struct completion_in done = { .occurrence_id = SCHOOL_SOON,
				      .actual_start = 12 * 3600 + 900,
				      .actual_end = 13 * 3600 };
	struct completion_result result;
	struct branch_in in;
	int64_t id, n_moved = 0;
	struct error e;

	(void)state;
	error_init(&e);
	db_fixture_exec(&school.f, across);
	EXPECT(completion_complete(c, &done, &result, &e), RC_OK);
	in = main_campus("Europe/Paris");
	EXPECT(branch_save(c, &in, &id, &n_moved, &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "confirm");
	assert_int_equal(e.fields[0].reason, REASON_ZONE_CONFIRM);
	assert_int_equal(e.fields[0].arg, 5); /* 12:15:01, next week, and three of 2027 */
	at_least(AT_UTC("51", "2027-03-27 09:00:00"), 1);
	error_init(&e);
	in.is_confirmed = true;
	EXPECT(branch_save(c, &in, &id, &n_moved, &e), RC_OK);
	assert_int_equal(n_moved, 6); /* the cancelled one too: it may be opened again */
	at_least(AT_UTC("51", "2027-03-27 08:00:00"), 1);
	at_least(AT_UTC("52", "2027-03-29 07:00:00"), 1);
	at_least(AT_UTC("53", "2027-03-28 01:30:00"), 1); /* 02:30 is not: an hour later */
	at_least(AT_UTC("54", "2027-07-01 07:00:00"), 1);
	at_least(AT_UTC("55", "2027-07-01 09:00:00"), 1);
	at_least(AT_UTC("6", "2026-11-27 08:00:00"), 1);
	/* Held, begun or completed: as they were. */
	at_least("SELECT COUNT(*) AS n FROM occurrence WHERE id IN (1, 2, 3, 4) AND zone = 'UTC'",
		 4);
	at_least(AT_UTC("4", "2026-11-20 12:15:00"), 1);
	at_least("SELECT COUNT(*) AS n FROM occurrence WHERE id > 4 AND zone = 'Europe/Paris'"
		 " AND start_time = IF(id = 5, '12:15:01', IF(id = 53, '02:30', '09:00'))",
		 6);
	at_least("SELECT COUNT(*) AS n FROM person WHERE branch_id = 1 AND version > 1"
		 " AND id IN (1, 2, 3, 8)",
		 4);
	at_least("SELECT COUNT(*) AS n FROM audit_log WHERE action = 'branch.changed'"
		 " AND JSON_VALUE(detail, '$.moved') = 6",
		 1);
	/* And back: what has not begun by then is where it was. */
	in = main_campus("UTC");
	in.is_confirmed = true;
	EXPECT(branch_save(c, &in, &id, &n_moved, &e), RC_OK);
	at_least(AT_UTC("53", "2027-03-28 02:30:00"), 1);
	at_least(AT_UTC("6", "2026-11-27 09:00:00"), 1);
	at_least(AT_UTC("5", "2026-11-20 11:15:01"), 1); /* began three quarters of an hour ago */
}

static void test_branches_are_checked(void **state)
{
	static const struct {
		const char *name, *zone, *field;
		enum reason reason;
	} cases[] = {
		{ "", "UTC", "name", REASON_REQUIRED },
		{ "Paris", "UTC", "name", REASON_NAME_TAKEN },
		{ "PARIS", "UTC", "name", REASON_NAME_TAKEN },
		{ "a\x07", "UTC", "name", REASON_NOT_TEXT },
		{ "New", "", "zone", REASON_REQUIRED },
		{ "New", "Europe/Atlantis", "zone", REASON_ZONE_UNKNOWN },
		{ "New", "../../etc/passwd", "zone", REASON_ZONE_UNKNOWN },
		{ "New", "UTC\n", NULL, REASON_NONE },
	};
	struct core *c = school_as(&school, SCHOOL_SUPER);
	struct branch_info_row b;
	int64_t id = 0;
	struct error e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct branch_in in = { 0, 0, str_from(cases[i].name), str_from(cases[i].zone),
					false };

		error_init(&e);
		EXPECT(branch_save(c, &in, &id, NULL, &e), cases[i].field ? RC_INVALID : RC_OK);
		if (cases[i].field) {
			assert_string_equal(e.fields[0].field, cases[i].field);
			assert_int_equal(e.fields[0].reason, cases[i].reason);
		}
	}
	/* An empty one ends, its name is free; restored only while nobody has it. */
	error_init(&e);
	EXPECT(branch_end(c, id, 0, &e), RC_OK);
	EXPECT(branch_end(c, id, 0, &e), RC_CONFLICT);
	EXPECT(branch_save(c, &(struct branch_in){ id, 0, STR("x"), STR("UTC"), false }, &id, NULL,
			   &e),
	       RC_CONFLICT);
	assert_int_equal(e.reason, REASON_ENDED);
	EXPECT(branch_restore(c, id, 7, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CHANGED);
	EXPECT(branch_restore(c, id, 2, &e), RC_OK);
	EXPECT(branch_end(c, id, 3, &e), RC_OK);
	/* What lives in it keeps it. */
	EXPECT(branch_end(c, 1, 0, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_BRANCH_IN_USE);
	EXPECT(branch_get(school_as(&school, SCHOOL_ADMIN), 1, &b, &e), RC_DENIED);
	EXPECT(branch_end(school_as(&school, SCHOOL_ADMIN), 1, 0, &e), RC_DENIED);
	EXPECT(branch_get(school_as(&school, SCHOOL_SUPER), 99, &b, &e), RC_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_choosing, fresh),
		cmocka_unit_test_setup(test_choosing_is_bounded, fresh),
		cmocka_unit_test_setup(test_a_zone_keeps_the_clock, fresh),
		cmocka_unit_test_setup(test_branches_are_checked, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
