/*
 * PNG (ISO 15948) of a QR code: rows of bits in stored deflate blocks (RFC 1950, 1951).
 */
#include "doc/png.h"

#include <errno.h>
#include <qrencode.h>

#include "base/buf.h"
#include "doc/qr.h"

#define QUIET     4
#define ADLER     65521U
#define BLOCK_MAX 65535 /* bytes of a stored block */
#define PNG_BYTES (4 * 1024 * 1024)

static void add_u32(struct buf *b, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_char(b, (char)(v >> shift));
}

/* ISO 3309, bit by bit: a few kilobytes.  seed: 0, or the sum of what came before. */
static uint32_t crc_of(uint32_t seed, struct str s)
{
	uint32_t sum = ~seed;

	for (size_t i = 0; i < s.n; i++) {
		sum ^= (unsigned char)s.p[i];
		for (int bit = 0; bit < 8; bit++)
			sum = sum & 1 ? sum >> 1 ^ 0xEDB88320U : sum >> 1;
	}
	return ~sum;
}

static uint32_t adler_of(struct str s)
{
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < s.n; i++) {
		a = (a + (unsigned char)s.p[i]) % ADLER;
		b = (b + a) % ADLER;
	}
	return b << 16 | a;
}

static void add_chunk(struct buf *b, const char *type, struct str data)
{
	struct str name = str_make(type, 4);

	add_u32(b, (uint32_t)data.n);
	buf_add(b, name);
	buf_add(b, data);
	add_u32(b, crc_of(crc_of(0, name), data));
}

/* zlib's format without compression. */
static void add_stored(struct buf *b, struct str data)
{
	buf_char(b, 0x78);
	buf_char(b, 0x01);
	for (size_t at = 0; at < data.n; at += BLOCK_MAX) {
		struct str block = str_sub(data, at, BLOCK_MAX);
		unsigned n = (unsigned)block.n;

		buf_char(b, at + block.n == data.n);
		buf_char(b, (char)(n & 0xFF));
		buf_char(b, (char)(n >> 8));
		buf_char(b, (char)(~n & 0xFF));
		buf_char(b, (char)(~n >> 8 & 0xFF));
		buf_add(b, block);
	}
	add_u32(b, adler_of(data));
}

static bool is_light(const QRcode *code, int x, int y)
{
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return true;
	return !(code->data[y * code->width + x] & 1);
}

/* One row of pixels: the filter's byte, then eight pixels a byte, light ones set. */
static void add_row(struct buf *b, const QRcode *code, int y, int scale)
{
	int n = (code->width + 2 * QUIET) * scale;

	buf_char(b, 0);
	for (int at = 0; at < n; at += 8) {
		unsigned bits = 0;

		for (int i = 0; i < 8; i++) {
			int x = (at + i) / scale - QUIET;

			bits = bits << 1 | (at + i >= n || is_light(code, x, y));
		}
		buf_char(b, (char)bits);
	}
}

static void write_png(struct buf *out, struct buf *rows, struct buf *packed, const QRcode *code,
		      int scale, struct arena *a)
{
	int n = (code->width + 2 * QUIET) * scale;
	struct buf head;

	buf_init(&head, a, 16, 16);
	add_u32(&head, (uint32_t)n);
	add_u32(&head, (uint32_t)n);
	buf_char(&head, 1); /* bit depth */
	for (int i = 0; i < 4; i++)
		buf_char(&head, 0); /* grey, deflate, no filter, not interlaced */
	for (int y = 0; y < n; y++)
		add_row(rows, code, y / scale - QUIET, scale);
	add_stored(packed, buf_str(rows));
	buf_add(out, str_make("\x89PNG\r\n\x1A\n", 8));
	add_chunk(out, "IHDR", buf_str(&head));
	add_chunk(out, "IDAT", buf_str(packed));
	add_chunk(out, "IEND", (struct str){ 0 });
}

enum rc png_qr(struct arena *a, struct str text, int scale, struct str *ret_png, struct error *e)
{
	struct buf rows, packed, out;
	QRcode *code;
	char *cz;

	BUG(scale < 1 || scale > PNG_SCALE_MAX);
	if (text.n == 0 || text.n > QR_TEXT_MAX)
		return ERROR(e, RC_TOO_BIG, REASON_TOO_MUCH, "QR code of %zu bytes", text.n);
	cz = str_cz(a, text);
	if (!cz)
		return ERROR_MEMORY(e);
	errno = 0;
	code = QRcode_encodeString(cz, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (!code)
		return errno == ERANGE ? ERROR(e, RC_TOO_BIG, REASON_TOO_MUCH, "QR code")
				       : ERROR_MEMORY(e);
	buf_init(&rows, a, 16384, PNG_BYTES);
	buf_init(&packed, a, 16384, PNG_BYTES);
	buf_init(&out, a, 16384, PNG_BYTES);
	write_png(&out, &rows, &packed, code, scale, a);
	QRcode_free(code);
	if (!buf_ok(&rows) || !buf_ok(&packed) || !buf_ok(&out))
		return ERROR_MEMORY(e);
	*ret_png = buf_str(&out);
	return RC_OK;
}
