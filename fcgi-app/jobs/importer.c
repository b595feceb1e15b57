/*
 * The importer as a job.  The lease keeps two processes from doing the same batch for
 * nothing; that it would do no harm is core/import/import_step.c's business.
 */
#include "jobs/importer.h"

#include "core/import/import.h"
#include "core/job.h"

#define LOGGED_AT_FIRST 5
#define LOGGED_EVERY    60

/* *ret_is_ours: no other process has the lease; *ret_ended: an import came to its end. */
static enum rc run(struct importer *i, bool *ret_is_ours, bool *ret_more, bool *ret_ended,
		   struct error *e)
{
	int64_t id;

	*ret_is_ours = *ret_more = *ret_ended = false;
	TRY(import_due(i->c, &id, e));
	if (id == 0 && clock_mono_us() < i->tidy_at_us)
		return RC_OK;
	TRY(import_take(i->c, i->holder, e));
	*ret_is_ours = true;
	if (id > 0) {
		TRY(import_step(i->c, i->files, id, ret_more, e));
		*ret_ended = !*ret_more;
		if (*ret_ended)
			i->tidy_at_us = 0; /* its file may go */
		*ret_more = true;
		return RC_OK;
	}
	i->tidy_at_us = clock_mono_us() + IMPORTER_TIDY_MS * INT64_C(1000);
	return import_tidy(i->c, i->files, e);
}

/* Tried each second: the first ones, then one a minute. */
static void failed(struct importer *i, const struct error *e)
{
	struct error ignored;

	error_init(&ignored);
	if (++i->n_failed <= LOGGED_AT_FIRST || i->n_failed % LOGGED_EVERY == 0)
		log_event(i->log, LOGGED_JOB_FAILED, LOG_WORD("job", "importer"),
			  LOG_I64("tries", i->n_failed), LOG_ERROR(e));
	if (job_note_failed(i->c, "importer", &ignored) != RC_OK)
		return; /* when the database is away, the log has it */
}

/* An import that ended, or went on after failures. */
static void went_well(struct importer *i, bool is_ended, int64_t began_us)
{
	struct error ignored;

	error_init(&ignored);
	if (is_ended)
		log_event(i->log, LOGGED_JOB_DONE, LOG_WORD("job", "importer"),
			  LOG_I64("ms", (clock_mono_us() - began_us) / 1000));
	if ((is_ended || i->n_failed > 0) &&
	    job_note_done(i->c, "importer", is_ended, &ignored) != RC_OK)
		return;
	i->n_failed = 0;
}

bool importer_run(struct importer *i)
{
	const int64_t began_us = clock_mono_us();
	struct error e;
	bool is_ours, more, ended;

	error_init(&e);
	i->c->now_us = clock_read_us(i->c->clock);
	const enum rc rc = run(i, &is_ours, &more, &ended, &e);
	if (rc == RC_OK)
		went_well(i, ended, began_us);
	else if (is_ours || rc != RC_BUSY)
		failed(i, &e);
	arena_reset(i->c->arena);
	return rc == RC_OK && more;
}
