/* Reading a schedule; see schedule_form.h. */
#include "api/c004/schedule_form.h"

#include "api/c004/door.h"
#include "base/num.h"

#define IDS_MAX      1000  /* subjects or students of one schedule */
#define LIST_TEXT    20000 /* characters of a list written as JSON */
#define JSON_ID_MAX  ((INT64_C(1) << 53) - 1)
#define LAST_WEEKDAY 6

FIELDS(schedule_form_fields, schedule_form, FIELD(ID, schedule_form, id, ANY),
       FIELD(TEXT, schedule_form, branch_id, ANY), FIELD(TEXT, schedule_form, batch_id, ANY),
       FIELD(TEXT, schedule_form, faculty_id, ANY),
       FIELD(LIST, schedule_form, faculty_ids, ANY, .max = LIST_TEXT),
       FIELD(LIST, schedule_form, weekdays, ANY, .max = LIST_TEXT),
       FIELD(LIST, schedule_form, subject_ids, ANY, .max = LIST_TEXT),
       FIELD(LIST, schedule_form, student_ids, ANY, .max = LIST_TEXT),
       FIELD(TEXT, schedule_form, recurrence, ANY), FIELD(TEXT, schedule_form, status, ANY),
       FIELD(TEXT, schedule_form, title, ANY, .max = SCHEDULE_TITLE_MAX),
       FIELD(TEXT, schedule_form, room, ANY, .max = SCHEDULE_ROOM_MAX),
       FIELD(LONG_TEXT, schedule_form, notes, ANY, .max = SCHEDULE_NOTES_MAX),
       FIELD(DAY, schedule_form, start_date, ANY), FIELD(DAY, schedule_form, end_date, ANY),
       FIELD(TOD, schedule_form, start_time, ANY), FIELD(TOD, schedule_form, end_time, ANY),
       FIELD(INT, schedule_form, day_of_week, ANY, .max = LAST_WEEKDAY, .fallback = COLUMN_NULL),
       FIELD(INT, schedule_form, day_of_month, ANY, .min = 1, .max = 31, .fallback = COLUMN_NULL));

/* ---- lists of numbers ----------------------------------------------------------------- */

struct numbers {
	int64_t v[IDS_MAX];
	size_t n;
	int64_t min, max;
};

static bool add_number(struct numbers *to, int64_t v)
{
	if (v < to->min || v > to->max || to->n == IDS_MAX)
		return false;
	to->v[to->n++] = v;
	return true;
}

static bool add_text(struct numbers *to, struct str text)
{
	int64_t v;

	return num_i64(str_trim(text), to->min, to->max, &v) && add_number(to, v);
}

/* "[1,2]" or "[\"1\",\"2\"]". */
static bool add_json(struct numbers *to, struct arena *a, struct str text)
{
	struct json_t *list;
	struct error ignored;
	struct str item;
	int64_t v;

	error_init(&ignored);
	if (json_read(text, text.n, a, &list, &ignored) != RC_OK ||
	    json_kind(list) != JSON_KIND_ARRAY)
		return false;
	for (size_t i = 0; i < json_items(list); i++) {
		const struct json_t *one = json_item(list, i);

		if (json_as_i64(one, to->min, to->max, &v)
			    ? !add_number(to, v)
			    : !json_as_str(one, &item) || !add_text(to, item))
			return false;
	}
	return true;
}

/* *ret lives in the arena. */
static enum rc read_numbers(struct req *q, const struct field_list *list, const char *field,
			    int64_t min, int64_t max, const struct numbers **ret, struct error *e)
{
	struct numbers *to = ARENA_NEW(q->core.arena, struct numbers);

	if (!to)
		return ERROR_MEMORY(e);
	to->min = min;
	to->max = max;
	for (size_t i = 0; i < list->n; i++)
		if (str_starts(list->v[i], STR("[")) ? !add_json(to, q->core.arena, list->v[i])
						     : !add_text(to, list->v[i]))
			return ERROR_FIELD(e, field, REASON_NOT_A_CHOICE, 0);
	*ret = to;
	return RC_OK;
}

/* Was it sent, as a list or as one? */
static bool has_list(const struct req *q, const char *name, const char *as_list)
{
	return req_has(q, name) || req_has(q, as_list);
}

static enum rc apply_ids(struct req *q, const struct field_list *list, const char *field,
			 const char *as_list, struct str *ret_json, struct error *e)
{
	const struct numbers *ids;
	struct json_out o;
	struct buf b;

	if (!has_list(q, field, as_list))
		return RC_OK;
	TRY(read_numbers(q, list, field, 1, JSON_ID_MAX, &ids, e));
	buf_init(&b, q->core.arena, 64, LIST_TEXT * 2);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < ids->n; i++)
		json_out_i64(&o, ids->v[i]);
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret_json = buf_str(&b);
	return RC_OK;
}

/* ---- who and when ------------------------------------------------------------------------- */

/* The first of faculty_ids, else faculty_id: an account. */
static enum rc apply_teacher(struct req *q, const struct schedule_form *f, struct schedule_in *in,
			     struct error *e)
{
	int64_t account = COLUMN_NULL, person;
	const struct numbers *ids;
	enum rc rc;

	if (!has_list(q, "faculty_ids", "faculty_ids[]") && !req_has(q, "faculty_id"))
		return RC_OK;
	TRY(read_numbers(q, &f->faculty_ids, "faculty_ids", 1, JSON_ID_MAX, &ids, e));
	if (ids->n)
		account = ids->v[0];
	else
		TRY(c004_optional_id(f->faculty_id, "faculty_id", &account, e));
	in->teacher_id = 0;
	if (account == COLUMN_NULL)
		return RC_OK;
	rc = schedule_person_of_account(&q->core, account, &person, e);
	if (rc == RC_NOT_FOUND)
		return ERROR_FIELD(e, "faculty_id", REASON_NOT_A_CHOICE, 0);
	TRY(rc);
	in->teacher_id = person;
	return RC_OK;
}

static enum rc apply_weekdays(struct req *q, const struct schedule_form *f, struct schedule_in *in,
			      struct error *e)
{
	const struct numbers *days;
	unsigned set = 0;

	if (!has_list(q, "weekdays", "weekdays[]") && f->day_of_week == COLUMN_NULL)
		return RC_OK;
	TRY(read_numbers(q, &f->weekdays, "weekdays", 0, LAST_WEEKDAY, &days, e));
	for (size_t i = 0; i < days->n; i++)
		set |= 1U << days->v[i];
	if (set == 0 && f->day_of_week != COLUMN_NULL)
		set = 1U << f->day_of_week;
	in->rule.weekdays = set;
	return RC_OK;
}

static enum rc apply_rule(struct req *q, const struct schedule_form *f, struct schedule_in *in,
			  struct error *e)
{
	if (f->recurrence.n && !recurrence_from(f->recurrence, &in->rule.kind))
		return ERROR_FIELD(e, "recurrence", REASON_NOT_A_CHOICE, 0);
	if (f->start_date != NO_DAY)
		in->rule.from_day = f->start_date;
	if (f->end_date != NO_DAY)
		in->rule.to_day = f->end_date;
	if (f->day_of_month != COLUMN_NULL)
		in->rule.day_of_month = (int)f->day_of_month;
	if (f->start_time != NO_DAY)
		in->start_tod = f->start_time;
	if (f->end_time != NO_DAY)
		in->end_tod = f->end_time;
	return apply_weekdays(q, f, in, e);
}

/* ---- all of it ---------------------------------------------------------------------------- */

static enum rc apply_place(struct req *q, const struct schedule_form *f, struct schedule_in *in,
			   struct error *e)
{
	int64_t batch, branch;

	TRY(c004_optional_id(f->batch_id, "batch_id", &batch, e));
	TRY(c004_optional_id(f->branch_id, "branch_id", &branch, e));
	if (batch != COLUMN_NULL)
		in->class_id = batch;
	in->branch_id = branch != COLUMN_NULL ? branch : 0;
	if (req_has(q, "title"))
		in->title = f->title;
	if (req_has(q, "room")) {
		in->room = f->room;
		in->room_id = 0; /* the one that is called so, if there is one */
	}
	if (req_has(q, "notes"))
		in->notes = f->notes;
	return RC_OK;
}

enum rc schedule_form_apply(struct req *q, const struct schedule_form *f, struct schedule_in *in,
			    struct error *e)
{
	TRY(apply_place(q, f, in, e));
	TRY(apply_teacher(q, f, in, e));
	TRY(apply_rule(q, f, in, e));
	TRY(apply_ids(q, &f->subject_ids, "subject_ids", "subject_ids[]", &in->subject_ids, e));
	TRY(apply_ids(q, &f->student_ids, "student_ids", "student_ids[]", &in->student_ids, e));
	if (f->status.n) {
		in->is_inactive = str_eq(f->status, STR("inactive"));
		if (!in->is_inactive && !str_eq(f->status, STR("active")))
			return ERROR_FIELD(e, "status", REASON_NOT_A_CHOICE, 0);
	}
	return RC_OK;
}
