/*
 * The sweeper as a job: lease, sweep, log.  What goes is decided in core/sweep.h.
 */
#ifndef JOBS_SWEEPER_H
#define JOBS_SWEEPER_H

#include "core/core.h"
#include "sys/files.h"
#include "sys/log.h"

struct sweeper {
	struct core *c; /* its arena is reset after each run */
	const struct files *files;
	const struct log *log;
	struct str holder; /* 32 bytes, of this process */
	int n_failed;      /* runs in a row, for the log */
};

/* One run; failures are logged and tried again at the next.  Nothing to do while another
 * process holds the lease. */
void sweeper_run(struct sweeper *s);

#endif
