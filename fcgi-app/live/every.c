/*
 * What doors do from time to time (door.h: every), one call after the other, whoever is there.
 *
 * Without memory, and while too many calls wait, a turn is left out.
 */
#include "base/heap.h"
#include "live/inside.h"

struct every {
	struct call call; /* first: it comes back as its post */
	struct timer timer;
	struct live *live;
	struct every *next;
	const struct live_door *door;
	bool is_out;
};

static void again(struct every *v);

static void answered(struct live *l, struct live_post *p)
{
	struct every *v = (struct every *)(void *)((char *)p - offsetof(struct call, post));

	l->n_calls--;
	effects_apply(l, NULL, &v->call.effects, CALL_STARTED);
	effects_clear(&v->call.effects);
	v->is_out = false;
	again(v);
}

static void turn(struct timer *t)
{
	struct every *v = (struct every *)(void *)((char *)t - offsetof(struct every, timer));

	if (v->live->is_stopping)
		return;
	v->call = (struct call){ .fn = v->door->every };
	v->call.post.run = answered;
	v->call.in = (struct call_in){ .what = CALL_STARTED, .door = v->door };
	effects_init(&v->call.effects, FLAVOUR_SOCKETIO, -1);
	v->is_out = pool_submit(v->live->pool, &v->call);
	if (!v->is_out)
		again(v);
}

static void again(struct every *v)
{
	struct live *l = v->live;

	if (!l->is_stopping &&
	    !timer_set(&l->timers, &v->timer, l->now_us + v->door->every_s * US_PER_S, turn))
		live_dropped(l, LIVE_DROPPED_MEMORY, "no turn of a door", NULL);
}

void every_start(struct live *l)
{
	for (size_t i = 0; i < l->o->doors.n; i++) {
		const struct live_door *d = l->o->doors.v[i];
		struct every *v = d->every ? HEAP_NEW(struct every) : NULL;

		if (!v)
			continue;
		v->live = l;
		v->door = d;
		v->next = l->every;
		l->every = v;
		again(v);
	}
}

void every_free(struct live *l)
{
	struct every *v;

	while ((v = l->every) != NULL) {
		BUG(v->is_out);
		l->every = v->next;
		heap_free(v);
	}
}
