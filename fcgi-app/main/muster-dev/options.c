/*
 * Command line of muster-dev.  Knows the options and their defaults, not what
 * they are good for.  Paths become absolute in place.c.
 */
#include "main/muster-dev/dev.h"

#include "base/num.h"

#include <getopt.h>

static const char usage[] =
	"usage: muster-dev [options]\n"
	"Runs all of Muster from one folder, in the foreground; Ctrl-C ends it.\n"
	"  --var DIR          folder for database, files, sockets and logs\n"
	"  --default-var DIR  the same, but may be moved where an unprivileged user reaches it\n"
	"  --bin DIR          the programs (default: where this one is)\n"
	"  --static DIR       built static files\n"
	"  --sql DIR          migrations and demo data\n"
	"  --nginx DIR        template of the site\n"
	"  --conf FILE        settings of your own, over those made here: another database, a\n"
	"                     certificate (see docs/operating.md)\n"
	"  --port N           port on 127.0.0.1; 0 takes a free one (default 8080)\n"
	"  --demo 0|1         demo data in an empty database (default 1)\n"
	"  --ready-file FILE  JSON with address and paths, written when all answer\n"
	"  --quiet            logs go to VAR/log only\n"
	"  --only-database    MariaDB and nothing else\n"
	"  --with-parent      end when the process that started this one ends\n";

enum option_name {
	OPTION_VAR = 1,
	OPTION_DEFAULT_VAR,
	OPTION_BIN,
	OPTION_STATIC,
	OPTION_SQL,
	OPTION_NGINX,
	OPTION_CONF,
	OPTION_PORT,
	OPTION_DEMO,
	OPTION_READY_FILE,
	OPTION_QUIET,
	OPTION_ONLY_DATABASE,
	OPTION_WITH_PARENT,
	OPTION_HELP
};

static const struct option options[] = {
	{ "var", required_argument, NULL, OPTION_VAR },
	{ "default-var", required_argument, NULL, OPTION_DEFAULT_VAR },
	{ "bin", required_argument, NULL, OPTION_BIN },
	{ "static", required_argument, NULL, OPTION_STATIC },
	{ "sql", required_argument, NULL, OPTION_SQL },
	{ "nginx", required_argument, NULL, OPTION_NGINX },
	{ "conf", required_argument, NULL, OPTION_CONF },
	{ "port", required_argument, NULL, OPTION_PORT },
	{ "demo", required_argument, NULL, OPTION_DEMO },
	{ "ready-file", required_argument, NULL, OPTION_READY_FILE },
	{ "quiet", no_argument, NULL, OPTION_QUIET },
	{ "only-database", no_argument, NULL, OPTION_ONLY_DATABASE },
	{ "with-parent", no_argument, NULL, OPTION_WITH_PARENT },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

static enum rc read_number(const char *name, const char *text, int64_t max, int64_t *ret_v)
{
	if (num_i64(str_from(text), 0, max, ret_v))
		return RC_OK;
	return dev_refuse("%s=%s: it must be a number from 0 to %lld.", name, text, (long long)max);
}

/* One option into *o. */
static enum rc read_option(struct dev_options *o, int option, const char *value)
{
	int64_t number;

	switch (option) {
	case OPTION_VAR:
	case OPTION_DEFAULT_VAR:
		o->var = value;
		o->is_var_chosen = option == OPTION_VAR;
		return RC_OK;
	case OPTION_BIN:
		o->bin = value;
		return RC_OK;
	case OPTION_STATIC:
		o->static_dir = value;
		return RC_OK;
	case OPTION_SQL:
		o->sql = value;
		return RC_OK;
	case OPTION_NGINX:
		o->nginx = value;
		return RC_OK;
	case OPTION_CONF:
		o->conf = value;
		return RC_OK;
	case OPTION_PORT:
		TRY(read_number("PORT", value, 65535, &number));
		o->port = (int)number;
		return RC_OK;
	case OPTION_DEMO:
		TRY(read_number("DEMO", value, 1, &number));
		o->demo = number == 1;
		return RC_OK;
	case OPTION_READY_FILE:
		o->ready_file = value;
		return RC_OK;
	case OPTION_QUIET:
		o->quiet = true;
		return RC_OK;
	case OPTION_ONLY_DATABASE:
		o->only_database = true;
		return RC_OK;
	case OPTION_WITH_PARENT:
		o->with_parent = true;
		return RC_OK;
	default:
		fputs(usage, option == OPTION_HELP ? stdout : stderr);
		return RC_INVALID;
	}
}

enum rc options_read(struct dev *d, int argc, char **argv)
{
	struct dev_options o = { .port = 8080,
				 .demo = true,
				 .var = "var",
				 .static_dir = "build/static",
				 .sql = "sql",
				 .nginx = "nginx" };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		TRY(read_option(&o, option, optarg));
	if (optind < argc)
		return dev_refuse("%s is not an option; --help lists them.", argv[optind]);
	d->opt = o;
	return RC_OK;
}
