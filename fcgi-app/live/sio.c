/*
 * Socket.IO on an Engine.IO session: connecting, events, acknowledgements, attachments.
 *
 * One socket in "/", which is a client of the hub.  Attachments of an event are gathered and
 * dropped: no event of ours has any, and its handler sees their placeholders.
 */
#include "base/heap.h"
#include "codec/json.h"
#include "codec/socketio.h"
#include "live/inside.h"

struct sio_socket {
	struct client client;
	struct engine *engine; /* NULL: gone */
};

/* An event whose attachments have not all come. */
struct awaited {
	unsigned n_left;
	size_t n_bytes;
	int64_t ack_id;
	struct str json;
	char text[];
};

struct sio {
	struct sio_socket *socket; /* NULL: none, or none any more */
	struct awaited *awaited;
};

/* ---- the socket as a client -------------------------------------------------------------------
 */

static struct sio_socket *of_client(struct client *c)
{
	return (struct sio_socket *)(void *)c;
}

static void send(struct client *c, struct frame *f)
{
	if (of_client(c)->engine)
		engine_send(of_client(c)->engine, f);
	else
		frame_unref(f);
}

static void accepted(struct client *c)
{
	char sid[2 * LIVE_SID_N + 1];
	struct str parts[] = { STR("40{\"sid\":\""), { sid, 2 * LIVE_SID_N }, STR("\"}") };

	client_sid_text(c, sid);
	send(c, frame_text(parts, ARRAY_LEN(parts)));
}

static void late(struct timer *t)
{
	engine_close(engine_of_deadline(t), ENGINE_END_CLOSE, WS_CODE_POLICY, "nobody connected");
}

/* The session has no socket any more; it may connect again. */
static void leave(struct client *c)
{
	struct engine *g = of_client(c)->engine;

	of_client(c)->engine = NULL;
	g->sio->socket = NULL;
	if (!g->is_closed)
		engine_deadline(g, g->live->limits.connect_timeout_ms, late);
}

static void refused(struct client *c, enum rc rc, struct str message)
{
	struct json_out o;
	struct buf b;
	struct str text;

	(void)rc;
	buf_init(&b, &c->live->arena, 128, 4096);
	BUF_LIT(&b, "44");
	json_out_init(&o, &b);
	json_out_object(&o);
	json_out_key_str(&o, "message", message);
	json_out_object_end(&o);
	text = buf_str(&b);
	send(c, buf_ok(&b) ? frame_text(&text, 1) : NULL);
	leave(c);
	c->is_gone = true;
}

static void close_client(struct client *c, const char *why)
{
	if (of_client(c)->engine)
		engine_close(of_client(c)->engine, ENGINE_END_CLOSE, WS_CODE_POLICY, why);
}

static void free_client(struct client *c)
{
	heap_free(c->facts);
	heap_free(c);
}

static const struct client_ops client_ops = {
	.send = send,
	.accepted = accepted,
	.refused = refused,
	.close = close_client,
	.free = free_client,
};

/* ---- connecting
 * ------------------------------------------------------------------------------------- */

static struct facts *copy_facts(const struct facts *f)
{
	struct facts *copy = heap_new(sizeof *copy + f->n);
	const struct str *from = &f->path;
	struct str *to;

	if (!copy)
		return NULL;
	memcpy(copy, f, sizeof *f + f->n);
	to = &copy->path;
	for (size_t i = 0; i < FACTS_N; i++)
		to[i].p = copy->text + (from[i].p - f->text);
	return copy;
}

static bool connect(struct engine *g, const struct socketio_packet *p)
{
	struct sio_socket *s = HEAP_NEW(struct sio_socket);
	struct facts *facts = copy_facts(g->facts);
	struct json_t *auth = NULL;
	const struct json_t *member;
	struct str token = { 0 };
	bool is_odd = false;
	struct error e;

	if (p->json.n &&
	    json_read(p->json, LIVE_CONNECT_BYTES_MAX, &g->live->arena, &auth, &e) != RC_OK)
		is_odd = true;
	member = json_member(auth, "token");
	if (json_kind(member) != JSON_KIND_ABSENT && json_kind(member) != JSON_KIND_NULL)
		is_odd = !json_as_str(member, &token);
	if (!s || !facts ||
	    !client_start(&s->client, g->live, g->door, FLAVOUR_SOCKETIO, &client_ops, facts)) {
		heap_free(s);
		heap_free(facts);
		return false;
	}
	s->engine = g;
	g->sio->socket = s;
	engine_deadline(g, 0, NULL);
	/* What is longer is no token of ours, and is not carried about. */
	if (token.n > HTTP1_HEAD_MAX) {
		is_odd = true;
		token = (struct str){ 0 };
	}
	client_open(&s->client, is_odd ? STR("{}") : p->json, is_odd, token);
	return true;
}

static bool refuse_space(struct engine *g, struct str space)
{
	const struct str parts[] = { STR("44"), space,
				     STR(",{\"message\":\"Invalid namespace\"}") };

	engine_send(g, frame_text(parts, ARRAY_LEN(parts)));
	return true;
}

/* ---- events
 * ------------------------------------------------------------------------------------------- */

static bool run_event(struct engine *g, struct str json, int64_t ack_id)
{
	struct sio_socket *s = g->sio->socket;
	const struct live_door *door = g->door;
	struct str name, args;
	struct json_t *tree;
	struct error e;
	call_fn *fn = door->unknown;
	struct str list;

	if (json_read(json, json.n, &g->live->arena, &tree, &e) != RC_OK ||
	    !socketio_event_split(json, &name, &args))
		return false;
	for (size_t i = 0; i < door->n_events; i++)
		if (str_eq(name, str_from(door->events[i].name)))
			fn = door->events[i].fn;
	if (!fn)
		return true;
	list = arena_printf(&g->live->arena, "[%.*s]", STR_ARG(args));
	return list.p && client_call(&s->client, fn, name, list, ack_id);
}

static bool await_attachments(struct engine *g, const struct socketio_packet *p)
{
	struct awaited *a = heap_new(sizeof *a + p->json.n);

	if (!a)
		return false;
	memcpy(a->text, p->json.p, p->json.n);
	a->json = str_make(a->text, p->json.n);
	a->n_left = p->n_attachments;
	a->ack_id = p->id;
	g->sio->awaited = a;
	return true;
}

static bool attachment(struct engine *g, struct str data)
{
	struct awaited *a = g->sio->awaited;
	bool is_good;

	if (!a)
		return false;
	a->n_bytes += data.n;
	if (a->n_bytes > (size_t)g->live->limits.message_bytes)
		return false;
	if (--a->n_left > 0)
		return true;
	g->sio->awaited = NULL;
	is_good = run_event(g, a->json, a->ack_id);
	heap_free(a);
	return is_good;
}

static bool take_packet(struct engine *g, const struct socketio_packet *p)
{
	struct sio_socket *s = g->sio->socket;
	bool is_ours = str_eq(p->space, STR("/"));

	if (p->type == SOCKETIO_CONNECT)
		return is_ours ? !s && connect(g, p) : refuse_space(g, p->space);
	if (!is_ours || !s || !s->client.is_open)
		return false;
	switch ((int)p->type) {
	case SOCKETIO_EVENT:
		return run_event(g, p->json, p->id);
	case SOCKETIO_BINARY_EVENT:
		return p->n_attachments ? await_attachments(g, p) : run_event(g, p->json, p->id);
	case SOCKETIO_DISCONNECT:
		leave(&s->client);
		client_end(&s->client);
		return true;
	default:
		return true; /* acknowledgements of what we do not ask for */
	}
}

/* ---- the session's side
 * ---------------------------------------------------------------------------------- */

bool sio_open(struct engine *g)
{
	g->sio = HEAP_NEW(struct sio);
	if (!g->sio)
		return false;
	engine_deadline(g, g->live->limits.connect_timeout_ms, late);
	return true;
}

bool sio_message(struct engine *g, bool is_binary, struct str data)
{
	struct socketio_packet p;

	if (g->door->kind == LIVE_SOCKETIO_ECHO)
		return conformance_socketio(g, is_binary, data);
	if (is_binary)
		return attachment(g, data);
	/* Between an event and its attachments nothing else comes. */
	return !g->sio->awaited && socketio_read(data, &p) && take_packet(g, &p);
}

void sio_closed(struct engine *g)
{
	struct sio_socket *s = g->sio->socket;

	if (!s)
		return;
	leave(&s->client);
	client_end(&s->client);
}

void sio_free(struct sio *s)
{
	if (!s)
		return;
	heap_free(s->awaited);
	heap_free(s);
}

bool sio_is_connected(const struct engine *g)
{
	return g->sio->socket && g->sio->socket->client.is_open;
}
