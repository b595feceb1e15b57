/*
 * The relay: gives the events of the outbox their order.
 *
 * Who changes something writes a row into the outbox within the transaction; ids of the outbox are
 * no order, since a transaction may commit long after it took its id.  One process at a time,
 * under a lease, moves what is committed into `event` and numbers it, batch by batch, each
 * in one transaction: at every instant a row is in the outbox or in the stream, never in both or
 * neither.  seq has no gaps and never goes back, so that who has read up to n asks for
 * seq > n.  Events are kept for a day, but the newest always.
 */
#ifndef CORE_RELAY_H
#define CORE_RELAY_H

#include "core/core.h"

#define RELAY_JOB     "relay"
#define RELAY_BATCH   500 /* rows of one transaction */
#define RELAY_LEASE_S 30
#define RELAY_KEEP_US US_PER_DAY

struct relay_round {
	int64_t n;    /* rows that became events */
	bool is_more; /* more wait */
};
/* At most `batches` of them.  RC_BUSY while another process has the lease.  holder: 32 bytes. */
enum rc relay_round(struct core *c, struct str holder, int batches, struct relay_round *ret,
		    struct error *e) MUST_CHECK;
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
