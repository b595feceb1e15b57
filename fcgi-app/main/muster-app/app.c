/*
 * What the master knows before it forks: settings, assets, the router.
 */
#include "main/muster-app/app.h"

#include "api/openapi/openapi.h"
#include "base/num.h"
#include "sys/crypto.h"
#include "sys/fail.h"
#include "sys/proc.h"
#include "sys/scan_client.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASH_DIGITS = 12 };

static enum rc read_settings(struct app *a, const struct config **ret, struct error *e)
{
	struct config_problems problems = { 0 };
	enum rc rc = config_load(&a->arena, a->opt.config, a->env, ret, &problems, e);

	if (rc != RC_OK)
		config_print_problems(stderr, a->opt.config, &problems);
	return rc;
}

/* static_dir/HASH: twelve hex digits and a line end. */
static enum rc read_asset_hash(struct app *a, struct error *e)
{
	uint8_t bytes[HASH_DIGITS / 2];
	char text[HASH_DIGITS];
	struct str path;
	ssize_t n;
	int fd;

	a->asset_hash = STR("000000000000");
	if (a->opt.static_dir) {
		path = arena_printf(&a->arena, "%s/HASH", a->opt.static_dir);
		if (!path.p)
			return ERROR_MEMORY(e);
		fd = open(path.p, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED,
					   "%s cannot be opened: build the static files first",
					   path.p);
		n = read(fd, text, sizeof text);
		proc_close(fd);
		if (n != HASH_DIGITS || !num_hex(str_make(text, HASH_DIGITS), bytes, sizeof bytes))
			return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED,
				     "%s is not a hash of static files", path.p);
		a->asset_hash = arena_str(&a->arena, str_make(text, HASH_DIGITS));
	}
	a->asset_base = arena_printf(&a->arena, "/static/%.*s", STR_ARG(a->asset_hash));
	return a->asset_base.p && a->asset_hash.p ? RC_OK : ERROR_MEMORY(e);
}

/* Templates are part of the program, so its bytes and the assets' name a page's look. */
static enum rc name_build(struct app *a, struct error *e)
{
	uint8_t digest[CRYPTO_SHA256_SIZE];
	struct stat st;
	struct buf b;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	enum rc rc;

	if (fd < 0 || fstat(fd, &st) < 0) {
		proc_close(fd);
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "/proc/self/exe");
	}
	rc = crypto_sha256_file(fd, 0, st.st_size, digest, e);
	proc_close(fd);
	TRY(rc);
	buf_init(&b, &a->arena, 40, 40);
	buf_hex(&b, digest, 6);
	buf_add(&b, a->asset_hash);
	a->build = buf_str(&b);
	return buf_ok(&b) ? RC_OK : ERROR_MEMORY(e);
}

static void set_log_level(struct app *a)
{
	a->log.level = (enum log_level)a->config->log_level;
}

enum rc app_load(struct app *a, struct error *e)
{
	TRY(read_settings(a, &a->config, e));
	set_log_level(a);
	TRY(read_asset_hash(a, e));
	TRY(name_build(a, e));
	a->scan_socket =
		arena_printf(&a->arena, "%.*s/" SCAN_SOCKET_NAME, STR_ARG(a->config->run_dir));
	if (!a->scan_socket.p)
		return ERROR_MEMORY(e);
	a->pools[POOL_PAGES] =
		(struct app_pool){ "pages", "pages.sock", -1, a->config->pages_processes };
	a->pools[POOL_SLOW] =
		(struct app_pool){ "slow", "slow.sock", -1, a->config->slow_processes };
	a->pools[POOL_SIGN_IN] =
		(struct app_pool){ "sign-in", "sign-in.sock", -1, a->config->sign_in_processes };
	/* One process: its threads are a setting of its own. */
	a->pools[POOL_CHECK_IN] = (struct app_pool){ "check-in", "check-in.sock", -1, 1 };
	TRY(router_new(muster_routes, muster_n_routes, &a->router, e));
	return openapi_make(muster_routes, muster_n_routes, APP_VERSION, &a->arena, &a->openapi, e);
}

void app_reload(struct app *a)
{
	const struct config *config;
	struct error e;

	log_event(&a->log, LOGGED_RELOAD);
	error_init(&e);
	if (read_settings(a, &config, &e) != RC_OK || read_asset_hash(a, &e) != RC_OK ||
	    name_build(a, &e) != RC_OK) {
		log_event(&a->log, LOGGED_SETTING_PROBLEM, LOG_ERROR(&e));
		return;
	}
	a->config = config;
	set_log_level(a);
}

enum rc app_open_store(struct app *a, struct arena *arena, struct store **ret, struct error *e)
{
	const struct config *c = a->config;
	struct secret password = { 0 };

	if (c->db_password_file.n)
		TRY(config_secret_read(arena, c->db_password_file, &password, e));
	return store_open(
		&(struct store_options){
			.socket = c->db_socket,
			.host = c->db_host,
			.port = (int)c->db_port,
			.user = c->db_user,
			.password = secret_reveal(password),
			.database = c->db_name,
			.statement_timeout_ms = c->db_statement_timeout_s * 1000,
			.connect_timeout_s = c->db_connect_timeout_s,
			.on_commit = poke_send,
			.on_commit_arg = &a->relay,
		},
		ret, e);
}
