/*
 * Live parts: what is watched, and when it is rendered anew; see parts.h.
 *
 * The first change is rendered at once; those that follow within PARTS_MS wait for its end.
 */
#include "live/parts.h"

#include "base/heap.h"
#include "live/inside.h"
#include "live/page_attendance.h"

/* One that was rendered a moment ago. */
struct part {
	struct timer timer;
	struct live *live;
	struct part *next;
	bool is_dirty; /* changed since */
	uint8_t room_n;
	char room[HUB_ROOM_MAX];
};

static struct part **place_of(struct live *l, struct str room)
{
	struct part **at = &l->parts;

	while (*at && !str_eq(str_make((*at)->room, (*at)->room_n), room))
		at = &(*at)->next;
	return at;
}

/* In the name of the one who has looked longest, so that renderings come in order. */
static void render(struct live *l, struct str room)
{
	struct peer *p = hub_oldest(l->hub, room);

	if (p)
		(void)client_call(
			(struct client *)(void *)((char *)p - offsetof(struct client, peer)),
			page_attendance_render, room, (struct str){ 0 }, -1);
}

static void due(struct timer *t);

static bool arm(struct part *p)
{
	return timer_set(&p->live->timers, &p->timer, p->live->now_us + PARTS_MS * INT64_C(1000),
			 due);
}

static void forget(struct part *p)
{
	struct part **at = place_of(p->live, str_make(p->room, p->room_n));

	*at = p->next;
	timer_stop(&p->live->timers, &p->timer);
	heap_free(p);
}

static void due(struct timer *t)
{
	struct part *p = (struct part *)(void *)((char *)t - offsetof(struct part, timer));

	if (p->is_dirty) {
		p->is_dirty = false;
		render(p->live, str_make(p->room, p->room_n));
		if (arm(p))
			return;
	}
	forget(p);
}

static void touch_part(struct live *l, struct str room)
{
	struct part *p;

	if (hub_count(l->hub, room) == 0)
		return;
	p = *place_of(l, room);
	if (p) {
		p->is_dirty = true;
		return;
	}
	render(l, room);
	p = HEAP_NEW(struct part);
	if (!p)
		return; /* not so sparing then */
	p->live = l;
	p->room_n = (uint8_t)room.n;
	memcpy(p->room, room.p, room.n);
	p->next = l->parts;
	l->parts = p;
	if (!arm(p))
		forget(p);
}

void parts_touch(struct live *l, int64_t attendance_id)
{
	char text[HUB_ROOM_MAX];

	for (size_t i = 0; i < PAGE_ATTENDANCE_PARTS; i++) {
		size_t n = page_attendance_part(attendance_id, i, text);

		touch_part(l, str_make(text, n));
	}
}

void parts_free(struct live *l)
{
	while (l->parts)
		forget(l->parts);
}
