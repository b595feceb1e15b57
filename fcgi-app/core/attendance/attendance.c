/*
 * Attendance sessions: reading, lists, and the frame of their changes.
 */
#include "core/attendance/attendance.h"

#include "core/attendance/attendance_row.h"
#include "core/event/event.h"
#include "core/session/change.h"
#include "core/wall.h"
#include "store/tally.h"

static const char *const state_names[ATTENDANCE_STATE__MAX] = { "early", "open", "paused", "over",
								"closed" };
static const char *const roster_names[ROSTER_KIND__MAX] = { "course", "section", "class", "open" };
static const char *const door_names[DOOR__MAX] = { "own", "000", "002", "003" };

const char *attendance_state_name(enum attendance_state s)
{
	BUG((unsigned)s >= ATTENDANCE_STATE__MAX);
	return state_names[s];
}

const char *roster_name(enum roster_kind r)
{
	BUG((unsigned)r >= ROSTER_KIND__MAX);
	return roster_names[r];
}

const char *attendance_door_name(enum attendance_door d)
{
	BUG((unsigned)d >= DOOR__MAX);
	return door_names[d];
}

/* The database holds only these words. */
static int index_of(struct str word, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (str_eq(word, str_from(names[i])))
			return i;
	BUG(true);
	return 0;
}

enum attendance_state attendance_state_at(struct str state, int64_t opens_at, int64_t closes_at,
					  int64_t now_us)
{
	if (str_eq(state, STR("closed")))
		return ATTENDANCE_CLOSED;
	if (now_us >= closes_at)
		return ATTENDANCE_OVER;
	if (str_eq(state, STR("paused")))
		return ATTENDANCE_PAUSED;
	return now_us < opens_at ? ATTENDANCE_EARLY : ATTENDANCE_OPEN;
}

struct subject attendance_subject(const struct attendance_stored *row)
{
	return (struct subject){ .branch_id = row->branch_id,
				 .teacher_id = row->teacher_id,
				 .owner_id = COLUMN_NULL,
				 .is_class_staff = row->is_staff > 0 };
}

void attendance_take_levels(struct attendance_stored *r, const enum policy_level level[SIGNAL__MAX])
{
	r->code_level = str_from(policy_level_name(level[SIGNAL_CODE]));
	r->place_level = str_from(policy_level_name(level[SIGNAL_PLACE]));
	r->network_level = str_from(policy_level_name(level[SIGNAL_NETWORK]));
	r->photo_level = str_from(policy_level_name(level[SIGNAL_PHOTO]));
	r->device_level = str_from(policy_level_name(level[SIGNAL_BROWSER]));
}

/* ---- the row as the viewer sees it -------------------------------------------------------- */

static void fill_levels(const struct attendance_stored *r, struct attendance *a)
{
	a->level[SIGNAL_CODE] = policy_level_from(r->code_level);
	a->level[SIGNAL_PLACE] = policy_level_from(r->place_level);
	a->level[SIGNAL_NETWORK] = policy_level_from(r->network_level);
	a->level[SIGNAL_PHOTO] = policy_level_from(r->photo_level);
	a->level[SIGNAL_BROWSER] = policy_level_from(r->device_level);
	a->has_place = r->latitude_e7 != COLUMN_NULL && r->longitude_e7 != COLUMN_NULL;
	if (a->has_place)
		a->place = (struct place){ (int32_t)r->latitude_e7, (int32_t)r->longitude_e7 };
	a->radius_m = r->radius_m;
}

static void fill_times(const struct core *c, const struct attendance_stored *r,
		       struct attendance *a)
{
	struct wall end = core_wall(c, r->zone, r->closes_at);

	a->opens_at = r->opens_at;
	a->late_at = r->late_at;
	a->closes_at = r->closes_at;
	a->starts_at = r->starts_at != NO_TIME ? r->starts_at : r->opens_at;
	a->start_tod = r->planned_start != NO_DAY ? r->planned_start
						  : core_wall(c, r->zone, r->opens_at).tod;
	a->end_tod = r->planned_end != NO_DAY ? r->planned_end : end.tod;
	a->state = attendance_state_at(r->state, r->opens_at, r->closes_at, c->now_us);
}

static void fill_rights(const struct core *c, const struct attendance_stored *r,
			struct attendance *a)
{
	const struct subject subject = attendance_subject(r);
	bool is_closed = a->state == ATTENDANCE_CLOSED;

	a->may_work = rights_allow(c->who, ACTION_ATTENDANCE_WORK, &subject);
	a->may_close = a->may_work && !is_closed;
	a->may_reopen = is_closed && rights_allow(c->who, ACTION_ATTENDANCE_REOPEN, &subject);
}

void attendance_fill(const struct core *c, const struct attendance_stored *r,
		     struct attendance *ret)
{
	struct attendance a = {
		.id = r->id,
		.version = r->version,
		.uuid = r->uuid,
		.branch_id = r->branch_id,
		.occurrence_id = r->occurrence_id,
		.course_id = r->course_id,
		.class_id = r->class_id,
		.section_id = r->section_id,
		.teacher_id = r->teacher_id,
		.device_id = r->device_id,
		.teacher_account_id = r->teacher_account_id,
		.roster = (enum roster_kind)index_of(r->roster, roster_names, ROSTER_KIND__MAX),
		.door = (enum attendance_door)index_of(r->door, door_names, DOOR__MAX),
		.mode = r->mode,
		.title = r->title,
		.room = r->room,
		.zone = r->zone,
		.session_date = r->session_date,
		.course_code = r->course_code,
		.course_title = r->course_title,
		.class_name = r->class_name,
		.section_name = r->section_name,
		.teacher_name = r->teacher_name,
		.device_code = r->device_code,
		.reference_address = r->reference_address,
		.code_key = r->code_key,
		.code_period_s = r->code_period_s,
		.max_tries = r->max_tries,
		.evidence_days = r->evidence_days,
		.lock_days = r->lock_days,
		.names_on_screen = r->names_on_screen != 0,
		.close_reason = r->close_reason,
		.reopen_reason = r->reopen_reason,
		.created_by = r->created_by,
		.created_at = r->created_at,
		.updated_at = r->updated_at,
		.closed_by = r->closed_by,
		.closed_at = r->closed_at,
		.created_by_name = r->created_by_name,
		.is_deleted = r->deleted_at != NO_TIME,
		.n_expected = r->n_expected,
		.n_present = r->n_present,
		.n_late = r->n_late,
		.n_excused = r->n_excused,
		.n_absent = r->n_absent,
		.n_flagged = r->n_flagged,
	};

	fill_levels(r, &a);
	fill_times(c, r, &a);
	fill_rights(c, r, &a);
	*ret = a;
}

/* ---- one ------------------------------------------------------------------------------------ */

/* Those of staff; students see sessions through core/attendance/checkin.h. */
static enum rc allow_seeing(const struct core *c, const struct attendance_stored *row,
			    struct error *e)
{
	const struct subject subject = attendance_subject(row);

	return rights_check(c->who, ACTION_ATTENDANCE_SEE, &subject, e);
}

static enum rc need_staff(const struct core *c, struct error *e)
{
	enum occurrence_seen seen;
	int64_t seen_id;

	return session_seen(c, &seen, &seen_id, e);
}

static enum rc show(struct core *c, struct attendance_stored *row, struct attendance *ret,
		    struct error *e)
{
	TRY(allow_seeing(c, row, e));
	TRY(attendance_tally(c->db, row, c->arena, e));
	attendance_fill(c, row, ret);
	return RC_OK;
}

enum rc attendance_see(struct core *c, int64_t id, struct attendance *ret, struct error *e)
{
	struct attendance_stored row;

	TRY(need_staff(c, e));
	TRY(attendance_read(c->db, id, c->who->person_id, c->arena, &row, e));
	TRY(allow_seeing(c, &row, e));
	attendance_fill(c, &row, ret);
	return RC_OK;
}

enum rc attendance_expect(struct core *c, struct attendance *s, struct error *e)
{
	const struct tally_of of = { .attendance_id = s->id,
				     .course_id = s->course_id,
				     .class_id = s->class_id,
				     .roster = str_from(roster_names[s->roster]),
				     .session_date = s->session_date };

	if (s->n_expected != COLUMN_NULL)
		return RC_OK;
	return tally_expected(c->db, &of, c->arena, &s->n_expected, e);
}

enum rc attendance_get(struct core *c, int64_t id, struct attendance *ret, struct error *e)
{
	struct attendance_stored row;

	TRY(need_staff(c, e));
	TRY(attendance_read(c->db, id, c->who->person_id, c->arena, &row, e));
	return show(c, &row, ret, e);
}

enum rc attendance_of_occurrence(struct core *c, int64_t occurrence_id, struct attendance *ret,
				 struct error *e)
{
	struct attendance_stored row;

	TRY(need_staff(c, e));
	TRY(attendance_read_occurrence(c->db, occurrence_id, c->who->person_id, c->arena, &row, e));
	return show(c, &row, ret, e);
}

enum rc attendance_of_uuid(struct core *c, struct str uuid, struct attendance *ret, struct error *e)
{
	struct attendance_stored row;

	TRY(need_staff(c, e));
	TRY(attendance_read_uuid(c->db, uuid, c->who->person_id, c->arena, &row, e));
	return show(c, &row, ret, e);
}

/* ---- lists ---------------------------------------------------------------------------------- */

enum rc attendance_list(struct core *c, const struct attendance_query *q,
			const struct attendance **ret_rows, size_t *ret_n, struct error *e)
{
	const struct attendance_stored *stored;
	struct attendance *rows;
	struct attendance_filter f = {
		.person_id = c->who->person_id,
		.is_closed = q->show == ATTENDANCE_SHOW_ALL ? 2 : q->show == ATTENDANCE_SHOW_CLOSED,
		.door = q->has_door ? str_from(attendance_door_name(q->door)) : STR(""),
		.own_teacher_id = q->own_only ? c->who->person_id : 0,
		.course_id = q->course_id,
		.before_id = q->before_id,
		.with_deleted = q->with_deleted,
		.limit = q->limit ? q->limit : 100,
	};
	size_t n;

	BUG(f.limit > 500);
	TRY(session_seen(c, &f.seen, &f.seen_id, e));
	TRY(attendance_rows(c->db, &f, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct attendance);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		attendance_fill(c, &stored[i], &rows[i]);
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

/* ---- the frame of changes ---- */

enum rc attendance_begin(struct core *c, struct store *s, int64_t id, int64_t version,
			 enum action action, struct attendance_stored *ret, struct error *e)
{
	struct attendance_stored row;
	struct subject subject;

	TRY(need_staff(c, e));
	TRY(attendance_lock(s, id, c->arena, e));
	TRY(attendance_read(s, id, c->who->person_id, c->arena, &row, e));
	TRY(allow_seeing(c, &row, e));
	subject = attendance_subject(&row);
	TRY(rights_check(c->who, action, &subject, e));
	if (version && version != row.version)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "attendance %lld is at %lld, not %lld",
			     (long long)id, (long long)row.version, (long long)version);
	*ret = row;
	return RC_OK;
}

/* Opened by itself is opened, to those who follow it. */
static enum event_type type_of(const char *action)
{
	enum event_type t = event_from(str_from(action));

	if (str_eq(str_from(action), STR("attendance.auto_opened")))
		return EVENT_ATTENDANCE_OPENED;
	BUG(t == EVENT__MAX);
	return t;
}

enum rc attendance_end(struct core *c, struct store *s, const struct attendance_stored *row,
		       const char *action, struct audit_detail *d, struct error *e)
{
	struct audit_entry entry = { .action = action,
				     .object = "attendance",
				     .object_id = row->id,
				     .branch_id = row->branch_id };
	struct event_new event = { .type = type_of(action),
				   .branch_id = row->branch_id,
				   .attendance_id = row->id };

	TRY(audit_detail_end(d, &entry.detail, e));
	TRY(audit_add(s, c, &entry, e));
	if (row->course_id != COLUMN_NULL)
		event.course_id = row->course_id;
	if (row->teacher_id != COLUMN_NULL)
		event.person_id = row->teacher_id;
	event.payload = arena_printf(
		c->arena, "{\"attendance\":%lld,\"occurrence\":%lld}", (long long)row->id,
		row->occurrence_id == COLUMN_NULL ? 0LL : (long long)row->occurrence_id);
	if (!event.payload.p)
		return ERROR_MEMORY(e);
	event.public_payload = event.payload;
	return event_add(c, s, &event, e);
}
