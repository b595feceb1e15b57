/*
 * What pages are told: event streams for the session cookie, with the events as they are
 * (docs/events.md).
 *
 * /live is for everybody signed in: what concerns them.  /admin/stream is for admins: their
 * branch.  Each message is named after the event's type and carries the payload that the audience
 * allows; its id is the event's seq, and a browser that comes back with one gets what it missed.
 * "ready" comes first, and "reload" where that is too long ago: load the page anew.
 */
#ifndef LIVE_PAGES_H
#define LIVE_PAGES_H

#include "live/feed.h"

enum rc pages_voice(struct core *c, const struct event *rows, size_t n, struct feed_batch *b,
		    struct error *e) MUST_CHECK;

#endif
