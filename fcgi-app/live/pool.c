/*
 * The call threads: a queue under a mutex, and threads that empty it.  Each has a connection, an
 * arena and a struct core of its own.
 */
#include "base/heap.h"
#include "core/identity/auth.h"
#include "live/inside.h"
#include "live/who.h"

enum {
	THREADS_MAX = 32,
	ARENA_BYTES = 16 << 20,
	ARENA_KEEP = 256 << 10,
	STACK_BYTES = 1 << 20,
};

struct hand {
	struct pool *pool;
	struct core core;
	struct arena arena;
	struct log log;
	pthread_t id;
};

struct pool {
	struct live *live;
	pthread_mutex_t lock; /* of all that follows but the hands */
	pthread_cond_t news;
	struct call *first, **last;
	size_t n_waiting;
	bool is_ending;
	struct hand hands[THREADS_MAX];
	size_t n_hands;
};

static const struct who nobody = { .person_id = COLUMN_NULL, .branch_id = COLUMN_NULL };

struct pool *pool_new(struct live *l, struct error *e)
{
	struct pool *p = HEAP_NEW(struct pool);

	if (!p) {
		(void)ERROR_MEMORY(e);
		return NULL;
	}
	p->live = l;
	p->last = &p->first;
	BUG(pthread_mutex_init(&p->lock, NULL) != 0 || pthread_cond_init(&p->news, NULL) != 0);
	return p;
}

void call_free(struct call *c)
{
	effects_clear(&c->effects);
	heap_free(c);
}

bool pool_submit(struct pool *p, struct call *c)
{
	bool must = c->in.what == CALL_CLOSED || c->in.what == CALL_STARTED, has_room;

	pthread_mutex_lock(&p->lock);
	has_room = must || p->n_waiting < LIVE_CALLS_MAX;
	if (has_room) {
		c->next = NULL;
		*p->last = c;
		p->last = &c->next;
		p->n_waiting++;
		pthread_cond_signal(&p->news);
	}
	pthread_mutex_unlock(&p->lock);
	p->live->n_calls += has_room;
	return has_room;
}

/* NULL: the end. */
static struct call *take(struct pool *p)
{
	struct call *c;

	pthread_mutex_lock(&p->lock);
	while (!p->first && !p->is_ending)
		pthread_cond_wait(&p->news, &p->lock);
	c = p->first;
	if (c) {
		p->first = c->next;
		if (!p->first)
			p->last = &p->first;
		p->n_waiting--;
	}
	pthread_mutex_unlock(&p->lock);
	return c;
}

/* ---- one call
 * ------------------------------------------------------------------------------------ */

static bool may(enum live_may may_whom, const struct who *who)
{
	return may_whom != LIVE_MAY_STAFF || who_is_staff(who);
}

/* Who wants in, for doors that leave that to us.  What came must be good, also where nothing need.
 */
static enum rc authenticate(struct core *c, struct call *call, struct who *who, struct error *e)
{
	const enum live_may whom = call->in.door->may;
	enum rc rc;

	if (whom == LIVE_MAY_SELF)
		return RC_OK;
	rc = live_who(c, &call->in, who, e);
	if (rc == RC_NOT_SIGNED_IN && whom == LIVE_MAY_PUBLIC && !call->in.token.n) {
		*who = nobody;
		return RC_OK;
	}
	TRY(rc);
	if (!may(whom, who))
		return ERROR(e, RC_DENIED, REASON_DENIED, "role %s", role_name(who->role));
	fx_is(&call->effects, who);
	return RC_OK;
}

/* Who calls, as he is now; from memory when he is gone. */
static enum rc find_who(struct core *c, struct call *call, struct who *who, struct error *e)
{
	const struct identity *was = &call->who;

	*who = nobody;
	if (call->in.what == CALL_OPENED)
		return authenticate(c, call, who, e);
	if (was->role == ROLE_NONE)
		return RC_OK;
	if (call->in.what == CALL_EVENT)
		return auth_session_known(c, was->web_session_id, was->account_id, who, e);
	who->role = was->role;
	who->account_id = was->account_id;
	who->person_id = was->person_id;
	who->branch_id = was->branch_id;
	who->web_session_id = was->web_session_id;
	who->zone = c->config->default_zone;
	return RC_OK;
}

static void log_failure(const struct hand *h, const struct call *call, const struct error *e)
{
	if (e->rc == RC_INTERNAL || e->rc == RC_DEPENDENCY || e->rc == RC_NO_MEMORY ||
	    e->rc == RC_NO_SPACE)
		log_event(&h->log, LOGGED_LIVE_CALL_FAILED, LOG_CZ("door", call->in.door->path),
			  LOG_STR("call", call->in.event), LOG_ERROR(e));
}

/* What a client is told when his door says nothing itself. */
static void fail(struct hand *h, struct call *call, bool is_known, const struct error *e)
{
	const struct live_door *door = call->in.door;
	struct effects *fx = &call->effects;
	int64_t ack_id = fx->ack_id;

	log_failure(h, call, e);
	effects_clear(fx);
	effects_init(fx, call->flavour, ack_id);
	if (is_known && door->failed)
		door->failed(&h->core, &call->in, e, fx);
	if (call->in.what == CALL_OPENED && !fx->is_refused)
		fx_refuse(fx, e->rc,
			  e->rc == RC_NOT_SIGNED_IN ? STR("Not signed in")
			  : e->rc == RC_DENIED || e->rc == RC_NOT_FOUND
				  ? STR("Not allowed")
				  : STR("Service unavailable"));
	/* His session has ended. */
	if (!is_known && call->in.what == CALL_EVENT && e->rc == RC_NOT_SIGNED_IN)
		fx_close(fx);
}

static void run(struct hand *h, struct call *call)
{
	struct who who;
	struct error e;
	bool is_known;

	error_init(&e);
	h->core.now_us = clock_read_us(h->core.clock);
	h->core.who = &who;
	call->rc = find_who(&h->core, call, &who, &e);
	is_known = call->rc == RC_OK;
	if (is_known && call->fn)
		call->rc = call->fn(&h->core, &call->in, &call->effects, &e);
	if (call->rc == RC_OK && call->effects.has_failed)
		call->rc = ERROR_MEMORY(&e);
	if (call->rc != RC_OK)
		fail(h, call, is_known, &e);
	h->core.who = &nobody;
	arena_reset(&h->arena);
}

static void *work(void *arg)
{
	struct hand *h = arg;
	struct call *c;

	while ((c = take(h->pool)) != NULL) {
		run(h, c);
		live_post(h->pool->live, &c->post);
	}
	return NULL;
}

/* ---- threads
 * --------------------------------------------------------------------------------------- */

static enum rc start_hand(struct pool *p, pthread_attr_t *attr, struct error *e)
{
	const struct live_options *o = p->live->o;
	struct hand *h = &p->hands[p->n_hands];

	*h = (struct hand){ .pool = p, .core = o->core, .log = *o->log };
	arena_init(&h->arena, ARENA_BYTES, ARENA_KEEP);
	h->core.arena = &h->arena;
	h->core.who = &nobody;
	h->core.db = NULL;
	if (o->open_store)
		TRY(o->open_store(o->arg, &h->core.db, e));
	if (pthread_create(&h->id, attr, work, h) != 0) {
		store_close(h->core.db);
		return ERROR(e, RC_NO_MEMORY, REASON_TOO_MUCH, "a call thread");
	}
	p->n_hands++;
	return RC_OK;
}

enum rc pool_start(struct pool *p, struct error *e)
{
	int64_t n = p->live->limits.call_threads;
	pthread_attr_t attr;
	enum rc rc = RC_OK;

	BUG(n < 0 || n > THREADS_MAX);
	BUG(pthread_attr_init(&attr) != 0 || pthread_attr_setstacksize(&attr, STACK_BYTES) != 0);
	while (rc == RC_OK && (int64_t)p->n_hands < n)
		rc = start_hand(p, &attr, e);
	pthread_attr_destroy(&attr);
	return rc;
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->is_ending = true;
	pthread_cond_broadcast(&p->news);
	pthread_mutex_unlock(&p->lock);
	for (size_t i = 0; i < p->n_hands; i++) {
		BUG(pthread_join(p->hands[i].id, NULL) != 0);
		store_close(p->hands[i].core.db);
		arena_clear(&p->hands[i].arena);
	}
	pthread_cond_destroy(&p->news);
	pthread_mutex_destroy(&p->lock);
	heap_free(p);
}
