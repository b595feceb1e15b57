/*
 * Catalogues: every text a person reads, in every language.
 *
 * Texts are keyed by the English text, with a context where one English text
 * has several meanings.  Templates refer to a generated `const struct
 * message` by name; C code looks up by the English text.  The tables are
 * compiled from templates/locale/<tag>.po by catc, which fails the build when
 * one is missing, so looking up never fails.  All data is constant: any thread
 * may read it, nobody owns it.
 */
#ifndef VIEW_CATALOGUE_H
#define VIEW_CATALOGUE_H

#include "base/arena.h"

/*
 * X(NAME, tag, own name, direction).  A further language is one line here and
 * one file templates/locale/<tag>.po; NAME is the tag in upper case.
 */
#define LANGUAGES(X)                                                                               \
	X(EN, "en", "English", "ltr")                                                              \
	X(FR, "fr", "Français", "ltr")

enum lang {
#define X(name, tag, own, dir) LANG_##name,
	LANGUAGES(X)
#undef X
		LANG__MAX
};

/* Marks an English text with a context, as the initialiser of a struct catalogue_key. */
#define NC_(ctx, text)                                                                             \
	{                                                                                          \
		ctx, text                                                                          \
	}

struct catalogue_key {
	const char *ctx; /* NULL: none */
	const char *english;
};

/* One text: as it is, and with & < > " ' escaped for element and quoted attribute. */
struct message_form {
	struct str text, html;
};

struct message {
	struct catalogue_key key;
	const struct message_form *forms[LANG__MAX]; /* 1, or one per plural form of the language */
	unsigned n_forms[LANG__MAX];
};

struct str lang_tag(enum lang lang);       /* "fr", for lang= and hreflang= */
struct str lang_own_name(enum lang lang);  /* "Français" */
struct str lang_direction(enum lang lang); /* "ltr" or "rtl" */
/* The language of that tag (exact, lower case); false when we have none. */
bool lang_from_tag(struct str tag, enum lang *ret_lang) MUST_CHECK;

/* The text of a message without plural. */
struct str message_text(const struct message *m, enum lang lang);
/* The form for n things; a negative n counts as its absolute value. */
const struct message_form *message_form(const struct message *m, enum lang lang, int64_t n);

/*
 * The text for an English key, with or without context; the English text
 * itself where the catalogue has none (LANG_EN, texts not marked with N_).
 */
struct str catalogue_text(enum lang lang, const char *english);
struct str catalogue_text_ctx(enum lang lang, struct catalogue_key key);
/* The form for n, each {n} of it replaced by n; p NULL without memory. */
struct str catalogue_text_n(struct arena *a, enum lang lang, const char *english,
			    int64_t n) MUST_CHECK;

/* ---- made by catc (gen/view/catalogue_gen.c) ----------------------------------- */

extern const struct message *const catalogue_messages[]; /* by english, then ctx (none first) */
extern const size_t catalogue_n_messages;
/* Index of the form for n. */
#define X(name, tag, own, dir) size_t catalogue_plural_##name(uint64_t n);
LANGUAGES(X)
#undef X

#endif
