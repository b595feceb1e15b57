/*
 * Counters over processes: they add up, stay when a process dies, and know who is at work.
 */
#include "unit/guard.h"

#include "sys/meter.h"

#include <sys/wait.h>

static struct meter *make(unsigned n)
{
	struct meter *m;
	struct error e;

	assert_int_equal(meter_new(n, &m, &e), RC_OK);
	return m;
}

static void test_times_fall_into_their_bucket(void **state)
{
	static const struct {
		int64_t us;
		int bucket;
	} cases[] = { { -1, 0 },
		      { 0, 0 },
		      { 5000, 0 },
		      { 5001, 1 },
		      { 1000000, 7 },
		      { 30000000, METER_BUCKETS - 2 },
		      { 30000001, METER_BUCKETS - 1 },
		      { INT64_C(1) << 50, METER_BUCKETS - 1 } };
	struct meter *m = make(1);
	struct meter_sums sums;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t at = METER_TIMES + 1 * METER_BUCKETS + (size_t)cases[i].bucket;
		int64_t before;

		meter_sum(m, &sums);
		before = sums.n[at];
		meter_request(meter_slot(m, 0), 1, 2, 404, cases[i].us);
		meter_sum(m, &sums);
		assert_int_equal(sums.n[at], before + 1);
	}
	assert_int_equal(sums.n[meter_at(1, 2, 404)], ARRAY_LEN(cases));
	assert_int_equal(sums.n[meter_at(1, 2, 499)], ARRAY_LEN(cases));
	assert_int_equal(sums.n[meter_at(1, 1, 404)], 0);
	assert_int_equal(sums.n[METER_TIME_US + 0], 0);
	meter_free(m);
}

/* Every number has a place of its own. */
static void test_places_do_not_overlap(void **state)
{
	size_t next = METER_REQUESTS;

	(void)state;
	for (int p = 0; p < METER_POOLS; p++)
		for (int f = 0; f < METER_FAMILIES; f++)
			for (int s = 1; s <= METER_STATUSES; s++)
				assert_int_equal(meter_at(p, f, s * 100), next++);
	assert_int_equal(next, METER_TIMES);
	assert_int_equal(METER_TIMES + METER_POOLS * METER_BUCKETS, METER_TIME_US);
	assert_int_equal(METER_ERRORS + RC__MAX, METER_RATE_LIMITED);
	assert_true(METER_UPLOAD_BYTES < METER_STARTS);
}

static void test_processes_count_together_and_die(void **state)
{
	enum { PROCESSES = 4, EACH = 20000 };
	struct meter *m = make(PROCESSES);
	struct meter_sums sums;
	int status;

	(void)state;
	for (unsigned i = 0; i < PROCESSES; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			struct meter_slot *s = meter_slot(m, i);

			meter_serves(s, (int)i % 2, 1);
			meter_busy(s, true);
			for (int k = 0; k < EACH; k++)
				meter_add(s, METER_UPLOADS, 1);
			_exit(7);
		}
	}
	for (int i = 0; i < PROCESSES; i++)
		assert_true(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 7);
	meter_sum(m, &sums);
	assert_int_equal(sums.n[METER_UPLOADS], PROCESSES * EACH);
	assert_int_equal(sums.workers[0], 2);
	assert_int_equal(sums.busy[1], 2);
	meter_gone(meter_slot(m, 0));
	meter_add(meter_slot(m, PROCESSES), METER_DEATHS, 1);
	meter_add(NULL, METER_UPLOADS, 1);
	meter_sum(m, &sums);
	assert_int_equal(sums.workers[0], 1);
	assert_int_equal(sums.busy[0], 1);
	assert_int_equal(sums.n[METER_UPLOADS], PROCESSES * EACH);
	assert_int_equal(sums.n[METER_DEATHS], 1);
	meter_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times_fall_into_their_bucket),
		cmocka_unit_test(test_places_do_not_overlap),
		cmocka_unit_test(test_processes_count_together_and_die),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
