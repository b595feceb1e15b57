/*
 * The hub: who listens to what.
 *
 * A peer is a client as handlers know it: a Socket.IO socket, a plain WebSocket, an event stream.
 * Peers join rooms, which are short byte strings (PLAN of the events: "a17", "u4"); a room exists
 * while somebody is in it.  What is published goes to everybody in the room as the one frame
 * of his flavour.  Events of the stream carry their seq: a peer gets each once, however many rooms
 * it reaches him by, and never one older than what he has.
 *
 * The loop's thread alone calls in here.
 */
#ifndef LIVE_HUB_H
#define LIVE_HUB_H

#include "live/frame.h"

#define HUB_ROOM_MAX  48 /* bytes of a room's name */
#define HUB_ROOMS_MAX 64 /* of one peer */

struct hub;
struct membership;

struct peer {
	enum flavour flavour;
	int64_t last_seq; /* newest event of the stream that he has */
	struct membership *rooms;
	uint32_t n_rooms;
	/* Queues the frame (takes a count of its own).  May doom the peer, but not free it. */
	void (*send)(struct peer *p, struct frame *f);
};

/* kept: how many published events hub_replay can look back. */
struct hub *hub_new(size_t kept) MUST_CHECK; /* NULL: no memory */
void hub_free(struct hub *h);                /* when nobody is in a room; NULL is fine */

/* False: no memory, too many rooms, or no name for a room.  Joining twice is joining. */
bool hub_join(struct hub *h, struct peer *p, struct str room) MUST_CHECK;
/* Those in `from` who are spoken to in that flavour join `to`, so far as they can. */
void hub_join_all(struct hub *h, struct str from, enum flavour flavour, struct str to);
void hub_leave(struct hub *h, struct peer *p, struct str room);
void hub_leave_all(struct hub *h, struct peer *p);
bool hub_is_in(const struct hub *h, const struct peer *p, struct str room) MUST_CHECK;
/* Who has been in the room longest; NULL: nobody. */
struct peer *hub_oldest(const struct hub *h, struct str room);
size_t hub_count(const struct hub *h, struct str room);
size_t hub_n_rooms(const struct hub *h);

struct publication {
	struct str room;
	struct frame *frames[FLAVOUR__MAX]; /* NULL: nothing for this flavour */
};
/*
 * Sends each publication to its room; the frames' counts are taken over.  seq > 0: an event of the
 * stream, all of whose publications come in one call, the room that may know most first: who is
 * in several gets the first.  seq 0: something of the moment, which is not kept.
 */
void hub_publish(struct hub *h, int64_t seq, const struct publication *p, size_t n);
/* seq of the newest event published, 0 before the first. */
int64_t hub_seq(const struct hub *h);
/*
 * What was published after `seq` to rooms that the peer is in by now.  False: the hub does not look
 * back so far (the peer must be told to begin anew).
 */
bool hub_replay(struct hub *h, struct peer *p, int64_t seq) MUST_CHECK;

#endif
