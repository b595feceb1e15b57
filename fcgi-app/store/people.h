/*
 * SQL of people as admins see and change them.
 *
 * A list is a driver (what gives the ids cheaply) and filters: with none it walks an index in the
 * order shown; a section, a rare role or a search gives a small set first.  A search takes at most
 * `cap` people from each of eight indexes, so that one letter costs no more than a whole name.
 */
#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include "store/store.h"

enum people_driver {
	PEOPLE_BY_NAME,     /* walk of the names, all or of one branch */
	PEOPLE_BY_ROLE,     /* `role`, and who has a teacher code when it is "faculty" */
	PEOPLE_BY_DISABLED, /* account disabled */
	PEOPLE_BY_GROUP,    /* members of section_id on `day` */
	PEOPLE_BY_SEARCH    /* starts[0]: names, codes, username or e-mail begin so */
};

/* Bits of the masks below. */
enum {
	PEOPLE_STUDENT = 1,
	PEOPLE_TEACHER = 2,
	PEOPLE_EMPLOYEE = 4,
	PEOPLE_BRANCH_ADMIN = 8,
	PEOPLE_SUPER_ADMIN = 16,
	PEOPLE_ANY_KIND = 63
};
enum { ACCOUNT_NONE = 1, ACCOUNT_ENABLED = 2, ACCOUNT_DISABLED = 4, ACCOUNT_ANY = 7 };

#define PEOPLE_WORDS_MAX 3

struct people_params {
	enum people_driver driver;
	int64_t branch_id; /* 0: all */
	bool is_ended;
	int64_t kinds, accounts; /* masks */
	struct str role;
	int64_t section_id;
	int32_t day;
	struct str start, low_start;         /* "leyla%", with '!' before what LIKE knows */
	struct str inside[PEOPLE_WORDS_MAX]; /* "% leyla%"; empty: nothing to ask */
	int64_t cap, offset, limit;
};

struct people_row {
	int64_t id, account_id; /* COLUMN_NULL: a device has no person, a person no account */
	struct str given_name, family_name, student_code, teacher_code, branch;
	struct str role, username, email;
	int64_t disabled_at, ended_at;
	int64_t n_found; /* of a set: how large it was before the filters */
};
enum rc people_select(struct store *s, const struct people_params *p, struct arena *a,
		      const struct people_row **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;
struct person_row {
	int64_t id, branch_id;
	struct str branch, zone, given_name, family_name, student_code, teacher_code;
	int64_t revision, created_at, ended_at;
	int64_t updated_at;    /* NO_TIME: as it was made */
	struct str updated_by; /* name of the account; empty: not known */
	int64_t account_id;    /* COLUMN_NULL: none */
	struct str role;       /* of the account */
	int64_t disabled_at;   /* of the account */
};
enum rc person_read(struct store *s, int64_t id, struct arena *a, struct person_row *ret,
		    struct error *e) MUST_CHECK;
/* The same under the row lock. */
enum rc person_lock(struct store *s, int64_t id, struct arena *a, struct person_row *ret,
		    struct error *e) MUST_CHECK;

struct person_fields {
	int64_t branch_id;
	struct str given_name, family_name, student_code, teacher_code; /* codes p NULL: none */
	int64_t now_us, by; /* by: account; COLUMN_NULL outside a request */
};
/* RC_CONFLICT: keys person_student_code, person_teacher_code. */
enum rc person_insert_all(struct store *s, const struct person_fields *f, int64_t *ret_id,
			  struct error *e) MUST_CHECK;
/* Raises the revision. */
enum rc person_update(struct store *s, int64_t id, const struct person_fields *f,
		      struct error *e) MUST_CHECK;
/* The limit of the person's account follows its branch. */
enum rc person_update_account_branch(struct store *s, int64_t id, int64_t branch_id,
				     struct error *e) MUST_CHECK;
/* ended_at NO_TIME: restored.  Raises the revision. */
enum rc person_update_ended(struct store *s, int64_t id, int64_t ended_at, int64_t now_us,
			    int64_t by, struct error *e) MUST_CHECK;
/* RC_CONFLICT (1451) when something refers to it. */
enum rc person_delete(struct store *s, int64_t id, struct error *e) MUST_CHECK;
enum rc person_delete_account(struct store *s, int64_t id, struct error *e) MUST_CHECK;

struct person_use_row {
	int64_t n_members, n_enrolments; /* open today or later, in that branch */
	int64_t n_staff;                 /* classes, courses and live schedules of that branch */
	int64_t n_taught, n_planned;     /* sessions before and after now */
	int64_t has_history;             /* anything refers to the person */
};
/* branch_id: whose open memberships are counted. */
enum rc person_use(struct store *s, int64_t id, int64_t branch_id, int32_t today, int64_t now_us,
		   struct arena *a, struct person_use_row *ret, struct error *e) MUST_CHECK;

/*
 * Raises the versions of all whose lists show the person's name: the own, that of the branch and
 * of the branches taught in, and those of colleagues of the same classes.
 */
enum rc person_touch(struct store *s, int64_t id, struct error *e) MUST_CHECK;

struct person_trail_row {
	int64_t id, at;
	struct str actor_name, action, detail, object;
};
/* Of the person and of the account, newest first. */
enum rc person_trail(struct store *s, int64_t person_id, int64_t account_id, size_t max,
		     struct arena *a, const struct person_trail_row **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;

#endif
