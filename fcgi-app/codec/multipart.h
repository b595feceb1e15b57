/*
 * multipart/form-data (RFC 7578 over RFC 2046 5.1), read from a body that
 * lies in memory or is mapped.
 *
 * Nothing is copied but decoded names: the content of a part is a range of
 * the body.  The parser touches each byte once and never goes back, so a
 * mapped body of any size costs no memory.  Strings live in the arena or in
 * the body.
 */
#ifndef CODEC_MULTIPART_H
#define CODEC_MULTIPART_H

#include "base/arena.h"
#include "base/error.h"

#define MULTIPART_BOUNDARY_MAX 70 /* RFC 2046 5.1.1 */

struct multipart_limits {
	size_t max_parts;
	size_t max_header_bytes; /* of one part, with its line ends */
};

struct multipart_part {
	struct str name;     /* any bytes; may be empty */
	struct str filename; /* any bytes; browsers send "" where no file was chosen */
	bool has_filename;   /* the part is a file, also with an empty name */
	struct str type;     /* Content-Type as sent, trimmed; empty when absent */
	size_t offset, n;    /* the content, bytes within the body */
};

struct multipart {
	struct str body;
	struct arena *arena;
	struct multipart_limits limits;
	size_t at; /* behind the last boundary found */
	size_t n_parts;
	char delimiter[4 + MULTIPART_BOUNDARY_MAX]; /* CR LF "--" boundary */
	size_t n_delimiter;
	bool is_started, is_done;
};

/*
 * The boundary of "multipart/form-data; boundary=…", a token or quoted.
 * Another media type: RC_INVALID REASON_CONTENT_TYPE; missing, repeated,
 * longer than 70 or with characters RFC 2046 forbids: REASON_BODY_MALFORMED.
 */
enum rc multipart_boundary(struct str content_type, struct arena *a, struct str *ret,
			   struct error *e) MUST_CHECK;

/* boundary: from multipart_boundary.  body and arena must outlive m. */
void multipart_init(struct multipart *m, struct str body, struct str boundary,
		    struct multipart_limits limits, struct arena *a);

/*
 * The next part: *ret_found false (and *ret_part untouched) after the last.
 * Preamble and epilogue are skipped.
 * RC_INVALID REASON_BODY_SHORT: the body ends before its closing boundary.
 * RC_INVALID REASON_BODY_MALFORMED: no boundary at all although bytes follow,
 * a part without Content-Disposition form-data or without name, a bad header.
 * RC_TOO_BIG REASON_TOO_MUCH: over a limit.  RC_NO_MEMORY.
 * After a failure the same failure comes again.
 */
enum rc multipart_next(struct multipart *m, struct multipart_part *ret_part, bool *ret_found,
		       struct error *e) MUST_CHECK;

static inline struct str multipart_content(const struct multipart *m,
					   const struct multipart_part *part)
{
	return str_sub(m->body, part->offset, part->n);
}

#endif
