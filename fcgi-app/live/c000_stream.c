/*
 * Contract 000's stream of notifications.  See c000_stream.h.
 */
#include "live/c000_stream.h"

#include "codec/json.h"
#include "core/event/inbox_told.h"
#include "live/catch_up.h"
#include "live/doors.h"
#include "view/notification.h"

enum { DATA_MAX = 16000 };

/* Of its own, since what it is told is not what /live tells the same account. */
static void room_name(int64_t account_id, char ret[EVENT_ROOM_SIZE])
{
	event_room_name('n', account_id, ret);
}

/* ---- a message ----------------------------------------------------------------------------- */

/* "session_moved"; that contract's own words where it has some. */
static struct str type_of(struct arena *a, enum notify_kind kind)
{
	struct str s = arena_str(a, str_from(notify_rule(kind)->code));

	if (kind == NOTIFY_SESSION_REQUEST_CREATED)
		return STR("session_request");
	if (kind == NOTIFY_SESSION_REQUEST_DECIDED || kind == NOTIFY_SESSION_REQUEST_ASKED)
		return STR("session_request_response");
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '.')
			((char *)(uintptr_t)s.p)[i] = '_';
	return s;
}

static enum lang lang_of(const struct core *c, struct str language)
{
	enum lang lang;

	if (language.n && lang_from_tag(language, &lang))
		return lang;
	return lang_from_tag(config_language(c->config), &lang) ? lang : LANG_EN;
}

/* Without fractions and zone, as the contract's other times; the zero view: no memory. */
static struct str data_of(const struct core *c, const struct inbox_told *t)
{
	struct arena *a = c->arena;
	const struct notification_text text =
		notification_text(a, lang_of(c, t->language), t->role, &t->item);
	struct str message = text.message;
	struct json_out o;
	struct buf b;
	char at[28];

	if (text.quote.n)
		message = arena_printf(a, "%.*s %.*s", STR_ARG(text.message), STR_ARG(text.quote));
	buf_init(&b, a, 400, DATA_MAX);
	json_out_init(&o, &b);
	json_out_object(&o);
	json_out_key_i64(&o, "id", t->item.id);
	json_out_key_str(&o, "title", text.title);
	json_out_key_str(&o, "message", message);
	json_out_key_str(&o, "type", type_of(a, t->item.kind));
	json_out_key_str(&o, "created_at",
			 str_sub(us_format_iso(t->item.created_at, at), 0,
				 sizeof "2026-11-20T09:30:00" - 1));
	json_out_key_bool(&o, "read", t->item.read_at != NO_TIME);
	json_out_object_end(&o);
	return buf_ok(&b) ? buf_str(&b) : (struct str){ NULL, 0 };
}

/* ---- what is said -------------------------------------------------------------------------- */

enum rc c000_notices_voice(struct core *c, const struct event *rows, size_t n, struct feed_batch *b,
			   struct error *e)
{
	const struct event **all;
	const struct inbox_told *told;
	size_t n_told;

	if (!feed_is_heard(b, FLAVOUR_SSE))
		return RC_OK;
	all = ARENA_ARRAY(c->arena, n, const struct event *);
	if (!all)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		all[i] = &rows[i];
	TRY(inbox_told(c, all, n, &told, &n_told, e));
	for (size_t i = 0; i < n_told; i++) {
		const struct str data = data_of(c, &told[i]);
		char room[EVENT_ROOM_SIZE];

		if (!data.p)
			return ERROR_MEMORY(e);
		room_name(told[i].account_id, room);
		feed_say(b, told[i].row, str_from(room), FLAVOUR_SSE,
			 frame_sse(rows[told[i].row].seq, STR(""), data));
	}
	return RC_OK;
}

/* ---- opening ------------------------------------------------------------------------------- */

static enum rc emit_missed(struct core *c, const struct event_missed *missed, size_t n,
			   struct effects *fx, struct error *e)
{
	const struct event **all = ARENA_ARRAY(c->arena, n, const struct event *);
	const struct inbox_told *told;
	size_t n_told;

	if (!all)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		all[i] = missed[i].event;
	TRY(inbox_told(c, all, n, &told, &n_told, e));
	for (size_t i = 0; i < n_told; i++) {
		const struct str data = data_of(c, &told[i]);

		if (!data.p)
			return ERROR_MEMORY(e);
		fx_emit_id(fx, all[told[i].row]->seq, STR(""), data);
	}
	return RC_OK;
}

static enum rc opened(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	struct event_room own = { .detail = EVENT_FULL };
	char room[EVENT_ROOM_SIZE];

	event_room_name('u', c->who->account_id, own.name);
	room_name(c->who->account_id, room);
	fx_join(fx, str_from(room));
	return catch_up(c, in, fx, &own, 1, emit_missed, e);
}

const struct live_door c000_stream_door = {
	.path = "/api/notifications/stream",
	.kind = LIVE_SSE,
	.may = LIVE_MAY_SIGNED_IN,
	.takes_query_token = true,
	.opened = opened,
};
