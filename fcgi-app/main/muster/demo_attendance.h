/*
 * Attendance of the demo data: registers of sessions held, and one that is open now.
 */
#ifndef MAIN_MUSTER_DEMO_ATTENDANCE_H
#define MAIN_MUSTER_DEMO_ATTENDANCE_H

#include "core/core.h"

/*
 * The register of an occurrence that was held: opened at its start by c->who, marked, closed.
 * n: number of the session so far; picks who was late or did not come.  Sets c->now_us.
 */
enum rc demo_register(struct core *c, int64_t occurrence_id, int64_t starts_at, int n,
		      struct error *e) MUST_CHECK;

/*
 * A session on its own of DEMO102 that is open from now on, by c->who, its teacher: some have
 * checked in, one waits for a decision since no position was shared.  who: that of c,
 * which becomes each student's in turn.
 */
enum rc demo_open_session(struct core *c, struct who *who, int64_t now_us,
			  struct error *e) MUST_CHECK;

#endif
