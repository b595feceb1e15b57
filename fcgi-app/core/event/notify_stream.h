/*
 * Notifications that the stream of events brings: what would make check-ins wait if it were written
 * with them.  An opened check-in tells its students, a flagged one its teacher; what is over by now
 * needs no reading any more.
 *
 * A consumer of the stream with a cursor row of its own: what a range of events makes and the move
 * of the cursor are one transaction, and the cursor's lock lets only one process work, so that
 * nothing is told twice or left out.  (event_seq, account_id) is unique besides.
 */
#ifndef CORE_NOTIFY_STREAM_H
#define CORE_NOTIFY_STREAM_H

#include "core/core.h"

#define NOTIFY_JOB   "notifier"
#define NOTIFY_BATCH 500 /* events of one transaction */

struct notify_round {
	int64_t n_events, n_told;
	bool is_more;
};
/* At most `batches` of them. */
enum rc notify_stream_round(struct core *c, int batches, struct notify_round *ret,
			    struct error *e) MUST_CHECK;

#endif
