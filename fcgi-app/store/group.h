/*
 * Departments, their batches and the sections of those: one shape, so that each function takes the
 * kind.  The parent of a department is its branch.
 */
#ifndef STORE_GROUP_H
#define STORE_GROUP_H

#include "store/store.h"

enum group_kind { GROUP_DEPARTMENT, GROUP_BATCH, GROUP_SECTION, GROUP__MAX };

struct group_row {
	int64_t id, parent_id, branch_id, revision;
	struct str name;
	struct str parent_name; /* "Computer Science · 2026" of a section */
	struct str branch_name, zone;
	int64_t ended_at, parent_ended_at,
		updated_at; /* parent: the first of all above that ended */
	struct str updated_by;
	int64_t n_parts; /* batches or sections that have not ended; students now or later */
	int64_t n_uses;  /* of a section: classes and courses that have not ended */
};
/* day: of "now or later", for a section.  RC_NOT_FOUND. */
enum rc group_read(struct store *s, enum group_kind kind, int64_t id, int32_t day, struct arena *a,
		   struct group_row *ret, struct error *e) MUST_CHECK;
/* In a transaction: takes the row lock.  RC_NOT_FOUND. */
enum rc group_lock(struct store *s, enum group_kind kind, int64_t id, struct arena *a,
		   struct error *e) MUST_CHECK;

/* A name in use within the parent is RC_CONFLICT on department_name, batch_name or section_name
 * (all that follow): group_name_key. */
enum rc group_add(struct store *s, enum group_kind kind, int64_t parent_id, struct str name,
		  int64_t account_id, int64_t now_at, int64_t *ret_id, struct error *e) MUST_CHECK;
enum rc group_write(struct store *s, enum group_kind kind, int64_t id, int64_t parent_id,
		    struct str name, int64_t account_id, int64_t now_at,
		    struct error *e) MUST_CHECK;
/* ended_at NO_TIME: restores. */
enum rc group_set_end(struct store *s, enum group_kind kind, int64_t id, int64_t ended_at,
		      int64_t account_id, int64_t now_at, struct error *e) MUST_CHECK;
/* RC_CONFLICT CHANGED (1451) while anything points at it. */
enum rc group_delete(struct store *s, enum group_kind kind, int64_t id, struct error *e) MUST_CHECK;
const char *group_name_key(enum group_kind kind);

/* A line of the tree: a section, or a batch without, or a department without. */
struct group_tree_row {
	int64_t branch_id;
	struct str branch_name;
	int64_t department_id, department_ended;
	struct str department_name;
	int64_t batch_id, batch_ended; /* COLUMN_NULL: none */
	struct str batch_name;
	int64_t section_id, section_ended; /* COLUMN_NULL: none */
	struct str section_name;
	int64_t n_members;
};
struct group_tree_params {
	int64_t branch_id; /* 0: all */
	struct str like;   /* escaped by '!', with the wildcards; empty: no search */
	bool with_ended;
	int32_t day; /* of the members that are counted */
	int64_t limit;
};
/* By names. */
enum rc group_tree_rows(struct store *s, const struct group_tree_params *p, struct arena *a,
			const struct group_tree_row **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;

#endif
