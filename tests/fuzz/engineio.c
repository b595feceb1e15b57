/*
 * Fuzzes codec/engineio.h: packets of a payload lie within it, one behind the other.
 */
#include "codec/engineio.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str s = str_make((const char *)data, n), rest = s;
	const char *last = s.p;
	struct engineio_packet p;
	bool is_found;

	while (engineio_next(&rest, &p, &is_found) && is_found) {
		BUG((unsigned)p.type >= ENGINEIO__MAX);
		BUG(p.is_binary && p.type != ENGINEIO_MESSAGE);
		BUG(str_find_char(p.data, ENGINEIO_SEPARATOR) != SIZE_MAX);
		if (!p.data.n)
			continue;
		BUG(p.data.p <= last || p.data.p + p.data.n > s.p + s.n);
		last = p.data.p;
	}
	if (engineio_read(s, &p))
		BUG(p.data.n + 1 != n);
	return 0;
}
