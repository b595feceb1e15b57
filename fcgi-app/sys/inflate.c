/*
 * DEFLATE (RFC 1951) from memory to memory with zlib, for the one small part of an
 * office document that the type check reads.  Runs on hostile bytes in the
 * sandboxed child; output beyond `max` is a failure.
 */
#include "sys/filetype_check.h"

#include <limits.h>
#define ZLIB_CONST /* const input */
#include <zlib.h>

bool inflate_raw(struct str in, char *out, size_t max, size_t *ret_n)
{
	z_stream z = { 0 };
	bool ok;

	if (in.n > UINT_MAX || max > UINT_MAX || inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return false;
	z.next_in = (const Bytef *)in.p;
	z.avail_in = (uInt)in.n;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)max;
	ok = inflate(&z, Z_FINISH) == Z_STREAM_END;
	if (ok)
		*ret_n = z.total_out;
	inflateEnd(&z);
	return ok;
}
