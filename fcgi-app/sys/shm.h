/*
 * Memory shared by a master and the workers it forks: rate counters and the
 * gate that limits simultaneous password hashes.
 *
 * Made by the master before the first fork (anonymous, shared); workers only
 * use the pointer they inherit.  Nothing in it may hold a pointer.  Counters
 * are lock-free; the gate is made of robust process-shared mutexes, so that a
 * worker killed at any point blocks nobody.
 */
#ifndef SYS_SHM_H
#define SYS_SHM_H

#include "base/error.h"
#include "base/str.h"

struct shm;

#define SHM_GATE_MAX 64

/*
 * rate_slots: keys remembered at once, rounded up to a power of two (20 bytes
 * each; 16384 is plenty).  gate_slots: hashes at once, 1..SHM_GATE_MAX.
 * RC_NO_MEMORY on failure.  End it with shm_free in the master only.
 */
enum rc shm_new(size_t rate_slots, unsigned gate_slots, struct shm **ret_shm,
		struct error *e) MUST_CHECK;
void shm_free(struct shm *s);

/*
 * Counts one event of `key` ("sign-in:198.51.100.7") and says whether it stays
 * within `limit` (1..65535) events in a sliding window of window_s (1..86400)
 * seconds; limit 0 allows everything.  A refused event is not counted.
 * now_us: any clock that all callers share (clock_read_us).
 * *ret_retry_s (may be NULL) becomes 0, or the seconds until one is allowed again.
 * The estimate is that of two neighbouring windows, weighted; when the table is
 * full the least used key is forgotten, never a busy one.
 */
bool rate_take(struct shm *s, struct str key, int64_t limit, int64_t window_s, int64_t now_us,
	       int64_t *ret_retry_s) MUST_CHECK;

/*
 * Takes one of the gate's slots, waiting at most wait_ms; RC_BUSY/TOO_MUCH after
 * that.  The calling thread must give it back with shm_gate_leave.
 */
enum rc shm_gate_enter(struct shm *s, int wait_ms, unsigned *ret_slot, struct error *e) MUST_CHECK;
void shm_gate_leave(struct shm *s, unsigned slot);

#endif
