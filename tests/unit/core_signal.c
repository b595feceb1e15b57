/*
 * Signals: place, network, the table of the judgement, and what is stored of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/attendance/signal.h"

#include <math.h>

static struct place at(double latitude, double longitude)
{
	struct place p;

	assert_true(place_from_degrees(latitude, longitude, &p));
	return p;
}

static void distances_are_great_circles(void **state)
{
	(void)state;
	/* Paris to London, 343.5 km on this sphere; a degree of the equator; half the globe. */
	assert_true(fabs(place_distance_m(at(48.8566, 2.3522), at(51.5074, -0.1278)) - 343556) <
		    50);
	assert_true(fabs(place_distance_m(at(0, 0), at(0, 1)) - 111194.9) < 1);
	assert_true(fabs(place_distance_m(at(0, 0), at(0, 180)) - 20015086.8) < 1);
	assert_true(place_distance_m(at(0, -180), at(0, 180)) < 0.01);
	assert_true(place_distance_m(at(48.1, 2.1), at(48.1, 2.1)) < 0.001);
}

static void degrees_are_plain_decimals(void **state)
{
	static const char *const bad[] = { "",         "nan",  "inf",
					   "-inf",     "0x10", "1e2",
					   "1,5",      "--1",  "1.2.3",
					   ".",        "+",    "90.1",
					   "-90.0001", "1 2",  "1.23456789012345678901" };
	int32_t e7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(place_parse_degrees(str_from(bad[i]), 90, &e7));
	assert_true(place_parse_degrees(STR("48.8566"), 90, &e7));
	assert_int_equal(e7, 488566000);
	assert_true(place_parse_degrees(STR(" -0.0000001 "), 90, &e7));
	assert_int_equal(e7, -1);
	assert_true(place_parse_degrees(STR("0"), 90, &e7));
	assert_int_equal(e7, 0);
	assert_true(place_parse_degrees(STR("180"), 180, &e7));
	assert_int_equal(e7, 1800000000);
	assert_false(place_from_degrees(NAN, 0, &(struct place){ 0 }));
	assert_false(place_from_degrees(0, INFINITY, &(struct place){ 0 }));
	assert_false(place_from_degrees(0, 180.001, &(struct place){ 0 }));
}

static void a_place_is_judged_with_its_accuracy(void **state)
{
	static const struct {
		double distance, accuracy;
		int64_t radius;
		enum signal_verdict verdict;
	} rows[] = {
		{ 12, 9, 60, SIGNAL_PASS },     { 60, 60, 60, SIGNAL_PASS },
		{ 50, 200, 60, SIGNAL_UNSURE }, { 61, 5, 60, SIGNAL_UNSURE },
		{ 420, 35, 60, SIGNAL_FAIL },   { 420, 360, 60, SIGNAL_UNSURE },
		{ 420, 359, 60, SIGNAL_FAIL },  { 30, -1, 60, SIGNAL_PASS },
		{ 420, -1, 60, SIGNAL_UNSURE }, { 0, 0, 10, SIGNAL_PASS },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(place_judge(rows[i].distance, rows[i].accuracy, rows[i].radius),
				 rows[i].verdict);
}

static bool in(const char *network, const char *address)
{
	struct cidr n, a;

	assert_true(cidr_parse(str_from(network), &n));
	assert_true(cidr_parse(str_from(address), &a));
	return cidr_contains(&n, &a);
}

static void networks_hold_addresses(void **state)
{
	static const char *const bad[] = {
		"",  "192.0.2",      "192.0.2.0/33", "192.0.2.0/", "2001:db8::/129",
		"x", "192.0.2.1/-1", "1.2.3.4/8/9"
	};
	struct cidr c;
	char text[CIDR_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(cidr_parse(str_from(bad[i]), &c));
	assert_true(in("192.0.2.0/24", "192.0.2.200"));
	assert_false(in("192.0.2.0/24", "192.0.3.1"));
	assert_true(in("0.0.0.0/0", "203.0.113.9"));
	assert_false(in("0.0.0.0/0", "2001:db8::1"));
	assert_true(in("2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(in("2001:db8::/33", "2001:db8:8000::1"));
	assert_true(in("192.0.2.0/24", "::ffff:192.0.2.7"));
	assert_true(cidr_parse(STR("192.0.2.77/24"), &c));
	assert_true(str_eq(cidr_format(&c, text), STR("192.0.2.0/24")));
	assert_true(cidr_parse(STR("2001:DB8::1"), &c));
	assert_true(str_eq(cidr_format(&c, text), STR("2001:db8::1")));
}

static void networks_of_002(void **state)
{
	(void)state;
	assert_true(network_same(STR("192.0.2.1"), STR("192.0.2.254")));
	assert_false(network_same(STR("192.0.2.1"), STR("192.0.3.1")));
	assert_true(network_same(STR("2001:db8::1"), STR("2001:db8::ffff:1")));
	assert_false(network_same(STR("2001:db8::1"), STR("2001:db8:0:1::1")));
	assert_false(network_same(STR("192.0.2.1"), STR("2001:db8::1")));
	assert_false(network_same(STR("unknown"), STR("unknown")));
	assert_true(network_same(STR("::ffff:192.0.2.1"), STR("192.0.2.9")));
}

static enum decision sum(struct signals s, enum policy_level level, enum reason *reason)
{
	enum policy_level levels[SIGNAL__MAX];

	for (size_t i = 0; i < SIGNAL__MAX; i++)
		levels[i] = level;
	return signals_weigh(&s, levels, reason);
}

static void the_worst_signal_decides(void **state)
{
	const struct signal code_right = { SIGNAL_CODE, SIGNAL_PASS, 3, 25, SIGNAL_NONE };
	const struct signal far_away = { SIGNAL_PLACE, SIGNAL_FAIL, 420, 60, 35 };
	const struct signal unsure = { SIGNAL_PLACE, SIGNAL_UNSURE, 70, 60, 35 };
	const struct signal clock_off = { SIGNAL_CLOCK, SIGNAL_FAIL, 600, 120, SIGNAL_NONE };
	const struct signal fast = { SIGNAL_SPEED, SIGNAL_FAIL, 900, 150, SIGNAL_NONE };
	enum reason reason;

	(void)state;
	assert_int_equal(sum((struct signals){ .n = 0 }, POLICY_MUST, &reason), DECISION_APPROVED);
	assert_int_equal(reason, REASON_NONE);
	assert_int_equal(sum((struct signals){ { code_right, far_away }, 2 }, POLICY_MUST, &reason),
			 DECISION_REJECTED);
	assert_int_equal(reason, REASON_PLACE_OUT);
	assert_int_equal(sum((struct signals){ { code_right, far_away }, 2 }, POLICY_FLAG, &reason),
			 DECISION_FLAGGED);
	assert_int_equal(sum((struct signals){ { far_away }, 1 }, POLICY_OFF, &reason),
			 DECISION_APPROVED);
	assert_int_equal(sum((struct signals){ { unsure }, 1 }, POLICY_MUST, &reason),
			 DECISION_FLAGGED);
	assert_int_equal(reason, REASON_PLACE_UNSURE);
	assert_int_equal(sum((struct signals){ { unsure }, 1 }, POLICY_FLAG, &reason),
			 DECISION_APPROVED);
	/* A device's clock flags whatever the policy; speed goes with the place. */
	assert_int_equal(sum((struct signals){ { clock_off }, 1 }, POLICY_OFF, &reason),
			 DECISION_FLAGGED);
	assert_int_equal(sum((struct signals){ { fast }, 1 }, POLICY_MUST, &reason),
			 DECISION_FLAGGED);
	assert_int_equal(sum((struct signals){ { fast }, 1 }, POLICY_OFF, &reason),
			 DECISION_APPROVED);
}

static void each_row_of_the_table_is_one_of_a_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < signal_n_weighs; i++) {
		const struct signal_weigh *w = &signal_weighs[i];

		assert_true((w->reason == REASON_NONE) == (w->decision == DECISION_APPROVED));
		for (size_t j = 0; j < i; j++)
			assert_false(signal_weighs[j].kind == w->kind &&
				     signal_weighs[j].verdict == w->verdict &&
				     signal_weighs[j].level == w->level);
	}
}

static void what_is_stored_reads_back(void **state)
{
	struct signals s = { .n = 0 }, back;
	struct arena a;
	struct buf b;

	(void)state;
	for (int k = 0; k < SIGNAL__MAX; k++)
		signals_add(&s, (struct signal){ (enum signal_kind)k,
						 (enum signal_verdict)(k % SIGNAL_VERDICT__MAX),
						 k ? 1000000 + k : SIGNAL_NONE, k, 7 });
	arena_init(&a, 65536, 0);
	buf_init(&b, &a, 16, 1500);
	signals_write(&s, &b);
	assert_true(buf_ok(&b));
	signals_read(buf_str(&b), &back);
	assert_int_equal(back.n, s.n);
	for (size_t i = 0; i < s.n; i++) {
		assert_int_equal(back.v[i].kind, s.v[i].kind);
		assert_int_equal(back.v[i].verdict, s.v[i].verdict);
		assert_int_equal(back.v[i].n, s.v[i].n);
		assert_int_equal(back.v[i].limit, s.v[i].limit);
		assert_int_equal(back.v[i].extra, s.v[i].extra);
	}
	arena_clear(&a);
	signals_read(STR("{\"no\":1}"), &back);
	assert_int_equal(back.n, 0);
	signals_read(STR("[{\"s\":\"moon\",\"v\":\"pass\"},3]"), &back);
	assert_int_equal(back.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances_are_great_circles),
		cmocka_unit_test(degrees_are_plain_decimals),
		cmocka_unit_test(a_place_is_judged_with_its_accuracy),
		cmocka_unit_test(networks_hold_addresses),
		cmocka_unit_test(networks_of_002),
		cmocka_unit_test(the_worst_signal_decides),
		cmocka_unit_test(each_row_of_the_table_is_one_of_a_kind),
		cmocka_unit_test(what_is_stored_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
