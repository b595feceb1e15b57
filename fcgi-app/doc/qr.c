/*
 * QR codes by libqrencode; a path of horizontal runs.
 */
#include "doc/qr.h"

#include <errno.h>
#include <qrencode.h>

#include "base/buf.h"

#define QUIET      4
#define PATH_BYTES 65536

static bool is_dark(const QRcode *code, int x, int y)
{
	return code->data[y * code->width + x] & 1;
}

static void add_row(struct buf *b, const QRcode *code, int y)
{
	for (int x = 0; x < code->width; x++) {
		int from = x;

		if (!is_dark(code, x, y))
			continue;
		while (x + 1 < code->width && is_dark(code, x + 1, y))
			x++;
		buf_printf(b, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from + 1,
			   x - from + 1);
	}
}

enum rc qr_path(struct arena *a, struct str text, int *ret_size, struct str *ret_path,
		struct error *e)
{
	char *cz;
	QRcode *code;
	struct buf b;

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
	buf_init(&b, a, 4096, PATH_BYTES);
	for (int y = 0; y < code->width; y++)
		add_row(&b, code, y);
	*ret_size = code->width + 2 * QUIET;
	QRcode_free(code);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret_path = buf_str(&b);
	return RC_OK;
}
