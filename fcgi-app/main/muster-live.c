/*
 * muster-live: the real-time gateway, on run_dir/live.sock behind nginx.
 *
 *   muster-live [--config FILE]
 *   muster-live --conformance [ADDRESS:]PORT     for protocol suites; loopback only (docs/live.md)
 *
 * TERM and INT end it in order.  What it does is in live/; this is its start, its sockets and its
 * end.
 */
#include "base/num.h"
#include "core/identity/token.h"
#include "live/conformance.h"
#include "main/muster-live/doors.h"
#include "sys/config.h"
#include "sys/fail.h"
#include "sys/proc.h"

#include <arpa/inet.h>
#include <malloc.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define CONFIG_MEMORY ((size_t)4 << 20)
#define BACKLOG       1024

struct gateway {
	struct log *log;
	const struct config *config;
	struct arena *settings;
	struct secret password;
	struct zones *zones;
	struct token_key token_key;
	struct live_options o;
};

/* TERM and INT as a descriptor; call threads inherit the mask. */
static int stop_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	BUG(sigprocmask(SIG_BLOCK, &set, NULL) != 0);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* ---- sockets ------------------------------------------------------------------------------------
 */

static enum rc listen_unix(const struct config *c, struct sockaddr_un *at, int *ret_fd,
			   struct error *e)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	*at = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(at->sun_path, sizeof at->sun_path, "%s/live.sock", c->run_dir.p);
	unlink(at->sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)at, sizeof *at) != 0 ||
	    chmod(at->sun_path, 0600) != 0 || listen(fd, BACKLOG) != 0) {
		proc_close(fd);
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "socket %s", at->sun_path);
	}
	*ret_fd = fd;
	return RC_OK;
}

/* "3000", "127.0.0.1:3000", "[::1]:3000"; anything but loopback is refused. */
static enum rc read_place(const char *text, struct sockaddr_storage *ret, socklen_t *ret_n,
			  struct error *e)
{
	struct str s = str_from(text);
	size_t colon = str_rfind_char(s, ':');
	struct str host = colon == SIZE_MAX ? STR("127.0.0.1") : str_sub(s, 0, colon);
	struct str port = colon == SIZE_MAX ? s : str_from_pos(s, colon + 1);
	struct sockaddr_in *v4 = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;
	int64_t n;

	memset(ret, 0, sizeof *ret);
	if (!num_i64(port, 1, 65535, &n))
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED, "no port: %s", text);
	if (str_eq(host, STR("127.0.0.1")) || str_eq(host, STR("localhost"))) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)n);
		v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		*ret_n = sizeof *v4;
	} else if (str_eq(host, STR("[::1]"))) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)n);
		v6->sin6_addr = in6addr_loopback;
		*ret_n = sizeof *v6;
	} else {
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED,
			     "conformance mode is for loopback only, not for %.*s", STR_ARG(host));
	}
	return RC_OK;
}

static enum rc listen_loopback(const char *place, int *ret_fd, struct error *e)
{
	struct sockaddr_storage at;
	const int on = 1;
	socklen_t n = 0;
	int fd;

	TRY(read_place(place, &at, &n, e));
	fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
	    bind(fd, (struct sockaddr *)&at, n) != 0 || listen(fd, BACKLOG) != 0) {
		proc_close(fd);
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s", place);
	}
	*ret_fd = fd;
	return RC_OK;
}

/* ---- serving
 * ---------------------------------------------------------------------------------------- */

static enum rc open_store(void *arg, struct store **ret, struct error *e)
{
	const struct gateway *g = arg;
	const struct config *c = g->config;

	return store_open(
		&(struct store_options){
			.socket = c->db_socket,
			.host = c->db_host,
			.port = (int)c->db_port,
			.user = c->db_user,
			.password = secret_reveal(g->password),
			.database = c->db_name,
			.statement_timeout_ms = c->db_statement_timeout_s * 1000,
			.connect_timeout_s = c->db_connect_timeout_s,
		},
		ret, e);
}

static void set_limits(const struct config *c, struct live_limits *m)
{
	*m = (struct live_limits){
		.connections = c->live_connections,
		.per_account = c->live_connections_per_account,
		.opens_per_s = c->live_opens_per_second,
		.messages_per_s = c->live_messages_per_second,
		.account_messages_per_s = c->live_messages_per_account_per_second,
		.bytes_per_s = c->live_bytes_per_second,
		.message_bytes = c->live_message_bytes,
		.queue_bytes = c->live_queue_bytes,
		.ping_interval_ms = c->live_ping_interval_s * 1000,
		.ping_timeout_ms = c->live_ping_timeout_s * 1000,
		.connect_timeout_ms = c->live_connect_timeout_s * 1000,
		.call_threads = c->live_call_threads,
		.recheck_ms = c->live_recheck_s * 1000,
	};
}

static void say_start(const struct gateway *g, int64_t files)
{
	log_event(g->log, LOGGED_LIVE_START, LOG_I64("connections", g->o.limits.connections),
		  LOG_I64("files", files), LOG_I64("threads", g->o.limits.call_threads));
}

static enum rc serve(struct gateway *g, struct error *e)
{
	struct live_limits *m = &g->o.limits;
	int64_t files;
	enum rc rc;

	m->connections = live_capacity(m->connections, &files);
	g->o.log = g->log;
	g->o.core.config = g->config;
	g->o.stop_fd = stop_fd();
	say_start(g, files);
	rc = live_run(&g->o, e);
	proc_close(g->o.listen_fd);
	proc_close(g->o.stop_fd);
	return rc;
}

static enum rc serve_suite(struct gateway *g, const char *place, struct error *e)
{
	TRY(listen_loopback(place, &g->o.listen_fd, e));
	g->o.doors = conformance_doors;
	g->o.is_conformance = true;
	conformance_limits(&g->o.limits);
	return serve(g, e);
}

static enum rc serve_all(struct gateway *g, struct error *e)
{
	const struct config *c = g->config;
	struct sockaddr_un at;
	enum rc rc;

	if (c->db_password_file.n)
		TRY(config_secret_read(g->settings, c->db_password_file, &g->password, e));
	TRY(token_key_load(c, &g->token_key, e));
	TRY(zones_new(&g->zones, e));
	g->o.core.zones = g->zones;
	g->o.core.token_key = &g->token_key;
	g->o.doors = muster_doors;
	g->o.voices = muster_voices;
	g->o.open_store = open_store;
	g->o.arg = g;
	set_limits(c, &g->o.limits);
	rc = listen_unix(c, &at, &g->o.listen_fd, e);
	if (rc == RC_OK) {
		rc = serve(g, e);
		unlink(at.sun_path);
	}
	zones_free(g->zones);
	return rc;
}

static enum rc run(struct gateway *g, const char *config_path, const char *suite, struct error *e)
{
	struct config_problems problems = { NULL, 0 };
	enum rc rc;

	TRY(proc_setup(e));
	rc = config_load(g->settings, config_path, environ, &g->config, &problems, e);
	for (size_t i = 0; i < problems.n; i++)
		log_event(g->log, LOGGED_SETTING_PROBLEM, LOG_I64("line", problems.items[i].line),
			  LOG_STR("key", problems.items[i].key),
			  LOG_STR("detail", problems.items[i].text));
	TRY(rc);
	g->log->level = (enum log_level)g->config->log_level;
	return suite ? serve_suite(g, suite, e) : serve_all(g, e);
}

int main(int argc, char **argv)
{
	bool has_config = argc == 3 && strcmp(argv[1], "--config") == 0;
	bool is_suite = argc == 3 && strcmp(argv[1], "--conformance") == 0;
	struct gateway g = { .o.listen_fd = -1 };
	struct arena settings;
	struct error e;
	struct log l;
	enum rc rc;

	log_init(&l, "muster-live", LOG_LEVEL_INFO);
	if (argc != 1 && !has_config && !is_suite) {
		fputs("usage: muster-live [--config FILE | --conformance [ADDRESS:]PORT]\n",
		      stderr);
		return 2;
	}
	/* Few arenas: idle connections are small, and what was freed should go back. */
	(void)mallopt(M_ARENA_MAX, 2);
	arena_init(&settings, CONFIG_MEMORY, 0);
	g.log = &l;
	g.settings = &settings;
	error_init(&e);
	rc = run(&g, has_config ? argv[2] : NULL, is_suite ? argv[2] : NULL, &e);
	if (rc == RC_OK)
		log_event(&l, LOGGED_STOP, LOG_WORD("reason", "signal"));
	else
		log_event(&l, LOGGED_START_FAILED, LOG_ERROR(&e));
	arena_clear(&settings);
	return rc == RC_OK ? 0 : 1;
}
