/*
 * What the pages of attendance share: marks as the institution calls them, rows of a
 * register, addresses, messages after a change.
 */
#ifndef PAGES_ATTENDANCE_PART_H
#define PAGES_ATTENDANCE_PART_H

#include "pages/page.h"
#include "view/attendance.h"

/* "p", "l", "e", "a"; "n": no mark. */
const char *mark_key(enum mark m);
/* False for another word. */
bool mark_from_key(struct str key, enum mark *ret);
/* The four, with the institution's words or ours. */
enum rc attendance_marks(struct page *p, struct view_mark ret[4], struct error *e) MUST_CHECK;
/* Label of one of them; empty: no mark. */
struct str attendance_mark_label(const struct view_mark marks[4], enum mark m);

/* "Given Family". */
struct str attendance_name(struct arena *a, struct str given, struct str family);
/* Everything of the row but number, filter and clash. */
struct view_register_row attendance_row(struct page *p, const struct attendance *s,
					const struct view_mark marks[4],
					const struct register_row *r);
/* All rows, numbered. */
enum rc register_view_rows(struct page *p, const struct attendance *s,
			   const struct register_list *l, const struct view_mark marks[4],
			   struct view_register_row **ret, struct error *e) MUST_CHECK;

/* "7K4 Q2M" now, or empty when nobody may check in now; spelled: "7 K 4, Q 2 M". */
enum rc attendance_code(const struct page *p, const struct attendance *s, int64_t step,
			struct str *ret, struct str *ret_spelled, struct error *e) MUST_CHECK;
/* Whether the code is shown. */
bool attendance_is_live(const struct attendance *s);
/* stroke-dasharray of n out of all, on a path of length 100. */
struct str attendance_ring(struct arena *a, int64_t n, int64_t all);

/* Whether the text stands in the name or code, without regard to case and accents. */
bool attendance_finds(const struct register_row *r, struct str text);

/* 303 to "/attendance/7?done=marked&n=3&m=1&act=…"; act: 32 hex digits, NULL or "": none. */
enum rc attendance_redirect(struct req *q, struct resp *r, int64_t id, enum attendance_flash done,
			    int64_t n, int64_t m, const char *act, struct error *e) MUST_CHECK;
/* The session is one the viewer may work on, else RC_NOT_FOUND or RC_DENIED. */
enum rc attendance_get_to_work(struct core *c, int64_t id, struct attendance *ret,
			       struct error *e) MUST_CHECK;

#endif
