/*
 * The answer a handler makes.
 *
 * Nothing is sent before the handler returned RC_OK, so a handler may fail at
 * any point and what it wrote is forgotten.  Everything lives in the request's
 * arena.  Appending cannot fail at the spot: `failed` and buf_ok stick, and the
 * router turns them into a 500.  Header values with CR, LF, NUL or other
 * controls make the answer fail.  Default: 200, HTML, not cached without asking.
 */
#ifndef WEB_RESP_H
#define WEB_RESP_H

#include "base/buf.h"
#include "base/error.h"
#include "codec/json.h"

#define RESP_HEADERS_MAX 24
#define RESP_BODY_MAX    (8 * 1024 * 1024)
#define RESP_PIECE       (256 * 1024) /* a piece of a streamed answer, about */

struct req;

struct resp_header {
	const char *name; /* static */
	struct str value;
};

enum resp_cache {
	RESP_CACHE_ASK,  /* private, no-cache: kept by the browser, asked for each time */
	RESP_CACHE_NONE, /* no-store: forms with secrets, errors */
};

/*
 * The next piece of an answer that is longer than memory: appended to b, which is empty.
 * *ret_last: nothing follows.  A failure breaks the connection, so that nobody takes what
 * came for the whole.  Memory of a piece is the function's own affair.
 */
typedef enum rc resp_more(void *arg, struct buf *b, bool *ret_last, struct error *e);

struct resp {
	int status;
	struct str type; /* Content-Type; empty: none */
	struct str csp;  /* Content-Security-Policy; that of our pages unless replaced */
	enum resp_cache cache;
	struct buf body;
	struct resp_header headers[RESP_HEADERS_MAX];
	size_t n_headers;
	resp_more *more; /* NULL: the body is all; else pieces follow it */
	void *more_arg;
	struct arena *arena;
	bool is_tls;
	bool failed;
};

/* The policy of pages (mockups/README.md), and one for files shown in the page. */
extern const struct str resp_csp_page;
extern const struct str resp_csp_file; /* images, audio, video: sandbox, nothing else */
extern const struct str resp_csp_pdf;  /* viewers do not run in a sandbox */

void resp_init(struct resp *r, struct arena *a, bool is_tls);
/* Forgets everything: the router's way to an error. */
void resp_reset(struct resp *r);
bool resp_ok(const struct resp *r);

/* name: static, a token.  Cookies and several of one name are fine. */
void resp_header(struct resp *r, const char *name, struct str value);
/*
 * 303 to a path of ours: begins with '/', not "//" nor "/\".  Anything else makes the
 * answer fail (paths from outside go through req_local_path first).
 */
void resp_redirect(struct resp *r, struct str path);

#define RESP_COOKIE_SESSION 0 /* lives as long as the browser */
/*
 * HttpOnly, SameSite=Lax, Path=/, Secure on TLS.  max_age_s: RESP_COOKIE_SESSION, seconds,
 * or negative: remove it.  value: cookie-octets only.
 */
void resp_cookie(struct resp *r, const char *name, struct str value, int64_t max_age_s);
/* The cookie of the signed-in: "muster", or "__Host-muster" on TLS. */
void resp_session_cookie(struct resp *r, struct str token, int64_t max_age_s);

/* JSON answer: sets the type and begins a writer on the body. */
struct json_out resp_json(struct resp *r);
/* Pieces follow what is in the body: 200, without a Content-Length.  arg: in the request's arena.
 */
void resp_stream(struct resp *r, resp_more *more, void *arg);
/* No body: 204. */
void resp_no_content(struct resp *r);

/*
 * The stored file `id` (32 hex digits) is sent by nginx (X-Accel-Redirect), with
 * Range.  type: its canonical media type.  is_inline: shown in the page, under r->csp
 * (set it before or after; default resp_csp_file), else downloaded under `name`.
 */
void resp_file(struct resp *r, struct str id, struct str type, struct str name, bool is_inline);

/*
 * Sets the ETag from `version` (which names the state of what is shown) and what
 * every page depends on: account, language, theme, minute, build, path, query,
 * htmx.  True when the client has it: the answer is then a finished 304 and the
 * handler returns RC_OK at once.
 */
bool resp_not_modified(const struct req *q, struct resp *r, struct str version);

#endif
