/*
 * Notes on a session: four types, with author and time.
 *
 * A note belongs to the live completion, which is made (pending) when it is missing.
 * Added by whoever may work on the session, edited and deleted by the author or an
 * admin; a deleted note's row stays.  completion.note_count is kept by the same
 * transaction.  Not on a cancelled session.
 */
#ifndef CORE_NOTE_H
#define CORE_NOTE_H

#include "core/core.h"

#define NOTE_TEXT_MAX 5000 /* code points */

enum note_type { NOTE_GENERAL, NOTE_FOLLOWUP, NOTE_ISSUE, NOTE_ACHIEVEMENT, NOTE_TYPE__MAX };
/* "general", "followup", "issue", "achievement": stored, and 004's words. */
const char *note_type_name(enum note_type t);
bool note_type_from(struct str name, enum note_type *ret) MUST_CHECK;

struct note_row {
	int64_t id, completion_id, occurrence_id;
	int64_t author_id; /* account */
	enum note_type type;
	struct str text, author_name, author_email;
	int64_t created_at, updated_at; /* updated NO_TIME: never edited */
	bool may_edit;                  /* by the viewer: edit and delete */
};

/* Oldest first.  RC_NOT_FOUND when the session may not be seen. */
enum rc note_list(struct core *c, int64_t occurrence_id, const struct note_row **ret_rows,
		  size_t *ret_n, struct error *e) MUST_CHECK;
/* The same of one completion (004). */
enum rc note_list_of_completion(struct core *c, int64_t completion_id,
				const struct note_row **ret_rows, size_t *ret_n,
				struct error *e) MUST_CHECK;
enum rc note_get(struct core *c, int64_t note_id, struct note_row *ret, struct error *e) MUST_CHECK;

/*
 * Field "text": EMPTY_NOTE, TOO_LONG (above NOTE_TEXT_MAX, however long), NOT_TEXT.
 * Line ends become \n; blanks at both ends go.  RC_CONFLICT ALREADY_CANCELLED, CHECKED never: notes
 * stay possible after the sign-off.
 */
enum rc note_add(struct core *c, int64_t occurrence_id, enum note_type type, struct str text,
		 int64_t *ret_id, struct error *e) MUST_CHECK;
/* RC_DENIED unless author or admin; RC_NOT_FOUND when deleted. */
enum rc note_edit(struct core *c, int64_t note_id, enum note_type type, struct str text,
		  struct error *e) MUST_CHECK;
enum rc note_delete(struct core *c, int64_t note_id, struct error *e) MUST_CHECK;

#endif
