/*
 * The service's own word on how it is.  Must not know: what is behind the core.
 */
#include "api/health.h"

#include "core/health.h"
#include "web/worker.h"

static const char *const states[] = { "ok", "degraded", "down", NULL };
static const char *const parts[] = { "ok", "down", NULL };
static const char *const disks[] = { "ok", "low", NULL };
static DOC_SCHEMA(doc_health, "Health", NULL, DOC(TEXT, "status", .words = states),
		  DOC(TEXT, "message", .example = "\"ATTN API is running.\""),
		  DOC(TEXT, "database", .words = parts), DOC(TEXT, "disk", .words = disks),
		  DOC(TEXT, "file_store", .words = parts),
		  DOC(TEXT, "version", .optional = true, .about = "For admins.",
		      .example = "\"0.1.0\""),
		  DOC(TEXT, "build", .optional = true, .about = "For admins."),
		  DOC(INT, "free_bytes", .optional = true, .about = "For admins."));
const struct route_doc api_health_doc = {
	.summary = "Is the service well?",
	DOC_ANSWERS(DOC_SAYS(200, "It serves.", .schema = &doc_health),
		    DOC_SAYS(503, "The database is away.", .schema = &doc_health,
			     .type = "application/json")),
};

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

static DOC_SCHEMA(doc_check_in, NULL, NULL, DOC(TEXT, "status", .value = "\"ok\""));
const struct route_doc api_health_check_in_doc = {
	.summary = "Does the check-in pool answer?",
	DOC_ANSWERS(DOC_SAYS(200, "It does; nothing else was asked.", .schema = &doc_check_in)),
};

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
