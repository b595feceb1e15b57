/*
 * Doors: what the gateway serves, as tables (main/muster-live/doors.c has them all).
 *
 * Its address must also be a row of the route table with POOL_LIVE, from which nginx knows where to
 * send it.
 */
#ifndef LIVE_DOOR_H
#define LIVE_DOOR_H

#include "live/call.h"

enum live_kind {
	LIVE_SOCKETIO, /* Socket.IO 5 over Engine.IO 4, namespace "/" */
	LIVE_PLAIN,    /* WebSocket with JSON text frames */
	LIVE_SSE,      /* text/event-stream */
	/* Conformance only (live/conformance.h). */
	LIVE_ECHO,
	LIVE_SOCKETIO_ECHO,
};

struct live_event {
	const char *name;
	call_fn *fn;
};

struct live_door {
	const char *path; /* "/attendance/{id}/stream" */
	enum live_kind kind;
	/*
	 * Who may come: LIVE_MAY_SELF decides in `opened` (Socket.IO: after CONNECT; the call gets
	 * the token and calls live_who); the others are authenticated before, by bearer token,
	 * cookie, or (takes_query_token) the pair `token` in the address, and refused with 401 or
	 * 403.
	 */
	enum live_may { LIVE_MAY_SELF, LIVE_MAY_PUBLIC, LIVE_MAY_SIGNED_IN, LIVE_MAY_STAFF } may;
	bool takes_query_token;
	call_fn *opened;  /* NULL: let in */
	call_fn *message; /* LIVE_PLAIN: a text frame; NULL: what they send is ignored */
	const struct live_event *events; /* LIVE_SOCKETIO */
	size_t n_events;
	call_fn *unknown; /* LIVE_SOCKETIO: an event of no such name; NULL: ignored */
	call_fn *closed;  /* for peers that were let in; NULL: nothing to do */
	call_fn *started; /* once, when the gateway starts; NULL: nothing */
	/* Every so many seconds, by nobody and to nobody (as CALL_STARTED); NULL: nothing. */
	call_fn *every;
	int64_t every_s;
	/* A call failed: how this door says it (Socket.IO: an error event).  Runs in the thread,
	 * with effects that replace those of the call.  NULL: nothing is said. */
	void (*failed)(struct core *c, const struct call_in *in, const struct error *e,
		       struct effects *fx);
};

struct live_doors {
	const struct live_door *const *v;
	size_t n;
};

/* The n-th part in braces of the door's path (from 0), of what was asked for; still encoded. */
struct str live_path_part(const struct call_in *in, size_t n);
/* The same as a positive number; false when it is none. */
bool live_path_id(const struct call_in *in, size_t n, int64_t *ret) MUST_CHECK;

#endif
