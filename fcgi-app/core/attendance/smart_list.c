/*
 * Lists and marks of contract 000.  See smart.h.
 */
#include "core/attendance/smart.h"

#include "core/wall.h"

#define PAGE_MAX 1000000

struct smart_scope smart_scope_of(const struct core *c)
{
	const struct who *w = c->who;

	return (struct smart_scope){ .all = w->role == ROLE_SUPER_ADMIN,
				     .branch_id = w->role == ROLE_BRANCH_ADMIN ? w->branch_id
									       : COLUMN_NULL,
				     .person_id = who_is_staff(w) ? w->person_id : COLUMN_NULL };
}

/* A student sees all marks of their own, and no others. */
static enum rc scope_for(const struct core *c, enum smart_records_of of, int64_t id,
			 struct smart_scope *ret, struct error *e)
{
	*ret = smart_scope_of(c);
	if (c->who->role != ROLE_STUDENT)
		return RC_OK;
	if (of != SMART_OF_PERSON || id != c->who->person_id)
		return ERROR(e, RC_DENIED, REASON_DENIED, "records of others");
	ret->all = true;
	return RC_OK;
}

enum rc smart_records(struct core *c, enum smart_records_of of, int64_t id, size_t limit,
		      const struct smart_record_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct smart_scope scope;

	TRY(scope_for(c, of, id, &scope, e));
	return smart_record_rows(c->db, of, id, &scope, (int64_t)limit, c->arena, ret_rows, ret_n,
				 e);
}

enum rc smart_record_get(struct core *c, int64_t record_id, struct smart_record_row *ret,
			 struct error *e)
{
	struct smart_scope scope = smart_scope_of(c);
	const struct smart_record_row *rows;
	bool is_student = c->who->role == ROLE_STUDENT;
	size_t n;

	scope.all = scope.all || is_student;
	TRY(smart_record_rows(c->db, SMART_OF_RECORD, record_id, &scope, 1, c->arena, &rows, &n,
			      e));
	if (!n || (is_student && rows[0].person_id != c->who->person_id))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "record %lld",
			     (long long)record_id);
	*ret = rows[0];
	return RC_OK;
}

static enum rc record_of(struct core *c, int64_t occurrence_id, int64_t person_id,
			 struct smart_record_row *ret, struct error *e)
{
	const struct smart_record_row *rows;
	size_t n;

	TRY(smart_records(c, SMART_OF_OCCURRENCE, occurrence_id, REGISTER_MARK_MAX, &rows, &n, e));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].person_id != person_id)
			continue;
		*ret = rows[i];
		return RC_OK;
	}
	return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no record of person %lld",
		     (long long)person_id);
}

enum rc smart_record_set(struct core *c, int64_t occurrence_id, const struct register_mark *mark,
			 bool over, struct smart_record_row *ret, struct error *e)
{
	struct register_mark one = *mark;
	struct register_done done;
	struct smart_session s;

	TRY(smart_session_get(c, occurrence_id, &s, e));
	if (!s.is_there)
		TRY(smart_activate(c, occurrence_id, &s, e));
	one.version = over ? REGISTER_ANY : 0;
	TRY(register_set(c, s.row.attendance_id, &one, 1, STR("contract 000"), &done, e));
	return record_of(c, occurrence_id, mark->person_id, ret, e);
}

/* ---- sums ---------------------------------------------------------------------------------------
 */

static int64_t or_zero(int64_t v)
{
	return v == COLUMN_NULL ? 0 : v;
}

static void without_nulls(struct smart_counts *n)
{
	n->n_present = or_zero(n->n_present);
	n->n_late = or_zero(n->n_late);
	n->n_excused = or_zero(n->n_excused);
	n->n_absent = or_zero(n->n_absent);
	n->late_min = or_zero(n->late_min);
	n->absent_hours = or_zero(n->absent_hours);
}

int32_t smart_today(const struct core *c)
{
	return core_wall(c, (struct str){ 0 }, c->now_us).day;
}

int32_t smart_week_start(const struct core *c)
{
	int32_t today = smart_today(c);

	return today - (day_weekday(today) + 6) % 7;
}

static int32_t first_day(const struct core *c, int64_t days)
{
	return days == 0 ? 0 : smart_today(c) - (int32_t)days;
}

enum rc smart_counts_get(struct core *c, int64_t person_id, int64_t days, struct smart_counts *ret,
			 struct error *e)
{
	struct smart_scope scope;

	TRY(scope_for(c, SMART_OF_PERSON, person_id, &scope, e));
	TRY(smart_counts_of(c->db, person_id, first_day(c, days), &scope, c->arena, ret, e));
	without_nulls(ret);
	return RC_OK;
}

enum rc smart_class_counts_get(struct core *c, struct str class_name, int64_t days,
			       struct smart_counts *ret, struct error *e)
{
	const struct smart_scope scope = smart_scope_of(c);

	TRY(smart_class_counts(c->db, class_name, first_day(c, days), &scope, c->arena, ret, e));
	without_nulls(ret);
	return RC_OK;
}

/* ---- lists --------------------------------------------------------------------------------------
 */

enum rc smart_profile(struct core *c, struct smart_student_row *ret, struct error *e)
{
	if (c->who->person_id == COLUMN_NULL)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "an account without a person");
	return smart_student_row(c->db, c->who->person_id, smart_today(c), c->arena, ret, e);
}

enum rc smart_expected(struct core *c, int32_t from_day, int32_t to_day, bool with_past,
		       size_t limit, const struct smart_listed_row **ret_rows, size_t *ret_n,
		       struct error *e)
{
	return smart_expected_rows(c->db, c->who->person_id, from_day, to_day,
				   with_past ? 0 : c->now_us, (int64_t)limit, c->arena, ret_rows,
				   ret_n, e);
}

enum rc smart_held(struct core *c, bool upcoming, int64_t page, int64_t limit,
		   const struct smart_listed_row **ret_rows, size_t *ret_n, struct error *e)
{
	if (page < 1 || page > PAGE_MAX)
		return ERROR_FIELD(e, "page", page < 1 ? REASON_TOO_SMALL : REASON_TOO_LARGE,
				   page < 1 ? 1 : PAGE_MAX);
	return smart_held_rows(c->db, c->who->person_id, upcoming ? c->now_us : NO_TIME,
			       (page - 1) * limit, limit, c->arena, ret_rows, ret_n, e);
}

enum rc smart_held_totals(struct core *c, struct smart_held_stats *ret, struct error *e)
{
	TRY(smart_held_stats(c->db, c->who->person_id, smart_week_start(c), c->arena, ret, e));
	ret->n_sessions = or_zero(ret->n_sessions);
	ret->n_week = or_zero(ret->n_week);
	ret->n_students = or_zero(ret->n_students);
	ret->n_records = or_zero(ret->n_records);
	ret->n_present = or_zero(ret->n_present);
	return RC_OK;
}

enum rc smart_class_of(struct core *c, int64_t occurrence_id,
		       const struct smart_student_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct smart_session s;

	TRY(smart_session_get(c, occurrence_id, &s, e));
	return smart_class_rows(c->db, occurrence_id, c->arena, ret_rows, ret_n, e);
}
