/*
 * Crockford's base 32: digits and upper-case letters without I, L, O, U.  For
 * codes that people read and type.  Decoding takes lower case, reads i and l
 * as 1 and o as 0, and skips '-'.
 */
#ifndef CODEC_BASE32_H
#define CODEC_BASE32_H

#include "base/buf.h"

/* The character of value 0..31 (BUG above), and the value of a character or -1. */
char base32_digit(unsigned value);
int base32_value(char c);

/* Most significant bits first; the last character is filled up with zero bits. */
void base32_encode(struct buf *b, const uint8_t *bytes, size_t n);
/*
 * The inverse, into out of cap bytes.  False (out is undefined, *ret_n
 * untouched): another character, a length no encoder makes, fill bits that
 * are not zero, too long for out.
 */
bool base32_decode(struct str s, uint8_t *out, size_t cap, size_t *ret_n) MUST_CHECK;

#endif
