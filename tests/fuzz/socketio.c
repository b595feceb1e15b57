/*
 * Fuzzes codec/socketio.h: what is read and written again reads the same.
 */
#include "codec/socketio.h"

#include "codec/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_event(struct str json, struct arena *a)
{
	struct str name, args, back;
	struct json_t *tree, *list;
	struct error e;

	if (json_read(json, json.n, a, &tree, &e) != RC_OK ||
	    !socketio_event_split(json, &name, &args))
		return;
	/* The pieces are JSON again, of one item less. */
	BUG(!json_as_str(json_item(tree, 0), &back) || !str_eq(back, name));
	back = arena_printf(a, "[%.*s]", STR_ARG(args));
	BUG(!back.p);
	if (json_items(tree) == 1)
		BUG(args.n != 0);
	BUG(json_read(back, back.n, a, &list, &e) != RC_OK ||
	    json_items(list) + 1 != json_items(tree));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct socketio_packet p, again;
	struct arena arena;
	struct buf b;

	if (!socketio_read(str_make((const char *)data, n), &p))
		return 0;
	arena_init(&arena, (size_t)4 << 20, 0);
	buf_init(&b, &arena, 64, n + 64);
	socketio_head_write(&b, p.type, p.n_attachments, p.space, p.id);
	buf_add(&b, p.json);
	BUG(!buf_ok(&b) || !socketio_read(buf_str(&b), &again));
	BUG(again.type != p.type || again.n_attachments != p.n_attachments || again.id != p.id ||
	    !str_eq(again.space, p.space) || !str_eq(again.json, p.json));
	check_event(p.json, &arena);
	arena_clear(&arena);
	return 0;
}
