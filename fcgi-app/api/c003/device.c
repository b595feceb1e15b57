/*
 * /api/devices and /api/device/command (contracts 4.3).
 */
#include "core/identity/device.h"
#include "api/c003/c003.h"
#include "api/c003/words.h"
#include "core/people/org.h"

static const char *const status_words[] = { "online", "offline", "blocked", NULL };
enum { STATUS_ONLINE, STATUS_OFFLINE, STATUS_BLOCKED };

struct device_body {
	struct str device_id, name, location, ip_address, mac_address;
	int64_t branch_id;
	int status;
};
FIELDS(c003_device_fields, device_body,
       FIELD(TEXT, device_body, device_id, FORM, .required = true, .max = DEVICE_CODE_MAX),
       FIELD(TEXT, device_body, name, FORM, .max = DEVICE_NAME_MAX),
       FIELD(TEXT, device_body, location, FORM, .max = DEVICE_LOCATION_MAX),
       FIELD(TEXT, device_body, ip_address, FORM, .max = DEVICE_ADDRESS_MAX),
       FIELD(TEXT, device_body, mac_address, FORM, .max = DEVICE_ADDRESS_MAX),
       FIELD(ID, device_body, branch_id, FORM),
       FIELD(CHOICE, device_body, status, FORM, .words = status_words));

static const char *status_of(const struct core *c, const struct device_row *d)
{
	if (d->blocked_at != NO_TIME)
		return "blocked";
	return device_is_online(c, d) ? "online" : "offline";
}

/* key empty: it is not shown. */
static void write_one(const struct core *c, struct json_out *o, const struct device_row *d,
		      struct str key)
{
	json_out_object(o);
	json_out_key_i64(o, "id", d->id);
	json_out_key_str(o, "device_id", d->code);
	json_out_key_str(o, "name", d->name);
	json_out_key_str(o, "location", d->location);
	c003_key_text(o, "ip_address", d->ip_address);
	c003_key_text(o, "mac_address", d->mac_address);
	json_out_key_cz(o, "status", status_of(c, d));
	c003_key_time(o, "last_seen", d->last_seen_at);
	c003_key_time(o, "registered_at", d->registered_at);
	if (key.n)
		json_out_key_str(o, "device_key", key);
	json_out_object_end(o);
}

static enum rc show(struct req *q, struct resp *r, int64_t id, struct str key, struct error *e)
{
	struct device_row d;
	struct json_out o;

	TRY(device_get(&q->core, id, &d, e));
	if (key.n)
		r->cache = RESP_CACHE_NONE;
	o = resp_json(r);
	write_one(&q->core, &o, &d, key);
	return RC_OK;
}

enum rc c003_devices(struct req *q, struct resp *r, struct error *e)
{
	const struct device_row *rows;
	struct json_out o;
	size_t n;

	TRY(device_list(&q->core, 0, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		write_one(&q->core, &o, &rows[i], STR(""));
	json_out_array_end(&o);
	return RC_OK;
}

enum rc c003_device(struct req *q, struct resp *r, struct error *e)
{
	int64_t id;

	TRY(c003_id(q, &id, e));
	return show(q, r, id, STR(""), e);
}

enum rc c003_device_create(struct req *q, struct resp *r, struct error *e)
{
	struct device_body body;
	struct device_in in;
	struct str key;
	int64_t id;

	TRY(c003_read(q, &c003_device_fields, &body, e));
	TRY(org_door_branch(&q->core, body.branch_id, &body.branch_id, e));
	in = (struct device_in){ .branch_id = body.branch_id,
				 .code = body.device_id,
				 .name = body.name,
				 .location = body.location,
				 .ip_address = body.ip_address,
				 .mac_address = body.mac_address };
	TRY(c003_renamed(device_create(&q->core, &in, &key, &id, e), "code", "device_id", e));
	r->status = 201;
	return show(q, r, id, key, e);
}

/* PUT and PATCH alike: what is left out stays. */
enum rc c003_device_change(struct req *q, struct resp *r, struct error *e)
{
	struct device_body body;
	struct device_row old;
	struct device_in in;
	int64_t id;

	TRY(c003_id(q, &id, e));
	TRY(device_get(&q->core, id, &old, e));
	TRY(c003_read(q, &c003_device_fields, &body, e));
	in = (struct device_in){
		.code = body.device_id.n ? body.device_id : old.code,
		.name = req_has(q, "name") ? body.name : old.name,
		.location = req_has(q, "location") ? body.location : old.location,
		.ip_address = req_has(q, "ip_address") ? body.ip_address : old.ip_address,
		.mac_address = req_has(q, "mac_address") ? body.mac_address : old.mac_address,
	};
	TRY(c003_renamed(device_change(&q->core, id, &in, e), "code", "device_id", e));
	if (req_has(q, "status"))
		TRY(device_block(&q->core, id, body.status == STATUS_BLOCKED, e));
	return show(q, r, id, STR(""), e);
}

enum rc c003_device_delete(struct req *q, struct resp *r, struct error *e)
{
	int64_t id;

	TRY(c003_id(q, &id, e));
	TRY(device_end(&q->core, id, e));
	resp_no_content(r);
	return RC_OK;
}

/* Ours: a new key. */
enum rc c003_device_rotate(struct req *q, struct resp *r, struct error *e)
{
	struct str key;
	int64_t id;

	TRY(c003_id(q, &id, e));
	TRY(device_rotate(&q->core, id, 0, &key, e));
	return show(q, r, id, key, e);
}

/* ---- what a device asks -------------------------------------------------------------------- */

static enum rc command(struct resp *r, int status, const struct device_row *d)
{
	struct json_out o = resp_json(r);

	r->status = status;
	r->cache = RESP_CACHE_NONE;
	json_out_object(&o);
	json_out_key_cz(&o, "command", d && d->session_id != COLUMN_NULL ? "START_CAMERA" : "IDLE");
	if (d && d->session_id != COLUMN_NULL) {
		json_out_key_i64(&o, "session_id", d->session_id);
		c003_key_day(&o, "date", d->session_date);
	}
	json_out_object_end(&o);
	return RC_OK;
}

/* A wrong key and an unknown device get the same answer. */
enum rc c003_device_command(struct req *q, struct resp *r, struct error *e)
{
	const struct str code = req_raw(q, "device_id");
	struct device_row d;
	int64_t id;
	enum rc rc;

	if (!code.n)
		return command(r, 400, NULL);
	rc = device_authenticate(&q->core, code, q->device_key, &q->who, &id, e);
	if (rc == RC_NOT_SIGNED_IN)
		return c003_refuse(r, 401, STR("Unauthorized"));
	if (rc == RC_DENIED)
		return command(r, 403, NULL);
	TRY(rc);
	TRY(device_self(&q->core, id, &d, e));
	return command(r, 200, &d);
}
