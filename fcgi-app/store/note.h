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
};

/* Of an occurrence; oldest first, deleted ones left out. */
enum rc note_rows(struct store *s, int64_t occurrence_id, struct arena *a,
		  const struct note_stored **ret_rows, size_t *ret_n, struct error *e) MUST_CHECK;
/* Not deleted; RC_NOT_FOUND. */
enum rc note_read(struct store *s, int64_t id, struct arena *a, struct note_stored *ret,
		  struct error *e) MUST_CHECK;
enum rc note_insert(struct store *s, int64_t completion_id, int64_t author_id, struct str type,
		    struct str text, int64_t now_at, int64_t *ret_id, struct error *e) MUST_CHECK;
enum rc note_write(struct store *s, int64_t id, struct str type, struct str text, int64_t now_at,
		   struct error *e) MUST_CHECK;
/* *ret_n 0 when it was deleted already. */
enum rc note_end(struct store *s, int64_t id, int64_t account_id, int64_t now_at, int64_t *ret_n,
		 struct error *e) MUST_CHECK;

#endif
