/*
 * From the outbox to the ordered stream of events: the steps of one batch, and its end.
 *
 * relay_rows reads what is committed.  Then relay_last, relay_take and relay_drop belong into one
 * transaction, in that order.  Two that do it at once, or with rows that another has taken
 * meanwhile, cannot both commit: seq and outbox_id are unique.
 */
#ifndef STORE_RELAY_H
#define STORE_RELAY_H

#include "store/store.h"

struct relay_row {
	int64_t id, at;
	struct str type;
	int64_t branch_id, attendance_id, course_id, person_id, account_id, audience;
	struct str payload, public_payload; /* the zero view: none */
};
/* The first `limit` rows of the outbox, by id. */
enum rc relay_rows(struct store *s, size_t limit, struct arena *a,
		   const struct relay_row **ret_rows, size_t *ret_n, struct error *e) MUST_CHECK;
/* The newest seq; 0: there has been no event. */
enum rc relay_last(struct store *s, struct arena *a, int64_t *ret_seq, struct error *e) MUST_CHECK;
/* These n (at least one) become events after last_seq.  RC_CONFLICT: somebody else took them. */
enum rc relay_take(struct store *s, int64_t last_seq, const struct relay_row *rows, size_t n,
		   int64_t now_us, struct arena *a, struct error *e) MUST_CHECK;
/* What became events after last_seq, which are these, leaves the outbox; *ret_n: how many did. */
enum rc relay_drop(struct store *s, int64_t last_seq, const struct relay_row *rows, size_t n,
		   int64_t *ret_n, struct error *e) MUST_CHECK;
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
