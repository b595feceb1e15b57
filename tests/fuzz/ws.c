/*
 * Fuzzes codec/ws.h: frames come out the same whether they arrive at once or byte by byte, and what
 * we write can be read.
 */
#include "codec/ws.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MAX = 300 };

static void check_written(size_t n)
{
	char head[WS_SEND_HEAD_MAX];
	size_t head_n = ws_head_write(head, WS_BINARY, n), length = (unsigned char)head[1];

	BUG(length & 0x80);
	BUG(head_n != (n < 126 ? 2U : n < 65536 ? 4U : 10U));
	if (head_n == 2)
		BUG(length != n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	size_t at = 0;

	check_written(n * 1000);
	while (at < n) {
		struct ws_frame f, part;
		char *copy = malloc(n - at), *piece;
		int code;

		BUG(!copy);
		memcpy(copy, data + at, n - at);
		code = ws_frame_read(copy, n - at, MAX, &f);
		if (code || !f.n) {
			free(copy);
			break;
		}
		BUG(f.n > n - at || f.payload.n > MAX || f.payload.p + f.payload.n != copy + f.n);
		BUG(f.opcode >= WS_CLOSE && (!f.is_final || f.payload.n > WS_CONTROL_MAX));
		for (size_t short_n = 0; short_n < f.n; short_n++) {
			piece = malloc(short_n + 1);
			BUG(!piece);
			memcpy(piece, data + at, short_n);
			BUG(ws_frame_read(piece, short_n, MAX, &part) != 0 || part.n != 0);
			free(piece);
		}
		if (f.opcode == WS_CLOSE)
			BUG(ws_close_code(f.payload) > 4999);
		at += f.n;
		free(copy);
	}
	(void)ws_key_valid(str_make((const char *)data, n));
	return 0;
}
