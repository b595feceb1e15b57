/*
 * A student's own claims: the list, withdrawing, the file, and telling the teacher from the
 * result of a check-in.
 */
#include "core/attendance/checkin.h"
#include "pages/check_in_flow.h"
#include "pages/claims.h"
#include "pages/claims_part.h"
#include "view/text.h"
#include "view/tpl_pages_claims_own.h"
#include "web/worker.h"

#define OWN_MAX 500

struct own_in {
	struct str done;
};
FIELDS(claims_own_fields, own_in, FIELD(TEXT, own_in, done, QUERY));

/* Items of one claim stand together. */
static enum rc fill_groups(struct page *p, const struct claim_row *rows, size_t n,
			   struct view_claims_own *v, struct error *e)
{
	struct view_claim *items = ARENA_ARRAY(p->arena, n, struct view_claim);
	struct view_claim_group *groups = ARENA_ARRAY(p->arena, n, struct view_claim_group);
	struct status_set set;

	if (!items || !groups)
		return ERROR_MEMORY(e);
	TRY(status_set_get(p->core, &set, e));
	for (size_t i = 0; i < n; i++) {
		items[i] = claim_view(p, &set, &rows[i], STR("/excuses"));
		if (i == 0 || rows[i].s->claim_id != rows[i - 1].s->claim_id)
			groups[v->n_groups++] =
				(struct view_claim_group){ .first = &items[i], .items = &items[i] };
		groups[v->n_groups - 1].n_items++;
	}
	v->groups = groups;
	return RC_OK;
}

static enum rc show_own(struct req *q, struct resp *r, enum claim_flash flash,
			const struct error *failed, struct error *e)
{
	struct view_claims_own v = { .flash = flash };
	struct tpl t = req_tpl(q, r);
	const struct claim_row *rows;
	struct page p;
	size_t n;

	TRY(page_init(&p, q, req_text(q, N_("Excuses and corrections")), e));
	p.view.nav = NAV_ATTENDANCE;
	p.view.here = STR("/excuses");
	v.page = &p.view;
	TRY(claim_own(&q->core, OWN_MAX, &rows, &n, e));
	TRY(fill_groups(&p, rows, n, &v, e));
	if (failed) {
		r->status = 409;
		v.errors = form_errors(p.arena, p.lang, failed, NULL, 0);
	}
	tpl_pages_claims_own(&t, &v);
	return RC_OK;
}

enum rc page_claims_own(struct req *q, struct resp *r, struct error *e)
{
	struct own_in in;

	if (who_is_staff(&q->who)) {
		resp_redirect(r, STR("/excuses/to-decide"));
		return RC_OK;
	}
	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	return show_own(q, r, claim_flash_from(in.done), NULL, e);
}

/* ---- withdrawing ---------------------------------------------------------------------------- */

struct item_in {
	int64_t id;
};
FIELDS(claim_item_fields, item_in, FIELD(ID, item_in, id, PATH));
FIELDS(claim_file_fields, item_in, FIELD(ID, item_in, id, PATH));

enum rc page_claim_withdraw(struct req *q, struct resp *r, struct error *e)
{
	struct item_in in;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = claim_withdraw(&q->core, in.id, e);
	if (rc == RC_CONFLICT) {
		const struct error failed = *e;

		error_init(e);
		return show_own(q, r, CLAIM_FLASH_NONE, &failed, e);
	}
	TRY(rc);
	resp_redirect(r, STR("/excuses?done=withdrawn"));
	return RC_OK;
}

/* ---- the file ------------------------------------------------------------------------------- */

static enum rc more_of_file(void *arg, struct buf *b, bool *ret_last, struct error *e)
{
	return files_sealed_read(arg, b, ret_last, e);
}

enum rc page_claim_file(struct req *q, struct resp *r, struct error *e)
{
	struct claim_bytes file;
	struct item_in in;
	bool is_last;

	TRY(req_read(q, &in, e));
	TRY(claim_file_open(&q->core, q->worker->web->files, in.id, &file, e));
	/* Before anything is sent, so that what cannot be read says so. */
	TRY(files_sealed_read(file.bytes, &r->body, &is_last, e));
	if (!is_last)
		resp_stream(r, more_of_file, file.bytes);
	r->type = file.mime;
	r->cache = RESP_CACHE_NONE;
	r->csp = str_eq(file.class, STR("pdf")) ? resp_csp_pdf : resp_csp_file;
	resp_header(r, "Content-Disposition",
		    str_eq(file.class, STR("pdf")) ? STR("inline; filename=\"proof.pdf\"")
						   : STR("inline; filename=\"proof\""));
	return RC_OK;
}

/* ---- from the result of a check-in ---------------------------------------------------------- */

struct tell_in {
	struct str receipt;
};
FIELDS(check_in_tell_fields, tell_in, FIELD(TEXT, tell_in, receipt, PATH, .max = 60));

/* The refusal that it is about goes with it. */
static enum rc tell_reason(struct req *q, int64_t attempt_id, struct str *ret, struct error *e)
{
	struct checkin_attempt a;

	TRY(checkin_attempt_get(&q->core, attempt_id, &a, e));
	*ret = a.reason == REASON_NONE
		       ? req_text(q, N_("I am in the room, and my check-in did not work."))
		       : TEXT_FILL(q->core.arena, q->lang,
				   N_("I am in the room, and my check-in did not work: {why}"),
				   { "why", reason_sentence(q->core.arena, q->lang, a.reason, 0) });
	return RC_OK;
}

enum rc page_check_in_tell(struct req *q, struct resp *r, struct error *e)
{
	struct claim_in ask = { .kind = CLAIM_CORRECTION, .wants = MARK_PRESENT };
	int64_t attempt_id, id;
	struct tell_in in;
	struct str path;
	enum rc rc;

	TRY(req_read(q, &in, e));
	if (!flow_receipt_read(in.receipt, &ask.attendance_id, &attempt_id) || !ask.attendance_id)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no receipt of a session");
	TRY(tell_reason(q, attempt_id, &ask.reason, e));
	rc = claim_add(&q->core, q->worker->web->files, &ask, &id, e);
	/* Told already, or in meanwhile: the page says so. */
	if (rc == RC_INVALID)
		error_init(e);
	else
		TRY(rc);
	path = arena_printf(q->core.arena, "/check-in/%.*s", STR_ARG(in.receipt));
	if (!path.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, path);
	return RC_OK;
}
