/*
 * Notifications as a job.
 */
#include "jobs/notifier.h"

#include "core/event/inbox.h"
#include "core/event/notify_stream.h"
#include "core/job.h"

enum { BATCHES = 20, SAY_EACH = 100 };
#define SAY_US    (60 * US_PER_S)
#define EXPIRE_US (3600 * US_PER_S)

static enum rc expire(struct notifier *j, struct error *e)
{
	const int64_t began_us = clock_mono_us();
	int64_t n;

	if (began_us < j->expire_at_us)
		return RC_OK;
	TRY(inbox_expire(j->c, &n, e));
	j->expire_at_us = began_us + EXPIRE_US;
	if (n > 0)
		log_event(j->log, LOGGED_JOB_DONE, LOG_WORD("job", NOTIFY_JOB),
			  LOG_I64("ms", (clock_mono_us() - began_us) / 1000),
			  LOG_I64("expired", n));
	return RC_OK;
}

/* Alive, and how much: said once a minute. */
static enum rc say_done(struct notifier *j, struct error *e)
{
	const int64_t now_us = clock_mono_us();

	if (j->said_us && now_us - j->said_us < SAY_US)
		return RC_OK;
	TRY(job_note_done(j->c, NOTIFY_JOB, j->n_unsaid, e));
	j->said_us = now_us;
	j->n_unsaid = 0;
	return RC_OK;
}

static void say_failed(struct notifier *j, struct error *e)
{
	struct error ignored;

	if (j->n_failed++ % SAY_EACH == 0)
		log_event(j->log, LOGGED_JOB_FAILED, LOG_WORD("job", NOTIFY_JOB),
			  LOG_I64("tries", j->n_failed), LOG_ERROR(e));
	error_init(&ignored);
	if (job_note_failed(j->c, NOTIFY_JOB, &ignored) != RC_OK)
		return; /* the database is away: the log has it */
}

bool notifier_run(struct notifier *j)
{
	struct notify_round round = { 0 };
	struct error e;
	enum rc rc;

	error_init(&e);
	j->c->now_us = clock_read_us(j->c->clock);
	rc = notify_stream_round(j->c, BATCHES, &round, &e);
	j->n_unsaid += round.n_told;
	if (rc == RC_OK)
		rc = expire(j, &e);
	if (rc == RC_OK)
		rc = say_done(j, &e);
	if (rc == RC_OK)
		j->n_failed = 0;
	else
		say_failed(j, &e);
	arena_reset(j->c->arena);
	return rc == RC_OK && round.is_more;
}
