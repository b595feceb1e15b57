/*
 * The audit chain as a job.
 */
#include "jobs/chainer.h"

#include "core/job.h"

enum { BATCHES = 20, SAY_EACH = 100 };

static void say_done(struct chainer *j, const struct chain_round *round, int64_t began_us)
{
	j->n_failed = 0;
	if (round->n_late > 0)
		log_event(j->log, LOGGED_AUDIT_FOUND_LATE, LOG_I64("rows", round->n_late));
	if (round->is_more)
		log_event(j->log, LOGGED_JOB_DONE, LOG_WORD("job", CHAIN_JOB),
			  LOG_I64("ms", (clock_mono_us() - began_us) / 1000),
			  LOG_I64("rows", round->n));
}

static void say_failed(struct chainer *j, struct error *e)
{
	struct error ignored;

	if (j->n_failed++ % SAY_EACH == 0)
		log_event(j->log, LOGGED_JOB_FAILED, LOG_WORD("job", CHAIN_JOB),
			  LOG_I64("tries", j->n_failed), LOG_ERROR(e));
	error_init(&ignored);
	if (job_note_failed(j->c, CHAIN_JOB, &ignored) != RC_OK)
		return; /* the database is away: the log has it */
}

bool chainer_run(struct chainer *j)
{
	int64_t began_us = clock_mono_us();
	struct chain_round round = { 0 };
	struct error e;
	enum rc rc;

	error_init(&e);
	j->c->now_us = clock_read_us(j->c->clock);
	rc = chain_round(j->c, &j->state, j->holder, BATCHES, &round, &e);
	if (rc == RC_OK)
		say_done(j, &round, began_us);
	else if (rc != RC_BUSY)
		say_failed(j, &e);
	arena_reset(j->c->arena);
	return rc == RC_OK && round.is_more;
}
