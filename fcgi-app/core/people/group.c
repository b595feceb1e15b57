/*
 * The rules of departments, batches and sections; see group.h.
 *
 * A change locks the parent first and then the row itself, so that nothing is put into what ends
 * at the same moment.
 */
#include "core/people/group.h"

#include "core/audit.h"
#include "core/people/org.h"
#include "core/rights.h"
#include "core/session/change.h"
#include "core/wall.h"
#include "store/branch.h"

enum verb { VERB_SAVE, VERB_END, VERB_RESTORE, VERB_DELETE };

struct job {
	struct core *c;
	struct group_in in;
	enum verb verb;
	int64_t branch_id;
	int64_t new_id; /* of a new one */
};

/* ---- reading ------------------------------------------------------------------------------- */

enum rc group_tree(struct core *c, const struct group_query *q,
		   const struct group_tree_row **ret_rows, size_t *ret_n, bool *ret_more,
		   struct error *e)
{
	struct group_tree_params p = { .with_ended = q->with_ended, .limit = GROUP_TREE_MAX + 1 };
	size_t n;

	TRY(org_scope_of(c, q->branch_id, &p.branch_id, e));
	TRY(org_like(c->arena, q->search, &p.like, e));
	p.day = core_wall(c, (struct str){ NULL, 0 }, c->now_us).day;
	TRY(group_tree_rows(c->db, &p, c->arena, ret_rows, &n, e));
	*ret_more = n > GROUP_TREE_MAX;
	*ret_n = n > GROUP_TREE_MAX ? GROUP_TREE_MAX : n;
	return RC_OK;
}

static enum rc read_row(struct core *c, struct store *s, enum group_kind kind, int64_t id,
			struct group_row *ret, struct error *e)
{
	int32_t today = core_wall(c, (struct str){ NULL, 0 }, c->now_us).day;

	TRY(group_read(s, kind, id, today, c->arena, ret, e));
	return rights_branch(c->who, ACTION_ORG_MANAGE, ret->branch_id, e);
}

enum rc group_get(struct core *c, enum group_kind kind, int64_t id, struct group_row *ret,
		  struct error *e)
{
	int64_t bound;

	TRY(org_scope(c, &bound, e));
	return read_row(c, c->db, kind, id, ret, e);
}

/* ---- the parent ---------------------------------------------------------------------------- */

static enum rc parent_error(enum rc rc, struct error *e)
{
	if (rc != RC_NOT_FOUND)
		return rc;
	error_init(e);
	return ERROR_FIELD(e, "parent", REASON_NOT_A_CHOICE, 0);
}

/* Locks it and says which branch it is of; ended ones take nothing new. */
static enum rc open_parent(struct job *j, struct store *s, int64_t *ret_branch_id, struct error *e)
{
	struct core *c = j->c;
	int64_t id = j->in.parent_id;
	struct branch_info_row branch;
	struct group_row g;

	if (j->in.kind == GROUP_DEPARTMENT) {
		TRY(parent_error(rights_branch(c->who, ACTION_ORG_MANAGE, id, e), e));
		TRY(parent_error(branch_lock(s, id, c->arena, e), e));
		TRY(branch_info_read(s, id, c->now_us, c->arena, &branch, e));
		*ret_branch_id = id;
		return branch.ended_at == NO_TIME
			       ? RC_OK
			       : ERROR_FIELD(e, "parent", REASON_PARENT_ENDED, 0);
	}
	TRY(parent_error(group_lock(s, j->in.kind - 1, id, c->arena, e), e));
	TRY(parent_error(read_row(c, s, j->in.kind - 1, id, &g, e), e));
	*ret_branch_id = g.branch_id;
	if (g.ended_at != NO_TIME || g.parent_ended_at != NO_TIME)
		return ERROR_FIELD(e, "parent", REASON_PARENT_ENDED, 0);
	return RC_OK;
}

/* ---- changing ------------------------------------------------------------------------------ */

static enum rc audit(struct job *j, struct store *s, struct error *e)
{
	static const char *const objects[GROUP__MAX] = { "department", "batch", "section" };
	static const char *const actions[][GROUP__MAX] = {
		[VERB_SAVE] = { "department.changed", "batch.changed", "section.changed" },
		[VERB_END] = { "department.ended", "batch.ended", "section.ended" },
		[VERB_RESTORE] = { "department.restored", "batch.restored", "section.restored" },
		[VERB_DELETE] = { "department.deleted", "batch.deleted", "section.deleted" },
	};
	struct audit_entry entry = { .action = actions[j->verb][j->in.kind],
				     .object = objects[j->in.kind],
				     .object_id = j->in.id,
				     .branch_id = j->branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	if (j->verb == VERB_SAVE)
		json_out_key_i64(&d.o, "parent", j->in.parent_id);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

/* Under the lock, with its revision compared. */
static enum rc open_row(struct job *j, struct store *s, struct group_row *ret, struct error *e)
{
	TRY(group_lock(s, j->in.kind, j->in.id, j->c->arena, e));
	TRY(read_row(j->c, s, j->in.kind, j->in.id, ret, e));
	j->branch_id = ret->branch_id;
	if (j->in.revision && j->in.revision != ret->revision)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "revision %lld, not %lld",
			     (long long)ret->revision, (long long)j->in.revision);
	return RC_OK;
}

static enum rc save_tx(struct store *s, void *arg, struct error *e)
{
	/* Run again after a deadlock: the id of a first try must not stay. */
	struct job *asked = arg, j = *asked;
	int64_t me = j.c->who->account_id;
	struct group_row old;
	enum rc rc;

	TRY(open_parent(&j, s, &j.branch_id, e));
	if (j.in.id == 0) {
		rc = group_add(s, j.in.kind, j.in.parent_id, j.in.name, me, j.c->now_us, &j.in.id,
			       e);
	} else {
		int64_t parent_branch_id = j.branch_id;

		TRY(open_row(&j, s, &old, e));
		if (old.ended_at != NO_TIME)
			return ERROR(e, RC_CONFLICT, REASON_ENDED, "group %lld",
				     (long long)j.in.id);
		if (old.branch_id != parent_branch_id)
			return ERROR_FIELD(e, "parent", REASON_NOT_A_CHOICE, 0);
		rc = group_write(s, j.in.kind, j.in.id, j.in.parent_id, j.in.name, me, j.c->now_us,
				 e);
	}
	if (rc != RC_OK && store_is_duplicate(e, group_name_key(j.in.kind))) {
		error_init(e);
		return ERROR_FIELD(e, "name", REASON_NAME_TAKEN, 0);
	}
	TRY(rc);
	TRY(audit(&j, s, e));
	asked->new_id = j.in.id;
	return RC_OK;
}

enum rc group_save(struct core *c, const struct group_in *in, int64_t *ret_id, struct error *e)
{
	struct job j = { .c = c, .in = *in, .verb = VERB_SAVE };
	int64_t bound = 0;
	enum rc rc;

	BUG((unsigned)in->kind >= GROUP__MAX);
	TRY(org_scope(c, &bound, e));
	if (in->id && in->parent_id == 0) { /* a form that does not ask for it */
		struct group_row g;

		TRY(read_row(c, c->db, in->kind, in->id, &g, e));
		j.in.parent_id = g.parent_id;
	} else if (in->kind == GROUP_DEPARTMENT && in->parent_id == 0) {
		j.in.parent_id = bound;
	}
	rc = line_clean(in->name, in->kind == GROUP_SECTION ? SECTION_NAME_MAX : GROUP_NAME_MAX,
			"name", &j.in.name, e);
	if (rc == RC_OK && j.in.name.n == 0)
		rc = ERROR_FIELD(e, "name", REASON_REQUIRED, 0);
	if (j.in.parent_id == 0)
		rc = ERROR_FIELD(e, "parent", REASON_REQUIRED, 0);
	TRY(rc);
	TRY(store_tx(c->db, save_tx, &j, e));
	*ret_id = j.new_id;
	return RC_OK;
}

/* ---- ending -------------------------------------------------------------------------------- */

static enum rc may_end(const struct job *j, const struct group_row *g, struct error *e)
{
	enum reason reason = j->in.kind == GROUP_SECTION ? REASON_HAS_MEMBERS : REASON_HAS_PARTS;

	if (g->ended_at != NO_TIME)
		return ERROR(e, RC_CONFLICT, REASON_ENDED, "group %lld", (long long)g->id);
	if (g->n_parts > 0) {
		enum rc rc = ERROR(e, RC_CONFLICT, reason, "group %lld", (long long)g->id);

		e->arg = g->n_parts;
		return rc;
	}
	if (g->n_uses > 0) {
		enum rc rc =
			ERROR(e, RC_CONFLICT, REASON_GROUP_IN_USE, "group %lld", (long long)g->id);

		e->arg = g->n_uses;
		return rc;
	}
	return RC_OK;
}

static enum rc may_restore(const struct group_row *g, struct error *e)
{
	if (g->ended_at == NO_TIME)
		return ERROR(e, RC_CONFLICT, REASON_NOT_ENDED, "group %lld", (long long)g->id);
	if (g->parent_ended_at != NO_TIME)
		return ERROR(e, RC_CONFLICT, REASON_PARENT_ENDED, "group %lld", (long long)g->id);
	return RC_OK;
}

static enum rc end_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	int64_t me = j->c->who->account_id;
	struct group_row g;
	enum rc rc = RC_OK;

	TRY(open_row(j, s, &g, e));
	switch (j->verb) {
	case VERB_SAVE:
		break;
	case VERB_END:
		TRY(may_end(j, &g, e));
		rc = group_set_end(s, j->in.kind, g.id, j->c->now_us, me, j->c->now_us, e);
		break;
	case VERB_RESTORE:
		TRY(may_restore(&g, e));
		rc = group_set_end(s, j->in.kind, g.id, NO_TIME, me, j->c->now_us, e);
		break;
	case VERB_DELETE:
		rc = group_delete(s, j->in.kind, g.id, e);
		if (rc == RC_CONFLICT && e->foreign == 1451)
			return ERROR(e, RC_CONFLICT, REASON_HAS_HISTORY, "group %lld",
				     (long long)g.id);
		break;
	}
	if (rc != RC_OK && store_is_duplicate(e, group_name_key(j->in.kind)))
		return ERROR(e, RC_CONFLICT, REASON_NAME_TAKEN, "group %lld", (long long)g.id);
	TRY(rc);
	return audit(j, s, e);
}

static enum rc change(struct core *c, enum group_kind kind, int64_t id, int64_t revision,
		      enum verb verb, struct error *e)
{
	struct job j = { .c = c,
			 .in = { .kind = kind, .id = id, .revision = revision },
			 .verb = verb };
	int64_t bound;

	BUG((unsigned)kind >= GROUP__MAX);
	TRY(org_scope(c, &bound, e));
	return store_tx(c->db, end_tx, &j, e);
}

enum rc group_end(struct core *c, enum group_kind kind, int64_t id, int64_t revision,
		  struct error *e)
{
	return change(c, kind, id, revision, VERB_END, e);
}

enum rc group_restore(struct core *c, enum group_kind kind, int64_t id, int64_t revision,
		      struct error *e)
{
	return change(c, kind, id, revision, VERB_RESTORE, e);
}

enum rc group_remove(struct core *c, enum group_kind kind, int64_t id, int64_t revision,
		     struct error *e)
{
	return change(c, kind, id, revision, VERB_DELETE, e);
}
