/*
 * Log: one line per event on stderr, written by one write() of at most 4096 bytes.
 *
 *   ts=2026-11-20T09:30:00.123456Z level=info prog=muster-app pid=7 event=request
 *   req=5f0c… method=GET path="/sessions" status=200
 *
 * (one line).  Texts are quoted, their control bytes, quotes, backslashes and
 * malformed UTF-8 escaped (\n, \", \\, \xNN), and cut after LOG_TEXT_MAX bytes
 * with "…"; a line that would grow beyond the maximum loses its last fields and
 * ends in cut=1.  A struct log is passed down; there is no global log.  Only
 * the router, the job loop and main log: base, codec, store and the rest of
 * sys return errors.  A failed write is ignored: there is nobody to tell.
 */
#ifndef SYS_LOG_H
#define SYS_LOG_H

#include "base/error.h"
#include "base/str.h"
#include "sys/clock.h"
#include "sys/log_events.h"
#include "sys/secret.h"

#include <stdio.h>

#define LOG_LINE_MAX 4096
#define LOG_TEXT_MAX 512

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR, LOG_LEVEL__MAX };

/* Named LOGGED_x, since <syslog.h> claims LOG_x. */
enum log_event {
#define X(NAME, name, LEVEL, fields, meaning) LOGGED_##NAME,
	LOG_EVENTS(X)
#undef X
		LOGGED__MAX
};

/* One per thread; copy it to make another.  Texts live as long as the struct. */
struct log {
	int fd;                    /* where lines go: 2, or a pipe in tests; -1 nowhere */
	enum log_level level;      /* events below it are dropped */
	const char *prog;          /* "muster-app" */
	const struct clock *clock; /* NULL: the real one */
	char request[33];          /* nginx's request id, "" outside a request */
};

/* fd 2, level info, no request. */
void log_init(struct log *l, const char *prog, enum log_level level);
/* Cuts to 32 bytes and drops what is not [0-9A-Za-z-]; the empty view ends the request. */
void log_set_request(struct log *l, struct str id);

enum log_field_kind {
	LOG_FIELD_NONE,
	LOG_FIELD_TEXT,
	LOG_FIELD_WORD,
	LOG_FIELD_I64,
	LOG_FIELD_SECRET,
	LOG_FIELD_ERROR
};

struct log_field {
	enum log_field_kind kind;
	const char *key;
	struct str text;
	int64_t number;
	const struct error *error;
};

/* Text of anybody: quoted. */
#define LOG_STR(k, s)                                                                              \
	{                                                                                          \
		.kind = LOG_FIELD_TEXT, .key = (k), .text = (s)                                    \
	}
/* The same from a NUL-terminated string; NULL prints "". */
#define LOG_CZ(k, cz)                                                                              \
	{                                                                                          \
		.kind = LOG_FIELD_TEXT, .key = (k), .text = str_from(cz)                           \
	}
/* One of our own words (NUL-terminated); quoted only where it turns out not to be one. */
#define LOG_WORD(k, cz)                                                                            \
	{                                                                                          \
		.kind = LOG_FIELD_WORD, .key = (k), .text = str_from(cz)                           \
	}
#define LOG_I64(k, v)                                                                              \
	{                                                                                          \
		.kind = LOG_FIELD_I64, .key = (k), .number = (int64_t)(v)                          \
	}
/* Takes a struct secret and prints ***. */
#define LOG_SECRET(k, s)                                                                           \
	{                                                                                          \
		.kind = LOG_FIELD_SECRET, .key = (k), .text = secret_make((s).hidden_).hidden_     \
	}
/* rc=, reason=, foreign= (where set), at=file:line, detail= of a struct error *. */
#define LOG_ERROR(e)                                                                               \
	{                                                                                          \
		.kind = LOG_FIELD_ERROR, .error = (e)                                              \
	}

void log_write(const struct log *l, enum log_event event, const struct log_field *fields,
	       size_t n_fields);

/*
 * log_event(l, LOGGED_REQUEST, LOG_STR("path", path), LOG_I64("status", 200));
 * Keeps errno.
 */
#define log_event(l, event, ...)                                                                   \
	log_write(                                                                                 \
		(l), (event),                                                                      \
		(const struct log_field[]){ { .kind = LOG_FIELD_NONE }, ##__VA_ARGS__ },           \
		sizeof((const struct log_field[]){ { .kind = LOG_FIELD_NONE }, ##__VA_ARGS__ }) /  \
			sizeof(struct log_field))

/* "debug", "info", "warn", "error". */
const char *log_level_name(enum log_level level);
/* The table of events as Markdown, for docs. */
void log_print_events(FILE *out);

#endif
