/*
 * Schedules: checking, reading, and what can be chosen.  core/generate.c makes occurrences.
 */
#include "core/schedule.h"

#include "core/change.h"
#include "core/generate.h"
#include "core/wall.h"
#include "store/class.h"

#define IDS_BYTES 60000 /* of a JSON list kept for 004 */

/* ---- rows ------------------------------------------------------------------------------------ */

static enum rc row_of(const struct schedule_stored *r, struct schedule_row *ret, struct error *e)
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
	};

	if (!recurrence_from(r->recurrence, &row.recurrence))
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "recurrence %.*s",
			     STR_ARG(r->recurrence));
	*ret = row;
	return RC_OK;
}

static struct subject subject_of(const struct schedule_stored *r)
{
	return (struct subject){ .branch_id = r->branch_id,
				 .teacher_id = r->teacher_id,
				 .owner_id = COLUMN_NULL,
				 .is_class_staff = r->is_staff > 0 };
}

static enum rc read_row(struct core *c, struct store *s, int64_t id, enum action action,
			struct schedule_stored *ret, struct error *e)
{
	struct subject subject;
	enum occurrence_seen seen;
	int64_t seen_id;

	TRY(session_seen(c, &seen, &seen_id, e));
	TRY(schedule_read(s, id, c->who->person_id, c->arena, ret, e));
	subject = subject_of(ret);
	return rights_check(c->who, action, &subject, e);
}

enum rc schedule_get(struct core *c, int64_t id, struct schedule_row *ret, struct error *e)
{
	struct schedule_stored r;

	TRY(read_row(c, c->db, id, ACTION_SCHEDULE_SEE, &r, e));
	return row_of(&r, ret, e);
}

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
		TRY(row_of(&stored[i], &rows[i], e));
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

/* ---- checking ---------------------------------------------------------------------------------
 */

struct job {
	struct core *c;
	const struct schedule_in *in;
	int64_t id; /* 0: create */
	struct schedule_stored row;
	struct recurrence_rule rule;
	struct schedule_effect effect;
};

static enum rc check_ids(struct str ids, const char *field, struct error *e)
{
	if (ids.n > IDS_BYTES)
		return ERROR_FIELD(e, field, REASON_TOO_LONG, IDS_BYTES);
	if (!utf8_valid(ids))
		return ERROR_FIELD(e, field, REASON_NOT_TEXT, 0);
	return RC_OK;
}

/* Everything that needs no database; all fields, so that a form shows them at once. */
static enum rc check_in(struct job *j, struct error *e)
{
	const struct schedule_in *in = j->in;
	struct schedule_stored *r = &j->row;
	const int32_t *days;
	size_t n;
	enum rc rcs[10] = { RC_OK };

	if (in->start_tod == NO_DAY)
		rcs[0] = ERROR_FIELD(e, "start_time", REASON_REQUIRED, 0);
	if (in->end_tod == NO_DAY)
		rcs[1] = ERROR_FIELD(e, "end_time", REASON_REQUIRED, 0);
	if (rcs[0] == RC_OK && rcs[1] == RC_OK && in->end_tod <= in->start_tod)
		rcs[1] = ERROR_FIELD(e, "end_time", REASON_END_BEFORE_START, 0);
	if (in->rule.from_day == NO_DAY)
		rcs[2] = ERROR_FIELD(e, "start_date", REASON_REQUIRED, 0);
	if (in->rule.to_day == NO_DAY)
		rcs[3] = ERROR_FIELD(e, "end_date", REASON_REQUIRED, 0);
	if (rcs[2] == RC_OK && rcs[3] == RC_OK)
		rcs[4] = recurrence_days(&in->rule, j->c->arena, &days, &n, e);
	if (rcs[2] == RC_OK && rcs[3] == RC_OK && rcs[4] == RC_OK && !n && !in->is_inactive)
		rcs[4] = ERROR_FIELD(e, "start_date", REASON_NO_OCCURRENCE, 0);
	rcs[5] = line_clean(in->title, SCHEDULE_TITLE_MAX, "title", &r->title, e);
	rcs[6] = line_clean(in->room, SCHEDULE_ROOM_MAX, "room", &r->room, e);
	rcs[7] = text_clean(j->c->arena, in->notes, SCHEDULE_NOTES_MAX, "notes", &r->notes, e);
	rcs[8] = check_ids(in->subject_ids, "subject_ids", e);
	rcs[9] = check_ids(in->student_ids, "student_ids", e);
	for (size_t i = 0; i < ARRAY_LEN(rcs); i++)
		TRY(rcs[i]);
	return RC_OK;
}

/* Class, course and teacher must be of one branch that the viewer manages. */
static enum rc check_subject(struct job *j, struct store *s, struct error *e)
{
	const struct schedule_in *in = j->in;
	struct schedule_subject_row row;
	struct subject subject = { .teacher_id = COLUMN_NULL, .owner_id = COLUMN_NULL };
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = schedule_subject(s, in->class_id, in->course_id, in->teacher_id, j->c->arena, &row,
			      &mine);
	subject.branch_id = rc == RC_OK ? row.branch_id : COLUMN_NULL;
	if (rc == RC_NOT_FOUND ||
	    (rc == RC_OK && !rights_allow(j->c->who, ACTION_SCHEDULE_MANAGE, &subject)))
		return ERROR_FIELD(e, "batch_id",
				   in->class_id ? REASON_NOT_A_CHOICE : REASON_REQUIRED, 0);
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	if (in->branch_id && in->branch_id != row.branch_id)
		return ERROR_FIELD(e, "branch_id", REASON_NOT_A_CHOICE, 0);
	if (in->course_id && row.course_branch_id != row.branch_id)
		return ERROR_FIELD(e, "course_id", REASON_NOT_A_CHOICE, 0);
	if (in->teacher_id && row.teacher_branch_id != row.branch_id)
		return ERROR_FIELD(e, "faculty_id", REASON_NOT_A_CHOICE, 0);
	j->row.branch_id = row.branch_id;
	j->row.zone = row.zone;
	if (!j->row.title.n)
		j->row.title = in->course_id ? row.course_title : row.class_name;
	return RC_OK;
}

static void take_fields(struct job *j)
{
	const struct schedule_in *in = j->in;
	struct schedule_stored *r = &j->row;

	r->class_id = in->class_id;
	r->course_id = in->course_id ? in->course_id : COLUMN_NULL;
	r->teacher_id = in->teacher_id ? in->teacher_id : COLUMN_NULL;
	r->recurrence = str_from(recurrence_name(in->rule.kind));
	r->start_date = in->rule.from_day;
	r->end_date = in->rule.to_day;
	r->weekdays = in->rule.kind == RECURRENCE_WEEKLY ? in->rule.weekdays & 0x7F : 0;
	r->day_of_month = in->rule.kind == RECURRENCE_MONTHLY ? in->rule.day_of_month : COLUMN_NULL;
	r->start_time = in->start_tod;
	r->end_time = in->end_tod;
	r->subject_ids = in->subject_ids;
	r->student_ids = in->student_ids;
	r->status = in->is_inactive ? STR("inactive") : STR("active");
	j->rule = in->rule;
}

/* ---- changing ---------------------------------------------------------------------------------
 */

static enum rc finish(struct job *j, struct store *s, const char *action, struct error *e)
{
	struct audit_entry entry = { .action = action,
				     .object = "schedule",
				     .object_id = j->row.id,
				     .branch_id = j->row.branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "inserted", j->effect.n_inserted);
	json_out_key_i64(&d.o, "updated", j->effect.n_updated);
	json_out_key_i64(&d.o, "removed", j->effect.n_removed);
	json_out_key_i64(&d.o, "cancelled", j->effect.n_cancelled);
	json_out_key_i64(&d.o, "revived", j->effect.n_revived);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

/* All who see it, or saw it: before anything is written (store/occurrence.h). */
static enum rc touch(struct job *j, struct store *s, const struct schedule_stored *old,
		     struct error *e)
{
	const struct schedule_stored *r = &j->row;

	TRY(occurrence_touch(s, r->branch_id, r->class_id, r->teacher_id, e));
	if (old && (old->class_id != r->class_id || old->teacher_id != r->teacher_id))
		return occurrence_touch(s, old->branch_id, old->class_id, old->teacher_id, e);
	return RC_OK;
}

static enum rc create_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;

	TRY(check_subject(j, s, e));
	TRY(touch(j, s, NULL, e));
	TRY(schedule_insert(s, &j->row, j->c->who->account_id, j->c->now_us, &j->row.id, e));
	TRY(schedule_generate(j->c, s, &j->row, j->in->is_inactive ? NULL : &j->rule, &j->effect,
			      e));
	return finish(j, s, "schedule.created", e);
}

static enum rc update_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct schedule_stored old;

	TRY(schedule_lock(s, j->id, j->c->arena, e));
	TRY(read_row(j->c, s, j->id, ACTION_SCHEDULE_MANAGE, &old, e));
	TRY(check_subject(j, s, e));
	if (j->row.branch_id != old.branch_id)
		return ERROR_FIELD(e, "batch_id", REASON_NOT_A_CHOICE, 0);
	j->row.id = j->id;
	TRY(touch(j, s, &old, e));
	TRY(schedule_write(s, &j->row, j->c->now_us, e));
	TRY(schedule_generate(j->c, s, &j->row, j->in->is_inactive ? NULL : &j->rule, &j->effect,
			      e));
	return finish(j, s, "schedule.updated", e);
}

static enum rc delete_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;

	TRY(schedule_lock(s, j->id, j->c->arena, e));
	TRY(read_row(j->c, s, j->id, ACTION_SCHEDULE_MANAGE, &j->row, e));
	TRY(touch(j, s, NULL, e));
	TRY(schedule_generate(j->c, s, &j->row, NULL, &j->effect, e));
	TRY(schedule_end(s, j->id, j->c->now_us, e));
	return finish(j, s, "schedule.deleted", e);
}

/* Not for students, and not for those who manage nothing. */
static enum rc may_manage(const struct core *c, struct error *e)
{
	enum occurrence_seen seen;
	int64_t seen_id;

	TRY(session_seen(c, &seen, &seen_id, e));
	if (rights_scope(c->who->role, ACTION_SCHEDULE_MANAGE) == SCOPE_NONE)
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "account %lld",
			     (long long)c->who->account_id);
	return RC_OK;
}

enum rc schedule_create(struct core *c, const struct schedule_in *in, int64_t *ret_id,
			struct schedule_effect *ret_effect, struct error *e)
{
	struct job j = { .c = c, .in = in };

	TRY(may_manage(c, e));
	TRY(check_in(&j, e));
	take_fields(&j);
	TRY(store_tx(c->db, create_tx, &j, e));
	*ret_id = j.row.id;
	*ret_effect = j.effect;
	return RC_OK;
}

enum rc schedule_update(struct core *c, int64_t id, const struct schedule_in *in,
			struct schedule_effect *ret_effect, struct error *e)
{
	struct job j = { .c = c, .in = in, .id = id };

	TRY(may_manage(c, e));
	TRY(check_in(&j, e));
	take_fields(&j);
	TRY(store_tx(c->db, update_tx, &j, e));
	*ret_effect = j.effect;
	return RC_OK;
}

enum rc schedule_delete(struct core *c, int64_t id, struct schedule_effect *ret_effect,
			struct error *e)
{
	struct job j = { .c = c, .id = id };

	TRY(may_manage(c, e));
	TRY(store_tx(c->db, delete_tx, &j, e));
	*ret_effect = j.effect;
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
