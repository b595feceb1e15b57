/*
 * What the parts of muster-dev share.
 *
 * muster-dev is one process with one loop (child.c).  It runs once and ends, so
 * everything it allocates is in one arena and lives until then.  What a person
 * should know is a sentence on stderr at the place that knows it (dev_refuse);
 * the enum rc only says that it was said.
 */
#ifndef MAIN_MUSTER_DEV_DEV_H
#define MAIN_MUSTER_DEV_DEV_H

#include "base/arena.h"
#include "base/error.h"
#include "sys/config.h"

#include <stdio.h>
#include <sys/types.h>

#define DEV_CHILDREN_MAX 8

/* What the command line says.  Texts are NUL-terminated. */
struct dev_options {
	const char *var;    /* absolute after place_choose */
	bool is_var_chosen; /* by a person: it is not moved elsewhere */
	const char *bin, *static_dir, *sql, *nginx;
	const char *conf; /* settings file of a person's own; NULL: none */
	int port;         /* 0: any free one */
	bool demo;
	bool quiet;             /* logs go to their files only */
	bool only_database;     /* stop after the database (tests of the store) */
	bool with_parent;       /* end when the parent dies */
	const char *ready_file; /* NULL: none */
};

/* A program we started.  pid 0: not running. */
struct dev_child {
	const char *name;
	pid_t pid;
	int exit_status;  /* as from waitpid, once it has ended */
	bool is_expected; /* to end: a short task, or one that is being stopped; it is not shown */
	int out_fd;       /* its stdout and stderr; -1 closed */
	int log_fd;       /* log/<name>.log */
	char line[4096];
	size_t n_line;
};

struct dev {
	struct arena arena;
	struct dev_options opt;
	const char *run;       /* folder of the sockets */
	bool is_run_private;   /* run lies under /tmp and is removed at the end */
	const char *conf_text; /* content of opt.conf, read as whoever started us; NULL: none */
	const char *config;    /* conf/muster.conf */
	const struct config *settings; /* as the programs read them; after conf_write */
	const char *home;              /* HOME of the programs */
	const char *user;              /* whom root has become; NULL: started as an ordinary user */
	int lock_fd;
	int port_fd;   /* keeps the port ours until nginx has it; -1 */
	int signal_fd; /* TERM, INT, HUP, CHLD */
	int guard_fd;  /* to the guard process */
	pid_t guard;
	int n_signals; /* wishes to stop, so far */
	struct dev_child children[DEV_CHILDREN_MAX];
	size_t n_children;
};

/* ---- sentences and texts ------------------------------------------------------- */

/* "muster-dev: …" and a line end on stderr; returns RC_INVALID for `return`. */
enum rc dev_refuse(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* The same as news, not a refusal. */
void dev_say(const struct dev *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* NUL-terminated text in d->arena.  Without memory the process ends with a sentence. */
char *dev_text(struct dev *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The file's content with a line end dropped, or NULL (missing, above 32 KiB). */
char *dev_read(struct dev *d, const char *path);
/* Writes the whole file, mode as given, through a new file and a rename. */
enum rc dev_write(struct dev *d, const char *path, mode_t mode, const char *text) MUST_CHECK;

/* options.c: usage and faults are printed.  RC_INVALID: end with status 2. */
enum rc options_read(struct dev *d, int argc, char **argv) MUST_CHECK;

/* ---- user.c and place.c: as whom we are, and where it all lies ---------------------- */

/*
 * Started as root: chooses the unprivileged user, finds or makes a VAR it can
 * reach, puts the programs there when it cannot reach them, and becomes it.
 * Else only makes VAR.  Afterwards every path of d->opt is absolute and usable.
 */
enum rc place_choose(struct dev *d) MUST_CHECK;
/* One muster-dev per VAR: takes the lock, or says who has it. */
enum rc place_lock(struct dev *d) MUST_CHECK;
/* The folders of VAR, free disk, the port, the folder of the sockets. */
enum rc place_prepare(struct dev *d) MUST_CHECK;
/* Removes what place_prepare made outside VAR. */
void place_clear(struct dev *d);

/* ---- conf.c ---------------------------------------------------------------------- */

/* opt.conf, while we are still whoever started us. */
enum rc conf_read_own(struct dev *d) MUST_CHECK;
/* Secrets (once, mode 0600), muster.conf, the database's init file; sets d->settings. */
enum rc conf_write(struct dev *d) MUST_CHECK;
/* Is the database the one in VAR?  Otherwise the settings name another, which is left alone. */
bool conf_has_own_database(const struct dev *d);
/* "https://127.0.0.1:8443", or http. */
const char *conf_url(struct dev *d);
/* nginx.conf from the template; the generated locations are there already. */
enum rc conf_write_nginx(struct dev *d) MUST_CHECK;

/* ---- child.c: programs and the loop ------------------------------------------------- */

/* Blocks the signals we wait for and starts the guard.  Before any other child. */
enum rc child_setup(struct dev *d) MUST_CHECK;
/* Starts argv (NULL-terminated, argv[0] a path or found in PATH). */
enum rc child_start(struct dev *d, const char *name, const char *const *argv,
		    struct dev_child **ret_child) MUST_CHECK;
/*
 * Waits at most timeout_ms for output, deaths and signals, and deals with them.
 * RC_OK: go on.  RC_TIMEOUT: somebody wishes us to stop.  RC_DEPENDENCY: a
 * program ended that should not have (said already).
 */
enum rc child_step(struct dev *d, int timeout_ms) MUST_CHECK;
/* Starts a short task and waits for its end.  Its words are shown only when it fails. */
enum rc child_run(struct dev *d, const char *name, const char *const *argv) MUST_CHECK;
/* Stops all, latest first; those that hang are killed.  Leaves no process behind. */
void child_stop_all(struct dev *d);

/* guard.c: a process that ends the others when we are killed. */
pid_t guard_start(struct dev *d, int *ret_fd);
/* Tells the guard of a process group (added or gone). */
void guard_tell(const struct dev *d, pid_t group, bool is_added);

/* ---- database.c, ready.c ----------------------------------------------------------- */

/* Makes the data folder when there is none (whole or not at all), starts MariaDB, waits for it. */
enum rc database_start(struct dev *d) MUST_CHECK;
/* Path of the mark that nobody has seen this database yet; ready_tell removes it. */
char *database_first_start(struct dev *d);
/* Waits until GET /health and /health/live through nginx answer 200. */
enum rc ready_wait(struct dev *d) MUST_CHECK;
/* The address and the accounts on stdout, and the ready file. */
enum rc ready_tell(struct dev *d) MUST_CHECK;

#endif
