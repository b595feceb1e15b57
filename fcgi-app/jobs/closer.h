/*
 * Closing attendance sessions whose time is over, as a job (core/attendance/attendance.h).
 */
#ifndef JOBS_CLOSER_H
#define JOBS_CLOSER_H

#include "core/core.h"
#include "sys/log.h"

struct closer {
	struct core *c; /* its arena is reset after each run */
	const struct log *log;
	int64_t said_us;  /* monotonic: when the account was written last */
	int64_t n_unsaid; /* sessions since then */
	int n_failed;     /* runs in a row, for the log */
};

/* One round; failures are logged and tried again at the next.  Several processes do no harm. */
void closer_run(struct closer *j);

#endif
