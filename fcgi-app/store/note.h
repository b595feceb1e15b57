/*
 * Notes.  Writes happen under the occurrence's lock.
 */
#ifndef STORE_NOTE_H
#define STORE_NOTE_H

#include "store/store.h"

struct note_stored {
	int64_t id, completion_id, occurrence_id, author_id;
	struct str type, text, author_name, author_email;
	int64_t created_at, updated_at;
	int32_t due_on;
	int64_t n_edits, version, resolved_at;
	struct str resolver_name;
	int64_t deleted_at;
	struct str deleter_name;
};

/* Of an occurrence; oldest first, deleted ones left out. */
enum rc note_rows(struct store *s, int64_t occurrence_id, struct arena *a,
		  const struct note_stored **ret_rows, size_t *ret_n, struct error *e) MUST_CHECK;
/* The deleted ones. */
enum rc note_rows_deleted(struct store *s, int64_t occurrence_id, struct arena *a,
			  const struct note_stored **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;

/* What a note said before an edit, and who replaced that when. */
struct note_revision_row {
	int64_t note_id;
	struct str type, text, editor_name;
	int32_t due_on;
	int64_t edited_at;
};
/* Of all notes of an occurrence, deleted ones too; oldest first. */
enum rc note_revisions(struct store *s, int64_t occurrence_id, struct arena *a,
		       const struct note_revision_row **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;

/* Open follow-ups, the earliest due first, those without a date last. */
enum note_seen { NOTE_SEEN_PERSON, NOTE_SEEN_BRANCH, NOTE_SEEN_ALL };
struct note_open_row {
	int64_t id, occurrence_id, version;
	struct str text, author_name;
	int64_t created_at;
	int32_t due_on;
	struct str title, course_code, teacher_name, zone;
	int32_t session_date;
};
/* seen_id: person or branch. */
enum rc note_open(struct store *s, enum note_seen seen, int64_t seen_id, size_t limit,
		  size_t offset, struct arena *a, const struct note_open_row **ret_rows,
		  size_t *ret_n, struct error *e) MUST_CHECK;

/* Not deleted; RC_NOT_FOUND. */
enum rc note_read(struct store *s, int64_t id, struct arena *a, struct note_stored *ret,
		  struct error *e) MUST_CHECK;
struct note_new {
	int64_t completion_id, branch_id, author_id;
	struct str type, text;
	int32_t due_on;
	int64_t now_at;
};
enum rc note_insert(struct store *s, const struct note_new *n, int64_t *ret_id,
		    struct error *e) MUST_CHECK;
/* Keeps what n says as a revision by account_id, then writes the new; a note that is no
 * follow-up any more is not settled either. */
enum rc note_rewrite(struct store *s, const struct note_stored *n, struct str type, struct str text,
		     int32_t due_on, int64_t account_id, int64_t now_at,
		     struct error *e) MUST_CHECK;
/* at NO_TIME: open again. */
enum rc note_settle(struct store *s, int64_t id, int64_t account_id, int64_t at,
		    struct error *e) MUST_CHECK;
/* *ret_n 0 when it was deleted already. */
enum rc note_end(struct store *s, int64_t id, int64_t account_id, int64_t now_at, int64_t *ret_n,
		 struct error *e) MUST_CHECK;

#endif
