/*
 * The files that configure the programs of one VAR: secrets, made once and kept;
 * settings, the database's first words and nginx.conf, written at each start.
 */
#include "main/muster-dev/dev.h"
#include "sys/crypto.h"

#include <pwd.h>
#include <unistd.h>

/* Uploads stop when the developer's disk has less than this. */
#define DEV_RESERVE_BYTES "268435456"

/* A secret that was made stays; NULL after a sentence. */
static const char *secret_file(struct dev *d, const char *name, const char *fresh)
{
	const char *path = dev_text(d, "%s/conf/%s", d->opt.var, name);
	const char *kept = dev_read(d, path);

	if (kept && *kept)
		return kept;
	if (dev_write(d, path, 0600, dev_text(d, "%s\n", fresh)) != RC_OK)
		return NULL;
	return fresh;
}

static const char *password_of(struct dev *d, const char *name)
{
	char token[CRYPTO_TOKEN_SIZE];
	struct str s = crypto_random_token(token);

	return secret_file(d, name, dev_text(d, "%.*s", STR_ARG(s)));
}

static bool make_server_key(struct dev *d)
{
	char left[CRYPTO_ID_SIZE], right[CRYPTO_ID_SIZE];
	struct str a = crypto_random_id(left), b = crypto_random_id(right);

	return secret_file(d, "server.key", dev_text(d, "%.*s%.*s", STR_ARG(a), STR_ARG(b)));
}

/* Does a line of the person's own settings set `key`? */
static bool is_set_by_hand(const struct dev *d, struct str key)
{
	struct str text = str_from(d->conf_text ? d->conf_text : ""), line;

	while (str_split(&text, '\n', &line)) {
		size_t equals = str_find_char(line, '=');

		if (equals != SIZE_MAX && str_eq(str_trim(str_sub(line, 0, equals)), key))
			return true;
	}
	return false;
}

/* `made` without the lines that the person's own settings replace, and those behind it. */
static const char *settings_text(struct dev *d, struct str made)
{
	const char *out = "# Written by muster-dev at each start. To try another value, start with "
			  "it in the\n# environment (MUSTER_PAGES_PROCESSES=4 make run), or with a "
			  "file of your own\n# (make run CONF=my.conf).\n";
	struct str line;

	while (str_split(&made, '\n', &line)) {
		size_t equals = str_find_char(line, '=');

		if (equals != SIZE_MAX && !is_set_by_hand(d, str_trim(str_sub(line, 0, equals))))
			out = dev_text(d, "%s%.*s\n", out, STR_ARG(line));
	}
	return d->conf_text ? dev_text(d, "%s\n# %s\n%s\n", out, d->opt.conf, d->conf_text) : out;
}

static const char *made_settings(struct dev *d, const char *scheme, int64_t port)
{
	const struct dev_options *o = &d->opt;

	return dev_text(d,
			"base_url = %s://127.0.0.1:%lld\n"
			"allowed_hosts = 127.0.0.1, localhost\n"
			"listen_address = 127.0.0.1\n"
			"listen_port = %d\n"
			"demo = %s\n"
			"run_dir = %s\n"
			"upload_dir = %s/uploads\n"
			"spool_dir = %s/spool\n"
			"disk_reserve_bytes = " DEV_RESERVE_BYTES "\n"
			"db_socket = %s/db.sock\n"
			"db_name = muster\n"
			"db_user = muster_app\n"
			"db_password_file = %s/conf/db_app.password\n"
			"db_owner_user = muster\n"
			"db_owner_password_file = %s/conf/db_owner.password\n"
			"server_key_file = %s/conf/server.key\n",
			scheme, (long long)port, o->port ? o->port : 8080, o->demo ? "yes" : "no",
			d->run, o->var, o->var, d->run, o->var, o->var, o->var);
}

static enum rc write_and_load(struct dev *d, const char *made)
{
	struct config_problems problems = { 0 };
	struct error e;

	TRY(dev_write(d, d->config, 0600, settings_text(d, str_from(made))));
	error_init(&e);
	if (config_load(&d->arena, d->config, environ, &d->settings, &problems, &e) == RC_OK)
		return RC_OK;
	config_print_problems(stderr, d->config, &problems);
	return dev_refuse("the settings are not right.");
}

/* With a certificate the address is that of the second port, which the first load tells. */
static enum rc write_settings(struct dev *d)
{
	d->config = dev_text(d, "%s/conf/muster.conf", d->opt.var);
	TRY(write_and_load(d, made_settings(d, "http", d->opt.port ? d->opt.port : 8080)));
	if (d->settings->tls_certificate_file.n == 0)
		return RC_OK;
	return write_and_load(d, made_settings(d, "https", d->settings->tls_port));
}

enum rc conf_read_own(struct dev *d)
{
	if (!d->opt.conf)
		return RC_OK;
	d->conf_text = dev_read(d, d->opt.conf);
	if (!d->conf_text)
		return dev_refuse("%s cannot be read, or has more than 32 kB.", d->opt.conf);
	return RC_OK;
}

bool conf_has_own_database(const struct dev *d)
{
	struct str path = d->settings->db_socket;

	return str_starts(path, str_from(d->run)) &&
	       str_eq(str_from_pos(path, strlen(d->run)), STR("/db.sock"));
}

const char *conf_url(struct dev *d)
{
	bool is_tls = d->settings->tls_certificate_file.n > 0;

	return dev_text(d, "%s://127.0.0.1:%d", is_tls ? "https" : "http",
			is_tls ? (int)d->settings->tls_port : d->opt.port);
}

/*
 * With the database alone, whoever started it may do everything, by the socket and
 * without a password: the tests of the store make databases of their own.
 */
static const char *grants_for_tests(struct dev *d)
{
	const struct passwd *pw = d->opt.only_database ? getpwuid(geteuid()) : NULL;

	if (!pw || strcmp(pw->pw_name, "muster") == 0 || strpbrk(pw->pw_name, "'\\"))
		return "";
	return dev_text(d,
			"CREATE USER IF NOT EXISTS '%s'@localhost IDENTIFIED VIA unix_socket;\n"
			"GRANT ALL PRIVILEGES ON *.* TO '%s'@localhost WITH GRANT OPTION;\n",
			pw->pw_name, pw->pw_name);
}

/*
 * What the server runs before it listens: accounts with the passwords of the
 * files, even when those are new.  What the application may do, `muster migrate` says.  One
 * statement a line, as the server reads it.
 */
static enum rc write_database_init(struct dev *d, const char *app, const char *owner)
{
	const char *path = dev_text(d, "%s/conf/db_init.sql", d->opt.var);

	return dev_write(
		d, path, 0600,
		dev_text(d,
			 "CREATE DATABASE IF NOT EXISTS muster CHARACTER SET utf8mb4 COLLATE "
			 "utf8mb4_unicode_520_nopad_ci;\n"
			 "CREATE USER IF NOT EXISTS muster@localhost;\n"
			 "ALTER USER muster@localhost IDENTIFIED BY '%s';\n"
			 "CREATE USER IF NOT EXISTS muster_app@localhost;\n"
			 "ALTER USER muster_app@localhost IDENTIFIED BY '%s';\n"
			 "GRANT ALL PRIVILEGES ON muster.* TO muster@localhost WITH GRANT OPTION;\n"
			 "%s",
			 owner, app, grants_for_tests(d)));
}

enum rc conf_write(struct dev *d)
{
	const char *app = password_of(d, "db_app.password");
	const char *owner = password_of(d, "db_owner.password");

	if (!app || !owner || !make_server_key(d))
		return RC_DEPENDENCY;
	TRY(write_settings(d));
	return write_database_init(d, app, owner);
}

/* ---- nginx ------------------------------------------------------------------------ */

struct conf_name {
	const char *name, *value;
};

/* template with every @NAME@ replaced; NULL after a sentence about an unknown one. */
static char *fill(struct dev *d, struct str text, const struct conf_name *names, size_t n)
{
	char *out = dev_text(d, "%s", "");

	for (;;) {
		size_t at = str_find_char(text, '@'), end, i;
		struct str before, rest;

		if (at == SIZE_MAX)
			return dev_text(d, "%s%.*s", out, STR_ARG(text));
		before = str_sub(text, 0, at);
		rest = str_from_pos(text, at + 1);
		end = str_find_char(rest, '@');
		if (end == SIZE_MAX)
			end = rest.n;
		for (i = 0; i < n; i++) {
			if (str_eq(str_sub(rest, 0, end), str_from(names[i].name)))
				break;
		}
		if (i == n) {
			dev_refuse("nginx/muster.conf asks for @%.*s@, which nothing fills in.",
				   (int)end, rest.p);
			return NULL;
		}
		out = dev_text(d, "%s%.*s%s", out, STR_ARG(before), names[i].value);
		text = str_from_pos(rest, end + 1);
	}
}

static bool has_tls(const struct dev *d)
{
	return d->settings->tls_certificate_file.n > 0;
}

/* Where the site itself listens. */
static const char *listen_text(struct dev *d)
{
	if (has_tls(d))
		return dev_text(d, "127.0.0.1:%d ssl http2", (int)d->settings->tls_port);
	return dev_text(d, "127.0.0.1:%d", d->opt.port);
}

static const char *workers_text(struct dev *d)
{
	if (d->settings->nginx_workers == 0)
		return "auto";
	return dev_text(d, "%lld", (long long)d->settings->nginx_workers);
}

static const char *tls_text(struct dev *d)
{
	if (!has_tls(d))
		return "";
	return dev_text(d,
			"ssl_certificate \"%.*s\";\n"
			"\t\tssl_certificate_key \"%.*s\";\n"
			"\t\tssl_protocols TLSv1.2 TLSv1.3;\n"
			"\t\tssl_session_cache shared:muster:4m;\n"
			"\t\tssl_session_timeout 1d;\n"
			"\t\tssl_session_tickets off;",
			STR_ARG(d->settings->tls_certificate_file),
			STR_ARG(d->settings->tls_key_file));
}

/* The first port beside HTTPS: monitors of this machine, and the way to the second. */
static const char *plain_text(struct dev *d)
{
	if (!has_tls(d))
		return "";
	return dev_text(d,
			"server {\n"
			"\t\tlisten 127.0.0.1:%d;\n"
			"\t\tserver_name 127.0.0.1 localhost;\n"
			"\t\tinclude %s/conf/nginx/params.conf;\n"
			"\t\tlocation = /health {\n"
			"\t\t\tfastcgi_pass muster_pages;\n"
			"\t\t}\n"
			"\t\tlocation / {\n"
			"\t\t\treturn 308 %.*s$request_uri;\n"
			"\t\t}\n"
			"\t}",
			d->opt.port, d->opt.var, STR_ARG(d->settings->base_url));
}

enum rc conf_write_nginx(struct dev *d)
{
	const struct dev_options *o = &d->opt;
	const char *source = dev_text(d, "%s/muster.conf", o->nginx);
	const char *template = dev_read(d, source);
	const struct conf_name names[] = {
		{ "WORKERS", workers_text(d) },
		{ "LISTEN", listen_text(d) },
		{ "TLS", tls_text(d) },
		{ "PLAIN", plain_text(d) },
		{ "HOSTS", "127.0.0.1 localhost" },
		{ "RUN", d->run },
		{ "STATIC", o->static_dir },
		{ "UPLOADS", dev_text(d, "%s/uploads", o->var) },
		{ "SPOOL", dev_text(d, "%s/spool", o->var) },
		{ "TMP", dev_text(d, "%s/tmp", o->var) },
		{ "LOG", dev_text(d, "%s/log", o->var) },
		{ "LOCATIONS", dev_text(d, "%s/conf/nginx", o->var) },
		{ "PIDFILE", dev_text(d, "%s/nginx.pid", d->run) },
	};
	const char *text;

	if (!template)
		return dev_refuse("%s cannot be read.", source);
	text = fill(d, str_from(template), names, ARRAY_LEN(names));
	if (!text)
		return RC_DEPENDENCY;
	return dev_write(d, dev_text(d, "%s/conf/nginx/nginx.conf", o->var), 0600, text);
}
