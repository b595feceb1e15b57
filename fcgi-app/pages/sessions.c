/*
 * GET /sessions (also /index.php?page=session_tracking) and GET /.
 *
 * An unchanged page answers 304 before its queries.  Filters that make no
 * sense are as if they were not given: an address that somebody shortened
 * still shows a list.
 */
#include "pages/sessions.h"

#include "pages/sessions_view.h"
#include "view/tpl_pages_sessions.h"
#include "view/tpl_pages_sessions_results.h"
#include "web/worker.h"

#define PAGE_MAX 100000

struct sessions_in {
	struct str tab, q, period, sort, order, done;
	int64_t course, group, page, on;
};

FIELDS(sessions_fields, sessions_in, FIELD(TEXT, sessions_in, tab, QUERY),
       FIELD(TEXT, sessions_in, q, QUERY, .max = 1000), FIELD(TEXT, sessions_in, period, QUERY),
       FIELD(TEXT, sessions_in, sort, QUERY), FIELD(TEXT, sessions_in, order, QUERY),
       FIELD(TEXT, sessions_in, done, QUERY), FIELD(ID, sessions_in, course, QUERY),
       FIELD(ID, sessions_in, group, QUERY),
       FIELD(INT, sessions_in, page, QUERY, .min = 1, .max = PAGE_MAX, .fallback = 1),
       FIELD(ID, sessions_in, on, QUERY));

enum rc page_home(struct req *q, struct resp *r, struct error *e)
{
	(void)e;
	if (who_is_admin(&q->who))
		resp_redirect(r, STR("/admin"));
	else if (q->who.role == ROLE_STUDENT)
		resp_redirect(r, STR("/today"));
	else
		resp_redirect(r, who_is_staff(&q->who) ? STR("/sessions") : STR("/account"));
	return RC_OK;
}

/* What the address asks for; unknown words fall back to the default. */
static struct session_query query_of(const struct sessions_in *in)
{
	struct session_query s = {
		.search = in->q, .course_id = in->course, .class_id = in->group, .page = in->page
	};

	if (!sessions_tab_from(in->tab, &s.tab))
		s.tab = SESSION_TAB_UPCOMING;
	if (!period_from(in->period, &s.period) || s.period == PERIOD_RANGE)
		s.period = PERIOD_DEFAULT;
	if (s.tab != SESSION_TAB_COMPLETED)
		return s;
	if (!sessions_sort_from(in->sort, &s.sort))
		s.sort = SESSION_SORT_DATE;
	if (str_eq(in->order, STR("asc")))
		s.order = SESSION_ORDER_ASC;
	else if (str_eq(in->order, STR("desc")))
		s.order = SESSION_ORDER_DESC;
	return s;
}

/* "Completed with code …, undo": the address names the session, the database says the rest. */
static enum rc fill_flash(struct page *p, const struct sessions_in *in, struct view_flash *ret,
			  struct error *e)
{
	enum flash_kind kind = flash_from(in->done);
	struct session_detail d;
	enum rc rc;

	if (kind == FLASH_NONE || in->on == 0)
		return RC_OK;
	rc = session_get(p->core, in->on, &d, e);
	if (rc == RC_NOT_FOUND)
		return RC_OK;
	TRY(rc);
	*ret = (struct view_flash){ .kind = kind,
				    .id = d.row.id,
				    .version = d.row.version,
				    .title = d.row.title,
				    .code = d.row.code,
				    .can_undo = d.may_undo };
	return RC_OK;
}

enum rc page_sessions(struct req *q, struct resp *r, struct error *e)
{
	struct sessions_in in;
	struct session_query query;
	struct session_list list;
	struct view_sessions v = { 0 };
	struct page p;
	struct tpl t;

	/* Bad values are empty in `in` and mean the default. */
	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	if (resp_not_modified(q, r, arena_printf(q->core.arena, "%lld", (long long)q->who.version)))
		return RC_OK;
	query = query_of(&in);
	TRY(session_list(&q->core, &query, q->worker->sessions, &list, e));
	TRY(page_init(&p, q, req_text(q, N_("Sessions")), e));
	TRY(sessions_view_fill(&p, &list, &v, e));
	t = req_tpl(q, r);
	v.page = &p.view;
	if (q->is_htmx) {
		tpl_pages_sessions_results(&t, &v);
		return RC_OK;
	}
	p.view.nav = NAV_SESSIONS;
	p.view.has_htmx = true;
	p.view.nav_current = STR("page");
	TRY(fill_flash(&p, &in, &v.flash, e));
	if (query.tab == SESSION_TAB_UPCOMING)
		TRY(sessions_view_strip(&p, q->worker->sessions, list.today, &v, e));
	tpl_pages_sessions(&t, &v);
	return RC_OK;
}
