/*
 * Log writer: see log.h.  A line is built in a buffer on the stack and leaves by
 * one write, so that lines of several processes never mix.  Allocates nothing
 * and cannot fail.
 */
#include "sys/log.h"

#include "base/time.h"

#include <errno.h>
#include <unistd.h>

/* Kept free for the ending " cut=1\n". */
#define TAIL 8
#define MARK "…"

struct line {
	char p[LOG_LINE_MAX];
	size_t n;
	bool full;
};

static const struct {
	const char *name, *fields, *meaning;
	enum log_level level;
} log_table[LOGGED__MAX] = {
#define X(NAME, name, LEVEL, fields, meaning)                                                      \
	[LOGGED_##NAME] = { #name, fields, meaning, LOG_LEVEL_##LEVEL },
	LOG_EVENTS(X)
#undef X
};

const char *log_level_name(enum log_level level)
{
	static const char *const names[LOG_LEVEL__MAX] = { "debug", "info", "warn", "error" };

	BUG((unsigned)level >= LOG_LEVEL__MAX);
	return names[level];
}

void log_init(struct log *l, const char *prog, enum log_level level)
{
	*l = (struct log){ .fd = 2, .level = level, .prog = prog };
}

void log_set_request(struct log *l, struct str id)
{
	size_t n = 0;

	for (size_t i = 0; i < id.n && n < sizeof l->request - 1; i++)
		if (ascii_is_alnum(id.p[i]) || id.p[i] == '-')
			l->request[n++] = id.p[i];
	l->request[n] = '\0';
}

static void line_add(struct line *b, const char *p, size_t n)
{
	if (b->full || n > LOG_LINE_MAX - TAIL - b->n) {
		b->full = true;
		return;
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void line_cz(struct line *b, const char *cz)
{
	line_add(b, cz, strlen(cz));
}

static void line_i64(struct line *b, int64_t v)
{
	char digits[20];
	size_t at = sizeof digits;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do {
		digits[--at] = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (v < 0)
		line_cz(b, "-");
	line_add(b, digits + at, sizeof digits - at);
}

static void line_escape(struct line *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char out[4] = { '\\', 'x', hex[c >> 4], hex[c & 15] };

	switch (c) {
	case '\n':
		line_cz(b, "\\n");
		break;
	case '\r':
		line_cz(b, "\\r");
		break;
	case '\t':
		line_cz(b, "\\t");
		break;
	case '"':
		line_cz(b, "\\\"");
		break;
	case '\\':
		line_cz(b, "\\\\");
		break;
	default:
		line_add(b, out, sizeof out);
	}
}

/* What a terminal or an editor might act on: C1 controls, line and paragraph ends, bidi marks. */
static bool is_harmful(uint32_t c)
{
	return (c >= 0x80 && c <= 0x9f) || (c >= 0x200e && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static void line_text(struct line *b, struct str s)
{
	bool is_cut = s.n > LOG_TEXT_MAX;

	if (is_cut) {
		s.n = LOG_TEXT_MAX;
		/* Not in the middle of a character. */
		while (s.n > LOG_TEXT_MAX - 4 && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
			s.n--;
	}
	line_cz(b, "\"");
	for (size_t at = 0; at < s.n;) {
		size_t from = at;
		unsigned char c = (unsigned char)s.p[at];
		uint32_t point = utf8_next(s, &at);
		bool is_malformed = c >= 0x80 && at - from == 1;

		if (c < 0x20 || c == 0x7f || c == '"' || c == '\\' || is_malformed ||
		    is_harmful(point))
			for (size_t i = from; i < at; i++)
				line_escape(b, (unsigned char)s.p[i]);
		else
			line_add(b, s.p + from, at - from);
	}
	line_cz(b, is_cut ? MARK "\"" : "\"");
}

static void line_word(struct line *b, struct str s)
{
	bool is_word = s.n > 0 && s.n <= LOG_TEXT_MAX;

	for (size_t i = 0; is_word && i < s.n; i++)
		is_word = ascii_is_alnum(s.p[i]) || (s.p[i] && strchr("_-.:/+", s.p[i]));
	if (is_word)
		line_add(b, s.p, s.n);
	else
		line_text(b, s);
}

static void line_key(struct line *b, const char *key)
{
	line_cz(b, " ");
	line_cz(b, key);
	line_cz(b, "=");
}

static void line_error(struct line *b, const struct error *e)
{
	line_key(b, "rc");
	line_cz(b, rc_name(e->rc));
	line_key(b, "reason");
	line_cz(b, reason_code(e->reason));
	if (e->foreign) {
		line_key(b, "foreign");
		line_i64(b, e->foreign);
	}
	for (size_t i = 0; i < e->n_fields; i++) {
		line_key(b, "field");
		line_word(b, str_from(e->fields[i].field));
	}
	if (e->file) {
		line_key(b, "at");
		line_cz(b, e->file);
		line_cz(b, ":");
		line_i64(b, e->line);
	}
	line_key(b, "detail");
	line_text(b, str_from(e->detail));
}

static void line_field(struct line *b, const struct log_field *f)
{
	if (f->kind == LOG_FIELD_NONE)
		return;
	if (f->kind == LOG_FIELD_ERROR) {
		line_error(b, f->error);
		return;
	}
	line_key(b, f->key);
	if (f->kind == LOG_FIELD_TEXT)
		line_text(b, f->text);
	else if (f->kind == LOG_FIELD_WORD)
		line_word(b, f->text);
	else if (f->kind == LOG_FIELD_I64)
		line_i64(b, f->number);
	else
		line_cz(b, "***");
}

void log_write(const struct log *l, enum log_event event, const struct log_field *fields,
	       size_t n_fields)
{
	char stamp[28];
	struct line b;
	int kept = errno;

	BUG((unsigned)event >= LOGGED__MAX);
	if (l->fd < 0 || log_table[event].level < l->level)
		return;
	b.n = 0;
	b.full = false;
	struct str ts = us_format_iso(clock_read_us(l->clock), stamp);
	line_cz(&b, "ts=");
	line_add(&b, ts.p, ts.n);
	line_key(&b, "level");
	line_cz(&b, log_level_name(log_table[event].level));
	line_key(&b, "prog");
	line_cz(&b, l->prog);
	line_key(&b, "pid");
	line_i64(&b, getpid());
	line_key(&b, "event");
	line_cz(&b, log_table[event].name);
	if (l->request[0]) {
		line_key(&b, "req");
		line_cz(&b, l->request);
	}
	for (size_t i = 0; i < n_fields && !b.full; i++) {
		size_t before = b.n;

		line_field(&b, &fields[i]);
		if (b.full)
			b.n = before;
	}
	if (b.full) {
		memcpy(b.p + b.n, " cut=1", 6);
		b.n += 6;
	}
	b.p[b.n++] = '\n';
	while (write(l->fd, b.p, b.n) < 0 && errno == EINTR)
		;
	errno = kept;
}

void log_print_events(FILE *out)
{
	fputs("| event | level | fields | meaning |\n| --- | --- | --- | --- |\n", out);
	for (size_t i = 0; i < LOGGED__MAX; i++)
		fprintf(out, "| `%s` | %s | %s | %s |\n", log_table[i].name,
			log_level_name(log_table[i].level), log_table[i].fields,
			log_table[i].meaning);
}
