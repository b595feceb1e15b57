/*
 * A teacher's requests: the list, one of them, withdrawing it, answering a question.  One of them
 * is also what an admin decides on.
 */
#include "pages/requests.h"

#include "core/wall.h"
#include "pages/requests_one.h"
#include "pages/requests_view.h"
#include "view/text.h"
#include "view/tpl_pages_requests.h"

#define PAGE_MAX 100000

static const char *const tab_words[] = {
	"waiting", "approved", "rejected", "withdrawn", "all", NULL
};
static const enum request_tab tabs[] = { REQUEST_TAB_WAITING, REQUEST_TAB_APPROVED,
					 REQUEST_TAB_REJECTED, REQUEST_TAB_WITHDRAWN,
					 REQUEST_TAB_ALL };

struct requests_in {
	int tab; /* of tab_words */
	int64_t page;
	struct str done;
};
FIELDS(requests_fields, requests_in,
       FIELD_AS(CHOICE, requests_in, tab, "status", QUERY, .words = tab_words, .fallback = 4),
       FIELD(INT, requests_in, page, QUERY, .min = 1, .max = PAGE_MAX, .fallback = 1),
       FIELD(TEXT, requests_in, done, QUERY));

struct request_id_in {
	int64_t id, version;
	struct str done, text;
};
FIELDS(request_id_fields, request_id_in, FIELD(ID, request_id_in, id, PATH),
       FIELD(TEXT, request_id_in, done, QUERY));
FIELDS(request_withdraw_fields, request_id_in, FIELD(ID, request_id_in, id, PATH),
       FIELD(INT, request_id_in, version, FORM, .min = 0, .max = INT32_MAX));
FIELDS(request_answer_fields, request_id_in, FIELD(ID, request_id_in, id, PATH),
       FIELD(INT, request_id_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(LONG_TEXT, request_id_in, text, FORM, .max = 100000));

/* ---- the list ---------------------------------------------------------------------------------
 */

static enum rc fill_tabs(struct page *p, const struct request_list *list, int chosen,
			 struct view_requests *v, struct error *e)
{
	static const char *const names[] = { N_("Waiting"), N_("Approved"), N_("Rejected"),
					     N_("Withdrawn"), N_("All") };
	const struct request_count_row *n = &list->counts;
	const int64_t counts[] = { n->n_pending + n->n_question, n->n_approved, n->n_rejected,
				   n->n_withdrawn,
				   n->n_pending + n->n_question + n->n_approved + n->n_rejected +
					   n->n_withdrawn };
	struct view_request_tab *rows =
		ARENA_ARRAY(p->arena, ARRAY_LEN(names), struct view_request_tab);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		rows[i] = (struct view_request_tab){
			arena_printf(p->arena, "/requests?status=%s", tab_words[i]),
			page_text(p, names[i]), counts[i], (int)i == chosen
		};
	v->tabs = rows;
	v->n_tabs = ARRAY_LEN(names);
	return RC_OK;
}

enum rc page_requests(struct req *q, struct resp *r, struct error *e)
{
	struct view_requests v = { 0 };
	struct request_query query = {
		.kind = -1, .from_day = NO_DAY, .to_day = NO_DAY, .with_withdrawn = true
	};
	struct request_list list;
	struct tpl t = req_tpl(q, r);
	struct requests_in in;
	struct page p;

	if (who_is_admin(&q->who)) {
		resp_redirect(r, STR("/admin/requests"));
		return RC_OK;
	}
	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	query.tab = tabs[in.tab];
	query.page = in.page;
	TRY(request_list(&q->core, &query, &list, e));
	TRY(page_init(&p, q, req_text(q, N_("Your requests")), e));
	p.view.nav = NAV_REQUESTS;
	p.view.nav_current = STR("page");
	p.view.has_htmx = true;
	v.page = &p.view;
	v.flash.kind = request_flash_from(in.done);
	v.counts = list.counts;
	v.n_waiting = list.counts.n_pending + list.counts.n_question;
	v.n_rows = list.n_rows;
	v.is_filtered = query.tab != REQUEST_TAB_ALL;
	TRY(requests_view_rows(&p, &t, list.rows, NULL, list.n_rows, &v.rows, e));
	TRY(fill_tabs(&p, &list, in.tab, &v, e));
	v.pager = timetable_pager(&p,
				  arena_printf(p.arena, "/requests?status=%s&", tab_words[in.tab]),
				  in.page, list.page_size, list.n_rows, list.total);
	tpl_pages_requests(&t, &v);
	return RC_OK;
}

/* ---- one --------------------------------------------------------------------------------------
 */

enum rc page_request(struct req *q, struct resp *r, struct error *e)
{
	struct request_id_in in;
	struct request_one one = { .q = q, .r = r };
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	one.id = in.id;
	one.done = request_flash_from(in.done);
	return requests_one_show(&one, &none, e);
}

static enum rc back(struct req *q, struct resp *r, int64_t id, enum request_flash done,
		    struct error *e)
{
	struct str to = arena_printf(q->core.arena, "/requests/%lld?done=%s", (long long)id,
				     request_flash_name(done));

	if (!to.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, to);
	return RC_OK;
}

/* The page again with what was wrong, or on to what is now. */
static enum rc finish(struct req *q, struct resp *r, int64_t id, enum request_flash done,
		      enum rc rc, struct error *e)
{
	struct request_one one = { .q = q, .r = r, .id = id, .is_typed = true };
	struct error failed;

	if (rc == RC_OK)
		return back(q, r, id, done, e);
	if (!page_is_form_error(rc))
		return rc;
	failed = org_keep(e);
	return requests_one_show(&one, &failed, e);
}

enum rc page_request_withdraw(struct req *q, struct resp *r, struct error *e)
{
	struct request_id_in in;

	TRY(req_read(q, &in, e));
	return finish(q, r, in.id, REQUEST_FLASH_WITHDRAWN,
		      request_withdraw(&q->core, in.id, in.version, e), e);
}

enum rc page_request_answer(struct req *q, struct resp *r, struct error *e)
{
	struct request_id_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = request_answer(&q->core, in.id, in.version, in.text, e);
	return finish(q, r, in.id, REQUEST_FLASH_ANSWERED, rc, e);
}
