/*
 * Event streams that begin where the client was: what it missed, then "ready", or "reload" where
 * that is too long ago, and then what has been published meanwhile.
 */
#ifndef LIVE_CATCH_UP_H
#define LIVE_CATCH_UP_H

#include "core/event/event.h"
#include "live/call.h"

/* Emits what was missed, with the ids of its events. */
typedef enum rc catch_up_fn(struct core *c, const struct event_missed *missed, size_t n,
			    struct effects *fx, struct error *e);
/* For CALL_OPENED, after the joins.  rooms: whose events are read again. */
enum rc catch_up(struct core *c, const struct call_in *in, struct effects *fx,
		 const struct event_room *rooms, size_t n_rooms, catch_up_fn *emit,
		 struct error *e) MUST_CHECK;

#endif
