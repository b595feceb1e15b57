/*
 * Opening an attendance session: of an occurrence, on its own, or by a student in the room.
 *
 * What the caller leaves open comes from the policy in force.  One made after the occurrence is
 * over is a register to fill in: closed from the start, and nobody is marked absent by it.
 */
#include "core/attendance/attendance_row.h"
#include "core/attendance/rotating.h"
#include "core/identity/account_fields.h"
#include "core/session/change.h"
#include "core/wall.h"
#include "sys/crypto.h"

#define LONGEST_US  (24 * 3600 * US_PER_S)
#define MINUTE_US   (60 * US_PER_S)
#define TITLE_MAX   200
#define QUARTER_US  (15 * MINUTE_US)
#define ANY_TIME_US (120 * MINUTE_US)

struct opening {
	struct core *c;
	const struct attendance_open_in *in;
	struct attendance_stored row;
	struct policy policy;
	char uuid[ACCOUNT_UUID_SIZE];
	uint8_t key[ROTATING_KEY_BYTES];
	const char *action;
	int64_t id;
};

/* ---- what the policy gives ------------------------------------------------------------------ */

static void take_policy(struct opening *o)
{
	const struct policy *p = &o->policy;
	const enum policy_level level[SIGNAL__MAX] = { [SIGNAL_CODE] = p->code,
						       [SIGNAL_PLACE] = p->place,
						       [SIGNAL_NETWORK] = p->network,
						       [SIGNAL_PHOTO] = p->photo,
						       [SIGNAL_BROWSER] = p->browser };
	struct attendance_stored *r = &o->row;

	attendance_take_levels(r, o->in->has_levels ? o->in->level : level);
	r->code_period_s = o->in->code_period_s ? o->in->code_period_s : p->code_period_s;
	r->max_tries = p->max_tries;
	r->evidence_days = p->evidence_days;
	r->lock_days = p->lock_days;
	r->names_on_screen = p->names_on_screen;
}

static enum rc take_place(struct opening *o, struct store *s, struct error *e)
{
	struct attendance_stored *r = &o->row;
	struct attendance_place room;

	TRY(attendance_room_place(s, r->room_id, o->c->arena, &room, e));
	r->latitude_e7 = o->in->has_place ? o->in->place.latitude_e7 : room.latitude_e7;
	r->longitude_e7 = o->in->has_place ? o->in->place.longitude_e7 : room.longitude_e7;
	r->radius_m = o->in->radius_m                ? o->in->radius_m
		      : room.radius_m != COLUMN_NULL ? room.radius_m
						     : o->policy.radius_m;
	return RC_OK;
}

/* Opens now or when the caller says; late and closing count from the planned start, if that is
 * later. */
static enum rc take_times(struct opening *o, int64_t starts_at, struct error *e)
{
	const struct attendance_open_in *in = o->in;
	struct attendance_stored *r = &o->row;
	int64_t now = o->c->now_us;

	/* 002 shows the start that it was given. */
	if (in->opens_at != NO_TIME && (in->opens_at > now || in->door == DOOR_002))
		r->opens_at = in->opens_at;
	else
		r->opens_at = now;
	if (starts_at == NO_TIME)
		starts_at = r->opens_at;
	int64_t from = starts_at > r->opens_at ? starts_at : r->opens_at;

	r->late_at = in->never_late           ? NO_TIME
		     : in->late_at != NO_TIME ? in->late_at
					      : starts_at + o->policy.late_after_s * US_PER_S;
	r->closes_at = in->closes_at != NO_TIME ? in->closes_at
						: from + o->policy.close_after_min * MINUTE_US;
	if (r->closes_at <= r->opens_at)
		return ERROR_FIELD(e, "closes_at", REASON_END_BEFORE_START, 0);
	if (r->closes_at - now > 31 * US_PER_DAY || r->closes_at - r->opens_at > LONGEST_US)
		return ERROR_FIELD(e, "closes_at", REASON_TOO_LARGE, 24);
	return RC_OK;
}

/* Times of a session that is over: a register to fill in. */
static void take_past(struct opening *o, const struct occurrence_row *occ)
{
	struct attendance_stored *r = &o->row;

	r->state = STR("closed");
	r->close_reason = STR("time");
	r->closed_by = o->c->who->account_id;
	r->closed_at = o->c->now_us;
	r->opens_at = occ->starts_at;
	r->closes_at = occ->ends_at;
	r->late_at = occ->starts_at + o->policy.late_after_s * US_PER_S;
}

/* ---- checks without the database ------------------------------------------------------------ */

static enum rc check_numbers(const struct attendance_open_in *in, struct error *e)
{
	enum rc rc = RC_OK;

	if (in->radius_m && (in->radius_m < 10 || in->radius_m > 1000))
		rc = in->radius_m < 10 ? ERROR_FIELD(e, "radius_m", REASON_TOO_SMALL, 10)
				       : ERROR_FIELD(e, "radius_m", REASON_TOO_LARGE, 1000);
	if (in->code_period_s && (in->code_period_s < 5 || in->code_period_s > 120))
		rc = in->code_period_s < 5 ? ERROR_FIELD(e, "code_period_s", REASON_TOO_SMALL, 5)
					   : ERROR_FIELD(e, "code_period_s", REASON_TOO_LARGE, 120);
	return rc;
}

static void begin(struct opening *o, struct core *c, const struct attendance_open_in *in)
{
	*o = (struct opening){ .c = c, .in = in, .action = "attendance.opened" };
	o->row = (struct attendance_stored){
		.uuid = account_random_uuid(o->uuid),
		.state = STR("open"),
		.course_id = COLUMN_NULL,
		.class_id = COLUMN_NULL,
		.section_id = COLUMN_NULL,
		.teacher_id = COLUMN_NULL,
		.device_id = COLUMN_NULL,
		.room_id = COLUMN_NULL,
		.occurrence_id = COLUMN_NULL,
		.mode = in->mode.p ? in->mode : STR(""),
		.reference_address = in->reference_address,
		.created_by = c->who->account_id,
		.closed_by = COLUMN_NULL,
		.closed_at = NO_TIME,
	};
	crypto_random(o->key, sizeof o->key);
	o->row.code_key = str_make((const char *)o->key, sizeof o->key);
	o->row.door = str_from(attendance_door_name(in->door));
	o->row.roster = str_from(roster_name(in->roster));
}

/* ---- storing -------------------------------------------------------------------------------- */

static enum rc insert(struct opening *o, struct store *s, struct error *e)
{
	struct attendance_stored *r = &o->row;
	struct audit_detail d;
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = attendance_insert(s, r, o->c->now_us, &r->id, &mine);
	if (rc != RC_OK && store_is_duplicate(&mine, "attendance_session_live_device"))
		return ERROR_FIELD(e, "device_id", REASON_DEVICE_BUSY, 0);
	if (rc != RC_OK && store_is_duplicate(&mine, "attendance_session_occurrence"))
		return ERROR(e, RC_CONFLICT, REASON_ATTENDANCE_EXISTS, "occurrence %lld",
			     (long long)r->occurrence_id);
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	o->id = r->id;
	TRY(attendance_prefill(s, r->id, o->c->now_us, e));
	if (str_eq(r->state, STR("closed")))
		TRY(attendance_count(s, r->id, e));
	audit_detail_begin(&d, o->c->arena);
	if (r->occurrence_id != COLUMN_NULL)
		json_out_key_i64(&d.o, "occurrence", r->occurrence_id);
	json_out_key_str(&d.o, "door", r->door);
	return attendance_end(o->c, s, r, o->action, &d, e);
}

/* ---- of an occurrence ----------------------------------------------------------------------- */

static void take_occurrence(struct opening *o, const struct occurrence_row *occ)
{
	struct attendance_stored *r = &o->row;

	r->occurrence_id = occ->id;
	r->branch_id = occ->branch_id;
	r->course_id = occ->course_id;
	r->class_id = occ->class_id;
	r->teacher_id = occ->teacher_id;
	r->room_id = occ->room_id;
	r->title = occ->title;
	r->room = occ->room;
	r->zone = occ->zone;
	r->session_date = occ->session_date;
	r->roster = occ->course_id != COLUMN_NULL  ? STR("course")
		    : occ->class_id != COLUMN_NULL ? STR("class")
						   : STR("open");
}

static enum rc check_occurrence(const struct opening *o, const struct occurrence_row *occ,
				struct error *e)
{
	int64_t from = occ->starts_at - o->policy.early_min * MINUTE_US;

	if (str_eq(occ->state, STR("cancelled")))
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_CANCELLED, "occurrence %lld",
			     (long long)occ->id);
	/* 000 makes it days ahead, with a window of its own. */
	if (o->c->now_us < from && !o->in->at_any_time &&
	    (o->in->door != DOOR_000 || o->in->opens_at == NO_TIME))
		return ERROR(e, RC_INVALID, REASON_NOT_YET, "from %lld", (long long)from);
	return RC_OK;
}

/* The id of the one that is there, for RC_CONFLICT. */
static enum rc existing(struct opening *o, struct store *s, struct error *e)
{
	struct attendance_stored row;
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = attendance_read_occurrence(s, o->row.occurrence_id, COLUMN_NULL, o->c->arena, &row,
					&mine);
	if (rc == RC_NOT_FOUND)
		return RC_OK;
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	o->id = row.id;
	return ERROR(e, RC_CONFLICT, REASON_ATTENDANCE_EXISTS, "attendance %lld",
		     (long long)row.id);
}

/* For who starts it whenever it is: until its end, or for a while when that says nothing. */
static void take_now(struct opening *o, const struct occurrence_row *occ)
{
	const int64_t now = o->c->now_us, from = occ->starts_at - o->policy.early_min * MINUTE_US;
	const bool is_its_time = now >= from && now < occ->ends_at - QUARTER_US;
	struct attendance_stored *r = &o->row;

	r->opens_at = now;
	r->late_at = (is_its_time && occ->starts_at > now ? occ->starts_at : now) +
		     o->policy.late_after_s * US_PER_S;
	r->closes_at = is_its_time ? occ->ends_at : now + ANY_TIME_US;
}

static enum rc fill_and_insert(struct opening *o, struct store *s, const struct occurrence_row *occ,
			       struct error *e)
{
	bool is_over = o->c->now_us >= occ->ends_at && o->in->closes_at == NO_TIME;

	take_policy(o);
	TRY(take_place(o, s, e));
	if (o->in->at_any_time)
		take_now(o, occ);
	else if (is_over)
		take_past(o, occ);
	else
		TRY(take_times(o, occ->starts_at, e));
	return insert(o, s, e);
}

static enum rc open_occurrence_tx(struct store *s, void *arg, struct error *e)
{
	struct opening *o = arg;
	struct occurrence_row occ;

	TRY(occurrence_lock(s, o->in->occurrence_id, o->c->arena, e));
	TRY(session_read(o->c, s, o->in->occurrence_id, ACTION_ATTENDANCE_WORK, &occ, e));
	take_occurrence(o, &occ);
	TRY(existing(o, s, e));
	TRY(policy_in_force(s, o->c->arena, occ.branch_id, occ.course_id, &o->policy, e));
	TRY(check_occurrence(o, &occ, e));
	/* The lists of sessions show it; before the insert, which takes shared locks. */
	TRY(occurrence_touch(s, occ.branch_id, occ.class_id, occ.teacher_id, e));
	return fill_and_insert(o, s, &occ, e);
}

static enum rc register_of(struct opening *o, struct store *s, int64_t occurrence_id,
			   struct error *e)
{
	struct occurrence_row occ;

	TRY(occurrence_lock(s, occurrence_id, o->c->arena, e));
	TRY(occurrence_get(s, occurrence_id, COLUMN_NULL, o->c->arena, &occ, e));
	take_occurrence(o, &occ);
	TRY(existing(o, s, e));
	TRY(policy_in_force(s, o->c->arena, occ.branch_id, occ.course_id, &o->policy, e));
	take_policy(o);
	TRY(take_place(o, s, e));
	take_past(o, &occ);
	return insert(o, s, e);
}

enum rc attendance_register_of(struct core *c, struct store *s, int64_t occurrence_id,
			       int64_t *ret_id, bool *ret_is_new, struct error *e)
{
	static const struct attendance_open_in in = { .roster = ROSTER_OPEN };
	struct opening o;
	struct error mine;

	begin(&o, c, &in);
	error_init(&mine);
	const enum rc rc = register_of(&o, s, occurrence_id, &mine);
	*ret_is_new = rc == RC_OK;
	if (rc == RC_OK || (rc == RC_CONFLICT && o.id)) {
		*ret_id = o.id;
		return RC_OK;
	}
	*e = mine;
	return rc;
}

/* ---- on its own ------------------------------------------------------------------------------ */

static enum rc check_refs(struct opening *o, struct store *s, struct error *e)
{
	const struct attendance_open_in *in = o->in;
	const struct attendance_refs asked = { in->course_id,  in->class_id,  in->section_id,
					       in->teacher_id, in->device_id, COLUMN_NULL };
	struct attendance_stored *r = &o->row;
	struct attendance_refs got;
	enum rc rc = RC_OK;

	TRY(attendance_refs_get(s, r->branch_id, &asked, o->c->arena, &got, e));
	if (got.course_id != in->course_id)
		rc = ERROR_FIELD(e, "course_id", REASON_NOT_A_CHOICE, 0);
	if (got.class_id != in->class_id)
		rc = ERROR_FIELD(e, "class_id", REASON_NOT_A_CHOICE, 0);
	if (got.section_id != in->section_id)
		rc = ERROR_FIELD(e, "section_id", REASON_NOT_A_CHOICE, 0);
	if (got.teacher_id != in->teacher_id)
		rc = ERROR_FIELD(e, "teacher_id", REASON_NOT_A_CHOICE, 0);
	if (got.device_id != in->device_id)
		rc = ERROR_FIELD(e, "device_id", REASON_NOT_A_CHOICE, 0);
	else if (got.device_id != COLUMN_NULL && got.device_blocked == 1)
		rc = ERROR_FIELD(e, "device_id", REASON_DEVICE_BLOCKED, 0);
	r->course_id = got.course_id;
	r->class_id = got.class_id;
	r->section_id = got.section_id;
	r->teacher_id = got.teacher_id;
	r->device_id = got.device_id;
	return rc;
}

/* Somebody else's name may only be given by who may work on that one's sessions. */
static enum rc allow_own(struct opening *o, struct error *e)
{
	struct attendance_stored *r = &o->row;
	const struct who *w = o->c->who;
	struct subject subject;

	if (o->in->teacher_id == COLUMN_NULL && !who_is_admin(w))
		r->teacher_id = w->person_id;
	subject = attendance_subject(r);
	return rights_check(w, ACTION_ATTENDANCE_WORK, &subject, e);
}

static enum rc open_own_tx(struct store *s, void *arg, struct error *e)
{
	struct opening *o = arg;
	struct attendance_stored *r = &o->row;
	bool is_busy = false;

	TRY(check_refs(o, s, e));
	TRY(allow_own(o, e));
	if (o->in->door == DOOR_002 && r->teacher_id != COLUMN_NULL)
		TRY(attendance_teacher_busy(s, r->teacher_id, o->c->now_us, o->c->arena, &is_busy,
					    e));
	if (is_busy)
		return ERROR(e, RC_CONFLICT, REASON_ATTENDANCE_EXISTS, "person %lld",
			     (long long)r->teacher_id);
	TRY(policy_in_force(s, o->c->arena, r->branch_id, r->course_id, &o->policy, e));
	take_policy(o);
	TRY(take_place(o, s, e));
	TRY(take_times(o, NO_TIME, e));
	if (r->session_date == NO_DAY)
		r->session_date = core_wall(o->c, r->zone, r->opens_at).day;
	return insert(o, s, e);
}

static enum rc open_own(struct opening *o, struct error *e)
{
	struct attendance_stored *r = &o->row;
	const struct who *w = o->c->who;

	TRY(line_clean(o->in->title, TITLE_MAX, "title", &r->title, e));
	if (!r->title.n)
		return ERROR_FIELD(e, "title", REASON_REQUIRED, 0);
	TRY(line_clean(o->in->room.p ? o->in->room : STR(""), 80, "room", &r->room, e));
	r->branch_id = o->in->branch_id != COLUMN_NULL ? o->in->branch_id : w->branch_id;
	if (r->branch_id == COLUMN_NULL)
		return ERROR_FIELD(e, "branch_id", REASON_REQUIRED, 0);
	r->zone = w->zone;
	r->session_date = o->in->session_date;
	return store_tx(o->c->db, open_own_tx, o, e);
}

enum rc attendance_open(struct core *c, const struct attendance_open_in *in, int64_t *ret_id,
			struct error *e)
{
	struct opening o;
	enum occurrence_seen seen;
	int64_t seen_id;
	enum rc rc;

	TRY(session_seen(c, &seen, &seen_id, e));
	TRY(check_numbers(in, e));
	begin(&o, c, in);
	rc = in->occurrence_id != COLUMN_NULL ? store_tx(c->db, open_occurrence_tx, &o, e)
					      : open_own(&o, e);
	if (rc == RC_OK || (rc == RC_CONFLICT && o.id))
		*ret_id = o.id;
	return rc;
}

/* ---- by a student in the room ---------------------------------------------------------------- */

struct auto_opening {
	struct opening o;
	struct place place;
	double accuracy_m;
};

static enum rc check_room(struct auto_opening *a, struct error *e)
{
	const struct attendance_stored *r = &a->o.row;
	struct place room = { (int32_t)r->latitude_e7, (int32_t)r->longitude_e7 };

	if (r->latitude_e7 == COLUMN_NULL || r->longitude_e7 == COLUMN_NULL)
		return ERROR(e, RC_DENIED, REASON_AUTO_OPEN_OFF, "the room's place is not known");
	if (place_judge(place_distance_m(a->place, room), a->accuracy_m, r->radius_m) !=
	    SIGNAL_PASS)
		return ERROR(e, RC_INVALID, REASON_AUTO_OPEN_PLACE, "not in the room");
	return RC_OK;
}

static enum rc auto_open_tx(struct store *s, void *arg, struct error *e)
{
	struct auto_opening *a = arg;
	struct opening *o = &a->o;
	struct occurrence_row occ;
	bool is_expected;

	TRY(occurrence_lock(s, o->in->occurrence_id, o->c->arena, e));
	TRY(occurrence_get(s, o->in->occurrence_id, COLUMN_NULL, o->c->arena, &occ, e));
	TRY(attendance_expects(s, occ.id, o->c->who->person_id, o->c->arena, &is_expected, e));
	if (!is_expected)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_ENROLLED, "occurrence %lld",
			     (long long)occ.id);
	take_occurrence(o, &occ);
	TRY(existing(o, s, e));
	TRY(policy_in_force(s, o->c->arena, occ.branch_id, occ.course_id, &o->policy, e));
	if (!o->policy.auto_open)
		return ERROR(e, RC_DENIED, REASON_AUTO_OPEN_OFF, "by the policy");
	if (!str_eq(occ.state, STR("scheduled")) || o->c->now_us >= occ.ends_at)
		return ERROR(e, RC_CONFLICT, REASON_ATTENDANCE_CLOSED, "occurrence %lld",
			     (long long)occ.id);
	if (o->c->now_us < occ.starts_at)
		return ERROR(e, RC_INVALID, REASON_ATTENDANCE_EARLY, "occurrence %lld",
			     (long long)occ.id);
	take_policy(o);
	TRY(take_place(o, s, e));
	TRY(check_room(a, e));
	TRY(take_times(o, occ.starts_at, e));
	return insert(o, s, e);
}

enum rc attendance_auto_open(struct core *c, int64_t occurrence_id, struct place place,
			     double accuracy_m, int64_t *ret_id, struct error *e)
{
	const struct attendance_open_in in = { .occurrence_id = occurrence_id,
					       .opens_at = NO_TIME,
					       .late_at = NO_TIME,
					       .closes_at = NO_TIME };
	struct auto_opening a = { .place = place, .accuracy_m = accuracy_m };
	enum rc rc;

	if (c->who->role != ROLE_STUDENT || c->who->person_id == COLUMN_NULL)
		return ERROR(e, RC_DENIED, REASON_STUDENT_ONLY, "role %s", role_name(c->who->role));
	begin(&a.o, c, &in);
	a.o.action = "attendance.auto_opened";
	rc = store_tx(c->db, auto_open_tx, &a, e);
	if (rc == RC_OK || (rc == RC_CONFLICT && a.o.id))
		*ret_id = a.o.id;
	return rc;
}
