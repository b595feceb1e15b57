/*
 * The relay.  See relay.h.
 */
#include "core/event/relay.h"

#include "store/lease.h"
#include "store/relay.h"

#define BATCH_BYTES ((size_t)12 << 20) /* of one, as large as its rows may be */

struct batch {
	struct core *c;
	struct arena arena; /* its rows */
	const struct relay_row *rows;
	size_t n;
};

static enum rc batch_tx(struct store *s, void *arg, struct error *e)
{
	struct batch *b = arg;
	int64_t last, n_dropped;

	TRY(relay_last(s, &b->arena, &last, e));
	TRY(relay_take(s, last, b->rows, b->n, b->c->now_us, &b->arena, e));
	TRY(relay_drop(s, last, b->rows, b->n, &n_dropped, e));
	if (n_dropped != (int64_t)b->n)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED,
			     "%zu rows became events, %lld left the outbox", b->n,
			     (long long)n_dropped);
	return RC_OK;
}

enum rc relay_hold(struct core *c, struct relay_holder *holder, struct error *e)
{
	int64_t now_us = clock_mono_us();

	if (now_us < holder->fresh_us)
		return RC_OK;
	TRY(lease_take(c->db, STR(RELAY_JOB), holder->name, RELAY_LEASE_S, c->arena, e));
	holder->fresh_us = now_us + RELAY_LEASE_S * US_PER_S / 2;
	return RC_OK;
}

static enum rc read_rows(struct batch *b, bool *ret_any, struct error *e)
{
	arena_reset(&b->arena);
	TRY(relay_rows(b->c->db, RELAY_BATCH, &b->arena, &b->rows, &b->n, e));
	*ret_any = b->n > 0;
	return RC_OK;
}

static enum rc batches_of(struct batch *b, struct relay_holder *holder, int batches,
			  struct relay_round *round, struct error *e)
{
	TRY(read_rows(b, &round->is_more, e));
	while (round->is_more && batches-- > 0) {
		TRY(relay_hold(b->c, holder, e));
		TRY(store_tx(b->c->db, batch_tx, b, e));
		round->n += (int64_t)b->n;
		round->is_more = b->n == RELAY_BATCH;
		if (round->is_more && batches > 0)
			TRY(read_rows(b, &round->is_more, e));
	}
	return RC_OK;
}

enum rc relay_round(struct core *c, struct relay_holder *holder, int batches,
		    struct relay_round *ret, struct error *e)
{
	struct batch b = { .c = c };
	enum rc rc;

	*ret = (struct relay_round){ 0 };
	arena_init(&b.arena, BATCH_BYTES, 0);
	rc = batches_of(&b, holder, batches, ret, e);
	arena_clear(&b.arena);
	/* Somebody else was faster, or the database is away: ask again who relays. */
	if (rc != RC_OK)
		holder->fresh_us = 0;
	return rc;
}

enum rc relay_leave(struct core *c, struct relay_holder *holder, struct error *e)
{
	holder->fresh_us = 0;
	return lease_end(c->db, STR(RELAY_JOB), holder->name, e);
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
