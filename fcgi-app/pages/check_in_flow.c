/*
 * The cookie of a flow, and what follows what.
 */
#include "pages/check_in_flow.h"

#include "base/num.h"
#include "core/attendance/browser.h"

#define FLOW_COOKIE    "checkin"
#define FLOW_S         RECEIPT_S
#define BROWSER_COOKIE "browser"
#define ACCURACY_MAX   100000000

enum { IS_SCAN = 1, IS_AGAIN = 2 };

/* ---- the cookie ---------------------------------------------------------------------------- */

static bool read_number(struct str *rest, int64_t min, int64_t max, int64_t *ret)
{
	struct str part;

	return str_split(rest, '.', &part) && num_i64(part, min, max, ret);
}

/* "1.42.7.<nonce>.1.1.488566000.-23522000.90.<receipt>" */
static bool read_text(struct str text, struct flow *ret)
{
	int64_t version, flags, state, latitude, longitude;
	struct flow f;

	if (!read_number(&text, 1, 1, &version) ||
	    !read_number(&text, 1, INT64_MAX, &f.attendance_id) ||
	    !read_number(&text, 0, INT64_MAX, &f.account_id) || !str_split(&text, '.', &f.nonce) ||
	    f.nonce.n != CRYPTO_ID_SIZE - 1 || !read_number(&text, 0, IS_SCAN | IS_AGAIN, &flags) ||
	    !read_number(&text, FLOW_PLACE_UNASKED, FLOW_PLACE_REFUSED, &state) ||
	    !read_number(&text, -90LL * PLACE_E7, 90LL * PLACE_E7, &latitude) ||
	    !read_number(&text, -180LL * PLACE_E7, 180LL * PLACE_E7, &longitude) ||
	    !read_number(&text, -1, ACCURACY_MAX, &f.accuracy_dm))
		return false;
	f.is_scan = flags & IS_SCAN;
	f.is_again = flags & IS_AGAIN;
	f.place_state = (enum flow_place)state;
	f.place = (struct place){ (int32_t)latitude, (int32_t)longitude };
	f.receipt = str_eq(text, STR("-")) ? (struct str){ 0 } : text;
	*ret = f;
	return true;
}

struct flow flow_read(const struct req *q)
{
	struct flow f;

	if (!read_text(req_cookie(q, FLOW_COOKIE), &f))
		return (struct flow){ 0 };
	if (f.account_id && f.account_id != q->who.account_id)
		return (struct flow){ 0 };
	f.account_id = q->who.account_id;
	return f;
}

enum rc flow_nonce(struct req *q, struct str *ret, struct error *e)
{
	char nonce[CRYPTO_ID_SIZE];

	browser_nonce(nonce);
	*ret = arena_str(q->core.arena, str_from(nonce));
	return ret->p ? RC_OK : ERROR_MEMORY(e);
}

enum rc flow_begin(struct req *q, int64_t attendance_id, struct str receipt, bool is_scan,
		   struct flow *ret, struct error *e)
{
	*ret = (struct flow){ .attendance_id = attendance_id,
			      .account_id = q->who.account_id,
			      .is_scan = is_scan,
			      .accuracy_dm = -1,
			      .receipt = receipt };
	return flow_nonce(q, &ret->nonce, e);
}

enum rc flow_keep(struct req *q, struct resp *r, const struct flow *f, struct error *e)
{
	struct str text = arena_printf(q->core.arena, "1.%lld.%lld.%.*s.%d.%d.%d.%d.%lld.%.*s",
				       (long long)f->attendance_id, (long long)f->account_id,
				       STR_ARG(f->nonce),
				       (f->is_scan ? IS_SCAN : 0) | (f->is_again ? IS_AGAIN : 0),
				       (int)f->place_state, (int)f->place.latitude_e7,
				       (int)f->place.longitude_e7, (long long)f->accuracy_dm,
				       STR_ARG(f->receipt.n ? f->receipt : STR("-")));

	if (!text.p)
		return ERROR_MEMORY(e);
	resp_cookie(r, FLOW_COOKIE, text, FLOW_S);
	return RC_OK;
}

void flow_end(struct resp *r)
{
	resp_cookie(r, FLOW_COOKIE, STR("-"), -1);
}

enum rc flow_browser(struct req *q, struct resp *r, struct str *ret_hash, struct error *e)
{
	struct str cookie = req_cookie(q, BROWSER_COOKIE);
	char fresh[CRYPTO_TOKEN_SIZE];

	TRY(browser_hash(&q->core, cookie, ret_hash, e));
	if (ret_hash->n)
		return RC_OK;
	browser_new(fresh);
	cookie = arena_str(q->core.arena, str_from(fresh));
	if (!cookie.p)
		return ERROR_MEMORY(e);
	resp_cookie(r, BROWSER_COOKIE, cookie, BROWSER_COOKIE_S);
	return browser_hash(&q->core, cookie, ret_hash, e);
}

/* ---- steps --------------------------------------------------------------------------------- */

bool flow_asks_code(const struct checkin_open *o)
{
	return o->level[SIGNAL_CODE] != POLICY_OFF;
}

bool flow_asks_place(const struct checkin_open *o)
{
	return o->level[SIGNAL_PLACE] != POLICY_OFF && o->has_place;
}

bool flow_asks_photo(const struct checkin_open *o)
{
	return o->level[SIGNAL_PHOTO] != POLICY_OFF;
}

bool flow_is_done(const struct checkin_open *o)
{
	return o->mark == MARK_PRESENT || o->mark == MARK_LATE || o->is_waiting;
}

enum flow_step flow_next(const struct checkin_open *o, const struct flow *f)
{
	if (flow_asks_code(o) && !f->receipt.n)
		return FLOW_CODE;
	if (flow_asks_place(o) && f->place_state == FLOW_PLACE_UNASKED)
		return FLOW_PLACE;
	return flow_asks_photo(o) ? FLOW_PHOTO : FLOW_RESULT;
}

static void add_step(struct view_check_in *v, struct str label, enum flow_step step,
		     enum flow_step now)
{
	v->steps[v->n_steps++] = (struct view_step){ label, step < now    ? STEP_DONE
							    : step == now ? STEP_NOW
									  : STEP_TO_COME };
}

static const char *const titles[] = {
	[FLOW_CODE] = N_("Check in, code"),
	[FLOW_PLACE] = N_("Check in, location"),
	[FLOW_PHOTO] = N_("Check in, selfie"),
	[FLOW_RESULT] = N_("Check-in"),
};

enum rc flow_view(struct page *p, struct req *q, const struct checkin_open *o, enum flow_step now,
		  const char *here, struct view_check_in *ret, struct error *e)
{
	TRY(page_init(p, q, req_text(q, titles[now]), e));
	p->view.module = MODULE_CHECK_IN;
	p->view.here = str_from(here);
	*ret = (struct view_check_in){ .page = &p->view };
	if (!o || flow_asks_code(o))
		add_step(ret, page_text(p, N_("Code")), FLOW_CODE, now);
	if (o && flow_asks_place(o))
		add_step(ret, page_text(p, N_("Location")), FLOW_PLACE, now);
	if (o && flow_asks_photo(o))
		add_step(ret, page_text(p, N_("Selfie")), FLOW_PHOTO, now);
	add_step(ret, page_text(p, N_("Result")), FLOW_RESULT, now);
	if (o) {
		ret->title = o->title;
		ret->session_id = o->attendance_id;
	}
	return flow_nonce(q, &ret->nonce, e);
}

/* ---- receipts ------------------------------------------------------------------------------- */

struct str flow_receipt(struct arena *a, int64_t attendance_id, int64_t attempt_id)
{
	return arena_printf(a, "C-%04lld-%04lld", (long long)attendance_id, (long long)attempt_id);
}

bool flow_receipt_read(struct str text, int64_t *ret_attendance_id, int64_t *ret_attempt_id)
{
	struct str part;

	return str_split(&text, '-', &part) && str_eq(part, STR("C")) &&
	       str_split(&text, '-', &part) && num_i64(part, 0, INT64_MAX, ret_attendance_id) &&
	       num_i64(text, 1, INT64_MAX, ret_attempt_id);
}
