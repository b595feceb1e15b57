/*
 * Completion: saying what really happened in a session.
 *
 * The state machine (DESIGN 2): pending → completed → checked | returned;
 * returned → completed; cancelled with its occurrence; completed and cancelled back
 * to scheduled by reopening.  Each call is one transaction that also writes the
 * audit row, raises occurrence.version and the versions of everybody who sees
 * the session.  Rights and limits are checked here and nowhere else.
 *
 * Errors all of them share: RC_NOT_FOUND (no such session, or not for this viewer),
 * RC_DENIED (visible, but not theirs to change), RC_CONFLICT with CHANGED (the version
 * is another one), ALREADY_COMPLETED, ALREADY_CANCELLED, NOT_COMPLETED, CHECKED;
 * RC_INVALID with the fields at fault, named as in the struct.
 */
#ifndef CORE_COMPLETION_H
#define CORE_COMPLETION_H

#include "core/core.h"

#define COMPLETION_NOTES_MAX  20000 /* code points */
#define COMPLETION_REASON_MAX 500

/*
 * Fields: "actual_start", "actual_end" (REQUIRED, END_BEFORE_START), "completion_code"
 * (TOO_LONG, NOT_TEXT, CODE_TAKEN, CODE_CHECK), "notes" (TOO_LONG, NOT_TEXT).
 */
struct completion_in {
	int64_t occurrence_id;
	int64_t version; /* occurrence.version the form was made from; 0: do not compare */
	int32_t actual_start, actual_end; /* time of day on the session's date; NO_DAY: none */
	struct str code;                  /* empty: generate (complete), none (draft) */
	struct str notes;
};

struct completion_result {
	int64_t completion_id;
	struct str code; /* as stored; in the arena */
	int64_t version; /* new occurrence.version */
};

/*
 * scheduled → completed.  Not before starts_at - SESSION_EARLY_US: RC_INVALID NOT_YET.
 * Two people at once: the second gets RC_CONFLICT ALREADY_COMPLETED.
 */
enum rc completion_complete(struct core *c, const struct completion_in *in,
			    struct completion_result *ret, struct error *e) MUST_CHECK;
/* Keeps what is filled in so far, without completing; everything may be missing. */
enum rc completion_save_draft(struct core *c, const struct completion_in *in,
			      struct completion_result *ret, struct error *e) MUST_CHECK;
/* Changes the data of a completed session (not checked).  An empty code keeps the code. */
enum rc completion_edit(struct core *c, const struct completion_in *in,
			struct completion_result *ret, struct error *e) MUST_CHECK;

/* "Session was not held".  reason 1..500 characters, field "reason" (REASON_MISSING, TOO_LONG). */
enum rc completion_cancel(struct core *c, int64_t occurrence_id, int64_t version, struct str reason,
			  struct error *e) MUST_CHECK;
/*
 * Back to scheduled from completed or cancelled.  Who did it, within 10 minutes; later
 * and for others only an admin (RC_DENIED ADMIN_ONLY).  What was entered stays as a draft.
 */
enum rc completion_reopen(struct core *c, int64_t occurrence_id, int64_t version,
			  struct error *e) MUST_CHECK;
/* The same with a reason (fields as cancel) that the session shows until it is completed again. */
enum rc completion_reopen_for(struct core *c, int64_t occurrence_id, int64_t version,
			      struct str reason, struct error *e) MUST_CHECK;
/* Takes a sign-off back: checked → completed, by an admin.  RC_CONFLICT NOT_CHECKED. */
enum rc completion_uncheck(struct core *c, int64_t occurrence_id, int64_t version,
			   struct error *e) MUST_CHECK;
/* An admin's sign-off, and sending back with a reason (fields as cancel). */
enum rc completion_check(struct core *c, int64_t occurrence_id, int64_t version,
			 struct error *e) MUST_CHECK;
enum rc completion_return(struct core *c, int64_t occurrence_id, int64_t version, struct str reason,
			  struct error *e) MUST_CHECK;

#define COMPLETION_REMIND_US US_PER_DAY
/*
 * Reminds who holds a session that is over and not completed, at most once a day each, with a
 * notification and an audit row.  RC_CONFLICT with ALREADY_COMPLETED, ALREADY_CANCELLED, NOT_OVER,
 * NOBODY_HOLDS, REMINDED; for whoever signs sessions off.
 */
enum rc completion_remind(struct core *c, int64_t occurrence_id, int64_t version,
			  struct error *e) MUST_CHECK;

enum code_state {
	CODE_STATE_AVAILABLE,
	CODE_STATE_EMPTY,   /* one will be generated */
	CODE_STATE_TAKEN,   /* on another session */
	CODE_STATE_CHECK,   /* looks generated, and its check character is wrong */
	CODE_STATE_INVALID, /* too long or not storable */
	CODE_STATE__MAX
};
/* "available", "empty", …  */
const char *code_state_name(enum code_state s);
/* For checking while typing.  The viewer must see except_occurrence. */
enum rc code_available(struct core *c, struct str code, int64_t except_occurrence,
		       enum code_state *ret_state, struct error *e) MUST_CHECK;
/* A fresh code of this session, not taken now; for the "New code" button. */
enum rc code_suggest(struct core *c, int64_t occurrence_id, struct str *ret_code,
		     struct error *e) MUST_CHECK;

/* ---- the 004 door ------------------------------------------------------------------------ */

/* contracts 5.2, "completion"; the door spells state and times. */
struct completion_row {
	int64_t id, occurrence_id, schedule_id, batch_id; /* COLUMN_NULL: none */
	int64_t faculty_id, employee_id;                  /* accounts */
	int32_t actual_start_time, actual_end_time;
	struct str completion_code, notes, state;
	int64_t completed_by, completed_at, created_at, updated_at;
	struct str batch_title, zone;
	int32_t session_date, scheduled_start, scheduled_end;
	int64_t attachment_count, note_count;
	struct str completed_by_name, faculty_name, employee_name;
	int64_t version; /* of the occurrence */
};
/* The completions the viewer may see: admins the branch's, others those that are theirs
 * (contracts: faculty_id or employee_id = me) or of sessions they see.  Newest session first. */
enum rc completion_list(struct core *c, size_t limit, const struct completion_row **ret_rows,
			size_t *ret_n, struct error *e) MUST_CHECK;
enum rc completion_get(struct core *c, int64_t completion_id, struct completion_row *ret,
		       struct error *e) MUST_CHECK;
/* All of an occurrence, the live one first; RC_NOT_FOUND when it may not be seen. */
enum rc completion_by_occurrence(struct core *c, int64_t occurrence_id,
				 const struct completion_row **ret_rows, size_t *ret_n,
				 struct error *e) MUST_CHECK;

/*
 * 004's create: a pending completion with what is given; when the occurrence has a
 * live pending one, that one is filled in and its id returned.  faculty_account,
 * employee_account: only an admin's are taken (fields "faculty_id", "employee_id":
 * NOT_A_CHOICE); COLUMN_NULL, and for others: the viewer, by role.
 */
struct completion_create_in {
	struct completion_in in;
	int64_t faculty_account, employee_account;
};
enum rc completion_create(struct core *c, const struct completion_create_in *in,
			  struct completion_result *ret, struct error *e) MUST_CHECK;

/* 004's update: only what is set changes, in whatever state allows it. */
struct completion_update_in {
	int64_t completion_id;
	bool has_start, has_end, has_code, has_notes;
	int32_t actual_start, actual_end;
	struct str code, notes;
};
enum rc completion_update(struct core *c, const struct completion_update_in *in,
			  struct completion_result *ret, struct error *e) MUST_CHECK;

#endif
