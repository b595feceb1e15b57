/*
 * Transactions: BEGIN, the caller's function, COMMIT, and running it all again.
 *
 * A statement that meets a deadlock, a lock wait or a lost connection marks the
 * transaction as failed (db_fail), so that a function that swallows the error cannot
 * commit half of its work.
 */
#include "store/db.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <time.h>

#include "sys/clock.h"

#define MAX_TRIES     3 /* each may have waited for a lock, or to connect */
#define MAX_DEADLOCKS 8 /* these come at once, and under many writers again */
#define PAUSE_US      2000
#define PAUSE_SPAN_US 8000

static bool may_repeat(unsigned code)
{
	return db_is_lost(code) || code == ER_LOCK_DEADLOCK || code == ER_LOCK_WAIT_TIMEOUT;
}

/* Two that met must not meet again: a different pause for each process and moment. */
static void pause_before(const struct store *s, int try)
{
	const int64_t jitter = (clock_mono_us() ^ (int64_t)((uintptr_t)s >> 4)) % PAUSE_SPAN_US;
	const int64_t us = try * (PAUSE_US + jitter);
	const struct timespec t = { .tv_sec = 0, .tv_nsec = (long)us * 1000 };

	nanosleep(&t, NULL);
}

static void roll_back(struct store *s)
{
	struct error ignored;

	if (s->my != NULL && db_query(s, "ROLLBACK", &ignored) != RC_OK)
		db_drop(s); /* the server rolls back what is left of it */
}

/* One try.  *ret_again: it had no effect, and another try may succeed. */
static enum rc attempt(struct store *s, enum rc (*fn)(struct store *s, void *arg, struct error *e),
		       void *arg, bool *ret_again, struct error *e)
{
	enum rc rc = db_query(s, "START TRANSACTION", e);

	*ret_again = rc != RC_OK && may_repeat((unsigned)e->foreign) &&
		     clock_mono_us() >= s->retry_at_us;
	if (rc != RC_OK)
		return rc;
	s->in_tx = true;
	s->tx_foreign = 0;
	s->tx_tells = false;
	rc = fn(s, arg, e);
	if (rc == RC_OK && s->tx_foreign != 0) {
		rc = ERROR(e, RC_DEPENDENCY, REASON_DATABASE_DOWN,
			   "the transaction had failed with %u when it was to be committed",
			   s->tx_foreign);
		e->foreign = (int)s->tx_foreign;
	}
	if (rc != RC_OK) {
		*ret_again = may_repeat(s->tx_foreign);
		roll_back(s);
	} else {
		rc = db_query(s, "COMMIT", e);
		/* 2006: it was never sent.  Any later loss leaves the outcome unknown. */
		const unsigned code = rc == RC_OK ? 0 : (unsigned)e->foreign;
		*ret_again = code == CR_SERVER_GONE_ERROR || code == ER_LOCK_DEADLOCK ||
			     code == ER_LOCK_WAIT_TIMEOUT || code == ER_UNKNOWN_COM_ERROR;
		if (rc != RC_OK)
			roll_back(s);
	}
	s->in_tx = false;
	s->tx_foreign = 0;
	return rc;
}

void store_tell(struct store *s)
{
	s->tx_tells = true;
}

static int most_tries(const struct error *e)
{
	return e->foreign == ER_LOCK_DEADLOCK ? MAX_DEADLOCKS : MAX_TRIES;
}

enum rc store_tx(struct store *s, enum rc (*fn)(struct store *s, void *arg, struct error *e),
		 void *arg, struct error *e)
{
	BUG(s->in_tx);
	for (int try = 1;; try++) {
		struct error failure;
		bool again;
		error_init(&failure);
		const enum rc rc = attempt(s, fn, arg, &again, &failure);
		if (rc == RC_OK) {
			if (s->tx_tells && s->on_commit)
				s->on_commit(s->on_commit_arg);
			return RC_OK;
		}
		if (!again || try >= most_tries(&failure)) {
			*e = failure;
			return rc;
		}
		pause_before(s, try);
	}
}
