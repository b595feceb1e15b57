/*
 * The relay.  See relay.h.
 */
#include "core/relay.h"

#include "store/lease.h"
#include "store/relay.h"

struct batch {
	struct core *c;
	int64_t n;
};

static enum rc batch_tx(struct store *s, void *arg, struct error *e)
{
	struct batch *b = arg;
	int64_t last, n_dropped;

	b->n = 0;
	TRY(relay_last(s, b->c->arena, &last, e));
	TRY(relay_take(s, last, RELAY_BATCH, b->c->now_us, &b->n, e));
	TRY(relay_drop(s, last, &n_dropped, e));
	if (n_dropped != b->n)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED,
			     "%lld rows became events, %lld left the outbox", (long long)b->n,
			     (long long)n_dropped);
	return RC_OK;
}

enum rc relay_round(struct core *c, struct str holder, int batches, struct relay_round *ret,
		    struct error *e)
{
	struct relay_round round = { 0 };
	struct batch b = { .c = c };

	TRY(relay_waits(c->db, c->arena, &round.is_more, e));
	while (round.is_more && batches-- > 0) {
		TRY(lease_take(c->db, STR(RELAY_JOB), holder, RELAY_LEASE_S, c->arena, e));
		TRY(store_tx(c->db, batch_tx, &b, e));
		round.n += b.n;
		round.is_more = b.n == RELAY_BATCH;
	}
	*ret = round;
	return RC_OK;
}

enum rc relay_forget(struct core *c, int64_t *ret_n, struct error *e)
{
	int64_t last, n, sum = 0;

	TRY(relay_last(c->db, c->arena, &last, e));
	do {
		TRY(relay_expire(c->db, c->now_us - RELAY_KEEP_US, last, RELAY_BATCH, &n, e));
		sum += n;
	} while (n == RELAY_BATCH);
	*ret_n = sum;
	return RC_OK;
}

enum rc relay_lag(struct core *c, struct relay_lag *ret, struct error *e)
{
	struct relay_depth depth;

	TRY(relay_outbox(c->db, RELAY_LAG_MAX, c->arena, &depth, e));
	*ret = (struct relay_lag){ depth.n, depth.oldest_at };
	return RC_OK;
}
