/*
 * Attendance over sessions: rows and rates.  See register.h.
 */
#include "core/attendance/register.h"

#include "core/session/change.h"
#include "core/wall.h"
#include "store/history.h"

#define LIMIT_MAX 20000

/* A student sees their own, staff what they see of sessions. */
static enum rc scope_of(const struct core *c, int64_t person_id, struct history_filter *f,
			struct error *e)
{
	const struct who *w = c->who;
	enum occurrence_seen seen;
	int64_t seen_id;

	if (!who_is_staff(w) && w->role != ROLE_NONE && person_id && person_id == w->person_id)
		return RC_OK;
	TRY(session_seen(c, &seen, &seen_id, e));
	if (seen == OCCURRENCE_SEEN_BRANCH)
		f->seen_branch_id = seen_id;
	else if (seen == OCCURRENCE_SEEN_PERSON)
		f->seen_person_id = seen_id;
	return RC_OK;
}

static struct history_row row_of(const struct core *c, const struct history_stored *t)
{
	return (struct history_row){
		.attendance_id = t->attendance_id,
		.occurrence_id = t->occurrence_id,
		.course_id = t->course_id,
		.person_id = t->person_id,
		.title = t->title,
		.course_code = t->course_code,
		.course_title = t->course_title,
		.student_name = str_trim(arena_printf(c->arena, "%.*s %.*s", STR_ARG(t->given_name),
						      STR_ARG(t->family_name))),
		.student_code = t->student_code,
		.session_date = t->session_date,
		.start_tod = t->planned_start != NO_DAY ? t->planned_start
							: core_wall(c, t->zone, t->opens_at).tod,
		.mark = mark_from(t->status),
		.is_closed = str_eq(t->state, STR("closed")),
		.late_s = t->late_s,
		.happened_at = t->happened_at,
		.method = t->method,
		.remark = t->remark,
	};
}

enum rc history_list(struct core *c, const struct history_query *q,
		     const struct history_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct history_filter f = { .person_id = q->person_id,
				    .course_id = q->course_id,
				    .from_day = q->from_day,
				    .to_day = q->to_day,
				    .limit = q->limit };
	const struct history_stored *stored;
	struct history_row *rows;
	size_t n;

	BUG(q->limit == 0 || q->limit > LIMIT_MAX);
	TRY(scope_of(c, q->person_id, &f, e));
	if (!q->person_id && !q->course_id)
		return ERROR_FIELD(e, "course_id", REASON_REQUIRED, 0);
	TRY(history_rows(c->db, &f, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct history_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		rows[i] = row_of(c, &stored[i]);
		if (!rows[i].student_name.p)
			return ERROR_MEMORY(e);
	}
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

/* ---- rates ---------------------------------------------------------------------------------- */

static void add_count(struct history_rate *r, const struct history_count *t,
		      const struct status_set *set)
{
	enum mark m = mark_from(t->status);

	r->n[m] += t->n;
	if (m == MARK_NONE || !set->v[m].is_counted)
		return;
	r->n_counted += t->n;
	r->points += t->n * set->v[m].points;
}

static int64_t or_built_in(int64_t aim_percent)
{
	return aim_percent == COLUMN_NULL ? policy_built_in.aim_percent : aim_percent;
}

/* Points are hundredths of a session, so that points by session are percent. */
static void finish(struct history_rate *r, const struct status_set *set)
{
	const struct status_row *present = &set->v[MARK_PRESENT];
	int64_t n_next = r->n_counted + present->is_counted;
	int64_t points_next = r->points + (present->is_counted ? present->points : 0);

	r->percent = r->n_counted ? r->points / r->n_counted : -1;
	r->percent_if_next = n_next ? points_next / n_next : -1;
}

/* Rows of one course stand together; those of no course count in the total alone. */
static enum rc sum_up(struct core *c, const struct history_count *counts, size_t n,
		      const struct history_rate **ret_rows, size_t *ret_n, struct error *e)
{
	struct history_rate *rates = ARENA_ARRAY(c->arena, n + 1, struct history_rate);
	struct status_set set;
	size_t n_rates = 1;

	if (!rates)
		return ERROR_MEMORY(e);
	TRY(status_set_get(c, &set, e));
	rates[0].course_id = COLUMN_NULL;
	rates[0].aim_percent = or_built_in(n ? counts[0].branch_aim_percent : COLUMN_NULL);
	for (size_t i = 0; i < n; i++) {
		const struct history_count *t = &counts[i];

		add_count(&rates[0], t, &set);
		if (t->course_id == COLUMN_NULL)
			continue;
		if (rates[n_rates - 1].course_id != t->course_id)
			rates[n_rates++] = (struct history_rate){
				.course_id = t->course_id,
				.course_code = t->course_code,
				.course_title = t->course_title,
				.aim_percent = or_built_in(t->aim_percent),
			};
		add_count(&rates[n_rates - 1], t, &set);
	}
	for (size_t i = 0; i < n_rates; i++)
		finish(&rates[i], &set);
	*ret_rows = rates;
	*ret_n = n_rates;
	return RC_OK;
}

enum rc history_rates(struct core *c, int64_t person_id, const struct history_rate **ret_rows,
		      size_t *ret_n, struct error *e)
{
	struct history_filter f = { .person_id = person_id ? person_id : c->who->person_id };
	const struct history_count *counts;
	size_t n;

	TRY(scope_of(c, f.person_id, &f, e));
	TRY(history_counts(c->db, &f, c->arena, &counts, &n, e));
	return sum_up(c, counts, n, ret_rows, ret_n, e);
}
