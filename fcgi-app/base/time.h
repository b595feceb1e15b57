/*
 * Calendar arithmetic.  No clock and no zone here: sys/clock.h and sys/zone.h.
 *
 * Instants are int64 microseconds since 1970-01-01T00:00:00Z (`_us`).  Days
 * are int32 days since 1970-01-01, proleptic Gregorian.  Times of day are
 * int32 seconds from midnight, 0 to 86399 (`_tod`).
 * Range of everything: years 1000 to 9999, as in MariaDB's DATETIME.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/str.h"

#define US_PER_S   INT64_C(1000000)
#define US_PER_DAY (INT64_C(86400) * US_PER_S)
#define NO_TIME    INT64_MIN /* "no instant", as from a NULL column */
#define NO_DAY     INT32_MIN /* "no day" or "no time of day" */

struct ymd {
	int year, month, day; /* 1000..9999, 1..12, 1..31 */
};

bool ymd_valid(struct ymd d);
int32_t day_from_ymd(struct ymd d); /* BUG when invalid */
struct ymd day_to_ymd(int32_t day); /* for every day, also outside the range */
/* 0 = Sunday .. 6 = Saturday (as the 004 contract counts). */
int day_weekday(int32_t day);
/* ISO 8601 week, 1..53, and its year. */
int day_iso_week(int32_t day, int *ret_year);
int days_in_month(int year, int month);

/* Floor division: the day and the microseconds within it. */
int32_t us_day(int64_t us);
int64_t us_in_day(int64_t us);
static inline int64_t us_from_day_tod(int32_t day, int32_t tod)
{
	return (int64_t)day * US_PER_DAY + (int64_t)tod * US_PER_S;
}

/* "YYYY-MM-DD"; "HH:MM" or "HH:MM:SS"; exact, existing dates only. */
bool day_parse(struct str s, int32_t *ret_day) MUST_CHECK;
bool tod_parse(struct str s, int32_t *ret_tod) MUST_CHECK;

/*
 * Written with a closing NUL; return the view without it.  Values outside the
 * range (NO_DAY, NO_TIME among them) are written as zeros, "0000-00-00",
 * "00:00:00"; us_format_http writes the start of 1970 for them.
 */
struct str day_format(int32_t day, char out[11]);    /* 2026-11-20 */
struct str tod_format(int32_t tod, char out[9]);     /* 09:30:00 */
struct str tod_format_hm(int32_t tod, char out[6]);  /* 09:30 */
struct str us_format_iso(int64_t us, char out[28]);  /* 2026-11-20T09:30:00.123456Z */
struct str us_format_http(int64_t us, char out[30]); /* RFC 9110, IMF-fixdate */

#endif
