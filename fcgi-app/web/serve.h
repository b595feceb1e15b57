/*
 * Serving one request, from what the transport delivered to the bytes it sends.
 *
 * The steps: age, path, host, route, session, who may, origin, body, CSRF,
 * handler, error shape, log.  Knows no libfcgi, so tests call it directly.
 */
#ifndef WEB_SERVE_H
#define WEB_SERVE_H

#include "web/worker.h"

/* X(member, FastCGI parameter): our nginx configuration sends these and no others. */
#define WEB_PARAMS(X)                                                                              \
	X(method, "REQUEST_METHOD")                                                                \
	X(target, "REQUEST_URI")                                                                   \
	X(content_type, "CONTENT_TYPE")                                                            \
	X(content_length, "CONTENT_LENGTH")                                                        \
	X(address, "REMOTE_ADDR")                                                                  \
	X(request_id, "REQUEST_ID")                                                                \
	X(sent_at, "REQUEST_MSEC") /* seconds.milliseconds when nginx passed it on */              \
	X(body_file, "BODY_FILE")                                                                  \
	X(gate, "MUSTER_GATE") /* "1": an auth_request before an upload */                         \
	X(host, "HTTP_HOST")                                                                       \
	X(cookie, "HTTP_COOKIE")                                                                   \
	X(user_agent, "HTTP_USER_AGENT")                                                           \
	X(accept, "HTTP_ACCEPT")                                                                   \
	X(accept_language, "HTTP_ACCEPT_LANGUAGE")                                                 \
	X(if_none_match, "HTTP_IF_NONE_MATCH")                                                     \
	X(authorization, "HTTP_AUTHORIZATION")                                                     \
	X(forwarded, "FORWARDED") /* what another proxy adds: any of its headers */                \
	X(range, "HTTP_RANGE")                                                                     \
	X(origin, "HTTP_ORIGIN")                                                                   \
	X(fetch_site, "HTTP_SEC_FETCH_SITE")                                                       \
	X(asked_method, "HTTP_ACCESS_CONTROL_REQUEST_METHOD")                                      \
	X(asked_headers, "HTTP_ACCESS_CONTROL_REQUEST_HEADERS")                                    \
	X(hx_request, "HTTP_HX_REQUEST")                                                           \
	X(requested_with, "HTTP_X_REQUESTED_WITH")                                                 \
	X(csrf_token, "HTTP_X_CSRF_TOKEN")                                                         \
	X(device_key, "HTTP_X_DEVICE_KEY")                                                         \
	X(webhook_signature, "HTTP_X_WEBHOOK_SIGNATURE")                                           \
	X(method_override, "HTTP_X_HTTP_METHOD_OVERRIDE")                                          \
	X(tus_resumable, "HTTP_TUS_RESUMABLE")                                                     \
	X(upload_length, "HTTP_UPLOAD_LENGTH")                                                     \
	X(upload_defer_length, "HTTP_UPLOAD_DEFER_LENGTH")                                         \
	X(upload_offset, "HTTP_UPLOAD_OFFSET")                                                     \
	X(upload_metadata, "HTTP_UPLOAD_METADATA")                                                 \
	X(upload_checksum, "HTTP_UPLOAD_CHECKSUM")

struct web_in {
#define X(member, param) struct str member;
	WEB_PARAMS(X)
#undef X
	/* Reads up to n bytes of the body; 0 at its end. */
	size_t (*read)(void *from, char *p, size_t n);
	void *from;
};

struct web_out {
	bool is_dropped; /* nothing is sent: nginx has given the request up */
	struct str head; /* CGI header with its empty line */
	struct str body;
	bool is_streamed; /* pieces follow: web_serve_more until *ret_last */
};

/*
 * Texts of `in` must live until the call after; *ret lives in w->arena until
 * web_serve_end, which logs and resets.
 */
void web_serve(struct worker *w, const struct web_in *in, struct web_out *ret);
/*
 * The next piece of a streamed answer; *ret_last: nothing follows.  False: it failed (which
 * web_serve_end logs); the connection is to be broken.  *ret lives until the next call.
 */
bool web_serve_more(struct worker *w, struct str *ret, bool *ret_last) MUST_CHECK;
/* n_sent: bytes of the answer that went out; -1: the connection broke. */
void web_serve_end(struct worker *w, int64_t n_sent);

#endif
