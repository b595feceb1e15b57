/*
 * FastCGI: the only file that knows libfcgi (fcgi.c).
 *
 * One struct fcgi per thread on a listening socket that all share (non-blocking:
 * who comes second to a connection goes back to waiting).  A connection carries one
 * request, or where `keeps` was said as many as nginx sends on it (fastcgi_keep_conn
 * on), and then belongs to this thread until nginx lets it go.  The answer is written
 * as full STDOUT records, with the end of the request, by writev straight from the
 * buffers of the answer; libfcgi's own output stream is never touched.
 */
#ifndef WEB_FCGI_H
#define WEB_FCGI_H

#include "web/serve.h"

struct fcgi;

/* Once per process, before threads; sets up libfcgi.  SIGPIPE must be ignored already. */
enum rc fcgi_setup(struct error *e) MUST_CHECK;
/* stop_fd becomes readable when no further request is to be taken. */
enum rc fcgi_new(int listen_fd, int stop_fd, bool keeps, struct fcgi **ret,
		 struct error *e) MUST_CHECK;
void fcgi_free(struct fcgi *f); /* NULL is fine */

/*
 * Waits for a request and fills *ret, whose texts live until fcgi_answer or fcgi_drop.
 * False as soon as stop_fd is readable and no request has begun: stop.  A kept
 * connection without a request on it is closed then.
 */
bool fcgi_wait(struct fcgi *f, struct web_in *ret) MUST_CHECK;
/* The client of the request at hand has gone: nginx closed the connection. */
bool fcgi_is_gone(const struct fcgi *f) MUST_CHECK;
/* Sends the answer and ends the request: bytes sent, or -1 when the connection broke. */
int64_t fcgi_answer(struct fcgi *f, const struct web_out *out);
/*
 * A streamed answer: head and body, or a further piece of the body; then fcgi_end.  Bytes sent,
 * or -1: the connection broke and the request is to be ended by fcgi_drop.
 */
int64_t fcgi_part(struct fcgi *f, struct str head, struct str body) MUST_CHECK;
int64_t fcgi_end(struct fcgi *f) MUST_CHECK;
/* Ends the request without an answer. */
void fcgi_drop(struct fcgi *f);

#endif
