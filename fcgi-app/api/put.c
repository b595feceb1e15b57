/*
 * Raw PUT.  Must not know: how the body came, tables.
 */
#include "api/put.h"

#include "codec/url.h"
#include "core/upload/upload.h"
#include "web/worker.h"

struct put_in {
	int64_t id;
	struct str name, description;
};
/* Name and description are core's to judge. */
FIELDS(put_fields, put_in, FIELD(ID, put_in, id, PATH), FIELD(RAW, put_in, name, PATH, .max = 4000),
       FIELD(TEXT, put_in, description, QUERY, .max = 10000));

static DOC_SCHEMA(stored, "StoredFile", "A file of a session.", DOC(INT, "id"),
		  DOC(TEXT, "name", .example = "\"slides.pdf\""), DOC(TEXT, "description"),
		  DOC(INT, "size", .about = "Bytes."),
		  DOC(TEXT, "type", .example = "\"application/pdf\""),
		  DOC(TEXT, "href", .example = "\"/files/1/slides.pdf\""));
const struct route_doc api_put_doc = {
	.summary = "Attach a file to a session",
	.about = "The body is the file, up to 100 MB; each PUT is a file of its own. Its type is "
		 "judged by its content.",
	.is_bytes = true,
	.says = (const char *const[]){ "Location: where the file is read", NULL },
	DOC_ANSWERS(DOC_SAYS(201, "The file was stored.", .schema = &stored)),
};

enum rc api_put_gate(struct req *q, struct error *e)
{
	struct put_in in;

	TRY(req_read(q, &in, e));
	if (q->body_n > q->core.config->upload_max_bytes)
		return ERROR(e, RC_TOO_BIG, REASON_FILE_TOO_BIG, "%lld bytes",
			     (long long)q->body_n);
	return attachment_may_add(&q->core, in.id, e);
}

/* The sentence of the field at fault is the title: there is no form it could stand beside. */
static void field_to_reason(struct error *e)
{
	if (e->reason != REASON_FIELDS || e->n_fields == 0)
		return;
	e->reason = e->fields[0].reason;
	e->arg = e->fields[0].arg;
}

static enum rc take(struct req *q, const struct put_in *in, int64_t *ret_id, struct error *e)
{
	struct upload_in up = { .occurrence_id = in->id,
				.fd = -1,
				.bytes = q->body,
				.name = in->name,
				.description = in->description };

	if (q->spool.fd >= 0)
		up.whole = &q->spool;
	TRY(upload_allowed(&q->core, in->id, 1, e));
	enum rc rc = upload_file(&q->core, q->worker->web->files, &up, ret_id, e);
	if (rc != RC_OK)
		field_to_reason(e);
	return rc;
}

enum rc api_put(struct req *q, struct resp *r, struct error *e)
{
	struct attachment_row a;
	struct json_out o;
	struct put_in in;
	struct buf href;
	int64_t id;

	TRY(req_read(q, &in, e));
	TRY(take(q, &in, &id, e));
	TRY(attachment_get(&q->core, id, &a, e));
	buf_init(&href, r->arena, 64 + a.name.n, 4096);
	buf_printf(&href, "/files/%lld/", (long long)a.id);
	url_segment(&href, a.name);
	if (!buf_ok(&href))
		return ERROR_MEMORY(e);
	r->status = 201;
	resp_header(r, "Location", buf_str(&href));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_i64(&o, "id", a.id);
	json_out_key_str(&o, "name", a.name);
	json_out_key_str(&o, "description", a.description);
	json_out_key_i64(&o, "size", a.size);
	json_out_key_str(&o, "type", a.mime);
	json_out_key_str(&o, "href", buf_str(&href));
	json_out_object_end(&o);
	return RC_OK;
}
