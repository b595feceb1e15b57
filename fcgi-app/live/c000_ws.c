/*
 * Contract 000: /ws, frames {"type":…,"data":…} for anyone; more for who shows a token.
 */
#include "live/doors.h"

const struct live_door c000_ws_door = {
	.path = "/ws",
	.kind = LIVE_PLAIN,
	.may = LIVE_MAY_PUBLIC,
	.takes_query_token = true,
};
