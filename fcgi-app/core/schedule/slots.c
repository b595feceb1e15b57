/* Time slots of a rule; see slots.h. */
#include "core/schedule/slots.h"

static const char *const names[SLOTS_MAX][SLOT_FIELD__MAX] = {
	{ "start_time", "end_time", "weekdays", "room" },
	{ "slot2_start", "slot2_end", "slot2_days", "slot2_room" },
	{ "slot3_start", "slot3_end", "slot3_days", "slot3_room" },
	{ "slot4_start", "slot4_end", "slot4_days", "slot4_room" },
	{ "slot5_start", "slot5_end", "slot5_days", "slot5_room" },
	{ "slot6_start", "slot6_end", "slot6_days", "slot6_room" },
	{ "slot7_start", "slot7_end", "slot7_days", "slot7_room" },
	{ "slot8_start", "slot8_end", "slot8_days", "slot8_room" },
};

const char *slot_field_name(size_t i, enum slot_field f)
{
	BUG(i >= SLOTS_MAX || f >= SLOT_FIELD__MAX);
	return names[i][f];
}

static enum rc check_one(enum recurrence kind, const struct slot *s, size_t i, struct error *e)
{
	enum rc rc = RC_OK;

	if (s->start_tod == NO_DAY)
		rc = ERROR_FIELD(e, names[i][SLOT_START], REASON_REQUIRED, 0);
	if (s->end_tod == NO_DAY)
		rc = ERROR_FIELD(e, names[i][SLOT_END], REASON_REQUIRED, 0);
	if (s->start_tod != NO_DAY && s->end_tod != NO_DAY && s->end_tod <= s->start_tod)
		rc = ERROR_FIELD(e, names[i][SLOT_END], REASON_END_BEFORE_START, 0);
	if (kind == RECURRENCE_WEEKLY && !(s->weekdays & 0x7F))
		rc = ERROR_FIELD(e, names[i][SLOT_DAYS], REASON_NO_WEEKDAY, 0);
	return rc;
}

static bool overlap(enum recurrence kind, const struct slot *a, const struct slot *b)
{
	return (kind != RECURRENCE_WEEKLY || (a->weekdays & b->weekdays & 0x7F)) &&
	       a->start_tod < b->end_tod && b->start_tod < a->end_tod;
}

enum rc slots_check(enum recurrence kind, const struct slot *slots, size_t n, struct error *e)
{
	enum rc rc = RC_OK;

	BUG(n < 1 || n > SLOTS_MAX);
	for (size_t i = 0; i < n; i++)
		if (check_one(kind, &slots[i], i, e) != RC_OK)
			rc = RC_INVALID;
	TRY(rc);
	for (size_t i = 1; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (overlap(kind, &slots[i], &slots[k])) {
				rc = ERROR_FIELD(e, names[i][SLOT_START], REASON_SLOTS_OVERLAP, 0);
				break;
			}
	return rc;
}

/* The slots by their start: those of one day come out in order. */
static void order_of(const struct slot *slots, size_t n, size_t order[SLOTS_MAX])
{
	for (size_t i = 0; i < n; i++) {
		size_t at = i;

		while (at > 0 && slots[order[at - 1]].start_tod > slots[i].start_tod) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = i;
	}
}

enum rc slots_days(const struct recurrence_rule *rule, const struct slot *slots, size_t n,
		   struct arena *a, const struct slot_day **ret, size_t *ret_n, struct error *e)
{
	struct recurrence_rule all = *rule;
	size_t order[SLOTS_MAX], n_days, n_out = 0;
	struct slot_day *out;
	const int32_t *days;

	BUG(n < 1 || n > SLOTS_MAX);
	all.weekdays = 0;
	for (size_t i = 0; i < n; i++)
		all.weekdays |= slots[i].weekdays;
	TRY(recurrence_days(&all, a, &days, &n_days, e));
	order_of(slots, n, order);
	out = ARENA_ARRAY(a, n_days * n, struct slot_day);
	if (!out)
		return ERROR_MEMORY(e);
	for (size_t d = 0; d < n_days; d++)
		for (size_t i = 0; i < n; i++)
			if (rule->kind != RECURRENCE_WEEKLY ||
			    (slots[order[i]].weekdays >> day_weekday(days[d]) & 1))
				out[n_out++] = (struct slot_day){ days[d], order[i] };
	if (n_out > SLOT_DAYS_MAX)
		return ERROR_FIELD(e, "end_date", REASON_TOO_MANY_SESSIONS, SLOT_DAYS_MAX);
	*ret = out;
	*ret_n = n_out;
	return RC_OK;
}

/* First day of the month after that of `first`. */
static int32_t next_month(int32_t first)
{
	struct ymd d = day_to_ymd(first);

	return d.month == 12 ? day_from_ymd((struct ymd){ d.year + 1, 1, 1 })
			     : day_from_ymd((struct ymd){ d.year, d.month + 1, 1 });
}

enum rc slots_missing_months(const struct recurrence_rule *rule, struct arena *a,
			     const int32_t **ret_months, size_t *ret_n, struct error *e)
{
	struct ymd d = day_to_ymd(rule->from_day);
	int32_t first = day_from_ymd((struct ymd){ d.year, d.month, 1 });
	int32_t *months;
	size_t n = 0;

	*ret_months = NULL;
	*ret_n = 0;
	if (rule->kind != RECURRENCE_MONTHLY || rule->to_day < rule->from_day ||
	    (int64_t)rule->to_day - rule->from_day >= RECURRENCE_DAYS_MAX)
		return RC_OK;
	months = ARENA_ARRAY(a, (size_t)(rule->to_day - rule->from_day) / 28 + 2, int32_t);
	if (!months)
		return ERROR_MEMORY(e);
	for (; first <= rule->to_day; first = next_month(first)) {
		int32_t last = next_month(first) - 1;

		if (last - first + 1 < rule->day_of_month && last >= rule->from_day &&
		    last <= rule->to_day)
			months[n++] = first;
	}
	*ret_months = months;
	*ret_n = n;
	return RC_OK;
}

struct slot_instants slot_instants(const struct zone *z, int32_t day, int32_t start_tod,
				   int32_t end_tod)
{
	enum zone_fit start_fit, end_fit;
	struct slot_instants s = { .starts_at = zone_to_utc(z, day, start_tod, &start_fit),
				   .ends_at = zone_to_utc(z, day, end_tod, &end_fit) };

	/* A start in the gap is moved behind an end just after it: the length holds. */
	if (s.ends_at <= s.starts_at)
		s.ends_at = s.starts_at + (int64_t)(end_tod - start_tod) * US_PER_S;
	s.fit = start_fit != ZONE_FIT_EXACT ? start_fit : end_fit;
	return s;
}
