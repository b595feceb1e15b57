/*
 * Time zones: local calendar ↔ UTC, from the system's tzdata.
 *
 * Reads TZif files (RFC 8536, version 2 and later, with the POSIX TZ footer for
 * what comes after the last transition) under /usr/share/zoneinfo.  A loaded
 * zone is constant: any number of threads may use it.  The process's own zone
 * (TZ, tzset, localtime) is never consulted.  Files are untrusted: every count
 * and index is checked.  A name is letters, digits, '_', '-', '+' in parts
 * joined by '/'; anything else, and what tzdata lacks, is REASON_ZONE_UNKNOWN.
 */
#ifndef SYS_ZONE_H
#define SYS_ZONE_H

#include "base/error.h"
#include "base/str.h"
#include "base/time.h"

#define ZONE_NAME_MAX 64

struct zone;
struct zones;

enum zone_fit {
	ZONE_FIT_EXACT,
	ZONE_FIT_GAP,     /* the wall time does not exist: moved forward by the gap's length */
	ZONE_FIT_OVERLAP, /* it exists twice: the first was taken */
};

/*
 * Loads one zone into memory of its own.  RC_INVALID/ZONE_UNKNOWN for a name
 * that is malformed or unknown, RC_DEPENDENCY for a file that cannot be read
 * or is damaged.  End it with zone_free (NULL allowed).
 */
enum rc zone_open(struct str name, struct zone **ret_zone, struct error *e) MUST_CHECK;
void zone_free(struct zone *z);
/* The same from bytes; for tests and the fuzzer. */
enum rc zone_parse(struct str name, struct str tzif, struct zone **ret_zone,
		   struct error *e) MUST_CHECK;

/* A cache for a whole process; any thread may ask.  zones_free ends its zones. */
enum rc zones_new(struct zones **ret_zones, struct error *e) MUST_CHECK;
void zones_free(struct zones *zs);
/* The zone stays valid until zones_free.  Errors as zone_open. */
enum rc zones_get(struct zones *zs, struct str name, const struct zone **ret_zone,
		  struct error *e) MUST_CHECK;

/* "Europe/Paris"; lives as long as the zone. */
struct str zone_name(const struct zone *z);

/* Wall time → UTC microseconds.  tod 0..86399.  ret_fit may be NULL. */
int64_t zone_to_utc(const struct zone *z, int32_t day, int32_t tod, enum zone_fit *ret_fit);
/* UTC microseconds → wall time; the part of a second is cut off. */
void zone_from_utc(const struct zone *z, int64_t us, int32_t *ret_day, int32_t *ret_tod);
/* Seconds east of Greenwich at an instant. */
int32_t zone_offset_s(const struct zone *z, int64_t us);
/* "CET", "EDT", "+04"; lives as long as the zone. */
struct str zone_abbreviation(const struct zone *z, int64_t us);

#endif
