/*
 * codec/http1.h, ws.h, engineio.h, socketio.h: what is taken, what is refused, and why.
 */
#include "unit/guard.h"

#include "codec/engineio.h"
#include "codec/http1.h"
#include "codec/socketio.h"
#include "codec/ws.h"

/* ---- HTTP ------------------------------------------------------------------------------------ */

#define HOST "Host: a\r\n"

static void test_http_good(void **state)
{
	struct http1_head h;
	const struct str s = STR("POST /a/b?x=1&y HTTP/1.1\r\nhOST: a:1 \r\nContent-Length: 3\r\n"
				 "X-Unknown: \"q\"\r\nConnection: keep-alive, Upgrade\r\n\r\nabc");

	(void)state;
	assert_int_equal(http1_head(s, &h), HTTP1_OK);
	assert_true(str_eq(h.method, STR("POST")) && str_eq(h.path, STR("/a/b")));
	assert_true(str_eq(h.query, STR("x=1&y")) && str_eq(h.host, STR("a:1")));
	assert_int_equal(h.n_body, 3);
	assert_int_equal(h.n, s.n - 3);
	assert_true(h.keep_alive);
	assert_true(http1_has_token(h.connection, STR("upgrade")));
	assert_false(http1_has_token(h.connection, STR("up")));
	for (size_t n = 0; n < h.n; n++)
		assert_int_equal(http1_head(str_sub(s, 0, n), &h), HTTP1_MORE);
	assert_int_equal(http1_head(STR("GET / HTTP/1.0\r\n\r\n"), &h), HTTP1_OK);
	assert_false(h.keep_alive);
	assert_int_equal(http1_head(STR("GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"), &h),
			 HTTP1_OK);
	assert_false(h.keep_alive);
}

static void test_http_bad(void **state)
{
	static const struct {
		const char *text;
		enum http1_result result;
	} cases[] = {
		{ "GET / HTTP/1.1\r\n\r\n", HTTP1_BAD }, /* no Host */
		{ "GET / HTTP/2.0\r\n" HOST "\r\n", HTTP1_VERSION },
		{ "GET / FTP/1.1\r\n" HOST "\r\n", HTTP1_BAD },
		{ "GET /\r\n" HOST "\r\n", HTTP1_BAD },
		{ "GET  / HTTP/1.1\r\n" HOST "\r\n", HTTP1_BAD },
		{ "GET a HTTP/1.1\r\n" HOST "\r\n", HTTP1_BAD },
		{ "GET http://a/ HTTP/1.1\r\n" HOST "\r\n", HTTP1_BAD },
		{ "G(T / HTTP/1.1\r\n" HOST "\r\n", HTTP1_BAD },
		{ "GET /\xc3\xa9 HTTP/1.1\n" HOST "\r\n\r\n", HTTP1_BAD },
		{ "GET / HTTP/1.1\r\n" HOST "Host: b\r\n\r\n", HTTP1_BAD },
		{ "GET / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
		  HTTP1_BAD },
		{ "GET / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", HTTP1_BAD },
		{ "GET / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\n", HTTP1_BAD },
		{ "GET / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", HTTP1_BAD },
		{ "GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", HTTP1_BAD },
		{ "GET / HTTP/1.1\r\n" HOST "X : a\r\n\r\n", HTTP1_BAD },
		{ "GET / HTTP/1.1\r\n" HOST " folded\r\n\r\n", HTTP1_BAD },
		{ "GET / HTTP/1.1\r\n" HOST "X: a\x01\r\n\r\n", HTTP1_BAD },
		{ "GET / HTTP/1.1\n" HOST "\r\n\r\n", HTTP1_BAD },
		{ "GET / HTTP/1.1\r\n" HOST "X: a\rb\r\n\r\n", HTTP1_BAD },
		{ "\r\nGET / HTTP/1.1\r\n" HOST "\r\n", HTTP1_BAD },
	};
	char large[HTTP1_HEAD_MAX];
	struct http1_head h;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (http1_head(str_from(cases[i].text), &h) != cases[i].result)
			fail_msg("case %zu: %s", i, cases[i].text);
	memset(large, 'a', sizeof large);
	assert_int_equal(http1_head(str_make(large, sizeof large), &h), HTTP1_TOO_LARGE);
	assert_int_equal(http1_head(str_make(large, sizeof large - 1), &h), HTTP1_MORE);
}

/* ---- WebSocket ----------------------------------------------------------------------------------
 */

static int read_frame(const char *bytes, size_t n, size_t max, struct ws_frame *f)
{
	static char copy[70000];

	memcpy(copy, bytes, n);
	return ws_frame_read(copy, n, max, f);
}
#define READ(literal, max, f) read_frame((literal), sizeof(literal) - 1, (max), (f))

static void test_ws_good(void **state)
{
	struct ws_frame f;

	(void)state;
	assert_int_equal(READ("\x81\x85\x01\x02\x03\x04\x69\x67\x6f\x68\x6e rest", 100, &f), 0);
	assert_int_equal(f.n, 11);
	assert_true(f.is_final && f.opcode == WS_TEXT && str_eq(f.payload, STR("hello")));
	assert_int_equal(READ("\x02\x80\x01\x02\x03\x04", 0, &f), 0);
	assert_true(!f.is_final && f.opcode == WS_BINARY && f.payload.n == 0 && f.n == 6);
	assert_int_equal(READ("\x81", 100, &f), 0);
	assert_int_equal(f.n, 0);
}

static void test_ws_bad(void **state)
{
	struct ws_frame f;

	(void)state;
	assert_int_equal(READ("\x81\x05hello", 100, &f), WS_CODE_PROTOCOL); /* unmasked */
	assert_int_equal(READ("\xc1\x80", 100, &f), WS_CODE_PROTOCOL);      /* reserved bit */
	assert_int_equal(READ("\x83\x80", 100, &f), WS_CODE_PROTOCOL);      /* no such opcode */
	assert_int_equal(READ("\x8b\x80", 100, &f), WS_CODE_PROTOCOL);
	assert_int_equal(READ("\x09\x80", 100, &f), WS_CODE_PROTOCOL);  /* a ping in fragments */
	assert_int_equal(READ("\x88\xfe", 1000, &f), WS_CODE_PROTOCOL); /* a long close */
	assert_int_equal(READ("\x81\xfe\x00\x05", 100, &f), WS_CODE_PROTOCOL); /* not shortest */
	assert_int_equal(READ("\x81\xff\x00\x00\x00\x00\x00\x00\xff\xff", 1 << 20, &f),
			 WS_CODE_PROTOCOL);
	assert_int_equal(READ("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", SIZE_MAX, &f),
			 WS_CODE_PROTOCOL);
	assert_int_equal(READ("\x81\xe5", 100, &f), WS_CODE_TOO_BIG); /* told by its head */
	assert_int_equal(READ("\x81\xff\x00\x00\x00\x00\x00\x01\x00\x00", 65535, &f),
			 WS_CODE_TOO_BIG);
}

static void test_ws_rest(void **state)
{
	char head[WS_SEND_HEAD_MAX];

	(void)state;
	assert_int_equal(ws_head_write(head, WS_TEXT, 125), 2);
	assert_memory_equal(head, "\x81\x7d", 2);
	assert_int_equal(ws_head_write(head, WS_BINARY, 65535), 4);
	assert_memory_equal(head, "\x82\x7e\xff\xff", 4);
	assert_int_equal(ws_head_write(head, WS_BINARY, 65536), 10);
	assert_memory_equal(head, "\x82\x7f\0\0\0\0\0\x01\0\0", 10);
	assert_int_equal(ws_close_code(STR("")), 1005);
	assert_int_equal(ws_close_code(STR("\x03\xe8")), 1000);
	assert_int_equal(ws_close_code(STR("\x0f\xa0why")), 4000);
	assert_int_equal(ws_close_code(STR("\x03")), 0);
	assert_int_equal(ws_close_code(STR("\x03\xed")), 0);     /* 1005 is not sent */
	assert_int_equal(ws_close_code(STR("\x03\xe8\xff")), 0); /* no text */
	assert_int_equal(ws_close_code(STR("\x13\x88")), 0);     /* 5000 */
	assert_true(ws_key_valid(STR("dGhlIHNhbXBsZSBub25jZQ==")));
	assert_false(ws_key_valid(STR("dGhlIHNhbXBsZSBub25jZQ")));
	assert_false(ws_key_valid(STR("dGhlIHNhbXBsZSBub25jZTEy")));
}

/* ---- Engine.IO, Socket.IO
 * -------------------------------------------------------------------------- */

static void test_engineio(void **state)
{
	struct str rest = STR("4hello\x1e"
			      "bAQID\x1e"
			      "2");
	struct engineio_packet p;
	bool is_found;

	(void)state;
	assert_true(engineio_next(&rest, &p, &is_found) && is_found);
	assert_true(p.type == ENGINEIO_MESSAGE && !p.is_binary && str_eq(p.data, STR("hello")));
	assert_true(engineio_next(&rest, &p, &is_found) && is_found);
	assert_true(p.is_binary && str_eq(p.data, STR("AQID")));
	assert_true(engineio_next(&rest, &p, &is_found) && is_found && p.type == ENGINEIO_PING);
	assert_true(engineio_next(&rest, &p, &is_found) && !is_found);
	for (size_t i = 0; i < 6; i++) {
		static const char *const bad[] = { "7", "a", "4a\x1e", "bAQI", "bA=ID", "\x1e" };
		bool is_good = true;

		rest = str_from(bad[i]);
		do
			is_good = engineio_next(&rest, &p, &is_found);
		while (is_good && is_found);
		assert_false(is_good);
	}
}

static void test_socketio(void **state)
{
	static const char *const bad[] = {
		"",           "7",         "2",      "2{}", "2a[]",
		"5[\"a\"]",   "5-[\"a\"]", "517-[]", "0[]", "0abc",
		"1{}",        "4{}",       "3",      "3{}", "29007199254740993[]",
		"2/custom[]",
	};
	struct socketio_packet p;
	struct str name, args;

	(void)state;
	assert_true(socketio_read(STR("52-/custom,789[\"m\"]"), &p));
	assert_true(p.type == SOCKETIO_BINARY_EVENT && p.n_attachments == 2 && p.id == 789);
	assert_true(str_eq(p.space, STR("/custom")) && str_eq(p.json, STR("[\"m\"]")));
	assert_true(socketio_read(STR("0/a?b=c,{}"), &p) && str_eq(p.space, STR("/a")));
	assert_true(socketio_read(STR("0"), &p) && str_eq(p.space, STR("/")) && p.id == -1);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (socketio_read(str_from(bad[i]), &p))
			fail_msg("%s was taken", bad[i]);
	assert_true(socketio_event_split(STR("[\"a\",1,{\"b\":[]}]"), &name, &args));
	assert_true(str_eq(name, STR("a")) && str_eq(args, STR("1,{\"b\":[]}")));
	assert_true(socketio_event_split(STR(" [ \"a\" ] "), &name, &args) && args.n == 0);
	assert_false(socketio_event_split(STR("[]"), &name, &args));
	assert_false(socketio_event_split(STR("[1]"), &name, &args));
	assert_false(socketio_event_split(STR("[\"a\\u0061\"]"), &name, &args));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_http_good), cmocka_unit_test(test_http_bad),
		cmocka_unit_test(test_ws_good),   cmocka_unit_test(test_ws_bad),
		cmocka_unit_test(test_ws_rest),   cmocka_unit_test(test_engineio),
		cmocka_unit_test(test_socketio),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
