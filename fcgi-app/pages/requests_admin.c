/*
 * Deciding requests: the list with its filters, several with one response, one by one.
 *
 * The form of the list goes to the address of the list, filters and all.  What can only be decided
 * with more to say (a clash, a class that is not known) leads to the page of the one.
 */
#include "base/num.h"
#include "pages/requests.h"
#include "pages/requests_one.h"
#include "pages/requests_view.h"
#include "view/tpl_pages_admin_requests.h"
#include "view/tpl_pages_admin_requests_results.h"

#define PAGE_MAX  100000
#define COUNT_MAX 1000

static const char *const tab_words[] = { "waiting", "approved", "rejected", "unmade", "all", NULL };
static const enum request_tab tabs[] = { REQUEST_TAB_WAITING, REQUEST_TAB_APPROVED,
					 REQUEST_TAB_REJECTED, REQUEST_TAB_UNMADE,
					 REQUEST_TAB_ALL };
static const char *const kind_words[] = { "", "course", "td", "tp", "exam", "workshop", NULL };
static const char *const do_words[] = { "approve", "reject", "ask", NULL };
static const enum request_flash flashes[] = { REQUEST_FLASH_APPROVED, REQUEST_FLASH_REJECTED,
					      REQUEST_FLASH_ASKED };

struct list_in {
	int tab, kind, what; /* of the words */
	struct str q, done, response, one_approve;
	int64_t branch, course, group, page, n, changed, clash, unmade;
	int32_t from, to;
	struct field_list pick;
};
#define LIST_FIELDS                                                                                \
	FIELD_AS(CHOICE, list_in, tab, "status", QUERY, .words = tab_words),                       \
		FIELD(CHOICE, list_in, kind, QUERY, .words = kind_words),                          \
		FIELD(TEXT, list_in, q, QUERY, .max = 1000), FIELD(TEXT, list_in, done, QUERY),    \
		FIELD(ID, list_in, branch, QUERY), FIELD(ID, list_in, course, QUERY),              \
		FIELD(ID, list_in, group, QUERY), FIELD(DAY, list_in, from, QUERY),                \
		FIELD(DAY, list_in, to, QUERY),                                                    \
		FIELD(INT, list_in, page, QUERY, .min = 1, .max = PAGE_MAX, .fallback = 1),        \
		FIELD(INT, list_in, n, QUERY, .min = 0, .max = COUNT_MAX),                         \
		FIELD(INT, list_in, changed, QUERY, .min = 0, .max = COUNT_MAX),                   \
		FIELD(INT, list_in, clash, QUERY, .min = 0, .max = COUNT_MAX),                     \
		FIELD(INT, list_in, unmade, QUERY, .min = 0, .max = COUNT_MAX)
FIELDS(requests_admin_fields, list_in, LIST_FIELDS);
FIELDS(requests_bulk_fields, list_in, LIST_FIELDS,
       FIELD_AS(CHOICE, list_in, what, "do", FORM, .words = do_words, .fallback = -1),
       FIELD(LIST, list_in, pick, FORM), FIELD(TEXT, list_in, one_approve, FORM),
       FIELD(LONG_TEXT, list_in, response, FORM, .max = 100000));

/* ---- the list ---------------------------------------------------------------------------------
 */

static struct request_query query_of(const struct list_in *in)
{
	return (struct request_query){ .tab = tabs[in->tab],
				       .search = in->q,
				       .branch_id = in->branch,
				       .course_id = in->course,
				       .class_id = in->group,
				       .kind = in->kind - 1,
				       .from_day = in->from,
				       .to_day = in->to,
				       .by_day = tabs[in->tab] == REQUEST_TAB_WAITING,
				       .page = in->page };
}

static struct str day_pair(struct page *p, const char *name, int32_t day)
{
	char text[11];

	return day == NO_DAY ? STR("") : timetable_pair(p, name, day_format(day, text));
}

/* The list with its filters; ends in '&'. */
static struct str base_of(struct page *p, const struct list_in *in)
{
	return arena_printf(p->arena, "/admin/requests?status=%s&%.*s%.*s%.*s%.*s%.*s%.*s%.*s",
			    tab_words[in->tab], STR_ARG(timetable_pair(p, "q", in->q)),
			    STR_ARG(timetable_pair(p, "kind", str_from(kind_words[in->kind]))),
			    STR_ARG(timetable_id_pair(p, "branch", in->branch)),
			    STR_ARG(timetable_id_pair(p, "course", in->course)),
			    STR_ARG(timetable_id_pair(p, "group", in->group)),
			    STR_ARG(day_pair(p, "from", in->from)),
			    STR_ARG(day_pair(p, "to", in->to)));
}

static enum rc fill_tabs(struct page *p, const struct request_count_row *n, int chosen,
			 struct view_requests *v, struct error *e)
{
	static const char *const names[] = { N_("Waiting"), N_("Approved"), N_("Rejected"),
					     N_("Session missing"), N_("All") };
	const int64_t waiting = n->n_pending + n->n_question;
	const int64_t counts[] = { waiting, n->n_approved, n->n_rejected, n->n_unmade,
				   waiting + n->n_approved + n->n_rejected };
	struct view_request_tab *rows =
		ARENA_ARRAY(p->arena, ARRAY_LEN(names), struct view_request_tab);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		rows[i] = (struct view_request_tab){
			arena_printf(p->arena, "/admin/requests?status=%s", tab_words[i]),
			page_text(p, names[i]), counts[i], (int)i == chosen
		};
	v->tabs = rows;
	v->n_tabs = ARRAY_LEN(names);
	return RC_OK;
}

static enum rc fill_filters(struct page *p, const struct list_in *in, struct view_requests *v,
			    struct error *e)
{
	char text[11];

	v->search = in->q;
	v->tab = str_from(tab_words[in->tab]);
	if (in->from != NO_DAY)
		v->from = arena_str(p->arena, day_format(in->from, text));
	if (in->to != NO_DAY)
		v->to = arena_str(p->arena, day_format(in->to, text));
	TRY(request_kind_choices(p, str_from(kind_words[in->kind]), &v->kinds, &v->n_kinds, e));
	TRY(page_choose_branch(p, in->branch, &v->branches, e));
	TRY(page_choose(p, &(struct org_query){ .kind = ORG_COURSE, .with_id = in->course },
			&v->courses, e));
	return page_choose(p, &(struct org_query){ .kind = ORG_CLASS, .with_id = in->group },
			   &v->classes, e);
}

static void mark_picked(struct view_requests *v, const struct field_list *pick)
{
	for (size_t i = 0; i < v->n_rows; i++)
		for (size_t k = 0; k < pick->n; k++)
			if (str_eq(v->rows[i].pick, pick->v[k]))
				v->rows[i].is_picked = true;
}

/* The list; when its dates are the wrong way round, without them and with the sentence. */
static enum rc read_list(struct page *p, struct list_in *in, struct request_list *list,
			 struct view_requests *v, struct resp *r, struct error *e)
{
	struct request_query query = query_of(in);
	struct error failed;
	enum rc rc = request_list(p->core, &query, list, e);

	if (rc != RC_INVALID)
		return rc;
	failed = org_keep(e);
	v->to_error = field_error(p->arena, p->lang, &failed, "to", "f-to-e");
	r->status = 422;
	in->from = in->to = NO_DAY;
	query = query_of(in);
	query.search = (struct str){ 0 };
	return request_list(p->core, &query, list, e);
}

static const struct form_field form_fields[] = { { "response", "b-response", N_("Response") },
						 { "pick", "results", N_("Requests") } };

static enum rc show(struct req *q, struct resp *r, struct list_in *in, const struct error *failed,
		    struct error *e)
{
	struct view_requests v = { 0 };
	struct request_list list;
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(page_init(&p, q, req_text(q, N_("Session requests")), e));
	p.view.nav = NAV_REQUESTS;
	p.view.nav_current = STR("page");
	p.view.has_htmx = true;
	p.view.module = MODULE_ROWS;
	v.page = &p.view;
	TRY(read_list(&p, in, &list, &v, r, e));
	v.counts = list.counts;
	v.n_waiting = list.counts.n_pending + list.counts.n_question;
	p.view.n_requests = v.n_waiting;
	v.flash = (struct view_request_flash){ request_flash_from(in->done), in->n, in->changed,
					       in->clash, in->unmade };
	v.n_rows = list.n_rows;
	v.is_waiting = tabs[in->tab] == REQUEST_TAB_WAITING;
	v.can_decide = v.is_waiting && list.n_rows > 0;
	v.is_filtered = in->q.n || in->kind || in->branch || in->course || in->group ||
			in->from != NO_DAY || in->to != NO_DAY;
	v.self = base_of(&p, in);
	v.clear = arena_printf(p.arena, "/admin/requests?status=%s", tab_words[in->tab]);
	TRY(requests_view_rows(&p, &t, list.rows, list.beside, list.n_rows, &v.rows, e));
	mark_picked(&v, &in->pick);
	v.pager = timetable_pager(&p, v.self, in->page, list.page_size, list.n_rows, list.total);
	if (failed->rc != RC_OK) {
		v.response = req_raw(q, "response");
		v.response_error = field_error(p.arena, p.lang, failed, "response", "b-response-e");
		v.errors =
			form_errors(p.arena, p.lang, failed, form_fields, ARRAY_LEN(form_fields));
		org_set_status(r, failed);
	}
	if (q->is_htmx) {
		tpl_pages_admin_requests_results(&t, &v);
		return RC_OK;
	}
	TRY(fill_tabs(&p, &list.counts, in->tab, &v, e));
	TRY(fill_filters(&p, in, &v, e));
	tpl_pages_admin_requests(&t, &v);
	return RC_OK;
}

/* Bad values of the address are empty in `in` and mean the default. */
static enum rc read_in(struct req *q, struct list_in *in, struct error *e)
{
	enum rc rc = req_read(q, in, e);

	if (rc == RC_NO_MEMORY || rc == RC_TOO_BIG)
		return rc;
	error_init(e);
	return RC_OK;
}

enum rc page_requests_admin(struct req *q, struct resp *r, struct error *e)
{
	struct list_in in;
	struct error none;

	error_init(&none);
	TRY(read_in(q, &in, e));
	return show(q, r, &in, &none, e);
}

/* ---- several -----------------------------------------------------------------------------------
 */

static bool pick_from(struct str s, struct request_pick *ret)
{
	size_t at = str_find(s, STR("-"));

	return at != SIZE_MAX && num_i64(str_sub(s, 0, at), 1, INT64_MAX, &ret->id) &&
	       num_i64(str_from_pos(s, at + 1), 1, INT64_MAX, &ret->version);
}

static enum rc back_to_list(struct req *q, struct resp *r, const struct list_in *in,
			    enum request_flash flash, const struct request_bulk_done *done,
			    struct error *e)
{
	struct page p = { .core = &q->core, .arena = q->core.arena };
	struct str to = arena_printf(q->core.arena,
				     "%.*sdone=%s&n=%lld&changed=%lld&clash=%lld&unmade=%lld",
				     STR_ARG(base_of(&p, in)), request_flash_name(flash),
				     (long long)done->n_done, (long long)done->n_changed,
				     (long long)done->n_clash, (long long)done->n_unmade);

	if (!to.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, to);
	return RC_OK;
}

/* One row's button: what it cannot do is said on the page of the one. */
static enum rc approve_one(struct req *q, struct resp *r, struct list_in *in, struct error *e)
{
	struct request_bulk_done done = { .n_done = 1 };
	struct request_decided decided;
	struct request_one one = { .q = q, .r = r, .is_typed = true };
	struct request_decide_in ask = { .decision = REQUEST_APPROVE };
	struct request_pick pick;
	struct error failed;
	enum rc rc;

	if (!pick_from(in->one_approve, &pick))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "a pick out of shape");
	ask.id = one.id = pick.id;
	ask.version = pick.version;
	rc = request_decide(&q->core, &ask, &decided, e);
	if (rc != RC_OK && !page_is_form_error(rc))
		return rc;
	if (rc != RC_OK) {
		failed = org_keep(e);
		return requests_one_show(&one, &failed, e);
	}
	done.n_unmade = decided.needs_session;
	return back_to_list(q, r, in, REQUEST_FLASH_APPROVED, &done, e);
}

enum rc page_requests_bulk(struct req *q, struct resp *r, struct error *e)
{
	struct request_bulk_done done;
	struct request_pick *picks;
	struct error failed;
	struct list_in in;
	size_t n = 0;
	enum rc rc;

	TRY(read_in(q, &in, e));
	if (in.one_approve.n)
		return approve_one(q, r, &in, e);
	if (in.what < 0)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no decision");
	picks = ARENA_ARRAY(q->core.arena, in.pick.n + 1, struct request_pick);
	if (!picks)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < in.pick.n; i++)
		n += pick_from(in.pick.v[i], &picks[n]);
	rc = request_decide_many(&q->core, picks, n, (enum request_decision)in.what, in.response,
				 &done, e);
	if (rc != RC_OK && !page_is_form_error(rc))
		return rc;
	if (rc != RC_OK) {
		failed = org_keep(e);
		return show(q, r, &in, &failed, e);
	}
	return back_to_list(q, r, &in, flashes[in.what], &done, e);
}

/* ---- one ----------------------------------------------------------------------------------------
 */

static const char *const one_words[] = { "approve", "reject", "ask", "settle", "dismiss", NULL };
enum one_act { ONE_APPROVE, ONE_REJECT, ONE_ASK, ONE_SETTLE, ONE_DISMISS };

struct decide_in {
	int64_t id, version, room, group;
	int what; /* of one_words */
	struct str response;
	bool accept, some;
	struct field_list days;
};
FIELDS(request_decide_fields, decide_in, FIELD(ID, decide_in, id, PATH),
       FIELD(INT, decide_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(ID, decide_in, room, FORM), FIELD(ID, decide_in, group, FORM),
       FIELD_AS(CHOICE, decide_in, what, "do", FORM, .words = one_words, .required = true),
       FIELD(LONG_TEXT, decide_in, response, FORM, .max = 100000),
       FIELD(BOOL, decide_in, accept, FORM), FIELD(BOOL, decide_in, some, FORM),
       FIELD(LIST, decide_in, days, FORM));

static enum rc days_of(struct req *q, const struct decide_in *in, const int32_t **ret,
		       size_t *ret_n, struct error *e)
{
	int32_t *days = ARENA_ARRAY(q->core.arena, in->days.n + 1, int32_t);
	size_t n = 0;

	if (!days)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < in->days.n; i++)
		n += day_parse(in->days.v[i], &days[n]);
	*ret = days;
	*ret_n = n;
	return RC_OK;
}

static enum rc act(struct req *q, const struct decide_in *in, const struct request_one *one,
		   struct request_decided *ret, struct error *e)
{
	static const enum request_decision decisions[] = { REQUEST_APPROVE, REQUEST_REJECT,
							   REQUEST_ASK };
	struct request_decide_in ask = { .id = in->id,
					 .version = in->version,
					 .response = in->response,
					 .room_id = in->room,
					 .class_id = in->group,
					 .with_days = in->some,
					 .days = one->days,
					 .n_days = one->n_days,
					 .overrides = in->accept };

	if (in->what == ONE_SETTLE && !in->group)
		return ERROR_FIELD(e, "group", REASON_REQUIRED, 0);
	if (in->what == ONE_DISMISS)
		ask.class_id = 0;
	if (in->what == ONE_SETTLE || in->what == ONE_DISMISS)
		return request_settle(&q->core, &ask, ret, e);
	ask.decision = decisions[in->what];
	return request_decide(&q->core, &ask, ret, e);
}

enum rc page_request_decide(struct req *q, struct resp *r, struct error *e)
{
	struct request_one one = { .q = q, .r = r, .is_typed = true };
	struct request_decided done;
	struct decide_in in;
	struct error failed;
	struct str to;
	enum rc rc = req_read(q, &in, e);

	one.id = in.id;
	one.room_id = in.room;
	one.class_id = in.group;
	one.with_days = in.some;
	if (rc == RC_OK) {
		TRY(days_of(q, &in, &one.days, &one.n_days, e));
		rc = act(q, &in, &one, &done, e);
	}
	if (rc != RC_OK && !page_is_form_error(rc))
		return rc;
	if (rc != RC_OK) {
		failed = org_keep(e);
		return requests_one_show(&one, &failed, e);
	}
	to = arena_printf(q->core.arena, "/admin/requests/%lld?done=%s", (long long)in.id,
			  request_flash_name(in.what <= ONE_ASK ? flashes[in.what]
								: REQUEST_FLASH_SETTLED));
	if (!to.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, to);
	return RC_OK;
}
