/*
 * Files of sessions.
 *
 * Several files of one form are taken one by one: what is refused is listed
 * with its reason, the rest is stored.  Bytes never pass through here: nginx
 * spools what comes and sends what goes.
 */
#include "pages/file.h"

#include "codec/header.h"
#include "core/upload/resumable.h"
#include "core/upload/upload.h"
#include "pages/session_view.h"
#include "view/tpl_pages_file_delete.h"
#include "view/tpl_partials_uploaded.h"
#include "web/worker.h"

/* ---- taking -------------------------------------------------------------------------- */

struct files_in {
	int64_t id;
	struct str description;
};
/* The length of the description is core's to judge. */
FIELDS(files_add_fields, files_in, FIELD(ID, files_in, id, PATH),
       FIELD(TEXT, files_in, description, FORM, .max = 10000));

enum rc page_files_gate(struct req *q, struct error *e)
{
	struct files_in in;

	TRY(req_read(q, &in, e));
	return attachment_may_add(&q->core, in.id, e);
}

static const struct form_field upload_form_fields[] = {
	{ "file", "up", N_("File") }, { "description", "up-about", N_("Description") }
};

/* What became of the files of one form. */
struct outcome {
	size_t n_taken;
	int64_t last_id; /* attachment */
	struct view_refused *refused;
	size_t n_refused;
};

/* Browsers send an empty part where no file was chosen. */
static bool is_file(const struct req_file *f)
{
	return f->filename.n > 0 || f->n > 0;
}

static size_t count_files(const struct req *q)
{
	size_t n = 0;

	for (size_t i = 0; i < q->n_files; i++)
		n += is_file(&q->files[i]);
	return n;
}

/* Whether a failure is about this one file; anything else ends the request. */
static bool is_refusal(const struct error *e)
{
	if (e->rc == RC_DEPENDENCY)
		return e->reason == REASON_FILE_SCAN;
	return e->rc == RC_INVALID || e->rc == RC_TOO_BIG || e->rc == RC_NO_SPACE ||
	       e->rc == RC_CONFLICT;
}

/* The sentence of the field at fault says more than "please correct the marked fields". */
static struct str refusal_text(const struct req *q, const struct error *e)
{
	if (e->n_fields > 0)
		return reason_sentence(q->core.arena, q->lang, e->fields[0].reason,
				       e->fields[0].arg);
	return reason_sentence(q->core.arena, q->lang, e->reason, e->arg);
}

static enum rc take_one(struct req *q, const struct files_in *in, const struct req_file *f,
			struct outcome *out, struct error *e)
{
	struct upload_in up = { .occurrence_id = in->id,
				.fd = q->spool.fd,
				.offset = f->offset,
				.length = f->n,
				.name = f->filename,
				.description = in->description };
	enum rc rc;

	if (up.fd < 0)
		up.bytes = str_sub(q->body, (size_t)f->offset, (size_t)f->n);
	rc = upload_file(&q->core, q->worker->web->files, &up, &out->last_id, e);
	if (rc == RC_OK) {
		out->n_taken++;
		return RC_OK;
	}
	if (!is_refusal(e))
		return rc;
	out->refused[out->n_refused++] = (struct view_refused){ f->filename, refusal_text(q, e) };
	error_init(e);
	return RC_OK;
}

static enum rc take_all(struct req *q, const struct files_in *in, struct outcome *out,
			struct error *e)
{
	size_t n = count_files(q);
	int64_t max = q->core.config->files_per_request;

	if (n == 0)
		return ERROR_FIELD(e, "file", REASON_FILE_MISSING, 0);
	if ((int64_t)n > max)
		return ERROR_FIELD(e, "file", REASON_TOO_MANY_FILES, max);
	out->refused = ARENA_ARRAY(q->core.arena, n, struct view_refused);
	if (!out->refused)
		return ERROR_MEMORY(e);
	TRY(upload_allowed(&q->core, in->id, n, e));
	for (size_t i = 0; i < q->n_files; i++) {
		if (is_file(&q->files[i]))
			TRY(take_one(q, in, &q->files[i], out, e));
	}
	return RC_OK;
}

/* ---- answering --------------------------------------------------------------------------- */

/* For the script: the row of one file, and the sums beside it. */
static enum rc show_one(struct req *q, struct resp *r, const struct attachment_row *a,
			struct error *e)
{
	struct view_uploaded v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct session_page s;

	TRY(session_page_read(q, &(struct session_look){ .id = a->occurrence_id }, &s, e));
	TRY(file_view(&s.page, s.d.zone, a, &v.file, e));
	v.n_files = (int64_t)s.v.n_files;
	v.files_bytes = s.v.files_bytes;
	tpl_partials_uploaded(&t, &v);
	return RC_OK;
}

/* The same, or the reason. */
static enum rc show_row(struct req *q, struct resp *r, const struct outcome *out,
			const struct error *failed, struct error *e)
{
	struct view_uploaded v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct attachment_row a;

	if (failed || out->n_refused > 0) {
		r->status = 422;
		v.refused = failed ? refusal_text(q, failed) : out->refused[0].text;
		tpl_partials_uploaded(&t, &v);
		return RC_OK;
	}
	TRY(attachment_get(&q->core, out->last_id, &a, e));
	return show_one(q, r, &a, e);
}

/* Without script: the page of the session, with what was not taken. */
static enum rc show_page(struct req *q, struct resp *r, const struct files_in *in,
			 const struct outcome *out, const struct error *failed, struct error *e)
{
	struct session_page s;

	TRY(session_page_read(q, &(struct session_look){ .id = in->id }, &s, e));
	s.page.view.here = arena_printf(q->core.arena, "/sessions/%lld", (long long)in->id);
	r->status = 422;
	s.v.description = in->description;
	s.v.refused = out->refused;
	s.v.n_refused = out->n_refused;
	if (out->n_taken > 0) {
		s.v.flash.kind = FLASH_FILES_ADDED;
		s.v.flash.n = (int64_t)out->n_taken;
	}
	if (failed)
		s.v.errors = form_errors(s.page.arena, s.page.lang, failed, upload_form_fields,
					 ARRAY_LEN(upload_form_fields));
	session_page_draw(q, r, &s);
	return RC_OK;
}

enum rc page_files_add(struct req *q, struct resp *r, struct error *e)
{
	struct outcome out = { 0 };
	struct error failed;
	struct files_in in;
	struct str path;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = take_all(q, &in, &out, e);
	failed = *e;
	if (rc != RC_OK && !page_is_form_error(rc))
		return rc;
	error_init(e);
	if (q->is_htmx)
		return show_row(q, r, &out, rc == RC_OK ? NULL : &failed, e);
	if (rc != RC_OK || out.n_refused > 0)
		return show_page(q, r, &in, &out, rc == RC_OK ? NULL : &failed, e);
	path = arena_printf(q->core.arena, "/sessions/%lld?done=%.*s&n=%zu#files", (long long)in.id,
			    STR_ARG(flash_name(FLASH_FILES_ADDED)), out.n_taken);
	if (!path.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, path);
	return RC_OK;
}

/* ---- sending --------------------------------------------------------------------------------- */

struct file_in {
	int64_t id;
};
FIELDS(file_fields, file_in, FIELD(ID, file_in, id, PATH));

/* What is resumed or fetched in pieces counts once; a range nobody understands is the whole file.
 */
static bool is_start(const struct req *q)
{
	return q->method == METHOD_GET && !header_range_continues(q->range);
}

/* A download: counted when it begins. */
static enum rc send_file(struct req *q, struct resp *r, const struct attachment_row *a,
			 struct error *e)
{
	if (is_start(q))
		TRY(attachment_count_download(&q->core, a, e));
	resp_file(r, a->file_id, a->mime, a->name, false);
	return RC_OK;
}

enum rc page_file(struct req *q, struct resp *r, struct error *e)
{
	struct attachment_row a;
	struct file_in in;

	TRY(req_read(q, &in, e));
	TRY(attachment_get(&q->core, in.id, &a, e));
	return send_file(q, r, &a, e);
}

enum rc page_file_view(struct req *q, struct resp *r, struct error *e)
{
	struct attachment_row a;
	struct file_in in;

	TRY(req_read(q, &in, e));
	TRY(attachment_get(&q->core, in.id, &a, e));
	/* Office documents are never shown inline, whatever their type says. */
	if (a.class == FILE_CLASS_DOCUMENT)
		return send_file(q, r, &a, e);
	if (a.class == FILE_CLASS_PDF)
		r->csp = resp_csp_pdf;
	resp_file(r, a.file_id, a.mime, a.name, true);
	return RC_OK;
}

enum rc page_file_row(struct req *q, struct resp *r, struct error *e)
{
	struct attachment_row a;
	struct file_in in;

	TRY(req_read(q, &in, e));
	TRY(attachment_get(&q->core, in.id, &a, e));
	return show_one(q, r, &a, e);
}

#define FILE_ID_CHARS 32

struct file_link_in {
	struct str name;
};
FIELDS(file_link_fields, file_link_in, FIELD(TEXT, file_link_in, name, PATH, .required = true));

enum rc page_file_link(struct req *q, struct resp *r, struct error *e)
{
	struct file_link_in in;
	struct attachment_row a;

	TRY(req_read(q, &in, e));
	if (in.name.n <= FILE_ID_CHARS || in.name.p[FILE_ID_CHARS] != '.')
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "not a name of ours");
	TRY(attachment_get_by_file(&q->core, str_sub(in.name, 0, FILE_ID_CHARS), &a, e));
	return send_file(q, r, &a, e);
}

/* ---- deleting ---------------------------------------------------------------------------------
 */

enum rc page_file_ask(struct req *q, struct resp *r, struct error *e)
{
	struct view_file_page v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct attachment_row a;
	struct file_in in;
	struct page p;

	TRY(req_read(q, &in, e));
	TRY(attachment_facts(&q->core, in.id, &a, e));
	if (!a.may_delete)
		return ERROR(e, RC_DENIED, REASON_DENIED, "file of somebody else");
	TRY(page_init(&p, q, req_text(q, N_("Delete this file?")), e));
	p.view.nav = NAV_SESSIONS;
	TRY(file_view(&p, (struct str){ 0 }, &a, &v.file, e));
	v.page = &p.view;
	tpl_pages_file_delete(&t, &v);
	return RC_OK;
}

enum rc page_file_delete(struct req *q, struct resp *r, struct error *e)
{
	struct attachment_row a;
	struct file_in in;

	TRY(req_read(q, &in, e));
	TRY(attachment_facts(&q->core, in.id, &a, e));
	TRY(attachment_delete(&q->core, in.id, e));
	return page_redirect_session(q, r, a.occurrence_id, FLASH_FILE_DELETED, "files", e);
}

/* ---- uploads in pieces ------------------------------------------------------------------- */

struct upload_in_pieces {
	struct str id;
};
FIELDS(upload_fields, upload_in_pieces, FIELD(TEXT, upload_in_pieces, id, PATH, .required = true));

enum rc page_upload_discard(struct req *q, struct resp *r, struct error *e)
{
	const struct files *files = q->worker->web->files;
	struct upload_in_pieces in;
	struct resumable u;

	TRY(req_read(q, &in, e));
	TRY(resumable_get(&q->core, files, in.id, &u, e));
	TRY(resumable_end(&q->core, files, in.id, e));
	return page_redirect_session(q, r, u.occurrence_id, FLASH_UPLOAD_DISCARDED, "files", e);
}
