/*
 * sys/files_part.h: parts grow, are locked, become files, and lose nothing.
 */
#include "unit/guard.h"

#include "sys/files_part.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct str id = STR_INIT("00112233445566778899aabbccddeeff");
static const struct str other_id = STR_INIT("ffeeddccbbaa99887766554433221100");

struct fixture {
	char root[64], upload[80], spool[80];
	struct files files;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct error e;

	assert_non_null(f);
	snprintf(f->root, sizeof f->root, "/tmp/muster-part-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	snprintf(f->upload, sizeof f->upload, "%s/up", f->root);
	snprintf(f->spool, sizeof f->spool, "%s/spool", f->root);
	assert_int_equal(files_open(&f->files, str_from(f->upload), str_from(f->spool), 0, &e),
			 RC_OK);
	*state = f;
	return 0;
}

static int remove_path(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	files_close(&f->files);
	nftw(f->root, remove_path, 8, FTW_DEPTH | FTW_PHYS);
	free(f);
	return 0;
}

static struct file_spool spooled(struct fixture *f, struct str bytes)
{
	struct file_spool s;
	char path[128];
	struct error e;
	int fd;

	snprintf(path, sizeof path, "%s/0000000001", f->spool);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
	close(fd);
	assert_int_equal(files_spool_open(&f->files, str_from(path), &s, &e), RC_OK);
	return s;
}

static int64_t size_of(struct fixture *f, struct str part)
{
	int64_t size = -1;
	struct error e;

	assert_int_equal(files_part_size_synced(&f->files, part, &size, &e), RC_OK);
	return size;
}

static void test_a_part_grows_and_is_kept(void **state)
{
	struct fixture *f = *state;
	struct file_draft d = { 0 };
	struct file_part p = { 0 };
	struct file_spool s;
	uint8_t want[CRYPTO_SHA256_SIZE];
	struct error e;
	int64_t size;
	int fd;

	assert_int_equal(files_part_make(&f->files, id, 10, &e), RC_OK);
	assert_int_equal(files_part_make(&f->files, id, 10, &e), RC_DEPENDENCY);
	assert_int_equal(size_of(f, id), 0);
	assert_int_equal(files_part_open(&f->files, id, &p, &e), RC_OK);
	assert_false(p.is_kept);
	assert_int_equal(files_part_append(&p, NULL, STR("hello"), &e), RC_OK);
	assert_int_equal(files_part_sync(&p, 0, &e), RC_OK);
	files_part_close(&p);
	files_part_close(&p);
	assert_int_equal(size_of(f, id), 5);
	assert_int_equal(files_part_open(&f->files, id, &p, &e), RC_OK);
	s = spooled(f, STR("world"));
	assert_int_equal(files_part_append(&p, &s, (struct str){ 0 }, &e), RC_OK);
	files_spool_close(&s);
	assert_int_equal(p.size, 10);
	assert_true(files_bytes_equal(p.fd, 3, STR("lowor")));
	assert_false(files_bytes_equal(p.fd, 3, STR("lowoR")));
	assert_false(files_bytes_equal(p.fd, 8, STR("ldx")));
	assert_int_equal(files_part_draft(&p, &d, &e), RC_OK);
	files_draft_drop(&d); /* leaves it where it is */
	assert_int_equal(size_of(f, id), 10);
	assert_int_equal(files_part_draft(&p, &d, &e), RC_OK);
	assert_int_equal(crypto_sha256(STR("helloworld"), want, &e), RC_OK);
	assert_memory_equal(d.sha256, want, sizeof want);
	assert_int_equal(files_draft_keep(&d, &e), RC_OK);
	files_part_close(&p);
	assert_int_equal(files_read(&f->files, id, &fd, &size, &e), RC_OK);
	assert_int_equal(size, 10);
	close(fd);
	/* A crash before the row: it is found where it is. */
	assert_int_equal(size_of(f, id), 10);
	assert_int_equal(files_part_open(&f->files, id, &p, &e), RC_OK);
	assert_true(p.is_kept);
	files_part_close(&p);
}

static void test_a_whole_body_becomes_the_part(void **state)
{
	struct fixture *f = *state;
	struct file_part p = { 0 }, second = { 0 };
	struct file_spool s;
	struct error e;

	assert_int_equal(files_part_make(&f->files, id, 5, &e), RC_OK);
	assert_int_equal(files_part_open(&f->files, id, &p, &e), RC_OK);
	s = spooled(f, STR("whole"));
	assert_int_equal(files_part_take(&p, &s, &e), RC_OK);
	assert_int_equal(p.size, 5);
	assert_int_equal(size_of(f, id), 5);
	/* The lock went along, and goes while the spool is still open. */
	assert_int_equal(files_part_open(&f->files, id, &second, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_UPLOAD_LOCKED);
	files_part_close(&p);
	assert_int_equal(files_part_open(&f->files, id, &second, &e), RC_OK);
	files_part_close(&second);
	files_spool_close(&s);
}

static void test_one_at_a_time_until_it_dies(void **state)
{
	struct fixture *f = *state;
	struct file_part p = { 0 };
	struct error e;
	int ready[2], status;
	char byte;
	pid_t pid;

	assert_int_equal(files_part_make(&f->files, id, 100, &e), RC_OK);
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		if (files_part_open(&f->files, id, &p, &e) != RC_OK ||
		    files_part_append(&p, NULL, STR("abc"), &e) != RC_OK ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(files_part_open(&f->files, id, &p, &e), RC_CONFLICT);
	assert_int_equal(size_of(f, id), 3);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(files_part_open(&f->files, id, &p, &e), RC_OK);
	assert_int_equal(p.size, 3);
	files_part_close(&p);
	close(ready[0]);
	close(ready[1]);
}

static void test_what_is_not_there(void **state)
{
	struct fixture *f = *state;
	struct file_part p = { 0 };
	struct error e;
	int64_t size = 7;

	assert_int_equal(files_part_open(&f->files, other_id, &p, &e), RC_NOT_FOUND);
	assert_int_equal(files_part_size(&f->files, other_id, &size, &e), RC_NOT_FOUND);
	assert_int_equal(size, 7);
	assert_int_equal(files_part_remove(&f->files, other_id, &e), RC_OK);
	assert_int_equal(files_part_make(&f->files, other_id, 1, &e), RC_OK);
	assert_int_equal(files_part_remove(&f->files, other_id, &e), RC_OK);
	assert_int_equal(files_part_size(&f->files, other_id, &size, &e), RC_NOT_FOUND);
}

static enum rc remove_parts(void *arg, const struct files_entry *entry, struct error *e)
{
	const struct files *files = arg;

	return entry->place == FILES_PART ? files_entry_remove(files, entry, e) : RC_OK;
}

static void test_the_walk_sees_parts(void **state)
{
	struct fixture *f = *state;
	struct error e;
	int64_t size;

	assert_int_equal(files_part_make(&f->files, id, 4096, &e), RC_OK);
	assert_int_equal(files_each(&f->files, remove_parts, &f->files, &e), RC_OK);
	assert_int_equal(files_part_size(&f->files, id, &size, &e), RC_NOT_FOUND);
}

static void test_room_is_taken_at_once(void **state)
{
	struct fixture *f = *state;
	char path[160];
	struct error e;
	struct stat st;

	assert_int_equal(files_part_make(&f->files, id, 4 << 20, &e), RC_OK);
	snprintf(path, sizeof path, "%s/parts/%.*s", f->upload, STR_ARG(id));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_true(st.st_blocks * 512 >= 4 << 20);
	/* More than any disk has. */
	assert_int_equal(files_part_make(&f->files, other_id, INT64_C(1) << 60, &e), RC_NO_SPACE);
	assert_int_equal(files_part_remove(&f->files, id, &e), RC_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_part_grows_and_is_kept),    TEST(test_a_whole_body_becomes_the_part),
		TEST(test_one_at_a_time_until_it_dies), TEST(test_what_is_not_there),
		TEST(test_the_walk_sees_parts),         TEST(test_room_is_taken_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
