/*
 * The committer: what arrives together is stored together.
 *
 * A request's thread hands in an item and sleeps.  A committer thread, on a connection
 * of its own, takes whatever has gathered while it was busy (at most batch_max, in the
 * order of arrival) and runs the batch function, which stores all of it in one transaction;
 * then each waiter is woken with its own result.  There is no timer: one item that comes alone is
 * stored at once.  Nobody is woken before the batch function has returned, so a crash answers
 * nobody with success.
 *
 * The batch function leaves each item's answer in the item; what that points to lies in the
 * requester's arena (which sleeps) or in the item, never in c->arena, which is reset
 * after the batch.  Its failure is everybody's.  Knows no rule itself:
 * core/attendance/checkin_queue.h uses it.
 */
#ifndef CORE_COMMITTER_H
#define CORE_COMMITTER_H

#include "core/core.h"

#define COMMITTER_BATCH_MAX 64

struct committer;

/* RC_OK: all of it is committed.  n: 1..batch_max.  c: db, arena, now_us of the committer thread;
 * nobody is who. */
typedef enum rc committer_run(struct core *c, void *const *items, size_t n, struct error *e);

struct committer_options {
	committer_run *run;
	size_t batch_max;   /* 1..COMMITTER_BATCH_MAX */
	size_t waiting_max; /* more than so many that wait are refused */
	int64_t timeout_us; /* what waited longer is dropped unserved */
	struct core core;   /* what the threads share: config, clock, zones, shm, meter */
	int pool;           /* whose statements these are, for the meter */
};

enum rc committer_new(const struct committer_options *o, struct committer **ret,
		      struct error *e) MUST_CHECK;
/* One more thread, on this connection (NULL: the batch function needs none), which it
 * closes at its end, also when it does not start. */
enum rc committer_start(struct committer *m, struct store *db, struct error *e) MUST_CHECK;
/* After the last hand-in: finishes what waits, ends the threads.  NULL is fine. */
void committer_free(struct committer *m);

/*
 * Sleeps until the item was committed.  RC_OK: the item holds its own answer.  RC_BUSY/TOO_MUCH:
 * too many wait.  RC_TIMEOUT/TOO_LATE: it waited too long; nothing was done.  Else the
 * batch function's error: nothing of the batch was stored (or, with a connection lost in
 * the commit, nobody knows).
 */
enum rc committer_submit(struct committer *m, void *item, struct error *e) MUST_CHECK;

/* How many wait and are not in work yet. */
size_t committer_n_waiting(struct committer *m);

#endif
