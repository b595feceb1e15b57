/*
 * The importer as a job.  The lease keeps two processes from doing the same batch for
 * nothing; that it would do no harm is core/import_step.c's business.
 */
#include "jobs/importer.h"

#include "core/import.h"

/* *ret_ended: an import came to its end. */
static enum rc run(struct importer *i, bool *ret_more, bool *ret_ended, struct error *e)
{
	int64_t id;

	*ret_more = *ret_ended = false;
	TRY(import_due(i->c, &id, e));
	if (id == 0 && clock_mono_us() < i->tidy_at_us)
		return RC_OK;
	TRY(import_take(i->c, i->holder, e));
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

bool importer_run(struct importer *i)
{
	const int64_t began_us = clock_mono_us();
	struct error e;
	bool more, ended;

	error_init(&e);
	i->c->now_us = clock_read_us(i->c->clock);
	const enum rc rc = run(i, &more, &ended, &e);
	if (rc == RC_OK) {
		i->n_failed = 0;
		if (ended)
			log_event(i->log, LOGGED_JOB_DONE, LOG_WORD("job", "importer"),
				  LOG_I64("ms", (clock_mono_us() - began_us) / 1000));
	} else if (rc != RC_BUSY) {
		log_event(i->log, LOGGED_JOB_FAILED, LOG_WORD("job", "importer"),
			  LOG_I64("tries", ++i->n_failed), LOG_ERROR(&e));
	}
	arena_reset(i->c->arena);
	return rc == RC_OK && more;
}
