/*
 * Parsing settings: see config.h.  Printing is in config_print.c, what looks at
 * the file system in config_check.c.
 *
 * Each layer (defaults, file, environment) goes through the same value_set, so a
 * default that breaks its own limits is found by the first test that runs.
 */
#include "sys/config.h"

#include "base/buf.h"
#include "base/num.h"
#include "sys/config_table.h"
#include "sys/fail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_SIZE_MAX (256 * 1024)
#define PROBLEMS_MAX  100
#define ENV_PREFIX    "MUSTER_"
/* Wide enough for the longest list. */
#define LIST_MAX 64

const struct config_setting config_settings[CONFIG_KEY__MAX] = {
#define GROUP(title)
#define SETTING(TYPE, key, def, min, max, unit, help)                                              \
	[CONFIG_KEY_##key] = { CONFIG_TYPE_##TYPE,          #key, def, min, max, unit, help,       \
			       offsetof(struct config, key) },
#include "sys/config.def"
#undef SETTING
#undef GROUP
};

struct load {
	struct arena *arena;
	struct config config;
	int given_at[CONFIG_KEY__MAX]; /* line of the file, 0: not given */
	struct config_problem problems[PROBLEMS_MAX];
	size_t n_problems;
};

static void problem(struct load *l, int line, struct str key, struct str text)
{
	if (l->n_problems < PROBLEMS_MAX)
		l->problems[l->n_problems++] = (struct config_problem){ line, key, text };
}

#define PROBLEM(l, line, key, ...)                                                                 \
	problem((l), (line), (key), arena_printf((l)->arena, __VA_ARGS__))

static void *member(struct load *l, const struct config_setting *s)
{
	return (char *)&l->config + s->at;
}

/* A NUL-terminated copy; NULL view without memory, found again by arena_is_over. */
static struct str text_keep(struct load *l, struct str v)
{
	const char *cz = str_cz(l->arena, v);

	return str_make(cz, cz ? v.n : 0);
}

static bool length_ok(struct load *l, int line, const struct config_setting *s, struct str v)
{
	if (v.n >= (size_t)s->min && v.n <= (size_t)s->max)
		return true;
	if (v.n == 0)
		PROBLEM(l, line, str_from(s->key), "must not be empty");
	else
		PROBLEM(l, line, str_from(s->key), "has %zu bytes; %lld to %lld are allowed", v.n,
			(long long)s->min, (long long)s->max);
	return false;
}

static void set_int(struct load *l, int line, const struct config_setting *s, struct str v)
{
	if (!num_i64(v, s->min, s->max, member(l, s)))
		PROBLEM(l, line, str_from(s->key), "must be a whole number from %lld to %lld%s%s",
			(long long)s->min, (long long)s->max, *s->unit ? " " : "", s->unit);
}

static void set_bool(struct load *l, int line, const struct config_setting *s, struct str v)
{
	bool *out = member(l, s);

	if (str_eq(v, STR("yes")) || str_eq(v, STR("true")) || str_eq(v, STR("1")))
		*out = true;
	else if (str_eq(v, STR("no")) || str_eq(v, STR("false")) || str_eq(v, STR("0")))
		*out = false;
	else
		PROBLEM(l, line, str_from(s->key), "must be yes or no");
}

static void set_choice(struct load *l, int line, const struct config_setting *s, struct str v)
{
	struct str words = str_from(s->unit), word;
	int64_t *out = member(l, s);

	for (int64_t i = 0; str_split(&words, ' ', &word); i++) {
		if (str_eq(word, v)) {
			*out = i;
			return;
		}
	}
	PROBLEM(l, line, str_from(s->key), "must be one of: %s", s->unit);
}

static void set_text(struct load *l, int line, const struct config_setting *s, struct str v)
{
	struct str *out = member(l, s);

	if (length_ok(l, line, s, v))
		*out = text_keep(l, v);
}

/* Absolute, and without parts that would make two spellings of one path. */
static void set_path(struct load *l, int line, const struct config_setting *s, struct str v)
{
	if (v.n > 1 && v.p[v.n - 1] == '/')
		v.n--;
	if (v.n > 0 && (v.p[0] != '/' || str_find(v, STR("//")) != SIZE_MAX ||
			str_find(v, STR("/../")) != SIZE_MAX || str_ends(v, STR("/..")))) {
		PROBLEM(l, line, str_from(s->key),
			"must be an absolute path without \"..\" and \"//\"");
		return;
	}
	set_text(l, line, s, v);
}

static void set_list(struct load *l, int line, const struct config_setting *s, struct str v)
{
	struct config_list *out = member(l, s);
	struct str *items = ARENA_ARRAY(l->arena, LIST_MAX, struct str);
	size_t n = 0, at = 0;

	if (!items)
		return;
	while (at < v.n && n < LIST_MAX) {
		size_t from = at;

		while (at < v.n && v.p[at] != ',' && v.p[at] != ' ' && v.p[at] != '\t')
			at++;
		if (at > from)
			items[n++] = text_keep(l, str_sub(v, from, at - from));
		else
			at++;
	}
	if (at < v.n || n < (size_t)s->min || n > (size_t)s->max) {
		PROBLEM(l, line, str_from(s->key), "must have %lld to %lld %s", (long long)s->min,
			(long long)s->max, s->unit);
		return;
	}
	*out = (struct config_list){ items, n };
}

static void value_set(struct load *l, int line, const struct config_setting *s, struct str v)
{
	for (size_t i = 0; i < v.n; i++) {
		if ((unsigned char)v.p[i] < 0x20 && v.p[i] != '\t') {
			PROBLEM(l, line, str_from(s->key), "contains a control character");
			return;
		}
	}
	if (!utf8_valid(v)) {
		PROBLEM(l, line, str_from(s->key), "is not UTF-8");
		return;
	}
	switch (s->type) {
	case CONFIG_TYPE_TEXT:
		set_text(l, line, s, v);
		break;
	case CONFIG_TYPE_LIST:
		set_list(l, line, s, v);
		break;
	case CONFIG_TYPE_PATH:
	case CONFIG_TYPE_SECRET:
		set_path(l, line, s, v);
		break;
	case CONFIG_TYPE_INT:
		set_int(l, line, s, v);
		break;
	case CONFIG_TYPE_BOOL:
		set_bool(l, line, s, v);
		break;
	case CONFIG_TYPE_CHOICE:
		set_choice(l, line, s, v);
		break;
	}
}

static const struct config_setting *setting_find(struct str key, bool any_case)
{
	for (size_t i = 0; i < CONFIG_KEY__MAX; i++) {
		struct str name = str_from(config_settings[i].key);

		if (any_case ? str_eq_nocase(name, key) : str_eq(name, key))
			return &config_settings[i];
	}
	return NULL;
}

static void line_read(struct load *l, int line, struct str s)
{
	size_t equals = str_find_char(s, '=');

	s = str_trim(s);
	if (str_empty(s) || s.p[0] == '#')
		return;
	if (equals == SIZE_MAX) {
		PROBLEM(l, line, STR(""), "is not of the form key = value");
		return;
	}
	equals = str_find_char(s, '=');
	struct str key = str_trim(str_sub(s, 0, equals));
	const struct config_setting *setting = setting_find(key, false);
	if (!setting) {
		PROBLEM(l, line, key, "is not a setting");
		return;
	}
	int *given = &l->given_at[setting - config_settings];
	if (*given) {
		PROBLEM(l, line, key, "was already set in line %d", *given);
		return;
	}
	*given = line;
	value_set(l, line, setting, str_trim(str_from_pos(s, equals + 1)));
}

static void text_read(struct load *l, struct str text)
{
	struct str line;

	for (int n = 1; str_split(&text, '\n', &line); n++)
		line_read(l, n, line);
}

static void environment_read(struct load *l, char *const *env)
{
	for (; env && *env; env++) {
		struct str s = str_from(*env);
		size_t equals = str_find_char(s, '=');

		if (!str_starts(s, STR(ENV_PREFIX)) || equals == SIZE_MAX)
			continue;
		struct str name = str_sub(s, 0, equals);
		if (str_eq(name, STR(ENV_PREFIX "CONFIG")) ||
		    str_starts(name, STR(ENV_PREFIX "TEST_")))
			continue; /* the path of the settings file; the tests' own */
		struct str key = str_from_pos(name, strlen(ENV_PREFIX));
		const struct config_setting *setting = setting_find(key, true);
		if (!setting)
			PROBLEM(l, 0, name, "is not a setting (environment)");
		else if (setting->type == CONFIG_TYPE_SECRET)
			PROBLEM(l, 0, name, "secrets are not taken from the environment");
		else
			value_set(l, 0, setting, str_trim(str_from_pos(s, equals + 1)));
	}
}

/* "https://app.example:8443", as browsers say it: in small letters, without a path. */
static bool is_origin(struct str s)
{
	size_t at = str_find(s, STR("://"));
	struct str scheme = at == SIZE_MAX ? (struct str){ 0 } : str_sub(s, 0, at);
	struct str host = at == SIZE_MAX ? (struct str){ 0 } : str_from_pos(s, at + 3);

	if (!host.n || (!str_eq(scheme, STR("http")) && !str_eq(scheme, STR("https"))))
		return false;
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-' &&
		    c != ':' && c != '[' && c != ']')
			return false;
	}
	return true;
}

static void origins_check(struct load *l)
{
	const struct config_list *list = &l->config.cors_origins;

	for (size_t i = 0; i < list->n; i++)
		if (!str_eq(list->items[i], STR("*")) && !is_origin(list->items[i]))
			PROBLEM(l, 0, STR("cors_origins"),
				"%.*s is no origin (https://name, without a path)",
				STR_ARG(list->items[i]));
}

/* Rules between keys. */
static void values_compare(struct load *l)
{
	const struct config *c = &l->config;

	if (!str_starts(c->base_url, STR("http://")) && !str_starts(c->base_url, STR("https://")))
		PROBLEM(l, 0, STR("base_url"), "must begin with http:// or https://");
	if (str_ends(c->base_url, STR("/")))
		PROBLEM(l, 0, STR("base_url"), "must not end with a slash");
	if ((c->tls_certificate_file.n > 0) != (c->tls_key_file.n > 0))
		PROBLEM(l, 0,
			c->tls_key_file.n > 0 ? STR("tls_certificate_file") : STR("tls_key_file"),
			"is missing: a certificate and its key come together");
	if (c->demo && !config_is_loopback(c))
		PROBLEM(l, 0, STR("demo"),
			"demo accounts are for loopback, but listen_address is %.*s",
			STR_ARG(c->listen_address));
	if (c->session_idle_minutes > c->session_max_hours * 60)
		PROBLEM(l, 0, STR("session_idle_minutes"), "is longer than session_max_hours");
	if (c->keep_signed_in_days * 24 > c->session_max_hours)
		PROBLEM(l, 0, STR("keep_signed_in_days"), "is longer than session_max_hours");
	if (2 * config_nginx_workers(c) * config_check_in_keepalive(c) > c->check_in_threads)
		PROBLEM(l, 0, STR("check_in_keepalive"),
			"kept connections of %lld nginx processes would hold more than half of the "
			"check_in_threads",
			(long long)config_nginx_workers(c));
	origins_check(l);
	if (str_eq(c->upload_dir, c->spool_dir))
		PROBLEM(l, 0, STR("spool_dir"), "must not be upload_dir itself");
}

enum rc config_parse(struct arena *a, struct str text, char *const *env,
		     const struct config **ret_config, struct config_problems *ret_problems,
		     struct error *e)
{
	struct load *l = ARENA_NEW(a, struct load);

	if (!l)
		return ERROR_MEMORY(e);
	l->arena = a;
	for (size_t i = 0; i < CONFIG_KEY__MAX; i++)
		value_set(l, 0, &config_settings[i], str_from(config_settings[i].def));
	BUG(l->n_problems > 0 && !arena_is_over(a)); /* a default breaks its own rule */
	text_read(l, text);
	environment_read(l, env);
	if (l->n_problems == 0)
		values_compare(l);
	if (arena_is_over(a))
		return ERROR_MEMORY(e);
	*ret_problems = (struct config_problems){ l->problems, l->n_problems };
	if (l->n_problems > 0)
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED, "line %d: %.*s %.*s",
			     l->problems[0].line, STR_ARG(l->problems[0].key),
			     STR_ARG(l->problems[0].text));
	*ret_config = &l->config;
	return RC_OK;
}

static enum rc file_read(struct arena *a, int fd, const char *path, struct str *ret_text,
			 struct error *e)
{
	struct buf b;
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s is not a regular file",
				   path);
	buf_init(&b, a, 4096, FILE_SIZE_MAX);
	for (;;) {
		if (!buf_reserve(&b, 4096))
			return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s is too large", path);
		ssize_t got = read(fd, b.p + b.n, 4096);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "reading %s", path);
		if (got == 0)
			break;
		b.n += (size_t)got;
	}
	*ret_text = buf_str(&b);
	return RC_OK;
}

enum rc config_load(struct arena *a, const char *path, char *const *env,
		    const struct config **ret_config, struct config_problems *ret_problems,
		    struct error *e)
{
	struct str text = STR("");

	*ret_problems = (struct config_problems){ NULL, 0 };
	if (path) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s", path);
		enum rc rc = file_read(a, fd, path, &text, e);
		close(fd);
		TRY(rc);
	}
	return config_parse(a, text, env, ret_config, ret_problems, e);
}

bool config_is_tls(const struct config *c)
{
	return str_starts(c->base_url, STR("https://"));
}

int64_t config_nginx_workers(const struct config *c)
{
	long n = c->nginx_workers > 0 ? 1 : sysconf(_SC_NPROCESSORS_ONLN);

	if (c->nginx_workers > 0)
		return c->nginx_workers;
	return n > 0 ? n : 1;
}

int64_t config_check_in_keepalive(const struct config *c)
{
	if (c->check_in_keepalive > 0)
		return c->check_in_keepalive;
	return c->check_in_threads / (2 * config_nginx_workers(c));
}

bool config_is_loopback(const struct config *c)
{
	struct str s = c->listen_address;

	if (str_eq(s, STR("::1")) || str_eq(s, STR("[::1]")) || str_eq(s, STR("localhost")))
		return true;
	/* 127.a.b.c and nothing else: "127.0.0.1.example" is a name. */
	size_t dots = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.')
			dots++;
		else if (!ascii_is_digit(s.p[i]))
			return false;
	}
	return dots == 3 && str_starts(s, STR("127."));
}

struct str config_language(const struct config *c)
{
	struct str words = str_from(config_settings[CONFIG_KEY_default_language].unit), word;

	for (int64_t i = 0; str_split(&words, ' ', &word); i++)
		if (i == c->default_language)
			return word;
	BUG(true);
}
