/*
 * Every door of the gateway, and every voice of its feed.  Each door also has a row with POOL_LIVE
 * in muster-app/routes.c.
 */
#include "main/muster-live/doors.h"

#include "live/c000_feed.h"
#include "live/c000_stream.h"
#include "live/c001_voice.h"
#include "live/doors.h"
#include "live/page_attendance.h"
#include "live/pages.h"

static const struct live_door *const doors[] = {
	&c000_ws_door,   &c000_stream_door, &c001_socketio_door,
	&live_page_door, &live_admin_door,  &page_attendance_door,
};

const struct live_doors muster_doors = { doors, ARRAY_LEN(doors) };

/* What each makes of the stream of events. */
static feed_voice *const voices[] = {
	pages_voice,
	c000_voice,
	c000_notices_voice,
	c001_voice,
};

const struct feed_voices muster_voices = { voices, ARRAY_LEN(voices) };
