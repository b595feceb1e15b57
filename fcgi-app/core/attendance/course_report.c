/*
 * Attendance of a course over a time.
 */
#include "core/attendance/course_report.h"

#include "core/rights.h"

static int64_t percent_of(const struct status_set *set, const int64_t n[MARK__MAX])
{
	int64_t points = 0, counted = 0;

	for (enum mark m = MARK_PRESENT; m < MARK__MAX; m++) {
		if (!set->v[m].is_counted)
			continue;
		points += n[m] * set->v[m].points;
		counted += n[m];
	}
	return counted > 0 ? points / counted : -1;
}

static enum rc read_rows(struct core *c, int32_t from_day, int32_t to_day,
			 struct course_report *ret, struct error *e)
{
	const struct course_count_row *stored;
	struct course_report_row *rows;
	struct status_set set;
	size_t n;

	TRY(status_set_get(c, &set, e));
	TRY(course_counts(c->db, ret->course_id, from_day, to_day, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct course_report_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		rows[i] = (struct course_report_row){
			.person_id = stored[i].person_id,
			.given_name = stored[i].given_name,
			.family_name = stored[i].family_name,
			.student_code = stored[i].student_code,
			.n = { [MARK_NONE] = stored[i].n_unmarked,
			       [MARK_PRESENT] = stored[i].n_present,
			       [MARK_LATE] = stored[i].n_late,
			       [MARK_EXCUSED] = stored[i].n_excused,
			       [MARK_ABSENT] = stored[i].n_absent },
		};
		rows[i].percent = percent_of(&set, rows[i].n);
	}
	ret->rows = rows;
	ret->n_rows = n;
	return RC_OK;
}

enum rc course_report_head(struct core *c, int64_t course_id, int32_t from_day, int32_t to_day,
			   struct course_report *ret, struct error *e)
{
	struct subject subject = { .teacher_id = COLUMN_NULL, .owner_id = COLUMN_NULL };
	struct course_head head;
	struct status_set set;
	struct policy policy;

	if (!who_is_staff(c->who))
		return ERROR(e, RC_DENIED, REASON_DENIED, "role %s", role_name(c->who->role));
	if (from_day != NO_DAY && to_day != NO_DAY && to_day < from_day)
		return ERROR_FIELD(e, "to", REASON_END_BEFORE_START, 0);
	TRY(course_head_read(c->db, course_id, c->who->person_id, from_day, to_day, c->arena, &head,
			     e));
	subject.branch_id = head.branch_id;
	if (head.is_teacher)
		subject.teacher_id = c->who->person_id;
	TRY(rights_check(c->who, ACTION_ATTENDANCE_SEE, &subject, e));
	TRY(status_set_get(c, &set, e));
	TRY(policy_in_force(c->db, c->arena, head.branch_id, course_id, &policy, e));
	*ret = (struct course_report){ .course_id = course_id,
				       .branch_id = head.branch_id,
				       .code = head.code,
				       .title = head.title,
				       .n_sessions = head.n_sessions,
				       .aim_percent = policy.aim_percent,
				       .counts_excused = set.v[MARK_EXCUSED].is_counted };
	return RC_OK;
}

enum rc course_report(struct core *c, int64_t course_id, int32_t from_day, int32_t to_day,
		      struct course_report *ret, struct error *e)
{
	struct course_report head;

	TRY(course_report_head(c, course_id, from_day, to_day, &head, e));
	TRY(read_rows(c, from_day, to_day, &head, e));
	*ret = head;
	return RC_OK;
}

enum rc expected_list(struct core *c, int64_t occurrence_id, const struct expected_row **ret_rows,
		      size_t *ret_n, struct error *e)
{
	return expected_rows(c->db, occurrence_id, c->arena, ret_rows, ret_n, e);
}
