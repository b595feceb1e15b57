/*
 * A worker process: opens what it needs, then serves until it is told to stop.
 *
 * Signals never run code here: TERM and INT are blocked and seen through a
 * signalfd beside the socket, so that a request is always finished.  The threads of
 * the check-in pool share web, zones, files and the signalfd, which nobody reads; each
 * owns a struct worker (arena, database connection) and a struct fcgi.
 */
#include "main/muster-app/app.h"

#include "base/heap.h"
#include "core/attendance/checkin_queue.h"
#include "sys/fail.h"
#include "sys/proc.h"
#include "web/fcgi.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
	ARENA_KEEP_BYTES = 256 * 1024,
	ARENA_KEEP_CHECK_IN = 64 * 1024,
	STACK_BYTES = 1024 * 1024,
	TRIM_EVERY = 1000, /* requests */
	SIGN_IN_NICE = 5,  /* a third of the usual share */
};

struct thread {
	struct process *process;
	struct worker worker;
	struct fcgi *fcgi;
	pthread_t id;
};

struct process {
	struct app *app;
	enum route_pool pool;
	struct web web;
	struct zones *zones;
	struct files files;
	struct token_key token_key;
	int signal_fd;
	struct thread *threads;
	size_t n_threads, n_started;
};

/* Freed memory goes back at once, so that one large request does not stay with the worker. */
static void limit_heap(void)
{
	(void)mallopt(M_ARENA_MAX, 1);
	(void)mallopt(M_TRIM_THRESHOLD, 256 * 1024);
	(void)mallopt(M_MMAP_THRESHOLD, 256 * 1024);
}

static enum rc open_signals(struct process *p, struct error *e)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP); /* the master's; a worker has nothing to read again */
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "sigprocmask");
	sigdelset(&set, SIGHUP);
	p->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (p->signal_fd < 0)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "signalfd");
	return RC_OK;
}

static void fill_web(struct process *p)
{
	const struct app *a = p->app;

	p->web = (struct web){ .config = a->config,
			       .router = a->router,
			       .asset_base = a->asset_base,
			       .build = a->build,
			       .version = STR(APP_VERSION),
			       .openapi = a->openapi,
			       .files = &p->files,
			       .scan_socket = a->scan_socket.p,
			       .meter = a->meter,
			       .is_tls = config_is_tls(a->config) };
	routes_families(&p->web);
}

/* What one thread has for itself. */
static enum rc open_thread(struct process *p, struct thread *t, struct error *e)
{
	struct app *a = p->app;
	const struct config *c = a->config;
	struct worker *w = &t->worker;
	bool has_lists = p->pool != POOL_CHECK_IN;

	t->process = p;
	*w = (struct worker){ .web = &p->web, .pool = p->pool, .log = a->log };
	arena_init(&w->arena, (size_t)c->request_memory_bytes,
		   has_lists ? ARENA_KEEP_BYTES : ARENA_KEEP_CHECK_IN);
	w->core.config = c;
	w->core.shm = a->shm;
	w->core.zones = p->zones;
	w->core.token_key = &p->token_key;
	if (has_lists) {
		TRY(session_cache_new(&w->sessions, e));
		TRY(oversight_cache_new(&w->overviews, e));
	}
	TRY(app_open_store(a, &w->arena, &w->core.db, e));
	arena_reset(&w->arena);
	return fcgi_new(a->pools[p->pool].listen_fd, p->signal_fd, p->pool == POOL_CHECK_IN,
			&t->fcgi, e);
}

static enum rc open_process(struct process *p, struct error *e)
{
	const struct config *c = p->app->config;

	TRY(open_signals(p, e));
	TRY(files_open(&p->files, c->upload_dir, c->spool_dir, c->disk_reserve_bytes, e));
	TRY(zones_new(&p->zones, e));
	TRY(poke_open(c->run_dir, POKE_RELAY, &p->app->relay, e));
	fill_web(p);
	TRY(token_key_load(c, &p->token_key, e));
	TRY(fcgi_setup(e));
	p->n_threads = p->pool == POOL_CHECK_IN ? (size_t)c->check_in_threads : 1;
	p->threads = heap_new(p->n_threads * sizeof p->threads[0]);
	if (!p->threads)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < p->n_threads; i++)
		TRY(open_thread(p, &p->threads[i], e));
	return RC_OK;
}

/* The threads' check-ins are stored by these, on connections of their own. */
static enum rc open_committers(struct process *p, struct error *e)
{
	const struct config *c = p->app->config;
	struct core shared = p->threads[0].worker.core;

	shared.db = NULL;
	TRY(checkin_queue_new(&shared, p->n_threads, c->check_in_timeout_s * US_PER_S, (int)p->pool,
			      &p->web.check_in, e));
	for (int64_t i = 0; i < c->check_in_committers; i++) {
		struct store *db;

		TRY(app_open_store(p->app, &p->app->arena, &db, e));
		TRY(committer_start(p->web.check_in, db, e));
	}
	return RC_OK;
}

static void close_thread(struct thread *t)
{
	fcgi_free(t->fcgi);
	store_close(t->worker.core.db);
	session_cache_free(t->worker.sessions);
	oversight_cache_free(t->worker.overviews);
	arena_clear(&t->worker.arena);
}

static void close_process(struct process *p)
{
	committer_free(p->web.check_in);
	for (size_t i = 0; i < p->n_threads; i++)
		close_thread(&p->threads[i]);
	heap_free(p->threads);
	zones_free(p->zones);
	files_close(&p->files);
	poke_close(&p->app->relay);
	proc_close(p->signal_fd);
}

/* Piece by piece; what fails in the middle breaks the connection. */
static int64_t send_stream(struct thread *t, const struct web_out *out)
{
	int64_t sent = fcgi_part(t->fcgi, out->head, out->body), n = sent;
	bool is_last = false;
	struct str piece;

	while (n >= 0 && !is_last) {
		n = -1;
		if (web_serve_more(&t->worker, &piece, &is_last))
			n = fcgi_part(t->fcgi, (struct str){ 0 }, piece);
		sent += n;
	}
	if (n >= 0)
		return fcgi_end(t->fcgi) < 0 ? -1 : sent;
	fcgi_drop(t->fcgi);
	return -1;
}

/* A password is not checked for who has left: others wait for it. */
static bool is_left(const struct thread *t)
{
	if (t->worker.pool != POOL_SIGN_IN || !fcgi_is_gone(t->fcgi))
		return false;
	meter_add(t->worker.core.meter, METER_LATE + POOL_SIGN_IN, 1);
	return true;
}

static void serve(struct thread *t)
{
	struct web_in in;
	unsigned n = 0;

	while (fcgi_wait(t->fcgi, &in)) {
		struct web_out out;
		int64_t sent = 0;

		if (is_left(t)) {
			fcgi_drop(t->fcgi);
			continue;
		}
		web_serve(&t->worker, &in, &out);
		if (out.is_dropped)
			fcgi_drop(t->fcgi);
		else if (out.is_streamed)
			sent = send_stream(t, &out);
		else
			sent = fcgi_answer(t->fcgi, &out);
		web_serve_end(&t->worker, sent);
		if (++n % TRIM_EVERY == 0)
			(void)malloc_trim(0);
	}
}

/* ---- threads --------------------------------------------------------------------------- */

static void *run_thread(void *arg)
{
	serve(arg);
	return NULL;
}

static enum rc start_threads(struct process *p, struct error *e)
{
	pthread_attr_t attr;
	bool is_good =
		pthread_attr_init(&attr) == 0 && pthread_attr_setstacksize(&attr, STACK_BYTES) == 0;

	while (is_good && p->n_started < p->n_threads) {
		struct thread *t = &p->threads[p->n_started];

		is_good = pthread_create(&t->id, &attr, run_thread, t) == 0;
		p->n_started += is_good;
	}
	pthread_attr_destroy(&attr);
	return is_good ? RC_OK
		       : ERROR(e, RC_NO_MEMORY, REASON_TOO_MUCH, "only %zu of %zu threads start",
			       p->n_started, p->n_threads);
}

/* A process of one thread needs no other. */
static enum rc start_serving(struct process *p, struct error *e)
{
	if (p->pool != POOL_CHECK_IN)
		return RC_OK;
	TRY(open_committers(p, e));
	return start_threads(p, e);
}

static void serve_all(struct process *p)
{
	if (p->pool != POOL_CHECK_IN)
		serve(&p->threads[0]);
	for (size_t i = 0; i < p->n_started; i++)
		BUG(pthread_join(p->threads[i].id, NULL) != 0);
}

static int fail(const struct app *a, const struct error *e)
{
	log_event(&a->log, LOGGED_START_FAILED, LOG_ERROR(e));
	return 1;
}

int worker_run(struct app *a, enum route_pool pool, struct meter_slot *meter, int ready_fd)
{
	struct process p = { .app = a, .pool = pool, .signal_fd = -1 };
	struct error e;

	limit_heap();
	error_init(&e);
	if (open_process(&p, &e) != RC_OK)
		return fail(a, &e);
	/* Passwords cost more than all else: who is signed in goes first.  Anybody may do this. */
	if (pool == POOL_SIGN_IN)
		(void)!nice(SIGN_IN_NICE);
	(void)malloc_trim(0);
	for (size_t i = 0; i < p.n_threads; i++)
		p.threads[i].worker.core.meter = meter;
	meter_serves(meter, (int)pool, (int)p.n_threads);
	if (start_serving(&p, &e) != RC_OK)
		return fail(a, &e);
	if (write(ready_fd, "1", 1) != 1)
		return 1; /* the master is gone */
	proc_close(ready_fd);
	serve_all(&p);
	close_process(&p);
	return 0;
}
