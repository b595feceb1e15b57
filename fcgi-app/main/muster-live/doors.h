/*
 * The doors of muster-live.
 */
#ifndef MAIN_MUSTER_LIVE_DOORS_H
#define MAIN_MUSTER_LIVE_DOORS_H

#include "live/door.h"

extern const struct live_doors muster_doors;

#endif
