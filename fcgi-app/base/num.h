/*
 * Numbers in and out of text.  No blanks, no plus sign, no empty text, no
 * trailing bytes, no locale.  Outputs are untouched on failure.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/str.h"

/* Decimal, optional '-', within [min, max]. */
bool num_i64(struct str s, int64_t min, int64_t max, int64_t *ret_v) MUST_CHECK;
/* Exactly n lower- or upper-case hex pairs into n bytes. */
bool num_hex(struct str s, uint8_t *ret_bytes, size_t n) MUST_CHECK;
/* Sums and products of sizes; false on overflow. */
bool size_add(size_t a, size_t b, size_t *ret) MUST_CHECK;
bool size_mul(size_t a, size_t b, size_t *ret) MUST_CHECK;

#endif
