/*
 * Values of HTTP header fields: made, checked, compared (RFC 9110).
 *
 * No state.  Builders append to a struct buf; readers return views or arena
 * text and take any bytes.
 */
#ifndef CODEC_HEADER_H
#define CODEC_HEADER_H

#include "base/buf.h"
#include "base/error.h"

/* No CR, LF, NUL or other control but tab: may be sent as a value. */
bool header_value_safe(struct str value);
/* A token (RFC 9110 5.6.2): may be a header's name, a method, a parameter's name. */
bool header_is_token(struct str s);

/*
 * Content-Disposition (RFC 6266): kind "attachment" or "inline", then
 * filename="ascii fallback" and filename*=UTF-8''… (RFC 8187), the second
 * only where the first does not say it all.  Any bytes in filename: controls
 * become '_', malformed UTF-8 U+FFFD, path separators '_'.
 */
void header_disposition(struct buf *b, struct str kind, struct str filename);

/* The media type of a Content-Type without parameters, trimmed, as sent. */
struct str header_media_type(struct str content_type);

/* One parameter as it stands: a quoted value without its quotes, but still escaped. */
struct header_param_raw {
	struct str name, value;
	bool is_quoted;
};
/*
 * Takes the next parameter off *rest, which is what follows the first token of
 * a value: "; a=b; c=\"d\"".  *ret_found false at the end.  A quote that ends
 * the whole value closes it even behind a backslash, since browsers do not
 * escape one.  RC_INVALID REASON_BODY_MALFORMED: bad syntax.
 */
enum rc header_param_next(struct str *rest, struct header_param_raw *ret, bool *ret_found,
			  struct error *e) MUST_CHECK;

/*
 * Parameter `name` (lower case) of "token; a=b; c=\"d\"".  *ret_found tells
 * whether it is there; quoted values are unescaped into the arena.  RC_INVALID
 * REASON_BODY_MALFORMED: bad syntax or the parameter twice; RC_NO_MEMORY.
 */
enum rc header_param(struct str value, struct str name, struct arena *a, struct str *ret,
		     bool *ret_found, struct error *e) MUST_CHECK;
/*
 * A value of RFC 8187 (UTF-8'lang'pct-encoded or ISO-8859-1'lang'…) as UTF-8.
 * RC_INVALID REASON_BODY_MALFORMED, RC_NO_MEMORY.
 */
enum rc header_ext_value(struct str value, struct arena *a, struct str *ret,
			 struct error *e) MUST_CHECK;

/*
 * Accept-Language (RFC 9110 12.5.4) over the languages we have, as RFC 4647
 * 3.4 looks up: "fr-CH" finds "fr".  Index into tags; 0, the default, when
 * nothing fits or the header is empty or unreadable.  n_tags > 0.
 */
size_t header_language(struct str accept, const struct str *tags, size_t n_tags);

/* If-None-Match against our ETag (quoted, maybe W/), compared weakly; "*" fits all. */
bool header_etag_match(struct str if_none_match, struct str etag);

/*
 * Does this Range (RFC 9110 14.2) ask for one piece that does not begin at the first
 * byte: "bytes=500-", "bytes=500-999"?  Anything else, also what is no range at all and
 * so is answered with the whole, is false.
 */
bool header_range_continues(struct str range);

#endif
