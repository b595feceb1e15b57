/*
 * catc: the catalogue compiler's command line.
 *
 *   catc messages.pot out.c templates/locale/fr.po …
 *
 * messages.pot has every text the program uses; each .po must translate all
 * of them.  The name of the .po file is the tag of its language.  What is
 * wrong is printed, one line each, and the exit status is 1.  Texts that a
 * .po has in excess are warned of, unless --subset is the first argument.
 */
#include "tools/catc.h"

#include <stdio.h>
#include <stdlib.h>

#include "tools/tool_file.h"

/* "templates/locale/fr.po": "FR"; "pt-br.po": "PT_BR". */
static struct str language_name(struct arena *a, struct str path)
{
	size_t slash = str_rfind_char(path, '/');
	struct str tag = slash == SIZE_MAX ? path : str_from_pos(path, slash + 1);
	char *out;

	if (!str_ends(tag, STR(".po")) || tag.n == 3)
		return STR("");
	tag = str_sub(tag, 0, tag.n - 3);
	out = arena_alloc(a, tag.n);
	BUG(!out);
	for (size_t i = 0; i < tag.n; i++)
		out[i] = ascii_is_alnum(tag.p[i]) ? ascii_upper(tag.p[i]) : '_';
	return str_make(out, tag.n);
}

static bool compile(struct arena *a, struct str pot, struct str out_path, char **paths, size_t n,
		    bool is_subset)
{
	struct catc_file messages = { 0 };
	struct catc_file languages[CATC_LANGS_MAX] = { 0 };
	struct buf out, report;
	bool is_good = true;

	if (!catc_read(a, pot, &messages))
		return false;
	catc_sort(&messages);
	buf_init(&report, a, 4096, SIZE_MAX);
	for (size_t i = 0; i < n; i++) {
		languages[i].lang = language_name(a, str_from(paths[i]));
		if (languages[i].lang.n == 0 || !catc_read(a, str_from(paths[i]), &languages[i]))
			return false;
		catc_sort(&languages[i]);
		is_good = catc_check(&messages, &languages[i], &report) && is_good;
		if (!is_subset)
			catc_warn_unused(&languages[i], &report);
	}
	fwrite(report.p, 1, report.n, stderr);
	if (!is_good)
		return false;
	buf_init(&out, a, 1 << 20, SIZE_MAX);
	catc_emit(a, &messages, languages, n, &out);
	return buf_ok(&out) && tool_file_write(a, out_path, buf_str(&out), true);
}

int main(int argc, char **argv)
{
	struct arena a;
	bool is_good, is_subset = argc > 1 && str_eq(str_from(argv[1]), STR("--subset"));

	argc -= is_subset;
	argv += is_subset;
	if (argc < 3 || argc - 3 > CATC_LANGS_MAX) {
		fputs("usage: catc [--subset] messages.pot out.c language.po...\n", stderr);
		return 2;
	}
	arena_init(&a, (size_t)256 << 20, 0);
	is_good = compile(&a, str_from(argv[1]), str_from(argv[2]), argv + 3, (size_t)argc - 3,
			  is_subset);
	arena_clear(&a);
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
