/*
 * tplc: the template compiler's command line.
 *
 *   tplc --root templates --icons static/icons.txt --filters fcgi-app/view/format.h
 *        --out build/gen/view templates/x/y.html
 *
 * Writes tpl_x_y.c, tpl_x_y.h (only when it changed, since everything depends
 * on it) and tpl_x_y.pot, the messages used.  An error is one line
 * "templates/x/y.html:LINE:COL: message" and exit status 1.
 */
#include "tools/tplc.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/tool_file.h"

struct options {
	struct str root, icons, filters, out, file;
};

static bool has_partial(void *arg, struct str name)
{
	const struct options *o = arg;
	char path[512];

	snprintf(path, sizeof(path), "%.*s/%.*s.html", STR_ARG(o->root), STR_ARG(name));
	return access(path, R_OK) == 0;
}

static int usage(void)
{
	fputs("usage: tplc --root dir --icons file --filters header --out dir template\n", stderr);
	return 2;
}

static bool read_options(int argc, char **argv, struct options *o)
{
	const struct {
		struct str name;
		struct str *value;
	} table[] = { { STR("--root"), &o->root },
		      { STR("--icons"), &o->icons },
		      { STR("--filters"), &o->filters },
		      { STR("--out"), &o->out } };

	for (int i = 1; i < argc; i++) {
		struct str *value = &o->file;

		for (size_t k = 0; k < ARRAY_LEN(table) && i + 1 < argc; k++) {
			if (str_eq(str_from(argv[i]), table[k].name)) {
				value = table[k].value;
				i++;
				break;
			}
		}
		if (value->n > 0)
			return false;
		*value = str_from(argv[i]);
	}
	return o->root.n && o->icons.n && o->filters.n && o->out.n && o->file.n;
}

/* "templates/x/y.html" under the root "templates" is "x/y". */
static bool template_name(const struct options *o, struct str *ret)
{
	const struct str suffix = STR(".html");

	if (!str_starts(o->file, o->root) || !str_ends(o->file, suffix) ||
	    o->file.n <= o->root.n + 1 + suffix.n)
		return false;
	*ret = str_sub(o->file, o->root.n + 1, o->file.n - o->root.n - 1 - suffix.n);
	return true;
}

static bool write_output(struct arena *a, const struct options *o, struct str symbol,
			 const char *suffix, const struct buf *text, bool only_changed)
{
	struct str path =
		arena_printf(a, "%.*s/tpl_%.*s%s", STR_ARG(o->out), STR_ARG(symbol), suffix);

	return buf_ok(text) && path.p && tool_file_write(a, path, buf_str(text), only_changed);
}

static bool compile(struct arena *a, struct options *o)
{
	struct tplc c = { .arena = a, .file = o->file, .has_partial = has_partial, .arg = o };
	struct buf source, header, messages;
	struct str symbol;

	if (!template_name(o, &c.name)) {
		fprintf(stderr, "tplc: %.*s is no .html file under %.*s\n", STR_ARG(o->file),
			STR_ARG(o->root));
		return false;
	}
	if (!tool_file_read(a, o->file, &c.text) || !tool_file_read(a, o->icons, &c.icons) ||
	    !tool_file_read(a, o->filters, &c.filters))
		return false;
	buf_init(&source, a, 65536, SIZE_MAX);
	buf_init(&header, a, 4096, SIZE_MAX);
	buf_init(&messages, a, 4096, SIZE_MAX);
	if (!tplc_compile(&c, &source, &header, &messages)) {
		fprintf(stderr, "%.*s:%d:%d: %s\n", STR_ARG(c.file), c.error_pos.line,
			c.error_pos.col, c.error);
		return false;
	}
	symbol = tplc_symbol(&c, c.name);
	return write_output(a, o, symbol, ".h", &header, true) &&
	       write_output(a, o, symbol, ".pot", &messages, true) &&
	       write_output(a, o, symbol, ".c", &source, false);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct arena a;
	bool is_good;

	if (!read_options(argc, argv, &o))
		return usage();
	arena_init(&a, (size_t)256 << 20, 0);
	is_good = compile(&a, &o);
	arena_clear(&a);
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
