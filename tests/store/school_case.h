/*
 * What tests with a school and its pupils begin with: the one school of the program, and calls
 * whose answer is expected.
 */
#ifndef TESTS_SCHOOL_CASE_H
#define TESTS_SCHOOL_CASE_H

#include "store/attendance_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct school school;

static inline void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
/* `e` is the test's own struct error. */
#define EXPECT(call, want) (error_init(&e), expect_at((call), (want), &e, __LINE__))
#define NUMBER(sql)        school_number(&school, sql)

/* Of a group of tests. */
static inline int school_set_up(void **state)
{
	(void)state;
	school_open(&school);
	pupils_open(&school);
	return 0;
}

static inline int school_tear_down(void **state)
{
	(void)state;
	school_close(&school);
	return 0;
}

#endif
