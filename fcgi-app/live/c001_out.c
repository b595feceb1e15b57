/*
 * Payloads of contract 001, written: see c001.h.
 */
#include "live/c001.h"
#include "view/catalogue.h"

#define START_REMARK "Attendance session started"

void c001_begin(struct c001_out *out, struct core *c)
{
	buf_init(&out->b, c->arena, 512, C001_JSON_MAX);
	json_out_init(&out->o, &out->b);
	json_out_object(&out->o);
}

struct str c001_end(struct c001_out *out)
{
	json_out_object_end(&out->o);
	return buf_ok(&out->b) ? buf_str(&out->b) : (struct str){ NULL, 0 };
}

/* ---- small values ------------------------------------------------------------------------------
 */

static void id_value(struct json_out *o, int64_t id)
{
	char text[24];
	size_t at = sizeof text;

	for (uint64_t v = (uint64_t)id; v || at == sizeof text; v /= 10)
		text[--at] = (char)('0' + v % 10);
	json_out_str(o, str_make(text + at, sizeof text - at));
}

void c001_key_id(struct json_out *o, const char *key, int64_t id)
{
	json_out_key(o, str_from(key));
	if (id > 0)
		id_value(o, id);
	else
		json_out_null(o);
}

void c001_key_time(struct json_out *o, const char *key, int64_t us)
{
	char text[28];

	if (us == NO_TIME) {
		json_out_key_null(o, key);
		return;
	}
	(void)us_format_iso(us, text);
	text[23] = 'Z';
	json_out_key_str(o, key, str_make(text, 24));
}

static void key_text(struct json_out *o, const char *key, struct str text)
{
	if (text.n)
		json_out_key_str(o, key, text);
	else
		json_out_key_null(o, key);
}

void c001_key_session_id(struct json_out *o, const struct attendance *s)
{
	c001_key_id(o, "session_id", s->occurrence_id);
	c001_key_id(o, "sessionId", s->occurrence_id);
}

struct str c001_name(struct core *c, struct str given, struct str family)
{
	return str_trim(arena_printf(c->arena, "%.*s %.*s", STR_ARG(given), STR_ARG(family)));
}

/* ---- documents --------------------------------------------------------------------------------
 */

static const char *status_of(enum attendance_state state)
{
	switch (state) {
	case ATTENDANCE_EARLY:
		return "scheduled";
	case ATTENDANCE_OPEN:
	case ATTENDANCE_PAUSED:
		return "active";
	case ATTENDANCE_OVER:
	case ATTENDANCE_CLOSED:
	case ATTENDANCE_STATE__MAX:
		break;
	}
	return "completed";
}

static void key_course(struct json_out *o, const struct attendance *s)
{
	if (s->course_id <= 0) {
		json_out_key_null(o, "course_id");
		return;
	}
	json_out_key_object(o, "course_id");
	c001_key_id(o, "_id", s->course_id);
	c001_key_id(o, "id", s->course_id);
	json_out_key_str(o, "title", s->course_title);
	json_out_key_str(o, "course_code", s->course_code);
	c001_key_id(o, "teacher_id", s->teacher_id);
	json_out_object_end(o);
}

void c001_key_session(struct json_out *o, const char *key, const struct attendance *s)
{
	char text[9];

	json_out_key_object(o, key);
	c001_key_id(o, "_id", s->occurrence_id);
	c001_key_id(o, "id", s->occurrence_id);
	key_course(o, s);
	c001_key_id(o, "teacher_id", s->teacher_id);
	json_out_key_str(o, "topic", s->title);
	json_out_key_str(o, "title", s->title);
	json_out_key_cz(o, "description", "");
	c001_key_time(o, "date", us_from_day_tod(s->session_date, 0));
	json_out_key_str(o, "start_time", tod_format_hm(s->start_tod, text));
	json_out_key_str(o, "end_time", tod_format_hm(s->end_tod, text));
	json_out_key_cz(o, "status", status_of(s->state));
	json_out_key_null(o, "meeting_link");
	json_out_object_end(o);
}

static double rate_of(int64_t part, int64_t whole)
{
	if (whole <= 0)
		return 0;
	return (double)((part * 10000 + whole / 2) / whole) / 100;
}

void c001_key_statistics(struct json_out *o, const char *key, const struct attendance *s)
{
	const int64_t here = s->n_present + s->n_late;
	const int64_t seen = here + s->n_excused + s->n_absent;
	const int64_t total = s->n_expected > seen ? s->n_expected : seen;

	json_out_key_object(o, key);
	json_out_key_i64(o, "totalStudents", total);
	json_out_key_i64(o, "presentCount", s->n_present);
	json_out_key_i64(o, "absentCount", total - here - s->n_excused);
	json_out_key_i64(o, "lateCount", s->n_late);
	json_out_key_i64(o, "excusedCount", s->n_excused);
	json_out_key(o, STR("attendanceRate"));
	json_out_double(o, rate_of(here, total));
	json_out_object_end(o);
}

const char *c001_status(const struct presence_record *r)
{
	const enum mark m = mark_from(r->status);

	return m == MARK_NONE ? mark_name(MARK_ABSENT) : mark_name(m);
}

static void key_student(struct json_out *o, const struct presence_record *r, struct str name)
{
	json_out_key_object(o, "student_id");
	c001_key_id(o, "_id", r->person_id);
	c001_key_id(o, "id", r->person_id);
	key_text(o, "roll", r->student_code);
	key_text(o, "section", r->section_name);
	json_out_key_object(o, "user_id");
	c001_key_id(o, "_id", r->account_id);
	c001_key_id(o, "id", r->account_id);
	json_out_key_str(o, "name", name);
	key_text(o, "email", r->email);
	json_out_key_null(o, "profile_picture");
	json_out_object_end(o);
	json_out_object_end(o);
}

/* "17", or "9-4" of the session and the student while there is no record. */
static void key_record_id(struct json_out *o, const char *key, const struct presence_record *r)
{
	struct buf b;

	if (r->record_id != COLUMN_NULL) {
		c001_key_id(o, key, r->record_id);
		return;
	}
	buf_init(&b, o->b->arena, 48, 48);
	buf_i64(&b, r->attendance_id);
	buf_char(&b, '-');
	buf_i64(&b, r->person_id);
	json_out_key_str(o, key, buf_str(&b));
}

static void record(struct json_out *o, const struct presence_record *r, const struct attendance *s)
{
	const bool is_marked = r->record_id != COLUMN_NULL;
	struct str name = str_trim(arena_printf(o->b->arena, "%.*s %.*s", STR_ARG(r->given_name),
						STR_ARG(r->family_name)));

	json_out_object(o);
	key_record_id(o, "_id", r);
	key_record_id(o, "id", r);
	c001_key_session(o, "session_id", s);
	key_student(o, r, name);
	json_out_key_cz(o, "status", c001_status(r));
	json_out_key_str(o, "remarks", is_marked ? r->remark : STR(START_REMARK));
	c001_key_time(o, "createdAt", is_marked ? r->happened_at : s->created_at);
	c001_key_time(o, "updatedAt", is_marked ? r->updated_at : s->created_at);
	json_out_object_end(o);
}

void c001_key_record(struct json_out *o, const char *key, const struct presence_record *r,
		     const struct attendance *s)
{
	json_out_key(o, str_from(key));
	record(o, r, s);
}

void c001_key_records(struct json_out *o, const char *key, const struct presence_record *rows,
		      size_t n, const struct attendance *s, bool only_unmarked)
{
	json_out_key_array(o, key);
	for (size_t i = 0; i < n; i++)
		if (!only_unmarked || rows[i].record_id == COLUMN_NULL)
			record(o, &rows[i], s);
	json_out_array_end(o);
}

void c001_key_final(struct json_out *o, const struct attendance *s,
		    const struct presence_record *rows, size_t n)
{
	json_out_key_object(o, "finalData");
	c001_key_session(o, "session", s);
	c001_key_records(o, "attendanceRecords", rows, n, s, false);
	c001_key_statistics(o, "statistics", s);
	json_out_object_end(o);
}

/* ---- whole events -------------------------------------------------------------------------------
 */

struct str c001_updated(struct core *c, const struct attendance *s, const struct presence_record *r,
			struct str by_name, int64_t at)
{
	struct c001_out out;

	c001_begin(&out, c);
	c001_key_session_id(&out.o, s);
	if (r) {
		c001_key_id(&out.o, "student_id", r->person_id);
		c001_key_id(&out.o, "studentId", r->person_id);
		json_out_key_cz(&out.o, "status", c001_status(r));
		c001_key_record(&out.o, "attendanceRecord", r, s);
		json_out_key_str(&out.o, "updated_by", by_name);
	}
	c001_key_time(&out.o, "updated_at", at);
	c001_key_statistics(&out.o, "statistics", s);
	return c001_end(&out);
}

struct str c001_active(struct core *c, int64_t course_id, const struct presence_active *rows,
		       size_t n)
{
	struct c001_out out;

	c001_begin(&out, c);
	c001_key_id(&out.o, "course_id", course_id);
	c001_key_id(&out.o, "session_id", n ? rows[n - 1].occurrence_id : 0);
	json_out_key_array(&out.o, "activeSessions");
	for (size_t i = 0; i < n; i++) {
		json_out_object(&out.o);
		c001_key_id(&out.o, "sessionId", rows[i].occurrence_id);
		c001_key_id(&out.o, "session_id", rows[i].occurrence_id);
		c001_key_id(&out.o, "teacherId", rows[i].teacher_id);
		json_out_key_i64(&out.o, "studentCount", rows[i].n_online);
		c001_key_time(&out.o, "startedAt", rows[i].started_at);
		json_out_object_end(&out.o);
	}
	json_out_array_end(&out.o);
	return c001_end(&out);
}

struct str c001_reason(struct core *c, enum reason reason, int64_t arg)
{
	const char *english = reason_text(reason == REASON_NONE ? REASON_UNEXPECTED : reason);
	const struct str s = catalogue_text_n(c->arena, LANG_EN, english, arg);

	return s.p ? s : str_from(english);
}

void c001_refuse(struct core *c, struct effects *fx, struct str message)
{
	struct c001_out out;

	c001_begin(&out, c);
	json_out_key_str(&out.o, "message", message);
	fx_emit(fx, STR("attendanceError"), c001_end(&out));
}

void c001_refuse_with(struct core *c, struct effects *fx, const char *prefix, struct str message)
{
	c001_refuse(c, fx, arena_printf(c->arena, "%s%.*s", prefix, STR_ARG(message)));
}

/* ---- rooms --------------------------------------------------------------------------------------
 */

struct str c001_room(struct core *c, char kind, int64_t id)
{
	char name[EVENT_ROOM_SIZE];

	event_room_name(kind, id, name);
	return arena_str(c->arena, str_from(name));
}

struct str c001_own_room(struct core *c, int64_t attendance_id, int64_t person_id)
{
	return arena_printf(c->arena, "j%lld.%lld", (long long)attendance_id, (long long)person_id);
}

void c001_joined(struct core *c, struct effects *fx, const struct presence_joined *j)
{
	struct c001_out out;

	fx_join(fx, c001_room(c, 'k', j->attendance_id));
	fx_join(fx, c001_own_room(c, j->attendance_id, j->person_id));
	c001_begin(&out, c);
	c001_key_id(&out.o, "session_id", j->occurrence_id);
	c001_key_id(&out.o, "sessionId", j->occurrence_id);
	json_out_key_cz(&out.o, "message", "Successfully joined attendance session");
	fx_emit(fx, STR("attendanceSessionJoined"), c001_end(&out));
}
