/*
 * Fuzzes codec/multipart.h.  The first line of the input is the Content-Type,
 * the rest the body.  Parts must lie within the body, in order, and each be
 * followed by its boundary.
 */
#include "codec/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_part(const struct multipart *m, const struct multipart_part *part, size_t behind)
{
	struct str delimiter = str_make(m->delimiter, m->n_delimiter);
	/* The empty line of the headers may be the boundary's own. */
	size_t at = part->n ? part->offset + part->n : part->offset - 2;
	bool is_followed = str_starts(str_from_pos(m->body, at), delimiter) ||
			   str_starts(str_from_pos(m->body, part->offset), delimiter);

	BUG(part->offset < behind || part->offset > m->body.n);
	BUG(part->n > m->body.n - part->offset || !is_followed);
	BUG(m->at <= part->offset + part->n - (part->n == 0 ? 2 : 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct multipart_limits limits = { 20, 1000 };
	struct str body = str_make((const char *)data, n), type, boundary;
	struct multipart_part part;
	struct arena arena;
	struct multipart m;
	struct error e;
	bool is_found;
	size_t behind = 0;

	arena_init(&arena, (size_t)1 << 20, 0);
	if (str_split(&body, '\n', &type) &&
	    multipart_boundary(type, &arena, &boundary, &e) == RC_OK) {
		multipart_init(&m, body, boundary, limits, &arena);
		while (multipart_next(&m, &part, &is_found, &e) == RC_OK && is_found) {
			check_part(&m, &part, behind);
			behind = part.offset + part.n;
		}
		BUG(m.n_parts > limits.max_parts);
	}
	arena_clear(&arena);
	return 0;
}
