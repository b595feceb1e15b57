/*
 * Schedules: lists, and what can be chosen for one.
 */
#include "core/schedule/schedule_row.h"
#include "core/session/change.h"
#include "core/wall.h"
#include "store/class.h"

/* ---- rows ------------------------------------------------------------------------------------ */

enum rc schedule_row_of(const struct schedule_stored *r, struct schedule_row *ret, struct error *e)
{
	struct schedule_row row = {
		.id = r->id,
		.branch_id = r->branch_id,
		.class_id = r->class_id,
		.course_id = r->course_id,
		.teacher_id = r->teacher_id,
		.teacher_account_id = r->teacher_account_id,
		.class_name = r->class_name,
		.course_code = r->course_code,
		.teacher_name = r->teacher_name,
		.branch_name = r->branch_name,
		.zone = r->zone,
		.title = r->title,
		.room = r->room,
		.start_date = r->start_date,
		.end_date = r->end_date,
		.weekdays = (unsigned)r->weekdays,
		.day_of_month = r->day_of_month,
		.start_tod = r->start_time,
		.end_tod = r->end_time,
		.subject_ids = r->subject_ids,
		.student_ids = r->student_ids,
		.notes = r->notes,
		.is_inactive = str_eq(r->status, STR("inactive")),
		.version = r->version,
		.created_at = r->created_at,
		.n_occurrences = r->n_occurrences,
		.room_id = r->room_id,
		.n_members = r->n_members,
	};

	if (!recurrence_from(r->recurrence, &row.recurrence))
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "recurrence %.*s",
			     STR_ARG(r->recurrence));
	*ret = row;
	return RC_OK;
}

struct slot schedule_slot_of(const struct schedule_slot_row *r)
{
	return (struct slot){ .weekdays = (unsigned)r->weekdays,
			      .start_tod = r->start_time,
			      .end_tod = r->end_time,
			      .room_id = r->room_id == COLUMN_NULL ? 0 : r->room_id };
}

/* Not for students, and not for those who manage nothing. */
enum rc schedule_may_manage(const struct core *c, struct error *e)
{
	enum occurrence_seen seen;
	int64_t seen_id;

	TRY(session_seen(c, &seen, &seen_id, e));
	if (rights_scope(c->who->role, ACTION_SCHEDULE_MANAGE) == SCOPE_NONE)
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "account %lld",
			     (long long)c->who->account_id);
	return RC_OK;
}

enum rc schedule_may_edit(const struct core *c, const struct schedule_row *row, struct error *e)
{
	const struct subject subject = { .branch_id = row->branch_id,
					 .teacher_id = row->teacher_id,
					 .owner_id = COLUMN_NULL };

	return rights_check(c->who, ACTION_SCHEDULE_MANAGE, &subject, e);
}

/* ---- lists ----------------------------------------------------------------------------- */

enum rc schedule_list(struct core *c, int64_t class_id, size_t limit,
		      const struct schedule_row **ret_rows, size_t *ret_n, struct error *e)
{
	const struct schedule_stored *stored;
	struct schedule_row *rows;
	enum occurrence_seen seen;
	int64_t seen_id;
	size_t n;

	BUG(limit < 1 || limit > 5000);
	TRY(session_seen(c, &seen, &seen_id, e));
	TRY(schedule_rows(c->db, seen, seen_id, class_id, limit, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct schedule_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		TRY(schedule_row_of(&stored[i], &rows[i], e));
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

/* ---- the page of schedules ----------------------------------------------------------------------
 */

static enum rc put_more(struct core *c, const struct schedule_found *found, size_t n,
			struct schedule_line *lines, struct error *e)
{
	const struct schedule_slot_row *rows;
	struct slot *slots;
	struct json_out o;
	size_t n_rows;
	struct buf b;

	buf_init(&b, c->arena, 256, 4096);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		if (found[i].n_slots > 1)
			json_out_i64(&o, found[i].id);
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	if (buf_str(&b).n == 2)
		return RC_OK;
	TRY(schedule_slots(c->db, buf_str(&b), c->arena, &rows, &n_rows, e));
	slots = ARENA_ARRAY(c->arena, n_rows + 1, struct slot);
	if (!slots)
		return ERROR_MEMORY(e);
	for (size_t k = 0; k < n_rows; k++) {
		slots[k] = schedule_slot_of(&rows[k]);
		for (size_t i = 0; i < n; i++) {
			if (found[i].id != rows[k].schedule_id)
				continue;
			if (!lines[i].n_more)
				lines[i].more = &slots[k];
			lines[i].n_more++;
		}
	}
	return RC_OK;
}

enum rc schedule_search_lines(struct core *c, const struct schedule_query *q,
			      struct schedule_lines *ret, struct error *e)
{
	struct schedule_search search = {
		.branch_id = c->who->role == ROLE_BRANCH_ADMIN ? c->who->branch_id : q->branch_id,
		.class_id = q->class_id,
		.teacher_id = q->teacher_id,
		.room_id = q->room_id,
		.state = q->state,
		.today = core_wall(c, (struct str){ NULL, 0 }, c->now_us).day,
		.search = q->search.p ? q->search : STR(""),
		.limit = SCHEDULE_PAGE_SIZE,
		.offset = (q->page - 1) * SCHEDULE_PAGE_SIZE,
	};
	const struct schedule_found *found;
	struct schedule_line *lines;
	size_t n;

	BUG(q->page < 1);
	TRY(schedule_may_manage(c, e));
	TRY(schedule_find(c->db, &search, c->arena, &found, &n, e));
	lines = ARENA_ARRAY(c->arena, n + 1, struct schedule_line);
	if (!lines)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		lines[i] = (struct schedule_line){ .found = &found[i] };
	TRY(put_more(c, found, n, lines, e));
	*ret = (struct schedule_lines){ lines, n, n ? found[0].total : 0, q->page };
	return RC_OK;
}

/* ---- what can be chosen
 * -------------------------------------------------------------------------- */

/* Those with the role, or all with ROLE_NONE. */
static enum rc people_of(struct core *c, const struct class_person_row *stored, size_t n,
			 enum role role, const struct schedule_person **ret, size_t *ret_n,
			 struct error *e)
{
	struct schedule_person *people = ARENA_ARRAY(c->arena, n, struct schedule_person);
	size_t n_kept = 0;

	if (!people)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		if (role == ROLE_NONE || role_from(stored[i].role) == role)
			people[n_kept++] =
				(struct schedule_person){ stored[i].id, stored[i].account_id,
							  stored[i].name, stored[i].code };
	*ret = people;
	*ret_n = n_kept;
	return RC_OK;
}

static enum rc courses_of(struct core *c, int64_t class_id, struct schedule_meta *meta,
			  struct error *e)
{
	const struct class_course_row *stored;
	struct schedule_course *courses;
	size_t n;

	TRY(class_courses(c->db, class_id, c->arena, &stored, &n, e));
	courses = ARENA_ARRAY(c->arena, n, struct schedule_course);
	if (!courses)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		courses[i] =
			(struct schedule_course){ stored[i].id, stored[i].code, stored[i].title };
	meta->courses = courses;
	meta->n_courses = n;
	return RC_OK;
}

enum rc schedule_meta(struct core *c, int64_t class_id, struct schedule_meta *ret, struct error *e)
{
	int32_t today = core_wall(c, (struct str){ NULL, 0 }, c->now_us).day;
	struct schedule_meta meta = { .class_id = class_id };
	const struct class_person_row *students, *staff;
	struct class_row class;
	struct subject subject;
	enum occurrence_seen seen;
	size_t n_students, n_staff;
	int64_t seen_id;

	TRY(session_seen(c, &seen, &seen_id, e));
	TRY(class_read(c->db, class_id, c->who->person_id, c->arena, &class, e));
	subject = (struct subject){ .branch_id = class.branch_id,
				    .teacher_id = class.primary_teacher_id,
				    .owner_id = COLUMN_NULL,
				    .is_class_staff = class.is_staff > 0 };
	TRY(rights_check(c->who, ACTION_SCHEDULE_SEE, &subject, e));
	meta.branch_id = class.branch_id;
	meta.class_name = class.name;
	meta.primary_teacher_id = class.primary_teacher_id;
	TRY(courses_of(c, class_id, &meta, e));
	TRY(class_students(c->db, class_id, today, c->arena, &students, &n_students, e));
	TRY(class_staff(c->db, class_id, c->arena, &staff, &n_staff, e));
	TRY(people_of(c, students, n_students, ROLE_NONE, &meta.students, &meta.n_students, e));
	TRY(people_of(c, staff, n_staff, ROLE_FACULTY, &meta.faculty, &meta.n_faculty, e));
	TRY(people_of(c, staff, n_staff, ROLE_EMPLOYEE, &meta.employees, &meta.n_employees, e));
	*ret = meta;
	return RC_OK;
}

enum rc schedule_person_of_account(struct core *c, int64_t account_id, int64_t *ret_person_id,
				   struct error *e)
{
	return class_person_of_account(c->db, account_id, c->arena, ret_person_id, e);
}
