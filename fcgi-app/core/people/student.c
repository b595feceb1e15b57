/*
 * Writing students with their section; see student.h.
 */
#include "core/people/student.h"

#include "core/audit.h"
#include "core/people/membership.h"
#include "core/people/people.h"
#include "core/rights.h"
#include "core/wall.h"
#include "store/directory.h"

struct job {
	struct core *c;
	const struct student_in *in;
	struct person_in person; /* cleaned */
	int64_t id;
};

/* What the rules of memberships call "group" and "person" is the section of this form. */
static enum rc as_section(enum rc rc, struct error *e)
{
	for (size_t i = 0; rc == RC_INVALID && i < e->n_fields; i++)
		e->fields[i].field = "section";
	return rc;
}

static enum rc section_of(struct core *c, struct store *db, int64_t id,
			  struct member_group_row *ret, struct error *e)
{
	struct error hidden;
	enum rc rc;

	error_init(&hidden);
	rc = member_group_get(db, MEMBER_SECTION, id, c->arena, ret, &hidden);
	if (rc == RC_OK &&
	    rights_branch(c->who, ACTION_PEOPLE_MANAGE, ret->branch_id, &hidden) == RC_OK)
		return ret->ended_at == NO_TIME ? RC_OK
						: ERROR_FIELD(e, "section", REASON_ENDED, 0);
	if (rc != RC_OK && rc != RC_NOT_FOUND) {
		*e = hidden;
		return rc;
	}
	return ERROR_FIELD(e, "section", REASON_NOT_A_CHOICE, 0);
}

static enum rc audit(struct job *j, struct store *db, const char *action, int64_t branch_id,
		     int64_t section_id, struct error *e)
{
	struct audit_entry entry = {
		.action = action, .object = "person", .object_id = j->id, .branch_id = branch_id
	};
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "section", section_id);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(db, j->c, &entry, e);
}

static enum rc join(struct job *j, struct store *db, const struct member_group_row *section,
		    int32_t from_day, const char *action, struct error *e)
{
	const struct member_in in = { j->id, section->id, { from_day, NO_DAY } };
	int64_t id;

	TRY(as_section(member_add_within(j->c, db, MEMBER_SECTION, &in, ENROLMENT_APPROVED, NULL,
					 &id, e),
		       e));
	return audit(j, db, action, section->branch_id, section->id, e);
}

static enum rc create_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	struct member_group_row section;

	TRY(section_of(j->c, db, j->in->section_id, &section, e));
	j->person.branch_id = section.branch_id;
	TRY(member_touch(db, section.branch_id, section.id, e));
	TRY(person_create_within(j->c, db, &j->person, &j->id, e));
	TRY(join(j, db, &section, core_wall(j->c, section.zone, j->c->now_us).day,
		 "membership.added", e));
	return membership_settle(j->c, db, section.branch_id, NULL, e);
}

static struct person_in person_of(const struct student_in *in)
{
	return (struct person_in){ .given_name = in->given_name,
				   .family_name = in->family_name,
				   .student_code = in->student_code };
}

enum rc student_create(struct core *c, const struct student_in *in, int64_t *ret_id,
		       struct error *e)
{
	const struct person_in typed = person_of(in);
	struct job j = { .c = c, .in = in };
	struct error failure;

	if (!who_is_admin(c->who))
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "no admin");
	TRY(person_clean(&typed, &j.person, e));
	error_init(&failure);
	if (store_tx(c->db, create_tx, &j, &failure) != RC_OK)
		return person_duplicate(&failure, e);
	*ret_id = j.id;
	return RC_OK;
}

/* Out of the one, into the other, from today on. */
static enum rc move(struct job *j, struct store *db, const struct directory_student *now,
		    struct error *e)
{
	struct member_group_row section;
	int32_t today;

	TRY(section_of(j->c, db, j->in->section_id, &section, e));
	if (section.branch_id != j->person.branch_id)
		return ERROR_FIELD(e, "section", REASON_OTHER_BRANCH, 0);
	today = core_wall(j->c, section.zone, j->c->now_us).day;
	if (now->member_id != COLUMN_NULL && now->member_from < today)
		TRY(as_section(member_end_within(j->c, db, MEMBER_SECTION, now->member_id, 0,
						 today - 1, e),
			       e));
	else if (now->member_id != COLUMN_NULL)
		TRY(member_delete(db, MEMBER_SECTION, now->member_id, e));
	TRY(join(j, db, &section, today, "membership.moved", e));
	return membership_settle(j->c, db, section.branch_id, NULL, e);
}

static enum rc change_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	const struct core *c = j->c;
	struct directory_student now;
	struct person_row p;

	TRY(person_read(db, j->id, c->arena, &p, e));
	TRY(people_rights(c, p.branch_id, p.role, e));
	j->person.branch_id = p.branch_id;
	j->person.teacher_code = p.teacher_code;
	TRY(member_touch(db, p.branch_id, 0, e));
	TRY(person_change_within(j->c, db, j->id, &j->person, e));
	TRY(directory_student_get(db, 0, core_wall(c, p.zone, c->now_us).day, j->id, c->arena, &now,
				  e));
	if (j->in->section_id == COLUMN_NULL || j->in->section_id == now.section_id)
		return RC_OK;
	return move(j, db, &now, e);
}

enum rc student_change(struct core *c, int64_t id, const struct student_in *in, struct error *e)
{
	const struct person_in typed = person_of(in);
	struct job j = { .c = c, .in = in, .id = id };
	struct error failure;

	if (!who_is_admin(c->who))
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "no admin");
	TRY(person_clean(&typed, &j.person, e));
	error_init(&failure);
	if (store_tx(c->db, change_tx, &j, &failure) != RC_OK)
		return person_duplicate(&failure, e);
	return RC_OK;
}
