/*
 * Running attendance, for admins.
 */
#include "pages/running.h"

#include "core/attendance/attendance.h"
#include "pages/org_part.h"
#include "view/policies.h"
#include "view/tpl_pages_running.h"

#define ROWS_SHOWN 100

struct running_in {
	bool closed;
	int64_t before;
};
FIELDS(running_fields, running_in, FIELD(BOOL, running_in, closed, QUERY),
       FIELD(ID, running_in, before, QUERY));

enum rc page_running(struct req *q, struct resp *r, struct error *e)
{
	struct view_running v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct running_in in;
	struct page p;

	TRY(req_read(q, &in, e));
	TRY(org_page_init(&p, q, req_text(q, N_("Running attendance")), AREA_RUNNING, false, e));
	TRY(attendance_list(&q->core,
			    &(struct attendance_query){ .show = in.closed ? ATTENDANCE_SHOW_CLOSED
									  : ATTENDANCE_SHOW_RUNNING,
							.before_id = in.before,
							.limit = ROWS_SHOWN },
			    &v.rows, &v.n_rows, e));
	v.page = &p.view;
	v.shows_closed = in.closed;
	if (v.n_rows == ROWS_SHOWN)
		v.older = arena_printf(p.arena, "/admin/attendance?%sbefore=%lld",
				       in.closed ? "closed=1&" : "",
				       (long long)v.rows[v.n_rows - 1].id);
	tpl_pages_running(&t, &v);
	return RC_OK;
}
