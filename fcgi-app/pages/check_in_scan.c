/*
 * Scans: the QR code of a session, before or after signing in.  Looking changes nothing.
 */
#include "core/attendance/browser.h"
#include "pages/check_in_step.h"
#include "view/tpl_pages_check_in_scan.h"

struct scan_in {
	struct str token;
};
FIELDS(check_in_scan_fields, scan_in, FIELD(TEXT, scan_in, token, PATH, .max = 200));
FIELDS(check_in_qr_fields, scan_in, FIELD(TEXT, scan_in, token, QUERY, .max = 200));

static enum rc show_bad_scan(struct req *q, struct resp *r, struct error *e)
{
	struct error failed = *e;
	struct view_check_in v;
	struct tpl t = req_tpl(q, r);
	struct page p;

	error_init(e);
	TRY(flow_view(&p, q, NULL, FLOW_CODE, "/check-in", &v, e));
	v.errors.text = reason_sentence(p.arena, p.lang, check_in_reason(&failed), failed.arg);
	r->status = 422;
	r->cache = RESP_CACHE_NONE;
	tpl_pages_check_in_scan(&t, &v);
	return RC_OK;
}

/* The flow of a token: the one its first scan began, as long as its receipt is good. */
static enum rc flow_of_token(struct req *q, struct resp *r, struct str token, struct flow *ret,
			     struct error *e)
{
	int64_t attendance_id, step;
	struct receipt known;
	struct str hash, receipt;
	enum rc rc;

	TRY(flow_browser(q, r, &hash, e));
	*ret = flow_read(q);
	if (ret->is_scan && ret->receipt.n && rotating_token_read(token, &attendance_id, &step)) {
		rc = browser_receipt(&q->core, hash, ret->receipt, &known, e);
		if (rc == RC_OK && known.attendance_id == attendance_id && known.step == step)
			return RC_OK;
		if (rc != RC_OK && rc != RC_INVALID)
			return rc;
		error_init(e);
	}
	TRY(checkin_find(&q->core, (struct str){ 0 }, token, &attendance_id, &step, e));
	TRY(browser_receipt_new(&q->core, hash, attendance_id, step, &receipt, e));
	return flow_begin(q, attendance_id, receipt, true, ret, e);
}

enum rc page_check_in_scan(struct req *q, struct resp *r, struct error *e)
{
	struct checkin_open o;
	struct scan_in in;
	struct str path;
	struct flow f;
	enum rc rc;

	TRY(req_read(q, &in, e));
	if (q->who.role != ROLE_NONE && q->who.role != ROLE_STUDENT)
		return ERROR(e, RC_DENIED, REASON_FOR_STUDENTS, "role %s", role_name(q->who.role));
	rc = flow_of_token(q, r, in.token, &f, e);
	if (rc == RC_INVALID)
		return show_bad_scan(q, r, e);
	TRY(rc);
	TRY(flow_keep(q, r, &f, e));
	r->cache = RESP_CACHE_NONE;
	if (q->who.role == ROLE_NONE) {
		path = arena_printf(q->core.arena, "/sign-in?next=/c/%.*s", STR_ARG(in.token));
		if (!path.p)
			return ERROR_MEMORY(e);
		resp_redirect(r, path);
		return RC_OK;
	}
	rc = checkin_open_get(&q->core, f.attendance_id, &o, e);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	error_init(e);
	return check_in_show_ready(q, r, rc == RC_OK ? &o : NULL, f.attendance_id, true, e);
}

enum rc page_check_in_qr(struct req *q, struct resp *r, struct error *e)
{
	int64_t attendance_id, step;
	struct scan_in in;
	struct str path;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	path = STR("/check-in");
	/* What has the form of a token has no sign that would need escaping. */
	if (rotating_token_read(in.token, &attendance_id, &step))
		path = arena_printf(q->core.arena, "/c/%.*s", STR_ARG(in.token));
	if (!path.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, path);
	return RC_OK;
}
