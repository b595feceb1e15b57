/*
 * The code, and the steps' frame.
 *
 * Each step puts what it got into the flow (check_in_flow.h) and goes on to the next; the last
 * one asks core/attendance/checkin.h with all of it.  A code that is wrong is asked too, so that it
 * is kept and counted.  Every form has a nonce: sent twice, it is one try with one answer.
 */
#include "pages/check_in_step.h"

#include "core/attendance/browser.h"

struct look_in {
	int64_t session;
};
FIELDS(check_in_fields, look_in, FIELD(ID, look_in, session, QUERY));
struct send_in {
	struct str code, nonce;
	int64_t session, guess;
	bool ready;
};
FIELDS(check_in_send_fields, send_in, FIELD(TEXT, send_in, code, FORM, .max = 200),
       FIELD(TEXT, send_in, nonce, FORM, .max = 40), FIELD(ID, send_in, session, FORM),
       FIELD(ID, send_in, guess, FORM), FIELD(BOOL, send_in, ready, FORM));

/* The session a student means who did not say: the only one that is open for them. */
static enum rc only_open(struct req *q, const struct checkin_open **ret, struct error *e)
{
	const struct checkin_open *rows;
	size_t n, n_open = 0;

	*ret = NULL;
	TRY(checkin_open_list(&q->core, &rows, &n, e));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].state != ATTENDANCE_OPEN || flow_is_done(&rows[i]) ||
		    !flow_asks_code(&rows[i]))
			continue;
		*ret = &rows[i];
		n_open++;
	}
	if (n_open != 1)
		*ret = NULL;
	return RC_OK;
}

static enum rc look_at(struct req *q, struct resp *r, int64_t session_id, struct error *e)
{
	const struct check_in_again first = { 0 };
	struct checkin_open o;
	struct flow f;

	TRY(checkin_open_get(&q->core, session_id, &o, e));
	if (o.state != ATTENDANCE_OPEN || flow_is_done(&o))
		return check_in_show_ready(q, r, &o, session_id, false, e);
	if (flow_asks_code(&o))
		return check_in_show_code(q, r, &o, &first, e);
	TRY(flow_begin(q, session_id, (struct str){ 0 }, false, &f, e));
	if (flow_next(&o, &f) == FLOW_RESULT)
		return check_in_show_ready(q, r, &o, session_id, false, e);
	return check_in_go_on(q, r, &o, &f, e);
}

enum rc page_check_in(struct req *q, struct resp *r, struct error *e)
{
	const struct check_in_again first = { .is_guess = true };
	const struct checkin_open *o;
	struct look_in in;
	struct str hash;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	TRY(flow_browser(q, r, &hash, e));
	if (in.session)
		return look_at(q, r, in.session, e);
	TRY(only_open(q, &o, e));
	return check_in_show_code(q, r, o, &first, e);
}

/* After a scan, or where no code is asked. */
static enum rc send_ready(struct req *q, struct resp *r, const struct send_in *in, struct error *e)
{
	const struct check_in_last nothing = { 0 };
	struct flow f = flow_read(q);
	struct checkin_open o;
	enum rc rc;

	if (!in->session)
		return ERROR_FIELD(e, "session", REASON_REQUIRED, 0);
	if (f.attendance_id != in->session) {
		TRY(flow_begin(q, in->session, (struct str){ 0 }, false, &f, e));
		if (in->nonce.n)
			f.nonce = in->nonce;
	}
	rc = checkin_open_get(&q->core, in->session, &o, e);
	if (rc == RC_NOT_FOUND && f.receipt.n) {
		error_init(e);
		return check_in_finish(q, r, NULL, &f, &nothing, e);
	}
	TRY(rc);
	return check_in_go_on(q, r, &o, &f, e);
}

/* A typed code that is right, for a session with more steps, becomes a receipt. */
static enum rc take_code(struct req *q, struct resp *r, const struct checkin_open *o, int64_t step,
			 struct error *e)
{
	struct str hash, receipt;
	struct flow f;

	TRY(flow_browser(q, r, &hash, e));
	TRY(browser_receipt_new(&q->core, hash, o->attendance_id, step, &receipt, e));
	TRY(flow_begin(q, o->attendance_id, receipt, false, &f, e));
	return check_in_go_on(q, r, o, &f, e);
}

static enum rc send_code(struct req *q, struct resp *r, const struct send_in *in, struct error *e)
{
	struct checkin_open o = { 0 };
	struct flow f = { 0 };
	struct check_in_last l = { .code = in->code };
	int64_t found = 0, step = 0, session;
	enum rc rc;

	rc = checkin_find(&q->core, in->code, (struct str){ 0 }, &found, &step, e);
	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	error_init(e);
	/* Whose code it is counts more than which session was guessed, and less than which was
	 * said. */
	session = in->session ? in->session : found ? found : in->guess;
	TRY(flow_begin(q, session, (struct str){ 0 }, false, &f, e));
	if (in->nonce.n)
		f.nonce = in->nonce;
	if (f.attendance_id && checkin_open_get(&q->core, f.attendance_id, &o, e) != RC_OK) {
		if (e->rc != RC_NOT_FOUND)
			return e->rc;
		error_init(e);
		o.attendance_id = 0;
	}
	if (rc == RC_OK && found == o.attendance_id && o.state == ATTENDANCE_OPEN &&
	    (flow_asks_place(&o) || flow_asks_photo(&o)) && !flow_is_done(&o))
		return take_code(q, r, &o, step, e);
	return check_in_finish(q, r, o.attendance_id ? &o : NULL, &f, &l, e);
}

enum rc page_check_in_send(struct req *q, struct resp *r, struct error *e)
{
	struct send_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK && in.ready)
		rc = send_ready(q, r, &in, e);
	else if (rc == RC_OK && in.code.n == 0)
		rc = ERROR(e, RC_INVALID, REASON_CODE_MISSING, "no code");
	else if (rc == RC_OK)
		rc = send_code(q, r, &in, e);
	if (rc == RC_INVALID)
		return check_in_refuse(q, r, NULL, req_raw(q, "code"), -1, e);
	return rc;
}
