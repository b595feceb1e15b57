/*
 * muster check-config
 */
#include "main/muster/cmd.h"

#include <stdio.h>

static const char usage[] =
	"usage: muster [--config FILE] check-config [--markdown | --table | --values]\n\n"
	"Looks at the settings, the folders and the secret files they name; says every problem.\n"
	"  --markdown  prints the documentation of all settings as Markdown\n"
	"  --table     prints it as plain text\n"
	"  --values    prints the values in force\n";

int cmd_check_config(struct muster *m, int argc, char **argv)
{
	struct error e;

	if (muster_help(argc, argv, usage) == 0)
		return 0;
	if (argc > 2)
		return muster_usage(usage);
	if (argc == 1) {
		error_init(&e);
		return config_check(m->config_path, m->env, stdout, &e) == RC_OK ? 0 : 1;
	}
	if (strcmp(argv[1], "--markdown") == 0) {
		config_print_markdown(stdout);
	} else if (strcmp(argv[1], "--table") == 0) {
		config_print_help(stdout);
	} else if (strcmp(argv[1], "--values") == 0) {
		if (!muster_settings(m))
			return 1;
		config_print_values(stdout, m->config);
	} else {
		return muster_usage(usage);
	}
	return 0;
}
