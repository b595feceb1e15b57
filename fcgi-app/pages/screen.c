/*
 * The screen for the projector: QR code, typed code, countdown, how many are here.
 *
 * Without scripts the page asks for itself again when its code ends.  With them it fetches this
 * code and the next one ahead, so that the display changes on time.
 */
#include "codec/json.h"
#include "core/wall.h"
#include "doc/qr.h"
#include "pages/attendance.h"
#include "pages/attendance_part.h"
#include "view/live.h"
#include "view/tpl_pages_screen.h"
#include "web/worker.h"

struct screen_in {
	int64_t id;
	int names, dark;
};
static const char *const yes_words[] = { "0", "1", NULL };
FIELDS(screen_fields, screen_in, FIELD(ID, screen_in, id, PATH),
       FIELD(CHOICE, screen_in, names, QUERY, .words = yes_words, .fallback = -1),
       FIELD(CHOICE, screen_in, dark, QUERY, .words = yes_words));

struct screen {
	struct attendance s;
	struct page page;
	struct view_screen v;
};

/* "<base_url>/c/C1-…" as one path of the symbol. */
static enum rc qr_of(struct req *q, const struct attendance *s, int64_t step, int *ret_size,
		     struct str *ret_path, struct error *e)
{
	char token[ROTATING_TOKEN_MAX];
	struct str url;

	TRY(rotating_token(s->code_key, s->id, step, token, e));
	url = arena_printf(q->core.arena, "%.*s/c/%s", STR_ARG(q->core.config->base_url), token);
	if (!url.p)
		return ERROR_MEMORY(e);
	return qr_path(q->core.arena, url, ret_size, ret_path, e);
}

static enum rc read_screen(struct req *q, const struct screen_in *in, struct screen *x,
			   struct error *e)
{
	x->v = (struct view_screen){ 0 };
	TRY(attendance_get(&q->core, in->id, &x->s, e));
	TRY(page_init(&x->page, q, x->s.title, e));
	x->v.page = &x->page.view;
	x->v.s = &x->s;
	x->v.state = str_from(attendance_state_name(x->s.state));
	x->v.opens_tod = core_wall(&q->core, x->s.zone, x->s.opens_at).tod;
	x->v.closes_tod = core_wall(&q->core, x->s.zone, x->s.closes_at).tod;
	x->v.n_here = x->s.n_present + x->s.n_late;
	x->v.n_flagged = x->s.n_flagged;
	x->v.ring = attendance_ring(q->core.arena, x->v.n_here, x->s.n_expected);
	x->v.period_s = x->s.code_period_s;
	x->v.shows_names = in->names < 0 ? x->s.names_on_screen : in->names == 1;
	x->v.is_dark = in->dark == 1;
	if (x->v.shows_names)
		TRY(live_arrivals(&q->core, &x->s, &x->v.arrivals, &x->v.n_arrivals, e));
	return RC_OK;
}

/* What people type: without the scheme. */
static struct str typed_address(struct arena *a, struct str base)
{
	size_t at = str_find(base, STR("://"));

	return arena_printf(a, "%.*s/c",
			    STR_ARG(at == SIZE_MAX ? base : str_from_pos(base, at + 3)));
}

static void fill_links(struct screen *x)
{
	long long id = (long long)x->s.id;

	x->v.names_href = arena_printf(x->page.arena, "/attendance/%lld/screen?names=%d&dark=%d",
				       id, !x->v.shows_names, x->v.is_dark);
	x->v.dark_href = arena_printf(x->page.arena, "/attendance/%lld/screen?names=%d&dark=%d", id,
				      x->v.shows_names, !x->v.is_dark);
}

enum rc page_screen(struct req *q, struct resp *r, struct error *e)
{
	struct tpl t = req_tpl(q, r);
	struct screen_in in;
	struct screen x;
	int64_t step, left_us;
	enum rc rc = req_read(q, &in, e);

	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	error_init(e);
	TRY(read_screen(q, &in, &x, e));
	step = rotating_step(q->core.now_us, x.s.code_period_s);
	left_us = rotating_step_ends(q->core.now_us, x.s.code_period_s) - q->core.now_us;
	x.v.left_s = (left_us + US_PER_S - 1) / US_PER_S;
	x.v.tick = attendance_ring(q->core.arena, left_us, x.s.code_period_s * US_PER_S);
	TRY(attendance_code(&x.page, &x.s, step, &x.v.code, &x.v.spelled, e));
	if (x.v.code.n)
		TRY(qr_of(q, &x.s, step, &x.v.qr_size, &x.v.qr_path, e));
	x.v.address = typed_address(q->core.arena, q->core.config->base_url);
	x.page.view.module = MODULE_SCREEN;
	x.page.view.refresh_s = x.v.code.n ? x.v.left_s : x.s.code_period_s;
	fill_links(&x);
	x.v.texts = (struct view_screen_texts){ page_text(&x.page, N_("{n} of {all} checked in")),
						page_text(&x.page, N_("of {n}")),
						page_text(&x.page, N_("New code in {n} s")) };
	r->cache = RESP_CACHE_NONE;
	tpl_pages_screen(&t, &x.v);
	return RC_OK;
}

/* ---- what changes on it --------------------------------------------------------------------- */

static enum rc put_code(struct req *q, const struct screen *x, int64_t step, struct json_out *o,
			struct error *e)
{
	struct str code, spelled, path = { 0 };
	int size = 0;

	TRY(attendance_code(&x->page, &x->s, step, &code, &spelled, e));
	if (!code.n)
		return RC_OK;
	TRY(qr_of(q, &x->s, step, &size, &path, e));
	json_out_object(o);
	json_out_key_str(o, "code", code);
	json_out_key_str(o, "spelled", spelled);
	json_out_key_i64(o, "size", size);
	json_out_key_str(o, "path", path);
	json_out_key_i64(o, "ends", (step + 1) * x->s.code_period_s * 1000);
	json_out_object_end(o);
	return RC_OK;
}

enum rc page_screen_code(struct req *q, struct resp *r, struct error *e)
{
	struct screen_in in;
	struct json_out o;
	struct screen x;
	int64_t step;
	enum rc rc = req_read(q, &in, e);

	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	error_init(e);
	TRY(read_screen(q, &in, &x, e));
	step = rotating_step(q->core.now_us, x.s.code_period_s);
	r->cache = RESP_CACHE_NONE;
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_i64(&o, "now", q->core.now_us / 1000);
	json_out_key_i64(&o, "period", x.s.code_period_s * 1000);
	json_out_key_array(&o, "codes");
	TRY(put_code(q, &x, step, &o, e));
	TRY(put_code(q, &x, step + 1, &o, e));
	json_out_array_end(&o);
	TRY(live_screen(&q->core, q->lang, &x.s, x.v.arrivals, x.v.n_arrivals, &o, e));
	json_out_object_end(&o);
	return buf_ok(&r->body) ? RC_OK : ERROR_MEMORY(e);
}
