/*
 * The streams of console and projector; see page_attendance.h.
 */
#include "live/page_attendance.h"

#include "base/num.h"
#include "codec/url.h"
#include "live/hub.h"
#include "view/live.h"

#include <stdio.h>

enum { PAIRS_MAX = 8 };
#define BODY_MAX ((size_t)4 << 20)

enum part_view { PART_CONSOLE, PART_SCREEN, PART_VIEW__MAX };

/* variant: the console of who may work on it; the projector with names. */
struct part_of {
	enum part_view view;
	enum lang lang;
	bool variant;
	int64_t id;
};

static const char *const view_words[PART_VIEW__MAX] = { "console", "screen" };

/* ---- names of rooms ------------------------------------------------------------------------- */

static size_t room_of(const struct part_of *p, char *text)
{
	return (size_t)snprintf(text, HUB_ROOM_MAX, "v%c%u%d:%lld", view_words[p->view][0],
				(unsigned)p->lang, p->variant, (long long)p->id);
}

static bool part_from(struct str room, struct part_of *ret)
{
	int64_t lang;

	if (room.n < 6 || room.p[0] != 'v' || room.p[4] != ':' ||
	    !num_i64(str_sub(room, 2, 1), 0, LANG__MAX - 1, &lang) ||
	    !num_i64(str_from_pos(room, 5), 1, INT64_MAX, &ret->id))
		return false;
	ret->view = room.p[1] == 's' ? PART_SCREEN : PART_CONSOLE;
	ret->lang = (enum lang)lang;
	ret->variant = room.p[3] == '1';
	return true;
}

size_t page_attendance_part(int64_t attendance_id, size_t i, char *text)
{
	struct part_of p = { .id = attendance_id,
			     .view = i % 2 ? PART_SCREEN : PART_CONSOLE,
			     .variant = i / 2 % 2 == 1,
			     .lang = (enum lang)(i / 4) };

	BUG(i >= PAGE_ATTENDANCE_PARTS);
	return room_of(&p, text);
}

/* ---- rendering ------------------------------------------------------------------------------ */

/* Icons: the page puts the address of its own sprite (static/console.js). */
static enum rc console_json(struct core *c, const struct part_of *p, struct attendance *s,
			    struct json_out *o, struct error *e)
{
	struct buf html;
	struct tpl t = { .out = &html, .arena = c->arena, .lang = p->lang };

	buf_init(&html, c->arena, 256, BODY_MAX);
	return live_console(c, &t, s, o, e);
}

static enum rc screen_json(struct core *c, const struct part_of *p, struct json_out *o,
			   struct error *e)
{
	const struct view_arrival *arrivals = NULL;
	struct attendance s;
	size_t n = 0;

	TRY(attendance_get(c, p->id, &s, e));
	if (p->variant)
		TRY(live_arrivals(c, &s, &arrivals, &n, e));
	json_out_object(o);
	TRY(live_screen(c, p->lang, &s, arrivals, n, o, e));
	json_out_object_end(o);
	return RC_OK;
}

/* RC_DENIED: whoever it is rendered for may not see it, or not so much. */
static enum rc console_part(struct core *c, const struct part_of *p, struct json_out *o,
			    struct error *e)
{
	struct attendance s;

	TRY(attendance_see(c, p->id, &s, e));
	if (s.may_work != p->variant)
		return ERROR(e, RC_DENIED, REASON_DENIED, "attendance %lld", (long long)p->id);
	return console_json(c, p, &s, o, e);
}

static enum rc part_json(struct core *c, const struct part_of *p, struct str *ret, struct error *e)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, c->arena, 4096, BODY_MAX);
	json_out_init(&o, &b);
	if (p->view == PART_CONSOLE)
		TRY(console_part(c, p, &o, e));
	else
		TRY(screen_json(c, p, &o, e));
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

enum rc page_attendance_render(struct core *c, const struct call_in *in, struct effects *fx,
			       struct error *e)
{
	struct part_of p;
	struct str json;

	if (!part_from(in->event, &p))
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "no part");
	TRY(part_json(c, &p, &json, e));
	fx_publish(fx, in->event, str_from(view_words[p.view]), json);
	return RC_OK;
}

/* ---- the door ------------------------------------------------------------------------------- */

static struct str pair_of(const struct pairs *pairs, struct str name)
{
	const struct pair *p = pairs_find(pairs, name, 0);

	return p ? p->value : (struct str){ 0 };
}

static enum rc read_asked(struct core *c, const struct call_in *in, struct part_of *ret,
			  struct error *e)
{
	struct pairs pairs;
	struct str view;

	*ret = (struct part_of){ .lang = LANG_EN };
	if (!live_path_id(in, 0, &ret->id))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no id");
	TRY(form_parse(in->query, c->arena, PAIRS_MAX, &pairs, e));
	view = pair_of(&pairs, STR("view"));
	if (str_eq(view, STR("screen")))
		ret->view = PART_SCREEN;
	else if (!str_eq(view, STR("console")))
		return ERROR(e, RC_INVALID, REASON_FIELDS, "no such view");
	if (!lang_from_tag(pair_of(&pairs, STR("lang")), &ret->lang))
		ret->lang = LANG_EN;
	ret->variant = str_eq(pair_of(&pairs, STR("names")), STR("1"));
	return RC_OK;
}

static enum rc opened(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	char room[HUB_ROOM_MAX];
	struct attendance s;
	struct part_of p;
	struct str json;

	TRY(read_asked(c, in, &p, e));
	TRY(attendance_see(c, p.id, &s, e));
	if (p.view == PART_CONSOLE)
		p.variant = s.may_work;
	TRY(part_json(c, &p, &json, e));
	fx_join(fx, str_make(room, room_of(&p, room)));
	fx_emit(fx, str_from(view_words[p.view]), json);
	return RC_OK;
}

/* He may not see it any more: his page asks for itself, and is told. */
static void failed(struct core *c, const struct call_in *in, const struct error *e,
		   struct effects *fx)
{
	(void)c;
	if (in->what == CALL_EVENT && (e->rc == RC_DENIED || e->rc == RC_NOT_FOUND))
		fx_close(fx);
}

const struct live_door page_attendance_door = {
	.path = "/attendance/{id}/stream",
	.kind = LIVE_SSE,
	.may = LIVE_MAY_STAFF,
	.opened = opened,
	.failed = failed,
};
