/*
 * Live parts: how things stand on pages that are open, rendered once for all who look.
 *
 * A page's stream joins the room of its part: what it shows, of which session, in which language.
 * When an event of that session has gone out, the loop asks a call thread to render each part that
 * somebody looks at, in the name of one who does, and the text goes to all of them.  Changes that
 * come together are rendered together, at most PARTS_MS apart.  A part says how things stand and
 * not what changed, so one that is missed costs nothing and a stream that comes back needs no
 * history.
 *
 * The loop's thread alone calls in here.  A thread renders (view/live.h); whoever has lost his
 * rights is ended by the call in his name.
 */
#ifndef LIVE_PARTS_H
#define LIVE_PARTS_H

#include "live/live.h"

#define PARTS_MS 250

/* An event of this session has gone out: what shows it is rendered, if anybody looks. */
void parts_touch(struct live *l, int64_t attendance_id);
/* At the end of the gateway. */
void parts_free(struct live *l);

#endif
