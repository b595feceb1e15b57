/*
 * Classes and courses: what is taught, to which sections, by whom.  One shape, so that each
 * function takes the kind.  The people of a class are its staff, those of a course its teachers.
 */
#ifndef STORE_UNIT_H
#define STORE_UNIT_H

#include "store/store.h"

enum unit_kind { UNIT_CLASS, UNIT_COURSE, UNIT__MAX };
enum unit_link { UNIT_SECTIONS, UNIT_PEOPLE, UNIT_LINK__MAX };

struct unit_row {
	int64_t id, branch_id, revision;
	struct str code; /* of a course; else empty */
	struct str name;
	struct str branch_name, zone;
	int64_t ended_at, updated_at;
	struct str updated_by;
	int64_t n_live; /* schedules that have not ended, sessions planned after the time given */
	int64_t n_members; /* of a class; 0 for a course */
};
/* RC_NOT_FOUND. */
enum rc unit_read(struct store *s, enum unit_kind kind, int64_t id, int64_t now_at, struct arena *a,
		  struct unit_row *ret, struct error *e) MUST_CHECK;
/* In a transaction: takes the row lock.  RC_NOT_FOUND. */
enum rc unit_lock(struct store *s, enum unit_kind kind, int64_t id, struct arena *a,
		  struct error *e) MUST_CHECK;

/* A name in use is RC_CONFLICT on class_name, a code on course_code (all that follow). */
enum rc unit_add(struct store *s, enum unit_kind kind, int64_t branch_id, struct str code,
		 struct str name, int64_t account_id, int64_t now_at, int64_t *ret_id,
		 struct error *e) MUST_CHECK;
enum rc unit_write(struct store *s, enum unit_kind kind, int64_t id, struct str code,
		   struct str name, int64_t account_id, int64_t now_at, struct error *e) MUST_CHECK;
/* ended_at NO_TIME: restores. */
enum rc unit_set_end(struct store *s, enum unit_kind kind, int64_t id, int64_t ended_at,
		     int64_t account_id, int64_t now_at, struct error *e) MUST_CHECK;
/* With its links.  RC_CONFLICT CHANGED (1451) while anything of a history points at it. */
enum rc unit_delete(struct store *s, enum unit_kind kind, int64_t id, struct error *e) MUST_CHECK;
/* Raises the versions of those whose session lists show it. */
enum rc unit_touch(struct store *s, enum unit_kind kind, int64_t id, int64_t branch_id,
		   struct error *e) MUST_CHECK;

struct unit_link_row {
	int64_t id;
	struct str name; /* "Computer Science · 2026 · A", "Leyla Aydın" */
};
enum rc unit_links(struct store *s, enum unit_kind kind, enum unit_link link, int64_t id,
		   struct arena *a, const struct unit_link_row **ret_rows, size_t *ret_n,
		   struct error *e) MUST_CHECK;
/* Exactly those of ids (a JSON array) that are of the branch; ret_n: how many are. */
enum rc unit_put_links(struct store *s, enum unit_kind kind, enum unit_link link, int64_t id,
		       int64_t branch_id, struct str ids, struct arena *a, int64_t *ret_n,
		       struct error *e) MUST_CHECK;

struct unit_list_row {
	int64_t id;
	struct str code, name, branch_name;
	int64_t is_ended;
	struct str people; /* names, joined by ", " */
	int64_t n_sections, n_members, n_pending;
	int64_t total; /* of all pages */
};
struct unit_list_params {
	enum unit_kind kind;
	int64_t branch_id, section_id, person_id; /* 0: any */
	struct str like; /* escaped by '!', with the wildcards; empty: no search */
	int64_t ended;   /* 0: those that have not, 1: those that have, 2: both */
	int32_t day;     /* of the enrolments that are counted */
	int64_t offset, limit;
};
/* Courses by code, classes by name. */
enum rc unit_list_rows(struct store *s, const struct unit_list_params *p, struct arena *a,
		       const struct unit_list_row **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;

#endif
