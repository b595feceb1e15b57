/*
 * Signals: what the facts of a check-in say, and what their sum is worth.
 *
 * Pure: numbers in, verdicts out; no database, no clock.  A signal is one thing that
 * was looked at (code, place, network, photo, browser, …) with its verdict and its
 * numbers; the policy says of each whether it must pass or only flags.  The table
 * `signal_weighs` is all there is to the judgement, and admins can read it.
 */
#ifndef CORE_SIGNAL_H
#define CORE_SIGNAL_H

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

enum policy_level { POLICY_OFF, POLICY_FLAG, POLICY_MUST, POLICY_LEVEL__MAX };
const char *policy_level_name(enum policy_level l); /* "off", "flag", "must", as stored */
enum policy_level policy_level_from(struct str s);  /* BUG on any other word */

enum signal_kind {
	SIGNAL_CODE,    /* the rotating code, or the QR code */
	SIGNAL_PLACE,   /* position and its stated accuracy */
	SIGNAL_NETWORK, /* client address */
	SIGNAL_PHOTO,   /* a picture that a verifier or a person compares */
	SIGNAL_BROWSER, /* other students on the same browser */
	SIGNAL_SPEED,   /* two places too far apart for the time between */
	SIGNAL_REPEAT,  /* the very same coordinates as often before */
	SIGNAL_CLOCK,   /* a device's clock is off */
	SIGNAL__MAX
};
const char *signal_name(enum signal_kind k); /* "code", "place", …, as stored */

enum signal_verdict {
	SIGNAL_PASS,
	SIGNAL_UNSURE,  /* place: the circle of accuracy crosses the border */
	SIGNAL_MISSING, /* not given */
	SIGNAL_FAIL,
	SIGNAL_PENDING, /* photo: not compared yet */
	SIGNAL_VERDICT__MAX
};
const char *signal_verdict_name(enum signal_verdict v); /* "pass", "unsure", … */

/* What `n`, `limit`, `extra` count stands behind each kind; COLUMN_NULL-like -1: not known. */
struct signal {
	enum signal_kind kind;
	enum signal_verdict verdict;
	int64_t n;     /* PLACE: metres away; BROWSER: other students; SPEED: km/h; REPEAT: times;
			  CLOCK: seconds off; CODE: seconds since it was shown */
	int64_t limit; /* PLACE: metres allowed; the others: what would still pass */
	int64_t extra; /* PLACE: accuracy in metres */
};
#define SIGNAL_NONE (-1)
#define SIGNALS_MAX SIGNAL__MAX

struct signals {
	struct signal v[SIGNALS_MAX];
	size_t n;
};
void signals_add(struct signals *s, struct signal one);

enum decision { DECISION_APPROVED, DECISION_FLAGGED, DECISION_REJECTED, DECISION__MAX };
const char *decision_name(enum decision d); /* "approved", …, as stored */

/* What one verdict under one level leads to; the reason is that of the attempt. */
struct signal_weigh {
	enum signal_kind kind;
	enum signal_verdict verdict;
	enum policy_level level;
	enum decision decision;
	enum reason reason; /* REASON_NONE: approved */
};
extern const struct signal_weigh signal_weighs[];
extern const size_t signal_n_weighs;

/*
 * The sum: rejected if any signal is, else flagged if any is, else approved.  *ret_reason: that
 * of the first signal that made it so; REASON_NONE when approved.  SPEED, REPEAT and CLOCK
 * have no level of their own: SPEED and REPEAT take that of the place, CLOCK flags always.
 */
enum decision signals_weigh(const struct signals *s, const enum policy_level levels[SIGNAL__MAX],
			    enum reason *ret_reason);

/* ---- place ---------------------------------------------------------------------------------- */

#define PLACE_E7 10000000 /* degrees as stored */
struct place {
	int32_t latitude_e7, longitude_e7;
};
/* Great-circle distance in metres on a sphere of 6,371,000 m (contracts 1.4). */
double place_distance_m(struct place a, struct place b);
/* "48.8566", "-1e-3", "7": degrees within ±limit (90 or 180); false for anything else (NaN,
 * infinities, hex, blanks inside, out of range). */
bool place_parse_degrees(struct str s, int limit, int32_t *ret_e7);
bool place_from_degrees(double latitude, double longitude, struct place *ret);
/*
 * In: distance + accuracy <= radius, or distance <= radius with an accuracy no worse than the
 * radius.  Out: distance - accuracy > radius.  Else, and without an accuracy (negative)
 * outside of the radius: unsure.
 */
enum signal_verdict place_judge(double distance_m, double accuracy_m, int64_t radius_m);
/* Faster than this from one place to the next within an hour is impossible; km/h. */
#define PLACE_SPEED_MAX 150
/* The very same seven decimals in so many sessions before: a made-up place. */
#define PLACE_REPEAT_MAX 3

/* ---- network -------------------------------------------------------------------------------- */

#define CIDR_TEXT_SIZE 50
struct cidr {
	uint8_t address[16];
	uint8_t bits;
	bool is_v6;
};
/* "192.0.2.0/24", "2001:db8::1", IPv4-mapped IPv6 taken as IPv4; host bits are cleared. */
bool cidr_parse(struct str s, struct cidr *ret);
struct str cidr_format(const struct cidr *c, char out[CIDR_TEXT_SIZE]);
bool cidr_contains(const struct cidr *c, const struct cidr *address);
/* 002: equal, the same /24 (IPv4), the same /64 (IPv6); another family or unreadable: false. */
bool network_same(struct str a, struct str b);

/* ---- as stored ------------------------------------------------------------------------------ */

/* [{"s":"place","v":"out","n":420,"max":60,"extra":35}], at most 1,500 bytes. */
void signals_write(const struct signals *s, struct buf *out);
/* Reads what signals_write wrote; anything else gives none. */
void signals_read(struct str json, struct signals *ret);

#endif
