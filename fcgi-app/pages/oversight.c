/*
 * The overview, and the completions of all teachers: list, bulk, codes.
 *
 * Filters that make no sense are as if they were not given.  A bulk action goes to the
 * address of the list it was chosen in; when all of it could be done it redirects there and says
 * so with the way back, else the list is shown again with what was refused and why.
 */
#include "pages/oversight.h"

#include "codec/url.h"
#include "core/wall.h"
#include "pages/oversight_view.h"
#include "pages/requests_view.h"
#include "pages/session_view.h"
#include "view/text.h"
#include "view/tpl_pages_completions.h"
#include "view/tpl_pages_completions_results.h"
#include "view/tpl_pages_overview.h"
#include "view/tpl_pages_verify_code.h"
#include "view/tpl_partials_verdict.h"
#include "web/worker.h"

/* ---- the overview ----------------------------------------------------------------------- */

#define WAITING_FILES    5
#define WAITING_REQUESTS 5

static enum rc fill_teachers(struct page *p, struct view_overview *v, struct error *e)
{
	const struct oversight_overview *o = v->o;
	struct view_teacher_row *rows =
		ARENA_ARRAY(p->arena, o->n_teachers, struct view_teacher_row);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < o->n_teachers; i++) {
		const struct oversight_teacher *t = &o->teachers[i];
		struct oversight_query q = { .state = OVERSIGHT_ANY,
					     .period = PERIOD_LAST_30,
					     .teacher_id = t->teacher_id == COLUMN_NULL
								   ? 0
								   : t->teacher_id };

		rows[i].t = t;
		rows[i].done = t->n_held ? t->n_completed * 10000 / t->n_held : 0;
		rows[i].label = TEXT_FILL(
			p->arena, p->lang, N_("{n} of {total} completed"),
			{ "n", arena_printf(p->arena, "%lld", (long long)t->n_completed) },
			{ "total", arena_printf(p->arena, "%lld", (long long)t->n_held) });
		rows[i].href =
			oversight_address(p->arena, &q, (struct oversight_place){ 0 }, false);
		q.state = OVERSIGHT_MISSING;
		rows[i].missing_href =
			oversight_address(p->arena, &q, (struct oversight_place){ 0 }, false);
		if (!rows[i].href.p || !rows[i].missing_href.p)
			return ERROR_MEMORY(e);
	}
	v->teachers = rows;
	v->n_teachers = o->n_teachers;
	return RC_OK;
}

static enum rc fill_waiting(struct page *p, struct view_overview *v, struct error *e)
{
	struct review_query q = { .from_day = NO_DAY, .to_day = NO_DAY };
	struct view_waiting_file *files;
	struct review_list list;

	TRY(review_list(p->core, &q, &list, e));
	v->waiting = (struct view_bounded){ list.total, list.is_more };
	v->n_files = list.n_rows < WAITING_FILES ? list.n_rows : WAITING_FILES;
	files = ARENA_ARRAY(p->arena, v->n_files, struct view_waiting_file);
	if (!files)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < v->n_files; i++) {
		struct wall at = core_wall(p->core, (struct str){ 0 }, list.rows[i].created_at);

		files[i] =
			(struct view_waiting_file){ &list.rows[i],
						    arena_printf(p->arena, "/admin/uploads#f-%lld",
								 (long long)list.rows[i].id),
						    at.day, at.tod };
		if (!files[i].href.p)
			return ERROR_MEMORY(e);
	}
	v->files = files;
	return RC_OK;
}

/* The next ones that wait, with what is beside them. */
static enum rc fill_requests(struct page *p, struct tpl *t, struct view_overview *v,
			     struct error *e)
{
	const struct request_query q = { .tab = REQUEST_TAB_WAITING,
					 .kind = -1,
					 .from_day = NO_DAY,
					 .to_day = NO_DAY,
					 .by_day = true,
					 .page_size = WAITING_REQUESTS };
	struct view_requests *to = &v->requests;
	struct request_list list;

	TRY(request_list(p->core, &q, &list, e));
	to->page = &p->view;
	to->counts = list.counts;
	to->n_waiting = list.counts.n_pending + list.counts.n_question;
	to->self = STR("/admin/requests");
	to->n_rows = list.n_rows;
	p->view.n_requests = to->n_waiting;
	return requests_view_rows(p, t, list.rows, list.beside, list.n_rows, &to->rows, e);
}

enum rc page_overview(struct req *q, struct resp *r, struct error *e)
{
	struct oversight_overview o;
	struct view_overview v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct page p;
	int year;

	TRY(oversight_overview(&q->core, q->worker->overviews, &o, e));
	TRY(page_init(&p, q, req_text(q, N_("Overview")), e));
	p.view.nav = NAV_OVERVIEW;
	p.view.module = MODULE_ROWS;
	p.view.has_htmx = true;
	p.view.nav_current = STR("page");
	v.page = &p.view;
	v.o = &o;
	v.week = day_iso_week(o.today, &year);
	v.is_all = q->who.role == ROLE_SUPER_ADMIN;
	v.missing = oversight_bounded(o.counts.n_missing);
	v.to_check = oversight_bounded(o.counts.n_to_check);
	v.returned = oversight_bounded(o.counts.n_returned);
	TRY(fill_teachers(&p, &v, e));
	TRY(fill_waiting(&p, &v, e));
	TRY(fill_requests(&p, &t, &v, e));
	tpl_pages_overview(&t, &v);
	return RC_OK;
}

/* ---- completions ------------------------------------------------------------------------ */

static const char *const act_words[] = { "check", "return", "uncheck", "remind", NULL };
static const enum oversight_act acts[] = { OVERSIGHT_CHECK, OVERSIGHT_RETURN, OVERSIGHT_UNCHECK,
					   OVERSIGHT_REMIND };

struct completions_in {
	struct str tab, q, period, order, past, done, on;
	int64_t branch, teacher, course, group, late;
	bool back;
	/* Of the form. */
	int act; /* of act_words; -1: none */
	struct field_list pick;
	struct str one_check, one_uncheck, one_remind, undo, reason;
};

#define LIST_FIELDS                                                                                \
	FIELD(TEXT, completions_in, tab, QUERY),                                                   \
		FIELD(TEXT, completions_in, q, QUERY, .max = 1000),                                \
		FIELD(TEXT, completions_in, period, QUERY),                                        \
		FIELD(TEXT, completions_in, order, QUERY),                                         \
		FIELD(TEXT, completions_in, past, QUERY),                                          \
		FIELD(TEXT, completions_in, done, QUERY),                                          \
		FIELD(TEXT, completions_in, on, QUERY, .max = 4000),                               \
		FIELD(ID, completions_in, branch, QUERY),                                          \
		FIELD(ID, completions_in, teacher, QUERY),                                         \
		FIELD(ID, completions_in, course, QUERY), FIELD(ID, completions_in, group, QUERY), \
		FIELD(INT, completions_in, late, QUERY, .min = 0, .max = 1000),                    \
		FIELD(BOOL, completions_in, back, QUERY)

FIELDS(completions_fields, completions_in, LIST_FIELDS);
FIELDS(completions_act_fields, completions_in, LIST_FIELDS,
       FIELD_AS(CHOICE, completions_in, act, "do", FORM, .words = act_words, .fallback = -1),
       FIELD(LIST, completions_in, pick, FORM), FIELD(TEXT, completions_in, one_check, FORM),
       FIELD(TEXT, completions_in, one_uncheck, FORM),
       FIELD(TEXT, completions_in, one_remind, FORM),
       FIELD(TEXT, completions_in, undo, FORM, .max = 4000),
       FIELD(LONG_TEXT, completions_in, reason, FORM, .max = 1024 * 1024));

static struct oversight_query query_of(const struct completions_in *in)
{
	struct oversight_query s = { .search = in->q,
				     .branch_id = in->branch,
				     .teacher_id = in->teacher,
				     .course_id = in->course,
				     .class_id = in->group,
				     .late_min = in->late,
				     .from_day = NO_DAY,
				     .to_day = NO_DAY };

	if (!oversight_state_from(in->tab, &s.state))
		s.state = OVERSIGHT_MISSING;
	if (!period_from(in->period, &s.period) || s.period == PERIOD_RANGE)
		s.period = PERIOD_DEFAULT;
	s.oldest_first = str_eq(in->order, STR("asc"));
	if (oversight_place_from(in->past, &s.past))
		s.backwards = in->back;
	return s;
}

/* Picks of a text, at most a page of them; what is none is left out. */
static enum rc picks_of(struct arena *a, const struct str *texts, size_t n,
			const struct oversight_pick **ret, size_t *ret_n, struct error *e)
{
	struct oversight_pick *picks = ARENA_ARRAY(a, n, struct oversight_pick);
	size_t n_picks = 0;

	if (!picks)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		n_picks += oversight_pick_from(texts[i], &picks[n_picks]);
	*ret = picks;
	*ret_n = n_picks;
	return RC_OK;
}

static enum rc picks_of_text(struct arena *a, struct str text, const struct oversight_pick **ret,
			     size_t *ret_n, struct error *e)
{
	struct str texts[OVERSIGHT_PAGE], rest = text, part;
	size_t n = 0;

	while (n < ARRAY_LEN(texts) && text.n && str_split(&rest, ' ', &part))
		texts[n++] = part;
	return picks_of(a, texts, n, ret, ret_n, e);
}

/* "12 signed off, undo": the address says it; what the undo does is checked again then. */
static enum rc fill_flash(struct page *p, const struct completions_in *in, struct view_oversight *v,
			  struct error *e)
{
	static const struct {
		const char *word;
		enum oversight_act act;
	} words[] = { { "signed-off", OVERSIGHT_CHECK },
		      { "taken-back", OVERSIGHT_UNCHECK },
		      { "returned", OVERSIGHT_RETURN },
		      { "reminded", OVERSIGHT_REMIND } };
	const struct oversight_pick *picks;
	size_t n;

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!str_eq(in->done, str_from(words[i].word)))
			continue;
		TRY(picks_of_text(p->arena, in->on, &picks, &n, e));
		v->report = (struct view_oversight_report){ .act = words[i].act, .n = (int64_t)n };
		if (words[i].act == OVERSIGHT_CHECK && n)
			v->report.undo = oversight_picks_text(p->arena, picks, n);
	}
	return RC_OK;
}

/* What of a form is shown with the list: all NULL and 0 for the list alone. */
struct again {
	const struct error *failed;
	const struct oversight_report *report;
	enum oversight_act act;
	const struct oversight_pick *picks;
	size_t n_picks;
};

static const struct form_field bulk_fields[] = { { "reason", "b-reason", N_("Reason") } };

static void fill_failed(struct page *p, const struct req *q, const struct error *failed,
			struct view_oversight *v)
{
	v->errors = form_errors(p->arena, p->lang, failed, bulk_fields, ARRAY_LEN(bulk_fields));
	v->reason = req_raw(q, "reason");
	v->reason_error = field_error(p->arena, p->lang, failed, "reason", "b-reason-e");
}

static enum rc show(struct req *q, struct resp *r, const struct completions_in *in,
		    const struct again *again, struct error *e)
{
	struct oversight_query query = query_of(in);
	struct oversight_list list;
	struct view_oversight v = { 0 };
	struct page p;
	struct tpl t;

	TRY(oversight_list_of(&q->core, &query, &list, e));
	TRY(page_init(&p, q, req_text(q, N_("Completions")), e));
	v.page = &p.view;
	TRY(oversight_view_fill(&p, &list, again->picks, again->n_picks, &v, e));
	t = req_tpl(q, r);
	if (q->is_htmx) {
		tpl_pages_completions_results(&t, &v);
		return RC_OK;
	}
	p.view.nav = NAV_COMPLETIONS;
	p.view.nav_current = STR("page");
	p.view.has_htmx = true;
	p.view.module = MODULE_ROWS;
	p.view.here = v.self;
	TRY(oversight_view_options(&p, &v, e));
	TRY(fill_flash(&p, in, &v, e));
	if (again->report)
		TRY(oversight_view_report(&p, again->act, again->report, &v.report, e));
	if (again->failed)
		fill_failed(&p, q, again->failed, &v);
	tpl_pages_completions(&t, &v);
	return RC_OK;
}

enum rc page_completions(struct req *q, struct resp *r, struct error *e)
{
	struct completions_in in;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	return show(q, r, &in, &(struct again){ 0 }, e);
}

/* What the form asks for: the buttons of a row, the way back, or the bulk's. */
static enum rc read_act(struct req *q, const struct completions_in *in, struct again *a,
			struct error *e)
{
	if (in->one_check.n) {
		a->act = OVERSIGHT_CHECK;
		return picks_of_text(q->core.arena, in->one_check, &a->picks, &a->n_picks, e);
	}
	if (in->one_uncheck.n) {
		a->act = OVERSIGHT_UNCHECK;
		return picks_of_text(q->core.arena, in->one_uncheck, &a->picks, &a->n_picks, e);
	}
	if (in->one_remind.n) {
		a->act = OVERSIGHT_REMIND;
		return picks_of_text(q->core.arena, in->one_remind, &a->picks, &a->n_picks, e);
	}
	if (in->undo.n) {
		a->act = OVERSIGHT_UNCHECK;
		return picks_of_text(q->core.arena, in->undo, &a->picks, &a->n_picks, e);
	}
	if (in->act < 0)
		return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "no action is named");
	a->act = acts[in->act];
	return picks_of(q->core.arena, in->pick.v, in->pick.n, &a->picks, &a->n_picks, e);
}

static enum rc redirect_done(struct req *q, struct resp *r, const struct completions_in *in,
			     enum oversight_act act, const struct oversight_report *report,
			     struct error *e)
{
	static const char *const words[OVERSIGHT_ACT__MAX] = {
		[OVERSIGHT_CHECK] = "signed-off",
		[OVERSIGHT_UNCHECK] = "taken-back",
		[OVERSIGHT_RETURN] = "returned",
		[OVERSIGHT_REMIND] = "reminded",
	};
	struct oversight_query query = query_of(in);
	struct str list = oversight_address(q->core.arena, &query, query.past, query.backwards);
	struct str picks = oversight_picks_text(q->core.arena, report->done, report->n_done);
	struct buf b;

	if (!list.p || !picks.p)
		return ERROR_MEMORY(e);
	buf_init(&b, q->core.arena, 512, 8192);
	buf_printf(&b, "%.*s&done=%s&on=", STR_ARG(list), words[act]);
	url_query(&b, picks);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	resp_redirect(r, buf_str(&b));
	return RC_OK;
}

enum rc page_completions_act(struct req *q, struct resp *r, struct error *e)
{
	struct oversight_report report;
	struct completions_in in;
	struct again again = { 0 };
	struct error failed;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = read_act(q, &in, &again, e);
	if (rc == RC_OK)
		rc = oversight_act(&q->core, again.act, again.picks, again.n_picks, in.reason,
				   &report, e);
	if (page_is_form_error(rc)) {
		failed = *e;
		error_init(e);
		r->status = 422;
		again.failed = &failed;
		in.done = (struct str){ 0 };
		return show(q, r, &in, &again, e);
	}
	TRY(rc);
	if (!report.n_refused)
		return redirect_done(q, r, &in, again.act, &report, e);
	r->status = 409;
	again.report = &report;
	again.picks = NULL;
	again.n_picks = 0;
	in.done = (struct str){ 0 };
	return show(q, r, &in, &again, e);
}

/* ---- a code against a session -------------------------------------------------------------- */

struct verify_in {
	int64_t id;
	struct str code;
};
FIELDS(completion_verify_fields, verify_in, FIELD(ID, verify_in, id, PATH),
       FIELD(RAW, verify_in, code, QUERY, .max = 2000));

enum rc page_completion_verify(struct req *q, struct resp *r, struct error *e)
{
	struct view_code_match v = { 0 };
	struct session_detail d;
	struct verify_in in;
	struct page p;
	struct tpl t = req_tpl(q, r);
	enum rc rc = req_read(q, &in, e);

	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	TRY(session_get(&q->core, in.id, &d, e));
	TRY(page_init(&p, q, req_text(q, N_("Verify a code")), e));
	v.code_error.id = "v-code-e";
	if (rc == RC_OK && req_has(q, "code")) {
		error_init(e);
		rc = oversight_verify(&q->core, in.id, in.code, &v.verdict, e);
		v.has_verdict = rc == RC_OK;
	}
	if (rc == RC_INVALID)
		v.code_error = field_error(p.arena, p.lang, e, "code", "v-code-e");
	else
		TRY(rc);
	error_init(e);
	p.view.nav = NAV_COMPLETIONS;
	v.page = &p.view;
	v.d = &d;
	v.code = req_raw(q, "code");
	v.date = (struct view_today){ d.row.day, 0 };
	if (v.code_error.text.n)
		r->status = q->is_htmx ? 200 : 422;
	if (q->is_htmx)
		tpl_partials_verdict(&t, &v);
	else
		tpl_pages_verify_code(&t, &v);
	return RC_OK;
}
