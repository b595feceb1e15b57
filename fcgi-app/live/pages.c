/*
 * Event streams of pages.  See pages.h.
 */
#include "live/pages.h"

#include "live/catch_up.h"
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
	for (size_t i = 0; i < n && feed_is_heard(b, FLAVOUR_SSE); i++)
		say(&rows[i], i, b);
	return RC_OK;
}

/* ---- opening ------------------------------------------------------------------------------- */

static enum rc emit_missed(struct core *c, const struct event_missed *missed, size_t n,
			   struct effects *fx, struct error *e)
{
	(void)c;
	(void)e;
	for (size_t i = 0; i < n; i++)
		fx_emit_id(fx, missed[i].event->seq, missed[i].event->name,
			   event_payload(missed[i].event, missed[i].detail));
	return RC_OK;
}

static enum rc begin(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	const struct event_room *rooms;
	size_t n;

	TRY(event_own_rooms(c, &rooms, &n, e));
	for (size_t i = 0; i < n; i++)
		fx_join(fx, str_from(rooms[i].name));
	return catch_up(c, in, fx, rooms, n, emit_missed, e);
}

static enum rc admin_opened(struct core *c, const struct call_in *in, struct effects *fx,
			    struct error *e)
{
	if (!who_is_admin(c->who))
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "account %lld",
			     (long long)c->who->account_id);
	return begin(c, in, fx, e);
}

const struct live_door live_page_door = {
	.path = "/live",
	.kind = LIVE_SSE,
	.may = LIVE_MAY_SIGNED_IN,
	.opened = begin,
};

const struct live_door live_admin_door = {
	.path = "/admin/stream",
	.kind = LIVE_SSE,
	.may = LIVE_MAY_STAFF,
	.opened = admin_opened,
};
