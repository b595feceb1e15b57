/*
 * catc: compiles the catalogues.  Shared by its parts:
 *
 *   catc_read.c  .po files into arrays (libgettextpo)
 *   catc_check.c every text translated, placeholders equal
 *   catc_emit.c  the tables as C          catc.c  command line
 *
 * A build-time program; one arena for the run.
 */
#ifndef TOOLS_CATC_H
#define TOOLS_CATC_H

#include "base/buf.h"

#define CATC_FORMS_MAX 8
#define CATC_LANGS_MAX 32

struct catc_entry {
	struct str ctx; /* p NULL: none */
	struct str id;
	struct str plural;                /* p NULL: none */
	struct str forms[CATC_FORMS_MAX]; /* empty: untranslated */
	bool is_fuzzy;
	bool is_used;     /* set by the check */
	struct str place; /* "templates/x.html:12", empty when unknown */
};

struct catc_file {
	struct str path;
	struct catc_entry *v;
	size_t n;
	struct str lang; /* "FR"; empty for the list of messages */
	unsigned n_plurals;
	struct str plural_rule; /* checked: a C expression of n */
};

/* False, with the reason on stderr, when the file cannot be read. */
bool catc_read(struct arena *a, struct str path, struct catc_file *ret);
/* Sets n_plurals and plural_rule from the header; false when what it says is not one. */
bool catc_read_plural_rule(struct str header, struct catc_file *file);
/* Sorts messages by id, then ctx. */
void catc_sort(struct catc_file *file);
/* The entry with the same ctx and id in a sorted file; NULL when none. */
struct catc_entry *catc_find(const struct catc_file *file, const struct catc_entry *key);
/* Both files sorted.  False when a text lacks; report gets a line for each. */
bool catc_check(const struct catc_file *messages, const struct catc_file *language,
		struct buf *report);
/* After catc_check: reports the texts that nothing uses. */
void catc_warn_unused(const struct catc_file *language, struct buf *report);

void catc_emit(struct arena *a, const struct catc_file *messages, const struct catc_file *languages,
	       size_t n_languages, struct buf *out);

#endif
