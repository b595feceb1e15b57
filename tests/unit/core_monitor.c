/*
 * Who may read /metrics.
 */
#include "unit/guard.h"

#include "core/monitor.h"

#include <stdio.h>
#include <stdlib.h>

static void test_only_this_machine_is_loopback(void **state)
{
	static const struct {
		const char *address;
		bool is_loopback;
	} cases[] = { { "127.0.0.1", true },
		      { "127.255.3.9", true },
		      { "::1", true },
		      { "::ffff:127.0.0.1", true },
		      { "", false },
		      { "128.0.0.1", false },
		      { "10.0.0.127", false },
		      { "127.0.0", false },
		      { "127.0.0.1.5", false },
		      { "127.0.0.256", false },
		      { "127.0.0.1 ", false },
		      { "1270.0.0.1", false },
		      { "unix:", false },
		      { "::", false },
		      { "::2", false },
		      { "::ffff:10.0.0.1", false },
		      { "fe80::127.0.0.1", false },
		      { "127.0.0.01x", false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(str_from(cases[i].address));

		if (monitor_is_loopback(g.s) != cases[i].is_loopback)
			fail_msg("%s", cases[i].address);
		guard_free(&g);
	}
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void test_a_token_opens_and_another_does_not(void **state)
{
	static const struct {
		const char *address, *forwarded, *authorization;
		enum rc rc;
	} cases[] = {
		{ "127.0.0.1", "", "", RC_OK },
		{ "127.0.0.1", "203.0.113.7", "", RC_NOT_FOUND },
		{ "203.0.113.7", "", "", RC_NOT_FOUND },
		{ "203.0.113.7", "127.0.0.1", "Bearer 0123456789abcdef", RC_OK },
		{ "203.0.113.7", "", "Bearer 0123456789abcdeX", RC_NOT_FOUND },
		{ "203.0.113.7", "", "Bearer 0123456789abcde", RC_NOT_FOUND },
		{ "203.0.113.7", "", "Bearer 0123456789abcdef ", RC_NOT_FOUND },
		{ "203.0.113.7", "", "Basic 0123456789abcdef", RC_NOT_FOUND },
		{ "203.0.113.7", "", "Bearer ", RC_NOT_FOUND },
		{ "127.0.0.1", "", "Bearer wrong", RC_NOT_FOUND },
	};
	char path[] = "/tmp/muster-token-XXXXXX";
	struct config config = { .metrics_token_file = { path, sizeof path - 1 } };
	struct arena a;
	struct core c = { .config = &config, .arena = &a };
	struct error e;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0 && close(fd) == 0);
	arena_init(&a, 1 << 16, 0);
	write_file(path, "0123456789abcdef\n");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct monitor_who who = { str_from(cases[i].address),
						 str_from(cases[i].forwarded),
						 str_from(cases[i].authorization) };

		error_init(&e);
		if (monitor_allowed(&c, &who, &e) != cases[i].rc)
			fail_msg("case %zu: %s", i, e.detail);
	}
	const struct monitor_who who = { STR("203.0.113.7"), STR(""), STR("Bearer short") };
	write_file(path, "short\n");
	assert_int_equal(monitor_allowed(&c, &who, &e), RC_INTERNAL);
	config.metrics_token_file = STR("");
	assert_int_equal(monitor_allowed(&c, &who, &e), RC_NOT_FOUND);
	arena_clear(&a);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_this_machine_is_loopback),
		cmocka_unit_test(test_a_token_opens_and_another_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
