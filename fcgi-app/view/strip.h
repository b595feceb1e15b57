/*
 * Times drawn to scale: the day strip of the lists, and scheduled against
 * actual of one session.  Lengths across are hundredths of a percent of the
 * width (fmt_hundredths), heights are pixels: the server draws, nothing
 * stretches.  Right to left the time runs from the right.
 */
#ifndef VIEW_STRIP_H
#define VIEW_STRIP_H

#include "view/tpl.h"

#define STRIP_HOURS_MAX  26
#define STRIP_BLOCKS_MAX 32

enum strip_kind { STRIP_PLANNED, STRIP_NOW, STRIP_OVER };

/* One session of the day. */
struct strip_item {
	struct str title;
	int32_t start_tod, end_tod;
	enum strip_kind kind;
};

struct view_hour {
	int64_t x;
	bool is_minor;    /* its label is left out where there is little room */
	struct str label; /* empty: none */
	const char *align;
};

struct view_block {
	int64_t x, width;
	int64_t text_x, text_width; /* within the block: HTML, so that what is too long is cut */
	int y;
	const char *fill, *ink;
	struct str title;
};

struct view_strip {
	int height, grid_end, now_end;
	struct view_hour hours[STRIP_HOURS_MAX];
	size_t n_hours;
	struct view_block blocks[STRIP_BLOCKS_MAX];
	size_t n_blocks;
	bool has_now;
	int64_t now_x;
	struct str label; /* the sentence for those who do not see it */
};

/*
 * Draws the items (by start; at most STRIP_BLOCKS_MAX of them) over whole hours:
 * 08 to 19, widened to hold them all.  What overlaps gets a row of its own.
 * now_tod: NO_DAY for no line.  sentence: "Your day from {from} to {to}.".
 */
void strip_draw(struct view_strip *ret, struct arena *a, const struct strip_item *items,
		size_t n_items, int32_t now_tod, struct str sentence, bool is_rtl);

struct view_bar {
	int64_t x, width;
	int y;
	const char *fill;
};

struct view_times {
	int height, grid_end, label_y;
	struct view_hour hours[STRIP_HOURS_MAX];
	size_t n_hours;
	struct view_bar bars[3];
	size_t n_bars;
	bool has_held;
	struct str label;
};

/*
 * held_start, held_end: NO_DAY when not known.  The scale begins where the
 * earlier one begins and has a mark each quarter, half or whole hour or more.
 */
void times_draw(struct view_times *ret, struct arena *a, int32_t start, int32_t end,
		int32_t held_start, int32_t held_end, struct str label, bool is_rtl);

#endif
