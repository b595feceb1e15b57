/*
 * The doors of muster-live, and the voices of its feed.
 */
#ifndef MAIN_MUSTER_LIVE_DOORS_H
#define MAIN_MUSTER_LIVE_DOORS_H

#include "live/door.h"
#include "live/feed.h"

extern const struct live_doors muster_doors;
extern const struct feed_voices muster_voices;

#endif
