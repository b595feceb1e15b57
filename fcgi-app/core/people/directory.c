/*
 * Looking things up, within what the viewer may see; see directory.h.
 */
#include "core/people/directory.h"

#include "base/num.h"
#include "codec/json.h"
#include "core/identity/account_fields.h"
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

/* ---- attendance ------------------------------------------------------------------------------ */

/* A JSON array of ids; what is none is left out, and repeats do no harm. */
static enum rc json_ids(struct arena *a, const int64_t *ids, size_t n, struct str *ret,
			struct error *e)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, a, 64, n * 24 + 64);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		if (ids[i] > 0)
			json_out_i64(&o, ids[i]);
	json_out_array_end(&o);
	*ret = buf_str(&b);
	return buf_ok(&b) ? RC_OK : ERROR_MEMORY(e);
}

enum rc look_sessions(struct core *c, const int64_t *ids, size_t n, struct look_sessions *ret,
		      struct error *e)
{
	int64_t *courses = ARENA_ARRAY(c->arena, n, int64_t);
	int64_t *users = ARENA_ARRAY(c->arena, 2 * n, int64_t);
	struct look_sessions l = { .n_sessions = 0 };
	struct str text;

	if (!courses || !users)
		return ERROR_MEMORY(e);
	TRY(json_ids(c->arena, ids, n, &text, e));
	TRY(directory_sessions_of(c->db, text, c->arena, &l.sessions, &l.n_sessions, e));
	BUG(l.n_sessions > n);
	for (size_t i = 0; i < l.n_sessions; i++) {
		courses[i] = l.sessions[i].course_id;
		users[2 * i] = l.sessions[i].created_by;
		users[2 * i + 1] = l.sessions[i].teacher_account_id;
	}
	TRY(json_ids(c->arena, courses, l.n_sessions, &text, e));
	TRY(directory_courses_of(c->db, text, c->arena, &l.courses, &l.n_courses, e));
	TRY(json_ids(c->arena, users, 2 * l.n_sessions, &text, e));
	TRY(directory_users_of(c->db, text, c->arena, &l.users, &l.n_users, e));
	*ret = l;
	return RC_OK;
}

enum rc look_records(struct core *c, int64_t attendance_id,
		     const struct directory_record **ret_rows, size_t *ret_n, struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	if (attendance_id == 0 && !who_is_admin(c->who))
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "all records");
	return directory_records(c->db, scope.branch_id, attendance_id, c->arena, ret_rows, ret_n,
				 e);
}

enum rc look_record(struct core *c, int64_t id, struct directory_record *ret, struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	return directory_record_get(c->db, scope.branch_id, id, c->arena, ret, e);
}
