/*
 * SQL of memberships in sections and of enrolments in courses.
 *
 * Both are rows of the same shape (person, group, days), so that each function takes the kind.
 */
#ifndef STORE_MEMBERSHIP_H
#define STORE_MEMBERSHIP_H

#include "store/store.h"

enum member_kind {
	MEMBER_SECTION, /* section_member */
	MEMBER_COURSE,  /* enrolment */
	MEMBER__MAX
};

/* A section or a course. */
struct member_group_row {
	int64_t id, branch_id, ended_at;
	struct str name; /* "2026 A" or "DB-220" */
	struct str zone; /* of its branch */
};
/* RC_NOT_FOUND. */
enum rc member_group_get(struct store *s, enum member_kind kind, int64_t id, struct arena *a,
			 struct member_group_row *ret, struct error *e) MUST_CHECK;

struct member_person_row {
	int64_t id, branch_id, ended_at;
};
/* Under its row lock, which makes the clash check below sure.  RC_NOT_FOUND. */
enum rc member_person_lock(struct store *s, int64_t person_id, struct arena *a,
			   struct member_person_row *ret, struct error *e) MUST_CHECK;

struct member_row {
	int64_t id, person_id, group_id, branch_id; /* branch: the group's */
	int32_t from_date, to_date;                 /* to: NO_DAY open */
	int64_t revision;
	struct str state; /* of an enrolment; empty for a membership */
	struct str group_name, given_name, family_name, student_code, zone;
	int64_t group_ended_at, person_ended_at;
	int64_t updated_at; /* NO_TIME: as it was made */
	struct str updated_by;
};
enum rc member_read(struct store *s, enum member_kind kind, int64_t id, struct arena *a,
		    struct member_row *ret, struct error *e) MUST_CHECK;
enum rc member_select_person(struct store *s, enum member_kind kind, int64_t person_id, size_t max,
			     struct arena *a, const struct member_row **ret_rows, size_t *ret_n,
			     struct error *e) MUST_CHECK;
/* By name; of one day (NO_DAY: of any). */
enum rc member_select_group(struct store *s, enum member_kind kind, int64_t group_id, int32_t day,
			    int64_t offset, size_t max, struct arena *a,
			    const struct member_row **ret_rows, size_t *ret_n,
			    struct error *e) MUST_CHECK;

struct member_clash_row {
	int64_t id;
	int32_t from_date, to_date;
};
/* The first row of this person and group, but not except_id, that shares a day; *ret_n 0 or 1. */
enum rc member_clash_find(struct store *s, enum member_kind kind, int64_t person_id,
			  int64_t group_id, int32_t from_day, int32_t to_day, int64_t except_id,
			  struct arena *a, const struct member_clash_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;

/* state: of an enrolment, else ignored. */
enum rc member_insert(struct store *s, enum member_kind kind, int64_t person_id, int64_t group_id,
		      int32_t from_day, int32_t to_day, struct str state, int64_t now_us,
		      int64_t *ret_id, struct error *e) MUST_CHECK;
/* Raises the revision.  state: as above; by: account. */
enum rc member_update(struct store *s, enum member_kind kind, int64_t id, int32_t from_day,
		      int32_t to_day, struct str state, int64_t now_us, int64_t by,
		      struct error *e) MUST_CHECK;
enum rc member_delete(struct store *s, enum member_kind kind, int64_t id,
		      struct error *e) MUST_CHECK;

/*
 * Raises the versions of who sees the classes of a branch (or only those of one section; 0: all):
 * the branch, staff and teachers of schedules.  Before anything else is locked.
 */
enum rc member_touch(struct store *s, int64_t branch_id, int64_t section_id,
		     struct error *e) MUST_CHECK;
/* Sets class.n_members where another number is right on `day`; *ret_n: how many.  The same classes.
 */
enum rc member_recount(struct store *s, int64_t branch_id, int64_t section_id, int32_t day,
		       int64_t *ret_n, struct error *e) MUST_CHECK;
/* How many classes of a branch have another number than is right on `day`. */
enum rc member_count_off(struct store *s, int64_t branch_id, int32_t day, struct arena *a,
			 int64_t *ret_n, struct error *e) MUST_CHECK;

struct member_branch_row {
	int64_t id;
	struct str zone;
};
enum rc member_branch_get(struct store *s, int64_t id, struct arena *a,
			  struct member_branch_row *ret, struct error *e) MUST_CHECK;
enum rc member_branches(struct store *s, struct arena *a, const struct member_branch_row **ret_rows,
			size_t *ret_n, struct error *e) MUST_CHECK;

#endif
