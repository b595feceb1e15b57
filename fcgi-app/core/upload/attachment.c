/*
 * Files of a session: rows, rights, names.
 */
#include "core/upload/attachment.h"

#include "base/num.h"

#include "core/event/event.h"
#include "core/session/change.h"
#include "store/attachment.h"
#include "store/resumable.h"

/* ---- names --------------------------------------------------------------------------------- */

/* Marks that turn or isolate the writing direction, zero-width and line separators, BOM. */
static bool is_unwanted(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C ||
	       (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

static bool has_letter(struct str stem)
{
	for (size_t i = 0; i < stem.n; i++)
		if (stem.p[i] != '.' && stem.p[i] != ' ')
			return true;
	return false;
}

enum rc attachment_clean_name(struct arena *a, struct str name, struct str *ret_name,
			      struct error *e)
{
	struct str s, stem, extension;
	struct buf b;

	if (!utf8_valid(name))
		return ERROR_FIELD(e, "file", REASON_FILE_NAME, 0);
	buf_init(&b, a, name.n < 1024 ? name.n + 1 : 1024, name.n + 16);
	for (size_t at = 0; at < name.n;) {
		size_t from = at;
		uint32_t c = utf8_next(name, &at);

		if (c == '/' || c == '\\')
			b.n = 0;
		else if (!is_unwanted(c))
			buf_add(&b, str_sub(name, from, at - from));
	}
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	s = str_trim(buf_str(&b));
	extension = filetype_extension(s);
	stem = extension.n ? str_sub(s, 0, s.n - extension.n - 1) : s;
	if (!has_letter(stem) || utf8_length(extension) > 20)
		return ERROR_FIELD(e, "file", REASON_FILE_NAME, 0);
	if (utf8_length(s) > ATTACHMENT_NAME_MAX) {
		size_t room = ATTACHMENT_NAME_MAX - (extension.n ? utf8_length(extension) + 1 : 0);

		stem = utf8_prefix(stem, room);
		s = extension.n ? arena_printf(a, "%.*s.%.*s", STR_ARG(stem), STR_ARG(extension))
				: stem;
		if (!s.p)
			return ERROR_MEMORY(e);
	}
	*ret_name = s;
	return RC_OK;
}

/* ---- reading -------------------------------------------------------------------------------- */

static struct attachment_row row_of(const struct core *c, const struct occurrence_row *o,
				    const struct attachment_stored *t)
{
	struct subject subject = session_subject(o, t->uploaded_by);
	struct attachment_row row = {
		.id = t->id,
		.completion_id = t->completion_id,
		.occurrence_id = t->occurrence_id,
		.branch_id = t->branch_id,
		.file_id = t->file_id,
		.name = t->name,
		.description = t->description,
		.mime = t->mime,
		.size = t->size,
		.uploaded_by = t->uploaded_by,
		.uploader_name = t->uploader_name,
		.n_downloads = t->download_count,
		.created_at = t->created_at,
		.may_delete =
			!change_is_locked(o) && rights_allow(c->who, ACTION_FILE_DELETE, &subject),
	};

	BUG(!file_class_parse(t->class, &row.class));
	if (str_eq(t->file_state, STR("quarantined"))) {
		bool is_reviewer = rights_allow(c->who, ACTION_UPLOAD_REVIEW, &subject);

		row.is_quarantined = true;
		row.may_delete = row.may_delete && is_reviewer;
		if (is_reviewer || c->who->account_id == t->uploaded_by)
			row.quarantine = t->review_reason;
	}
	return row;
}

static enum rc list(struct core *c, int64_t occurrence_id, int64_t completion_id,
		    const struct attachment_row **ret_rows, size_t *ret_n, struct error *e)
{
	const struct attachment_stored *stored;
	struct attachment_row *rows;
	struct occurrence_row o;
	size_t n, n_kept = 0;

	TRY(session_read(c, c->db, occurrence_id, ACTION_SESSION_SEE, &o, e));
	TRY(attachment_rows(c->db, occurrence_id, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct attachment_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		if (!completion_id || stored[i].completion_id == completion_id)
			rows[n_kept++] = row_of(c, &o, &stored[i]);
	*ret_rows = rows;
	*ret_n = n_kept;
	return RC_OK;
}

enum rc attachment_list(struct core *c, int64_t occurrence_id,
			const struct attachment_row **ret_rows, size_t *ret_n, struct error *e)
{
	return list(c, occurrence_id, 0, ret_rows, ret_n, e);
}

enum rc attachment_list_of_completion(struct core *c, int64_t completion_id,
				      const struct attachment_row **ret_rows, size_t *ret_n,
				      struct error *e)
{
	int64_t occurrence_id;

	TRY(completion_occurrence(c->db, completion_id, c->arena, &occurrence_id, e));
	return list(c, occurrence_id, completion_id, ret_rows, ret_n, e);
}

/* A deleted file is told only to those who could have seen it. */
static enum rc facts(struct core *c, const struct attachment_stored *t, struct attachment_row *ret,
		     struct error *e)
{
	struct occurrence_row o;

	TRY(session_read(c, c->db, t->occurrence_id, ACTION_FILE_DOWNLOAD, &o, e));
	if (t->deleted_at != NO_TIME || str_eq(t->file_state, STR("deleted")))
		return ERROR(e, RC_NOT_FOUND, REASON_FILE_GONE, "attachment %lld",
			     (long long)t->id);
	*ret = row_of(c, &o, t);
	return RC_OK;
}

static enum rc show(struct core *c, const struct attachment_stored *t, struct attachment_row *ret,
		    struct error *e)
{
	struct attachment_row row;

	TRY(facts(c, t, &row, e));
	if (!str_eq(t->file_state, STR("stored")))
		return ERROR(e, RC_NOT_FOUND, REASON_FILE_QUARANTINED, "attachment %lld",
			     (long long)t->id);
	*ret = row;
	return RC_OK;
}

enum rc attachment_facts(struct core *c, int64_t attachment_id, struct attachment_row *ret,
			 struct error *e)
{
	struct attachment_stored t;

	TRY(attachment_read(c->db, attachment_id, c->arena, &t, e));
	return facts(c, &t, ret, e);
}

enum rc attachment_get(struct core *c, int64_t attachment_id, struct attachment_row *ret,
		       struct error *e)
{
	struct attachment_stored t;

	TRY(attachment_read(c->db, attachment_id, c->arena, &t, e));
	return show(c, &t, ret, e);
}

enum rc attachment_get_by_file(struct core *c, struct str file_id, struct attachment_row *ret,
			       struct error *e)
{
	struct attachment_stored t;
	uint8_t id[16];

	if (!num_hex(file_id, id, sizeof id))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "not a file id");
	TRY(attachment_read_by_file(c->db, file_id, c->arena, &t, e));
	return show(c, &t, ret, e);
}

/* ---- changing -------------------------------------------------------------------------------- */

struct job {
	struct core *c;
	int64_t occurrence_id, attachment_id;
	struct attachment_new new;
	struct str resumable_id; /* or empty */
	int64_t result;
};

static enum rc need_not_cancelled(const struct occurrence_row *o, struct error *e)
{
	if (str_eq(o->state, STR("cancelled")))
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_CANCELLED, "occurrence %lld",
			     (long long)o->id);
	return RC_OK;
}

enum rc attachment_may_add(struct core *c, int64_t occurrence_id, struct error *e)
{
	struct occurrence_row o;

	TRY(session_read(c, c->db, occurrence_id, ACTION_FILE_ADD, &o, e));
	return need_not_cancelled(&o, e);
}

static enum rc finish(struct job *j, struct store *s, const struct occurrence_row *o,
		      const char *action, int64_t attachment_id, struct error *e)
{
	struct audit_detail d;

	TRY(occurrence_write(s, o, e));
	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "attachment", attachment_id);
	if (j->new.file_id.n) {
		json_out_key_str(&d.o, "file", j->new.file_id);
		json_out_key_i64(&d.o, "size", j->new.size);
		json_out_key_str(&d.o, "type", j->new.mime);
	}
	return change_close(j->c, s, o, action, &d, e);
}

/* *ret_done: the upload in pieces became an attachment before; only the answer was lost. */
static enum rc open_resumable(struct job *j, struct store *s, bool *ret_done, struct error *e)
{
	struct resumable_row row;

	*ret_done = false;
	if (!j->resumable_id.n)
		return RC_OK;
	TRY(resumable_lock(s, j->resumable_id, j->c->who->account_id, j->c->arena, &row, e));
	*ret_done = str_eq(row.state, STR("done"));
	j->result = row.attachment_id;
	if (!*ret_done && !str_eq(row.state, STR("open")))
		return ERROR(e, RC_NOT_FOUND, REASON_UPLOAD_ENDED, "upload %.*s", STR_ARG(row.id));
	return RC_OK;
}

/* The queue of those who review. */
static enum rc tell_added(struct job *j, struct store *s, struct error *e)
{
	struct event_new event = { .type = EVENT_UPLOAD_ADDED, .branch_id = j->new.branch_id };

	event.payload = arena_printf(j->c->arena, "{\"file\":%lld,\"occurrence\":%lld}",
				     (long long)j->result, (long long)j->occurrence_id);
	return event.payload.p ? event_add(j->c, s, &event, e) : ERROR_MEMORY(e);
}

static enum rc add_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;
	bool is_done;

	TRY(open_resumable(j, s, &is_done, e));
	if (is_done)
		return RC_OK;
	TRY(change_open(j->c, s, j->occurrence_id, ACTION_FILE_ADD, &o, e));
	TRY(need_not_cancelled(&o, e));
	TRY(change_completion(j->c, s, &o, e));
	j->new.completion_id = o.completion_id;
	j->new.branch_id = o.branch_id;
	j->new.teacher_id = o.teacher_id;
	j->new.course_id = o.course_id;
	TRY(attachment_insert(s, &j->new, &j->result, e));
	if (j->resumable_id.n)
		TRY(resumable_done(s, j->resumable_id, j->result, e));
	TRY(completion_count(s, o.completion_id, 0, 1, e));
	TRY(tell_added(j, s, e));
	return finish(j, s, &o, "file.added", j->result, e);
}

static struct str lower(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n);

	for (size_t i = 0; p && i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return str_make(p, p ? s.n : 0);
}

enum rc attachment_add(struct core *c, int64_t occurrence_id, const struct stored_file *file,
		       struct str name, struct str description, int64_t *ret_id, struct error *e)
{
	struct job j = { .c = c,
			 .occurrence_id = occurrence_id,
			 .resumable_id = file->resumable_id };
	struct attachment_new *n = &j.new;
	enum rc rc, other;

	*n = (struct attachment_new){
		.account_id = c->who->account_id,
		.now_at = c->now_us,
		.file_id = str_from(file->id),
		.sha256 = str_make((const char *)file->sha256, sizeof file->sha256),
		.size = file->size,
		.class = str_from(file_class_name(file->type->class)),
		.mime = str_from(file->type->mime),
		.extension = lower(c->arena, file->extension),
	};
	if (!n->extension.p)
		return ERROR_MEMORY(e);
	rc = attachment_clean_name(c->arena, name, &n->name, e);
	other = text_clean(c->arena, description, ATTACHMENT_DESCRIPTION_MAX, "description",
			   &n->description, e);
	TRY(rc);
	TRY(other);
	TRY(store_tx(c->db, add_tx, &j, e));
	*ret_id = j.result;
	return RC_OK;
}

static enum rc download_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;

	return attachment_log(s, j->attachment_id, j->c->who->account_id, j->c->now_us, e);
}

enum rc attachment_count_download(struct core *c, const struct attachment_row *a, struct error *e)
{
	struct job j = { .c = c, .attachment_id = a->id };

	return store_tx(c->db, download_tx, &j, e);
}

static enum rc delete_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct attachment_stored t;
	struct occurrence_row o;
	struct subject subject;
	int64_t n_ended;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_SESSION_SEE, &o, e));
	TRY(attachment_read(s, j->attachment_id, j->c->arena, &t, e));
	TRY(change_owned(j->c, &o, ACTION_FILE_DELETE, t.uploaded_by, e));
	subject = session_subject(&o, t.uploaded_by);
	if (str_eq(t.file_state, STR("quarantined")) &&
	    !rights_allow(j->c->who, ACTION_UPLOAD_REVIEW, &subject))
		return ERROR(e, RC_CONFLICT, REASON_FILE_QUARANTINED, "attachment %lld",
			     (long long)t.id);
	TRY(attachment_end(s, t.id, j->c->who->account_id, j->c->now_us, &n_ended, e));
	if (!n_ended)
		return ERROR(e, RC_NOT_FOUND, REASON_FILE_GONE, "attachment %lld", (long long)t.id);
	TRY(completion_count(s, t.completion_id, 0, -1, e));
	return finish(j, s, &o, "file.deleted", t.id, e);
}

enum rc attachment_delete(struct core *c, int64_t attachment_id, struct error *e)
{
	struct job j = { .c = c, .attachment_id = attachment_id };
	struct attachment_stored t;

	TRY(attachment_read(c->db, attachment_id, c->arena, &t, e));
	j.occurrence_id = t.occurrence_id;
	return store_tx(c->db, delete_tx, &j, e);
}
