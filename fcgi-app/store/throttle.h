/*
 * SQL of the growing delay after wrong passwords.  A subject is 32 bytes, a digest.
 */
#ifndef STORE_THROTTLE_H
#define STORE_THROTTLE_H

#include "store/store.h"

#define THROTTLE_LONGEST_S 300
#define THROTTLE_FORGET_US US_PER_DAY /* failures older than that no longer count */

struct throttle_row {
	int64_t n_failures, until_at;
};
/* RC_NOT_FOUND when there was no failure. */
enum rc throttle_get(struct store *s, struct str subject, struct arena *a, struct throttle_row *ret,
		     struct error *e) MUST_CHECK;
/*
 * One more failure at now_us.  From the after-th on (1..) the next try has to wait
 * 1, 2, 4, … up to THROTTLE_LONGEST_S seconds.  Atomic.
 */
enum rc throttle_fail(struct store *s, struct str subject, int64_t now_us, int64_t after,
		      struct error *e) MUST_CHECK;
/* After a success. */
enum rc throttle_clear(struct store *s, struct str subject, struct error *e) MUST_CHECK;

#endif
