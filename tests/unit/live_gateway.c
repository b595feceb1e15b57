/*
 * live/live.h with doors of the test's own and no database: calls and their effects, streams,
 * refusals, limits, the end.  Talks to it over its socket as nginx would.
 */
#include "unit/guard.h"

#include "base/heap.h"
#include "live/live.h"
#include "sys/clock.h"
#include "sys/config.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- doors
 * ---------------------------------------------------------------------------------------- */

static int n_closed, n_started;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int count(const int *n)
{
	int now;

	pthread_mutex_lock(&lock);
	now = *n;
	pthread_mutex_unlock(&lock);
	return now;
}

static enum rc add_one(int *n)
{
	pthread_mutex_lock(&lock);
	++*n;
	pthread_mutex_unlock(&lock);
	return RC_OK;
}

static enum rc closed(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	(void)c;
	(void)in;
	(void)e;
	fx_publish(fx, STR("all"), STR("left"), STR("1"));
	return add_one(&n_closed);
}

static enum rc started(struct core *c, const struct call_in *in, struct effects *fx,
		       struct error *e)
{
	(void)c;
	(void)in;
	(void)fx;
	(void)e;
	return add_one(&n_started);
}

static enum rc plain_opened(struct core *c, const struct call_in *in, struct effects *fx,
			    struct error *e)
{
	(void)c;
	(void)e;
	assert_int_equal(in->socket_id.n, 32);
	fx_join(fx, STR("all"));
	fx_emit(fx, STR("welcome"), STR("{}"));
	return RC_OK;
}

static enum rc plain_message(struct core *c, const struct call_in *in, struct effects *fx,
			     struct error *e)
{
	if (str_eq(in->json, STR("close"))) {
		fx_close(fx);
	} else if (str_eq(in->json, STR("fail"))) {
		fx_emit(fx, STR("never"), STR("0"));
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "as told");
	} else if (str_eq(in->json, STR("tell"))) {
		fx_publish(fx, STR("all"), STR("told"), STR("2"));
	} else {
		fx_emit(fx, STR("echo"), arena_printf(c->arena, "%.*s", STR_ARG(in->json)));
	}
	return RC_OK;
}

static void plain_failed(struct core *c, const struct call_in *in, const struct error *e,
			 struct effects *fx)
{
	(void)c;
	(void)in;
	fx_emit(fx, STR("failed"), e->rc == RC_CONFLICT ? STR("true") : STR("false"));
}

static enum rc stream_opened(struct core *c, const struct call_in *in, struct effects *fx,
			     struct error *e)
{
	int64_t id;

	if (!live_path_id(in, 0, &id))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no id");
	if (id == 403)
		return ERROR(e, RC_DENIED, REASON_DENIED, "no");
	fx_join(fx, STR("all"));
	fx_emit_id(fx, 6, STR(""),
		   arena_printf(c->arena, "[%lld,\"%.*s\"]", (long long)id,
				STR_ARG(in->last_event_id)));
	fx_caught_up(fx, 6);
	return RC_OK;
}

static enum rc sio_opened(struct core *c, const struct call_in *in, struct effects *fx,
			  struct error *e)
{
	(void)c;
	(void)e;
	if (!str_eq(in->token, STR("good"))) {
		fx_refuse(fx, RC_NOT_SIGNED_IN,
			  in->is_token_odd ? STR("odd") : STR("no \"token\""));
		return RC_OK;
	}
	fx_emit(fx, STR("hello"), in->json);
	return RC_OK;
}

static enum rc sio_sum(struct core *c, const struct call_in *in, struct effects *fx,
		       struct error *e)
{
	(void)c;
	(void)e;
	assert_true(str_eq(in->event, STR("sum")));
	if (in->wants_ack)
		fx_ack(fx, in->json);
	else
		fx_emit(fx, STR("sum"), in->json);
	return RC_OK;
}

static enum rc sio_unknown(struct core *c, const struct call_in *in, struct effects *fx,
			   struct error *e)
{
	(void)e;
	fx_emit(fx, STR("unknown"), arena_printf(c->arena, "\"%.*s\"", STR_ARG(in->event)));
	return RC_OK;
}

static const struct live_door plain = {
	.path = "/plain",
	.kind = LIVE_PLAIN,
	.may = LIVE_MAY_PUBLIC,
	.opened = plain_opened,
	.message = plain_message,
	.failed = plain_failed,
	.closed = closed,
	.started = started,
};
static const struct live_door members = { .path = "/members",
					  .kind = LIVE_PLAIN,
					  .may = LIVE_MAY_SIGNED_IN };
static const struct live_door stream = {
	.path = "/stream/{id}", .kind = LIVE_SSE, .may = LIVE_MAY_PUBLIC, .opened = stream_opened
};
static const struct live_event events[] = { { "sum", sio_sum } };
static const struct live_door sio = { .path = "/socket.io",
				      .kind = LIVE_SOCKETIO,
				      .may = LIVE_MAY_SELF,
				      .opened = sio_opened,
				      .events = events,
				      .n_events = 1,
				      .unknown = sio_unknown };
static const struct live_door *const doors[] = { &plain, &members, &stream, &sio };

/* ---- the gateway
 * ------------------------------------------------------------------------------------- */

static struct arena settings;
static const struct config *config;
static struct live_options options;
static struct log nowhere;
static struct sockaddr_un place;
static pthread_t thread;
static enum rc ended;

static void *run(void *arg)
{
	struct error e;

	(void)arg;
	error_init(&e);
	ended = live_run(&options, &e);
	return NULL;
}

static void begin(struct live_limits limits)
{
	int n = snprintf(place.sun_path, sizeof place.sun_path, "/tmp/muster-live-%d.sock",
			 (int)getpid());

	assert_true(n > 0);
	place.sun_family = AF_UNIX;
	unlink(place.sun_path);
	log_init(&nowhere, "test", LOG_LEVEL_INFO);
	nowhere.fd = -1;
	n_closed = n_started = 0;
	options = (struct live_options){ .core.config = config,
					 .log = &nowhere,
					 .doors = { doors, ARRAY_LEN(doors) },
					 .limits = limits };
	options.listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	options.stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert_int_equal(bind(options.listen_fd, (const struct sockaddr *)&place, sizeof place), 0);
	assert_int_equal(listen(options.listen_fd, 64), 0);
	assert_int_equal(pthread_create(&thread, NULL, run, NULL), 0);
}

static struct live_limits usual(void)
{
	return (struct live_limits){ .connections = 100,
				     .per_account = 10,
				     .message_bytes = 4096,
				     .queue_bytes = 65536,
				     .ping_interval_ms = 60000,
				     .ping_timeout_ms = 60000,
				     .connect_timeout_ms = 60000,
				     .call_threads = 3 };
}

static void finish(void)
{
	const uint64_t one = 1;

	assert_int_equal(write(options.stop_fd, &one, sizeof one), sizeof one);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(ended, RC_OK);
	close(options.listen_fd);
	close(options.stop_fd);
	unlink(place.sun_path);
}

/* ---- a client
 * ------------------------------------------------------------------------------------------ */

struct talk {
	int fd;
	char got[65536];
	size_t n;
};

static struct talk *dial(const char *request)
{
	struct talk *t = heap_new(sizeof *t);
	struct timeval patience = { .tv_sec = 20 };

	assert_non_null(t);
	t->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(t->fd, (const struct sockaddr *)&place, sizeof place), 0);
	setsockopt(t->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	/* Who is one too many may have been answered and left before he asks. */
	if (send(t->fd, request, strlen(request), MSG_NOSIGNAL) < 0)
		assert_int_equal(errno, EPIPE);
	return t;
}

static struct str seen(const struct talk *t)
{
	return str_make(t->got, t->n);
}

/* Reads until `text` is there; false: the other side closed before. */
static bool hears(struct talk *t, const char *text)
{
	while (str_find(seen(t), str_from(text)) == SIZE_MAX) {
		ssize_t n = recv(t->fd, t->got + t->n, sizeof t->got - t->n, 0);

		if (n <= 0)
			return false;
		t->n += (size_t)n;
	}
	return true;
}

static bool hears_end(struct talk *t)
{
	ssize_t n;

	while ((n = recv(t->fd, t->got, sizeof t->got, 0)) > 0)
		continue;
	return n == 0;
}

static void hang_up(struct talk *t)
{
	close(t->fd);
	heap_free(t);
}

/* A masked text frame; the mask is zero. */
static void say(struct talk *t, const char *text)
{
	char frame[256];
	size_t n = strlen(text);

	assert_true(n < 126);
	frame[0] = (char)0x81;
	frame[1] = (char)(0x80 | n);
	memset(frame + 2, 0, 4);
	memcpy(frame + 6, text, n);
	assert_int_equal(send(t->fd, frame, n + 6, MSG_NOSIGNAL), n + 6);
}

#define UPGRADE(path)                                                                              \
	"GET " path                                                                                \
	" HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"            \
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\nHost: localhost\r\n\r\n"

static void wait_for(const int *n, int wanted)
{
	int64_t until = clock_mono_us() + 20 * 1000000;

	while (count(n) < wanted && clock_mono_us() < until)
		usleep(1000);
	assert_int_equal(count(n), wanted);
}

/* ---- cases
 * ------------------------------------------------------------------------------------------------
 */

static void test_plain(void **state)
{
	struct talk *a, *b;

	(void)state;
	begin(usual());
	a = dial(UPGRADE("/plain"));
	/* RFC 6455 section 1.3 has this key and this answer. */
	assert_true(hears(a, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
	assert_true(hears(a, "{\"type\":\"welcome\",\"data\":{}}"));
	assert_int_equal(count(&n_started), 1);
	b = dial(UPGRADE("/plain/"));
	assert_true(hears(b, "welcome"));
	for (int i = 0; i < 20; i++) {
		char text[16];

		snprintf(text, sizeof text, "%d", 1000 + i);
		say(a, text);
	}
	assert_true(hears(a, "{\"type\":\"echo\",\"data\":1019}"));
	for (int i = 1; i < 20; i++) {
		char one[16], two[16];

		snprintf(one, sizeof one, ":%d}", 999 + i);
		snprintf(two, sizeof two, ":%d}", 1000 + i);
		assert_true(str_find(seen(a), str_from(one)) < str_find(seen(a), str_from(two)));
	}
	say(a, "fail");
	assert_true(hears(a, "{\"type\":\"failed\",\"data\":true}"));
	assert_true(str_find(seen(a), STR("never")) == SIZE_MAX);
	say(a, "tell");
	assert_true(hears(a, "told") && hears(b, "{\"type\":\"told\",\"data\":2}"));
	say(a, "close");
	assert_true(hears(a, "\x88"));
	hang_up(a);
	assert_true(hears(b, "left"));
	wait_for(&n_closed, 1);
	hang_up(b);
	wait_for(&n_closed, 2);
	finish();
}

static void test_stream(void **state)
{
	struct talk *a, *p;

	(void)state;
	begin(usual());
	a = dial("GET /stream/17?last_event_id=4 HTTP/1.1\r\nHost: localhost\r\n\r\n");
	assert_true(hears(a, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream"));
	assert_true(hears(a, "\r\n\r\nid: 6\ndata: [17,\"4\"]\n\n"));
	p = dial(UPGRADE("/plain"));
	assert_true(hears(p, "welcome"));
	hang_up(p); /* told in the flavour of who left: nothing for streams */
	wait_for(&n_closed, 1);
	hang_up(a);
	a = dial("GET /stream/1 HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 9\r\n\r\n");
	assert_true(hears(a, "data: [1,\"9\"]"));
	finish();
	assert_true(hears_end(a));
	hang_up(a);
}

static void test_refusals(void **state)
{
	static const struct {
		const char *request, *answer;
	} cases[] = {
		{ GET("/stream/403"), "HTTP/1.1 403 " },
		{ GET("/stream/x"), "HTTP/1.1 404 " },
		{ GET("/stream/"), "HTTP/1.1 404 " },
		{ GET("/nowhere"), "HTTP/1.1 404 " },
		{ GET("/plain"), "HTTP/1.1 426 " },
		{ UPGRADE("/members"), "HTTP/1.1 401 " },
		{ "POST /stream/1 HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 405 " },
		{ "GET /stream/1 HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n", "HTTP/1.1 421 " },
		{ "GET /stream/1 HTTP/1.1\r\nHost: localhost\r\nOrigin: "
		  "https://other.example\r\n\r\n",
		  "HTTP/1.1 403 " },
		{ "GET /stream/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n",
		  "HTTP/1.1 413 " },
		{ "GET /stream/1 HTTP/1.1\r\nHost localhost\r\n\r\n", "HTTP/1.1 400 " },
		{ "GET /stream/1 HTTP/3.0\r\nHost: localhost\r\n\r\n", "HTTP/1.1 505 " },
	};

	(void)state;
	begin(usual());
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct talk *t = dial(cases[i].request);

		if (!hears(t, "\r\n\r\n") || !str_starts(seen(t), str_from(cases[i].answer)))
			fail_msg("%s: %.*s", cases[i].request, STR_ARG(seen(t)));
		hang_up(t);
	}
	finish();
}

static void test_socketio(void **state)
{
	struct talk *t;

	(void)state;
	begin(usual());
	t = dial(UPGRADE("/socket.io/?EIO=4&transport=websocket"));
	assert_true(hears(t, "\"upgrades\":[]"));
	say(t, "40");
	assert_true(hears(t, "44{\"message\":\"no \\\"token\\\"\"}"));
	say(t, "40{\"token\":7}");
	assert_true(hears(t, "44{\"message\":\"odd\"}"));
	say(t, "40{\"token\":\"good\"}");
	assert_true(hears(t, "40{\"sid\":\""));
	assert_true(hears(t, "42[\"hello\",{\"token\":\"good\"}]"));
	say(t, "42[\"sum\",1,2]");
	assert_true(hears(t, "42[\"sum\",[1,2]]"));
	say(t, "4217[\"sum\",3]");
	assert_true(hears(t, "4317[[3]]"));
	say(t, "42[\"other\"]");
	assert_true(hears(t, "42[\"unknown\",\"other\"]"));
	say(t, "41");
	say(t, "40{\"token\":\"good\"}");
	assert_true(hears(t, "42[\"hello\""));
	say(t, "42[\"sum\"");
	assert_true(hears(t, "\x88"));
	hang_up(t);
	finish();
}

static void test_limits(void **state)
{
	struct live_limits m = usual();
	struct talk *a, *b;

	(void)state;
	m.connections = 2;
	m.messages_per_s = 2;
	begin(m);
	a = dial(UPGRADE("/plain"));
	assert_true(hears(a, "welcome"));
	for (int i = 0; i < 6; i++)
		say(a, "1");
	assert_true(hears(a, "too many messages"));
	hang_up(a);
	wait_for(&n_closed, 1);
	a = dial(UPGRADE("/plain"));
	b = dial(UPGRADE("/plain"));
	assert_true(hears(a, "welcome") && hears(b, "welcome"));
	hang_up(a);
	a = NULL;
	for (int tries = 0; !a; tries++) {
		/* The place that was left is free again, soon. */
		a = dial(UPGRADE("/plain"));
		if (!hears(a, "welcome")) {
			assert_true(tries < 1000 && hears(a, "HTTP/1.1 503 "));
			hang_up(a);
			a = NULL;
		}
	}
	{
		struct talk *c = dial(UPGRADE("/plain"));

		assert_true(hears(c, "HTTP/1.1 503 "));
		hang_up(c);
	}
	hang_up(a);
	hang_up(b);
	finish();
}

/* A storm: so many may open within a second, the others are told to come again. */
static void test_storm(void **state)
{
	struct live_limits m = usual();
	int n_in = 0, n_busy = 0;

	(void)state;
	m.opens_per_s = 5;
	begin(m);
	for (int i = 0; i < 50; i++) {
		struct talk *t = dial(GET("/socket.io/?EIO=4&transport=polling"));

		assert_true(hears(t, "\r\n\r\n"));
		n_in += str_starts(seen(t), STR("HTTP/1.1 200"));
		n_busy += str_starts(seen(t), STR("HTTP/1.1 503")) && hears(t, "Retry-After: ");
		hang_up(t);
	}
	assert_true(n_in >= 5 && n_busy >= 1);
	assert_int_equal(n_in + n_busy, 50);
	finish();
}

/* Many that never say a word cost their structs; one that does not read is ended. */
static void test_silent_and_slow(void **state)
{
	struct talk *many[40], *slow;
	const char *big = "0123456789012345678901234567890123456789012345678901234567890123456789";

	(void)state;
	begin(usual());
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = dial("");
	slow = dial(UPGRADE("/plain"));
	assert_true(hears(slow, "welcome"));
	/* Its socket's buffer and its queue fill; then it is gone, and sending fails. */
	for (int i = 0; i < 2000000; i++) {
		char frame[6 + 100];

		frame[0] = (char)0x81;
		frame[1] = (char)(0x80 | strlen(big));
		memset(frame + 2, 0, 4);
		memcpy(frame + 6, big, strlen(big));
		if (send(slow->fd, frame, 6 + strlen(big), MSG_NOSIGNAL) < 0)
			break;
		assert_true(i < 1999999);
	}
	wait_for(&n_closed, 1);
	hang_up(slow);
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		hang_up(many[i]);
	finish();
}

static int load(void **state)
{
	struct config_problems problems;
	struct error e;

	(void)state;
	arena_init(&settings, 1 << 20, 0);
	error_init(&e);
	return config_load(&settings, NULL, NULL, &config, &problems, &e) == RC_OK ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	arena_clear(&settings);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),           cmocka_unit_test(test_stream),
		cmocka_unit_test(test_refusals),        cmocka_unit_test(test_socketio),
		cmocka_unit_test(test_limits),          cmocka_unit_test(test_storm),
		cmocka_unit_test(test_silent_and_slow),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
