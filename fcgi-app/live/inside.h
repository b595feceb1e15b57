/*
 * Inside of the gateway: what the files of live/ share.
 *
 *   loop.c    epoll, accepting, timers, posts of other threads, ending what is doomed
 *   conn.c    a connection's bytes in and out          http.c    requests and answers
 *   socket.c  WebSocket connections                    engine.c  Engine.IO sessions (and poll.c)
 *   client.c  peers, who calls for them                sio.c     Socket.IO on an Engine.IO session
 *   stream.c  plain WebSockets and event streams       pool.c    the call threads
 *   effect.c  what calls want done                     recheck.c  whether those who are in still
 * may be status.c  health and numbers                       conformance.c  the mode for protocol
 * suites
 *
 * Everything is the loop's own thread's, but for pool.c's queue, live_post, and the effects while a
 * call is made.  Nothing is freed while it may stand on the stack: conn_doom, engine_close and
 * client_end mark, and the loop frees at the end of a round.
 */
#ifndef LIVE_INSIDE_H
#define LIVE_INSIDE_H

#include "codec/http1.h"
#include "codec/ws.h"
#include "live/live.h"
#include "live/timer.h"

#include <pthread.h>
#include <stdatomic.h>

#define LIVE_SID_N       16
#define LIVE_SCRATCH     65536
#define LIVE_WAITING_MAX 32                 /* calls that one client has waiting */
#define LIVE_CALLS_MAX   4096               /* calls that wait for a thread */
#define LIVE_BUFFERS_MAX ((size_t)64 << 20) /* unfinished input of all connections */
/* Before somebody is known his connect packet may be large, so that a token that is none is told
 * so. */
#define LIVE_CONNECT_BYTES_MAX ((size_t)512 << 10)

struct conn;
struct engine;
struct client;
struct call;
struct pool;
struct every;

/* Bytes on the heap, there only while there are any. */
struct bytes {
	char *p;
	uint32_t n, cap;
};

struct out_node {
	struct out_node *next;
	struct frame *frame;
};
struct outq {
	struct out_node *first, *last;
	uint32_t n, sent; /* bytes in it; sent of the first */
};

/* Tokens that come back with time; full at first. */
struct bucket {
	int64_t at_us;
	int64_t used; /* thousandths of a unit */
};

/* ---- connections --------------------------------------------------------------------------- */

enum conn_kind { CONN_HTTP, CONN_WS, CONN_STREAM };

struct conn_ops {
	/* A whole message of a WebSocket; data lives until it returns. */
	void (*message)(struct conn *c, bool is_binary, struct str data);
	/* The connection has ended; forget it. */
	void (*gone)(struct conn *c);
	size_t (*max)(const struct conn *c); /* bytes of a message; NULL: the limit */
};

struct conn {
	struct live *live;
	struct conn *next, **at; /* of all */
	struct conn *next_doomed, *next_dirty;
	const struct conn_ops *ops; /* NULL: nobody's yet */
	void *owner;
	char *origin; /* HTTP: what Access-Control-Allow-Origin says; NULL: no header */
	struct timer timer;
	struct bytes in, message; /* unread bytes; fragments so far */
	struct outq out;
	struct bucket messages, received;
	int fd;
	uint8_t kind, message_opcode;
	bool is_parked;                                   /* HTTP: a request waits for its answer */
	bool keep_alive;                                  /* HTTP: after the answer */
	bool is_doomed, is_dirty, is_blocked, is_closing; /* closing: ends once all is sent */
	bool is_close_sent, is_pinged, is_deaf; /* deaf: what it sends cannot be frames any more */
};

/* conn.c */
void conn_readable(struct conn *c);
/* Queues; the frame's count is taken.  A NULL frame dooms (no memory). */
void conn_send(struct conn *c, struct frame *f);
void conn_flush(struct conn *c);
/* Ends at the end of this round; ops->gone is called then. */
void conn_doom(struct conn *c);
/* Ends once everything queued is sent and the other side has ended, or after a while. */
void conn_finish(struct conn *c);
bool conn_set_timer(struct conn *c, int64_t ms, void (*fn)(struct timer *t));
struct conn *conn_of_timer(struct timer *t);
bool bytes_add(struct live *l, struct bytes *b, struct str s, size_t max) MUST_CHECK;
void bytes_drop(struct live *l, struct bytes *b, size_t n);
void outq_clear(struct outq *q);
bool outq_add(struct outq *q, struct frame *f) MUST_CHECK; /* takes the count in any case */
struct frame *outq_take(struct outq *q);                   /* the first, with its count; NULL */
/* Bytes behind the first frame, which is as large as it is: what has a limit. */
uint32_t outq_behind(const struct outq *q);
/* Takes n units from a bucket of `rate` a second, twice that at once; rate 0: any. */
bool bucket_take(struct bucket *b, int64_t rate, int64_t n, int64_t now_us) MUST_CHECK;

/* http.c: takes whole requests off the bytes; how many it took. */
size_t http_take(struct conn *c, char *p, size_t n);
struct http_answer {
	int status;
	const char *type; /* NULL: no body */
	struct str body;
	const char *more; /* further header lines, each with CRLF; NULL */
};
void http_answer(struct conn *c, const struct http_answer *a);
/* {"code":…,"message":…}, as Engine.IO refuses */
void http_refuse_engine(struct conn *c, int status, int code);
/* A pair of the query, decoded into the round's arena; empty when it is missing. */
struct str http_query(struct live *l, struct str query, struct str name);
/* Starts to answer with an event stream. */
void http_stream(struct conn *c);
/* 101; the connection is a WebSocket from now on. */
bool http_upgrade(struct conn *c, struct str key) MUST_CHECK;
/* Does it ask for a WebSocket, in a way that can be answered? */
bool http_is_upgrade(const struct http1_head *h) MUST_CHECK;
const struct live_door *http_door(const struct live *l, struct str path);

/* socket.c */
size_t socket_take(struct conn *c, char *p, size_t n);
void socket_close(struct conn *c, int code, const char *reason);
/* Pings of our own, for what has no protocol above. */
void socket_keep_alive(struct conn *c);

/* ---- what a request brought, for as long as somebody needs it -------------------------------- */

#define FACTS_N 8 /* texts */
struct facts {
	struct str path, query, token, cookie, last_event_id, address, languages, ws_key;
	size_t n;
	char text[];
};
/* Copies; cookie and token only where the door and the origin allow them. */
struct facts *facts_new(struct live *l, const struct live_door *door,
			const struct http1_head *h) MUST_CHECK;

/* ---- clients -------------------------------------------------------------------------------- */

struct identity {
	enum role role;
	int64_t account_id, person_id, branch_id, web_session_id;
};

struct client_ops {
	void (*send)(struct client *c, struct frame *f); /* takes the count; NULL: no memory */
	void (*accepted)(struct client *c);
	void (*refused)(struct client *c, enum rc rc, struct str message);
	void (*close)(struct client *c, const char *why); /* after what was sent */
	/* The client's memory goes; its own parts have to. */
	void (*free)(struct client *c);
};

struct account; /* of one account: its clients, its rate */

struct client {
	struct peer peer;
	struct live *live;
	const struct live_door *door;
	const struct client_ops *ops;
	struct facts *facts;
	struct account *account;
	struct client *account_next, **account_at;
	struct identity who;
	struct call *first_waiting, **last_waiting;
	uint32_t id, generation; /* place in live->clients */
	uint16_t n_waiting;
	uint8_t sid[LIVE_SID_N];
	bool is_open, is_gone, is_calling, is_refused, is_asked; /* asked: in a recheck at hand */
};

/* Fills a zeroed client and gives it a place; false: no memory. */
bool client_start(struct client *c, struct live *l, const struct live_door *door,
		  enum flavour flavour, const struct client_ops *ops,
		  struct facts *facts) MUST_CHECK;
/* Lets it in, or asks `opened`. */
void client_open(struct client *c, struct str json, bool is_token_odd, struct str token);
/* A message of it for fn; false when it sends too much (said in the log). */
bool client_call(struct client *c, call_fn *fn, struct str event, struct str json, int64_t ack_id);
/* Its connection has ended: leaves rooms, runs `closed`, is freed (now or when its call returns).
 */
void client_end(struct client *c);
/* Rate of its account, and n_bytes; false: too much. */
bool client_may_send(struct client *c) MUST_CHECK;
void client_sid_text(const struct client *c, char out[2 * LIVE_SID_N + 1]);
struct client *client_account_first(const struct client *c); /* of his account; NULL: none */
bool client_identify(struct client *c, const struct identity *who) MUST_CHECK;
struct client *client_find(struct live *l, uint32_t id, uint32_t generation);

/* ---- calls (pool.c, effect.c) ---------------------------------------------------------------- */

enum effect_kind {
	EFFECT_EMIT,
	EFFECT_ACK,
	EFFECT_JOIN,
	EFFECT_LEAVE,
	EFFECT_PUBLISH,
	EFFECT_CAUGHT_UP,
	EFFECT_IS,
	EFFECT_REFUSE,
	EFFECT_CLOSE,
	EFFECT_CLOSE_OTHERS,
	EFFECT_ALIVE, /* recheck.c's: seq is a session that lives */
};

struct effect {
	struct effect *next;
	enum effect_kind kind;
	enum rc rc;
	struct frame *frame;
	int64_t seq;
	struct identity who;
	struct str text; /* room or message, behind the struct */
};

struct effects {
	struct effect *first, **last;
	enum flavour flavour;
	int64_t ack_id; /* -1: none is waited for */
	bool is_refused, has_failed;
};

struct call {
	struct live_post post; /* back in the loop */
	struct call *next;
	call_fn *fn;
	struct call_in in;
	struct identity who;
	enum flavour flavour;
	uint32_t client_id, client_generation; /* 0: nobody's */
	struct effects effects;
	enum rc rc;
	/* The texts of `in` may stand behind it. */
};

void effects_init(struct effects *fx, enum flavour flavour, int64_t ack_id);
void effects_clear(struct effects *fx);
/* In the loop; c NULL: only what is for others. */
void effects_apply(struct live *l, struct client *c, struct effects *fx, enum call_what what);

struct pool *pool_new(struct live *l, struct error *e) MUST_CHECK;
enum rc pool_start(struct pool *p, struct error *e) MUST_CHECK;
/* False: too many wait (never for CALL_CLOSED and CALL_STARTED). */
bool pool_submit(struct pool *p, struct call *c) MUST_CHECK;
/* Ends the threads after what they have in hand and what waits of CALL_CLOSED. */
void pool_free(struct pool *p);
void call_free(struct call *c);

void fx_alive(struct effects *fx, int64_t web_session_id);
/* Asks every now and then whether the sessions of those who are in still live; ends the others. */
void recheck_start(struct live *l);

/* every.c: what doors do from time to time. */
void every_start(struct live *l);
void every_free(struct live *l); /* after the last post */

/* status.c: /health/live and /metrics/live; false: another path. */
bool status_answer(struct conn *c, const struct http1_head *h) MUST_CHECK;

/* ---- Engine.IO ------------------------------------------------------------------------------- */

struct sio;
struct conformance;

struct engine {
	struct live *live;
	const struct live_door *door;
	struct engine *next; /* in the bucket */
	struct engine *next_closed, *next_dirty;
	struct conn *ws, *poll, *probe; /* WebSocket, waiting GET, WebSocket that is tried */
	struct facts *facts;
	struct sio *sio; /* Socket.IO on it; NULL: echo */
	struct conformance *conformance;
	struct timer ping, deadline; /* deadline: of the connect packet, or of an upgrade */
	struct outq out;             /* until somebody polls */
	struct bucket messages, received;
	uint8_t sid[LIVE_SID_N];
	bool is_pinged, is_probed, is_closed, is_dirty;
};

void engine_http(struct conn *c, const struct live_door *door, const struct http1_head *h,
		 struct str body);
/* A message packet's frame (takes the count). */
void engine_send(struct engine *g, struct frame *f);
/* What a waiting poll is told: a close packet or a noop; code: of the WebSocket. */
enum engine_end { ENGINE_END_CLOSE, ENGINE_END_NOOP };
void engine_close(struct engine *g, enum engine_end end, int code, const char *why);
void engine_free(struct engine *g);
void engine_deadline(struct engine *g, int64_t ms, void (*fn)(struct timer *t));
struct engine *engine_of_deadline(struct timer *t);
void engine_flush(struct engine *g);

/* sio.c */
bool sio_open(struct engine *g) MUST_CHECK;
/* False: malformed; the session is to be closed. */
bool sio_message(struct engine *g, bool is_binary, struct str data) MUST_CHECK;
void sio_closed(struct engine *g);
void sio_free(struct sio *s);
/* Has anybody connected? Until then a message may be LIVE_CONNECT_BYTES_MAX. */
bool sio_is_connected(const struct engine *g);

/* conformance.c */
bool conformance_message(struct engine *g, bool is_binary, struct str data) MUST_CHECK;
bool conformance_socketio(struct engine *g, bool is_binary, struct str data) MUST_CHECK;
void conformance_free(struct conformance *k);

/* stream.c: plain WebSockets and event streams */
void stream_open(struct conn *c, const struct live_door *door, const struct http1_head *h);

/* ---- the gateway ----------------------------------------------------------------------------- */

enum {
	LIVE_DROPPED_SLOW,
	LIVE_DROPPED_RATE,
	LIVE_DROPPED_PROTOCOL,
	LIVE_DROPPED_MEMORY,
	LIVE_DROPPED__MAX
};

struct live {
	const struct live_options *o;
	struct live_limits limits;
	int epoll_fd, event_fd, spare_fd;
	int64_t now_us; /* monotonic, of this round */
	struct timers timers;
	struct every *every;
	struct timer recheck, complain;
	uint32_t next_recheck; /* place of the first client of the next batch */
	struct arena arena;    /* of this round */
	struct hub *hub;
	struct part *parts; /* rendered a moment ago (parts.c) */
	struct pool *pool;
	struct feed *feed;
	struct conn *conns, *doomed;
	struct conn *dirty, **last_dirty; /* in the order in which they got something to send */
	size_t n_conns, n_buffered;
	struct engine **engines, *closed_engines, *dirty_engines;
	size_t n_engine_buckets, n_engines;
	struct client **clients; /* by id; 0 is nobody */
	uint32_t *generations, *free_ids;
	uint32_t n_clients, cap_clients, n_free_ids;
	atomic_uint n_of[FLAVOUR__MAX]; /* of n_clients; the feed reads it */
	struct account **accounts;
	size_t n_account_buckets;
	struct bucket opens, drops_said;
	pthread_mutex_t lock; /* of the posts */
	struct live_post *posts, **last_post;
	bool is_stopping, is_accepting, is_ended; /* ended: no calls any more */
	size_t n_calls, n_starting;               /* that have not come back; of CALL_STARTED */
	int64_t n_opened, n_refused, n_complained, n_dropped[LIVE_DROPPED__MAX];
	char scratch[LIVE_SCRATCH];
};

void live_dropped(struct live *l, int kind, const char *why, const struct str *address);
/* May a new client or session begin now? (reconnect storms) */
bool live_may_open(struct live *l) MUST_CHECK;
bool live_origin_ok(const struct live *l, const struct http1_head *h);
bool live_is_foreign(const struct http1_head *h);

#endif
