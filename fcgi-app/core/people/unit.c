/*
 * The rules of classes and courses; see unit.h.
 *
 * Versions are raised first, then the row is locked: the order of all who write sessions.
 */
#include "core/people/unit.h"

#include "core/audit.h"
#include "core/people/membership.h"
#include "core/people/org.h"
#include "core/rights.h"
#include "core/session/change.h"
#include "core/wall.h"

enum verb { VERB_SAVE, VERB_END, VERB_RESTORE, VERB_DELETE };

struct job {
	struct core *c;
	struct unit_in in;
	enum verb verb;
	struct str ids[UNIT_LINK__MAX]; /* JSON */
	int64_t id, branch_id;
};

/* ---- reading ------------------------------------------------------------------------------- */

enum rc unit_list(struct core *c, const struct unit_query *q, const struct unit_list_row **ret_rows,
		  size_t *ret_n, int64_t *ret_total, struct error *e)
{
	struct unit_list_params p = { .kind = q->kind,
				      .section_id = q->section_id,
				      .person_id = q->person_id,
				      .ended = q->ended,
				      .limit = UNIT_PAGE };

	TRY(org_scope_of(c, q->branch_id, &p.branch_id, e));
	TRY(org_like(c->arena, q->search, &p.like, e));
	p.day = core_wall(c, (struct str){ NULL, 0 }, c->now_us).day;
	p.offset = q->page > 1 ? (q->page - 1) * UNIT_PAGE : 0;
	TRY(unit_list_rows(c->db, &p, c->arena, ret_rows, ret_n, e));
	*ret_total = *ret_n ? (*ret_rows)[0].total : 0;
	return RC_OK;
}

enum rc unit_get(struct core *c, enum unit_kind kind, int64_t id, struct unit_detail *ret,
		 struct error *e)
{
	int64_t bound;

	TRY(org_scope(c, &bound, e));
	TRY(unit_read(c->db, kind, id, c->now_us, c->arena, &ret->u, e));
	TRY(rights_branch(c->who, ACTION_ORG_MANAGE, ret->u.branch_id, e));
	for (enum unit_link l = 0; l < UNIT_LINK__MAX; l++)
		TRY(unit_links(c->db, kind, l, id, c->arena, &ret->links[l], &ret->n_links[l], e));
	return RC_OK;
}

/* ---- changing ------------------------------------------------------------------------------ */

static enum rc audit(struct job *j, struct store *s, struct error *e)
{
	static const char *const actions[][UNIT__MAX] = {
		[VERB_SAVE] = { "class.changed", "course.changed" },
		[VERB_END] = { "class.ended", "course.ended" },
		[VERB_RESTORE] = { "class.restored", "course.restored" },
		[VERB_DELETE] = { "class.deleted", "course.deleted" },
	};
	struct audit_entry entry = { .action = actions[j->verb][j->in.kind],
				     .object = j->in.kind == UNIT_CLASS ? "class" : "course",
				     .object_id = j->id,
				     .branch_id = j->branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	if (j->verb == VERB_SAVE) {
		json_out_key_i64(&d.o, "sections", (int64_t)j->in.n_links[UNIT_SECTIONS]);
		json_out_key_i64(&d.o, "people", (int64_t)j->in.n_links[UNIT_PEOPLE]);
	}
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

/* Under the lock, with its revision compared. */
static enum rc open_row(struct job *j, struct store *s, struct unit_row *ret, struct error *e)
{
	TRY(unit_read(s, j->in.kind, j->in.id, j->c->now_us, j->c->arena, ret, e));
	TRY(rights_branch(j->c->who, ACTION_ORG_MANAGE, ret->branch_id, e));
	TRY(unit_touch(s, j->in.kind, j->in.id, ret->branch_id, e));
	TRY(unit_lock(s, j->in.kind, j->in.id, j->c->arena, e));
	TRY(unit_read(s, j->in.kind, j->in.id, j->c->now_us, j->c->arena, ret, e));
	j->id = ret->id;
	j->branch_id = ret->branch_id;
	if (j->in.revision && j->in.revision != ret->revision)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "revision %lld, not %lld",
			     (long long)ret->revision, (long long)j->in.revision);
	return RC_OK;
}

static enum rc put_links(struct job *j, struct store *s, struct error *e)
{
	static const char *const fields[UNIT_LINK__MAX] = { "sections", "people" };

	for (enum unit_link l = 0; l < UNIT_LINK__MAX; l++) {
		int64_t n;

		TRY(unit_put_links(s, j->in.kind, l, j->id, j->branch_id, j->ids[l], j->c->arena,
				   &n, e));
		/* One that is not there, or of another branch. */
		if (n != (int64_t)j->in.n_links[l])
			return ERROR_FIELD(e, fields[l], REASON_NOT_A_CHOICE, 0);
	}
	if (j->in.kind == UNIT_CLASS)
		return membership_settle(j->c, s, j->branch_id, NULL, e);
	return RC_OK;
}

static enum rc taken(enum rc rc, struct error *e)
{
	bool is_code = rc != RC_OK && store_is_duplicate(e, "course_code");

	if (!is_code && (rc == RC_OK || !store_is_duplicate(e, "class_name")))
		return rc;
	error_init(e);
	return is_code ? ERROR_FIELD(e, "code", REASON_COURSE_CODE_TAKEN, 0)
		       : ERROR_FIELD(e, "name", REASON_NAME_TAKEN, 0);
}

static enum rc save_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	const struct unit_in *in = &j->in;
	int64_t me = j->c->who->account_id;
	struct unit_row old;

	if (in->id == 0) {
		j->branch_id = in->branch_id;
		TRY(taken(unit_add(s, in->kind, in->branch_id, in->code, in->name, me, j->c->now_us,
				   &j->id, e),
			  e));
	} else {
		TRY(open_row(j, s, &old, e));
		if (old.ended_at != NO_TIME)
			return ERROR(e, RC_CONFLICT, REASON_ENDED, "unit %lld", (long long)in->id);
		TRY(taken(unit_write(s, in->kind, in->id, in->code, in->name, me, j->c->now_us, e),
			  e));
	}
	TRY(put_links(j, s, e));
	return audit(j, s, e);
}

/* A JSON array without repeats; *n becomes how many there are. */
static enum rc ids_of(struct arena *a, const int64_t *ids, size_t *n, const char *field,
		      struct str *ret, struct error *e)
{
	struct json_out o;
	size_t n_kept = 0;
	struct buf b;

	if (*n > UNIT_LINKS_MAX)
		return ERROR_FIELD(e, field, REASON_TOO_LARGE, UNIT_LINKS_MAX);
	buf_init(&b, a, *n * 12 + 16, *n * 24 + 16);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < *n; i++) {
		bool is_repeat = false;

		for (size_t k = 0; k < i && !is_repeat; k++)
			is_repeat = ids[k] == ids[i];
		if (is_repeat)
			continue;
		json_out_i64(&o, ids[i]);
		n_kept++;
	}
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	*n = n_kept;
	return RC_OK;
}

static enum rc check_texts(struct job *j, struct error *e)
{
	size_t max = j->in.kind == UNIT_CLASS ? CLASS_NAME_MAX : COURSE_NAME_MAX;
	enum rc rcs[2] = { RC_OK, line_clean(j->in.name, max, "name", &j->in.name, e) };

	if (rcs[1] == RC_OK && j->in.name.n == 0)
		rcs[1] = ERROR_FIELD(e, "name", REASON_REQUIRED, 0);
	if (j->in.kind == UNIT_COURSE) {
		rcs[0] = line_clean(j->in.code, UNIT_CODE_MAX, "code", &j->in.code, e);
		if (rcs[0] == RC_OK && j->in.code.n == 0)
			rcs[0] = ERROR_FIELD(e, "code", REASON_REQUIRED, 0);
	}
	TRY(rcs[0]);
	return rcs[1];
}

/* Of a new one: the branch must be there, live, and theirs. */
static enum rc check_branch(struct job *j, struct error *e)
{
	return j->in.id ? RC_OK : org_new_branch(j->c, j->in.branch_id, &j->in.branch_id, e);
}

enum rc unit_save(struct core *c, const struct unit_in *in, int64_t *ret_id, struct error *e)
{
	struct job j = { .c = c, .in = *in, .verb = VERB_SAVE };
	int64_t bound = 0;
	enum rc rc;

	TRY(org_scope(c, &bound, e));
	rc = check_texts(&j, e);
	TRY(check_branch(&j, e));
	TRY(rc);
	TRY(ids_of(c->arena, in->links[UNIT_SECTIONS], &j.in.n_links[UNIT_SECTIONS], "sections",
		   &j.ids[UNIT_SECTIONS], e));
	TRY(ids_of(c->arena, in->links[UNIT_PEOPLE], &j.in.n_links[UNIT_PEOPLE], "people",
		   &j.ids[UNIT_PEOPLE], e));
	TRY(store_tx(c->db, save_tx, &j, e));
	*ret_id = j.id;
	return RC_OK;
}

/* ---- ending -------------------------------------------------------------------------------- */

static enum rc end_one(struct job *j, struct store *s, const struct unit_row *u, struct error *e)
{
	int64_t me = j->c->who->account_id, now = j->c->now_us;
	enum rc rc = RC_OK;

	if (j->verb == VERB_DELETE) {
		rc = unit_delete(s, j->in.kind, u->id, e);
		if (rc == RC_CONFLICT && e->foreign == 1451)
			return ERROR(e, RC_CONFLICT, REASON_HAS_HISTORY, "unit %lld",
				     (long long)u->id);
		return rc;
	}
	if ((j->verb == VERB_RESTORE) != (u->ended_at != NO_TIME))
		return ERROR(e, RC_CONFLICT, j->verb == VERB_END ? REASON_ENDED : REASON_NOT_ENDED,
			     "unit %lld", (long long)u->id);
	if (j->verb == VERB_END && u->n_live > 0) {
		rc = ERROR(e, RC_CONFLICT, REASON_HAS_SCHEDULES, "unit %lld", (long long)u->id);
		e->arg = u->n_live;
		return rc;
	}
	return unit_set_end(s, j->in.kind, u->id, j->verb == VERB_END ? now : NO_TIME, me, now, e);
}

static enum rc end_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct unit_row u;
	enum rc rc;

	TRY(open_row(j, s, &u, e));
	rc = end_one(j, s, &u, e);
	if (rc != RC_OK && store_is_duplicate(e, "course_code"))
		return ERROR(e, RC_CONFLICT, REASON_COURSE_CODE_TAKEN, "%lld", (long long)u.id);
	if (rc != RC_OK && store_is_duplicate(e, "class_name"))
		return ERROR(e, RC_CONFLICT, REASON_NAME_TAKEN, "%lld", (long long)u.id);
	TRY(rc);
	return audit(j, s, e);
}

static enum rc change(struct core *c, enum unit_kind kind, int64_t id, int64_t revision,
		      enum verb verb, struct error *e)
{
	struct job j = { .c = c,
			 .in = { .kind = kind, .id = id, .revision = revision },
			 .verb = verb };
	int64_t bound;

	TRY(org_scope(c, &bound, e));
	return store_tx(c->db, end_tx, &j, e);
}

enum rc unit_end(struct core *c, enum unit_kind kind, int64_t id, int64_t revision, struct error *e)
{
	return change(c, kind, id, revision, VERB_END, e);
}

enum rc unit_restore(struct core *c, enum unit_kind kind, int64_t id, int64_t revision,
		     struct error *e)
{
	return change(c, kind, id, revision, VERB_RESTORE, e);
}

enum rc unit_remove(struct core *c, enum unit_kind kind, int64_t id, int64_t revision,
		    struct error *e)
{
	return change(c, kind, id, revision, VERB_DELETE, e);
}
