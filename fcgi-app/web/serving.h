/*
 * A request being served.  Internal to web: serve.c makes it, steps.c fills it.
 */
#ifndef WEB_SERVING_H
#define WEB_SERVING_H

#include "web/resp.h"
#include "web/serve.h"

struct serving {
	struct req q;
	struct resp r;
	const struct web_in *in;
	struct error e;     /* why it was refused; RC_OK: it was not */
	struct error token; /* what was wrong with the bearer token; RC_OK: nothing */
	struct str allow;   /* methods of the path, with REASON_METHOD */
	int64_t started_us;
	int64_t n_statements, database_us; /* of the connection, before it */
	int status;                        /* that is sent */
	int64_t n_body;
	struct buf piece; /* of a streamed answer */
	bool is_gate, is_dropped;
	bool is_door; /* a preflight that was answered */
};

/* Target, route, session, rights: everything that may be asked before the body is read. */
enum rc steps_before_body(struct serving *s, struct error *e) MUST_CHECK;
/* The body and the token; *ret_token_ok false: a form without a good token. */
enum rc steps_body(struct serving *s, bool *ret_token_ok, struct error *e) MUST_CHECK;
/* Of a row for devices: who sends X-Device-Key and `device_id`, which may stand in the body. */
enum rc steps_device(struct serving *s, struct error *e) MUST_CHECK;
/* Language and theme, from who or from the browser. */
void steps_language(struct serving *s);
/* GET and HEAD change nothing. */
bool steps_changes(const struct serving *s);

#endif
