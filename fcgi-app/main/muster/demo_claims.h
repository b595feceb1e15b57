/*
 * What students of the demo data ask of their attendance.
 */
#ifndef MAIN_MUSTER_DEMO_CLAIMS_H
#define MAIN_MUSTER_DEMO_CLAIMS_H

#include "core/core.h"

/*
 * An excuse that waits, one that was approved by the teacher (an account and person of the same
 * number), and a correction that waits.  who: that of c, which becomes each in turn.
 */
enum rc demo_claims(struct core *c, struct who *who, int32_t today, int64_t teacher,
		    struct error *e) MUST_CHECK;

#endif
