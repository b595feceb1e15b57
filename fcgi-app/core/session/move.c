/*
 * Moving one session, and moving it back; see session.h.
 */
#include "core/event/notify_session.h"
#include "core/schedule/slots.h"
#include "core/session/change.h"
#include "core/session/session_tell.h"
#include "store/closure.h"

#define REASON_MAX  500
#define ROOMS_MAX   1000
#define ROOM_LENGTH 80

struct move {
	struct core *c;
	const struct session_move_in *in;
	struct str room, reason;
	struct session_move_plan plan;
};

bool session_move_warns(const struct session_move_plan *plan)
{
	return plan->clashes.n > 0 || plan->closure.n > 0 || plan->room_capacity != COLUMN_NULL;
}

static enum rc check_in(struct move *m, struct error *e)
{
	const struct session_move_in *in = m->in;
	enum rc rc = RC_OK;

	if (in->day == NO_DAY)
		rc = ERROR_FIELD(e, "day", REASON_REQUIRED, 0);
	if (in->start_tod == NO_DAY)
		rc = ERROR_FIELD(e, "start", REASON_REQUIRED, 0);
	if (in->end_tod == NO_DAY)
		rc = ERROR_FIELD(e, "end", REASON_REQUIRED, 0);
	if (in->start_tod != NO_DAY && in->end_tod != NO_DAY && in->end_tod <= in->start_tod)
		rc = ERROR_FIELD(e, "end", REASON_END_BEFORE_START, 0);
	if (line_clean(in->room, ROOM_LENGTH, "room", &m->room, e) != RC_OK)
		rc = RC_INVALID;
	if (text_clean(m->c->arena, in->reason, REASON_MAX, "reason", &m->reason, e) != RC_OK)
		rc = RC_INVALID;
	else if (!m->reason.n)
		rc = ERROR_FIELD(e, "reason", REASON_REASON_MISSING, 0);
	return rc;
}

static enum rc check_scheduled(const struct occurrence_row *o, struct error *e)
{
	if (str_eq(o->state, STR("scheduled")))
		return RC_OK;
	return ERROR(e, RC_CONFLICT,
		     str_eq(o->state, STR("completed")) ? REASON_ALREADY_COMPLETED
							: REASON_ALREADY_CANCELLED,
		     "occurrence %lld", (long long)o->id);
}

/* Puts `o` where it is wanted. */
static enum rc place(struct move *m, struct store *s, struct occurrence_row *o,
		     const struct room_stored **ret_room, struct error *e)
{
	const struct session_move_in *in = m->in;
	const struct room_stored *rooms = NULL;
	struct slot_instants at;
	const struct zone *zone;
	size_t n = 0;

	TRY(zones_get(m->c->zones, o->zone, &zone, e));
	if (m->room.n)
		TRY(room_pick(s, STR("[]"), o->branch_id, m->room, m->c->arena, &rooms, &n, e));
	if (o->moved_from_date == NO_DAY) {
		o->moved_from_date = o->session_date;
		o->moved_from_time = o->start_time;
		o->moved_from_end = o->end_time;
		o->moved_from_room = o->room;
	}
	at = slot_instants(zone, in->day, in->start_tod, in->end_tod);
	o->session_date = in->day;
	o->start_time = in->start_tod;
	o->end_time = in->end_tod;
	o->starts_at = at.starts_at;
	o->ends_at = at.ends_at;
	o->room = n ? rooms[0].name : m->room;
	o->room_id = n ? rooms[0].id : COLUMN_NULL;
	o->move_reason = m->reason;
	m->plan.fit = at.fit;
	m->plan.starts_at = at.starts_at;
	*ret_room = n ? &rooms[0] : NULL;
	return RC_OK;
}

/* `o` stands where it is wanted. */
static enum rc find_warnings(struct move *m, struct store *s, const struct occurrence_row *o,
			     const struct room_stored *room, struct error *e)
{
	struct clash_span span = { o->starts_at, o->ends_at, o->start_time, o->end_time,
				   o->room_id };
	struct clash_query q = { .class_id = o->class_id,
				 .teacher_id = o->teacher_id,
				 .schedule_id = COLUMN_NULL,
				 .occurrence_id = o->id,
				 .zone = o->zone,
				 .spans = &span,
				 .n_spans = 1 };
	const struct closure_span *closures;
	size_t n;

	/* The place it left may be another's by now; a rule does not clash with itself. */
	m->plan.room_capacity = COLUMN_NULL;
	m->plan.n_members = o->n_members == COLUMN_NULL ? 0 : o->n_members;
	if (room && room->capacity != COLUMN_NULL && room->capacity < m->plan.n_members)
		m->plan.room_capacity = room->capacity;
	TRY(closure_spans(s, o->branch_id, o->session_date, o->session_date, m->c->arena, &closures,
			  &n, e));
	m->plan.closure = n ? closures[0].name : (struct str){ NULL, 0 };
	return clash_find(m->c, s, &q, &m->plan.clashes, e);
}

static enum rc write_place(struct store *s, const struct occurrence_row *o, struct error *e)
{
	enum rc rc = occurrence_write_time(s, o, e);

	if (rc == RC_OK || !store_is_duplicate(e, "occurrence_schedule"))
		return rc;
	error_init(e);
	return ERROR_FIELD(e, "day", REASON_NOT_A_CHOICE, 0);
}

static enum rc tell(struct core *c, struct store *s, const struct occurrence_row *o,
		    struct error *e)
{
	const struct session_told told = {
		o->branch_id, o->id, o->course_id, o->teacher_id, o->session_date, 0, 0
	};

	return session_tell(c, s, EVENT_SESSION_MOVED, &told, e);
}

static enum rc move_tx(struct store *s, void *arg, struct error *e)
{
	const struct room_stored *room;
	struct move *m = arg;
	struct occurrence_row o;
	struct audit_detail d;
	int32_t old_day, old_start;
	char from[11], to[11];

	TRY(change_open(m->c, s, m->in->occurrence_id, ACTION_SESSION_MOVE, &o, e));
	TRY(check_scheduled(&o, e));
	TRY(change_version(&o, m->in->version, e));
	audit_detail_begin(&d, m->c->arena);
	json_out_key_str(&d.o, "from", day_format(o.session_date, from));
	json_out_key_str(&d.o, "to", day_format(m->in->day, to));
	old_day = o.session_date;
	old_start = o.start_time;
	TRY(place(m, s, &o, &room, e));
	TRY(find_warnings(m, s, &o, room, e));
	if (m->in->stops_at_warnings && session_move_warns(&m->plan))
		return ERROR(e, RC_CONFLICT, REASON_CLASHES, "%lld clashes",
			     (long long)m->plan.clashes.n);
	if (m->plan.clashes.n)
		json_out_key_i64(&d.o, "clashes", m->plan.clashes.n);
	TRY(write_place(s, &o, e));
	TRY(tell(m->c, s, &o, e));
	TRY(notify_session_moved(m->c, s, &o, old_day, old_start, o.move_reason, e));
	return change_close(m->c, s, &o, "session.moved", &d, e);
}

enum rc session_move_check(struct core *c, const struct session_move_in *in,
			   struct session_move_plan *ret, struct error *e)
{
	struct move m = { .c = c, .in = in };
	const struct room_stored *room;
	struct occurrence_row o;

	TRY(session_read(c, c->db, in->occurrence_id, ACTION_SESSION_MOVE, &o, e));
	TRY(check_in(&m, e));
	TRY(check_scheduled(&o, e));
	TRY(place(&m, c->db, &o, &room, e));
	TRY(find_warnings(&m, c->db, &o, room, e));
	*ret = m.plan;
	return RC_OK;
}

enum rc session_move(struct core *c, const struct session_move_in *in, struct error *e)
{
	struct move m = { .c = c, .in = in };

	TRY(check_in(&m, e));
	return store_tx(c->db, move_tx, &m, e);
}

/* ---- back -------------------------------------------------------------------------------------
 */

struct back {
	struct core *c;
	int64_t id, version;
};

static enum rc back_tx(struct store *s, void *arg, struct error *e)
{
	const struct back *b = arg;
	const struct room_stored *rooms = NULL;
	struct slot_instants at;
	const struct zone *zone;
	struct occurrence_row o;
	struct audit_detail d;
	int32_t old_day, old_start;
	char from[11], to[11];
	size_t n = 0;

	TRY(change_open(b->c, s, b->id, ACTION_SESSION_MOVE, &o, e));
	TRY(check_scheduled(&o, e));
	TRY(change_version(&o, b->version, e));
	if (o.moved_from_date == NO_DAY)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "occurrence %lld is not moved",
			     (long long)o.id);
	audit_detail_begin(&d, b->c->arena);
	json_out_key_str(&d.o, "from", day_format(o.session_date, from));
	json_out_key_str(&d.o, "to", day_format(o.moved_from_date, to));
	old_day = o.session_date;
	old_start = o.start_time;
	o.session_date = o.moved_from_date;
	/* Moved before times were kept: only the day is known. */
	if (o.moved_from_time != NO_DAY && o.moved_from_end != NO_DAY) {
		o.start_time = o.moved_from_time;
		o.end_time = o.moved_from_end;
		o.room = o.moved_from_room.p ? o.moved_from_room : STR("");
	}
	if (o.room.n)
		TRY(room_pick(s, STR("[]"), o.branch_id, o.room, b->c->arena, &rooms, &n, e));
	o.room_id = n ? rooms[0].id : COLUMN_NULL;
	TRY(zones_get(b->c->zones, o.zone, &zone, e));
	at = slot_instants(zone, o.session_date, o.start_time, o.end_time);
	o.starts_at = at.starts_at;
	o.ends_at = at.ends_at;
	o.moved_from_date = o.moved_from_time = o.moved_from_end = NO_DAY;
	o.moved_from_room = o.move_reason = (struct str){ NULL, 0 };
	TRY(write_place(s, &o, e));
	TRY(tell(b->c, s, &o, e));
	TRY(notify_session_moved(b->c, s, &o, old_day, old_start, STR(""), e));
	return change_close(b->c, s, &o, "session.moved_back", &d, e);
}

enum rc session_move_back(struct core *c, int64_t occurrence_id, int64_t version, struct error *e)
{
	struct back b = { c, occurrence_id, version };

	return store_tx(c->db, back_tx, &b, e);
}

enum rc session_move_rooms(struct core *c, const struct session_detail *s,
			   const struct room_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return room_rows(c->db, s->branch_id, STR(""), false, ROOMS_MAX, 0, c->arena, ret_rows,
			 ret_n, e);
}
