/*
 * Marks of contract 001, one and several: see c001.h.
 *
 * What changed is told to the rooms by the stream of events (c001_feed.c), as marks of any other
 * path are; only what changed nothing is told here, since its sender waits for it.
 */
#include "core/attendance/register.h"
#include "live/c001.h"

#define BULK_FAILED "Failed to bulk update attendance: "
#define REMARK_MAX  300 /* characters */

/* "Failed to mark student present: " */
static const char *failed_to(enum mark m)
{
	if (m == MARK_PRESENT)
		return "Failed to mark student present: ";
	return m == MARK_ABSENT ? "Failed to mark student absent: "
				: "Failed to mark student attendance: ";
}

/* What is told when core says no; false: it is no refusal. */
static bool refused(struct core *c, struct effects *fx, const char *prefix, const struct error *e)
{
	struct str text;

	if (e->rc != RC_INVALID && e->rc != RC_CONFLICT && e->rc != RC_DENIED &&
	    e->rc != RC_NOT_FOUND)
		return false;
	if (e->n_fields && str_eq(str_from(e->fields[0].field), STR("person_id")))
		text = STR("Student not found");
	else if (e->n_fields)
		text = c001_reason(c, e->fields[0].reason, e->fields[0].arg);
	else
		text = c001_reason(c, e->reason, e->arg);
	c001_refuse_with(c, fx, prefix, text);
	return true;
}

/* ---- one
 * ------------------------------------------------------------------------------------------ */

static enum rc look_up(struct core *c, int64_t attendance_id, int64_t person_id,
		       const struct presence_record **ret, struct error *e)
{
	const struct presence_pair pair = { attendance_id, person_id };
	size_t n;

	TRY(presence_look_up(c, &pair, 1, ret, &n, e));
	if (n != 1)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "person %lld",
			     (long long)person_id);
	return RC_OK;
}

static enum rc emit_marked(struct core *c, struct effects *fx, enum mark mark,
			   int64_t attendance_id, int64_t person_id, bool has_changed,
			   struct error *e)
{
	const struct presence_record *r;
	struct attendance s;
	struct c001_out out;
	struct str json;

	TRY(attendance_get(c, attendance_id, &s, e));
	TRY(look_up(c, attendance_id, person_id, &r, e));
	c001_begin(&out, c);
	c001_key_session_id(&out.o, &s);
	c001_key_id(&out.o, "student_id", person_id);
	c001_key_id(&out.o, "studentId", person_id);
	c001_key_record(&out.o, "attendanceRecord", r, &s);
	fx_join(fx, c001_room(c, 'a', s.id));
	json = c001_end(&out);
	if (mark == MARK_PRESENT)
		fx_emit(fx, STR("studentMarkedPresent"), json);
	else if (mark == MARK_ABSENT)
		fx_emit(fx, STR("studentMarkedAbsent"), json);
	if (has_changed)
		return RC_OK;
	json = c001_updated(c, &s, r, c->who->name, c->now_us);
	fx_publish(fx, c001_room(c, 'a', s.id), STR("attendanceUpdated"), json);
	fx_publish(fx, c001_own_room(c, s.id, person_id), STR("attendanceUpdated"), json);
	return RC_OK;
}

static enum rc mark_one(struct core *c, struct effects *fx, const struct c001_in *p, enum mark mark,
			struct error *e)
{
	struct register_mark m = { .person_id = p->student_id,
				   .version = REGISTER_ANY,
				   .mark = mark };
	struct presence_target t;
	struct register_done done;
	struct str remarks = { NULL, 0 };
	struct error mine;
	bool ok;
	enum rc rc;

	TRY(c001_work(c, p, fx, failed_to(mark), "Only the course teacher can mark attendance", &t,
		      &ok, e));
	if (!ok)
		return RC_OK;
	if (!p->student_id || !t.attendance_id) {
		c001_refuse_with(c, fx, failed_to(mark),
				 p->student_id ? STR("Attendance session not found")
					       : STR("Student not found"));
		return RC_OK;
	}
	if (json_as_str(json_member(p->object, "remarks"), &remarks) && remarks.n) {
		m.has_remark = true;
		m.remark = remarks;
	}
	error_init(&mine);
	rc = register_set(c, t.attendance_id, &m, 1, remarks.p ? remarks : STR(""), &done, &mine);
	if (rc != RC_OK && refused(c, fx, failed_to(mark), &mine))
		return RC_OK;
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	return emit_marked(c, fx, mark, t.attendance_id, p->student_id, done.n_changed > 0, e);
}

static enum rc mark_as(struct core *c, const struct call_in *in, struct effects *fx, enum mark mark,
		       struct error *e)
{
	struct c001_in p;

	return c001_read(c, in, fx, &p) ? mark_one(c, fx, &p, mark, e) : RC_OK;
}

enum rc c001_mark_present(struct core *c, const struct call_in *in, struct effects *fx,
			  struct error *e)
{
	return mark_as(c, in, fx, MARK_PRESENT, e);
}

enum rc c001_mark_absent(struct core *c, const struct call_in *in, struct effects *fx,
			 struct error *e)
{
	return mark_as(c, in, fx, MARK_ABSENT, e);
}

static enum mark mark_of(const struct json_t *object)
{
	struct str word;

	return json_as_str(json_member(object, "status"), &word) ? mark_from(word) : MARK_NONE;
}

enum rc c001_mark_any(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	struct c001_in p;

	if (!c001_read(c, in, fx, &p))
		return RC_OK;
	if (mark_of(p.object) == MARK_NONE) {
		c001_refuse_with(c, fx, failed_to(MARK_NONE), STR("Invalid status"));
		return RC_OK;
	}
	return mark_one(c, fx, &p, mark_of(p.object), e);
}

/* ---- several
 * -------------------------------------------------------------------------------------- */

struct bulk {
	struct register_mark *marks;
	struct presence_pair *pairs;
	size_t n;
};

static bool is_listed(const struct presence_record *rows, size_t n, int64_t person_id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].person_id == person_id)
			return true;
	return false;
}

/* What stands twice counts the last time. */
static struct register_mark *place_of(struct bulk *b, int64_t person_id)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->marks[i].person_id == person_id)
			return &b->marks[i];
	return &b->marks[b->n++];
}

/* Those that can be done: the others are skipped, and nothing is said, as the contract has it. */
static void take(struct bulk *b, const struct json_t *list, const struct presence_record *rows,
		 size_t n_rows)
{
	for (size_t i = 0; i < json_items(list); i++) {
		const struct json_t *one = json_item(list, i);
		const int64_t id = c001_id(one, "student_id") ? c001_id(one, "student_id")
							      : c001_id(one, "studentId");
		struct register_mark m = { .person_id = id,
					   .version = REGISTER_ANY,
					   .mark = mark_of(one) };

		if (json_as_str(json_member(one, "remarks"), &m.remark))
			m.has_remark = m.remark.n > 0;
		if (m.mark == MARK_NONE || !is_listed(rows, n_rows, id) ||
		    utf8_length(m.remark) > REMARK_MAX)
			continue;
		*place_of(b, id) = m;
	}
}

static struct str changed_of(struct core *c, const struct attendance *s,
			     const struct presence_record *rows, size_t n, bool is_public)
{
	struct c001_out out;

	c001_begin(&out, c);
	c001_key_session_id(&out.o, s);
	c001_key_records(&out.o, "updatedRecords", rows, is_public ? 0 : n, s, false);
	if (!is_public)
		json_out_key_str(&out.o, "updated_by", c->who->name);
	c001_key_time(&out.o, "updated_at", c->now_us);
	c001_key_statistics(&out.o, "statistics", s);
	return c001_end(&out);
}

static enum rc emit_bulk(struct core *c, struct effects *fx, const struct bulk *b,
			 int64_t attendance_id, struct error *e)
{
	const struct presence_record *rows;
	struct attendance s;
	struct c001_out out;
	size_t n;

	TRY(attendance_get(c, attendance_id, &s, e));
	TRY(presence_look_up(c, b->pairs, b->n, &rows, &n, e));
	fx_join(fx, c001_room(c, 'a', s.id));
	fx_publish(fx, c001_room(c, 'a', s.id), STR("attendanceBulkUpdated"),
		   changed_of(c, &s, rows, n, false));
	fx_publish(fx, c001_room(c, 'k', s.id), STR("attendanceBulkUpdated"),
		   changed_of(c, &s, rows, n, true));
	c001_begin(&out, c);
	c001_key_session_id(&out.o, &s);
	c001_key_records(&out.o, "updatedRecords", rows, n, &s, false);
	json_out_key_i64(&out.o, "totalUpdated", (int64_t)n);
	fx_emit(fx, STR("attendanceBulkUpdateComplete"), c001_end(&out));
	return RC_OK;
}

static enum rc set_all(struct core *c, struct effects *fx, const struct json_t *list,
		       int64_t attendance_id, struct error *e)
{
	const size_t most = json_items(list);
	const struct presence_record *rows;
	struct register_done done;
	struct attendance s;
	struct error mine;
	struct bulk b = { 0 };
	size_t n;
	enum rc rc;

	TRY(attendance_get(c, attendance_id, &s, e));
	TRY(presence_register(c, &s, &rows, &n, e));
	b.marks = ARENA_ARRAY(c->arena, most, struct register_mark);
	b.pairs = ARENA_ARRAY(c->arena, most, struct presence_pair);
	if (!b.marks || !b.pairs)
		return ERROR_MEMORY(e);
	take(&b, list, rows, n);
	for (size_t i = 0; i < b.n; i++)
		b.pairs[i] = (struct presence_pair){ attendance_id, b.marks[i].person_id };
	error_init(&mine);
	rc = b.n ? register_set(c, attendance_id, b.marks, b.n, STR(""), &done, &mine) : RC_OK;
	if (rc != RC_OK && refused(c, fx, BULK_FAILED, &mine))
		return RC_OK;
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	return emit_bulk(c, fx, &b, attendance_id, e);
}

enum rc c001_bulk(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	const struct json_t *list;
	struct presence_target t;
	struct c001_in p;
	bool ok;

	if (!c001_read(c, in, fx, &p))
		return RC_OK;
	TRY(c001_work(c, &p, fx, BULK_FAILED, "Only the course teacher can update attendance", &t,
		      &ok, e));
	if (!ok)
		return RC_OK;
	list = json_member(p.object, "attendanceUpdates");
	if (json_kind(list) != JSON_KIND_ARRAY || json_items(list) > REGISTER_MARK_MAX) {
		c001_refuse_with(c, fx, BULK_FAILED, STR("Invalid attendanceUpdates"));
		return RC_OK;
	}
	if (!t.attendance_id) {
		c001_refuse_with(c, fx, BULK_FAILED, STR("Attendance session not found"));
		return RC_OK;
	}
	return set_all(c, fx, list, t.attendance_id, e);
}
