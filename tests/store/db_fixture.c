/*
 * The database of the store tests; see the header.
 */
#include "store/db_fixture.h"

#include "store/migrate.h"

#include <errno.h>
#include <mysql.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARENA_BUDGET  (64 << 20)
#define START_SECONDS 60
#define POLL_NS       10000000

static NO_RETURN void give_up(const char *what, const char *why)
{
	fprintf(stderr, "db_fixture: %s: %s\n", what, why);
	exit(1);
}

static void join(char *out, size_t n, const char *a, const char *b)
{
	const int k = snprintf(out, n, "%s%s", a, b);
	if (k < 0 || (size_t)k >= n)
		give_up("path too long", a);
}

/* Starts argv with its output going to `log`; the child dies with us. */
static pid_t start(char *const *argv, const char *log)
{
	const pid_t parent = getpid();
	const pid_t pid = fork();

	if (pid < 0)
		give_up("fork", argv[0]);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || freopen("/dev/null", "r", stdin) == NULL ||
	    freopen(log, "a", stdout) == NULL || dup2(1, 2) < 0)
		_exit(126);
	execvp(argv[0], argv);
	_exit(127);
}

static bool run(char *const *argv, const char *log)
{
	const pid_t pid = start(argv, log);
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return false;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void install(const char *data, const char *user, const char *log)
{
	char data_option[128], user_option[80], root_option[100];

	join(data_option, sizeof data_option, "--datadir=", data);
	join(user_option, sizeof user_option, "--user=", user);
	join(root_option, sizeof root_option, "--auth-root-socket-user=", user);
	char method[] = "--auth-root-authentication-method=socket";
	char program[] = "mariadb-install-db", defaults[] = "--no-defaults",
	     skip[] = "--skip-test-db", small[] = "--innodb-log-file-size=16M",
	     names[] = "--skip-name-resolve";
	char *const argv[] = { program, defaults, data_option, user_option, root_option,
			       method,  skip,     small,       names,       NULL };
	if (!run(argv, log))
		give_up("mariadb-install-db failed; see", log);
}

/* The data folder: installed, or copied from the one kept over runs. */
static void make_data(const char *dir, const char *user, const char *log)
{
	const char *kept = getenv("MUSTER_TEST_DB_DIR");
	char data[100], source[300], part[340];
	char cp[] = "cp", how[] = "-a", sparse[] = "--sparse=always";

	join(data, sizeof data, dir, "/data");
	if (kept == NULL || kept[0] == '\0') {
		install(data, user, log);
		return;
	}
	mkdir(kept, 0700);
	join(source, sizeof source, kept, "/installed");
	if (access(source, R_OK) != 0) {
		char *const copy[] = { cp, how, sparse, data, part, NULL };
		install(data, user, log);
		snprintf(part, sizeof part, "%s.%d", source, (int)getpid());
		if (run(copy, log) && rename(part, source) != 0 && access(source, R_OK) != 0)
			give_up("cannot keep the data folder", source);
		return;
	}
	char *const copy[] = { cp, how, sparse, source, data, NULL };
	if (!run(copy, log))
		give_up("cannot copy the data folder", source);
}

static bool answers(const struct db_server *s)
{
	MYSQL *my = mysql_init(NULL);
	const bool ok = my != NULL &&
			mysql_real_connect(my, NULL, s->user, NULL, NULL, 0, s->socket, 0) != NULL;
	if (my != NULL)
		mysql_close(my);
	return ok;
}

static void start_server(struct db_server *s)
{
	char data[100], socket_option[128], pid_option[128], user_option[80], log[100];

	join(data, sizeof data, "--datadir=", s->dir);
	join(data + strlen(data), sizeof data - strlen(data), "", "/data");
	join(socket_option, sizeof socket_option, "--socket=", s->socket);
	join(pid_option, sizeof pid_option, "--pid-file=", s->dir);
	join(pid_option + strlen(pid_option), sizeof pid_option - strlen(pid_option), "", "/pid");
	join(user_option, sizeof user_option, "--user=", s->user);
	join(log, sizeof log, s->dir, "/log");
	char program[] = "mariadbd", defaults[] = "--no-defaults", net[] = "--skip-networking",
	     zone[] = "--default-time-zone=+00:00", set[] = "--character-set-server=utf8mb4",
	     pool[] = "--innodb-buffer-pool-size=32M",
	     flush[] = "--innodb-flush-log-at-trx-commit=2", file[] = "--innodb-log-file-size=16M",
	     schema[] = "--performance-schema=off";
	char *const argv[] = {
		program, defaults, data, socket_option, pid_option, user_option, net,
		zone,    set,      pool, flush,         file,       schema,      NULL
	};
	s->pid = start(argv, log);
	const struct timespec poll = { .tv_nsec = POLL_NS };
	for (int i = 0; i < START_SECONDS * (1000000000 / POLL_NS); i++) {
		int status;
		if (answers(s))
			return;
		if (waitpid(s->pid, &status, WNOHANG) == s->pid)
			break;
		nanosleep(&poll, NULL);
	}
	give_up("mariadbd does not start; see", log);
}

static void open_private(struct db_server *s)
{
	const char *tmp = getenv("TMPDIR");
	char log[100];

	join(s->dir, sizeof s->dir, tmp != NULL && strlen(tmp) < 32 ? tmp : "/tmp", "/mdb-XXXXXX");
	if (mkdtemp(s->dir) == NULL)
		give_up("mkdtemp", s->dir);
	join(s->socket, sizeof s->socket, s->dir, "/s");
	join(log, sizeof log, s->dir, "/log");
	make_data(s->dir, s->user, log);
	start_server(s);
}

static void set_user(struct db_server *s)
{
	const struct passwd *pw = getpwuid(geteuid());
	const char *given = getenv("MUSTER_TEST_DB_USER");

	if (given == NULL && pw == NULL)
		give_up("no name for this user", "getpwuid");
	join(s->user, sizeof s->user, "", given != NULL ? given : pw->pw_name);
}

static void check(enum rc rc, const char *what, const struct error *e)
{
	if (rc != RC_OK)
		give_up(what, e->detail);
}

struct store_options db_fixture_options(const struct db_fixture *f)
{
	return (struct store_options){ .socket = str_from(f->server.socket),
				       .user = str_from(f->server.user),
				       .database = str_from(f->database) };
}

struct store *db_fixture_store(const struct db_fixture *f)
{
	const struct store_options o = db_fixture_options(f);
	struct store *s;
	struct error e;

	check(store_open(&o, &s, &e), "store_open", &e);
	check(store_ping(s, &e), "store_ping", &e);
	return s;
}

static void open_owner(struct db_fixture *f)
{
	struct store_options o = db_fixture_options(f);
	struct error e;

	o.is_owner = true;
	o.database = STR("");
	check(store_open(&o, &f->owner, &e), "store_open", &e);
	check(migrate_use_database(f->owner, str_from(f->database), &e), "create database", &e);
}

static void open_database(struct db_fixture *f)
{
	const char *dir = getenv("MUSTER_SQL_DIR");
	struct timespec t;
	struct error e;

	clock_gettime(CLOCK_REALTIME, &t);
	snprintf(f->database, sizeof f->database, "t_%d_%ld_%ld", (int)getpid(), (long)t.tv_sec,
		 t.tv_nsec);
	arena_init(&f->arena, ARENA_BUDGET, 0);
	open_owner(f);
	check(migrate_run(f->owner, dir != NULL ? dir : "sql/migrations",
			  STR("0123456789abcdef0123456789abcdef"), &f->arena, NULL, NULL, &e),
	      "migrate", &e);
	arena_reset(&f->arena);
}

void db_fixture_open_private(struct db_fixture *f)
{
	memset(f, 0, sizeof *f);
	set_user(&f->server);
	open_private(&f->server);
	open_database(f);
}

void db_fixture_open(struct db_fixture *f)
{
	const char *socket = getenv("MUSTER_TEST_DB_SOCKET");

	if (socket == NULL || socket[0] == '\0') {
		db_fixture_open_private(f);
		return;
	}
	memset(f, 0, sizeof *f);
	set_user(&f->server);
	join(f->server.socket, sizeof f->server.socket, "", socket);
	open_database(f);
}

void db_fixture_exec(struct db_fixture *f, const char *sql)
{
	struct error e;

	check(migrate_script(f->owner, "fixture", str_from(sql), &e), sql, &e);
}

void db_fixture_kill(struct db_fixture *f)
{
	if (f->server.pid == 0)
		give_up("not a private server", f->server.socket);
	kill(f->server.pid, SIGKILL);
	waitpid(f->server.pid, NULL, 0);
	f->server.pid = 0;
}

void db_fixture_restart(struct db_fixture *f)
{
	start_server(&f->server);
	store_close(f->owner);
	f->owner = NULL;
	open_owner(f);
}

void db_fixture_close(struct db_fixture *f)
{
	if (f->server.dir[0] == '\0' && f->owner != NULL) {
		char sql[100];
		snprintf(sql, sizeof sql, "DROP DATABASE `%s`", f->database);
		db_fixture_exec(f, sql);
	}
	store_close(f->owner);
	arena_clear(&f->arena);
	if (f->server.dir[0] == '\0')
		return;
	if (f->server.pid != 0)
		db_fixture_kill(f);
	char rm[] = "rm", how[] = "-rf";
	char *const argv[] = { rm, how, f->server.dir, NULL };
	run(argv, "/dev/null");
}
