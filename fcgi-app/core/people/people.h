/*
 * People: who is known to the institution, with or without an account
 * (core/identity/person_account.h).
 *
 * A person belongs to one branch.  Nobody with a history is removed: they are ended, which takes
 * them out of the lists, frees their codes and disables their account; restoring brings all of
 * that back.  Who manages whom: a super admin everybody, a branch admin the people of the branch
 * but not those with a super admin's account (RC_DENIED SUPER_ADMIN_ONLY).
 *
 * Errors all share: RC_NOT_FOUND (no such person, or of another branch), RC_DENIED, RC_CONFLICT
 * CHANGED (the revision is another one).
 */
#ifndef CORE_PEOPLE_H
#define CORE_PEOPLE_H

#include "core/core.h"
#include "store/people.h"

#define PERSON_NAME_MAX 120 /* code points */
#define PERSON_CODE_MAX 40

struct person_in {
	int64_t branch_id;
	struct str given_name, family_name;    /* one of them may be empty */
	struct str student_code, teacher_code; /* empty: none */
};
/*
 * Trims and checks, without the database.  Fields: "given_name", "family_name" (REQUIRED when
 * both are empty, TOO_LONG, NOT_TEXT), "student_code", "teacher_code" (TOO_LONG, NOT_TEXT).
 * For imports too.
 */
enum rc person_clean(const struct person_in *in, struct person_in *ret, struct error *e) MUST_CHECK;
/*
 * The error of a duplicate key of person as a field error "student_code" or "teacher_code"; any
 * other is passed on.
 */
enum rc person_duplicate(const struct error *failure, struct error *e) MUST_CHECK;

/* Fields as above, "branch" (NOT_A_CHOICE), codes *_CODE_TAKEN. */
enum rc person_create(struct core *c, const struct person_in *in, int64_t *ret_id,
		      struct error *e) MUST_CHECK;
/*
 * revision: that of the form; 0: do not compare.  An ended one: RC_CONFLICT ENDED.  Another
 * branch ends the account's sessions; "branch" OPEN_MEMBERS while groups and courses of the old
 * one go on, OPEN_STAFF while classes, schedules or sessions there are theirs.
 */
enum rc person_change(struct core *c, int64_t id, int64_t revision, const struct person_in *in,
		      struct error *e) MUST_CHECK;
/* NOT_YOURSELF, LAST_ADMIN.  Disables the account.  Who has a branch admin's account is ended,
 * restored and removed by super admins only: RC_DENIED SUPER_ADMIN_ONLY. */
enum rc person_end(struct core *c, int64_t id, int64_t revision, struct error *e) MUST_CHECK;
/* Field errors when a code was given to somebody else meanwhile.  Enables the account that
 * ending disabled. */
enum rc person_restore(struct core *c, int64_t id, int64_t revision, struct error *e) MUST_CHECK;
/* For good, with an account that was never used.  RC_CONFLICT HAS_HISTORY; NOT_YOURSELF. */
enum rc person_remove(struct core *c, int64_t id, int64_t revision, struct error *e) MUST_CHECK;

struct person_detail {
	struct person_row row;
	struct person_use_row use;
	bool may_change; /* the viewer */
	bool is_self;
};
enum rc person_get(struct core *c, int64_t id, struct person_detail *ret,
		   struct error *e) MUST_CHECK;
/* Of person and account, newest first; limit 1..100. */
enum rc person_audit(struct core *c, const struct person_detail *d, size_t limit,
		     const struct person_trail_row **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;

/* ---- the list ---------------------------------------------------------------------------- */

enum people_kind {
	PEOPLE_KIND_ALL,
	PEOPLE_KIND_STUDENT, /* has a student code, or a student's account */
	PEOPLE_KIND_TEACHER,
	PEOPLE_KIND_EMPLOYEE,
	PEOPLE_KIND_BRANCH_ADMIN,
	PEOPLE_KIND_SUPER_ADMIN,
	PEOPLE_KIND__MAX
};
enum people_account {
	PEOPLE_ACCOUNT_ALL,
	PEOPLE_ACCOUNT_WITH,
	PEOPLE_ACCOUNT_WITHOUT,
	PEOPLE_ACCOUNT_DISABLED,
	PEOPLE_ACCOUNT__MAX
};

#define PEOPLE_PAGE       50
#define PEOPLE_PAGES_MAX  2000
#define PEOPLE_SEARCH_MAX 100 /* code points; longer is cut */

struct people_query {
	struct str
		search; /* beginnings of names, codes, username, e-mail; case and accents aside */
	enum people_kind kind;
	enum people_account account;
	int64_t branch_id, section_id; /* 0: all */
	bool is_ended;
	int64_t page; /* from 1 */
};
struct people_list {
	const struct people_row *rows;
	size_t n_rows;
	bool has_more; /* a next page */
	bool is_cut;   /* so many begin like that that not all were looked at */
};
/* Field "q" NOT_TEXT; RC_NOT_FOUND for a branch or section not the viewer's. */
enum rc people_list(struct core *c, const struct people_query *q, struct people_list *ret,
		    struct error *e) MUST_CHECK;

/* ---- within a transaction of the caller's --------------------------------------------------- */

/*
 * As person_create and person_change do it, with the audit row.  in: cleaned; a duplicate
 * key comes as the store says it: see person_duplicate.
 */
enum rc person_create_within(struct core *c, struct store *db, const struct person_in *in,
			     int64_t *ret_id, struct error *e) MUST_CHECK;
enum rc person_change_within(struct core *c, struct store *db, int64_t id,
			     const struct person_in *in, struct error *e) MUST_CHECK;

/* For good where nothing is known of the person, else ended: for programs, which only say "delete".
 */
enum rc person_leave(struct core *c, int64_t id, struct error *e) MUST_CHECK;

/* ---- for core/identity/person_account.c
 * ------------------------------------------------------------ */

/* May the viewer touch a person or account of this branch and role (empty: none)? */
enum rc people_rights(const struct core *c, int64_t branch_id, struct str role,
		      struct error *e) MUST_CHECK;

#endif
