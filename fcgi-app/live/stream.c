/*
 * Plain WebSockets and event streams: a connection that is a client.
 *
 * The request waits while the door's `opened` decides; then it becomes what it asked for, or is
 * answered with 401, 403, 404 or 503.
 */
#include "base/heap.h"
#include "live/inside.h"

struct stream {
	struct client client;
	struct conn *conn; /* NULL: gone */
};

static struct stream *of_client(struct client *c)
{
	return (struct stream *)(void *)c;
}

static void stream_send(struct client *c, struct frame *f)
{
	if (of_client(c)->conn)
		conn_send(of_client(c)->conn, f);
	else
		frame_unref(f);
}

static void beat(struct timer *t)
{
	static const struct str comment = STR_INIT(":\n\n");
	struct conn *c = conn_of_timer(t);

	/* Whoever has not taken the last one does not read. */
	if (c->out.first)
		conn_doom(c);
	else
		conn_send(c, frame_bytes(&comment, 1));
	(void)conn_set_timer(c, c->live->limits.ping_interval_ms, beat);
}

static void stream_accepted(struct client *c)
{
	struct conn *conn = of_client(c)->conn;

	if (c->door->kind == LIVE_SSE) {
		http_stream(conn);
		(void)conn_set_timer(conn, c->live->limits.ping_interval_ms, beat);
	} else if (http_upgrade(conn, c->facts->ws_key)) {
		socket_keep_alive(conn);
	} else {
		conn_doom(conn);
	}
}

static int status_of(enum rc rc)
{
	switch ((int)rc) {
	case RC_NOT_SIGNED_IN:
		return 401;
	case RC_DENIED:
		return 403;
	case RC_NOT_FOUND:
		return 404;
	case RC_INVALID:
		return 400;
	default:
		return 503;
	}
}

static void stream_refused(struct client *c, enum rc rc, struct str message)
{
	struct conn *conn = of_client(c)->conn;

	http_answer(conn, &(struct http_answer){ .status = status_of(rc),
						 .type = "text/plain; charset=utf-8",
						 .body = message,
						 .more = status_of(rc) == 503 ? "Retry-After: 5\r\n"
									      : NULL });
	of_client(c)->conn = NULL;
	/* His call is over, so this ends him; the caller looks at is_gone next. */
	c->is_gone = true;
}

static void stream_close(struct client *c, const char *why)
{
	struct conn *conn = of_client(c)->conn;

	if (!conn)
		return;
	if (conn->kind == CONN_WS)
		socket_close(conn, WS_CODE_POLICY, why);
	else
		conn_finish(conn);
}

static void stream_free(struct client *c)
{
	heap_free(c->facts);
	heap_free(c);
}

static const struct client_ops client_ops = {
	.send = stream_send,
	.accepted = stream_accepted,
	.refused = stream_refused,
	.close = stream_close,
	.free = stream_free,
};

/* ---- the connection's side
 * --------------------------------------------------------------------------- */

static void on_message(struct conn *conn, bool is_binary, struct str data)
{
	struct client *c = conn->owner;

	if (!c->door->message)
		return;
	if (is_binary)
		socket_close(conn, 1003, "text only");
	else if (!client_call(c, c->door->message, (struct str){ 0 }, data, -1))
		socket_close(conn, WS_CODE_POLICY, "too many messages");
}

static void on_gone(struct conn *conn)
{
	struct client *c = conn->owner;

	of_client(c)->conn = NULL;
	client_end(c);
}

static const struct conn_ops conn_ops = { .message = on_message, .gone = on_gone };

static void refuse(struct conn *c, int status, const char *text, const char *more)
{
	http_answer(c, &(struct http_answer){ .status = status,
					      .type = "text/plain; charset=utf-8",
					      .body = str_from(text),
					      .more = more });
}

void stream_open(struct conn *conn, const struct live_door *door, const struct http1_head *h)
{
	struct live *l = conn->live;
	struct stream *s;

	if (!str_eq(h->method, STR("GET"))) {
		refuse(conn, 405, "Method Not Allowed\n", "Allow: GET\r\n");
		return;
	}
	if (door->kind == LIVE_PLAIN && !http_is_upgrade(h)) {
		refuse(conn, 426, "A WebSocket is spoken here\n",
		       "Sec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n");
		return;
	}
	s = live_may_open(l) ? HEAP_NEW(struct stream) : NULL;
	if (s)
		s->client.facts = facts_new(l, door, h);
	if (!s || !s->client.facts ||
	    !client_start(&s->client, l, door, door->kind == LIVE_SSE ? FLAVOUR_SSE : FLAVOUR_PLAIN,
			  &client_ops, s->client.facts)) {
		if (s)
			heap_free(s->client.facts);
		heap_free(s);
		refuse(conn, 503, "Too many at once\n", "Retry-After: 5\r\n");
		return;
	}
	s->conn = conn;
	conn->ops = &conn_ops;
	conn->owner = &s->client;
	conn->is_parked = true;
	client_open(&s->client, (struct str){ 0 }, false, (struct str){ 0 });
}
