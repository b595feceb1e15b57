/*
 * muster user: accounts, from the operator's side.
 *
 * Passwords come from the terminal, without echo and twice, or from the first line of
 * the standard input when that is no terminal: arguments can be seen by everybody on
 * the machine.
 */
#include "main/muster/cmd.h"

#include "core/identity/account.h"
#include "core/identity/password.h"

#include <errno.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#define LIST_STEP 500

static const char usage[] =
	"usage: muster [--config FILE] user create USERNAME [--role ROLE] [--email ADDRESS]\n"
	"                   [--given-name NAME] [--family-name NAME] [--branch NAME]\n"
	"       muster [--config FILE] user password USERNAME\n"
	"       muster [--config FILE] user disable USERNAME\n"
	"       muster [--config FILE] user list\n\n"
	"ROLE is super_admin (the default), branch_admin, faculty, employee or student.\n"
	"The password is asked for, or is the first line of the standard input.\n";

/* One line without its end, into at most n bytes; false when it is longer or there is none. */
static bool read_line(char *line, size_t n, size_t *ret_n)
{
	size_t at = 0;

	for (;;) {
		char c;
		const ssize_t got = read(0, &c, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || c == '\n') {
			*ret_n = at;
			return got > 0 || at > 0;
		}
		if (at == n)
			return false;
		line[at++] = c;
	}
}

static bool ask(const char *prompt, char *line, size_t n, size_t *ret_n)
{
	struct termios old, quiet;

	if (tcgetattr(0, &old) != 0)
		return read_line(line, n, ret_n);
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	fprintf(stderr, "%s: ", prompt);
	if (tcsetattr(0, TCSAFLUSH, &quiet) != 0)
		return false;
	const bool ok = read_line(line, n, ret_n);
	tcsetattr(0, TCSAFLUSH, &old);
	fputc('\n', stderr);
	return ok;
}

static bool read_password(struct arena *a, struct secret *ret)
{
	char *first = arena_alloc(a, PASSWORD_MAX_BYTES);
	char *second = arena_alloc(a, PASSWORD_MAX_BYTES);
	size_t n, n_second;

	if (first == NULL || second == NULL || !ask("Password", first, PASSWORD_MAX_BYTES, &n)) {
		fprintf(stderr, "muster: user: no password was given\n");
		return false;
	}
	if (isatty(0) && (!ask("Again", second, PASSWORD_MAX_BYTES, &n_second) ||
			  !str_eq(str_make(first, n), str_make(second, n_second)))) {
		fprintf(stderr, "muster: user: the two passwords differ\n");
		return false;
	}
	*ret = secret_make(str_make(first, n));
	return true;
}

/* --key value pairs after the username. */
static bool read_options(int argc, char **argv, struct account_in *in)
{
	const struct {
		const char *key;
		struct str *value;
	} texts[] = { { "--email", &in->email },
		      { "--given-name", &in->given_name },
		      { "--family-name", &in->family_name },
		      { "--branch", &in->branch } };

	for (int i = 0; i < argc; i += 2) {
		bool known = false;
		if (i + 1 == argc)
			return false;
		if (strcmp(argv[i], "--role") == 0) {
			in->role = role_from(str_from(argv[i + 1]));
			known = true;
		}
		for (size_t k = 0; k < ARRAY_LEN(texts); k++) {
			if (strcmp(argv[i], texts[k].key) == 0) {
				*texts[k].value = str_from(argv[i + 1]);
				known = true;
			}
		}
		if (!known)
			return false;
	}
	return true;
}

static int create(struct muster *m, int argc, char **argv)
{
	struct account_in in = { .role = ROLE_SUPER_ADMIN };
	struct core c = muster_core(m);
	struct error e;
	int64_t id;

	if (argc < 2 || !read_options(argc - 2, argv + 2, &in))
		return muster_usage(usage);
	in.username = str_from(argv[1]);
	if (!read_password(&m->arena, &in.password))
		return 1;
	error_init(&e);
	if (account_create(&c, &in, &id, &e) != RC_OK)
		return muster_fail("user create", &e);
	printf("Account %lld: %s, %s\n", (long long)id, argv[1], role_name(in.role));
	return 0;
}

static int set_password(struct muster *m, int argc, char **argv)
{
	struct core c = muster_core(m);
	struct secret password;
	struct error e;

	if (argc != 2)
		return muster_usage(usage);
	if (!read_password(&m->arena, &password))
		return 1;
	error_init(&e);
	if (account_set_password(&c, str_from(argv[1]), password, &e) != RC_OK)
		return muster_fail("user password", &e);
	printf("The password is set; all sessions of %s have ended.\n", argv[1]);
	return 0;
}

static int disable(struct muster *m, int argc, char **argv)
{
	struct core c = muster_core(m);
	struct error e;

	if (argc != 2)
		return muster_usage(usage);
	error_init(&e);
	if (account_disable(&c, str_from(argv[1]), &e) != RC_OK)
		return muster_fail("user disable", &e);
	printf("%s can no longer sign in; all sessions have ended.\n", argv[1]);
	return 0;
}

/* Names come from people: controls would reach the terminal. */
static void print_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		putchar((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F ? '?' : s.p[i]);
}

static void print_row(const struct account_row *r)
{
	const struct str cells[] = { r->username,   r->role,        r->email,
				     r->given_name, r->family_name, r->branch };

	printf("%lld", (long long)r->id);
	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		putchar('\t');
		print_text(cells[i]);
	}
	printf("\t%s%s\n", r->disabled_at == NO_TIME ? "active" : "disabled",
	       r->is_demo ? ", demo" : "");
}

static int list(struct muster *m, int argc, char **argv)
{
	struct core c = muster_core(m);
	const struct account_row *rows;
	int64_t last = 0;
	struct error e;
	size_t n;

	(void)argv;
	if (argc != 1)
		return muster_usage(usage);
	printf("id\tusername\trole\temail\tgiven name\tfamily name\tbranch\tstate\n");
	do {
		error_init(&e);
		if (account_list(&c, last, LIST_STEP, &rows, &n, &e) != RC_OK)
			return muster_fail("user list", &e);
		for (size_t i = 0; i < n; i++)
			print_row(&rows[i]);
		last = n > 0 ? rows[n - 1].id : last;
	} while (n == LIST_STEP);
	return 0;
}

int cmd_user(struct muster *m, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct muster *m, int argc, char **argv);
	} rows[] = { { "create", create },
		     { "password", set_password },
		     { "disable", disable },
		     { "list", list } };
	struct error e;

	if (muster_help(argc, argv, usage) == 0)
		return 0;
	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(rows); i++) {
		if (strcmp(argv[1], rows[i].name) != 0)
			continue;
		if (!muster_settings(m))
			return 1;
		error_init(&e);
		if (muster_open_app(m, &e) != RC_OK)
			return muster_fail("user", &e);
		return rows[i].run(m, argc - 1, argv + 1);
	}
	return muster_usage(usage);
}
