/*
 * Making and changing single sessions.  See session_make.h.
 */
#include "core/session/session_make.h"

#include "codec/json.h"
#include "core/event/notify_sum.h"
#include "core/schedule/slots.h"
#include "core/session/change.h"
#include "core/session/session_tell.h"
#include "store/closure.h"
#include "store/schedule.h"
#include "store/session_make.h"

#define DAY_BYTES 160 /* of JSON */

struct make {
	struct core *c;
	const struct session_make_in *in;
	int64_t id, request_id;
	struct str title, room, kind, notes; /* cleaned */
	struct session_made made;
	struct session_days days;
	struct session_make_plan plan;
	int64_t first_id;
};

bool session_make_warns(const struct session_make_plan *plan)
{
	return plan->clashes.n > 0 || plan->closure.n > 0 || plan->room_capacity != COLUMN_NULL;
}

/* ---- days ---------------------------------------------------------------------------------- */

/* "2026-11-20 09:30:00" */
static void put_instant(struct json_out *o, const char *key, int64_t us)
{
	char day[11], tod[9], text[20];

	memcpy(text, day_format(us_day(us), day).p, 10);
	text[10] = ' ';
	memcpy(text + 11, tod_format((int32_t)(us_in_day(us) / US_PER_S), tod).p, 8);
	json_out_key_str(o, key, str_make(text, 19));
}

static void put_day(struct json_out *o, int32_t day, const struct clash_span *span)
{
	char date[11], start[9], end[9];

	json_out_object(o);
	json_out_key_str(o, "d", day_format(day, date));
	json_out_key_str(o, "a", tod_format(span->start_tod, start));
	json_out_key_str(o, "b", tod_format(span->end_tod, end));
	put_instant(o, "s", span->starts_at);
	put_instant(o, "e", span->ends_at);
	json_out_object_end(o);
}

enum rc session_days_of(struct core *c, struct str zone, const int32_t *days, size_t n,
			int32_t start_tod, int32_t end_tod, struct session_days *ret,
			struct error *e)
{
	struct session_days d = { .fit = ZONE_FIT_EXACT, .starts_at = NO_TIME };
	const struct zone *z;
	struct json_out o;
	struct buf b;

	TRY(zones_get(c->zones, zone, &z, e));
	d.spans = ARENA_ARRAY(c->arena, n + 1, struct clash_span);
	if (!d.spans)
		return ERROR_MEMORY(e);
	buf_init(&b, c->arena, 256, n * DAY_BYTES + 64);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		struct slot_instants at = slot_instants(z, days[i], start_tod, end_tod);

		d.spans[i] = (struct clash_span){ at.starts_at, at.ends_at, start_tod, end_tod,
						  COLUMN_NULL };
		if (i == 0 || (d.fit == ZONE_FIT_EXACT && at.fit != ZONE_FIT_EXACT)) {
			d.fit = at.fit;
			d.starts_at = at.starts_at;
		}
		put_day(&o, days[i], &d.spans[i]);
	}
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	d.json = buf_str(&b);
	*ret = d;
	return RC_OK;
}

/* ---- what is wanted -------------------------------------------------------------------------- */

static enum rc check_times(const struct session_make_in *in, struct error *e)
{
	enum rc rc = RC_OK;

	BUG(in->n_days < 1 || in->n_days > SESSION_MAKE_DAYS_MAX);
	if (in->days[0] == NO_DAY)
		rc = ERROR_FIELD(e, "day", REASON_REQUIRED, 0);
	if (in->start_tod == NO_DAY)
		rc = ERROR_FIELD(e, "start", REASON_REQUIRED, 0);
	if (in->end_tod == NO_DAY)
		rc = ERROR_FIELD(e, "end", REASON_REQUIRED, 0);
	else if (in->start_tod != NO_DAY && in->end_tod <= in->start_tod)
		rc = ERROR_FIELD(e, "end", REASON_END_BEFORE_START, 0);
	return rc;
}

/* Everything that needs no database; all fields, so that a form shows them at once. */
static enum rc check_in(struct make *m, bool with_times, struct error *e)
{
	enum rc rc = with_times ? check_times(m->in, e) : RC_OK;

	if (line_clean(m->in->title, SESSION_TITLE_MAX, "title", &m->title, e) != RC_OK)
		rc = RC_INVALID;
	if (line_clean(m->in->room, SESSION_ROOM_MAX, "room", &m->room, e) != RC_OK)
		rc = RC_INVALID;
	if (line_clean(m->in->kind, SESSION_KIND_MAX, "kind", &m->kind, e) != RC_OK)
		rc = RC_INVALID;
	if (text_clean(m->c->arena, m->in->notes, SESSION_NOTES_MAX, "notes", &m->notes, e) !=
	    RC_OK)
		rc = RC_INVALID;
	if (m->in->class_id == 0)
		rc = ERROR_FIELD(e, "group", REASON_REQUIRED, 0);
	return rc;
}

/* Class, course and teacher, all of the class's branch; its zone and size. */
static enum rc find_subject(struct make *m, struct store *s, struct error *e)
{
	const struct session_make_in *in = m->in;
	struct schedule_subject_row row;
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = schedule_subject(s, in->class_id, in->course_id, in->teacher_id, m->c->arena, &row,
			      &mine);
	if (rc == RC_NOT_FOUND)
		return ERROR_FIELD(e, "group", REASON_NOT_A_CHOICE, 0);
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	if (in->course_id && row.course_branch_id != row.branch_id)
		rc = ERROR_FIELD(e, "course", REASON_NOT_A_CHOICE, 0);
	if (in->teacher_id && row.teacher_branch_id != row.branch_id)
		rc = ERROR_FIELD(e, "teacher", REASON_NOT_A_CHOICE, 0);
	TRY(rc);
	m->made = (struct session_made){
		.branch_id = row.branch_id,
		.class_id = in->class_id,
		.course_id = in->course_id ? in->course_id : COLUMN_NULL,
		.teacher_id = in->teacher_id ? in->teacher_id : COLUMN_NULL,
		.room_id = COLUMN_NULL,
		.request_id = m->request_id,
		.title = m->title,
		.room = m->room.p ? m->room : STR(""),
		.kind = m->kind.p ? m->kind : STR(""),
		.notes = m->notes.p ? m->notes : STR(""),
		.zone = row.zone,
	};
	if (!m->title.n)
		m->made.title = in->course_id ? row.course_title : row.class_name;
	m->plan.branch_id = row.branch_id;
	m->plan.zone = row.zone;
	m->plan.n_members = row.n_members;
	return RC_OK;
}

/* One of the list, of this branch; a text that is the name of one means it. */
static enum rc find_room(struct make *m, struct store *s, struct error *e)
{
	struct str ids = STR("[]"), name = m->in->room_id ? STR("") : m->made.room;
	const struct room_stored *rooms;
	size_t n;

	m->plan.room_capacity = COLUMN_NULL;
	if (m->in->room_id)
		ids = arena_printf(m->c->arena, "[%lld]", (long long)m->in->room_id);
	else if (!name.n)
		return RC_OK;
	if (!ids.p)
		return ERROR_MEMORY(e);
	TRY(room_pick(s, ids, m->made.branch_id, name, m->c->arena, &rooms, &n, e));
	if (m->in->room_id && (n == 0 || rooms[0].branch_id != m->made.branch_id))
		return ERROR_FIELD(e, "room", REASON_NOT_A_CHOICE, 0);
	if (m->in->room_id && rooms[0].ended_at != NO_TIME)
		return ERROR_FIELD(e, "room", REASON_ROOM_ENDED, 0);
	if (n == 0)
		return RC_OK;
	m->made.room_id = rooms[0].id;
	m->made.room = rooms[0].name;
	if (rooms[0].capacity != COLUMN_NULL && rooms[0].capacity < m->plan.n_members)
		m->plan.room_capacity = rooms[0].capacity;
	return RC_OK;
}

static enum rc find_closure(struct make *m, struct store *s, const int32_t *days, size_t n,
			    struct error *e)
{
	const struct closure_span *spans;
	size_t n_spans;

	m->plan.closed_day = NO_DAY;
	TRY(closure_spans(s, m->made.branch_id, days[0], days[n - 1], m->c->arena, &spans, &n_spans,
			  e));
	for (size_t i = 0; i < n && m->plan.closed_day == NO_DAY; i++)
		for (size_t k = 0; k < n_spans; k++) {
			if (days[i] < spans[k].from_date || days[i] > spans[k].to_date)
				continue;
			m->plan.closure = spans[k].name;
			m->plan.closed_day = days[i];
			break;
		}
	return RC_OK;
}

static enum rc find_clashes(struct make *m, struct store *s, struct clash_span *spans, size_t n,
			    struct error *e)
{
	struct clash_query q = { .class_id = m->made.class_id,
				 .teacher_id = m->made.teacher_id,
				 .schedule_id = COLUMN_NULL,
				 .occurrence_id = m->id ? m->id : COLUMN_NULL,
				 .zone = m->made.zone,
				 .spans = spans,
				 .n_spans = n };

	for (size_t i = 0; i < n; i++)
		spans[i].room_id = m->made.room_id;
	return clash_find(m->c, s, &q, &m->plan.clashes, e);
}

/* What is to be said about the days that are wanted. */
static enum rc find_warnings(struct make *m, struct store *s, struct error *e)
{
	const struct session_make_in *in = m->in;

	TRY(session_days_of(m->c, m->made.zone, in->days, in->n_days, in->start_tod, in->end_tod,
			    &m->days, e));
	m->plan.fit = m->days.fit;
	m->plan.starts_at = m->days.starts_at;
	TRY(find_closure(m, s, in->days, in->n_days, e));
	return find_clashes(m, s, m->days.spans, in->n_days, e);
}

static enum rc check_warnings(const struct make *m, struct error *e)
{
	if (m->in->stops_at_warnings && session_make_warns(&m->plan))
		return ERROR(e, RC_CONFLICT, REASON_CLASHES, "%lld clashes",
			     (long long)m->plan.clashes.n);
	return RC_OK;
}

enum rc session_make_check(struct core *c, const struct session_make_in *in,
			   struct session_make_plan *ret, struct error *e)
{
	struct make m = { .c = c, .in = in, .request_id = COLUMN_NULL };

	TRY(check_in(&m, true, e));
	TRY(find_subject(&m, c->db, e));
	TRY(rights_branch(c->who, ACTION_SESSION_CREATE, m.made.branch_id, e));
	TRY(find_room(&m, c->db, e));
	TRY(find_warnings(&m, c->db, e));
	TRY(request_rooms_at(c->db, m.made.branch_id, m.plan.n_members, m.days.json,
			     SESSION_ROOMS_SHOWN, c->arena, &m.plan.free_rooms,
			     &m.plan.n_free_rooms, e));
	*ret = m.plan;
	return RC_OK;
}

/* ---- creating ---------------------------------------------------------------------------------
 */

/* `m` is checked and its subject found; the branch's row is raised before anything is looked at. */
static enum rc put(struct make *m, struct store *s, struct error *e)
{
	TRY(occurrence_touch(s, m->made.branch_id, m->made.class_id, m->made.teacher_id, e));
	/* Again, now that nobody else can change the branch's zone. */
	TRY(find_subject(m, s, e));
	TRY(find_room(m, s, e));
	TRY(find_warnings(m, s, e));
	TRY(check_warnings(m, e));
	return session_make_put(s, &m->made, m->days.json, &m->first_id, e);
}

enum rc session_make_within(struct core *c, struct store *s, const struct session_make_in *in,
			    int64_t request_id, struct session_make_plan *ret_plan, int64_t *ret_id,
			    struct error *e)
{
	struct make m = { .c = c, .in = in, .request_id = request_id };

	TRY(check_in(&m, true, e));
	TRY(find_subject(&m, s, e));
	TRY(put(&m, s, e));
	*ret_plan = m.plan;
	*ret_id = m.first_id;
	return RC_OK;
}

static enum rc write_trail(const struct make *m, struct store *s, int64_t id, const char *action,
			   struct error *e)
{
	struct audit_entry entry = { .action = action,
				     .object = "occurrence",
				     .object_id = id,
				     .branch_id = m->made.branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, m->c->arena);
	json_out_key_i64(&d.o, "class", m->made.class_id);
	if (m->made.course_id != COLUMN_NULL)
		json_out_key_i64(&d.o, "course", m->made.course_id);
	if (m->made.teacher_id != COLUMN_NULL)
		json_out_key_i64(&d.o, "teacher", m->made.teacher_id);
	if (m->plan.clashes.n)
		json_out_key_i64(&d.o, "clashes", m->plan.clashes.n);
	if (m->plan.closure.n)
		json_out_key_bool(&d.o, "closed", true);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, m->c, &entry, e);
}

/* Who holds it and who comes to it. */
static enum rc notify_all(const struct make *m, struct store *s, struct error *e)
{
	const struct notify_new n = { .kind = NOTIFY_SESSION_CREATED,
				      .branch_id = m->made.branch_id,
				      .entity_id = m->first_id,
				      .params = { .title = m->made.title,
						  .has_when = true,
						  .day = m->in->days[0],
						  .start = m->in->start_tod,
						  .end = m->in->end_tod } };

	return notify_session_all(m->c, s, m->first_id, &n, e);
}

static enum rc create_tx(struct store *s, void *arg, struct error *e)
{
	struct make *m = arg;

	TRY(find_subject(m, s, e));
	TRY(rights_branch(m->c->who, ACTION_SESSION_CREATE, m->made.branch_id, e));
	TRY(put(m, s, e));
	TRY(session_tell(m->c, s, EVENT_SESSION_CREATED,
			 &(struct session_told){ m->made.branch_id, m->first_id, m->made.course_id,
						 m->made.teacher_id, m->in->days[0], 0, 0 },
			 e));
	TRY(notify_all(m, s, e));
	return write_trail(m, s, m->first_id, "session.created", e);
}

enum rc session_create(struct core *c, const struct session_make_in *in, int64_t *ret_id,
		       struct error *e)
{
	struct make m = { .c = c, .in = in, .request_id = COLUMN_NULL };

	if (rights_scope(c->who->role, ACTION_SESSION_CREATE) == SCOPE_NONE)
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "account %lld",
			     (long long)c->who->account_id);
	TRY(check_in(&m, true, e));
	TRY(store_tx(c->db, create_tx, &m, e));
	*ret_id = m.first_id;
	return RC_OK;
}

/* ---- changing ----------------------------------------------------------------------------------
 */

static enum rc check_old(const struct make *m, struct store *s, const struct occurrence_row *o,
			 struct error *e)
{
	struct session_make_state state;

	TRY(rights_branch(m->c->who, ACTION_SESSION_CREATE, o->branch_id, e));
	TRY(change_version(o, m->in->version, e));
	if (!str_eq(o->state, STR("scheduled")))
		return ERROR(e, RC_CONFLICT,
			     str_eq(o->state, STR("completed")) ? REASON_ALREADY_COMPLETED
								: REASON_ALREADY_CANCELLED,
			     "occurrence %lld", (long long)o->id);
	TRY(session_make_state(s, o->id, m->c->arena, &state, e));
	if (state.n)
		return ERROR(e, RC_CONFLICT, REASON_ATTENDANCE_EXISTS, "occurrence %lld",
			     (long long)o->id);
	return RC_OK;
}

/* Open screens of any change; people of another room, and who holds it now. */
static enum rc tell_edited(const struct make *m, struct store *s, const struct occurrence_row *old,
			   struct error *e)
{
	const struct notify_sum sum = { .kind = NOTIFY_SESSION_MOVED,
					.branch_id = m->made.branch_id,
					.ids = &m->id,
					.n_ids = 1 };
	const struct notify_new is_yours = { .kind = NOTIFY_SESSION_CREATED,
					     .branch_id = m->made.branch_id,
					     .entity_id = m->id,
					     .params = { .title = m->made.title,
							 .has_when = true,
							 .day = old->session_date,
							 .start = old->start_time,
							 .end = old->end_time } };

	TRY(notify_sum_events(m->c, s, &sum, e));
	if (!str_eq(old->room, m->made.room))
		return notify_sum(m->c, s, &sum, e);
	if (old->teacher_id != m->made.teacher_id && old->ends_at > m->c->now_us)
		return notify_person(m->c, s, m->made.teacher_id, &is_yours, e);
	return RC_OK;
}

static enum rc edit_tx(struct store *s, void *arg, struct error *e)
{
	struct make *m = arg;
	struct occurrence_row o;
	struct clash_span span;

	TRY(change_open(m->c, s, m->id, ACTION_SESSION_SEE, &o, e));
	TRY(check_old(m, s, &o, e));
	TRY(find_subject(m, s, e));
	if (m->made.branch_id != o.branch_id)
		return ERROR_FIELD(e, "group", REASON_NOT_A_CHOICE, 0);
	TRY(occurrence_touch(s, m->made.branch_id, m->made.class_id, m->made.teacher_id, e));
	TRY(find_room(m, s, e));
	span = (struct clash_span){ o.starts_at, o.ends_at, o.start_time, o.end_time,
				    m->made.room_id };
	TRY(find_clashes(m, s, &span, 1, e));
	TRY(check_warnings(m, e));
	TRY(session_make_edit(s, m->id, &m->made, e));
	TRY(tell_edited(m, s, &o, e));
	return write_trail(m, s, m->id, "session.changed", e);
}

enum rc session_edit(struct core *c, int64_t id, const struct session_make_in *in, struct error *e)
{
	struct make m = { .c = c, .in = in, .id = id, .request_id = COLUMN_NULL };

	if (rights_scope(c->who->role, ACTION_SESSION_CREATE) == SCOPE_NONE)
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "account %lld",
			     (long long)c->who->account_id);
	TRY(check_in(&m, false, e));
	return store_tx(c->db, edit_tx, &m, e);
}
