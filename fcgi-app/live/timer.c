/*
 * A binary heap; see timer.h.
 */
#include "live/timer.h"

#include "base/heap.h"

#include <limits.h>
#include <string.h>

static void place(struct timers *ts, uint32_t i, struct timer *t)
{
	ts->heap[i] = t;
	t->place = i + 1;
}

static void rise(struct timers *ts, uint32_t i, struct timer *t)
{
	while (i > 0 && ts->heap[(i - 1) / 2]->at_us > t->at_us) {
		place(ts, i, ts->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	place(ts, i, t);
}

static void sink(struct timers *ts, uint32_t i, struct timer *t)
{
	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= ts->n)
			break;
		if (child + 1 < ts->n && ts->heap[child + 1]->at_us < ts->heap[child]->at_us)
			child++;
		if (ts->heap[child]->at_us >= t->at_us)
			break;
		place(ts, i, ts->heap[child]);
		i = child;
	}
	place(ts, i, t);
}

static bool make_room(struct timers *ts)
{
	uint32_t cap = ts->cap ? 2 * ts->cap : 256;
	struct timer **heap;

	if (ts->n < ts->cap)
		return true;
	heap = heap_new(cap * sizeof heap[0]);
	if (!heap)
		return false;
	if (ts->n)
		memcpy(heap, ts->heap, ts->n * sizeof heap[0]);
	heap_free(ts->heap);
	ts->heap = heap;
	ts->cap = cap;
	return true;
}

bool timer_set(struct timers *ts, struct timer *t, int64_t at_us, void (*fn)(struct timer *t))
{
	timer_stop(ts, t);
	if (!make_room(ts))
		return false;
	t->at_us = at_us;
	t->fn = fn;
	rise(ts, ts->n++, t);
	return true;
}

void timer_stop(struct timers *ts, struct timer *t)
{
	struct timer *last;
	uint32_t i;

	if (!t->place)
		return;
	i = t->place - 1;
	t->place = 0;
	last = ts->heap[--ts->n];
	if (last == t)
		return;
	if (i > 0 && ts->heap[(i - 1) / 2]->at_us > last->at_us)
		rise(ts, i, last);
	else
		sink(ts, i, last);
}

void timers_run(struct timers *ts, int64_t now_us)
{
	while (ts->n && ts->heap[0]->at_us <= now_us) {
		struct timer *t = ts->heap[0];

		timer_stop(ts, t);
		t->fn(t);
	}
}

int timers_wait_ms(const struct timers *ts, int64_t now_us)
{
	int64_t ms;

	if (!ts->n)
		return -1;
	if (ts->heap[0]->at_us <= now_us)
		return 0;
	ms = (ts->heap[0]->at_us - now_us + 999) / 1000;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

void timers_free(struct timers *ts)
{
	heap_free(ts->heap);
	*ts = (struct timers){ .n = 0 };
}
