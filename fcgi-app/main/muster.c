/*
 * muster: the operator's command.
 *
 *   muster [--config FILE] COMMAND [ARGUMENTS]
 *
 * The table below is the help, too.  Everything an operator does is a command with
 * --help; passwords are never arguments.
 */
#include "main/muster/cmd.h"

#include "sys/proc.h"

#include <stdio.h>
#include <unistd.h>

#define ARENA_BUDGET ((size_t)256 << 20)

static const struct {
	const char *name;
	int (*run)(struct muster *m, int argc, char **argv);
	const char *help;
} commands[] = {
	{ "check-config", cmd_check_config,
	  "looks at the settings, or prints their documentation" },
	{ "demo", cmd_demo, "loads the demo data into an empty database" },
	{ "doctor", cmd_doctor, "looks at everything the programs need" },
	{ "import", cmd_import, "people and enrolments from a CSV file, and taking them back" },
	{ "migrate", cmd_migrate, "brings the database's tables up to date" },
	{ "schema", cmd_schema, "prints the tables as sql/schema.sql has them" },
	{ "user", cmd_user, "makes, lists and disables accounts, sets passwords" },
	{ "verify-audit", cmd_verify_audit, "proves that the audit log is as it was written" },
};

static void print_help(FILE *out)
{
	fprintf(out, "usage: muster [--config FILE] COMMAND [ARGUMENTS]\n\ncommands:\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(out, "  %-14s %s\n", commands[i].name, commands[i].help);
	fprintf(out, "\nmuster COMMAND --help says more.\n");
}

static int run(struct muster *m, int argc, char **argv)
{
	int at = 1;

	if (argc > 2 && strcmp(argv[1], "--config") == 0) {
		m->config_path = argv[2];
		at = 3;
	}
	if (at >= argc) {
		print_help(stderr);
		return 2;
	}
	if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "help") == 0) {
		print_help(stdout);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(argv[at], commands[i].name) == 0)
			return commands[i].run(m, argc - at, argv + at);
	}
	fprintf(stderr, "muster: there is no command \"%s\"\n", argv[at]);
	print_help(stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct muster m = { .env = environ };
	struct error e;

	error_init(&e);
	if (proc_setup(&e) != RC_OK)
		return muster_fail("start", &e);
	arena_init(&m.arena, ARENA_BUDGET, 0);
	const int status = run(&m, argc, argv);
	store_close(m.store);
	arena_clear(&m.arena);
	if (fflush(stdout) != 0)
		return 1;
	return status;
}
