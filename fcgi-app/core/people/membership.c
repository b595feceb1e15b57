/*
 * The rules of memberships and enrolments; see the header.
 *
 * Order of locks in a transaction: versions (branch, people), then the person's row, which
 * makes the search for clashes sure, then the rows themselves and the classes.
 */
#include "core/people/membership.h"

#include "core/audit.h"
#include "core/rights.h"
#include "core/wall.h"

#define ROWS_MAX 500

bool span_overlaps(struct span a, struct span b)
{
	return (a.to_day == NO_DAY || b.from_day <= a.to_day) &&
	       (b.to_day == NO_DAY || a.from_day <= b.to_day);
}

enum rc span_check(struct span s, struct error *e)
{
	if (s.from_day == NO_DAY)
		return ERROR_FIELD(e, "from", REASON_REQUIRED, 0);
	if (s.to_day != NO_DAY && s.to_day < s.from_day)
		return ERROR_FIELD(e, "to", REASON_END_BEFORE_START, 0);
	return RC_OK;
}

static const char *const state_names[ENROLMENT__MAX] = { "pending", "approved", "rejected",
							 "ended" };

const char *enrolment_state_name(enum enrolment_state s)
{
	BUG((unsigned)s >= ENROLMENT__MAX);
	return state_names[s];
}

bool enrolment_state_from(struct str name, enum enrolment_state *ret)
{
	for (enum enrolment_state s = 0; s < ENROLMENT__MAX; s++) {
		if (str_eq(name, str_from(state_names[s]))) {
			*ret = s;
			return true;
		}
	}
	return false;
}

/* ---- checks ------------------------------------------------------------------------------ */

static int32_t today_in(const struct core *c, struct str zone)
{
	return core_wall(c, zone, c->now_us).day;
}

static enum rc clash_check(struct core *c, struct store *db, enum member_kind kind,
			   const struct member_in *in, int64_t except_id,
			   struct member_clash *clash, struct error *e)
{
	const struct member_clash_row *rows;
	size_t n;

	TRY(member_clash_find(db, kind, in->person_id, in->group_id, in->span.from_day,
			      in->span.to_day, except_id, c->arena, &rows, &n, e));
	if (n == 0)
		return RC_OK;
	if (clash != NULL)
		*clash = (struct member_clash){ .id = rows[0].id,
						.span = { rows[0].from_date, rows[0].to_date } };
	return ERROR(e, RC_CONFLICT, REASON_OVERLAP, "%s %lld",
		     kind == MEMBER_SECTION ? "membership" : "enrolment", (long long)rows[0].id);
}

/* The group as the field "group"; its branch's rights are the caller's to check. */
static enum rc group_of(struct core *c, struct store *db, enum member_kind kind, int64_t id,
			struct member_group_row *ret, struct error *e)
{
	const enum rc rc = member_group_get(db, kind, id, c->arena, ret, e);

	if (rc != RC_NOT_FOUND)
		return rc;
	error_init(e);
	return ERROR_FIELD(e, "group", REASON_NOT_A_CHOICE, 0);
}

static enum rc person_check(struct core *c, struct store *db, const struct member_group_row *group,
			    int64_t person_id, struct error *e)
{
	struct member_person_row p;
	const enum rc rc = member_person_lock(db, person_id, c->arena, &p, e);

	if (rc == RC_NOT_FOUND) {
		error_init(e);
		return ERROR_FIELD(e, "person", REASON_NOT_A_CHOICE, 0);
	}
	TRY(rc);
	if (p.branch_id != group->branch_id) {
		/* Somebody whom the viewer may not know is nobody. */
		struct error hidden;

		error_init(&hidden);
		if (rights_branch(c->who, ACTION_PEOPLE_MANAGE, p.branch_id, &hidden) != RC_OK)
			return ERROR_FIELD(e, "person", REASON_NOT_A_CHOICE, 0);
		return ERROR_FIELD(e, "person", REASON_OTHER_BRANCH, 0);
	}
	if (p.ended_at != NO_TIME)
		return ERROR_FIELD(e, "person", REASON_ENDED, 0);
	return RC_OK;
}

static enum rc insert(struct core *c, struct store *db, enum member_kind kind,
		      const struct member_group_row *group, const struct member_in *in,
		      enum enrolment_state state, struct member_clash *clash, int64_t *ret_id,
		      struct error *e)
{
	TRY(person_check(c, db, group, in->person_id, e));
	if (kind == MEMBER_SECTION || state != ENROLMENT_REJECTED)
		TRY(clash_check(c, db, kind, in, 0, clash, e));
	return member_insert(db, kind, in->person_id, in->group_id, in->span.from_day,
			     in->span.to_day, str_from(enrolment_state_name(state)), c->now_us,
			     ret_id, e);
}

enum rc member_add_within(struct core *c, struct store *db, enum member_kind kind,
			  const struct member_in *in, enum enrolment_state state,
			  struct member_clash *clash, int64_t *ret_id, struct error *e)
{
	struct member_group_row group;

	TRY(span_check(in->span, e));
	TRY(group_of(c, db, kind, in->group_id, &group, e));
	if (group.ended_at != NO_TIME)
		return ERROR_FIELD(e, "group", REASON_ENDED, 0);
	return insert(c, db, kind, &group, in, state, clash, ret_id, e);
}

/* ---- one change -------------------------------------------------------------------------- */

enum change_verb { VERB_ADD, VERB_CHANGE, VERB_EDIT, VERB_END, VERB_STATE, VERB_REMOVE };

struct job {
	struct core *c;
	enum member_kind kind;
	enum change_verb verb;
	int64_t id, revision; /* not of VERB_ADD */
	struct member_in in;  /* VERB_ADD all, else what it changes */
	enum enrolment_state state;
	struct member_clash *clash;
};

static enum rc audit(struct job *j, struct store *db, int64_t branch_id, struct error *e)
{
	static const char *const actions[][MEMBER__MAX] = {
		[VERB_ADD] = { "membership.added", "enrolment.added" },
		[VERB_CHANGE] = { "membership.changed", "enrolment.changed" },
		[VERB_EDIT] = { "membership.changed", "enrolment.changed" },
		[VERB_END] = { "membership.ended", "enrolment.ended" },
		[VERB_STATE] = { "membership.state", "enrolment.state" },
		[VERB_REMOVE] = { "membership.removed", "enrolment.removed" },
	};
	struct audit_entry entry = { .action = actions[j->verb][j->kind],
				     .object = "person",
				     .object_id = j->in.person_id,
				     .branch_id = branch_id };
	struct audit_detail d;
	char day[11];

	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, j->kind == MEMBER_SECTION ? "membership" : "enrolment", j->id);
	json_out_key_i64(&d.o, j->kind == MEMBER_SECTION ? "section" : "course", j->in.group_id);
	json_out_key_str(&d.o, "from", day_format(j->in.span.from_day, day));
	if (j->in.span.to_day != NO_DAY)
		json_out_key_str(&d.o, "to", day_format(j->in.span.to_day, day));
	if (j->kind == MEMBER_COURSE)
		json_out_key_cz(&d.o, "state", enrolment_state_name(j->state));
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(db, j->c, &entry, e);
}

static enum rc touch(struct job *j, struct store *db, int64_t branch_id, struct error *e)
{
	if (j->kind != MEMBER_SECTION)
		return RC_OK;
	return member_touch(db, branch_id, j->in.group_id, e);
}

static enum rc recount(struct job *j, struct store *db, int64_t branch_id, struct str zone,
		       struct error *e)
{
	int64_t n;

	if (j->kind != MEMBER_SECTION)
		return RC_OK;
	return member_recount(db, branch_id, j->in.group_id, today_in(j->c, zone), &n, e);
}

static enum rc add_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	struct member_group_row group;

	TRY(group_of(j->c, db, j->kind, j->in.group_id, &group, e));
	if (rights_branch(j->c->who, ACTION_PEOPLE_MANAGE, group.branch_id, e) == RC_NOT_FOUND) {
		error_init(e);
		return ERROR_FIELD(e, "group", REASON_NOT_A_CHOICE, 0);
	}
	TRY(rights_branch(j->c->who, ACTION_PEOPLE_MANAGE, group.branch_id, e));
	if (group.ended_at != NO_TIME)
		return ERROR_FIELD(e, "group", REASON_ENDED, 0);
	TRY(touch(j, db, group.branch_id, e));
	TRY(insert(j->c, db, j->kind, &group, &j->in, j->state, j->clash, &j->id, e));
	TRY(recount(j, db, group.branch_id, group.zone, e));
	return audit(j, db, group.branch_id, e);
}

static enum rc add(struct job *j, int64_t *ret_id, struct error *e)
{
	TRY(span_check(j->in.span, e));
	TRY(store_tx(j->c->db, add_tx, j, e));
	*ret_id = j->id;
	return RC_OK;
}

/* What the row becomes, from what it was; j->in.span and j->state are it afterwards. */
static enum rc settle(struct job *j, const struct member_row *m, const struct job *asked,
		      struct error *e)
{
	const int32_t today = today_in(j->c, m->zone);

	j->in = (struct member_in){ m->person_id, m->group_id, { m->from_date, m->to_date } };
	j->state = ENROLMENT_APPROVED;
	if (j->kind == MEMBER_COURSE)
		BUG(!enrolment_state_from(m->state, &j->state));
	switch (j->verb) {
	case VERB_ADD:
		break;
	case VERB_CHANGE:
		j->in.span = asked->in.span;
		break;
	case VERB_EDIT:
		j->in.span = asked->in.span;
		j->state = asked->state;
		break;
	case VERB_END:
		j->in.span.to_day = asked->in.span.to_day;
		if (j->in.span.to_day == NO_DAY)
			return ERROR_FIELD(e, "to", REASON_REQUIRED, 0);
		break;
	case VERB_STATE:
		j->state = asked->state;
		if (j->state == ENROLMENT_ENDED && (m->to_date == NO_DAY || m->to_date > today))
			j->in.span.to_day = today;
		break;
	case VERB_REMOVE:
		if (m->from_date <= today && j->state != ENROLMENT_REJECTED)
			return ERROR(e, RC_CONFLICT, REASON_HAS_HISTORY, "began already");
		break;
	}
	return span_check(j->in.span, e);
}

/* What was asked for, done to the row `m` and told in the log; versions are raised before it. */
static enum rc change_row(struct job *j, const struct job *asked, struct store *db,
			  struct member_row *m, struct error *e)
{
	struct member_person_row person;

	TRY(member_person_lock(db, m->person_id, j->c->arena, &person, e));
	/* Again, now that nobody else can change it. */
	TRY(member_read(db, j->kind, j->id, j->c->arena, m, e));
	if (j->revision != 0 && j->revision != m->revision)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "revision %lld, not %lld",
			     (long long)m->revision, (long long)j->revision);
	TRY(settle(j, m, asked, e));
	if (j->verb == VERB_REMOVE) {
		TRY(member_delete(db, j->kind, j->id, e));
	} else {
		if (j->kind == MEMBER_SECTION || j->state != ENROLMENT_REJECTED)
			TRY(clash_check(j->c, db, j->kind, &j->in, j->id, j->clash, e));
		TRY(member_update(db, j->kind, j->id, j->in.span.from_day, j->in.span.to_day,
				  str_from(enrolment_state_name(j->state)), j->c->now_us,
				  j->c->who->account_id, e));
	}
	return audit(j, db, m->branch_id, e);
}

static enum rc change_tx(struct store *db, void *arg, struct error *e)
{
	const struct job *asked = arg;
	struct job j = *asked;
	struct member_row m;

	TRY(member_read(db, j.kind, j.id, j.c->arena, &m, e));
	TRY(rights_branch(j.c->who, ACTION_PEOPLE_MANAGE, m.branch_id, e));
	j.in.group_id = m.group_id;
	TRY(touch(&j, db, m.branch_id, e));
	TRY(change_row(&j, asked, db, &m, e));
	return recount(&j, db, m.branch_id, m.zone, e);
}

enum rc member_end_within(struct core *c, struct store *db, enum member_kind kind, int64_t id,
			  int64_t revision, int32_t to_day, struct error *e)
{
	const struct job asked = { .c = c,
				   .kind = kind,
				   .verb = VERB_END,
				   .id = id,
				   .revision = revision,
				   .in.span.to_day = to_day };
	struct job j = asked;
	struct member_row m;

	TRY(member_read(db, kind, id, c->arena, &m, e));
	return change_row(&j, &asked, db, &m, e);
}

enum rc enrolment_state_within(struct core *c, struct store *db, int64_t id, int64_t revision,
			       enum enrolment_state state, struct member_clash *clash,
			       struct error *e)
{
	const struct job asked = { .c = c,
				   .kind = MEMBER_COURSE,
				   .verb = VERB_STATE,
				   .id = id,
				   .revision = revision,
				   .state = state,
				   .clash = clash };
	struct job j = asked;
	struct member_row m;

	TRY(member_read(db, MEMBER_COURSE, id, c->arena, &m, e));
	return change_row(&j, &asked, db, &m, e);
}

static enum rc change(struct job *j, struct error *e)
{
	return store_tx(j->c->db, change_tx, j, e);
}

/* ---- the calls --------------------------------------------------------------------------- */

enum rc membership_add(struct core *c, const struct member_in *in, struct member_clash *clash,
		       int64_t *ret_id, struct error *e)
{
	return add(&(struct job){ .c = c,
				  .kind = MEMBER_SECTION,
				  .verb = VERB_ADD,
				  .in = *in,
				  .state = ENROLMENT_APPROVED,
				  .clash = clash },
		   ret_id, e);
}

enum rc membership_change(struct core *c, int64_t id, int64_t revision, struct span span,
			  struct member_clash *clash, struct error *e)
{
	TRY(span_check(span, e));
	return change(&(struct job){ .c = c,
				     .kind = MEMBER_SECTION,
				     .verb = VERB_CHANGE,
				     .id = id,
				     .revision = revision,
				     .in.span = span,
				     .clash = clash },
		      e);
}

enum rc membership_end(struct core *c, int64_t id, int64_t revision, int32_t to_day,
		       struct error *e)
{
	return change(&(struct job){ .c = c,
				     .kind = MEMBER_SECTION,
				     .verb = VERB_END,
				     .id = id,
				     .revision = revision,
				     .in.span.to_day = to_day },
		      e);
}

enum rc membership_remove(struct core *c, int64_t id, int64_t revision, struct error *e)
{
	return change(&(struct job){ .c = c,
				     .kind = MEMBER_SECTION,
				     .verb = VERB_REMOVE,
				     .id = id,
				     .revision = revision },
		      e);
}

enum rc enrolment_add(struct core *c, const struct member_in *in, enum enrolment_state state,
		      struct member_clash *clash, int64_t *ret_id, struct error *e)
{
	return add(&(struct job){ .c = c,
				  .kind = MEMBER_COURSE,
				  .verb = VERB_ADD,
				  .in = *in,
				  .state = state,
				  .clash = clash },
		   ret_id, e);
}

enum rc enrolment_change(struct core *c, int64_t id, int64_t revision, struct span span,
			 struct member_clash *clash, struct error *e)
{
	TRY(span_check(span, e));
	return change(&(struct job){ .c = c,
				     .kind = MEMBER_COURSE,
				     .verb = VERB_CHANGE,
				     .id = id,
				     .revision = revision,
				     .in.span = span,
				     .clash = clash },
		      e);
}

enum rc enrolment_edit(struct core *c, int64_t id, int64_t revision, struct span span,
		       enum enrolment_state state, struct member_clash *clash, struct error *e)
{
	BUG((unsigned)state >= ENROLMENT__MAX);
	TRY(span_check(span, e));
	return change(&(struct job){ .c = c,
				     .kind = MEMBER_COURSE,
				     .verb = VERB_EDIT,
				     .id = id,
				     .revision = revision,
				     .in.span = span,
				     .state = state,
				     .clash = clash },
		      e);
}

enum rc enrolment_end(struct core *c, int64_t id, int64_t revision, int32_t to_day, struct error *e)
{
	return change(&(struct job){ .c = c,
				     .kind = MEMBER_COURSE,
				     .verb = VERB_END,
				     .id = id,
				     .revision = revision,
				     .in.span.to_day = to_day },
		      e);
}

enum rc enrolment_set_state(struct core *c, int64_t id, int64_t revision,
			    enum enrolment_state state, struct member_clash *clash, struct error *e)
{
	BUG((unsigned)state >= ENROLMENT__MAX);
	return change(&(struct job){ .c = c,
				     .kind = MEMBER_COURSE,
				     .verb = VERB_STATE,
				     .id = id,
				     .revision = revision,
				     .state = state,
				     .clash = clash },
		      e);
}

enum rc enrolment_remove(struct core *c, int64_t id, int64_t revision, struct error *e)
{
	return change(&(struct job){ .c = c,
				     .kind = MEMBER_COURSE,
				     .verb = VERB_REMOVE,
				     .id = id,
				     .revision = revision },
		      e);
}

/* ---- counters ------------------------------------------------------------------------------ */

enum rc membership_settle(struct core *c, struct store *db, int64_t branch_id, int64_t *ret_n,
			  struct error *e)
{
	struct member_branch_row branch;
	int64_t n = 0;
	int32_t today;

	TRY(member_branch_get(db, branch_id, c->arena, &branch, e));
	today = today_in(c, branch.zone);
	TRY(member_count_off(db, branch_id, today, c->arena, &n, e));
	if (n > 0) {
		TRY(member_touch(db, branch_id, 0, e));
		TRY(member_recount(db, branch_id, 0, today, &n, e));
	}
	if (ret_n != NULL)
		*ret_n = n;
	return RC_OK;
}

struct settle_arg {
	struct core *c;
	int64_t branch_id, n;
};

static enum rc settle_tx(struct store *db, void *arg, struct error *e)
{
	struct settle_arg *a = arg;

	return membership_settle(a->c, db, a->branch_id, &a->n, e);
}

enum rc membership_settle_all(struct core *c, int64_t *ret_n, struct error *e)
{
	const struct member_branch_row *rows;
	size_t n;
	int64_t total = 0;

	TRY(member_branches(c->db, c->arena, &rows, &n, e));
	for (size_t i = 0; i < n; i++) {
		struct settle_arg arg = { c, rows[i].id, 0 };

		TRY(store_tx(c->db, settle_tx, &arg, e));
		total += arg.n;
	}
	*ret_n = total;
	return RC_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

enum rc member_of_person(struct core *c, enum member_kind kind, int64_t person_id,
			 const struct member_row **ret_rows, size_t *ret_n, struct error *e)
{
	return member_select_person(c->db, kind, person_id, ROWS_MAX, c->arena, ret_rows, ret_n, e);
}

enum rc member_of_group(struct core *c, enum member_kind kind, int64_t group_id, int32_t day,
			int64_t offset, size_t limit, const struct member_row **ret_rows,
			size_t *ret_n, struct error *e)
{
	struct member_group_row group;

	BUG(limit == 0 || limit > ROWS_MAX || offset < 0);
	TRY(member_group_get(c->db, kind, group_id, c->arena, &group, e));
	TRY(rights_branch(c->who, ACTION_PEOPLE_MANAGE, group.branch_id, e));
	return member_select_group(c->db, kind, group_id, day, offset, limit, c->arena, ret_rows,
				   ret_n, e);
}

enum rc member_get(struct core *c, enum member_kind kind, int64_t id, struct member_row *ret,
		   struct error *e)
{
	struct member_row m;

	TRY(member_read(c->db, kind, id, c->arena, &m, e));
	TRY(rights_branch(c->who, ACTION_PEOPLE_MANAGE, m.branch_id, e));
	*ret = m;
	return RC_OK;
}
