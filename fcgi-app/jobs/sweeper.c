/*
 * The sweeper as a job.
 */
#include "jobs/sweeper.h"

#include "core/job.h"
#include "core/sweep.h"

static void said(void *arg, const char *kind, struct str name, int64_t age_s)
{
	const struct sweeper *s = arg;

	log_event(s->log, LOGGED_FILE_SWEPT, LOG_STR("file", name), LOG_WORD("kind", kind),
		  LOG_I64("age_s", age_s));
}

static enum rc run(struct sweeper *s, struct sweep_report *ret, struct error *e)
{
	const struct sweep_said to = { said, s };
	struct error other;
	enum rc rc;

	TRY(sweep_begin(s->c, s->holder, e));
	rc = sweep_run(s->c, s->files, &to, ret, e);
	error_init(&other);
	if (sweep_end(s->c, s->holder, &other) != RC_OK && rc == RC_OK) {
		*e = other;
		return other.rc;
	}
	return rc;
}

/* For monitors; when the database is away, the log has it. */
static void note(struct sweeper *s, enum rc rc, const struct sweep_report *r)
{
	int64_t n = r->n_temporary + r->n_unknown + r->n_deleted + r->n_sessions + r->n_tries;
	struct error ignored;

	error_init(&ignored);
	if (rc == RC_OK)
		rc = job_note_done(s->c, "sweeper", n, &ignored);
	else if (rc != RC_BUSY)
		rc = job_note_failed(s->c, "sweeper", &ignored);
}

static bool is_empty(const struct sweep_report *r)
{
	return !(r->n_temporary | r->n_unknown | r->n_deleted | r->n_uploads | r->n_sessions |
		 r->n_tries);
}

void sweeper_run(struct sweeper *s)
{
	int64_t began_us = clock_mono_us();
	struct sweep_report r = { 0 };
	struct error e;
	enum rc rc;

	error_init(&e);
	s->c->now_us = clock_read_us(s->c->clock);
	rc = run(s, &r, &e);
	if (rc == RC_OK) {
		s->n_failed = 0;
		if (!is_empty(&r))
			log_event(s->log, LOGGED_JOB_DONE, LOG_WORD("job", "sweeper"),
				  LOG_I64("ms", (clock_mono_us() - began_us) / 1000),
				  LOG_I64("temporary", r.n_temporary),
				  LOG_I64("unknown", r.n_unknown), LOG_I64("deleted", r.n_deleted),
				  LOG_I64("uploads", r.n_uploads),
				  LOG_I64("sessions", r.n_sessions), LOG_I64("tries", r.n_tries));
	} else if (rc != RC_BUSY) {
		log_event(s->log, LOGGED_JOB_FAILED, LOG_WORD("job", "sweeper"),
			  LOG_I64("tries", ++s->n_failed), LOG_ERROR(&e));
	}
	note(s, rc, &r);
	arena_reset(s->c->arena);
}
