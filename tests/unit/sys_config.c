/*
 * Settings: defaults, file, environment, every kind of problem with its line,
 * secret files, and that docs/settings.md is what the table prints.
 */
#include "sys/config.h"

#include "base/arena.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* What is printed to a stream that text_open gave. */
struct text {
	char p[65536];
};

static FILE *text_open(struct text *t)
{
	FILE *f = fmemopen(t->p, sizeof t->p, "w");

	assert_non_null(f);
	return f;
}

struct fixture {
	struct arena a;
	const struct config *c;
	struct config_problems problems;
	struct error e;
};

static enum rc parse(struct fixture *f, struct str text, char *const *env)
{
	arena_init(&f->a, (size_t)4 << 20, 0);
	f->c = NULL;
	return config_parse(&f->a, text, env, &f->c, &f->problems, &f->e);
}

static void defaults(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(parse(&f, STR(""), NULL), RC_OK);
	assert_int_equal(f.c->pages_processes, 4);
	assert_int_equal(f.c->upload_max_bytes, 104857600);
	assert_int_equal(f.c->argon2_memory_kib, 19456);
	assert_true(str_eq(f.c->institution, STR("Muster")));
	assert_int_equal(f.c->allowed_hosts.n, 2);
	assert_true(str_eq(f.c->allowed_hosts.items[1], STR("localhost")));
	assert_false(f.c->demo);
	assert_int_equal(f.c->log_level, 1);
	assert_true(str_eq(config_language(f.c), STR("en")));
	assert_true(config_is_loopback(f.c));
	assert_false(config_is_tls(f.c));
	assert_int_equal(f.c->run_dir.p[f.c->run_dir.n], 0);
	arena_clear(&f.a);
}

static void file_then_environment(void **state)
{
	char *env[] = { (char[]){ "MUSTER_PAGES_PROCESSES=7" }, (char[]){ "HOME=/root" },
			(char[]){ "MUSTER_CONFIG=/etc/x" },     (char[]){ "MUSTER_TEST_DB=1" },
			(char[]){ "MUSTER_INSTITUTION=École" }, NULL };
	struct fixture f;

	(void)state;
	assert_int_equal(parse(&f,
			       STR("# a comment\r\n"
				   "\n"
				   "  institution =  A = B  \r\n"
				   "pages_processes=3\n"
				   "slow_processes = 5\n"
				   "demo = yes\n"
				   "default_language = fr\n"
				   "allowed_hosts = a.example b.example,\tc.example ,\n"
				   "upload_dir = /srv/files/\n"
				   "db_socket =\n"
				   "base_url = https://x.example"),
			       env),
			 RC_OK);
	assert_true(str_eq(f.c->institution, STR("École")));
	assert_int_equal(f.c->pages_processes, 7);
	assert_int_equal(f.c->slow_processes, 5);
	assert_true(f.c->demo);
	assert_true(str_eq(config_language(f.c), STR("fr")));
	assert_int_equal(f.c->allowed_hosts.n, 3);
	assert_true(str_eq(f.c->allowed_hosts.items[2], STR("c.example")));
	assert_true(str_eq(f.c->upload_dir, STR("/srv/files")));
	assert_true(str_empty(f.c->db_socket));
	assert_true(config_is_tls(f.c));
	arena_clear(&f.a);
}

static void problems_have_their_line(void **state)
{
	static const struct {
		struct str text;
		int line;
		struct str key, says;
	} cases[] = {
		{ STR_INIT("\n\nfoo = 1"), 3, STR_INIT("foo"), STR_INIT("is not a setting") },
		{ STR_INIT("Demo = yes"), 1, STR_INIT("Demo"), STR_INIT("is not a setting") },
		{ STR_INIT("demo yes"), 1, STR_INIT(""), STR_INIT("key = value") },
		{ STR_INIT("demo = yes\ndemo = no"), 2, STR_INIT("demo"), STR_INIT("line 1") },
		{ STR_INIT("demo = maybe"), 1, STR_INIT("demo"), STR_INIT("yes or no") },
		{ STR_INIT("listen_port = 0"), 1, STR_INIT("listen_port"), STR_INIT("1 to 65535") },
		{ STR_INIT("listen_port = 80 "
			   "80"),
		  1, STR_INIT("listen_port"), STR_INIT("whole number") },
		{ STR_INIT("listen_port ="), 1, STR_INIT("listen_port"), STR_INIT("whole number") },
		{ STR_INIT("institution ="), 1, STR_INIT("institution"), STR_INIT("empty") },
		{ STR_INIT("institution = a\001b"), 1, STR_INIT("institution"),
		  STR_INIT("control") },
		{ STR_INIT("institution = \xff"), 1, STR_INIT("institution"), STR_INIT("UTF-8") },
		{ STR_INIT("upload_dir = uploads"), 1, STR_INIT("upload_dir"),
		  STR_INIT("absolute") },
		{ STR_INIT("upload_dir = /a/../b"), 1, STR_INIT("upload_dir"),
		  STR_INIT("absolute") },
		{ STR_INIT("log_level = loud"), 1, STR_INIT("log_level"), STR_INIT("debug info") },
		{ STR_INIT("allowed_hosts = ,"), 1, STR_INIT("allowed_hosts"),
		  STR_INIT("1 to 32") },
		{ STR_INIT("base_url = ftp://x.example"), 0, STR_INIT("base_url"),
		  STR_INIT("http://") },
		{ STR_INIT("base_url = http://x/"), 0, STR_INIT("base_url"), STR_INIT("slash") },
		{ STR_INIT("demo = yes\nlisten_address = 0.0.0.0"), 0, STR_INIT("demo"),
		  STR_INIT("loopback") },
		{ STR_INIT("session_max_hours = 1"), 0, STR_INIT("session_idle_minutes"),
		  STR_INIT("longer") },
		{ STR_INIT("nginx_workers = 4\ncheck_in_threads = 128\ncheck_in_keepalive = 17"), 0,
		  STR_INIT("check_in_keepalive"), STR_INIT("more than half") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture f;

		assert_int_equal(parse(&f, cases[i].text, NULL), RC_INVALID);
		assert_null(f.c);
		struct config_problem p = f.problems.items[0];
		if (p.line != cases[i].line || !str_eq(p.key, cases[i].key) ||
		    str_find(p.text, cases[i].says) == SIZE_MAX)
			fail_msg("case %zu: line %d, %.*s: %.*s", i, p.line, STR_ARG(p.key),
				 STR_ARG(p.text));
		arena_clear(&f.a);
	}
}

static void all_problems_at_once(void **state)
{
	char *env[] = { (char[]){ "MUSTER_NOSUCH=1" }, (char[]){ "MUSTER_DB_PASSWORD_FILE=/x" },
			NULL };
	struct fixture f;

	(void)state;
	assert_int_equal(parse(&f, STR("a = 1\nb = 2\n"), env), RC_INVALID);
	assert_int_equal(f.problems.n, 4);
	assert_true(str_eq(f.problems.items[2].key, STR("MUSTER_NOSUCH")));
	assert_true(str_find(f.problems.items[3].text, STR("secret")) != SIZE_MAX);
	arena_clear(&f.a);
}

static void loopback(void **state)
{
	static const struct {
		struct str address;
		bool is;
	} cases[] = {
		{ STR_INIT("127.0.0.1"), true },
		{ STR_INIT("127.1.2.3"), true },
		{ STR_INIT("::1"), true },
		{ STR_INIT("localhost"), true },
		{ STR_INIT("0.0.0.0"), false },
		{ STR_INIT("192.168.1.1"), false },
		{ STR_INIT("127.0.0.1.example"), false },
		{ STR_INIT("::"), false },
		{ STR_INIT("1270.0.0.1"), false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct config c = { .listen_address = cases[i].address };

		assert_int_equal(config_is_loopback(&c), cases[i].is);
	}
}

static void print_and_read_again(void **state)
{
	static struct text text, again;
	struct fixture f, g;

	(void)state;
	assert_int_equal(parse(&f, STR("demo = yes\nallowed_hosts = a, b"), NULL), RC_OK);
	FILE *out = text_open(&text);
	config_print_values(out, f.c);
	fclose(out);
	assert_int_equal(parse(&g, str_from(text.p), NULL), RC_OK);
	out = text_open(&again);
	config_print_values(out, g.c);
	fclose(out);
	assert_string_equal(text.p, again.p);
	arena_clear(&f.a);
	arena_clear(&g.a);
}

/* To renew: MUSTER_TEST_RENEW=1 with this test. */
static void documentation_is_current(void **state)
{
	static struct text want, have;
	FILE *out = text_open(&want);

	(void)state;
	config_print_markdown(out);
	fclose(out);
	if (getenv("MUSTER_TEST_RENEW")) {
		FILE *file = fopen("docs/settings.md", "w");

		assert_non_null(file);
		assert_true(fputs(want.p, file) >= 0);
		fclose(file);
	}
	FILE *file = fopen("docs/settings.md", "r");
	assert_non_null(file);
	assert_true(fread(have.p, 1, sizeof have.p - 1, file) > 0);
	fclose(file);
	assert_string_equal(have.p, want.p);
}

static void file_make(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void secret_files(void **state)
{
	char folder[] = "/tmp/muster-config-XXXXXX", path[64], link_path[64];
	struct secret s;
	struct error e;
	struct arena a;
	uint8_t key[32];

	(void)state;
	arena_init(&a, (size_t)1 << 20, 0);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/secret", folder);
	snprintf(link_path, sizeof link_path, "%s/link", folder);
	struct str p = str_from(path);
	file_make(path, "pass word\n", 0600);
	assert_int_equal(config_secret_read(&a, p, &s, &e), RC_OK);
	assert_true(str_eq(secret_reveal(s), STR("pass word")));
	assert_int_equal(config_secret_read(&a, STR(""), &s, &e), RC_OK);
	assert_true(secret_empty(s));
	file_make(path, "x", 0640);
	assert_int_equal(config_secret_read(&a, p, &s, &e), RC_DEPENDENCY);
	assert_non_null(strstr(e.detail, "chmod 600"));
	file_make(path, "x", 0400);
	assert_int_equal(symlink(path, link_path), 0);
	assert_int_equal(config_secret_read(&a, str_from(link_path), &s, &e), RC_DEPENDENCY);
	assert_int_equal(config_secret_read(&a, str_from(folder), &s, &e), RC_DEPENDENCY);
	unlink(path);
	assert_int_equal(config_secret_read(&a, p, &s, &e), RC_DEPENDENCY);
	struct config c = { .server_key_file = p };
	file_make(path, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n", 0600);
	assert_int_equal(config_server_key(&c, key, &e), RC_OK);
	assert_int_equal(key[31], 31);
	file_make(path, "0001", 0600);
	assert_int_equal(config_server_key(&c, key, &e), RC_DEPENDENCY);
	assert_null(strstr(e.detail, "0001"));
	unlink(link_path);
	unlink(path);
	rmdir(folder);
	arena_clear(&a);
}

static void check_against_the_machine(void **state)
{
	char folder[] = "/tmp/muster-check-XXXXXX", path[64], key[64], text[1024];
	static struct text said;
	struct error e;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/settings", folder);
	snprintf(key, sizeof key, "%s/key", folder);
	snprintf(text, sizeof text,
		 "run_dir = %s/run\nupload_dir = %s/up\nspool_dir = %s/spool\n"
		 "server_key_file = %s\ndefault_zone = Europe/Paris\n",
		 folder, folder, folder, key);
	file_make(path, text, 0644);
	file_make(key, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n", 0600);
	FILE *out = text_open(&said);
	assert_int_equal(config_check(path, NULL, out, &e), RC_OK);
	fclose(out);
	assert_non_null(strstr(said.p, "is fine"));
	assert_int_equal(chmod(key, 0644), 0);
	snprintf(text + strlen(text) - strlen("Paris\n"), 32, "Atlantis\n");
	file_make(path, text, 0644);
	out = text_open(&said);
	assert_int_equal(config_check(path, NULL, out, &e), RC_INVALID);
	fclose(out);
	assert_non_null(strstr(said.p, "server_key_file: "));
	assert_non_null(strstr(said.p, "default_zone: "));
	out = text_open(&said);
	assert_int_equal(config_check("/nonexistent", NULL, out, &e), RC_DEPENDENCY);
	fclose(out);
	unlink(path);
	unlink(key);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(file_then_environment),
		cmocka_unit_test(problems_have_their_line),
		cmocka_unit_test(all_problems_at_once),
		cmocka_unit_test(loopback),
		cmocka_unit_test(print_and_read_again),
		cmocka_unit_test(documentation_is_current),
		cmocka_unit_test(secret_files),
		cmocka_unit_test(check_against_the_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
