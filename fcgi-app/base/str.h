/*
 * struct str: a view of bytes.
 *
 * Invariants: n bytes at p; not NUL-terminated; may contain zero bytes; p may
 * be NULL only when n is 0.  Passed by value.  A view never owns: who made the
 * bytes keeps them alive.  Nothing here fails or allocates.
 *
 * ASCII rules only: the locale is never consulted.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"

struct str {
	const char *p;
	size_t n;
};

/* A view of a string literal. */
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
/* The same, as a constant initialiser of a static object. */
#define STR_INIT(literal)                                                                          \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}
/* For printf: "%.*s". */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

static inline struct str str_make(const char *p, size_t n)
{
	return (struct str){ p, n };
}

/* View of a NUL-terminated string; NULL gives the empty view. */
static inline struct str str_from(const char *cz)
{
	return (struct str){ cz, cz ? strlen(cz) : 0 };
}

static inline bool str_empty(struct str s)
{
	return s.n == 0;
}

bool str_eq(struct str a, struct str b);
/* ASCII letters compare without case. */
bool str_eq_nocase(struct str a, struct str b);
/* Byte order; shorter first when one is a prefix. <0, 0, >0. */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_ends_nocase(struct str s, struct str suffix);

/* Position of the first c or of the first needle; SIZE_MAX when absent. */
size_t str_find_char(struct str s, char c);
size_t str_rfind_char(struct str s, char c);
size_t str_find(struct str s, struct str needle);

/* The part from `from` (at most s.n) of at most `n` bytes. */
struct str str_sub(struct str s, size_t from, size_t n);
static inline struct str str_from_pos(struct str s, size_t from)
{
	return str_sub(s, from, SIZE_MAX);
}

/* Without ASCII blanks (space, tab, CR, LF) at both ends. */
struct str str_trim(struct str s);

/*
 * Takes the text up to the next `sep` off *rest and returns it; *rest becomes
 * what follows the separator.  Returns false when *rest is used up (p NULL).
 * "a,,b" gives "a", "", "b"; "" gives "" once.
 */
bool str_split(struct str *rest, char sep, struct str *ret_part);

/* ASCII only, safe for every value of char. */
bool ascii_is_digit(char c);
bool ascii_is_alpha(char c);
bool ascii_is_alnum(char c);
bool ascii_is_hex(char c);
char ascii_lower(char c);
char ascii_upper(char c);

/* Well-formed UTF-8 (RFC 3629: no surrogates, nothing above U+10FFFF, no overlong forms). */
bool utf8_valid(struct str s);
/*
 * Bytes of the well-formed code point that starts at `at` (below s.n), 1 to 4;
 * 0 when malformed there.
 */
size_t utf8_sequence(struct str s, size_t at);
/* Code points in a well-formed text. */
size_t utf8_length(struct str s);
/* The longest prefix of at most n code points. */
struct str utf8_prefix(struct str s, size_t n);
/*
 * Decodes one code point at *at and moves *at behind it.  A malformed byte
 * gives U+FFFD and moves by one.  *at must be below s.n.
 */
uint32_t utf8_next(struct str s, size_t *at);

#endif
