/*
 * The doors there are, each in a file of its own.
 */
#ifndef LIVE_DOORS_H
#define LIVE_DOORS_H

#include "live/door.h"

extern const struct live_door c000_ws_door;       /* /ws */
extern const struct live_door c000_stream_door;   /* /api/notifications/stream */
extern const struct live_door c001_socketio_door; /* /socket.io */
extern const struct live_door live_page_door;     /* /live */
extern const struct live_door live_admin_door;    /* /admin/stream */

#endif
