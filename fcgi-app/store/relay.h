/*
 * From the outbox to the ordered stream of events: the steps of one batch, and its end.
 *
 * relay_last, relay_take and relay_drop belong into one transaction, in that order.  Two that do
 * it at once cannot both commit: seq and outbox_id are unique.
 */
#ifndef STORE_RELAY_H
#define STORE_RELAY_H

#include "store/store.h"

/* 0 or 1: is anything in the outbox? */
enum rc relay_waits(struct store *s, struct arena *a, bool *ret, struct error *e) MUST_CHECK;
/* The newest seq; 0: there has been no event. */
enum rc relay_last(struct store *s, struct arena *a, int64_t *ret_seq, struct error *e) MUST_CHECK;
/* The first `limit` rows of the outbox, by id, become events after last_seq. */
enum rc relay_take(struct store *s, int64_t last_seq, size_t limit, int64_t now_us, int64_t *ret_n,
		   struct error *e) MUST_CHECK;
/* What became events after last_seq leaves the outbox. */
enum rc relay_drop(struct store *s, int64_t last_seq, int64_t *ret_n, struct error *e) MUST_CHECK;
/* Up to `limit` events relayed before an instant; the newest stays, for its number. */
enum rc relay_expire(struct store *s, int64_t before_at, int64_t newest_seq, size_t limit,
		     int64_t *ret_n, struct error *e) MUST_CHECK;

struct relay_depth {
	int64_t n, oldest_at; /* NO_TIME: nothing waits */
};
/* Rows of the outbox, counted up to `limit`, and the oldest of those. */
enum rc relay_outbox(struct store *s, size_t limit, struct arena *a, struct relay_depth *ret,
		     struct error *e) MUST_CHECK;

#endif
