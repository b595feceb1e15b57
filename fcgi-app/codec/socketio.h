/*
 * Socket.IO protocol 5: packets.
 *
 * Bytes in, bytes out, no state.  A packet is a digit, the number of attachments and '-' (binary
 * ones), the namespace and ',' (but for "/"), the id of an acknowledgement, and JSON.  What the
 * JSON says is not looked at here but for its first letter; that attachments follow is the caller's
 * affair.
 */
#ifndef CODEC_SOCKETIO_H
#define CODEC_SOCKETIO_H

#include "base/buf.h"

#define SOCKETIO_ATTACHMENTS_MAX 16

enum socketio_type {
	SOCKETIO_CONNECT,
	SOCKETIO_DISCONNECT,
	SOCKETIO_EVENT,
	SOCKETIO_ACK,
	SOCKETIO_CONNECT_ERROR,
	SOCKETIO_BINARY_EVENT,
	SOCKETIO_BINARY_ACK,
	SOCKETIO__MAX
};

struct socketio_packet {
	enum socketio_type type;
	unsigned n_attachments; /* of the binary types, else 0 */
	struct str space;       /* "/" or "/custom", without a query */
	int64_t id;             /* of the acknowledgement; -1: none */
	struct str json;        /* array of events and acks; object, or nothing, of a connect */
};

/* False for what no client may send, or is malformed: also for ids above 2^53, and a zero byte. */
bool socketio_read(struct str text, struct socketio_packet *ret) MUST_CHECK;
/*
 * Splits an event's array text, which is well-formed JSON: *ret_name its first item (must be a
 * string without escapes), *ret_args what follows the first comma, without the closing bracket.
 */
bool socketio_event_split(struct str json, struct str *ret_name, struct str *ret_args) MUST_CHECK;

/* Type, attachments, namespace and id: what stands before the JSON.  id -1: none. */
void socketio_head_write(struct buf *b, enum socketio_type type, unsigned n_attachments,
			 struct str space, int64_t id);

#endif
