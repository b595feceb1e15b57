/*
 * Log lines, clocks and the first steps of a program.
 */
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/proc.h"

#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct clock noon = { .is_fake = true, .now_us = INT64_C(1763632800123456) };

struct capture {
	struct log log;
	int end;
	char text[8192];
};

static void capture_open(struct capture *c)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	log_init(&c->log, "test", LOG_LEVEL_INFO);
	c->log.fd = ends[1];
	c->log.clock = &noon;
	c->end = ends[0];
}

static struct str captured(struct capture *c)
{
	ssize_t n = read(c->end, c->text, sizeof c->text);

	return str_make(c->text, n > 0 ? (size_t)n : 0);
}

static void capture_close(struct capture *c)
{
	close(c->end);
	close(c->log.fd);
}

static void assert_has(struct str line, struct str part)
{
	if (str_find(line, part) == SIZE_MAX)
		fail_msg("no %.*s in %.*s", STR_ARG(part), STR_ARG(line));
}

static void line_of_all_kinds(void **state)
{
	struct capture c;
	struct error e;
	char want[256];

	(void)state;
	capture_open(&c);
	log_set_request(&c.log, STR("5f0c-A\n=\"9"));
	errno = ENOENT;
	log_event(&c.log, LOGGED_REQUEST, LOG_WORD("method", "GET"), LOG_STR("path", STR("/a b")),
		  LOG_I64("status", -200), LOG_SECRET("key", secret_make(STR("hunter2"))));
	assert_int_equal(errno, ENOENT);
	snprintf(want, sizeof want,
		 "ts=2025-11-20T10:00:00.123456Z level=info prog=test pid=%d event=request "
		 "req=5f0c-A9 method=GET path=\"/a b\" status=-200 key=***\n",
		 (int)getpid());
	assert_true(str_eq(captured(&c), str_from(want)));
	log_set_request(&c.log, STR(""));
	ERROR(&e, RC_CONFLICT, REASON_CODE_TAKEN, "code \"x\"");
	e.foreign = 1062;
	log_event(&c.log, LOGGED_REQUEST_FAILED, LOG_ERROR(&e), LOG_WORD("odd", "a b"));
	struct str line = captured(&c);
	assert_has(line, STR(" rc=conflict reason=code_taken foreign=1062 at="));
	assert_has(line, STR(" detail=\"code \\\"x\\\"\" odd=\"a b\"\n"));
	assert_int_equal(str_find(line, STR("req=")), SIZE_MAX);
	log_event(&c.log, LOGGED_RELOAD);
	assert_true(str_ends(captured(&c), STR("event=reload\n")));
	log_event(&c.log, LOGGED_DEBUG, LOG_STR("detail", STR("x")));
	assert_int_equal(captured(&c).n, 0);
	capture_close(&c);
}

static void text_is_escaped(void **state)
{
	static const struct {
		struct str in, out;
	} cases[] = {
		{ STR_INIT("a\nts=fake"), STR_INIT("\"a\\nts=fake\"") },
		{ STR_INIT("\r\t\"\\\x1b[2J\x7f"), STR_INIT("\"\\r\\t\\\"\\\\\\x1b[2J\\x7f\"") },
		{ STR_INIT("\0"), STR_INIT("\"\\x00\"") },
		{ STR_INIT("é→😀"), STR_INIT("\"é→😀\"") },
		{ STR_INIT("\xff\xc3("), STR_INIT("\"\\xff\\xc3(\"") },
		{ STR_INIT("\xe2\x80\xae"),
		  STR_INIT("\"\\xe2\\x80\\xae\"") },                  /* right-to-left override */
		{ STR_INIT("\xc2\x9b"), STR_INIT("\"\\xc2\\x9b\"") }, /* a C1 control */
		{ { NULL, 0 }, STR_INIT("\"\"") },
	};
	struct capture c;

	(void)state;
	capture_open(&c);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char want[128];

		log_event(&c.log, LOGGED_START, LOG_STR("k", cases[i].in));
		snprintf(want, sizeof want, " k=%.*s\n", STR_ARG(cases[i].out));
		assert_has(captured(&c), str_from(want));
	}
	capture_close(&c);
}

static void long_text_is_cut(void **state)
{
	char big[3000];
	struct capture c;

	(void)state;
	capture_open(&c);
	memset(big, 'x', sizeof big);
	memcpy(big + LOG_TEXT_MAX - 1, "é", 2); /* not in the middle of a character */
	log_event(&c.log, LOGGED_START, LOG_STR("k", str_make(big, sizeof big)));
	struct str line = captured(&c);
	assert_true(str_ends(line, STR("x…\"\n")));
	assert_true(utf8_valid(line));
	assert_true(line.n < LOG_TEXT_MAX + 120);
	/* Every byte escaped: four times as long; the line keeps its maximum. */
	memset(big, 1, sizeof big);
	struct str text = str_make(big, sizeof big);
	log_event(&c.log, LOGGED_START, LOG_STR("a", text), LOG_STR("b", text), LOG_STR("c", text));
	line = captured(&c);
	assert_true(line.n <= LOG_LINE_MAX);
	assert_has(line, STR(" a=\""));
	assert_true(str_ends(line, STR(" cut=1\n")));
	assert_int_equal(str_find(line, STR(" c=")), SIZE_MAX);
	capture_close(&c);
}

static void clocks(void **state)
{
	struct clock fake = { .is_fake = true, .now_us = 5, .mono_us = 7 };

	(void)state;
	assert_int_equal(clock_read_us(&fake), 5);
	assert_int_equal(clock_read_mono_us(&fake), 7);
	assert_true(clock_read_us(NULL) > INT64_C(1700000000) * US_PER_S);
	int64_t before = clock_mono_us();
	assert_true(clock_read_mono_us(NULL) >= before);
	assert_true(clock_cpu_us() >= 0);
}

/* In a child, since it changes the process. */
static void setup_of_a_program(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		struct sigaction now;
		struct error e;
		bool ok;

		close(0);
		close(2);
		ok = proc_setup(&e) == RC_OK;
		ok = ok && fcntl(0, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0;
		ok = ok && umask(0) == 077;
		ok = ok && sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
		sigset_t all;
		sigfillset(&all);
		sigprocmask(SIG_BLOCK, &all, NULL);
		signal(SIGTERM, SIG_IGN);
		proc_reset_signals();
		ok = ok && sigaction(SIGTERM, NULL, &now) == 0 && now.sa_handler == SIG_DFL;
		ok = ok && sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
		sigprocmask(SIG_BLOCK, NULL, &all);
		ok = ok && sigismember(&all, SIGTERM) == 0;
		proc_die_with_parent(getppid(), SIGKILL);
		_exit(ok ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void descriptors(void **state)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(proc_set_cloexec(fd, false));
	assert_int_equal(fcntl(fd, F_GETFD), 0);
	assert_true(proc_set_cloexec(fd, true));
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	errno = EDOM;
	proc_close(-1);
	proc_close(fd);
	assert_int_equal(errno, EDOM);
	assert_false(proc_set_cloexec(fd, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_of_all_kinds),  cmocka_unit_test(text_is_escaped),
		cmocka_unit_test(long_text_is_cut),   cmocka_unit_test(clocks),
		cmocka_unit_test(setup_of_a_program), cmocka_unit_test(descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
