/*
 * Events of the stream in the words of contract 000: what /ws says.
 *
 * The contract's client listens to several names for what is one event here, and spells some with
 * dots and some with underscores.  All of them go out together, in one frame of several
 * messages, so that they are one event of the stream.
 */
#ifndef LIVE_C000_FEED_H
#define LIVE_C000_FEED_H

#include "live/feed.h"

enum rc c000_voice(struct core *c, const struct event *rows, size_t n, struct feed_batch *b,
		   struct error *e) MUST_CHECK;
/* The messages of one event for who may know that much; NULL: no memory.  For tests, too. */
struct frame *c000_frame(struct arena *a, const struct event *v,
			 enum event_detail detail) MUST_CHECK;

#endif
