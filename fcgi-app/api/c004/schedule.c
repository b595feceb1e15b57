/*
 * api/schedule_batch.php (contracts 5.4): staff read, admins write.
 *
 * Every change regenerates without losing what happened: core/schedule/schedule.h.  004 knows one
 * time slot: of several the first is shown and changed here, the others stay.  It also knows
 * no warning, so clashes are counted in the log and do not stop it.
 */
#include "api/c004/c004.h"
#include "api/c004/door.h"
#include "api/c004/render.h"
#include "api/c004/schedule_form.h"

#define LIST_MAX 2000 /* newest first */

/* ---- reading -------------------------------------------------------------------------- */

static enum rc list(struct req *q, struct resp *r, struct error *e)
{
	const struct schedule_row *rows;
	int64_t batch_id;
	struct json_out o;
	size_t n;

	TRY(c004_optional_id(req_raw(q, "batch_id"), "batch_id", &batch_id, e));
	TRY(schedule_list(&q->core, batch_id == COLUMN_NULL ? 0 : batch_id, LIST_MAX, &rows, &n,
			  e));
	o = c004_data(r, NULL);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		c004_schedule(&o, &q->core, &rows[i]);
	json_out_array_end(&o);
	return c004_end(&o);
}

struct id_in {
	int64_t id;
};
FIELDS(c004_schedule_id_fields, id_in, FIELD(ID, id_in, id, ANY, .required = true));

static enum rc get(struct req *q, struct resp *r, struct error *e)
{
	struct schedule_row row;
	struct json_out o;
	struct id_in in;

	TRY(req_read_as(q, &c004_schedule_id_fields, &in, e));
	TRY(schedule_get(&q->core, in.id, &row, e));
	o = c004_data(r, NULL);
	c004_schedule(&o, &q->core, &row);
	return c004_end(&o);
}

struct meta_in {
	int64_t batch_id;
};
FIELDS(c004_meta_fields, meta_in, FIELD(ID, meta_in, batch_id, ANY));

/* A batch that does not exist, or may not be seen, offers nothing to choose. */
static enum rc batch_meta(struct req *q, struct resp *r, struct error *e)
{
	struct schedule_meta meta = { .primary_teacher_id = COLUMN_NULL };
	struct json_out o;
	struct meta_in in;
	enum rc rc = RC_NOT_FOUND;

	TRY(req_read_as(q, &c004_meta_fields, &in, e));
	if (in.batch_id)
		rc = schedule_meta(&q->core, in.batch_id, &meta, e);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	o = c004_data(r, NULL);
	c004_meta(&o, &meta);
	return c004_end(&o);
}

/* ---- changing --------------------------------------------------------------------------- */

static enum rc create(struct req *q, struct resp *r, struct error *e)
{
	struct schedule_in in = { .start_tod = NO_DAY, .end_tod = NO_DAY };
	struct schedule_effect effect;
	struct schedule_form form;
	int64_t id;

	in.rule.from_day = in.rule.to_day = NO_DAY;
	TRY(req_read_as(q, &schedule_form_fields, &form, e));
	TRY(schedule_form_apply(q, &form, &in, e));
	TRY(schedule_create(&q->core, &in, &id, &effect, e));
	return c004_say_id(r, "Schedule created", "id", id);
}

static int64_t or_zero(int64_t id)
{
	return id == COLUMN_NULL ? 0 : id;
}

/* The stored schedule, to be written over. */
static struct schedule_in in_of(const struct schedule_row *row)
{
	return (struct schedule_in){
		.class_id = row->class_id,
		.course_id = or_zero(row->course_id),
		.teacher_id = or_zero(row->teacher_id),
		.title = row->title,
		.room = row->room,
		.room_id = or_zero(row->room_id),
		.more = row->more,
		.n_more = row->n_more,
		.rule = { .kind = row->recurrence,
			  .from_day = row->start_date,
			  .to_day = row->end_date,
			  .weekdays = row->weekdays,
			  .day_of_month = (int)or_zero(row->day_of_month) },
		.start_tod = row->start_tod,
		.end_tod = row->end_tod,
		.subject_ids = row->subject_ids,
		.student_ids = row->student_ids,
		.notes = row->notes,
		.is_inactive = row->is_inactive,
	};
}

static enum rc update(struct req *q, struct resp *r, struct error *e)
{
	struct schedule_effect effect;
	struct schedule_form form;
	struct schedule_row row;
	struct schedule_in in;

	TRY(req_read_as(q, &schedule_form_fields, &form, e));
	if (!form.id)
		return ERROR_FIELD(e, "id", REASON_REQUIRED, 0);
	TRY(schedule_get(&q->core, form.id, &row, e));
	in = in_of(&row);
	TRY(schedule_form_apply(q, &form, &in, e));
	/* A title that was the class's name follows the class. */
	if (in.class_id != row.class_id && str_eq(in.title, row.class_name))
		in.title = (struct str){ NULL, 0 };
	TRY(schedule_update(&q->core, form.id, &in, &effect, e));
	return c004_say_id(r, "Schedule updated", "id", form.id);
}

static enum rc end(struct req *q, struct resp *r, struct error *e)
{
	struct schedule_effect effect;
	struct id_in in;

	TRY(req_read_as(q, &c004_schedule_id_fields, &in, e));
	TRY(schedule_delete(&q->core, in.id, &effect, e));
	return c004_say_id(r, "Schedule deleted", "id", in.id);
}

/* ---- the table ------------------------------------------------------------------------------ */

static const struct c004_action actions[] = {
	{ "list", false, list, "Failed to list schedules", NULL },
	{ "get", false, get, "Schedule not found", NULL },
	{ "batch_meta", false, batch_meta, "Batch not found", NULL },
	{ "create", true, create, "Failed to create", NULL },
	{ "update", true, update, "Failed to update", NULL },
	{ "delete", true, end, "Failed to delete", NULL },
};
const struct c004_actions c004_schedule_actions = { actions, ARRAY_LEN(actions), true };

enum rc c004_schedule_batch(struct req *q, struct resp *r, struct error *e)
{
	return c004_run(q, r, &c004_schedule_actions, e);
}
