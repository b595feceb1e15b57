/*
 * WebSocket connections: messages out of frames, the closing handshake, pings.
 *
 * Must not know: what messages mean.
 */
#include "live/inside.h"

enum { CLOSE_MS = 2000 };

static void late(struct timer *t)
{
	conn_doom(conn_of_timer(t));
}

static struct frame *control(enum ws_opcode opcode, struct str payload)
{
	char head[WS_SEND_HEAD_MAX];
	const struct str parts[] = { str_make(head, ws_head_write(head, opcode, payload.n)),
				     payload };

	return frame_bytes(parts, ARRAY_LEN(parts));
}

void socket_close(struct conn *c, int code, const char *reason)
{
	struct str text = str_sub(str_from(reason), 0, WS_CONTROL_MAX - 2);
	char payload[WS_CONTROL_MAX] = { (char)(code >> 8), (char)(code & 255) };

	if (c->is_doomed || c->is_close_sent)
		return;
	c->is_close_sent = true;
	if (text.n)
		memcpy(payload + 2, text.p, text.n);
	conn_send(c, control(WS_CLOSE, str_make(payload, 2 + text.n)));
	(void)conn_set_timer(c, CLOSE_MS, late);
}

/*
 * The other side breaks the rules.  It is told, and has CLOSE_MS to end the connection; what comes
 * until then is dropped, as frames when they still can be told apart.
 */
static size_t fail(struct conn *c, int code, const char *why, size_t n)
{
	if (!c->is_close_sent)
		live_dropped(c->live, LIVE_DROPPED_PROTOCOL, why, NULL);
	socket_close(c, code, why);
	c->is_deaf = true;
	return n;
}

static size_t too_many(struct conn *c, size_t n)
{
	live_dropped(c->live, LIVE_DROPPED_RATE, "too many messages", NULL);
	socket_close(c, WS_CODE_POLICY, "too many messages");
	return n;
}

static void closed_by_them(struct conn *c, struct str payload)
{
	int code = ws_close_code(payload);

	if (!c->is_close_sent)
		socket_close(c,
			     code == 0      ? WS_CODE_PROTOCOL
			     : code == 1005 ? WS_CODE_NORMAL
					    : code,
			     "");
	conn_finish(c);
}

static bool is_text_good(const struct conn *c, struct str text)
{
	return c->message_opcode != WS_TEXT || utf8_valid(text);
}

/* A frame of a message; 0, or the code to close with. */
static int take_data(struct conn *c, const struct ws_frame *f, size_t max)
{
	bool is_first = f->opcode != WS_CONTINUATION;
	struct str text = f->payload;

	if (is_first == (c->message_opcode != 0))
		return WS_CODE_PROTOCOL; /* a message within another, or no message to continue */
	if (is_first)
		c->message_opcode = (uint8_t)f->opcode;
	if (!f->is_final || c->message.n) {
		if (!bytes_add(c->live, &c->message, f->payload, max))
			return WS_CODE_TOO_BIG;
		text = str_make(c->message.p, c->message.n);
	}
	if (!f->is_final)
		return 0;
	if (!is_text_good(c, text))
		return WS_CODE_NOT_TEXT;
	is_first = c->message_opcode == WS_BINARY;
	c->message_opcode = 0;
	if (c->ops)
		c->ops->message(c, is_first, text);
	bytes_drop(c->live, &c->message, c->message.n);
	return 0;
}

/* Frames of any kind count, so that empty ones without end are met, too. */
static bool is_in_rate(struct conn *c, size_t n)
{
	const struct live *l = c->live;

	return bucket_take(&c->messages, l->limits.messages_per_s, 1, l->now_us) &&
	       bucket_take(&c->received, l->limits.bytes_per_s, (int64_t)n, l->now_us);
}

size_t socket_take(struct conn *c, char *p, size_t n)
{
	size_t max = c->ops && c->ops->max ? c->ops->max(c) : (size_t)c->live->limits.message_bytes;
	struct ws_frame f;
	int code = c->is_deaf ? 0 : ws_frame_read(p, n, max, &f);

	if (c->is_deaf)
		return n;
	if (code)
		return fail(c, code,
			    code == WS_CODE_TOO_BIG ? "message too big" : "bad WebSocket frame", n);
	if (f.n == 0)
		return 0;
	if (!c->is_close_sent && !is_in_rate(c, f.n))
		return too_many(c, f.n);
	if (f.opcode == WS_CLOSE)
		closed_by_them(c, f.payload);
	else if (c->is_close_sent)
		return f.n;
	else if (f.opcode == WS_PING)
		conn_send(c, control(WS_PONG, f.payload));
	else if (f.opcode == WS_PONG)
		c->is_pinged = false;
	else
		code = take_data(c, &f, max);
	return code ? fail(c, code, code == WS_CODE_NOT_TEXT ? "not UTF-8" : "bad fragments", n)
		    : f.n;
}

/* ---- pings ----------------------------------------------------------------------------------- */

static void ping(struct timer *t)
{
	struct conn *c = conn_of_timer(t);
	const struct live_limits *m = &c->live->limits;

	if (c->is_pinged) {
		conn_doom(c);
		return;
	}
	c->is_pinged = true;
	conn_send(c, control(WS_PING, (struct str){ 0 }));
	(void)conn_set_timer(c, m->ping_interval_ms, ping);
}

void socket_keep_alive(struct conn *c)
{
	(void)conn_set_timer(c, c->live->limits.ping_interval_ms, ping);
}
