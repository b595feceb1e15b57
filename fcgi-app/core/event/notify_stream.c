/*
 * Notifications that the stream of events brings.  See notify_stream.h.
 */
#include "core/event/notify_stream.h"

#include "store/notify_stream.h"

struct batch {
	struct core *c;
	int64_t n_events, n_told;
};

static enum rc tell_opened(struct core *c, struct store *s, int64_t from, int64_t to,
			   struct error *e)
{
	const struct notify_opening *rows;
	size_t n;

	TRY(notify_openings(s, from, to, c->now_us, c->arena, &rows, &n, e));
	for (size_t i = 0; i < n; i++)
		TRY(notify_opened(s, &rows[i], c->now_us, e));
	return RC_OK;
}

static enum rc batch_tx(struct store *s, void *arg, struct error *e)
{
	struct batch *b = arg;
	struct core *c = b->c;
	int64_t from, to;

	b->n_events = b->n_told = 0;
	TRY(event_cursor_lock(s, STR(NOTIFY_JOB), c->arena, &from, e));
	TRY(event_range_end(s, from, NOTIFY_BATCH, c->arena, &to, &b->n_events, e));
	if (b->n_events == 0)
		return RC_OK;
	TRY(tell_opened(c, s, from, to, e));
	TRY(notify_flagged(s, from, to, c->now_us, e));
	TRY(notify_settle(s, from, to, e));
	TRY(notify_range_events(s, from, to, c->now_us, &b->n_told, e));
	return event_cursor_move(s, STR(NOTIFY_JOB), to, c->now_us, e);
}

enum rc notify_stream_round(struct core *c, int batches, struct notify_round *ret, struct error *e)
{
	struct notify_round round = { 0 };
	struct batch b = { .c = c };

	TRY(event_cursor_waits(c->db, STR(NOTIFY_JOB), c->arena, &round.is_more, e));
	while (round.is_more && batches-- > 0) {
		TRY(store_tx(c->db, batch_tx, &b, e));
		round.n_events += b.n_events;
		round.n_told += b.n_told;
		round.is_more = b.n_events == NOTIFY_BATCH;
	}
	*ret = round;
	return RC_OK;
}
