/*
 * The loop.  A round: wait, run what is due, serve what is ready, send what was queued, free what
 * is doomed.  Must not know: protocols.
 */
#include "base/heap.h"
#include "live/inside.h"
#include "live/parts.h"
#include "sys/fail.h"
#include "sys/proc.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	EVENTS = 256,
	ACCEPTS = 64, /* in one round, so that those who are in are served, too */
	FIRST_WORD_MS = 15000,
	STOP_MS = 1000,
	COMPLAIN_MS = 1000,
	DROPS_SAID_PER_S = 20,
	CALLS_MS = 10000,
	ENGINE_BUCKETS = 4096,
	ACCOUNT_BUCKETS = 1024,
	KEPT_EVENTS = 4096,
	FILES_BESIDE = 64, /* descriptors that are no connections */
	ARENA_BYTES = 8 << 20,
	ARENA_KEEP = 64 << 10,
};

/* ---- capacity ----------------------------------------------------------------------------- */

int64_t live_capacity(int64_t wanted, int64_t *ret_files)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0) {
		*ret_files = 0;
		return 0;
	}
	if (r.rlim_cur < r.rlim_max) {
		const rlim_t before = r.rlim_cur;

		r.rlim_cur = r.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &r) != 0)
			r.rlim_cur = before;
	}
	*ret_files = r.rlim_cur > INT32_MAX ? INT32_MAX : (int64_t)r.rlim_cur;
	if (*ret_files - FILES_BESIDE < wanted)
		return *ret_files > FILES_BESIDE ? *ret_files - FILES_BESIDE : 0;
	return wanted;
}

/* ---- posts of other threads -------------------------------------------------------------------
 */

void live_post(struct live *l, struct live_post *p)
{
	const uint64_t one = 1;
	bool is_first;

	p->next = NULL;
	pthread_mutex_lock(&l->lock);
	is_first = !l->posts;
	*l->last_post = p;
	l->last_post = &p->next;
	pthread_mutex_unlock(&l->lock);
	if (is_first)
		BUG(write(l->event_fd, &one, sizeof one) != sizeof one);
}

static void run_posts(struct live *l)
{
	struct live_post *p, *next;
	uint64_t n;

	if (read(l->event_fd, &n, sizeof n) != sizeof n)
		return;
	pthread_mutex_lock(&l->lock);
	p = l->posts;
	l->posts = NULL;
	l->last_post = &l->posts;
	pthread_mutex_unlock(&l->lock);
	for (; p; p = next) {
		next = p->next;
		p->run(l, p);
	}
}

struct hub *live_hub(struct live *l)
{
	return l->hub;
}

void live_dropped(struct live *l, int kind, const char *why, const struct str *address)
{
	static const char *const kinds[LIVE_DROPPED__MAX] = { "slow", "rate", "protocol",
							      "memory" };

	l->n_dropped[kind]++;
	/* Whoever makes many of these does not fill the log. */
	if (!bucket_take(&l->drops_said, DROPS_SAID_PER_S, 1, l->now_us))
		return;
	log_event(l->o->log, LOGGED_LIVE_DROPPED, LOG_WORD("kind", kinds[kind]), LOG_CZ("why", why),
		  LOG_STR("address", address ? *address : (struct str){ 0 }));
}

/* Those who were turned away in the last second, in one line. */
static void complain(struct timer *t)
{
	struct live *l = (struct live *)(void *)((char *)t - offsetof(struct live, complain));

	log_event(l->o->log, LOGGED_LIVE_REFUSED, LOG_I64("connections", l->n_conns),
		  LOG_I64("refused", l->n_refused - l->n_complained));
	l->n_complained = l->n_refused;
}

static void turned_away(struct live *l)
{
	l->n_refused++;
	/* Without memory for the timer nothing is said. */
	if (!l->complain.place)
		(void)!timer_set(&l->timers, &l->complain, l->now_us + COMPLAIN_MS * INT64_C(1000),
				 complain);
}

bool live_may_open(struct live *l)
{
	if (!l->is_stopping && bucket_take(&l->opens, l->limits.opens_per_s, 1, l->now_us)) {
		l->n_opened++;
		return true;
	}
	turned_away(l);
	return false;
}

/* ---- accepting ---------------------------------------------------------------------------------
 */

static void silent(struct timer *t)
{
	conn_doom(conn_of_timer(t));
}

static void take_connection(struct live *l, int fd)
{
	struct conn *c = HEAP_NEW(struct conn);
	struct epoll_event ev = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = c };

	if (!c || epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, fd, &ev) != 0) {
		heap_free(c);
		proc_close(fd);
		return;
	}
	c->live = l;
	c->fd = fd;
	c->next = l->conns;
	c->at = &l->conns;
	if (c->next)
		c->next->at = &c->next;
	l->conns = c;
	l->n_conns++;
	(void)conn_set_timer(c, FIRST_WORD_MS, silent);
}

/* Nobody is accepted while all places are taken: they wait in the socket's backlog. */
static void set_accepting(struct live *l, bool is_on)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = &l->is_accepting };

	is_on = is_on && !l->is_stopping && l->n_starting == 0;
	if (l->is_accepting == is_on)
		return;
	l->is_accepting = is_on;
	BUG(epoll_ctl(l->epoll_fd, is_on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, l->o->listen_fd, &ev) !=
	    0);
}

static const char too_many[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
			       "Retry-After: 5\r\nConnection: close\r\n\r\n";

/* A connection too many is told so at once, which costs it no place. */
static void refuse_connection(struct live *l, int fd)
{
	if (send(fd, too_many, sizeof too_many - 1, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
		turned_away(l);
	proc_close(fd);
}

static void accept_some(struct live *l)
{
	for (int i = 0; i < ACCEPTS; i++) {
		int fd = accept4(l->o->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
			set_accepting(l, false);
			return;
		}
		if (fd < 0)
			return;
		if ((int64_t)l->n_conns >= l->limits.connections)
			refuse_connection(l, fd);
		else
			take_connection(l, fd);
	}
}

/* ---- ending
 * --------------------------------------------------------------------------------------- */

static void end_connection(struct conn *c)
{
	struct live *l = c->live;

	if (c->ops)
		c->ops->gone(c);
	timer_stop(&l->timers, &c->timer);
	outq_clear(&c->out);
	bytes_drop(l, &c->in, c->in.n);
	bytes_drop(l, &c->message, c->message.n);
	heap_free(c->origin);
	*c->at = c->next;
	if (c->next)
		c->next->at = c->at;
	proc_close(c->fd);
	heap_free(c);
	l->n_conns--;
	set_accepting(l, true);
}

/* Sends what this round has queued, then frees what it has ended: sending may end more. */
static void finish_round(struct live *l)
{
	while (l->dirty || l->dirty_engines || l->doomed || l->closed_engines) {
		while (l->dirty_engines) {
			struct engine *g = l->dirty_engines;

			l->dirty_engines = g->next_dirty;
			g->is_dirty = false;
			engine_flush(g);
		}
		while (l->dirty) {
			struct conn *c = l->dirty;

			l->dirty = c->next_dirty;
			if (!l->dirty)
				l->last_dirty = &l->dirty;
			c->is_dirty = false;
			if (!c->is_blocked || c->is_closing)
				conn_flush(c);
		}
		while (l->doomed && !l->dirty && !l->dirty_engines) {
			struct conn *c = l->doomed;

			l->doomed = c->next_doomed;
			end_connection(c);
		}
		while (l->closed_engines && !l->dirty && !l->dirty_engines && !l->doomed) {
			struct engine *g = l->closed_engines;

			l->closed_engines = g->next_closed;
			engine_free(g);
		}
	}
	arena_reset(&l->arena);
}

/* ---- start and end of the gateway
 * -------------------------------------------------------------------- */

static enum rc watch(struct live *l, int fd, void *who, struct error *e)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = who };

	if (epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, fd, &ev) != 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "epoll_ctl");
	return RC_OK;
}

static enum rc open_all(struct live *l, struct error *e)
{
	l->hub = hub_new(KEPT_EVENTS);
	l->n_engine_buckets = ENGINE_BUCKETS;
	l->engines = heap_new(l->n_engine_buckets * sizeof l->engines[0]);
	l->n_account_buckets = ACCOUNT_BUCKETS;
	l->accounts = heap_new(l->n_account_buckets * sizeof l->accounts[0]);
	if (!l->hub || !l->engines || !l->accounts)
		return ERROR_MEMORY(e);
	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	l->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (l->epoll_fd < 0 || l->event_fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "epoll, eventfd");
	TRY(watch(l, l->event_fd, &l->event_fd, e));
	TRY(watch(l, l->o->stop_fd, l, e));
	l->pool = pool_new(l, e);
	if (!l->pool)
		return RC_NO_MEMORY;
	TRY(pool_start(l->pool, e));
	return l->o->voices.n ? feed_start(l, &l->feed, e) : RC_OK;
}

static void started(struct live *l, struct live_post *p)
{
	struct call *call = (struct call *)(void *)((char *)p - offsetof(struct call, post));

	l->n_calls--;
	l->n_starting--;
	effects_apply(l, NULL, &call->effects, CALL_STARTED);
	call_free(call);
	set_accepting(l, true);
}

/* What `started` of each door has to do is done before anybody can connect. */
static void start_doors(struct live *l)
{
	for (size_t i = 0; i < l->o->doors.n; i++) {
		const struct live_door *d = l->o->doors.v[i];
		struct call *call = d->started ? heap_new(sizeof *call) : NULL;

		if (!call)
			continue;
		call->post.run = started;
		call->fn = d->started;
		call->in = (struct call_in){ .what = CALL_STARTED, .door = d };
		effects_init(&call->effects, FLAVOUR_SOCKETIO, -1);
		BUG(!pool_submit(l->pool, call));
		l->n_starting++;
	}
	set_accepting(l, true);
}

static void stop_clients(struct live *l)
{
	for (size_t i = 0; i < l->n_engine_buckets; i++)
		for (struct engine *g = l->engines[i], *next; g; g = next) {
			next = g->next;
			engine_close(g, ENGINE_END_CLOSE, WS_CODE_AWAY, "stopping");
		}
	for (struct conn *c = l->conns; c; c = c->next) {
		if (c->kind == CONN_WS && !c->is_closing)
			socket_close(c, WS_CODE_AWAY, "stopping");
		else if (!c->is_parked)
			conn_finish(c);
	}
}

static void serve_event(struct live *l, const struct epoll_event *ev)
{
	struct conn *c = ev->data.ptr;

	if (c->is_doomed)
		return;
	if (ev->events & EPOLLOUT)
		conn_flush(c);
	if (ev->events & (EPOLLERR | EPOLLHUP))
		conn_doom(c);
	else if (ev->events & (EPOLLIN | EPOLLRDHUP) && !c->is_doomed)
		conn_readable(c);
	(void)l;
}

/* False: the wish to stop came. */
static bool round_once(struct live *l, int wait_ms)
{
	struct epoll_event events[EVENTS];
	bool goes_on = true;
	int n = epoll_wait(l->epoll_fd, events, EVENTS, wait_ms);

	l->now_us = clock_mono_us();
	timers_run(&l->timers, l->now_us);
	for (int i = 0; i < n; i++) {
		const void *who = events[i].data.ptr;

		if (who == &l->event_fd)
			run_posts(l);
		else if (who == &l->is_accepting)
			accept_some(l);
		else if (who == l)
			goes_on = false;
		else
			serve_event(l, &events[i]);
	}
	finish_round(l);
	return goes_on;
}

static void serve(struct live *l)
{
	int64_t until_us;

	while (round_once(l, timers_wait_ms(&l->timers, l->now_us)))
		continue;
	BUG(epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, l->o->stop_fd, NULL) != 0);
	l->is_stopping = true;
	set_accepting(l, false);
	until_us = l->now_us + STOP_MS * INT64_C(1000);
	stop_clients(l);
	finish_round(l);
	while (l->n_conns && l->now_us < until_us)
		(void)round_once(l, 50);
	for (struct conn *c = l->conns; c; c = c->next)
		conn_doom(c);
	finish_round(l);
	/* Calls at hand, and what they end: at most as long as a statement may take. */
	until_us = l->now_us + CALLS_MS * INT64_C(1000);
	while (l->n_calls && l->now_us < until_us)
		(void)round_once(l, 50);
	l->is_ended = true;
}

static void close_all(struct live *l)
{
	feed_stop(l->feed);
	pool_free(l->pool);
	if (l->event_fd >= 0)
		run_posts(l);
	feed_free(l->feed);
	every_free(l);
	finish_round(l);
	BUG(l->n_engines != 0 || l->n_buffered != 0);
	parts_free(l);
	timers_free(&l->timers);
	hub_free(l->hub);
	heap_free(l->engines);
	heap_free(l->accounts);
	heap_free(l->clients);
	heap_free(l->generations);
	heap_free(l->free_ids);
	proc_close(l->epoll_fd);
	proc_close(l->event_fd);
	arena_clear(&l->arena);
	pthread_mutex_destroy(&l->lock);
	heap_free(l);
}

enum rc live_run(const struct live_options *o, struct error *e)
{
	struct live *l = HEAP_NEW(struct live);
	enum rc rc;

	if (!l)
		return ERROR_MEMORY(e);
	l->o = o;
	l->limits = o->limits;
	l->epoll_fd = l->event_fd = -1;
	l->last_post = &l->posts;
	l->last_dirty = &l->dirty;
	l->now_us = clock_mono_us();
	BUG(pthread_mutex_init(&l->lock, NULL) != 0);
	arena_init(&l->arena, ARENA_BYTES, ARENA_KEEP);
	rc = open_all(l, e);
	if (rc == RC_OK) {
		start_doors(l);
		recheck_start(l);
		every_start(l);
		serve(l);
	}
	close_all(l);
	return rc;
}
