/*
 * Base64 (RFC 4648 section 4) and its URL-safe form without padding (section 5).
 * Strict: no blanks, no line ends, unused bits are zero.
 */
#ifndef CODEC_BASE64_H
#define CODEC_BASE64_H

#include "base/buf.h"

void base64_encode(struct buf *b, struct str bytes);    /* with '=' */
void base64url_encode(struct buf *b, struct str bytes); /* without */
/* Bytes that n characters decode to at most. */
#define BASE64_DECODED_MAX(n) (((n) + 3) / 4 * 3)
/*
 * Into out of cap bytes; false (out is undefined, *ret_n untouched) when
 * malformed or too long for out.  Padding is required, or forbidden.
 */
bool base64_decode(struct str s, uint8_t *out, size_t cap, size_t *ret_n) MUST_CHECK;
bool base64url_decode(struct str s, uint8_t *out, size_t cap, size_t *ret_n) MUST_CHECK;

#endif
