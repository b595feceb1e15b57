/*
 * Timers: a binary heap of structs that lie in what they belong to.
 */
#ifndef LIVE_TIMER_H
#define LIVE_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* Zeroed: not set. */
struct timer {
	int64_t at_us;  /* monotonic */
	uint32_t place; /* in the heap, from 1; 0: not set */
	void (*fn)(struct timer *t);
};

struct timers {
	struct timer **heap;
	uint32_t n, cap;
};

/* Sets, or sets anew.  False: no memory, and it is not set. */
bool timer_set(struct timers *ts, struct timer *t, int64_t at_us,
	       void (*fn)(struct timer *t)) MUST_CHECK;
void timer_stop(struct timers *ts, struct timer *t);
/* Runs what is due, each once, unset before; a timer may set itself again. */
void timers_run(struct timers *ts, int64_t now_us);
/* For epoll_wait: milliseconds until the next, rounded up; -1: none. */
int timers_wait_ms(const struct timers *ts, int64_t now_us);
void timers_free(struct timers *ts);

#endif
