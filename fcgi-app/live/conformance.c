/*
 * Echoes for protocol suites; see conformance.h.
 */
#include "live/conformance.h"

#include "base/heap.h"
#include "codec/json.h"
#include "codec/socketio.h"
#include "live/inside.h"
#include "sys/crypto.h"

enum { SPACES = 2, AUTH_MS = 20 };

static const struct str spaces[SPACES] = { STR_INIT("/"), STR_INIT("/custom") };

static const struct live_door engine_door = { .path = "/engine.io", .kind = LIVE_ECHO };
static const struct live_door socketio_door = { .path = "/socket.io", .kind = LIVE_SOCKETIO_ECHO };
static const struct live_door *const doors[] = { &engine_door, &socketio_door };
const struct live_doors conformance_doors = { doors, ARRAY_LEN(doors) };

/* A session's state: where it is, and an event whose attachments have not all come. */
struct conformance {
	bool is_in[SPACES];
	struct frame *auth[SPACES]; /* still to be sent */
	bool is_awaiting;
	enum socketio_type type;
	int space;
	unsigned n, n_wanted;
	int64_t id;
	struct frame *frames[SOCKETIO_ATTACHMENTS_MAX];
	char *json;
	size_t json_n;
};

void conformance_limits(struct live_limits *m)
{
	*m = (struct live_limits){
		.connections = 1000,
		.per_account = 1000,
		.message_bytes = 1000000,
		.queue_bytes = 16 << 20,
		.ping_interval_ms = 300,
		.ping_timeout_ms = 200,
		.connect_timeout_ms = 1000,
	};
}

bool conformance_message(struct engine *g, bool is_binary, struct str data)
{
	const struct str parts[] = { STR("4"), data };

	engine_send(g, is_binary ? frame_binary(data) : frame_text(parts, ARRAY_LEN(parts)));
	return true;
}

/* ---- packets ------------------------------------------------------------------------------------
 */

static int space_of(struct str name)
{
	for (int i = 0; i < SPACES; i++)
		if (str_eq(name, spaces[i]))
			return i;
	return -1;
}

struct head {
	enum socketio_type type;
	unsigned n_attachments;
	struct str space;
	int64_t id;
};

/* NULL: no memory. */
static struct frame *packet(struct engine *g, struct head h, struct str json)
{
	struct buf b;
	struct str text;

	buf_init(&b, &g->live->arena, 64 + json.n, FRAME_MAX);
	buf_char(&b, '4');
	socketio_head_write(&b, h.type, h.n_attachments, h.space, h.id);
	buf_add(&b, json);
	text = buf_str(&b);
	return buf_ok(&b) ? frame_text(&text, 1) : NULL;
}

static void send_packet(struct engine *g, struct head h, struct str json)
{
	engine_send(g, packet(g, h, json));
}

static void send_auth(struct engine *g, struct conformance *k)
{
	for (int i = 0; i < SPACES; i++) {
		struct frame *f = k->auth[i];

		k->auth[i] = NULL;
		if (f)
			engine_send(g, f);
	}
}

static void auth_due(struct timer *t)
{
	struct engine *g = engine_of_deadline(t);

	send_auth(g, g->conformance);
}

static void late(struct timer *t)
{
	engine_close(engine_of_deadline(t), ENGINE_END_CLOSE, WS_CODE_POLICY, "nobody connected");
}

static bool is_json(struct engine *g, struct str json)
{
	struct json_t *tree;
	struct error e;

	return json_read(json, json.n, &g->live->arena, &tree, &e) == RC_OK;
}

static bool connect(struct engine *g, struct conformance *k, const struct socketio_packet *p)
{
	int i = space_of(p->space);
	struct str payload = p->json.n ? p->json : STR("{}");
	char id[CRYPTO_ID_SIZE];
	struct str sid = crypto_random_id(id);

	if (!is_json(g, payload))
		return false;
	if (i < 0) {
		send_packet(g, (struct head){ SOCKETIO_CONNECT_ERROR, 0, p->space, -1 },
			    STR("{\"message\":\"Invalid namespace\"}"));
		return true;
	}
	if (k->is_in[i])
		return false;
	k->is_in[i] = true;
	send_packet(g, (struct head){ SOCKETIO_CONNECT, 0, p->space, -1 },
		    arena_printf(&g->live->arena, "{\"sid\":\"%.*s\"}", STR_ARG(sid)));
	k->auth[i] = packet(g, (struct head){ SOCKETIO_EVENT, 0, p->space, -1 },
			    arena_printf(&g->live->arena, "[\"auth\",%.*s]", STR_ARG(payload)));
	if (!k->auth[i])
		return false;
	/*
	 * The suite listens for one message at a time, and misses what comes in the same read of
	 * its socket: so not at once, but before anything else.  A poll takes both.
	 */
	engine_deadline(g, g->ws ? AUTH_MS : 0, g->ws ? auth_due : NULL);
	if (!g->ws)
		send_auth(g, k);
	return true;
}

/* Answers an event that is whole. */
static bool answer(struct engine *g, struct conformance *k, int space, int64_t id, struct str json)
{
	struct str name, args;
	struct arena *a = &g->live->arena;
	unsigned n = k->n;

	if (!is_json(g, json) || !socketio_event_split(json, &name, &args))
		return false;
	if (str_eq(name, STR("message"))) {
		send_packet(g,
			    (struct head){ n ? SOCKETIO_BINARY_EVENT : SOCKETIO_EVENT, n,
					   spaces[space], -1 },
			    arena_printf(a, "[\"message-back\"%s%.*s]", args.n ? "," : "",
					 STR_ARG(args)));
	} else if (str_eq(name, STR("message-with-ack")) && id >= 0) {
		send_packet(g,
			    (struct head){ n ? SOCKETIO_BINARY_ACK : SOCKETIO_ACK, n, spaces[space],
					   id },
			    arena_printf(a, "[%.*s]", STR_ARG(args)));
	} else {
		return true;
	}
	for (unsigned i = 0; i < n; i++) {
		engine_send(g, k->frames[i]);
		k->frames[i] = NULL;
	}
	return true;
}

static void forget_event(struct conformance *k)
{
	for (unsigned i = 0; i < k->n; i++)
		frame_unref(k->frames[i]);
	memset(k->frames, 0, sizeof k->frames);
	heap_free(k->json);
	k->json = NULL;
	k->n = 0;
	k->is_awaiting = false;
}

static bool await_attachments(struct conformance *k, int space, const struct socketio_packet *p)
{
	k->json = heap_new(p->json.n);
	if (!k->json)
		return false;
	memcpy(k->json, p->json.p, p->json.n);
	k->json_n = p->json.n;
	k->is_awaiting = true;
	k->type = p->type;
	k->space = space;
	k->id = p->id;
	k->n_wanted = p->n_attachments;
	return true;
}

static bool attachment(struct engine *g, struct conformance *k, struct str data)
{
	bool is_good = true;

	if (!k->is_awaiting)
		return false;
	k->frames[k->n] = frame_binary(data);
	if (!k->frames[k->n])
		return false;
	k->n++;
	if (k->n < k->n_wanted)
		return true;
	is_good = answer(g, k, k->space, k->id, str_make(k->json, k->json_n));
	forget_event(k);
	return is_good;
}

static bool disconnect(struct engine *g, struct conformance *k, int space)
{
	k->is_in[space] = false;
	if (!k->is_in[0] && !k->is_in[1])
		engine_deadline(g, g->live->limits.connect_timeout_ms, late);
	return true;
}

bool conformance_socketio(struct engine *g, bool is_binary, struct str data)
{
	struct conformance *k = g->conformance;
	struct socketio_packet p;
	int space;

	if (!k)
		k = g->conformance = HEAP_NEW(struct conformance);
	if (!k)
		return false;
	send_auth(g, k);
	if (is_binary)
		return attachment(g, k, data);
	if (k->is_awaiting || !socketio_read(data, &p))
		return false;
	if (p.type == SOCKETIO_CONNECT)
		return connect(g, k, &p);
	space = space_of(p.space);
	if (space < 0 || !k->is_in[space])
		return false;
	if (p.type == SOCKETIO_DISCONNECT)
		return disconnect(g, k, space);
	if (p.type == SOCKETIO_BINARY_EVENT && p.n_attachments)
		return await_attachments(k, space, &p);
	if (p.type == SOCKETIO_EVENT || p.type == SOCKETIO_BINARY_EVENT)
		return answer(g, k, space, p.id, p.json);
	return true;
}

void conformance_free(struct conformance *k)
{
	if (!k)
		return;
	forget_event(k);
	for (int i = 0; i < SPACES; i++)
		frame_unref(k->auth[i]);
	heap_free(k);
}
