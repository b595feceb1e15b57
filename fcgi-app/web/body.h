/*
 * Reading a request's body into q->form, q->json, q->files.
 *
 * Internal to web.  The transport hands over bytes through a function, nginx a
 * spooled file by name; both end as bytes in q->body (a mapped file costs no
 * memory).  What was opened is closed when the arena is reset.
 */
#ifndef WEB_BODY_H
#define WEB_BODY_H

#include "web/serve.h"

/*
 * Afterwards q->body, q->form, q->json and q->files are set.
 * RC_TOO_BIG REASON_BODY_TOO_BIG: over max bytes.  RC_INVALID: REASON_BODY_SHORT,
 * REASON_BODY_MALFORMED, REASON_CONTENT_TYPE (a body with an unknown media type that
 * should be parsed).  parse false: the body is a file of its own (PUT).
 */
enum rc body_read(struct req *q, const struct web_in *in, int64_t max, bool parse,
		  struct error *e) MUST_CHECK;
/* Before the body is read: what Content-Length says. */
enum rc body_check_length(const struct web_in *in, int64_t max, struct error *e) MUST_CHECK;

#endif
