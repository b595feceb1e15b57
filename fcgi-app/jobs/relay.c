/*
 * The relay of the outbox as a job.
 */
#include "jobs/relay.h"

#include "core/job.h"
#include "sys/proc.h"

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

/* It relays, and no poke told it: pokes come here from now on. */
static enum rc listen_here(struct relay *j, bool *ret_is_new, struct error *e)
{
	if (j->is_poked || !j->run_dir.n)
		return RC_OK;
	proc_close(j->poke_fd);
	TRY(poke_listen(j->run_dir, POKE_RELAY, &j->poke_fd, e));
	j->is_poked = *ret_is_new = true;
	return RC_OK;
}

/* With the lease, if nobody else has it; RC_BUSY does not matter yet. */
static enum rc begin(struct relay *j, bool *ret_is_new, struct error *e)
{
	j->is_started = true;
	TRY(relay_hold(j->c, &j->holder, e));
	return listen_here(j, ret_is_new, e);
}

bool relay_run(struct relay *j)
{
	struct relay_round round = { 0 };
	bool is_new = false;
	struct error e;
	enum rc rc;

	error_init(&e);
	j->c->now_us = clock_read_us(j->c->clock);
	rc = j->is_started ? RC_OK : begin(j, &is_new, &e);
	if (rc == RC_OK)
		rc = relay_round(j->c, &j->holder, BATCHES, &round, &e);
	if (round.n) {
		poke_send(j->gateway);
		j->moved_us = clock_mono_us();
		j->n_unsaid += round.n;
	}
	if (rc == RC_OK && round.n)
		rc = listen_here(j, &is_new, &e);
	if (rc == RC_OK)
		rc = say_done(j, &e);
	if (rc == RC_OK)
		j->n_failed = 0;
	else if (rc != RC_BUSY)
		say_failed(j, &e);
	arena_reset(j->c->arena);
	return rc == RC_OK && (round.is_more || is_new);
}

/* ---- the thread ----------------------------------------------------------------------------- */

static int wait_ms(const struct relay *j)
{
	if (j->moved_us && clock_mono_us() - j->moved_us < BUSY_US)
		return j->busy_ms ? j->busy_ms : BUSY_MS;
	return j->idle_ms ? j->idle_ms : IDLE_MS;
}

/* False: the end. */
static bool wait(struct relay *j, int stop_fd)
{
	struct pollfd fds[] = { { .fd = stop_fd, .events = POLLIN },
				{ .fd = j->poke_fd, .events = POLLIN } };

	if (poll(fds, 1, PACE_MS) > 0)
		return false;
	if (poll(fds, ARRAY_LEN(fds), wait_ms(j)) > 0 && fds[0].revents)
		return false;
	/* Before the look: who pokes from now on is looked for again. */
	j->is_poked = j->poke_fd >= 0 && poke_take(j->poke_fd);
	return true;
}

void relay_work(struct relay *j, int stop_fd)
{
	struct error ignored;

	j->poke_fd = -1;
	j->is_started = j->is_poked = false;

	do
		while (relay_run(j))
			continue;
	while (wait(j, stop_fd));
	proc_close(j->poke_fd);
	j->poke_fd = -1;
	error_init(&ignored);
	if (relay_leave(j->c, &j->holder, &ignored) != RC_OK)
		return; /* it ends by itself */
}
