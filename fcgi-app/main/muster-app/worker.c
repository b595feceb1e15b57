/*
 * A worker process: opens what it needs, then serves until it is told to stop.
 *
 * Signals never run code here: TERM and INT are blocked and read through a
 * signalfd beside the socket, so that a request is always finished.  T threads
 * would share web, signal_fd and files, and each own a struct worker and fcgi.
 */
#include "main/muster-app/app.h"

#include "sys/proc.h"
#include "web/fcgi.h"

#include <malloc.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
	ARENA_KEEP_BYTES = 256 * 1024,
	TRIM_EVERY = 1000, /* requests */
};

struct process {
	struct app *app;
	struct web web;
	struct worker worker;
	struct files files;
	struct fcgi *fcgi;
	int signal_fd;
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
			       .files = &p->files,
			       .scan_socket = a->scan_socket.p,
			       .meter = a->meter,
			       .is_tls = config_is_tls(a->config) };
	routes_families(&p->web);
}

static enum rc open_process(struct process *p, enum route_pool pool, struct error *e)
{
	struct app *a = p->app;
	struct worker *w = &p->worker;
	const struct config *c = a->config;

	TRY(open_signals(p, e));
	TRY(files_open(&p->files, c->upload_dir, c->spool_dir, c->disk_reserve_bytes, e));
	fill_web(p);
	*w = (struct worker){ .web = &p->web, .pool = pool, .log = a->log };
	arena_init(&w->arena, (size_t)c->request_memory_bytes, ARENA_KEEP_BYTES);
	w->core.config = c;
	w->core.shm = a->shm;
	TRY(zones_new(&w->core.zones, e));
	TRY(session_cache_new(&w->sessions, e));
	TRY(oversight_cache_new(&w->overviews, e));
	TRY(app_open_store(a, &a->arena, &w->core.db, e));
	TRY(fcgi_setup(e));
	return fcgi_new(a->pools[pool].listen_fd, &p->fcgi, e);
}

static void close_process(struct process *p)
{
	fcgi_free(p->fcgi);
	store_close(p->worker.core.db);
	session_cache_free(p->worker.sessions);
	oversight_cache_free(p->worker.overviews);
	if (p->worker.core.zones)
		zones_free(p->worker.core.zones);
	arena_clear(&p->worker.arena);
	files_close(&p->files);
	proc_close(p->signal_fd);
}

/* Piece by piece; what fails in the middle breaks the connection. */
static int64_t send_stream(struct process *p, const struct web_out *out)
{
	int64_t sent = fcgi_part(p->fcgi, out->head, out->body), n = sent;
	bool is_last = false;
	struct str piece;

	while (n >= 0 && !is_last) {
		n = -1;
		if (web_serve_more(&p->worker, &piece, &is_last))
			n = fcgi_part(p->fcgi, (struct str){ 0 }, piece);
		sent += n;
	}
	if (n >= 0)
		return fcgi_end(p->fcgi) < 0 ? -1 : sent;
	fcgi_drop(p->fcgi);
	return -1;
}

static void serve(struct process *p)
{
	struct web_in in;
	unsigned n = 0;

	while (fcgi_wait(p->fcgi, p->signal_fd, &in)) {
		struct web_out out;
		int64_t sent = 0;

		web_serve(&p->worker, &in, &out);
		if (out.is_dropped)
			fcgi_drop(p->fcgi);
		else if (out.is_streamed)
			sent = send_stream(p, &out);
		else
			sent = fcgi_answer(p->fcgi, &out);
		web_serve_end(&p->worker, sent);
		if (++n % TRIM_EVERY == 0)
			(void)malloc_trim(0);
	}
}

int worker_run(struct app *a, enum route_pool pool, struct meter_slot *meter, int ready_fd)
{
	struct process p = { .app = a, .signal_fd = -1 };
	struct error e;

	limit_heap();
	error_init(&e);
	if (open_process(&p, pool, &e) != RC_OK) {
		log_event(&a->log, LOGGED_START_FAILED, LOG_ERROR(&e));
		return 1;
	}
	(void)malloc_trim(0);
	p.worker.core.meter = meter;
	meter_serves(meter, (int)pool);
	if (write(ready_fd, "1", 1) != 1)
		return 1; /* the master is gone */
	proc_close(ready_fd);
	serve(&p);
	close_process(&p);
	return 0;
}
