/*
 * Engine.IO protocol 4: packets, and the payloads of long polling.
 *
 * Bytes in, bytes out, no state.  A packet is a digit and its data; a payload is packets with the
 * byte 0x1E between them, binary ones as 'b' and base64.
 */
#ifndef CODEC_ENGINEIO_H
#define CODEC_ENGINEIO_H

#include "base/buf.h"

#define ENGINEIO_SEPARATOR '\x1e'

enum engineio_type {
	ENGINEIO_OPEN,
	ENGINEIO_CLOSE,
	ENGINEIO_PING,
	ENGINEIO_PONG,
	ENGINEIO_MESSAGE,
	ENGINEIO_UPGRADE,
	ENGINEIO_NOOP,
	ENGINEIO__MAX
};

struct engineio_packet {
	enum engineio_type type;
	bool is_binary;  /* a message */
	struct str data; /* without the digit; of a polled binary one still base64 */
};

/* A text packet, as a WebSocket message or between separators; false for anything else. */
bool engineio_read(struct str text, struct engineio_packet *ret) MUST_CHECK;
/*
 * Takes the next packet off a payload.  *ret_found false at its end.  False: malformed (an empty
 * packet, no such type, or bad base64).
 */
bool engineio_next(struct str *rest, struct engineio_packet *ret, bool *ret_found) MUST_CHECK;

/* The handshake's data: {"sid":…,"upgrades":[…],"pingInterval":…,"pingTimeout":…,"maxPayload":…}.
 */
struct engineio_handshake {
	struct str sid;
	bool may_upgrade;
	int64_t ping_interval_ms, ping_timeout_ms, max_payload;
};
void engineio_handshake_write(struct buf *b, const struct engineio_handshake *h);

#endif
