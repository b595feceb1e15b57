/*
 * Whether those who are in still may be: who signs out, or is disabled, is told nothing more.
 *
 * In batches of clients that lie beside each other in the table; a thread asks which of their
 * sessions live, the loop ends the others.  While the database does not answer nobody is ended.
 */
#include "base/heap.h"
#include "codec/json.h"
#include "core/identity/auth.h"
#include "live/inside.h"

struct batch {
	struct call call;
	uint32_t from, to; /* places */
	size_t n;
	int64_t ids[AUTH_ALIVE_MAX];
};

static struct batch *of_post(struct live_post *p)
{
	return (struct batch *)(void *)((char *)p - offsetof(struct batch, call.post));
}

static enum rc ask(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	const struct batch *b = (const void *)((const char *)in - offsetof(struct batch, call.in));
	const int64_t *alive;
	size_t n;

	TRY(auth_sessions_alive(c, b->ids, b->n, &alive, &n, e));
	for (size_t i = 0; i < n; i++)
		fx_alive(fx, alive[i]);
	return RC_OK;
}

static bool is_alive(const struct effects *fx, int64_t id)
{
	for (const struct effect *f = fx->first; f; f = f->next)
		if (f->seq == id)
			return true;
	return false;
}

static void set_timer(struct live *l, int64_t ms);

static void answered(struct live *l, struct live_post *p)
{
	struct batch *b = of_post(p);

	l->n_calls--;
	for (uint32_t i = b->from; i < b->to; i++) {
		struct client *c = l->clients[i];

		if (!c || !c->is_asked)
			continue;
		c->is_asked = false;
		if (b->call.rc == RC_OK && !c->is_gone &&
		    !is_alive(&b->call.effects, c->who.web_session_id))
			c->ops->close(c, "signed out");
	}
	call_free(&b->call);
	/* Between the rounds over all, not between the batches of one. */
	set_timer(l, l->next_recheck ? 0 : l->limits.recheck_ms);
}

static const struct live_door nowhere = { .path = "(recheck)" };

static void gather(struct live *l, struct batch *b)
{
	b->from = l->next_recheck;
	for (b->to = b->from; b->to < l->cap_clients && b->n < AUTH_ALIVE_MAX; b->to++) {
		struct client *c = l->clients[b->to];

		if (!c || !c->is_open || c->is_gone || c->who.role == ROLE_NONE)
			continue;
		c->is_asked = true;
		b->ids[b->n++] = c->who.web_session_id;
	}
	l->next_recheck = b->to < l->cap_clients ? b->to : 0;
}

static void begin(struct timer *t)
{
	struct live *l = (struct live *)(void *)((char *)t - offsetof(struct live, recheck));
	struct batch *b = l->n_clients && !l->is_stopping ? HEAP_NEW(struct batch) : NULL;

	if (!b) {
		set_timer(l, l->limits.recheck_ms);
		return;
	}
	gather(l, b);
	b->call.post.run = answered;
	b->call.fn = ask;
	b->call.in = (struct call_in){ .what = CALL_EVENT, .door = &nowhere };
	effects_init(&b->call.effects, FLAVOUR_PLAIN, -1);
	if (b->n && pool_submit(l->pool, &b->call))
		return;
	b->call.rc = RC_BUSY;
	l->n_calls++;
	answered(l, &b->call.post);
}

static void set_timer(struct live *l, int64_t ms)
{
	/* Without memory there is no recheck; what they send is checked all the same. */
	if (!l->is_ended && !timer_set(&l->timers, &l->recheck, l->now_us + ms * 1000, begin))
		live_dropped(l, LIVE_DROPPED_MEMORY, "no recheck", NULL);
}

void recheck_start(struct live *l)
{
	if (l->limits.recheck_ms)
		set_timer(l, l->limits.recheck_ms);
}
