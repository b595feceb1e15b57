/*
 * Lists of people of contract 000.  See smart_people.h.
 */
#include "core/attendance/smart_people.h"

#include "core/attendance/smart.h"
#include "core/people/directory.h"

static enum rc find_from(struct core *c, const struct smart_people_query *q,
			 struct smart_people_find *ret, struct error *e)
{
	struct directory_scope scope;

	TRY(directory_scope(c, &scope, e));
	*ret = (struct smart_people_find){ .branch_id = scope.branch_id,
					   .search = q->search,
					   .class_name = q->class_name,
					   .day = scope.today,
					   .scope = smart_scope_of(c),
					   .offset = (q->page - 1) * q->page_size,
					   .limit = q->page_size };
	return RC_OK;
}

static enum rc admins_only(const struct core *c, struct error *e)
{
	return who_is_admin(c->who)
		       ? RC_OK
		       : ERROR(e, RC_DENIED, REASON_DENIED, "role %s", role_name(c->who->role));
}

enum rc smart_students(struct core *c, const struct smart_people_query *q,
		       struct smart_people_page *ret, struct error *e)
{
	struct smart_people_find f;

	TRY(find_from(c, q, &f, e));
	TRY(smart_person_count(c->db, &f, c->arena, &ret->total, e));
	return smart_person_rows(c->db, &f, c->arena, &ret->students, &ret->n, e);
}

/* A student's own marks are all theirs. */
static enum rc find_one(struct core *c, int64_t person_id, struct smart_people_find *ret,
			struct error *e)
{
	const struct smart_people_query one = { .page = 1, .page_size = 1 };

	if (c->who->role != ROLE_STUDENT) {
		TRY(find_from(c, &one, ret, e));
	} else if (c->who->person_id != person_id) {
		return ERROR(e, RC_DENIED, REASON_DENIED, "another student");
	} else {
		*ret = (struct smart_people_find){ .day = smart_today(c),
						   .scope = { .all = true,
							      .branch_id = COLUMN_NULL,
							      .person_id = COLUMN_NULL },
						   .limit = 1 };
	}
	ret->id = person_id;
	return RC_OK;
}

enum rc smart_student(struct core *c, int64_t person_id, struct smart_person_row *ret,
		      struct error *e)
{
	const struct smart_person_row *rows;
	struct smart_people_find f;
	size_t n;

	TRY(find_one(c, person_id, &f, e));
	TRY(smart_person_rows(c->db, &f, c->arena, &rows, &n, e));
	if (!n)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "student %lld",
			     (long long)person_id);
	*ret = rows[0];
	return RC_OK;
}

enum rc smart_trainers(struct core *c, const struct smart_people_query *q,
		       struct smart_people_page *ret, struct error *e)
{
	struct smart_people_find f;

	TRY(admins_only(c, e));
	TRY(find_from(c, q, &f, e));
	TRY(smart_trainer_count(c->db, &f, c->arena, &ret->total, e));
	return smart_trainer_rows(c->db, &f, c->arena, &ret->trainers, &ret->n, e);
}

enum rc smart_confirmed(struct core *c, int64_t limit, const struct smart_confirmed_row **ret_rows,
			size_t *ret_n, struct error *e)
{
	struct directory_scope scope;

	TRY(admins_only(c, e));
	TRY(directory_scope(c, &scope, e));
	return smart_confirmed_rows(c->db, scope.branch_id, limit, c->arena, ret_rows, ret_n, e);
}
