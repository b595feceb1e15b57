/*
 * The relay of the outbox as a job: lease, order, log.  What it does is in core/relay.h.
 */
#ifndef JOBS_RELAY_H
#define JOBS_RELAY_H

#include "core/core.h"
#include "sys/log.h"

struct relay {
	struct core *c; /* its arena is reset after each run */
	const struct log *log;
	struct str holder; /* 32 bytes, of this process */
	int64_t said_us;   /* monotonic: when the account was written last */
	int64_t n_unsaid;  /* events since then */
	int n_failed;      /* runs in a row, for the log */
};

/* One round; failures are logged and tried again at the next.  True: more waits. */
bool relay_run(struct relay *j);

#endif
