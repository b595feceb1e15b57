/*
 * From core's rows to the teacher's console.
 */
#include "pages/console_view.h"

#include "codec/url.h"
#include "core/wall.h"
#include "pages/claims_part.h"
#include "view/flagged.h"
#include "view/tpl_pages_console.h"

const char *const console_show_words[] = { "all",  "none",    "flagged", "present",
					   "late", "excused", "absent",  NULL };

/* ---- the register --------------------------------------------------------------------------- */

static bool is_shown(const struct register_row *r, enum console_show show, struct str find)
{
	if (find.n && !attendance_finds(r, find))
		return false;
	switch (show) {
	case CONSOLE_NONE:
		return r->mark == MARK_NONE;
	case CONSOLE_FLAGGED:
		return r->open_attempt_id > 0;
	case CONSOLE_PRESENT:
		return r->mark == MARK_PRESENT;
	case CONSOLE_LATE:
		return r->mark == MARK_LATE;
	case CONSOLE_EXCUSED:
		return r->mark == MARK_EXCUSED;
	case CONSOLE_ABSENT:
		return r->mark == MARK_ABSENT;
	case CONSOLE_ALL:
	case CONSOLE_SHOW__MAX:
		break;
	}
	return true;
}

static enum rc fill_rows(struct console *c, enum console_show show, struct str find,
			 struct error *e)
{
	struct view_register_row *rows;

	TRY(register_view_rows(c->page.core, c->page.lang, &c->s, &c->l, c->v.marks, &rows, e));
	for (size_t i = 0; i < c->l.n_rows; i++) {
		rows[i].is_hidden = !is_shown(&c->l.rows[i], show, find);
		c->v.n_shown += !rows[i].is_hidden;
	}
	c->v.rows = rows;
	c->v.n_rows = c->l.n_rows;
	return RC_OK;
}

static struct str filter_href(struct console *c, const char *word, struct str find)
{
	struct buf b;

	buf_init(&b, c->page.arena, 64, 1024);
	buf_printf(&b, "/attendance/%lld?show=%s", (long long)c->s.id, word);
	if (find.n) {
		BUF_LIT(&b, "&q=");
		url_query(&b, find);
	}
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

static enum rc fill_filters(struct console *c, enum console_show show, struct str find,
			    struct error *e)
{
	const int64_t n[CONSOLE_SHOW__MAX] = {
		(int64_t)c->l.n_rows, c->l.n[MARK_NONE], c->l.n_flagged,
		c->l.n[MARK_PRESENT], c->l.n[MARK_LATE], c->l.n[MARK_EXCUSED],
		c->l.n[MARK_ABSENT],
	};
	static const struct catalogue_key all = NC_("students", "All");
	static const char *const keys[] = { "all", "n", "flagged", "p", "l", "e", "a" };
	struct view_register_filter *out =
		ARENA_ARRAY(c->page.arena, CONSOLE_SHOW__MAX, struct view_register_filter);

	if (!out)
		return ERROR_MEMORY(e);
	for (int i = 0; i < CONSOLE_SHOW__MAX; i++) {
		out[i] = (struct view_register_filter){
			.word = keys[i],
			.href = filter_href(c, console_show_words[i], find),
			.n = n[i],
			.is_chosen = i == (int)show,
		};
		if (i >= CONSOLE_PRESENT)
			out[i].name = c->v.marks[i - CONSOLE_PRESENT].label;
	}
	out[CONSOLE_ALL].name = catalogue_text_ctx(c->page.lang, all);
	out[CONSOLE_NONE].name = page_text(&c->page, N_("No mark"));
	out[CONSOLE_FLAGGED].name = page_text(&c->page, N_("Flagged"));
	c->v.filters = out;
	c->v.n_filters = CONSOLE_SHOW__MAX;
	return RC_OK;
}

/* ---- flagged -------------------------------------------------------------------------------- */

enum rc console_flagged(struct console *c, struct error *e)
{
	return flagged_view(c->page.core, c->page.lang, c->s.id, c->s.zone, &c->v.flagged,
			    &c->v.n_flagged, e);
}

/* ---- guests --------------------------------------------------------------------------------- */

/* A guest can be any student of the list who is not here already. */
static enum rc fill_guests(struct console *c, struct error *e)
{
	struct view_option *people = ARENA_ARRAY(c->page.arena, c->l.n_rows, struct view_option);
	struct view_guest *out = ARENA_ARRAY(c->page.arena, c->l.n_guests, struct view_guest);
	size_t n = 0;

	if (!people || !out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; c->l.n_guests && i < c->l.n_rows; i++) {
		enum mark m = c->l.rows[i].mark;

		if (m != MARK_PRESENT && m != MARK_LATE)
			people[n++] = (struct view_option){ c->l.rows[i].person_id,
							    c->v.rows[i].name, false };
	}
	for (size_t i = 0; i < c->l.n_guests; i++)
		out[i] = (struct view_guest){ &c->l.guests[i], c->s.id, people, n, c->s.may_work };
	c->v.guests = out;
	c->v.n_guests = c->l.n_guests;
	return RC_OK;
}

static void fill_texts(const struct page *p, struct view_console_texts *t)
{
	t->waiting = page_text(p, N_("Marks that wait here and are sent when it is back: {n}"));
	t->clash = page_text(p, N_("{name} set {now} meanwhile."));
	t->clash_self = page_text(p, N_("It became {now} meanwhile."));
	t->keep = page_text(p, N_("Keep {mark}"));
	t->set = page_text(p, N_("Set {mark}"));
	t->saved = page_text(p, N_("Saved at {time}"));
	t->failed = page_text(p, N_("This could not be saved: {why}"));
	t->changed = page_text(p, N_("Marked: {n}"));
	t->rest_absent = page_text(p, N_("Mark the other {n} absent"));
	t->rest_present = page_text(p, N_("Mark the other {n} present"));
	t->left = page_text(p, N_("in {n} min"));
	t->here = page_text(p, N_("{n} of {all} checked in"));
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void fill_head(struct console *c)
{
	const struct core *core = c->page.core;
	const struct attendance *s = &c->s;
	struct wall closed = core_wall(core, s->zone, s->closed_at);
	int64_t left = s->closes_at - core->now_us;
	struct view_console *v = &c->v;

	v->s = s;
	v->l = &c->l;
	v->state = str_from(attendance_state_name(s->state));
	v->is_live = attendance_is_live(s);
	v->is_early = s->state == ATTENDANCE_EARLY;
	v->is_paused = s->state == ATTENDANCE_PAUSED;
	v->is_closed = s->state == ATTENDANCE_CLOSED;
	v->opens_tod = core_wall(core, s->zone, s->opens_at).tod;
	v->closes_tod = core_wall(core, s->zone, s->closes_at).tod;
	v->closed_tod = closed.tod;
	v->closed_day = closed.day;
	v->left_min = left <= 0 ? 0 : (left + 60 * US_PER_S - 1) / (60 * US_PER_S);
	v->closes_ms = s->closes_at / 1000;
	v->now_ms = core->now_us / 1000;
	v->n_here = c->l.n[MARK_PRESENT] + c->l.n[MARK_LATE];
	v->n_unmarked = c->l.n[MARK_NONE];
	v->ring = attendance_ring(c->page.arena, v->n_here, s->n_expected);
	v->is_locked = s->session_date + s->lock_days < us_day(core->now_us);
	v->n_marks = 4;
	for (size_t i = 0; i < 4; i++)
		v->marks[i].n = c->l.n[v->marks[i].mark];
	v->guest_error.id = "guest-e";
	v->why_error.id = "why-e";
}

enum rc console_read(struct req *q, int64_t id, enum console_show show, struct str find,
		     struct console *ret, struct error *e)
{
	struct str spelled;
	char act[33] = "";

	TRY(attendance_see(&q->core, id, &ret->s, e));
	TRY(attendance_expect(&q->core, &ret->s, e));
	TRY(page_init(&ret->page, q, ret->s.title, e));
	ret->v = (struct view_console){ 0 };
	ret->page.view.nav = NAV_ATTENDANCE;
	ret->page.view.module = MODULE_CONSOLE;
	TRY(register_get(&q->core, &ret->s, &ret->l, e));
	TRY(attendance_marks(&q->core, q->lang, ret->v.marks, e));
	fill_head(ret);
	fill_texts(&ret->page, &ret->v.texts);
	TRY(attendance_code(&ret->page, &ret->s,
			    rotating_step(q->core.now_us, ret->s.code_period_s), &ret->v.code,
			    &spelled, e));
	TRY(fill_rows(ret, show, find, e));
	TRY(fill_filters(ret, show, find, e));
	TRY(fill_guests(ret, e));
	TRY(console_flagged(ret, e));
	if (ret->s.may_work)
		TRY(claims_of_attendance(&ret->page, id, &ret->v.claims, &ret->v.n_claims, e));
	if (ret->s.may_work)
		TRY(register_last_act(&q->core, id, act, e));
	ret->v.act = arena_str(ret->page.arena, str_from(act));
	ret->v.show = str_from(console_show_words[show]);
	ret->v.q = find;
	return RC_OK;
}

void console_draw(struct req *q, struct resp *r, struct console *c)
{
	struct tpl t = req_tpl(q, r);

	c->v.page = &c->page.view;
	tpl_pages_console(&t, &c->v);
}
