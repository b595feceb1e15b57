/*
 * Wall-clock time: an instant as people of a zone read it.
 *
 * pages and the JSON doors may not see sys, and no request fails because a
 * zone's file is missing: an unknown zone reads as UTC.
 */
#ifndef CORE_WALL_H
#define CORE_WALL_H

#include "core/core.h"

struct wall {
	int32_t day, tod; /* NO_DAY both for NO_TIME */
};

/* zone: an IANA name; empty: the viewer's, c->who->zone. */
struct wall core_wall(const struct core *c, struct str zone, int64_t us);

#endif
