/*
 * The service's own word on how it is.  Must not know: what is behind the core.
 */
#include "api/health.h"

#include "core/health.h"
#include "web/worker.h"

static const char *word(bool is_well)
{
	return is_well ? "ok" : "down";
}

enum rc api_health(struct req *q, struct resp *r, struct error *e)
{
	struct health h = health_look(&q->core, q->worker->web->files);
	struct json_out o;

	(void)e;
	r->cache = RESP_CACHE_NONE;
	r->status = h.has_database ? 200 : 503;
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_cz(&o, "status", !h.has_database ? "down" : h.has_room ? "ok" : "degraded");
	json_out_key_cz(&o, "message", "ATTN API is running."); /* seed 002's own words */
	json_out_key_cz(&o, "database", word(h.has_database));
	json_out_key_cz(&o, "disk", h.has_room ? "ok" : "low");
	json_out_key_cz(&o, "file_store", word(h.has_files));
	if (who_is_admin(&q->who)) {
		json_out_key_str(&o, "version", q->worker->web->version);
		json_out_key_str(&o, "build", q->worker->web->build);
		json_out_key_i64(&o, "free_bytes", h.free_bytes);
	}
	json_out_object_end(&o);
	return RC_OK;
}

enum rc api_health_check_in(struct req *q, struct resp *r, struct error *e)
{
	struct json_out o = resp_json(r);

	(void)q;
	(void)e;
	r->cache = RESP_CACHE_NONE;
	json_out_object(&o);
	json_out_key_cz(&o, "status", "ok");
	json_out_object_end(&o);
	return RC_OK;
}
