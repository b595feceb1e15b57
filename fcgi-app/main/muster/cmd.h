/*
 * The operator's command: what its sub-commands share.
 *
 * One file per sub-command, one row in the table of main/muster.c.  A sub-command
 * gets its own arguments (argv[0] is its name), prints for people, and returns the
 * exit status: 0 done, 1 failed, 2 wrongly called.
 */
#ifndef MAIN_MUSTER_CMD_H
#define MAIN_MUSTER_CMD_H

#include "core/core.h"
#include "sys/config.h"

struct muster {
	const char *config_path; /* NULL: defaults and environment */
	char *const *env;
	struct arena arena;
	const struct config *config; /* NULL until muster_settings */
	struct store *store;         /* what muster_open_* opened; closed by main */
};

int cmd_check_config(struct muster *m, int argc, char **argv);
int cmd_demo(struct muster *m, int argc, char **argv);
int cmd_doctor(struct muster *m, int argc, char **argv);
int cmd_import(struct muster *m, int argc, char **argv);
int cmd_migrate(struct muster *m, int argc, char **argv);
int cmd_schema(struct muster *m, int argc, char **argv);
int cmd_user(struct muster *m, int argc, char **argv);
int cmd_verify_audit(struct muster *m, int argc, char **argv);

/* Reads the settings; prints what is wrong with them and returns false. */
bool muster_settings(struct muster *m) MUST_CHECK;
/* Opens m->store as the programs' account; settings must have been read. */
enum rc muster_open_app(struct muster *m, struct error *e) MUST_CHECK;
/* Opens m->store as the owner of the tables, using (and making) the database. */
enum rc muster_open_owner(struct muster *m, struct error *e) MUST_CHECK;
/* A context of the operator, who is nobody's account. */
struct core muster_core(struct muster *m);

/* "muster: what: the detail" on stderr; fields at fault one by one.  Returns 1. */
int muster_fail(const char *what, const struct error *e);
/* Prints `usage` and returns 0 when --help is among the arguments, else -1. */
int muster_help(int argc, char **argv, const char *usage);
/* Prints `usage` on stderr; returns 2. */
int muster_usage(const char *usage);

#endif
