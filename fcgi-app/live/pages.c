/*
 * Event streams of pages.  See pages.h.
 */
#include "live/pages.h"

#include "base/num.h"
#include "live/doors.h"

/* ---- what is said -------------------------------------------------------------------------- */

/* Made once for each detail, whatever the number of rooms. */
static void say(const struct event *v, size_t row, struct feed_batch *b)
{
	struct event_room rooms[EVENT_ROOMS_MAX];
	struct frame *frame = NULL;
	size_t n = event_rooms(v, rooms);

	for (size_t i = 0; i < n && rooms[i].detail != EVENT_TYPE_ONLY; i++) {
		if (i == 0 || rooms[i].detail != rooms[i - 1].detail)
			frame = frame_sse(v->seq, v->name, event_payload(v, rooms[i].detail));
		else if (frame)
			frame_ref(frame);
		feed_say(b, row, str_from(rooms[i].name), FLAVOUR_SSE, frame);
	}
}

enum rc pages_voice(struct core *c, const struct event *rows, size_t n, struct feed_batch *b,
		    struct error *e)
{
	(void)c;
	(void)e;
	for (size_t i = 0; i < n; i++)
		say(&rows[i], i, b);
	return RC_OK;
}

/* ---- opening ------------------------------------------------------------------------------- */

/* 0: none; what is no number is older than everything. */
static int64_t seq_of(struct str last_event_id)
{
	int64_t seq;

	if (!last_event_id.n)
		return 0;
	return num_i64(last_event_id, 1, INT64_MAX - 1, &seq) ? seq : INT64_MAX - 1;
}

static enum rc begin(struct core *c, const struct call_in *in, struct effects *fx,
		     const struct event_room *rooms, size_t n_rooms, struct error *e)
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
	for (size_t i = 0; i < n_rooms; i++)
		fx_join(fx, str_from(rooms[i].name));
	for (size_t i = 0; i < n; i++)
		fx_emit_id(fx, missed[i].event->seq, missed[i].event->name,
			   event_payload(missed[i].event, missed[i].detail));
	fx_emit_id(fx, newest, rc == RC_OK ? STR("ready") : STR("reload"), STR("{}"));
	fx_caught_up(fx, newest);
	return RC_OK;
}

static enum rc live_opened(struct core *c, const struct call_in *in, struct effects *fx,
			   struct error *e)
{
	const struct event_room *rooms;
	size_t n;

	TRY(event_own_rooms(c, &rooms, &n, e));
	return begin(c, in, fx, rooms, n, e);
}

static enum rc admin_opened(struct core *c, const struct call_in *in, struct effects *fx,
			    struct error *e)
{
	const struct event_room *rooms;
	size_t n;

	if (!who_is_admin(c->who))
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "account %lld",
			     (long long)c->who->account_id);
	TRY(event_own_rooms(c, &rooms, &n, e));
	return begin(c, in, fx, rooms, n, e);
}

const struct live_door live_page_door = {
	.path = "/live",
	.kind = LIVE_SSE,
	.may = LIVE_MAY_SIGNED_IN,
	.opened = live_opened,
};

const struct live_door live_admin_door = {
	.path = "/admin/stream",
	.kind = LIVE_SSE,
	.may = LIVE_MAY_STAFF,
	.opened = admin_opened,
};
