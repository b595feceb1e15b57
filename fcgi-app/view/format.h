/*
 * Filters: values as people read them, in the language of the page.
 *
 * `{{row.size | bytes}}` calls fmt_bytes(t, row->size).  tplc reads the names
 * of the filters from this header.  Results live in t->arena (or are
 * constants) and are not escaped.  Without memory the result is empty and
 * t->out fails.  No clock and no zones: pages give days and times of day.
 * NO_DAY and NO_TIME give the empty text.
 */
#ifndef VIEW_FORMAT_H
#define VIEW_FORMAT_H

#include "base/time.h"
#include "view/tpl.h"

struct str fmt_day_long(struct tpl *t, int32_t day);   /* Thursday 19 November 2026 */
struct str fmt_day_medium(struct tpl *t, int32_t day); /* Thursday 19 November */
struct str fmt_day_short(struct tpl *t, int32_t day);  /* Thu 19 Nov */
struct str fmt_day_num(struct tpl *t, int32_t day);    /* 19 */
struct str fmt_weekday(struct tpl *t, int32_t day);    /* Thursday */
struct str fmt_month_year(struct tpl *t, int32_t day); /* November 2026 */
struct str fmt_iso_day(struct tpl *t, int32_t day);    /* 2026-11-19, for datetime= and value= */
struct str fmt_tod(struct tpl *t, int32_t tod);        /* 09:30, from seconds after midnight */
struct str fmt_us_iso(struct tpl *t, int64_t us);      /* 2026-11-19T09:30:00.000000Z */

/*
 * Sizes, 1 kB being 1,024 bytes as in seed 004 and in Windows, so that the largest file
 * allowed is 100 MB: "0 B", "1023 B", "38 kB", "4.2 MB"; French "4,2 Mo".
 */
struct str fmt_bytes(struct tpl *t, int64_t bytes);
/* Digits in groups: "12,345"; French "12 345". */
struct str fmt_number(struct tpl *t, int64_t n);
/* Hundredths as a decimal for SVG and CSS, the same in each language: 1364 is "13.64". */
struct str fmt_hundredths(struct tpl *t, int64_t n);
/* Lengths in minutes: "1 h 21 min", "45 min", "2 h"; a negative length has a minus sign. */
struct str fmt_minutes_hm(struct tpl *t, int64_t minutes);
/* The same as "18:30". */
struct str fmt_hours_colon(struct tpl *t, int64_t minutes);

#endif
