/*
 * Percent-encoding (RFC 3986) and forms (application/x-www-form-urlencoded,
 * URL standard section 5).  No state; results live in the caller's arena or
 * are views into the input.
 */
#ifndef CODEC_URL_H
#define CODEC_URL_H

#include "base/buf.h"
#include "base/error.h"
#include "codec/pairs.h"

/*
 * One path segment, or one name or value of a query: everything but letters,
 * digits and "-._~" is written as %XX (blank as %20, '/' as %2F).  A segment
 * also keeps "!$&'()*+,;=:@" (RFC 3986 3.3).
 */
void url_segment(struct buf *b, struct str s);
void url_query(struct buf *b, struct str s);

/*
 * Decodes %XX; with plus_is_blank also '+'.  Any byte may come out, also NUL
 * and malformed UTF-8.  A '%' without two hex digits is RC_INVALID
 * (REASON_BODY_MALFORMED).  *ret is a view of s when nothing was to decode.
 */
enum rc url_decode(struct str s, bool plus_is_blank, struct arena *a, struct str *ret,
		   struct error *e) MUST_CHECK;

/*
 * Names and values of a form body or a query (without '?').  Split first,
 * decoded after; '+' is blank; NUL is kept.  Empty pieces ("a=1&&b") are
 * skipped; a piece without '=' has an empty value.
 * RC_INVALID REASON_BODY_MALFORMED: a bad escape.  RC_TOO_BIG
 * REASON_TOO_MUCH: more than max_pairs.  RC_NO_MEMORY.
 */
enum rc form_parse(struct str body, struct arena *a, size_t max_pairs, struct pairs *ret,
		   struct error *e) MUST_CHECK;

#endif
