/*
 * Every door of the gateway.  Each also has a row with POOL_LIVE in muster-app/routes.c.
 */
#include "main/muster-live/doors.h"

#include "live/doors.h"

static const struct live_door *const doors[] = {
	&c000_ws_door,
	&c001_socketio_door,
};

const struct live_doors muster_doors = { doors, ARRAY_LEN(doors) };
