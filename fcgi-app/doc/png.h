/*
 * QR codes as PNG files, for programs that show pictures and no pages.
 *
 * One bit a pixel, dark on light, with the quiet zone; not compressed, since a code of this size
 * has a few kilobytes anyway.
 */
#ifndef DOC_PNG_H
#define DOC_PNG_H

#include "base/arena.h"
#include "base/error.h"

#define PNG_SCALE_MAX 32 /* pixels of a module */

/* text: 1..QR_TEXT_MAX bytes without NUL (doc/qr.h).  RC_TOO_BIG, RC_NO_MEMORY. */
enum rc png_qr(struct arena *a, struct str text, int scale, struct str *ret_png,
	       struct error *e) MUST_CHECK;

#endif
