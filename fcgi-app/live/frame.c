/*
 * Making frames; see frame.h.  Must not know: peers, connections.
 */
#include "live/frame.h"

#include "base/heap.h"
#include "base/num.h"
#include "codec/ws.h"

#include <stdio.h>

static struct frame *make(const char *head, size_t head_n, const struct str *parts, size_t n_parts)
{
	size_t n = head_n, at = head_n;
	struct frame *f;

	for (size_t i = 0; i < n_parts; i++)
		if (!size_add(n, parts[i].n, &n))
			return NULL;
	if (n > FRAME_MAX)
		return NULL;
	f = heap_new(sizeof *f + n);
	if (!f)
		return NULL;
	f->refs = 1;
	f->n = (uint32_t)n;
	f->head_n = (uint8_t)head_n;
	if (head_n)
		memcpy(f->bytes, head, head_n);
	for (size_t i = 0; i < n_parts; i++) {
		if (parts[i].n)
			memcpy(f->bytes + at, parts[i].p, parts[i].n);
		at += parts[i].n;
	}
	return f;
}

struct frame *frame_text(const struct str *parts, size_t n_parts)
{
	char head[WS_SEND_HEAD_MAX];
	size_t n = 0;

	for (size_t i = 0; i < n_parts; i++)
		if (!size_add(n, parts[i].n, &n))
			return NULL;
	return make(head, ws_head_write(head, WS_TEXT, n), parts, n_parts);
}

struct frame *frame_binary(struct str payload)
{
	char head[WS_SEND_HEAD_MAX];
	struct frame *f = make(head, ws_head_write(head, WS_BINARY, payload.n), &payload, 1);

	if (f)
		f->is_binary = true;
	return f;
}

struct frame *frame_bytes(const struct str *parts, size_t n_parts)
{
	return make(NULL, 0, parts, n_parts);
}

struct frame *frame_socketio(struct str event, struct str args)
{
	const struct str parts[] = { STR("42[\""), event, args.n ? STR("\",") : STR("\""), args,
				     STR("]") };

	return frame_text(parts, ARRAY_LEN(parts));
}

struct frame *frame_plain(struct str event, struct str json)
{
	const struct str parts[] = { STR("{\"type\":\""), event, STR("\",\"data\":"),
				     json.n ? json : STR("null"), STR("}") };

	return frame_text(parts, ARRAY_LEN(parts));
}

enum { SSE_LINES_MAX = 64 };

struct frame *frame_sse(int64_t id, struct str event, struct str data)
{
	struct str parts[4 + 3 * SSE_LINES_MAX], line;
	char id_line[32];
	size_t n = 0, lines = 0;
	int id_n = snprintf(id_line, sizeof id_line, "id: %lld\n", (long long)id);

	if (id > 0)
		parts[n++] = str_make(id_line, (size_t)id_n);
	if (event.n) {
		parts[n++] = STR("event: ");
		parts[n++] = event;
		parts[n++] = STR("\n");
	}
	while (str_split(&data, '\n', &line)) {
		if (++lines > SSE_LINES_MAX - 1)
			return NULL;
		parts[n++] = STR("data: ");
		parts[n++] = line;
		parts[n++] = STR("\n");
	}
	parts[n++] = STR("\n");
	return frame_bytes(parts, n);
}

struct frame *frame_of(enum flavour f, int64_t id, struct str event, struct str json)
{
	switch (f) {
	case FLAVOUR_SOCKETIO:
		return frame_socketio(event, json);
	case FLAVOUR_PLAIN:
		return frame_plain(event, json);
	case FLAVOUR_SSE:
		return frame_sse(id, event, json);
	case FLAVOUR__MAX:
		break;
	}
	return NULL;
}

void frame_unref(struct frame *f)
{
	if (f && --f->refs == 0)
		heap_free(f);
}
