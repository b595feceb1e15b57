/*
 * Rooms: list, add, change, end, restore.
 */
#include "pages/rooms.h"

#include "core/attendance/signal.h"
#include "pages/timetable.h"
#include "view/tpl_pages_room.h"
#include "view/tpl_pages_rooms.h"
#include "view/tpl_pages_rooms_results.h"

#define PAGE_MAX 100000

struct rooms_in {
	struct str q, done;
	int64_t branch, page;
	bool ended;
};
FIELDS(rooms_fields, rooms_in, FIELD(TEXT, rooms_in, q, QUERY), FIELD(TEXT, rooms_in, done, QUERY),
       FIELD(ID, rooms_in, branch, QUERY),
       FIELD(INT, rooms_in, page, QUERY, .min = 1, .max = PAGE_MAX, .fallback = 1),
       FIELD(BOOL, rooms_in, ended, QUERY));

struct room_page_in {
	int64_t id, version, capacity, branch;
	struct str name, done, latitude, longitude;
	int64_t radius;
};
FIELDS(room_fields, room_page_in, FIELD(ID, room_page_in, id, PATH),
       FIELD(TEXT, room_page_in, done, QUERY));
FIELDS(room_new_fields, room_page_in, FIELD(ID, room_page_in, branch, FORM),
       FIELD(TEXT, room_page_in, name, FORM, .max = 2000),
       FIELD(INT, room_page_in, capacity, FORM, .min = 1, .max = ROOM_CAPACITY_MAX,
	     .fallback = COLUMN_NULL));
FIELDS(room_save_fields, room_page_in, FIELD(ID, room_page_in, id, PATH),
       FIELD(INT, room_page_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(TEXT, room_page_in, name, FORM, .max = 2000),
       FIELD(INT, room_page_in, capacity, FORM, .min = 1, .max = ROOM_CAPACITY_MAX,
	     .fallback = COLUMN_NULL));

FIELDS(room_place_fields, room_page_in, FIELD(ID, room_page_in, id, PATH),
       FIELD(INT, room_page_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(TEXT, room_page_in, latitude, FORM), FIELD(TEXT, room_page_in, longitude, FORM),
       FIELD(INT, room_page_in, radius, FORM, .fallback = COLUMN_NULL));

static const struct form_field place_form[] = {
	{ "latitude", "r-latitude", N_("Latitude") },
	{ "longitude", "r-longitude", N_("Longitude") },
	{ "radius", "r-radius", N_("Metres around it") },
};
static const struct form_field form_fields[] = {
	{ "name", "r-name", N_("Name") },
	{ "capacity", "r-capacity", N_("Seats") },
	{ "branch", "r-branch", N_("Branch") },
};

static struct str room_path(struct arena *a, int64_t id)
{
	return arena_printf(a, "/admin/rooms/%lld", (long long)id);
}

/* ---- the list ------------------------------------------------------------------------------ */

enum rc page_rooms(struct req *q, struct resp *r, struct error *e)
{
	struct view_rooms v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct room_list list;
	struct rooms_in in;
	struct str base;
	struct page p;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	TRY(room_list(&q->core,
		      &(struct room_query){ .branch_id = in.branch,
					    .search = in.q,
					    .with_ended = in.ended,
					    .page = in.page },
		      &list, e));
	TRY(org_page_init(&p, q, req_text(q, N_("Rooms")), AREA_ROOMS, false, e));
	base = arena_printf(p.arena, "/admin/rooms?%.*s%.*s%s",
			    STR_ARG(timetable_pair(&p, "q", in.q)),
			    STR_ARG(timetable_id_pair(&p, "branch", in.branch)),
			    in.ended ? "ended=1&" : "");
	v.page = &p.view;
	v.rows = list.rows;
	v.n_rows = list.n_rows;
	v.search = in.q;
	v.with_ended = in.ended;
	v.branch = in.branch;
	v.is_filtered = in.q.n > 0 || in.branch > 0 || in.ended;
	v.pager = timetable_pager(&p, base, list.page, ROOM_PAGE_SIZE, list.n_rows, list.total);
	if (q->is_htmx) {
		tpl_pages_rooms_results(&t, &v);
		return RC_OK;
	}
	TRY(page_choose_branch(&p, in.branch, &v.branches, e));
	v.flash.kind = org_done_from(in.done);
	tpl_pages_rooms(&t, &v);
	return RC_OK;
}

/* ---- one ----------------------------------------------------------------------------------- */

static void fill_end(struct page *p, struct view_room *v)
{
	v->end = (struct view_org_end){
		.path = room_path(p->arena, v->room.id),
		.what = page_text(p, N_("It can no longer be chosen. What is planned in it stays "
					"there.")),
		.revision = v->room.version,
		.is_ended = v->room.ended_at != NO_TIME,
	};
}

static struct str capacity_text(struct page *p, int64_t n)
{
	return n == COLUMN_NULL ? (struct str){ 0 } : arena_printf(p->arena, "%lld", (long long)n);
}

static struct str degrees_text(struct page *p, int64_t e7)
{
	int64_t n = e7 < 0 ? -e7 : e7;

	return e7 == COLUMN_NULL
		       ? (struct str){ 0 }
		       : arena_printf(p->arena, "%s%lld.%07lld", e7 < 0 ? "-" : "",
				      (long long)(n / PLACE_E7), (long long)(n % PLACE_E7));
}

/* typed: the request of a place that was refused; else NULL. */
static void fill_place(struct page *p, struct view_room *v, const struct req *typed,
		       const struct error *failed)
{
	v->latitude = typed ? req_raw(typed, "latitude") : degrees_text(p, v->room.latitude_e7);
	v->longitude = typed ? req_raw(typed, "longitude") : degrees_text(p, v->room.longitude_e7);
	v->radius = typed ? req_raw(typed, "radius") : capacity_text(p, v->room.radius_m);
	v->place_errors = form_errors(p->arena, p->lang, failed, place_form, ARRAY_LEN(place_form));
	v->latitude_error = field_error(p->arena, p->lang, failed, "latitude", "r-latitude-e");
	v->longitude_error = field_error(p->arena, p->lang, failed, "longitude", "r-longitude-e");
	v->radius_error = field_error(p->arena, p->lang, failed, "radius", "r-radius-e");
}

enum room_form { ROOM_FORM_NONE, ROOM_FORM_ROOM, ROOM_FORM_PLACE };

/* failed: no error when the form is shown for the first time; typed: which form was sent. */
static enum rc show(struct req *q, struct resp *r, struct view_room *v, int64_t branch,
		    enum room_form typed, const struct error *failed, struct error *e)
{
	struct view_changed_value now[2];
	const bool is_typed = typed == ROOM_FORM_ROOM;
	struct tpl t = req_tpl(q, r);
	struct error none;
	struct page p;

	error_init(&none);
	TRY(org_page_init(&p, q, v->room.id ? v->room.name : req_text(q, N_("Add a room")),
			  AREA_ROOMS, true, e));
	p.view.here = v->room.id ? room_path(p.arena, v->room.id) : STR("/admin/rooms/new");
	v->page = &p.view;
	v->name = is_typed ? req_raw(q, "name") : v->room.name;
	v->capacity = is_typed ? req_raw(q, "capacity") : capacity_text(&p, v->room.capacity);
	if (!v->room.id)
		TRY(page_choose_branch(&p, branch, &v->branches, e));
	fill_place(&p, v, typed == ROOM_FORM_PLACE ? q : NULL,
		   typed == ROOM_FORM_PLACE ? failed : &none);
	v->errors = form_errors(p.arena, p.lang, typed == ROOM_FORM_PLACE ? &none : failed,
				form_fields, ARRAY_LEN(form_fields));
	v->name_error = field_error(p.arena, p.lang, failed, "name", "r-name-e");
	v->capacity_error = field_error(p.arena, p.lang, failed, "capacity", "r-capacity-e");
	v->branch_error = field_error(p.arena, p.lang, failed, "branch", "r-branch-e");
	now[0] = (struct view_changed_value){ page_text(&p, N_("Name")), v->room.name };
	now[1] = (struct view_changed_value){ page_text(&p, N_("Seats")),
					      capacity_text(&p, v->room.capacity) };
	TRY(timetable_changed(&p, failed, "room", v->room.id, now, ARRAY_LEN(now), &v->changed, e));
	v->revision = v->room.version;
	fill_end(&p, v);
	org_set_status(r, failed);
	tpl_pages_room(&t, v);
	return RC_OK;
}

static struct view_room new_room(void)
{
	return (struct view_room){ .room = { .capacity = COLUMN_NULL,
					     .ended_at = NO_TIME,
					     .latitude_e7 = COLUMN_NULL,
					     .longitude_e7 = COLUMN_NULL,
					     .radius_m = COLUMN_NULL } };
}

enum rc page_room_new(struct req *q, struct resp *r, struct error *e)
{
	struct view_room v = new_room();
	struct error none;

	error_init(&none);
	return show(q, r, &v, 0, ROOM_FORM_NONE, &none, e);
}

enum rc page_room(struct req *q, struct resp *r, struct error *e)
{
	struct view_room v = { 0 };
	struct room_page_in in;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	TRY(room_get(&q->core, in.id, &v.room, &v.n_ahead, e));
	v.flash = (struct view_org_flash){ .kind = org_done_from(in.done),
					   .name = v.room.name,
					   .revision = v.room.version };
	if (v.room.ended_at != NO_TIME)
		v.flash.undo =
			arena_printf(q->core.arena, "/admin/rooms/%lld/restore", (long long)in.id);
	return show(q, r, &v, 0, ROOM_FORM_NONE, &none, e);
}

static enum rc show_again(struct req *q, struct resp *r, const struct room_page_in *in,
			  enum room_form typed, struct error *e)
{
	struct view_room v = new_room();
	struct error failed = org_keep(e);

	if (in->id)
		TRY(room_get(&q->core, in->id, &v.room, &v.n_ahead, e));
	return show(q, r, &v, in->branch, typed, &failed, e);
}

enum rc page_room_save(struct req *q, struct resp *r, struct error *e)
{
	struct room_page_in in;
	int64_t id = 0;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK) {
		struct room_in room = { in.branch, in.name, in.capacity, in.version };

		rc = in.id ? room_update(&q->core, in.id, &room, e)
			   : room_create(&q->core, &room, &id, e);
	}
	if (page_is_form_error(rc))
		return show_again(q, r, &in, ROOM_FORM_ROOM, e);
	TRY(rc);
	return org_redirect(r, room_path(q->core.arena, in.id ? in.id : id),
			    in.id ? ORG_DONE_SAVED : ORG_DONE_ADDED, q->core.arena, e);
}

static enum rc end_or_restore(struct req *q, struct resp *r, bool is_ended, struct error *e)
{
	struct room_page_in in;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = room_set_ended(&q->core, in.id, is_ended, e);
	if (page_is_form_error(rc))
		return show_again(q, r, &in, ROOM_FORM_NONE, e);
	TRY(rc);
	return org_redirect(r, room_path(q->core.arena, in.id),
			    is_ended ? ORG_DONE_ENDED : ORG_DONE_RESTORED, q->core.arena, e);
}

enum rc page_room_end(struct req *q, struct resp *r, struct error *e)
{
	return end_or_restore(q, r, true, e);
}

enum rc page_room_restore(struct req *q, struct resp *r, struct error *e)
{
	return end_or_restore(q, r, false, e);
}

enum rc page_room_place(struct req *q, struct resp *r, struct error *e)
{
	struct room_page_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK) {
		const struct room_place_in place = { in.latitude, in.longitude, in.radius,
						     in.version };

		rc = room_set_place(&q->core, in.id, &place, e);
	}
	if (page_is_form_error(rc))
		return show_again(q, r, &in, ROOM_FORM_PLACE, e);
	TRY(rc);
	return org_redirect(r, room_path(q->core.arena, in.id), ORG_DONE_SAVED, q->core.arena, e);
}
