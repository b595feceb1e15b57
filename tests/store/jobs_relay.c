/*
 * The relay's thread, against a real database: who writes an event pokes it when that commits,
 * and it pokes the gateway when the event is in the stream.  It would look by itself after an hour,
 * so that nothing but pokes can be what moves it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/event/event.h"
#include "jobs/relay.h"
#include "store/attendance_fixture.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { HOUR_MS = 3600 * 1000, PATIENCE_MS = 60 * 1000 };

static struct school school;
static char folder[] = "/tmp/muster-relay-XXXXXX";

struct running {
	struct relay relay;
	struct core c;
	struct arena a;
	struct log log;
	struct clock clock;
	struct poke gateway;
	int stop_fd, gateway_fd;
	pthread_t id;
};
static struct running running;

/* The writer's: commits poke the relay. */
static struct poke to_relay;
static struct store *writer;

#define EXPECT_OK(call)                                                                            \
	do {                                                                                       \
		error_init(&e);                                                                    \
		if ((call) != RC_OK)                                                               \
			fail_msg("line %d: %s", __LINE__, e.detail);                               \
	} while (0)
#define NUMBER(sql) school_number(&school, sql)

static void *relay_on(void *arg)
{
	struct running *r = arg;

	relay_work(&r->relay, r->stop_fd);
	return NULL;
}

static int set_up(void **state)
{
	struct store_options o;
	struct error e;

	(void)state;
	school_open(&school);
	pupils_open(&school);
	assert_non_null(mkdtemp(folder));
	EXPECT_OK(poke_open(str_from(folder), POKE_RELAY, &to_relay, &e));
	o = db_fixture_options(&school.f);
	o.on_commit = poke_send;
	o.on_commit_arg = &to_relay;
	EXPECT_OK(store_open(&o, &writer, &e));
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = { POKE_RELAY, POKE_LIVE };
	char path[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
	poke_close(&to_relay);
	store_close(writer);
	school_close(&school);
	return 0;
}

static const char *relay_path(void)
{
	static char path[100];

	snprintf(path, sizeof path, "%s/%s", folder, POKE_RELAY);
	return path;
}

/* Until the relay has the place where pokes go. */
static void wait_listening(void)
{
	for (int i = 0; access(relay_path(), F_OK) != 0; i++) {
		assert_true(i < PATIENCE_MS / 10);
		poll(NULL, 0, 10);
	}
}

static int start(void **state)
{
	struct running *r = &running;
	struct error e;

	(void)state;
	unlink(relay_path());
	pupils_reset(&school);
	school_reset(&school);
	db_fixture_exec(&school.f, "DELETE FROM lease");
	school_second(&school, SCHOOL_TEACHER, &r->c, &r->a);
	log_init(&r->log, "test", LOG_LEVEL_INFO);
	r->relay = (struct relay){ .c = &r->c,
				   .log = &r->log,
				   .holder = { STR_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), 0 },
				   .gateway = &r->gateway,
				   .run_dir = str_from(folder),
				   .busy_ms = HOUR_MS,
				   .idle_ms = HOUR_MS };
	EXPECT_OK(poke_listen(str_from(folder), POKE_LIVE, &r->gateway_fd, &e));
	EXPECT_OK(poke_open(str_from(folder), POKE_LIVE, &r->gateway, &e));
	r->stop_fd = eventfd(0, EFD_CLOEXEC);
	return pthread_create(&r->id, NULL, relay_on, r);
}

static int end(void **state)
{
	struct running *r = &running;

	(void)state;
	eventfd_write(r->stop_fd, 1);
	pthread_join(r->id, NULL);
	close(r->stop_fd);
	close(r->gateway_fd);
	poke_close(&r->gateway);
	store_close(r->c.db);
	arena_clear(&r->a);
	return 0;
}

/* The gateway is poked; what it then sees. */
static int64_t poked(void)
{
	struct pollfd p = { .fd = running.gateway_fd, .events = POLLIN };

	assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
	assert_true(poke_take(running.gateway_fd));
	return NUMBER("SELECT COALESCE(MAX(seq), 0) AS n FROM event");
}

struct writing {
	bool fails;
	int n;
};

static enum rc write_tx(struct store *s, void *arg, struct error *e)
{
	const struct event_new event = { .type = EVENT_REQUEST_CREATED,
					 .branch_id = 1,
					 .payload = STR_INIT("{}") };
	const struct writing *w = arg;

	for (int i = 0; i < w->n; i++)
		TRY(event_add(&school.c, s, &event, e));
	return w->fails ? ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "as the test wants") : RC_OK;
}

static void write_events(int n)
{
	struct writing w = { .n = n };
	struct error e;

	EXPECT_OK(store_tx(writer, write_tx, &w, &e));
}

static void test_a_commit_pokes_and_the_gateway_hears(void **state)
{
	(void)state;
	for (int i = 1; i <= 20; i++) {
		write_events(1);
		assert_int_equal(poked(), i);
	}
	write_events(5);
	assert_int_equal(poked(), 25);
}

static void test_neither_rollback_nor_other_changes_poke(void **state)
{
	struct writing w = { .fails = true, .n = 1 }, none = { .n = 0 };
	struct error e;
	int fd;

	(void)state;
	wait_listening();
	/* The relay hears no more, this does. */
	EXPECT_OK(poke_listen(str_from(folder), POKE_RELAY, &fd, &e));
	error_init(&e);
	assert_int_equal(store_tx(writer, write_tx, &w, &e), RC_INTERNAL);
	assert_false(poke_take(fd));
	EXPECT_OK(store_tx(writer, write_tx, &none, &e));
	assert_false(poke_take(fd));
	write_events(1);
	assert_true(poke_take(fd));
	close(fd);
}

static void test_what_lay_there_before_is_not_forgotten(void **state)
{
	(void)state;
	end(state);
	db_fixture_exec(&school.f, "INSERT INTO outbox (at, type, branch_id, payload) SELECT"
				   " '2026-11-20', 'attendance.marked', 1, '{}' FROM seq_1_to_700");
	struct running *r = &running;
	struct error e;

	school_second(&school, SCHOOL_TEACHER, &r->c, &r->a);
	EXPECT_OK(poke_listen(str_from(folder), POKE_LIVE, &r->gateway_fd, &e));
	EXPECT_OK(poke_open(str_from(folder), POKE_LIVE, &r->gateway, &e));
	r->stop_fd = eventfd(0, EFD_CLOEXEC);
	assert_int_equal(pthread_create(&r->id, NULL, relay_on, r), 0);
	assert_int_equal(poked(), 700);
}

/* Without pokes it looks by itself. */
static void test_a_lost_poke_costs_time_only(void **state)
{
	struct running *r = &running;
	int fd;
	struct error e;

	(void)state;
	eventfd_write(r->stop_fd, 1);
	pthread_join(r->id, NULL);
	close(r->stop_fd);
	r->stop_fd = eventfd(0, EFD_CLOEXEC);
	r->relay.idle_ms = r->relay.busy_ms = 20;
	r->relay.run_dir = (struct str){ 0 };
	EXPECT_OK(poke_listen(str_from(folder), POKE_RELAY, &fd, &e)); /* takes its pokes */
	assert_int_equal(pthread_create(&r->id, NULL, relay_on, r), 0);
	write_events(3);
	assert_int_equal(poked(), 3);
	close(fd);
}

/* A second one on the same machine, which came later and stands by. */
static void test_one_that_stands_by_takes_no_pokes(void **state)
{
	struct relay other = running.relay;
	struct core c;
	struct arena a;

	(void)state;
	write_events(1);
	assert_int_equal(poked(), 1);
	wait_listening();
	school_second(&school, SCHOOL_TEACHER, &c, &a);
	other.c = &c;
	other.holder = (struct relay_holder){ STR_INIT("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"), 0 };
	other.is_started = other.is_poked = false;
	other.poke_fd = -1;
	assert_false(relay_run(&other));
	assert_int_equal(other.poke_fd, -1);
	for (int i = 2; i <= 10; i++) {
		write_events(1);
		assert_int_equal(poked(), i);
	}
	/* The first leaves: the other takes its place, and looks once more. */
	eventfd_write(running.stop_fd, 1);
	pthread_join(running.id, NULL);
	write_events(1);
	assert_true(relay_run(&other));
	assert_int_equal(poked(), 11);
	write_events(1);
	assert_true(poke_take(other.poke_fd));
	close(other.poke_fd);
	store_close(c.db);
	arena_clear(&a);
	assert_int_equal(pthread_create(&running.id, NULL, relay_on, &running),
			 0); /* end stops it */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_commit_pokes_and_the_gateway_hears, start,
						end),
		cmocka_unit_test_setup_teardown(test_neither_rollback_nor_other_changes_poke, start,
						end),
		cmocka_unit_test_setup_teardown(test_what_lay_there_before_is_not_forgotten, start,
						end),
		cmocka_unit_test_setup_teardown(test_one_that_stands_by_takes_no_pokes, start, end),
		cmocka_unit_test_setup_teardown(test_a_lost_poke_costs_time_only, start, end),
	};

	return cmocka_run_group_tests_name("the relay's thread", tests, set_up, tear_down);
}
