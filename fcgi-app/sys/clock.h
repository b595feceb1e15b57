/*
 * Clocks.  The wall clock says when, the monotonic one how long.
 *
 * Code whose behaviour depends on the hour takes a `const struct clock *` from
 * its context and reads it with clock_read_us; NULL is the real clock.  Tests
 * pass a struct clock with is_fake set and move its members by hand.
 * Nothing fails.
 */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
	bool is_fake;
	int64_t now_us;  /* with is_fake: microseconds since 1970-01-01T00:00:00Z */
	int64_t mono_us; /* with is_fake: microseconds from any start */
};

/* Microseconds since 1970-01-01T00:00:00Z (CLOCK_REALTIME). */
int64_t clock_now_us(void);
/* Microseconds that never go back (CLOCK_MONOTONIC).  For durations only. */
int64_t clock_mono_us(void);
/* CPU time of this thread in microseconds. */
int64_t clock_cpu_us(void);

/* The same by way of a context; NULL: the real clock. */
int64_t clock_read_us(const struct clock *c);
int64_t clock_read_mono_us(const struct clock *c);

#endif
