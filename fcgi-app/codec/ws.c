/*
 * Frames of WebSocket; see ws.h.
 */
#include "codec/ws.h"

#include "codec/base64.h"

static bool is_control(unsigned opcode)
{
	return opcode >= WS_CLOSE;
}

static bool is_known(unsigned opcode)
{
	return opcode <= WS_BINARY || (opcode >= WS_CLOSE && opcode <= WS_PONG);
}

static void unmask(char *p, size_t n, const char mask[4])
{
	uint64_t wide, word;
	size_t i = 0;

	memcpy(&wide, mask, 4);
	memcpy((char *)&wide + 4, mask, 4);
	for (; n - i >= sizeof wide; i += sizeof wide) {
		memcpy(&word, p + i, sizeof word);
		word ^= wide;
		memcpy(p + i, &word, sizeof word);
	}
	for (; i < n; i++)
		p[i] = (char)(p[i] ^ mask[i % 4]);
}

/* The number in n bytes, the highest first. */
static uint64_t big_endian(const char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

int ws_frame_read(char *p, size_t n, size_t max, struct ws_frame *ret)
{
	unsigned first, second, opcode;
	size_t at, n_length;
	uint64_t length;

	*ret = (struct ws_frame){ .n = 0 };
	if (n < 2)
		return 0;
	first = (unsigned char)p[0];
	second = (unsigned char)p[1];
	opcode = first & 15;
	if ((first & 0x70) || !(second & 0x80) || !is_known(opcode))
		return WS_CODE_PROTOCOL;
	length = second & 0x7F;
	n_length = length == 126 ? 2 : length == 127 ? 8 : 0;
	if (is_control(opcode) && (n_length || !(first & 0x80)))
		return WS_CODE_PROTOCOL;
	ret->opcode = (enum ws_opcode)opcode;
	ret->is_final = (first & 0x80) != 0;
	at = 2 + n_length;
	if (n < at)
		return 0;
	if (n_length) {
		length = big_endian(p + 2, n_length);
		if (length < (n_length == 2 ? 126U : 65536U) || length >> 63)
			return WS_CODE_PROTOCOL;
	}
	if (length > max)
		return WS_CODE_TOO_BIG;
	if (n < at + 4 + length)
		return 0;
	unmask(p + at + 4, (size_t)length, p + at);
	ret->payload = str_make(p + at + 4, (size_t)length);
	ret->n = at + 4 + (size_t)length;
	return 0;
}

size_t ws_head_write(char out[WS_SEND_HEAD_MAX], enum ws_opcode opcode, size_t n)
{
	size_t n_length = n < 126 ? 0 : n < 65536 ? 2 : 8;

	out[0] = (char)(0x80 | opcode);
	out[1] = (char)(n_length == 0 ? n : n_length == 2 ? 126 : 127);
	for (size_t i = 0; i < n_length; i++)
		out[2 + i] = (char)((uint64_t)n >> (8 * (n_length - 1 - i)));
	return 2 + n_length;
}

int ws_close_code(struct str payload)
{
	int code;

	if (payload.n == 0)
		return 1005;
	if (payload.n == 1 || !utf8_valid(str_from_pos(payload, 2)))
		return 0;
	code = (int)big_endian(payload.p, 2);
	if ((code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
	    (code >= 3000 && code <= 4999))
		return code;
	return 0;
}

bool ws_key_valid(struct str key)
{
	uint8_t bytes[18];
	size_t n;

	return key.n == 24 && base64_decode(key, bytes, sizeof bytes, &n) && n == 16;
}
