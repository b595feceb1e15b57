/*
 * Leases: a row that says who does a job that only one may do at a time.
 *
 * Times are the database's own, so that machines need not agree.  A holder that dies
 * loses its lease when the time is over; nothing needs to be unlocked.
 */
#ifndef STORE_LEASE_H
#define STORE_LEASE_H

#include "store/store.h"

/*
 * Takes the lease `name` (1..64 bytes) for `seconds` from now, or prolongs it for the
 * same holder.  holder: 32 bytes, random (crypto_random_id).  RC_BUSY/TOO_MUCH while
 * another holder has it; retry_s is then the time it has left, at least 1.
 */
enum rc lease_take(struct store *s, struct str name, struct str holder, int64_t seconds,
		   struct arena *a, struct error *e) MUST_CHECK;
/* Gives it back; RC_OK also when it was not ours. */
enum rc lease_end(struct store *s, struct str name, struct str holder, struct error *e) MUST_CHECK;

#endif
