/*
 * The console: its page, and what keeps an open one up to date.
 *
 * A page that is open asks for /live each few seconds.  The answer is small, and 304 as long as it
 * would be the same.
 */
#include "pages/console.h"

#include "pages/console_live.h"
#include "view/tpl_partials_flagged.h"

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

void console_json_row(struct json_out *o, const struct view_register_row *row)
{
	json_out_array(o);
	json_out_i64(o, row->r->person_id);
	json_out_i64(o, row->r->version);
	json_out_str(o, str_from(row->key));
	json_out_str(o, row->by);
	json_out_i64(o, row->r->open_attempt_id);
	json_out_array_end(o);
}

void console_json_counts(struct json_out *o, const struct register_list *l)
{
	json_out_key_object(o, "n");
	for (enum mark m = MARK_NONE; m < MARK__MAX; m++)
		json_out_key_i64(o, mark_key(m), l->n[m]);
	json_out_key_i64(o, "flagged", l->n_flagged);
	json_out_key_i64(o, "all", (int64_t)l->n_rows);
	json_out_object_end(o);
}

/* FNV-1a: names a state, keeps no secret. */
static uint64_t hash_of(struct str s)
{
	uint64_t h = 0xcbf29ce484222325U;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3U;
	return h;
}

static enum rc flagged_html(struct req *q, struct resp *r, struct console *c, struct str *ret,
			    struct error *e)
{
	struct tpl t = req_tpl(q, r);
	struct tpl_capture capture;

	TRY(console_flagged(c, e));
	tpl_capture_begin(&t, &capture, (size_t)4 << 20);
	tpl_partials_flagged(&t, &c->v);
	*ret = tpl_capture_end(&t, &capture).html;
	return buf_ok(t.out) ? RC_OK : ERROR_MEMORY(e);
}

enum rc page_console_live(struct req *q, struct resp *r, struct error *e)
{
	struct console_in in;
	struct console c = { 0 };
	struct str html = { 0 };
	struct view_register_row *rows;
	struct json_out o;

	TRY(read_in(q, &in, e));
	TRY(attendance_get(&q->core, in.id, &c.s, e));
	TRY(page_init(&c.page, q, c.s.title, e));
	TRY(register_get(&q->core, &c.s, &c.l, e));
	TRY(attendance_marks(&c.page, c.v.marks, e));
	TRY(register_view_rows(&c.page, &c.s, &c.l, c.v.marks, &rows, e));
	c.v.s = &c.s;
	if (c.l.n_flagged > 0)
		TRY(flagged_html(q, r, &c, &html, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_cz(&o, "state", attendance_state_name(c.s.state));
	json_out_key_i64(&o, "closes", c.s.closes_at / 1000);
	json_out_key_i64(&o, "expected", c.s.n_expected);
	console_json_counts(&o, &c.l);
	json_out_key_array(&o, "rows");
	for (size_t i = 0; i < c.l.n_rows; i++)
		console_json_row(&o, &rows[i]);
	json_out_array_end(&o);
	json_out_key_str(&o, "flagged", html);
	json_out_object_end(&o);
	if (!buf_ok(&r->body))
		return ERROR_MEMORY(e);
	if (resp_not_modified(q, r,
			      arena_printf(q->core.arena, "live-%016llx",
					   (unsigned long long)hash_of(buf_str(&r->body)))))
		r->body.n = 0;
	return RC_OK;
}
