/*
 * A student in the room opens check-in, where the institution lets them.
 */
#include "core/session/agenda.h"
#include "core/wall.h"
#include "pages/check_in.h"
#include "pages/check_in_flow.h"
#include "view/tpl_pages_check_in_open.h"

struct open_in {
	int64_t occurrence;
	struct str lat, lon, acc;
};
FIELDS(check_in_open_fields, open_in, FIELD(ID, open_in, occurrence, QUERY, .required = true));
FIELDS(check_in_open_send_fields, open_in, FIELD(ID, open_in, occurrence, FORM, .required = true),
       FIELD(RAW, open_in, lat, FORM, .max = 40), FIELD(RAW, open_in, lon, FORM, .max = 40),
       FIELD(RAW, open_in, acc, FORM, .max = 40));

/* Of the student's day; RC_NOT_FOUND unless it may be opened now. */
static enum rc find(struct req *q, int64_t occurrence_id, struct agenda_row *ret, struct error *e)
{
	int32_t day = core_wall(&q->core, (struct str){ 0 }, q->core.now_us).day;
	const struct agenda_row *rows;
	size_t n;

	TRY(agenda_of_day(&q->core, day, &rows, &n, e));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].occurrence_id != occurrence_id || !rows[i].may_open)
			continue;
		*ret = rows[i];
		return RC_OK;
	}
	return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "nothing to open");
}

/* failed: NULL when it is shown for the first time. */
static enum rc show(struct req *q, struct resp *r, int64_t occurrence_id,
		    const struct error *failed, struct error *e)
{
	struct view_check_in_open v = { .occurrence_id = occurrence_id };
	struct tpl t = req_tpl(q, r);
	struct agenda_row row = { 0 };
	struct page p;

	TRY(find(q, occurrence_id, &row, e));
	TRY(flow_view(&p, q, NULL, FLOW_CODE, "/today", &v.in, e));
	p.view.title = page_text(&p, N_("Open check-in"));
	v.in.title = row.title;
	v.room = row.room;
	v.start_tod = row.start_tod;
	v.end_tod = row.end_tod;
	if (failed) {
		r->status = 422;
		v.in.errors.text = reason_sentence(p.arena, p.lang, failed->reason, failed->arg);
	}
	r->cache = RESP_CACHE_NONE;
	tpl_pages_check_in_open(&t, &v);
	return RC_OK;
}

enum rc page_check_in_open(struct req *q, struct resp *r, struct error *e)
{
	struct open_in in;

	TRY(req_read(q, &in, e));
	return show(q, r, in.occurrence, NULL, e);
}

static enum rc go_to(struct req *q, struct resp *r, int64_t attendance_id, struct error *e)
{
	struct str path =
		arena_printf(q->core.arena, "/check-in?session=%lld", (long long)attendance_id);

	if (!path.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, path);
	return RC_OK;
}

enum rc page_check_in_open_send(struct req *q, struct resp *r, struct error *e)
{
	int64_t id = 0, accuracy_dm = -1;
	struct error failed;
	struct place place;
	struct open_in in;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = check_in_position(in.lat, in.lon, in.acc, &place, &accuracy_dm, e);
	if (rc == RC_OK)
		rc = attendance_auto_open(&q->core, in.occurrence, place,
					  accuracy_dm < 0 ? -1 : (double)accuracy_dm / 10, &id, e);
	/* Somebody was faster: all the better. */
	if (rc == RC_OK || (rc == RC_CONFLICT && id)) {
		error_init(e);
		return go_to(q, r, id, e);
	}
	if (rc != RC_INVALID && rc != RC_DENIED)
		return rc;
	failed = *e;
	error_init(e);
	return show(q, r, in.occurrence, &failed, e);
}
