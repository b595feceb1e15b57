/*
 * Fitting the occurrences of a schedule to its rule.
 *
 * Old ones and wanted days are both in order of date and are merged.  An occurrence
 * covers the date it was made for (moved_from_date where it was moved).  What is
 * completed, moved or cancelled by a person is left alone, and its date counts
 * as covered; of the rest what fits follows the rule, and what does not goes or, when
 * something hangs on it, is cancelled.
 */
#include "core/generate.h"

#include "codec/json.h"

#define DAYS_BYTES ((size_t)RECURRENCE_DAYS_MAX * 120 + 1024)
#define NOT_FOUND  SIZE_MAX

struct list {
	struct buf b;
	struct json_out o;
	int64_t n;
};

struct run {
	struct core *c;
	const struct schedule_stored *r;
	const struct zone *zone;
	struct list put, update, remove, cancel;
	struct schedule_effect effect;
};

static void list_begin(struct list *l, struct arena *a)
{
	buf_init(&l->b, a, 256, DAYS_BYTES);
	json_out_init(&l->o, &l->b);
	json_out_array(&l->o);
	l->n = 0;
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

static void put_day(struct run *run, struct list *l, int64_t id, int32_t day)
{
	char text[11];

	json_out_object(&l->o);
	if (id)
		json_out_key_i64(&l->o, "id", id);
	json_out_key_str(&l->o, "d", day_format(day, text));
	put_instant(l, "s", zone_to_utc(run->zone, day, run->r->start_time, NULL));
	put_instant(l, "e", zone_to_utc(run->zone, day, run->r->end_time, NULL));
	json_out_object_end(&l->o);
	l->n++;
}

static void put_id(struct list *l, int64_t id)
{
	json_out_i64(&l->o, id);
	l->n++;
}

/* Left as it is, whatever the rule says. */
static bool is_settled(const struct schedule_occurrence_row *o)
{
	return o->moved_from_date != NO_DAY || str_eq(o->state, STR("completed")) ||
	       (str_eq(o->state, STR("cancelled")) && str_eq(o->cancel_cause, STR("person")));
}

static int32_t made_for(const struct schedule_occurrence_row *o)
{
	return o->moved_from_date != NO_DAY ? o->moved_from_date : o->session_date;
}

static bool follows(const struct schedule_occurrence_row *o, const struct schedule_stored *r,
		    int64_t starts_at)
{
	return o->start_time == r->start_time && o->end_time == r->end_time &&
	       o->starts_at == starts_at && o->course_id == r->course_id &&
	       o->class_id == r->class_id && o->teacher_id == r->teacher_id &&
	       str_eq(o->title, r->title) && str_eq(o->room, r->room);
}

/* The date is wanted and `o` was made for it. */
static void keep(struct run *run, const struct schedule_occurrence_row *o, int32_t day)
{
	bool is_cancelled = str_eq(o->state, STR("cancelled"));

	if (is_settled(o))
		return;
	if (!is_cancelled &&
	    follows(o, run->r, zone_to_utc(run->zone, day, run->r->start_time, NULL)))
		return;
	put_day(run, &run->update, o->id, day);
	if (is_cancelled)
		run->effect.n_revived++;
	else
		run->effect.n_updated++;
}

static void drop(struct run *run, const struct schedule_occurrence_row *o)
{
	if (is_settled(o) || str_eq(o->state, STR("cancelled")))
		return;
	if (o->completion_id == COLUMN_NULL) {
		put_id(&run->remove, o->id);
		run->effect.n_removed++;
	} else {
		put_id(&run->cancel, o->id);
		run->effect.n_cancelled++;
	}
}

/* A moved one may stand where the rule wants to put another: date and time are unique. */
static bool is_taken(const struct schedule_occurrence_row *rows, size_t n, int32_t day,
		     int32_t start_time)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].moved_from_date != NO_DAY && rows[i].session_date == day &&
		    rows[i].start_time == start_time)
			return true;
	return false;
}

static size_t find_day(const int32_t *days, size_t n, int32_t day)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (days[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && days[low] == day ? low : NOT_FOUND;
}

static enum rc sort_out(struct run *run, const struct schedule_occurrence_row *rows, size_t n_rows,
			const int32_t *days, size_t n_days, struct error *e)
{
	bool *is_covered = ARENA_ARRAY(run->c->arena, n_days, bool);

	if (!is_covered)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n_rows; i++) {
		size_t at = find_day(days, n_days, made_for(&rows[i]));

		/* A second one on a date does not happen by a rule; it goes. */
		if (at == NOT_FOUND || (is_covered[at] && !is_settled(&rows[i]))) {
			drop(run, &rows[i]);
			continue;
		}
		is_covered[at] = true;
		keep(run, &rows[i], days[at]);
	}
	for (size_t i = 0; i < n_days; i++) {
		if (is_covered[i] || is_taken(rows, n_rows, days[i], run->r->start_time))
			continue;
		put_day(run, &run->put, 0, days[i]);
		run->effect.n_inserted++;
	}
	return RC_OK;
}

static enum rc list_end(struct list *l, struct error *e)
{
	json_out_array_end(&l->o);
	return buf_ok(&l->b) ? RC_OK : ERROR_MEMORY(e);
}

/* Removals first: they make room for what comes to their place. */
static enum rc write_all(struct run *run, struct store *s, struct error *e)
{
	TRY(list_end(&run->put, e));
	TRY(list_end(&run->update, e));
	TRY(list_end(&run->remove, e));
	TRY(list_end(&run->cancel, e));
	if (run->remove.n)
		TRY(schedule_remove_occurrences(s, buf_str(&run->remove.b), e));
	if (run->cancel.n)
		TRY(schedule_cancel_occurrences(s, buf_str(&run->cancel.b), run->c->now_us, e));
	if (run->update.n)
		TRY(schedule_update_occurrences(s, run->r, buf_str(&run->update.b), e));
	if (run->put.n)
		TRY(schedule_put_occurrences(s, run->r, buf_str(&run->put.b), e));
	return RC_OK;
}

enum rc schedule_generate(struct core *c, struct store *s, const struct schedule_stored *r,
			  const struct recurrence_rule *rule, struct schedule_effect *ret_effect,
			  struct error *e)
{
	struct run run = { .c = c, .r = r };
	const struct schedule_occurrence_row *rows;
	const int32_t *days = NULL;
	size_t n_rows, n_days = 0;

	TRY(zones_get(c->zones, r->zone, &run.zone, e));
	if (rule)
		TRY(recurrence_days(rule, c->arena, &days, &n_days, e));
	TRY(schedule_occurrences(s, r->id, c->arena, &rows, &n_rows, e));
	list_begin(&run.put, c->arena);
	list_begin(&run.update, c->arena);
	list_begin(&run.remove, c->arena);
	list_begin(&run.cancel, c->arena);
	TRY(sort_out(&run, rows, n_rows, days, n_days, e));
	TRY(write_all(&run, s, e));
	*ret_effect = run.effect;
	return RC_OK;
}
