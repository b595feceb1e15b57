/*
 * Between two steps of checking in, and their end: the only place that asks core.
 */
#include "pages/check_in_step.h"

#include "core/attendance/browser.h"
#include "core/wall.h"
#include "view/tpl_pages_check_in.h"
#include "view/tpl_pages_check_in_ready.h"

static bool is_of_code(enum reason reason)
{
	return reason == REASON_CODE_WRONG || reason == REASON_CODE_OLD ||
	       reason == REASON_CODE_OTHER_ROOM || reason == REASON_CODE_MISSING ||
	       reason == REASON_CODE_USED;
}

enum reason check_in_reason(const struct error *e)
{
	return e->n_fields > 0 ? e->fields[0].reason : e->reason;
}

enum rc check_in_show_code(struct req *q, struct resp *r, const struct checkin_open *o,
			   const struct check_in_again *a, struct error *e)
{
	struct view_check_in_code v = { .tries_left = -1 };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(flow_view(&p, q, o, FLOW_CODE, "/check-in", &v.in, e));
	if (a->failed) {
		struct str text = reason_sentence(p.arena, p.lang, check_in_reason(a->failed),
						  a->failed->arg);

		r->status =
			a->failed->rc == RC_BUSY && a->failed->reason == REASON_RATE ? 429 : 422;
		v.code = a->code;
		if (is_of_code(check_in_reason(a->failed)))
			v.code_error = (struct view_field_error){ "code-e", text };
		else
			v.in.errors.text = text;
		v.tries_left = a->tries_left;
	}
	v.in.is_guess = a->is_guess;
	r->cache = RESP_CACHE_NONE;
	tpl_pages_check_in(&t, &v);
	return RC_OK;
}

static bool may_try(const struct checkin_open *o, bool is_scan)
{
	if (!o)
		return true;
	if (flow_is_done(o))
		return false;
	if (o->state == ATTENDANCE_OVER || o->state == ATTENDANCE_CLOSED)
		return is_scan;
	return o->state == ATTENDANCE_OPEN;
}

enum rc check_in_show_ready(struct req *q, struct resp *r, const struct checkin_open *o,
			    int64_t session_id, bool is_scan, struct error *e)
{
	struct view_check_in_ready v = { .session = o, .is_scan = is_scan };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(flow_view(&p, q, o, FLOW_CODE, "/check-in", &v.in, e));
	/* A scan has given the code. */
	if (is_scan && (!o || flow_asks_code(o))) {
		v.in.steps[0].state = STEP_DONE;
		v.in.steps[1].state = STEP_NOW;
	}
	v.in.session_id = session_id;
	v.may_try = may_try(o, is_scan);
	if (o) {
		v.opens_tod = core_wall(p.core, o->zone, o->opens_at).tod;
		v.closes_tod = core_wall(p.core, o->zone, o->closes_at).tod;
	}
	r->cache = RESP_CACHE_NONE;
	tpl_pages_check_in_ready(&t, &v);
	return RC_OK;
}

static bool is_refusal(enum rc rc)
{
	return rc == RC_INVALID || rc == RC_DENIED || rc == RC_NOT_FOUND || rc == RC_CONFLICT ||
	       rc == RC_BUSY;
}

static enum rc go_to_receipt(struct req *q, struct resp *r, const struct checkin_result *res,
			     struct error *e)
{
	struct str path = arena_printf(
		q->core.arena, "/check-in/%.*s",
		STR_ARG(flow_receipt(q->core.arena, res->attendance_id, res->attempt_id)));

	if (!path.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, path);
	r->cache = RESP_CACHE_NONE;
	return RC_OK;
}

enum rc check_in_refuse(struct req *q, struct resp *r, const struct checkin_open *o,
			struct str typed, int64_t tries_left, struct error *e)
{
	struct error failed = *e;
	struct check_in_again a = { &failed, typed, tries_left, req_raw(q, "guess").n > 0 };

	error_init(e);
	return check_in_show_code(q, r, o, &a, e);
}

static enum rc submit(struct req *q, struct resp *r, const struct flow *f,
		      const struct check_in_last *l, struct checkin_result *ret, struct error *e)
{
	struct receipt receipt;
	struct checkin_in in = { .attendance_id = f->attendance_id,
				 .person_id = COLUMN_NULL,
				 .path = f->is_scan ? CHECKIN_QR : CHECKIN_FORM,
				 .nonce = f->nonce,
				 .code = l->code,
				 .has_place = f->place_state == FLOW_PLACE_GIVEN,
				 .place_refused = f->place_state == FLOW_PLACE_REFUSED,
				 .place = f->place,
				 .accuracy_m = -1,
				 .address = q->address,
				 .photo_file = l->photo,
				 .device_id = COLUMN_NULL,
				 .claimed_at = NO_TIME,
				 .again = f->is_again };

	*ret = (struct checkin_result){ 0 };
	if (f->accuracy_dm >= 0)
		in.accuracy_m = (double)f->accuracy_dm / 10;
	TRY(flow_browser(q, r, &in.browser_hash, e));
	if (f->receipt.n) {
		TRY(browser_receipt(&q->core, in.browser_hash, f->receipt, &receipt, e));
		in.receipt = &receipt;
	}
	/* The same form with another code is another try. */
	if (l->code.n)
		in.nonce = arena_printf(q->core.arena, "%.*s %.*s", STR_ARG(f->nonce),
					STR_ARG(utf8_prefix(l->code, 40)));
	return checkin_submit(&q->core, &in, ret, e);
}

/* What waits for a person may be made better meanwhile: with a photo, or a position. */
static enum rc leave_flow(struct req *q, struct resp *r, const struct checkin_open *o,
			  const struct flow *f, const struct checkin_result *res, struct error *e)
{
	struct flow again = *f;

	if (res->rc != RC_OK || !res->attempt_id || res->decision != DECISION_FLAGGED || !o ||
	    !(flow_asks_photo(o) || flow_asks_place(o))) {
		flow_end(r);
		return RC_OK;
	}
	again.is_again = true;
	TRY(flow_nonce(q, &again.nonce, e));
	return flow_keep(q, r, &again, e);
}

enum rc check_in_finish(struct req *q, struct resp *r, const struct checkin_open *o,
			const struct flow *f, const struct check_in_last *l, struct error *e)
{
	struct checkin_result res;
	enum rc rc = submit(q, r, f, l, &res, e);

	if (rc != RC_OK && !is_refusal(rc))
		return rc;
	TRY(leave_flow(q, r, o, f, &res, e));
	if (rc != RC_OK && l->code.n && is_of_code(res.reason ? res.reason : check_in_reason(e)))
		return check_in_refuse(q, r, o, l->code, res.attempt_id ? res.tries_left : -1, e);
	if (res.attempt_id)
		return go_to_receipt(q, r, &res, e);
	return check_in_refuse(q, r, o, l->code, -1, e);
}

enum rc check_in_go_on(struct req *q, struct resp *r, const struct checkin_open *o,
		       const struct flow *f, struct error *e)
{
	const struct check_in_last nothing = { 0 };
	bool is_over =
		o->state != ATTENDANCE_OPEN || (flow_is_done(o) && !(o->is_waiting && f->is_again));
	enum flow_step next = is_over ? FLOW_RESULT : flow_next(o, f);

	if (next == FLOW_CODE) {
		(void)ERROR(e, RC_INVALID, REASON_CODE_MISSING, "no receipt");
		return check_in_refuse(q, r, o, (struct str){ 0 }, -1, e);
	}
	if (next == FLOW_RESULT)
		return check_in_finish(q, r, o, f, &nothing, e);
	TRY(flow_keep(q, r, f, e));
	resp_redirect(r, next == FLOW_PLACE ? STR("/check-in/location") : STR("/check-in/selfie"));
	r->cache = RESP_CACHE_NONE;
	return RC_OK;
}

enum rc check_in_flow_open(struct req *q, struct resp *r, struct flow *ret_f,
			   struct checkin_open *ret_o, bool *ret, struct error *e)
{
	*ret_f = flow_read(q);
	*ret = ret_f->attendance_id != 0;
	r->cache = RESP_CACHE_NONE;
	if (!*ret) {
		resp_redirect(r, STR("/check-in"));
		return RC_OK;
	}
	return checkin_open_get(&q->core, ret_f->attendance_id, ret_o, e);
}
