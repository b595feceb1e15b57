/*
 * Check-ins that arrive together, by way of a committer (core/attendance/committer.h): up to
 * CHECKIN_BATCH_MAX share their statements and their commit, and each is answered for itself.
 */
#ifndef CORE_CHECKIN_QUEUE_H
#define CORE_CHECKIN_QUEUE_H

#include "core/attendance/checkin.h"
#include "core/attendance/committer.h"

/* shared, waiting_max, timeout_us, pool: as in committer_options.  Threads are the caller's to
 * start. */
enum rc checkin_queue_new(const struct core *shared, size_t waiting_max, int64_t timeout_us,
			  int pool, struct committer **ret, struct error *e) MUST_CHECK;
/*
 * As checkin_submit, but sleeps until a committer has stored it, and uses the caller's database
 * connection only for a code without a session.  Further errors: those of committer_submit.
 */
enum rc checkin_queue_submit(struct committer *m, struct core *c, struct checkin_in *in,
			     struct checkin_result *ret, struct error *e) MUST_CHECK;

#endif
