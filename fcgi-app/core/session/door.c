/*
 * Rows for the 004 door: occurrences and completions in its columns.
 */
#include "core/session/change.h"
#include "core/session/completion.h"
#include "core/wall.h"

static enum rc today_of(struct core *c, int64_t *ret_from_at, int64_t *ret_to_at, struct error *e)
{
	int32_t today = core_wall(c, (struct str){ NULL, 0 }, c->now_us).day;
	const struct zone *zone;

	TRY(zones_get(c->zones, c->who->zone, &zone, e));
	*ret_from_at = zone_to_utc(zone, today, 0, NULL);
	*ret_to_at = zone_to_utc(zone, today + 1, 0, NULL);
	return RC_OK;
}

enum rc session_occurrences(struct core *c, enum session_scope scope, size_t limit,
			    const struct session_occurrence **ret_rows, size_t *ret_n,
			    struct error *e)
{
	int64_t from = us_from_day_tod(day_from_ymd((struct ymd){ 1000, 1, 1 }), 0);
	int64_t to = us_from_day_tod(day_from_ymd((struct ymd){ 9999, 12, 31 }), 0);
	const struct occurrence_door_row *stored;
	struct session_occurrence *rows;
	enum occurrence_seen seen;
	int64_t seen_id, today_from, today_to;
	size_t n;

	BUG(limit < 1 || limit > 5000);
	TRY(session_seen(c, &seen, &seen_id, e));
	TRY(today_of(c, &today_from, &today_to, e));
	if (scope != SESSION_SCOPE_ALL)
		from = today_from;
	if (scope == SESSION_SCOPE_TODAY)
		to = today_to;
	TRY(occurrence_door(c->db, seen, seen_id, from, to, limit, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct session_occurrence);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		const struct occurrence_door_row *o = &stored[i];

		rows[i] = (struct session_occurrence){
			o->occurrence_id,    o->schedule_id,   o->session_date,   o->start_time,
			o->end_time,         o->batch_id,      o->batch_title,    o->branch_id,
			o->completion_count, o->latest_status, o->last_completed, o->zone,
		};
	}
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

static struct completion_row row_of(const struct completion_door_row *r)
{
	return (struct completion_row){
		.id = r->id,
		.occurrence_id = r->occurrence_id,
		.schedule_id = r->schedule_id,
		.batch_id = r->batch_id,
		.faculty_id = r->faculty_id,
		.employee_id = r->employee_id,
		.actual_start_time = r->actual_start_time,
		.actual_end_time = r->actual_end_time,
		.completion_code = r->completion_code,
		.notes = r->notes,
		.state = r->state,
		.completed_by = r->completed_by,
		.completed_at = r->completed_at,
		.created_at = r->created_at,
		.updated_at = r->updated_at,
		.batch_title = r->batch_title,
		.zone = r->zone,
		.session_date = r->session_date,
		.scheduled_start = r->scheduled_start,
		.scheduled_end = r->scheduled_end,
		.attachment_count = r->attachment_count,
		.note_count = r->note_count,
		.completed_by_name = r->completed_by_name,
		.faculty_name = r->faculty_name,
		.employee_name = r->employee_name,
		.version = r->version,
	};
}

static enum rc rows_of(struct core *c, const struct completion_door_row *stored, size_t n,
		       const struct completion_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct completion_row *rows = ARENA_ARRAY(c->arena, n, struct completion_row);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = row_of(&stored[i]);
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

enum rc completion_list(struct core *c, size_t limit, const struct completion_row **ret_rows,
			size_t *ret_n, struct error *e)
{
	const struct completion_door_row *stored;
	enum occurrence_seen seen;
	int64_t seen_id;
	size_t n;

	BUG(limit < 1 || limit > 5000);
	TRY(session_seen(c, &seen, &seen_id, e));
	TRY(completion_door(c->db, seen, seen_id, c->who->account_id, limit, c->arena, &stored, &n,
			    e));
	return rows_of(c, stored, n, ret_rows, ret_n, e);
}

enum rc completion_get(struct core *c, int64_t completion_id, struct completion_row *ret,
		       struct error *e)
{
	struct completion_door_row row;
	struct occurrence_row o;

	TRY(completion_door_get(c->db, completion_id, c->arena, &row, e));
	TRY(session_read(c, c->db, row.occurrence_id, ACTION_SESSION_SEE, &o, e));
	*ret = row_of(&row);
	return RC_OK;
}

enum rc completion_by_occurrence(struct core *c, int64_t occurrence_id,
				 const struct completion_row **ret_rows, size_t *ret_n,
				 struct error *e)
{
	const struct completion_door_row *stored;
	struct occurrence_row o;
	size_t n;

	TRY(session_read(c, c->db, occurrence_id, ACTION_SESSION_SEE, &o, e));
	TRY(completion_door_of(c->db, occurrence_id, c->arena, &stored, &n, e));
	return rows_of(c, stored, n, ret_rows, ret_n, e);
}
