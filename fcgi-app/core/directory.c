/*
 * Looking things up, within what the viewer may see; see directory.h.
 */
#include "core/directory.h"

#include "base/num.h"
#include "core/account_fields.h"
#include "core/wall.h"

enum rc directory_scope(const struct core *c, struct directory_scope *ret, struct error *e)
{
	const int64_t branch_id = c->who->branch_id;

	if (!who_is_staff(c->who))
		return ERROR(e, RC_DENIED, REASON_DENIED, "role %s", role_name(c->who->role));
	ret->branch_id = branch_id == COLUMN_NULL ? 0 : branch_id == 0 ? -1 : branch_id;
	ret->today = core_wall(c, (struct str){ NULL, 0 }, c->now_us).day;
	return RC_OK;
}

enum rc look_students(struct core *c, const struct directory_student **ret_rows, size_t *ret_n,
		      struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	return directory_students(c->db, scope.branch_id, scope.today, c->arena, ret_rows, ret_n,
				  e);
}

enum rc look_student(struct core *c, int64_t id, struct directory_student *ret, struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	return directory_student_get(c->db, scope.branch_id, scope.today, id, c->arena, ret, e);
}

enum rc look_users(struct core *c, enum role role, const struct directory_user **ret_rows,
		   size_t *ret_n, struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	return directory_users(c->db, scope.branch_id,
			       role == ROLE_NONE ? STR("") : str_from(role_name(role)), c->arena,
			       ret_rows, ret_n, e);
}

enum rc look_user(struct core *c, struct str text, struct directory_user *ret, struct error *e)
{
	struct directory_scope scope;
	int64_t id = 0;

	TRY(directory_scope(c, &scope, e));
	if (text.n == ACCOUNT_UUID_SIZE - 1)
		return directory_user_get(c->db, scope.branch_id, text, 0, c->arena, ret, e);
	if (!num_i64(text, 1, INT64_MAX, &id))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "neither uuid nor number");
	return directory_user_get(c->db, scope.branch_id, STR(""), id, c->arena, ret, e);
}

enum rc look_sections(struct core *c, const struct directory_group **ret_rows, size_t *ret_n,
		      struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	return directory_sections(c->db, scope.branch_id, c->arena, ret_rows, ret_n, e);
}

enum rc look_section(struct core *c, int64_t id, struct directory_group *ret, struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	return directory_section_get(c->db, scope.branch_id, id, c->arena, ret, e);
}

enum rc look_batches(struct core *c, const struct directory_group **ret_rows, size_t *ret_n,
		     struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	return directory_batches(c->db, scope.branch_id, c->arena, ret_rows, ret_n, e);
}

enum rc look_batch(struct core *c, int64_t id, struct directory_group *ret, struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	return directory_batch_get(c->db, scope.branch_id, id, c->arena, ret, e);
}

enum rc look_department(struct core *c, int64_t branch_id, struct str name, int64_t *ret_id,
			struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	if (scope.branch_id != 0 && scope.branch_id != branch_id)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "another branch");
	return directory_department_find(c->db, branch_id, name, c->arena, ret_id, e);
}

enum rc look_courses(struct core *c, const struct directory_course **ret_rows, size_t *ret_n,
		     struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	return directory_courses(c->db, scope.branch_id, c->arena, ret_rows, ret_n, e);
}

enum rc look_course(struct core *c, int64_t id, struct directory_course *ret, struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	return directory_course_get(c->db, scope.branch_id, id, c->arena, ret, e);
}

enum rc look_enrolments(struct core *c, int64_t course_id, int64_t person_id,
			const struct directory_enrolment **ret_rows, size_t *ret_n, struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	return directory_enrolments(c->db, scope.branch_id, course_id, person_id, c->arena,
				    ret_rows, ret_n, e);
}

enum rc look_enrolment(struct core *c, int64_t id, struct directory_enrolment *ret, struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	return directory_enrolment_get(c->db, scope.branch_id, id, c->arena, ret, e);
}

enum rc look_lessons(struct core *c, const struct who *who,
		     const struct directory_lesson **ret_rows, size_t *ret_n, struct error *e)
{
	*ret_n = 0;
	if (who->role != ROLE_STUDENT || who->person_id == COLUMN_NULL)
		return RC_OK;
	return directory_lessons(c->db, who->person_id, core_wall(c, who->zone, c->now_us).day,
				 c->arena, ret_rows, ret_n, e);
}
