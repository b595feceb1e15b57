/*
 * The end of personal evidence as a job (core/attendance/evidence.h).
 */
#ifndef JOBS_KEEPER_H
#define JOBS_KEEPER_H

#include "core/core.h"
#include "sys/log.h"

struct keeper {
	struct core *c; /* its arena is reset after each run */
	const struct log *log;
	int64_t browsers_at_us; /* monotonic: when the long walk is due again */
	int n_failed;           /* runs in a row, for the log */
};

/* One run, at the rhythm of the sweeper and before it, so that it finds the photos' files; failures
 * are logged and tried again at the next.  Several processes do no harm. */
void keeper_run(struct keeper *j);

#endif
