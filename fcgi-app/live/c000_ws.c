/*
 * Contract 000: /ws, frames {"type":…,"data":…}.
 *
 * Who shows a token (in the address, or as a bearer) is told what may be known, and of everything
 * else that it happened; who shows none is told that alone.  What clients send is taken and
 * means nothing.
 */
#include "live/doors.h"

#include "core/event/event.h"

/* Of a token; a cookie alone is not the contract's, and other sites' pages come with it. */
static enum rc opened(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	const struct event_room *rooms;
	size_t n = 0;

	if (in->token.n)
		TRY(event_own_rooms(c, &rooms, &n, e));
	for (size_t i = 0; i < n; i++)
		fx_join(fx, str_from(rooms[i].name));
	fx_join(fx, STR("*"));
	return RC_OK;
}

const struct live_door c000_ws_door = {
	.path = "/ws",
	.kind = LIVE_PLAIN,
	.may = LIVE_MAY_PUBLIC,
	.takes_query_token = true,
	.opened = opened,
};
