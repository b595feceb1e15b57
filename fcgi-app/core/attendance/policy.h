/*
 * How check-in is checked: defaults of branch and course, networks, marks.
 *
 * A session copies its policy when it is opened, so a change here touches only what is
 * opened later.  A course's own default stands before that of its branch, which
 * stands before the built-in one.  Changing is for admins of the branch
 * (ACTION_POLICY_MANAGE); marks are the institution's (super admin).
 */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include "core/attendance/signal.h"
#include "core/core.h"

struct policy {
	int64_t early_min;       /* 0..120 */
	int64_t late_after_s;    /* 0..14400 */
	int64_t close_after_min; /* 1..720 */
	enum policy_level code, place, network, photo, browser;
	int64_t radius_m;      /* 10..1000 */
	int64_t code_period_s; /* 5..120 */
	int64_t max_tries;     /* 1..50 */
	int64_t lock_days;     /* 0..365 */
	int64_t claim_days;    /* 0..365 */
	int64_t aim_percent;   /* 0..100 */
	int64_t evidence_days; /* 1..365 */
	bool auto_open, names_on_screen;
	int64_t version; /* of the row; 0: there is none, what stands here is inherited */
};
/* What a branch has without a row; the defaults of the columns. */
extern const struct policy policy_built_in;

/* The one in force; course_id COLUMN_NULL: of the branch.  No rights are asked: opening needs it.
 */
enum rc policy_in_force(struct store *s, struct arena *a, int64_t branch_id, int64_t course_id,
			struct policy *ret, struct error *e) MUST_CHECK;
/* For the form: that of exactly this scope, with inherited values and version 0 when it has none.
 */
enum rc policy_get(struct core *c, int64_t branch_id, int64_t course_id, struct policy *ret,
		   struct error *e) MUST_CHECK;
/* Fields named as in the struct: TOO_SMALL, TOO_LARGE.  RC_CONFLICT CHANGED. */
enum rc policy_save(struct core *c, int64_t branch_id, int64_t course_id, const struct policy *in,
		    struct error *e) MUST_CHECK;
/* Back to the inherited one. */
enum rc policy_remove(struct core *c, int64_t branch_id, int64_t course_id,
		      struct error *e) MUST_CHECK;
/* Courses of the branch that have their own, by code; at most 500. */
struct policy_course {
	int64_t course_id;
	struct str code, title;
};
enum rc policy_courses(struct core *c, int64_t branch_id, const struct policy_course **ret_rows,
		       size_t *ret_n, struct error *e) MUST_CHECK;

/* ---- networks ------------------------------------------------------------------------------- */

#define NETWORKS_MAX 200 /* of one branch */
struct network {
	int64_t id;
	struct str cidr, label;
};
enum rc network_list(struct core *c, int64_t branch_id, const struct network **ret_rows,
		     size_t *ret_n, struct error *e) MUST_CHECK;
/* Fields "cidr" (NOT_A_NETWORK, NETWORK_TAKEN, TOO_MANY), "label" (TOO_LONG, NOT_TEXT). */
enum rc network_add(struct core *c, int64_t branch_id, struct str cidr, struct str label,
		    struct error *e) MUST_CHECK;
enum rc network_remove(struct core *c, int64_t id, struct error *e) MUST_CHECK;

/* ---- shared machines ------------------------------------------------------------------------ */

struct shared_browser {
	struct str hash; /* 32 bytes */
	struct str label;
	int64_t created_at;
};
enum rc shared_browser_list(struct core *c, int64_t branch_id, const struct shared_browser **ret,
			    size_t *ret_n, struct error *e) MUST_CHECK;
/* Names the browser that sends this cookie's hash; field "label". */
enum rc shared_browser_add(struct core *c, int64_t branch_id, struct str browser_hash,
			   struct str label, struct error *e) MUST_CHECK;
enum rc shared_browser_remove(struct core *c, struct str browser_hash, struct error *e) MUST_CHECK;

/* ---- marks ---------------------------------------------------------------------------------- */

enum mark { MARK_NONE, MARK_PRESENT, MARK_LATE, MARK_EXCUSED, MARK_ABSENT, MARK__MAX };
/* "", "present", …, as stored. */
const char *mark_name(enum mark m);
/* MARK_NONE for "" and for any other word. */
enum mark mark_from(struct str word);

struct status_row {
	enum mark mark;
	struct str label, letter; /* empty: those of the catalogue */
	int64_t points;           /* hundredths of a session, 0..1000 */
	bool is_counted;          /* in the denominator */
	int64_t version;
};
struct status_set {
	struct status_row v[MARK__MAX]; /* by mark; MARK_NONE is empty */
};
enum rc status_set_get(struct core *c, struct status_set *ret, struct error *e) MUST_CHECK;
/* All four at once; fields "label_present", "letter_late", "points_absent" …  RC_CONFLICT CHANGED.
 */
enum rc status_set_save(struct core *c, const struct status_set *in, struct error *e) MUST_CHECK;

#endif
