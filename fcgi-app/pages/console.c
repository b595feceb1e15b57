/*
 * The console: its page, and what keeps an open one up to date.
 *
 * A page that is open asks for /live each few seconds.  The answer is small, and 304 as long as it
 * would be the same.
 */
#include "pages/console.h"

#include "pages/console_view.h"
#include "view/live.h"

struct console_in {
	int64_t id, n, m;
	int show;
	struct str q, done, act;
};
FIELDS(console_fields, console_in, FIELD(ID, console_in, id, PATH),
       FIELD(CHOICE, console_in, show, QUERY, .words = console_show_words),
       FIELD(TEXT, console_in, q, QUERY, .max = 200), FIELD(TEXT, console_in, done, QUERY),
       FIELD(INT, console_in, n, QUERY, .min = 0, .max = REGISTER_MARK_MAX),
       FIELD(INT, console_in, m, QUERY, .min = 0, .max = REGISTER_MARK_MAX),
       FIELD(TEXT, console_in, act, QUERY, .max = 32));

/* Bad words in the query mean the default; a bad id does not exist. */
static enum rc read_in(struct req *q, struct console_in *in, struct error *e)
{
	enum rc rc = req_read(q, in, e);

	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	error_init(e);
	if (in->show < 0)
		in->show = CONSOLE_ALL;
	return RC_OK;
}

static bool is_act(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_hex(s.p[i]))
			return false;
	return s.n == 32;
}

enum rc page_console(struct req *q, struct resp *r, struct error *e)
{
	struct console_in in;
	struct console c;

	TRY(read_in(q, &in, e));
	TRY(console_read(q, in.id, (enum console_show)in.show, in.q, &c, e));
	c.v.flash = (struct view_attendance_flash){ .kind = attendance_flash_from(in.done),
						    .id = in.id,
						    .n = in.n,
						    .m = in.m,
						    .act = is_act(in.act) ? in.act
									  : (struct str){ 0 } };
	console_draw(q, r, &c);
	return RC_OK;
}

/* ---- live ----------------------------------------------------------------------------------- */

/* FNV-1a: names a state, keeps no secret. */
static uint64_t hash_of(struct str s)
{
	uint64_t h = 0xcbf29ce484222325U;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3U;
	return h;
}

enum rc page_console_live(struct req *q, struct resp *r, struct error *e)
{
	struct tpl t = req_tpl(q, r);
	struct console_in in;
	struct attendance s;
	struct json_out o;

	TRY(read_in(q, &in, e));
	TRY(attendance_see(&q->core, in.id, &s, e));
	o = resp_json(r);
	TRY(live_console(&q->core, &t, &s, &o, e));
	if (!buf_ok(&r->body))
		return ERROR_MEMORY(e);
	if (resp_not_modified(q, r,
			      arena_printf(q->core.arena, "live-%016llx",
					   (unsigned long long)hash_of(buf_str(&r->body)))))
		r->body.n = 0;
	return RC_OK;
}
