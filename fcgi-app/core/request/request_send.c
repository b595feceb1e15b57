/*
 * Requests: asking, and what who asked may do later.  See request.h.
 */
#include "core/request/request.h"
#include "core/request/request_row.h"
#include "core/session/change.h"
#include "store/closure.h"

#define CLASSES_MAX 500
#define COURSES_MAX 200
#define ROOMS_MAX   1000

struct send {
	struct core *c;
	const struct request_in *in;
	int64_t branch_id;
	struct request_stored row;
	struct request_subject_row subject;
	const int32_t *days;
	size_t n_days;
	struct session_days at;
	int64_t id;
};

/* ---- what is typed -------------------------------------------------------------------------- */

static enum rc check_series(const struct request_in *in, struct error *e)
{
	enum rc rc = RC_OK;

	if (in->until_day == NO_DAY)
		rc = ERROR_FIELD(e, "until", REASON_REQUIRED, 0);
	else if (in->day != NO_DAY && in->until_day < in->day)
		rc = ERROR_FIELD(e, "until", REASON_END_BEFORE_START, 0);
	else if (in->day != NO_DAY && in->until_day - in->day >= REQUEST_SERIES_DAYS)
		rc = ERROR_FIELD(e, "until", REASON_RANGE_TOO_LONG, REQUEST_SERIES_DAYS);
	if (in->recurrence == RECURRENCE_WEEKLY && !(in->weekdays & 0x7F))
		rc = ERROR_FIELD(e, "weekdays", REASON_NO_WEEKDAY, 0);
	if (in->recurrence == RECURRENCE_MONTHLY && (in->day_of_month < 1 || in->day_of_month > 31))
		rc = ERROR_FIELD(e, "day_of_month", REASON_NOT_A_DATE, 0);
	return rc;
}

static enum rc one_day(struct core *c, int32_t day, const int32_t **ret_days, size_t *ret_n,
		       struct error *e)
{
	int32_t *days = ARENA_ARRAY(c->arena, 1, int32_t);

	if (!days)
		return ERROR_MEMORY(e);
	days[0] = day;
	*ret_days = days;
	*ret_n = 1;
	return RC_OK;
}

enum rc request_days_of(struct core *c, const struct request_in *in, const int32_t **ret_days,
			size_t *ret_n, struct error *e)
{
	const struct recurrence_rule rule = { in->recurrence, in->day, in->until_day, in->weekdays,
					      in->day_of_month };
	const int32_t *days;
	size_t n;

	if (!in->is_series)
		return one_day(c, in->day, ret_days, ret_n, e);
	TRY(recurrence_days(&rule, c->arena, &days, &n, e));
	if (n == 0 && in->recurrence == RECURRENCE_MONTHLY)
		return ERROR_FIELD(e, "day_of_month", REASON_NO_SUCH_DAY, 0);
	if (n == 0)
		return ERROR_FIELD(e, "until", REASON_NO_OCCURRENCE, 0);
	if (n > REQUEST_SESSIONS_MAX)
		return ERROR_FIELD(e, "until", REASON_TOO_MANY_SESSIONS, REQUEST_SESSIONS_MAX);
	*ret_days = days;
	*ret_n = n;
	return RC_OK;
}

/* Words of the list in any case are that word; others stay as they are. */
static struct str kind_of(struct str kind)
{
	for (size_t i = 0; request_kinds[i]; i++)
		if (str_eq_nocase(kind, str_from(request_kinds[i])))
			return str_from(request_kinds[i]);
	return kind;
}

static enum rc check_texts(struct send *s, struct error *e)
{
	const struct request_in *in = s->in;
	struct request_stored *r = &s->row;
	enum rc rc = RC_OK;

	if (line_clean(in->title, REQUEST_TITLE_MAX, "title", &r->title, e) != RC_OK)
		rc = RC_INVALID;
	else if (!r->title.n)
		rc = ERROR_FIELD(e, "title", REASON_REQUIRED, 0);
	if (line_clean(in->kind, REQUEST_KIND_MAX, "kind", &r->kind, e) != RC_OK)
		rc = RC_INVALID;
	else
		r->kind = kind_of(r->kind);
	if (line_clean(in->class_name, REQUEST_CLASS_MAX, "group", &r->class_name, e) != RC_OK)
		rc = RC_INVALID;
	else if (!in->class_id && !r->class_name.n)
		rc = ERROR_FIELD(e, "group", REASON_REQUIRED, 0);
	if (text_clean(s->c->arena, in->notes, REQUEST_NOTES_MAX, "notes", &r->notes, e) != RC_OK)
		rc = RC_INVALID;
	return rc;
}

static enum rc check_times(const struct request_in *in, struct error *e)
{
	enum rc rc = RC_OK;

	if (in->day == NO_DAY)
		rc = ERROR_FIELD(e, "date", REASON_REQUIRED, 0);
	if (in->start_tod == NO_DAY)
		rc = ERROR_FIELD(e, "start", REASON_REQUIRED, 0);
	if (in->end_tod == NO_DAY)
		rc = ERROR_FIELD(e, "end", REASON_REQUIRED, 0);
	else if (in->start_tod != NO_DAY && in->end_tod <= in->start_tod)
		rc = ERROR_FIELD(e, "end", REASON_END_BEFORE_START, 0);
	return rc;
}

static enum rc check_not_past(struct send *s, struct error *e)
{
	const struct request_in *in = s->in;
	int32_t today, tod;

	if (in->day == NO_DAY)
		return RC_OK;
	TRY(request_today(s->c, s->c->who->zone, &today, &tod, e));
	if (in->day < today)
		return ERROR_FIELD(e, "date", REASON_PAST, 0);
	if (in->day > today + REQUEST_AHEAD_DAYS)
		return ERROR_FIELD(e, "date", REASON_TOO_FAR_AHEAD, REQUEST_AHEAD_DAYS);
	if (in->day == today && in->start_tod != NO_DAY && in->start_tod <= tod)
		return ERROR_FIELD(e, "start", REASON_PAST, 0);
	return RC_OK;
}

/* Everything that needs no database; all fields, so that a form shows them at once. */
static enum rc check_in(struct send *s, struct error *e)
{
	const struct request_in *in = s->in;
	enum rc rcs[4] = { check_texts(s, e), check_times(in, e), check_not_past(s, e),
			   in->is_series ? check_series(in, e) : RC_OK };

	for (size_t i = 0; i < ARRAY_LEN(rcs); i++)
		TRY(rcs[i]);
	TRY(request_days_of(s->c, in, &s->days, &s->n_days, e));
	s->row.session_date = s->days[0];
	s->row.until_date = in->is_series ? in->until_day : NO_DAY;
	s->row.start_time = in->start_tod;
	s->row.end_time = in->end_tod;
	s->row.recurrence = in->is_series ? str_from(recurrence_name(in->recurrence)) : STR("");
	s->row.weekdays = in->is_series && in->recurrence == RECURRENCE_WEEKLY ? in->weekdays : 0;
	s->row.day_of_month = in->is_series && in->recurrence == RECURRENCE_MONTHLY
				      ? in->day_of_month
				      : COLUMN_NULL;
	s->row.n_days = (int64_t)s->n_days;
	return RC_OK;
}

/* ---- what it is about -------------------------------------------------------------------------
 */

static enum rc find_course(struct send *s, struct store *db, struct error *e)
{
	const struct request_choice_row *rows;
	size_t n;

	s->row.course_id = s->in->course_id ? s->in->course_id : COLUMN_NULL;
	if (s->in->course_id || !s->in->finds_course || s->row.class_id == COLUMN_NULL)
		return RC_OK;
	TRY(request_courses_of_class(db, s->row.class_id, s->c->who->person_id, s->c->arena, &rows,
				     &n, e));
	if (n == 1)
		s->row.course_id = rows[0].id;
	return RC_OK;
}

static enum rc find_subject(struct send *s, struct store *db, struct error *e)
{
	const struct request_in *in = s->in;
	const struct who *w = s->c->who;
	const struct request_subject_in ask = { s->branch_id, in->class_id, in->course_id,
						in->room_id,  w->person_id, s->row.class_name };
	struct request_subject_row *row = &s->subject;
	enum rc rc = RC_OK;

	TRY(request_subject(db, &ask, s->c->arena, row, e));
	if (in->class_id && row->class_id == COLUMN_NULL)
		rc = ERROR_FIELD(e, "group", REASON_NOT_A_CHOICE, 0);
	if (in->course_id && (row->course_id == COLUMN_NULL || row->teaches != 1))
		rc = ERROR_FIELD(e, "course", REASON_NOT_YOUR_COURSE, 0);
	if (in->room_id && row->room_id == COLUMN_NULL)
		rc = ERROR_FIELD(e, "room", REASON_NOT_A_CHOICE, 0);
	TRY(rc);
	s->row.branch_id = s->branch_id;
	s->row.account_id = w->account_id;
	s->row.teacher_id = w->person_id;
	s->row.class_id = row->class_id;
	if (row->class_id != COLUMN_NULL)
		s->row.class_name = row->class_name;
	s->row.room_id = in->room_id ? in->room_id : COLUMN_NULL;
	s->row.zone = row->zone;
	s->row.state = str_from(request_state_name(REQUEST_PENDING));
	TRY(find_course(s, db, e));
	return session_days_of(s->c, row->zone, s->days, s->n_days, in->start_tod, in->end_tod,
			       &s->at, e);
}

static enum rc prepare(struct send *s, struct error *e)
{
	TRY(request_may(s->c, true, e));
	s->branch_id = s->c->who->branch_id;
	if (s->branch_id == COLUMN_NULL)
		return ERROR(e, RC_DENIED, REASON_DENIED, "account %lld is of no branch",
			     (long long)s->c->who->account_id);
	return check_in(s, e);
}

/* ---- looking before ---------------------------------------------------------------------------
 */

static enum rc find_closed(struct send *s, struct request_plan *plan, struct error *e)
{
	const struct closure_span *spans;
	size_t n_spans;

	plan->make.closed_day = NO_DAY;
	TRY(closure_spans(s->c->db, s->branch_id, s->days[0], s->days[s->n_days - 1], s->c->arena,
			  &spans, &n_spans, e));
	for (size_t i = 0; i < s->n_days; i++)
		for (size_t k = 0; k < n_spans; k++) {
			if (s->days[i] < spans[k].from_date || s->days[i] > spans[k].to_date)
				continue;
			plan->n_closed += s->in->is_series;
			if (plan->make.closed_day == NO_DAY) {
				plan->make.closed_day = s->days[i];
				plan->make.closure = spans[k].name;
			}
			break;
		}
	return RC_OK;
}

static enum rc find_clashes(struct send *s, struct request_plan *plan, struct error *e)
{
	const struct clash_query q = { .class_id = s->row.class_id,
				       .teacher_id = s->row.teacher_id,
				       .schedule_id = COLUMN_NULL,
				       .occurrence_id = COLUMN_NULL,
				       .zone = s->row.zone,
				       .spans = s->at.spans,
				       .n_spans = s->n_days };

	for (size_t i = 0; i < s->n_days; i++)
		s->at.spans[i].room_id = s->row.room_id;
	return clash_find(s->c, s->c->db, &q, &plan->make.clashes, e);
}

enum rc request_check(struct core *c, const struct request_in *in, struct request_plan *ret,
		      struct error *e)
{
	struct send s = { .c = c, .in = in };
	struct request_plan plan = { .make = { .room_capacity = COLUMN_NULL } };
	int64_t members;

	TRY(prepare(&s, e));
	TRY(find_subject(&s, c->db, e));
	members = s.subject.n_members == COLUMN_NULL ? 0 : s.subject.n_members;
	plan.days = s.days;
	plan.n_days = s.n_days;
	plan.knows_class = s.row.class_id != COLUMN_NULL;
	plan.make.branch_id = s.branch_id;
	plan.make.zone = s.row.zone;
	plan.make.n_members = members;
	plan.make.fit = s.at.fit;
	plan.make.starts_at = s.at.starts_at;
	if (s.subject.room_capacity != COLUMN_NULL && s.subject.room_capacity < members)
		plan.make.room_capacity = s.subject.room_capacity;
	TRY(find_closed(&s, &plan, e));
	TRY(find_clashes(&s, &plan, e));
	TRY(request_rooms_at(c->db, s.branch_id, members, s.at.json, SESSION_ROOMS_SHOWN, c->arena,
			     &plan.make.free_rooms, &plan.make.n_free_rooms, e));
	*ret = plan;
	return RC_OK;
}

/* ---- sending ----------------------------------------------------------------------------------
 */

static enum rc send_tx(struct store *db, void *arg, struct error *e)
{
	struct send *s = arg;
	struct audit_detail d;
	struct request r;

	TRY(find_subject(s, db, e));
	TRY(request_insert(db, &s->row, s->c->now_us, &s->id, e));
	TRY(request_put_days(db, s->id, s->at.json, e));
	TRY(request_read_for(s->c, db, s->id, &r, e));
	audit_detail_begin(&d, s->c->arena);
	if (s->row.class_id != COLUMN_NULL)
		json_out_key_i64(&d.o, "class", s->row.class_id);
	json_out_key_i64(&d.o, "days", s->row.n_days);
	return request_tell(s->c, db, &r, "sent", (struct str){ NULL, 0 }, &d, e);
}

enum rc request_send(struct core *c, const struct request_in *in, int64_t *ret_id, struct error *e)
{
	struct send s = { .c = c, .in = in };

	TRY(prepare(&s, e));
	TRY(store_tx(c->db, send_tx, &s, e));
	*ret_id = s.id;
	return RC_OK;
}

/* ---- what a form offers ------------------------------------------------------------------------
 */

enum rc request_choices(struct core *c, struct request_choices *ret, struct error *e)
{
	const struct who *w = c->who;
	struct request_choices v = { 0 };
	int32_t tod;

	TRY(request_may(c, true, e));
	TRY(request_today(c, w->zone, &v.today, &tod, e));
	TRY(request_courses(c->db, w->branch_id, w->person_id, COURSES_MAX, c->arena, &v.courses,
			    &v.n_courses, e));
	TRY(request_classes(c->db, w->branch_id, w->person_id, CLASSES_MAX, c->arena, &v.classes,
			    &v.n_classes, e));
	TRY(room_rows(c->db, w->branch_id, STR(""), false, ROOMS_MAX, 0, c->arena, &v.rooms,
		      &v.n_rooms, e));
	*ret = v;
	return RC_OK;
}

static int64_t or_zero(int64_t id)
{
	return id == COLUMN_NULL ? 0 : id;
}

enum rc request_again(struct core *c, int64_t id, struct request_in *ret, struct error *e)
{
	const struct request_stored *row;
	struct request r;
	int32_t today, tod, day;

	TRY(request_may(c, true, e));
	TRY(request_read_for(c, c->db, id, &r, e));
	row = &r.row;
	TRY(request_today(c, row->zone, &today, &tod, e));
	day = row->session_date;
	if (day <= today)
		day += (today - day) / 7 * 7;
	while (day <= today || day == row->session_date)
		day += 7;
	*ret = (struct request_in){ .title = row->title,
				    .kind = row->kind,
				    .notes = row->notes,
				    .course_id = or_zero(row->course_id),
				    .room_id = or_zero(row->room_id),
				    .class_id = or_zero(row->class_id),
				    .class_name = row->class_name,
				    .day = day,
				    .start_tod = row->start_time,
				    .end_tod = row->end_time,
				    .is_series = r.is_series,
				    .recurrence = r.recurrence,
				    .until_day = NO_DAY,
				    .weekdays = (unsigned)row->weekdays,
				    .day_of_month = (int)or_zero(row->day_of_month) };
	if (r.is_series)
		ret->until_day = day + (row->until_date - row->session_date);
	return RC_OK;
}

/* ---- later -------------------------------------------------------------------------------------
 */

struct later {
	struct core *c;
	int64_t id, version;
	struct str text;
};

static enum rc need_waiting(const struct request *r, struct error *e)
{
	if (r->state == REQUEST_WITHDRAWN)
		return ERROR(e, RC_CONFLICT, REASON_REQUEST_WITHDRAWN, "request %lld",
			     (long long)r->row.id);
	if (r->state != REQUEST_PENDING && r->state != REQUEST_QUESTION)
		return ERROR(e, RC_CONFLICT, REASON_REQUEST_DECIDED, "request %lld",
			     (long long)r->row.id);
	return RC_OK;
}

/* Only who asked, whatever else one may do. */
static enum rc lock_own(struct later *l, struct store *s, struct request *ret, struct error *e)
{
	TRY(request_lock_for(l->c, s, l->id, 0, ret, e));
	if (!ret->is_own)
		return ERROR(e, RC_DENIED, REASON_DENIED, "request %lld is somebody else's",
			     (long long)l->id);
	TRY(need_waiting(ret, e));
	if (l->version && l->version != ret->row.version)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "request %lld is at %lld, not %lld",
			     (long long)l->id, (long long)ret->row.version, (long long)l->version);
	return RC_OK;
}

static enum rc move_on(struct later *l, struct store *s, struct request *r, enum request_state to,
		       const char *step, struct error *e)
{
	r->row.state = str_from(request_state_name(to));
	TRY(request_write(s, &r->row, l->c->now_us, e));
	r->state = to;
	return request_tell(l->c, s, r, step, l->text, NULL, e);
}

static enum rc withdraw_tx(struct store *s, void *arg, struct error *e)
{
	struct later *l = arg;
	struct request r;

	TRY(lock_own(l, s, &r, e));
	return move_on(l, s, &r, REQUEST_WITHDRAWN, "withdrawn", e);
}

enum rc request_withdraw(struct core *c, int64_t id, int64_t version, struct error *e)
{
	struct later l = { .c = c, .id = id, .version = version };

	return store_tx(c->db, withdraw_tx, &l, e);
}

static enum rc answer_tx(struct store *s, void *arg, struct error *e)
{
	struct later *l = arg;
	struct request r;

	TRY(lock_own(l, s, &r, e));
	if (r.state != REQUEST_QUESTION)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "nothing was asked about request %lld",
			     (long long)l->id);
	return move_on(l, s, &r, REQUEST_PENDING, "answered", e);
}

enum rc request_answer(struct core *c, int64_t id, int64_t version, struct str text,
		       struct error *e)
{
	struct later l = { .c = c, .id = id, .version = version };

	TRY(text_clean(c->arena, text, REQUEST_TEXT_MAX, "text", &l.text, e));
	if (!l.text.n)
		return ERROR_FIELD(e, "text", REASON_REQUIRED, 0);
	return store_tx(c->db, answer_tx, &l, e);
}

static enum rc delete_tx(struct store *s, void *arg, struct error *e)
{
	struct later *l = arg;
	struct audit_entry entry = { .action = "request.removed",
				     .object = "request",
				     .object_id = l->id };
	struct request r;

	TRY(request_lock_for(l->c, s, l->id, 0, &r, e));
	TRY(rights_branch(l->c->who, ACTION_REQUEST_DECIDE, r.row.branch_id, e));
	entry.branch_id = r.row.branch_id;
	TRY(request_remove(s, l->id, l->c->now_us, e));
	return audit_add(s, l->c, &entry, e);
}

enum rc request_delete(struct core *c, int64_t id, struct error *e)
{
	struct later l = { .c = c, .id = id };

	return store_tx(c->db, delete_tx, &l, e);
}
