/*
 * Clocks: see clock.h.  clock_gettime cannot fail with these clock ids.
 */
#include "sys/clock.h"

#include "base/attr.h"
#include "base/time.h"

#include <time.h>

static int64_t clock_get(clockid_t id)
{
	struct timespec t;

	BUG(clock_gettime(id, &t) != 0);
	return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

int64_t clock_now_us(void)
{
	return clock_get(CLOCK_REALTIME);
}

int64_t clock_mono_us(void)
{
	return clock_get(CLOCK_MONOTONIC);
}

int64_t clock_cpu_us(void)
{
	return clock_get(CLOCK_THREAD_CPUTIME_ID);
}

int64_t clock_read_us(const struct clock *c)
{
	return c && c->is_fake ? c->now_us : clock_now_us();
}

int64_t clock_read_mono_us(const struct clock *c)
{
	return c && c->is_fake ? c->mono_us : clock_mono_us();
}
