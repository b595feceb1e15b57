/*
 * What lists of sessions show of their attendance, and when it may be opened.
 */
#ifndef CORE_ATTENDANCE_BRIEF_H
#define CORE_ATTENDANCE_BRIEF_H

#include "core/attendance/policy.h"
#include "core/session/session.h"
#include "store/attendance_brief.h"

/* Of sessions the viewer has got (session_list, session_get), at most 500; one statement. */
enum rc attendance_briefs(struct core *c, const int64_t *occurrences, size_t n,
			  const struct attendance_brief **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;

/* From when on its attendance may be opened. */
int64_t attendance_opens_from(const struct attendance_brief *b, int64_t starts_at);

/* The policy in force for it. */
enum rc attendance_policy_of(struct core *c, const struct session_detail *d, struct policy *ret,
			     struct error *e) MUST_CHECK;
/* Whether the viewer, who has got the session, may open attendance; *ret_from: from when on. */
bool attendance_may_open(const struct core *c, const struct session_detail *d,
			 const struct policy *policy, int64_t *ret_from);

#endif
