/*
 * The relay of the outbox as a job.
 */
#include "jobs/relay.h"

#include "core/job.h"

#include <poll.h>

enum {
	BATCHES = 20,
	SAY_EACH = 100,
	BUSY_MS = 250,  /* a poll while events come, for those whose poke is lost */
	IDLE_MS = 1000, /* and after a while without */
	PACE_MS = 4,    /* between two rounds: what comes meanwhile shares a commit */
};
#define SAY_US  (60 * US_PER_S)
#define BUSY_US (10 * US_PER_S)

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
	rc = relay_round(j->c, &j->holder, BATCHES, &round, &e);
	if (round.n) {
		poke_send(j->gateway);
		j->moved_us = clock_mono_us();
		j->n_unsaid += round.n;
	}
	if (rc == RC_OK)
		rc = say_done(j, &e);
	if (rc == RC_OK)
		j->n_failed = 0;
	else if (rc != RC_BUSY)
		say_failed(j, &e);
	arena_reset(j->c->arena);
	return rc == RC_OK && round.is_more;
}

/* ---- the thread ----------------------------------------------------------------------------- */

static int wait_ms(const struct relay *j)
{
	if (j->moved_us && clock_mono_us() - j->moved_us < BUSY_US)
		return j->busy_ms ? j->busy_ms : BUSY_MS;
	return j->idle_ms ? j->idle_ms : IDLE_MS;
}

/* False: the end. */
static bool wait(const struct relay *j, int poke_fd, int stop_fd)
{
	struct pollfd fds[] = { { .fd = stop_fd, .events = POLLIN },
				{ .fd = poke_fd, .events = POLLIN } };

	if (poll(fds, 1, PACE_MS) > 0)
		return false;
	if (poll(fds, ARRAY_LEN(fds), wait_ms(j)) > 0 && fds[0].revents)
		return false;
	/* Before the look: who pokes from now on is looked for again. */
	poke_take(poke_fd);
	return true;
}

void relay_work(struct relay *j, int poke_fd, int stop_fd)
{
	struct error ignored;

	do
		while (relay_run(j))
			continue;
	while (wait(j, poke_fd, stop_fd));
	error_init(&ignored);
	if (relay_leave(j->c, &j->holder, &ignored) != RC_OK)
		return; /* it ends by itself */
}
