/*
 * Completion codes: "DB220-1119-H7VX3KQ9WM2P" says which session was held, and is
 * read aloud, typed and compared by people.
 *
 * A generated code is PREFIX-MMDD-RRRRRRRRRRCC: up to 8 letters and digits of the course
 * code (or of the class, or "SES"), month and day, ten random signs and two
 * check signs.  Ten, because /verify answers anybody (docs/security.md has the sum); older
 * codes have four, are good in every other respect, and are not shown there.  Random and check
 * signs are of 31 without look-alikes (no 0 O, 1 I L). The check is a sum of all signs, weighted by
 * powers of WEIGHT modulo the prime 953, written in base 31: it finds each single wrong sign and
 * each swap of two neighbours (tests/unit/core_code.c tries them all).  A typed code is free text
 * without a check.
 */
#ifndef CORE_CODE_H
#define CORE_CODE_H

#include "base/buf.h"
#include "base/error.h"

#define CODE_MAX_CHARS      100 /* of a typed code, code points */
#define CODE_PREFIX_MAX     8
#define CODE_RANDOM_SIGNS   10
#define CODE_GENERATED_SIZE 32 /* a generated code and a NUL */

/*
 * Makes a code.  course, class: texts to take the prefix from, the first that has
 * an ASCII letter or digit; day: the session's date; random: numbers, taken
 * modulo 31 (crypto_random gives them; tests give constants).
 */
struct str code_generate(struct str course, struct str class, int32_t day,
			 const uint8_t random[CODE_RANDOM_SIGNS],
			 char ret_code[CODE_GENERATED_SIZE]);

enum code_check {
	CODE_FREE,  /* does not look like a generated code: nothing to check */
	CODE_RIGHT, /* looks like one, and the check fits */
	CODE_WRONG, /* looks like one, and the check does not: mistyped */
};
/* Judges a code as typed: case and blanks around it do not matter. */
enum code_check code_check(struct str code);
/* Right, and with enough random signs that nobody guesses it. */
bool code_is_long(struct str code);

/*
 * The key under which a code is unique: blanks at both ends dropped, inner runs
 * of blanks one space, ASCII letters upper case, everything else as it is.  p NULL
 * without memory.  Empty for a code of blanks only.
 */
struct str code_key(struct arena *a, struct str code) MUST_CHECK;
/* A typed code as it is stored: blanks at both ends dropped. Field error `field` when not
 * well-formed, with controls, or longer than CODE_MAX_CHARS. */
enum rc code_clean(struct str typed, const char *field, struct str *ret_code,
		   struct error *e) MUST_CHECK;

#endif
