/*
 * The relay of the outbox as a job on a thread of its own, so that no other job delays it.  What it
 * does is in core/event/relay.h.
 *
 * It is poked (sys/poke.h) by who has written an event, and polls besides; after what became
 * events it pokes the gateway.  Of several on one machine the one that relays is poked: it takes
 * the place where pokes go at its start, if nobody has the lease, and when it moved events of which
 * no poke told it.  One that stands by takes no pokes.
 */
#ifndef JOBS_RELAY_H
#define JOBS_RELAY_H

#include "core/core.h"
#include "core/event/relay.h"
#include "sys/log.h"
#include "sys/poke.h"

struct relay {
	struct core *c; /* its arena is reset after each run */
	const struct log *log;
	struct relay_holder holder; /* of this process */
	struct poke *gateway;       /* NULL: nobody is told */
	struct str run_dir; /* where it is poked, while it is the one that relays; empty: nowhere */
	int busy_ms, idle_ms; /* between two looks when nobody pokes; 0: the defaults */
	/* Its own. */
	bool is_started;
	bool is_poked; /* pokes come here: the last look was because of one */
	int poke_fd;
	int64_t said_us;  /* monotonic: when the account was written last */
	int64_t n_unsaid; /* events since then */
	int64_t moved_us; /* monotonic: when something was moved last */
	int n_failed;     /* runs in a row, for the log */
};

/* One round; failures are logged and tried again at the next.  True: more waits. */
bool relay_run(struct relay *j);
/* Rounds, until stop_fd is readable. */
void relay_work(struct relay *j, int stop_fd);

#endif
