/*
 * SQL of what the stream of events makes notifications of.
 *
 * All of a round belongs into one transaction: the cursor's lock first, its move last.  A range
 * (from, to] of the stream is worked through by one statement for each kind; only an opening,
 * whose audience is a roster, has one for itself.
 */
#ifndef STORE_NOTIFY_STREAM_H
#define STORE_NOTIFY_STREAM_H

#include "store/store.h"

/* 0 or 1: is there an event behind the cursor?  RC_NOT_FOUND without such a cursor. */
enum rc event_cursor_waits(struct store *s, struct str name, struct arena *a, bool *ret,
			   struct error *e) MUST_CHECK;
/* Locks the cursor and reads it. */
enum rc event_cursor_lock(struct store *s, struct str name, struct arena *a, int64_t *ret_seq,
			  struct error *e) MUST_CHECK;
/* The last of at most `limit` events behind seq, and their number. */
enum rc event_range_end(struct store *s, int64_t seq, size_t limit, struct arena *a,
			int64_t *ret_to, int64_t *ret_n, struct error *e) MUST_CHECK;
enum rc event_cursor_move(struct store *s, struct str name, int64_t to, int64_t now_at,
			  struct error *e) MUST_CHECK;

struct notify_opening {
	int64_t seq, attendance_id;
};
/* Openings of sessions that can still be checked in to, in order. */
enum rc notify_openings(struct store *s, int64_t from, int64_t to, int64_t now_at, struct arena *a,
			const struct notify_opening **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;
/* Its students without a mark. */
enum rc notify_opened(struct store *s, const struct notify_opening *o, int64_t now_at,
		      struct error *e) MUST_CHECK;
/* Who holds a session with flagged check-ins, unless they know and have not looked yet. */
enum rc notify_flagged(struct store *s, int64_t from, int64_t to, int64_t now_at,
		       struct error *e) MUST_CHECK;
/* What is over needs no reading: openings of closed sessions, flags that are all decided. */
enum rc notify_settle(struct store *s, int64_t from, int64_t to, struct error *e) MUST_CHECK;
/* Events "notification.created" of what the range made; *ret_n: how many. */
enum rc notify_range_events(struct store *s, int64_t from, int64_t to, int64_t now_at,
			    int64_t *ret_n, struct error *e) MUST_CHECK;

#endif
