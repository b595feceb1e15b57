/*
 * Schedules: checking and changing.  core/schedule/generate.c makes occurrences,
 * core/schedule/schedule_list.c has lists.
 */
#include "core/schedule/schedule.h"

#include "core/schedule/generate.h"
#include "core/schedule/schedule_row.h"
#include "core/session/change.h"

#define IDS_BYTES 60000 /* of a JSON list kept for 004 */

static struct subject subject_of(const struct schedule_stored *r)
{
	return (struct subject){ .branch_id = r->branch_id,
				 .teacher_id = r->teacher_id,
				 .owner_id = COLUMN_NULL,
				 .is_class_staff = r->is_staff > 0 };
}

static enum rc read_row(struct core *c, struct store *s, int64_t id, enum action action,
			struct schedule_stored *ret, struct error *e)
{
	struct subject subject;
	enum occurrence_seen seen;
	int64_t seen_id;

	TRY(session_seen(c, &seen, &seen_id, e));
	TRY(schedule_read(s, id, c->who->person_id, c->arena, ret, e));
	subject = subject_of(ret);
	return rights_check(c->who, action, &subject, e);
}

/* Of one schedule, after the first. */
static enum rc read_slots(struct core *c, struct store *s, int64_t id, const struct slot **ret,
			  size_t *ret_n, struct error *e)
{
	const struct schedule_slot_row *rows;
	struct slot *slots;
	struct str ids;
	size_t n;

	ids = arena_printf(c->arena, "[%lld]", (long long)id);
	if (!ids.p)
		return ERROR_MEMORY(e);
	TRY(schedule_slots(s, ids, c->arena, &rows, &n, e));
	slots = ARENA_ARRAY(c->arena, n + 1, struct slot);
	if (!slots)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		slots[i] = schedule_slot_of(&rows[i]);
	*ret = slots;
	*ret_n = n;
	return RC_OK;
}

enum rc schedule_get(struct core *c, int64_t id, struct schedule_row *ret, struct error *e)
{
	struct schedule_stored r;
	struct schedule_row row;

	TRY(read_row(c, c->db, id, ACTION_SCHEDULE_SEE, &r, e));
	TRY(schedule_row_of(&r, &row, e));
	TRY(read_slots(c, c->db, id, &row.more, &row.n_more, e));
	*ret = row;
	return RC_OK;
}

/* ---- checking ---------------------------------------------------------------------------------
 */

struct job {
	struct core *c;
	const struct schedule_in *in; /* NULL: delete */
	int64_t id;                   /* 0: create */
	bool is_within;               /* a caller's transaction, who tells of it */
	struct schedule_stored row;
	struct generate_in g;
	struct schedule_plan plan;
};

static enum rc check_ids(struct str ids, const char *field, struct error *e)
{
	if (ids.n > IDS_BYTES)
		return ERROR_FIELD(e, field, REASON_TOO_LONG, IDS_BYTES);
	if (!utf8_valid(ids))
		return ERROR_FIELD(e, field, REASON_NOT_TEXT, 0);
	return RC_OK;
}

/* The first slot and the others; weekdays only where they mean something. */
static void take_slots(struct job *j)
{
	const struct schedule_in *in = j->in;
	bool is_weekly = in->rule.kind == RECURRENCE_WEEKLY;

	BUG(in->n_more >= SLOTS_MAX);
	j->g.slots[0] = (struct slot){ .weekdays = in->rule.weekdays,
				       .start_tod = in->start_tod,
				       .end_tod = in->end_tod };
	for (size_t i = 0; i < in->n_more; i++)
		j->g.slots[i + 1] = in->more[i];
	j->g.n_slots = in->n_more + 1;
	for (size_t i = 0; i < j->g.n_slots; i++)
		j->g.slots[i].weekdays = is_weekly ? j->g.slots[i].weekdays & 0x7F : 0;
	j->g.rule = in->rule;
}

/* Everything that needs no database; all fields, so that a form shows them at once. */
static enum rc check_in(struct job *j, struct error *e)
{
	const struct schedule_in *in = j->in;
	struct schedule_stored *r = &j->row;
	const struct slot_day *days;
	size_t n;
	enum rc rcs[9] = { RC_OK };

	take_slots(j);
	rcs[0] = slots_check(in->rule.kind, j->g.slots, j->g.n_slots, e);
	if (in->rule.from_day == NO_DAY)
		rcs[1] = ERROR_FIELD(e, "start_date", REASON_REQUIRED, 0);
	if (in->rule.to_day == NO_DAY)
		rcs[2] = ERROR_FIELD(e, "end_date", REASON_REQUIRED, 0);
	if (rcs[0] == RC_OK && rcs[1] == RC_OK && rcs[2] == RC_OK)
		rcs[3] = slots_days(&in->rule, j->g.slots, j->g.n_slots, j->c->arena, &days, &n, e);
	else if (rcs[1] == RC_OK && rcs[2] == RC_OK && in->rule.to_day < in->rule.from_day)
		rcs[3] = ERROR_FIELD(e, "end_date", REASON_END_BEFORE_START, 0);
	rcs[4] = line_clean(in->title, SCHEDULE_TITLE_MAX, "title", &r->title, e);
	rcs[5] = line_clean(in->room, SCHEDULE_ROOM_MAX, "room", &r->room, e);
	rcs[6] = text_clean(j->c->arena, in->notes, SCHEDULE_NOTES_MAX, "notes", &r->notes, e);
	rcs[7] = check_ids(in->subject_ids, "subject_ids", e);
	rcs[8] = check_ids(in->student_ids, "student_ids", e);
	for (size_t i = 0; i < ARRAY_LEN(rcs); i++)
		TRY(rcs[i]);
	return RC_OK;
}

static enum rc room_ids(struct job *j, struct str *ret, struct error *e)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, j->c->arena, 64, 1024);
	json_out_init(&o, &b);
	json_out_array(&o);
	if (j->in->room_id)
		json_out_i64(&o, j->in->room_id);
	for (size_t i = 1; i < j->g.n_slots; i++)
		if (j->g.slots[i].room_id)
			json_out_i64(&o, j->g.slots[i].room_id);
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

static bool had_room(const struct schedule_stored *old, int64_t id)
{
	return old && old->room_id == id;
}

static enum rc check_room(struct job *j, const struct schedule_stored *old, size_t slot, int64_t id,
			  struct error *e)
{
	const char *field = slot_field_name(slot, SLOT_ROOM);

	for (size_t i = 0; i < j->g.n_rooms; i++) {
		const struct room_stored *room = &j->g.rooms[i];

		if (room->id != id || room->branch_id != j->row.branch_id)
			continue;
		if (room->ended_at != NO_TIME && !had_room(old, id))
			return ERROR_FIELD(e, field, REASON_ROOM_ENDED, 0);
		return RC_OK;
	}
	return ERROR_FIELD(e, field, REASON_NOT_A_CHOICE, 0);
}

static bool is_of_slot(const struct job *j, int64_t room_id)
{
	for (size_t i = 1; i < j->g.n_slots; i++)
		if (j->g.slots[i].room_id == room_id)
			return true;
	return false;
}

/* Rooms of the list, of this branch; a text that is the name of one means it. */
static enum rc check_rooms(struct job *j, struct store *s, const struct schedule_stored *old,
			   struct error *e)
{
	struct str ids, name = j->in->room_id ? (struct str){ NULL, 0 } : j->row.room;
	enum rc rc = RC_OK;

	j->row.room_id = j->in->room_id ? j->in->room_id : COLUMN_NULL;
	TRY(room_ids(j, &ids, e));
	if (!name.n && ids.n == 2)
		return RC_OK; /* "[]" */
	TRY(room_pick(s, ids, j->row.branch_id, name, j->c->arena, &j->g.rooms, &j->g.n_rooms, e));
	if (j->in->room_id)
		rc = check_room(j, old, 0, j->in->room_id, e);
	for (size_t i = 1; i < j->g.n_slots; i++)
		if (j->g.slots[i].room_id &&
		    check_room(j, NULL, i, j->g.slots[i].room_id, e) != RC_OK)
			rc = RC_INVALID;
	TRY(rc);
	for (size_t i = 0; i < j->g.n_rooms; i++) {
		const struct room_stored *room = &j->g.rooms[i];

		if (room->id == j->in->room_id)
			j->row.room = room->name;
		else if (name.n && !is_of_slot(j, room->id))
			j->row.room_id = room->id;
	}
	return RC_OK;
}

/* Class, course and teacher must be of one branch that the viewer manages. */
static enum rc check_subject(struct job *j, struct store *s, struct error *e)
{
	const struct schedule_in *in = j->in;
	struct schedule_subject_row row;
	struct subject subject = { .teacher_id = COLUMN_NULL, .owner_id = COLUMN_NULL };
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = schedule_subject(s, in->class_id, in->course_id, in->teacher_id, j->c->arena, &row,
			      &mine);
	subject.branch_id = rc == RC_OK ? row.branch_id : COLUMN_NULL;
	if (rc == RC_NOT_FOUND ||
	    (rc == RC_OK && !rights_allow(j->c->who, ACTION_SCHEDULE_MANAGE, &subject)))
		return ERROR_FIELD(e, "batch_id",
				   in->class_id ? REASON_NOT_A_CHOICE : REASON_REQUIRED, 0);
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	if (in->branch_id && in->branch_id != row.branch_id)
		return ERROR_FIELD(e, "branch_id", REASON_NOT_A_CHOICE, 0);
	if (in->course_id && row.course_branch_id != row.branch_id)
		return ERROR_FIELD(e, "course_id", REASON_NOT_A_CHOICE, 0);
	if (in->teacher_id && row.teacher_branch_id != row.branch_id)
		return ERROR_FIELD(e, "faculty_id", REASON_NOT_A_CHOICE, 0);
	j->row.branch_id = row.branch_id;
	j->row.zone = row.zone;
	j->g.n_members = row.n_members;
	if (!j->row.title.n)
		j->row.title = in->course_id ? row.course_title : row.class_name;
	return RC_OK;
}

static void take_fields(struct job *j)
{
	const struct schedule_in *in = j->in;
	struct schedule_stored *r = &j->row;

	r->class_id = in->class_id;
	r->course_id = in->course_id ? in->course_id : COLUMN_NULL;
	r->teacher_id = in->teacher_id ? in->teacher_id : COLUMN_NULL;
	r->recurrence = str_from(recurrence_name(in->rule.kind));
	r->start_date = in->rule.from_day;
	r->end_date = in->rule.to_day;
	r->weekdays = j->g.slots[0].weekdays;
	r->day_of_month = in->rule.kind == RECURRENCE_MONTHLY ? in->rule.day_of_month : COLUMN_NULL;
	r->start_time = in->start_tod;
	r->end_time = in->end_tod;
	r->subject_ids = in->subject_ids;
	r->student_ids = in->student_ids;
	r->status = in->is_inactive ? STR("inactive") : STR("active");
	j->g.r = r;
	j->g.is_over = in->is_inactive;
}

/* ---- changing ---------------------------------------------------------------------------------
 */

static enum rc finish(struct job *j, struct store *s, const char *action, struct error *e)
{
	const struct schedule_plan *plan = &j->plan;
	struct audit_entry entry = { .action = action,
				     .object = "schedule",
				     .object_id = j->row.id,
				     .branch_id = j->row.branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "inserted", plan->effect.n_inserted);
	json_out_key_i64(&d.o, "updated", plan->effect.n_updated);
	json_out_key_i64(&d.o, "removed", plan->effect.n_removed);
	json_out_key_i64(&d.o, "cancelled", plan->effect.n_cancelled);
	json_out_key_i64(&d.o, "revived", plan->effect.n_revived);
	if (plan->clashes.n)
		json_out_key_i64(&d.o, "clashes", plan->clashes.n);
	if (plan->n_small_rooms)
		json_out_key_i64(&d.o, "small_rooms", (int64_t)plan->n_small_rooms);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

/* All who see it, or saw it: before anything is written (store/occurrence.h). */
static enum rc touch(struct job *j, struct store *s, const struct schedule_stored *old,
		     struct error *e)
{
	const struct schedule_stored *r = &j->row;

	TRY(occurrence_touch(s, r->branch_id, r->class_id, r->teacher_id, e));
	if (old && (old->class_id != r->class_id || old->teacher_id != r->teacher_id))
		return occurrence_touch(s, old->branch_id, old->class_id, old->teacher_id, e);
	return RC_OK;
}

static enum rc check_warnings(const struct job *j, struct error *e)
{
	if (j->in->stops_at_warnings && (j->plan.clashes.n || j->plan.n_small_rooms))
		return ERROR(e, RC_CONFLICT, REASON_CLASHES, "%lld clashes, %zu small rooms",
			     (long long)j->plan.clashes.n, j->plan.n_small_rooms);
	return RC_OK;
}

static enum rc write_slots(struct job *j, struct store *s, struct error *e)
{
	char start[9], end[9];
	struct json_out o;
	struct buf b;

	buf_init(&b, j->c->arena, 256, 4096);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 1; i < j->g.n_slots; i++) {
		const struct slot *slot = &j->g.slots[i];

		json_out_object(&o);
		json_out_key_i64(&o, "k", (int64_t)i);
		json_out_key_i64(&o, "w", slot->weekdays);
		json_out_key_str(&o, "a", tod_format(slot->start_tod, start));
		json_out_key_str(&o, "b", tod_format(slot->end_tod, end));
		if (slot->room_id)
			json_out_key_i64(&o, "r", slot->room_id);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	return schedule_slots_write(s, j->row.id,
				    j->g.n_slots > 1 ? buf_str(&b) : (struct str){ NULL, 0 }, e);
}

static enum rc create_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;

	j->row.id = 0;
	TRY(check_subject(j, s, e));
	TRY(check_rooms(j, s, NULL, e));
	TRY(touch(j, s, NULL, e));
	/* Again, now that nobody else can change the branch's zone. */
	TRY(check_subject(j, s, e));
	TRY(generate_plan(j->c, s, &j->g, true, &j->plan, e));
	TRY(check_warnings(j, e));
	TRY(schedule_insert(s, &j->row, j->c->who->account_id, j->c->now_us, &j->row.id, e));
	if (j->g.n_slots > 1)
		TRY(write_slots(j, s, e));
	TRY(generate_write(j->c, s, &j->g, &j->plan, j->is_within, e));
	return finish(j, s, "schedule.created", e);
}

/* The stored one, and whether it may become what is wanted. */
static enum rc check_old(struct job *j, struct store *s, struct schedule_stored *old,
			 struct error *e)
{
	TRY(read_row(j->c, s, j->id, ACTION_SCHEDULE_MANAGE, old, e));
	if (j->in->version && j->in->version != old->version)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "schedule %lld is at %lld, not %lld",
			     (long long)j->id, (long long)old->version, (long long)j->in->version);
	TRY(check_subject(j, s, e));
	if (j->row.branch_id != old->branch_id)
		return ERROR_FIELD(e, "batch_id", REASON_NOT_A_CHOICE, 0);
	TRY(check_rooms(j, s, old, e));
	j->row.id = j->id;
	return RC_OK;
}

static enum rc update_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct schedule_stored old;

	TRY(schedule_lock(s, j->id, j->c->arena, e));
	TRY(check_old(j, s, &old, e));
	TRY(touch(j, s, &old, e));
	TRY(check_subject(j, s, e)); /* as in create_tx */
	TRY(generate_plan(j->c, s, &j->g, true, &j->plan, e));
	TRY(check_warnings(j, e));
	TRY(schedule_write(s, &j->row, j->c->now_us, e));
	TRY(write_slots(j, s, e));
	TRY(generate_write(j->c, s, &j->g, &j->plan, j->is_within, e));
	return finish(j, s, "schedule.updated", e);
}

static enum rc delete_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;

	TRY(schedule_lock(s, j->id, j->c->arena, e));
	TRY(read_row(j->c, s, j->id, ACTION_SCHEDULE_MANAGE, &j->row, e));
	TRY(touch(j, s, NULL, e));
	TRY(generate_plan(j->c, s, &j->g, true, &j->plan, e));
	TRY(generate_write(j->c, s, &j->g, &j->plan, j->is_within, e));
	TRY(schedule_end(s, j->id, j->c->now_us, e));
	return finish(j, s, "schedule.deleted", e);
}

static enum rc prepare(struct job *j, struct error *e)
{
	TRY(schedule_may_manage(j->c, e));
	TRY(check_in(j, e));
	take_fields(j);
	return RC_OK;
}

enum rc schedule_check(struct core *c, int64_t id, const struct schedule_in *in,
		       struct schedule_plan *ret, struct error *e)
{
	struct job j = { .c = c, .in = in, .id = id };
	struct schedule_stored old;

	TRY(prepare(&j, e));
	if (id) {
		TRY(check_old(&j, c->db, &old, e));
	} else {
		TRY(check_subject(&j, c->db, e));
		TRY(check_rooms(&j, c->db, NULL, e));
	}
	return generate_plan(c, c->db, &j.g, false, ret, e);
}

enum rc schedule_check_delete(struct core *c, int64_t id, struct schedule_plan *ret,
			      struct error *e)
{
	struct job j = { .c = c, .id = id };

	j.g = (struct generate_in){ .r = &j.row, .is_over = true, .is_refill = true };
	TRY(schedule_may_manage(c, e));
	TRY(read_row(c, c->db, id, ACTION_SCHEDULE_MANAGE, &j.row, e));
	return generate_plan(c, c->db, &j.g, false, ret, e);
}

enum rc schedule_create(struct core *c, const struct schedule_in *in, int64_t *ret_id,
			struct schedule_effect *ret_effect, struct error *e)
{
	struct job j = { .c = c, .in = in };

	TRY(prepare(&j, e));
	TRY(store_tx(c->db, create_tx, &j, e));
	*ret_id = j.row.id;
	*ret_effect = j.plan.effect;
	return RC_OK;
}

enum rc schedule_create_within(struct core *c, struct store *s, const struct schedule_in *in,
			       int64_t *ret_id, struct schedule_plan *ret_plan, struct error *e)
{
	struct job j = { .c = c, .in = in, .is_within = true };

	TRY(prepare(&j, e));
	TRY(create_tx(s, &j, e));
	*ret_id = j.row.id;
	*ret_plan = j.plan;
	return RC_OK;
}

enum rc schedule_update(struct core *c, int64_t id, const struct schedule_in *in,
			struct schedule_effect *ret_effect, struct error *e)
{
	struct job j = { .c = c, .in = in, .id = id };

	TRY(prepare(&j, e));
	TRY(store_tx(c->db, update_tx, &j, e));
	*ret_effect = j.plan.effect;
	return RC_OK;
}

enum rc schedule_delete(struct core *c, int64_t id, struct schedule_effect *ret_effect,
			struct error *e)
{
	struct job j = { .c = c, .id = id };

	j.g = (struct generate_in){ .r = &j.row, .is_over = true, .is_refill = true };
	TRY(schedule_may_manage(c, e));
	TRY(store_tx(c->db, delete_tx, &j, e));
	*ret_effect = j.plan.effect;
	return RC_OK;
}

/* ---- after a closure ---------------------------------------------------------------------------
 */

static enum rc refill_one(struct core *c, struct store *s, int64_t id, int64_t *inserted,
			  struct error *e)
{
	struct schedule_stored r;
	struct generate_in g = { .r = &r, .is_refill = true };
	struct schedule_plan plan;
	struct schedule_row row;
	struct str ids = STR("[]");
	struct job j = { .c = c };
	struct schedule_in in;

	TRY(schedule_read(s, id, COLUMN_NULL, c->arena, &r, e));
	TRY(schedule_row_of(&r, &row, e));
	TRY(read_slots(c, s, id, &row.more, &row.n_more, e));
	in = (struct schedule_in){ .rule = { .kind = row.recurrence,
					     .from_day = row.start_date,
					     .to_day = row.end_date,
					     .weekdays = row.weekdays,
					     .day_of_month = row.day_of_month == COLUMN_NULL
								     ? 0
								     : (int)row.day_of_month },
				   .start_tod = row.start_tod,
				   .end_tod = row.end_tod,
				   .more = row.more,
				   .n_more = row.n_more };
	j.in = &in;
	take_slots(&j);
	TRY(room_ids(&j, &ids, e));
	if (ids.n > 2)
		TRY(room_pick(s, ids, r.branch_id, (struct str){ NULL, 0 }, c->arena, &g.rooms,
			      &g.n_rooms, e));
	memcpy(g.slots, j.g.slots, sizeof g.slots);
	g.n_slots = j.g.n_slots;
	g.rule = j.g.rule;
	TRY(generate_plan(c, s, &g, true, &plan, e));
	TRY(generate_write(c, s, &g, &plan, false, e));
	*inserted += plan.effect.n_inserted;
	return RC_OK;
}

enum rc schedule_refill(struct core *c, struct store *s, int64_t branch_id, int32_t from,
			int32_t to, int64_t *ret_inserted, struct error *e)
{
	const struct schedule_key *keys;
	size_t n;

	*ret_inserted = 0;
	TRY(schedule_keys(s, branch_id, from, to, c->arena, &keys, &n, e));
	for (size_t i = 0; i < n; i++)
		TRY(refill_one(c, s, keys[i].id, ret_inserted, e));
	return RC_OK;
}
