/*
 * The requests of the demo data.
 */
#ifndef MAIN_MUSTER_DEMO_REQUESTS_H
#define MAIN_MUSTER_DEMO_REQUESTS_H

#include "core/core.h"

/* One that waits, one with a clash, a series, one asked back, one approved, one rejected.  `as`
 * makes c->who an account (1 to 13) at an instant. */
enum rc demo_requests(struct core *c, int32_t today, int64_t now_us,
		      void (*as)(void *arg, int64_t account_id, int64_t at_us), void *arg,
		      struct error *e) MUST_CHECK;

#endif
