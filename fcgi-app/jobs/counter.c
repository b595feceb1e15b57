/*
 * The counter as a job.
 */
#include "jobs/counter.h"

#include "core/job.h"
#include "core/people/membership.h"

/* For monitors; when the database is away, the log has it. */
static void note(struct counter *k, enum rc rc, int64_t n)
{
	struct error ignored;

	error_init(&ignored);
	if (rc == RC_OK)
		rc = job_note_done(k->c, "counter", n, &ignored);
	else
		rc = job_note_failed(k->c, "counter", &ignored);
}

void counter_run(struct counter *k)
{
	const int64_t began_us = clock_mono_us();
	struct error e;
	int64_t n = 0;
	enum rc rc;

	error_init(&e);
	k->c->now_us = clock_read_us(k->c->clock);
	rc = membership_settle_all(k->c, &n, &e);
	if (rc == RC_OK) {
		k->n_failed = 0;
		if (n > 0)
			log_event(k->log, LOGGED_JOB_DONE, LOG_WORD("job", "counter"),
				  LOG_I64("ms", (clock_mono_us() - began_us) / 1000),
				  LOG_I64("classes", n));
	} else {
		log_event(k->log, LOGGED_JOB_FAILED, LOG_WORD("job", "counter"),
			  LOG_I64("tries", ++k->n_failed), LOG_ERROR(&e));
	}
	note(k, rc, n);
	arena_reset(k->c->arena);
}
