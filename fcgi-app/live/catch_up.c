/*
 * Catching up by Last-Event-ID.  See catch_up.h.
 */
#include "live/catch_up.h"

#include "base/num.h"

/* 0: none; what is no number is of no stream. */
static int64_t seq_of(struct str last_event_id)
{
	int64_t seq;

	if (!last_event_id.n)
		return 0;
	return num_i64(last_event_id, 1, INT64_MAX - 1, &seq) ? seq : INT64_MAX - 1;
}

enum rc catch_up(struct core *c, const struct call_in *in, struct effects *fx,
		 const struct event_room *rooms, size_t n_rooms, catch_up_fn *emit, struct error *e)
{
	const struct event_missed *missed;
	struct error mine;
	int64_t newest;
	size_t n;
	enum rc rc;

	error_init(&mine);
	rc = event_missed(c, seq_of(in->last_event_id), rooms, n_rooms, &missed, &n, &newest,
			  &mine);
	if (rc != RC_OK && rc != RC_TOO_BIG) {
		*e = mine;
		return rc;
	}
	if (n)
		TRY(emit(c, missed, n, fx, e));
	fx_emit_id(fx, newest, rc == RC_OK ? STR("ready") : STR("reload"), STR("{}"));
	fx_caught_up(fx, newest);
	return RC_OK;
}
