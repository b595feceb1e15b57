/*
 * Who may do what: the one table role × action × scope.
 *
 * Pure: knows no database.  The caller loads what the subject is and asks; a refusal
 * says whether the subject may be known at all (RC_NOT_FOUND) or is visible but
 * not theirs to change (RC_DENIED).
 */
#ifndef CORE_RIGHTS_H
#define CORE_RIGHTS_H

#include "core/core.h"

enum action {
	ACTION_SESSION_SEE,
	ACTION_SESSION_COMPLETE,
	ACTION_SESSION_EDIT,
	ACTION_SESSION_CANCEL,
	ACTION_SESSION_MOVE,
	ACTION_SESSION_REOPEN, /* within the time for undoing; later: ..._REOPEN_LATE */
	ACTION_SESSION_REOPEN_LATE,
	ACTION_SESSION_CHECK, /* sign off, or return */
	ACTION_NOTE_ADD,
	ACTION_NOTE_EDIT,   /* subject.owner_id: the author */
	ACTION_NOTE_DELETE, /* likewise */
	ACTION_FILE_ADD,
	ACTION_FILE_DELETE, /* subject.owner_id: who uploaded it */
	ACTION_FILE_DOWNLOAD,
	ACTION_SCHEDULE_SEE,
	ACTION_SCHEDULE_MANAGE,
	ACTION_AUDIT_SEE,
	ACTION_HEALTH_VERSIONS, /* of no subject */
	/* Of an attendance session: subject.teacher_id holds it, is_class_staff of its class. */
	ACTION_ATTENDANCE_SEE,
	ACTION_ATTENDANCE_WORK, /* open, extend, pause, close, mark, decide */
	ACTION_ATTENDANCE_REOPEN,
	/* Of a branch: ask rights_branch. */
	ACTION_PEOPLE_MANAGE, /* people, accounts, memberships, enrolments */
	ACTION_ORG_MANAGE, /* departments, batches, sections, classes, courses, rooms, closures */
	ACTION_BRANCH_MANAGE,  /* branches themselves */
	ACTION_IMPORT,         /* people and enrolments by file */
	ACTION_UPLOAD_REVIEW,  /* approve, quarantine */
	ACTION_AUDIT_SEARCH,   /* the trail of everything */
	ACTION_POLICY_MANAGE,  /* how check-in is checked: defaults, networks, shared machines */
	ACTION_DEVICE_MANAGE,  /* scanners */
	ACTION_STATUS_MANAGE,  /* what marks are called and count; of no branch */
	ACTION_SESSION_CREATE, /* single sessions, made and changed directly */
	ACTION_REQUEST_DECIDE, /* requests for sessions: approve, reject, ask back */
	ACTION__MAX
};

/* What the action is done to. */
struct subject {
	int64_t branch_id;   /* COLUMN_NULL: of none */
	int64_t teacher_id;  /* person who holds the session; COLUMN_NULL: nobody */
	int64_t owner_id;    /* account that wrote or uploaded it; COLUMN_NULL: not asked */
	bool is_class_staff; /* the viewer is staff of the session's class */
};

/* The widest reach a role has for an action. */
enum scope {
	SCOPE_NONE,
	SCOPE_AUTHOR, /* sees the session, and wrote the thing */
	SCOPE_CLASS,  /* holds the session or is staff of its class */
	SCOPE_BRANCH, /* everything of the own branch */
	SCOPE_ALL,
	SCOPE__MAX
};
enum scope rights_scope(enum role role, enum action action);

bool rights_allow(const struct who *w, enum action action, const struct subject *s) MUST_CHECK;
/*
 * The same as an error: RC_OK, RC_NOT_FOUND/NOT_FOUND when the session may not even be
 * seen, else RC_DENIED with ADMIN_ONLY (a role of the branch's admins could) or DENIED.
 */
enum rc rights_check(const struct who *w, enum action action, const struct subject *s,
		     struct error *e) MUST_CHECK;
/*
 * The same for what belongs to a branch and nothing narrower (COLUMN_NULL: to the whole
 * institution).  RC_OK; RC_NOT_FOUND for an admin of another branch; RC_DENIED/ADMIN_ONLY for
 * everybody else.
 */
enum rc rights_branch(const struct who *w, enum action action, int64_t branch_id,
		      struct error *e) MUST_CHECK;

#endif
