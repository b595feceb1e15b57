/*
 * Memberships of people in sections and enrolments in courses: from a day to a day.
 *
 * The rules, for whoever writes them: the person's page, the pages of a course and of a section,
 * the import.  The same person is in the same section (or course) once at a time: two spans of
 * days that share one are refused with the days that clash; a rejected enrolment stands in
 * nobody's way.  Person and section (or course) are of one branch, and neither has ended.  Days
 * are wall-clock days of that branch; the first and the last both count.
 *
 * Errors all share: RC_NOT_FOUND (no such thing, or of another branch than the viewer's),
 * RC_DENIED/ADMIN_ONLY, RC_CONFLICT CHANGED (the revision is another one), OVERLAP.  Fields:
 * "person" (NOT_A_CHOICE, ENDED, OTHER_BRANCH), "group" (NOT_A_CHOICE, ENDED), "from" (REQUIRED),
 * "to" (END_BEFORE_START; REQUIRED when something is ended).
 */
#ifndef CORE_MEMBERSHIP_H
#define CORE_MEMBERSHIP_H

#include "core/core.h"
#include "store/membership.h"

/* Days, both included. */
struct span {
	int32_t from_day;
	int32_t to_day; /* NO_DAY: open */
};
/* Do they share a day?  The one place that says so; store/membership.c spells it in SQL. */
bool span_overlaps(struct span a, struct span b);
/* Field errors "from" and "to". */
enum rc span_check(struct span s, struct error *e) MUST_CHECK;

/* What an OVERLAP clashes with. */
struct member_clash {
	int64_t id; /* 0: nothing did */
	struct span span;
};

struct member_in {
	int64_t person_id;
	int64_t group_id; /* section or course */
	struct span span;
};

/* ---- in sections ------------------------------------------------------------------------- */

/* clash: filled with RC_CONFLICT/OVERLAP, else left alone; NULL is fine (everywhere below). */
enum rc membership_add(struct core *c, const struct member_in *in, struct member_clash *clash,
		       int64_t *ret_id, struct error *e) MUST_CHECK;
/* Other days.  revision: that the form was made from; 0: do not compare. */
enum rc membership_change(struct core *c, int64_t id, int64_t revision, struct span span,
			  struct member_clash *clash, struct error *e) MUST_CHECK;
/* The last day; it may lie ahead. */
enum rc membership_end(struct core *c, int64_t id, int64_t revision, int32_t to_day,
		       struct error *e) MUST_CHECK;
/* One that has not begun yet; a later one is RC_CONFLICT HAS_HISTORY: end it instead. */
enum rc membership_remove(struct core *c, int64_t id, int64_t revision, struct error *e) MUST_CHECK;

/* ---- in courses -------------------------------------------------------------------------- */

enum enrolment_state {
	ENROLMENT_PENDING,
	ENROLMENT_APPROVED,
	ENROLMENT_REJECTED,
	ENROLMENT_ENDED,
	ENROLMENT__MAX
};
/* "pending", as stored. */
const char *enrolment_state_name(enum enrolment_state s);
bool enrolment_state_from(struct str name, enum enrolment_state *ret);

enum rc enrolment_add(struct core *c, const struct member_in *in, enum enrolment_state state,
		      struct member_clash *clash, int64_t *ret_id, struct error *e) MUST_CHECK;
enum rc enrolment_change(struct core *c, int64_t id, int64_t revision, struct span span,
			 struct member_clash *clash, struct error *e) MUST_CHECK;
/* Days and state at once, as a form has them. */
enum rc enrolment_edit(struct core *c, int64_t id, int64_t revision, struct span span,
		       enum enrolment_state state, struct member_clash *clash,
		       struct error *e) MUST_CHECK;
/* The last day; the state stays, the days say when it counts. */
enum rc enrolment_end(struct core *c, int64_t id, int64_t revision, int32_t to_day,
		      struct error *e) MUST_CHECK;
/* ENDED also makes today the last day, unless an earlier one is set. */
enum rc enrolment_set_state(struct core *c, int64_t id, int64_t revision,
			    enum enrolment_state state, struct member_clash *clash,
			    struct error *e) MUST_CHECK;
enum rc enrolment_remove(struct core *c, int64_t id, int64_t revision, struct error *e) MUST_CHECK;

/* ---- within a transaction of the caller's (imports) ---------------------------------------- */

/*
 * Checks and inserts as membership_add and enrolment_add do, but writes no audit row and leaves
 * counters and versions alone: call membership_settle once at the end for each branch whose
 * sections got members.  state: of an enrolment.  The caller has checked its right to the branch.
 */
enum rc member_add_within(struct core *c, struct store *db, enum member_kind kind,
			  const struct member_in *in, enum enrolment_state state,
			  struct member_clash *clash, int64_t *ret_id, struct error *e) MUST_CHECK;
/*
 * One of several changes in a transaction of the caller's (core/people/roster.h): as
 * membership_end, enrolment_end and enrolment_set_state do it, with the audit row.  The caller has
 * checked its right to the branch, raises the versions before and counts the members afterwards.
 */
enum rc member_end_within(struct core *c, struct store *db, enum member_kind kind, int64_t id,
			  int64_t revision, int32_t to_day, struct error *e) MUST_CHECK;
enum rc enrolment_state_within(struct core *c, struct store *db, int64_t id, int64_t revision,
			       enum enrolment_state state, struct member_clash *clash,
			       struct error *e) MUST_CHECK;
/*
 * Brings class.n_members of all classes of a branch up to date (as of today there) and raises
 * the versions of those who see them.  Also after sections were put into classes or taken out,
 * and once a day, when memberships begin and end by themselves.  *ret_n (may be NULL): classes
 * that had another number.
 */
enum rc membership_settle(struct core *c, struct store *db, int64_t branch_id, int64_t *ret_n,
			  struct error *e) MUST_CHECK;
/* The same for every branch, a transaction each; for the jobs.  Checks no right. */
enum rc membership_settle_all(struct core *c, int64_t *ret_n, struct error *e) MUST_CHECK;

/* ---- reading ----------------------------------------------------------------------------- */

/* struct member_row: store/membership.h.  Newest first; at most 500. */
enum rc member_of_person(struct core *c, enum member_kind kind, int64_t person_id,
			 const struct member_row **ret_rows, size_t *ret_n,
			 struct error *e) MUST_CHECK;
/*
 * People of a section or course by name: those of `day` (NO_DAY: of any), `limit` (1..500)
 * from `offset` on.  The viewer must see its branch.
 */
enum rc member_of_group(struct core *c, enum member_kind kind, int64_t group_id, int32_t day,
			int64_t offset, size_t limit, const struct member_row **ret_rows,
			size_t *ret_n, struct error *e) MUST_CHECK;
enum rc member_get(struct core *c, enum member_kind kind, int64_t id, struct member_row *ret,
		   struct error *e) MUST_CHECK;

#endif
