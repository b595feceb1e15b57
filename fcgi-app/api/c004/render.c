/* Rows as the 004 contract spells them; see render.h. */
#include "api/c004/render.h"

#include "core/wall.h"

static void key_id(struct json_out *o, const char *key, int64_t id)
{
	if (id == COLUMN_NULL)
		json_out_key_null(o, key);
	else
		json_out_key_i64(o, key, id);
}

static void key_text(struct json_out *o, const char *key, struct str text)
{
	if (text.p == NULL)
		json_out_key_null(o, key);
	else
		json_out_key_str(o, key, text);
}

static void key_day(struct json_out *o, const char *key, int32_t day)
{
	char text[11];

	if (day == NO_DAY)
		json_out_key_null(o, key);
	else
		json_out_key_str(o, key, day_format(day, text));
}

static void key_tod(struct json_out *o, const char *key, int32_t tod)
{
	char text[9];

	if (tod == NO_DAY)
		json_out_key_null(o, key);
	else
		json_out_key_str(o, key, tod_format(tod, text));
}

static void key_instant(struct json_out *o, const char *key, const struct core *c, struct str zone,
			int64_t us)
{
	struct wall w = core_wall(c, zone, us);
	char text[20];

	if (us == NO_TIME) {
		json_out_key_null(o, key);
		return;
	}
	day_format(w.day, text);
	text[10] = ' ';
	tod_format(w.tod, text + 11);
	json_out_key_str(o, key, str_from(text));
}

struct str c004_status(struct str state)
{
	if (str_eq(state, STR("checked")))
		return STR("completed");
	if (str_eq(state, STR("returned")))
		return STR("pending");
	return state;
}

static const char *file_class_word(enum file_class class)
{
	static const char *const words[FILE_CLASS__MAX] = {
		[FILE_CLASS_PDF] = "pdf",     [FILE_CLASS_VIDEO] = "video",
		[FILE_CLASS_AUDIO] = "audio", [FILE_CLASS_DOCUMENT] = "document",
		[FILE_CLASS_IMAGE] = "image",
	};

	return words[class] ? words[class] : "other";
}

static void attachment(struct json_out *o, const struct core *c, struct str zone,
		       const struct attachment_row *r)
{
	char path[128] = "public/uploads/sessions/";
	size_t n = strlen(path);
	size_t dot = str_rfind_char(r->name, '.');
	struct str extension = dot == SIZE_MAX ? STR("") : str_from_pos(r->name, dot);

	/* file id and extension are ASCII of known length; anything longer is cut to fit. */
	if (r->file_id.n + extension.n < sizeof(path) - n) {
		memcpy(path + n, r->file_id.p, r->file_id.n);
		n += r->file_id.n;
		memcpy(path + n, extension.p, extension.n);
		n += extension.n;
	}
	json_out_object(o);
	json_out_key_i64(o, "id", r->id);
	json_out_key_i64(o, "completion_id", r->completion_id);
	json_out_key_str(o, "file_name", r->name);
	json_out_key_str(o, "file_path", str_make(path, n));
	json_out_key_cz(o, "file_type", file_class_word(r->class));
	json_out_key_str(o, "mime_type", r->mime);
	json_out_key_i64(o, "file_size", r->size);
	json_out_key_i64(o, "uploaded_by", r->uploaded_by);
	json_out_key_str(o, "description", r->description);
	json_out_key_i64(o, "download_count", r->n_downloads);
	key_instant(o, "created_at", c, zone, r->created_at);
	json_out_key_str(o, "uploader_name", r->uploader_name);
	json_out_object_end(o);
}

static void note(struct json_out *o, const struct core *c, struct str zone,
		 const struct note_row *r)
{
	json_out_object(o);
	json_out_key_i64(o, "id", r->id);
	json_out_key_i64(o, "completion_id", r->completion_id);
	json_out_key_i64(o, "author_id", r->author_id);
	json_out_key_str(o, "note_text", r->text);
	json_out_key_cz(o, "note_type", note_type_name(r->type));
	key_instant(o, "created_at", c, zone, r->created_at);
	key_instant(o, "updated_at", c, zone,
		    r->updated_at == NO_TIME ? r->created_at : r->updated_at);
	json_out_key_str(o, "author_name", r->author_name);
	key_text(o, "email", r->author_email);
	json_out_object_end(o);
}

static void notes(struct json_out *o, const char *key, const struct core *c, struct str zone,
		  const struct c004_children *children)
{
	json_out_key_array(o, key);
	for (size_t i = 0; i < children->n_notes; i++)
		note(o, c, zone, &children->notes[i]);
	json_out_array_end(o);
}

/* `notes` is the text in lists, the array of comments in `get` (trap 2). */
static void children_of(struct json_out *o, const struct core *c, const struct completion_row *r,
			const struct c004_children *children)
{
	json_out_key_array(o, "attachments");
	for (size_t i = 0; i < children->n_attachments; i++)
		attachment(o, c, r->zone, &children->attachments[i]);
	json_out_array_end(o);
	if (children->notes_are_text)
		key_text(o, "notes", r->notes);
	else
		notes(o, "notes", c, r->zone, children);
	notes(o, "comments", c, r->zone, children);
	key_text(o, "completion_notes", r->notes);
}

void c004_completion(struct json_out *o, const struct core *c, const struct completion_row *r,
		     const struct c004_children *children)
{
	json_out_object(o);
	json_out_key_i64(o, "id", r->id);
	json_out_key_i64(o, "occurrence_id", r->occurrence_id);
	key_id(o, "schedule_id", r->schedule_id);
	key_id(o, "batch_id", r->batch_id);
	key_id(o, "faculty_id", r->faculty_id);
	key_id(o, "employee_id", r->employee_id);
	key_tod(o, "actual_start_time", r->actual_start_time);
	key_tod(o, "actual_end_time", r->actual_end_time);
	key_text(o, "completion_code", r->completion_code);
	if (children->has_children)
		children_of(o, c, r, children);
	else
		key_text(o, "notes", r->notes);
	json_out_key_str(o, "status", c004_status(r->state));
	key_id(o, "completed_by", r->completed_by);
	key_instant(o, "completed_at", c, r->zone, r->completed_at);
	key_instant(o, "created_at", c, r->zone, r->created_at);
	key_instant(o, "updated_at", c, r->zone, r->updated_at);
	key_text(o, "batch_title", r->batch_title);
	key_day(o, "session_date", r->session_date);
	key_tod(o, "scheduled_start", r->scheduled_start);
	key_tod(o, "scheduled_end", r->scheduled_end);
	json_out_key_i64(o, "attachment_count", r->attachment_count);
	json_out_key_i64(o, "note_count", r->note_count);
	if (children->has_children || who_is_admin(c->who)) {
		key_text(o, "completed_by_name", r->completed_by_name);
		key_text(o, "faculty_name", r->faculty_name);
		key_text(o, "employee_name", r->employee_name);
	}
	json_out_object_end(o);
}

void c004_occurrence(struct json_out *o, const struct core *c, const struct session_occurrence *r)
{
	json_out_object(o);
	json_out_key_i64(o, "occurrence_id", r->occurrence_id);
	key_id(o, "schedule_id", r->schedule_id);
	key_day(o, "session_date", r->session_date);
	key_tod(o, "start_time", r->start_time);
	key_tod(o, "end_time", r->end_time);
	key_id(o, "batch_id", r->batch_id);
	key_text(o, "batch_title", r->batch_title);
	json_out_key_i64(o, "branch_id", r->branch_id);
	json_out_key_i64(o, "completion_count", r->completion_count);
	if (str_empty(r->latest_status))
		json_out_key_null(o, "latest_status");
	else
		json_out_key_str(o, "latest_status", c004_status(r->latest_status));
	key_instant(o, "last_completed", c, r->zone, r->last_completed);
	json_out_object_end(o);
}

/* As the column of the original holds it: a JSON array in a text, or null. */
static void weekdays(struct json_out *o, unsigned set)
{
	char text[2 + 7 * 2] = "[";
	size_t n = 1;

	for (char day = 0; day < 7; day++) {
		if (!(set & (1U << day)))
			continue;
		if (n > 1)
			text[n++] = ',';
		text[n++] = (char)('0' + day);
	}
	text[n++] = ']';
	if (set == 0)
		json_out_key_null(o, "weekdays");
	else
		json_out_key_str(o, "weekdays", str_make(text, n));
}

void c004_schedule(struct json_out *o, const struct core *c, const struct schedule_row *r)
{
	json_out_object(o);
	json_out_key_i64(o, "id", r->id);
	json_out_key_i64(o, "branch_id", r->branch_id);
	json_out_key_i64(o, "batch_branch_id", r->branch_id);
	json_out_key_i64(o, "batch_id", r->class_id);
	key_id(o, "course_id", r->course_id);
	key_id(o, "faculty_id", r->teacher_account_id);
	json_out_key_cz(o, "recurrence", recurrence_name(r->recurrence));
	key_day(o, "start_date", r->start_date);
	key_day(o, "end_date", r->end_date);
	json_out_key_null(o, "day_of_week");
	weekdays(o, r->weekdays);
	key_id(o, "day_of_month", r->day_of_month);
	key_tod(o, "start_time", r->start_tod);
	key_tod(o, "end_time", r->end_tod);
	json_out_key_str(o, "subject_ids", str_empty(r->subject_ids) ? STR("[]") : r->subject_ids);
	json_out_key_str(o, "student_ids", str_empty(r->student_ids) ? STR("[]") : r->student_ids);
	key_text(o, "notes", r->notes);
	json_out_key_cz(o, "status", r->is_inactive ? "inactive" : "active");
	key_instant(o, "created_at", c, r->zone, r->created_at);
	json_out_key_str(o, "title", r->title);
	json_out_key_str(o, "room", r->room);
	key_text(o, "batch_title", r->class_name);
	key_text(o, "faculty_name", r->teacher_name);
	key_text(o, "branch_name", r->branch_name);
	json_out_key_i64(o, "occurrence_count", r->n_occurrences);
	json_out_object_end(o);
}

static void person(struct json_out *o, const struct schedule_person *p, bool by_account)
{
	json_out_object(o);
	key_id(o, "id", by_account ? p->account_id : p->id);
	json_out_key_str(o, "name", p->name);
	key_text(o, "code", p->code);
	json_out_object_end(o);
}

static void people(struct json_out *o, const char *key, const struct schedule_person *rows,
		   size_t n, bool by_account)
{
	json_out_key_array(o, key);
	for (size_t i = 0; i < n; i++)
		person(o, &rows[i], by_account);
	json_out_array_end(o);
}

/* Who holds the latest schedule, else the first of the faculty, as the original. */
static void primary(struct json_out *o, const struct schedule_meta *m)
{
	const struct schedule_person *p = m->n_faculty ? m->faculty : NULL;

	for (size_t i = 0; i < m->n_faculty; i++)
		if (m->faculty[i].id == m->primary_teacher_id)
			p = &m->faculty[i];
	json_out_key(o, STR("primary_faculty"));
	if (p)
		person(o, p, true);
	else
		json_out_null(o);
}

void c004_meta(struct json_out *o, const struct schedule_meta *m)
{
	json_out_object(o);
	json_out_key_array(o, "subjects");
	for (size_t i = 0; i < m->n_courses; i++) {
		json_out_object(o);
		json_out_key_i64(o, "id", m->courses[i].id);
		json_out_key_str(o, "code", m->courses[i].code);
		json_out_key_str(o, "title", m->courses[i].title);
		json_out_object_end(o);
	}
	json_out_array_end(o);
	people(o, "students", m->students, m->n_students, false);
	people(o, "faculties", m->faculty, m->n_faculty, true);
	people(o, "employees", m->employees, m->n_employees, true);
	primary(o, m);
	json_out_object_end(o);
}
