/*
 * Checking a completion code, for anyone.
 *
 * Whatever is not a code of ours, for whatever reason, gets the same page, the same
 * status and the same work; nothing is kept by caches or found by search engines.
 */
#include "pages/verify.h"

#include "pages/page.h"
#include "view/tpl_pages_verify.h"
#include "view/verify.h"

struct verify_in {
	struct str code;
};
FIELDS(verify_fields, verify_in, FIELD(RAW, verify_in, code, QUERY, .max = 4000));
FIELDS(verify_code_fields, verify_in, FIELD(RAW, verify_in, code, PATH, .max = 4000));

static enum rc draw(struct req *q, struct resp *r, struct view_verify *v, struct error *e)
{
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(page_init(&p, q, req_text(q, N_("Check a completion code")), e));
	/* The address of an answer is not for the log of a change of language either. */
	p.view.here = STR("/verify");
	v->page = &p.view;
	r->cache = RESP_CACHE_NONE;
	resp_header(r, "X-Robots-Tag", STR("noindex, nofollow, noarchive"));
	tpl_pages_verify(&t, v);
	return RC_OK;
}

static enum rc answer(struct req *q, struct resp *r, struct str typed, struct error *e)
{
	struct view_verify v = { .is_asked = true };
	struct verified found;
	bool is_ours = false;

	TRY(req_rate(q, "verify", true, q->core.config->verify_per_address_per_minute, 60, e));
	TRY(verify_code(&q->core, typed, &is_ours, &found, e));
	if (is_ours)
		v.found = &found;
	else
		r->status = 404;
	return draw(q, r, &v, e);
}

enum rc page_verify(struct req *q, struct resp *r, struct error *e)
{
	struct view_verify v = { 0 };
	struct verify_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_NO_MEMORY)
		return rc;
	error_init(e);
	/* An empty field is the form once more; what cannot be read is not a code. */
	if (rc == RC_OK && str_trim(in.code).n == 0)
		return draw(q, r, &v, e);
	return answer(q, r, rc == RC_OK ? in.code : STR(""), e);
}

enum rc page_verify_code(struct req *q, struct resp *r, struct error *e)
{
	struct verify_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_NO_MEMORY)
		return rc;
	error_init(e);
	return answer(q, r, rc == RC_OK ? in.code : STR(""), e);
}
