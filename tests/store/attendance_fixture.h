/*
 * The students of the school, for the tests of attendance: 101 to 120 in section A of class 1 and
 * enrolled in its course from September on; 121 enrolled from the 21st of November; 122 of the
 * branch and in no group; 123 of Paris.
 */
#ifndef TESTS_ATTENDANCE_FIXTURE_H
#define TESTS_ATTENDANCE_FIXTURE_H

#include "core/attendance/register.h"
#include "store/session_fixture.h"

#define PUPIL_FIRST 101
#define PUPILS      20
#define PUPIL_LATER 121 /* enrolled from tomorrow */
#define PUPIL_ALONE 122 /* in no group */
#define PUPIL_PARIS 123

/* Once, after school_open. */
void pupils_open(struct school *s);
/* After school_reset: no attendance, no excuse, no outbox. */
void pupils_reset(struct school *s);
/* The open attendance session of SCHOOL_NOW_LIVE, made by its teacher; here and not in the .c,
 * which tests of the store alone link too.  0: failed. */
static inline int64_t pupils_attendance(struct school *s)
{
	const struct attendance_open_in in = { .occurrence_id = SCHOOL_NOW_LIVE,
					       .opens_at = NO_TIME,
					       .late_at = NO_TIME,
					       .closes_at = NO_TIME };
	struct error e;
	int64_t id = 0;

	error_init(&e);
	return attendance_open(school_as(s, SCHOOL_TEACHER), &in, &id, &e) == RC_OK ? id : 0;
}
/* An attempt of a student that waits for the teacher, by a photo nobody compared; its id. */
int64_t pupils_flagged(struct school *s, int64_t attendance_id, int64_t person_id);

#endif
