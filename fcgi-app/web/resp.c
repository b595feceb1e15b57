/*
 * Answers.  Must not know: the transport, who asks.
 */
#include "web/resp.h"

#include "codec/cookie.h"
#include "codec/header.h"
#include "sys/crypto.h"
#include "web/worker.h"

const struct str resp_csp_page =
	STR_INIT("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
		 "font-src 'self'; connect-src 'self'; worker-src 'self'; media-src 'self' blob:; "
		 "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
const struct str resp_csp_file = STR_INIT("default-src 'none'; img-src 'self'; media-src 'self'; "
					  "sandbox; frame-ancestors 'none'");
const struct str resp_csp_pdf = STR_INIT("default-src 'none'; object-src 'self'; "
					 "frame-ancestors 'none'");
static const struct str csp_data = STR_INIT("default-src 'none'; frame-ancestors 'none'");

void resp_init(struct resp *r, struct arena *a, bool is_tls)
{
	*r = (struct resp){ .arena = a, .is_tls = is_tls };
	resp_reset(r);
}

void resp_reset(struct resp *r)
{
	r->status = 200;
	r->type = STR("text/html; charset=utf-8");
	r->csp = resp_csp_page;
	r->cache = RESP_CACHE_ASK;
	r->n_headers = 0;
	r->failed = false;
	r->more = NULL;
	buf_init(&r->body, r->arena, 0, RESP_BODY_MAX);
}

bool resp_ok(const struct resp *r)
{
	return !r->failed && buf_ok(&r->body);
}

void resp_header(struct resp *r, const char *name, struct str value)
{
	if (r->n_headers == RESP_HEADERS_MAX || !header_value_safe(value) ||
	    !header_is_token(str_from(name)) || (value.n && !value.p)) {
		r->failed = true;
		return;
	}
	r->headers[r->n_headers++] = (struct resp_header){ name, value };
}

void resp_stream(struct resp *r, resp_more *more, void *arg)
{
	r->more = more;
	r->more_arg = arg;
}

void resp_redirect(struct resp *r, struct str path)
{
	if (!req_local_path(path, (struct str){ 0 }).n) {
		r->failed = true;
		return;
	}
	r->status = 303;
	r->type = (struct str){ 0 };
	resp_header(r, "Location", path);
}

static void set_cookie(struct resp *r, const char *prefix, const char *name, struct str value,
		       int64_t max_age_s)
{
	struct buf b;

	buf_init(&b, r->arena, 160 + value.n, 4096);
	buf_printf(&b, "%s%s=%.*s; Path=/; HttpOnly; SameSite=Lax", prefix, name, STR_ARG(value));
	if (max_age_s != RESP_COOKIE_SESSION)
		buf_printf(&b, "; Max-Age=%lld", (long long)(max_age_s > 0 ? max_age_s : 0));
	if (r->is_tls)
		BUF_LIT(&b, "; Secure");
	if (!buf_ok(&b) || !cookie_name_valid(str_from(name)) || !cookie_value_valid(value))
		r->failed = true;
	else
		resp_header(r, "Set-Cookie", buf_str(&b));
}

void resp_cookie(struct resp *r, const char *name, struct str value, int64_t max_age_s)
{
	set_cookie(r, "", name, value, max_age_s);
}

void resp_session_cookie(struct resp *r, struct str token, int64_t max_age_s)
{
	set_cookie(r, r->is_tls ? "__Host-" : "", "muster", token, max_age_s);
}

struct json_out resp_json(struct resp *r)
{
	struct json_out o;

	r->type = STR("application/json; charset=utf-8");
	r->csp = csp_data;
	json_out_init(&o, &r->body);
	return o;
}

void resp_no_content(struct resp *r)
{
	r->status = 204;
	r->type = (struct str){ 0 };
}

void resp_file(struct resp *r, struct str id, struct str type, struct str name, bool is_inline)
{
	char path[FILES_PATH_SIZE];
	struct buf b;
	struct str to;

	if (!files_path(id, path)) {
		r->failed = true;
		return;
	}
	to = arena_printf(r->arena, "/-/files/%s", path);
	buf_init(&b, r->arena, 128, 4096);
	header_disposition(&b, is_inline ? STR("inline") : STR("attachment"), name);
	if (!to.p || !buf_ok(&b)) {
		r->failed = true;
		return;
	}
	r->type = type;
	if (r->csp.p == resp_csp_page.p)
		r->csp = resp_csp_file;
	resp_header(r, "X-Accel-Redirect", to);
	resp_header(r, "Content-Disposition", buf_str(&b));
}

/* Everything a page shows besides what `version` names. */
static bool tag_of(const struct req *q, struct arena *a, struct str version, struct str *ret)
{
	uint8_t digest[CRYPTO_SHA256_SIZE];
	struct error ignored;
	struct buf b;

	buf_init(&b, a, 256 + q->target.n, 8192);
	buf_printf(&b, "%lld %lld %d %d %lld %d ", (long long)q->who.account_id,
		   (long long)q->who.web_session_id, (int)q->lang, (int)q->theme,
		   (long long)(q->core.now_us / (60 * US_PER_S)), q->is_htmx);
	buf_add(&b, q->worker->web->build);
	buf_char(&b, ' ');
	buf_add(&b, q->target);
	buf_char(&b, ' ');
	buf_add(&b, version);
	error_init(&ignored);
	if (!buf_ok(&b) || crypto_sha256(buf_str(&b), digest, &ignored) != RC_OK)
		return false;
	buf_init(&b, a, 40, 40);
	BUF_LIT(&b, "W/\"");
	buf_hex(&b, digest, 12);
	BUF_LIT(&b, "\"");
	*ret = buf_str(&b);
	return buf_ok(&b);
}

bool resp_not_modified(const struct req *q, struct resp *r, struct str version)
{
	struct str tag;

	/* Without a tag the page is merely made again. */
	if (!tag_of(q, r->arena, version, &tag))
		return false;
	resp_header(r, "ETag", tag);
	if (q->method != METHOD_GET && q->method != METHOD_HEAD)
		return false;
	if (!q->if_none_match.n || !header_etag_match(q->if_none_match, tag))
		return false;
	r->status = 304;
	r->type = (struct str){ 0 };
	return true;
}
