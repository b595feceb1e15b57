/*
 * Sentences put together in C: a catalogue text with its {names} filled in.
 * Templates do this themselves; this is for labels, which are attributes.
 */
#ifndef VIEW_TEXT_H
#define VIEW_TEXT_H

#include "view/catalogue.h"

struct text_hole {
	const char *name;
	struct str value;
};

/* Names without a hole stay as they are.  Without memory: the text unfilled. */
struct str text_fill(struct arena *a, struct str text, const struct text_hole *holes,
		     size_t n_holes);
/* TEXT_FILL(arena, lang, N_("From {a} to {b}."), { "a", a }, { "b", b }) */
#define TEXT_FILL(arena, lang, english, ...)                                                       \
	text_fill((arena), catalogue_text((lang), (english)),                                      \
		  (const struct text_hole[]){ __VA_ARGS__ },                                       \
		  ARRAY_LEN(((const struct text_hole[]){ __VA_ARGS__ })))

#endif
