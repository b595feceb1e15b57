/*
 * The register as it is shown, and the history of one student in it.  See register.h.
 */
#include "core/attendance/register_row.h"

#define HISTORY_MAX 200

static int64_t or_zero(int64_t id)
{
	return id == COLUMN_NULL ? 0 : id;
}

static struct register_row row_of(const struct register_stored *t)
{
	return (struct register_row){
		.person_id = t->person_id,
		.given_name = t->given_name,
		.family_name = t->family_name,
		.student_code = t->student_code,
		.section_name = t->section_name,
		.is_expected = t->is_expected == 1,
		.mark = mark_from(t->status),
		.record_id = or_zero(t->record_id),
		.version = register_version(t->record_id, t->version),
		.method = t->method,
		.happened_at = t->happened_at,
		.updated_at = t->updated_at,
		.late_s = t->late_s,
		.remark = t->remark,
		.set_by_name = t->set_by_name,
		.open_attempt_id = or_zero(t->open_attempt_id),
	};
}

static enum rc put_guests(struct core *c, int64_t attendance_id, struct register_list *out,
			  struct error *e)
{
	const struct register_guest_stored *stored;
	struct register_guest *guests;
	size_t n;

	TRY(register_guest_rows(c->db, attendance_id, c->arena, &stored, &n, e));
	guests = ARENA_ARRAY(c->arena, n, struct register_guest);
	if (!guests)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		guests[i] = (struct register_guest){ stored[i].id, stored[i].name, stored[i].remark,
						     stored[i].merged_name, stored[i].person_id };
	out->guests = guests;
	out->n_guests = n;
	return RC_OK;
}

enum rc register_get(struct core *c, const struct attendance *s, struct register_list *ret,
		     struct error *e)
{
	const struct register_stored *stored;
	struct register_list out = { 0 };
	struct register_row *rows;
	size_t n;

	TRY(register_rows(c->db, s->id, s->roster == ROSTER_COURSE && s->class_id == COLUMN_NULL,
			  c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct register_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		rows[i] = row_of(&stored[i]);
		out.n[rows[i].mark]++;
		out.n_flagged += rows[i].open_attempt_id != 0;
	}
	out.rows = rows;
	out.n_rows = n;
	TRY(put_guests(c, s->id, &out, e));
	*ret = out;
	return RC_OK;
}

/* RC_NOT_FOUND unless the viewer sees the session. */
static enum rc need_seen(struct core *c, int64_t attendance_id, struct error *e)
{
	struct attendance ignored;

	return attendance_see(c, attendance_id, &ignored, e);
}

enum rc register_history(struct core *c, int64_t attendance_id, int64_t person_id,
			 const struct register_change **ret_rows, size_t *ret_n, struct error *e)
{
	const struct register_history_stored *stored;
	struct register_state before, after;
	struct register_change *rows;
	size_t n;

	TRY(need_seen(c, attendance_id, e));
	TRY(register_history_rows(c->db, attendance_id, person_id, HISTORY_MAX, c->arena, &stored,
				  &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct register_change);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		TRY(register_state_read(stored[i].old_row, c->arena, &before, e));
		TRY(register_state_read(stored[i].new_row, c->arena, &after, e));
		rows[i] = (struct register_change){ .at = stored[i].at,
						    .by_name = stored[i].by_name,
						    .old_mark = before.mark,
						    .new_mark = after.mark,
						    .why = stored[i].why,
						    .is_undone = stored[i].is_undone == 1 };
	}
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

enum rc register_of_record(struct core *c, int64_t record_id, int64_t *ret_attendance_id,
			   int64_t *ret_person_id, struct error *e)
{
	struct register_record row;

	TRY(register_record_read(c->db, record_id, c->arena, &row, e));
	TRY(need_seen(c, row.attendance_id, e));
	*ret_attendance_id = row.attendance_id;
	*ret_person_id = row.person_id;
	return RC_OK;
}
