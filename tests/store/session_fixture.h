/*
 * A small school for the tests of session rules: two branches, a class with staff, three
 * teachers, and occurrences around a fixed now (Friday 2026-11-20 12:00 UTC).
 */
#ifndef TESTS_SESSION_FIXTURE_H
#define TESTS_SESSION_FIXTURE_H

#include "core/session/session.h"
#include "store/db_fixture.h"

#define SCHOOL_NOW INT64_C(1795176000000000) /* 2026-11-20T12:00:00Z */

/* Who there is: a person and an account each, of the same number. */
enum school_person {
	SCHOOL_TEACHER = 1, /* holds the sessions 1..6 of class 1 */
	SCHOOL_COLLEAGUE,   /* faculty of the same branch, sees none of them */
	SCHOOL_EMPLOYEE,    /* staff of class 1 */
	SCHOOL_ADMIN,       /* branch 1 */
	SCHOOL_OTHER_ADMIN, /* branch 2 */
	SCHOOL_SUPER,
	SCHOOL_STUDENT,
	SCHOOL_STAFF_TEACHER, /* faculty, staff of class 1, holds none */
	SCHOOL__MAX
};

/* Occurrences of class 1, course 1 (DB220), teacher 1. */
enum school_occurrence {
	SCHOOL_PAST = 1,  /* Thu 19 Nov 09:00-10:30 */
	SCHOOL_PAST_2,    /* Wed 18 Nov 09:00-10:30 */
	SCHOOL_NOW_LIVE,  /* Fri 20 Nov 11:30-13:00 */
	SCHOOL_SOON,      /* Fri 20 Nov 12:15-13:45: may just be completed */
	SCHOOL_TOO_SOON,  /* Fri 20 Nov 12:15:01 */
	SCHOOL_NEXT_WEEK, /* Fri 27 Nov 09:00-10:30 */
};

struct school {
	struct db_fixture f;
	struct who who[SCHOOL__MAX];
	struct zones *zones;
	struct arena settings;
	const struct config *config;
	struct config settings_kept;
	char key_path[40]; /* of the server */
	struct core c;     /* as SCHOOL_TEACHER */
};

void school_open(struct school *s);
void school_close(struct school *s);
/* Fresh sessions, completions, notes, files and log; the people stay. */
void school_reset(struct school *s);
/* The context as somebody, at SCHOOL_NOW. */
struct core *school_as(struct school *s, enum school_person who);
/* A second connection with its own arena: as somebody, for two at once. */
void school_second(struct school *s, enum school_person who, struct core *ret, struct arena *a);
int64_t school_number(struct school *s, const char *sql);

#endif
