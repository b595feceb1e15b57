/*
 * Several people of a section or course at once; see roster.h.
 *
 * Order of locks: versions first (branch, people), then person by person.
 */
#include "core/people/roster.h"

#include "core/audit.h"
#include "core/people/org.h"
#include "core/rights.h"
#include "core/wall.h"

/* ---- reading ------------------------------------------------------------------------------- */

enum rc roster_list(struct core *c, const struct roster_query *q,
		    const struct roster_row **ret_rows, size_t *ret_n, int64_t *ret_total,
		    struct error *e)
{
	struct roster_params p = { .kind = q->kind,
				   .group_id = q->group_id,
				   .day = NO_DAY,
				   .state = STR_INIT(""),
				   .limit = ROSTER_PAGE };
	struct member_group_row group;

	TRY(member_group_get(c->db, q->kind, q->group_id, c->arena, &group, e));
	TRY(rights_branch(c->who, ACTION_PEOPLE_MANAGE, group.branch_id, e));
	TRY(org_like(c->arena, q->search, &p.like, e));
	if (q->show == ROSTER_NOW)
		p.day = core_wall(c, group.zone, c->now_us).day;
	if (q->kind == MEMBER_COURSE && q->show != ROSTER_EVER)
		p.state = str_from(enrolment_state_name(q->show == ROSTER_NOW ? ENROLMENT_APPROVED
									      : ENROLMENT_PENDING));
	p.offset = q->page > 1 ? (q->page - 1) * ROSTER_PAGE : 0;
	TRY(roster_rows(c->db, &p, c->arena, ret_rows, ret_n, e));
	*ret_total = *ret_n ? (*ret_rows)[0].total : 0;
	return RC_OK;
}

struct job {
	struct core *c;
	const struct roster_in *in; /* of a change */
	enum member_kind kind;
	int64_t group_id, section_id; /* section: whose people go into the course */
	const int64_t *people;
	size_t n;
	int32_t day;
	struct roster_fault fault;
	struct member_group_row group, to;
	int64_t n_added, n_there;
};

/* ---- around it ----------------------------------------------------------------------------- */

static enum rc open_group(struct job *j, struct store *s, struct error *e)
{
	TRY(member_group_get(s, j->kind, j->group_id, j->c->arena, &j->group, e));
	TRY(rights_branch(j->c->who, ACTION_PEOPLE_MANAGE, j->group.branch_id, e));
	if (j->kind == MEMBER_SECTION)
		TRY(member_touch(s, j->group.branch_id, j->group_id, e));
	return RC_OK;
}

static enum rc recount(struct job *j, struct store *s, int64_t section_id, struct error *e)
{
	int32_t today = core_wall(j->c, j->group.zone, j->c->now_us).day;
	int64_t n;

	if (j->kind != MEMBER_SECTION)
		return RC_OK;
	return member_recount(s, j->group.branch_id, section_id, today, &n, e);
}

static enum rc audit(struct job *j, struct store *s, const char *action, int64_t person_id,
		     int64_t from_id, int64_t to_id, struct error *e)
{
	struct audit_entry entry = { .action = action,
				     .object = "person",
				     .object_id = person_id,
				     .branch_id = j->group.branch_id };
	struct audit_detail d;
	char day[11];

	audit_detail_begin(&d, j->c->arena);
	if (from_id)
		json_out_key_i64(&d.o, "from_section", from_id);
	json_out_key_i64(&d.o, j->kind == MEMBER_SECTION ? "section" : "course", to_id);
	json_out_key_str(&d.o, "from", day_format(j->day, day));
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

/* What a rule calls "person", "group", "from" and "to" stands at other fields of this form. */
static enum rc rename_fields(enum rc rc, struct error *e)
{
	static const char *const names[][2] = { { "person", "people" },
						{ "group", "to" },
						{ "from", "day" } };

	for (size_t i = 0; rc == RC_INVALID && i < e->n_fields; i++) {
		if (strcmp(e->fields[i].field, "to") == 0) {
			e->fields[i].field = "day";
			continue;
		}
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (strcmp(e->fields[i].field, names[k][0]) == 0) {
				e->fields[i].field = names[k][1];
				break;
			}
	}
	return rc;
}

static enum rc count_check(size_t n, struct error *e)
{
	if (n == 0)
		return ERROR_FIELD(e, "people", REASON_NOBODY_CHOSEN, 0);
	if (n > ROSTER_MAX)
		return ERROR_FIELD(e, "people", REASON_TOO_LARGE, ROSTER_MAX);
	return RC_OK;
}

/* ---- changing ------------------------------------------------------------------------------ */

/* The section to move to: of the same branch, and in use. */
static enum rc open_target(struct job *j, struct store *s, struct error *e)
{
	enum rc rc = member_group_get(s, MEMBER_SECTION, j->in->to_id, j->c->arena, &j->to, e);

	if (rc == RC_NOT_FOUND || (rc == RC_OK && j->to.branch_id != j->group.branch_id) ||
	    j->in->to_id == j->group_id) {
		error_init(e);
		return ERROR_FIELD(e, "to", REASON_NOT_A_CHOICE, 0);
	}
	TRY(rc);
	if (j->to.ended_at != NO_TIME)
		return ERROR_FIELD(e, "to", REASON_ENDED, 0);
	return member_touch(s, j->group.branch_id, j->in->to_id, e);
}

static enum rc move_one(struct job *j, struct store *s, const struct roster_pick *pick,
			const struct member_row *m, struct error *e)
{
	struct member_in in = { m->person_id, j->in->to_id, { j->day, m->to_date } };
	int64_t id;

	if (j->day <= m->from_date || (m->to_date != NO_DAY && j->day > m->to_date))
		return ERROR_FIELD(e, "day", REASON_MOVE_TOO_EARLY, 0);
	TRY(rename_fields(member_end_within(j->c, s, MEMBER_SECTION, pick->id, pick->revision,
					    j->day - 1, e),
			  e));
	TRY(rename_fields(member_add_within(j->c, s, MEMBER_SECTION, &in, ENROLMENT_APPROVED, NULL,
					    &id, e),
			  e));
	return audit(j, s, "membership.moved", m->person_id, j->group_id, j->in->to_id, e);
}

static enum rc change_one(struct job *j, struct store *s, const struct roster_pick *pick,
			  struct error *e)
{
	struct member_row m;

	TRY(member_read(s, j->kind, pick->id, j->c->arena, &m, e));
	if (m.group_id != j->group_id)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "%lld is of another group",
			     (long long)pick->id);
	j->fault.person_id = m.person_id;
	j->fault.name = str_trim(arena_printf(j->c->arena, "%.*s %.*s", STR_ARG(m.given_name),
					      STR_ARG(m.family_name)));
	switch (j->in->verb) {
	case ROSTER_END:
		return rename_fields(member_end_within(j->c, s, j->kind, pick->id, pick->revision,
						       j->day, e),
				     e);
	case ROSTER_MOVE:
		return move_one(j, s, pick, &m, e);
	case ROSTER_APPROVE:
		return enrolment_state_within(j->c, s, pick->id, pick->revision, ENROLMENT_APPROVED,
					      NULL, e);
	case ROSTER_REJECT:
		return enrolment_state_within(j->c, s, pick->id, pick->revision, ENROLMENT_REJECTED,
					      NULL, e);
	case ROSTER__MAX:
		break;
	}
	return RC_OK;
}

static enum rc change_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;

	j->fault = (struct roster_fault){ 0 };
	TRY(open_group(j, s, e));
	if (j->in->verb == ROSTER_MOVE)
		TRY(open_target(j, s, e));
	for (size_t i = 0; i < j->in->n; i++)
		TRY(change_one(j, s, &j->in->picks[i], e));
	j->fault = (struct roster_fault){ 0 };
	if (j->in->verb == ROSTER_MOVE)
		TRY(recount(j, s, j->in->to_id, e));
	return recount(j, s, j->group_id, e);
}

enum rc roster_change(struct core *c, const struct roster_in *in, struct roster_fault *ret_fault,
		      struct error *e)
{
	struct job j = {
		.c = c, .in = in, .kind = in->kind, .group_id = in->group_id, .day = in->day
	};
	bool is_state = in->verb == ROSTER_APPROVE || in->verb == ROSTER_REJECT;
	enum rc rc;

	BUG(is_state && in->kind != MEMBER_COURSE);
	BUG(in->verb == ROSTER_MOVE && in->kind != MEMBER_SECTION);
	*ret_fault = (struct roster_fault){ 0 };
	rc = count_check(in->n, e);
	if (!is_state && in->day == NO_DAY)
		rc = ERROR_FIELD(e, "day", REASON_REQUIRED, 0);
	if (in->verb == ROSTER_MOVE && in->to_id == 0)
		rc = ERROR_FIELD(e, "to", REASON_REQUIRED, 0);
	TRY(rc);
	rc = store_tx(c->db, change_tx, &j, e);
	*ret_fault = j.fault;
	return rc;
}

/* ---- adding -------------------------------------------------------------------------------- */

static enum rc add_one(struct job *j, struct store *s, int64_t person_id, struct error *e)
{
	struct member_in in = { person_id, j->group_id, { j->day, NO_DAY } };
	int64_t id;

	TRY(rename_fields(
		member_add_within(j->c, s, j->kind, &in, ENROLMENT_APPROVED, NULL, &id, e), e));
	return audit(j, s, j->kind == MEMBER_SECTION ? "membership.added" : "enrolment.added",
		     person_id, 0, j->group_id, e);
}

static enum rc add_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;

	TRY(open_group(j, s, e));
	for (size_t i = 0; i < j->n; i++) {
		j->fault.person_id = j->people[i];
		TRY(add_one(j, s, j->people[i], e));
	}
	j->fault.person_id = 0;
	return recount(j, s, j->group_id, e);
}

enum rc roster_add(struct core *c, enum member_kind kind, int64_t group_id, const int64_t *people,
		   size_t n, int32_t from_day, struct roster_fault *ret_fault, struct error *e)
{
	struct job j = { .c = c,
			 .kind = kind,
			 .group_id = group_id,
			 .people = people,
			 .n = n,
			 .day = from_day };
	enum rc rc = count_check(n, e);

	*ret_fault = (struct roster_fault){ 0 };
	if (from_day == NO_DAY)
		rc = ERROR_FIELD(e, "day", REASON_REQUIRED, 0);
	TRY(rc);
	rc = store_tx(c->db, add_tx, &j, e);
	*ret_fault = j.fault;
	return rc;
}

static enum rc section_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	const struct member_row *rows;
	size_t n;
	enum rc rc;

	j->n_added = j->n_there = 0;
	TRY(open_group(j, s, e));
	rc = member_group_get(s, MEMBER_SECTION, j->section_id, j->c->arena, &j->to, e);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && j->to.branch_id != j->group.branch_id)) {
		error_init(e);
		return ERROR_FIELD(e, "to", REASON_NOT_A_CHOICE, 0);
	}
	TRY(rc);
	TRY(member_select_group(s, MEMBER_SECTION, j->section_id, j->day, 0, ROSTER_MAX + 1,
				j->c->arena, &rows, &n, e));
	if (n > ROSTER_MAX)
		return ERROR_FIELD(e, "to", REASON_TOO_LARGE, ROSTER_MAX);
	for (size_t i = 0; i < n; i++) {
		rc = add_one(j, s, rows[i].person_id, e);
		if (rc == RC_CONFLICT && e->reason == REASON_OVERLAP) {
			error_init(e);
			j->n_there++;
			continue;
		}
		TRY(rc);
		j->n_added++;
	}
	return RC_OK;
}

enum rc roster_add_section(struct core *c, int64_t course_id, int64_t section_id, int32_t from_day,
			   int64_t *ret_added, int64_t *ret_there, struct error *e)
{
	struct job j = { .c = c,
			 .kind = MEMBER_COURSE,
			 .group_id = course_id,
			 .section_id = section_id,
			 .day = from_day };
	enum rc rc = RC_OK;

	if (from_day == NO_DAY)
		rc = ERROR_FIELD(e, "day", REASON_REQUIRED, 0);
	if (section_id == 0)
		rc = ERROR_FIELD(e, "to", REASON_REQUIRED, 0);
	TRY(rc);
	TRY(store_tx(c->db, section_tx, &j, e));
	*ret_added = j.n_added;
	*ret_there = j.n_there;
	return RC_OK;
}
