/*
 * Notes on a session.
 */
#include "core/note.h"

#include "core/change.h"
#include "store/note.h"

static const char *const type_names[NOTE_TYPE__MAX] = { "general", "followup", "issue",
							"achievement" };

const char *note_type_name(enum note_type t)
{
	BUG(t >= NOTE_TYPE__MAX);
	return type_names[t];
}

bool note_type_from(struct str name, enum note_type *ret)
{
	for (int t = 0; t < NOTE_TYPE__MAX; t++) {
		if (!str_eq(name, str_from(type_names[t])))
			continue;
		*ret = (enum note_type)t;
		return true;
	}
	return false;
}

/* ---- reading ----------------------------------------------------------------------------- */

static struct note_row row_of(const struct core *c, const struct occurrence_row *o,
			      const struct note_stored *n)
{
	struct subject subject = session_subject(o, n->author_id);
	struct note_row row = {
		.id = n->id,
		.completion_id = n->completion_id,
		.occurrence_id = n->occurrence_id,
		.author_id = n->author_id,
		.text = n->text,
		.author_name = n->author_name,
		.author_email = n->author_email,
		.created_at = n->created_at,
		.updated_at = n->updated_at,
		.may_edit =
			!change_is_locked(o) && rights_allow(c->who, ACTION_NOTE_EDIT, &subject),
	};

	BUG(!note_type_from(n->type, &row.type));
	return row;
}

/* completion_id 0: of all of the occurrence. */
static enum rc list(struct core *c, int64_t occurrence_id, int64_t completion_id,
		    const struct note_row **ret_rows, size_t *ret_n, struct error *e)
{
	const struct note_stored *stored;
	struct occurrence_row o;
	struct note_row *rows;
	size_t n, n_kept = 0;

	TRY(session_read(c, c->db, occurrence_id, ACTION_SESSION_SEE, &o, e));
	TRY(note_rows(c->db, occurrence_id, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct note_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		if (!completion_id || stored[i].completion_id == completion_id)
			rows[n_kept++] = row_of(c, &o, &stored[i]);
	*ret_rows = rows;
	*ret_n = n_kept;
	return RC_OK;
}

enum rc note_list(struct core *c, int64_t occurrence_id, const struct note_row **ret_rows,
		  size_t *ret_n, struct error *e)
{
	return list(c, occurrence_id, 0, ret_rows, ret_n, e);
}

enum rc note_list_of_completion(struct core *c, int64_t completion_id,
				const struct note_row **ret_rows, size_t *ret_n, struct error *e)
{
	int64_t occurrence_id;

	TRY(completion_occurrence(c->db, completion_id, c->arena, &occurrence_id, e));
	return list(c, occurrence_id, completion_id, ret_rows, ret_n, e);
}

enum rc note_get(struct core *c, int64_t note_id, struct note_row *ret, struct error *e)
{
	struct occurrence_row o;
	struct note_stored n;

	TRY(note_read(c->db, note_id, c->arena, &n, e));
	TRY(session_read(c, c->db, n.occurrence_id, ACTION_SESSION_SEE, &o, e));
	*ret = row_of(c, &o, &n);
	return RC_OK;
}

/* ---- changing ----------------------------------------------------------------------------- */

struct job {
	struct core *c;
	int64_t occurrence_id, note_id;
	struct str type, text;
	int64_t result;
};

static enum rc check_text(struct core *c, struct str text, struct str *ret, struct error *e)
{
	struct str clean;

	TRY(text_clean(c->arena, text, NOTE_TEXT_MAX, "text", &clean, e));
	if (!clean.n)
		return ERROR_FIELD(e, "text", REASON_EMPTY_NOTE, 0);
	*ret = clean;
	return RC_OK;
}

static enum rc finish(struct job *j, struct store *s, const struct occurrence_row *o,
		      const char *action, int64_t note_id, struct error *e)
{
	struct audit_detail d;

	TRY(occurrence_write(s, o, e));
	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "note", note_id);
	if (j->type.n)
		json_out_key_str(&d.o, "type", j->type);
	return change_close(j->c, s, o, action, &d, e);
}

static enum rc add_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_NOTE_ADD, &o, e));
	if (str_eq(o.state, STR("cancelled")))
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_CANCELLED, "occurrence %lld",
			     (long long)o.id);
	TRY(change_completion(j->c, s, &o, e));
	TRY(note_insert(s, o.completion_id, j->c->who->account_id, j->type, j->text, j->c->now_us,
			&j->result, e));
	TRY(completion_count(s, o.completion_id, 1, 0, e));
	return finish(j, s, &o, "note.added", j->result, e);
}

/* The note again under the lock, with the right to change it. */
static enum rc open_note(struct job *j, struct store *s, enum action action,
			 struct occurrence_row *ret_o, struct note_stored *ret_n, struct error *e)
{
	struct subject subject;

	TRY(change_open(j->c, s, j->occurrence_id, ACTION_SESSION_SEE, ret_o, e));
	TRY(note_read(s, j->note_id, j->c->arena, ret_n, e));
	subject = session_subject(ret_o, ret_n->author_id);
	TRY(rights_check(j->c->who, action, &subject, e));
	return change_unlocked(ret_o, e);
}

static enum rc edit_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;
	struct note_stored n;

	TRY(open_note(j, s, ACTION_NOTE_EDIT, &o, &n, e));
	TRY(note_write(s, n.id, j->type, j->text, j->c->now_us, e));
	return finish(j, s, &o, "note.edited", n.id, e);
}

static enum rc delete_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct occurrence_row o;
	struct note_stored n;
	int64_t n_ended;

	TRY(open_note(j, s, ACTION_NOTE_DELETE, &o, &n, e));
	TRY(note_end(s, n.id, j->c->who->account_id, j->c->now_us, &n_ended, e));
	TRY(completion_count(s, n.completion_id, -(int)n_ended, 0, e));
	return finish(j, s, &o, "note.deleted", n.id, e);
}

enum rc note_add(struct core *c, int64_t occurrence_id, enum note_type type, struct str text,
		 int64_t *ret_id, struct error *e)
{
	struct job j = { .c = c,
			 .occurrence_id = occurrence_id,
			 .type = str_from(note_type_name(type)) };

	TRY(check_text(c, text, &j.text, e));
	TRY(store_tx(c->db, add_tx, &j, e));
	*ret_id = j.result;
	return RC_OK;
}

/* Which occurrence a note hangs on never changes, so it is read before the lock. */
static enum rc locate(struct job *j, struct error *e)
{
	struct note_stored n;

	TRY(note_read(j->c->db, j->note_id, j->c->arena, &n, e));
	j->occurrence_id = n.occurrence_id;
	return RC_OK;
}

enum rc note_edit(struct core *c, int64_t note_id, enum note_type type, struct str text,
		  struct error *e)
{
	struct job j = { .c = c, .note_id = note_id, .type = str_from(note_type_name(type)) };

	TRY(check_text(c, text, &j.text, e));
	TRY(locate(&j, e));
	return store_tx(c->db, edit_tx, &j, e);
}

enum rc note_delete(struct core *c, int64_t note_id, struct error *e)
{
	struct job j = { .c = c, .note_id = note_id };

	TRY(locate(&j, e));
	return store_tx(c->db, delete_tx, &j, e);
}
