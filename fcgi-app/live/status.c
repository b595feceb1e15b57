/*
 * What monitors ask: is it there, and how much it has at hand.
 */
#include "core/monitor.h"
#include "live/inside.h"

enum { METRICS_MAX = 8192 };

static void add(struct buf *b, const char *name, const char *type, const char *help, int64_t n)
{
	buf_printf(b, "# HELP muster_live_%s %s\n# TYPE muster_live_%s %s\nmuster_live_%s %lld\n",
		   name, help, name, type, name, (long long)n);
}

static void add_dropped(struct buf *b, const struct live *l)
{
	static const char *const kinds[LIVE_DROPPED__MAX] = { "slow", "rate", "protocol",
							      "memory" };

	BUF_LIT(b, "# HELP muster_live_dropped_total Connections that were ended, by why.\n"
		   "# TYPE muster_live_dropped_total counter\n");
	for (int i = 0; i < LIVE_DROPPED__MAX; i++)
		buf_printf(b, "muster_live_dropped_total{kind=\"%s\"} %lld\n", kinds[i],
			   (long long)l->n_dropped[i]);
}

/* Bytes that wait to be sent. */
static int64_t queued(const struct live *l)
{
	int64_t n = 0;

	for (const struct conn *c = l->conns; c; c = c->next)
		n += c->out.n;
	for (size_t i = 0; i < l->n_engine_buckets; i++)
		for (const struct engine *g = l->engines[i]; g; g = g->next)
			n += g->out.n;
	return n;
}

static void metrics(struct conn *c)
{
	struct live *l = c->live;
	struct buf b;

	buf_init(&b, &l->arena, METRICS_MAX, METRICS_MAX);
	add(&b, "connections", "gauge", "Connections from nginx, with those it keeps.",
	    (int64_t)l->n_conns);
	add(&b, "connections_max", "gauge", "What may be open at once.", l->limits.connections);
	add(&b, "sessions", "gauge", "Engine.IO sessions.", (int64_t)l->n_engines);
	add(&b, "clients", "gauge", "Clients that are in, or ask to be.", l->n_clients);
	add(&b, "rooms", "gauge", "Rooms with somebody in them.", (int64_t)hub_n_rooms(l->hub));
	add(&b, "calls", "gauge", "Calls that wait or run.", (int64_t)l->n_calls);
	add(&b, "queue_bytes", "gauge", "Bytes that wait to be sent.", queued(l));
	add(&b, "input_bytes", "gauge", "Memory of input that is not whole yet.",
	    (int64_t)l->n_buffered);
	add(&b, "event_seq", "gauge", "Newest event that was passed on.", hub_seq(l->hub));
	add(&b, "opened_total", "counter", "Sessions and streams that were opened.", l->n_opened);
	add(&b, "refused_total", "counter", "Those that were told to come again.", l->n_refused);
	add_dropped(&b, l);
	http_answer(c, &(struct http_answer){ .status = 200,
					      .type = "text/plain; version=0.0.4; charset=utf-8",
					      .body = buf_ok(&b) ? buf_str(&b) : STR("") });
}

static bool may_read(struct live *l, const struct http1_head *h)
{
	const struct monitor_who who = { h->real_ip, h->forwarded, h->authorization };
	struct core core = l->o->core;
	struct error e;

	error_init(&e);
	core.arena = &l->arena;
	return monitor_allowed(&core, &who, &e) == RC_OK;
}

bool status_answer(struct conn *c, const struct http1_head *h)
{
	bool is_get = str_eq(h->method, STR("GET"));

	if (is_get && str_eq(h->path, STR("/health/live"))) {
		http_answer(c, &(struct http_answer){ .status = 200,
						      .type = "application/json",
						      .body = STR("{\"status\":\"ok\"}") });
		return true;
	}
	if (is_get && str_eq(h->path, STR("/metrics/live")) && may_read(c->live, h)) {
		metrics(c);
		return true;
	}
	return false;
}
