/*
 * What waits for teachers: the list with the facts side by side, decided one by one or several at
 * once; and the decided ones, which can be taken back.
 */
#include "base/num.h"
#include "pages/claims.h"
#include "pages/claims_part.h"
#include "view/tpl_pages_claims.h"

static const char *const show_words[] = { "waiting", "decided", NULL };
static const char *const do_words[] = { "approve", "reject", "reopen", NULL };

struct claims_in {
	int show;
	int64_t attendance, page, n, left;
	struct str done, undo;
};
FIELDS(claims_fields, claims_in, FIELD(CHOICE, claims_in, show, QUERY, .words = show_words),
       FIELD(ID, claims_in, attendance, QUERY),
       FIELD(INT, claims_in, page, QUERY, .min = 1, .max = 100000, .fallback = 1),
       FIELD(TEXT, claims_in, done, QUERY),
       FIELD(INT, claims_in, n, QUERY, .min = 0, .max = CLAIM_PICKS_MAX),
       FIELD(INT, claims_in, left, QUERY, .min = 0, .max = CLAIM_PICKS_MAX),
       FIELD(TEXT, claims_in, undo, QUERY, .max = 45));

struct decide_in {
	int what, show;
	int64_t attendance, page;
	bool one; /* the form of one card */
	struct field_list pick;
	struct str why, next;
};
FIELDS(claims_decide_fields, decide_in,
       FIELD_AS(CHOICE, decide_in, what, "do", FORM, .words = do_words, .required = true),
       FIELD(CHOICE, decide_in, show, FORM, .words = show_words),
       FIELD(ID, decide_in, attendance, FORM),
       FIELD(INT, decide_in, page, FORM, .min = 1, .max = 100000, .fallback = 1),
       FIELD(BOOL, decide_in, one, FORM), FIELD(LIST, decide_in, pick, FORM),
       FIELD(TEXT, decide_in, why, FORM, .max = 10000),
       FIELD(TEXT, decide_in, next, FORM, .max = 2000));

/* "12-3": item and version. */
static bool pick_from(struct str s, struct claim_pick *ret)
{
	struct str id;

	return str_split(&s, '-', &id) && num_i64(id, 1, INT64_MAX, &ret->id) &&
	       num_i64(s, 1, INT64_MAX, &ret->version);
}

/* ---- the list ------------------------------------------------------------------------------- */

static struct str list_path(struct arena *a, bool is_decided, int64_t attendance_id, int64_t page)
{
	struct buf b;

	buf_init(&b, a, 64, 256);
	buf_printf(&b, "/excuses/to-decide?show=%s", show_words[is_decided]);
	if (attendance_id)
		buf_printf(&b, "&attendance=%lld", (long long)attendance_id);
	if (page > 1)
		buf_printf(&b, "&page=%lld", (long long)page);
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

static enum rc fill_rows(struct page *p, const struct claim_query *query, struct view_claims *v,
			 struct error *e)
{
	struct str next = list_path(p->arena, v->is_decided, query->attendance_id, query->page);
	const struct claim_row *rows;
	struct status_set set;
	int64_t before = (query->page - 1) * CLAIM_PAGE;
	size_t n;

	TRY(claim_list(p->core, query, &rows, &n, &v->total, e));
	TRY(status_set_get(p->core, &set, e));
	v->rows = ARENA_ARRAY(p->arena, n, struct view_claim);
	if (!v->rows || !next.p)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		v->rows[v->n_rows++] = claim_view(p, &set, &rows[i], next);
	v->first = n ? before + 1 : 0;
	v->last = before + (int64_t)n;
	v->previous = query->page > 1 ? query->page - 1 : 0;
	v->next = v->last < v->total ? query->page + 1 : 0;
	return RC_OK;
}

static enum rc read_list(struct req *q, bool is_decided, int64_t attendance_id, int64_t page,
			 struct page *p, struct view_claims *v, struct error *e)
{
	const struct claim_query query = { .show = is_decided ? CLAIM_SHOW_DECIDED
							      : CLAIM_SHOW_WAITING,
					   .attendance_id = attendance_id,
					   .page = page < 1 ? 1 : page };
	struct attendance s;

	*v = (struct view_claims){ .is_decided = is_decided, .attendance_id = attendance_id };
	TRY(page_init(p, q, req_text(q, N_("Excuses and corrections")), e));
	p->view.nav = NAV_ATTENDANCE;
	v->page = &p->view;
	v->why_error.id = "why-e";
	if (attendance_id) {
		TRY(attendance_get(&q->core, attendance_id, &s, e));
		v->title = s.title;
	}
	return fill_rows(p, &query, v, e);
}

enum rc page_claims(struct req *q, struct resp *r, struct error *e)
{
	struct tpl t = req_tpl(q, r);
	struct claim_pick undo;
	struct claims_in in;
	struct view_claims v;
	struct page p;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	TRY(read_list(q, in.show == 1, in.attendance, in.page, &p, &v, e));
	v.flash = claim_flash_from(in.done);
	v.flash_n = in.n;
	v.flash_left = in.left;
	if (pick_from(in.undo, &undo))
		v.undo = in.undo;
	tpl_pages_claims(&t, &v);
	return RC_OK;
}

/* ---- deciding ------------------------------------------------------------------------------- */

static const struct form_field form_fields[] = {
	{ "why", "why", N_("Reason") },
	{ "pick", "list", N_("Chosen") },
	{ "do", "list", N_("Decision") },
};

/* The list again; of one card what was typed stays in it. */
static enum rc show_again(struct req *q, struct resp *r, const struct decide_in *in,
			  const struct error *failed, struct error *e)
{
	struct tpl t = req_tpl(q, r);
	struct claim_pick pick = { 0 };
	struct view_claims v;
	struct page p;

	TRY(read_list(q, in->show == 1, in->attendance, in->page, &p, &v, e));
	p.view.here = STR("/excuses/to-decide");
	r->status = failed->rc == RC_CONFLICT ? 409 : 422;
	v.errors = form_errors(p.arena, p.lang, failed, form_fields, ARRAY_LEN(form_fields));
	if (!in->one) {
		v.why = req_raw(q, "why");
		v.why_error = field_error(p.arena, p.lang, failed, "why", "why-e");
	}
	for (size_t i = 0; in->one && in->pick.n == 1 && i < v.n_rows; i++) {
		if (!pick_from(in->pick.v[0], &pick) || v.rows[i].c->s->id != pick.id)
			continue;
		v.rows[i].why = req_raw(q, "why");
		v.rows[i].why_error = field_error(
			p.arena, p.lang, failed, "why",
			str_cz(p.arena, arena_printf(p.arena, "why-%lld-e", (long long)pick.id)));
	}
	tpl_pages_claims(&t, &v);
	return RC_OK;
}

static enum rc take_picks(struct req *q, const struct decide_in *in, struct claim_pick **ret,
			  struct error *e)
{
	struct claim_pick *picks = ARENA_ARRAY(q->core.arena, in->pick.n, struct claim_pick);

	if (!picks)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < in->pick.n; i++)
		if (!pick_from(in->pick.v[i], &picks[i]))
			return ERROR_FIELD(e, "pick", REASON_NOT_A_CHOICE, 0);
	*ret = picks;
	return RC_OK;
}

/* One that was decided can be undone at once: its version went up by one. */
static void put_undo(struct buf *b, const struct decide_in *in, const struct claim_pick *picks)
{
	if (in->what != CLAIM_REOPEN && in->pick.n == 1)
		buf_printf(b, "&undo=%lld-%lld", (long long)picks[0].id,
			   (long long)picks[0].version + 1);
}

static enum rc answer(struct req *q, struct resp *r, const struct decide_in *in,
		      const struct claim_pick *picks, const struct claim_done *done,
		      struct error *e)
{
	static const enum claim_flash flashes[] = { CLAIM_FLASH_APPROVED, CLAIM_FLASH_REJECTED,
						    CLAIM_FLASH_REOPENED };
	bool is_ours = !in->next.n || str_starts(in->next, STR("/excuses/to-decide"));
	struct str list = list_path(q->core.arena, in->show == 1, in->attendance, in->page);
	struct buf b;

	buf_init(&b, q->core.arena, 128, 4096);
	if (is_ours) {
		buf_add(&b, list);
		buf_printf(&b, "&done=%s&n=%lld&left=%lld", claim_flash_name(flashes[in->what]),
			   (long long)done->n, (long long)done->n_left);
		put_undo(&b, in, picks);
	} else {
		buf_add(&b, req_local_path(in->next, list));
	}
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	resp_redirect(r, buf_str(&b));
	return RC_OK;
}

enum rc page_claims_decide(struct req *q, struct resp *r, struct error *e)
{
	struct claim_pick *picks = NULL;
	struct claim_done done;
	struct decide_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = take_picks(q, &in, &picks, e);
	if (rc == RC_OK)
		rc = claim_decide(&q->core, (enum claim_verb)in.what, picks, in.pick.n, in.why,
				  false, &done, e);
	if (page_is_form_error(rc)) {
		const struct error failed = *e;

		error_init(e);
		return show_again(q, r, &in, &failed, e);
	}
	TRY(rc);
	return answer(q, r, &in, picks, &done, e);
}
