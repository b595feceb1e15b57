/*
 * Rows of a register as people read them: marks as the institution calls them, where each comes
 * from, how many are here.
 *
 * Pages and the streams of live pages fill their views with these, so that what is pushed looks as
 * what was drawn.  Nothing depends on who looks.  Texts belong to the arena of the core given.
 */
#ifndef VIEW_REGISTER_H
#define VIEW_REGISTER_H

#include "view/attendance.h"
#include "view/catalogue.h"

/* "p", "l", "e", "a"; "n": no mark. */
const char *mark_key(enum mark m);
/* False for another word. */
bool mark_from_key(struct str key, enum mark *ret);
/* The four, with the institution's words or ours. */
enum rc attendance_marks(struct core *c, enum lang lang, struct view_mark ret[4],
			 struct error *e) MUST_CHECK;
/* Label of one of them; empty: no mark. */
struct str attendance_mark_label(const struct view_mark marks[4], enum mark m);

/* "Given Family". */
struct str attendance_name(struct arena *a, struct str given, struct str family);
/* The word of a column: "Scanner".  method: as stored, may be empty. */
struct str attendance_source(enum lang lang, struct str method);
/* Everything of the row but number, filter and clash. */
struct view_register_row attendance_row(struct core *c, enum lang lang, const struct attendance *s,
					const struct view_mark marks[4],
					const struct register_row *r);
/* All rows, numbered. */
enum rc register_view_rows(struct core *c, enum lang lang, const struct attendance *s,
			   const struct register_list *l, const struct view_mark marks[4],
			   struct view_register_row **ret, struct error *e) MUST_CHECK;

/* Whether the code is shown. */
bool attendance_is_live(const struct attendance *s);
/* stroke-dasharray of n out of all, on a path of length 100. */
struct str attendance_ring(struct arena *a, int64_t n, int64_t all);

#endif
