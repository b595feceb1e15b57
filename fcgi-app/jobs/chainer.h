/*
 * The audit chain as a job: rounds, log, own account.  The work is core/audit_chain.h's.
 */
#ifndef JOBS_CHAINER_H
#define JOBS_CHAINER_H

#include "core/audit_chain.h"
#include "sys/log.h"

struct chainer {
	struct core *c; /* its arena is reset after each run */
	const struct log *log;
	struct str holder; /* 32 bytes, of this process */
	struct chain_state state;
	int n_failed; /* rounds in a row, for the log */
};

/*
 * One round; true: there is more to do at once.  Failures are logged (the first of a row and
 * each hundredth) and tried again at the next.
 */
bool chainer_run(struct chainer *j);

#endif
