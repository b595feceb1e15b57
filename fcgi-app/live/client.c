/*
 * Clients: peers with a door behind them.  Their places, their accounts, their calls.
 */
#include "base/heap.h"
#include "live/inside.h"
#include "sys/crypto.h"

#include <stdio.h>

/* ---- places: an id and a generation name a client for the threads
 * --------------------------------- */

static bool grow_places(struct live *l)
{
	uint32_t cap = l->cap_clients ? 2 * l->cap_clients : 256;
	struct client **clients = heap_new(cap * sizeof clients[0]);
	uint32_t *generations = heap_new(cap * sizeof generations[0]);
	uint32_t *ids = heap_new(cap * sizeof ids[0]);

	if (!clients || !generations || !ids) {
		heap_free(clients);
		heap_free(generations);
		heap_free(ids);
		return false;
	}
	if (l->cap_clients) {
		memcpy(clients, l->clients, l->cap_clients * sizeof clients[0]);
		memcpy(generations, l->generations, l->cap_clients * sizeof generations[0]);
	}
	/* 0 is nobody's. */
	for (uint32_t id = cap - 1; id >= l->cap_clients && id > 0; id--)
		ids[l->n_free_ids++] = id;
	heap_free(l->clients);
	heap_free(l->generations);
	heap_free(l->free_ids);
	l->clients = clients;
	l->generations = generations;
	l->free_ids = ids;
	l->cap_clients = cap;
	return true;
}

static bool take_place(struct live *l, struct client *c)
{
	if (l->n_free_ids == 0 && !grow_places(l))
		return false;
	c->id = l->free_ids[--l->n_free_ids];
	c->generation = ++l->generations[c->id];
	l->clients[c->id] = c;
	l->n_clients++;
	atomic_fetch_add(&l->n_of[c->peer.flavour], 1);
	return true;
}

static void leave_place(struct client *c)
{
	struct live *l = c->live;

	l->clients[c->id] = NULL;
	l->free_ids[l->n_free_ids++] = c->id;
	l->n_clients--;
	atomic_fetch_sub(&l->n_of[c->peer.flavour], 1);
}

struct client *client_find(struct live *l, uint32_t id, uint32_t generation)
{
	struct client *c = id && id < l->cap_clients ? l->clients[id] : NULL;

	return c && c->generation == generation ? c : NULL;
}

/* ---- accounts
 * ------------------------------------------------------------------------------------------ */

struct account {
	struct account *next; /* in the bucket */
	int64_t id, n;
	struct client *first;
	struct bucket messages;
};

static struct account **account_place(struct live *l, int64_t id)
{
	struct account **at = &l->accounts[(uint64_t)id % l->n_account_buckets];

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

struct client *client_account_first(const struct client *c)
{
	return c->account ? c->account->first : NULL;
}

bool client_identify(struct client *c, const struct identity *who)
{
	struct live *l = c->live;
	struct account **at = account_place(l, who->account_id), *a = *at;

	BUG(c->account != NULL);
	if (a && a->n >= l->limits.per_account)
		return false;
	if (!a) {
		a = HEAP_NEW(struct account);
		if (!a)
			return false;
		a->id = who->account_id;
		*at = a;
	}
	c->who = *who;
	c->account = a;
	c->account_next = a->first;
	c->account_at = &a->first;
	if (a->first)
		a->first->account_at = &c->account_next;
	a->first = c;
	a->n++;
	return true;
}

static void leave_account(struct client *c)
{
	struct account *a = c->account, **at;

	if (!a)
		return;
	*c->account_at = c->account_next;
	if (c->account_next)
		c->account_next->account_at = c->account_at;
	c->account = NULL;
	if (--a->n > 0)
		return;
	at = account_place(c->live, a->id);
	*at = a->next;
	heap_free(a);
}

bool client_may_send(struct client *c)
{
	return !c->account ||
	       bucket_take(&c->account->messages, c->live->limits.account_messages_per_s, 1,
			   c->live->now_us);
}

/* ---- life
 * --------------------------------------------------------------------------------------------------
 */

static void send_to_peer(struct peer *p, struct frame *f)
{
	struct client *c = (struct client *)(void *)((char *)p - offsetof(struct client, peer));

	c->ops->send(c, frame_ref(f));
}

bool client_start(struct client *c, struct live *l, const struct live_door *door,
		  enum flavour flavour, const struct client_ops *ops, struct facts *facts)
{
	c->live = l;
	c->peer.flavour = flavour;
	if (!take_place(l, c))
		return false;
	c->peer.send = send_to_peer;
	c->door = door;
	c->ops = ops;
	c->facts = facts;
	c->last_waiting = &c->first_waiting;
	crypto_random(c->sid, sizeof c->sid);
	return true;
}

void client_sid_text(const struct client *c, char out[2 * LIVE_SID_N + 1])
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < LIVE_SID_N; i++) {
		out[2 * i] = hex[c->sid[i] >> 4];
		out[2 * i + 1] = hex[c->sid[i] & 15];
	}
	out[2 * LIVE_SID_N] = '\0';
}

static void drop_waiting(struct client *c)
{
	struct call *call;

	while ((call = c->first_waiting) != NULL) {
		c->first_waiting = call->next;
		call_free(call);
	}
	c->last_waiting = &c->first_waiting;
	c->n_waiting = 0;
}

/* ---- calls
 * --------------------------------------------------------------------------------------------------
 */

static void keep(struct call *call, size_t *at, struct str *ret, struct str s)
{
	char *text = (char *)(call + 1);

	if (s.n)
		memcpy(text + *at, s.p, s.n);
	*ret = str_make(text + *at, s.n);
	*at += s.n;
}

static void returned(struct live *l, struct live_post *p);

/* What a call is made of beside the client's facts. */
struct asked {
	enum call_what what;
	call_fn *fn;
	struct str token, event, json;
	int64_t ack_id;
	bool is_token_odd;
};

static struct call *make_call(const struct client *c, const struct asked *a)
{
	const struct facts *f = c->facts;
	bool opens = a->what == CALL_OPENED;
	struct str token = !opens ? (struct str){ 0 } : a->token.n ? a->token : f->token;
	struct str cookie = opens ? f->cookie : (struct str){ 0 };
	char sid[2 * LIVE_SID_N + 1];
	struct call *call;
	size_t at = 0;

	call = heap_new(sizeof *call + sizeof sid + f->path.n + f->query.n + token.n + cookie.n +
			f->last_event_id.n + f->address.n + f->languages.n + a->event.n +
			a->json.n);
	if (!call)
		return NULL;
	client_sid_text(c, sid);
	call->post.run = returned;
	call->fn = a->fn;
	call->who = c->who;
	call->flavour = c->peer.flavour;
	call->client_id = c->id;
	call->client_generation = c->generation;
	call->in.what = a->what;
	call->in.door = c->door;
	call->in.is_token_odd = a->is_token_odd;
	call->in.wants_ack = a->ack_id >= 0;
	keep(call, &at, &call->in.socket_id, str_make(sid, 2 * LIVE_SID_N));
	keep(call, &at, &call->in.path, f->path);
	keep(call, &at, &call->in.query, f->query);
	keep(call, &at, &call->in.token, token);
	keep(call, &at, &call->in.cookie, cookie);
	keep(call, &at, &call->in.last_event_id, f->last_event_id);
	keep(call, &at, &call->in.address, f->address);
	keep(call, &at, &call->in.languages, f->languages);
	keep(call, &at, &call->in.event, a->event);
	keep(call, &at, &call->in.json, a->json);
	effects_init(&call->effects, call->flavour, a->ack_id);
	return call;
}

/* He is gone, and so is his last call. */
static void finish(struct client *c)
{
	struct call *call = NULL;

	if (c->is_open && c->door->closed && !c->live->is_ended)
		call = make_call(c, &(struct asked){ .what = CALL_CLOSED,
						     .fn = c->door->closed,
						     .ack_id = -1 });
	if (call) {
		call->client_id = 0;
		BUG(!pool_submit(c->live->pool, call));
	}
	leave_account(c);
	leave_place(c);
	c->ops->free(c);
}

static bool submit(struct client *c, struct call *call)
{
	if (!call)
		return false;
	c->is_calling = pool_submit(c->live->pool, call);
	if (!c->is_calling)
		call_free(call);
	return c->is_calling;
}

/* The next of his calls, or his end. */
static void go_on(struct client *c)
{
	struct call *call = c->first_waiting;

	c->is_calling = false;
	if (c->is_gone) {
		finish(c);
		return;
	}
	if (!call)
		return;
	c->first_waiting = call->next;
	if (!c->first_waiting)
		c->last_waiting = &c->first_waiting;
	c->n_waiting--;
	if (!submit(c, call))
		c->ops->close(c, "too busy");
}

static void returned(struct live *l, struct live_post *p)
{
	struct call *call = (struct call *)(void *)((char *)p - offsetof(struct call, post));
	struct client *c = client_find(l, call->client_id, call->client_generation);
	bool opens = call->in.what == CALL_OPENED;

	l->n_calls--;
	/* Let in, but gone meanwhile: `closed` must know of it. */
	if (c && c->is_gone && opens && call->rc == RC_OK && !call->effects.is_refused) {
		c->is_open = true;
		for (const struct effect *f = call->effects.first; f; f = f->next)
			if (f->kind == EFFECT_IS)
				c->who = f->who;
	}
	effects_apply(l, c && !c->is_gone ? c : NULL, &call->effects, call->in.what);
	call_free(call);
	if (c)
		go_on(c);
}

void client_open(struct client *c, struct str json, bool is_token_odd, struct str token)
{
	const struct asked a = { .what = CALL_OPENED,
				 .fn = c->door->opened,
				 .token = token,
				 .json = json,
				 .ack_id = -1,
				 .is_token_odd = is_token_odd };

	if (!submit(c, make_call(c, &a))) {
		c->is_refused = true;
		c->ops->refused(c, RC_BUSY, STR("Service unavailable"));
		if (c->is_gone)
			finish(c);
	}
}

bool client_call(struct client *c, call_fn *fn, struct str event, struct str json, int64_t ack_id)
{
	const struct asked a = {
		.what = CALL_EVENT, .fn = fn, .event = event, .json = json, .ack_id = ack_id
	};
	struct call *call;

	if (!client_may_send(c) || c->n_waiting >= LIVE_WAITING_MAX) {
		live_dropped(c->live, LIVE_DROPPED_RATE, "too many messages", &c->facts->address);
		return false;
	}
	call = make_call(c, &a);
	if (!c->is_calling)
		return submit(c, call);
	if (!call)
		return false;
	*c->last_waiting = call;
	c->last_waiting = &call->next;
	c->n_waiting++;
	return true;
}

void client_end(struct client *c)
{
	BUG(c->is_gone);
	c->is_gone = true;
	hub_leave_all(c->live->hub, &c->peer);
	drop_waiting(c);
	if (!c->is_calling)
		finish(c);
}
