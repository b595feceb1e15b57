/*
 * Reading a request's head; see http1.h.
 */
#include "codec/http1.h"

#include "base/num.h"
#include "codec/header.h"

#define BODY_MAX INT64_C(1099511627776)

/* Takes a line without its CRLF off *rest; false at a bare LF or CR, or without an end. */
static bool take_line(struct str *rest, struct str *ret)
{
	size_t at = str_find_char(*rest, '\n');

	if (at == SIZE_MAX || at == 0 || rest->p[at - 1] != '\r')
		return false;
	*ret = str_sub(*rest, 0, at - 1);
	*rest = str_from_pos(*rest, at + 1);
	return str_find_char(*ret, '\r') == SIZE_MAX;
}

/* "/path?query": visible ASCII only, in origin form. */
static bool read_target(struct http1_head *h)
{
	size_t at = str_find_char(h->target, '?');

	if (!h->target.n || h->target.p[0] != '/')
		return false;
	for (size_t i = 0; i < h->target.n; i++)
		if (h->target.p[i] <= ' ' || h->target.p[i] == 0x7F)
			return false;
	h->path = str_sub(h->target, 0, at);
	h->query = at == SIZE_MAX ? (struct str){ 0 } : str_from_pos(h->target, at + 1);
	return true;
}

static enum http1_result read_request_line(struct str line, struct http1_head *h)
{
	size_t first = str_find_char(line, ' ');
	struct str rest = first == SIZE_MAX ? (struct str){ 0 } : str_from_pos(line, first + 1);
	size_t second = str_find_char(rest, ' ');
	struct str version;

	if (second == SIZE_MAX)
		return HTTP1_BAD;
	h->method = str_sub(line, 0, first);
	h->target = str_sub(rest, 0, second);
	version = str_from_pos(rest, second + 1);
	if (!header_is_token(h->method) || !read_target(h))
		return HTTP1_BAD;
	h->is_1_0 = str_eq(version, STR("HTTP/1.0"));
	if (h->is_1_0 || str_eq(version, STR("HTTP/1.1")))
		return HTTP1_OK;
	return str_starts(version, STR("HTTP/")) ? HTTP1_VERSION : HTTP1_BAD;
}

static bool read_header(struct str line, struct http1_head *h)
{
	static const struct {
		struct str name;
		size_t at;
	} known[] = {
#define X(member, name) { STR_INIT(name), offsetof(struct http1_head, member) },
		HTTP1_HEADERS(X)
#undef X
	};
	size_t colon = str_find_char(line, ':');
	struct str name = str_sub(line, 0, colon), value;

	if (colon == SIZE_MAX || !header_is_token(name))
		return false;
	value = str_trim(str_from_pos(line, colon + 1));
	if (!header_value_safe(value) || str_eq_nocase(name, STR("Transfer-Encoding")))
		return false;
	if (!value.p)
		value = STR("");
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct str *at = (struct str *)(void *)((char *)h + known[i].at);

		if (!str_eq_nocase(name, known[i].name))
			continue;
		if (at->p)
			return false; /* twice */
		*at = value;
		return true;
	}
	return true;
}

static bool conclude(struct http1_head *h)
{
	if (!h->is_1_0 && !h->host.p)
		return false;
	if (h->content_length.p && !num_i64(h->content_length, 0, BODY_MAX, &h->n_body))
		return false;
	h->keep_alive = h->is_1_0 ? http1_has_token(h->connection, STR("keep-alive"))
				  : !http1_has_token(h->connection, STR("close"));
	return true;
}

/* The whole head is there. */
static enum http1_result read_head(struct str head, struct http1_head *h)
{
	struct str line;
	enum http1_result r;

	if (!take_line(&head, &line))
		return HTTP1_BAD;
	r = read_request_line(line, h);
	if (r != HTTP1_OK)
		return r;
	for (int n = 0; take_line(&head, &line); n++) {
		if (!line.n)
			return conclude(h) ? HTTP1_OK : HTTP1_BAD;
		if (n == HTTP1_HEADERS_MAX)
			return HTTP1_TOO_LARGE;
		if (!read_header(line, h))
			return HTTP1_BAD;
	}
	return HTTP1_BAD;
}

enum http1_result http1_head(struct str bytes, struct http1_head *ret)
{
	struct str seen = str_sub(bytes, 0, HTTP1_HEAD_MAX);
	size_t end = str_find(seen, STR("\r\n\r\n"));
	struct http1_head h = { .n_body = 0 };
	enum http1_result r;

	if (end == SIZE_MAX)
		return bytes.n >= HTTP1_HEAD_MAX ? HTTP1_TOO_LARGE : HTTP1_MORE;
	h.n = end + 4;
	r = read_head(str_sub(seen, 0, h.n), &h);
	if (r == HTTP1_OK)
		*ret = h;
	return r;
}

bool http1_has_token(struct str value, struct str token)
{
	struct str part;

	while (str_split(&value, ',', &part))
		if (str_eq_nocase(str_trim(part), token))
			return true;
	return false;
}
