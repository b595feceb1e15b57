/*
 * Contract 001 in the feed: what c001_feed.h makes of the events, as frames.
 */
#include "live/c001_voice.h"

#include "live/c001_feed.h"

static void say(struct feed_batch *b, const struct c001_told *told, size_t n, size_t row)
{
	for (size_t i = 0; i < n; i++) {
		const struct c001_told *t = &told[i];

		(t->is_more ? feed_say_more : feed_say)(b, row + t->row, t->room, FLAVOUR_SOCKETIO,
							frame_socketio(t->event, t->json));
	}
}

/* Will the same batch succeed later? */
static bool is_passing(enum rc rc)
{
	return rc == RC_DEPENDENCY || rc == RC_TIMEOUT || rc == RC_BUSY;
}

/* One event that cannot be told holds up no other: then each is tried alone. */
enum rc c001_voice(struct core *c, const struct event *rows, size_t n, struct feed_batch *b,
		   struct error *e)
{
	const struct c001_told *told;
	size_t n_told;
	enum rc rc;

	if (!feed_is_heard(b, FLAVOUR_SOCKETIO)) {
		/* What changes meanwhile goes by unseen. */
		presence_forget_all(feed_sessions(b));
		return RC_OK;
	}
	rc = c001_tell(c, feed_sessions(b), rows, n, &told, &n_told, e);
	if (rc == RC_OK)
		say(b, told, n_told, 0);
	if (rc == RC_OK || is_passing(rc) || n == 1)
		return is_passing(rc) ? rc : RC_OK;
	for (size_t i = 0; i < n; i++) {
		error_init(e);
		rc = c001_tell(c, feed_sessions(b), &rows[i], 1, &told, &n_told, e);
		if (is_passing(rc))
			return rc;
		if (rc == RC_OK)
			say(b, told, n_told, i);
	}
	return RC_OK;
}
