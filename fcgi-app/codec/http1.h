/*
 * The head of an HTTP/1.1 request (RFC 9112), a strict subset: what nginx sends on.
 *
 * No state: the caller gathers bytes and asks again.  Lines end in CRLF, no folded lines, no
 * Transfer-Encoding, one Content-Length at most; names are tokens, values hold no controls.
 * Headers that nobody here reads are checked and dropped.  Everything found is a view
 * into the bytes given.
 */
#ifndef CODEC_HTTP1_H
#define CODEC_HTTP1_H

#include "base/str.h"

#define HTTP1_HEAD_MAX    8192
#define HTTP1_HEADERS_MAX 100

/* X(member, header): those that are read; each at most once. */
#define HTTP1_HEADERS(X)                                                                           \
	X(host, "Host")                                                                            \
	X(connection, "Connection")                                                                \
	X(upgrade, "Upgrade")                                                                      \
	X(content_length, "Content-Length")                                                        \
	X(content_type, "Content-Type")                                                            \
	X(origin, "Origin")                                                                        \
	X(cookie, "Cookie")                                                                        \
	X(authorization, "Authorization")                                                          \
	X(user_agent, "User-Agent")                                                                \
	X(accept_language, "Accept-Language")                                                      \
	X(last_event_id, "Last-Event-ID")                                                          \
	X(fetch_site, "Sec-Fetch-Site")                                                            \
	X(ws_key, "Sec-WebSocket-Key")                                                             \
	X(ws_version, "Sec-WebSocket-Version")                                                     \
	X(asked_headers, "Access-Control-Request-Headers")                                         \
	X(asked_method, "Access-Control-Request-Method")                                           \
	X(real_ip, "X-Real-IP")                                                                    \
	X(forwarded, "X-Muster-Forwarded")                                                         \
	X(request_id, "X-Request-Id")

struct http1_head {
	struct str method, target;
	bool is_1_0;
	struct str path, query; /* of the target, as sent */
#define X(member, name) struct str member;
	HTTP1_HEADERS(X)
#undef X
	int64_t n_body;  /* Content-Length, 0 without one */
	bool keep_alive; /* the connection may be used again */
	size_t n;        /* bytes of the head, with its empty line */
};

enum http1_result {
	HTTP1_MORE, /* the head has not ended yet */
	HTTP1_OK,
	HTTP1_BAD,       /* 400 */
	HTTP1_TOO_LARGE, /* 431: beyond HTTP1_HEAD_MAX or HTTP1_HEADERS_MAX */
	HTTP1_VERSION,   /* 505 */
};

/* *ret only with HTTP1_OK. */
enum http1_result http1_head(struct str bytes, struct http1_head *ret) MUST_CHECK;
/* Is `token` one of the comma-separated words of a header's value?  Case does not count. */
bool http1_has_token(struct str value, struct str token);

#endif
