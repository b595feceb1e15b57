/*
 * Closing attendance sessions as a job.
 */
#include "jobs/closer.h"

#include "core/attendance/attendance.h"
#include "core/job.h"

#define NAME "closer"
enum { SAY_EACH = 100 };
#define SAY_US (60 * US_PER_S)

static enum rc say_done(struct closer *j, struct error *e)
{
	int64_t now_us = clock_mono_us();

	if (j->said_us && now_us - j->said_us < SAY_US)
		return RC_OK;
	TRY(job_note_done(j->c, NAME, j->n_unsaid, e));
	j->said_us = now_us;
	j->n_unsaid = 0;
	return RC_OK;
}

static void say_failed(struct closer *j, struct error *e)
{
	struct error ignored;

	if (j->n_failed++ % SAY_EACH == 0)
		log_event(j->log, LOGGED_JOB_FAILED, LOG_WORD("job", NAME),
			  LOG_I64("tries", j->n_failed), LOG_ERROR(e));
	error_init(&ignored);
	if (job_note_failed(j->c, NAME, &ignored) != RC_OK)
		return; /* the database is away: the log has it */
}

void closer_run(struct closer *j)
{
	struct error e;
	int64_t n = 0;
	enum rc rc;

	error_init(&e);
	j->c->now_us = clock_read_us(j->c->clock);
	rc = attendance_close_due(j->c, &n, &e);
	if (rc == RC_OK) {
		j->n_unsaid += n;
		rc = say_done(j, &e);
	}
	if (rc == RC_OK)
		j->n_failed = 0;
	else
		say_failed(j, &e);
	arena_reset(j->c->arena);
}
