/*
 * The review of uploads.
 *
 * The address holds the filters and the file that is shown, also while a decision is sent,
 * so that what is drawn after a mistake is the list it was made in.  Filters that make no
 * sense are as if they were not given.
 */
#include "pages/reviews.h"

#include "base/num.h"
#include "pages/reviews_view.h"
#include "view/tpl_pages_uploads.h"
#include "view/tpl_pages_uploads_results.h"

static const char *const state_words[] = { "waiting", "approved", "quarantined", "removed", NULL };
static const char *const kind_words[] = { "", "pdf", "video", "audio", "document", "image", NULL };
static const char *const do_words[] = { "approve", "quarantine", "reopen", NULL };

struct reviews_in {
	int state, kind, decision;
	int64_t teacher, course, branch, page, file, n, changed, on, next;
	int32_t from, to;
	struct str done, reason;
	struct field_list pick;
};

FIELDS(reviews_fields, reviews_in, FIELD(CHOICE, reviews_in, state, QUERY, .words = state_words),
       FIELD(CHOICE, reviews_in, kind, QUERY, .words = kind_words),
       FIELD(ID, reviews_in, teacher, QUERY), FIELD(ID, reviews_in, course, QUERY),
       FIELD(ID, reviews_in, branch, QUERY), FIELD(DAY, reviews_in, from, QUERY),
       FIELD(DAY, reviews_in, to, QUERY),
       FIELD(INT, reviews_in, page, QUERY, .min = 1, .max = 1000000, .fallback = 1),
       FIELD(ID, reviews_in, file, QUERY), FIELD(TEXT, reviews_in, done, QUERY),
       FIELD(ID, reviews_in, on, QUERY),
       FIELD(INT, reviews_in, n, QUERY, .min = 0, .max = REVIEW_CHOICES_MAX),
       FIELD(INT, reviews_in, changed, QUERY, .min = 0, .max = REVIEW_CHOICES_MAX),
       FIELD_AS(CHOICE, reviews_in, decision, "do", FORM, .words = do_words, .fallback = -1),
       FIELD(RAW, reviews_in, reason, FORM, .max = 100000), FIELD(LIST, reviews_in, pick, FORM),
       FIELD(ID, reviews_in, next, FORM));

static const struct form_field form_fields[] = { { "reason", "reason", N_("Reason") },
						 { "file", "queue", N_("Files") },
						 { "to", "f-to", N_("To") } };

static struct review_ask ask_of(const struct reviews_in *in)
{
	struct review_ask ask = { .file = in->file };
	struct review_query *q = &ask.query;

	q->state = in->state < 0 ? REVIEW_WAITING : (enum review_state)in->state;
	q->has_class = in->kind > 0;
	q->class = in->kind > 0 ? (enum file_class)(in->kind - 1) : 0;
	q->teacher_id = in->teacher;
	q->course_id = in->course;
	q->branch_id = in->branch;
	q->from_day = in->from;
	q->to_day = in->to;
	q->page = in->page;
	return ask;
}

/* Bad values of the address are empty in `in` and mean the default. */
static enum rc read_in(struct req *q, struct reviews_in *in, struct error *e)
{
	enum rc rc = req_read(q, in, e);

	if (rc == RC_NO_MEMORY || rc == RC_TOO_BIG)
		return rc;
	error_init(e);
	return RC_OK;
}

/* ---- drawing ---------------------------------------------------------------------------- */

static enum rc fill_flash(struct page *p, const struct reviews_in *in,
			  struct view_review_flash *ret, struct error *e)
{
	struct review_row row;
	int decision = -1;
	enum rc rc;

	for (int i = 0; do_words[i]; i++)
		if (str_eq(in->done, str_from(do_words[i])))
			decision = i;
	if (decision < 0 || (in->n == 0 && in->changed == 0))
		return RC_OK;
	*ret = (struct view_review_flash){ .is_shown = true,
					   .decision = (enum review_decision)decision,
					   .n = in->n,
					   .n_changed = in->changed };
	if (in->on == 0 || in->n != 1)
		return RC_OK;
	rc = review_get(p->core, in->on, &row, e);
	if (rc == RC_NOT_FOUND) {
		error_init(e);
		return RC_OK;
	}
	TRY(rc);
	ret->name = row.name;
	if (decision != REVIEW_REOPEN &&
	    (row.state == REVIEW_APPROVED || row.state == REVIEW_QUARANTINED))
		ret->undo = arena_printf(p->arena, "%lld-%lld", (long long)row.id,
					 (long long)row.version);
	return RC_OK;
}

/* The list; when its dates are the wrong way round, without them and with the sentence. */
static enum rc read_list(struct page *p, struct review_ask *ask, struct view_reviews *v,
			 struct resp *r, struct error *e)
{
	struct error failed;
	enum rc rc = reviews_view_read(p, ask, v, e);

	if (rc != RC_INVALID)
		return rc;
	failed = *e;
	error_init(e);
	ask->query.from_day = NO_DAY;
	ask->query.to_day = NO_DAY;
	TRY(reviews_view_read(p, ask, v, e));
	r->status = 422;
	v->to_error = field_error(p->arena, p->lang, &failed, "to", "f-to-e");
	return RC_OK;
}

static enum rc begin(struct req *q, struct page *p, struct error *e)
{
	TRY(page_init(p, q, req_text(q, N_("Uploads to review")), e));
	p->view.nav = NAV_UPLOADS;
	p->view.nav_current = STR("page");
	p->view.has_htmx = true;
	return RC_OK;
}

static void draw(struct req *q, struct resp *r, struct page *p, struct view_reviews *v)
{
	struct tpl t = req_tpl(q, r);

	v->page = &p->view;
	v->is_part = q->is_htmx;
	if (!v->reason_error.id)
		v->reason_error.id = "reason-e";
	if (!v->to_error.id)
		v->to_error.id = "f-to-e";
	if (q->is_htmx)
		tpl_pages_uploads_results(&t, v);
	else
		tpl_pages_uploads(&t, v);
}

enum rc page_reviews(struct req *q, struct resp *r, struct error *e)
{
	struct reviews_in in;
	struct review_ask ask;
	struct view_reviews v;
	struct page p;

	TRY(read_in(q, &in, e));
	ask = ask_of(&in);
	TRY(begin(q, &p, e));
	TRY(read_list(&p, &ask, &v, r, e));
	TRY(fill_flash(&p, &in, &v.flash, e));
	draw(q, r, &p, &v);
	return RC_OK;
}

/* ---- deciding ----------------------------------------------------------------------------- */

/* "12-3": the attachment and the version that was looked at. */
static bool pick_from(struct str s, struct review_choice *ret)
{
	size_t at = str_find(s, STR("-"));

	return at != SIZE_MAX && num_i64(str_sub(s, 0, at), 1, INT64_MAX, &ret->attachment_id) &&
	       num_i64(str_from_pos(s, at + 1), 1, INT64_MAX, &ret->version);
}

static enum rc picks_of(struct req *q, const struct reviews_in *in,
			const struct review_choice **ret, struct error *e)
{
	struct review_choice *v = ARENA_ARRAY(q->core.arena, in->pick.n, struct review_choice);

	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < in->pick.n; i++)
		if (!pick_from(in->pick.v[i], &v[i]))
			return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "a pick out of shape");
	*ret = v;
	return RC_OK;
}

/* What the other admin made of the file, for the one who comes second. */
static enum rc fill_changed(struct page *p, struct view_reviews *v, struct error *e)
{
	static const struct catalogue_key names[REVIEW_STATE__MAX] = {
		[REVIEW_WAITING] = NC_("file", "Waiting"),
		[REVIEW_APPROVED] = NC_("file", "Approved"),
		[REVIEW_QUARANTINED] = NC_("file", "Quarantined"),
		[REVIEW_REMOVED] = NC_("file", "Removed"),
	};
	struct view_changed_value *values = ARENA_ARRAY(p->arena, 2, struct view_changed_value);

	if (!values)
		return ERROR_MEMORY(e);
	if (!v->one)
		return RC_OK;
	values[0] =
		(struct view_changed_value){ page_text(p, N_("State")),
					     catalogue_text_ctx(p->lang, names[v->one->r->state]) };
	values[1] = (struct view_changed_value){ page_text(p, N_("Reason")), v->one->r->reason };
	v->changed = (struct view_changed){ v->one->r->reviewer_name, v->one->r->reviewed_at,
					    values, v->one->r->reason.n ? 2 : 1 };
	return RC_OK;
}

/* The page again: with the fields at fault, or with what somebody else decided. */
static enum rc show_again(struct req *q, struct resp *r, const struct reviews_in *in,
			  const struct error *failed, struct error *e)
{
	struct review_ask ask = ask_of(in);
	struct review_choice picked;
	struct view_reviews v;
	struct page p;

	TRY(begin(q, &p, e));
	if (in->pick.n == 1 && pick_from(in->pick.v[0], &picked))
		ask.file = picked.attachment_id;
	TRY(read_list(&p, &ask, &v, r, e));
	v.reason = req_raw(q, "reason");
	v.is_bulk = in->pick.n != 1;
	for (size_t i = 0; i < v.n_rows; i++)
		for (size_t k = 0; v.is_bulk && k < in->pick.n; k++)
			if (str_eq(v.rows[i].pick, in->pick.v[k]))
				v.rows[i].is_picked = true;
	r->status = failed->rc == RC_CONFLICT ? 409 : 422;
	if (failed->rc == RC_CONFLICT) {
		TRY(fill_changed(&p, &v, e));
	} else {
		v.reason_error = field_error(p.arena, p.lang, failed, "reason",
					     v.is_bulk ? "bulk-reason-e" : "reason-e");
		v.errors =
			form_errors(p.arena, p.lang, failed, form_fields, ARRAY_LEN(form_fields));
	}
	draw(q, r, &p, &v);
	return RC_OK;
}

/* Back to the list, with what came of it; the next file is shown. */
static enum rc redirect(struct req *q, struct resp *r, const struct reviews_in *in,
			const struct review_choice *v, const struct review_done *done,
			struct error *e)
{
	struct review_ask ask = ask_of(in);
	struct str list = reviews_address(q->core.arena, &ask.query, in->page);
	struct buf b;

	buf_init(&b, q->core.arena, 256, 1024);
	buf_printf(&b, "%.*s&done=%s&n=%lld", STR_ARG(list), do_words[in->decision],
		   (long long)done->n_done);
	if (done->n_changed)
		buf_printf(&b, "&changed=%lld", (long long)done->n_changed);
	if (in->pick.n == 1)
		buf_printf(&b, "&on=%lld", (long long)v[0].attachment_id);
	if (in->next)
		buf_printf(&b, "&file=%lld", (long long)in->next);
	if (!list.p || !buf_ok(&b))
		return ERROR_MEMORY(e);
	resp_redirect(r, buf_str(&b));
	return RC_OK;
}

enum rc page_reviews_decide(struct req *q, struct resp *r, struct error *e)
{
	const struct review_choice *v = NULL;
	struct review_done done;
	struct reviews_in in;
	enum rc rc;

	TRY(read_in(q, &in, e));
	if (in.decision < 0)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no decision");
	TRY(picks_of(q, &in, &v, e));
	rc = review_decide(&q->core, v, in.pick.n, (enum review_decision)in.decision, in.reason,
			   &done, e);
	if (rc == RC_OK && in.pick.n == 1 && done.n_done == 0)
		rc = ERROR(e, RC_CONFLICT, REASON_CHANGED, "attachment %lld",
			   (long long)v[0].attachment_id);
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		return show_again(q, r, &in, &failed, e);
	}
	TRY(rc);
	return redirect(q, r, &in, v, &done, e);
}
