/*
 * Departments, batches, sections: one tree in each branch.
 *
 * Names are unique among what has not ended within the parent.  A batch may go to another
 * department and a section to another batch of its branch; members, classes and courses go with
 * it, and nothing of the past changes, for memberships belong to the section.  A group ends when
 * nothing live is in it, and is deleted only while nothing ever was.
 *
 * Errors all share: RC_DENIED/ADMIN_ONLY, RC_NOT_FOUND (also of a branch not theirs), RC_CONFLICT
 * CHANGED (the revision is another one).
 */
#ifndef CORE_GROUP_H
#define CORE_GROUP_H

#include "core/core.h"
#include "store/group.h"

#define GROUP_NAME_MAX   120 /* code points */
#define SECTION_NAME_MAX 40
#define GROUP_TREE_MAX   2000 /* lines of a tree */

struct group_query {
	int64_t branch_id; /* 0: all that the viewer manages */
	struct str search; /* in the names on the way to it; empty: all */
	bool with_ended;
};
/* ret_more: the tree is cut at GROUP_TREE_MAX. */
enum rc group_tree(struct core *c, const struct group_query *q,
		   const struct group_tree_row **ret_rows, size_t *ret_n, bool *ret_more,
		   struct error *e) MUST_CHECK;
enum rc group_get(struct core *c, enum group_kind kind, int64_t id, struct group_row *ret,
		  struct error *e) MUST_CHECK;

struct group_in {
	enum group_kind kind;
	int64_t id, revision; /* 0 and 0: a new one */
	int64_t parent_id;    /* branch, department or batch; 0 for a branch: the viewer's own */
	struct str name;
};
/* Fields: "name" (REQUIRED, TOO_LONG, NOT_TEXT, NAME_TAKEN), "parent" (REQUIRED, NOT_A_CHOICE,
 * PARENT_ENDED).  RC_CONFLICT ENDED. */
enum rc group_save(struct core *c, const struct group_in *in, int64_t *ret_id,
		   struct error *e) MUST_CHECK;
/* RC_CONFLICT HAS_PARTS, HAS_MEMBERS, GROUP_IN_USE (all with how many), ENDED. */
enum rc group_end(struct core *c, enum group_kind kind, int64_t id, int64_t revision,
		  struct error *e) MUST_CHECK;
/* RC_CONFLICT NOT_ENDED, PARENT_ENDED, NAME_TAKEN. */
enum rc group_restore(struct core *c, enum group_kind kind, int64_t id, int64_t revision,
		      struct error *e) MUST_CHECK;
/* RC_CONFLICT HAS_HISTORY: end it instead. */
enum rc group_remove(struct core *c, enum group_kind kind, int64_t id, int64_t revision,
		     struct error *e) MUST_CHECK;

#endif
