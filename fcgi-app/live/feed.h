/*
 * The feed: one thread that reads the ordered stream of events and hands it to the hub.
 *
 * It is poked by the relay (sys/poke.h) and looks by itself besides.  What an event says at which
 * door is the business of voices: each says, for a batch of events, what rooms are told in its
 * flavour; that is made bytes once, here, and never again, however many listen.  Everything an
 * event says is published in one step with its seq, so that a peer gets each event once.
 */
#ifndef LIVE_FEED_H
#define LIVE_FEED_H

#include "core/attendance/presence_cache.h"
#include "core/event/event.h"
#include "live/frame.h"

struct live;
struct feed;
struct feed_batch;

/*
 * In the feed's thread: says what these events mean, by feed_say, within an event the room that may
 * know most first.  c->who is nobody: who may see an event was decided when it was written.  An
 * error is logged, and the batch is tried again.
 */
typedef enum rc feed_voice(struct core *c, const struct event *rows, size_t n, struct feed_batch *b,
			   struct error *e);

/*
 * Is there anybody who is spoken to in that flavour?  A voice may be silent otherwise: who comes
 * later is counted before his first call, and reads what is stored by then.
 */
bool feed_is_heard(const struct feed_batch *b, enum flavour flavour);
/* The feed's own, for voices that tell of sessions. */
struct presence_cache *feed_sessions(const struct feed_batch *b);

/* To a room (1 to HUB_ROOM_MAX bytes), in a flavour; the frame's count is taken, NULL: no memory.
 */
void feed_say(struct feed_batch *b, size_t row, struct str room, enum flavour flavour,
	      struct frame *frame);
/* Besides what the room is told of this event already: to all in it, without a seq. */
void feed_say_more(struct feed_batch *b, size_t row, struct str room, enum flavour flavour,
		   struct frame *frame);

/*
 * Before the event is published: those who are in `from` and spoken to in that flavour join `to`.
 * For rooms of what has just begun, when the event's audience says that they may.
 */
void feed_let_in(struct feed_batch *b, size_t row, struct str from, enum flavour flavour,
		 struct str to);

struct feed_voices {
	feed_voice *const *v;
	size_t n;
};

/* Begins after the newest event there is.  By live_run alone. */
enum rc feed_start(struct live *l, struct feed **ret, struct error *e) MUST_CHECK;
/* Ends the thread; what it has posted is still to be run, and then it is freed.  NULL is fine. */
void feed_stop(struct feed *f);
void feed_free(struct feed *f);

#endif
