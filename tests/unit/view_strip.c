/*
 * Times drawn to scale: nothing is lost, nothing leaves the picture.
 */
#include "view/strip.h"

#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HM(h, m) ((h)*3600 + (m)*60)

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 1 << 20, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static void draw(struct view_strip *v, const struct strip_item *items, size_t n, int32_t now,
		 bool is_rtl)
{
	strip_draw(v, &arena, items, n, now, STR("Your day:"), is_rtl);
}

static void test_day_to_scale(void **state)
{
	const struct strip_item items[] = {
		{ STR("Databases"), HM(8, 0), HM(9, 30), STRIP_OVER },
		{ STR("Security"), HM(10, 0), HM(12, 0), STRIP_NOW },
	};
	struct view_strip v;

	(void)state;
	draw(&v, items, 2, HM(10, 12), false);
	assert_int_equal(v.n_hours, 12);
	assert_string_equal(v.hours[0].label.p, "08");
	assert_int_equal(v.hours[11].label.n, 0);
	assert_int_equal(v.blocks[0].x, 0);
	assert_int_equal(v.blocks[0].width, 1363);
	assert_int_equal(v.blocks[1].x, 1818);
	assert_int_equal(v.blocks[1].width, 1818);
	assert_int_equal(v.blocks[0].y, v.blocks[1].y);
	assert_int_equal(v.blocks[1].text_x, 1000);
	assert_int_equal(v.blocks[1].text_width, 9000);
	assert_int_equal(v.blocks[0].text_width, 10000);
	assert_true(v.has_now);
	assert_int_equal(v.now_x, 2000);
	assert_true(str_eq(v.label, STR("Your day: 08:00–09:30 Databases; 10:00–12:00 Security.")));
}

static void test_hours_widen(void **state)
{
	const struct strip_item items[] = {
		{ STR("Early"), HM(6, 30), HM(7, 0), STRIP_PLANNED },
		{ STR("Late"), HM(21, 15), HM(22, 45), STRIP_PLANNED },
	};
	struct view_strip v;

	(void)state;
	draw(&v, items, 2, NO_DAY, false);
	assert_string_equal(v.hours[0].label.p, "06");
	assert_int_equal(v.n_hours, 18);
	assert_false(v.has_now);
	for (size_t i = 0; i < v.n_blocks; i++) {
		assert_true(v.blocks[i].x >= 0);
		assert_true(v.blocks[i].x + v.blocks[i].width <= 10000);
	}
}

static void test_overlaps_get_rows(void **state)
{
	const struct strip_item items[] = {
		{ STR("a"), HM(9, 0), HM(11, 0), STRIP_PLANNED },
		{ STR("b"), HM(10, 0), HM(12, 0), STRIP_PLANNED },
		{ STR("c"), HM(10, 30), HM(11, 30), STRIP_PLANNED },
		{ STR("d"), HM(11, 0), HM(12, 0), STRIP_PLANNED },
	};
	struct view_strip v;

	(void)state;
	draw(&v, items, 4, NO_DAY, false);
	assert_int_equal(v.n_blocks, 4);
	assert_true(v.blocks[1].y > v.blocks[0].y);
	assert_true(v.blocks[2].y > v.blocks[1].y);
	assert_int_equal(v.blocks[3].y, v.blocks[0].y);
	assert_true(v.height >= v.blocks[2].y + 36);
}

static void test_right_to_left_mirrors(void **state)
{
	const struct strip_item item = { STR("a"), HM(8, 0), HM(9, 30), STRIP_PLANNED };
	struct view_strip left, right;

	(void)state;
	draw(&left, &item, 1, HM(10, 12), false);
	draw(&right, &item, 1, HM(10, 12), true);
	assert_int_equal(right.blocks[0].x + right.blocks[0].width, 10000 - left.blocks[0].x);
	assert_int_equal(right.now_x, 10000 - left.now_x);
}

static void test_more_than_fit(void **state)
{
	struct strip_item items[STRIP_BLOCKS_MAX + 8];
	struct view_strip v;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(items); i++)
		items[i] = (struct strip_item){ STR("x"), 0, HM(23, 59), STRIP_PLANNED };
	draw(&v, items, ARRAY_LEN(items), NO_DAY, false);
	assert_int_equal(v.n_blocks, STRIP_BLOCKS_MAX);
}

static void test_times_against_plan(void **state)
{
	struct view_times v;

	(void)state;
	times_draw(&v, &arena, HM(10, 0), HM(12, 0), HM(10, 18), HM(12, 10), STR("x"), false);
	assert_true(v.has_held);
	assert_int_equal(v.n_hours, 6);
	assert_true(str_eq(v.hours[5].label, STR("12:30")));
	assert_string_equal(v.hours[5].align, "end");
	assert_int_equal(v.n_bars, 3);
	assert_true(v.hours[0].is_minor);
	assert_false(v.hours[5].is_minor);
	assert_int_equal(v.bars[0].x, 0);
	assert_int_equal(v.bars[0].width, 8000);
	assert_int_equal(v.bars[2].x, 0);
	assert_int_equal(v.bars[2].x + v.bars[2].width, v.bars[1].x);
}

static void test_times_odd(void **state)
{
	static const struct {
		int32_t start, end, held_start, held_end;
		bool has_held;
	} cases[] = {
		{ HM(10, 0), HM(12, 0), NO_DAY, NO_DAY, false },
		{ HM(10, 0), HM(12, 0), HM(12, 0), HM(10, 0), false },
		{ HM(10, 0), HM(12, 0), HM(6, 0), HM(7, 0), true },
		{ HM(10, 0), HM(12, 0), HM(13, 0), HM(14, 0), true },
		{ HM(0, 0), HM(23, 59), HM(0, 0), HM(23, 59), true },
		{ HM(23, 45), HM(23, 59), HM(23, 50), HM(23, 59), true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct view_times v;

		times_draw(&v, &arena, cases[i].start, cases[i].end, cases[i].held_start,
			   cases[i].held_end, STR("x"), i % 2 == 1);
		assert_int_equal(v.has_held, cases[i].has_held);
		assert_true(v.n_hours >= 2 && v.n_hours <= 9);
		for (size_t b = 0; b < v.n_bars; b++) {
			assert_true(v.bars[b].x >= 0 && v.bars[b].width > 0);
			assert_true(v.bars[b].x + v.bars[b].width <= 10000);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_day_to_scale, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hours_widen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_overlaps_get_rows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_right_to_left_mirrors, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_more_than_fit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_times_against_plan, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_times_odd, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("view strip", tests, NULL, NULL);
}
