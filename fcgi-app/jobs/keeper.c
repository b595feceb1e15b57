/*
 * The end of personal evidence as a job.
 */
#include "jobs/keeper.h"

#include "core/attendance/evidence.h"
#include "core/job.h"

#define NAME             "keeper"
#define BROWSERS_EACH_US (3600 * US_PER_S)

/* For monitors; when the database is away, the log has it. */
static void note(struct keeper *j, enum rc rc, int64_t n)
{
	struct error ignored;

	error_init(&ignored);
	if (rc == RC_OK)
		rc = job_note_done(j->c, NAME, n, &ignored);
	else
		rc = job_note_failed(j->c, NAME, &ignored);
}

void keeper_run(struct keeper *j)
{
	const int64_t began_us = clock_mono_us();
	const bool with_browsers = began_us >= j->browsers_at_us;
	struct evidence_expired done = { 0 };
	struct error e;
	int64_t n;
	enum rc rc;

	error_init(&e);
	j->c->now_us = clock_read_us(j->c->clock);
	rc = evidence_expire(j->c, with_browsers, &done, &e);
	n = done.n_sealed + done.n_photos + done.n_claims + done.n_browsers;
	if (rc == RC_OK) {
		j->n_failed = 0;
		if (with_browsers)
			j->browsers_at_us = began_us + BROWSERS_EACH_US;
		if (n > 0)
			log_event(j->log, LOGGED_JOB_DONE, LOG_WORD("job", NAME),
				  LOG_I64("ms", (clock_mono_us() - began_us) / 1000),
				  LOG_I64("sealed", done.n_sealed),
				  LOG_I64("photos", done.n_photos),
				  LOG_I64("claims", done.n_claims),
				  LOG_I64("browsers", done.n_browsers));
	} else {
		log_event(j->log, LOGGED_JOB_FAILED, LOG_WORD("job", NAME),
			  LOG_I64("tries", ++j->n_failed), LOG_ERROR(&e));
	}
	note(j, rc, n);
	arena_reset(j->c->arena);
}
