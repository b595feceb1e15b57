/*
 * The rule in a TZif file's footer (a POSIX TZ text with the extensions of RFC
 * 8536 3.3.1), as used after the file's last transition.  Private to zone.c and
 * its tests.  Parsing is total; a rule owns nothing.
 */
#ifndef SYS_ZONE_RULE_H
#define SYS_ZONE_RULE_H

#include "base/str.h"

#define ZONE_ABBREVIATION_MAX 15

struct zone_half {
	char name[ZONE_ABBREVIATION_MAX + 1];
	int32_t offset_s; /* east of Greenwich */
};

enum zone_change_kind { ZONE_CHANGE_JULIAN, ZONE_CHANGE_DAY, ZONE_CHANGE_WEEKDAY };

/* When standard or daylight time begins, in the wall time that ends then. */
struct zone_change {
	enum zone_change_kind kind;
	int day;         /* JULIAN 1..365 (no 29 February), DAY 0..365, WEEKDAY 0..6 */
	int month, week; /* WEEKDAY: 1..12, 1..5 (5: the last) */
	int32_t time_s;  /* from midnight, within ±167 hours */
};

struct zone_rule {
	struct zone_half standard, daylight;
	bool has_daylight;
	struct zone_change to_daylight, to_standard;
};

/* False when s is not a rule; *ret_rule is then untouched. */
bool zone_rule_parse(struct str s, struct zone_rule *ret_rule) MUST_CHECK;
/* Which half holds at an instant (seconds since 1970 UTC). */
const struct zone_half *zone_rule_at(const struct zone_rule *r, int64_t at_s);

#endif
