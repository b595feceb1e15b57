/*
 * HTTP: requests off the bytes, what every request must satisfy, answers.
 */
#include "base/heap.h"
#include "base/num.h"
#include "codec/base64.h"
#include "codec/cookie.h"
#include "codec/header.h"
#include "codec/url.h"
#include "live/inside.h"
#include "sys/crypto.h"
#include "sys/guard.h"

enum { IDLE_MS = 75000, QUERY_PAIRS_MAX = 32, ANSWER_HEAD_MAX = 2048, LANGUAGES_MAX = 100 };

/* ---- answers ------------------------------------------------------------------------------- */

static const char *status_text(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 204:
		return "No Content";
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 413:
		return "Content Too Large";
	case 421:
		return "Misdirected Request";
	case 426:
		return "Upgrade Required";
	case 431:
		return "Request Header Fields Too Large";
	case 503:
		return "Service Unavailable";
	default:
		return "HTTP Version Not Supported";
	}
}

static void add_origin(const struct conn *c, struct buf *b)
{
	if (!c->origin)
		return;
	buf_printf(b, "Access-Control-Allow-Origin: %s\r\nVary: Origin\r\n", c->origin);
	if (strcmp(c->origin, "*") != 0)
		BUF_LIT(b, "Access-Control-Allow-Credentials: true\r\n");
}

static void silent(struct timer *t)
{
	conn_doom(conn_of_timer(t));
}

static void send_parts(struct conn *c, const struct buf *head, struct str body)
{
	const struct str parts[] = { buf_str(head), body };

	conn_send(c, buf_ok(head) ? frame_bytes(parts, ARRAY_LEN(parts)) : NULL);
}

void http_answer(struct conn *c, const struct http_answer *a)
{
	bool keep = c->keep_alive && !(c->is_parked && c->in.n) && !c->live->is_stopping;
	struct buf b;

	buf_init(&b, &c->live->arena, ANSWER_HEAD_MAX, ANSWER_HEAD_MAX);
	buf_printf(&b, "HTTP/1.1 %d %s\r\n", a->status, status_text(a->status));
	if (a->type)
		buf_printf(&b, "Content-Type: %s\r\n", a->type);
	if (a->status != 204)
		buf_printf(&b, "Content-Length: %zu\r\n", a->body.n);
	if (a->more)
		buf_add(&b, str_from(a->more));
	add_origin(c, &b);
	buf_printf(&b,
		   "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
		   "Connection: %s\r\n\r\n",
		   keep ? "keep-alive" : "close");
	send_parts(c, &b, a->body);
	c->is_parked = false;
	c->ops = NULL;
	c->owner = NULL;
	heap_free(c->origin);
	c->origin = NULL;
	if (keep)
		(void)conn_set_timer(c, IDLE_MS, silent);
	else
		conn_finish(c);
}

static void refuse(struct conn *c, int status, const char *text)
{
	http_answer(c, &(struct http_answer){ .status = status,
					      .type = "text/plain; charset=utf-8",
					      .body = str_from(text) });
}

void http_refuse_engine(struct conn *c, int status, int code)
{
	static const char *const bodies[] = {
		"{\"code\":0,\"message\":\"Transport unknown\"}",
		"{\"code\":1,\"message\":\"Session ID unknown\"}",
		"{\"code\":2,\"message\":\"Bad handshake method\"}",
		"{\"code\":3,\"message\":\"Bad request\"}",
		"{\"code\":4,\"message\":\"Forbidden\"}",
		"{\"code\":5,\"message\":\"Unsupported protocol version\"}",
	};

	BUG(code < 0 || (size_t)code >= ARRAY_LEN(bodies));
	http_answer(c, &(struct http_answer){ .status = status,
					      .type = "application/json",
					      .body = str_from(bodies[code]) });
}

void http_stream(struct conn *c)
{
	struct buf b;

	buf_init(&b, &c->live->arena, ANSWER_HEAD_MAX, ANSWER_HEAD_MAX);
	BUF_LIT(&b, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
		    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
		    "X-Accel-Buffering: no\r\nConnection: close\r\n");
	add_origin(c, &b);
	BUF_LIT(&b, "\r\n");
	c->is_parked = false;
	c->kind = CONN_STREAM;
	send_parts(c, &b, (struct str){ 0 });
}

bool http_upgrade(struct conn *c, struct str key)
{
	uint8_t digest[CRYPTO_SHA1_SIZE];
	struct error e;
	struct buf b, text;

	buf_init(&text, &c->live->arena, 64, 128);
	buf_add(&text, key);
	BUF_LIT(&text, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
	if (!buf_ok(&text) || crypto_sha1(buf_str(&text), digest, &e) != RC_OK)
		return false;
	buf_init(&b, &c->live->arena, ANSWER_HEAD_MAX, ANSWER_HEAD_MAX);
	BUF_LIT(&b, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
		    "Connection: Upgrade\r\nSec-WebSocket-Accept: ");
	base64_encode(&b, str_make((const char *)digest, sizeof digest));
	BUF_LIT(&b, "\r\n\r\n");
	timer_stop(&c->live->timers, &c->timer);
	c->is_parked = false;
	c->kind = CONN_WS;
	send_parts(c, &b, (struct str){ 0 });
	return !c->is_doomed;
}

bool http_is_upgrade(const struct http1_head *h)
{
	return http1_has_token(h->upgrade, STR("websocket")) &&
	       http1_has_token(h->connection, STR("upgrade")) && ws_key_valid(h->ws_key) &&
	       str_eq(h->ws_version, STR("13"));
}

/* ---- who may ask --------------------------------------------------------------------------------
 */

bool live_is_foreign(const struct http1_head *h)
{
	return h->origin.n && !guard_origin_allowed(h->origin, (struct str){ 0 }, h->host);
}

static bool is_listed(const struct live *l, struct str origin)
{
	const struct config_list *list = &l->o->core.config->cors_origins;

	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->items[i], origin))
			return true;
	return false;
}

bool live_origin_ok(const struct live *l, const struct http1_head *h)
{
	return l->o->is_conformance || !live_is_foreign(h) || is_listed(l, STR("*")) ||
	       is_listed(l, h->origin);
}

static bool host_ok(const struct live *l, const struct http1_head *h)
{
	const struct config_list *hosts = &l->o->core.config->allowed_hosts;
	struct str name;

	return l->o->is_conformance || (guard_host_name(h->host, &name) &&
					guard_host_allowed(name, hosts->items, hosts->n));
}

/* What the answers to this request say to the browser that asks for another origin's page. */
static bool note_origin(struct conn *c, const struct http1_head *h)
{
	const struct live *l = c->live;
	struct str said = h->origin;

	if (!live_is_foreign(h))
		return true;
	if (l->o->is_conformance || is_listed(l, STR("*")))
		said = STR("*");
	c->origin = heap_new(said.n + 1);
	if (c->origin)
		memcpy(c->origin, said.p, said.n);
	return c->origin != NULL;
}

static void preflight(struct conn *c, const struct http1_head *h)
{
	struct str headers = h->asked_headers.n ? h->asked_headers : STR("Content-Type");
	struct str more = arena_printf(&c->live->arena,
				       "Access-Control-Allow-Methods: GET, POST\r\n"
				       "Access-Control-Allow-Headers: %.*s\r\n"
				       "Access-Control-Max-Age: 600\r\n",
				       STR_ARG(str_sub(headers, 0, 1000)));

	if (!c->origin || !more.p)
		refuse(c, 405, "Method Not Allowed\n");
	else
		http_answer(c, &(struct http_answer){ .status = 204, .more = more.p });
}

/* ---- doors
 * ------------------------------------------------------------------------------------------ */

/* "/attendance/{id}/stream" against a path, which may end with a slash. */
static bool matches(const char *pattern, struct str path)
{
	struct str want = str_from(pattern), part, asked;

	if (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	while (str_split(&want, '/', &part)) {
		if (!str_split(&path, '/', &asked))
			return false;
		if (part.n && part.p[0] == '{' ? asked.n == 0 : !str_eq(part, asked))
			return false;
	}
	return path.p == NULL;
}

const struct live_door *http_door(const struct live *l, struct str path)
{
	for (size_t i = 0; i < l->o->doors.n; i++)
		if (matches(l->o->doors.v[i]->path, path))
			return l->o->doors.v[i];
	return NULL;
}

struct str live_path_part(const struct call_in *in, size_t n)
{
	struct str want = str_from(in->door->path), path = in->path, part, asked;

	while (str_split(&want, '/', &part) && str_split(&path, '/', &asked))
		if (part.n && part.p[0] == '{' && n-- == 0)
			return asked;
	return (struct str){ 0 };
}

bool live_path_id(const struct call_in *in, size_t n, int64_t *ret)
{
	return num_i64(live_path_part(in, n), 1, INT64_MAX, ret);
}

struct str http_query(struct live *l, struct str query, struct str name)
{
	const struct pair *p;
	struct pairs pairs;
	struct error e;

	if (form_parse(query, &l->arena, QUERY_PAIRS_MAX, &pairs, &e) != RC_OK)
		return (struct str){ 0 };
	p = pairs_find(&pairs, name, 0);
	return p ? p->value : (struct str){ 0 };
}

/* ---- facts
 * ------------------------------------------------------------------------------------------ */

static struct str bearer(struct str authorization)
{
	const struct str scheme = STR("Bearer ");

	if (!str_eq_nocase(str_sub(authorization, 0, scheme.n), scheme))
		return (struct str){ 0 };
	return str_trim(str_from_pos(authorization, scheme.n));
}

static void keep(struct facts *f, struct str *at, struct str s)
{
	if (s.n)
		memcpy(f->text + f->n, s.p, s.n);
	*at = str_make(f->text + f->n, s.n);
	f->n += s.n;
}

struct facts *facts_new(struct live *l, const struct live_door *door, const struct http1_head *h)
{
	bool is_tls = config_is_tls(l->o->core.config);
	struct str cookie = { 0 }, token = bearer(h->authorization), last = h->last_event_id;
	struct str languages = str_sub(h->accept_language, 0, LANGUAGES_MAX);
	struct facts *f;

	/* A page elsewhere never acts by the cookie of who looks at it. */
	if (live_is_foreign(h) ||
	    !cookie_find(h->cookie, is_tls ? STR("__Host-muster") : STR("muster"), &cookie))
		cookie = (struct str){ 0 };
	if (!token.n && door->takes_query_token)
		token = http_query(l, h->query, STR("token"));
	if (!last.n && door->kind == LIVE_SSE)
		last = http_query(l, h->query, STR("last_event_id"));
	f = heap_new(sizeof *f + h->path.n + h->query.n + token.n + cookie.n + last.n +
		     h->real_ip.n + languages.n + h->ws_key.n);
	if (!f)
		return NULL;
	keep(f, &f->path, h->path);
	keep(f, &f->query, h->query);
	keep(f, &f->token, token);
	keep(f, &f->cookie, cookie);
	keep(f, &f->last_event_id, last);
	keep(f, &f->address, h->real_ip);
	keep(f, &f->languages, languages);
	keep(f, &f->ws_key, h->ws_key);
	return f;
}

/* ---- requests
 * ---------------------------------------------------------------------------------------- */

static void handle(struct conn *c, const struct http1_head *h, struct str body)
{
	struct live *l = c->live;
	const struct live_door *door = http_door(l, h->path);

	c->keep_alive = h->keep_alive;
	if (!host_ok(l, h))
		refuse(c, 421, "This server does not answer to that name\n");
	else if (!l->o->is_conformance && status_answer(c, h))
		return;
	else if (!door)
		refuse(c, 404, "Not Found\n");
	else if (!live_origin_ok(l, h))
		http_refuse_engine(c, 403, 4);
	else if (!note_origin(c, h))
		conn_doom(c);
	else if (str_eq(h->method, STR("OPTIONS")))
		preflight(c, h);
	else if (door->kind == LIVE_PLAIN || door->kind == LIVE_SSE)
		stream_open(c, door, h);
	else
		engine_http(c, door, h, body);
}

static void refuse_head(struct conn *c, enum http1_result r)
{
	c->keep_alive = false;
	live_dropped(c->live, LIVE_DROPPED_PROTOCOL, "no HTTP", NULL);
	if (r == HTTP1_TOO_LARGE)
		refuse(c, 431, "Request Header Fields Too Large\n");
	else
		refuse(c, r == HTTP1_VERSION ? 505 : 400, "Bad Request\n");
}

size_t http_take(struct conn *c, char *p, size_t n)
{
	size_t max = (size_t)c->live->limits.message_bytes;
	struct http1_head h;
	enum http1_result r;

	if (c->is_parked || c->is_closing)
		return 0;
	r = http1_head(str_make(p, n), &h);
	if (r == HTTP1_MORE)
		return 0;
	if (r != HTTP1_OK) {
		refuse_head(c, r);
		return n;
	}
	if (max < LIVE_CONNECT_BYTES_MAX)
		max = LIVE_CONNECT_BYTES_MAX;
	if (h.n_body > (int64_t)max) {
		c->keep_alive = false;
		refuse(c, 413, "Content Too Large\n");
		return n;
	}
	if (n - h.n < (size_t)h.n_body)
		return 0;
	timer_stop(&c->live->timers, &c->timer);
	handle(c, &h, str_make(p + h.n, (size_t)h.n_body));
	return h.n + (size_t)h.n_body;
}
