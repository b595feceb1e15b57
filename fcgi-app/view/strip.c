/*
 * Times drawn to scale.  Pure arithmetic over the day's seconds; results are
 * plain numbers and views, labels live in the arena.
 */
#include "view/strip.h"

#include "base/time.h"

#define HOUR 3600
#define FULL 10000 /* the width, in hundredths of a percent */

#define ROW_HEIGHT 40
#define ROW_TOP    22

/* ---- the day ------------------------------------------------------------------------- */

struct scale {
	int32_t from, to;
	bool is_rtl;
};

static int64_t at(const struct scale *s, int32_t tod)
{
	int64_t x = (int64_t)FULL * (tod - s->from) / (s->to - s->from);

	return s->is_rtl ? FULL - x : x;
}

/* Left edge and width of a stretch of time, whichever way the time runs. */
static int64_t span(const struct scale *s, int32_t from, int32_t to, int64_t *ret_width)
{
	int64_t a = at(s, from), b = at(s, to);

	*ret_width = a < b ? b - a : a - b;
	return a < b ? a : b;
}

static struct scale day_scale(const struct strip_item *items, size_t n, bool is_rtl)
{
	struct scale s = { 8 * HOUR, 19 * HOUR, is_rtl };

	for (size_t i = 0; i < n; i++) {
		if (items[i].start_tod < s.from)
			s.from = items[i].start_tod / HOUR * HOUR;
		if (items[i].end_tod > s.to)
			s.to = (items[i].end_tod + HOUR - 1) / HOUR * HOUR;
	}
	return s;
}

static void draw_hours(struct view_strip *v, struct arena *a, const struct scale *s)
{
	for (int32_t t = s->from; t <= s->to && v->n_hours < STRIP_HOURS_MAX; t += HOUR) {
		struct view_hour *hour = &v->hours[v->n_hours++];

		hour->x = at(s, t);
		hour->align = "";
		hour->label = (struct str){ 0 };
		/* The line at the end has no room for its figure. */
		if (s->is_rtl ? t > s->from : t < s->to)
			hour->label = arena_printf(a, "%02d", (int)(t / HOUR));
	}
}

/* The first row that is free at start_tod; ends[] are the ends of what stands in each. */
static int free_row(int32_t *ends, int *n_rows, const struct strip_item *item)
{
	for (int row = 0; row < *n_rows; row++) {
		if (ends[row] <= item->start_tod) {
			ends[row] = item->end_tod;
			return row;
		}
	}
	ends[*n_rows] = item->end_tod;
	return (*n_rows)++;
}

static void draw_block(struct view_strip *v, const struct scale *s, const struct strip_item *item,
		       int row, int32_t now_tod)
{
	static const char *const fills[] = {
		[STRIP_PLANNED] = "c-soft", [STRIP_NOW] = "c-hi", [STRIP_OVER] = "c-n"
	};
	static const char *const inks[] = {
		[STRIP_PLANNED] = "on-pen", [STRIP_NOW] = "on-hi", [STRIP_OVER] = "b"
	};
	struct view_block *block = &v->blocks[v->n_blocks++];

	block->x = span(s, item->start_tod, item->end_tod, &block->width);
	block->y = ROW_TOP + row * ROW_HEIGHT;
	block->fill = fills[item->kind];
	block->ink = inks[item->kind];
	block->title = item->title;
	/* The line of now must not cross the first letters. */
	if (item->kind == STRIP_NOW && !s->is_rtl && now_tod > item->start_tod &&
	    now_tod < item->start_tod + (item->end_tod - item->start_tod) / 2)
		block->text_x = (int64_t)FULL * (now_tod - item->start_tod) /
				(item->end_tod - item->start_tod);
	block->text_width = FULL - block->text_x;
}

static struct str day_label(struct arena *a, const struct strip_item *items, size_t n,
			    struct str sentence)
{
	struct buf b;

	buf_init(&b, a, 256, 16384);
	buf_add(&b, sentence);
	for (size_t i = 0; i < n; i++) {
		char from[6], to[6];

		BUF_LIT(&b, " ");
		buf_add(&b, tod_format_hm(items[i].start_tod, from));
		BUF_LIT(&b, "–");
		buf_add(&b, tod_format_hm(items[i].end_tod, to));
		BUF_LIT(&b, " ");
		buf_add(&b, items[i].title);
		buf_char(&b, i + 1 < n ? ';' : '.');
	}
	return buf_ok(&b) ? buf_str(&b) : sentence;
}

void strip_draw(struct view_strip *ret, struct arena *a, const struct strip_item *items,
		size_t n_items, int32_t now_tod, struct str sentence, bool is_rtl)
{
	size_t n = n_items < STRIP_BLOCKS_MAX ? n_items : STRIP_BLOCKS_MAX;
	struct scale s = day_scale(items, n, is_rtl);
	int32_t ends[STRIP_BLOCKS_MAX];
	int n_rows = 0, rows;

	*ret = (struct view_strip){ 0 };
	draw_hours(ret, a, &s);
	for (size_t i = 0; i < n; i++)
		draw_block(ret, &s, &items[i], free_row(ends, &n_rows, &items[i]), now_tod);
	rows = n_rows > 0 ? n_rows : 1;
	ret->height = ROW_TOP + rows * ROW_HEIGHT + 4;
	ret->grid_end = ret->height - 4;
	ret->now_end = ret->height - 2;
	ret->has_now = now_tod != NO_DAY && now_tod >= s.from && now_tod <= s.to;
	if (ret->has_now)
		ret->now_x = at(&s, now_tod);
	ret->label = day_label(a, items, n, sentence);
}

/* ---- one session --------------------------------------------------------------------- */

/* Seconds between marks, so that at most eight fit. */
static int32_t mark_step(int32_t length)
{
	static const int32_t steps[] = { 900, 1800, HOUR, 2 * HOUR, 4 * HOUR };

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (length <= steps[i] * 6)
			return steps[i];
	}
	return 4 * HOUR;
}

static void draw_bar(struct view_times *v, const struct scale *s, int32_t from, int32_t to, int y,
		     const char *fill)
{
	struct view_bar *bar;

	if (from >= to)
		return;
	bar = &v->bars[v->n_bars++];
	bar->x = span(s, from, to, &bar->width);
	bar->y = y;
	bar->fill = fill;
}

static void draw_marks(struct view_times *v, struct arena *a, const struct scale *s, int32_t step)
{
	for (int32_t t = s->from; t <= s->to && v->n_hours < STRIP_HOURS_MAX; t += step) {
		struct view_hour *hour = &v->hours[v->n_hours++];
		bool is_edge = s->is_rtl ? false : t + step > s->to;
		char text[6];

		hour->x = at(s, t);
		hour->align = is_edge ? "end" : "mid";
		hour->is_minor = (s->to - t) / step % 2 == 1;
		/* Midnight of the next day has no time of day. */
		hour->label = t >= 86400 ? STR("24:00") : arena_str(a, tod_format_hm(t, text));
	}
}

void times_draw(struct view_times *ret, struct arena *a, int32_t start, int32_t end,
		int32_t held_start, int32_t held_end, struct str label, bool is_rtl)
{
	bool has_held = held_start != NO_DAY && held_end != NO_DAY && held_start < held_end;
	int32_t from = has_held && held_start < start ? held_start : start;
	int32_t to = has_held && held_end > end ? held_end : end;
	int32_t step = mark_step(to - from);
	struct scale s = { from / step * step, (to + step - 1) / step * step, is_rtl };

	if (s.to == s.from)
		s.to += step;
	*ret = (struct view_times){ .has_held = has_held, .label = label };
	ret->grid_end = has_held ? 74 : 40;
	ret->label_y = ret->grid_end + 16;
	ret->height = ret->grid_end + 20;
	draw_marks(ret, a, &s, step);
	draw_bar(ret, &s, start, end, 8, "c-soft");
	if (!has_held)
		return;
	draw_bar(ret, &s, held_start, held_end, 42, "c-pen");
	draw_bar(ret, &s, start, held_start < end ? held_start : end, 42, "c-hatch");
}
