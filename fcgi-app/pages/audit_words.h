/*
 * What the codes of the audit log say to people.  Every action that core writes has its
 * sentence here (a static rule looks); an action of a later version shows its code.
 */
#ifndef PAGES_AUDIT_WORDS_H
#define PAGES_AUDIT_WORDS_H

#include "pages/page.h"

/* "Session completed", in the page's language; the code itself when there is no sentence. */
struct str audit_sentence(const struct page *p, struct str action);

/* A kind of object: its code, and where it is shown. */
struct audit_kind {
	const char *code;
	const char *label; /* English, with {n}: "Session {n}" */
	const char *name;  /* English: "Sessions" */
	const char *path;  /* before the id; NULL: it has no page of its own */
};
extern const struct audit_kind audit_kinds[];
extern const size_t audit_n_kinds;
/* NULL: a kind of a later version. */
const struct audit_kind *audit_kind_of(struct str code);

/* Families of actions, for choosing: code and English name. */
struct audit_family {
	const char *code, *name;
};
extern const struct audit_family audit_families[];
extern const size_t audit_n_families;

#endif
