/*
 * Rows as the 004 contract spells them (contracts.md 5.2 to 5.4).
 *
 * Words differ from ours only here: a checked completion reads `completed`, a
 * returned one `pending`; a class is a batch; a note is also a comment.
 * Dates are YYYY-MM-DD, times HH:MM:SS, datetimes "YYYY-MM-DD HH:MM:SS" in the
 * branch's zone; numbers are JSON numbers; what is missing is null.
 * Writes one object each; nothing fails but the buffer.
 */
#ifndef API_C004_RENDER_H
#define API_C004_RENDER_H

#include "codec/json.h"
#include "core/schedule/schedule.h"
#include "core/session/completion.h"
#include "core/session/note.h"
#include "core/session/session.h"
#include "core/upload/attachment.h"

/* The stored word of a completion's state as 004 knows it. */
struct str c004_status(struct str state);

/* Lists that hang on a completion; absent when `rows` is NULL and n is 0 and has_ is false. */
struct c004_children {
	bool has_children;
	bool notes_are_text; /* get_by_occurrence: `notes` stays the text */
	const struct attachment_row *attachments;
	size_t n_attachments;
	const struct note_row *notes;
	size_t n_notes;
};

void c004_completion(struct json_out *o, const struct core *c, const struct completion_row *r,
		     const struct c004_children *children);
void c004_occurrence(struct json_out *o, const struct core *c, const struct session_occurrence *r);
void c004_schedule(struct json_out *o, const struct core *c, const struct schedule_row *r);
void c004_meta(struct json_out *o, const struct schedule_meta *m);

#endif
