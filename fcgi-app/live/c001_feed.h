/*
 * What the stream of events means at the door of contract 001: for the thread that reads it.
 */
#ifndef LIVE_C001_FEED_H
#define LIVE_C001_FEED_H

#include "core/event/event.h"

struct c001_told {
	size_t row;             /* of the events given */
	struct str room;        /* who may know most first, within a row */
	struct str event, json; /* of Socket.IO */
	bool is_more; /* besides what the same room is told already: published without a seq */
};
/*
 * What each of these events tells the rooms of Socket.IO, in the order of the events.  A few
 * statements for all of them together.  c->who is not read: who may see an event was decided when
 * it was written, and who is in a room when it was joined.
 */
enum rc c001_tell(struct core *c, const struct event *rows, size_t n, const struct c001_told **ret,
		  size_t *ret_n, struct error *e) MUST_CHECK;

#endif
