/*
 * Attendance sessions as the gateway's feed tells of them, remembered for a few seconds.
 *
 * What surrounds a session (its names and times, how many are expected) is asked once in
 * PRESENCE_CACHE_US and not for each check-in: a title is that much late at most.  Who feeds it
 * calls presence_forget for each event that says that the session itself has changed.  How many are
 * present, late, excused and absent is counted each time.
 *
 * Of one thread.
 */
#ifndef CORE_PRESENCE_CACHE_H
#define CORE_PRESENCE_CACHE_H

#include "core/attendance/attendance.h"

#define PRESENCE_CACHE_US (10 * US_PER_S)

struct presence_cache;

struct presence_cache *presence_cache_new(void) MUST_CHECK; /* NULL: no memory */
void presence_cache_free(struct presence_cache *k);
void presence_forget(struct presence_cache *k, int64_t attendance_id);
void presence_forget_all(struct presence_cache *k);

/*
 * Any n (at least one) different sessions; those that are not there are missing.  No right is
 * asked, c->who is not read, and n_flagged is not counted.  The texts live until the next call, or
 * as long as c->arena.
 */
enum rc presence_sessions(struct core *c, struct presence_cache *k, const int64_t *ids, size_t n,
			  struct attendance **ret_rows, size_t *ret_n, struct error *e) MUST_CHECK;

#endif
