/*
 * muster-scan's loop, sandbox and client together: the server runs in a forked
 * process on a socket of its own; judges that misbehave take the real one's place.
 */
#include "sys/clock.h"
#include "sys/scan_client.h"
#include "sys/scan_protocol.h"
#include "sys/scan_server.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define HONEST "tests/files/honest"
#define WAIT   20000

/* What the server reports, one per question, as it passes a pipe to the test. */
struct told {
	enum scan_outcome outcome;
	enum reason verdict;
	int signal;
};

struct fixture {
	char folder[64], socket[96];
	pid_t pid;
	int stop, told;
};

static void on_report(void *arg, const struct scan_report *r)
{
	struct told t = { r->outcome, r->verdict, r->signal };

	if (write(*(const int *)arg, &t, sizeof t) != (ssize_t)sizeof t)
		_exit(9);
}

static struct file_verdict judge_opens(struct magic_set *m, struct str bytes, struct str extension)
{
	(void)open("/etc/passwd", O_RDONLY);
	return scan_judge_file(m, bytes, extension);
}

static struct file_verdict judge_connects(struct magic_set *m, struct str bytes,
					  struct str extension)
{
	(void)socket(AF_UNIX, SOCK_STREAM, 0);
	return scan_judge_file(m, bytes, extension);
}

static struct file_verdict judge_forks(struct magic_set *m, struct str bytes, struct str extension)
{
	(void)fork();
	return scan_judge_file(m, bytes, extension);
}

static struct file_verdict judge_hangs(struct magic_set *m, struct str bytes, struct str extension)
{
	volatile size_t n = bytes.n;

	while (n > 0)
		n = bytes.n;
	return scan_judge_file(m, bytes, extension);
}

static struct file_verdict judge_crashes(struct magic_set *m, struct str bytes,
					 struct str extension)
{
	BUG(bytes.n > 0);
	return scan_judge_file(m, bytes, extension);
}

/* A child that was taken over and says that anything is a picture. */
static struct file_verdict judge_lies(struct magic_set *m, struct str bytes, struct str extension)
{
	(void)m, (void)bytes, (void)extension;
	return (struct file_verdict){ REASON_NONE, filetype_by_mime(STR("image/png")), "" };
}

/* By its extension: the same server must survive all of them. */
static struct file_verdict judge_by_extension(struct magic_set *m, struct str bytes,
					      struct str extension)
{
	static const struct {
		struct str extension;
		scan_judge *judge;
	} table[] = {
		{ STR_INIT("mp4"), judge_opens },   { STR_INIT("webm"), judge_connects },
		{ STR_INIT("mov"), judge_forks },   { STR_INIT("mp3"), judge_hangs },
		{ STR_INIT("wav"), judge_crashes }, { STR_INIT("pdf"), judge_lies },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (str_eq(table[i].extension, extension))
			return table[i].judge(m, bytes, extension);
	return scan_judge_file(m, bytes, extension);
}

static void serve(const struct fixture *f, int stop, int told, scan_judge *judge)
{
	struct scan_server s = {
		.timeout_ms = 400, .processes = 2, .report = on_report, .arg = &told
	};
	struct scan_kit kit;
	struct error e;

	if (scan_kit_open(&kit, &e) != RC_OK || scan_listen(f->socket, &s.listen_fd, &e) != RC_OK)
		_exit(8);
	kit.judge = judge;
	s.kit = &kit;
	s.stop_fd = stop;
	struct told ready = { 0 };
	if (write(told, &ready, sizeof ready) != (ssize_t)sizeof ready)
		_exit(9);
	enum rc rc = scan_serve(&s, &e);
	scan_kit_close(&kit);
	_exit(rc == RC_OK ? 0 : 7);
}

static struct told told_next(const struct fixture *f)
{
	struct told t;

	assert_int_equal(read(f->told, &t, sizeof t), (ssize_t)sizeof t);
	return t;
}

static struct fixture start(scan_judge *judge)
{
	struct fixture f;
	int stop[2], told[2];

	snprintf(f.folder, sizeof f.folder, "/tmp/muster-scan-test-XXXXXX");
	assert_non_null(mkdtemp(f.folder));
	snprintf(f.socket, sizeof f.socket, "%s/" SCAN_SOCKET_NAME, f.folder);
	assert_int_equal(pipe(stop), 0);
	assert_int_equal(pipe(told), 0);
	f.pid = fork();
	assert_true(f.pid >= 0);
	if (f.pid == 0) {
		close(stop[1]);
		close(told[0]);
		serve(&f, stop[0], told[1], judge);
	}
	close(stop[0]);
	close(told[1]);
	f.stop = stop[1];
	f.told = told[0];
	(void)told_next(&f); /* listening */
	return f;
}

static void stop(struct fixture *f)
{
	int status;

	close(f->stop);
	assert_int_equal(waitpid(f->pid, &status, 0), f->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(f->told);
	unlink(f->socket);
	rmdir(f->folder);
}

static enum rc ask_as(const struct fixture *f, const char *path, struct str extension,
		      struct file_verdict *v, struct error *e)
{
	struct stat st;
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	enum rc rc = scan_file(f->socket, fd, extension, st.st_size, WAIT, v, e);
	close(fd);
	return rc;
}

static void honest_files_pass_the_sandbox(void **state)
{
	struct fixture f = start(scan_judge_file);
	DIR *dir = opendir(HONEST);
	struct file_verdict v;
	struct error e;

	(void)state;
	for (const struct dirent *d = readdir(dir); d; d = readdir(dir)) {
		char path[512];

		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, HONEST "/%s", d->d_name);
		enum rc rc = ask_as(&f, path, filetype_extension(str_from(d->d_name)), &v, &e);
		if (rc != RC_OK)
			fail_msg("%s: %s", d->d_name, e.detail);
		assert_non_null(v.type);
		assert_int_equal(told_next(&f).outcome, SCAN_JUDGED);
	}
	closedir(dir);
	stop(&f);
}

static void refusals_have_their_reason(void **state)
{
	struct fixture f = start(scan_judge_file);
	struct file_verdict v = { .why = "untouched" };
	struct error e;

	(void)state;
	assert_int_equal(ask_as(&f, "tests/files/hostile/vba-project.docx", STR("docx"), &v, &e),
			 RC_INVALID);
	assert_int_equal(e.reason, REASON_FILE_MACROS);
	assert_int_equal(ask_as(&f, "tests/files/hostile/cut.png", STR("png"), &v, &e), RC_INVALID);
	assert_int_equal(e.reason, REASON_FILE_DAMAGED);
	assert_int_equal(ask_as(&f, "tests/files/hostile/page.html", STR("html"), &v, &e),
			 RC_INVALID);
	assert_int_equal(e.reason, REASON_FILE_TYPE);
	assert_int_equal(ask_as(&f, "tests/files/hostile/empty.pdf", STR("pdf"), &v, &e),
			 RC_INVALID);
	assert_int_equal(e.reason, REASON_FILE_EMPTY);
	assert_string_equal(v.why, "untouched");
	stop(&f);
}

static void misbehaving_children_die_and_the_helper_lives(void **state)
{
	static const struct {
		struct str extension;
		enum scan_outcome outcome;
		int signal;
	} cases[] = {
		{ STR_INIT("mp4"), SCAN_DIED, SIGSYS },
		{ STR_INIT("webm"), SCAN_DIED, SIGSYS },
		{ STR_INIT("mov"), SCAN_DIED, SIGSYS },
		{ STR_INIT("mp3"), SCAN_KILLED, SIGKILL },
		{ STR_INIT("wav"), SCAN_DIED, 0 /* any */ },
		{ STR_INIT("pdf"), SCAN_DIED, 0 },
	};
	struct fixture f = start(judge_by_extension);
	struct file_verdict v;
	struct error e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(ask_as(&f, HONEST "/im.png", cases[i].extension, &v, &e),
				 RC_DEPENDENCY);
		assert_int_equal(e.reason, REASON_FILE_SCAN);
		struct told t = told_next(&f);
		assert_int_equal(t.outcome, cases[i].outcome);
		if (cases[i].signal)
			assert_int_equal(t.signal, cases[i].signal);
		/* The next honest question is answered as ever. */
		assert_int_equal(ask_as(&f, HONEST "/im.png", STR("png"), &v, &e), RC_OK);
		assert_int_equal(told_next(&f).outcome, SCAN_JUDGED);
	}
	stop(&f);
}

/* More askers than children: all of them get their answer, none waits for a hanging one. */
static void many_at_once(void **state)
{
	struct fixture f = start(judge_by_extension);
	pid_t askers[12];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(askers); i++) {
		askers[i] = fork();
		assert_true(askers[i] >= 0);
		if (askers[i] == 0) {
			struct file_verdict v;
			struct error e;
			bool hangs = i < 2;
			enum rc rc = ask_as(&f, HONEST "/im.png", hangs ? STR("mp3") : STR("png"),
					    &v, &e);

			_exit(rc == (hangs ? RC_DEPENDENCY : RC_OK) ? 0 : 1);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(askers); i++) {
		int status;

		assert_int_equal(waitpid(askers[i], &status, 0), askers[i]);
		assert_int_equal(status, 0);
	}
	stop(&f);
}

static void raw_send(const struct fixture *f, const void *p, size_t n)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	memcpy(to.sun_path, f->socket, strlen(f->socket));
	assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
	assert_int_equal(send(fd, p, n, 0), (ssize_t)n);
	char answer[8];
	assert_int_equal(recv(fd, answer, sizeof answer, 0), 0); /* hung up on */
	close(fd);
}

static void questions_that_are_none(void **state)
{
	struct fixture f = start(scan_judge_file);
	struct scan_request r = { .protocol = SCAN_PROTOCOL, .size = 5 };
	struct file_verdict v;
	struct error e;

	(void)state;
	raw_send(&f, "x", 1);
	assert_int_equal(told_next(&f).outcome, SCAN_PEER);
	raw_send(&f, &r, sizeof r); /* no file came along */
	assert_int_equal(told_next(&f).outcome, SCAN_PEER);
	/* A size that is not the file's; a folder in place of a file. */
	int fd = open(HONEST "/im.png", O_RDONLY);
	assert_int_equal(scan_file(f.socket, fd, STR("png"), 7, WAIT, &v, &e), RC_DEPENDENCY);
	close(fd);
	fd = open(HONEST, O_RDONLY);
	assert_int_equal(scan_file(f.socket, fd, STR("png"), 4096, WAIT, &v, &e), RC_DEPENDENCY);
	close(fd);
	assert_int_equal(ask_as(&f, HONEST "/im.png", STR("png"), &v, &e), RC_OK);
	stop(&f);
}

static void helper_away(void **state)
{
	struct file_verdict v;
	struct error e;
	int fd = open(HONEST "/im.png", O_RDONLY);

	(void)state;
	assert_int_equal(scan_file("/tmp/muster-no-such.sock", fd, STR("png"), 579, WAIT, &v, &e),
			 RC_DEPENDENCY);
	assert_int_equal(e.reason, REASON_FILE_SCAN);
	close(fd);
}

static void socket_is_ours_alone(void **state)
{
	struct fixture f = start(scan_judge_file);
	struct stat st;
	struct error e;
	int fd;

	(void)state;
	assert_int_equal(stat(f.socket, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(scan_listen(f.socket, &fd, &e), RC_CONFLICT);
	stop(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_files_pass_the_sandbox),
		cmocka_unit_test(refusals_have_their_reason),
		cmocka_unit_test(misbehaving_children_die_and_the_helper_lives),
		cmocka_unit_test(many_at_once),
		cmocka_unit_test(questions_that_are_none),
		cmocka_unit_test(helper_away),
		cmocka_unit_test(socket_is_ours_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
