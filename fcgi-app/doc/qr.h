/*
 * QR codes as one SVG path.
 *
 * The path draws the dark modules of the symbol in a square of *ret_size units with the quiet
 * zone of four modules around them: <svg viewBox="0 0 SIZE SIZE"><path d="PATH"/></svg>.  Error
 * correction is M: the modules stay large, and a fold or a reflex on the screen does no harm.
 */
#ifndef DOC_QR_H
#define DOC_QR_H

#include "base/arena.h"
#include "base/error.h"

#define QR_TEXT_MAX 400 /* bytes */

/* text: 1..QR_TEXT_MAX bytes without NUL.  RC_TOO_BIG, RC_NO_MEMORY. */
enum rc qr_path(struct arena *a, struct str text, int *ret_size, struct str *ret_path,
		struct error *e) MUST_CHECK;

#endif
