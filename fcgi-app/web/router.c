/*
 * The router.  Must not know: handlers' meaning, bodies, who asks.
 */
#include "web/router.h"

#include "base/heap.h"
#include "codec/url.h"

/* A pattern in segments.  A name in braces has its braces cut off. */
struct row {
	const struct route *route;
	struct str segments[ROUTE_SEGMENTS_MAX];
	bool is_brace[ROUTE_SEGMENTS_MAX];
	size_t n;
	struct row *next; /* in the bucket */
};

#define BUCKETS 64

struct router {
	size_t n;
	struct row *buckets[BUCKETS]; /* by first segment; braces first: in bucket of "" */
	struct row rows[];
};

static const char *const method_names[METHOD__MAX] = {
	[METHOD_GET] = "GET",         [METHOD_HEAD] = "HEAD",   [METHOD_POST] = "POST",
	[METHOD_PUT] = "PUT",         [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE",
	[METHOD_OPTIONS] = "OPTIONS", [METHOD_OTHER] = "",
};

const char *method_name(enum method m)
{
	BUG((unsigned)m >= METHOD__MAX);
	return method_names[m];
}

enum method method_from(struct str name)
{
	for (int m = 0; m < METHOD_OTHER; m++)
		if (str_eq(name, str_from(method_names[m])))
			return (enum method)m;
	return METHOD_OTHER;
}

static unsigned method_bit(enum method m)
{
	return 1U << (m == METHOD_HEAD ? METHOD_GET : m);
}

static unsigned bucket_of(struct str first)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < first.n; i++)
		h = (h ^ (unsigned char)first.p[i]) * 16777619U;
	return h % BUCKETS;
}

/* "/a/{b}" in segments; "/" has none. */
static bool split_pattern(struct row *row)
{
	struct str rest = str_from(row->route->pattern), part;

	if (!str_starts(rest, STR("/")))
		return false;
	rest = str_from_pos(rest, 1);
	if (!rest.n)
		return true;
	while (str_split(&rest, '/', &part)) {
		if (!part.n || row->n == ROUTE_SEGMENTS_MAX)
			return false;
		row->is_brace[row->n] = part.p[0] == '{';
		if (row->is_brace[row->n]) {
			if (part.n < 3 || part.p[part.n - 1] != '}')
				return false;
			part = str_sub(part, 1, part.n - 2);
		}
		row->segments[row->n++] = part;
	}
	return true;
}

static bool has_path_fields(const struct row *row)
{
	const struct fields *f = row->route->fields;

	for (size_t i = 0; f && i < f->n; i++) {
		bool is_there = f->v[i].from != FROM_PATH;

		for (size_t s = 0; s < row->n; s++)
			is_there = is_there || (row->is_brace[s] &&
						str_eq(row->segments[s], str_from(f->v[i].name)));
		if (!is_there)
			return false;
	}
	return true;
}

static bool are_families(const struct row *a, const struct row *b, enum route_family one,
			 enum route_family other)
{
	return (a->route->family == one && b->route->family == other) ||
	       (a->route->family == other && b->route->family == one);
}

/* 000 and 003 own some paths together, and 001 and 002. */
static bool are_two_doors(const struct row *a, const struct row *b)
{
	return are_families(a, b, FAMILY_000, FAMILY_003) ||
	       are_families(a, b, FAMILY_001, FAMILY_002);
}

static bool same_requests(const struct row *a, const struct row *b)
{
	if (!(a->route->methods & b->route->methods) || a->n != b->n || are_two_doors(a, b))
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->is_brace[i] != b->is_brace[i] ||
		    (!a->is_brace[i] && !str_eq(a->segments[i], b->segments[i])))
			return false;
	if (!a->route->query_name != !b->route->query_name)
		return false;
	return !a->route->query_name ||
	       (str_eq(str_from(a->route->query_name), str_from(b->route->query_name)) &&
		str_eq(str_from(a->route->query_value), str_from(b->route->query_value)));
}

static enum rc check_row(const struct router *r, const struct row *row, struct error *e)
{
	const struct route *route = row->route;

	if (route->may == MAY_NOBODY || !route->handler || !route->methods ||
	    !route->query_name != !route->query_value)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "route %s is not complete",
			     route->pattern);
	if (route->pool == POOL_CHECK_IN &&
	    (route->body == BODY_FILE || route->gate || route_body_max(route) > CHECK_IN_BODY_MAX))
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED,
			     "route %s: the check-in pool takes no files, no gate and no body of "
			     "more than %d bytes",
			     route->pattern, CHECK_IN_BODY_MAX);
	if (!has_path_fields(row))
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED,
			     "route %s: a field from the path is not in the pattern",
			     route->pattern);
	for (const struct row *other = r->rows; other < row; other++)
		if (same_requests(other, row))
			return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "route %s stands twice",
				     route->pattern);
	return RC_OK;
}

/* Rows with a query pair come before those without, else the table's order. */
static void put(struct router *r, struct row *row)
{
	bool is_open = row->n && row->is_brace[0];
	struct str first = row->n && !is_open ? row->segments[0] : (struct str){ 0 };
	struct row **at = &r->buckets[bucket_of(first)];

	while (*at && !(row->route->query_name && !(*at)->route->query_name))
		at = &(*at)->next;
	row->next = *at;
	*at = row;
}

enum rc router_new(const struct route *routes, size_t n, struct router **ret, struct error *e)
{
	struct router *r = heap_new(sizeof *r + n * sizeof r->rows[0]);
	enum rc rc = RC_OK;

	if (!r)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		struct row *row = &r->rows[i];

		row->route = &routes[i];
		if (!split_pattern(row))
			rc = ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "pattern of route %zu", i);
		else
			rc = check_row(r, row, e);
		put(r, row);
		r->n++;
	}
	if (rc != RC_OK) {
		router_free(r);
		return rc;
	}
	*ret = r;
	return RC_OK;
}

void router_free(struct router *r)
{
	heap_free(r);
}

/* ---- requests ---------------------------------------------------------------------- */

static enum rc bad_path(struct error *e)
{
	return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "path cannot be read");
}

static bool segment_is_good(struct str s)
{
	return s.n && !str_eq(s, STR(".")) && !str_eq(s, STR("..")) &&
	       str_find_char(s, '/') == SIZE_MAX && str_find_char(s, '\0') == SIZE_MAX &&
	       utf8_valid(s);
}

enum rc router_path(struct str target, struct arena *a, struct str *ret_path, struct str *ret_query,
		    struct error *e)
{
	size_t mark = str_find_char(target, '?');
	struct str path = mark == SIZE_MAX ? target : str_sub(target, 0, mark);
	struct str query = mark == SIZE_MAX ? (struct str){ 0 } : str_from_pos(target, mark + 1);
	struct str rest, part, decoded;
	struct buf b;

	if (!str_starts(path, STR("/")))
		return bad_path(e);
	buf_init(&b, a, path.n + 1, path.n + 1);
	rest = str_from_pos(path, 1);
	if (rest.n && rest.p[rest.n - 1] == '/')
		rest.n--;
	if (!rest.n)
		buf_char(&b, '/');
	if (!rest.n && path.n > 1)
		return bad_path(e);
	while (rest.n && str_split(&rest, '/', &part)) {
		if (url_decode(part, false, a, &decoded, e) != RC_OK || !segment_is_good(decoded))
			return bad_path(e);
		buf_char(&b, '/');
		buf_add(&b, decoded);
		if (!rest.p)
			break;
		if (!rest.n)
			return bad_path(e);
	}
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret_path = buf_str(&b);
	*ret_query = query;
	return RC_OK;
}

static bool fits(const struct row *row, const struct str *segments, size_t n,
		 const struct pairs *query)
{
	const struct route *route = row->route;

	if (row->n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!row->is_brace[i] && !str_eq(row->segments[i], segments[i]))
			return false;
	if (route->query_name) {
		const struct pair *p = pairs_find(query, str_from(route->query_name), 0);

		return p && str_eq(p->value, str_from(route->query_value));
	}
	return true;
}

/* The first difference decides: fixed text over braces; then the family that is asked for. */
static bool is_better(const struct row *a, const struct row *b, enum route_family family)
{
	for (size_t i = 0; b && i < a->n; i++)
		if (a->is_brace[i] != b->is_brace[i])
			return b->is_brace[i];
	return !b || (are_two_doors(a, b) && a->route->family == family);
}

static enum rc take_pairs(const struct row *row, const struct str *segments, struct arena *a,
			  struct pairs *ret, struct error *e)
{
	struct pairs p = { ARENA_ARRAY(a, row->n, struct pair), 0 };

	if (!p.v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < row->n; i++)
		if (row->is_brace[i])
			p.v[p.n++] = (struct pair){ row->segments[i], segments[i] };
	*ret = p;
	return RC_OK;
}

static struct str allow_text(unsigned methods, struct arena *a)
{
	struct buf b;

	buf_init(&b, a, 48, 64);
	for (int m = 0; m < METHOD_OTHER; m++) {
		if (!(methods & method_bit((enum method)m)))
			continue;
		if (b.n)
			BUF_LIT(&b, ", ");
		buf_add(&b, str_from(method_names[m]));
	}
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

enum rc router_match(const struct router *r, enum method m, struct str path,
		     const struct pairs *query, enum route_family family, struct arena *a,
		     const struct route **ret_route, struct pairs *ret_pairs, struct str *ret_allow,
		     struct error *e)
{
	struct str segments[ROUTE_SEGMENTS_MAX], rest = str_from_pos(path, 1);
	const struct row *best = NULL;
	unsigned methods = 0;
	size_t n = 0;

	while (rest.n && n < ROUTE_SEGMENTS_MAX && str_split(&rest, '/', &segments[n]))
		n++;
	if (rest.n)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "path too deep");
	for (int round = 0; round < 2; round++) {
		struct str first = round == 0 && n ? segments[0] : (struct str){ 0 };
		const struct row *row = r->buckets[bucket_of(first)];

		for (; row && (round == 0 || n); row = row->next) {
			if (!fits(row, segments, n, query))
				continue;
			methods |= row->route->methods;
			if (m != METHOD_OTHER && (row->route->methods & method_bit(m)) &&
			    is_better(row, best, family))
				best = row;
		}
	}
	if (!methods)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no route");
	if (!best) {
		*ret_allow = allow_text(methods, a);
		return ERROR(e, RC_INVALID, REASON_METHOD, "method not of this path");
	}
	TRY(take_pairs(best, segments, a, ret_pairs, e));
	*ret_route = best->route;
	return RC_OK;
}
