/*
 * Sealed files: what was written is read again in pieces; what was changed, cut, exchanged or
 * sealed under another key is not; the bytes on disk are not the plain ones.
 */
#include "sys/files_sealed.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PIECE  FILES_SEALED_PIECE
#define STORED (PIECE + CRYPTO_SEAL_OVERHEAD)

static char folder[] = "/tmp/muster-sealed-XXXXXX";
static char upload[80], spool[80];
static struct files files;
static struct arena arena;
static uint8_t key[CRYPTO_KEY_SIZE] = { 1, 2, 3 }, other_key[CRYPTO_KEY_SIZE] = { 1, 2, 4 };

static int set_up(void **state)
{
	struct error e;

	(void)state;
	if (!mkdtemp(folder))
		return 1;
	snprintf(upload, sizeof upload, "%s/up", folder);
	snprintf(spool, sizeof spool, "%s/spool", folder);
	arena_init(&arena, (size_t)64 << 20, 0);
	return files_open(&files, str_from(upload), str_from(spool), 0, &e) != RC_OK;
}

static int remove_path(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	(void)state;
	arena_clear(&arena);
	files_close(&files);
	nftw(folder, remove_path, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

static struct str random_bytes(size_t n)
{
	uint8_t *p = arena_alloc(&arena, n + 1);

	assert_non_null(p);
	crypto_random(p, n);
	return str_make((const char *)p, n);
}

static struct file_draft keep(struct str bytes)
{
	struct file_draft d = { 0 };
	struct error e;

	error_init(&e);
	assert_int_equal(files_draft_seal(&files, key, bytes, &arena, &d, &e), RC_OK);
	assert_int_equal(files_draft_keep(&d, &e), RC_OK);
	return d;
}

static enum rc read_all(struct str id, const uint8_t *with, struct buf *b, int *ret_pieces,
			struct error *e)
{
	struct file_sealed *s;
	bool is_last = false;

	error_init(e);
	buf_init(b, &arena, PIECE, 16 * PIECE);
	*ret_pieces = 0;
	TRY(files_sealed_open(&files, with, id, &arena, &s, e));
	while (!is_last) {
		TRY(files_sealed_read(s, b, &is_last, e));
		(*ret_pieces)++;
	}
	return RC_OK;
}

static void path_of(const struct file_draft *d, char out[160])
{
	char path[FILES_PATH_SIZE];

	assert_true(files_path(str_from(d->id), path));
	snprintf(out, 160, "%s/%s", upload, path);
}

static void comes_back(void **state)
{
	static const struct {
		size_t n;
		int pieces;
	} cases[] = { { 0, 1 },         { 1, 1 },         { PIECE - 1, 1 },    { PIECE, 1 },
		      { PIECE + 1, 2 }, { 3 * PIECE, 3 }, { 3 * PIECE + 7, 4 } };
	struct error e;
	struct buf b;
	int pieces;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str bytes = random_bytes(cases[i].n);
		struct file_draft d = keep(bytes);

		assert_int_equal(d.size, bytes.n + (size_t)cases[i].pieces * CRYPTO_SEAL_OVERHEAD);
		assert_int_equal(read_all(str_from(d.id), key, &b, &pieces, &e), RC_OK);
		assert_int_equal(pieces, cases[i].pieces);
		assert_true(str_eq(buf_str(&b), bytes));
		arena_reset(&arena);
	}
}

/* Nothing of the plain bytes is there, nor the same bytes twice. */
static void is_not_plain(void **state)
{
	char *same = arena_alloc(&arena, 2 * PIECE), *stored = arena_alloc(&arena, 2 * STORED);
	char path[160];
	struct file_draft d;
	int fd;

	(void)state;
	memset(same, 'A', 2 * PIECE);
	d = keep(str_make(same, 2 * PIECE));
	path_of(&d, path);
	fd = open(path, O_RDONLY);
	assert_int_equal(read(fd, stored, 2 * STORED), 2 * STORED);
	close(fd);
	assert_null(memmem(stored, 2 * STORED, "AAAAAAAA", 8));
	assert_memory_not_equal(stored, stored + STORED, STORED);
	arena_reset(&arena);
}

static void fails(const struct file_draft *d, const uint8_t *with)
{
	struct error e;
	struct buf b;
	int pieces;

	assert_int_equal(read_all(str_from(d->id), with, &b, &pieces, &e), RC_DEPENDENCY);
}

static void what_was_changed_is_not_read(void **state)
{
	struct file_draft d = keep(random_bytes(3 * PIECE)), e2 = keep(random_bytes(3 * PIECE));
	char *a = arena_alloc(&arena, STORED), *b = arena_alloc(&arena, STORED), path[160];
	int fd, fd2;

	(void)state;
	fails(&d, other_key);
	path_of(&d, path);
	fd = open(path, O_RDWR);
	/* Two pieces exchanged. */
	assert_int_equal(pread(fd, a, STORED, 0), STORED);
	assert_int_equal(pread(fd, b, STORED, STORED), STORED);
	assert_int_equal(pwrite(fd, b, STORED, 0), STORED);
	assert_int_equal(pwrite(fd, a, STORED, STORED), STORED);
	fails(&d, key);
	/* Back, but one of another file. */
	path_of(&e2, path);
	fd2 = open(path, O_RDONLY);
	assert_int_equal(pwrite(fd, a, STORED, 0), STORED);
	assert_int_equal(pread(fd2, a, STORED, STORED), STORED);
	close(fd2);
	assert_int_equal(pwrite(fd, a, STORED, STORED), STORED);
	fails(&d, key);
	assert_int_equal(pwrite(fd, b, STORED, STORED), STORED);
	/* Cut off at the end of a piece, in one, and to nothing. */
	assert_int_equal(ftruncate(fd, 2 * STORED), 0);
	fails(&d, key);
	assert_int_equal(ftruncate(fd, 2 * STORED + 12), 0);
	fails(&d, key);
	assert_int_equal(ftruncate(fd, 0), 0);
	fails(&d, key);
	close(fd);
	arena_reset(&arena);
}

static void what_is_gone_is_not_found(void **state)
{
	struct file_draft d = keep(STR("x"));
	struct file_sealed *s;
	struct error e;

	(void)state;
	error_init(&e);
	assert_int_equal(files_delete(&files, str_from(d.id), &e), RC_OK);
	assert_int_equal(files_sealed_open(&files, key, str_from(d.id), &arena, &s, &e),
			 RC_NOT_FOUND);
	assert_int_equal(e.reason, REASON_FILE_GONE);
	arena_reset(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),
		cmocka_unit_test(is_not_plain),
		cmocka_unit_test(what_was_changed_is_not_read),
		cmocka_unit_test(what_is_gone_is_not_found),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
