/*
 * A student's own screens of contract 000 (contracts.md 1.6); see door.h.
 */
#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c000/render.h"

#define ATTENDANCE_MAX   200
#define ATTENDANCE_LIMIT 50
#define CALENDAR_MAX     200
#define NEXT_DAYS        400
#define WEEK             7

static enum rc need_profile(const struct req *q, struct error *e)
{
	if (q->who.person_id != COLUMN_NULL)
		return RC_OK;
	return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "an account without a person");
}

/* ---- sums --------------------------------------------------------------------------------------
 */

static void key_next(struct req *q, struct json_out *o, const struct smart_listed_row *next)
{
	char day[11], tod[9];

	if (!next) {
		json_out_key_null(o, "next_session");
		return;
	}
	json_out_key_str(o, "next_session",
			 arena_printf(q->core.arena, "%s %s", day_format(next->session_date, day).p,
				      tod_format(next->start_time, tod).p));
}

enum rc c000_student_stats(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_listed_row *next;
	struct smart_counts n;
	struct json_out o;
	size_t n_next;
	int32_t today = smart_today(&q->core);

	TRY(need_profile(q, e));
	TRY(smart_counts_get(&q->core, q->who.person_id, 0, &n, e));
	TRY(smart_expected(&q->core, today, today + NEXT_DAYS, false, 1, &next, &n_next, e));
	o = resp_json(r);
	json_out_object(&o);
	c000_key_rate(&o, "attendance_rate", c000_all(&n) - n.n_absent, c000_all(&n));
	json_out_key_i64(&o, "total_sessions", c000_all(&n));
	json_out_key_i64(&o, "total_classes", c000_all(&n));
	json_out_key_i64(&o, "present_count", n.n_present);
	json_out_key_i64(&o, "absent_count", n.n_absent);
	json_out_key_i64(&o, "absences", n.n_absent);
	json_out_key_i64(&o, "justified_absences", n.n_excused);
	key_next(q, &o, n_next ? next : NULL);
	json_out_key_i64(&o, "total_absence_hours", n.absent_hours);
	json_out_key_i64(&o, "total_late_minutes", n.late_min);
	json_out_key_cz(&o, "alert_level", c000_alert_level(&n));
	json_out_key_null(&o, "ai_score");
	json_out_key_null(&o, "ai_explanation");
	json_out_object_end(&o);
	return RC_OK;
}

/* ---- marks -------------------------------------------------------------------------------------
 */

struct c000_student_list_in {
	int64_t limit;
};
FIELDS(c000_student_list_fields, c000_student_list_in,
       FIELD(INT, c000_student_list_in, limit, QUERY, .min = 1, .max = ATTENDANCE_MAX,
	     .fallback = ATTENDANCE_LIMIT));

#define NEXT_MAX   50
#define NEXT_LIMIT 10
FIELDS(c000_student_next_fields, c000_student_list_in,
       FIELD(INT, c000_student_list_in, limit, QUERY, .min = 1, .max = NEXT_MAX,
	     .fallback = NEXT_LIMIT));

static void write_mark(struct json_out *o, const struct smart_record_row *row)
{
	json_out_object(o);
	json_out_key_i64(o, "id", row->id);
	c000_key_id(o, "session_id", row->occurrence_id);
	c000_key_day(o, "date", row->session_date);
	json_out_key_str(o, "subject", row->title);
	json_out_key_str(o, "status", row->status);
	c000_key_time(o, "marked_at", row->happened_at);
	json_out_key_i64(o, "late_minutes", row->late_s == COLUMN_NULL ? 0 : row->late_s / 60);
	json_out_key_null(o, "justification");
	json_out_key_bool(o, "justified", str_eq(row->status, STR("excused")));
	json_out_object_end(o);
}

enum rc c000_student_attendance(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_record_row *rows;
	struct c000_student_list_in in;
	struct json_out o;
	size_t n;

	TRY(need_profile(q, e));
	TRY(req_read(q, &in, e));
	TRY(smart_records(&q->core, SMART_OF_PERSON, q->who.person_id, (size_t)in.limit, &rows, &n,
			  e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		write_mark(&o, &rows[i]);
	json_out_array_end(&o);
	return RC_OK;
}

/* ---- sessions
 * ------------------------------------------------------------------------------------ */

enum rc c000_student_upcoming(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_listed_row *rows;
	struct c000_student_list_in in;
	struct json_out o;
	size_t n;
	int32_t today = smart_today(&q->core);

	TRY(need_profile(q, e));
	TRY(req_read(q, &in, e));
	TRY(smart_expected(&q->core, today, today + NEXT_DAYS, false, (size_t)in.limit, &rows, &n,
			   e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		json_out_object(&o);
		json_out_key_i64(&o, "id", rows[i].id);
		json_out_key_str(&o, "subject", rows[i].title);
		c000_key_day(&o, "date", rows[i].session_date);
		c000_key_tod(&o, "time", rows[i].start_time);
		json_out_key_str(&o, "classroom", rows[i].room);
		c000_key_text(&o, "trainer_name", rows[i].teacher_name);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	return RC_OK;
}

enum rc c000_student_schedule(struct req *q, struct resp *r, struct error *e)
{
	static const char *const names[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
					     "Thursday", "Friday", "Saturday" };
	const struct smart_listed_row *rows;
	struct json_out o;
	size_t n;
	int32_t monday = smart_week_start(&q->core);

	TRY(need_profile(q, e));
	TRY(smart_expected(&q->core, monday, monday + WEEK - 1, true, CALENDAR_MAX, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		int weekday = day_weekday(rows[i].session_date);

		json_out_object(&o);
		json_out_key_i64(&o, "id", rows[i].id);
		json_out_key_str(&o, "subject", rows[i].title);
		c000_key_text(&o, "trainer", rows[i].teacher_name);
		json_out_key_str(&o, "classroom", rows[i].room);
		c000_key_day(&o, "date", rows[i].session_date);
		c000_key_tod(&o, "start_time", rows[i].start_time);
		c000_key_tod(&o, "end_time", rows[i].end_time);
		json_out_key_cz(&o, "day", names[weekday]);
		json_out_key_i64(&o, "day_of_week", weekday == 0 ? WEEK : weekday);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	return RC_OK;
}

struct c000_calendar_in {
	int64_t month, year;
};
FIELDS(c000_calendar_fields, c000_calendar_in,
       FIELD(INT, c000_calendar_in, month, QUERY, .min = 1, .max = 12),
       FIELD(INT, c000_calendar_in, year, QUERY, .min = 2000, .max = 2100));

/* That month when both are given, else from today on. */
static void days_of(const struct req *q, const struct c000_calendar_in *in, int32_t *ret_from,
		    int32_t *ret_to)
{
	int year = (int)in->year, month = (int)in->month;

	*ret_from = smart_today(&q->core);
	*ret_to = *ret_from + NEXT_DAYS;
	if (!in->month || !in->year)
		return;
	*ret_from = day_from_ymd((struct ymd){ year, month, 1 });
	*ret_to = *ret_from + days_in_month(year, month) - 1;
}

enum rc c000_student_calendar(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_listed_row *rows;
	struct c000_calendar_in in;
	struct json_out o;
	int32_t from, to;
	size_t n;
	char hm[6];

	TRY(need_profile(q, e));
	TRY(req_read(q, &in, e));
	days_of(q, &in, &from, &to);
	TRY(smart_expected(&q->core, from, to, true, CALENDAR_MAX, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		json_out_object(&o);
		json_out_key_i64(&o, "id", rows[i].id);
		json_out_key_str(&o, "title", rows[i].title);
		c000_key_day(&o, "date", rows[i].session_date);
		json_out_key_str(&o, "time", tod_format_hm(rows[i].start_time, hm));
		json_out_key_str(&o, "location", rows[i].room);
		json_out_key_cz(&o, "type", "class");
		c000_key_text(&o, "description",
			      rows[i].teacher_name.n
				      ? arena_printf(q->core.arena, "Cours avec %.*s",
						     STR_ARG(rows[i].teacher_name))
				      : (struct str){ 0 });
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	return RC_OK;
}

/* ---- who
 * ------------------------------------------------------------------------------------------ */

enum rc c000_student_profile(struct req *q, struct resp *r, struct error *e)
{
	struct smart_student_row p;
	struct smart_counts n;
	struct json_out o;

	TRY(smart_profile(&q->core, &p, e));
	TRY(smart_counts_get(&q->core, p.id, 0, &n, e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_i64(&o, "id", p.id);
	json_out_key_str(&o, "first_name", p.given_name);
	json_out_key_str(&o, "last_name", p.family_name);
	c000_key_text(&o, "email", p.email);
	json_out_key_null(&o, "phone");
	c000_key_text(&o, "student_code", p.student_code);
	c000_key_text(&o, "class_name", p.class_name);
	c000_key_rate(&o, "attendance_rate", c000_all(&n) - n.n_absent, c000_all(&n));
	json_out_key_null(&o, "profile_photo_path");
	json_out_object_end(&o);
	return RC_OK;
}
