/*
 * nginx's part of the route table: pools, body limits and error shapes by path.
 *
 * Everything that has no location of its own goes to the pages pool with the
 * default limit; a path gets a location when one of its rows needs more.
 * Files: params.conf (into server), http.conf (into http), locations.conf (into
 * server), errors/.  nginx/muster.conf includes them.
 */
#include "main/muster-app/app.h"

#include "sys/fail.h"

#include <stdio.h>

enum { TEXT_MAX = 1024 * 1024 };

static enum rc write_buf(const struct app *a, const char *name, const struct buf *b,
			 struct error *e)
{
	return buf_ok(b) ? nginx_write_file(a, name, buf_str(b), e) : ERROR_MEMORY(e);
}

/* ---- parameters ---------------------------------------------------------------------- */

/* All that the application is told.  Request headers are passed by name, so nothing else
 * (Proxy, for one) gets through. */
static void add_params(struct buf *b, const char *body_file, const char *gate)
{
	static const char *const always[][2] = {
		{ "REQUEST_METHOD", "$request_method" },
		{ "REQUEST_URI", "$request_uri" },
		{ "CONTENT_TYPE", "$content_type" },
		{ "CONTENT_LENGTH", "$content_length" },
		{ "REMOTE_ADDR", "$remote_addr" },
		{ "REQUEST_ID", "$request_id" },
		{ "REQUEST_MSEC", "$msec" },
		{ "HTTP_HOST", "$http_host" },
		{ "HTTP_PROXY", "\"\"" },
	};
	static const char *const when_sent[][2] = {
		{ "HTTP_COOKIE", "$http_cookie" },
		{ "HTTP_USER_AGENT", "$http_user_agent" },
		{ "HTTP_ACCEPT", "$http_accept" },
		{ "HTTP_ACCEPT_LANGUAGE", "$http_accept_language" },
		{ "HTTP_IF_NONE_MATCH", "$http_if_none_match" },
		{ "HTTP_AUTHORIZATION", "$http_authorization" },
		{ "FORWARDED", "$http_x_forwarded_for$http_forwarded$http_x_real_ip$http_via" },
		{ "HTTP_RANGE", "$http_range" },
		{ "HTTP_ORIGIN", "$http_origin" },
		{ "HTTP_SEC_FETCH_SITE", "$http_sec_fetch_site" },
		{ "HTTP_ACCESS_CONTROL_REQUEST_METHOD", "$http_access_control_request_method" },
		{ "HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "$http_access_control_request_headers" },
		{ "HTTP_HX_REQUEST", "$http_hx_request" },
		{ "HTTP_X_REQUESTED_WITH", "$http_x_requested_with" },
		{ "HTTP_X_CSRF_TOKEN", "$http_x_csrf_token" },
		{ "HTTP_X_DEVICE_KEY", "$http_x_device_key" },
		{ "HTTP_X_WEBHOOK_SIGNATURE", "$http_x_webhook_signature" },
		{ "HTTP_X_HTTP_METHOD_OVERRIDE", "$http_x_http_method_override" },
		{ "HTTP_TUS_RESUMABLE", "$http_tus_resumable" },
		{ "HTTP_UPLOAD_LENGTH", "$http_upload_length" },
		{ "HTTP_UPLOAD_DEFER_LENGTH", "$http_upload_defer_length" },
		{ "HTTP_UPLOAD_OFFSET", "$http_upload_offset" },
		{ "HTTP_UPLOAD_METADATA", "$http_upload_metadata" },
		{ "HTTP_UPLOAD_CHECKSUM", "$http_upload_checksum" },
	};

	for (size_t i = 0; i < ARRAY_LEN(always); i++)
		buf_printf(b, "fastcgi_param %s %s;\n", always[i][0], always[i][1]);
	for (size_t i = 0; i < ARRAY_LEN(when_sent); i++)
		buf_printf(b, "fastcgi_param %s %s if_not_empty;\n", when_sent[i][0],
			   when_sent[i][1]);
	buf_printf(b, "fastcgi_param BODY_FILE %s;\nfastcgi_param MUSTER_GATE \"%s\";\n", body_file,
		   gate);
}

/* ---- which paths need a location -------------------------------------------------------- */

struct place {
	const char *pattern;
	enum route_family family;
	int64_t body_max, timeout_s;
	bool is_file;   /* some row; a body in a file for all methods then */
	unsigned pools; /* bits of those that some row has */
};

static void see(const struct config *c, struct place *p, const struct route *row)
{
	int64_t max = route_body_max(row), timeout_s = pool_timeout_s(c, row->pool);

	p->pools |= 1U << row->pool;
	if (timeout_s > p->timeout_s)
		p->timeout_s = timeout_s;
	if (row->body == BODY_FILE)
		p->is_file = true;
	if (max > p->body_max)
		p->body_max = max;
	p->family = row->family;
}

/* True for the first row of a pattern that needs more than the default. */
static bool needs_place(const struct config *c, size_t i, struct place *ret)
{
	struct place p = { .pattern = muster_routes[i].pattern };

	for (size_t k = 0; k < muster_n_routes; k++) {
		if (!str_eq(str_from(muster_routes[k].pattern), str_from(p.pattern)))
			continue;
		if (k < i)
			return false;
		see(c, &p, &muster_routes[k]);
	}
	*ret = p;
	return p.is_file || p.pools != 1U << POOL_PAGES || p.body_max > ROUTE_BODY_MAX ||
	       p.family != FAMILY_PAGES;
}

/* "/a/{id}" as a regular expression, anything else exactly; both with and without a slash at
 * the end. */
static void add_location(struct buf *b, const char *pattern)
{
	BUF_LIT(b, "location ~ ^");
	for (const char *p = pattern; *p; p++) {
		if (*p == '{') {
			BUF_LIT(b, "[^/]+");
			while (*p != '}')
				p++;
		} else if (*p == '.') {
			BUF_LIT(b, "\\.");
		} else {
			buf_char(b, *p);
		}
	}
	BUF_LIT(b, "/?$ {\n");
}

static const char *const upstreams[POOL__MAX] = {
	[POOL_PAGES] = "muster_pages",
	[POOL_SLOW] = "muster_slow",
	[POOL_SIGN_IN] = "muster_sign_in",
	[POOL_CHECK_IN] = "muster_check_in",
};

static void add_pool_map(struct buf *b, size_t i, const struct place *p)
{
	unsigned methods[POOL__MAX] = { 0 };

	for (size_t k = 0; k < muster_n_routes; k++) {
		const struct route *row = &muster_routes[k];

		if (str_eq(str_from(row->pattern), str_from(p->pattern)))
			methods[row->pool] |= row->methods | (row->takes_override ? ROUTE_POST : 0);
		if (methods[POOL_CHECK_IN] & ROUTE_GET)
			methods[POOL_CHECK_IN] |= 1U << METHOD_HEAD;
	}
	buf_printf(b, "map $request_method $muster_pool_%zu {\n\tdefault muster_pages;\n", i);
	for (int pool = POOL_PAGES + 1; pool < POOL__MAX; pool++)
		for (int m = 0; m < METHOD_OTHER; m++)
			if (methods[pool] & (1U << m))
				buf_printf(b, "\t%s %s;\n", method_name((enum method)m),
					   upstreams[pool]);
	BUF_LIT(b, "}\n");
}

/*
 * Kept connections.  One that the process closed while a request was on its way is tried again
 * on a new one: a check-in that is sent twice is one check-in.
 */
static void add_check_in_upstream(const struct app *a, struct buf *b)
{
	long long n = config_check_in_keepalive(a->config);

	buf_printf(b,
		   "upstream muster_check_in {\n"
		   "\tserver unix:%.*s/%s max_fails=0;\n",
		   STR_ARG(a->config->run_dir), a->pools[POOL_CHECK_IN].socket_name);
	if (n > 0)
		buf_printf(b, "\tkeepalive %lld;\n\tkeepalive_requests 1000000;\n", n);
	BUF_LIT(b, "}\n");
}

static void add_check_in_rules(struct buf *b)
{
	BUF_LIT(b, "\tfastcgi_keep_conn on;\n"
		   "\tfastcgi_next_upstream error non_idempotent;\n");
}

static void add_error_pages(struct buf *b, enum route_family family)
{
	const char *name = nginx_family_names[family];
	const char *type = nginx_error_type(family);
	const char *as = family == FAMILY_004 ? "=200 " : "";

	buf_printf(b, "\terror_page 413 %s/-/errors/%s/413.%s;\n", as, name, type);
	buf_printf(b, "\terror_page 500 502 503 504 =503 /-/errors/%s/503.%s;\n", name, type);
}

static void add_file_rules(struct buf *b, const struct place *p)
{
	BUF_LIT(b, "\tclient_body_in_file_only clean;\n"
		   "\tclient_body_buffer_size 1m;\n"
		   "\tfastcgi_pass_request_body off;\n"
		   "\tauth_request /-/may-upload;\n"
		   "\tauth_request_set $muster_refusal $upstream_http_x_muster_refusal;\n");
	buf_printf(b, "\terror_page 401 403 = /-/refused/%s/$muster_refusal;\n",
		   nginx_family_names[p->family]);
	BUF_LIT(b, "\tlingering_close always;\n\tlingering_time 120s;\n");
	add_params(b, "$request_body_file", "");
}

/* Each connection of nginx's here may live for hours; idle ones are kept for the next poll. */
static void add_live_upstream(const struct app *a, struct buf *b)
{
	buf_printf(b,
		   "upstream muster_live {\n"
		   "\tserver unix:%.*s/live.sock max_fails=0;\n"
		   "\tkeepalive 32;\n"
		   "}\n"
		   "map $http_upgrade $muster_live_connection {\n"
		   "\tdefault upgrade;\n"
		   "\t\"\" \"\";\n"
		   "}\n",
		   STR_ARG(a->config->run_dir));
}

/*
 * Answered by muster-live as it comes.  Silence is as long as a heartbeat with its answer, and some
 * more; the location's error pages are those of its family.
 */
static void add_live_rules(const struct app *a, struct buf *b)
{
	const struct config *c = a->config;
	long long silence_s = c->live_ping_interval_s + c->live_ping_timeout_s + 10;

	buf_printf(b,
		   "\tproxy_read_timeout %llds;\n"
		   "\tproxy_send_timeout %llds;\n",
		   silence_s, silence_s);
	BUF_LIT(b, "\tproxy_http_version 1.1;\n"
		   "\tproxy_buffering off;\n"
		   "\tproxy_next_upstream off;\n"
		   "\tproxy_set_header Host $http_host;\n"
		   "\tproxy_set_header Upgrade $http_upgrade;\n"
		   "\tproxy_set_header Connection $muster_live_connection;\n"
		   "\tproxy_set_header X-Real-IP $remote_addr;\n"
		   "\tproxy_set_header X-Request-Id $request_id;\n"
		   "\tproxy_set_header X-Muster-Forwarded "
		   "$http_x_forwarded_for$http_forwarded$http_x_real_ip$http_via;\n"
		   "\tproxy_set_header Accept-Encoding \"\";\n"
		   "\tgzip off;\n"
		   "\tproxy_pass http://muster_live;\n}\n");
}

static void add_live_place(const struct app *a, struct buf *b, const struct place *p)
{
	add_location(b, p->pattern);
	buf_printf(b, "\tclient_max_body_size %lld;\n", (long long)p->body_max);
	/* A token may stand in the address, and nginx quotes the request in its errors. */
	BUF_LIT(b, "\terror_log /dev/null crit;\n");
	buf_printf(b, "\terror_page 500 502 504 =503 /-/errors/%s/503.%s;\n",
		   nginx_family_names[p->family], nginx_error_type(p->family));
	add_live_rules(a, b);
}

static void add_place(const struct app *a, struct buf *http, struct buf *b, size_t i,
		      const struct place *p)
{
	bool is_check_in = p->pools == 1U << POOL_CHECK_IN;
	bool has_map = !is_check_in && p->pools != 1U << POOL_PAGES;

	if (p->pools & (1U << POOL_LIVE)) {
		add_live_place(a, b, p);
		return;
	}
	if (has_map)
		add_pool_map(http, i, p);
	add_location(b, p->pattern);
	buf_printf(b, "\tclient_max_body_size %lld;\n", (long long)p->body_max);
	buf_printf(b, "\tfastcgi_read_timeout %llds;\n", (long long)p->timeout_s);
	add_error_pages(b, p->family);
	if (p->is_file)
		add_file_rules(b, p);
	if (p->pools & (1U << POOL_CHECK_IN))
		add_check_in_rules(b);
	if (has_map)
		buf_printf(b, "\tfastcgi_pass $muster_pool_%zu;\n}\n", i);
	else
		buf_printf(b, "\tfastcgi_pass %s;\n}\n",
			   upstreams[is_check_in ? POOL_CHECK_IN : POOL_PAGES]);
}

/* Paths of a JSON family that no row has: their errors are JSON too. */
static void add_prefixes(struct buf *b, const struct web *w)
{
	for (int f = 0; f < FAMILY__MAX; f++) {
		if (f == FAMILY_PAGES)
			continue;
		for (size_t i = 0; w->families[f].prefixes && w->families[f].prefixes[i]; i++) {
			const char *prefix = w->families[f].prefixes[i];

			if (!str_ends(str_from(prefix), STR("/")))
				continue;
			buf_printf(b, "location %s {\n", prefix);
			add_error_pages(b, (enum route_family)f);
			BUF_LIT(b, "\tfastcgi_pass muster_pages;\n}\n");
		}
	}
}

/* What auth_request refused: nginx takes 403 from it, and this gives the status meant. */
static void add_refusals(struct buf *b)
{
	for (int f = 0; f < FAMILY__MAX; f++)
		for (const int *s = nginx_statuses; *s; s++) {
			const char *name = nginx_family_names[f];
			const char *type = nginx_error_type((enum route_family)f);
			/* 004 answers 200 to all but those two (contracts 5.1). */
			bool is_ok = f == FAMILY_004 && *s != 401 && *s != 403;

			buf_printf(b,
				   "location = /-/refused/%s/%d "
				   "{\n\tinternal;\n\tclient_max_body_size 0;\n",
				   name, *s);
			buf_printf(b, "\terror_page %d %s/-/errors/%s/%d.%s;\n\treturn %d;\n}\n",
				   *s, is_ok ? "=200 " : "", name, *s, type, *s);
		}
}

/* What web/cors.c says on answers, for those that nginx makes itself: by family and origin.
 * Origins hold nothing that nginx reads otherwise (sys/config.c). */
static void add_cors(const struct app *a, struct buf *b, const struct web *w)
{
	const struct config_list *list = &a->config->cors_origins;

	BUF_LIT(b, "map $uri $muster_door {\n\tdefault \"\";\n");
	for (int f = 0; f < FAMILY__MAX; f++)
		if (w->families[f].takes_tokens)
			buf_printf(b, "\t~^/-/errors/%s/ Origin;\n", nginx_family_names[f]);
	BUF_LIT(b, "}\nmap $muster_door$http_origin $muster_door_origin {\n\tdefault \"\";\n");
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->items[i], STR("*")))
			BUF_LIT(b, "\t~^Origin. *;\n");
		else
			buf_printf(b, "\t\"Origin%.*s\" \"%.*s\";\n", STR_ARG(list->items[i]),
				   STR_ARG(list->items[i]));
	BUF_LIT(b, "}\nmap $muster_door_origin $muster_door_credentials {\n\tdefault true;\n"
		   "\t\"\" \"\";\n\t* \"\";\n}\n");
}

static void add_gate(struct buf *b)
{
	BUF_LIT(b, "location = /-/may-upload {\n"
		   "\tinternal;\n"
		   "\tif ($request_method ~ ^(GET|HEAD|OPTIONS)$) {\n\t\treturn 204;\n\t}\n"
		   "\tclient_max_body_size 0; # the subrequest carries the length, not the body\n"
		   "\tfastcgi_pass_request_body off;\n");
	add_params(b, "\"\"", "1");
	BUF_LIT(b, "\tfastcgi_pass muster_pages;\n}\n");
}

enum rc nginx_write(const struct app *a, struct error *e)
{
	struct arena arena;
	struct buf http, locations, params;
	struct web w = { 0 };
	struct place p;
	enum rc rc;

	arena_init(&arena, 8 * TEXT_MAX, 0);
	buf_init(&http, &arena, 4096, TEXT_MAX);
	buf_init(&locations, &arena, 65536, TEXT_MAX);
	buf_init(&params, &arena, 4096, TEXT_MAX);
	routes_families(&w);
	BUF_LIT(&http, "# made by muster-app --nginx from the route table\n");
	BUF_LIT(&locations, "# made by muster-app --nginx from the route table\n");
	add_check_in_upstream(a, &http);
	add_live_upstream(a, &http);
	buf_printf(&params, "fastcgi_read_timeout %llds;\nclient_max_body_size %d;\n",
		   (long long)a->config->request_timeout_s, ROUTE_BODY_MAX);
	add_params(&params, "\"\"", "");
	for (size_t i = 0; i < muster_n_routes; i++)
		if (needs_place(a->config, i, &p))
			add_place(a, &http, &locations, i, &p);
	add_prefixes(&locations, &w);
	add_cors(a, &http, &w);
	add_gate(&locations);
	add_refusals(&locations);
	rc = write_buf(a, "http.conf", &http, e);
	if (rc == RC_OK)
		rc = write_buf(a, "locations.conf", &locations, e);
	if (rc == RC_OK)
		rc = write_buf(a, "params.conf", &params, e);
	arena_clear(&arena);
	TRY(rc);
	return nginx_write_errors(a, e);
}
