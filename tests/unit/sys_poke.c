/*
 * Pokes: they arrive, they are taken together, and sending one never fails or waits.
 */
#include "unit/guard.h"

#include "sys/poke.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/muster-poke-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	char path[sizeof folder + 20];

	(void)state;
	snprintf(path, sizeof path, "%s/" POKE_RELAY, folder);
	unlink(path);
	return rmdir(folder);
}

static struct poke to_relay(void)
{
	struct poke p;
	struct error e;

	error_init(&e);
	assert_int_equal(poke_open(str_from(folder), POKE_RELAY, &p, &e), RC_OK);
	return p;
}

static int listening(void)
{
	struct error e;
	int fd;

	error_init(&e);
	assert_int_equal(poke_listen(str_from(folder), POKE_RELAY, &fd, &e), RC_OK);
	return fd;
}

static bool is_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static void test_a_poke_arrives(void **state)
{
	struct poke p = to_relay();
	int fd = listening();

	(void)state;
	assert_false(is_readable(fd));
	assert_false(poke_take(fd));
	poke_send(&p);
	assert_true(is_readable(fd));
	poke_send(&p);
	assert_true(poke_take(fd));
	assert_false(is_readable(fd));
	assert_false(poke_take(fd));
	close(fd);
	poke_close(&p);
}

static void test_nobody_listens(void **state)
{
	struct poke p = to_relay(), closed = { .fd = -1 };
	int fd;

	(void)state;
	poke_send(&p); /* a socket is there, whose program ended */
	poke_send(&closed);
	poke_send(NULL);
	/* And who begins later is reached by the same. */
	fd = listening();
	poke_send(&p);
	assert_true(poke_take(fd));
	close(fd);
	poke_close(&p);
}

/* A program that sleeps: what does not fit is dropped, and nobody waits. */
static void test_a_full_queue(void **state)
{
	struct poke p = to_relay();
	int fd = listening();

	(void)state;
	for (int i = 0; i < 100000; i++)
		poke_send(&p);
	assert_true(poke_take(fd));
	assert_false(is_readable(fd));
	close(fd);
	poke_close(&p);
}

static void test_the_later_takes_the_place(void **state)
{
	struct poke p = to_relay();
	int first = listening(), second = listening();

	(void)state;
	poke_send(&p);
	assert_false(poke_take(first));
	assert_true(poke_take(second));
	close(first);
	close(second);
	poke_close(&p);
}

static void test_too_long_a_path(void **state)
{
	struct poke p;
	struct error e;
	char dir[120];
	int fd;

	(void)state;
	memset(dir, 'd', sizeof dir);
	error_init(&e);
	assert_int_equal(poke_open(str_make(dir, sizeof dir), POKE_LIVE, &p, &e), RC_INVALID);
	assert_int_equal(p.fd, -1);
	assert_int_equal(poke_listen(str_make(dir, sizeof dir), POKE_LIVE, &fd, &e), RC_INVALID);
	assert_int_equal(fd, -1);
	assert_int_equal(poke_listen(STR("/nowhere/at/all"), POKE_LIVE, &fd, &e), RC_DEPENDENCY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_poke_arrives),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_a_full_queue),
		cmocka_unit_test(test_the_later_takes_the_place),
		cmocka_unit_test(test_too_long_a_path),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
