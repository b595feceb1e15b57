/*
 * Notes and attachments of a completion.
 *
 * Bytes never pass through here: nginx spooled the body, core/upload judges and
 * keeps the part of it that is the file.
 */
#include "api/c004/door.h"
#include "api/c004/session.h"
#include "api/c004/target.h"
#include "core/session/note.h"
#include "core/upload/upload.h"
#include "web/worker.h"

/* The occurrence of a completion that still lives. */
static enum rc occurrence_of(struct req *q, int64_t completion_id, int64_t *ret_occurrence_id,
			     struct error *e)
{
	struct c004_target t;

	TRY(c004_target_completion(&q->core, completion_id, &t, e));
	TRY(c004_target_need_live(&t, e));
	*ret_occurrence_id = t.occurrence_id;
	return RC_OK;
}

/* ---- notes ------------------------------------------------------------------------------ */

static const char *const note_words[] = { "general", "followup", "issue", "achievement", NULL };

struct add_note_in {
	int64_t completion_id;
	struct str note_text;
	enum note_type note_type;
};
FIELDS(c004_note_fields, add_note_in, FIELD(ID, add_note_in, completion_id, ANY, .required = true),
       FIELD(LONG_TEXT, add_note_in, note_text, ANY, .required = true, .max = NOTE_TEXT_MAX),
       FIELD(CHOICE, add_note_in, note_type, ANY, .words = note_words, .fallback = NOTE_GENERAL));

enum rc c004_add_note(struct req *q, struct resp *r, struct error *e)
{
	int64_t occurrence_id, id;
	struct add_note_in in;

	TRY(req_read_as(q, &c004_note_fields, &in, e));
	TRY(occurrence_of(q, in.completion_id, &occurrence_id, e));
	TRY(note_add(
		&q->core, occurrence_id,
		&(struct note_in){ .type = in.note_type, .text = in.note_text, .due_day = NO_DAY },
		&id, e));
	return c004_say_id(r, "Note added", "note_id", id);
}

struct note_id_in {
	int64_t note_id;
};
FIELDS(c004_note_id_fields, note_id_in, FIELD(ID, note_id_in, note_id, ANY, .required = true));

enum rc c004_delete_note(struct req *q, struct resp *r, struct error *e)
{
	struct note_id_in in;

	TRY(req_read_as(q, &c004_note_id_fields, &in, e));
	TRY(note_delete(&q->core, in.note_id, e));
	return c004_say(r, true, "Note deleted");
}

/* ---- attachments ---------------------------------------------------------------------------- */

struct upload_fields_in {
	int64_t completion_id;
	struct str description;
};
FIELDS(c004_upload_fields, upload_fields_in,
       FIELD(ID, upload_fields_in, completion_id, ANY, .required = true),
       FIELD(TEXT, upload_fields_in, description, ANY, .max = ATTACHMENT_DESCRIPTION_MAX));

/* Browsers send an empty part where no file was chosen. */
static const struct req_file *chosen_file(const struct req *q)
{
	for (size_t i = 0; i < q->n_files; i++)
		if (str_eq(q->files[i].field, STR("file")) &&
		    (q->files[i].filename.n > 0 || q->files[i].n > 0))
			return &q->files[i];
	return NULL;
}

enum rc c004_upload_attachment(struct req *q, struct resp *r, struct error *e)
{
	const struct req_file *f = chosen_file(q);
	struct upload_in up = { .fd = q->spool.fd };
	struct upload_fields_in in;
	int64_t id;

	TRY(req_read_as(q, &c004_upload_fields, &in, e));
	if (!f)
		return ERROR_FIELD(e, "file", REASON_FILE_MISSING, 0);
	TRY(occurrence_of(q, in.completion_id, &up.occurrence_id, e));
	TRY(upload_allowed(&q->core, up.occurrence_id, 1, e));
	up.offset = f->offset;
	up.length = f->n;
	if (up.fd < 0)
		up.bytes = req_file_bytes(q, f);
	up.name = f->filename;
	up.description = in.description;
	TRY(upload_file(&q->core, q->worker->web->files, &up, &id, e));
	return c004_say_id(r, "Attachment uploaded", "attachment_id", id);
}

struct attachment_in {
	int64_t attachment_id;
};
FIELDS(c004_attachment_fields, attachment_in,
       FIELD(ID, attachment_in, attachment_id, ANY, .required = true));

enum rc c004_delete_attachment(struct req *q, struct resp *r, struct error *e)
{
	struct attachment_in in;

	TRY(req_read_as(q, &c004_attachment_fields, &in, e));
	TRY(attachment_delete(&q->core, in.attachment_id, e));
	return c004_say(r, true, "Attachment deleted");
}
