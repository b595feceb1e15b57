/*
 * Settings: `key = value` lines, over them the environment (MUSTER_<KEY>), under
 * them the defaults of config.def, which is the one table behind everything here.
 *
 * The result is a constant struct, passed down; there is no global.  An unknown
 * or repeated key, a value out of its range or a malformed line is a problem with
 * its line number, and a program does not start with problems.  '#' begins a
 * comment at the start of a line.  Values run to the end of the line, blanks
 * around them dropped; there is no quoting.
 * Secrets are never values: their settings name a file (config_secret_read).
 */
#ifndef SYS_CONFIG_H
#define SYS_CONFIG_H

#include "base/arena.h"
#include "base/error.h"
#include "sys/secret.h"

#include <stdio.h>

struct config_list {
	const struct str *items;
	size_t n;
};

#define CONFIG_MEMBER_TEXT(key)   struct str key;
#define CONFIG_MEMBER_LIST(key)   struct config_list key;
#define CONFIG_MEMBER_PATH(key)   struct str key;
#define CONFIG_MEMBER_SECRET(key) struct str key; /* path of the file */
#define CONFIG_MEMBER_INT(key)    int64_t key;
#define CONFIG_MEMBER_BOOL(key)   bool key;
#define CONFIG_MEMBER_CHOICE(key) int64_t key; /* index into the words */

/* A member per key.  Texts are NUL-terminated behind their end and live in the arena. */
struct config {
#define GROUP(title)
#define SETTING(TYPE, key, def, min, max, unit, help) CONFIG_MEMBER_##TYPE(key)
#include "sys/config.def"
#undef SETTING
#undef GROUP
};

/* A thing that is wrong.  line 0: not of the file (environment, or a rule between keys). */
struct config_problem {
	int line;
	struct str key;  /* may be empty */
	struct str text; /* a sentence */
};

struct config_problems {
	struct config_problem *items;
	size_t n;
};

/*
 * path: NUL-terminated, or NULL for defaults and environment only.  env: the
 * process's environment ("MUSTER_PAGES_PROCESSES=4"; unknown MUSTER_ names are
 * problems, MUSTER_CONFIG and MUSTER_TEST_… are not ours), or NULL.  Everything is allocated in a,
 * which must outlive *ret_config.
 *
 * RC_OK: no problems.  RC_INVALID: *ret_problems has them all, detail has the first.
 * RC_DEPENDENCY: the file cannot be read.  *ret_problems is set in every case
 * but RC_NO_MEMORY; *ret_config only with RC_OK.
 */
enum rc config_load(struct arena *a, const char *path, char *const *env,
		    const struct config **ret_config, struct config_problems *ret_problems,
		    struct error *e) MUST_CHECK;
/* The same from text, for tests and the fuzzer. */
enum rc config_parse(struct arena *a, struct str text, char *const *env,
		     const struct config **ret_config, struct config_problems *ret_problems,
		     struct error *e) MUST_CHECK;
/* One line per problem: "FILE:12: pages_processes: …". */
void config_print_problems(FILE *out, const char *path, const struct config_problems *problems);
/*
 * For `muster check-config`: loads, looks at what the file system says (folders,
 * modes of secret files, zone), prints every problem or "… is fine".
 * RC_OK when there is none.
 */
enum rc config_check(const char *path, char *const *env, FILE *out, struct error *e) MUST_CHECK;

/* The table, as help text and as docs/settings.md. */
void config_print_help(FILE *out);
void config_print_markdown(FILE *out);
/* The values in force, as a settings file. */
void config_print_values(FILE *out, const struct config *c);

/* base_url begins with https. */
bool config_is_tls(const struct config *c);
/* nginx's processes: as set, or one for each processor. */
int64_t config_nginx_workers(const struct config *c);
/*
 * Idle connections to the check-in pool for each nginx process: as set, or what keeps half of the
 * threads free; 0: too few threads for any.
 */
int64_t config_check_in_keepalive(const struct config *c);
/* listen_address is 127.0.0.0/8, ::1 or localhost. */
bool config_is_loopback(const struct config *c);
/* "en" */
struct str config_language(const struct config *c);

/*
 * Reads the file a SECRET setting names: regular, not a symbolic link, ours (or
 * root's), mode without any right for group or others, at most 4096 bytes; the
 * line end at its end is dropped.  An empty path gives an empty secret.
 * RC_DEPENDENCY with the path (never the content) in the detail.
 */
enum rc config_secret_read(struct arena *a, struct str path, struct secret *ret_secret,
			   struct error *e) MUST_CHECK;
/* The 32 bytes of server_key_file. */
enum rc config_server_key(const struct config *c, uint8_t ret_key[32], struct error *e) MUST_CHECK;

#endif
