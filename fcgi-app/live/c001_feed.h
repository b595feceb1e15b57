/*
 * What the stream of events means at the door of contract 001: for the thread that reads it.
 */
#ifndef LIVE_C001_FEED_H
#define LIVE_C001_FEED_H

#include "core/attendance/presence_cache.h"
#include "core/event/event.h"

struct c001_told {
	size_t row;             /* of the events given */
	struct str room;        /* who may know most first, within a row */
	struct str event, json; /* of Socket.IO */
	/* Besides what the room, or who is in another room of the event, is told: published without
	 * a seq.  Who has joined a session and follows its course is told both. */
	bool is_more;
};
/*
 * What each of these events tells the rooms of Socket.IO, in the order of the events.  A few
 * statements for all of them together.  c->who is not read: who may see an event was decided when
 * it was written, and who is in a room when it was joined.
 */
enum rc c001_tell(struct core *c, struct presence_cache *sessions, const struct event *rows,
		  size_t n, const struct c001_told **ret, size_t *ret_n,
		  struct error *e) MUST_CHECK;

#endif
