/*
 * web/serve.h without a transport and without a database: statuses, headers,
 * redirects, bodies, conditional answers, requests that come too late.
 */
#include "unit/guard.h"

#include "web/router.h"
#include "web/serve.h"

#include <sys/mman.h>
#include <unistd.h>

struct echo_in {
	struct str text;
};
static FIELDS(echo_fields, echo_in, FIELD(TEXT, echo_in, text, FORM, .required = true));

static enum rc show(struct req *q, struct resp *r, struct error *e)
{
	(void)e;
	if (resp_not_modified(q, r, STR("v1")))
		return RC_OK;
	BUF_LIT(&r->body, "shown");
	return RC_OK;
}

static enum rc echo(struct req *q, struct resp *r, struct error *e)
{
	struct echo_in in;

	TRY(req_read(q, &in, e));
	buf_add(&r->body, in.text);
	for (size_t i = 0; i < q->n_files; i++)
		buf_add(&r->body, req_file_bytes(q, &q->files[i]));
	return RC_OK;
}

static enum rc fail_late(struct req *q, struct resp *r, struct error *e)
{
	(void)q;
	BUF_LIT(&r->body, "half a page");
	resp_cookie(r, "half", STR("1"), 60);
	return ERROR(e, RC_DEPENDENCY, REASON_DATABASE_DOWN, "secret detail");
}

/* Looks for something, does not find it, and is content. */
static enum rc look(struct req *q, struct resp *r, struct error *e)
{
	(void)q;
	BUF_LIT(&r->body, "content");
	return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no row") == RC_OK ? RC_INTERNAL : RC_OK;
}

static enum rc split_header(struct req *q, struct resp *r, struct error *e)
{
	(void)q;
	(void)e;
	resp_header(r, "X-Test", STR("a\r\nSet-Cookie: x=y"));
	return RC_OK;
}

static enum rc leave(struct req *q, struct resp *r, struct error *e)
{
	(void)e;
	resp_redirect(r, req_raw(q, "to"));
	resp_session_cookie(r, STR("token"), RESP_COOKIE_SESSION);
	return RC_OK;
}

static enum rc keep_form(struct req *q, struct resp *r, struct error *e)
{
	(void)e;
	buf_printf(&r->body, "kept %.*s", STR_ARG(req_raw(q, "text")));
	return RC_OK;
}

static enum rc no_more(void *arg, struct buf *b, bool *ret_last, struct error *e)
{
	(void)arg;
	(void)b;
	*ret_last = true;
	(void)e;
	return RC_OK;
}

static enum rc stream(struct req *q, struct resp *r, struct error *e)
{
	(void)q;
	(void)e;
	r->more = no_more;
	return RC_OK;
}

static const struct route table[] = {
	ROUTE(GET, "/quick", PUBLIC, PAGES, show, .pool = POOL_CHECK_IN, .without_database = true),
	ROUTE(GET, "/quick/stream", PUBLIC, PAGES, stream, .pool = POOL_CHECK_IN,
	      .without_database = true),
	ROUTE(GET, "/show", PUBLIC, PAGES, show, .without_database = true),
	ROUTE(GET, "/needs", PUBLIC, PAGES, show),
	ROUTE(POST, "/echo", PUBLIC, PAGES, echo, .fields = &echo_fields, .body_max = 400,
	      .without_database = true),
	ROUTE(POST, "/own/echo", PUBLIC, OWN, echo, .fields = &echo_fields,
	      .without_database = true),
	ROUTE(GET, "/late", PUBLIC, PAGES, fail_late, .without_database = true),
	ROUTE(GET, "/look", PUBLIC, PAGES, look, .without_database = true),
	ROUTE(GET, "/split", PUBLIC, PAGES, split_header, .without_database = true),
	ROUTE(GET, "/leave", PUBLIC, PAGES, leave, .without_database = true),
	ROUTE(GET_POST, "/staff", STAFF, PAGES, echo, .fields = &echo_fields,
	      .without_database = true),
	ROUTE(POST, "/own/staff", STAFF, OWN, echo, .without_database = true),
	ROUTE(POST, "/store", STAFF, PAGES, echo, .fields = &echo_fields),
};

static const char *const page_prefixes[] = { "/", NULL };
static const char *const own_prefixes[] = { "/own/", NULL };

static enum rc render_page(struct req *q, struct resp *r, const struct error *e,
			   struct error *ret_e)
{
	(void)q;
	(void)ret_e;
	buf_printf(&r->body, "page %s", reason_code(e->reason));
	return RC_OK;
}

struct fixture {
	struct arena arena;
	struct clock clock;
	const struct config *config;
	struct router *router;
	struct web web;
	struct worker worker;
	struct str body;
	size_t at;
};

static size_t read_body(void *from, char *p, size_t n)
{
	struct fixture *f = from;
	struct str part = str_sub(f->body, f->at, n < 7 ? n : 7);

	if (part.n)
		memcpy(p, part.p, part.n);
	f->at += part.n;
	return part.n;
}

static int open_fixture(void **state)
{
	static struct fixture fixture; /* one per test program, opened anew for each test */
	struct fixture *f = &fixture;
	struct config_problems problems;
	struct error e;

	*f = (struct fixture){ .clock = { .is_fake = true, .now_us = 1000 * US_PER_S } };
	error_init(&e);
	arena_init(&f->arena, 1024 * 1024, 0);
	if (config_parse(&f->arena, STR("allowed_hosts = here\n"), NULL, &f->config, &problems,
			 &e) != RC_OK ||
	    router_new(table, ARRAY_LEN(table), &f->router, &e) != RC_OK)
		return -1;
	f->web = (struct web){
		.config = f->config,
		.router = f->router,
		.families = { [FAMILY_PAGES] = { .prefixes = page_prefixes,
						 .hides_denied = true,
						 .render_error = render_page,
						 .name = "pages" },
			      [FAMILY_OWN] = { .prefixes = own_prefixes,
					       .hides_denied = true,
					       .is_json = true,
					       .render_error = family_problem_json,
					       .name = "own" } },
		.hooks = { .form_without_session = keep_form, .form_without_database = keep_form },
		.build = STR("b1"),
	};
	f->worker = (struct worker){ .web = &f->web };
	f->worker.core.config = f->config;
	f->worker.core.clock = &f->clock;
	log_init(&f->worker.log, "test", LOG_LEVEL_INFO);
	f->worker.log.fd = -1;
	arena_init(&f->worker.arena, 8 * 1024 * 1024, 65536);
	*state = f;
	return 0;
}

static int close_fixture(void **state)
{
	struct fixture *f = *state;

	router_free(f->router);
	arena_clear(&f->worker.arena);
	arena_clear(&f->arena);
	return 0;
}

static struct web_in request(struct fixture *f, const char *method, const char *target)
{
	return (struct web_in){ .method = str_from(method),
				.target = str_from(target),
				.host = STR("here:8080"),
				.read = read_body,
				.from = f };
}

static void with_form(struct fixture *f, struct web_in *in, const char *length, const char *body)
{
	f->body = str_from(body);
	f->at = 0;
	in->content_length = str_from(length);
	if (!in->content_type.n)
		in->content_type = STR("application/x-www-form-urlencoded");
}

static bool has(struct str text, const char *part)
{
	return str_find(text, str_from(part)) != SIZE_MAX;
}

static void test_statuses(void **state)
{
	static const struct {
		const char *method, *target, *host, *status, *body;
	} cases[] = {
		{ "GET", "/show", "here", "200 OK", "shown" },
		{ "GET", "/show/", "HERE:1", "200 OK", "shown" },
		{ "HEAD", "/show", "here", "200 OK", "" },
		{ "POST", "/show", "here", "405 ", "page method_not_allowed" },
		{ "BREW", "/show", "here", "405 ", "page method_not_allowed" },
		{ "GET", "/none", "here", "404 ", "page not_found" },
		{ "GET", "/own/none", "here", "404 ", "\"reason\":\"not_found\"" },
		{ "GET", "/a/../show", "here", "404 ", "page not_found" },
		{ "GET", "/show", "evil", "421 ", "page host" },
		{ "GET", "/show", "he re", "400 ", "page body_malformed" },
		{ "GET", "/show", "", "400 ", "page body_malformed" },
		{ "GET", "/show?a=%zz", "here", "400 ", "page body_malformed" },
		{ "GET", "/needs", "here", "503 ", "page database_down" },
		{ "GET", "/late", "here", "503 ", "page database_down" },
		{ "GET", "/split", "here", "500 ", "page unexpected" },
		{ "GET", "/leave?to=/x", "here", "303 ", "" },
		{ "GET", "/leave?to=//evil", "here", "500 ", "page unexpected" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct web_in in = request(f, cases[i].method, cases[i].target);
		struct web_out out;

		in.host = str_from(cases[i].host);
		web_serve(&f->worker, &in, &out);
		assert_true(str_starts(str_from_pos(out.head, strlen("Status: ")),
				       str_from(cases[i].status)));
		assert_true(cases[i].body[0] ? has(out.body, cases[i].body) : !out.body.n);
		assert_true(has(out.head, "X-Content-Type-Options: nosniff\r\n"));
		assert_true(has(out.head, "Content-Security-Policy: default-src 'none';"));
		assert_false(has(out.head, "half"));
		assert_false(has(out.body, "secret detail"));
		web_serve_end(&f->worker, 0);
	}
}

static void test_forms(void **state)
{
	static const struct {
		const char *type, *length, *body, *status, *shown;
	} cases[] = {
		{ "application/x-www-form-urlencoded", "7", "text=ab", "200 ", "ab" },
		{ "application/json", "13", "{\"text\":\"ab\"}", "200 ", "ab" },
		{ "multipart/form-data; boundary=x", "125",
		  "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nab\r\n"
		  "--x\r\nContent-Disposition: form-data; name=f; filename=n\r\n\r\nc\r\n--x--\r\n",
		  "200 ", "abc" },
		{ "application/x-www-form-urlencoded", "5", "text=", "422 ", "page fields" },
		{ "application/x-www-form-urlencoded", "9", "text=ab", "400 ", "page body_short" },
		{ "application/x-www-form-urlencoded", "401", "text=ab", "413 ",
		  "page body_too_big" },
		{ "application/x-www-form-urlencoded", "-1", "text=ab", "400 ",
		  "page body_malformed" },
		{ "application/x-www-form-urlencoded", "8", "text=%zz", "400 ",
		  "page body_malformed" },
		{ "image/png", "3", "abc", "415 ", "page content_type" },
		{ "application/json", "3", "{x}", "400 ", "\"body_malformed\"" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct web_in in = request(f, "POST", "/echo");
		struct web_out out;

		in.content_type = str_from(cases[i].type);
		with_form(f, &in, cases[i].length, cases[i].body);
		web_serve(&f->worker, &in, &out);
		assert_true(str_starts(str_from_pos(out.head, strlen("Status: ")),
				       str_from(cases[i].status)));
		assert_true(has(out.body, cases[i].shown));
		web_serve_end(&f->worker, 0);
	}
}

static void test_origin(void **state)
{
	struct fixture *f = *state;
	struct web_in in = request(f, "POST", "/echo");
	struct web_out out;

	with_form(f, &in, "7", "text=ab");
	in.origin = STR("http://evil.example");
	web_serve(&f->worker, &in, &out);
	assert_true(str_starts(out.head, STR("Status: 403 ")));
	assert_true(str_eq(out.body, STR("page csrf")));
	web_serve_end(&f->worker, 0);
}

/* What is answered well is not logged as refused, whatever was tried on the way. */
static void test_log_of_the_content(void **state)
{
	struct fixture *f = *state;
	struct web_in in = request(f, "GET", "/look");
	struct web_out out;
	char text[2000];
	ssize_t n;

	f->worker.log.fd = memfd_create("log", MFD_CLOEXEC);
	web_serve(&f->worker, &in, &out);
	assert_true(str_starts(out.head, STR("Status: 200 ")));
	web_serve_end(&f->worker, 10);
	n = pread(f->worker.log.fd, text, sizeof text, 0);
	close(f->worker.log.fd);
	f->worker.log.fd = -1;
	assert_true(n > 0);
	assert_true(has(str_make(text, (size_t)n), "event=request "));
	assert_false(has(str_make(text, (size_t)n), "event=request_refused"));
}

/* What another site sends to somebody without a session is never kept as if it had been typed. */
static void test_origin_before_sign_in(void **state)
{
	static const struct {
		const char *origin, *fetch_site;
	} cases[] = { { "http://evil.example", "" }, { "null", "" }, { "", "cross-site" } };
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct web_in in = request(f, "POST", "/staff");
		struct web_out out;

		with_form(f, &in, "10", "text=typed");
		in.origin = str_from(cases[i].origin);
		in.fetch_site = str_from(cases[i].fetch_site);
		web_serve(&f->worker, &in, &out);
		assert_true(str_starts(out.head, STR("Status: 403 ")));
		assert_true(str_eq(out.body, STR("page csrf")));
		web_serve_end(&f->worker, 0);
	}
}

static void test_sign_in_asked(void **state)
{
	struct fixture *f = *state;
	struct web_in in = request(f, "GET", "/staff?x=1&y=%20");
	struct web_out out;

	web_serve(&f->worker, &in, &out);
	assert_true(str_starts(out.head, STR("Status: 303 ")));
	assert_true(has(out.head, "Location: /sign-in?next=%2Fstaff%3Fx%3D1%26y%3D%2520\r\n"));
	web_serve_end(&f->worker, 0);

	in.hx_request = STR("true");
	web_serve(&f->worker, &in, &out);
	assert_true(str_starts(out.head, STR("Status: 401 ")));
	assert_true(has(out.head, "HX-Redirect: /sign-in?next="));
	web_serve_end(&f->worker, 0);

	in = request(f, "POST", "/staff");
	with_form(f, &in, "10", "text=typed");
	web_serve(&f->worker, &in, &out);
	assert_true(str_starts(out.head, STR("Status: 401 ")));
	assert_true(str_eq(out.body, STR("kept typed")));
	web_serve_end(&f->worker, 0);

	in = request(f, "POST", "/own/staff");
	with_form(f, &in, "10", "text=typed");
	web_serve(&f->worker, &in, &out);
	assert_true(str_starts(out.head, STR("Status: 401 ")));
	assert_true(has(out.body, "\"reason\":\"sign_in\""));
	web_serve_end(&f->worker, 0);
}

/* Without a database: the form of a page is kept, what another site sent is not. */
static void test_form_without_database(void **state)
{
	static const struct {
		const char *fetch_site, *hx_request, *body;
	} cases[] = {
		{ "same-origin", "", "kept typed" },
		{ "cross-site", "", "page database_down" },
		{ "same-origin", "true", "page database_down" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct web_in in = request(f, "POST", "/store");
		struct web_out out;

		with_form(f, &in, "10", "text=typed");
		in.fetch_site = str_from(cases[i].fetch_site);
		in.hx_request = str_from(cases[i].hx_request);
		web_serve(&f->worker, &in, &out);
		assert_true(str_starts(out.head, STR("Status: 503 ")));
		assert_true(has(out.head, "Retry-After: "));
		assert_true(str_eq(out.body, str_from(cases[i].body)));
		web_serve_end(&f->worker, 0);
	}
}

static void test_not_modified(void **state)
{
	struct fixture *f = *state;
	struct web_in in = request(f, "GET", "/show?tab=1");
	struct web_out out;
	char tag[64];
	size_t at, n;

	web_serve(&f->worker, &in, &out);
	at = str_find(out.head, STR("ETag: ")) + strlen("ETag: ");
	n = str_find_char(str_from_pos(out.head, at), '\r');
	assert_true(n < sizeof tag);
	memcpy(tag, out.head.p + at, n);
	web_serve_end(&f->worker, 0);

	in.if_none_match = str_make(tag, n);
	web_serve(&f->worker, &in, &out);
	assert_true(str_starts(out.head, STR("Status: 304 ")));
	assert_int_equal(out.body.n, 0);
	assert_true(has(out.head, "Cache-Control: private, no-cache\r\n"));
	web_serve_end(&f->worker, 0);

	/* Another query, another language, another minute: another page. */
	for (int i = 0; i < 3; i++) {
		struct web_in other = in;

		if (i == 0)
			other.target = STR("/show?tab=2");
		else if (i == 1)
			other.cookie = STR("lang=fr");
		else
			f->clock.now_us += 60 * US_PER_S;
		web_serve(&f->worker, &other, &out);
		assert_true(str_starts(out.head, STR("Status: 200 ")));
		web_serve_end(&f->worker, 0);
	}
}

static void test_late(void **state)
{
	struct fixture *f = *state;
	struct web_in in = request(f, "GET", "/show");
	struct web_out out;

	in.sent_at = STR("970.001"); /* 29.999 seconds old; 30 are allowed */
	web_serve(&f->worker, &in, &out);
	assert_false(out.is_dropped);
	web_serve_end(&f->worker, 0);
	in.sent_at = STR("970.000");
	web_serve(&f->worker, &in, &out);
	assert_true(out.is_dropped);
	web_serve_end(&f->worker, 0);
	in.sent_at = STR("nonsense");
	web_serve(&f->worker, &in, &out);
	assert_false(out.is_dropped);
	web_serve_end(&f->worker, 0);
}

/* What was made for other pools is not served by the check-in pool, nor is a stream. */
static void test_check_in_pool(void **state)
{
	static const struct {
		const char *target, *status;
	} cases[] = {
		{ "/quick", "200 OK" },
		{ "/quick/stream", "500 " },
		{ "/show", "500 " },
		{ "/none", "404 " },
	};
	struct fixture *f = *state;

	f->worker.pool = POOL_CHECK_IN;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct web_in in = request(f, "GET", cases[i].target);
		struct web_out out;

		web_serve(&f->worker, &in, &out);
		assert_true(has(out.head, cases[i].status));
		assert_false(out.is_streamed);
		web_serve_end(&f->worker, 0);
	}
}

/* The pool's own read time-out counts. */
static void test_check_in_late(void **state)
{
	struct fixture *f = *state;
	struct web_in in = request(f, "GET", "/quick");
	struct web_out out;

	f->worker.pool = POOL_CHECK_IN;
	in.sent_at = STR("990.001"); /* 10 seconds are allowed */
	web_serve(&f->worker, &in, &out);
	assert_false(out.is_dropped);
	web_serve_end(&f->worker, 0);
	in.sent_at = STR("990.000");
	web_serve(&f->worker, &in, &out);
	assert_true(out.is_dropped);
	web_serve_end(&f->worker, 0);
}

static void test_cookies(void **state)
{
	static const struct {
		bool is_tls;
		const char *line;
	} cases[] = {
		{ false, "Set-Cookie: muster=token; Path=/; HttpOnly; SameSite=Lax\r\n" },
		{ true, "Set-Cookie: __Host-muster=token; Path=/; HttpOnly; SameSite=Lax; "
			"Secure\r\n" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct web_in in = request(f, "GET", "/leave?to=/x");
		struct web_out out;

		f->web.is_tls = cases[i].is_tls;
		web_serve(&f->worker, &in, &out);
		assert_true(has(out.head, cases[i].line));
		assert_int_equal(has(out.head, "Strict-Transport-Security"), cases[i].is_tls);
		web_serve_end(&f->worker, 0);
	}
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)
	const struct CMUnitTest tests[] = {
		CASE(test_statuses),
		CASE(test_forms),
		CASE(test_log_of_the_content),
		CASE(test_origin),
		CASE(test_origin_before_sign_in),
		CASE(test_sign_in_asked),
		CASE(test_not_modified),
		CASE(test_late),
		CASE(test_check_in_pool),
		CASE(test_check_in_late),
		CASE(test_cookies),
		CASE(test_form_without_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
