/*
 * core/attendance/committer.h without a database: what gathers is one batch, everybody gets an own
 * answer after it, failures are everybody's, and a crash is nobody's success.
 */
#include "unit/guard.h"

#include "core/attendance/committer.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/wait.h>

enum { MANY = 100, BATCH = 32, LONG_S = 60 };

struct item {
	int number, answer;
	enum rc wanted; /* of the batch it is in */
	bool holds;     /* its batch waits for the test */
};

struct asker {
	struct committer *m;
	struct item item;
	enum rc rc;
	struct error e;
	int tell_fd; /* gets a byte when it was answered with success; 0: none */
	pthread_t id;
};

/* What the batch function saw; one committer thread at a time writes, the test reads afterwards. */
static size_t sizes[MANY + 1], n_batches;
static int order[MANY + 1], n_seen;
static sem_t entered, let_go;
static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;

static enum rc run(struct core *c, void *const *items, size_t n, struct error *e)
{
	enum rc rc = RC_OK;

	assert_non_null(c->arena);
	assert_non_null(arena_alloc(c->arena, 1000));
	assert_true(c->now_us > 0);
	assert_int_equal(c->who->role, ROLE_NONE);
	pthread_mutex_lock(&seen_lock);
	sizes[n_batches++] = n;
	for (size_t i = 0; i < n; i++)
		order[n_seen++] = ((struct item *)items[i])->number;
	pthread_mutex_unlock(&seen_lock);
	for (size_t i = 0; i < n; i++) {
		struct item *item = items[i];

		if (item->holds) {
			sem_post(&entered);
			while (sem_wait(&let_go) != 0)
				continue;
		}
		item->answer = item->number * 3;
		if (item->wanted != RC_OK)
			rc = ERROR(e, item->wanted, REASON_DATABASE_DOWN, "as told");
	}
	return rc;
}

static struct committer *make(committer_run *fn, size_t waiting_max, int64_t timeout_us,
			      unsigned n_threads)
{
	struct committer *m;
	struct error e;

	n_batches = 0;
	n_seen = 0;
	assert_int_equal(sem_init(&entered, 0, 0), 0);
	assert_int_equal(sem_init(&let_go, 0, 0), 0);
	assert_int_equal(committer_new(&(struct committer_options){ .run = fn,
								    .batch_max = BATCH,
								    .waiting_max = waiting_max,
								    .timeout_us = timeout_us },
				       &m, &e),
			 RC_OK);
	for (unsigned i = 0; i < n_threads; i++)
		assert_int_equal(committer_start(m, NULL, &e), RC_OK);
	return m;
}

static void *ask(void *arg)
{
	struct asker *a = arg;

	error_init(&a->e);
	a->rc = committer_submit(a->m, &a->item, &a->e);
	if (a->rc == RC_OK && a->tell_fd > 0 && write(a->tell_fd, "1", 1) != 1)
		a->rc = RC_INTERNAL;
	return NULL;
}

static void start(struct asker *a, struct committer *m, int number)
{
	a->m = m;
	a->item.number = number;
	assert_int_equal(pthread_create(&a->id, NULL, ask, a), 0);
}

static void finish(struct asker *a)
{
	assert_int_equal(pthread_join(a->id, NULL), 0);
}

/* Starts one whose batch waits, and waits until it does. */
static void hold(struct asker *a, struct committer *m)
{
	*a = (struct asker){ .item = { .holds = true } };
	start(a, m, 0);
	while (sem_wait(&entered) != 0)
		continue;
}

/* Starts n further ones, each when the one before is in its place. */
static void gather(struct asker *askers, struct committer *m, int n)
{
	for (int i = 0; i < n; i++) {
		start(&askers[i], m, i + 1);
		while (committer_n_waiting(m) < (size_t)i + 1)
			sched_yield();
	}
}

static void expect_answered(const struct asker *a)
{
	assert_int_equal(a->rc, RC_OK);
	assert_int_equal(a->item.answer, a->item.number * 3);
}

static void test_alone(void **state)
{
	struct committer *m = make(run, 1, LONG_S * US_PER_S, 1);

	(void)state;
	for (int i = 1; i <= 3; i++) {
		struct item item = { .number = i };
		struct error e;

		assert_int_equal(committer_submit(m, &item, &e), RC_OK);
		assert_int_equal(item.answer, 3 * i);
	}
	committer_free(m);
	assert_int_equal(n_batches, 3);
	committer_free(NULL);
}

/* What came while the first was in work is taken in order, as much as fits. */
static void test_together(void **state)
{
	struct committer *m = make(run, MANY, LONG_S * US_PER_S, 1);
	struct asker first, rest[MANY] = { 0 };
	static const size_t wanted[] = { 1, BATCH, BATCH, BATCH, MANY - 3 * BATCH };

	(void)state;
	hold(&first, m);
	gather(rest, m, MANY);
	sem_post(&let_go);
	finish(&first);
	for (int i = 0; i < MANY; i++) {
		finish(&rest[i]);
		expect_answered(&rest[i]);
	}
	committer_free(m);
	assert_int_equal(n_batches, ARRAY_LEN(wanted));
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		assert_int_equal(sizes[i], wanted[i]);
	for (int i = 0; i <= MANY; i++)
		assert_int_equal(order[i], i);
}

/* While one thread's batch waits, another goes on. */
static void test_two_threads(void **state)
{
	struct committer *m = make(run, MANY, LONG_S * US_PER_S, 2);
	struct asker first, second = { 0 };

	(void)state;
	hold(&first, m);
	start(&second, m, 1);
	finish(&second);
	expect_answered(&second);
	sem_post(&let_go);
	finish(&first);
	committer_free(m);
}

static void test_failure_is_everybodys(void **state)
{
	struct committer *m = make(run, MANY, LONG_S * US_PER_S, 1);
	struct asker first, rest[3] = { { .item.wanted = RC_OK },
					{ .item.wanted = RC_DEPENDENCY },
					{ .item.wanted = RC_OK } };
	struct item after = { .number = 9 };
	struct error e;

	(void)state;
	hold(&first, m);
	gather(rest, m, 3);
	sem_post(&let_go);
	finish(&first);
	expect_answered(&first);
	for (int i = 0; i < 3; i++) {
		finish(&rest[i]);
		assert_int_equal(rest[i].rc, RC_DEPENDENCY);
		assert_int_equal(rest[i].e.reason, REASON_DATABASE_DOWN);
		assert_string_equal(rest[i].e.detail, "as told");
	}
	assert_int_equal(committer_submit(m, &after, &e), RC_OK);
	committer_free(m);
}

static void test_full(void **state)
{
	struct committer *m = make(run, 2, LONG_S * US_PER_S, 1);
	struct asker first, rest[2] = { 0 };
	struct item more = { .number = 3 };
	struct error e;

	(void)state;
	hold(&first, m);
	gather(rest, m, 2);
	error_init(&e);
	assert_int_equal(committer_submit(m, &more, &e), RC_BUSY);
	assert_int_equal(e.reason, REASON_TOO_MUCH);
	assert_int_equal(more.answer, 0);
	sem_post(&let_go);
	finish(&first);
	for (int i = 0; i < 2; i++) {
		finish(&rest[i]);
		expect_answered(&rest[i]);
	}
	committer_free(m);
}

/* Nobody waits for such an answer any more: dropped before any work. */
static void test_too_late(void **state)
{
	struct committer *m = make(run, MANY, 20000, 1);
	struct asker first, late = { 0 };

	(void)state;
	hold(&first, m);
	gather(&late, m, 1);
	for (int64_t until = clock_mono_us() + 25000; clock_mono_us() < until;)
		sched_yield();
	sem_post(&let_go);
	finish(&first);
	finish(&late);
	assert_int_equal(late.rc, RC_TIMEOUT);
	assert_int_equal(late.e.reason, REASON_TOO_LATE);
	assert_int_equal(late.item.answer, 0);
	committer_free(m);
	assert_int_equal(n_batches, 1);
}

static void *free_it(void *arg)
{
	committer_free(arg);
	return NULL;
}

/* What waits is finished before the end. */
static void test_end(void **state)
{
	struct committer *m = make(run, MANY, LONG_S * US_PER_S, 1);
	struct asker first, rest[40] = { 0 };
	pthread_t ending;

	(void)state;
	hold(&first, m);
	gather(rest, m, 40);
	assert_int_equal(pthread_create(&ending, NULL, free_it, m), 0);
	sem_post(&let_go);
	assert_int_equal(pthread_join(ending, NULL), 0);
	finish(&first);
	for (int i = 0; i < 40; i++) {
		finish(&rest[i]);
		expect_answered(&rest[i]);
	}
}

/*
 * In the child: a first batch is held until 19 wait; they are one batch, which kills the
 * process when half of it is done.  Who is answered with success says so.
 */
static enum rc run_then_crash(struct core *c, void *const *items, size_t n, struct error *e)
{
	if (n == 1)
		return run(c, items, n, e);
	while (sem_wait(&let_go) != 0)
		continue;
	for (size_t i = 0; i < n; i++) {
		struct item *item = items[i];

		item->answer = item->number * 3;
		if (i == n / 2)
			kill(getpid(), SIGKILL);
	}
	return RC_OK;
}

NO_RETURN static void crash_half_way(int tell_fd)
{
	struct committer *m = make(run_then_crash, MANY, LONG_S * US_PER_S, 1);
	struct asker first, rest[19] = { 0 };

	hold(&first, m);
	for (int i = 0; i < 19; i++)
		rest[i].tell_fd = tell_fd;
	gather(rest, m, 19);
	first.tell_fd = tell_fd;
	sem_post(&let_go);
	finish(&first);
	sem_post(&let_go);
	for (int i = 0; i < 19; i++)
		finish(&rest[i]);
	_exit(0);
}

static void test_crash_tells_nobody(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		int fds[2], status;
		char bytes[20];
		pid_t pid;

		assert_int_equal(pipe(fds), 0);
		pid = fork();
		if (pid == 0)
			crash_half_way(fds[1]);
		close(fds[1]);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		assert_int_equal(read(fds[0], bytes, sizeof bytes), 1); /* the first alone */
		close(fds[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone),       cmocka_unit_test(test_together),
		cmocka_unit_test(test_two_threads), cmocka_unit_test(test_failure_is_everybodys),
		cmocka_unit_test(test_full),        cmocka_unit_test(test_too_late),
		cmocka_unit_test(test_end),         cmocka_unit_test(test_crash_tells_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
