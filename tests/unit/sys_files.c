/*
 * The file store: drafts by rename, copy and from memory, keeping, reading,
 * deleting, walking; what is refused; and that every failure leaves nothing
 * behind, with the kernel's own ENOSPC on a small file system.
 */
#include "sys/files.h"

#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	char root[64], upload[80], spool[96];
	struct files files;
};

static void store_open(struct fixture *f, int64_t reserve)
{
	struct error e;

	snprintf(f->upload, sizeof f->upload, "%s/uploads", f->root);
	snprintf(f->spool, sizeof f->spool, "%s/uploads/spool", f->root);
	if (files_open(&f->files, str_from(f->upload), str_from(f->spool), reserve, &e) != RC_OK)
		fail_msg("%s", e.detail);
}

static void begin(struct fixture *f)
{
	snprintf(f->root, sizeof f->root, "/tmp/muster-files-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	store_open(f, 0);
}

static void end(struct fixture *f)
{
	char command[128];
	pid_t pid = fork();

	files_close(&f->files);
	if (pid == 0) {
		execl("/bin/rm", "rm", "-rf", f->root, (char *)NULL);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	snprintf(command, sizeof command, "%s", f->root);
	assert_int_equal(access(command, F_OK), -1);
}

struct count {
	int kept, tmp, spool, other;
};

static enum rc count_entry(void *arg, const struct files_entry *entry, struct error *e)
{
	struct count *n = arg;

	(void)e;
	assert_true(entry->changed_us > INT64_C(1600000000) * US_PER_S);
	switch (entry->place) {
	case FILES_KEPT:
		n->kept++;
		break;
	case FILES_TMP:
		n->tmp++;
		break;
	case FILES_SPOOL:
		n->spool++;
		break;
	case FILES_PART: /* unit/sys_files_part.c */
	case FILES_OTHER:
		n->other++;
		break;
	}
	return RC_OK;
}

static void assert_holds(const struct fixture *f, int kept, int tmp, int spool, int other)
{
	struct count n = { 0 };
	struct error e;

	assert_int_equal(files_each(&f->files, count_entry, &n, &e), RC_OK);
	assert_int_equal(n.kept, kept);
	assert_int_equal(n.tmp, tmp);
	assert_int_equal(n.spool, spool);
	assert_int_equal(n.other, other);
}

static void spool_write(const struct fixture *f, const char *name, const char *text)
{
	char path[160];

	snprintf(path, sizeof path, "%s/%s", f->spool, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static struct file_spool spool_open(const struct fixture *f, const char *name)
{
	struct file_spool s;
	struct error e;
	char path[160];

	snprintf(path, sizeof path, "%s/%s", f->spool, name);
	if (files_spool_open(&f->files, str_from(path), &s, &e) != RC_OK)
		fail_msg("%s", e.detail);
	return s;
}

static void assert_content(const struct fixture *f, const struct file_draft *d, struct str want)
{
	uint8_t digest[32];
	char text[256];
	int64_t size;
	struct error e;
	int fd;

	assert_int_equal(files_read(&f->files, str_from(d->id), &fd, &size, &e), RC_OK);
	assert_int_equal(size, (int64_t)want.n);
	assert_int_equal(read(fd, text, sizeof text), (ssize_t)want.n);
	assert_memory_equal(text, want.p, want.n);
	close(fd);
	assert_int_equal(crypto_sha256(want, digest, &e), RC_OK);
	assert_memory_equal(d->sha256, digest, 32);
}

static void whole_body_by_rename(void **state)
{
	struct file_draft d = { 0 };
	struct fixture f;
	struct error e;

	(void)state;
	begin(&f);
	spool_write(&f, "0000000001", "the whole body");
	struct file_spool s = spool_open(&f, "0000000001");
	assert_int_equal(s.size, 14);
	assert_holds(&f, 0, 0, 1, 0);
	assert_int_equal(files_draft_take(&f.files, &s, &d, &e), RC_OK);
	files_spool_close(&s);
	assert_holds(&f, 0, 1, 0, 0);
	assert_int_equal(d.size, 14);
	assert_int_equal(files_draft_keep(&d, &e), RC_OK);
	assert_holds(&f, 1, 0, 0, 0);
	assert_content(&f, &d, STR("the whole body"));
	files_draft_drop(&d); /* kept: nothing happens */
	assert_holds(&f, 1, 0, 0, 0);
	assert_int_equal(files_delete(&f.files, str_from(d.id), &e), RC_OK);
	assert_int_equal(files_delete(&f.files, str_from(d.id), &e), RC_OK);
	assert_holds(&f, 0, 0, 0, 0);
	end(&f);
}

static void part_of_a_body_by_copy(void **state)
{
	struct file_draft d = { 0 };
	struct fixture f;
	struct error e;

	(void)state;
	begin(&f);
	spool_write(&f, "0000000002", "--boundary\r\nthe part\r\n--boundary--");
	struct file_spool s = spool_open(&f, "0000000002");
	assert_int_equal(files_draft_copy(&f.files, s.fd, 12, 8, &d, &e), RC_OK);
	assert_int_equal(lseek(s.fd, 0, SEEK_CUR), 0);
	assert_holds(&f, 0, 1, 1, 0);
	assert_int_equal(files_draft_keep(&d, &e), RC_OK);
	assert_content(&f, &d, STR("the part"));
	/* Beyond the end of the body. */
	struct file_draft untouched = { .size = 77 };
	assert_int_equal(files_draft_copy(&f.files, s.fd, 30, 100, &untouched, &e), RC_INVALID);
	assert_int_equal(e.reason, REASON_BODY_SHORT);
	assert_int_equal(untouched.size, 77);
	assert_holds(&f, 1, 0, 1, 0);
	/* Nothing is a part, too. */
	assert_int_equal(files_draft_copy(&f.files, s.fd, 5, 0, &d, &e), RC_OK);
	assert_int_equal(d.size, 0);
	files_draft_drop(&d);
	files_draft_drop(&d);
	assert_holds(&f, 1, 0, 1, 0);
	files_spool_close(&s);
	end(&f);
}

/* From another file system, where copy_file_range answers EXDEV. */
static void copy_from_elsewhere(void **state)
{
	struct file_draft d = { 0 };
	struct fixture f;
	struct error e;
	int fd = memfd_create("body", 0);

	(void)state;
	assert_int_equal(write(fd, "a:Name:b", 8), 8);
	begin(&f);
	assert_int_equal(files_draft_copy(&f.files, fd, 2, 5, &d, &e), RC_OK);
	assert_int_equal(files_draft_keep(&d, &e), RC_OK);
	assert_content(&f, &d, STR("Name:"));
	close(fd);
	end(&f);
}

static void from_memory(void **state)
{
	struct file_draft d = { 0 };
	struct fixture f;
	struct error e;
	struct stat st;
	char path[160], relative[FILES_PATH_SIZE];

	(void)state;
	begin(&f);
	assert_int_equal(files_draft_write(&f.files, STR("bytes"), &d, &e), RC_OK);
	char text[8];
	assert_int_equal(pread(d.fd, text, sizeof text, 0), 5); /* readable, for the type check */
	assert_int_equal(files_draft_keep(&d, &e), RC_OK);
	assert_content(&f, &d, STR("bytes"));
	assert_true(files_path(str_from(d.id), relative));
	snprintf(path, sizeof path, "%s/%s", f.upload, relative);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_nlink, 1);
	end(&f);
}

static void ids_are_checked(void **state)
{
	static const struct str bad[] = {
		STR_INIT(""),
		STR_INIT("../../../../../../../../etc/pass"),
		STR_INIT("0123456789abcdef0123456789abcde"),
		STR_INIT("0123456789abcdef0123456789abcdef0"),
		STR_INIT("0123456789ABCDEF0123456789abcdef"),
		STR_INIT("0123456789abcdef/123456789abcdef"),
	};
	char path[FILES_PATH_SIZE];
	struct fixture f;
	struct error e;
	int64_t size;
	int fd;

	(void)state;
	begin(&f);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(files_path(bad[i], path));
		assert_int_equal(files_read(&f.files, bad[i], &fd, &size, &e), RC_NOT_FOUND);
	}
	assert_true(files_path(STR("0123456789abcdef0123456789abcdef"), path));
	assert_string_equal(path, "01/23/0123456789abcdef0123456789abcdef");
	assert_int_equal(files_read(&f.files, STR("0123456789abcdef0123456789abcdef"), &fd, &size,
				    &e),
			 RC_NOT_FOUND);
	assert_int_equal(e.reason, REASON_FILE_GONE);
	end(&f);
}

static void body_paths_are_checked(void **state)
{
	static const char *const bad[] = { "",           "/etc/passwd", "%s",        "%s/",
					   "%s/../x",    "%s/a/b",      "%s.evil/0", "%s/.",
					   "%s/missing", "%s/link",     "%s/folder", "%s/pipe",
					   "%s/twice" };
	struct file_spool s = { .fd = 77 };
	char path[200], other[200];
	struct fixture f;
	struct error e;

	(void)state;
	begin(&f);
	spool_write(&f, "real", "x");
	snprintf(path, sizeof path, "%s/link", f.spool);
	assert_int_equal(symlink("real", path), 0);
	snprintf(path, sizeof path, "%s/folder", f.spool);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/pipe", f.spool);
	assert_int_equal(mkfifo(path, 0600), 0);
	spool_write(&f, "twice", "x");
	snprintf(path, sizeof path, "%s/twice", f.spool);
	snprintf(other, sizeof other, "%s/again", f.spool);
	assert_int_equal(link(path, other), 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		bool has_folder = strncmp(bad[i], "%s", 2) == 0;

		snprintf(path, sizeof path, "%s%s", has_folder ? f.spool : "",
			 bad[i] + (has_folder ? 2 : 0));
		if (files_spool_open(&f.files, str_from(path), &s, &e) != RC_INTERNAL)
			fail_msg("%s taken", path);
		assert_int_equal(s.fd, 77);
	}
	end(&f);
}

static void folders_are_checked(void **state)
{
	struct files files = { .upload_fd = 77 };
	struct fixture f;
	struct error e;
	char path[128];

	(void)state;
	begin(&f);
	/* Another file system: rename would fail. */
	assert_int_equal(files_open(&files, str_from(f.upload), STR("/dev/shm"), 0, &e),
			 RC_DEPENDENCY);
	assert_int_equal(files_open(&files, STR("/proc/nothing"), str_from(f.spool), 0, &e),
			 RC_DEPENDENCY);
	snprintf(path, sizeof path, "%s/open", f.root);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, 0777), 0);
	assert_int_equal(files_open(&files, str_from(path), str_from(f.spool), 0, &e),
			 RC_DEPENDENCY);
	assert_int_equal(files.upload_fd, 77);
	end(&f);
}

static void walk_knows_what_is_ours(void **state)
{
	struct file_draft d = { 0 };
	struct fixture f;
	struct error e;
	char path[160];

	(void)state;
	begin(&f);
	spool_write(&f, "0000000003", "left over");
	spool_write(&f, "README", "not nginx's");
	assert_int_equal(files_draft_write(&f.files, STR("x"), &d, &e), RC_OK);
	snprintf(path, sizeof path, "%s/README.md", f.upload);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_holds(&f, 0, 1, 1, 2);
	struct files_entry tmp = { .place = FILES_TMP, .name = str_from(d.id) };
	struct files_entry spool = { .place = FILES_SPOOL, .name = STR("0000000003") };
	assert_int_equal(files_entry_remove(&f.files, &tmp, &e), RC_OK);
	assert_int_equal(files_entry_remove(&f.files, &spool, &e), RC_OK);
	assert_int_equal(files_entry_remove(&f.files, &spool, &e), RC_OK);
	assert_holds(&f, 0, 0, 0, 2);
	files_draft_drop(&d);
	end(&f);
}

static void room_and_reserve(void **state)
{
	struct fixture f;
	struct error e;
	int64_t room;

	(void)state;
	begin(&f);
	assert_int_equal(files_free_bytes(&f.files, &room, &e), RC_OK);
	assert_true(room > 0);
	assert_int_equal(files_room(&f.files, 1000, &e), RC_OK);
	assert_int_equal(files_room(&f.files, INT64_MAX, &e), RC_NO_SPACE);
	assert_int_equal(e.reason, REASON_DISK_FULL);
	files_close(&f.files);
	store_open(&f, INT64_C(1) << 60);
	assert_int_equal(files_room(&f.files, 1000, &e), RC_NO_SPACE);
	end(&f);
}

static void proc_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		_exit(77);
	close(fd);
}

static void map_to_root(const char *path, unsigned id)
{
	char text[32];

	snprintf(text, sizeof text, "0 %u 1", id);
	proc_write(path, text);
}

/* In a child: a file system of 1 MiB in a name space of its own. 77: the kernel does not let us. */
static int on_small_disk(void)
{
	struct file_draft d = { .size = 77 };
	struct fixture f = { .root = "/tmp" };
	unsigned uid = geteuid(), gid = getegid();
	struct error e;
	char big[65536];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return 77;
	proc_write("/proc/self/setgroups", "deny");
	map_to_root("/proc/self/uid_map", uid);
	map_to_root("/proc/self/gid_map", gid);
	if (mount("none", "/tmp", "tmpfs", 0, "size=1m") != 0)
		return 77;
	store_open(&f, 0);
	memset(big, 'x', sizeof big);
	int body = open("/tmp/uploads/spool/1", O_RDWR | O_CREAT, 0600);
	for (int i = 0; i < 10; i++)
		if (write(body, big, sizeof big) != (ssize_t)sizeof big)
			return 2;
	/* 640 KiB are there, 640 more do not fit. */
	if (files_room(&f.files, 640 * 1024, &e) != RC_NO_SPACE)
		return 3;
	if (files_draft_copy(&f.files, body, 0, 640 * 1024, &d, &e) != RC_NO_SPACE ||
	    e.reason != REASON_DISK_FULL || e.foreign != ENOSPC || d.size != 77)
		return 4;
	assert_holds(&f, 0, 0, 1, 0);
	/* What fits still works afterwards. */
	if (files_draft_write(&f.files, STR("small"), &d, &e) != RC_OK ||
	    files_draft_keep(&d, &e) != RC_OK)
		return 5;
	assert_holds(&f, 1, 0, 1, 0);
	return 0;
}

static void disk_full(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(on_small_disk());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		print_message("no user name spaces here: ENOSPC is left to the next test\n");
	else
		assert_int_equal(WEXITSTATUS(status), 0);
}

/* The same by a limit on file sizes, which needs no rights at all. */
static void file_size_limit(void **state)
{
	struct fixture f;
	int status;

	(void)state;
	begin(&f);
	spool_write(&f, "1", "0123456789abcdef");
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct rlimit l = { 8, 8 };
		struct file_draft d = { 0 };
		struct error e;
		struct file_spool s = spool_open(&f, "1");

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &l);
		_exit(files_draft_copy(&f.files, s.fd, 0, 16, &d, &e) == RC_NO_SPACE &&
				      files_draft_write(&f.files, STR("0123456789"), &d, &e) ==
					      RC_NO_SPACE
			      ? 0
			      : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_holds(&f, 0, 0, 1, 0);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_body_by_rename), cmocka_unit_test(part_of_a_body_by_copy),
		cmocka_unit_test(copy_from_elsewhere),  cmocka_unit_test(from_memory),
		cmocka_unit_test(ids_are_checked),      cmocka_unit_test(body_paths_are_checked),
		cmocka_unit_test(folders_are_checked),  cmocka_unit_test(walk_knows_what_is_ours),
		cmocka_unit_test(room_and_reserve),     cmocka_unit_test(disk_full),
		cmocka_unit_test(file_size_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
