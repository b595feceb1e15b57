/*
 * A queue under a mutex, and threads that empty it.  A waiter's place in it lies on the
 * waiter's stack, with a semaphore to sleep on; whoever posts it touches it no more.
 */
#include "core/attendance/committer.h"

#include "base/heap.h"
#include "sys/fail.h"
#include "sys/meter.h"

#include <pthread.h>
#include <semaphore.h>

enum { THREADS_MAX = 8, ARENA_BYTES = 16 * 1024 * 1024, ARENA_KEEP_BYTES = 512 * 1024 };

struct waiter {
	void *item;
	int64_t until_us;
	struct waiter *next;
	enum rc rc;
	struct error *error;
	sem_t done;
};

struct hand {
	struct committer *committer;
	struct core core;
	struct arena arena;
	pthread_t id;
};

struct committer {
	struct committer_options o;
	pthread_mutex_t lock; /* of all that follows but the hands */
	pthread_cond_t news;
	struct waiter *first, **last;
	size_t n_waiting, n_idle;
	bool is_ending;
	struct hand hands[THREADS_MAX];
	size_t n_hands;
};

static const struct who nobody = { .person_id = COLUMN_NULL, .branch_id = COLUMN_NULL };

enum rc committer_new(const struct committer_options *o, struct committer **ret, struct error *e)
{
	struct committer *m = HEAP_NEW(struct committer);

	BUG(!o->run || o->batch_max < 1 || o->batch_max > COMMITTER_BATCH_MAX);
	if (!m)
		return ERROR_MEMORY(e);
	m->o = *o;
	m->last = &m->first;
	BUG(pthread_mutex_init(&m->lock, NULL) != 0 || pthread_cond_init(&m->news, NULL) != 0);
	*ret = m;
	return RC_OK;
}

/* ---- waiting ---------------------------------------------------------------------------- */

/* Puts it behind the others; false: there are too many. */
static bool put(struct committer *m, struct waiter *w)
{
	bool has_room;

	pthread_mutex_lock(&m->lock);
	BUG(m->is_ending);
	has_room = m->n_waiting < m->o.waiting_max;
	if (has_room) {
		*m->last = w;
		m->last = &w->next;
		m->n_waiting++;
		if (m->n_idle > 0)
			pthread_cond_signal(&m->news);
	}
	pthread_mutex_unlock(&m->lock);
	return has_room;
}

enum rc committer_submit(struct committer *m, void *item, struct error *e)
{
	struct waiter w = { .item = item, .error = e };

	w.until_us = clock_read_mono_us(m->o.core.clock) + m->o.timeout_us;
	BUG(sem_init(&w.done, 0, 0) != 0);
	if (put(m, &w))
		while (sem_wait(&w.done) != 0)
			continue; /* a signal */
	else
		w.rc = ERROR(e, RC_BUSY, REASON_TOO_MUCH, "%zu wait already", m->o.waiting_max);
	sem_destroy(&w.done);
	return w.rc;
}

size_t committer_n_waiting(struct committer *m)
{
	size_t n;

	pthread_mutex_lock(&m->lock);
	n = m->n_waiting;
	pthread_mutex_unlock(&m->lock);
	return n;
}

/* ---- committing ------------------------------------------------------------------------- */

static void wake(struct waiter *w, enum rc rc)
{
	w->rc = rc;
	BUG(sem_post(&w->done) != 0);
}

/* What has gathered, in order: waits for the first.  0: the end. */
static size_t take(struct committer *m, struct waiter **ret)
{
	size_t n = 0;

	pthread_mutex_lock(&m->lock);
	while (!m->first && !m->is_ending) {
		m->n_idle++;
		pthread_cond_wait(&m->news, &m->lock);
		m->n_idle--;
	}
	for (; m->first && n < m->o.batch_max; n++) {
		ret[n] = m->first;
		m->first = m->first->next;
	}
	if (!m->first)
		m->last = &m->first;
	else if (m->n_idle > 0)
		pthread_cond_signal(&m->news);
	m->n_waiting -= n;
	pthread_mutex_unlock(&m->lock);
	return n;
}

/* Wakes those who waited too long, before any work; how many are left. */
static size_t drop_late(const struct hand *h, struct waiter **w, size_t n)
{
	int64_t now = clock_read_mono_us(h->core.clock);
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		if (w[i]->until_us > now)
			w[left++] = w[i];
		else
			wake(w[i], ERROR(w[i]->error, RC_TIMEOUT, REASON_TOO_LATE,
					 "waited too long for the committer"));
	}
	return left;
}

static void count(struct hand *h, int64_t n_statements, int64_t busy_us)
{
	size_t pool = (size_t)h->committer->o.pool;

	if (!h->core.db)
		return;
	meter_add(h->core.meter, METER_STATEMENTS + pool,
		  store_n_statements(h->core.db) - n_statements);
	meter_add(h->core.meter, METER_DATABASE_US + pool, store_busy_us(h->core.db) - busy_us);
}

static void commit(struct hand *h, struct waiter **w, size_t n)
{
	int64_t n_statements = h->core.db ? store_n_statements(h->core.db) : 0;
	int64_t busy_us = h->core.db ? store_busy_us(h->core.db) : 0;
	void *items[COMMITTER_BATCH_MAX];
	struct error e;
	enum rc rc;

	for (size_t i = 0; i < n; i++)
		items[i] = w[i]->item;
	error_init(&e);
	h->core.now_us = clock_read_us(h->core.clock);
	rc = h->committer->o.run(&h->core, items, n, &e);
	for (size_t i = 0; i < n; i++) {
		if (rc != RC_OK)
			*w[i]->error = e;
		wake(w[i], rc);
	}
	count(h, n_statements, busy_us);
	arena_reset(&h->arena);
}

static void *work(void *arg)
{
	struct waiter *w[COMMITTER_BATCH_MAX];
	struct hand *h = arg;
	size_t n;

	while ((n = take(h->committer, w)) > 0) {
		n = drop_late(h, w, n);
		if (n > 0)
			commit(h, w, n);
	}
	return NULL;
}

/* ---- threads ---------------------------------------------------------------------------- */

enum rc committer_start(struct committer *m, struct store *db, struct error *e)
{
	struct hand *h = &m->hands[m->n_hands];

	BUG(m->n_hands == THREADS_MAX);
	*h = (struct hand){ .committer = m, .core = m->o.core };
	arena_init(&h->arena, ARENA_BYTES, ARENA_KEEP_BYTES);
	h->core.db = db;
	h->core.arena = &h->arena;
	h->core.who = &nobody;
	if (pthread_create(&h->id, NULL, work, h) != 0) {
		store_close(db);
		return ERROR(e, RC_NO_MEMORY, REASON_TOO_MUCH, "a thread of the committer");
	}
	m->n_hands++;
	return RC_OK;
}

static void end_hand(struct hand *h)
{
	BUG(pthread_join(h->id, NULL) != 0);
	store_close(h->core.db);
	arena_clear(&h->arena);
}

void committer_free(struct committer *m)
{
	if (!m)
		return;
	pthread_mutex_lock(&m->lock);
	m->is_ending = true;
	pthread_cond_broadcast(&m->news);
	pthread_mutex_unlock(&m->lock);
	for (size_t i = 0; i < m->n_hands; i++)
		end_hand(&m->hands[i]);
	pthread_cond_destroy(&m->news);
	pthread_mutex_destroy(&m->lock);
	heap_free(m);
}
