/*
 * What a completion code shows to anyone who holds it.
 *
 * For codes that were generated here, long enough not to be guessed (code_is_long), of a
 * session that is completed now.  Typed codes, unknown ones and those of cancelled,
 * returned or reopened sessions are all the same: not a code of ours, by the same
 * one statement.  Knows nothing of who asks, and needs no sign-in.
 */
#ifndef CORE_VERIFY_H
#define CORE_VERIFY_H

#include "core/core.h"

struct verified {
	struct str code;                      /* as printed */
	struct str course_code, course_title; /* empty: of no course */
	struct str teacher_name;              /* empty: nobody */
	int32_t day, start_tod, end_tod;      /* planned, wall clock of the session */
	int32_t actual_start_tod, actual_end_tod;
};

/* typed: any bytes.  *ret_is_ours false: *ret is untouched. */
enum rc verify_code(struct core *c, struct str typed, bool *ret_is_ours, struct verified *ret,
		    struct error *e) MUST_CHECK;

#endif
