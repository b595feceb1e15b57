/*
 * muster-app: pages and JSON behind nginx, by pools of FastCGI workers.
 *
 *   muster-app --config F --static DIR              serve, in the foreground
 *   muster-app --config F --static DIR --nginx OUT  write nginx's locations and end
 *   muster-app --config F --check-config            look at the settings and end
 */
#include "main/muster-app/app.h"

#include "sys/proc.h"

#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

enum { ARENA_BYTES = 16 * 1024 * 1024, EXIT_USAGE = 2 };

enum { OPTION_CONFIG = 1, OPTION_STATIC, OPTION_NGINX, OPTION_CHECK, OPTION_HELP };

static const struct option options[] = {
	{ "config", required_argument, NULL, OPTION_CONFIG },
	{ "static", required_argument, NULL, OPTION_STATIC },
	{ "nginx", required_argument, NULL, OPTION_NGINX },
	{ "check-config", no_argument, NULL, OPTION_CHECK },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ 0 },
};

static void print_help(FILE *out)
{
	fputs("muster-app: pages and JSON of Muster, behind nginx\n"
	      "\n"
	      "  --config FILE    settings (see docs/settings.md)\n"
	      "  --static DIR     built static files, with HASH\n"
	      "  --nginx DIR      write http.conf, locations.conf and errors/ there and end\n"
	      "  --check-config   look at the settings and end\n"
	      "\n"
	      "TERM stops after the requests at hand, HUP reads the settings again and replaces\n"
	      "the workers one by one.\n",
	      out);
}

/* 0: go on; else the exit status plus one. */
static int read_options(int argc, char **argv, struct app_options *o)
{
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case OPTION_CONFIG:
			o->config = optarg;
			break;
		case OPTION_STATIC:
			o->static_dir = optarg;
			break;
		case OPTION_NGINX:
			o->nginx_dir = optarg;
			break;
		case OPTION_CHECK:
			o->is_check = true;
			break;
		case OPTION_HELP:
			print_help(stdout);
			return 1;
		default:
			print_help(stderr);
			return 1 + EXIT_USAGE;
		}
	}
	if (optind < argc) {
		print_help(stderr);
		return 1 + EXIT_USAGE;
	}
	return 0;
}

static enum rc run(struct app *a, struct error *e)
{
	TRY(proc_setup(e));
	if (a->opt.is_check)
		return config_check(a->opt.config, a->env, stdout, e);
	TRY(app_load(a, e));
	if (a->opt.nginx_dir)
		return nginx_write(a, e);
	return master_run(a, e);
}

int main(int argc, char **argv)
{
	struct app a = { .env = environ };
	struct error e;
	int end = read_options(argc, argv, &a.opt);
	enum rc rc;

	if (end)
		return end - 1;
	error_init(&e);
	arena_init(&a.arena, ARENA_BYTES, 0);
	log_init(&a.log, "muster-app", LOG_LEVEL_INFO);
	rc = run(&a, &e);
	if (rc != RC_OK)
		fprintf(stderr, "muster-app: %s\n", e.detail);
	router_free(a.router);
	arena_clear(&a.arena);
	return rc == RC_OK ? 0 : 1;
}
