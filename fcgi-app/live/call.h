/*
 * Calls: work for clients that asks the database, done by threads beside the loop.
 *
 * The loop submits a call; a thread of the pool, with its own connection and arena, runs its
 * function with a struct core whose `who` is the peer's account as it is now (asked anew for every
 * call, so that a sign-out holds at once).  What the function wants done is a list of effects,
 * which the loop carries out in order after the function has returned RC_OK.  Calls of one peer run
 * one after the other, in the order they came.
 *
 *   static enum rc join(struct core *c, const struct call_in *in, struct effects *fx, struct error
 * *e)
 *   {
 *           …
 *           TRY(attendance_may_join(c, id, e));
 *           fx_join(fx, arena_printf(c->arena, "m%lld", id));
 *           fx_emit(fx, STR("attendanceSessionJoined"), json);
 *           return RC_OK;
 *   }
 *
 * Without memory an effect is dropped and the call fails (RC_NO_MEMORY) when it returns.
 */
#ifndef LIVE_CALL_H
#define LIVE_CALL_H

#include "core/core.h"
#include "live/frame.h"

struct effects;
struct live_door;

enum call_what {
	CALL_OPENED, /* somebody wants in: authenticated, not yet told */
	CALL_EVENT,  /* a Socket.IO event, or a message on a plain WebSocket */
	CALL_CLOSED, /* he is gone; effects for himself do nothing */
	CALL_STARTED /* the gateway has started; no peer */
};

/* Texts live until the call returns. */
struct call_in {
	enum call_what what;
	const struct live_door *door;
	struct str socket_id;     /* 32 hex digits, the peer's for as long as he lives */
	struct str path, query;   /* as asked for; query still encoded */
	struct str token;         /* Socket.IO: auth.token; else of the bearer or the address */
	struct str cookie;        /* value of the session cookie; empty from other origins */
	bool is_token_odd;        /* auth.token is there, but no text */
	struct str last_event_id; /* SSE: Last-Event-ID, or the pair of that name in the query */
	struct str address;       /* of the client */
	struct str languages;     /* Accept-Language */
	struct str event;         /* Socket.IO: its name */
	struct str
		json; /* event: array of its arguments; plain: the message; opened: auth payload */
	bool wants_ack; /* the client waits for fx_ack */
};

typedef enum rc call_fn(struct core *c, const struct call_in *in, struct effects *fx,
			struct error *e);

/* ---- effects: what a call wants done, in this order -------------------------------------- */

/* To the peer who called.  json: one value (Socket.IO: may be several, with commas). */
void fx_emit(struct effects *fx, struct str event, struct str json);
/* The same with an id for streams (SSE). */
void fx_emit_id(struct effects *fx, int64_t id, struct str event, struct str json);
/* Answers the acknowledgement of this event; args as above.  Nothing when none is waited for. */
void fx_ack(struct effects *fx, struct str args);
void fx_join(struct effects *fx, struct str room);
void fx_leave(struct effects *fx, struct str room);
/* To everybody in the room on this gateway, in the caller's flavour (Socket.IO for CALL_STARTED).
 */
void fx_publish(struct effects *fx, struct str room, struct str event, struct str json);
/*
 * CALL_OPENED of streams: what the call has emitted goes up to seq; what was published after it, to
 * rooms joined by this call, follows before anything newer.  After the joins.
 */
void fx_caught_up(struct effects *fx, int64_t seq);
/*
 * CALL_OPENED: who the peer is from now on (core.who of his later calls; limits of accounts). Doors
 * that authenticate by themselves call it; for the others it is done already.
 */
void fx_is(struct effects *fx, const struct who *who);
/*
 * CALL_OPENED: he is not let in.  Socket.IO: a connect error with this message; else 401, 403 or
 * 404 by rc.  Further effects do nothing.
 */
void fx_refuse(struct effects *fx, enum rc rc, struct str message);
/* Ends the connection of the peer after what was emitted. */
void fx_close(struct effects *fx);
/* Ends those other peers of the same account at this door that joined `room`. */
void fx_close_others(struct effects *fx, struct str room);

#endif
