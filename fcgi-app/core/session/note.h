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

/* An earlier text, and who replaced it when. */
struct note_version {
	enum note_type type;
	struct str text, editor_name;
	int32_t due_day; /* NO_DAY: none */
	int64_t edited_at;
};

struct note_row {
	int64_t id, completion_id, occurrence_id;
	int64_t author_id; /* account */
	enum note_type type;
	struct str text, author_name, author_email;
	int64_t created_at, updated_at; /* updated NO_TIME: never edited */
	int64_t version;
	bool may_edit; /* by the viewer: edit and delete */
	/* Follow-ups. */
	int32_t due_day;          /* NO_DAY: none */
	bool is_overdue;          /* open, and the day is over where the session was */
	int64_t resolved_at;      /* NO_TIME: open */
	struct str resolver_name; /* empty: open */
	bool may_resolve;         /* by the viewer: resolve and reopen */
	/* Edits; earlier texts only from note_list and note_list_deleted. */
	int64_t n_edits;
	const struct note_version *history; /* oldest first */
	size_t n_history;
	/* Deleted ones. */
	int64_t deleted_at;
	struct str deleter_name;
};

/* Oldest first, with history.  RC_NOT_FOUND when the session may not be seen. */
enum rc note_list(struct core *c, int64_t occurrence_id, const struct note_row **ret_rows,
		  size_t *ret_n, struct error *e) MUST_CHECK;
/* What was deleted, with history: for admins of the branch, RC_DENIED/ADMIN_ONLY for others. */
enum rc note_list_deleted(struct core *c, int64_t occurrence_id, const struct note_row **ret_rows,
			  size_t *ret_n, struct error *e) MUST_CHECK;
/* note_list of one completion, without history (004). */
enum rc note_list_of_completion(struct core *c, int64_t completion_id,
				const struct note_row **ret_rows, size_t *ret_n,
				struct error *e) MUST_CHECK;
enum rc note_get(struct core *c, int64_t note_id, struct note_row *ret, struct error *e) MUST_CHECK;

struct note_in {
	int64_t version; /* of the note that is edited; 0: any */
	enum note_type type;
	struct str text;
	int32_t due_day; /* follow-ups; NO_DAY: none */
};

/*
 * Field "text": EMPTY_NOTE, TOO_LONG (above NOTE_TEXT_MAX, however long), NOT_TEXT; field "due":
 * DUE_KIND, DUE_EARLY (before the session).  Line ends become \n; blanks at both ends go.
 * RC_CONFLICT ALREADY_CANCELLED, CHECKED never: notes stay possible after the sign-off.
 */
enum rc note_add(struct core *c, int64_t occurrence_id, const struct note_in *in, int64_t *ret_id,
		 struct error *e) MUST_CHECK;
/*
 * The text before is kept.  Nothing is written when nothing changed.  RC_DENIED unless author or
 * admin; RC_NOT_FOUND when deleted; RC_CONFLICT CHANGED on another version, CHECKED.
 */
enum rc note_edit(struct core *c, int64_t note_id, const struct note_in *in,
		  struct error *e) MUST_CHECK;
/* The row and its history stay. */
enum rc note_delete(struct core *c, int64_t note_id, struct error *e) MUST_CHECK;
/*
 * Settles a follow-up, or opens it again: whoever may add notes, also after the sign-off.
 * version 0: any.  RC_CONFLICT CHANGED on another one, and when it is so already; RC_NOT_FOUND for
 * other kinds of note.
 */
enum rc note_resolve(struct core *c, int64_t note_id, int64_t version, bool is_resolved,
		     struct error *e) MUST_CHECK;

#define NOTE_OPEN_PAGE 50  /* rows of a page of open follow-ups */
#define NOTE_OPEN_MAX  500 /* paged up to here: by then the earliest matter */

struct note_open {
	int64_t id, occurrence_id, version;
	struct str text, author_name;
	int64_t created_at;
	int32_t due_day; /* NO_DAY: none */
	bool is_overdue;
	struct str title, course_code, teacher_name, zone;
	int32_t day; /* of the session */
};
/*
 * Open follow-ups of all sessions the viewer sees, the earliest due first, those without a date
 * last.  page: from 1.  *ret_is_more: there is a next page.  RC_DENIED for students.
 */
enum rc note_list_open(struct core *c, int64_t page, const struct note_open **ret_rows,
		       size_t *ret_n, bool *ret_is_more, struct error *e) MUST_CHECK;

#endif
