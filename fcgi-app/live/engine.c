/*
 * Engine.IO sessions: who they are, their transports, their heartbeat, their end.
 *
 * A session speaks through a WebSocket, or through polls, of which one waits at a time.  What is
 * sent while nobody polls waits in the session's queue.  A WebSocket that comes with a sid is tried
 * first (`probe`).
 */
#include "base/heap.h"
#include "codec/base64.h"
#include "codec/engineio.h"
#include "live/inside.h"
#include "sys/crypto.h"

#include <stdio.h>

enum { UPGRADE_MS = 10000, BEAT_LATE_US = 50000 };

/* ---- the table ----------------------------------------------------------------------------------
 */

static struct engine **bucket_of(struct live *l, const uint8_t sid[LIVE_SID_N])
{
	uint64_t word;

	memcpy(&word, sid, sizeof word); /* random bytes */
	return &l->engines[word % l->n_engine_buckets];
}

static bool read_sid(struct str text, uint8_t ret[LIVE_SID_N])
{
	size_t n;

	return base64url_decode(text, ret, LIVE_SID_N, &n) && n == LIVE_SID_N;
}

/* The living session of that name. */
static struct engine *find(struct live *l, struct str text)
{
	uint8_t sid[LIVE_SID_N];
	struct engine *g;

	if (!read_sid(text, sid))
		return NULL;
	for (g = *bucket_of(l, sid); g; g = g->next)
		if (crypto_equal(g->sid, sid, sizeof sid))
			return g;
	return NULL;
}

static void forget(struct engine *g)
{
	struct engine **at = bucket_of(g->live, g->sid);

	while (*at != g)
		at = &(*at)->next;
	*at = g->next;
}

/* ---- out
 * ------------------------------------------------------------------------------------------ */

static void mark_dirty(struct engine *g)
{
	if (g->is_dirty || g->is_closed)
		return;
	g->is_dirty = true;
	g->next_dirty = g->live->dirty_engines;
	g->live->dirty_engines = g;
}

/* A packet of a letter or more, as a text frame. */
static struct frame *packet(struct str text)
{
	return frame_text(&text, 1);
}

void engine_send(struct engine *g, struct frame *f)
{
	if (g->is_closed) {
		frame_unref(f);
		return;
	}
	if (g->ws) {
		conn_send(g->ws, f);
		return;
	}
	if (!outq_add(&g->out, f)) {
		live_dropped(g->live, LIVE_DROPPED_MEMORY, "no memory", &g->facts->address);
		engine_close(g, ENGINE_END_CLOSE, WS_CODE_ERROR, "no memory");
	} else if (outq_behind(&g->out) > g->live->limits.queue_bytes) {
		live_dropped(g->live, LIVE_DROPPED_SLOW, "does not poll", &g->facts->address);
		engine_close(g, ENGINE_END_CLOSE, WS_CODE_POLICY, "does not poll");
	} else {
		mark_dirty(g);
	}
}

/* How long a frame is within a payload. */
static size_t polled_n(const struct frame *f)
{
	size_t n = frame_payload(f).n;

	return f->is_binary ? 1 + (n + 2) / 3 * 4 : n;
}

static void add_polled(struct buf *b, const struct frame *f)
{
	if (!f->is_binary) {
		buf_add(b, frame_payload(f));
		return;
	}
	buf_char(b, 'b');
	base64_encode(b, frame_payload(f));
}

static void answer_poll(struct engine *g, struct str payload)
{
	struct conn *c = g->poll;

	g->poll = NULL;
	http_answer(c, &(struct http_answer){ .status = 200,
					      .type = "text/plain; charset=UTF-8",
					      .body = payload });
}

/* As many packets as a payload may hold, the first in any case. */
static void poll_packets(struct engine *g)
{
	size_t max = (size_t)g->live->limits.message_bytes, n = 0;
	struct frame *f;
	struct buf b;

	buf_init(&b, &g->live->arena, 256, FRAME_MAX);
	while (g->out.first && (n == 0 || n + 1 + polled_n(g->out.first->frame) <= max)) {
		f = outq_take(&g->out);
		if (n)
			buf_char(&b, ENGINEIO_SEPARATOR);
		add_polled(&b, f);
		n = b.n;
		frame_unref(f);
	}
	if (buf_ok(&b))
		answer_poll(g, buf_str(&b));
	else
		engine_close(g, ENGINE_END_CLOSE, WS_CODE_ERROR, "no memory");
}

void engine_flush(struct engine *g)
{
	struct frame *f;

	if (g->is_closed)
		return;
	while (g->ws && (f = outq_take(&g->out)) != NULL)
		conn_send(g->ws, f);
	if (g->poll && g->out.first)
		poll_packets(g);
	else if (g->poll && g->is_probed)
		answer_poll(g, STR("6")); /* so that the client can change over */
}

/* ---- heartbeat
 * --------------------------------------------------------------------------------------- */

static struct engine *engine_of_ping(struct timer *t)
{
	return (struct engine *)(void *)((char *)t - offsetof(struct engine, ping));
}

struct engine *engine_of_deadline(struct timer *t)
{
	return (struct engine *)(void *)((char *)t - offsetof(struct engine, deadline));
}

static void beat(struct timer *t);

static void set_ping(struct engine *g, int64_t from_us, int64_t ms)
{
	if (!timer_set(&g->live->timers, &g->ping, from_us + ms * 1000, beat))
		engine_close(g, ENGINE_END_CLOSE, WS_CODE_ERROR, "no memory");
}

static void beat(struct timer *t)
{
	struct engine *g = engine_of_ping(t);
	const int64_t due_us = t->at_us, now_us = g->live->now_us;

	if (g->is_pinged) {
		engine_close(g, ENGINE_END_CLOSE, WS_CODE_NORMAL, "ping timeout");
		return;
	}
	g->is_pinged = true;
	engine_send(g, packet(STR("2")));
	/* The promised times add up, unless we are late ourselves: then a client has all of its. */
	if (!g->is_closed)
		set_ping(g, now_us - due_us < BEAT_LATE_US ? due_us : now_us,
			 g->live->limits.ping_timeout_ms);
}

void engine_deadline(struct engine *g, int64_t ms, void (*fn)(struct timer *t))
{
	if (!fn)
		timer_stop(&g->live->timers, &g->deadline);
	else if (!timer_set(&g->live->timers, &g->deadline, g->live->now_us + ms * 1000, fn))
		engine_close(g, ENGINE_END_CLOSE, WS_CODE_ERROR, "no memory");
}

/* ---- the end
 * ------------------------------------------------------------------------------------------- */

static void let_go(struct conn **at, int code, const char *why)
{
	struct conn *c = *at;

	*at = NULL;
	if (!c)
		return;
	c->ops = NULL;
	c->owner = NULL;
	socket_close(c, code, why);
}

void engine_close(struct engine *g, enum engine_end end, int code, const char *why)
{
	struct live *l = g->live;

	if (g->is_closed)
		return;
	g->is_closed = true;
	forget(g);
	timer_stop(&l->timers, &g->ping);
	timer_stop(&l->timers, &g->deadline);
	if (g->poll)
		answer_poll(g, end == ENGINE_END_CLOSE ? STR("1") : STR("6"));
	let_go(&g->ws, code, why);
	let_go(&g->probe, code, why);
	outq_clear(&g->out);
	if (g->sio)
		sio_closed(g);
	g->next_closed = l->closed_engines;
	l->closed_engines = g;
}

void engine_free(struct engine *g)
{
	sio_free(g->sio);
	conformance_free(g->conformance);
	heap_free(g->facts);
	g->live->n_engines--;
	heap_free(g);
}

/* ---- in
 * ---------------------------------------------------------------------------------------------------
 */

static bool take_message(struct engine *g, bool is_binary, struct str data)
{
	if (g->door->kind == LIVE_ECHO)
		return conformance_message(g, is_binary, data);
	return sio_message(g, is_binary, data);
}

/* False: malformed, or not to be sent by a client. */
static bool take_packet(struct engine *g, const struct engineio_packet *p)
{
	switch (p->type) {
	case ENGINEIO_MESSAGE:
		return take_message(g, p->is_binary, p->data);
	case ENGINEIO_PONG:
		if (g->is_pinged) {
			g->is_pinged = false;
			set_ping(g, g->live->now_us, g->live->limits.ping_interval_ms);
		}
		return true;
	case ENGINEIO_CLOSE:
		engine_close(g, ENGINE_END_NOOP, WS_CODE_NORMAL, "");
		return true;
	case ENGINEIO_NOOP:
		return true;
	case ENGINEIO_OPEN:
	case ENGINEIO_PING:
	case ENGINEIO_UPGRADE:
	case ENGINEIO__MAX:
		return false;
	}
	return false;
}

static void malformed(struct engine *g)
{
	live_dropped(g->live, LIVE_DROPPED_PROTOCOL, "bad packet", &g->facts->address);
	engine_close(g, ENGINE_END_CLOSE, WS_CODE_PROTOCOL, "bad packet");
}

static void ws_message(struct conn *c, bool is_binary, struct str data)
{
	struct engine *g = c->owner;
	struct engineio_packet p = { .type = ENGINEIO_MESSAGE, .is_binary = true, .data = data };

	if ((!is_binary && !engineio_read(data, &p)) || !take_packet(g, &p))
		malformed(g);
}

static size_t message_max(const struct engine *g)
{
	size_t max = (size_t)g->live->limits.message_bytes;

	if (g->sio && !sio_is_connected(g) && max < LIVE_CONNECT_BYTES_MAX)
		return LIVE_CONNECT_BYTES_MAX;
	return max;
}

static size_t ws_max(const struct conn *c)
{
	return message_max(c->owner);
}

static void transport_gone(struct conn *c)
{
	struct engine *g = c->owner;

	if (g->ws == c)
		g->ws = NULL;
	else if (g->poll == c)
		g->poll = NULL;
	engine_close(g, ENGINE_END_CLOSE, WS_CODE_NORMAL, "transport closed");
}

static const struct conn_ops ws_ops = { .message = ws_message,
					.gone = transport_gone,
					.max = ws_max };
static const struct conn_ops poll_ops = { .gone = transport_gone };

/* ---- changing over
 * ------------------------------------------------------------------------------------------ */

static void probe_late(struct timer *t)
{
	struct conn *c = conn_of_timer(t);
	struct engine *g = c->owner;

	if (!g || g->probe != c)
		return;
	g->is_probed = false;
	let_go(&g->probe, WS_CODE_POLICY, "upgrade not finished");
}

static void change_over(struct engine *g)
{
	struct conn *c = g->probe;

	g->probe = NULL;
	g->ws = c;
	g->is_probed = false;
	timer_stop(&g->live->timers, &c->timer);
	c->ops = &ws_ops;
	if (g->poll)
		answer_poll(g, STR("6"));
	mark_dirty(g);
}

static void probe_message(struct conn *c, bool is_binary, struct str data)
{
	struct engine *g = c->owner;

	if (!is_binary && str_eq(data, STR("2probe"))) {
		conn_send(c, packet(STR("3probe")));
		g->is_probed = true;
		mark_dirty(g);
	} else if (!is_binary && g->is_probed && str_eq(data, STR("5"))) {
		change_over(g);
	} else {
		g->is_probed = false;
		let_go(&g->probe, WS_CODE_PROTOCOL, "bad upgrade");
	}
}

static void probe_gone(struct conn *c)
{
	struct engine *g = c->owner;

	g->probe = NULL;
	g->is_probed = false;
}

static const struct conn_ops probe_ops = { .message = probe_message, .gone = probe_gone };

/* ---- opening
 * ---------------------------------------------------------------------------------------------------
 */

static struct frame *handshake(struct engine *g, bool may_upgrade)
{
	const struct live_limits *m = &g->live->limits;
	struct buf sid, b;

	buf_init(&sid, &g->live->arena, 32, 32);
	base64url_encode(&sid, str_make((const char *)g->sid, sizeof g->sid));
	buf_init(&b, &g->live->arena, 256, 512);
	buf_char(&b, '0');
	engineio_handshake_write(
		&b, &(struct engineio_handshake){ buf_str(&sid), may_upgrade, m->ping_interval_ms,
						  m->ping_timeout_ms, m->message_bytes });
	return buf_ok(&sid) && buf_ok(&b) ? packet(buf_str(&b)) : NULL;
}

static struct engine *new_engine(struct live *l, const struct live_door *door,
				 const struct http1_head *h)
{
	struct engine *g = HEAP_NEW(struct engine), **bucket;

	if (g)
		g->facts = facts_new(l, door, h);
	if (!g || !g->facts) {
		heap_free(g);
		return NULL;
	}
	g->live = l;
	g->door = door;
	crypto_random(g->sid, sizeof g->sid);
	bucket = bucket_of(l, g->sid);
	g->next = *bucket;
	*bucket = g;
	l->n_engines++;
	return g;
}

static void refuse_busy(struct conn *c)
{
	char more[48];

	/* Spread over some seconds, so that they do not all come again at once. */
	snprintf(more, sizeof more, "Retry-After: %u\r\n", 1 + crypto_random_below(10));
	http_answer(c, &(struct http_answer){ .status = 503,
					      .type = "application/json",
					      .body = STR("{\"code\":3,\"message\":\"Busy\"}"),
					      .more = more });
}

static void open_session(struct conn *c, const struct live_door *door, const struct http1_head *h,
			 bool is_ws)
{
	struct live *l = c->live;
	struct engine *g = live_may_open(l) ? new_engine(l, door, h) : NULL;

	if (!g) {
		refuse_busy(c);
		return;
	}
	if (is_ws && !http_upgrade(c, h->ws_key)) {
		engine_close(g, ENGINE_END_CLOSE, WS_CODE_ERROR, "no memory");
		return;
	}
	c->owner = g;
	c->ops = is_ws ? &ws_ops : &poll_ops;
	c->is_parked = !is_ws;
	*(is_ws ? &g->ws : &g->poll) = c;
	engine_send(g, handshake(g, !is_ws));
	if (!g->is_closed)
		set_ping(g, l->now_us, l->limits.ping_interval_ms);
	if (!g->is_closed && door->kind != LIVE_ECHO && !sio_open(g))
		engine_close(g, ENGINE_END_CLOSE, WS_CODE_ERROR, "no memory");
}

static void try_websocket(struct conn *c, struct engine *g, const struct http1_head *h)
{
	if (!http_upgrade(c, h->ws_key)) {
		conn_doom(c);
		return;
	}
	/* As the original does; a refusal before would be an error to its clients, not an end. */
	if (g->ws || g->probe) {
		socket_close(c, WS_CODE_POLICY, "the session has its WebSocket");
		return;
	}
	g->probe = c;
	c->owner = g;
	c->ops = &probe_ops;
	(void)conn_set_timer(c, UPGRADE_MS, probe_late);
}

/* ---- polling
 * ------------------------------------------------------------------------------------------------------
 */

static void poll(struct conn *c, struct engine *g)
{
	if (g->poll) {
		live_dropped(g->live, LIVE_DROPPED_PROTOCOL, "two polls at once",
			     &g->facts->address);
		engine_close(g, ENGINE_END_CLOSE, WS_CODE_PROTOCOL, "two polls at once");
		http_refuse_engine(c, 400, 3);
		return;
	}
	g->poll = c;
	c->owner = g;
	c->ops = &poll_ops;
	c->is_parked = true;
	mark_dirty(g);
}

static bool take_binary(struct engine *g, struct str base64)
{
	size_t cap = BASE64_DECODED_MAX(base64.n), n;
	uint8_t *bytes = arena_alloc(&g->live->arena, cap);

	return bytes && base64_decode(base64, bytes, cap, &n) &&
	       take_message(g, true, str_make((const char *)bytes, n));
}

static bool take_payload(struct engine *g, struct str body)
{
	const struct live_limits *m = &g->live->limits;
	struct engineio_packet p;
	bool is_found;

	if (!body.n || !utf8_valid(body))
		return false;
	while (!g->is_closed) {
		if (!engineio_next(&body, &p, &is_found))
			return false;
		if (!is_found)
			return true;
		if (!bucket_take(&g->messages, m->messages_per_s, 1, g->live->now_us))
			return false;
		if (p.is_binary ? !take_binary(g, p.data) : !take_packet(g, &p))
			return false;
	}
	return true;
}

static void post(struct conn *c, struct engine *g, const struct http1_head *h, struct str body)
{
	struct live *l = g->live;

	if (body.n > message_max(g)) {
		live_dropped(l, LIVE_DROPPED_PROTOCOL, "message too big", &g->facts->address);
		engine_close(g, ENGINE_END_CLOSE, WS_CODE_TOO_BIG, "message too big");
		http_answer(c, &(struct http_answer){ .status = 413 });
		return;
	}
	(void)h;
	if (!bucket_take(&g->received, l->limits.bytes_per_s, (int64_t)body.n, l->now_us) ||
	    !take_payload(g, body)) {
		malformed(g);
		http_refuse_engine(c, 400, 3);
		return;
	}
	http_answer(c,
		    &(struct http_answer){ .status = 200, .type = "text/html", .body = STR("ok") });
}

/* ---- requests
 * --------------------------------------------------------------------------------------------------------
 */

static void on_session(struct conn *c, struct engine *g, const struct http1_head *h, bool is_ws,
		       struct str body)
{
	bool is_get = str_eq(h->method, STR("GET"));

	if (is_ws && is_get)
		try_websocket(c, g, h);
	else if (is_ws || g->ws)
		http_refuse_engine(c, 400, 3);
	else if (is_get)
		poll(c, g);
	else if (str_eq(h->method, STR("POST")))
		post(c, g, h, body);
	else
		http_refuse_engine(c, 400, 2);
}

void engine_http(struct conn *c, const struct live_door *door, const struct http1_head *h,
		 struct str body)
{
	struct live *l = c->live;
	struct str sid = http_query(l, h->query, STR("sid"));
	struct str transport = http_query(l, h->query, STR("transport"));
	bool is_ws = str_eq(transport, STR("websocket"));
	struct engine *g = sid.n ? find(l, sid) : NULL;

	if (!is_ws && !str_eq(transport, STR("polling")))
		http_refuse_engine(c, 400, 0);
	else if (!str_eq(http_query(l, h->query, STR("EIO")), STR("4")))
		http_refuse_engine(c, 400, 5);
	else if (is_ws != http_is_upgrade(h))
		http_refuse_engine(c, 400, 3);
	else if (sid.n && (!g || g->door != door))
		http_refuse_engine(c, 400, 1);
	else if (g)
		on_session(c, g, h, is_ws, body);
	else if (!str_eq(h->method, STR("GET")))
		http_refuse_engine(c, 400, 2);
	else
		open_session(c, door, h, is_ws);
}
