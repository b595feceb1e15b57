/*
 * What the header of a photo claims to measure, before anything decodes it.
 */
#include "core/attendance/photo.h"

#include "guard.h"

#define BYTES(...)                                                                                 \
	str_make((const char *)(const uint8_t[]){ __VA_ARGS__ },                                   \
		 sizeof((const uint8_t[]){ __VA_ARGS__ }))
#define SOI          0xFF, 0xD8
#define APP0         0xFF, 0xE0, 0, 4, 'J', 'F'
#define SOF(m, h, w) 0xFF, (m), 0, 11, 8, (h) >> 8, (h)&0xFF, (w) >> 8, (w)&0xFF, 1, 1, 0x11, 0

static void expect(struct str bytes, enum photo_kind kind, int64_t width, int64_t height)
{
	int64_t w = -1, h = -1;

	assert_int_equal(photo_measure(bytes, &w, &h), kind);
	assert_int_equal(w, width);
	assert_int_equal(h, height);
}

static void test_jpeg(void **state)
{
	(void)state;
	expect(BYTES(SOI, APP0, SOF(0xC0, 480, 640)), PHOTO_JPEG, 640, 480);
	expect(BYTES(SOI, APP0, SOF(0xC2, 30000, 20001)), PHOTO_JPEG, 20001, 30000);
	/* Tables and the arithmetic mark are no frames. */
	expect(BYTES(SOI, APP0, SOF(0xC4, 1, 1), SOF(0xC8, 2, 2), SOF(0xCC, 3, 3)), PHOTO_JPEG, 0,
	       0);
	/* Behind the end of the image a phone may keep a film. */
	expect(BYTES(SOI, SOF(0xC0, 480, 640), 0xFF, 0xD9, SOF(0xC0, 30000, 30000)), PHOTO_JPEG,
	       640, 480);
	/* The larger of two, wherever the second hides; bytes between segments are passed over. */
	expect(BYTES(SOI, SOF(0xC0, 480, 640), 1, 2, 3, 0xFF, 0, 0xFF, 0xD0, 0xFF, 0xFF,
		     SOF(0xC1, 9, 30000)),
	       PHOTO_JPEG, 30000, 480);
}

static void test_png(void **state)
{
	(void)state;
	expect(BYTES(0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 1,
		     0x90, 0, 0, 0x75, 0x30),
	       PHOTO_PNG, 400, 30000);
	expect(BYTES(0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0xFF,
		     0xFF, 0xFF, 0xFF, 0, 0, 0, 1),
	       PHOTO_PNG, 4294967295, 1);
}

static void test_others(void **state)
{
	(void)state;
	expect((struct str){ 0 }, PHOTO_NONE, 0, 0);
	expect(STR("GIF89a"), PHOTO_NONE, 0, 0);
	expect(STR("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), PHOTO_NONE, 0, 0);
	expect(BYTES(0xFF, 0xD8, 0xFF), PHOTO_NONE, 0, 0);
}

/* Every prefix of a picture, at the very end of a page that may be read. */
static void test_cut(void **state)
{
	struct str whole =
		BYTES(SOI, APP0, SOF(0xC0, 480, 640), 0xFF, 0xDA, 0, 2, 1, 2, 0xFF, 0xD9);
	int64_t w, h;

	(void)state;
	for (size_t n = 0; n <= whole.n; n++) {
		struct guard g = guard_make(str_sub(whole, 0, n));

		(void)photo_measure(g.s, &w, &h);
		guard_free(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jpeg),
		cmocka_unit_test(test_png),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
