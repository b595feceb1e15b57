/*
 * Inside of muster-app: what its files share.
 *
 * The master reads settings, opens the sockets and the shared memory, and forks
 * workers; it serves nothing itself.  Everything a thread needs (database
 * connection, arena, descriptors) is opened after the fork.
 */
#ifndef MAIN_MUSTER_APP_H
#define MAIN_MUSTER_APP_H

#include "sys/log.h"
#include "sys/poke.h"
#include "web/router.h"
#include "web/worker.h"

#include <signal.h>
#include <sys/types.h>

#define APP_VERSION "0.1.0"

struct app_options {
	const char *config;     /* NULL: defaults and environment */
	const char *static_dir; /* folder with HASH; NULL: none */
	const char *nginx_dir;  /* write the locations there and end; NULL: serve */
	bool is_check;          /* --check-config */
};

struct app_pool {
	const char *name, *socket_name; /* "pages", "pages.sock" */
	int listen_fd;
	int64_t n_processes;
};

struct app {
	struct app_options opt;
	char *const *env;
	struct arena arena; /* of settings and what else lives as long as the master */
	struct log log;
	const struct config *config;
	struct router *router;
	struct shm *shm;
	struct meter *meter;
	struct app_pool pools[POOL__MAX];
	struct str asset_hash, asset_base; /* "0123456789ab", "/static/0123456789ab" */
	struct str build;
	struct str openapi;
	struct str scan_socket;
	struct poke relay; /* told of events by a worker's connections; opened after the fork */
};

/* routes.c: the one table. */
extern const struct route muster_routes[];
extern const size_t muster_n_routes;
/* How each family says errors, and the pages' hooks. */
void routes_families(struct web *w);

/* app.c: settings (problems are printed), assets, router. */
enum rc app_load(struct app *a, struct error *e) MUST_CHECK;
/* Settings again, after HUP; on failure the old ones hold. */
void app_reload(struct app *a);
/* The database, as its settings say; connects at the first use.  Its commits poke a->relay. */
enum rc app_open_store(struct app *a, struct arena *arena, struct store **ret,
		       struct error *e) MUST_CHECK;

/* nginx.c: http.conf, locations.conf and errors/ in opt.nginx_dir. */
enum rc nginx_write(const struct app *a, struct error *e) MUST_CHECK;
/* nginx_errors.c: the pages nginx shows itself, in both languages together. */
enum rc nginx_write_errors(const struct app *a, struct error *e) MUST_CHECK;
enum rc nginx_write_file(const struct app *a, const char *name, struct str text,
			 struct error *e) MUST_CHECK;
extern const int nginx_statuses[]; /* that have a page; ended by 0 */
extern const char *const nginx_family_names[FAMILY__MAX];
/* How the names of such pages end, from which nginx knows their type. */
const char *nginx_error_type(enum route_family family);

/* master.c: until TERM; RC_OK after an orderly end. */
enum rc master_run(struct app *a, struct error *e) MUST_CHECK;

/* worker.c: the life of a worker process.  Writes a byte to ready_fd once it serves.
 * Returns the exit status. */
int worker_run(struct app *a, enum route_pool pool, struct meter_slot *meter, int ready_fd);

#endif
