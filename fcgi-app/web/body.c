/*
 * Bodies.  Must not know: routes' meaning, sessions, CSRF.
 */
#include "web/body.h"

#include "base/num.h"
#include "codec/header.h"
#include "codec/url.h"
#include "sys/fail.h"

#include <sys/mman.h>

enum { PART_HEADER_MAX = 8192, NO_LENGTH = -1 };

static enum rc too_big(struct error *e, int64_t n, int64_t max)
{
	return ERROR(e, RC_TOO_BIG, REASON_BODY_TOO_BIG, "body of %lld bytes, %lld allowed",
		     (long long)n, (long long)max);
}

static int64_t declared_length(const struct web_in *in)
{
	int64_t n;

	if (!in->content_length.n)
		return 0;
	return num_i64(in->content_length, 0, INT64_MAX, &n) ? n : NO_LENGTH;
}

enum rc body_check_length(const struct web_in *in, int64_t max, struct error *e)
{
	int64_t n = declared_length(in);

	if (n == NO_LENGTH)
		return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "Content-Length");
	return n > max ? too_big(e, n, max) : RC_OK;
}

/* ---- the bytes ----------------------------------------------------------------------- */

static enum rc read_memory(struct req *q, const struct web_in *in, size_t n, struct error *e)
{
	char *p = arena_alloc(&q->worker->arena, n);
	size_t at = 0, got;

	if (!p)
		return ERROR_MEMORY(e);
	while (at < n && (got = in->read(in->from, p + at, n - at)) > 0)
		at += got;
	if (at < n)
		return ERROR(e, RC_INVALID, REASON_BODY_SHORT, "%zu of %zu bytes", at, n);
	q->body = str_make(p, n);
	return RC_OK;
}

static void close_spool(void *p)
{
	struct req *q = p;

	/* Unmapping a range that was mapped cannot fail; const goes since munmap takes void *. */
	if (q->body.n)
		(void)munmap((void *)(uintptr_t)q->body.p, q->body.n);
	files_spool_close(&q->spool);
}

static enum rc map_file(struct req *q, const struct web_in *in, int64_t max, struct error *e)
{
	const struct files *files = q->worker->web->files;
	void *p;

	if (!files)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "a spooled body without a store");
	TRY(files_spool_open(files, in->body_file, &q->spool, e));
	if (!arena_on_end(&q->worker->arena, close_spool, q)) {
		files_spool_close(&q->spool);
		return ERROR_MEMORY(e);
	}
	if (q->spool.size > max)
		return too_big(e, q->spool.size, max);
	if (q->spool.size == 0)
		return RC_OK;
	p = mmap(NULL, (size_t)q->spool.size, PROT_READ, MAP_PRIVATE, q->spool.fd, 0);
	if (p == MAP_FAILED)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "mmap of a body");
	q->body = str_make(p, (size_t)q->spool.size);
	(void)madvise(p, q->body.n, MADV_SEQUENTIAL); /* only a hint */
	return RC_OK;
}

/* ---- what is in them ----------------------------------------------------------------- */

static bool pair_add(struct pairs *list, size_t cap, struct str name, struct str value)
{
	if (list->n == cap)
		return false;
	list->v[list->n++] = (struct pair){ name, value };
	return true;
}

static enum rc parse_multipart(struct req *q, struct error *e)
{
	struct arena *a = &q->worker->arena;
	struct req_file *files = ARENA_ARRAY(a, REQ_PARTS_MAX, struct req_file);
	struct multipart m;
	struct multipart_part part;
	struct str boundary;
	bool found;

	q->form.v = ARENA_ARRAY(a, REQ_PARTS_MAX, struct pair);
	if (!files || !q->form.v)
		return ERROR_MEMORY(e);
	TRY(multipart_boundary(q->content_type, a, &boundary, e));
	multipart_init(&m, q->body, boundary,
		       (struct multipart_limits){ REQ_PARTS_MAX, PART_HEADER_MAX }, a);
	q->files = files;
	for (;;) {
		TRY(multipart_next(&m, &part, &found, e));
		if (!found)
			return RC_OK;
		if (part.has_filename) {
			files[q->n_files++] =
				(struct req_file){ part.name, part.filename, part.type,
						   (int64_t)part.offset, (int64_t)part.n };
		} else if (part.n > ROUTE_BODY_MAX) {
			return too_big(e, (int64_t)part.n, ROUTE_BODY_MAX);
		} else if (!pair_add(&q->form, REQ_PARTS_MAX, part.name,
				     multipart_content(&m, &part))) {
			return ERROR(e, RC_TOO_BIG, REASON_TOO_MUCH, "parts of a form");
		}
	}
}

static enum rc parse_json(struct req *q, struct error *e)
{
	struct json_t *v;

	TRY(json_read(q->body, ROUTE_BODY_MAX, &q->worker->arena, &v, e));
	q->json = v;
	if (json_kind(v) != JSON_KIND_OBJECT)
		return RC_OK;
	return json_to_pairs(v, &q->worker->arena, REQ_PAIRS_MAX, &q->form, e);
}

static enum rc parse(struct req *q, struct error *e)
{
	struct str type = header_media_type(q->content_type);
	bool is_form = str_eq_nocase(type, STR("application/x-www-form-urlencoded"));
	bool is_json =
		str_eq_nocase(type, STR("application/json")) || str_ends_nocase(type, STR("+json"));

	if (q->body.n == 0)
		return RC_OK;
	if (str_eq_nocase(type, STR("multipart/form-data")))
		return parse_multipart(q, e);
	if (!is_form && !is_json)
		return ERROR(e, RC_INVALID, REASON_CONTENT_TYPE, "media type of the body");
	/* They must fit into memory, wherever their bytes are. */
	if (q->body.n > ROUTE_BODY_MAX)
		return too_big(e, (int64_t)q->body.n, ROUTE_BODY_MAX);
	return is_json ? parse_json(q, e)
		       : form_parse(q->body, &q->worker->arena, REQ_PAIRS_MAX, &q->form, e);
}

enum rc body_read(struct req *q, const struct web_in *in, int64_t max, bool is_parsed,
		  struct error *e)
{
	int64_t n = declared_length(in);

	TRY(body_check_length(in, max, e));
	if (in->body_file.n)
		TRY(map_file(q, in, max, e));
	else if (n > 0)
		TRY(read_memory(q, in, (size_t)n, e));
	q->body_n = (int64_t)q->body.n;
	if (q->body_n < n)
		return ERROR(e, RC_INVALID, REASON_BODY_SHORT, "spooled body is short");
	return is_parsed ? parse(q, e) : RC_OK;
}
