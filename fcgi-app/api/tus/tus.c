/*
 * The tus door: headers in, headers out.  Must not know: files, tables.
 */
#include "api/tus/tus.h"

#include "base/num.h"
#include "codec/header.h"
#include "codec/tus.h"
#include "core/upload/attachment.h"
#include "core/upload/resumable.h"
#include "web/worker.h"

#define PIECE_TYPE STR("application/offset+octet-stream")
#define EXTENSIONS STR("creation,creation-with-upload,expiration,checksum,termination")

/* ---- headers -------------------------------------------------------------------------------- */

static void number_header(struct resp *r, const char *name, int64_t n)
{
	/* Nothing printed is a header that cannot be sent: the answer fails. */
	struct str s = arena_printf(r->arena, "%lld", (long long)n);

	resp_header(r, name, s.p ? s : STR("\n"));
}

static void state_headers(struct resp *r, const struct resumable *u)
{
	char expires[30];

	resp_header(r, "Tus-Resumable", STR(TUS_VERSION));
	number_header(r, "Upload-Offset", u->offset);
	if (u->attachment_id != COLUMN_NULL)
		number_header(r, "Muster-Attachment", u->attachment_id);
	else
		resp_header(r, "Upload-Expires",
			    arena_str(r->arena, us_format_http(u->expires_at, expires)));
	r->cache = RESP_CACHE_NONE;
}

enum rc tus_error(struct req *q, struct resp *r, const struct error *e, struct error *ret_e)
{
	resp_header(r, "Tus-Resumable", STR(TUS_VERSION));
	if (r->status == 412)
		resp_header(r, "Tus-Version", STR(TUS_VERSION));
	if (r->status == 413)
		number_header(r, "Tus-Max-Size", q->core.config->upload_max_bytes);
	/* 409 means: ask for the offset.  A session that is cancelled stays so. */
	if (r->status == 409 && e->reason != REASON_UPLOAD_OFFSET)
		r->status = 422;
	return family_problem_json(q, r, e, ret_e);
}

static enum rc check_version(const struct req *q, struct error *e)
{
	if (!str_eq(q->tus.resumable, STR(TUS_VERSION)))
		return ERROR(e, RC_INVALID, REASON_UPLOAD_VERSION, "Tus-Resumable");
	return RC_OK;
}

static enum rc check_type(const struct req *q, struct error *e)
{
	if (!str_eq_nocase(header_media_type(q->content_type), PIECE_TYPE))
		return ERROR(e, RC_INVALID, REASON_CONTENT_TYPE, "type of a piece");
	return RC_OK;
}

enum rc tus_options(struct req *q, struct resp *r, struct error *e)
{
	(void)e;
	resp_no_content(r);
	resp_header(r, "Tus-Resumable", STR(TUS_VERSION));
	resp_header(r, "Tus-Version", STR(TUS_VERSION));
	resp_header(r, "Tus-Extension", EXTENSIONS);
	resp_header(r, "Tus-Checksum-Algorithm", STR(TUS_ALGORITHMS));
	number_header(r, "Tus-Max-Size", q->core.config->upload_max_bytes);
	return RC_OK;
}

/* ---- beginning ------------------------------------------------------------------------------ */

static struct str metadata_value(const struct pairs *p, struct str name)
{
	const struct pair *found = pairs_find(p, name, 0);

	return found ? found->value : (struct str){ 0 };
}

static enum rc read_creation(struct req *q, struct resumable_in *ret, struct error *e)
{
	struct resumable_in in = { .metadata = q->tus.metadata };
	struct pairs said;

	if (q->tus.defer_length.n || !tus_number(q->tus.length, &in.size))
		return ERROR(e, RC_INVALID, REASON_UPLOAD_LENGTH, "Upload-Length");
	TRY(tus_metadata(q->tus.metadata, q->core.arena, &said, e));
	in.name = metadata_value(&said, STR("filename"));
	in.description = metadata_value(&said, STR("description"));
	if (!in.name.n ||
	    !num_i64(metadata_value(&said, STR("session")), 1, INT64_MAX, &in.occurrence_id))
		return ERROR(e, RC_INVALID, REASON_UPLOAD_METADATA, "filename or session");
	*ret = in;
	return RC_OK;
}

/* Whether the piece is what its checksum says; no checksum is fine. */
static enum rc check_sum(const struct req *q, struct error *e)
{
	struct tus_checksum sum;

	if (!q->tus.checksum.n)
		return RC_OK;
	TRY(tus_checksum(q->tus.checksum, &sum, e));
	return resumable_check_sum(q->body, &sum, e);
}

static enum rc add_body(struct req *q, struct str id, int64_t offset, struct resumable *ret,
			struct error *e)
{
	struct resumable_piece piece = { .offset = offset, .bytes = q->body };

	if (q->spool.fd >= 0)
		piece.spool = &q->spool;
	return resumable_add(&q->core, q->worker->web->files, id, &piece, ret, e);
}

enum rc tus_create_gate(struct req *q, struct error *e)
{
	struct resumable_in in;

	TRY(check_version(q, e));
	/* A creation alone is small, and its handler says more than nginx can. */
	if (q->body_n == 0 || (q->body_n == ROUTE_LENGTH_UNSAID && !q->content_type.n))
		return RC_OK;
	TRY(check_type(q, e));
	TRY(read_creation(q, &in, e));
	return attachment_may_add(&q->core, in.occurrence_id, e);
}

enum rc tus_create(struct req *q, struct resp *r, struct error *e)
{
	struct resumable_in in;
	struct resumable u;

	TRY(check_version(q, e));
	if (q->body_n > 0)
		TRY(check_type(q, e));
	TRY(read_creation(q, &in, e));
	if (q->body_n > in.size)
		return ERROR(e, RC_INVALID, REASON_UPLOAD_LENGTH, "more than announced");
	TRY(check_sum(q, e));
	TRY(resumable_create(&q->core, q->worker->web->files, &in, &u, e));
	if (q->body_n > 0)
		TRY(add_body(q, u.id, 0, &u, e));
	r->status = 201;
	r->type = (struct str){ 0 };
	resp_header(r, "Location", arena_printf(r->arena, "/uploads/%.*s", STR_ARG(u.id)));
	state_headers(r, &u);
	return RC_OK;
}

/* ---- one upload ----------------------------------------------------------------------------- */

struct tus_in {
	struct str id;
};
FIELDS(tus_fields, tus_in, FIELD(TEXT, tus_in, id, PATH, .required = true));

enum rc tus_look(struct req *q, struct resp *r, struct error *e)
{
	struct json_out o;
	struct resumable u;
	struct tus_in in;

	TRY(req_read(q, &in, e));
	/* Who reads JSON needs no version. */
	if (q->method == METHOD_HEAD)
		TRY(check_version(q, e));
	TRY(resumable_get(&q->core, q->worker->web->files, in.id, &u, e));
	state_headers(r, &u);
	number_header(r, "Upload-Length", u.size);
	if (u.metadata.n)
		resp_header(r, "Upload-Metadata", u.metadata);
	if (q->method == METHOD_HEAD) {
		r->type = (struct str){ 0 };
		return RC_OK;
	}
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_str(&o, "id", u.id);
	json_out_key_str(&o, "name", u.name);
	json_out_key_i64(&o, "session", u.occurrence_id);
	json_out_key_i64(&o, "length", u.size);
	json_out_key_i64(&o, "offset", u.offset);
	if (u.attachment_id != COLUMN_NULL)
		json_out_key_i64(&o, "attachment", u.attachment_id);
	else
		json_out_key_null(&o, "attachment");
	json_out_object_end(&o);
	return RC_OK;
}

/* What both the gate and the handler ask of a piece. */
static enum rc read_piece(struct req *q, struct tus_in *in, int64_t *ret_offset, struct error *e)
{
	TRY(req_read(q, in, e));
	TRY(check_version(q, e));
	TRY(check_type(q, e));
	if (!tus_number(q->tus.offset, ret_offset))
		return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "Upload-Offset");
	return RC_OK;
}

enum rc tus_add_gate(struct req *q, struct error *e)
{
	struct tus_in in;
	int64_t offset;

	if (q->method != METHOD_PATCH)
		return RC_OK;
	TRY(read_piece(q, &in, &offset, e));
	return resumable_may_add(&q->core, q->worker->web->files, in.id, offset, q->body_n, e);
}

enum rc tus_add(struct req *q, struct resp *r, struct error *e)
{
	struct resumable u;
	struct tus_in in;
	int64_t offset;

	TRY(read_piece(q, &in, &offset, e));
	TRY(check_sum(q, e));
	TRY(add_body(q, in.id, offset, &u, e));
	resp_no_content(r);
	state_headers(r, &u);
	return RC_OK;
}

enum rc tus_end(struct req *q, struct resp *r, struct error *e)
{
	struct tus_in in;

	TRY(req_read(q, &in, e));
	TRY(check_version(q, e));
	TRY(resumable_end(&q->core, q->worker->web->files, in.id, e));
	resp_no_content(r);
	resp_header(r, "Tus-Resumable", STR(TUS_VERSION));
	return RC_OK;
}

/* ---- for /openapi.json ------------------------------------------------------------------------
 */

#define VERSION_HEADER "Tus-Resumable: 1.0.0, on every request"

static const char *const state_says[] = { "Tus-Resumable: 1.0.0",
					  "Upload-Offset: bytes that have arrived",
					  "Upload-Expires: when what is not finished is removed",
					  "Muster-Attachment: its number, once it is finished",
					  NULL };

const struct route_doc tus_options_doc = {
	.summary = "What this server can",
	.says = (const char *const[]){ "Tus-Version: 1.0.0", "Tus-Extension: names with commas",
				       "Tus-Max-Size: bytes", "Tus-Checksum-Algorithm: names",
				       NULL },
	DOC_ANSWERS(DOC_SAYS(204, "In the headers.")),
};
const struct route_doc tus_create_doc = {
	.summary = "Begin an upload",
	.about = "The body may be empty, or the first piece.",
	.is_bytes = true,
	.body_type = "application/offset+octet-stream",
	.headers = (const char *const[]){ VERSION_HEADER, "Upload-Length: bytes of the whole file",
					  "Upload-Metadata: filename and session (a number), in "
					  "base64; description may follow",
					  "Upload-Checksum: of the piece", NULL },
	.says = (const char *const[]){ "Location: the upload",
				       "Upload-Offset: bytes that have arrived",
				       "Upload-Expires: when what is not finished is removed",
				       NULL },
	DOC_ANSWERS(DOC_SAYS(201, "It has begun.")),
};
static DOC_SCHEMA(doc_upload, "Upload", "An upload in pieces.",
		  DOC(TEXT, "id", .example = "\"5f0c7a0f5a1b4c5d8e9fa0b1c2d3e4f5\""),
		  DOC(TEXT, "name", .example = "\"lecture.wav\""),
		  DOC(INT, "session", .about = "Id of the dated session."), DOC(INT, "length"),
		  DOC(INT, "offset"),
		  DOC(INT, "attachment", .nullable = true, .about = "Once it is finished."));
const struct route_doc tus_look_doc = {
	.summary = "How far an upload has come",
	.about = "HEAD, as the protocol has it, with Tus-Resumable; GET gives the same as JSON.",
	.says = state_says,
	DOC_ANSWERS(DOC_SAYS(200, "Its state.", .schema = &doc_upload)),
};
const struct route_doc tus_add_doc = {
	.summary = "The next piece",
	.is_bytes = true,
	.body_type = "application/offset+octet-stream",
	.headers = (const char *const[]){ VERSION_HEADER, "Upload-Offset: where the piece belongs",
					  "Upload-Checksum: of the piece", NULL },
	.says = state_says,
	DOC_ANSWERS(DOC_SAYS(204, "It was added.")),
};
const struct route_doc tus_end_doc = {
	.summary = "Give an upload up",
	.headers = (const char *const[]){ VERSION_HEADER, NULL },
	DOC_ANSWERS(DOC_SAYS(204, "It is gone.")),
};
