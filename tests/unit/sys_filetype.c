/*
 * The accepted types: every honest file passes as its kind, every hostile one is
 * refused for its reason, and no bytes make a check read outside its view (each
 * file stands before a guard page, cut at many lengths and with bytes changed).
 */
#include "sys/filetype.h"
#include "sys/filetype_check.h"
#include "sys/scan_child.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define HONEST  "tests/files/honest"
#define HOSTILE "tests/files/hostile"
#define PAGE    4096

static struct scan_kit kit;

static int setup(void **state)
{
	struct error e;

	(void)state;
	return scan_kit_open(&kit, &e) == RC_OK ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	scan_kit_close(&kit);
	return 0;
}

/* A file whose end lies at the end of a page that nothing follows. */
struct guarded {
	char *map;
	size_t size;
	struct str bytes;
};

static struct guarded guarded_read(const char *folder, const char *name)
{
	struct guarded g;
	struct stat st;
	char path[512];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	int fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	size_t n = (size_t)st.st_size, pages = (n + PAGE - 1) / PAGE;
	g.size = (pages + 1) * PAGE;
	g.map = mmap(NULL, g.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(g.map, MAP_FAILED);
	assert_int_equal(mprotect(g.map + pages * PAGE, PAGE, PROT_NONE), 0);
	g.bytes = str_make(g.map + pages * PAGE - n, n);
	assert_int_equal(read(fd, g.map + pages * PAGE - n, n), (ssize_t)n);
	close(fd);
	return g;
}

static void each_file(const char *folder, void (*fn)(const char *name, struct guarded g))
{
	DIR *dir = opendir(folder);
	size_t n = 0;

	assert_non_null(dir);
	for (const struct dirent *d = readdir(dir); d; d = readdir(dir)) {
		if (d->d_name[0] == '.' || strcmp(d->d_name, "EXPECTED") == 0)
			continue;
		struct guarded g = guarded_read(folder, d->d_name);
		fn(d->d_name, g);
		munmap(g.map, g.size);
		n++;
	}
	closedir(dir);
	assert_true(n > 50);
}

static struct file_verdict judge(struct str bytes, const char *name)
{
	return scan_judge_file(kit.magic, bytes, filetype_extension(str_from(name)));
}

static void expect_honest(const char *name, struct guarded g)
{
	static const struct {
		const char *end, *mime;
	} kinds[] = {
		{ ".pdf", "application/pdf" },
		{ ".mp4", "video/mp4" },
		{ ".mov", "video/quicktime" },
		{ ".mpg", "video/mpeg" },
		{ ".mpeg", "video/mpeg" },
		{ ".mp3", "audio/mpeg" },
		{ ".wav", "audio/wav" },
		{ ".weba", "audio/webm" },
		{ "audio.webm", "audio/webm" },
		{ ".webm", "video/webm" },
		{ ".doc", "application/msword" },
		{ ".xls", "application/vnd.ms-excel" },
		{ ".docx",
		  "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
		{ ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
		{ ".png", "image/png" },
		{ ".jpg", "image/jpeg" },
		{ ".jpeg", "image/jpeg" },
		{ ".gif", "image/gif" },
		{ ".webp", "image/webp" },
	};
	struct file_verdict v = judge(g.bytes, name);

	if (v.reason != REASON_NONE)
		fail_msg("%s refused: %s (%s)", name, reason_code(v.reason), v.why);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_ends(str_from(name), str_from(kinds[i].end))) {
			assert_string_equal(v.type->mime, kinds[i].mime);
			return;
		}
	}
	fail_msg("%s: no expectation", name);
}

static void honest_files_pass(void **state)
{
	(void)state;
	each_file(HONEST, expect_honest);
}

/* An honest file under any extension of another type is refused. */
static void expect_only_its_own(const char *name, struct guarded g)
{
	struct file_verdict own = judge(g.bytes, name);
	size_t n;
	const struct filetype *all = filetype_all(&n);

	for (size_t i = 0; i < n; i++) {
		struct str rest = str_from(all[i].extensions), extension;

		while (str_split(&rest, ' ', &extension)) {
			if (filetype_has_extension(own.type, extension))
				continue;
			struct file_verdict v = scan_judge_file(kit.magic, g.bytes, extension);
			if (v.reason == REASON_NONE)
				fail_msg("%s accepted as .%.*s", name, STR_ARG(extension));
		}
	}
}

static void honest_files_pass_only_as_themselves(void **state)
{
	(void)state;
	each_file(HONEST, expect_only_its_own);
}

static struct str expected_reason(struct str table, const char *name)
{
	struct str line, word;

	while (str_split(&table, '\n', &line))
		if (str_split(&line, ' ', &word) && str_eq(word, str_from(name)))
			return line;
	fail_msg("%s is not in EXPECTED", name);
	return STR("");
}

static void expect_hostile(const char *name, struct guarded g)
{
	struct guarded table = guarded_read(HOSTILE, "EXPECTED");
	struct str want = expected_reason(table.bytes, name);
	struct file_verdict v = judge(g.bytes, name);

	if (v.reason == REASON_NONE)
		fail_msg("%s accepted", name);
	if (!str_eq(want, STR("any")) && !str_eq(want, str_from(reason_code(v.reason))))
		fail_msg("%s: %s (%s), not %.*s", name, reason_code(v.reason), v.why,
			 STR_ARG(want));
	assert_null(v.type);
	munmap(table.map, table.size);
}

static void hostile_files_are_refused(void **state)
{
	(void)state;
	each_file(HOSTILE, expect_hostile);
}

/* Half an honest file is damaged, except where a stream has no length to compare with. */
static void expect_cut_refused(const char *name, struct guarded g)
{
	static const char *const endless[] = {
		"ffmpeg-es.mpg", "ffmpeg-live.webm",      "ffmpeg-pipe.wav",
		"sox-pipe.wav",  "lame-noinfo-id3v1.mp3", "lame.mp3",
		"sox.mp3",       "motion-photo.jpg",      "pillow-mpo.jpg"
	};

	for (size_t i = 0; i < ARRAY_LEN(endless); i++)
		if (strcmp(name, endless[i]) == 0)
			return;
	struct file_verdict v = judge(str_sub(g.bytes, 0, g.bytes.n / 2), name);
	if (v.reason == REASON_NONE)
		fail_msg("half of %s accepted", name);
}

static void truncated_files_are_refused(void **state)
{
	(void)state;
	each_file(HONEST, expect_cut_refused);
}

/* Only that it ends, and within its view: the guard page and the sanitizers judge. */
static void expect_total(const char *name, struct guarded g)
{
	char *p = g.map + (g.bytes.p - g.map);
	uint32_t random = 12345;
	struct str extension = filetype_extension(str_from(name));

	for (size_t n = 0; n < g.bytes.n; n += n < 600 ? 1 : 97) {
		struct str cut = str_from_pos(g.bytes, g.bytes.n - n); /* ends at the guard */

		(void)filetype_judge(cut, extension, STR(""));
	}
	for (int i = 0; i < 300; i++) {
		random = random * 1664525 + 1013904223;
		size_t at = random % g.bytes.n;
		char old = p[at];

		p[at] = (char)(random >> 24);
		(void)filetype_judge(g.bytes, extension, STR(""));
		if (i % 3)
			p[at] = old;
	}
}

static void checks_are_total(void **state)
{
	(void)state;
	each_file(HONEST, expect_total);
}

/* Prefixes that end at a guard page: a whole head with its tail missing. */
static void expect_prefix_total(const char *name, struct guarded g)
{
	struct str extension = filetype_extension(str_from(name));
	char *end = g.map + g.size - PAGE;

	for (size_t n = 1; n < g.bytes.n; n += n < 400 ? 1 : 331) {
		char *moved = end - n;
		struct guarded again = guarded_read(HONEST, name);

		memmove(moved, again.bytes.p, n);
		(void)filetype_judge(str_make(moved, n), extension, STR(""));
		munmap(again.map, again.size);
	}
}

static void prefixes_are_total(void **state)
{
	(void)state;
	each_file(HONEST, expect_prefix_total);
}

static void names_and_extensions(void **state)
{
	enum file_class c;
	size_t n;

	(void)state;
	const struct filetype *all = filetype_all(&n);
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(filetype_by_mime(str_from(all[i].mime)), &all[i]);
		/* <input accept> offers what is taken. */
		struct str rest = str_from(all[i].extensions), x;
		while (str_split(&rest, ' ', &x)) {
			char dotted[16];
			snprintf(dotted, sizeof dotted, ".%.*s", STR_ARG(x));
			assert_true(str_find(filetype_accept(), str_from(dotted)) != SIZE_MAX);
		}
	}
	assert_null(filetype_by_mime(STR("text/html")));
	assert_true(filetype_extension_known(STR("JpG")));
	assert_false(filetype_extension_known(STR("")));
	assert_false(filetype_extension_known(STR("pdf mp4")));
	assert_true(str_eq(filetype_extension(STR("a.b.PDF")), STR("PDF")));
	assert_true(str_empty(filetype_extension(STR("pdf"))));
	assert_true(file_class_parse(STR("audio"), &c) && c == FILE_CLASS_AUDIO);
	assert_false(file_class_parse(STR("Audio"), &c));
	/* libmagic's word must not contradict. */
	struct guarded g = guarded_read(HONEST, "im.png");
	assert_int_equal(filetype_judge(g.bytes, STR("png"), STR("text/html")).reason,
			 REASON_FILE_MISMATCH);
	assert_int_equal(filetype_judge(g.bytes, STR("PNG"), STR("image/png")).reason, REASON_NONE);
	/* Two answers of libmagic in one. */
	assert_int_equal(filetype_judge(g.bytes, STR("png"),
					STR("image/pngapplication/octet-stream"))
				 .reason,
			 REASON_NONE);
	munmap(g.map, g.size);
}

static void inflate_known_data(void **state)
{
	static const struct {
		struct str in, out;
		bool ok;
	} cases[] = {
		{ STR_INIT("\x01\x03\x00\xfc\xff"
			   "abc"),
		  STR_INIT("abc"), true },                                   /* stored */
		{ STR_INIT("\x4b\x4c\x4a\x06\x00"), STR_INIT("abc"), true }, /* fixed codes */
		{ STR_INIT("\x01\x03\x00\xfc\xfe"
			   "abc"),
		  STR_INIT(""), false },                   /* length and its check differ */
		{ STR_INIT("\x07"), STR_INIT(""), false }, /* no such kind */
		{ STR_INIT(""), STR_INIT(""), false },
		{ STR_INIT("\x4b\x4c\x4a"), STR_INIT(""), false }, /* cut off */
	};
	char out[64];
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool ok = inflate_raw(cases[i].in, out, sizeof out, &n);

		if (!cases[i].ok)
			continue;
		assert_true(ok);
		assert_true(str_eq(str_make(out, n), cases[i].out));
		assert_false(inflate_raw(cases[i].in, out, cases[i].out.n - 1, &n));
	}
	for (size_t i = 2; i < ARRAY_LEN(cases); i++)
		assert_false(inflate_raw(cases[i].in, out, sizeof out, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_files_pass),
		cmocka_unit_test(honest_files_pass_only_as_themselves),
		cmocka_unit_test(hostile_files_are_refused),
		cmocka_unit_test(truncated_files_are_refused),
		cmocka_unit_test(checks_are_total),
		cmocka_unit_test(prefixes_are_total),
		cmocka_unit_test(names_and_extensions),
		cmocka_unit_test(inflate_known_data),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
