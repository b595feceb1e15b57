/*
 * Failures as pages.  Must work without a database and without anybody
 * signed in.
 */
#include "pages/error.h"

#include "base/num.h"
#include "pages/kept.h"
#include "pages/page.h"
#include "view/error.h"
#include "view/tpl_pages_error.h"

static const char *error_title(int status)
{
	switch (status) {
	case 400:
	case 422:
		return N_("This could not be read");
	case 401:
		return N_("Please sign in");
	case 403:
		return N_("Not allowed");
	case 404:
		return N_("Not found");
	case 405:
		return N_("Not possible here");
	case 409:
		return N_("Not possible any more");
	case 413:
		return N_("Too large");
	case 421:
		return N_("Wrong address");
	case 429:
		return N_("Too many requests");
	case 503:
	case 504:
		return N_("Not available at the moment");
	case 507:
		return N_("No room left");
	default:
		return N_("Something went wrong");
	}
}

/* The session that a conflict is about: the id in /sessions/{id}/…, else 0. */
static int64_t session_in(struct str path)
{
	struct str rest = path, part;
	int64_t id;

	if (!str_starts(path, STR("/sessions/")) || !str_split(&rest, '/', &part) ||
	    !str_split(&rest, '/', &part) || !str_split(&rest, '/', &part) ||
	    !num_i64(part, 1, INT64_MAX, &id))
		return 0;
	return id;
}

enum rc page_error_render(struct req *q, struct resp *r, const struct error *e, struct error *ret_e)
{
	struct view_error v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct page p;

	v.title = req_text(q, e->reason == REASON_FOR_STUDENTS || e->reason == REASON_FOR_STAFF
				      ? N_("Not for this account")
				      : error_title(r->status));
	v.text = web_error_text(q, e);
	v.retry_s = e->arg == e->retry_s ? 0 : e->retry_s; /* the text says it already */
	v.request_id = r->status >= 500 ? q->core.request_id : (struct str){ 0 };
	TRY(page_init(&p, q, v.title, ret_e));
	v.is_retry = (r->status >= 500 || r->status == 429) &&
		     (q->method == METHOD_GET || q->method == METHOD_HEAD);
	v.session_id = r->status == 409 ? session_in(q->path) : 0;
	v.page = &p.view;
	r->cache = RESP_CACHE_NONE;
	tpl_pages_error(&t, &v);
	return RC_OK;
}

static enum rc show_kept(struct req *q, struct resp *r, enum reason why, struct error *e)
{
	struct kept kept;

	TRY(kept_from_request(q, &kept, e));
	if (kept.fields.n == 0) /* passwords only: the error says it better */
		return ERROR(e, RC_INVALID, why, "nothing to keep");
	return kept_show(q, r, &kept, req_text(q, reason_text(why)), e);
}

enum rc page_form_without_token(struct req *q, struct resp *r, struct error *e)
{
	return show_kept(q, r, REASON_CSRF, e);
}

enum rc page_form_without_database(struct req *q, struct resp *r, struct error *e)
{
	return show_kept(q, r, REASON_DATABASE_DOWN, e);
}
