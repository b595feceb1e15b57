/*
 * Serving a request.  Must not know: libfcgi, pages.
 *
 * Everything of a request lives in the worker's arena; web_serve_end resets it,
 * which also closes files and unmaps bodies.
 */
#include "web/serve.h"
#include "sys/guard.h"
#include "web/cors.h"

#include "base/num.h"
#include "codec/url.h"
#include "web/serving.h"

#define US_PER_MS 1000

enum { RETRY_DEFAULT_S = 5, GATE_FREE_BYTES = 64 * 1024 };

/* ---- age ------------------------------------------------------------------------------ */

/* "1763631000.123" as microseconds; NO_TIME when absent or malformed. */
static int64_t sent_at_us(struct str s)
{
	size_t dot = str_find_char(s, '.');
	int64_t seconds, ms = 0;

	if (!num_i64(str_sub(s, 0, dot == SIZE_MAX ? s.n : dot), 0, INT64_C(1) << 40, &seconds))
		return NO_TIME;
	if (dot != SIZE_MAX && !num_i64(str_from_pos(s, dot + 1), 0, 999, &ms))
		return NO_TIME;
	return seconds * US_PER_S + ms * US_PER_MS;
}

/* Has nginx answered 504 already? */
static bool is_late(const struct serving *s)
{
	int64_t limit_s = pool_timeout_s(s->q.core.config, s->q.worker->pool);
	int64_t sent = sent_at_us(s->in->sent_at);
	int64_t age = sent == NO_TIME ? 0 : s->q.core.now_us - sent;

	if (age < limit_s * US_PER_S)
		return false;
	log_event(&s->q.worker->log, LOGGED_REQUEST_LATE, LOG_STR("method", s->in->method),
		  LOG_STR("path", s->in->target), LOG_I64("age_ms", age / US_PER_MS));
	return true;
}

/* ---- errors ---------------------------------------------------------------------------- */

static size_t prefix_length(const struct family *f, struct str path)
{
	size_t best = 0;

	for (size_t i = 0; f->prefixes && f->prefixes[i]; i++) {
		struct str prefix = str_from(f->prefixes[i]);

		if (prefix.n > best && str_starts(path, prefix))
			best = prefix.n;
	}
	return best;
}

static const struct family *family_of(const struct serving *s)
{
	const struct family *families = s->q.worker->web->families;
	size_t best_n = 0, best = FAMILY_PAGES;

	if (s->q.answers_as != FAMILY_PAGES)
		return &families[s->q.answers_as];
	if (s->q.route)
		return &families[s->q.route->family];
	for (size_t i = 0; i < FAMILY__MAX; i++) {
		size_t n = prefix_length(&families[i], s->q.path);

		if (n > best_n) {
			best_n = n;
			best = i;
		}
	}
	/* They own these paths together; who has a token of 000 is spoken to in its words. */
	if (best == FAMILY_003 && s->q.token.family == TOKEN_000)
		best = FAMILY_000;
	return &families[best];
}

static void last_resort(struct serving *s)
{
	resp_reset(&s->r);
	s->r.status = 500;
	s->r.type = STR("text/plain; charset=utf-8");
	s->r.cache = RESP_CACHE_NONE;
	BUF_LIT(&s->r.body, "500\n");
}

static void add_error_headers(struct serving *s, const struct error *e)
{
	struct str retry;

	if (s->allow.n)
		resp_header(&s->r, "Allow", s->allow);
	if (e->retry_s > 0 || s->r.status == 503) {
		retry = arena_printf(&s->q.worker->arena, "%lld",
				     (long long)(e->retry_s > 0 ? e->retry_s : RETRY_DEFAULT_S));
		if (retry.p)
			resp_header(&s->r, "Retry-After", retry);
	}
}

static void render_error(struct serving *s, const struct family *f)
{
	struct error shown = s->e, ignored;

	if (shown.rc == RC_DENIED && f->hides_denied && shown.reason != REASON_CSRF) {
		shown.rc = RC_NOT_FOUND;
		/* That a page is for others says nothing about what stands on it. */
		if (shown.reason != REASON_FOR_STUDENTS && shown.reason != REASON_FOR_STAFF)
			shown.reason = REASON_NOT_FOUND;
	}
	error_init(&ignored);
	resp_reset(&s->r);
	s->r.status = web_status(&shown);
	s->r.cache = RESP_CACHE_NONE;
	add_error_headers(s, &shown);
	if (s->q.wants_json && !f->is_json) {
		if (family_problem_json(&s->q, &s->r, &shown, &ignored) != RC_OK)
			last_resort(s);
	} else if (!f->render_error || f->render_error(&s->q, &s->r, &shown, &ignored) != RC_OK ||
		   !resp_ok(&s->r)) {
		last_resort(s);
	}
}

/* ---- somebody has to sign in -------------------------------------------------------------- */

static void go_to_sign_in(struct serving *s)
{
	struct buf b;

	buf_init(&b, &s->q.worker->arena, 64 + s->q.target.n, 8192);
	BUF_LIT(&b, "/sign-in?next=");
	url_query(&b, s->q.target);
	resp_reset(&s->r);
	if (buf_ok(&b) && !s->q.is_htmx) {
		resp_redirect(&s->r, buf_str(&b));
	} else if (buf_ok(&b)) {
		s->r.status = 401;
		s->r.type = (struct str){ 0 };
		resp_header(&s->r, "HX-Redirect", buf_str(&b));
	}
	s->r.cache = RESP_CACHE_NONE;
	if (!buf_ok(&b) || !resp_ok(&s->r))
		last_resort(s);
}

/* A hook of the pages shows the form's content; false: it is to be an ordinary error. */
static bool show_form_again(struct serving *s, route_handler *hook, int status)
{
	struct error e;

	if (!hook)
		return false;
	error_init(&e);
	resp_reset(&s->r);
	s->r.status = status;
	s->r.cache = RESP_CACHE_NONE;
	if (hook(&s->q, &s->r, &e) != RC_OK || !resp_ok(&s->r))
		return false;
	if (s->q.is_htmx) { /* htmx takes the whole page where it would take a form */
		s->r.status = 422;
		resp_header(&s->r, "HX-Retarget", STR("body"));
		resp_header(&s->r, "HX-Reswap", STR("innerHTML"));
	}
	return resp_ok(&s->r);
}

/*
 * A form of ours that found no database.  What another site sent is never kept;
 * a fragment's form still stands in its page.
 */
static bool lost_its_database(const struct serving *s)
{
	return s->e.rc == RC_DEPENDENCY && s->e.reason == REASON_DATABASE_DOWN &&
	       steps_changes(s) && s->q.route->may != MAY_PUBLIC && !s->q.is_htmx &&
	       guard_origin_allowed(s->in->origin, s->in->fetch_site, s->in->host);
}

static bool keep_for_later(struct serving *s, route_handler *hook)
{
	bool token_ok;
	struct error e;

	error_init(&e);
	if (!s->q.form.n && steps_body(s, &token_ok, &e) != RC_OK)
		return false;
	if (!show_form_again(s, hook, 503))
		return false;
	add_error_headers(s, &s->e);
	return resp_ok(&s->r);
}

/* What a person at a browser gets instead of an error; false: an error it is. */
static bool ask_person(struct serving *s, const struct family *f)
{
	const struct web_hooks *hooks = &s->q.worker->web->hooks;
	bool token_ok;
	struct error e;

	if (f->is_json || s->q.wants_json || s->q.is_ajax || !s->q.route)
		return false;
	if (s->e.rc == RC_DENIED && s->e.reason == REASON_CSRF && s->q.body_n)
		return show_form_again(s, hooks->form_without_token, 403);
	if (lost_its_database(s))
		return keep_for_later(s, hooks->form_without_database);
	if (s->e.rc != RC_NOT_SIGNED_IN)
		return false;
	if (!steps_changes(s)) {
		go_to_sign_in(s);
		return true;
	}
	error_init(&e);
	if (steps_body(s, &token_ok, &e) != RC_OK)
		return false;
	return show_form_again(s, hooks->form_without_session, 401);
}

/* ---- the gate before an upload ------------------------------------------------------------- */

static enum rc pass_gate(struct serving *s, struct error *e)
{
	const struct route *route = s->q.route;
	const struct files *files = s->q.worker->web->files;
	int64_t n;

	if (!num_i64(s->in->content_length, 0, INT64_MAX, &n))
		n = ROUTE_LENGTH_UNSAID; /* chunked: nginx limits it, the handler looks again */
	s->q.body_n = n;
	if (route->gate)
		TRY(route->gate(&s->q, e));
	/* What is small does no harm, and is needed to set things right. */
	if (files && n > GATE_FREE_BYTES)
		TRY(files_room(files, n, e));
	resp_no_content(&s->r);
	return RC_OK;
}

/* nginx knows 401 and 403 only; the real status names the page it shows. */
static void refuse_gate(struct serving *s)
{
	struct str status = arena_printf(&s->q.worker->arena, "%d", web_status(&s->e));

	if (s->e.rc == RC_DENIED && s->e.reason != REASON_CSRF && family_of(s)->hides_denied)
		status = STR("404");
	resp_reset(&s->r);
	resp_no_content(&s->r);
	s->r.status = 403;
	if (status.p)
		resp_header(&s->r, "X-Muster-Refusal", status);
}

/* ---- serving -------------------------------------------------------------------------------- */

/* A thread of the check-in pool is held by nothing that was not made for it. */
static enum rc check_pool(const struct serving *s, struct error *e)
{
	if (s->q.worker->pool == POOL_CHECK_IN &&
	    (s->q.route->pool != POOL_CHECK_IN || s->is_gate || s->r.more))
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED,
			     "%s is not for the check-in pool: are nginx's locations old?",
			     s->q.route->pattern);
	return RC_OK;
}

static enum rc handle(struct serving *s, struct error *e)
{
	bool token_ok;

	TRY(steps_before_body(s, e));
	TRY(check_pool(s, e));
	if (s->is_gate)
		return pass_gate(s, e);
	TRY(steps_body(s, &token_ok, e));
	if (!token_ok)
		return ERROR(e, RC_DENIED, REASON_CSRF, "token");
	TRY(steps_device(s, e));
	TRY(s->q.route->handler(&s->q, &s->r, e));
	TRY(check_pool(s, e));
	if (!resp_ok(&s->r))
		return ERROR(e, s->r.body.failed ? RC_NO_MEMORY : RC_INTERNAL, REASON_UNEXPECTED,
			     "the answer cannot be sent");
	return RC_OK;
}

static struct serving *begin(struct worker *w, const struct web_in *in)
{
	struct serving *s = ARENA_NEW(&w->arena, struct serving);

	if (!s)
		return NULL;
	*s = (struct serving){ .in = in, .started_us = clock_read_mono_us(w->core.clock) };
	log_set_request(&w->log, in->request_id);
	s->q.worker = w;
	s->q.spool.fd = -1;
	s->q.core = w->core;
	s->q.core.arena = &w->arena;
	s->q.core.request_id = in->request_id;
	s->q.core.now_us = clock_read_us(w->core.clock);
	s->q.who = (struct who){ .person_id = COLUMN_NULL,
				 .branch_id = COLUMN_NULL,
				 .zone = w->core.config->default_zone };
	s->q.core.who = &s->q.who;
	s->is_gate = str_eq(in->gate, STR("1"));
	if (w->core.db) {
		s->n_statements = store_n_statements(w->core.db);
		s->database_us = store_busy_us(w->core.db);
	}
	resp_init(&s->r, &w->arena, w->web->is_tls);
	error_init(&s->e);
	error_init(&s->token);
	return s;
}

static void answer(struct serving *s)
{
	const struct family *f;

	if (handle(s, &s->e) == RC_OK) {
		error_init(&s->e); /* what was tried on the way and did not matter is not logged */
		return;
	}
	if (s->is_gate) {
		refuse_gate(s);
		return;
	}
	f = family_of(s);
	if (cors_preflight(s, f)) {
		error_init(&s->e);
		return;
	}
	if (!ask_person(s, f))
		render_error(s, f);
}

static const struct str fixed_headers =
	STR_INIT("X-Content-Type-Options: nosniff\r\n"
		 "Referrer-Policy: same-origin\r\n"
		 "Permissions-Policy: camera=(self), geolocation=(self), microphone=()\r\n"
		 "Cross-Origin-Opener-Policy: same-origin\r\n"
		 "Cross-Origin-Resource-Policy: same-origin\r\n"
		 "X-Frame-Options: DENY\r\n"
		 "Vary: Cookie, Accept-Language, HX-Request\r\n");

static void add_line(struct buf *b, const char *name, struct str value)
{
	buf_add(b, str_from(name));
	BUF_LIT(b, ": ");
	buf_add(b, value);
	BUF_LIT(b, "\r\n");
}

static const char *reason_phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 204, "No Content" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 412, "Precondition Failed" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 421, "Misdirected Request" },
		{ 422, "Unprocessable Content" },
		{ 423, "Locked" },
		{ 429, "Too Many Requests" },
		{ 460, "Checksum Mismatch" },
		{ 500, "Internal Server Error" },
		{ 503, "Service Unavailable" },
		{ 507, "Insufficient Storage" },
	};

	for (size_t i = 0; i < ARRAY_LEN(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "Other";
}

static bool has_body(const struct resp *r)
{
	return r->status != 204 && r->status != 304 && r->body.n > 0;
}

static bool write_head(struct serving *s, struct str *ret)
{
	struct resp *r = &s->r;
	struct buf b;

	buf_init(&b, &s->q.worker->arena, 1536, 65536);
	buf_printf(&b, "Status: %d %s\r\n", r->status, reason_phrase(r->status));
	if (r->type.n)
		add_line(&b, "Content-Type", r->type);
	for (size_t i = 0; i < r->n_headers; i++)
		add_line(&b, r->headers[i].name, r->headers[i].value);
	add_line(&b, "Content-Security-Policy", r->csp);
	add_line(&b, "Cache-Control",
		 r->cache == RESP_CACHE_NONE ? STR("no-store") : STR("private, no-cache"));
	buf_add(&b, fixed_headers);
	if (r->is_tls)
		BUF_LIT(&b, "Strict-Transport-Security: max-age=31536000\r\n");
	if (r->status != 304 && r->status != 204 && !r->more)
		buf_printf(&b, "Content-Length: %zu\r\n", has_body(r) ? r->body.n : 0);
	BUF_LIT(&b, "\r\n");
	*ret = buf_str(&b);
	return buf_ok(&b);
}

static const struct str out_of_memory =
	STR_INIT("Status: 500 Internal Server Error\r\nContent-Type: text/plain\r\nContent-Length: "
		 "0\r\nCache-Control: "
		 "no-store\r\n\r\n");

void web_serve(struct worker *w, const struct web_in *in, struct web_out *ret)
{
	struct serving *s = begin(w, in);

	meter_busy(w->core.meter, true);
	w->serving = s;
	*ret = (struct web_out){ .head = out_of_memory };
	if (!s)
		return;
	if (is_late(s)) {
		s->is_dropped = ret->is_dropped = true;
		return;
	}
	answer(s);
	if (!s->is_gate)
		cors_headers(s, family_of(s));
	if (!write_head(s, &ret->head)) {
		ret->head = out_of_memory;
		return;
	}
	s->status = s->r.status;
	if (has_body(&s->r)) {
		s->n_body = (int64_t)s->r.body.n;
		/* As it was sent: a POST in the name of HEAD has its body. */
		if (method_from(in->method) != METHOD_HEAD)
			ret->body = buf_str(&s->r.body);
	}
	ret->is_streamed = s->r.more && s->q.method != METHOD_HEAD;
}

bool web_serve_more(struct worker *w, struct str *ret, bool *ret_last)
{
	struct serving *s = w->serving;

	if (!s->piece.p)
		buf_init(&s->piece, &w->arena, RESP_PIECE, RESP_BODY_MAX / 4);
	s->piece.n = 0;
	if (s->r.more(s->r.more_arg, &s->piece, ret_last, &s->e) != RC_OK)
		return false;
	if (!buf_ok(&s->piece)) {
		ERROR_MEMORY(&s->e);
		return false;
	}
	*ret = buf_str(&s->piece);
	return true;
}

/* ---- the log --------------------------------------------------------------------------------- */

/* The transport may have given up its texts by now: nothing of s->in is read here. */
static void log_failure(const struct serving *s)
{
	bool is_ours = s->e.rc == RC_NO_MEMORY || s->e.rc == RC_NO_SPACE ||
		       s->e.rc == RC_DEPENDENCY || s->e.rc == RC_INTERNAL;

	log_event(&s->q.worker->log, is_ours ? LOGGED_REQUEST_FAILED : LOGGED_REQUEST_REFUSED,
		  LOG_WORD("method", method_name(s->q.method)), LOG_STR("path", s->q.path),
		  LOG_ERROR(&s->e));
}

/* What nginx asks before an upload is no request of its own. */
static void count(const struct worker *w, const struct serving *s)
{
	struct meter_slot *m = w->core.meter;
	size_t pool = (size_t)w->pool;

	if (w->core.db) {
		meter_add(m, METER_STATEMENTS + pool,
			  store_n_statements(w->core.db) - s->n_statements);
		meter_add(m, METER_DATABASE_US + pool, store_busy_us(w->core.db) - s->database_us);
	}
	if (s->is_dropped)
		meter_add(m, METER_LATE + pool, 1);
	if (s->is_dropped || s->is_gate)
		return;
	meter_request(m, (int)w->pool, (int)(family_of(s) - w->web->families),
		      s->status ? s->status : 500,
		      clock_read_mono_us(w->core.clock) - s->started_us);
	if (s->e.rc != RC_OK)
		meter_add(m, METER_ERRORS + (size_t)s->e.rc, 1);
	if (s->e.reason == REASON_RATE)
		meter_add(m, METER_RATE_LIMITED, 1);
}

void web_serve_end(struct worker *w, int64_t n_sent)
{
	const struct serving *s = w->serving;

	if (s && !s->is_dropped) {
		if (s->e.rc != RC_OK)
			log_failure(s);
		if (n_sent < 0)
			log_event(&w->log, LOGGED_REQUEST_BROKEN, LOG_STR("path", s->q.path),
				  LOG_CZ("detail", "the connection broke"));
		else if (!s->is_gate)
			log_event(&w->log, LOGGED_REQUEST,
				  LOG_WORD("method", method_name(s->q.method)),
				  LOG_STR("path", s->q.path), LOG_I64("status", s->status),
				  LOG_I64("us", clock_read_mono_us(w->core.clock) - s->started_us),
				  LOG_I64("bytes", n_sent),
				  LOG_I64("account", s->q.who.account_id));
	}
	if (s)
		count(w, s);
	meter_busy(w->core.meter, false);
	w->serving = NULL;
	log_set_request(&w->log, (struct str){ 0 });
	arena_reset(&w->arena);
}
