/*
 * The relay of the outbox as a job.
 */
#include "jobs/relay.h"

#include "core/job.h"
#include "core/relay.h"

enum { BATCHES = 20, SAY_EACH = 100 };
#define SAY_US (60 * US_PER_S)

/* Alive, and how much: said once a minute, and then old events go as well. */
static enum rc say_done(struct relay *j, struct error *e)
{
	int64_t now_us = clock_mono_us(), n_gone;

	if (j->said_us && now_us - j->said_us < SAY_US)
		return RC_OK;
	TRY(relay_forget(j->c, &n_gone, e));
	TRY(job_note_done(j->c, RELAY_JOB, j->n_unsaid, e));
	j->said_us = now_us;
	j->n_unsaid = 0;
	return RC_OK;
}

static void say_failed(struct relay *j, struct error *e)
{
	struct error ignored;

	if (j->n_failed++ % SAY_EACH == 0)
		log_event(j->log, LOGGED_JOB_FAILED, LOG_WORD("job", RELAY_JOB),
			  LOG_I64("tries", j->n_failed), LOG_ERROR(e));
	error_init(&ignored);
	if (job_note_failed(j->c, RELAY_JOB, &ignored) != RC_OK)
		return; /* the database is away: the log has it */
}

bool relay_run(struct relay *j)
{
	struct relay_round round = { 0 };
	struct error e;
	enum rc rc;

	error_init(&e);
	j->c->now_us = clock_read_us(j->c->clock);
	rc = relay_round(j->c, j->holder, BATCHES, &round, &e);
	if (rc == RC_OK) {
		j->n_unsaid += round.n;
		rc = say_done(j, &e);
	}
	if (rc == RC_OK)
		j->n_failed = 0;
	else if (rc != RC_BUSY)
		say_failed(j, &e);
	arena_reset(j->c->arena);
	return rc == RC_OK && round.is_more;
}
