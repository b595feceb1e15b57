/*
 * Contract 000: /api/notifications/stream, an event stream of one's own notifications.
 *
 * The contract's client is an EventSource, which can send no header, so that the token stands
 * in the address.  Each notification is a message without a name, in the reader's language.
 */
#ifndef LIVE_C000_STREAM_H
#define LIVE_C000_STREAM_H

#include "live/feed.h"

enum rc c000_notices_voice(struct core *c, const struct event *rows, size_t n, struct feed_batch *b,
			   struct error *e) MUST_CHECK;

#endif
