/*
 * WebSocket frames (RFC 6455), the server's side: no extensions, no subprotocols.
 *
 * Bytes in, bytes out, no state.  A frame is taken as a whole once all of it is there; its payload
 * is unmasked where it lies.  What belongs to more than one frame (fragments, the closing
 * handshake) is the caller's.
 */
#ifndef CODEC_WS_H
#define CODEC_WS_H

#include "base/str.h"

enum ws_opcode {
	WS_CONTINUATION = 0,
	WS_TEXT = 1,
	WS_BINARY = 2,
	WS_CLOSE = 8,
	WS_PING = 9,
	WS_PONG = 10,
};

/* Close codes that we send. */
enum ws_code {
	WS_CODE_NORMAL = 1000,
	WS_CODE_AWAY = 1001,
	WS_CODE_PROTOCOL = 1002,
	WS_CODE_NOT_TEXT = 1007,
	WS_CODE_POLICY = 1008,
	WS_CODE_TOO_BIG = 1009,
	WS_CODE_ERROR = 1011,
	WS_CODE_LATER = 1013,
};

#define WS_HEAD_MAX      14  /* of a masked frame */
#define WS_SEND_HEAD_MAX 10  /* of one of ours */
#define WS_CONTROL_MAX   125 /* payload of a control frame */

struct ws_frame {
	enum ws_opcode opcode;
	bool is_final;
	struct str payload; /* unmasked */
	size_t n;           /* bytes of the frame */
};

/*
 * The frame at the start of the n bytes at p; its payload is unmasked there.  0: *ret is filled,
 * or, with ret->n 0, the frame has not ended (ret->opcode and what its head says are set when
 * known).  Else the code to close with: reserved bits or opcodes, no mask, a control frame in
 * fragments or beyond WS_CONTROL_MAX, a length not in its shortest form (WS_CODE_PROTOCOL), a
 * payload beyond max (WS_CODE_TOO_BIG, as soon as the head is there).
 */
int ws_frame_read(char *p, size_t n, size_t max, struct ws_frame *ret) MUST_CHECK;

/* Head of an unmasked final frame of n bytes; returns how long it is. */
size_t ws_head_write(char out[WS_SEND_HEAD_MAX], enum ws_opcode opcode, size_t n);

/* The code of a close frame's payload: 1005 without one; 0 for a malformed payload or a code that
 * may not be sent. */
int ws_close_code(struct str payload);

/* Is it a key as a client sends it: base64 of 16 bytes? */
bool ws_key_valid(struct str key);

#endif
