/*
 * Counting anew what days change by themselves: the members of classes, as memberships begin and
 * end (core/people/membership.h).
 */
#ifndef JOBS_COUNTER_H
#define JOBS_COUNTER_H

#include "core/core.h"
#include "sys/log.h"

struct counter {
	struct core *c; /* its arena is reset after each run */
	const struct log *log;
	int n_failed; /* runs in a row, for the log */
};

/* One run; failures are logged and tried again at the next.  Several processes do no harm. */
void counter_run(struct counter *k);

#endif
