/* Reads .po files by libgettextpo; copies what is needed into the arena. */
#include "tools/catc.h"

#include <gettext-po.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"

static void report(int severity, po_message_t message, const char *filename, size_t line,
		   size_t column, int is_multiline, const char *text)
{
	(void)message;
	(void)column;
	(void)is_multiline;
	fprintf(stderr, "%s:%zu: %s\n", filename ? filename : "catalogue", line, text);
	if (severity == PO_SEVERITY_FATAL_ERROR)
		exit(EXIT_FAILURE); /* the library must not be returned to */
}

static void report_two(int severity, po_message_t first, const char *filename, size_t line,
		       size_t column, int is_multiline, const char *text, po_message_t second,
		       const char *filename2, size_t line2, size_t column2, int is_multiline2,
		       const char *text2)
{
	report(severity, first, filename, line, column, is_multiline, text);
	report(severity, second, filename2, line2, column2, is_multiline2, text2);
}

static struct str copy(struct arena *a, const char *cz)
{
	struct str s = { 0 };

	if (cz) {
		s = arena_str(a, str_from(cz));
		BUG(!s.p);
	}
	return s;
}

static void read_entry(struct arena *a, po_message_t m, struct catc_entry *ret)
{
	po_filepos_t at = po_message_filepos(m, 0);

	*ret = (struct catc_entry){
		.ctx = copy(a, po_message_msgctxt(m)),
		.id = copy(a, po_message_msgid(m)),
		.plural = copy(a, po_message_msgid_plural(m)),
		.is_fuzzy = po_message_is_fuzzy(m) != 0,
	};
	if (at && po_filepos_start_line(at) != (size_t)-1)
		ret->place =
			arena_printf(a, "%s:%zu", po_filepos_file(at), po_filepos_start_line(at));
	else if (at)
		ret->place = copy(a, po_filepos_file(at));
	if (!ret->plural.p) {
		ret->forms[0] = copy(a, po_message_msgstr(m));
		return;
	}
	for (int i = 0; i < CATC_FORMS_MAX; i++) {
		const char *form = po_message_msgstr_plural(m, i);

		if (!form)
			break;
		ret->forms[i] = copy(a, form);
	}
}

static size_t count(po_file_t file)
{
	po_message_iterator_t it = po_message_iterator(file, NULL);
	size_t n = 0;

	while (po_next_message(it))
		n++;
	po_message_iterator_free(it);
	return n;
}

bool catc_read(struct arena *a, struct str path, struct catc_file *ret)
{
	const struct po_xerror_handler handler = { .xerror = report, .xerror2 = report_two };
	const char *cz = str_cz(a, path);
	po_file_t file = cz ? po_file_read(cz, &handler) : NULL;
	po_message_iterator_t it;
	po_message_t m;

	if (!file) {
		fprintf(stderr, "%.*s: cannot be read\n", STR_ARG(path));
		return false;
	}
	ret->path = path;
	ret->v = ARENA_ARRAY(a, count(file) + 1, struct catc_entry);
	BUG(!ret->v);
	it = po_message_iterator(file, NULL);
	while ((m = po_next_message(it)) != NULL) {
		if (po_message_is_obsolete(m))
			continue;
		if (!po_message_msgctxt(m) && po_message_msgid(m)[0] == '\0') {
			if (!catc_read_plural_rule(copy(a, po_message_msgstr(m)), ret)) {
				fprintf(stderr, "%.*s: bad Plural-Forms\n", STR_ARG(path));
				return false;
			}
			continue;
		}
		read_entry(a, m, &ret->v[ret->n++]);
	}
	po_message_iterator_free(it);
	po_file_free(file);
	return true;
}

/* The expression goes into C as it is: only what a plural rule is made of. */
static bool is_plural_rule(struct str s)
{
	int depth = 0;

	if (s.n == 0 || s.n > 500)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!ascii_is_digit(c) && !strchr(" n()?:<>=!&|%", c))
			return false;
		depth += (c == '(') - (c == ')');
		if (depth < 0)
			return false;
		if (c == 'n' && i + 1 < s.n && (s.p[i + 1] == 'n' || ascii_is_digit(s.p[i + 1])))
			return false;
	}
	return depth == 0;
}

bool catc_read_plural_rule(struct str header, struct catc_file *file)
{
	struct str line, part;
	int64_t n;

	while (str_split(&header, '\n', &line)) {
		if (!str_starts(line, STR("Plural-Forms:")))
			continue;
		line = str_trim(str_from_pos(line, strlen("Plural-Forms:")));
		if (!str_split(&line, ';', &part) || !str_starts(part, STR("nplurals=")) ||
		    !num_i64(str_from_pos(part, strlen("nplurals=")), 1, CATC_FORMS_MAX, &n))
			return false;
		file->n_plurals = (unsigned)n;
		if (!str_split(&line, ';', &part))
			return false;
		part = str_trim(part);
		if (!str_starts(part, STR("plural=")))
			return false;
		file->plural_rule = str_from_pos(part, strlen("plural="));
		return is_plural_rule(file->plural_rule);
	}
	return true;
}
