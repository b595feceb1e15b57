/*
 * Course sessions of contract 000 as admins keep them (contracts.md 1.6), and /api/sessions of
 * that contract; see door.h.
 *
 * Every fault of what is sent is a 400 with its text, as the original has it.  Names are taken in
 * snake and in camel case.
 */
#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c000/render.h"
#include "api/fastapi.h"
#include "base/num.h"
#include "core/session/completion.h"
#include "core/session/session_door.h"

#define PAGE_SIZE_MAX 200
#define PAGE_SIZE     20
#define LIST_MAX      500
#define LIST_LIMIT    100

/* ---- lists --------------------------------------------------------------------------------------
 */

struct c000_sessions_in {
	int64_t page, page_size, session_id, limit, skip;
	struct str search;
};
FIELDS(c000_admin_sessions_fields, c000_sessions_in,
       FIELD(INT, c000_sessions_in, page, QUERY, .min = 1, .max = 1000000, .fallback = 1),
       FIELD(INT, c000_sessions_in, page_size, QUERY, .min = 1, .max = PAGE_SIZE_MAX,
	     .fallback = PAGE_SIZE),
       FIELD(TEXT, c000_sessions_in, search, QUERY));
FIELDS(c000_sessions_fields, c000_sessions_in,
       FIELD(INT, c000_sessions_in, limit, QUERY, .min = 1, .max = LIST_MAX,
	     .fallback = LIST_LIMIT),
       FIELD(INT, c000_sessions_in, skip, QUERY, .min = 0, .max = 1000000));

/* "theory" is what the original has where nobody said anything. */
static void write_kind(struct json_out *o, const struct session_door_row *s)
{
	json_out_key_str(o, "session_type", s->kind.n ? s->kind : STR("theory"));
	c000_key_text(o, "notes", s->notes);
}

static void write_item(struct json_out *o, const struct session_door_row *s)
{
	json_out_object(o);
	json_out_key_i64(o, "id", s->id);
	json_out_key_str(o, "title", s->title);
	json_out_key_str(o, "class_name", s->class_name.p ? s->class_name : STR(""));
	c000_key_id(o, "trainer_id", s->account_id);
	c000_key_text(o, "trainer_name", s->teacher_name);
	c000_key_day(o, "date", s->session_date);
	c000_key_tod(o, "start_time", s->start_time);
	c000_key_tod(o, "end_time", s->end_time);
	write_kind(o, s);
	json_out_object_end(o);
}

enum rc c000_admin_sessions(struct req *q, struct resp *r, struct error *e)
{
	struct session_door_list list;
	struct c000_sessions_in in;
	struct json_out o;

	TRY(req_read(q, &in, e));
	TRY(session_door_list(&q->core, in.search, in.page_size, (in.page - 1) * in.page_size,
			      &list, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_array(&o, "items");
	for (size_t i = 0; i < list.n_rows; i++)
		write_item(&o, &list.rows[i]);
	json_out_array_end(&o);
	json_out_key_i64(&o, "total", list.total);
	json_out_key_i64(&o, "total_pages", (list.total + in.page_size - 1) / in.page_size);
	json_out_key_i64(&o, "page", in.page);
	json_out_key_i64(&o, "page_size", in.page_size);
	json_out_object_end(&o);
	return RC_OK;
}

static const char *status_of(struct str state)
{
	return str_eq(state, STR("completed")) ? "confirmed" : "scheduled";
}

static void write_session(struct json_out *o, const struct session_door_row *s)
{
	json_out_object(o);
	json_out_key_i64(o, "id", s->id);
	c000_key_id(o, "module_id", s->course_id);
	c000_key_id(o, "trainer_id", s->account_id);
	c000_key_id(o, "classroom_id", s->room_id);
	c000_key_day(o, "session_date", s->session_date);
	c000_key_tod(o, "start_time", s->start_time);
	c000_key_tod(o, "end_time", s->end_time);
	json_out_key_i64(o, "duration_minutes", (s->end_time - s->start_time) / 60);
	json_out_key_str(o, "title", s->title);
	json_out_key_null(o, "topic");
	json_out_key_str(o, "class_name", s->class_name.p ? s->class_name : STR(""));
	json_out_key_cz(o, "status", status_of(s->state));
	json_out_key_bool(o, "attendance_marked", s->has_attendance != 0);
	write_kind(o, s);
	json_out_object_end(o);
}

enum rc c000_sessions(struct req *q, struct resp *r, struct error *e)
{
	struct session_door_list list;
	struct c000_sessions_in in;
	struct json_out o;

	TRY(req_read(q, &in, e));
	TRY(session_door_list(&q->core, (struct str){ 0 }, in.limit, in.skip, &list, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < list.n_rows; i++)
		write_session(&o, &list.rows[i]);
	json_out_array_end(&o);
	return RC_OK;
}

/* ---- making one ---------------------------------------------------------------------------------
 */

struct c000_session_add_in {
	struct str title, class_name, className, trainer_id, trainerId, session_date, sessionDate,
		date, start_time, startTime, end_time, endTime, module_id, moduleId, classroom_id,
		classroomId, session_type, sessionType, notes;
	bool override;
};
#define NOTES_READ_MAX  60000 /* so that core says what is too long, and this door how */
#define RAW_FIELD(name) FIELD(RAW, c000_session_add_in, name, FORM)
FIELDS(c000_session_add_fields, c000_session_add_in, RAW_FIELD(title), RAW_FIELD(class_name),
       RAW_FIELD(className), RAW_FIELD(trainer_id), RAW_FIELD(trainerId), RAW_FIELD(session_date),
       RAW_FIELD(sessionDate), RAW_FIELD(date), RAW_FIELD(start_time), RAW_FIELD(startTime),
       RAW_FIELD(end_time), RAW_FIELD(endTime), RAW_FIELD(module_id), RAW_FIELD(moduleId),
       RAW_FIELD(classroom_id), RAW_FIELD(classroomId), RAW_FIELD(session_type),
       RAW_FIELD(sessionType), FIELD(RAW, c000_session_add_in, notes, FORM, .max = NOTES_READ_MAX),
       FIELD(BOOL, c000_session_add_in, override, FORM));

static struct str either(struct str a, struct str b)
{
	return a.n ? a : b;
}

static bool id_from(struct str s, int64_t *ret)
{
	*ret = 0;
	return !s.n || num_i64(s, 1, INT64_MAX, ret);
}

/* NULL, or what is wrong. */
static const char *fault_of(const struct c000_session_add_in *in, struct session_door_in *ret,
			    struct str day, struct str start, struct str end)
{
	struct str trainer = either(in->trainer_id, in->trainerId);

	if (!ret->title.n)
		return "Missing title";
	if (!ret->class_name.n)
		return "Missing class_name";
	if (!trainer.n)
		return "Missing trainer_id";
	if (!day.n)
		return "Missing session_date";
	if (!start.n)
		return "Missing start_time";
	if (!end.n)
		return "Missing end_time";
	if (!id_from(trainer, &ret->account_id))
		return "Invalid trainer";
	if (!day_parse(day, &ret->day))
		return "Invalid session_date";
	if (!tod_parse(start, &ret->start_tod))
		return "Invalid start_time";
	if (!tod_parse(end, &ret->end_tod))
		return "Invalid end_time";
	if (!id_from(either(in->module_id, in->moduleId), &ret->course_id))
		return "Invalid module";
	if (!id_from(either(in->classroom_id, in->classroomId), &ret->room_id))
		return "Invalid classroom";
	return NULL;
}

/* What core says of its own names, as this contract's sentences. */
static const char *core_fault(const struct error *e)
{
	static const struct {
		const char *field;
		enum reason reason; /* NONE: any */
		const char *text;
	} faults[] = {
		{ "end", REASON_END_BEFORE_START, "end_time must be after start_time" },
		{ "title", REASON_TOO_LONG, "Title is too long" },
		{ "title", REASON_NONE, "Invalid title" },
		{ "kind", REASON_TOO_LONG, "Session type is too long" },
		{ "kind", REASON_NONE, "Invalid session_type" },
		{ "notes", REASON_TOO_LONG, "Notes are too long" },
		{ "notes", REASON_NONE, "Invalid notes" },
		{ "group", REASON_NONE, "Invalid class" },
		{ "teacher", REASON_NONE, "Invalid trainer" },
		{ "course", REASON_NONE, "Invalid module" },
		{ "room", REASON_NONE, "Invalid classroom" },
	};

	for (size_t i = 0; i < ARRAY_LEN(faults) && e->n_fields; i++)
		if (str_eq(str_from(e->fields[0].field), str_from(faults[i].field)) &&
		    (faults[i].reason == REASON_NONE || faults[i].reason == e->fields[0].reason))
			return faults[i].text;
	return "Invalid session";
}

static enum rc refuse_core(struct resp *r, struct error *e)
{
	const char *text = NULL;

	if (e->rc == RC_INVALID)
		text = core_fault(e);
	else if (e->rc == RC_CONFLICT && e->reason == REASON_CLASHES)
		text = "Session clashes with what is planned already; send \"override\": true to "
		       "make it all the same";
	if (!text)
		return e->rc;
	error_init(e);
	return c000_refuse(r, 400, str_from(text));
}

static enum rc add(struct req *q, struct resp *r, bool is_item, struct error *e)
{
	struct session_door_in make = { 0 };
	struct session_door_row made;
	struct c000_session_add_in in;
	const char *fault;
	struct json_out o;
	enum rc rc;

	TRY(req_read(q, &in, e));
	make.title = str_trim(in.title);
	make.class_name = str_trim(either(in.class_name, in.className));
	make.kind = either(in.session_type, in.sessionType);
	make.notes = in.notes;
	make.overrides = in.override;
	fault = fault_of(&in, &make, either(either(in.session_date, in.sessionDate), in.date),
			 either(in.start_time, in.startTime), either(in.end_time, in.endTime));
	if (fault)
		return c000_refuse(r, 400, str_from(fault));
	rc = session_door_create(&q->core, &make, &made, e);
	if (rc != RC_OK)
		return refuse_core(r, e);
	r->status = 201;
	o = resp_json(r);
	if (is_item)
		write_item(&o, &made);
	else
		write_session(&o, &made);
	return RC_OK;
}

enum rc c000_admin_session_add(struct req *q, struct resp *r, struct error *e)
{
	return add(q, r, true, e);
}

enum rc c000_session_add(struct req *q, struct resp *r, struct error *e)
{
	return add(q, r, false, e);
}

/* ---- taking one away
 * ------------------------------------------------------------------------------ */

FIELDS(c000_admin_session_path_fields, c000_sessions_in,
       FIELD(ID, c000_sessions_in, session_id, PATH, .required = true));
FIELDS(c000_admin_session_query_fields, c000_sessions_in,
       FIELD(ID, c000_sessions_in, session_id, QUERY, .required = true));

enum rc c000_admin_session_delete(struct req *q, struct resp *r, struct error *e)
{
	struct c000_sessions_in in;
	struct json_out o;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = completion_cancel(&q->core, in.session_id, 0, STR("Deleted by an administrator"), e);
	if (rc == RC_CONFLICT && e->reason == REASON_ALREADY_CANCELLED)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "occurrence %lld is cancelled",
			     (long long)in.session_id);
	TRY(rc);
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_cz(&o, "status", "success");
	json_out_key_cz(&o, "message", "Session deleted");
	json_out_key_i64(&o, "id", in.session_id);
	json_out_object_end(&o);
	return RC_OK;
}
