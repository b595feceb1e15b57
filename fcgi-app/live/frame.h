/*
 * Frames: what is sent, as bytes made once and shared by everybody who gets them.
 *
 * A frame begins with its WebSocket head, so that one serves WebSocket (from the start) and long
 * polling (from behind the head).  Frames are counted; the loop's thread alone raises and lowers
 * the count.  Any thread may make one and hand it over.  All makers give NULL without memory, or
 * when the frame would be larger than FRAME_MAX.
 */
#ifndef LIVE_FRAME_H
#define LIVE_FRAME_H

#include "base/str.h"

#define FRAME_MAX ((size_t)8 << 20)

/* How a peer is spoken to. */
enum flavour {
	FLAVOUR_SOCKETIO, /* 42["event",…], by WebSocket or polling */
	FLAVOUR_PLAIN,    /* {"type":…,"data":…} by WebSocket */
	FLAVOUR_SSE,      /* id, event, data */
	FLAVOUR__MAX
};

struct frame {
	uint32_t refs, n; /* n: bytes, with the head */
	uint8_t head_n;   /* of WebSocket; 0: there is none */
	bool is_binary;
	char bytes[];
};

/* A WebSocket frame of these parts behind each other. */
struct frame *frame_text(const struct str *parts, size_t n_parts) MUST_CHECK;
struct frame *frame_binary(struct str payload) MUST_CHECK;
/* Bytes without a WebSocket head. */
struct frame *frame_bytes(const struct str *parts, size_t n_parts) MUST_CHECK;

/* 42["event",args]; args: JSON values with commas between, or empty. */
struct frame *frame_socketio(struct str event, struct str args) MUST_CHECK;
/* {"type":"event","data":json} */
struct frame *frame_plain(struct str event, struct str json) MUST_CHECK;
/*
 * A message of text/event-stream; an event "" is the default one, an id 0 none.  data may have
 * several lines.
 */
struct frame *frame_sse(int64_t id, struct str event, struct str data) MUST_CHECK;
/* The one of these that the flavour speaks; id is for SSE. */
struct frame *frame_of(enum flavour f, int64_t id, struct str event, struct str json) MUST_CHECK;

static inline struct frame *frame_ref(struct frame *f)
{
	f->refs++;
	return f;
}
void frame_unref(struct frame *f); /* NULL is fine */

static inline struct str frame_payload(const struct frame *f)
{
	return str_make(f->bytes + f->head_n, f->n - f->head_n);
}

#endif
