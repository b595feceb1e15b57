/*
 * Clashes; see clash.h.  What is near is read once, by start; each row is then held
 * against the wanted sessions that begin before its end.
 */
#include "core/schedule/clash.h"

#include "codec/json.h"

#define LONGEST_US (INT64_C(27) * 3600 * US_PER_S) /* a day with a clock change */
#define SLACK_S    (3 * 3600) /* how far a clock change moves a session from its wall clock */
#define LAST_TOD   (24 * 3600 - 1)

struct search {
	const struct clash_query *q;
	const struct clash_near_row *near;
	size_t n_near;
	struct clash *found;
	size_t n_kept;
	int64_t n;
	unsigned kinds;
};

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void add_room(struct clash_near_in *in, int64_t room_id)
{
	if (room_id == COLUMN_NULL)
		return;
	for (size_t i = 0; i < in->n_rooms; i++)
		if (in->rooms[i] == room_id)
			return;
	BUG(in->n_rooms == CLASH_ROOMS_MAX);
	in->rooms[in->n_rooms++] = room_id;
}

/* The smallest frame around all wanted ones. */
static struct clash_near_in frame_of(const struct clash_query *q)
{
	struct clash_near_in in = { .teacher_id = q->teacher_id,
				    .class_id = q->class_id,
				    .zone = q->zone,
				    .schedule_id = q->schedule_id,
				    .occurrence_id = q->occurrence_id,
				    .from_at = INT64_MAX,
				    .to_at = INT64_MIN,
				    .after_tod = LAST_TOD };

	for (size_t i = 0; i < q->n_spans; i++) {
		const struct clash_span *s = &q->spans[i];

		add_room(&in, s->room_id);
		in.from_at = least(in.from_at, s->starts_at - LONGEST_US);
		in.to_at = most(in.to_at, s->ends_at);
		in.after_tod = (int32_t)least(in.after_tod, s->start_tod - SLACK_S);
		in.before_tod = (int32_t)most(in.before_tod, s->end_tod + SLACK_S);
	}
	/* No session ends at midnight, and none begins in the day's last second. */
	in.after_tod = (int32_t)most(in.after_tod, 0);
	in.before_tod = (int32_t)least(in.before_tod, LAST_TOD);
	return in;
}

/* Rows of one occurrence follow one another: they add kinds to what is found already. */
static void note(struct search *f, size_t span, const struct clash_near_row *row)
{
	for (size_t i = f->n_kept; i-- > 0;) {
		if (f->found[i].occurrence_id != row->id)
			break;
		if (f->found[i].span == span) {
			f->found[i].kinds |= (unsigned)row->kind;
			return;
		}
	}
	f->n++;
	if (f->n_kept < CLASH_SHOWN_MAX)
		f->found[f->n_kept++] = (struct clash){ .span = span,
							.kinds = (unsigned)row->kind,
							.occurrence_id = row->id };
}

static bool is_same_pair(const struct search *f, size_t i)
{
	return i > 0 && f->near[i].id == f->near[i - 1].id;
}

/* First span that begins late enough to reach `starts_at` at all. */
static size_t first_span(const struct clash_query *q, int64_t starts_at)
{
	size_t low = 0, high = q->n_spans;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (q->spans[middle].starts_at + LONGEST_US < starts_at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void compare(struct search *f, size_t i)
{
	const struct clash_near_row *row = &f->near[i];
	const struct clash_query *q = f->q;

	for (size_t k = first_span(q, row->starts_at);
	     k < q->n_spans && q->spans[k].starts_at < row->ends_at; k++) {
		if (q->spans[k].ends_at <= row->starts_at)
			continue;
		if (row->kind == CLASH_ROOM && row->room_id != q->spans[k].room_id)
			continue;
		f->kinds |= (unsigned)row->kind;
		/* Beyond what is shown, kinds of one pair can no longer be told apart: count once.
		 */
		if (f->n_kept == CLASH_SHOWN_MAX && is_same_pair(f, i))
			continue;
		note(f, k, row);
	}
}

static const struct clash_name_row *name_of(const struct clash_name_row *rows, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == id)
			return &rows[i];
	return NULL;
}

static enum rc put_names(struct core *c, struct store *s, struct search *f, struct error *e)
{
	const struct clash_name_row *rows;
	struct json_out o;
	struct buf b;
	size_t n;

	buf_init(&b, c->arena, 256, (size_t)CLASH_SHOWN_MAX * 24);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < f->n_kept; i++)
		json_out_i64(&o, f->found[i].occurrence_id);
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	TRY(clash_names(s, buf_str(&b), CLASH_SHOWN_MAX, c->arena, &rows, &n, e));
	for (size_t i = 0; i < f->n_kept; i++) {
		struct clash *found = &f->found[i];
		const struct clash_name_row *r = name_of(rows, n, found->occurrence_id);

		if (!r)
			continue;
		found->schedule_id = r->schedule_id;
		found->title = r->title;
		found->class_name = r->class_name;
		found->course_code = r->course_code;
		found->teacher_name = r->teacher_name;
		found->room = r->room;
		found->day = r->session_date;
		found->start_tod = r->start_time;
		found->end_tod = r->end_time;
	}
	return RC_OK;
}

enum rc clash_find(struct core *c, struct store *s, const struct clash_query *q,
		   struct clash_list *ret, struct error *e)
{
	struct search f = { .q = q };
	struct clash_near_in in;

	*ret = (struct clash_list){ 0 };
	if (q->n_spans == 0)
		return RC_OK;
	in = frame_of(q);
	TRY(clash_near(s, &in, c->arena, &f.near, &f.n_near, e));
	f.found = ARENA_ARRAY(c->arena, CLASH_SHOWN_MAX, struct clash);
	if (!f.found)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < f.n_near; i++)
		compare(&f, i);
	if (f.n_kept)
		TRY(put_names(c, s, &f, e));
	*ret = (struct clash_list){ f.found, f.n_kept, f.n, f.kinds };
	return RC_OK;
}
