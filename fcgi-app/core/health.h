/*
 * Whether what the rules stand on is there.  For /health and `muster doctor`.
 */
#ifndef CORE_HEALTH_H
#define CORE_HEALTH_H

#include "core/core.h"

/* One round trip.  RC_DEPENDENCY DATABASE_DOWN, also when there is no connection to try. */
enum rc health_database(struct core *c, struct error *e) MUST_CHECK;

#endif
