/*
 * base/error.h, reason.h, heap.h and the abort of attr.h.
 */
#include "unit/guard.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/error.h"
#include "base/heap.h"

static enum rc fails(struct error *e)
{
	errno = ENOENT;
	return ERROR(e, RC_CONFLICT, REASON_CODE_TAKEN, "code of %d", 7);
}

static enum rc passes_on(struct error *e, bool *ret_came_back)
{
	TRY(fails(e));
	*ret_came_back = true;
	return RC_OK;
}

static void test_set(void **state)
{
	bool came_back = false;
	struct error e;

	(void)state;
	memset(&e, 0x55, sizeof e); /* needs no error_init */
	assert_int_equal(passes_on(&e, &came_back), RC_CONFLICT);
	assert_int_equal(errno, ENOENT);
	assert_false(came_back);
	assert_int_equal(e.rc, RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CODE_TAKEN);
	assert_string_equal(e.detail, "code of 7");
	assert_non_null(strstr(e.file, "base_error.c"));
	assert_true(e.line > 0);
	assert_int_equal(e.n_fields, 0);
	assert_int_equal(e.arg, 0);
	ERROR(&e, RC_INTERNAL, REASON_UNEXPECTED, "%s", e.detail); /* may use the old one */
	assert_string_equal(e.detail, "code of 7");
	ERROR(&e, RC_INTERNAL, REASON_UNEXPECTED, "%1000d", 1);
	assert_int_equal(strlen(e.detail), sizeof e.detail - 1);
}

static void test_fields(void **state)
{
	struct error e;

	(void)state;
	error_init(&e);
	assert_int_equal(ERROR_FIELD(&e, "code", REASON_TOO_LONG, 100), RC_INVALID);
	assert_int_equal(e.reason, REASON_FIELDS);
	for (int i = 0; i < 2 * ERROR_FIELDS_MAX; i++)
		ERROR_FIELD(&e, "other", REASON_REQUIRED, i);
	assert_int_equal(e.n_fields, ERROR_FIELDS_MAX);
	assert_string_equal(e.fields[0].field, "code");
	assert_int_equal(e.fields[0].arg, 100);
	assert_int_equal(e.fields[ERROR_FIELDS_MAX - 1].arg, ERROR_FIELDS_MAX - 2);
}

static void test_context(void **state)
{
	char longer[1000];
	struct error e;

	(void)state;
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	ERROR(&e, RC_DEPENDENCY, REASON_DATABASE_DOWN, "gone");
	error_context(&e, "session list");
	assert_string_equal(e.detail, "session list: gone");
	assert_int_equal(e.rc, RC_DEPENDENCY);
	error_context(&e, longer);
	assert_int_equal(strlen(e.detail), sizeof e.detail - 1);
	error_context(&e, "front");
	assert_int_equal(strlen(e.detail), sizeof e.detail - 1);
	assert_memory_equal(e.detail, "front: xxx", 10);
}

static void test_names(void **state)
{
	(void)state;
	for (int i = 0; i < RC__MAX; i++)
		assert_true(strlen(rc_name((enum rc)i)) > 0);
	assert_string_equal(rc_name(RC_NOT_SIGNED_IN), "not_signed_in");
	for (int i = 0; i < REASON__MAX; i++) {
		assert_true(strlen(reason_code((enum reason)i)) > 0);
		assert_true(i == 0 || strlen(reason_text((enum reason)i)) > 0);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(reason_code((enum reason)i),
						reason_code((enum reason)k));
	}
	assert_string_equal(reason_code(REASON_CODE_TAKEN), "code_taken");
}

static void test_heap(void **state)
{
	unsigned char *p = heap_new(100);

	(void)state;
	assert_non_null(p);
	for (int i = 0; i < 100; i++)
		assert_int_equal(p[i], 0);
	heap_free(p);
	p = heap_new(0);
	assert_non_null(p);
	heap_free(p);
	heap_free(NULL);
}

static void test_bug_aborts(void **state)
{
	char text[200];
	int pipe_fds[2], status;
	ssize_t n;
	pid_t child;

	(void)state;
	BUG(false);
	assert_int_equal(pipe(pipe_fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL); /* cmocka's or the sanitizer's would catch it */
		dup2(pipe_fds[1], STDERR_FILENO);
		BUG(1 + 1 == 2);
		_exit(0);
	}
	close(pipe_fds[1]);
	n = read(pipe_fds[0], text, sizeof text - 1);
	close(pipe_fds[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_true(n > 0);
	text[n] = '\0';
	assert_non_null(strstr(text, "BUG "));
	assert_non_null(strstr(text, ": 1 + 1 == 2\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),     cmocka_unit_test(test_fields),
		cmocka_unit_test(test_context), cmocka_unit_test(test_names),
		cmocka_unit_test(test_heap),    cmocka_unit_test(test_bug_aborts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
