/*
 * What open pages of attendance are kept up to date with.
 */
#include "view/live.h"

#include <stdlib.h>

#include "core/attendance/claim.h"
#include "core/wall.h"
#include "view/flagged.h"
#include "view/text.h"
#include "view/tpl_partials_flagged.h"

#define FLAGGED_HTML_MAX ((size_t)4 << 20)

/* ---- the register --------------------------------------------------------------------------- */

void live_row(struct json_out *o, const struct view_register_row *row)
{
	json_out_array(o);
	json_out_i64(o, row->r->person_id);
	json_out_i64(o, row->r->version);
	json_out_str(o, str_from(row->key));
	json_out_str(o, row->by);
	json_out_i64(o, row->r->open_attempt_id);
	json_out_array_end(o);
}

void live_counts(struct json_out *o, const struct register_list *l)
{
	json_out_key_object(o, "n");
	for (enum mark m = MARK_NONE; m < MARK__MAX; m++)
		json_out_key_i64(o, mark_key(m), l->n[m]);
	json_out_key_i64(o, "flagged", l->n_flagged);
	json_out_key_i64(o, "all", (int64_t)l->n_rows);
	json_out_object_end(o);
}

static enum rc flagged_html(struct core *c, struct tpl *t, const struct attendance *s,
			    struct str *ret, struct error *e)
{
	struct view_console v = { .s = s };
	struct tpl_capture capture;

	TRY(flagged_view(c, t->lang, s->id, s->zone, &v.flagged, &v.n_flagged, e));
	tpl_capture_begin(t, &capture, FLAGGED_HTML_MAX);
	tpl_partials_flagged(t, &v);
	*ret = tpl_capture_end(t, &capture).html;
	return buf_ok(t->out) ? RC_OK : ERROR_MEMORY(e);
}

/* Their ids alone: the page asks itself for what it does not show yet (static/console.js). */
static enum rc put_claims(struct core *c, int64_t attendance_id, struct json_out *o,
			  struct error *e)
{
	const struct claim_query query = { .show = CLAIM_SHOW_WAITING,
					   .attendance_id = attendance_id };
	const struct claim_row *rows;
	int64_t n_waiting, total;
	size_t n = 0;

	TRY(claim_waiting(c, attendance_id, &n_waiting, e));
	if (n_waiting)
		TRY(claim_list(c, &query, &rows, &n, &total, e));
	json_out_key_array(o, "claims");
	for (size_t i = 0; i < n; i++)
		json_out_i64(o, rows[i].s->id);
	json_out_array_end(o);
	return RC_OK;
}

enum rc live_console(struct core *c, struct tpl *t, struct attendance *s, struct json_out *o,
		     struct error *e)
{
	struct view_register_row *rows;
	struct view_mark marks[4];
	struct register_list l;
	struct str html = { 0 };

	TRY(attendance_expect(c, s, e));
	TRY(register_get(c, s, &l, e));
	TRY(attendance_marks(c, t->lang, marks, e));
	TRY(register_view_rows(c, t->lang, s, &l, marks, &rows, e));
	if (l.n_flagged > 0)
		TRY(flagged_html(c, t, s, &html, e));
	json_out_object(o);
	json_out_key_cz(o, "state", attendance_state_name(s->state));
	json_out_key_i64(o, "closes", s->closes_at / 1000);
	json_out_key_i64(o, "expected", s->n_expected);
	live_counts(o, &l);
	json_out_key_array(o, "rows");
	for (size_t i = 0; i < l.n_rows; i++)
		live_row(o, &rows[i]);
	json_out_array_end(o);
	json_out_key_str(o, "flagged", html);
	if (s->may_work)
		TRY(put_claims(c, s->id, o, e));
	json_out_object_end(o);
	return RC_OK;
}

/* ---- the projector -------------------------------------------------------------------------- */

/* First name and initial. */
static struct str short_name(struct arena *a, const struct register_row *r)
{
	struct str initial = utf8_prefix(r->family_name, 1);

	if (!r->given_name.n || !initial.n)
		return r->given_name.n ? r->given_name : initial;
	return arena_printf(a, "%.*s %.*s.", STR_ARG(r->given_name), STR_ARG(initial));
}

static int later(const void *a, const void *b)
{
	const struct register_row *x = *(const struct register_row *const *)a;
	const struct register_row *y = *(const struct register_row *const *)b;

	return (x->happened_at < y->happened_at) - (x->happened_at > y->happened_at);
}

enum rc live_arrivals(struct core *c, const struct attendance *s, const struct view_arrival **ret,
		      size_t *ret_n, struct error *e)
{
	const struct register_row **here;
	struct view_arrival *out;
	struct register_list l;
	size_t n = 0;

	TRY(register_get(c, s, &l, e));
	here = ARENA_ARRAY(c->arena, l.n_rows, const struct register_row *);
	out = ARENA_ARRAY(c->arena, LIVE_ARRIVALS_MAX, struct view_arrival);
	if (!here || !out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < l.n_rows; i++)
		if (l.rows[i].mark == MARK_PRESENT || l.rows[i].mark == MARK_LATE)
			here[n++] = &l.rows[i];
	qsort(here, n, sizeof *here, later);
	if (n > LIVE_ARRIVALS_MAX)
		n = LIVE_ARRIVALS_MAX;
	for (size_t i = 0; i < n; i++)
		out[i] = (struct view_arrival){ short_name(c->arena, here[i]),
						core_wall(c, s->zone, here[i]->happened_at).tod };
	*ret = out;
	*ret_n = n;
	return RC_OK;
}

/* "20 present, 3 late. 3 more are being checked." */
static struct str counts_text(struct arena *a, enum lang lang, const struct attendance *s)
{
	struct str text = TEXT_FILL(a, lang, N_("{present} present, {late} late."),
				    { "present", arena_printf(a, "%lld", (long long)s->n_present) },
				    { "late", arena_printf(a, "%lld", (long long)s->n_late) });

	if (s->n_flagged == 0)
		return text;
	return arena_printf(a, "%.*s %.*s", STR_ARG(text),
			    STR_ARG(catalogue_text_n(a, lang,
						     NN_("{n} more is being checked.",
							 "{n} more are being checked."),
						     s->n_flagged)));
}

static void put_arrivals(const struct view_arrival *arrivals, size_t n, struct json_out *o)
{
	char hm[6];

	json_out_key_array(o, "arrivals");
	for (size_t i = 0; i < n; i++) {
		json_out_array(o);
		json_out_str(o, arrivals[i].name);
		json_out_str(o, tod_format_hm(arrivals[i].tod, hm));
		json_out_array_end(o);
	}
	json_out_array_end(o);
}

enum rc live_screen(struct core *c, enum lang lang, const struct attendance *s,
		    const struct view_arrival *arrivals, size_t n, struct json_out *o,
		    struct error *e)
{
	struct str counts = counts_text(c->arena, lang, s);

	if (!counts.p)
		return ERROR_MEMORY(e);
	json_out_key_cz(o, "state", attendance_state_name(s->state));
	json_out_key_i64(o, "here", s->n_present + s->n_late);
	json_out_key_i64(o, "expected", s->n_expected);
	json_out_key_str(o, "counts", counts);
	json_out_key_i64(o, "closes", s->closes_at / 1000);
	put_arrivals(arrivals, n, o);
	return RC_OK;
}
