/*
 * The step of the photo.
 */
#include "core/attendance/photo.h"
#include "pages/check_in_step.h"
#include "view/tpl_pages_check_in_selfie.h"
#include "web/worker.h"

struct photo_form {
	bool skip;
};
FIELDS(check_in_photo_fields, photo_form, FIELD(BOOL, photo_form, skip, FORM));

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
			"photo-e",
			reason_sentence(p.arena, p.lang, check_in_reason(failed), failed->arg)
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

	TRY(check_in_flow_open(q, r, &f, &o, &has_flow, e));
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
	struct check_in_last l = { 0 };
	struct photo_form in;
	struct checkin_open o;
	struct error failed;
	struct flow f;
	bool has_flow;
	enum rc rc;

	TRY(check_in_flow_open(q, r, &f, &o, &has_flow, e));
	if (!has_flow)
		return RC_OK;
	rc = req_read(q, &in, e);
	if (rc == RC_OK && !in.skip && flow_asks_photo(&o))
		rc = store_photo(q, &l.photo, e);
	if (rc == RC_OK)
		return check_in_finish(q, r, &o, &f, &l, e);
	if (rc != RC_INVALID && rc != RC_TOO_BIG)
		return rc;
	failed = *e;
	error_init(e);
	return show_photo(q, r, &o, &failed, e);
}
