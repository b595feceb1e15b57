/*
 * The relay: gives the events of the outbox their order.
 *
 * Who changes something writes a row into the outbox within the transaction; ids of the outbox are
 * no order, since a transaction may commit long after it took its id.  One process at a time,
 * under a lease, moves what is committed into `event` and numbers it, batch by batch, each
 * in one transaction: at every instant a row is in the outbox or in the stream, never in both or
 * neither.  seq has no gaps and never goes back, so that who has read up to n asks for
 * seq > n.  Two that relay at once, since one was slow and lost its lease without noticing,
 * cannot both commit.  Events are kept for a day, but the newest always.
 */
#ifndef CORE_RELAY_H
#define CORE_RELAY_H

#include "core/core.h"

#define RELAY_JOB     "relay"
#define RELAY_BATCH   500 /* rows of one transaction */
#define RELAY_LEASE_S 6   /* who dies is missed that long */
#define RELAY_KEEP_US US_PER_DAY

/* Who relays.  The lease is taken or prolonged when half of it is over, not each time. */
struct relay_holder {
	struct str name;  /* 32 bytes */
	int64_t fresh_us; /* monotonic: the lease need not be asked for until then; 0: at once */
};
struct relay_round {
	int64_t n;    /* rows that became events */
	bool is_more; /* more wait */
};
/* Takes the lease, or prolongs it; a round does so itself.  RC_BUSY: another process has it. */
enum rc relay_hold(struct core *c, struct relay_holder *holder, struct error *e) MUST_CHECK;
/* At most `batches` of them.  RC_BUSY while another process has the lease. */
enum rc relay_round(struct core *c, struct relay_holder *holder, int batches,
		    struct relay_round *ret, struct error *e) MUST_CHECK;
/* Gives the lease back, so that the next need not wait for its end. */
enum rc relay_leave(struct core *c, struct relay_holder *holder, struct error *e) MUST_CHECK;
/* Removes what is older than a day; *ret_n: how many. */
enum rc relay_forget(struct core *c, int64_t *ret_n, struct error *e) MUST_CHECK;

#define RELAY_LAG_MAX 100000 /* rows counted */
struct relay_lag {
	int64_t n;         /* rows that wait, up to RELAY_LAG_MAX */
	int64_t oldest_at; /* NO_TIME: none waits */
};
/* For monitors. */
enum rc relay_lag(struct core *c, struct relay_lag *ret, struct error *e) MUST_CHECK;

#endif
