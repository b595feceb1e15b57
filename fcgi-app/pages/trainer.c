/*
 * GET /trainer: the home page of teachers: what runs now, the rest of the day, what is missing,
 * and what became of requests.  Everything is there already; this puts it together.
 */
#include "pages/requests.h"
#include "pages/requests_view.h"
#include "pages/sessions_view.h"
#include "view/tpl_pages_trainer.h"
#include "web/worker.h"

#define MISSING_SHOWN  5
#define REQUESTS_SHOWN 5
#define LIST_SIZE      100

struct parts {
	struct view_session_row *now, *rest, *missing, *next;
	size_t n_now, n_rest, n_missing;
};

static enum rc new_parts(struct page *p, size_t n, struct parts *ret, struct error *e)
{
	ret->now = ARENA_ARRAY(p->arena, n + 1, struct view_session_row);
	ret->rest = ARENA_ARRAY(p->arena, n + 1, struct view_session_row);
	ret->missing = ARENA_ARRAY(p->arena, n + 1, struct view_session_row);
	ret->next = NULL;
	ret->n_now = ret->n_rest = ret->n_missing = 0;
	return ret->now && ret->rest && ret->missing ? RC_OK : ERROR_MEMORY(e);
}

/* By start: what is over and not completed comes first. */
static void sort_into(struct parts *parts, const struct view_session_row *rows, size_t n,
		      int32_t today)
{
	for (size_t i = 0; i < n; i++) {
		const struct session_row *s = rows[i].s;

		if (s->state == SESSION_LIVE)
			parts->now[parts->n_now++] = rows[i];
		else if (s->state == SESSION_TO_COMPLETE || s->state == SESSION_RETURNED)
			parts->missing[parts->n_missing++] = rows[i];
		else if (s->state == SESSION_PLANNED && s->day == today)
			parts->rest[parts->n_rest++] = rows[i];
		else if (s->state == SESSION_PLANNED && !parts->next) {
			parts->next = &parts->rest[n];
			*parts->next = rows[i];
		}
	}
}

static enum rc fill_sessions(struct page *p, struct req *q, struct view_trainer *v, struct error *e)
{
	const struct session_query query = { .page_size = LIST_SIZE };
	struct view_sessions lists = { 0 };
	struct session_list list;
	struct parts parts;

	TRY(session_list(&q->core, &query, q->worker->sessions, &list, e));
	TRY(sessions_view_fill(p, &list, &lists, e));
	TRY(new_parts(p, list.n_rows, &parts, e));
	for (size_t d = 0; d < lists.n_days; d++)
		sort_into(&parts, lists.days[d].rows, lists.days[d].n_rows, list.today);
	v->today = lists.today;
	v->now = parts.now;
	v->n_now = parts.n_now;
	v->rest = parts.rest;
	v->n_rest = parts.n_rest;
	v->next = parts.next;
	v->missing = parts.missing;
	v->n_missing = parts.n_missing < MISSING_SHOWN ? parts.n_missing : MISSING_SHOWN;
	v->n_to_complete = list.summary.n_to_complete;
	v->n_week = list.summary.n_week;
	v->week_minutes = list.summary.week_minutes;
	TRY(sessions_view_strip(p, q->worker->sessions, list.today, &lists, e));
	v->has_strip = lists.has_strip;
	v->strip = lists.strip;
	return RC_OK;
}

static enum rc fill_requests(struct page *p, struct tpl *t, struct view_trainer *v, struct error *e)
{
	const struct request_query query = { .tab = REQUEST_TAB_ALL,
					     .kind = -1,
					     .from_day = NO_DAY,
					     .to_day = NO_DAY,
					     .page_size = REQUESTS_SHOWN };
	struct request_list list;

	TRY(request_list_own(p->core, &query, &list, e));
	v->n_waiting = list.counts.n_pending + list.counts.n_question;
	v->n_rows = list.n_rows;
	return requests_view_rows(p, t, list.rows, NULL, list.n_rows, &v->rows, e);
}

enum rc page_trainer(struct req *q, struct resp *r, struct error *e)
{
	struct view_trainer v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct page p;

	if (who_is_admin(&q->who)) {
		resp_redirect(r, STR("/admin"));
		return RC_OK;
	}
	TRY(page_init(&p, q, req_text(q, N_("Home")), e));
	p.view.nav_current = STR("page");
	p.view.has_htmx = true;
	v.page = &p.view;
	TRY(fill_sessions(&p, q, &v, e));
	TRY(fill_requests(&p, &t, &v, e));
	tpl_pages_trainer(&t, &v);
	return RC_OK;
}
