/*
 * Devices: list, add, change, renew the key, block, end.
 */
#include "pages/devices.h"

#include "core/wall.h"
#include "pages/timetable.h"
#include "view/devices.h"
#include "view/tpl_pages_device.h"
#include "view/tpl_pages_device_key.h"
#include "view/tpl_pages_devices.h"

struct devices_in {
	int64_t branch;
	struct str done;
};
FIELDS(devices_fields, devices_in, FIELD(ID, devices_in, branch, QUERY),
       FIELD(TEXT, devices_in, done, QUERY));

struct device_page_in {
	int64_t id, version, branch;
	struct str code, name, location, ip_address, mac_address, done;
};
#define TYPED                                                                                      \
	FIELD(TEXT, device_page_in, code, FORM, .max = 2000),                                      \
		FIELD(TEXT, device_page_in, name, FORM, .max = 2000),                              \
		FIELD(TEXT, device_page_in, location, FORM, .max = 2000),                          \
		FIELD(TEXT, device_page_in, ip_address, FORM, .max = 2000),                        \
		FIELD(TEXT, device_page_in, mac_address, FORM, .max = 2000)
FIELDS(device_fields, device_page_in, FIELD(ID, device_page_in, id, PATH),
       FIELD(TEXT, device_page_in, done, QUERY));
FIELDS(device_add_fields, device_page_in, FIELD(ID, device_page_in, branch, FORM), TYPED);
FIELDS(device_save_fields, device_page_in, FIELD(ID, device_page_in, id, PATH),
       FIELD(INT, device_page_in, version, FORM, .min = 0, .max = INT32_MAX), TYPED);
FIELDS(device_act_fields, device_page_in, FIELD(ID, device_page_in, id, PATH),
       FIELD(INT, device_page_in, version, FORM, .min = 0, .max = INT32_MAX));

static const struct form_field form_fields[] = {
	{ "code", "d-code", N_("Id") },
	{ "name", "d-name", N_("Name") },
	{ "location", "d-location", N_("Where it stands") },
	{ "ip_address", "d-ip", N_("IP address") },
	{ "mac_address", "d-mac", N_("MAC address") },
	{ "branch", "d-branch", N_("Branch") },
};

static struct str device_path(struct arena *a, int64_t id)
{
	return arena_printf(a, "/admin/devices/%lld", (long long)id);
}

static struct view_device_row row_of(const struct core *c, const struct device_row *d)
{
	struct view_device_row row = { .d = d, .was_seen = d->last_seen_at != NO_TIME };

	if (d->blocked_at != NO_TIME)
		row.state = DEVICE_IS_BLOCKED;
	else
		row.state = device_is_online(c, d) ? DEVICE_ONLINE : DEVICE_OFFLINE;
	if (row.was_seen) {
		const struct wall seen = core_wall(c, (struct str){ 0 }, d->last_seen_at);

		row.seen_day = seen.day;
		row.seen_tod = seen.tod;
	}
	return row;
}

/* ---- the list ------------------------------------------------------------------------------ */

enum rc page_devices(struct req *q, struct resp *r, struct error *e)
{
	struct view_devices v = { 0 };
	struct tpl t = req_tpl(q, r);
	const struct device_row *found;
	struct view_device_row *rows;
	struct devices_in in;
	struct page p;

	TRY(req_read(q, &in, e));
	TRY(org_page_init(&p, q, req_text(q, N_("Devices")), AREA_DEVICES, false, e));
	TRY(device_list(&q->core, in.branch, &found, &v.n_rows, e));
	rows = ARENA_ARRAY(p.arena, v.n_rows, struct view_device_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < v.n_rows; i++)
		rows[i] = row_of(&q->core, &found[i]);
	TRY(page_choose_branch(&p, in.branch, &v.branches, e));
	v.page = &p.view;
	v.rows = rows;
	v.branch = in.branch;
	v.flash.kind = org_done_from(in.done);
	tpl_pages_devices(&t, &v);
	return RC_OK;
}

/* ---- one ----------------------------------------------------------------------------------- */

static void fill_values(const struct req *q, bool is_typed, struct view_device *v)
{
	const struct device_row *d = v->row.d;

	if (is_typed) {
		v->code = req_raw(q, "code");
		v->name = req_raw(q, "name");
		v->location = req_raw(q, "location");
		v->ip_address = req_raw(q, "ip_address");
		v->mac_address = req_raw(q, "mac_address");
	} else if (d) {
		v->code = d->code;
		v->name = d->name;
		v->location = d->location;
		v->ip_address = d->ip_address;
		v->mac_address = d->mac_address;
	}
}

static enum rc fill_errors(struct page *p, const struct error *failed, struct view_device *v,
			   struct error *e)
{
	const struct device_row *d = v->row.d;
	struct view_changed_value *now = ARENA_ARRAY(p->arena, 5, struct view_changed_value);

	if (!now)
		return ERROR_MEMORY(e);
	v->errors = form_errors(p->arena, p->lang, failed, form_fields, ARRAY_LEN(form_fields));
	v->code_error = field_error(p->arena, p->lang, failed, "code", "d-code-e");
	v->name_error = field_error(p->arena, p->lang, failed, "name", "d-name-e");
	v->location_error = field_error(p->arena, p->lang, failed, "location", "d-location-e");
	v->ip_error = field_error(p->arena, p->lang, failed, "ip_address", "d-ip-e");
	v->mac_error = field_error(p->arena, p->lang, failed, "mac_address", "d-mac-e");
	v->branch_error = field_error(p->arena, p->lang, failed, "branch", "d-branch-e");
	if (!d)
		return RC_OK;
	now[0] = (struct view_changed_value){ page_text(p, N_("Id")), d->code };
	now[1] = (struct view_changed_value){ page_text(p, N_("Name")), d->name };
	now[2] = (struct view_changed_value){ page_text(p, N_("Where it stands")), d->location };
	now[3] = (struct view_changed_value){ page_text(p, N_("IP address")), d->ip_address };
	now[4] = (struct view_changed_value){ page_text(p, N_("MAC address")), d->mac_address };
	return timetable_changed(p, failed, "device", d->id, now, 5, &v->changed, e);
}

/* d NULL: a new one; failed: no error when the form is shown for the first time. */
static enum rc show(struct req *q, struct resp *r, const struct device_row *d,
		    const struct device_page_in *in, bool is_typed, const struct error *failed,
		    struct error *e)
{
	struct view_device v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(org_page_init(&p, q, d ? d->name : req_text(q, N_("Add a device")), AREA_DEVICES, true,
			  e));
	v.page = &p.view;
	if (d) {
		v.row = row_of(&q->core, d);
		v.revision = d->version;
		p.view.here = device_path(p.arena, d->id);
		v.flash =
			(struct view_org_flash){ .kind = org_done_from(in->done), .name = d->name };
	} else {
		p.view.here = STR("/admin/devices/new");
		TRY(page_choose_branch(&p, in->branch, &v.branches, e));
	}
	fill_values(q, is_typed, &v);
	TRY(fill_errors(&p, failed, &v, e));
	org_set_status(r, failed);
	tpl_pages_device(&t, &v);
	return RC_OK;
}

enum rc page_device_new(struct req *q, struct resp *r, struct error *e)
{
	const struct device_page_in in = { 0 };
	struct error none;

	error_init(&none);
	return show(q, r, NULL, &in, false, &none, e);
}

enum rc page_device(struct req *q, struct resp *r, struct error *e)
{
	struct device_page_in in;
	struct device_row d;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	TRY(device_get(&q->core, in.id, &d, e));
	return show(q, r, &d, &in, false, &none, e);
}

static enum rc show_again(struct req *q, struct resp *r, const struct device_page_in *in,
			  bool is_typed, struct error *e)
{
	const struct error failed = org_keep(e);
	struct device_row d;

	if (in->id == 0)
		return show(q, r, NULL, in, is_typed, &failed, e);
	TRY(device_get(&q->core, in->id, &d, e));
	return show(q, r, &d, in, is_typed, &failed, e);
}

static enum rc show_key(struct req *q, struct resp *r, int64_t id, struct str key, bool is_new,
			struct error *e)
{
	struct view_device_key v = { .id = id, .key = key, .is_new = is_new };
	struct tpl t = req_tpl(q, r);
	struct device_row d;
	struct page p;

	TRY(device_get(&q->core, id, &d, e));
	TRY(org_page_init(&p, q, req_text(q, N_("Key of a device")), AREA_DEVICES, true, e));
	p.view.here = device_path(p.arena, id);
	v.page = &p.view;
	v.code = d.code;
	v.name = d.name;
	r->cache = RESP_CACHE_NONE;
	tpl_pages_device_key(&t, &v);
	return RC_OK;
}

/* ---- changes ------------------------------------------------------------------------------- */

static struct device_in device_of(const struct device_page_in *in)
{
	return (struct device_in){ .branch_id = in->branch,
				   .code = in->code,
				   .name = in->name,
				   .location = in->location,
				   .ip_address = in->ip_address,
				   .mac_address = in->mac_address,
				   .version = in->version };
}

enum rc page_device_add(struct req *q, struct resp *r, struct error *e)
{
	struct device_page_in in;
	struct device_in device;
	struct str key;
	int64_t id;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK) {
		device = device_of(&in);
		rc = device_create(&q->core, &device, &key, &id, e);
	}
	if (page_is_form_error(rc))
		return show_again(q, r, &in, true, e);
	TRY(rc);
	return show_key(q, r, id, key, true, e);
}

enum rc page_device_save(struct req *q, struct resp *r, struct error *e)
{
	struct device_page_in in;
	struct device_in device;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK) {
		device = device_of(&in);
		rc = device_change(&q->core, in.id, &device, e);
	}
	if (page_is_form_error(rc))
		return show_again(q, r, &in, true, e);
	TRY(rc);
	return org_redirect(r, device_path(q->core.arena, in.id), ORG_DONE_SAVED, q->core.arena, e);
}

enum rc page_device_rotate(struct req *q, struct resp *r, struct error *e)
{
	struct device_page_in in;
	struct str key;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = device_rotate(&q->core, in.id, in.version, &key, e);
	if (page_is_form_error(rc))
		return show_again(q, r, &in, false, e);
	TRY(rc);
	return show_key(q, r, in.id, key, false, e);
}

static enum rc block(struct req *q, struct resp *r, bool is_blocked, struct error *e)
{
	struct device_page_in in;

	TRY(req_read(q, &in, e));
	TRY(device_block(&q->core, in.id, is_blocked, e));
	return org_redirect(r, device_path(q->core.arena, in.id), ORG_DONE_SAVED, q->core.arena, e);
}

enum rc page_device_block(struct req *q, struct resp *r, struct error *e)
{
	return block(q, r, true, e);
}

enum rc page_device_unblock(struct req *q, struct resp *r, struct error *e)
{
	return block(q, r, false, e);
}

enum rc page_device_end(struct req *q, struct resp *r, struct error *e)
{
	struct device_page_in in;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = device_end(&q->core, in.id, e);
	if (page_is_form_error(rc))
		return show_again(q, r, &in, false, e);
	TRY(rc);
	return org_redirect(r, STR("/admin/devices"), ORG_DONE_ENDED, q->core.arena, e);
}
