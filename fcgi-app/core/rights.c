/*
 * The table of rights, and reading it.
 */
#include "core/rights.h"

/*
 * A column per role of staff; students, devices and nobody have no right here yet,
 * which is what the zeros of the missing rows say.
 */
/* clang-format off */
static const enum scope scopes[ACTION__MAX][ROLE__MAX] = {
#define ROW(action, super, branch, faculty, employee)                                              \
	[ACTION_##action] = { [ROLE_SUPER_ADMIN] = SCOPE_##super,                                  \
			      [ROLE_BRANCH_ADMIN] = SCOPE_##branch,                                \
			      [ROLE_FACULTY] = SCOPE_##faculty,                                    \
			      [ROLE_EMPLOYEE] = SCOPE_##employee }
	/*  action               super branch  faculty employee */
	ROW(SESSION_SEE,         ALL,  BRANCH, CLASS,  CLASS),
	ROW(SESSION_COMPLETE,    ALL,  BRANCH, CLASS,  CLASS),
	ROW(SESSION_EDIT,        ALL,  BRANCH, CLASS,  CLASS),
	ROW(SESSION_CANCEL,      ALL,  BRANCH, CLASS,  CLASS),
	ROW(SESSION_MOVE,        ALL,  BRANCH, CLASS,  NONE),
	ROW(SESSION_REOPEN,      ALL,  BRANCH, AUTHOR, AUTHOR),
	ROW(SESSION_REOPEN_LATE, ALL,  BRANCH, NONE,   NONE),
	ROW(SESSION_CHECK,       ALL,  BRANCH, NONE,   NONE),
	ROW(NOTE_ADD,            ALL,  BRANCH, CLASS,  CLASS),
	ROW(NOTE_EDIT,           ALL,  BRANCH, AUTHOR, AUTHOR),
	ROW(NOTE_DELETE,         ALL,  BRANCH, AUTHOR, AUTHOR),
	ROW(FILE_ADD,            ALL,  BRANCH, CLASS,  CLASS),
	ROW(FILE_DELETE,         ALL,  BRANCH, AUTHOR, AUTHOR),
	ROW(FILE_DOWNLOAD,       ALL,  BRANCH, CLASS,  CLASS),
	ROW(SCHEDULE_SEE,        ALL,  BRANCH, CLASS,  CLASS),
	ROW(SCHEDULE_MANAGE,     ALL,  BRANCH, NONE,   NONE),
	ROW(AUDIT_SEE,           ALL,  BRANCH, CLASS,  CLASS),
	ROW(HEALTH_VERSIONS,     ALL,  ALL,    NONE,   NONE),
	ROW(ATTENDANCE_SEE,      ALL,  BRANCH, CLASS,  CLASS),
	ROW(ATTENDANCE_WORK,     ALL,  BRANCH, CLASS,  CLASS),
	ROW(ATTENDANCE_REOPEN,   ALL,  BRANCH, CLASS,  NONE),
	ROW(PEOPLE_MANAGE,       ALL,  BRANCH, NONE,   NONE),
	ROW(ORG_MANAGE,          ALL,  BRANCH, NONE,   NONE),
	ROW(BRANCH_MANAGE,       ALL,  NONE,   NONE,   NONE),
	ROW(IMPORT,              ALL,  BRANCH, NONE,   NONE),
	ROW(UPLOAD_REVIEW,       ALL,  BRANCH, NONE,   NONE),
	ROW(AUDIT_SEARCH,        ALL,  BRANCH, NONE,   NONE),
	ROW(POLICY_MANAGE,       ALL,  BRANCH, NONE,   NONE),
	ROW(DEVICE_MANAGE,       ALL,  BRANCH, NONE,   NONE),
	ROW(STATUS_MANAGE,       ALL,  NONE,   NONE,   NONE),
	ROW(SESSION_CREATE,      ALL,  BRANCH, NONE,   NONE),
	ROW(REQUEST_DECIDE,      ALL,  BRANCH, NONE,   NONE),
#undef ROW
};
/* clang-format on */

enum scope rights_scope(enum role role, enum action action)
{
	BUG((unsigned)role >= ROLE__MAX || (unsigned)action >= ACTION__MAX);
	return scopes[action][role];
}

static bool is_class(const struct who *w, const struct subject *s)
{
	return s->is_class_staff || (w->person_id != COLUMN_NULL && w->person_id == s->teacher_id);
}

bool rights_allow(const struct who *w, enum action action, const struct subject *s)
{
	switch (rights_scope(w->role, action)) {
	case SCOPE_NONE:
	case SCOPE__MAX:
		return false;
	case SCOPE_AUTHOR:
		return is_class(w, s) && w->account_id == s->owner_id;
	case SCOPE_CLASS:
		return is_class(w, s);
	case SCOPE_BRANCH:
		return w->branch_id != COLUMN_NULL && w->branch_id == s->branch_id;
	case SCOPE_ALL:
		return true;
	}
	return false;
}

enum rc rights_check(const struct who *w, enum action action, const struct subject *s,
		     struct error *e)
{
	if (rights_allow(w, action, s))
		return RC_OK;
	if (!rights_allow(w, ACTION_SESSION_SEE, s))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "account %lld does not see it",
			     (long long)w->account_id);
	return ERROR(e, RC_DENIED,
		     rights_scope(w->role, action) == SCOPE_NONE ? REASON_ADMIN_ONLY
								 : REASON_DENIED,
		     "action %d of account %lld", (int)action, (long long)w->account_id);
}

enum rc rights_branch(const struct who *w, enum action action, int64_t branch_id, struct error *e)
{
	const struct subject s = { .branch_id = branch_id,
				   .teacher_id = COLUMN_NULL,
				   .owner_id = COLUMN_NULL };

	if (rights_allow(w, action, &s))
		return RC_OK;
	if (rights_scope(w->role, action) == SCOPE_NONE)
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "action %d of account %lld",
			     (int)action, (long long)w->account_id);
	return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "branch %lld is not that of account %lld",
		     (long long)branch_id, (long long)w->account_id);
}
