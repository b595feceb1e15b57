/*
 * Notifications as a job: what the stream of events tells (core/event/notify_stream.h), and the end
 * of old ones (core/event/inbox.h) once an hour.
 */
#ifndef JOBS_NOTIFIER_H
#define JOBS_NOTIFIER_H

#include "core/core.h"
#include "sys/log.h"

struct notifier {
	struct core *c; /* its arena is reset after each run */
	const struct log *log;
	int64_t said_us;      /* monotonic: when the account was written last */
	int64_t n_unsaid;     /* told since then */
	int64_t expire_at_us; /* monotonic */
	int n_failed;         /* runs in a row, for the log */
};

/* One round; failures are logged and tried again at the next.  True: more waits. */
bool notifier_run(struct notifier *j);

#endif
