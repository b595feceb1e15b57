/*
 * Text into HTML.
 *
 * Everything here takes any bytes: malformed UTF-8 becomes U+FFFD, control
 * characters that HTML forbids (U+0000-8, B, E-1F, 7F-9F) are dropped.
 * Appends to a struct buf, whose error is sticky; no other way to fail.
 */
#ifndef CODEC_HTML_H
#define CODEC_HTML_H

#include "base/buf.h"

/* Content of an element: escapes & < >.  Not for script and style elements. */
void html_text(struct buf *b, struct str s);
/* Value of an attribute in double or single quotes: escapes & < > " '. */
void html_attr(struct buf *b, struct str s);
/*
 * A URL as the value of href, src, action.  Written as html_attr does when it
 * starts with '/' (not "//", nor "/\"), '?' or '#', or has the scheme http,
 * https or mailto; anything else, the empty text and URLs with blanks or
 * control characters at the start or within the scheme are written as "#".
 */
void html_url_attr(struct buf *b, struct str url);
/* The rule of html_url_attr alone. */
bool html_url_is_safe(struct str url);

#endif
