/* Whether a language has every text, with the placeholders of the English one. */
#include "tools/catc.h"

#include <stdlib.h>

#include "tools/catc_name.h"

static int compare(const void *x, const void *y)
{
	const struct catc_entry *a = x, *b = y;
	int order = str_cmp(a->id, b->id);

	if (order != 0)
		return order;
	if (!a->ctx.p || !b->ctx.p)
		return (a->ctx.p != NULL) - (b->ctx.p != NULL);
	return str_cmp(a->ctx, b->ctx);
}

void catc_sort(struct catc_file *file)
{
	if (file->n > 1)
		qsort(file->v, file->n, sizeof(file->v[0]), compare);
}

struct catc_entry *catc_find(const struct catc_file *file, const struct catc_entry *key)
{
	return file->n ? bsearch(key, file->v, file->n, sizeof(file->v[0]), compare) : NULL;
}

static bool has_name(struct str text, struct str name)
{
	struct str found;
	size_t at = 0;

	while (catc_placeholder(text, &at, &found)) {
		if (str_eq(found, name))
			return true;
	}
	return false;
}

static bool names_are_good(struct str text)
{
	struct str name;
	size_t at = 0;

	while (catc_placeholder(text, &at, &name)) {
	}
	return at == text.n;
}

/* Each {name} of a is in b or in c; {n} may be missing where is_plural. */
static bool names_are_in(struct str a, struct str b, struct str c, bool is_plural)
{
	struct str name;
	size_t at = 0;

	while (catc_placeholder(a, &at, &name)) {
		if (!has_name(b, name) && !has_name(c, name) &&
		    !(is_plural && str_eq(name, STR("n"))))
			return false;
	}
	return true;
}

static const char *what_is_wrong(const struct catc_file *language, const struct catc_entry *m,
				 const struct catc_entry *entry)
{
	bool is_plural = m->plural.p != NULL;
	unsigned n = is_plural ? language->n_plurals : 1;

	if (!entry)
		return "missing";
	if (entry->is_fuzzy)
		return "fuzzy, to be looked at";
	if (is_plural != (entry->plural.p != NULL) ||
	    (is_plural && !str_eq(m->plural, entry->plural)))
		return "has another plural";
	for (unsigned i = 0; i < n; i++) {
		if (entry->forms[i].n == 0)
			return "not translated";
		if (!names_are_good(entry->forms[i]))
			return "has a { or } that is no {name}";
		if (!names_are_in(entry->forms[i], m->id, m->plural, false) ||
		    !names_are_in(m->id, entry->forms[i], STR(""), is_plural))
			return "has other {names}";
	}
	return NULL;
}

static void complain(const struct catc_file *language, const struct catc_entry *m, const char *why,
		     struct buf *report)
{
	buf_printf(report, "%.*s: %s: \"%.*s\"", STR_ARG(language->path), why, STR_ARG(m->id));
	if (m->ctx.p)
		buf_printf(report, " (context \"%.*s\")", STR_ARG(m->ctx));
	if (m->place.n > 0)
		buf_printf(report, ", used in %.*s", STR_ARG(m->place));
	buf_char(report, '\n');
}

bool catc_check(const struct catc_file *messages, const struct catc_file *language,
		struct buf *report)
{
	bool is_good = true;

	if (language->n_plurals == 0) {
		buf_printf(report, "%.*s: Plural-Forms is missing\n", STR_ARG(language->path));
		return false;
	}
	for (size_t i = 0; i < messages->n; i++) {
		const struct catc_entry *m = &messages->v[i];
		struct catc_entry *entry = catc_find(language, m);
		const char *why = names_are_good(m->id) && names_are_good(m->plural)
					  ? what_is_wrong(language, m, entry)
					  : "the English text has a { or } that is no {name}";

		if (entry)
			entry->is_used = true;
		if (why) {
			complain(language, m, why, report);
			is_good = false;
		}
	}
	if (!is_good)
		buf_printf(report, "`make messages` puts what is missing into %.*s\n",
			   STR_ARG(language->path));
	return is_good;
}

void catc_warn_unused(const struct catc_file *language, struct buf *report)
{
	for (size_t i = 0; i < language->n; i++) {
		if (!language->v[i].is_used)
			complain(language, &language->v[i], "warning: no longer used", report);
	}
}
