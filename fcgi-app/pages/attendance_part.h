/*
 * What the pages of attendance share: the code, finding, addresses, messages after a change.
 */
#ifndef PAGES_ATTENDANCE_PART_H
#define PAGES_ATTENDANCE_PART_H

#include "pages/page.h"
#include "view/register.h"

/* "7K4 Q2M" now, or empty when nobody may check in now; spelled: "7 K 4, Q 2 M". */
enum rc attendance_code(const struct page *p, const struct attendance *s, int64_t step,
			struct str *ret, struct str *ret_spelled, struct error *e) MUST_CHECK;
/* Whether the text stands in the name or code, without regard to case and accents. */
bool attendance_finds(const struct register_row *r, struct str text);

/* 303 to "/attendance/7?done=marked&n=3&m=1&act=…"; act: 32 hex digits, NULL or "": none. */
enum rc attendance_redirect(struct req *q, struct resp *r, int64_t id, enum attendance_flash done,
			    int64_t n, int64_t m, const char *act, struct error *e) MUST_CHECK;
/* The session is one the viewer may work on, else RC_NOT_FOUND or RC_DENIED. */
enum rc attendance_get_to_work(struct core *c, int64_t id, struct attendance *ret,
			       struct error *e) MUST_CHECK;

#endif
