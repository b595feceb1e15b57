/*
 * What a worker remembers of overviews: the sums of a week and by teacher, which read some
 * thirty days of sessions.  Good for a minute, and until the version of the viewer's
 * lists changes, as in session lists.
 */
#ifndef CORE_OVERSIGHT_CACHE_H
#define CORE_OVERSIGHT_CACHE_H

#include "core/session/oversight.h"

/* Whose sums, of which time, as of when. */
struct oversight_cache_key {
	int64_t branch_id; /* 0: all */
	int64_t week_from_at, since_at;
	int64_t version, minute;
};

/* Fills week and the teachers of *ret, which point into the cache until its next put; false:
 * not known.  cache NULL: never known. */
bool oversight_cache_get(struct oversight_cache *cache, const struct oversight_cache_key *key,
			 struct oversight_overview *ret);
/* What does not fit, or finds no memory, is not remembered. */
void oversight_cache_put(struct oversight_cache *cache, const struct oversight_cache_key *key,
			 const struct oversight_overview *o);

#endif
