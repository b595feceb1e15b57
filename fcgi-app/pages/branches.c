/*
 * Branches: list, add, change, end, restore.
 *
 * A change of time zone while sessions are to come is asked about: the form comes again with what
 * it does and a box to tick.
 */
#include "pages/branches.h"

#include "core/people/branch.h"
#include "pages/org_part.h"
#include "view/tpl_pages_branch.h"
#include "view/tpl_pages_branches.h"

struct branches_in {
	struct str done;
	bool ended;
};
FIELDS(branches_fields, branches_in, FIELD(TEXT, branches_in, done, QUERY),
       FIELD(BOOL, branches_in, ended, QUERY));

struct branch_page_in {
	int64_t id, version;
	struct str name, zone, done;
	bool confirm;
};
FIELDS(branch_fields, branch_page_in, FIELD(ID, branch_page_in, id, PATH),
       FIELD(TEXT, branch_page_in, done, QUERY));
FIELDS(branch_add_fields, branch_page_in, FIELD(TEXT, branch_page_in, name, FORM, .max = 2000),
       FIELD(TEXT, branch_page_in, zone, FORM, .max = 2000));
FIELDS(branch_save_fields, branch_page_in, FIELD(ID, branch_page_in, id, PATH),
       FIELD(INT, branch_page_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(TEXT, branch_page_in, name, FORM, .max = 2000),
       FIELD(TEXT, branch_page_in, zone, FORM, .max = 2000),
       FIELD(BOOL, branch_page_in, confirm, FORM));
FIELDS(branch_end_fields, branch_page_in, FIELD(ID, branch_page_in, id, PATH),
       FIELD(INT, branch_page_in, version, FORM, .min = 0, .max = INT32_MAX));

static const struct form_field form_fields[] = {
	{ "name", "b-name", N_("Name") },
	{ "zone", "b-zone", N_("Time zone") },
	{ "confirm", "b-confirm", N_("Time zone") },
};

/* Offered while typing; any name of the IANA list is taken. */
static const struct view_zone zones[] = {
	{ STR_INIT("UTC") },
	{ STR_INIT("Africa/Cairo") },
	{ STR_INIT("Africa/Casablanca") },
	{ STR_INIT("Africa/Johannesburg") },
	{ STR_INIT("Africa/Lagos") },
	{ STR_INIT("Africa/Nairobi") },
	{ STR_INIT("America/Argentina/Buenos_Aires") },
	{ STR_INIT("America/Bogota") },
	{ STR_INIT("America/Chicago") },
	{ STR_INIT("America/Denver") },
	{ STR_INIT("America/Halifax") },
	{ STR_INIT("America/Lima") },
	{ STR_INIT("America/Los_Angeles") },
	{ STR_INIT("America/Mexico_City") },
	{ STR_INIT("America/New_York") },
	{ STR_INIT("America/Santiago") },
	{ STR_INIT("America/Sao_Paulo") },
	{ STR_INIT("America/Toronto") },
	{ STR_INIT("Asia/Baghdad") },
	{ STR_INIT("Asia/Bangkok") },
	{ STR_INIT("Asia/Dhaka") },
	{ STR_INIT("Asia/Dubai") },
	{ STR_INIT("Asia/Hong_Kong") },
	{ STR_INIT("Asia/Jakarta") },
	{ STR_INIT("Asia/Jerusalem") },
	{ STR_INIT("Asia/Karachi") },
	{ STR_INIT("Asia/Kathmandu") },
	{ STR_INIT("Asia/Kolkata") },
	{ STR_INIT("Asia/Manila") },
	{ STR_INIT("Asia/Riyadh") },
	{ STR_INIT("Asia/Seoul") },
	{ STR_INIT("Asia/Shanghai") },
	{ STR_INIT("Asia/Singapore") },
	{ STR_INIT("Asia/Tehran") },
	{ STR_INIT("Asia/Tokyo") },
	{ STR_INIT("Australia/Brisbane") },
	{ STR_INIT("Australia/Perth") },
	{ STR_INIT("Australia/Sydney") },
	{ STR_INIT("Europe/Athens") },
	{ STR_INIT("Europe/Berlin") },
	{ STR_INIT("Europe/Brussels") },
	{ STR_INIT("Europe/Bucharest") },
	{ STR_INIT("Europe/Dublin") },
	{ STR_INIT("Europe/Helsinki") },
	{ STR_INIT("Europe/Istanbul") },
	{ STR_INIT("Europe/Kyiv") },
	{ STR_INIT("Europe/Lisbon") },
	{ STR_INIT("Europe/London") },
	{ STR_INIT("Europe/Madrid") },
	{ STR_INIT("Europe/Paris") },
	{ STR_INIT("Europe/Prague") },
	{ STR_INIT("Europe/Rome") },
	{ STR_INIT("Europe/Stockholm") },
	{ STR_INIT("Europe/Vienna") },
	{ STR_INIT("Europe/Warsaw") },
	{ STR_INIT("Europe/Zurich") },
	{ STR_INIT("Indian/Reunion") },
	{ STR_INIT("Pacific/Auckland") },
	{ STR_INIT("Pacific/Honolulu") },
	{ STR_INIT("Pacific/Noumea") },
};

static struct str branch_path(struct arena *a, int64_t id)
{
	return arena_printf(a, "/admin/branches/%lld", (long long)id);
}

/* ---- the list ------------------------------------------------------------------------------ */

enum rc page_branches(struct req *q, struct resp *r, struct error *e)
{
	struct view_branches v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct branches_in in;
	struct page p;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	TRY(branch_all(&q->core, in.ended, &v.rows, &v.n_rows, e));
	TRY(org_page_init(&p, q, req_text(q, N_("Branches")), AREA_BRANCHES, false, e));
	v.page = &p.view;
	v.with_ended = in.ended;
	v.flash.kind = org_done_from(in.done);
	tpl_pages_branches(&t, &v);
	return RC_OK;
}

/* ---- one ----------------------------------------------------------------------------------- */

static void fill_end(struct page *p, struct view_branch *v)
{
	v->end = (struct view_org_end){
		.path = branch_path(p->arena, v->b.id),
		.what = page_text(p, N_("A branch ends when nothing listed here is live any more. "
					"What happened in it stays.")),
		.revision = v->b.revision,
		.is_ended = v->b.ended_at != NO_TIME,
	};
}

/* failed: no error when the form is shown for the first time. */
static enum rc show(struct req *q, struct resp *r, struct view_branch *v,
		    const struct error *failed, struct error *e)
{
	struct tpl t = req_tpl(q, r);
	struct view_changed_value now[2];
	struct page p;

	TRY(org_page_init(&p, q, v->b.id ? v->b.name : req_text(q, N_("Add a branch")),
			  AREA_BRANCHES, true, e));
	p.view.here = v->b.id ? branch_path(p.arena, v->b.id) : STR("/admin/branches/new");
	v->page = &p.view;
	v->zones = zones;
	v->n_zones = ARRAY_LEN(zones);
	v->errors = form_errors(p.arena, p.lang, failed, form_fields, ARRAY_LEN(form_fields));
	v->name_error = field_error(p.arena, p.lang, failed, "name", "b-name-e");
	v->zone_error = field_error(p.arena, p.lang, failed, "zone", "b-zone-e");
	v->confirm_error = field_error(p.arena, p.lang, failed, "confirm", "b-confirm-e");
	now[0] = (struct view_changed_value){ page_text(&p, N_("Name")), v->b.name };
	now[1] = (struct view_changed_value){ page_text(&p, N_("Time zone")), v->b.zone };
	v->changed = org_changed(failed, v->b.updated_by, v->b.updated_at, now, ARRAY_LEN(now));
	if (v->changed.n_values)
		v->errors.text = (struct str){ 0 };
	v->needs_confirm = v->b.id && v->b.n_coming > 0 && !str_eq(v->zone, v->b.zone) &&
			   v->zone_error.text.n == 0;
	/* Sending again over somebody's change is meant to replace it. */
	v->revision = v->b.revision;
	fill_end(&p, v);
	org_set_status(r, failed);
	tpl_pages_branch(&t, v);
	return RC_OK;
}

enum rc page_branch_new(struct req *q, struct resp *r, struct error *e)
{
	struct view_branch v = { 0 };
	const struct branch_info_row *rows;
	struct error none;
	size_t n;

	error_init(&none);
	TRY(branch_all(&q->core, false, &rows, &n, e));
	v.b.ended_at = NO_TIME;
	v.zone = q->who.zone;
	return show(q, r, &v, &none, e);
}

enum rc page_branch(struct req *q, struct resp *r, struct error *e)
{
	struct view_branch v = { 0 };
	struct branch_page_in in;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	TRY(branch_get(&q->core, in.id, &v.b, e));
	v.name = v.b.name;
	v.zone = v.b.zone;
	v.flash = (struct view_org_flash){ .kind = org_done_from(in.done),
					   .name = v.b.name,
					   .revision = v.b.revision };
	if (v.b.ended_at != NO_TIME)
		v.flash.undo = arena_printf(q->core.arena, "/admin/branches/%lld/restore",
					    (long long)in.id);
	return show(q, r, &v, &none, e);
}

/* The page as it is now, with what was typed and why it was refused. */
static enum rc show_again(struct req *q, struct resp *r, int64_t id, bool is_form, struct error *e)
{
	struct view_branch v = { .b.ended_at = NO_TIME };
	struct error failed = org_keep(e);

	if (id)
		TRY(branch_get(&q->core, id, &v.b, e));
	v.name = is_form ? req_raw(q, "name") : v.b.name;
	v.zone = is_form ? req_raw(q, "zone") : v.b.zone;
	return show(q, r, &v, &failed, e);
}

enum rc page_branch_save(struct req *q, struct resp *r, struct error *e)
{
	struct branch_page_in in;
	int64_t id = 0;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK) {
		struct branch_in b = { in.id, in.version, in.name, in.zone, in.confirm };

		rc = branch_save(&q->core, &b, &id, NULL, e);
	}
	if (page_is_form_error(rc))
		return show_again(q, r, in.id, true, e);
	TRY(rc);
	return org_redirect(r, branch_path(q->core.arena, id),
			    in.id ? ORG_DONE_SAVED : ORG_DONE_ADDED, q->core.arena, e);
}

static enum rc end_or_restore(struct req *q, struct resp *r, bool is_restore, struct error *e)
{
	struct branch_page_in in;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = is_restore ? branch_restore(&q->core, in.id, in.version, e)
			: branch_end(&q->core, in.id, in.version, e);
	if (page_is_form_error(rc))
		return show_again(q, r, in.id, false, e);
	TRY(rc);
	return org_redirect(r, branch_path(q->core.arena, in.id),
			    is_restore ? ORG_DONE_RESTORED : ORG_DONE_ENDED, q->core.arena, e);
}

enum rc page_branch_end(struct req *q, struct resp *r, struct error *e)
{
	return end_or_restore(q, r, false, e);
}

enum rc page_branch_restore(struct req *q, struct resp *r, struct error *e)
{
	return end_or_restore(q, r, true, e);
}
