/*
 * live/hub.h, frame.h, timer.h without a loop: rooms, one frame for all, each event once, looking
 * back.
 */
#include "unit/guard.h"

#include "live/hub.h"
#include "live/timer.h"

enum { PEERS = 4, GOT_MAX = 16 };

struct listener {
	struct peer peer;
	struct frame *got[GOT_MAX];
	size_t n;
};

static void take(struct peer *p, struct frame *f)
{
	struct listener *l = (struct listener *)(void *)p;

	assert_true(l->n < GOT_MAX);
	l->got[l->n++] = frame_ref(f);
}

static struct listener listeners[PEERS];
static struct hub *hub;

static int begin(void **state)
{
	(void)state;
	memset(listeners, 0, sizeof listeners);
	for (size_t i = 0; i < PEERS; i++) {
		listeners[i].peer.flavour = i == PEERS - 1 ? FLAVOUR_SSE : FLAVOUR_PLAIN;
		listeners[i].peer.send = take;
	}
	hub = hub_new(4);
	assert_non_null(hub);
	return 0;
}

static int end(void **state)
{
	(void)state;
	for (size_t i = 0; i < PEERS; i++) {
		hub_leave_all(hub, &listeners[i].peer);
		while (listeners[i].n)
			frame_unref(listeners[i].got[--listeners[i].n]);
	}
	assert_int_equal(hub_n_rooms(hub), 0);
	hub_free(hub);
	return 0;
}

static struct publication to(const char *room, const char *text)
{
	struct publication p = { .room = str_from(room) };

	p.frames[FLAVOUR_PLAIN] = frame_plain(str_from(text), STR("1"));
	p.frames[FLAVOUR_SSE] = frame_sse(0, str_from(text), STR("1"));
	return p;
}

static void publish(int64_t seq, const char *room, const char *text)
{
	struct publication p = to(room, text);

	hub_publish(hub, seq, &p, 1);
}

static bool last_is(size_t i, const char *text)
{
	const struct listener *l = &listeners[i];

	return l->n && str_find(frame_payload(l->got[l->n - 1]), str_from(text)) != SIZE_MAX;
}

static void test_rooms(void **state)
{
	(void)state;
	for (size_t i = 0; i < PEERS; i++)
		assert_true(hub_join(hub, &listeners[i].peer, STR("all")));
	assert_true(hub_join(hub, &listeners[0].peer, STR("all"))); /* again */
	assert_int_equal(hub_count(hub, STR("all")), PEERS);
	publish(0, "all", "one");
	assert_int_equal(listeners[0].n, 1);
	assert_ptr_equal(listeners[0].got[0], listeners[1].got[0]); /* made once */
	assert_ptr_not_equal(listeners[0].got[0], listeners[PEERS - 1].got[0]);
	assert_true(
		str_eq(frame_payload(listeners[0].got[0]), STR("{\"type\":\"one\",\"data\":1}")));
	assert_true(
		str_eq(frame_payload(listeners[PEERS - 1].got[0]), STR("event: one\ndata: 1\n\n")));
	hub_leave(hub, &listeners[0].peer, STR("all"));
	hub_leave(hub, &listeners[0].peer, STR("nowhere"));
	publish(0, "all", "two");
	publish(0, "nobody", "three");
	assert_int_equal(listeners[0].n, 1);
	assert_true(last_is(1, "two"));
	assert_false(hub_is_in(hub, &listeners[0].peer, STR("all")));
	assert_true(hub_is_in(hub, &listeners[1].peer, STR("all")));
}

static void test_limits(void **state)
{
	char name[HUB_ROOM_MAX + 1];

	(void)state;
	memset(name, 'a', sizeof name);
	assert_false(hub_join(hub, &listeners[0].peer, STR("")));
	assert_false(hub_join(hub, &listeners[0].peer, str_make(name, sizeof name)));
	for (int i = 0; i < HUB_ROOMS_MAX; i++) {
		name[0] = (char)('A' + i);
		assert_true(hub_join(hub, &listeners[0].peer, str_make(name, 5)));
	}
	assert_false(hub_join(hub, &listeners[0].peer, STR("one more")));
	assert_int_equal(hub_n_rooms(hub), HUB_ROOMS_MAX);
	hub_leave_all(hub, &listeners[0].peer);
	assert_int_equal(hub_n_rooms(hub), 0);
}

/* Who is in several rooms of an event gets it once: as the room says that may know most. */
static void test_once(void **state)
{
	struct publication both[2] = { to("staff", "full"), to("members", "little") };

	(void)state;
	assert_true(hub_join(hub, &listeners[0].peer, STR("members")));
	assert_true(hub_join(hub, &listeners[0].peer, STR("staff")));
	assert_true(hub_join(hub, &listeners[1].peer, STR("members")));
	hub_publish(hub, 7, both, 2);
	assert_int_equal(listeners[0].n, 1);
	assert_true(last_is(0, "full") && last_is(1, "little"));
	publish(7, "members", "again");
	publish(6, "members", "older");
	assert_int_equal(listeners[1].n, 1);
	assert_int_equal(hub_seq(hub), 7);
}

static void test_replay(void **state)
{
	(void)state;
	publish(10, "a", "ten");
	publish(11, "b", "eleven");
	publish(12, "a", "twelve");
	assert_true(hub_join(hub, &listeners[0].peer, STR("a")));
	assert_true(hub_replay(hub, &listeners[0].peer, 10)); /* has read up to 10 */
	assert_int_equal(listeners[0].n, 1);
	assert_true(last_is(0, "twelve"));
	assert_true(hub_join(hub, &listeners[1].peer, STR("a")));
	assert_true(hub_replay(hub, &listeners[1].peer, 9));
	assert_int_equal(listeners[1].n, 2);
	for (int seq = 13; seq < 17; seq++)
		publish(seq, "b", "more");
	assert_true(hub_join(hub, &listeners[2].peer, STR("a")));
	assert_false(hub_replay(hub, &listeners[2].peer, 11)); /* 12 is forgotten */
	assert_true(hub_replay(hub, &listeners[2].peer, 12));
	assert_int_equal(listeners[2].n, 0);
}

static void test_sse_lines(void **state)
{
	struct frame *f = frame_sse(5, STR(""), STR("a\nb"));

	(void)state;
	assert_true(str_eq(frame_payload(f), STR("id: 5\ndata: a\ndata: b\n\n")));
	frame_unref(f);
	f = frame_socketio(STR("e"), STR(""));
	assert_true(str_eq(frame_payload(f), STR("42[\"e\"]")));
	frame_unref(f);
}

/* ---- timers -------------------------------------------------------------------------------- */

enum { TIMERS = 100 };
static struct timer timers[TIMERS];
static int64_t fired[TIMERS];
static size_t n_fired;

static void fire(struct timer *t)
{
	fired[n_fired++] = t->at_us;
}

static void test_timers(void **state)
{
	struct timers ts = { .n = 0 };

	(void)state;
	n_fired = 0;
	assert_int_equal(timers_wait_ms(&ts, 0), -1);
	for (int i = 0; i < TIMERS; i++)
		assert_true(timer_set(&ts, &timers[i], (i * 37 % TIMERS) * 1000 + 1, fire));
	for (int i = 0; i < TIMERS; i += 2)
		timer_stop(&ts, &timers[i]);
	timer_stop(&ts, &timers[0]); /* again */
	assert_true(timer_set(&ts, &timers[1], 5, fire));
	assert_int_equal(timers_wait_ms(&ts, 0), 1);
	assert_int_equal(timers_wait_ms(&ts, 5), 0);
	timers_run(&ts, 50 * 1000);
	for (size_t i = 1; i < n_fired; i++)
		assert_true(fired[i - 1] <= fired[i]);
	timers_run(&ts, INT64_MAX);
	assert_int_equal(n_fired, TIMERS / 2);
	timers_free(&ts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rooms, begin, end),
		cmocka_unit_test_setup_teardown(test_limits, begin, end),
		cmocka_unit_test_setup_teardown(test_once, begin, end),
		cmocka_unit_test_setup_teardown(test_replay, begin, end),
		cmocka_unit_test(test_sse_lines),
		cmocka_unit_test(test_timers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
