/*
 * The steps of checking in.
 *
 * Each step puts what it got into the flow (check_in_flow.h) and goes on to the next; the last
 * one asks core/checkin.h with all of it.  A code that is wrong is asked too, so that it is
 * kept and counted.  Every form has a nonce: sent twice, it is one try with one answer.
 */
#include "pages/check_in.h"

#include "base/num.h"
#include "core/browser.h"
#include "core/photo.h"
#include "core/wall.h"
#include "pages/check_in_flow.h"
#include "view/tpl_pages_check_in.h"
#include "view/tpl_pages_check_in_location.h"
#include "view/tpl_pages_check_in_ready.h"
#include "view/tpl_pages_check_in_scan.h"
#include "view/tpl_pages_check_in_selfie.h"
#include "web/worker.h"

/* ---- forms --------------------------------------------------------------------------------- */

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

struct scan_in {
	struct str token;
};
FIELDS(check_in_scan_fields, scan_in, FIELD(TEXT, scan_in, token, PATH, .max = 200));
FIELDS(check_in_qr_fields, scan_in, FIELD(TEXT, scan_in, token, QUERY, .max = 200));

struct place_in {
	struct str lat, lon, acc;
	bool skip, go;
};
FIELDS(check_in_place_fields, place_in, FIELD(RAW, place_in, lat, FORM, .max = 40),
       FIELD(RAW, place_in, lon, FORM, .max = 40), FIELD(RAW, place_in, acc, FORM, .max = 40),
       FIELD(BOOL, place_in, skip, FORM), FIELD(BOOL, place_in, go, FORM));

struct photo_form {
	bool skip;
};
FIELDS(check_in_photo_fields, photo_form, FIELD(BOOL, photo_form, skip, FORM));

/* ---- the code ------------------------------------------------------------------------------ */

/* Why the form comes again. */
struct again {
	const struct error *failed; /* NULL: it is shown for the first time */
	struct str code;            /* as typed */
	int64_t tries_left;
	bool is_guess; /* of the session */
};

static bool is_of_code(enum reason reason)
{
	return reason == REASON_CODE_WRONG || reason == REASON_CODE_OLD ||
	       reason == REASON_CODE_OTHER_ROOM || reason == REASON_CODE_MISSING ||
	       reason == REASON_CODE_USED;
}

/* What is wrong, as one reason: that of its only field says more. */
static enum reason reason_of(const struct error *e)
{
	return e->n_fields > 0 ? e->fields[0].reason : e->reason;
}

static enum rc show_code(struct req *q, struct resp *r, const struct checkin_open *o,
			 const struct again *a, struct error *e)
{
	struct view_check_in_code v = { .tries_left = -1 };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(flow_view(&p, q, o, FLOW_CODE, "/check-in", &v.in, e));
	if (a->failed) {
		struct str text =
			reason_sentence(p.arena, p.lang, reason_of(a->failed), a->failed->arg);

		r->status =
			a->failed->rc == RC_BUSY && a->failed->reason == REASON_RATE ? 429 : 422;
		v.code = a->code;
		if (is_of_code(reason_of(a->failed)))
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

/* ---- the end ----------------------------------------------------------------------------------
 */

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

/* A refusal that is shown in the form of the code; o may be NULL. */
static enum rc refuse(struct req *q, struct resp *r, const struct checkin_open *o, struct str typed,
		      int64_t tries_left, struct error *e)
{
	struct error failed = *e;
	struct again a = { &failed, typed, tries_left, req_raw(q, "guess").n > 0 };

	error_init(e);
	return show_code(q, r, o, &a, e);
}

/* What a step adds to the flow at the end. */
struct last {
	struct str code;  /* typed; empty: the flow has a receipt, or no code is asked */
	struct str photo; /* 16 bytes; empty: none */
};

static enum rc submit(struct req *q, struct resp *r, const struct flow *f, const struct last *l,
		      struct checkin_result *ret, struct error *e)
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

static enum rc finish(struct req *q, struct resp *r, const struct checkin_open *o,
		      const struct flow *f, const struct last *l, struct error *e)
{
	struct checkin_result res;
	struct error ignored;
	enum rc rc = submit(q, r, f, l, &res, e);

	error_init(&ignored);
	if (l->photo.n)
		(void)!photo_let_go(&q->core, l->photo, &ignored);
	if (rc != RC_OK && !is_refusal(rc))
		return rc;
	TRY(leave_flow(q, r, o, f, &res, e));
	if (rc != RC_OK && l->code.n && is_of_code(res.reason ? res.reason : reason_of(e)))
		return refuse(q, r, o, l->code, res.attempt_id ? res.tries_left : -1, e);
	if (res.attempt_id)
		return go_to_receipt(q, r, &res, e);
	return refuse(q, r, o, l->code, -1, e);
}

/* To the next step; what cannot succeed is asked at once, so that it is kept and told. */
static enum rc go_on(struct req *q, struct resp *r, const struct checkin_open *o,
		     const struct flow *f, struct error *e)
{
	const struct last nothing = { 0 };
	bool is_over =
		o->state != ATTENDANCE_OPEN || (flow_is_done(o) && !(o->is_waiting && f->is_again));
	enum flow_step next = is_over ? FLOW_RESULT : flow_next(o, f);

	if (next == FLOW_CODE) {
		(void)ERROR(e, RC_INVALID, REASON_CODE_MISSING, "no receipt");
		return refuse(q, r, o, (struct str){ 0 }, -1, e);
	}
	if (next == FLOW_RESULT)
		return finish(q, r, o, f, &nothing, e);
	TRY(flow_keep(q, r, f, e));
	resp_redirect(r, next == FLOW_PLACE ? STR("/check-in/location") : STR("/check-in/selfie"));
	r->cache = RESP_CACHE_NONE;
	return RC_OK;
}

/* ---- GET and POST /check-in --------------------------------------------------------------------
 */

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

static enum rc show_ready(struct req *q, struct resp *r, const struct checkin_open *o,
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

static enum rc look_at(struct req *q, struct resp *r, int64_t session_id, struct error *e)
{
	const struct again first = { 0 };
	struct checkin_open o;
	struct flow f;

	TRY(checkin_open_get(&q->core, session_id, &o, e));
	if (o.state != ATTENDANCE_OPEN || flow_is_done(&o))
		return show_ready(q, r, &o, session_id, false, e);
	if (flow_asks_code(&o))
		return show_code(q, r, &o, &first, e);
	TRY(flow_begin(q, session_id, (struct str){ 0 }, false, &f, e));
	if (flow_next(&o, &f) == FLOW_RESULT)
		return show_ready(q, r, &o, session_id, false, e);
	return go_on(q, r, &o, &f, e);
}

enum rc page_check_in(struct req *q, struct resp *r, struct error *e)
{
	const struct again first = { .is_guess = true };
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
	return show_code(q, r, o, &first, e);
}

/* After a scan, or where no code is asked. */
static enum rc send_ready(struct req *q, struct resp *r, const struct send_in *in, struct error *e)
{
	const struct last nothing = { 0 };
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
		return finish(q, r, NULL, &f, &nothing, e);
	}
	TRY(rc);
	return go_on(q, r, &o, &f, e);
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
	return go_on(q, r, o, &f, e);
}

static enum rc send_code(struct req *q, struct resp *r, const struct send_in *in, struct error *e)
{
	struct checkin_open o = { 0 };
	struct flow f = { 0 };
	struct last l = { .code = in->code };
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
	return finish(q, r, o.attendance_id ? &o : NULL, &f, &l, e);
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
		return refuse(q, r, NULL, req_raw(q, "code"), -1, e);
	return rc;
}

/* ---- scans --------------------------------------------------------------------------------------
 */

static enum rc show_bad_scan(struct req *q, struct resp *r, struct error *e)
{
	struct error failed = *e;
	struct view_check_in v;
	struct tpl t = req_tpl(q, r);
	struct page p;

	error_init(e);
	TRY(flow_view(&p, q, NULL, FLOW_CODE, "/check-in", &v, e));
	v.errors.text = reason_sentence(p.arena, p.lang, reason_of(&failed), failed.arg);
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
	return show_ready(q, r, rc == RC_OK ? &o : NULL, f.attendance_id, true, e);
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

/* ---- where --------------------------------------------------------------------------------------
 */

/* The flow and its session; false: there is none, and the answer leads to the beginning. */
static enum rc open_flow(struct req *q, struct resp *r, struct flow *ret_f,
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

#define MAP_X    170
#define MAP_Y    95
#define MAP_ZONE 52 /* radius of the allowed circle */
#define MAP_EDGE 12

static int64_t on_map(int64_t middle, double metres, int64_t radius_m, int64_t size)
{
	double at = (double)middle + metres * MAP_ZONE / (double)(radius_m > 0 ? radius_m : 1);

	if (at < MAP_EDGE)
		return MAP_EDGE;
	return at > (double)(size - MAP_EDGE) ? size - MAP_EDGE : (int64_t)at;
}

static void fill_position(const struct checkin_open *o, const struct flow *f,
			  struct view_check_in_place *v)
{
	struct place east = { o->place.latitude_e7, f->place.longitude_e7 };
	struct place north = { f->place.latitude_e7, o->place.longitude_e7 };
	double distance = place_distance_m(o->place, f->place);
	double dx = place_distance_m(o->place, east), dy = place_distance_m(o->place, north);
	double accuracy = f->accuracy_dm < 0 ? -1 : (double)f->accuracy_dm / 10;

	v->has_position = true;
	v->distance_m = (int64_t)distance;
	v->accuracy_m = f->accuracy_dm < 0 ? -1 : (f->accuracy_dm + 5) / 10;
	v->verdict = place_judge(distance, accuracy, o->radius_m);
	v->x = on_map(MAP_X, f->place.longitude_e7 < o->place.longitude_e7 ? -dx : dx, o->radius_m,
		      2LL * MAP_X);
	v->y = on_map(MAP_Y, f->place.latitude_e7 > o->place.latitude_e7 ? -dy : dy, o->radius_m,
		      2LL * MAP_Y);
}

/* failed: NULL when it is shown for the first time. */
static enum rc show_place(struct req *q, struct resp *r, const struct checkin_open *o,
			  const struct flow *f, const struct error *failed, struct error *e)
{
	struct view_check_in_place v = { .room = o->room,
					 .evidence_days = o->evidence_days,
					 .radius_m = o->radius_m,
					 .accuracy_m = -1 };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(flow_view(&p, q, o, FLOW_PLACE, "/check-in/location", &v.in, e));
	if (f->place_state == FLOW_PLACE_GIVEN)
		fill_position(o, f, &v);
	if (failed) {
		r->status = 422;
		v.in.errors.text = reason_sentence(p.arena, p.lang, reason_of(failed), failed->arg);
	}
	tpl_pages_check_in_location(&t, &v);
	return RC_OK;
}

enum rc page_check_in_place(struct req *q, struct resp *r, struct error *e)
{
	struct checkin_open o;
	struct flow f;
	bool has_flow;

	TRY(open_flow(q, r, &f, &o, &has_flow, e));
	if (!has_flow)
		return RC_OK;
	if (!flow_asks_place(&o)) {
		resp_redirect(r, STR("/check-in/selfie"));
		return RC_OK;
	}
	return show_place(q, r, &o, &f, NULL, e);
}

/* "12.5" as 125; "" is not stated. */
static bool read_accuracy(struct str s, int64_t *ret_dm)
{
	struct str whole;
	int64_t metres, tenths = 0;

	*ret_dm = -1;
	if (s.n == 0)
		return true;
	if (!str_split(&s, '.', &whole) || !num_i64(whole, 0, 1000000, &metres) ||
	    whole.p[0] == '-')
		return false;
	if (s.p && (s.n == 0 || !num_i64(str_sub(s, 0, 1), 0, 9, &tenths)))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	*ret_dm = metres * 10 + tenths;
	return true;
}

enum rc check_in_position(struct str lat, struct str lon, struct str acc, struct place *ret,
			  int64_t *ret_accuracy_dm, struct error *e)
{
	if (lat.n == 0 || lon.n == 0)
		return ERROR(e, RC_INVALID, REASON_PLACE_MISSING, "no position");
	if (!place_parse_degrees(lat, 90, &ret->latitude_e7) ||
	    !place_parse_degrees(lon, 180, &ret->longitude_e7) ||
	    !read_accuracy(acc, ret_accuracy_dm))
		return ERROR(e, RC_INVALID, REASON_NOT_A_PLACE, "position that cannot be");
	return RC_OK;
}

static enum rc take_place(const struct place_in *in, struct flow *f, struct error *e)
{
	struct place place;
	int64_t accuracy_dm;

	TRY(check_in_position(in->lat, in->lon, in->acc, &place, &accuracy_dm, e));
	f->place = place;
	f->accuracy_dm = accuracy_dm;
	f->place_state = FLOW_PLACE_GIVEN;
	return RC_OK;
}

static enum rc send_place(struct req *q, struct resp *r, const struct checkin_open *o,
			  struct flow *f, struct error *e)
{
	struct place_in in;

	TRY(req_read(q, &in, e));
	if (in.skip)
		f->place_state = FLOW_PLACE_REFUSED;
	if (in.skip || (in.go && f->place_state == FLOW_PLACE_GIVEN))
		return go_on(q, r, o, f, e);
	TRY(take_place(&in, f, e));
	/* The student sees it before it is used. */
	TRY(flow_keep(q, r, f, e));
	resp_redirect(r, STR("/check-in/location"));
	return RC_OK;
}

enum rc page_check_in_place_send(struct req *q, struct resp *r, struct error *e)
{
	struct checkin_open o;
	struct error failed;
	struct flow f;
	bool has_flow;
	enum rc rc;

	TRY(open_flow(q, r, &f, &o, &has_flow, e));
	if (!has_flow)
		return RC_OK;
	rc = send_place(q, r, &o, &f, e);
	if (rc != RC_INVALID)
		return rc;
	failed = *e;
	error_init(e);
	return show_place(q, r, &o, &f, &failed, e);
}

/* ---- the photo ----------------------------------------------------------------------------------
 */

static enum rc show_photo(struct req *q, struct resp *r, const struct checkin_open *o,
			  const struct error *failed, struct error *e)
{
	struct view_check_in_photo v = { .evidence_days = o->evidence_days,
					 .is_must = o->level[SIGNAL_PHOTO] == POLICY_MUST };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(flow_view(&p, q, o, FLOW_PHOTO, "/check-in/selfie", &v.in, e));
	if (failed) {
		r->status = failed->rc == RC_TOO_BIG ? 413 : 422;
		v.photo_error = (struct view_field_error){
			"photo-e", reason_sentence(p.arena, p.lang, reason_of(failed), failed->arg)
		};
	}
	tpl_pages_check_in_selfie(&t, &v);
	return RC_OK;
}

enum rc page_check_in_photo(struct req *q, struct resp *r, struct error *e)
{
	struct checkin_open o;
	struct flow f;
	bool has_flow;

	TRY(open_flow(q, r, &f, &o, &has_flow, e));
	if (!has_flow)
		return RC_OK;
	if (flow_next(&o, &f) != FLOW_PHOTO) {
		resp_redirect(r, flow_next(&o, &f) == FLOW_PLACE ? STR("/check-in/location")
								 : STR("/check-in"));
		return RC_OK;
	}
	return show_photo(q, r, &o, NULL, e);
}

static enum rc store_photo(struct req *q, struct str *ret_file, struct error *e)
{
	for (size_t i = 0; i < q->n_files; i++) {
		const struct req_file *file = &q->files[i];
		struct photo_in in = { .fd = q->spool.fd,
				       .offset = file->offset,
				       .length = file->n,
				       .bytes = req_file_bytes(q, file) };

		if (str_eq(file->field, STR("photo")) && file->n > 0)
			return photo_store(&q->core, q->worker->web->files, &in, ret_file, e);
	}
	return ERROR(e, RC_INVALID, REASON_PHOTO_MISSING, "no file");
}

enum rc page_check_in_photo_send(struct req *q, struct resp *r, struct error *e)
{
	struct last l = { 0 };
	struct photo_form in;
	struct checkin_open o;
	struct error failed;
	struct flow f;
	bool has_flow;
	enum rc rc;

	TRY(open_flow(q, r, &f, &o, &has_flow, e));
	if (!has_flow)
		return RC_OK;
	rc = req_read(q, &in, e);
	if (rc == RC_OK && !in.skip && flow_asks_photo(&o))
		rc = store_photo(q, &l.photo, e);
	if (rc == RC_OK)
		return finish(q, r, &o, &f, &l, e);
	if (rc != RC_INVALID && rc != RC_TOO_BIG)
		return rc;
	failed = *e;
	error_init(e);
	return show_photo(q, r, &o, &failed, e);
}
