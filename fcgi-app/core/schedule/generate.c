/*
 * Fitting the occurrences of a schedule to its rule.
 *
 * Old ones and wanted ones are both in order of day and start, and are paired day by day.
 * An occurrence stands for the date and start it was made for (moved_from_… where it was
 * moved).  Those of one start go together first, what is left over of a day in order: so a
 * changed time changes the session that was there.  What is completed, moved or cancelled by
 * a person is left alone and covers its place; of the rest what is paired follows the rule,
 * and what is not goes or, when something hangs on it, is cancelled.
 */
#include "core/schedule/generate.h"

#include "codec/json.h"
#include "core/event/notify_sum.h"
#include "store/closure.h"

#define ITEM_BYTES 700 /* of JSON, with an escaped room */
#define NOBODY     SIZE_MAX

struct run {
	struct core *c;
	const struct generate_in *in;
	const struct zone *zone;
	const struct schedule_occurrence_row *rows; /* old ones */
	size_t n_rows;
	const struct slot_day *days; /* wanted ones */
	size_t n_days;
	size_t *pair_of_row, *pair_of_day;
	struct schedule_item *items;
	size_t n_items;
	struct schedule_plan plan;
};

/* ---- what an occurrence is --------------------------------------------------------------------
 */

static bool is_cancelled(const struct schedule_occurrence_row *o)
{
	return str_eq(o->state, STR("cancelled"));
}

/* Left as it is, whatever the rule says. */
static bool is_settled(const struct schedule_occurrence_row *o)
{
	if (o->moved_from_date != NO_DAY || str_eq(o->state, STR("completed")))
		return true;
	if (is_cancelled(o))
		return str_eq(o->cancel_cause, STR("person"));
	return o->closure_id != COLUMN_NULL; /* reopened in spite of a closure */
}

static int32_t made_for_day(const struct schedule_occurrence_row *o)
{
	return o->moved_from_date != NO_DAY ? o->moved_from_date : o->session_date;
}

static int32_t made_for_start(const struct schedule_occurrence_row *o)
{
	return o->moved_from_time != NO_DAY ? o->moved_from_time : o->start_time;
}

/* 0 settled, 1 alive, 2 cancelled by its rule or a closure: the order in which places are given. */
static int rank_of(const struct schedule_occurrence_row *o)
{
	if (is_settled(o))
		return 0;
	return is_cancelled(o) ? 2 : 1;
}

/* ---- what is wanted ---------------------------------------------------------------------------
 */

static int64_t room_of(const struct generate_in *in, size_t slot)
{
	return in->slots[slot].room_id ? in->slots[slot].room_id : in->r->room_id;
}

static struct str room_name(const struct generate_in *in, size_t slot)
{
	if (in->slots[slot].room_id)
		for (size_t i = 0; i < in->n_rooms; i++)
			if (in->rooms[i].id == in->slots[slot].room_id)
				return in->rooms[i].name;
	return in->r->room;
}

static struct schedule_item item_of(const struct run *run, const struct slot_day *d)
{
	const struct slot *slot = &run->in->slots[d->slot];
	struct slot_instants at = slot_instants(run->zone, d->day, slot->start_tod, slot->end_tod);

	return (struct schedule_item){ .day = d->day,
				       .start_tod = slot->start_tod,
				       .end_tod = slot->end_tod,
				       .starts_at = at.starts_at,
				       .ends_at = at.ends_at,
				       .room_id = room_of(run->in, d->slot),
				       .room = room_name(run->in, d->slot),
				       .fit = at.fit };
}

static struct schedule_item item_of_row(const struct schedule_occurrence_row *o)
{
	return (struct schedule_item){ .occurrence_id = o->id,
				       .day = o->session_date,
				       .start_tod = o->start_time,
				       .end_tod = o->end_time,
				       .starts_at = o->starts_at,
				       .ends_at = o->ends_at,
				       .room_id = o->room_id,
				       .room = o->room };
}

/* Days of closures are taken out of the wanted ones and named. */
static enum rc leave_out_closed(struct run *run, struct store *s, struct slot_day *days, size_t *n,
				struct error *e)
{
	const struct recurrence_rule *rule = &run->in->rule;
	const struct closure_span *spans;
	struct schedule_closed *closed;
	size_t n_spans, n_open = 0, n_closed = 0;

	TRY(closure_spans(s, run->in->r->branch_id, rule->from_day, rule->to_day, run->c->arena,
			  &spans, &n_spans, e));
	if (!n_spans)
		return RC_OK;
	closed = ARENA_ARRAY(run->c->arena, *n, struct schedule_closed);
	if (!closed)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < *n; i++) {
		size_t k = 0;

		while (k < n_spans &&
		       (days[i].day < spans[k].from_date || days[i].day > spans[k].to_date))
			k++;
		if (k == n_spans)
			days[n_open++] = days[i];
		else
			closed[n_closed++] =
				(struct schedule_closed){ spans[k].name, days[i].day,
							  run->in->slots[days[i].slot].start_tod };
	}
	*n = n_open;
	run->plan.closed = closed;
	run->plan.n_closed = n_closed;
	return RC_OK;
}

static enum rc want(struct run *run, struct store *s, struct error *e)
{
	const struct generate_in *in = run->in;
	struct schedule_plan *plan = &run->plan;
	const struct slot_day *days;
	struct slot_day *open;
	size_t n;

	if (in->is_over)
		return RC_OK;
	TRY(slots_days(&in->rule, in->slots, in->n_slots, run->c->arena, &days, &n, e));
	TRY(slots_missing_months(&in->rule, run->c->arena, &plan->missing_months,
				 &plan->n_missing_months, e));
	if (!n && in->is_refill)
		return RC_OK;
	if (!n && plan->n_missing_months)
		return ERROR_FIELD(e, "day_of_month", REASON_NO_SUCH_DAY, 0);
	if (!n)
		return ERROR_FIELD(e, "start_date", REASON_NO_OCCURRENCE, 0);
	open = ARENA_ARRAY(run->c->arena, n, struct slot_day);
	if (!open)
		return ERROR_MEMORY(e);
	memcpy(open, days, n * sizeof *open);
	TRY(leave_out_closed(run, s, open, &n, e));
	if (!n && !in->is_refill)
		return ERROR_FIELD(e, "start_date", REASON_ALL_CLOSED, 0);
	run->days = open;
	run->n_days = n;
	return RC_OK;
}

/* ---- pairing ------------------------------------------------------------------------------------
 */

/* The old ones r0..r1 and the wanted ones d0..d1 of one date. */
struct date {
	size_t r0, r1, d0, d1;
};

static void pair_date(struct run *run, const struct date *t, bool by_start)
{
	for (int rank = 0; rank <= 2; rank++) {
		for (size_t i = t->r0; i < t->r1; i++) {
			const struct schedule_occurrence_row *o = &run->rows[i];

			if (run->pair_of_row[i] != NOBODY || rank_of(o) != rank)
				continue;
			for (size_t k = t->d0; k < t->d1; k++) {
				int32_t start = run->in->slots[run->days[k].slot].start_tod;

				if (run->pair_of_day[k] != NOBODY ||
				    (by_start && start != made_for_start(o)))
					continue;
				run->pair_of_row[i] = k;
				run->pair_of_day[k] = i;
				break;
			}
		}
	}
}

static enum rc pair_all(struct run *run, struct error *e)
{
	struct date t = { 0, 0, 0, 0 };

	run->pair_of_row = ARENA_ARRAY(run->c->arena, run->n_rows + 1, size_t);
	run->pair_of_day = ARENA_ARRAY(run->c->arena, run->n_days + 1, size_t);
	if (!run->pair_of_row || !run->pair_of_day)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < run->n_rows; i++)
		run->pair_of_row[i] = NOBODY;
	for (size_t i = 0; i < run->n_days; i++)
		run->pair_of_day[i] = NOBODY;
	while (t.d0 < run->n_days) {
		int32_t day = run->days[t.d0].day;

		while (t.d1 < run->n_days && run->days[t.d1].day == day)
			t.d1++;
		while (t.r0 < run->n_rows && made_for_day(&run->rows[t.r0]) < day)
			t.r0++;
		t.r1 = t.r0;
		while (t.r1 < run->n_rows && made_for_day(&run->rows[t.r1]) == day)
			t.r1++;
		pair_date(run, &t, true);
		pair_date(run, &t, false);
		t.d0 = t.d1;
		t.r0 = t.r1;
	}
	return RC_OK;
}

/* ---- deciding
 * ------------------------------------------------------------------------------------ */

/* A moved one may stand where the rule wants to put another: date and time are unique. */
static bool is_taken(const struct run *run, const struct schedule_item *item)
{
	for (size_t i = 0; i < run->n_rows; i++)
		if (run->rows[i].moved_from_date != NO_DAY &&
		    run->rows[i].session_date == item->day &&
		    run->rows[i].start_time == item->start_tod)
			return true;
	return false;
}

static void add(struct run *run, struct schedule_item item, enum schedule_step step)
{
	struct schedule_effect *x = &run->plan.effect;
	int64_t *const counts[SCHEDULE_STEP__MAX] = {
		[SCHEDULE_STEP_INSERT] = &x->n_inserted,
		[SCHEDULE_STEP_UPDATE] = &x->n_updated,
		[SCHEDULE_STEP_REVIVE] = &x->n_revived,
		[SCHEDULE_STEP_KEEP] = &run->plan.n_kept,
		[SCHEDULE_STEP_SETTLED] = &run->plan.n_settled,
		[SCHEDULE_STEP_REMOVE] = &x->n_removed,
		[SCHEDULE_STEP_CANCEL] = &x->n_cancelled,
	};

	item.step = step;
	run->items[run->n_items++] = item;
	++*counts[step];
	if (item.fit != ZONE_FIT_EXACT && step <= SCHEDULE_STEP_KEEP)
		run->plan.n_shifted++;
}

/* Would the rule have it, were it not for a closure?  What holds something need not be of a start
 * that the rule still has. */
static bool is_closed_place(const struct run *run, const struct schedule_occurrence_row *o)
{
	for (size_t i = 0; i < run->plan.n_closed; i++)
		if (run->plan.closed[i].day == o->session_date &&
		    (run->plan.closed[i].start_tod == o->start_time ||
		     o->completion_id != COLUMN_NULL))
			return true;
	return false;
}

static void drop(struct run *run, const struct schedule_occurrence_row *o)
{
	bool is_closed = is_cancelled(o) && str_eq(o->cancel_cause, STR("closure"));

	if (is_settled(o)) {
		add(run, item_of_row(o), SCHEDULE_STEP_SETTLED);
		return;
	}
	if (is_cancelled(o) && (!is_closed || is_closed_place(run, o)))
		return;
	if (o->completion_id == COLUMN_NULL)
		add(run, item_of_row(o), SCHEDULE_STEP_REMOVE);
	else if (!is_cancelled(o) && is_closed_place(run, o))
		add(run, item_of_row(o), SCHEDULE_STEP_SETTLED);
	else
		add(run, item_of_row(o), SCHEDULE_STEP_CANCEL);
}

static bool follows(const struct schedule_occurrence_row *o, const struct schedule_stored *r,
		    const struct schedule_item *item)
{
	return o->start_time == item->start_tod && o->end_time == item->end_tod &&
	       o->starts_at == item->starts_at && o->ends_at == item->ends_at &&
	       o->course_id == r->course_id && o->class_id == r->class_id &&
	       o->teacher_id == r->teacher_id && o->room_id == item->room_id &&
	       str_eq(o->title, r->title) && str_eq(o->room, item->room);
}

/* `o` has its place among the wanted ones, and `item` says what it should be. */
static void keep(struct run *run, const struct schedule_occurrence_row *o,
		 struct schedule_item item)
{
	if (is_settled(o)) {
		add(run, item_of_row(o), SCHEDULE_STEP_SETTLED);
		return;
	}
	if (o->start_time != item.start_tod && is_taken(run, &item)) {
		drop(run, o);
		return;
	}
	item.occurrence_id = o->id;
	item.is_other_place = o->starts_at != item.starts_at || o->ends_at != item.ends_at ||
			      o->room_id != item.room_id || !str_eq(o->room, item.room);
	if (is_cancelled(o))
		add(run, item, SCHEDULE_STEP_REVIVE);
	else
		add(run, item,
		    follows(o, run->in->r, &item) ? SCHEDULE_STEP_KEEP : SCHEDULE_STEP_UPDATE);
}

/* By day: first what goes, then what is wanted. */
static enum rc decide(struct run *run, struct error *e)
{
	size_t r = 0;

	run->items =
		ARENA_ARRAY(run->c->arena, run->n_rows + run->n_days + 1, struct schedule_item);
	if (!run->items)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < run->n_days; i++) {
		struct schedule_item item = item_of(run, &run->days[i]);

		for (; r < run->n_rows && made_for_day(&run->rows[r]) <= item.day; r++)
			if (run->pair_of_row[r] == NOBODY)
				drop(run, &run->rows[r]);
		if (run->pair_of_day[i] != NOBODY)
			keep(run, &run->rows[run->pair_of_day[i]], item);
		else if (!is_taken(run, &item))
			add(run, item, SCHEDULE_STEP_INSERT);
	}
	for (; r < run->n_rows; r++)
		if (run->pair_of_row[r] == NOBODY)
			drop(run, &run->rows[r]);
	run->plan.items = run->items;
	run->plan.n_items = run->n_items;
	return RC_OK;
}

/* ---- warnings
 * ------------------------------------------------------------------------------------- */

/* What is over clashes with nothing any more. */
static enum rc find_clashes(struct run *run, struct store *s, struct error *e)
{
	const struct schedule_stored *r = run->in->r;
	struct clash_span *spans = ARENA_ARRAY(run->c->arena, run->n_items + 1, struct clash_span);
	size_t *item_of_span = ARENA_ARRAY(run->c->arena, run->n_items + 1, size_t);
	struct clash_query q = { .class_id = r->class_id,
				 .teacher_id = r->teacher_id,
				 .schedule_id = r->id ? r->id : COLUMN_NULL,
				 .occurrence_id = COLUMN_NULL,
				 .zone = r->zone };

	if (!spans || !item_of_span)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < run->n_items; i++) {
		const struct schedule_item *item = &run->items[i];

		if (item->step > SCHEDULE_STEP_KEEP || item->ends_at <= run->c->now_us)
			continue;
		item_of_span[q.n_spans] = i;
		spans[q.n_spans++] =
			(struct clash_span){ item->starts_at, item->ends_at, item->start_tod,
					     item->end_tod, item->room_id };
	}
	q.spans = spans;
	TRY(clash_find(run->c, s, &q, &run->plan.clashes, e));
	for (size_t i = 0; i < run->plan.clashes.n_rows; i++)
		run->plan.clashes.rows[i].span = item_of_span[run->plan.clashes.rows[i].span];
	return RC_OK;
}

static enum rc find_small_rooms(struct run *run, struct error *e)
{
	const struct generate_in *in = run->in;
	struct schedule_small_room *small =
		ARENA_ARRAY(run->c->arena, in->n_rooms + 1, struct schedule_small_room);

	if (!small)
		return ERROR_MEMORY(e);
	run->plan.n_members = in->n_members;
	run->plan.small_rooms = small;
	for (size_t i = 0; i < in->n_rooms && !in->is_over; i++)
		if (in->rooms[i].capacity != COLUMN_NULL && in->rooms[i].capacity < in->n_members)
			small[run->plan.n_small_rooms++] =
				(struct schedule_small_room){ in->rooms[i].name,
							      in->rooms[i].capacity };
	return RC_OK;
}

enum rc generate_plan(struct core *c, struct store *s, const struct generate_in *in, bool locks,
		      struct schedule_plan *ret, struct error *e)
{
	struct run run = { .c = c, .in = in };

	TRY(zones_get(c->zones, in->r->zone, &run.zone, e));
	run.plan.zone = in->r->zone;
	TRY(want(&run, s, e));
	if (in->r->id)
		TRY(schedule_occurrences(s, in->r->id, locks, c->arena, &run.rows, &run.n_rows, e));
	TRY(pair_all(&run, e));
	TRY(decide(&run, e));
	if (!in->is_refill) {
		TRY(find_clashes(&run, s, e));
		TRY(find_small_rooms(&run, e));
	}
	*ret = run.plan;
	return RC_OK;
}

/* ---- writing
 * -------------------------------------------------------------------------------------- */

struct list {
	struct buf b;
	struct json_out o;
	int64_t n;
};

static void list_begin(struct list *l, struct arena *a, size_t n_items)
{
	buf_init(&l->b, a, 256, n_items * ITEM_BYTES + 1024);
	json_out_init(&l->o, &l->b);
	json_out_array(&l->o);
	l->n = 0;
}

static enum rc list_end(struct list *l, struct error *e)
{
	json_out_array_end(&l->o);
	return buf_ok(&l->b) ? RC_OK : ERROR_MEMORY(e);
}

/* "2026-11-20 09:30:00" */
static void put_instant(struct list *l, const char *key, int64_t us)
{
	char day[11], tod[9], text[20];

	memcpy(text, day_format(us_day(us), day).p, 10);
	text[10] = ' ';
	memcpy(text + 11, tod_format((int32_t)(us_in_day(us) / US_PER_S), tod).p, 8);
	json_out_key_str(&l->o, key, str_make(text, 19));
}

static void put_item(struct list *l, const struct schedule_item *item)
{
	char day[11], start[9], end[9];

	json_out_object(&l->o);
	if (item->occurrence_id)
		json_out_key_i64(&l->o, "id", item->occurrence_id);
	json_out_key_str(&l->o, "d", day_format(item->day, day));
	json_out_key_str(&l->o, "a", tod_format(item->start_tod, start));
	json_out_key_str(&l->o, "b", tod_format(item->end_tod, end));
	put_instant(l, "s", item->starts_at);
	put_instant(l, "e", item->ends_at);
	if (item->room_id != COLUMN_NULL)
		json_out_key_i64(&l->o, "r", item->room_id);
	json_out_key_str(&l->o, "n", item->room);
	json_out_object_end(&l->o);
	l->n++;
}

static void put_id(struct list *l, int64_t id)
{
	json_out_i64(&l->o, id);
	l->n++;
}

struct lists {
	struct list put, update, remove, cancel;
};

static void sort_into(struct lists *to, const struct schedule_plan *plan)
{
	for (size_t i = 0; i < plan->n_items; i++) {
		const struct schedule_item *item = &plan->items[i];

		switch (item->step) {
		case SCHEDULE_STEP_INSERT:
			put_item(&to->put, item);
			break;
		case SCHEDULE_STEP_UPDATE:
		case SCHEDULE_STEP_REVIVE:
			put_item(&to->update, item);
			break;
		case SCHEDULE_STEP_REMOVE:
			put_id(&to->remove, item->occurrence_id);
			break;
		case SCHEDULE_STEP_CANCEL:
			put_id(&to->cancel, item->occurrence_id);
			break;
		case SCHEDULE_STEP_KEEP:
		case SCHEDULE_STEP_SETTLED:
		case SCHEDULE_STEP__MAX:
			break;
		}
	}
}

/* ---- telling -------------------------------------------------------------------------------- */

static enum rc tell(struct core *c, struct store *s, const struct notify_sum *sum, struct error *e)
{
	TRY(notify_sum_events(c, s, sum, e));
	return notify_sum(c, s, sum, e);
}

static bool is_told_as(const struct schedule_item *item, enum notify_kind kind)
{
	switch (item->step) {
	case SCHEDULE_STEP_REMOVE:
	case SCHEDULE_STEP_CANCEL:
		return kind == NOTIFY_SESSION_CANCELLED;
	case SCHEDULE_STEP_UPDATE:
		return kind == NOTIFY_SESSION_MOVED && item->is_other_place;
	case SCHEDULE_STEP_REVIVE:
		return kind == NOTIFY_SESSION_RESTORED;
	case SCHEDULE_STEP_INSERT:
	case SCHEDULE_STEP_KEEP:
	case SCHEDULE_STEP_SETTLED:
	case SCHEDULE_STEP__MAX:
		break;
	}
	return false;
}

/* Of what was there; what goes is told before it is gone. */
static enum rc tell_old(struct core *c, struct store *s, const struct generate_in *in,
			const struct schedule_plan *plan, enum notify_kind kind, struct error *e)
{
	int64_t *ids = ARENA_ARRAY(c->arena, plan->n_items + 1, int64_t);
	struct notify_sum sum = { .kind = kind,
				  .branch_id = in->r->branch_id,
				  .ids = ids,
				  .is_removed = kind == NOTIFY_SESSION_CANCELLED };

	if (!ids)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < plan->n_items; i++)
		if (is_told_as(&plan->items[i], kind))
			ids[sum.n_ids++] = plan->items[i].occurrence_id;
	return tell(c, s, &sum, e);
}

static enum rc tell_new(struct core *c, struct store *s, const struct generate_in *in,
			int64_t first_id, struct error *e)
{
	const struct schedule_key *rows;
	struct notify_sum sum = { .kind = NOTIFY_SESSION_CREATED, .branch_id = in->r->branch_id };
	int64_t *ids;

	TRY(schedule_occurrences_from(s, in->r->id, first_id, c->arena, &rows, &sum.n_ids, e));
	ids = ARENA_ARRAY(c->arena, sum.n_ids + 1, int64_t);
	if (!ids)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < sum.n_ids; i++)
		ids[i] = rows[i].id;
	sum.ids = ids;
	return tell(c, s, &sum, e);
}

/* ---- doing it ------------------------------------------------------------------------------- */

/* Removals first: they make room for what comes to their place. */
enum rc generate_write(struct core *c, struct store *s, const struct generate_in *in,
		       const struct schedule_plan *plan, bool is_quiet, struct error *e)
{
	int64_t first_id = 0;
	struct lists l;

	list_begin(&l.put, c->arena, plan->n_items);
	list_begin(&l.update, c->arena, plan->n_items);
	list_begin(&l.remove, c->arena, plan->n_items);
	list_begin(&l.cancel, c->arena, plan->n_items);
	sort_into(&l, plan);
	TRY(list_end(&l.put, e));
	TRY(list_end(&l.update, e));
	TRY(list_end(&l.remove, e));
	TRY(list_end(&l.cancel, e));
	if (!is_quiet)
		TRY(tell_old(c, s, in, plan, NOTIFY_SESSION_CANCELLED, e));
	if (l.remove.n)
		TRY(schedule_remove_occurrences(s, buf_str(&l.remove.b), e));
	if (l.cancel.n)
		TRY(schedule_cancel_occurrences(s, buf_str(&l.cancel.b), c->now_us, e));
	if (l.update.n)
		TRY(schedule_update_occurrences(s, in->r, buf_str(&l.update.b), e));
	if (l.put.n)
		TRY(schedule_put_occurrences(s, in->r, buf_str(&l.put.b), &first_id, e));
	if (is_quiet)
		return RC_OK;
	TRY(tell_old(c, s, in, plan, NOTIFY_SESSION_MOVED, e));
	TRY(tell_old(c, s, in, plan, NOTIFY_SESSION_RESTORED, e));
	return l.put.n ? tell_new(c, s, in, first_id, e) : RC_OK;
}
